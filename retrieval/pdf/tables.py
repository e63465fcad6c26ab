"""Tables of a PDF page: rows with their headings, by the rules printed around them or by columns that stand in line.

A heading is only told where something says so: bold letters, a rule or room below it, or numbers under words.
Otherwise the cells of a row stand beside one another, and none names another.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from assistant.values.evidence import Box
from retrieval.pdf.columns import Line, joined, lines
from retrieval.pdf.rules import Grid, Rules
from retrieval.pdf.text import HYPHEN, Fragment, Place, merged

_MOST_COLUMNS = 40
_LONGEST_HEADER = 80
_MOST_HEADER_LINES = 4
CELLS_APART = 0.9  # times the height of the letters between cells, in one line at least
_YEAR = re.compile(r"(?:FY ?)?(?:19|20)\d\d(?:[/–-]\d\d(?:\d\d)?)?")
_NUMBER = re.compile(r"[^\w]{0,4}\d[\d.,'’:/\s%-]{0,30}[^\W\d]{0,3}[%€$£¥°²³)\s]{0,4}")
_LEADER = re.compile(r"(?:[.…·] ?){4,}")

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    cells: Cells
    boxes: tuple[Box, ...]
    at: Place
    size: float
    """Of its letters, in points."""

    def text(self, headers: Cells) -> str:
        """ "header: value | header: value"; a cell without a header, headings that stand again, and what stands above
        the rows below it, alone."""
        above = len(self.cells) > 2 and bool(self.cells[0]) and not any(self.cells[1:])
        if self.cells == headers or above:
            headers = ()
        named = zip(self.cells, [*headers, *[""] * (len(self.cells) - len(headers))], strict=False)
        return " | ".join(f"{header}: {cell}" if header else cell for cell, header in named if cell)


@dataclass(frozen=True)
class Table:
    """columns: where each begins and ends, in points. headings: the lines of its headings as they are printed."""

    columns: tuple[tuple[float, float], ...]
    headers: Cells
    headings: tuple[Row, ...]
    rows: tuple[Row, ...]
    at: Place
    lines: tuple[Line, ...] = ()
    """As it is printed, where neither rules nor headings say that it is a table."""
    printed: tuple["_Printed", ...] = ()
    ruled: bool = False
    before: int = 0
    """The number of its last row on the pages before (`TextSpan.row`); 0 where it begins here."""

    @property
    def last(self) -> int:
        """The number of its last row; headings that stand again are none of its rows."""
        return (self.before or 1) + len(self.rows)


@dataclass
class _Printed:
    """A row before it is known whether it is a heading."""

    cells: list[list[Fragment]]
    spans: list[tuple[int, int, Fragment]] = field(default_factory=list)  # cells over several columns, first and last

    @property
    def fragments(self) -> list[Fragment]:
        return [one for cell in self.cells for one in cell]

    @property
    def texts(self) -> list[str]:
        return [cell_text(cell) for cell in self.cells]

    @property
    def at(self) -> Place:
        return around(self.fragments)

    @property
    def is_bold(self) -> bool:
        return all(one.bold for one in self.fragments)


def around(fragments: Sequence[Fragment]) -> Place:
    return (
        min(one.at[0] for one in fragments),
        min(one.at[1] for one in fragments),
        max(one.at[2] for one in fragments),
        max(one.at[3] for one in fragments),
    )


def cell_text(cell: Sequence[Fragment]) -> str:
    """Its lines as one; a word broken at the end of one is whole."""
    if len(cell) == 1:
        return _plain(cell[0].text.replace(" | ", " "))
    text = ""
    for line in lines(cell) if len(cell) > 1 else ([Line(list(cell), cell[0].at)] if cell else []):
        said = joined(line.fragments).replace(" | ", " ").strip()
        if text.endswith(HYPHEN) or (text.endswith("-") and text[-2:-1].isalpha() and said[:1].islower()):
            text = text[:-1] + said
        else:
            text = f"{text} {said}" if text else said
    return _plain(text)


def _plain(text: str) -> str:
    if "." in text or "…" in text or "·" in text:
        text = _LEADER.sub(" ", text)
    return " ".join(text.replace(HYPHEN, "-").split())


def _row(printed: _Printed) -> Row:
    boxes = merged(
        sorted(
            (box for one in printed.fragments for box in one.boxes), key=lambda box: (box.top + box.bottom, box.left)
        )
    )
    return Row(tuple(printed.texts), boxes, printed.at, min(one.size for one in printed.fragments))


# By rules


def in_grids(fragments: Sequence[Fragment], grids: Sequence[Grid]) -> tuple[list[Table], list[Fragment]]:
    """The tables whose cells are ruled, and what stands outside them."""
    found: list[Table] = []
    rest = list(fragments)
    for grid in grids:
        left, top, right, bottom = grid.at
        inside = [
            one
            for one in rest
            if left <= (one.at[0] + one.at[2]) / 2 <= right and top <= (one.at[1] + one.at[3]) / 2 <= bottom
        ]
        if (table := _from_grid(grid, inside)) is not None:
            found.append(table)
            taken = {id(one) for one in inside}
            rest = [one for one in rest if id(one) not in taken]
    return found, rest


def _from_grid(grid: Grid, inside: list[Fragment]) -> Table | None:
    columns = len(grid.xs) - 1
    rows = len(grid.ys) - 1
    if columns > _MOST_COLUMNS or not inside or rows * columns > 20_000:
        return None
    cells: list[list[list[Fragment]]] = [[[] for _ in range(columns)] for _ in range(rows)]
    for one in inside:
        row = _index(grid.ys, (one.at[1] + one.at[3]) / 2)
        for column, piece in _over(grid, row, one):
            cells[row][column].append(piece)
    filled = sum(bool(cell) for row in cells for cell in row)
    if filled < 4 or sum(any(row[column] for row in cells) for column in range(columns)) < 2:
        return None
    if rows == 1:
        return None
    printed = [_Printed(row_cells, _spans(grid, number, row_cells)) for number, row_cells in enumerate(cells)]
    for column in range(columns):
        _spread(grid, printed, column)
    printed = _split_open_rows(printed, grid)
    kept = [one for one in printed if one.fragments]
    if len(kept) < 2:
        return None
    edges = tuple(pairwise(grid.xs))
    return _table(kept, edges, Rules(grid.level, grid.upright), ruled=True)


def _spans(grid: Grid, row: int, cells: list[list[Fragment]]) -> list[tuple[int, int, Fragment]]:
    """The cells of a row that are as wide as several columns."""
    found: list[tuple[int, int, Fragment]] = []
    for column, cell in enumerate(cells):
        last = column
        while last + 1 < len(cells) and not cells[last + 1] and grid.is_open_right(row, last):
            last += 1
        if last > column:
            found += [(column, last, piece) for piece in cell]
    return found


def _spread(grid: Grid, printed: Sequence[_Printed], column: int) -> None:
    """What fills a cell over several rows belongs to each of them."""
    first = 0
    while first < len(printed):
        last = first
        while last + 1 < len(printed) and grid.is_open_below(last, column):
            last += 1
        rows = printed[first : last + 1]
        shared = [piece for row in rows for piece in row.cells[column]]
        others = all(any(cell for at, cell in enumerate(row.cells) if at != column) for row in rows)
        if last > first and shared and others and len(lines(shared)) == 1:
            for row in rows:
                row.cells[column] = shared
        first = last + 1


def _split_open_rows(printed: list[_Printed], grid: Grid) -> list[_Printed]:
    """Where rules part columns alone and none the rows, each line is a row."""
    found: list[_Printed] = []
    for one in printed:
        fragments = one.fragments
        if not fragments:
            continue
        parts = lines(fragments)
        full = [line for line in parts if len({_index(grid.xs, _middle(piece)) for piece in line.fragments}) >= 2]
        first_filled = len(lines(one.cells[0])) if one.cells[0] else 0
        if len(parts) >= 3 and len(full) >= 0.8 * len(parts) and first_filled >= 0.8 * len(parts) and not one.spans:
            for line in parts:
                cells: list[list[Fragment]] = [[] for _ in one.cells]
                for piece in line.fragments:
                    cells[_index(grid.xs, _middle(piece))].append(piece)
                found.append(_Printed(cells))
        else:
            found.append(one)
    return found


def _middle(one: Fragment) -> float:
    return (one.at[0] + one.at[2]) / 2


def _index(edges: tuple[float, ...], value: float) -> int:
    for index in range(len(edges) - 2):
        if value < edges[index + 1]:
            return index
    return len(edges) - 2


def _over(grid: Grid, row: int, one: Fragment) -> list[tuple[int, Fragment]]:
    """The column in which a fragment begins; where it runs over a rule, it is centred in a cell over several."""
    first, last = _index(grid.xs, one.at[0] + 1), _index(grid.xs, one.at[2] - 1)
    if first == last:
        while first > 0 and grid.is_open_right(row, first - 1):  # a cell over several columns begins at their first
            first -= 1
        return [(first, one)]
    if all(grid.is_open_right(row, column) for column in range(first, last)):
        while first > 0 and grid.is_open_right(row, first - 1):
            first -= 1
        return [(first, one)]
    return [(_index(grid.xs, _middle(one)), one)]


# By columns that stand in line


def in_lines(found: Sequence[Line], rules: Rules) -> list[Line | Table]:
    """Lines with those of them that make a table as one. found: from top to bottom."""
    result: list[Line | Table] = []
    start = 0
    while start < len(found):
        end = _run(found, start)
        if end - start < 2:
            result.append(found[start])
            start += 1
            continue
        while start < end:
            part = _part(found, start, end)
            columns = _columns(found[start:part])
            rest = part + _trailing(found, part, columns)
            result += _tables(found[start:rest], columns, rules)
            start, end = rest, max(end, rest)
    return result


def _is_wide(line: Line) -> bool:
    """Whether somewhere in it there is room as between cells."""
    return len(line.fragments) > 1 and any(
        other.at[0] - one.at[2] > CELLS_APART * max(one.height, other.height) for one, other in pairwise(line.fragments)
    )


def _run(found: Sequence[Line], start: int) -> int:
    """The end of the lines from start on that may be tables: some that go on in a cell, or stand alone, among them."""
    if not _is_wide(found[start]):
        return start
    end, alone = start + 1, 0
    starts = {round(one.at[0] / 3) for one in found[start].fragments[1:]}
    for index in range(start + 1, len(found)):
        line = found[index]
        if line.at[1] - found[index - 1].at[3] > 3.0 * line.height:
            break
        if _is_wide(line):
            end, alone = index + 1, 0
            starts = {round(one.at[0] / 3) for one in line.fragments[1:]}
        elif not starts & {round(line.at[0] / 3) + step for step in (-1, 0, 1)}:
            alone += 1
        if alone > 2 or index - end > 15:
            break
    return end


def _part(found: Sequence[Line], start: int, end: int) -> int:
    """The end of the first table of a run: the next begins after more room than there is between rows."""
    pitches = [b.at[1] - a.at[1] for a, b in pairwise(found[start:end])]
    usual = sorted(pitches)[int(0.7 * (len(pitches) - 1))] if pitches else 0.0
    starts: set[int] = set()
    for index, pitch in enumerate(pitches):
        starts |= {round(one.at[0] / 2) for one in found[start + index].fragments}
        if pitch <= 1.8 * usual or index < 1 or end - start - index - 1 < 2:
            continue
        after = found[start + index + 1].fragments
        in_line = len(after) > 1 and all({round(one.at[0] / 2) + d for d in (-1, 0, 1)} & starts for one in after)
        is_head = all(one.bold for one in after) and not all(one.bold for one in found[start + index].fragments)
        if not in_line or is_head or pitch > 3 * usual:
            return start + index + 1
    return end


def _trailing(found: Sequence[Line], end: int, columns: Sequence[tuple[float, float]]) -> int:
    """How many lines below a table go on in a cell of its last row that is not its first."""
    count = 0
    if len(columns) < 2:
        return 0
    while end + count < len(found) and count < 15:
        line, above = found[end + count], found[end + count - 1]
        close = line.at[1] - above.at[3] < 0.45 * line.height
        if not close or _is_wide(line) or line.at[0] < columns[1][0] - 2 or line.at[2] > columns[-1][1] + 2:
            break
        count += 1
    return count


def _tables(run: Sequence[Line], columns: Sequence[tuple[float, float]], rules: Rules) -> list[Line | Table]:
    wide = sum(_is_wide(line) for line in run)
    if len(columns) < 2 or len(columns) > _MOST_COLUMNS or wide < 2:
        return list(run)
    left, right = columns[0][0], columns[-1][1]
    split = [_split(line, columns) for line in run]
    ruled = [rules.between(a.at[1] + 0.5 * a.height, b.at[1] + 0.5 * b.height, left, right) for a, b in pairwise(run)]
    if wide < 3 and sum(ruled) < 1:
        return list(run)
    heads = _header_lines(split, run, rules, False)
    goes_on = _going_on(split, run, ruled, heads)
    printed = [split[0]]
    for one, joins in zip(split[1:], goes_on, strict=True):
        if joins:
            for column, cell in enumerate(one.cells):
                printed[-1].cells[column] = [*printed[-1].cells[column], *cell]
        else:
            printed.append(one)
    table = _table(printed, columns, rules, ruled=False, heads=heads)
    return [table if heads or any(goes_on) else replace(table, lines=tuple(run))]


def _going_on(split: Sequence[_Printed], run: Sequence[Line], ruled: Sequence[bool], heads: int) -> list[bool]:
    """Of each line but the first, whether it goes on in the cells of the row above it."""
    pitches = [b.at[1] - a.at[1] for a, b in pairwise(run)]
    body = range(max(heads, 1), len(split))
    if sum(ruled) >= 2 and 2 * sum(ruled) >= len(ruled) - 1:
        return [index in body and index > heads and not ruled[index - 1] for index in range(1, len(split))]
    inside = pitches[heads:]
    close = 1.2 * min(inside) if inside else 0.0
    by_room = [index > heads and pitches[index - 1] <= close for index in range(1, len(split))]
    first_lines = [split[index] for index in body if index == heads or not by_room[index - 1]]
    whole = max((sum(map(bool, one.cells)) for one in first_lines), default=0)
    joined_lines = [split[index].texts for index in range(1, len(split)) if by_room[index - 1]]
    wrapped = sum(sum(map(bool, texts)) < whole for texts in joined_lines) > 0.5 * len(joined_lines)
    if (
        wrapped
        and len(first_lines) >= 2
        and max(inside) > 1.25 * min(inside)
        and all(one.cells[0] and sum(bool(cell) for cell in one.cells) >= 2 for one in first_lines)
    ):
        return by_room
    found: list[bool] = []
    row = split[0]
    filled_above = {column for column, cell in enumerate(row.cells) if cell}
    for index in range(1, len(split)):
        joins = index > heads and _goes_on(filled_above, split[index], pitches[index - 1], pitches)
        filled = {column for column, cell in enumerate(split[index].cells) if cell}
        filled_above = filled_above | filled if joins else filled
        found.append(joins)
    return found


def _columns(run: Sequence[Line]) -> tuple[tuple[float, float], ...]:
    """Where cells stand one below another, with white between that next to no line crosses."""
    wide = [line for line in run if _is_wide(line)]
    if not wide:
        return ()
    allowed = 0 if len(wide) < 4 else max(1, len(wide) * 15 // 100)
    events: list[tuple[float, int]] = []
    for line in wide:
        pieces = [(one.at[0], one.at[2]) for one in line.fragments]
        height = line.height
        cells = [pieces[0]]
        for left, right in pieces[1:]:
            if left - cells[-1][1] <= 0.45 * height:
                cells[-1] = (cells[-1][0], max(cells[-1][1], right))
            else:
                cells.append((left, right))
        events += [(left, 1) for left, _ in cells] + [(right, -1) for _, right in cells]
    events.sort()
    height = median(line.height for line in wide)
    found: list[tuple[float, float]] = []
    count, began = 0, 0.0
    for x, step in events:
        before = count
        count += step
        if before <= allowed < count:
            began = x
        elif before > allowed >= count:
            if found and began - found[-1][1] < 0.4 * height:
                found[-1] = (found[-1][0], x)
            else:
                found.append((began, x))
    return tuple(found)


def _split(line: Line, columns: Sequence[tuple[float, float]]) -> _Printed:
    printed = _Printed([[] for _ in columns])
    touched = [_touched(one, columns) for one in line.fragments]
    if len(touched) == len(columns) and all(at in range(a, b + 1) for at, (a, b) in enumerate(touched)):
        touched = [
            (at, at) for at in range(len(columns))
        ]  # one each, though a word above numbers may stand beside them
    for one, (first, last) in zip(line.fragments, touched, strict=True):
        printed.cells[first].append(one)
        if last > first:
            printed.spans.append((first, last, one))
    return printed


def _touched(one: Fragment, columns: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """The first and last column that a fragment stands in; between two, both."""
    touched = [index for index, (left, right) in enumerate(columns) if one.at[0] < right - 1 and one.at[2] > left + 1]
    if touched:
        shares = [min(one.at[2], columns[i][1]) - max(one.at[0], columns[i][0]) for i in touched]
        if len(touched) > 1 and max(shares) > 0.85 * one.width:  # it only reaches over
            best = touched[shares.index(max(shares))]
            return best, best
        return touched[0], touched[-1]
    before = [index for index, (_, right) in enumerate(columns) if right <= one.at[0] + 1]
    if not before:
        return 0, 0
    at = before[-1]
    if at + 1 >= len(columns):
        return at, at
    if one.at[0] - columns[at][1] < 0.3 * one.height:
        return at, at
    if columns[at + 1][0] - one.at[2] < 0.3 * one.height:
        return at + 1, at + 1
    return at, at + 1


def _goes_on(above: set[int], one: _Printed, pitch: float, pitches: list[float]) -> bool:
    """Whether a line without its first cell, close below a row, goes on in that row's cells."""
    filled = {column for column, cell in enumerate(one.cells) if cell}
    if 0 in filled or not filled <= above or len(filled) >= len(above) or pitch > 1.15 * min(pitches) + 1:
        return False
    return not any(_NUMBER.fullmatch(text) for text in one.texts if text)


# Headings


def _header_lines(split: Sequence[_Printed], at: Sequence[Line] | None, rules: Rules, ruled: bool) -> int:
    """How many lines at the top are headings; 0 where nothing says that they are."""
    columns = len(split[0].cells)
    if len(split) < 2:
        return 0
    texts = [one.texts for one in split[:200]]
    if not ruled and sum(sum(map(bool, row)) >= max(2, columns / 2) for row in texts) < 0.6 * len(texts):
        return 0  # too much of it is empty
    numeric = {column: kind for column in range(columns) if (kind := _numbers_in(texts, column))}
    most = min(_MOST_HEADER_LINES, len(split) - 1)

    def holds_values(row: Sequence[str]) -> bool:
        return any(_is_value(row[column], kind) for column, kind in numeric.items() if row[column])

    count = next((at for at in range(most + 1) if holds_values(texts[at])), 0)  # the lines above the first number
    bold = 0
    while bold < most and split[bold].is_bold:
        bold += 1
    if bold and (bold == most or all(one.is_bold for one in split[bold : bold + 4])):
        bold = 0  # all of it is
    if bold and _is_header(split[:bold], columns):
        return bold
    if at is not None and not ruled:
        left, right = min(line.at[0] for line in at), max(line.at[2] for line in at)
        under = [
            rules.between(a.at[1] + 0.5 * a.height, b.at[1] + 0.5 * b.height, left, right) for a, b in pairwise(at)
        ]
        for index in range(min(most, 3)):
            below = under[index + 1 :]
            if under[index] and sum(below) <= 0.34 * max(len(below), 1) and _is_header(split[: index + 1], columns):
                return index + 1
        rooms = [b.at[1] - a.at[1] for a, b in pairwise(at)]
        apart = len(rooms) >= 3 and rooms[0] > 1.25 * median(rooms[1:]) and rooms[0] < 3 * median(rooms[1:])
        larger = split[0].fragments[0].size > 1.08 * median(one.fragments[0].size for one in split[1:] if one.fragments)
        words = all(len(text) > 1 for text in texts[0] if text)
        if (apart or larger) and words and _is_header(split[:1], columns):
            return 1
    if numeric and 0 < count <= 3 and _is_header(split[:count], columns):
        body = len(split) - count
        pure = any(c and all(_NUMBER.fullmatch(row[c]) for row in texts[count:] if row[c]) for c in numeric)
        if columns > 2 or (pure and (body >= 5 or _are_alike(texts[count:]))):
            return count
    if ruled and columns >= 3 and len(split) >= 3 and _is_header(split[:1], columns, whole=True):
        return 1
    return 0


def _are_alike(body: Sequence[Sequence[str]]) -> bool:
    """Whether the numbers of a second column are of one kind, as prices are and what a form asks for is not."""
    shapes = {re.sub(r"\d+", "0", row[1]) for row in body}
    return len(shapes) == 1 and len(body) >= 3 and all(row[0] and not _NUMBER.fullmatch(row[0]) for row in body)


def _is_value(text: str, kind: str) -> bool:
    """Whether a cell holds what those below it do: in a column of numbers "Q1" is none."""
    if _YEAR.fullmatch(text):
        return False
    return bool(_NUMBER.fullmatch(text)) if kind == "numbers" else any(letter.isdigit() for letter in text)


def _numbers_in(texts: Sequence[Sequence[str]], column: int) -> str:
    """ "numbers" or "codes", where most cells below the first line are such; "" otherwise."""
    below = [row[column] for row in texts[1:] if row[column]]
    if len(below) < 2:
        return ""
    if sum(bool(_NUMBER.fullmatch(text)) for text in below) >= 0.6 * len(below):
        return "numbers"
    coded = sum(any(letter.isdigit() for letter in text) and len(text) < 40 for text in below)
    return "codes" if coded >= 0.6 * len(below) else ""


def _is_header(heads: Sequence[_Printed], columns: int, whole: bool = False) -> bool:
    """Whether these lines may be headings: words over all columns but one at most, no two the same."""
    headers = _headers(heads)
    filled = [text for text in headers if text]
    enough = columns if whole or columns < 3 else max(2, columns - max(1, columns // 4))
    if len(filled) < enough and not (columns == 2 and headers[1] and not headers[0]):
        return False
    if any(
        len(text) > _LONGEST_HEADER or ": " in text or (text.endswith((".", ";")) and len(text) > 8) for text in filled
    ):
        return False
    if len(set(filled)) < len(filled):
        return False
    return all(any(letter.isalpha() for letter in text) or _YEAR.fullmatch(text) or text in "#%№€$£" for text in filled)


def _headers(heads: Sequence[_Printed]) -> Cells:
    """The heading of each column, from the lines that make it; what stands over several columns belongs to each."""
    found: list[list[str]] = [[] for _ in heads[0].cells]
    seen: set[tuple[int, int]] = set()
    for head in heads:
        spans = {id(one): (first, last) for first, last, one in head.spans}
        for column, cell in enumerate(head.cells):
            over: dict[int, list[Fragment]] = {}
            for one in cell:
                first, last = spans.get(id(one), (column, column))
                for at in range(first, last + 1):
                    if (at, id(one)) not in seen:  # what fills two rows stands in both
                        seen.add((at, id(one)))
                        over.setdefault(at, []).append(one)
            for at, pieces in over.items():
                found[at].append(cell_text(pieces))
    return tuple(" ".join(" ".join(parts).split()).rstrip(":").rstrip() for parts in found)


def _table(
    printed: Sequence[_Printed],
    columns: Sequence[tuple[float, float]],
    rules: Rules,
    ruled: bool,
    heads: int | None = None,
) -> Table:
    heads = _header_lines(printed, None, rules, ruled) if heads is None else heads
    headers = _headers(printed[:heads]) if heads else ()
    at = around([one for row in printed for one in row.fragments])
    rows = tuple(_row(one) for one in printed)
    return Table(tuple(columns), headers, rows[:heads], rows[heads:], at, printed=tuple(printed), ruled=ruled)


# Over pages


def with_headings(table: Table, after: Table) -> Table:
    """A table at the foot of a page, with headings if together with its rows on the next page it has some."""
    heads = _header_lines([*table.printed, *after.printed], None, Rules(), table.ruled)
    if not 0 < heads <= len(table.printed):
        return table
    return _table(table.printed, table.columns, Rules(), table.ruled, heads)


def after_break(table: Table, after: Table) -> Table:
    """The rest of a table on the next page. What looks like other headings there is a row, unless it is set apart."""
    if not table.headers or after.headers == table.headers:
        return after
    heads = len(after.headings)
    if heads and all(one.is_bold for one in after.printed[:heads]):
        return after
    return replace(after, headers=table.headers, headings=(), rows=(*after.headings, *after.rows))


def headed_by(table: Table, line: Line) -> Table | None:
    """A table at the top of a page under headings that stand alone at the foot of the page before."""
    head = _split(line, table.columns)
    if len(line.fragments) < 2 or not _is_header([head], len(table.columns)):
        return None
    if not _header_lines([head, *table.printed], None, Rules(), table.ruled):
        return None
    return replace(table, headers=_headers([head]))


def carried(before: Table, found: Sequence[Line]) -> int:
    """How many lines from the first on go on with a table that has headings: each of their cells stands in a column."""
    count = 0
    for line in found:
        columns = [_column_of(one, before.columns) for one in line.fragments]
        known = [column for column in columns if column is not None]
        if len(known) < len(columns) or len(set(known)) < max(2, len(before.columns) - 2):
            break
        count += 1
    return count


def continued(before: Table, found: Sequence[Line]) -> Table:
    """Lines in the columns of a table on the page before."""
    printed = []
    for line in found:
        one = _Printed([[] for _ in before.columns])
        for piece in line.fragments:
            one.cells[_column_of(piece, before.columns) or 0].append(piece)
        printed.append(one)
    return replace(_table(printed, before.columns, Rules(), before.ruled, heads=0), headers=before.headers)


def _column_of(one: Fragment, columns: Sequence[tuple[float, float]]) -> int | None:
    touched = [index for index, (left, right) in enumerate(columns) if one.at[0] < right and one.at[2] > left]
    if len(touched) == 1:
        return touched[0]
    if touched:
        return None
    near = min(range(len(columns)), key=lambda i: max(columns[i][0] - one.at[2], one.at[0] - columns[i][1]))
    room = max(columns[near][0] - one.at[2], one.at[0] - columns[near][1])
    return near if room < 3 * one.height else None
