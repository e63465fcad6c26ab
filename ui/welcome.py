"""The examples on the empty page: six things one can do, each sent whole by one click.

Their files are shipped with the project and cost nothing until somebody asks; `docs/make_examples.py` makes them.
"""

from dataclasses import dataclass
from pathlib import Path

from assistant.values.parts import Attachment, Text, Turn
from ui.words import in_language
from ui.words.catalogues import SOURCE, Language
from ui.words.welcome import WelcomeWords

FOLDER = Path(__file__).parent.parent / "docs" / "examples"
_FILES: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "transcribe": ("message.flac",),
        "lease": ("lease.pdf",),
        "receipt": ("receipt.jpg",),
        "sum": ("receipt.jpg", "bakery.jpg"),
        "film": ("tour.mp4",),
        "translate": ("Hinweis.pdf",),
    },
    "zh": {
        "transcribe": ("留言.flac",),
        "lease": ("租房合同.pdf",),
        "receipt": ("收据.jpg",),
        "sum": ("收据.jpg", "面包店.jpg"),
        "film": ("看房.mp4",),
        "translate": ("notice.pdf",),
    },
}


@dataclass(frozen=True)
class WelcomeExample:
    """A question to begin with."""

    kind: str
    """What it shows that one can do."""
    label: str
    """What the person clicks."""
    text: str
    """The question."""
    files: tuple[Path, ...]
    """What it is about."""

    def turn(self) -> Turn:
        """As if the person had typed this and handed over the files."""
        return Turn((Text(self.text), *(Attachment(file, file.name) for file in self.files)))


def welcome_examples(language: Language, folder: Path = FOLDER) -> list[WelcomeExample]:
    """The examples in this language, without those whose files are not here."""
    words = in_language(language, WelcomeWords)
    shipped = language if language in _FILES else SOURCE
    examples = [
        WelcomeExample(
            kind,
            getattr(words, f"{kind}_label"),
            getattr(words, f"{kind}_question"),
            tuple(folder / shipped / name for name in names),
        )
        for kind, names in _FILES[shipped].items()
    ]
    return [one for one in examples if all(file.is_file() for file in one.files)]
