"""How the page looks, and the few lines of script and policy in its head. Loads nothing from elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING

from ui import gradio_names, library_look, settings_look

if TYPE_CHECKING:
    from gradio.themes import Base

# The last wall against what a model writes: the browser itself refuses whatever is not from here.
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; connect-src 'self' data: blob: ws: wss:; "
    "frame-src 'self' blob:; object-src 'none'; form-action 'self'"
)

_LOOKS = Path(__file__).parent / "looks"
_SCRIPTS = ("chat.js", "evidence.js", "aloud.js", "sound.js", "wire.js", "call.js")
_STYLES = (
    "base.css", "icons.css", "page.css", "conversations.css", "chat.css", "evidence.css", "composer.css", "aloud.css",
    "call.css",
)  # fmt: skip


def head() -> str:
    """Policy, looks and scripts. Looks, because Gradio rewrites what it is given as CSS, `:root` included."""
    ours = [(_LOOKS / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    scripts = [gradio_names.script(), *ours]
    return (
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta http-equiv="x-dns-prefetch-control" content="off">'
        f"<style>{css()}</style>" + "".join(f"<script>{script}</script>" for script in scripts)
    )


def css() -> str:
    ours = "".join((_LOOKS / name).read_text(encoding="utf-8") for name in _STYLES)
    return ours + library_look.CSS + settings_look.CSS


def theme() -> "Base":
    """A quiet teal on stone, with the fonts of the person's own system; every text stands out by 4.5 to 1 or more."""
    from gradio.themes import Soft

    made = Soft(
        primary_hue="teal",
        secondary_hue="teal",
        neutral_hue="stone",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Noto Sans CJK SC", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "DejaVu Sans Mono", "monospace"],
    )
    return made.set(
        body_text_color="*neutral_900",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_400",
        block_label_text_color="*neutral_700",
        block_label_text_color_dark="*neutral_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        link_text_color="*primary_800",
        link_text_color_dark="*primary_400",
        link_text_color_hover="*primary_900",
        link_text_color_hover_dark="*primary_300",
        link_text_color_active="*primary_800",
        link_text_color_active_dark="*primary_400",
        link_text_color_visited="*primary_800",
        link_text_color_visited_dark="*primary_400",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
        checkbox_label_background_fill_selected="*primary_700",
        checkbox_label_background_fill_selected_dark="*primary_700",
        checkbox_label_text_color_selected="white",
        checkbox_border_color="*neutral_500",
        checkbox_border_color_dark="*neutral_400",
    )
