"""Tables as text (.csv, .tsv): rows with their headers, counted as a spreadsheet counts them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from assistant.media import digest
from assistant.values.errors import BadInput
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import table
from retrieval.decoding import decode, guess_note
from retrieval.parse_context import ParseContext

_SNIFFED = 20_000  # characters
_DELIMITERS = ",;\t|"


class CsvLoader:
    kind = say("a table")
    extensions = (".csv", ".tsv")
    media_types = ("text/csv", "text/tab-separated-values")

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        text, guess = decode(path.read_bytes())
        delimiter = "\t" if Path(name).suffix.lower() == ".tsv" else _delimiter(text)
        tally = table.Tally()
        rows = tally.over(_rows(text, delimiter, name))
        passage = table.passage_of("", rows, name, self._context.limits.document_characters)
        notes, facts = guess_note(name, guess), FileFacts("", name, words=tally.words)
        return Document(digest(path), name, "text", (passage,) if passage else (), notes=notes, facts=facts)


def _rows(text: str, delimiter: str, name: str) -> Iterator[table.Row]:
    csv.field_size_limit(len(text) + 1)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            yield number, [" ".join(cell.split()) for cell in cells]
    except csv.Error as error:
        raise BadInput(
            say("{name} is no table that I can read ({trouble}). Save it again as CSV.", name=name, trouble=error)
        ) from error


def _delimiter(text: str) -> str:
    """What parts most lines into the same number of cells."""
    lines = [line for line in text[:_SNIFFED].split("\n")[:50] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(_DELIMITERS, key=agreement)
