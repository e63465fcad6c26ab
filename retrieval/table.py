"""Rows of a table as text: each with its headers, so that it makes sense alone, and with the place of each."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from assistant.text.word_count import count_words
from assistant.values.errors import BadInput
from assistant.values.evidence import Passage, Sheet, TextSpan
from assistant.values.messages import say

_LOOKED_AT = 10  # rows among which the headers are looked for

Row = tuple[int, list[str]]  # its number in the sheet, from 1, and its cells ("" for an empty one)


class Tally:
    """Counts the words in the cells of the rows that pass: in the text of a row its headers stand again."""

    def __init__(self) -> None:
        self.words = 0

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.words += count_words(" ".join(row[1]))
            yield row


def passage_of(sheet: str, rows: Iterable[Row], name: str, most_characters: int) -> Passage | None:
    """A line "header: value | header: value" per row; None for an empty sheet. Raises BadInput where it is too long."""
    lines: list[str] = []
    places: list[TextSpan] = []
    start, first, last = 0, 0, 0
    for last, line in _lines(row for row in rows if any(row[1])):
        first = first or last
        lines.append(line)
        places.append(TextSpan(start, start + len(line), Sheet(sheet, last, last)))
        start += len(line) + 1
        if start > most_characters:
            raise BadInput(
                say(
                    "{name} holds more than {most} characters. Split it into parts.",
                    name=name,
                    most=f"{most_characters:,}",
                )
            )
    return Passage("\n".join(lines), Sheet(sheet, first, last), tuple(places)) if lines else None


def _lines(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """Rows above the headers, and the headers themselves, as they are; every row below with them."""
    rows = iter(rows)
    start = list(islice(rows, _LOOKED_AT))
    headers_at = _headers_at(start)
    headers: list[str] = []
    for index, (number, cells) in enumerate(chain(start, rows)):
        named = zip(cells, [*headers, *[""] * (len(cells) - len(headers))], strict=False)
        yield number, " | ".join(f"{header}: {cell}" if header else cell for cell, header in named if cell)
        if index == headers_at:
            headers = cells


def _headers_at(rows: list[Row]) -> int | None:
    """The first row of several cells, where all of them are words, no two the same, and rows follow."""
    for index, (_, cells) in enumerate(rows[:-1]):
        filled = [cell for cell in cells if cell]
        if len(filled) >= 2:
            words = all(any(letter.isalpha() for letter in cell) and len(cell) < 80 for cell in filled)
            return index if words and len(set(filled)) == len(filled) else None
    return None
