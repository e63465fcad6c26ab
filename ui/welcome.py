"""The three examples on the empty page: a spoken question, a receipt and a lease, sent whole by one click.

Their files are shipped with the project and cost nothing until somebody asks; `docs/make_examples.py` makes them.
"""

from dataclasses import dataclass
from pathlib import Path

from assistant.values.parts import Attachment, Text, Turn
from ui.words import in_language
from ui.words.catalogues import SOURCE, Language
from ui.words.welcome import WelcomeWords

FOLDER = Path(__file__).parent.parent / "docs" / "examples"
_FILES: dict[Language, tuple[str, str, str]] = {  # the lease, the spoken question about it, the receipt
    "en": ("lease.pdf", "question.flac", "receipt.jpg"),
    "zh": ("租房合同.pdf", "语音提问.flac", "收据.jpg"),
}


@dataclass(frozen=True)
class WelcomeExample:
    """A question to begin with."""

    label: str
    """What the person clicks."""
    text: str
    """The question; "" where it is spoken."""
    files: tuple[Path, ...]
    """What it is about."""
    voice: Path | None = None
    """The recording in which the question is asked."""

    def turn(self) -> Turn:
        """As if the person had typed or said this and handed over the files."""
        spoken = [Attachment(self.voice, self.voice.name, spoken=True)] if self.voice is not None else []
        shown = [Attachment(file, file.name) for file in self.files]
        return Turn((*([Text(self.text)] if self.text else []), *spoken, *shown))


def welcome_examples(language: Language, folder: Path = FOLDER) -> list[WelcomeExample]:
    """The examples in this language, without those whose files are not here."""
    words = in_language(language, WelcomeWords)
    shipped = language if language in _FILES else SOURCE
    lease, question, receipt = (folder / shipped / name for name in _FILES[shipped])
    examples = [
        WelcomeExample(words.voice_label, "", (lease,), question),
        WelcomeExample(words.receipt_label, words.receipt_question, (receipt,)),
        WelcomeExample(words.lease_label, words.lease_question, (lease,)),
    ]
    return [one for one in examples if all(part.path.is_file() for part in one.turn().attachments)]
