"""How the libraries panel looks, and the script in it: buttons in lists, asking once more, folders dropped in."""

# Events of the lists' buttons. What is to be removed is asked once more, in a dialog of the browser's own: it holds
# the keyboard, Escape closes it, and the button gets the keyboard back. `element` and `trigger` are Gradio's.
PRESSED = """
const told = (button) => trigger('act', { verb: button.dataset.do, what: button.dataset.id });
const ask = (button) => {
    document.getElementById('library-ask')?.remove();
    const [dialog, text, row, keep, remove] =
        ['dialog', 'p', 'div', 'button', 'button'].map((name) => document.createElement(name));
    dialog.id = 'library-ask'; text.id = 'library-asked';
    dialog.setAttribute('aria-labelledby', text.id);
    text.textContent = button.dataset.ask;
    keep.textContent = button.dataset.keep; remove.textContent = button.textContent;
    keep.onclick = () => dialog.close();
    remove.className = 'remove';
    remove.onclick = () => { dialog.close(); told(button); };
    dialog.onclose = () => dialog.remove();
    row.append(keep, remove); dialog.append(text, row);
    document.getElementById('room-library').append(dialog);
    dialog.showModal(); keep.focus();
};
element.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (button && element.contains(button)) button.dataset.ask ? ask(button) : told(button);
});
"""

# Whether anybody looks at the panel. A panel that is not shown, or in a tab behind others, asks the server for nothing.
SEEN = """
let there = false, seen = false;
const look = () => {
    const now = there && document.visibilityState === 'visible';
    if (now !== seen) { seen = now; trigger(now ? 'seen' : 'unseen'); }
};
new IntersectionObserver((entries) => { there = entries[entries.length - 1].isIntersecting; look(); })
    .observe(element.closest('#room-library') || element);
document.addEventListener('visibilitychange', look);
"""

# The upload box takes files alone, and forgets in which folder a file lay. A folder that is dropped is opened here;
# where each file lay is noted, and told when the upload is done.
FOLDERS = """
if (!window.medleyFolders) {
    window.medleyFolders = new Map();
    const key = (file) => file.name + '/' + file.size;
    const lay = (file) => window.medleyFolders.get(key(file)) || [];
    const note = (file, path) => window.medleyFolders.set(key(file), [...lay(file), path]);
    const inside = async (entry, above) => {
        if (entry.name.startsWith('.')) return [];
        if (entry.isFile) return [[await new Promise((give, fail) => entry.file(give, fail)), above + entry.name]];
        const reader = entry.createReader(), found = [];
        for (;;) {
            const some = await new Promise((give, fail) => reader.readEntries(give, fail));
            if (!some.length) return found;
            for (const one of some) found.push(...await inside(one, above + entry.name + '/'));
        }
    };
    addEventListener('change', (event) => {
        if (event.target.type !== 'file' || !event.target.closest('#room-library')) return;
        for (const file of event.target.files) if (file.webkitRelativePath) note(file, file.webkitRelativePath);
    }, true);
    addEventListener('drop', async (event) => {
        const zone = event.target.closest?.('#library-drop');
        const entries = [...(event.dataTransfer?.items || [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
        if (!zone || !entries.some((entry) => entry.isDirectory)) return;
        event.preventDefault(); event.stopImmediatePropagation();
        event.target.dispatchEvent(new DragEvent('dragleave', { bubbles: true }));
        const given = new DataTransfer();
        for (const entry of entries) for (const [file, path] of await inside(entry, '')) {
            if (path !== file.name) note(file, path);
            given.items.add(file);
        }
        const input = zone.querySelector('input[type=file]');
        input.files = given.files;
        if (given.files.length) input.dispatchEvent(new Event('change', { bubbles: true }));
    }, true);
}
"""

# Gradio names the box for files in English alone, and otherwise than it reads; it is named by what stands there.
NAMED = """
const name = () => {
    for (const box of document.querySelectorAll('#library-drop .upload-container')) {
        const label = box.closest('#library-drop').querySelector('[data-testid=block-label]');
        const read = [label, box].map((one) => one?.innerText.replace(/\\s+/g, ' ').trim()).join(': ');
        if (box.getAttribute('aria-label') !== read) box.setAttribute('aria-label', read);
    }
};
new MutationObserver(name).observe(element.closest('#room-library'), { childList: true, subtree: true });
"""

# Runs before an upload is told: puts behind the files where each of them lay, as far as that was noted.
WHERE_THEY_LAY = """(files, paths, ...rest) => [files, JSON.stringify([files || []].flat().map((file) =>
    window.medleyFolders?.get(file.orig_name + '/' + file.size)?.shift() || file.orig_name || '')), ...rest]"""

CSS = """
#room-library { flex: 1 1 0 !important; min-height: 0; overflow-y: auto; overflow-x: hidden; gap: 0.75rem;
    flex-wrap: nowrap; padding: 2px; --warning: #92400e; --danger: #b91c1c;
    --body-text-color-subdued: var(--neutral-600);
    --block-info-text-color: var(--neutral-600); --block-title-background-fill: transparent;
    --block-title-text-color: var(--body-text-color); --block-title-padding: 0; --block-title-text-weight: 500;
    --block-label-background-fill: transparent; --block-label-text-color: var(--body-text-color);
    --block-label-shadow: none; --block-label-border-width: 0; }
.dark #room-library { --warning: #fcd34d; --danger: #fecaca; --body-text-color-subdued: var(--neutral-300);
    --block-info-text-color: var(--neutral-300); }
#room-library > * { flex-shrink: 0; }
#room-library .hint, #room-library small, #library-introduction p { color: var(--body-text-color-subdued); }
#room-library .html-container { padding: 0; }
#library-title h2 { margin: 0; font-size: 1.25rem; }
#library-introduction p { margin: 0; font-size: 0.875rem; }
#library-desk { align-items: flex-start; gap: 1.25rem; }
#library-shelf { flex: 1 0 14rem !important; max-width: 18rem; gap: 0.75rem; }
#library-opened { flex: 3 1 20rem !important; min-width: 0 !important; gap: 0.75rem; }
#room-library h2, #room-library h3 { font-weight: 600; }
#room-library h3 { margin: 0.5rem 0; font-size: 1rem; }
#room-library small { font-size: 0.8125rem; font-weight: 400; }
#room-library bdi, #room-library li, #library-jobs p { overflow-wrap: anywhere; }
#room-library ul { list-style: none; margin: 0; padding: 0; }
#room-library button:focus-visible, #room-library summary:focus-visible { outline: 2px solid var(--primary-600);
    outline-offset: 1px; }

#library-list ul { display: flex; flex-direction: column; gap: 0.25rem; }
#library-list button { display: flex; width: 100%; justify-content: space-between; align-items: center; gap: 0.75rem;
    text-align: start; padding: 0.5rem 0.75rem; min-height: 2.75rem; border-radius: 0.5rem; }
#library-list small { flex: none; }
#library-list button:hover { background: var(--background-fill-primary); }
#library-list button[aria-current] { background: var(--primary-100); font-weight: 600; color: var(--neutral-900); }
#library-list button[aria-current] small { color: var(--neutral-700); }
.dark #library-list button[aria-current] { background: var(--primary-900); color: var(--neutral-50); }
.dark #library-list button[aria-current] small { color: var(--neutral-200); }

#library-head .head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; }
#library-head h2 { flex: 1 1 6rem; min-width: 0; font-size: 1.25rem; }
#library-head button, #library-jobs button, #library-files button, #library-ask button { flex: none;
    border: 1px solid var(--border-color-primary); border-radius: 0.5rem; padding: 0.25rem 0.75rem;
    min-height: 2.25rem; font-size: 0.875rem; background: var(--button-secondary-background-fill);
    color: var(--button-secondary-text-color); }
#room-library button.remove { color: var(--danger); }

#room-library input[type=text], #room-library input[type=password], #room-library textarea {
    border: 1px solid var(--neutral-500); border-radius: 0.5rem; }
#room-library .input-container { gap: 0.5rem; align-items: center; }
#room-library .input-container button { width: auto; flex: none; min-height: 2.25rem; padding: 0 0.75rem;
    border: 1px solid var(--border-color-primary); border-radius: 0.5rem; }
#library-drop .icon-wrap { display: none; }
#library-drop .wrap { padding-top: 1.75rem; font-size: 0.9375rem; line-height: 1.4; }
#library-more { align-items: center; gap: 0.75rem; flex-wrap: wrap; }
#library-more > * { flex: 0 1 auto !important; width: auto; min-width: 0 !important; }
#library-more > input, #library-more > .wrap { display: none; }
#library-replace { padding: 0; margin: 0; background: transparent; border-width: 0 !important; }
#library-replace input { border-color: var(--neutral-500); }
#library-more button { min-height: 2.25rem; padding: 0 0.75rem; }

#library-jobs article { border: 1px solid var(--border-color-primary); border-radius: 0.75rem; padding: 0.75rem;
    margin-bottom: 0.5rem; background: var(--block-background-fill); }
#library-jobs .now { font-size: 0.875rem; min-height: 1.4em; }
#library-jobs progress { display: block; width: 100%; height: 0.5rem; margin: 0.5rem 0; appearance: none; border: none;
    border-radius: 0.25rem; overflow: hidden; background: var(--border-color-primary); }
#library-jobs progress::-webkit-progress-bar { background: var(--border-color-primary); }
#library-jobs progress::-webkit-progress-value { background: var(--primary-600); }
#library-jobs progress::-moz-progress-bar { background: var(--primary-600); }
#library-jobs article ul { margin: 0.25rem 0; font-size: 0.875rem; }
#library-jobs .buttons { display: flex; gap: 0.5rem; margin-top: 0.5rem; }
#room-library .trouble, #room-library .failed, #room-library .locked { color: var(--warning); }

#library-files .files > li { display: flex; gap: 0.75rem; align-items: flex-start; padding: 0.625rem 0;
    border-top: 1px solid var(--border-color-primary); }
#library-files .files > li > div { flex: 1 1 auto; min-width: 0; }
#library-files .name { display: block; font-weight: 500; }
#library-files small + small::before { content: " · "; }
#library-files summary { cursor: pointer; font-size: 0.8125rem; width: fit-content; padding: 0.125rem 0; }
#library-files details ul { font-size: 0.8125rem; padding-inline-start: 1rem; color: var(--body-text-color-subdued); }

#library-ask { margin: auto; max-width: min(26rem, calc(100vw - 2rem)); border: 1px solid var(--border-color-primary);
    border-radius: 0.75rem; padding: 1.25rem; background: var(--background-fill-primary); color: var(--body-text-color);
    overflow-wrap: anywhere; }
#library-ask::backdrop { background: rgb(0 0 0 / 0.4); }
#library-ask div { display: flex; justify-content: flex-end; gap: 0.5rem; margin-top: 1rem; }

@media (max-width: 48rem) {
    #library-desk { flex-direction: column; align-items: stretch; }
    #library-shelf { flex: none !important; max-width: none; width: 100%; }
    #library-opened { flex: none !important; width: 100%; }
}
"""
