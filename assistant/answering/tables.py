"""Tables parsed back from pieces: rows of cells, each with the place that it stands at.

Four sorts: rows of spreadsheets ("header: value | header: value"), rows of documents that their reader numbered, lines
of tables in other documents and pictures ("a | b | c", the first of them the headers), and lists of what something
costs, as on receipts and menus ("Rye bread  4.20"). Subtotals among the rows, and headings that stand above some of
them, are no rows. Knows no request. One pass over the rows: a table may have fifty thousand of them.
"""

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby, pairwise
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.text.dates import date_of, dates_in
from assistant.text.hidden_marks import OF_LINE
from assistant.text.quantities import number, quantities_in, quantity, writes_comma_decimals
from assistant.text.total_labels import is_total, totals_among
from assistant.values.evidence import Evidence, Page, Region, Section, Sheet

CELLS = " | "
MOST_HEADER_ROWS = 20  # among which the headers of a sheet stand
LONGEST_CAPTION = 100
SAMPLED = 100  # cells that are looked at first
ALIKE = 0.8  # share of a column's cells that must be of its kind
DURATION = "h:mm"  # the unit of durations, whose numbers are hours
_DURATION = re.compile(r"(-)?(\d{1,6}):([0-5]\d)(?::([0-5]\d))? h")
_POINTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_AMOUNT = re.compile(r"(\D{0,8})(\d{1,3}(?:[.,]?\d{3}){0,5}(?:[.,]\d{1,4})?)(\D{0,8})")
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
    """That of its sheet, or what is said above it, as a caption; or ""."""
    headers: tuple[str, ...]
    """ "" where a column has none."""
    rows: tuple[Row, ...] = field(repr=False)
    is_sheet: bool = False
    """Whether it came out of a spreadsheet."""
    is_list: bool = False
    """Whether it is a list of what something costs."""
    totals: tuple[Row, ...] = ()
    """Lines of sums, which are no rows."""
    is_grouped: bool = False
    """Whether the last column, without a header, is what headings above some of its rows say."""
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
    collects = gc.isenabled()
    gc.disable()  # of so many objects, none in a circle, the search for circles took half of the time
    try:
        return _tables_in(pieces)
    finally:
        if collects:
            gc.enable()


def _tables_in(pieces: Iterable[Evidence]) -> list[Table]:
    found: list[Table] = []
    for _, group in groupby(pieces, lambda piece: piece.source_id):
        of_file = [piece for piece in group if piece.medium in ("text", "image") and not is_said_of_picture(piece)]
        sheets = [piece for piece in of_file if isinstance(piece.location, Sheet)]
        found += _sheets(sheets)
        others = [piece for piece in of_file if not isinstance(piece.location, Sheet)]
        found += _of_numbered(others)
        found += _of_lines(others)
    return found


def ungrouped(table: Table) -> Table:
    """With the columns alone that stand there."""
    if not table.is_grouped:
        return table
    rows, totals = (tuple(Row(row.cells[:-1], row.stands) for row in some) for some in (table.rows, table.totals))
    return replace(table, headers=table.headers[:-1], rows=rows, totals=totals, is_grouped=False, _columns={})


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
        for headers, rows in _stacked([lines[at] for at in seen], [stands[at] for at in seen]):
            if (table := _assembled(source, name, headers, rows, is_sheet=True)) is not None:
                yield table


@dataclass(frozen=True)
class _Heading:
    """A line among rows that says what those below it are, or a note among them."""

    text: str


def _assembled(
    source: Evidence, name: str, headers: tuple[str, ...], lines: Sequence[Row | _Heading], is_sheet: bool
) -> Table | None:
    """The table of these rows, what stands above some of them as a column of its own, sums set apart."""
    if all(isinstance(line, _Heading) for line in lines):
        return None
    above: list[str] = []
    rows: list[Row] = []
    heading = ""
    for line in lines:
        if isinstance(line, _Heading):
            heading = line.text
        else:
            rows.append(line)
            above.append(heading)
    kept, totals = _without_sums(headers, rows)
    grouped = len({above[at] for at in kept} - {""}) > 1 or (bool(above) and not above[0] and above[-1] != "")
    if grouped:
        rows = [Row((*row.cells, heading), row.stands) for row, heading in zip(rows, above, strict=True)]
        headers = (*headers, "")
    return Table(
        source.source_id, source.source, name, headers, tuple([rows[at] for at in kept]), is_sheet=is_sheet,
        totals=tuple(rows[at] for at in totals), is_grouped=grouped,
    )  # fmt: skip


def _without_sums(headers: Sequence[str], rows: Sequence[Row]) -> tuple[list[int], list[int]]:
    """Which are rows and which are sums: those at the end that are called so, and those before it that are, and come to
    what stands above them."""
    end = _totals_at(rows)
    sums = totals_among([next(filter(None, row.cells), "") for row in rows[:end]])
    if sums:
        columns = [_column(tuple([row.cells[at] for row in rows[:end]])) for at in range(len(headers))]
        numeric = [column.numbers for column in columns if column.kind == "number"]
        first = 0
        for at in list(sums):
            here = [numbers for numbers in numeric if numbers[at] is not None]
            added = [sum((n for n in numbers[first:at] if n is not None), Decimal(0)) for numbers in here]
            if not any(one == numbers[at] for one, numbers in zip(added, here, strict=True)):
                sums.remove(at)
                continue
            first = at + 1
    apart = set(sums)
    return [at for at in range(end) if at not in apart], [*sums, *range(end, len(rows))]


def _stacked(
    lines: Sequence[str], stands: Sequence[tuple[CellSpan, ...]]
) -> Iterator[tuple[tuple[str, ...], list[Row | _Heading]]]:
    """The tables of a sheet, one below the other: of each its headers and lines."""
    first, headers_at = 0, _headers_at(lines[: MOST_HEADER_ROWS + 1])
    if headers_at is None:
        parted = [tuple(line.split(CELLS)) for line in lines]
        width = max(map(len, parted), default=0)
        bare: list[Row | _Heading] = [_widened(Row(cells, at), width) for cells, at in zip(parted, stands, strict=True)]
        if bare:
            yield ("",) * width, bare
        return
    while headers_at is not None:
        at = first + headers_at + 1
        line = lines[at - 1]
        headers = tuple(line.split(CELLS))
        if not lines[at].startswith(tuple(f"{header}: " for header in headers)):
            headers = ("", *headers)  # what the rows are called stands below no header
        cells = _reader(headers)
        found: list[Row | _Heading] = []
        headers_at = None
        while at < len(lines):
            row = cells(lines[at])
            if row is not None:
                found.append(Row(row, stands[at]))
            elif lines[at] != line and _headers_at(lines[at : at + 2]) == 0:
                first, headers_at = at, 0
                break
            elif lines[at] != line and CELLS not in lines[at]:
                found.append(_Heading(lines[at]))
            at += 1
        if found:
            yield headers, found


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

    starts = [f"{header}: " for header in named]
    widths = [len(start) for start in starts]

    def cells(line: str) -> tuple[str, ...] | None:
        parts = line.split(CELLS)
        if len(parts) == len(starts) and all(map(str.startswith, parts, starts)):  # as most do, and six times as fast
            return tuple([part[width:] for part, width in zip(parts, widths, strict=True)])
        match = row.match(line)
        return tuple([cell or "" for cell in match.groups()]) if match else None

    def labelled(line: str) -> tuple[str, ...] | None:
        if (found := cells(line)) is not None:
            return ("", *found)
        label, _, rest = line.partition(CELLS)
        return (label, *found) if rest and (found := cells(rest)) is not None else None

    return cells if named is headers else labelled


@dataclass
class _Numbered:
    """A table whose rows have numbers, as it is put together."""

    source: Evidence
    name: str
    headers: str = ""
    lines: list[str] = field(default_factory=list)
    stands: list[tuple[CellSpan, ...]] = field(default_factory=list)

    def table(self) -> Table | None:
        headers = tuple(_cells(self.headers)) if self.headers else ()
        rows = self._headed(headers) or self._bare(headers)
        if rows is None:
            return None
        headers, lines = rows
        if sum(isinstance(line, Row) for line in lines) < 2:
            return None
        return _assembled(self.source, self.name, headers, lines, is_sheet=False)

    def _headed(self, headers: tuple[str, ...]) -> tuple[tuple[str, ...], list[Row | _Heading]] | None:
        """Lines of "header: value"; None where they are none, or one is not understood."""
        widest = max(self.lines, key=lambda line: line.count(CELLS), default="")
        if not widest.startswith(tuple(f"{header}: " for header in headers if header)):
            named = [_HEADED.match(cell) for cell in widest.split(CELLS)]  # the headers stand on the page before
            headers = tuple(match[1] for match in named if match)
            if not headers or len(headers) < len(named) or len(set(headers)) < len(headers):
                return None
        lines: list[Row | _Heading] = []
        for line, at in zip(self.lines, self.stands, strict=True):
            row = _under(headers, line)
            if row is None:
                return None
            lines.append(Row(row, at) if isinstance(row, tuple) else _Heading(row))
        return headers, lines

    def _bare(self, headers: tuple[str, ...]) -> tuple[tuple[str, ...], list[Row | _Heading]] | None:
        """Lines of "a | b". Where nothing says that the first names the columns, it does if it holds no value."""
        parted = [tuple(_cells(line)) for line in self.lines]
        width = max(map(len, parted), default=0)
        stands = self.stands
        if not headers and len(parted) > 2 and len(parted[0]) == width and not any(map(_is_value, parted[0])):
            headers, parted, stands = parted[0], parted[1:], stands[1:]
        headers = headers or ("",) * width
        if width != len(headers):
            return None
        lines = [
            _Heading(cells[0]) if len(cells) == 1 < width else _widened(Row(cells, at), width)
            for cells, at in zip(parted, stands, strict=True)
        ]
        return headers, lines


def _is_value(cell: str) -> bool:
    return bool(cell) and (quantity(cell) is not None or date_of(cell) is not None)


_HEADED = re.compile(r"([^:|]{1,80}): \S")


def _of_numbered(pieces: Sequence[Evidence]) -> Iterator[Table]:
    """Tables whose rows their reader numbered; one over several pages is one."""
    made: _Numbered | None = None
    last = 0
    was_cut = False
    above = ""
    for piece in pieces:
        end = 0
        for place in piece.places:
            if not place.row:
                continue
            between = piece.content[end : place.start].strip()
            if between:
                above = between.rsplit("\n", 1)[-1].strip()
            text, at = piece.content[place.start : place.end], CellSpan(piece, place.start, place.end)
            same = made is not None and place.row == last and was_cut and place.start == 0
            was_cut = place.end == len(piece.content)
            end = place.end
            if made is not None and same:
                if last == 1:
                    made.headers += " " + text
                else:
                    made.lines[-1] += " " + text
                    made.stands[-1] = (*made.stands[-1], at)
                continue
            if made is None or place.row <= last:
                if made is not None and (table := made.table()) is not None:
                    yield table
                made = _Numbered(piece, _caption(piece, above))
            if place.row == 1:
                made.headers = text
            else:
                made.lines.append(text)
                made.stands.append((at,))
            last = place.row
        rest = piece.content[end:].strip()
        above = rest.rsplit("\n", 1)[-1].strip() if rest else above if end else ""
    if made is not None and (table := made.table()) is not None:
        yield table


def _caption(piece: Evidence, above: str) -> str:
    """What is said of a table that stands there: the line above it if it is short, else the heading of its section."""
    if above and len(above) <= LONGEST_CAPTION and CELLS not in above:
        return above.rstrip(":：")
    return piece.location.heading if isinstance(piece.location, Section) else ""


def _cells(line: str) -> list[str]:
    """Of "a | b", also where the first or the last of them is empty."""
    if line.startswith("| "):
        line = f" {line}"
    return [cell.strip() for cell in (f"{line} " if line.endswith(" |") else line).split(CELLS)]


def _under(headers: tuple[str, ...], line: str) -> tuple[str, ...] | str | None:
    """The cells of "header: value | header: value"; the line itself where it names none of the headers."""
    row = [""] * len(headers)
    at = -1
    for cell in line.split(CELLS):
        column = next(
            (c for c in range(at + 1, len(headers)) if headers[c] and cell.startswith(f"{headers[c]}: ")), None
        )
        if column is None:
            column = next((c for c in range(at + 1, len(headers)) if not headers[c]), None)
            if column is None:
                return line if at < 0 and CELLS not in line else None
            row[column] = cell
        else:
            row[column] = cell[len(headers[column]) + 2 :]
        at = column
    return tuple(row)


def _widened(row: Row, width: int) -> Row:
    return Row((row.cells + ("",) * width)[:width], row.stands)


@dataclass(frozen=True)
class _TableLine:
    text: str
    stretch: CellSpan
    is_numbered: bool = False


def _of_lines(pieces: Sequence[Evidence]) -> Iterator[Table]:
    lines = [line for piece in pieces for line in _lines(piece)]
    for kind, group in groupby(lines, lambda line: None if line.is_numbered else CELLS in line.text):
        some = list(group)
        table = None if kind is None else _barred(some) if kind else _priced(some)
        if table is not None:
            yield table


def _lines(piece: Evidence) -> Iterator[_TableLine]:
    start = 0
    numbered = {at for place in piece.places if place.row for at in (place.start, place.end)}
    for text in piece.content.split("\n"):
        if text.strip():
            is_numbered = start in numbered or start + len(text) in numbered
            yield _TableLine(text.strip(), CellSpan(piece, start, start + len(text)), is_numbered)
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
    if (amount := _AMOUNT.fullmatch(cell)) is not None and (unit := _unit(amount[1], amount[3])) is not None:
        return number(amount[2], comma_decimals), unit
    found = quantity(cell, comma_decimals)
    if found is None and (match := _SIGNED.fullmatch(cell)) is not None:  # "-$5.50", "(5.50)" among accountants
        found = quantity(match[2] or match[3], comma_decimals)
        negative = match[1] != "+"
        return (-abs(found.value) if negative else found.value, found.unit) if found is not None else (None, "")
    return (found.value, found.unit) if found is not None else (None, "")


@lru_cache(maxsize=1_000)
def _unit(before: str, after: str) -> str | None:
    """The unit of a number between these; None where they say more than a unit."""
    found = quantity(f"{before}12{after}")
    return found.unit if found is not None and found.value == 12 else None


def _day_number(cell: str) -> Decimal | None:
    """Days since the year 1, so that they can be compared; a time of day is left out."""
    if cell[4:5] == cell[7:8] == "-" and cell[10:11] in ("", " ", "T"):  # as spreadsheets write it
        try:
            return Decimal(date.fromisoformat(cell[:10]).toordinal())
        except ValueError:
            pass
    if (match := _POINTED.fullmatch(cell)) is not None:
        try:
            return Decimal(date(int(match[3]), int(match[2]), int(match[1])).toordinal())
        except ValueError:
            return None
    found = date_of(cell)
    return Decimal(found.day.toordinal()) if found is not None else None
