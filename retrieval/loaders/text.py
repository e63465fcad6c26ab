"""Plain text and source code, by their lines. Asks nobody how the letters are encoded."""

from pathlib import Path

from assistant.media import digest
from assistant.values.evidence import Document, Lines, Passage, TextSpan
from assistant.values.messages import say
from retrieval.decoding import decode, guess_note
from retrieval.parse_context import ParseContext


class TextLoader:
    kind = say("plain text")
    extensions = tuple(
        ".txt .log .rst .tex .py .js .ts .jsx .tsx .java .kt .c .h .cc .cpp .hpp .cs .go .rs .rb .php .swift .scala"
        " .lua .r .pl .sh .sql .css .yaml .yml .toml .ini".split()
    )
    media_types = ("text/plain",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        text, guess = decode(path.read_bytes())
        return Document(digest(path), name, "text", by_lines(text), notes=guess_note(name, guess))


def by_lines(text: str) -> tuple[Passage, ...]:
    """The text as one passage with a place per line that is not blank; no passage where all are blank."""
    places, start, number = [], 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            places.append(TextSpan(start, start + len(line), Lines(number, number)))
        start += len(line) + 1
    return (Passage(text, Lines(1, number), tuple(places)),) if places else ()
