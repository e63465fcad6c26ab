"""The commands that the box offers while one is begun, as buttons; what they are, `answering.commands` says."""

from assistant.answering.commands import Presets
from ui.untrusted import as_html
from ui.words import words_now
from ui.words.chat import ChatWords


def view(presets: Presets) -> str:
    """All of them; the page's script shows those that fit what was typed."""
    words = words_now(ChatWords)
    buttons = "".join(
        f'<button type="button" value="{as_html(one.command)}"><b>{as_html(one.command)}</b> '
        f"{as_html(one.title)}</button>"
        for one in presets.complete("/", "zh" if words.language == "zh" else "en")
    )
    return f'<div role="group" aria-label="{as_html(words.commands)}" hidden>{buttons}</div>'
