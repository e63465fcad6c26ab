"""A closer look: where a large picture holds marks that were too small, or too faint, to be read at first sight.

A large picture is made smaller to be read. What is lost by that is looked for in its own pixels, tile by tile, only
where there are fine marks outside the text that was read. Knows pixels and boxes, no words.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import numpy.typing

from assistant.vision.detection import MOST_PIXELS, Corners, Pixels

TILE = 1536  # pixels a tile is wide, where the picture is as high as that
OVERLAP = 128  # pixels that neighbouring tiles share: a line that one of them cuts is whole in the other
MOST_TILES = 48  # at a third of a second each
MOST_PIECES = 2000  # that are read in them, at a fiftieth of a second each
BLOCK = 8  # pixels: the side of the squares in which marks are looked for
MARKED = 60  # levels between the lightest and the darkest point of a square, from which there is a mark in it
MARKED_ON_EVEN = 15
FAINT = 5  # levels: less is not seen by a person either
FEWEST = 8  # squares with marks in them; a short word has as many
TOUCHING = 0.6  # of the lower one's height, that two pieces of one line share
LONGEST = 80.0  # times its height: a longer line is not read in one

Grey = numpy.typing.NDArray[numpy.uint8]
Marks = numpy.typing.NDArray[numpy.bool_]


@dataclass(frozen=True)
class Tile:
    """A part of a picture, in its pixels."""

    left: int
    top: int
    right: int
    bottom: int


def tiles(width: int, height: int) -> list[Tile]:
    """They cover the picture and overlap; a narrow picture is cut into strips."""
    across = min(width, TILE if height > MOST_PIXELS // TILE else MOST_PIXELS // height)
    down = min(height, MOST_PIXELS // across)
    return [
        Tile(left, top, min(left + across, width), min(top + down, height))
        for top in _starts(height, down)
        for left in _starts(width, across)
    ]


def _starts(whole: int, part: int) -> list[int]:
    """Where parts of this length begin, the last one at the end."""
    if part >= whole:
        return [0]
    count = 1 + math.ceil((whole - part) / max(part - OVERLAP, 1))
    return [round(number * (whole - part) / (count - 1)) for number in range(count)]


def spread(grey: Grey) -> Grey:
    """How far the levels of each square are apart, (height / BLOCK, width / BLOCK): along a row of it and along a
    column, so that the straight edge of a box or a bar counts nothing."""
    height, width = (side // BLOCK for side in grey.shape)
    squares = grey[: height * BLOCK, : width * BLOCK].reshape(height, BLOCK, width, BLOCK)
    along_rows = (squares.max(axis=3) - squares.min(axis=3)).max(axis=1)
    along_columns = (squares.max(axis=1) - squares.min(axis=1)).max(axis=2)
    apart: Grey = numpy.minimum(along_rows, along_columns)
    return apart


def without(marks: Marks, boxes: Sequence[Corners], scale: float) -> Marks:
    """The marks outside these boxes, and their margins. scale: pixels of the marked picture to one of the boxes'."""
    left = marks.copy()
    for corners in boxes:
        xs, ys = corners[:, 0] * scale / BLOCK, corners[:, 1] * scale / BLOCK
        room = 1 + 0.3 * min(float(xs.max() - xs.min()), float(ys.max() - ys.min()))
        rows = slice(max(0, math.floor(float(ys.min()) - room)), math.ceil(float(ys.max()) + room))
        left[rows, max(0, math.floor(float(xs.min()) - room)) : math.ceil(float(xs.max()) + room)] = False
    return left


def worth_it(grey: Grey, known: Sequence[Corners], scale: float) -> list[Tile]:
    """The tiles with marks in them outside these boxes, those with the most where there are too many; in order.

    scale: pixels of this picture to one of the boxes'. On even ground soft marks count too; in a photo these are many.
    """
    apart = spread(grey)
    least = MARKED_ON_EVEN if _is_even(apart) else MARKED
    marks = without(apart >= least, known, scale)
    height, width = grey.shape
    all_tiles = tiles(width, height)
    counted = [(int(marks[_squares(tile)].sum()), number) for number, tile in enumerate(all_tiles)]
    most = sorted((pair for pair in counted if pair[0] >= FEWEST), reverse=True)[:MOST_TILES]
    return [all_tiles[number] for number in sorted(number for _, number in most)]


def _is_even(apart: Grey) -> bool:
    return bool(apart.size and (apart < FAINT).mean() >= 0.5)


def _squares(tile: Tile) -> tuple[slice, slice]:
    return slice(tile.top // BLOCK, tile.bottom // BLOCK + 1), slice(tile.left // BLOCK, tile.right // BLOCK + 1)


def faint(grey: Grey, boxes: Sequence[Corners]) -> bool:
    """Whether something stands on even ground outside these boxes that differs little from it, as a screen in a dark
    room has it. The ground of a photo is not even."""
    apart = spread(grey)
    if not _is_even(apart):
        return False
    marks = without((apart >= FAINT) & (apart < MARKED), boxes, 1.0)
    return int(marks.sum()) >= 2 * FEWEST


def raised(pixels: Pixels) -> Pixels:
    """With the contrast of each part of the picture brought up."""
    import cv2

    lab = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB)
    light = cv2.createCLAHE(clipLimit=40.0, tileGridSize=(8, 8)).apply(lab[:, :, 0])
    return numpy.ascontiguousarray(cv2.cvtColor(light, cv2.COLOR_GRAY2BGR).astype(numpy.uint8, copy=False))


def stretched(line: Pixels) -> Pixels:
    """A line of text from black to white, whichever of its letters and its ground is the darker."""
    low, high = (float(level) for level in numpy.percentile(line, (1, 99)))
    levels = (line.astype(numpy.float32) - low) * (255 / max(high - low, 1.0))
    return levels.clip(0, 255).astype(numpy.uint8)


def joined(found: Sequence[Corners]) -> list[Corners]:
    """Pieces of one line that neighbouring tiles found, as one; what lies within another piece goes into it.

    Only what lies level is joined.
    """
    done: list[_Piece] = []
    open_ones: list[_Piece] = []  # that reach down to the height that is looked at
    for piece in sorted((_Piece.of(corners) for corners in found), key=lambda one: (one.top, one.left)):
        done += [one for one in open_ones if one.bottom <= piece.top]
        open_ones = [one for one in open_ones if one.bottom > piece.top]
        while (other := next((one for one in open_ones if one.goes_with(piece)), None)) is not None:
            open_ones.remove(other)
            piece = other.with_(piece)
        open_ones.append(piece)
    return [piece.corners for piece in done + open_ones]


@dataclass(frozen=True, eq=False)
class _Piece:
    left: float
    top: float
    right: float
    bottom: float
    corners: Corners

    @classmethod
    def of(cls, corners: Corners) -> "_Piece":
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        return cls(float(left), float(top), float(right), float(bottom), corners)

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def goes_with(self, other: "_Piece") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        if across <= 0 or down <= 0:
            return False
        if across * down > 0.7 * min(self._area, other._area):
            return True
        low, high = sorted((self.height, other.height))
        wide = max(self.right, other.right) - min(self.left, other.left)
        return down > TOUCHING * low and high < 1.6 * low and wide < LONGEST * high

    @property
    def _area(self) -> float:
        return (self.right - self.left) * self.height

    def with_(self, other: "_Piece") -> "_Piece":
        """The larger one where it holds the other; else an upright box around both."""
        large, small = (self, other) if self._area >= other._area else (other, self)
        box = (
            min(large.left, small.left),
            min(large.top, small.top),
            max(large.right, small.right),
            max(large.bottom, small.bottom),
        )
        room = 0.1 * large.height
        if box[0] >= large.left - room and box[2] <= large.right + room:
            return large
        left, top, right, bottom = box
        around = numpy.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=numpy.float32)
        return _Piece(left, top, right, bottom, around)


def outside(found: Sequence[Corners], boxes: Sequence[Corners]) -> list[bool]:
    """Of each piece, whether its middle lies in none of these boxes."""
    edges = numpy.array([(*box.min(axis=0), *box.max(axis=0)) for box in boxes], dtype=numpy.float32).reshape(-1, 4)
    return [not bool(_inside(edges, x, y).any()) for x, y in (corners.mean(axis=0) for corners in found)]


def empty(boxes: Sequence[Corners], pieces: Sequence[Corners]) -> list[bool]:
    """Of each box, whether the middle of none of these pieces lies in it."""
    middles = numpy.array([corners.mean(axis=0) for corners in pieces], dtype=numpy.float32).reshape(-1, 2)
    edges = [numpy.array([(*box.min(axis=0), *box.max(axis=0))], dtype=numpy.float32) for box in boxes]
    return [not bool(_inside(edge, middles[:, 0], middles[:, 1]).any()) for edge in edges]


def _inside(edges: Any, x: Any, y: Any) -> Marks:
    inside: Marks = (edges[:, 0] <= x) & (x <= edges[:, 2]) & (edges[:, 1] <= y) & (y <= edges[:, 3])
    return inside


def cut(tile: Tile, corners: Corners, height: int) -> bool:
    """Whether a piece found in this tile touches an edge of it that is none of the picture's, above or below: the
    neighbouring tile has it whole. corners: in the tile's pixels. height: of the picture."""
    (_, top), (_, bottom) = corners.min(axis=0), corners.max(axis=0)
    return bool((top <= 1 and tile.top > 0) or (bottom >= tile.bottom - tile.top - 2 and tile.bottom < height))
