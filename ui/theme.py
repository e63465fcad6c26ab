"""How the page looks, and the few lines of script and policy in its head. Loads nothing from elsewhere."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes import Base

# The last wall against what a model writes: the browser itself refuses whatever is not from here.
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; connect-src 'self' data: blob: ws: wss:; "
    "frame-src 'self' blob:; object-src 'none'; form-action 'self'"
)

# Links to evidence open the panel, also from the keyboard, from the address and with Back; the server is told
# an answer's key and a number, and says by `data-evidence` what it has opened.
_EVIDENCE = """
(() => {
    const linked = (text) => /^#evidence-([0-9a-f]+-\\d+)$/.exec(text || "")?.[1] || "";
    const press = (name) => document.getElementById("evidence-" + name)?.click();
    let shown = "", from = null, begun = false;
    const open = (which) => { window.medleyAsked = which; press("open"); };
    const follow = () => {
        const which = linked(location.hash);
        if (which && which !== shown) open(which); else if (!which && shown) press("close");
    };
    const address = (how, hash) => history[how](history.state, "", location.pathname + location.search + hash);
    const look = (opened, frames) => {  // the words are there a few frames before the panel is
        const close = document.getElementById("evidence-close");
        if (!close?.checkVisibility()) { if (frames) requestAnimationFrame(() => look(opened, frames - 1)); return; }
        document.querySelector("#evidence .at")?.scrollIntoView({ block: "center" });
        const here = [from, ...document.querySelectorAll("#chat a[aria-current]")].find(
            (link) => link?.isConnected && linked(link.getAttribute("href")) === shown);
        const below = matchMedia("(max-width: 48rem)").matches;  // the claim stays in sight above the sheet
        here?.scrollIntoView({ block: below ? "start" : "nearest" });
        if (opened) close.focus({ preventScroll: true });
    };
    const changed = () => {
        if (!begun && document.getElementById("evidence-open")) { begun = true; if (linked(location.hash)) follow(); }
        const now = document.querySelector("#evidence [data-evidence]")?.dataset.evidence || "";
        if (now === shown) return;
        const before = shown;
        shown = now;
        for (const link of document.querySelectorAll("#chat a[aria-current]")) link.removeAttribute("aria-current");
        for (const link of document.querySelectorAll(`#chat a[href="#evidence-${now}"]`))
            link.setAttribute("aria-current", "true");
        if (now) {
            if (linked(location.hash) !== now) address(before ? "replaceState" : "pushState", "#evidence-" + now);
            requestAnimationFrame(() => look(!before, 60));
        } else {
            if (linked(location.hash)) address("replaceState", "");
            if (from?.isConnected) from.focus({ preventScroll: true });
        }
    };
    new MutationObserver(changed).observe(document.documentElement,
        { childList: true, subtree: true, attributes: true, attributeFilter: ["data-evidence"] });
    addEventListener("click", (event) => {
        const link = event.target.closest?.('#chat a[href^="#evidence-"]');
        const which = linked(link?.getAttribute("href"));
        if (!which || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        from = link;
        if (which !== shown) open(which);
    }, true);
    addEventListener("keydown", (event) => {
        if (event.key === "Escape" && event.target.closest?.("#evidence")) press("close");
    });
    addEventListener("popstate", follow);
    addEventListener("hashchange", follow);
})();
"""

# The box names every recording audio.wav and sends it like an upload. What was picked, dropped or
# pasted is noted here, so what remains was recorded.
HEAD = f"""
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<script>
window.medleyGiven = new Set();
const note = (files) => {{ for (const file of files || []) medleyGiven.add(file.name + "/" + file.size); }};
addEventListener("change", (event) => {{ if (event.target.type === "file") note(event.target.files); }}, true);
addEventListener("drop", (event) => note(event.dataTransfer?.files), true);
addEventListener("paste", (event) => note(event.clipboardData?.files), true);
</script>
<script>{_EVIDENCE}</script>
"""

# Runs before the panel is asked to open: which evidence the link meant.
ASKED_EVIDENCE = "(asked, session) => [window.medleyAsked || '', session]"


def recorded_in(arguments: int, box: int) -> str:
    """Script that runs before an event: puts the paths of the box's recordings behind the box's value.

    arguments: how many values the event takes. box: which of them is the box; the next one receives
    the paths, one a line.
    """
    return f"""(...values) => {{
        const recorded = (values[{box}]?.files || []).filter(
            (file) => file.orig_name === "audio.wav" && !window.medleyGiven?.has("audio.wav/" + file.size));
        values[{box + 1}] = recorded.map((file) => file.path).join("\\n");
        return values.slice(0, {arguments});
    }}"""


CSS = """
/* As high as the window: the chat takes what the rest leaves, and scrolls inside. */
.gradio-container { height: 100dvh; min-height: 0 !important; }
.gradio-container > .main, .gradio-container > .main > .wrap, main.contain, main.contain > .column {
    flex: 1 1 0 !important; min-height: 0; }
.gradio-container > .main { width: 100%; max-width: 56rem !important; box-sizing: border-box; margin: 0 auto;
    padding: 0.75rem 1rem !important; }
#top, #ask { align-items: center; flex-wrap: nowrap; gap: 0.5rem; }
#top { justify-content: space-between; }
#title h1 { font-size: 1.25rem; margin: 0; }
#new { flex: none; width: auto; }
#status { color: var(--body-text-color-subdued); font-size: 0.875rem; }

#chat { flex: 1 1 0 !important; min-height: 6rem; border-width: 0 !important; background: transparent; }
#chat .top-panel { display: none; }  /* its Clear is our New conversation */
#chat .placeholder-content { height: 100%; }
#chat .bubble-wrap { padding: 0; background: transparent; }
#chat .message-wrap, #chat .md { overflow-wrap: anywhere; }
#chat .md ul, #chat .md ol { padding-inline-start: 1.25rem; }
#chat .bot.message { padding-bottom: 0.75rem; }
#chat .user img, #chat .user video { max-height: 14rem; width: auto; }
#chat button[aria-label="Share"] { display: none; }  /* it would post to a public site */
#chat a[href^="#evidence-"] { text-decoration: none; border-radius: 0.25rem; padding: 0.05em 0.1em; }
#chat a[href^="#evidence-"] { scroll-margin: 4rem; }
#chat p a[href^="#evidence-"] { font-size: 0.8em; vertical-align: 0.25em; }
#chat li a[href^="#evidence-"] { font-weight: 600; padding: 0.05em 0.25em; margin-inline-start: -0.25em; }
#chat a[href^="#evidence-"]:not([aria-current]) { color: var(--link-text-color); }
#chat a[href^="#evidence-"]:hover { text-decoration: underline; }
.dark #chat a[href^="#evidence-"]:not([aria-current]), .dark #evidence-body p a { color: var(--primary-400); }
#chat a[aria-current] { background: var(--primary-200); color: var(--neutral-900) !important; }
#chat code { white-space: nowrap; }

/* The evidence stands beside the chat; where there is no room it comes up from below and leaves the top free. */
#desk { flex: 1 1 0 !important; min-height: 0; flex-wrap: nowrap; align-items: stretch; gap: 1rem; }
.gradio-container > .main:has(#evidence article) { max-width: 88rem !important; }
#evidence { flex: 1 1 0 !important; min-height: 0; gap: 0.5rem; padding: 0.75rem; overflow: hidden;
    border: 1px solid var(--border-color-primary); border-radius: 0.75rem; background: var(--block-background-fill); }
#evidence:not(:has(article)) { display: none; }
#evidence-bar { flex: none; gap: 0.5rem; flex-wrap: nowrap; }
#evidence-bar button { flex: none; width: auto; min-height: 2.25rem; padding: 0 0.75rem; }
#evidence-bar button:disabled { background: transparent; box-shadow: none; }
#evidence-bar #evidence-close { margin-inline-start: auto; }
#evidence-body { flex: 1 1 0; min-height: 0; overflow: auto; }
#evidence-body h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
#evidence-body p { margin: 0.25rem 0 0.75rem; font-size: 0.875rem; color: var(--body-text-color-subdued); }
#evidence-body p a { color: var(--link-text-color); text-decoration: underline; padding: 0; }
#evidence-body blockquote { margin: 0 0 0.75rem; padding: 0.25rem 0.75rem; overflow-wrap: anywhere;
    border-inline-start: 3px solid var(--primary-500); }
#evidence-body blockquote.whole { white-space: pre-wrap; }
#evidence-body mark { background: #fde047; color: #1c1917; }
#evidence-body audio { width: 100%; margin-bottom: 0.75rem; }
#evidence-body label { display: inline-flex; gap: 0.5rem; align-items: center; font-size: 0.875rem;
    margin-bottom: 0.5rem; cursor: pointer; }
#evidence-body label input { border: 1px solid var(--body-text-color-subdued); }
#evidence-body .sheet { overflow: auto; border: 1px solid var(--border-color-primary); margin-bottom: 0.75rem; }
#evidence-body .sheet > div { position: relative; }
#evidence-body .sheet img { display: block; width: 100%; height: auto; }
#evidence-body label:has(:checked) + .sheet > div { width: 220%; }
#evidence-body .sheet .at { position: absolute; left: 0; width: 1px; }
@media (max-width: 48rem) {
    #evidence { position: fixed; inset: auto 0 0 0; height: 72dvh; z-index: 50; border-radius: 0.75rem 0.75rem 0 0;
        box-shadow: 0 -0.5rem 2rem rgb(0 0 0 / 0.25); }
    #desk:has(#evidence article) #chat .bubble-wrap { padding-bottom: 72dvh; }
    #desk:has(#evidence article) #chat .scroll-down-button-container { display: none; }
}

#password { flex: none; }
#password input { border: 1px solid var(--body-text-color-subdued); border-radius: 0.375rem;
    margin-inline-end: 0.5rem; }

#ask .form { flex: 1 1 0; min-width: 0 !important; }
#box { min-width: 0 !important; border: 1px solid var(--border-color-primary) !important; }

/* One round button: tap to record, tap to send. */
#voice { flex: none; width: 2.75rem; min-width: 2.75rem !important; background: transparent; }
#voice .audio-container { height: auto; }
#voice .component-wrapper { padding: 0; }
#voice .top-panel, #voice .mic-select, #voice .pause-button, #voice .resume-button, #voice .timestamps,
#voice [data-testid="microphone-waveform"], #voice [data-testid="recording-waveform"] { display: none !important; }
#voice .record-button, #voice .stop-button, #voice .stop-button-paused { width: 2.75rem; height: 2.75rem; margin: 0;
    padding: 0; justify-content: center; border-radius: 50%; font-size: 0; }
#voice .record-button::before, #voice .stop-button::before { margin: 0; background: #dc2626; }
#voice .stop-button::before { border-radius: 0.125rem; }

footer { display: none !important; }
"""


def theme() -> "Base":
    """Gradio's Soft in a quiet teal on stone, with the fonts of the person's own system."""
    from gradio.themes import Soft

    return Soft(
        primary_hue="teal",
        secondary_hue="teal",
        neutral_hue="stone",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Noto Sans CJK SC", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "DejaVu Sans Mono", "monospace"],
    )
