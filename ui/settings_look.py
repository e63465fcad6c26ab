"""How the settings panel looks, and the script in it: buttons in lists, lists that stay open, the language."""

from ui import library_look
from ui.words import COOKIE

# The buttons of the lists are those of the libraries panel, in this one: their dialog is named after it.
PRESSED = library_look.PRESSED.replace("library", "settings")
SEEN = library_look.SEEN.replace("library", "settings")

# A list that a person opened stays open when it is drawn again, which closes it.
STAYS_OPEN = """
const open = new Set();
element.addEventListener('click', (event) => {
    const list = event.target.closest('summary')?.parentElement;
    if (list) list.open ? open.delete(list.dataset.id) : open.add(list.dataset.id);  // as it will be
});
new MutationObserver(() => {
    for (const one of element.querySelectorAll('details[data-id]'))
        if (open.has(one.dataset.id) && !one.open) one.open = true;
}).observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ['open'] });
"""

# Once everything is deleted, nothing that the page still shows is there: it is read anew.
STARTS_OVER = """
new MutationObserver(() => {
    if (element.querySelector('[data-deleted]')) setTimeout(() => location.reload(), 1500);
}).observe(element, { childList: true, subtree: true });
"""

# The language is the browser's own affair: a cookie keeps it, and the page is read anew.
CHOOSE_LANGUAGE = f"""(language) => {{
    const rules = location.protocol === 'https:' ? 'SameSite=None; Secure; Partitioned' : 'SameSite=Strict';
    const age = language === 'auto' ? 0 : 31536000;
    document.cookie = `{COOKIE}=${{language}}; Path=/; Max-Age=${{age}}; ${{rules}}`;
    location.reload();
}}"""

CSS = """
#room-settings { flex: 1 1 0 !important; min-height: 0; overflow-y: auto; overflow-x: hidden; gap: 1rem;
    padding-bottom: 2rem; }
#room-settings { --body-text-color-subdued: var(--neutral-600); --block-info-text-color: var(--neutral-600);
    --block-title-text-color: var(--body-text-color); --block-title-background-fill: transparent;
    --block-title-padding: 0; --checkbox-label-background-fill-selected: var(--primary-700);
    --checkbox-label-text-color-selected: #fff; --block-border-width: 0px; --input-border-color: var(--neutral-500);
    --input-border-width: 1px; --checkbox-border-color: var(--neutral-500); --checkbox-border-width: 1px; }
.dark #room-settings { --body-text-color-subdued: var(--neutral-300); --block-info-text-color: var(--neutral-300); }
#room-settings > * { flex: none !important; width: 100%; max-width: 56rem; margin-inline: auto; }
#settings-title p { margin: 0; }
#settings-title h2 { margin: 0; font-size: 1.125rem; }
#room-settings h3 { margin: 0.5rem 0; font-size: 1rem; }
#room-settings h4 { margin: 0; font-size: 0.9375rem; overflow-wrap: anywhere; }
#room-settings h4 small { font-weight: 400; }
#room-settings .hint, #room-settings small { color: var(--body-text-color-subdued); }
#room-settings p { margin: 0.25rem 0; font-size: 0.875rem; overflow-wrap: anywhere; }
#room-settings bdi, #room-settings code { overflow-wrap: anywhere; }
#room-settings code { font-size: 0.8125rem; background: transparent; padding: 0; border: 0; white-space: normal; }
#room-settings ul { list-style: none; margin: 0; padding: 0; }
#room-settings li { display: flex; gap: 0.75rem; align-items: center; padding: 0.5rem 0; margin: 0; font-size: 0.875rem;
    border-top: 1px solid var(--border-color-primary); }
#room-settings li > div { flex: 1 1 auto; min-width: 0; }
#room-settings li strong { font-weight: 500; font-size: 0.8125rem; color: var(--body-text-color-subdued); }
#settings-models li small, #settings-privacy li code { display: block; }
#settings-models article { border: 1px solid var(--border-color-primary); border-radius: 0.75rem; padding: 0.75rem;
    margin-top: 0.5rem; background: var(--block-background-fill); }
#settings-models summary { cursor: pointer; font-size: 0.875rem; width: fit-content; min-height: 1.75rem;
    color: var(--body-text-color); }
#room-settings .buttons { display: flex; flex: none; gap: 0.5rem; flex-wrap: wrap; justify-content: flex-end; }
#room-settings :is(#settings-models, #settings-downloads, #settings-presets, #settings-privacy, #settings-ask) button {
    border: 1px solid var(--border-color-primary); border-radius: 0.5rem; padding: 0.25rem 0.75rem;
    min-height: 2.25rem; font-size: 0.875rem; background: var(--button-secondary-background-fill);
    color: var(--button-secondary-text-color); margin: 0; }
#room-settings article > button { margin-block: 0.25rem !important; }
#room-settings button:focus-visible, #room-settings summary:focus-visible { outline: 2px solid var(--primary-600);
    outline-offset: 2px; }
#room-settings button.remove { color: #b91c1c !important; }
.dark #room-settings button.remove { color: #fca5a5 !important; }
#room-settings .trouble { color: #b45309; }
.dark #room-settings .trouble { color: #fcd34d; }
#room-settings progress { display: block; width: 100%; height: 0.5rem; margin: 0.375rem 0;
    accent-color: var(--primary-600); }
#room-settings dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.375rem 1rem; font-size: 0.875rem;
    margin: 0; }
#room-settings dd { margin: 0; overflow-wrap: anywhere; }
#room-settings kbd { border: 1px solid var(--border-color-primary); border-radius: 0.25rem; padding: 0.05rem 0.375rem;
    font: inherit; font-size: 0.8125rem; background: var(--background-fill-secondary); }
#settings-downloads:not(:has(li)) { display: none; }
#settings-other .form { flex-wrap: wrap; }
#settings-other .form > * { flex: 1 1 14rem !important; }
#settings-other .form > #settings-other-model { flex-grow: 3 !important; }
:is(#settings-other-model, #settings-rerank, #settings-speech-language) :is(input, textarea) {
    border: 1px solid var(--neutral-500) !important; border-radius: 0.375rem; padding: 0.5rem;
    margin-inline-end: 0.5rem; }
:is(#settings-language, #settings-fusion, #settings-chinese-script) label { width: 100%; white-space: normal; }
:is(#settings-language, #settings-fusion, #settings-chinese-script) .wrap { flex-direction: column; gap: 0.375rem; }
#settings-ask { margin: auto; max-width: min(26rem, calc(100vw - 2rem)); border: 1px solid var(--border-color-primary);
    border-radius: 0.75rem; padding: 1.25rem; background: var(--background-fill-primary); color: var(--body-text-color);
    overflow-wrap: anywhere; }
#settings-ask::backdrop { background: rgb(0 0 0 / 0.4); }
#settings-ask div { display: flex; justify-content: flex-end; gap: 0.5rem; margin-top: 1rem; }
@media (max-width: 30rem) {
    #room-settings li:has(button) { flex-wrap: wrap; }
    #room-settings li:has(button) > div { flex-basis: 100%; }
}
"""
