"""The rules printed on a PDF page: the straight level and upright lines of its drawings, and grids that they make."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from retrieval.pdf.text import Frame, Place

_MOST_OBJECTS = 20_000
_MOST_PATHS = 3_000
_MOST_SEGMENTS = 12_000
_MOST_RULES = 500  # of one page, after those that touch are one: what has more is a drawing
_THIN = 2.5  # points
_TOUCH = 2.5  # points between rules that meet
_SHORTEST = 5.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line. at: where it is level, its height; where it is upright, how far to the right."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Grid:
    """A table's rules: where its columns and rows begin and end, and which of them stand between two cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]

    @property
    def at(self) -> Place:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def is_open_below(self, row: int, column: int) -> bool:
        """Whether no rule stands between this cell and the one below it."""
        middle = (self.xs[column] + self.xs[column + 1]) / 2
        return not any(start <= middle <= end for start, end in self._level_at[row + 1])

    def is_open_right(self, row: int, column: int) -> bool:
        middle = (self.ys[row] + self.ys[row + 1]) / 2
        return not any(start <= middle <= end for start, end in self._upright_at[column + 1])

    @cached_property
    def _level_at(self) -> list[list[tuple[float, float]]]:
        return [_near(self.level, y) for y in self.ys]

    @cached_property
    def _upright_at(self) -> list[list[tuple[float, float]]]:
        return [_near(self.upright, x) for x in self.xs]


def _near(rules: Sequence[Rule], at: float) -> list[tuple[float, float]]:
    """Where the rules at this height, or so far to the right, begin and end."""
    return [(rule.start, rule.end) for rule in rules if abs(rule.at - at) <= _TOUCH]


@dataclass(frozen=True)
class Rules:
    level: tuple[Rule, ...] = ()
    upright: tuple[Rule, ...] = ()

    def between(self, top: float, bottom: float, left: float, right: float) -> bool:
        """Whether a level rule stands between two lines of a table, over half its width or more."""
        width = max(right - left, 1.0)
        return any(
            top <= rule.at <= bottom and min(rule.end, right) - max(rule.start, left) > 0.5 * width
            for rule in self.level
        )

    def grids(self) -> list[Grid]:
        """Those of two columns or more."""
        rules = [(rule, True) for rule in self.level] + [(rule, False) for rule in self.upright]
        if not self.level or len(self.upright) < 3:
            return []
        parent = list(range(len(rules)))

        def root(one: int) -> int:
            while parent[one] != one:
                parent[one] = parent[parent[one]]
                one = parent[one]
            return one

        first_upright = len(self.level)
        for i in range(first_upright):
            for j in range(first_upright, len(rules)):
                level, upright = rules[i][0], rules[j][0]
                if (
                    level.start - _TOUCH <= upright.at <= level.end + _TOUCH
                    and upright.start - _TOUCH <= level.at <= upright.end + _TOUCH
                    and (one := root(i)) != (other := root(j))
                ):
                    parent[one] = other
        groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
        for index, (rule, is_level) in enumerate(rules):
            groups.setdefault(root(index), ([], []))[0 if is_level else 1].append(rule)
        found = []
        for level_ones, upright_ones in groups.values():
            xs, ys = _apart(rule.at for rule in upright_ones), _apart(rule.at for rule in level_ones)
            if len(ys) == 1 or not ys:
                continue
            if len(xs) >= 3 and len(ys) >= 2:
                found.append(Grid(xs, ys, tuple(level_ones), tuple(upright_ones)))
        return sorted(found, key=lambda grid: grid.at[1])


def _apart(values: Iterator[float]) -> tuple[float, ...]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _TOUCH:
            found.append(value)
    return tuple(found)


def rules_of(frame: Frame, paths: Sequence[Any]) -> Rules:
    """paths: the page's objects that are paths."""
    level: list[Rule] = []
    upright: list[Rule] = []
    for stroke in dict.fromkeys(_strokes(paths)):  # cells beside one another draw the rule between them twice
        left, top, right, bottom = frame.place(stroke)
        width, height = right - left, bottom - top
        if height <= _THIN and width >= _SHORTEST:
            level.append(Rule((top + bottom) / 2, left, right))
        elif width <= _THIN and height >= _SHORTEST:
            upright.append(Rule((left + right) / 2, top, bottom))
    level, upright = _as_one(level), _as_one(upright)
    if len(level) + len(upright) > _MOST_RULES:
        return Rules()
    return Rules(tuple(level), tuple(upright))


def _as_one(rules: list[Rule]) -> list[Rule]:
    """Those that go on from one another, as one."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (round(one.at), one.start)):
        before = found[-1] if found else None
        if before is not None and abs(before.at - rule.at) < 1.5 and rule.start <= before.end + _TOUCH:
            found[-1] = Rule(before.at, before.start, max(before.end, rule.end))
        else:
            found.append(rule)
    return found


def _strokes(paths: Sequence[Any]) -> Iterator[tuple[float, float, float, float]]:
    """The straight pieces of the paths, and filled boxes as thin as a rule, as boxes in points of the page."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    x, y = ctypes.c_float(), ctypes.c_float()
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    edges = [ctypes.c_float() for _ in range(4)]
    by_x, by_y = ctypes.byref(x), ctypes.byref(y)
    segment_of, kind_of = pdfium.FPDFPath_GetPathSegment, pdfium.FPDFPathSegment_GetType
    point_of, closes = pdfium.FPDFPathSegment_GetPoint, pdfium.FPDFPathSegment_GetClose
    move, line = pdfium.FPDF_SEGMENT_MOVETO, pdfium.FPDF_SEGMENT_LINETO
    seen = 0
    for path in paths[:_MOST_PATHS]:
        if not pdfium.FPDFPageObj_GetBounds(path, *edges):
            continue
        box = (edges[0].value, edges[1].value, edges[2].value, edges[3].value)
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            yield box
            continue
        count = pdfium.FPDFPath_CountSegments(path)
        if count > 400 and seen:  # a drawing
            continue
        if not pdfium.FPDFPath_GetDrawMode(path, mode, stroked):
            continue
        if not stroked.value and count <= 5:  # a ground of colour
            continue
        pdfium.FPDFPageObj_GetMatrix(path, matrix)
        a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f
        start = now = (0.0, 0.0)
        for index in range(min(count, _MOST_SEGMENTS - seen)):
            seen += 1
            piece = segment_of(path, index)
            kind = kind_of(piece)
            point_of(piece, by_x, by_y)
            to = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            if kind == move:
                start = to
            elif kind == line:
                yield _box(now, to)
            now = to
            if closes(piece):
                yield _box(now, start)
                now = start
        if seen >= _MOST_SEGMENTS:
            return


def _box(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float, float, float]:
    left, bottom = one
    right, top = other
    if left > right:
        left, right = right, left
    return (left, bottom, right, top) if bottom <= top else (left, top, right, bottom)
