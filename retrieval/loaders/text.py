"""Plain text: one passage without headings. Asks nobody how the letters are encoded."""

from pathlib import Path

from assistant.evidence import Document
from assistant.limits import Limits
from assistant.media import digest
from retrieval.decoding import decode, guess_note
from retrieval.outline import Outline


class TextLoader:
    extensions = (".txt",)
    media_types = ("text/plain",)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def load(self, path: Path, name: str) -> Document:
        text, guess = decode(path.read_bytes())
        outline = Outline()
        outline.block(text)
        return Document(digest(path), name, "text", outline.passages(), notes=guess_note(name, guess))
