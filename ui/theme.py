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
"""


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
#chat a[href^="#cite-"] { font-size: 0.8em; vertical-align: 0.25em; text-decoration: none; }
#chat [id^="cite-"]:target { background: var(--primary-200); color: var(--neutral-900); border-radius: 0.25rem; }

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
