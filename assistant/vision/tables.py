"""Tables on a picture: rows with their cells kept apart, found by ruled lines or by how pieces of text stand.

Knows boxes and words, and the picture's own lines; nothing of how the words were read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy

from assistant.ports.vision import TextLine
from assistant.values.evidence import Box, Region, TextSpan
from assistant.vision.detection import Pixels
from assistant.vision.layout import TextBox, in_reading_order, letters_of, rows_of

FEWEST_ROWS, FEWEST_COLUMNS = 3, 3  # where no rules are drawn; with rules two of each
FARTHEST = 2.5  # of a row's height, between two rows of one table
_SHORTEST_RULE = 0.05  # of the picture's side
_THICKEST_RULE = 0.012

Cell = tuple[TextBox, ...]  # pieces of one cell in reading order; none: it is empty


@dataclass(frozen=True)
class PrintedTable:
    """rows: top to bottom, each with as many cells as there are columns."""

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def pieces(self) -> list[TextBox]:
        return [piece for row in self.rows for cell in row for piece in cell]

    @property
    def top(self) -> float:
        return min(piece.box.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return max(piece.box.bottom for piece in self.pieces)


@dataclass(frozen=True)
class Rules:
    """Ruled lines, as fractions of the picture: heights of those that lie, and where from left those stand that do.

    Each is of one ruled sheet that `box` goes around.
    """

    box: Box
    lying: tuple[float, ...]
    standing: tuple[float, ...]


def read_in_order(pieces: Sequence[TextBox], rules: Sequence[Rules] = ()) -> tuple[TextLine, ...]:
    """All lines in reading order; those of a table are its rows: "Part: Pump seal | Price: 43.10"."""
    tables = sorted(find(pieces, rules), key=lambda table: table.top)
    taken = {id(piece) for table in tables for piece in table.pieces}
    rest = [piece for piece in pieces if id(piece) not in taken]
    lines: tuple[TextLine, ...] = ()
    for table in tables:
        above = [piece for piece in rest if piece.box.top < table.top]
        rest = [piece for piece in rest if piece.box.top >= table.top]
        lines += (*in_reading_order(above), *_lines(table))
    return lines + in_reading_order(rest)


def find(pieces: Sequence[TextBox], rules: Sequence[Rules] = ()) -> list[PrintedTable]:
    found = [table for sheet in rules if (table := _ruled(pieces, sheet)) is not None]
    taken = {id(piece) for table in found for piece in table.pieces}
    return found + list(_unruled([piece for piece in pieces if id(piece) not in taken]))


def rules_of(pixels: Pixels, width: int, height: int) -> list[Rules]:
    """The ruled sheets on a picture that stands straight. pixels: (height, width, BGR)."""
    import cv2

    grey = cv2.cvtColor(pixels[:height, :width], cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    long, high = max(20, round(width * _SHORTEST_RULE)), max(20, round(height * _SHORTEST_RULE))
    lying = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (long, 1)))
    standing = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (1, high)))
    if not lying.any() or not standing.any():
        return []
    joined = cv2.dilate(cv2.bitwise_or(lying, standing), numpy.ones((5, 5), numpy.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    sheets = []
    for left, top, across, down, _ in stats[1:count]:
        if across < 2 * long or down < 24:
            continue
        part = (slice(top, top + down), slice(left, left + across))
        heights = _lines_along(lying[part].sum(axis=1) / 255 / across, top, height)
        lefts = _lines_along(standing[part].sum(axis=0) / 255 / down, left, width)
        if len(heights) >= 3 and len(lefts) >= 3:
            box = Box(left / width, top / height, (left + across) / width, (top + down) / height)
            sheets.append(Rules(box, heights, lefts))
    return sheets


def _lines_along(share: "numpy.typing.NDArray[numpy.float64]", start: int, whole: int) -> tuple[float, ...]:
    """Where a rule crosses at least half of the sheet, a thick one counted once."""
    at = numpy.flatnonzero(share > 0.5)
    if not len(at):
        return ()
    groups = numpy.split(at, numpy.flatnonzero(numpy.diff(at) > max(2, whole * _THICKEST_RULE / 3)) + 1)
    return tuple(float(start + group.mean()) / whole for group in groups)


def _ruled(pieces: Sequence[TextBox], rules: Rules) -> PrintedTable | None:
    """Pieces by the field of the sheet in which their middle lies."""
    fields: dict[tuple[int, int], list[TextBox]] = {}
    for piece in pieces:
        across, down = (piece.box.left + piece.box.right) / 2, (piece.box.top + piece.box.bottom) / 2
        row = sum(line < down for line in rules.lying) - 1
        column = sum(line < across for line in rules.standing) - 1
        if 0 <= row < len(rules.lying) - 1 and 0 <= column < len(rules.standing) - 1:
            fields.setdefault((row, column), []).append(piece)
    rows = sorted({row for row, _ in fields})
    columns = range(len(rules.standing) - 1)
    if len(rows) < 2 or len({column for _, column in fields}) < 2:
        return None
    return PrintedTable(tuple(tuple(_in_cell(fields.get((row, column), [])) for column in columns) for row in rows))


def _in_cell(pieces: Sequence[TextBox]) -> Cell:
    return tuple(piece for row in rows_of(pieces) for piece in row)


def _unruled(pieces: Sequence[TextBox]) -> Iterator[PrintedTable]:
    """Stretches of rows whose pieces stand below one another in at least three columns, not all of running text."""
    run: list[list[TextBox]] = []
    columns: list[Box] = []
    for row in [*rows_of(pieces), []]:
        grown = _joined(columns, row, run[-1] if run else []) if row else None
        if grown is not None:
            run.append(row)
            columns = grown
            continue
        if (table := _table(run, columns)) is not None:
            yield table
        run, columns = ([row], [piece.box for piece in row]) if len(row) >= FEWEST_COLUMNS else ([], [])


def _joined(columns: list[Box], row: Sequence[TextBox], above: Sequence[TextBox]) -> list[Box] | None:
    """The columns with this row in them; None where it does not stand in them."""
    if len(columns) < FEWEST_COLUMNS or len(row) < 2 or len(row) > len(columns):
        return None
    high = sorted(piece.box.bottom - piece.box.top for piece in (*row, *above))
    gap = min(piece.box.top for piece in row) - max(piece.box.bottom for piece in above)
    if gap > FARTHEST * high[len(high) // 2]:
        return None
    at = _columns_of(columns, row)
    if at is None:
        return None
    grown = list(columns)
    for piece, column in zip(row, at, strict=True):
        old = grown[column]
        grown[column] = Box(min(old.left, piece.box.left), 0, max(old.right, piece.box.right), 1)
    apart = all(one.right <= other.left for one, other in pairwise(grown))
    return grown if apart else None


def _columns_of(columns: Sequence[Box], row: Sequence[TextBox]) -> list[int] | None:
    """In which column each piece stands: by number where none is missing, else by what it lies below."""
    if len(row) == len(columns):
        return list(range(len(row)))
    at = []
    for piece in row:
        below = [n for n, column in enumerate(columns) if _shared(piece.box, column) > 0]
        middle = (piece.box.left + piece.box.right) / 2
        nearest = min(range(len(columns)), key=lambda n: abs((columns[n].left + columns[n].right) / 2 - middle))
        at.append(below[0] if len(below) == 1 else nearest if not below else -1)
    return at if -1 not in at and at == sorted(set(at)) else None


def _shared(one: Box, other: Box) -> float:
    return min(one.right, other.right) - max(one.left, other.left)


def _table(run: Sequence[Sequence[TextBox]], columns: Sequence[Box]) -> PrintedTable | None:
    if len(run) < FEWEST_ROWS:
        return None
    rows = []
    for row in run:
        cells: list[Cell] = [() for _ in columns]
        for piece, column in zip(row, _columns_of(columns, row) or (), strict=False):
            cells[column] = (piece,)
        rows.append(tuple(cells))
    by_column = [[piece for row in rows for piece in row[n]] for n in range(len(columns))]
    running = sum(letters_of(column) >= 14 for column in by_column)
    return PrintedTable(tuple(rows)) if running <= len(columns) // 2 else None


def _lines(table: PrintedTable) -> Iterator[TextLine]:
    """A row a line, each value with what heads its column, so that it makes sense alone."""
    heads = _heads(table)
    for number, row in enumerate(table.rows):
        text, places, confidence = "", [], 1.0
        for column, cell in enumerate(row):
            if not cell:
                continue
            said = _said(cell)
            head = heads[column] if heads and number else ""
            text += " | " if text else ""
            start = len(text)
            text += f"{head}: {said}" if head else said
            places.append(TextSpan(start, len(text), Region(tuple(piece.place for piece in cell))))
            confidence = min(confidence, *(piece.confidence for piece in cell))
        boxes = tuple(piece.place for cell in row for piece in cell)
        if text:
            yield TextLine(text, Region(boxes), confidence, tuple(places))


def _heads(table: PrintedTable) -> list[str]:
    """The first row, where its cells are words, no two the same, and some value below is a number; else none."""
    first = [_said(cell) for cell in table.rows[0]]
    filled = [word for word in first if word]
    words = all(any(letter.isalpha() for letter in word) and not any(map(str.isdigit, word)) for word in filled)
    below = [_said(cell) for row in table.rows[1:] for cell in row]
    numbers = any(any(map(str.isdigit, said)) for said in below)
    return first if len(filled) >= 2 and words and numbers and len(set(filled)) == len(filled) else []


def _said(cell: Cell) -> str:
    return " ".join(piece.text for piece in cell)
