"""The examples on the empty page as buttons, in the visitor's language. What they are is in `ui.welcome`."""

from typing import TYPE_CHECKING, cast

from assistant.values.parts import Turn
from ui.gradio_inside import asking
from ui.untrusted import as_html
from ui.welcome import WelcomeExample, welcome_examples
from ui.words import language_of, words_now
from ui.words.welcome import WelcomeWords

if TYPE_CHECKING:
    from ui.words import Asking


def view() -> str:
    """One button each, with the files that it brings; nothing where their files are not here."""
    words = words_now(WelcomeWords)
    buttons = "".join(
        f'<li><button type="button" class="do asks {one.kind}" value="example {number}"><b>{as_html(one.label)}</b>'
        f"<small>{as_html(words.brings.format(names=', '.join(file.name for file in one.files)))}</small></button></li>"
        for number, one in enumerate(_examples())
    )
    return f'<ul aria-label="{as_html(words.title)}">{buttons}</ul>' if buttons else ""


def example(number: str) -> Turn | None:
    """What the button with this number asks, as if the person had handed it over."""
    known = _examples()
    return known[int(number)].turn() if len(number) < 4 and number.isdecimal() and int(number) < len(known) else None


def _examples() -> list[WelcomeExample]:
    return welcome_examples(language_of(cast("Asking | None", asking())))
