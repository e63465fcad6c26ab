"""Tables parsed back from pieces: rows of cells, each with the place that it stands at.

Three sorts: rows of spreadsheets ("header: value | header: value"), lines of tables in documents and pictures
("a | b | c", the first of them the headers), and lists of what something costs, as on receipts and menus
("Rye bread  4.20"). Knows no request. One pass over the rows: a table may have fifty thousand of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

from assistant.text.dates import date_of, dates_in
from assistant.text.hidden_marks import OF_LINE
from assistant.text.quantities import quantities_in, quantity, writes_comma_decimals
from assistant.text.total_labels import is_total
from assistant.values.evidence import Evidence, Page, Region, Sheet

CELLS = " | "
MOST_HEADER_ROWS = 20  # among which the headers of a sheet stand
SAMPLED = 100  # cells that are looked at first
ALIKE = 0.8  # share of a column's cells that must be of its kind
DURATION = "h:mm"  # the unit of durations, whose numbers are hours
_DURATION = re.compile(r"(-)?(\d{1,6}):([0-5]\d)(?::([0-5]\d))? h")
_LISTED = re.compile(r"[,;，；、] ")
_SIGNED = re.compile(r"([-−–+])\s?([^-−–+()]{1,40})|\(([^-−–+()]{1,40})\)")
ColumnKind = Literal["number", "year", "date", "text"]


class CellSpan(NamedTuple):
    """Characters start to end of the content of a piece."""

    piece: Evidence
    start: int
    end: int


class Row(NamedTuple):
    """A row of a table."""

    cells: tuple[str, ...]
    """As they are written; "" for an empty one."""
    stands: tuple[CellSpan, ...]
    """Where it stands. A row that is cut in two stands at two spans."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    kind: ColumnKind
    cells: tuple[str, ...]
    numbers: tuple[Decimal | None, ...]
    """Of each row; None where it holds none. Those of dates are their days, of years the years."""
    unit: str = ""
    """The unit of all its cells; "" where they differ or have none."""


@dataclass(frozen=True)
class Table:
    """A table that stands in the evidence."""

    source_id: str
    source: str
    name: str
    """That of its sheet, or ""."""
    headers: tuple[str, ...]
    """ "" where a column has none."""
    rows: tuple[Row, ...] = field(repr=False)
    is_sheet: bool = False
    """Whether it came out of a spreadsheet."""
    is_list: bool = False
    """Whether it is a list of what something costs."""
    totals: tuple[Row, ...] = ()
    """The last lines of such a list, which are no rows."""
    _columns: dict[int, Column] = field(default_factory=dict, repr=False, compare=False)

    def column(self, at: int) -> Column:
        """Read when it is asked for, and once."""
        known = self._columns.get(at)
        if known is None:
            known = self._columns[at] = _column(tuple([row.cells[at] for row in self.rows]))
        return known

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self.column(at) for at in range(len(self.headers)))


def tables_in(pieces: Iterable[Evidence]) -> list[Table]:
    """In order, file by file. Tables of a single row are none."""
    found: list[Table] = []
    for _, group in groupby(pieces, lambda piece: piece.source_id):
        of_file = [piece for piece in group if piece.medium in ("text", "image") and not is_said_of_picture(piece)]
        sheets = [piece for piece in of_file if isinstance(piece.location, Sheet)]
        found += _sheets(sheets)
        found += _of_lines([piece for piece in of_file if not isinstance(piece.location, Sheet)])
    return found


def is_said_of_picture(piece: Evidence) -> bool:
    """Whether it is what is known of a picture, as its size, rather than the text in it."""
    return piece.medium == "image" and not any(
        isinstance(place.location, Region | Page) and place.location.boxes for place in piece.places[:1]
    )


def _sheets(pieces: Sequence[Evidence]) -> Iterator[Table]:
    by_name: dict[str, tuple[list[str], list[tuple[CellSpan, ...]]]] = {}
    last: tuple[str, int] | None = None
    for piece in pieces:
        content = piece.content
        for start, end, at in [(place.start, place.end, place.location) for place in piece.places]:
            if not isinstance(at, Sheet):
                continue
            lines, stands = by_name.setdefault(at.name, ([], []))
            if last == (at.name, at.first_row):  # a row that was cut in two
                lines[-1] += " " + content[start:end]
                stands[-1] = (*stands[-1], CellSpan(piece, start, end))
            else:
                lines.append(content[start:end])
                stands.append((CellSpan(piece, start, end),))
            last = (at.name, at.first_row)
    for name, (lines, stands) in by_name.items():
        seen = [at for at, line in enumerate(lines) if not line.endswith(OF_LINE)]  # what nobody sees is not counted
        source = pieces[0]
        for headers, rows, totals in _stacked([lines[at] for at in seen], [stands[at] for at in seen]):
            yield Table(source.source_id, source.source, name, headers, rows, is_sheet=True, totals=totals)


def _stacked(
    lines: Sequence[str], stands: Sequence[tuple[CellSpan, ...]]
) -> Iterator[tuple[tuple[str, ...], tuple[Row, ...], tuple[Row, ...]]]:
    """The tables of a sheet, one below the other: of each its headers, rows and totals. Lines without a header of
    theirs, as titles and notes, are no rows."""
    first, headers_at = 0, _headers_at(lines[: MOST_HEADER_ROWS + 1])
    if headers_at is None:
        parted = [tuple(line.split(CELLS)) for line in lines]
        width = max(map(len, parted), default=0)
        rows = [_widened(Row(cells, at), width) for cells, at in zip(parted, stands, strict=True)]
        if rows:
            yield ("",) * width, tuple(rows), ()
        return
    while headers_at is not None:
        at = first + headers_at + 1
        line = lines[at - 1]
        headers = tuple(line.split(CELLS))
        if not lines[at].startswith(tuple(f"{header}: " for header in headers)):
            headers = ("", *headers)  # what the rows are called stands below no header
        cells = _reader(headers)
        found: list[Row] = []
        headers_at = None
        while at < len(lines):
            row = cells(lines[at])
            if row is not None:
                found.append(Row(row, stands[at]))
            elif lines[at] != line and _headers_at(lines[at : at + 2]) == 0:
                first, headers_at = at, 0
                break
            at += 1
        end = _totals_at(found)
        if found:
            yield headers, tuple(found[:end]), tuple(found[end:])


def _totals_at(rows: Sequence[Row]) -> int:
    """The row at which the totals at the end begin: sums, and what stands between them, as a tax."""
    end = len(rows)
    while end > 1 and _is_total(rows[end - 1]):
        end -= 1
    if end < len(rows) and not rows[-1].cells[0]:
        for at in range(end - 1, 0, -1):
            if rows[at].cells[0]:
                break
            end = at if _is_total(rows[at]) else end
    return end


def _is_total(row: Row) -> bool:
    return is_total(next(filter(None, row.cells), ""))


def _headers_at(lines: Sequence[str]) -> int | None:
    """The row whose cells the next row repeats, each before its value."""
    for index, (line, following) in enumerate(pairwise(lines)):
        headers = line.split(CELLS)
        named = tuple(f"{header}: " for header in headers)
        if following.startswith(named) or following.partition(CELLS)[2].startswith(named):
            return index
    return None


def _reader(headers: tuple[str, ...]) -> Callable[[str], tuple[str, ...] | None]:
    """Parts a line into the values under these headers; None where it has none of them. A value may hold what parts
    cells; one left out was empty."""
    named = headers[1:] if headers[0] == "" else headers
    each = [rf"(?:{'' if at == 0 else '(?:^| [|] )'}{re.escape(header)}: (.*?))?" for at, header in enumerate(named)]
    row = re.compile("".join(each) + "$")

    def cells(line: str) -> tuple[str, ...] | None:
        match = row.match(line)
        return tuple([cell or "" for cell in match.groups()]) if match else None

    def labelled(line: str) -> tuple[str, ...] | None:
        if (found := cells(line)) is not None:
            return ("", *found)
        label, _, rest = line.partition(CELLS)
        return (label, *found) if rest and (found := cells(rest)) is not None else None

    return cells if named is headers else labelled


def _widened(row: Row, width: int) -> Row:
    return Row((row.cells + ("",) * width)[:width], row.stands)


@dataclass(frozen=True)
class _TableLine:
    text: str
    stretch: CellSpan


def _of_lines(pieces: Sequence[Evidence]) -> Iterator[Table]:
    lines = [line for piece in pieces for line in _lines(piece)]
    for barred, group in groupby(lines, lambda line: CELLS in line.text):
        some = list(group)
        table = _barred(some) if barred else _priced(some)
        if table is not None:
            yield table


def _lines(piece: Evidence) -> Iterator[_TableLine]:
    start = 0
    for text in piece.content.split("\n"):
        if text.strip():
            yield _TableLine(text.strip(), CellSpan(piece, start, start + len(text)))
        start += len(text) + 1


def _barred(lines: Sequence[_TableLine]) -> Table | None:
    """A table of a document. Rows in which two cells ran together are parted where a number ends one of them."""
    if len(lines) < 3:
        return None
    split = [[cell.strip() for cell in line.text.strip("| ").split(CELLS.strip())] for line in lines]
    widths = [len(cells) for cells in split[1:]]
    width = max(set(widths), key=lambda one: (widths.count(one), one))
    headers = _parted_headers(split[0], width)
    if headers is None:
        return None
    if all(quantity(cell) is None and date_of(cell) is None for cell in headers if cell):
        body, named = list(zip(split[1:], lines[1:], strict=True)), tuple(headers)
    else:
        body, named = list(zip(split, lines, strict=True)), ("",) * width
    rows: list[Row] = []
    totals: list[Row] = []
    for cells, line in body:
        parted = _parted(cells, width)
        if parted is None:
            if is_total(cells[0]):
                parted = [cells[0], *[""] * (width - len(cells)), *cells[1:]]
            if parted is None or len(parted) != width:
                return None
        row = Row(tuple(parted), (line.stretch,))
        (totals if is_total(parted[0]) else rows).append(row)
    piece = lines[0].stretch.piece
    return Table(piece.source_id, piece.source, "", named, tuple(rows), totals=tuple(totals)) if len(rows) > 1 else None


def _parted(cells: list[str], width: int) -> list[str] | None:
    if len(cells) == width:
        return cells
    for at, cell in enumerate(cells):
        if len(cells) == width - 1 and (match := re.fullmatch(r"(.*\S)\s+(\d[\d.,]*)", cell)):
            return [*cells[:at], match[1].strip(), match[2], *cells[at + 1 :]]
    return None


def _parted_headers(cells: list[str], width: int) -> list[str] | None:
    """Headers that ran together: the first and the last word are one each, what is between them is one."""
    missing = width - len(cells)
    if missing <= 0:
        return cells if missing == 0 else None
    for at, cell in enumerate(cells):
        words = cell.split()
        if missing == 1 and len(words) == 2:
            return [*cells[:at], *words, *cells[at + 1 :]]
        if missing == 2 and len(words) >= 3:
            return [*cells[:at], words[0], " ".join(words[1:-1]), words[-1], *cells[at + 1 :]]
    return None


def _priced(lines: Sequence[_TableLine]) -> Table | None:
    """What and how much, a line each. A lone number belongs to the line above it."""
    rows: list[Row] = []
    totals: list[Row] = []
    waiting: _TableLine | None = None
    for line in lines:
        cells = _what_and_amount(line.text)
        stands: tuple[CellSpan, ...] = (line.stretch,)
        if cells is None and waiting is not None and quantity(line.text) is not None and line.text[-1:].isdigit():
            cells, stands = (waiting.text, line.text), (waiting.stretch, line.stretch)
        waiting = line if cells is None and not any(letter.isdigit() for letter in line.text) else None
        if cells is not None:
            (totals if is_total(cells[0]) else rows).append(Row(cells, stands))
    if len(rows) < 2 or not _alike([row.cells[1] for row in rows]):
        return None
    piece = lines[0].stretch.piece
    return Table(piece.source_id, piece.source, "", ("", ""), tuple(rows), is_list=True, totals=tuple(totals))


def _what_and_amount(line: str) -> tuple[str, str] | None:
    """ "Rye bread  4.20" → ("Rye bread", "4.20"); None for an address, a date, a sentence or several of them."""
    if len(line) > 80 or dates_in(line, 2000) or _are_several(line):
        return None
    found = list(quantities_in(line))
    if not found or found[-1].end != len(line) or re.search(r"[.!?。！？]$", line):
        return None
    last = found[-1]
    start = line.rfind(" ", 0, last.digits_start) + 1 if not line[: last.start].endswith(" ") else last.start
    start = min(start or last.start, last.start)
    what = line[:start].rstrip(" .…·:：\t-–")
    if not any(letter.isalpha() for letter in what) or (last.unit and not last.is_money and last.unit != "%"):
        return None
    digits = line[last.digits_start : last.digits_end]
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        return None  # of a telephone
    return what, line[start:]


def _are_several(line: str) -> bool:
    """Whether a line says what and how much more than once: "Turku 530, Tampere 643"."""
    parts = _LISTED.split(line)
    return len(parts) > 1 and all(" " in part and quantity(part.split()[-1]) is not None for part in parts)


def _alike(amounts: Sequence[str]) -> bool:
    """Whether these are prices, or at least short counts: house numbers and years are neither."""
    found = [one for one in (quantity(amount) for amount in amounts) if one is not None]
    if len(found) < ALIKE * len(amounts):
        return False
    money = sum(one.is_money or "." in f"{one.value}" for one in found)
    return money >= ALIKE * len(found) or all(one.value < 10_000 for one in found)


def _column(cells: tuple[str, ...]) -> Column:
    filled = [cell for cell in cells if cell]
    sampled = filled[:: max(1, len(filled) // SAMPLED)]
    if sum(_day_number(cell) is not None for cell in sampled) >= ALIKE * max(len(sampled), 1):
        if all(re.fullmatch(r"\d{4}年?", cell) for cell in filled):
            return Column("year", cells, tuple(Decimal(cell[:4]) if cell else None for cell in cells))
        return Column("date", cells, tuple([_day_number(cell) if cell else None for cell in cells]))
    if sum(_number(cell, False)[0] is not None for cell in sampled) < ALIKE * len(sampled) or not filled:
        return Column("text", cells, (None,) * len(cells))
    comma = writes_comma_decimals(" ".join(filled[:200]))
    numbers: list[Decimal | None] = []
    units: set[str] = set()
    for cell in cells:
        value, unit = _number(cell, comma)
        numbers.append(value)
        if value is not None:
            units.add(unit)
    if sum(value is not None for value in numbers) < ALIKE * len(filled):
        return Column("text", cells, (None,) * len(cells))
    return Column("number", cells, tuple(numbers), units.pop() if len(units) == 1 else "")


def _number(cell: str, comma_decimals: bool) -> tuple[Decimal | None, str]:
    if not cell:
        return None, ""
    if "," not in cell and not (comma_decimals and "." in cell):
        try:
            plain = Decimal(cell)  # most cells of a sheet are as plain as this, and it is ten times as fast
            return (plain, "") if plain.is_finite() else (None, "")
        except InvalidOperation:
            pass
    if (match := _DURATION.fullmatch(cell)) is not None:
        sign, hours, minutes, seconds = match.groups()
        of = Decimal(int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0)) / 3600
        return (-of if sign else of), DURATION
    found = quantity(cell, comma_decimals)
    if found is None and (match := _SIGNED.fullmatch(cell)) is not None:  # "-$5.50", "(5.50)" among accountants
        found = quantity(match[2] or match[3], comma_decimals)
        negative = match[1] != "+"
        return (-abs(found.value) if negative else found.value, found.unit) if found is not None else (None, "")
    return (found.value, found.unit) if found is not None else (None, "")


def _day_number(cell: str) -> Decimal | None:
    """Days since the year 1, so that they can be compared; a time of day is left out."""
    if cell[4:5] == cell[7:8] == "-" and cell[10:11] in ("", " ", "T"):  # as spreadsheets write it
        try:
            return Decimal(date.fromisoformat(cell[:10]).toordinal())
        except ValueError:
            pass
    found = date_of(cell)
    return Decimal(found.day.toordinal()) if found is not None else None
