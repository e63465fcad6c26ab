"""Tables as text (.csv, .tsv): rows with their headers, counted as a spreadsheet counts them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from assistant.media import digest
from assistant.values.errors import BadInput
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import table
from retrieval.decoding import decode, guess_note
from retrieval.parse_context import ParseContext

_SNIFFED = 200_000  # characters
_MOST_SNIFFED_ROWS = 100
_DELIMITERS = "\t;|,"  # the rarer one within a cell first: of two that part a table equally well it is meant
_SAID = re.compile(r"sep=(.)$", re.IGNORECASE)
_LONGEST_CELL = 50  # lines; a quotation mark that opens a longer one is none


@dataclass(frozen=True)
class _Dialect:
    """How the cells are parted (RFC 4180, and what programs write instead)."""

    delimiter: str
    quote: str = '"'
    """ "" where quotation marks are letters like others."""
    escape: str | None = None
    skips_blank: bool = False
    """Whether a blank may stand before a quotation mark."""


class CsvLoader:
    kind = say("a table")
    extensions = (".csv", ".tsv")
    media_types = ("text/csv", "text/tab-separated-values")

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        text, guess = decode(path.read_bytes())
        text = _unwrapped(text)
        dialect, skipped = _dialect(text, is_tsv=Path(name).suffix.lower() == ".tsv")
        tally = table.Tally()
        rows = tally.over(_rows(text, dialect, skipped, name))
        passage = table.passage_of("", rows, name, self._context.limits.document_characters, table.Layout(lists=False))
        notes, facts = guess_note(name, guess), FileFacts("", name, words=tally.words)
        return Document(digest(path), name, "text", (passage,) if passage else (), notes=notes, facts=facts)


def _rows(text: str, dialect: _Dialect, skipped: int, name: str) -> Iterator[table.Row]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # of the whole program
    try:
        for number, cells in enumerate(_read(text, dialect), 1):
            if number > skipped:
                yield number, [" ".join(cell.split()) for cell in cells]
    except csv.Error as error:
        raise BadInput(
            say("{name} is no table that I can read ({trouble}). Save it again as CSV.", name=name, trouble=error)
        ) from error


def _read(text: str, dialect: _Dialect) -> Iterator[list[str]]:
    return csv.reader(
        io.StringIO(text),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape,
        skipinitialspace=dialect.skips_blank,
    )


def _unwrapped(text: str) -> str:
    """Rows that were each quoted as a whole, as one cell, without these marks."""
    if not text.startswith('"'):
        return text
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # of the whole program
    try:
        rows = list(_read(text, _Dialect("\x1f")))
    except (csv.Error, ValueError):
        return text
    cells = [row[0] if row else "" for row in rows]
    parted = any(sum(mark in cell for cell in cells) > 0.8 * len(cells) for mark in _DELIMITERS)
    wrapped = sum(line.startswith('"') and line.endswith('"') for line in text.splitlines())
    whole = all('"' + cell.replace('"', '""') + '"' in text for cell in cells[:3] if cell)
    return "\n".join(cells) if parted and whole and wrapped == len(cells) else text


def _dialect(text: str, is_tsv: bool) -> tuple[_Dialect, int]:
    """How this table is written, and how many rows at its beginning say only that."""
    first, _, rest = text.partition("\n")
    if found := _SAID.match(first.strip('" ') if first.lower().startswith(('"sep', "sep")) else ""):
        return _quoted(rest, found[1]), 1  # as Excel is told it
    sample = text[:_SNIFFED]
    if is_tsv and "\t" in sample:
        return _quoted(text, "\t"), 0
    return max((_quoted(text, delimiter) for delimiter in _DELIMITERS), key=lambda one: _fit(sample, one)), 0


def _quoted(text: str, delimiter: str) -> _Dialect:
    """How cells are quoted that are parted so."""
    sample = text[:_SNIFFED]
    double, single = (_edges(sample, delimiter, mark) for mark in "\"'")
    quote = "'" if single > 2 and single > 2 * double else '"'
    escaped = sample.count(f"\\{quote}")
    backslash = "\\" if escaped and escaped >= sample.count(quote * 2) else None
    skips = f"{delimiter} {quote}" in sample and delimiter != "\t"
    dialect = _Dialect(delimiter, quote, backslash, skips)
    return dialect if _closes(text, dialect) else _Dialect(delimiter, quote="")


def _edges(sample: str, delimiter: str, mark: str) -> int:
    """How many cells begin and how many end with this mark: the fewer of them."""
    begins = sample.count(f"{delimiter}{mark}") + sample.count(f"\n{mark}") + sample.startswith(mark)
    ends = sample.count(f"{mark}{delimiter}") + sample.count(f"{mark}\n") + sample.endswith(mark)
    return min(begins, ends)


def _closes(text: str, dialect: _Dialect) -> bool:
    """Whether each quotation mark that opens a cell is followed, soon enough, by one that closes it."""
    if dialect.quote not in text:
        return True
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # of the whole program
    try:
        return all(cell.count("\n") <= _LONGEST_CELL for row in _read(text, dialect) for cell in row)
    except csv.Error:
        return False


def _fit(sample: str, dialect: _Dialect) -> tuple[float, int]:
    """How large a share of the rows has as many cells as most, where that are several; and how many these are."""
    csv.field_size_limit(max(csv.field_size_limit(), len(sample) + 1))  # of the whole program
    try:
        rows = [row for row in islice(_read(sample, dialect), _MOST_SNIFFED_ROWS) if any(row)]
    except csv.Error:
        return 0.0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0, 0
    usual = max(widths, key=lambda width: (widths[width], width))
    share = widths[usual] / len(rows)
    if dialect.delimiter == "," and _parts_decimals(rows):
        share /= 2
    return round(share, 1), min(usual, 2)


def _parts_decimals(rows: list[list[str]]) -> bool:
    """Whether the commas stand within numbers: something else parts "1;2,5;3,5"."""
    cells = [cell for row in rows for cell in row]
    return sum(";" in cell or "\t" in cell for cell in cells) > len(cells) / 3
