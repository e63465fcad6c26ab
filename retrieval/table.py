"""Rows of a table as text: each with its headers, so that it makes sense alone, and with the place of each."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

from assistant.text.dates import date_of
from assistant.text.hidden_marks import HIDDEN_COLUMN, HIDDEN_ROW, HIDDEN_SHEET
from assistant.text.quantities import quantity
from assistant.text.word_count import count_words
from assistant.values.errors import BadInput
from assistant.values.evidence import Passage, Sheet, TextSpan
from assistant.values.messages import say

_LOOKED_AT = 20  # rows among which the headers are looked for
_COMPARED = 8  # rows below them that must look unlike
_MOST_HEADINGS = 3  # rows of them
_LONGEST_HEADING = 80  # characters
_LONGEST_SHARED = 200  # characters of a merged cell that are said in each row or column again
_MOST_SHARED = 200  # columns that one is said in
_LONG = 550  # characters of a table that are found as one piece
BETWEEN_CELLS = " | "
BETWEEN = " / "  # between a heading and the one below it

Cells = Sequence[str] | Mapping[int, str]
Row = tuple[
    int, Cells
]  # its number in the sheet, from 1, and its cells: all ("" for an empty one), or by column from 0


class Merged(NamedTuple):
    """Cells that are one: rows from 1, columns from 0, first and last included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Layout:
    """What a sheet says of its cells beside what stands in them."""

    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False
    """Whether the sheet itself is."""
    lists: bool = True
    """Whether two columns may be a list of what is what, without headers; a file of values has headers as a rule."""


class Tally:
    """Counts the words in the cells of the rows that pass: in the text of a row its headers stand again."""

    def __init__(self) -> None:
        self.words = 0

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.words += count_words(" ".join(_filled(row[1]).values()))
            yield row


def passage_of(
    sheet: str, rows: Iterable[Row], name: str, most_characters: int, layout: Layout | None = None
) -> Passage | None:
    """A line "header: value | header: value" per row; None for an empty sheet. Raises BadInput where it is too long."""
    lines: list[str] = []
    places: list[TextSpan] = []
    start, first, last = 0, 0, 0
    for last, line in _Lines(rows, layout or Layout()).read():
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


class _Read(NamedTuple):
    """A row that is not empty."""

    number: int
    own: dict[int, str]
    """Its cells by column."""
    spread: dict[int, str]
    """With the values of merged cells that begin above it or left of it."""


class _Heading(NamedTuple):
    """Rows first to last, counted from the next one, that name the columns."""

    first: int
    last: int


def _filled(cells: Cells) -> dict[int, str]:
    if isinstance(cells, Mapping):
        return {at: cell for at, cell in cells.items() if cell}
    return {at: cell for at, cell in enumerate(cells) if cell}


class _Lines:
    """Rows above the headers, and the headers themselves, as they are; every row below with them.

    A table that follows after an empty row has headers of its own, if they look like some.
    """

    def __init__(self, rows: Iterable[Row], layout: Layout) -> None:
        self._layout = layout
        self._wide = {(one.first_row, one.first_column) for one in layout.merged if one.last_column > one.first_column}
        self._coming = _spread(rows, layout.merged)
        self._next: deque[_Read] = deque()
        self._headers: dict[int, str] = {}
        self._named: tuple[dict[int, str], str] | None = None  # the last row of the headers, and its line
        self._is_apart = False  # what comes stands below the table, as a note or a signature

    def read(self) -> Iterator[tuple[int, str]]:
        last = 0
        while self._look():
            begins = not last
            if begins or self._next[0].number > last + 1:
                heading = _heading(list(self._next), self._layout, sure=not begins)
                if heading is not None:
                    for number, line in self._take_heading(heading):
                        last = number
                        yield number, line
                    continue
                self._is_apart = self._is_note(self._next[0])
            row = self._next.popleft()
            last = row.number
            yield row.number, self._marked(row.number, self._line(row))

    def _look(self) -> bool:
        self._next.extend(islice(self._coming, max(0, _LOOKED_AT - len(self._next))))
        return bool(self._next)

    def _take_heading(self, heading: _Heading) -> Iterator[tuple[int, str]]:
        rows = [self._next.popleft() for _ in range(heading.last + 1)]
        self._headers, self._is_apart = {}, False
        for row in rows[: heading.last]:
            yield row.number, self._marked(row.number, self._line(row))
        headers = _headers(rows[heading.first :], self._layout.merged)
        self._headers = {at: self._header(at, header) for at, header in headers.items()}
        own = rows[-1]
        line = " | ".join(self._headers[at] for at in sorted(self._headers))
        self._named = (own.own, line)
        yield own.number, self._marked(own.number, line)

    def _header(self, column: int, header: str) -> str:
        header = header.replace(" | ", BETWEEN)
        return f"{header} {HIDDEN_COLUMN}" if column in self._layout.hidden_columns else header

    def _is_note(self, row: _Read) -> bool:
        """Whether a row below an empty one is words alone, and few of them."""
        return 2 * len(row.own) <= len(self._headers) and not any(map(_is_number, row.own.values()))

    def _line(self, row: _Read) -> str:
        if self._named is not None and row.own == self._named[0]:
            return self._named[1]  # the headers again, as at the top of a printed page
        section = (
            len(row.own) == 1
            and len(self._headers) > 1
            and not self._wide.isdisjoint((row.number, at) for at in row.own)
        )  # its one cell reaches over several columns: it says what the rows below are, and is none of its values
        self._is_apart = self._is_apart and self._is_note(row)
        section = section or self._is_apart
        cells = row.spread if self._headers and not section else row.own
        return " | ".join(self._cell(at, cells[at], section) for at in sorted(cells))

    def _cell(self, column: int, cell: str, bare: bool) -> str:
        if header := "" if bare else self._headers.get(column, ""):
            return f"{header}: {cell}"
        return f"{cell} {HIDDEN_COLUMN}" if column in self._layout.hidden_columns else cell

    def _marked(self, number: int, line: str) -> str:
        if self._layout.is_hidden:
            return f"{line} | {HIDDEN_SHEET}"
        return f"{line} | {HIDDEN_ROW}" if number in self._layout.hidden_rows else line


def _spread(rows: Iterable[Row], merged: Sequence[Merged]) -> Iterator[_Read]:
    """A merged cell belongs to all its rows and columns; rows without anything of their own are left out."""
    coming = deque(sorted(merged))
    open_: list[tuple[Merged, str]] = []
    for number, cells in rows:
        own = _filled(cells)
        if not own:
            continue
        while coming and coming[0].first_row <= number:
            one = coming.popleft()
            value = own.get(one.first_column, "") if one.first_row == number else ""
            if value and len(value) <= _LONGEST_SHARED:
                open_.append((one, value))
        if not open_:
            yield _Read(number, own, own)
            continue
        open_ = [(one, value) for one, value in open_ if one.last_row >= number]
        spread: dict[int, str] = {}
        for one, value in open_:
            last = min(one.last_column, one.first_column + _MOST_SHARED)
            spread.update(dict.fromkeys(range(one.first_column, last + 1), value))
        alone = all(number == one.first_row for one, _ in open_) and len(own) == 1
        yield _Read(number, own, own if alone else {**spread, **own})


def _heading(rows: Sequence[_Read], layout: Layout, sure: bool) -> _Heading | None:
    """The first row that is nearly as wide as those below it, where it names columns, with the headings above it and
    below it. sure: only where numbers stand below, and few rows above."""
    for index, row in enumerate(rows[:2] if sure else rows[:-1]):
        below = [other.own for other in rows[index + 1 : index + 1 + _COMPARED]]
        if len(row.own) < 2 or not below or 2 * len(row.own) <= max(map(len, below)):
            continue
        if not _names_columns(row.own, below, layout.lists) or (sure and not _are_numbers_below(row.own, below)):
            return None
        last = _last_heading(rows, index, layout.merged)
        first = _first_heading(rows, index, layout.merged)
        cells = list(row.own.values())
        if last == first and len(set(cells)) < len(cells) and not _are_numbers_below(row.own, below):
            return None
        return _Heading(first, last) if last + 1 < len(rows) else None
    return None


def _last_heading(rows: Sequence[_Read], index: int, merged: Sequence[Merged]) -> int:
    """Down to the last row of headings: below cells that are merged, or of units, as "(kg)"."""
    last = index
    while last + 2 < len(rows) and last - index + 1 < _MOST_HEADINGS:
        upper, lower = rows[last], rows[last + 1]
        if lower.number != upper.number + 1 or not all(map(_is_heading, lower.own.values())):
            break
        below = [row.own for row in rows[last + 2 : last + 2 + _COMPARED]]
        labelled = min(map(min, below), default=0) < min(lower.own)
        units = labelled and all(_mostly_numbers(at, below) for at in lower.own)
        headed = {at for row in rows[index : last + 1] for at in row.spread}
        fills = headed.isdisjoint(lower.own) and all(any(at in row for row in below) for at in lower.own)
        if not (units or fills or _are_headings_below(upper, lower, below, merged)):
            break
        last += 1
    return last


def _are_headings_below(
    upper: _Read, lower: _Read, below: Sequence[Mapping[int, str]], merged: Sequence[Merged]
) -> bool:
    """Whether the lower row parts what is merged in the upper one: headings, and no row of words as those below it."""
    of_row = _of_rows(merged, upper.number)
    tall = {one.first_column for one in of_row if one.last_row > upper.number}
    wide = [one for one in of_row if one.last_column > one.first_column]
    under = {at for one in wide for at in range(one.first_column, one.last_column + 1)} & lower.own.keys()
    if not under or tall & lower.own.keys():
        return False
    beside = min(lower.own) in upper.own.keys() - under
    return not beside or all(_mostly_numbers(at, below) for at in under)


def _first_heading(rows: Sequence[_Read], index: int, merged: Sequence[Merged]) -> int:
    """Up to the first row of headings that hold for several columns."""
    first = index
    while first > 0 and index - first + 1 < _MOST_HEADINGS:
        upper, lower = rows[first - 1], rows[first]
        if upper.number != lower.number - 1 or not all(map(_is_heading_or_time, upper.own.values())):
            break
        width = max(lower.own) - min(lower.own)
        parts = any(0 < one.last_column - one.first_column < width for one in _of_rows(merged, upper.number))
        starts_inside = min(upper.own) > min(lower.own)
        names_first = min(upper.own) not in lower.own and len(upper.own) > 1
        if not (parts or starts_inside or names_first):
            break
        first -= 1
    return first


def _of_rows(merged: Sequence[Merged], number: int) -> list[Merged]:
    return [one for one in merged if one.first_row <= number <= one.last_row]


def _headers(rows: Sequence[_Read], merged: Sequence[Merged]) -> dict[int, str]:
    """Of each column, the headings above it from the top down."""
    parts: dict[int, list[str]] = {}
    columns = sorted({at for row in rows for at in row.spread})
    for index, row in enumerate(rows):
        cells = dict(row.spread)
        if index < len(rows) - 1 and not any(
            one.last_column > one.first_column for one in _of_rows(merged, row.number)
        ):
            shared = ""  # what is not merged holds up to the next one
            for at in columns:
                shared = cells.get(at, shared)
                if shared and at in rows[-1].own:
                    cells.setdefault(at, shared)
        for at, cell in cells.items():
            if cell not in parts.setdefault(at, []):
                parts[at].append(cell)
    return {at: BETWEEN.join(parts[at]) for at in columns if at in parts}


def _names_columns(cells: Mapping[int, str], below: Sequence[Mapping[int, str]], lists: bool) -> bool:
    words = [_is_heading(cell) for cell in cells.values()]
    if not all(words):
        return _are_times(cells, below)
    first, *others = cells.values()
    if (
        lists and len(cells) == 2 and max(map(len, below)) == 2
    ):  # of a list of what is what, the first line is a line like others
        last = max(cells)
        numbers = [_is_number(row[last]) for row in below if last in row]
        mixed = any(numbers) and sum(numbers) < 0.8 * len(numbers)
        return not (first.endswith((":", "：")) or mixed)
    return bool(others)


def _are_times(cells: Mapping[int, str], below: Sequence[Mapping[int, str]]) -> bool:
    """Whether years or days name the columns: at least two, in order, each above other numbers."""
    times = [cell for cell in cells.values() if not _is_heading(cell)]
    named = [at for at, cell in cells.items() if not _is_heading(cell)]
    days = [found.day for cell in times if (found := date_of(cell)) is not None]
    rises = all(one < other for one, other in pairwise(days)) or all(one > other for one, other in pairwise(days))
    if len(days) != len(times) or len(times) < 2 or not rises or min(cells) in named:
        return False
    valued = [row for row in below if not all(map(_is_heading, row.values()))]  # the others may be headings too
    under = [row[at] for at in named for row in valued if at in row]
    return bool(under) and sum(_is_number(cell) and date_of(cell) is None for cell in under) > 0.6 * len(under)


def _are_numbers_below(cells: Mapping[int, str], below: Sequence[Mapping[int, str]]) -> bool:
    return any(_mostly_numbers(at, below) for at in cells)


def _mostly_numbers(column: int, rows: Sequence[Mapping[int, str]]) -> bool:
    cells = [row[column] for row in rows if column in row]
    return bool(cells) and sum(map(_is_number, cells)) > 0.6 * len(cells)


def _is_heading_or_time(cell: str) -> bool:
    return _is_heading(cell) or date_of(cell) is not None


def _is_heading(cell: str) -> bool:
    """Whether it is words and no value."""
    if len(cell) >= _LONGEST_HEADING or not any(letter.isalpha() for letter in cell):
        return False
    return not cell[0].isdigit() or not _is_number(cell) or date_of(cell.split()[0]) is not None


def _is_number(cell: str) -> bool:
    """Whether it is a number, an amount, a day or a time."""
    if cell[:1].isalpha() and not any(letter.isdigit() for letter in cell):
        return False
    bare = cell.strip("()-–+ ").removesuffix(" h").removesuffix(" min")
    if bare.replace(":", "").replace(".", "").replace(",", "").isdecimal():
        return True
    return quantity(bare) is not None or date_of(cell[:10]) is not None


class NumberedLine(NamedTuple):
    """A line of a table of a document, with the number that its row has (`TextSpan.row`); 0 for what stands above."""

    text: str
    row: int


def numbered_lines(rows: Iterable[Sequence[str]]) -> Iterator[NumberedLine]:
    """Lines of "a | b"; of a table that is too long to be found as one, lines of "heading: a | heading: b"."""
    read = [
        _Read(number, {at: cell for at, cell in enumerate(cells) if cell}, dict(enumerate(cells)))
        for number, cells in enumerate(map(_in_line, rows), 1)
        if any(cells)
    ]
    head = read[:_LOOKED_AT]
    heading = _heading([row._replace(spread=row.own) for row in head], Layout(), sure=False) if len(head) > 2 else None
    first = heading.last if heading is not None else -1
    headers = list(read[first].spread.values()) if heading is not None else []
    width = max((len(row.spread) for row in read), default=0)
    named = len(headers) == width and len(set(headers)) == width and all(headers) and _are_long(read)
    for index, row in enumerate(read):
        cells = list(row.spread.values())
        if named and index > first and row.own != read[first].own and len(row.own) > 1:
            line = " | ".join(f"{headers[at]}: {cell}" for at, cell in row.own.items())
        else:
            line = cells[0] if list(row.own) == [0] else BETWEEN_CELLS.join(cells).strip()
        number = index - first + 1 if heading is not None else index + 2
        again = index > first and heading is not None and row.own == read[first].own
        yield NumberedLine(line, 0 if again else max(0, number))


def _in_line(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()).replace(BETWEEN_CELLS, BETWEEN) for cell in cells]


def _are_long(rows: Sequence[_Read]) -> bool:
    return sum(len(cell) + 3 for row in rows for cell in row.own.values()) > _LONG


def flat(rows: Sequence[Mapping[int, str]], merged: Sequence[Merged]) -> list[list[str]]:
    """The rows of a table of a document, as wide as each other where they carry headings that are merged."""
    read = list(_spread(enumerate(rows, 1), merged))
    heading = _heading(read, Layout(tuple(merged)), sure=False) if len(read) > 2 else None
    width = max((at for row in read for at in row.spread), default=-1) + 1
    covered: dict[int, set[int]] = defaultdict(set)
    for one in merged:
        for number in range(one.first_row, min(one.last_row, len(rows)) + 1):
            covered[number] |= set(range(one.first_column + 1, one.last_column + 1))
    said: list[list[str]] = []
    for index, row in enumerate(read):
        if heading is not None and heading.last > heading.first and index == heading.last:
            headers = _headers(read[heading.first : heading.last + 1], merged)
            said.append([headers.get(at, "") for at in range(width)])
        elif heading is not None and heading.last > heading.first and index > heading.last:
            said.append([row.spread.get(at, "") for at in range(width)])
        else:
            said.append([row.spread.get(at, "") for at in range(width) if at not in covered[row.number]])
    return said
