"""The order in which a person reads lines of text that lie on a picture: rows, columns and tables where they are some.

Knows boxes and words; nothing of how they were found.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from assistant.ports.vision import TextLine
from assistant.values.evidence import Box, Region

FEWEST_LINES = 3  # a column has at least this many
LEVEL = 0.5  # share of the lines of the shorter column that have a neighbour in the other one


@dataclass(frozen=True)
class TextBox:
    """A piece of text where it was found. Boxes are in fractions of the width and height of the picture."""

    text: str
    box: Box
    """Where it stands when the picture is held straight."""
    confidence: float
    shown: Box | None = None
    """Where it stands on the picture as it is; None where that is the same."""
    stands: bool = False
    """Whether it is higher than wide, as a line on its side."""

    @property
    def place(self) -> Box:
        return self.shown or self.box


def rows_of(pieces: Sequence[TextBox]) -> list[list[TextBox]]:
    """Pieces whose middles lie on one height, left to right; rows top to bottom."""
    rows: list[list[TextBox]] = []
    for piece in sorted(pieces, key=_middle):
        if rows and _on_one_row(rows[-1][-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.box.left) for row in rows]


def in_reading_order(pieces: Sequence[TextBox]) -> tuple[TextLine, ...]:
    """Top to bottom, left to right; pieces of one row are one line, with a box each ("Pump seal  43.10").

    Columns of running text are read one after the other, and what crosses them between its neighbours.
    """
    columns = _columns(pieces)
    if columns is None:
        return tuple(_line(row) for row in rows_of(pieces))
    left, right, across = columns
    lines: tuple[TextLine, ...] = ()
    top = float("-inf")
    for crossing in [*rows_of(across), []]:
        bottom = min((piece.box.top for piece in crossing), default=float("inf"))
        for side in (left, right):
            lines += in_reading_order([piece for piece in side if top <= _middle(piece) < bottom])
        if crossing:
            lines += (_line(crossing),)
        top = bottom
    return lines


def _columns(pieces: Sequence[TextBox]) -> tuple[list[TextBox], list[TextBox], list[TextBox]] | None:
    """Left of a gutter, right of it, and across it; None where the text does not stand in columns."""
    for gutter in sorted({piece.box.left for piece in pieces}):
        left = [piece for piece in pieces if piece.box.right <= gutter]
        right = [piece for piece in pieces if piece.box.left >= gutter]
        across = [piece for piece in pieces if piece.box.left < gutter < piece.box.right]
        if len(across) <= len(pieces) // 4 and _is_column(left) and _is_column(right) and _side_by_side(left, right):
            return left, right, across
    return None


def _is_column(pieces: Sequence[TextBox]) -> bool:
    """Running text, not the prices of a receipt or the labels of a form."""
    if len(rows_of(pieces)) < FEWEST_LINES:
        return False
    return letters_of(pieces) >= 10


def letters_of(pieces: Sequence[TextBox]) -> int:
    """How many letters most of them have; a Chinese one counts as two."""
    weights = sorted(sum(2 if ord(letter) > 0x2E80 else letter.isalpha() for letter in piece.text) for piece in pieces)
    return weights[len(weights) // 2] if weights else 0


def _side_by_side(left: Sequence[TextBox], right: Sequence[TextBox]) -> bool:
    top = max(min(piece.box.top for piece in side) for side in (left, right))
    bottom = min(max(piece.box.bottom for piece in side) for side in (left, right))
    heights = sorted(piece.box.bottom - piece.box.top for piece in (*left, *right))
    if bottom - top <= FEWEST_LINES * heights[len(heights) // 2]:
        return False
    fewer, more = sorted((left, right), key=len)
    return _share_level(fewer, more) >= LEVEL


def _share_level(pieces: Sequence[TextBox], others: Sequence[TextBox]) -> float:
    """The share of these that lie level with one of the others: the bubbles of a chat, left and right, take turns."""
    edges = sorted((piece.box.top, piece.box.bottom) for piece in others)
    tops = [top for top, _ in edges]
    reach = list(accumulate((bottom for _, bottom in edges), max))
    level = 0
    for piece in pieces:
        before = bisect_left(tops, piece.box.bottom)  # the others that begin above its lower edge
        level += bool(before) and reach[before - 1] > piece.box.top
    return level / len(pieces)


def _on_one_row(one: TextBox, other: TextBox) -> bool:
    heights = sorted((one.box.bottom - one.box.top, other.box.bottom - other.box.top))
    apart = one.box.right <= other.box.left or other.box.right <= one.box.left
    return apart and heights[1] < 2 * heights[0] and abs(_middle(one) - _middle(other)) < 0.4 * heights[0]


def _middle(piece: TextBox) -> float:
    return (piece.box.top + piece.box.bottom) / 2


def _line(row: Sequence[TextBox]) -> TextLine:
    return TextLine(
        "  ".join(piece.text for piece in row),
        Region(tuple(piece.place for piece in row)),
        min(piece.confidence for piece in row),
    )
