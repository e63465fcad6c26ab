"""Where one shot of a film ends and the next one begins, found in small pictures of its frames. Opens no file.

A cut is a jump of colours and of shapes that stays: the frames some way before it are unlike those some way behind
it, too, which a flash is not. Shapes are compared under the small shifts that a moving camera makes. Where nothing
moves, as between two slides, less of a jump will do. A dissolve is told by its middle, which is the mean of its two
ends; a fade by its middle, which shows nothing. Measured by benchmarks/shots.py.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy
import numpy.typing

Small = numpy.typing.NDArray[numpy.uint8]  # 36 × 64 × 3
WIDTH, HEIGHT = 64, 36
LASTING = 4  # frames that a change must outlast; shorter ones are flashes
SHORTEST = 8  # frames of a shot
FADE = 12  # frames from the middle of a dissolve to where it has not begun, or is over
CUT = 0.28  # distance
PEAK = 1.6  # times the distances around it; a fade has no peak
STILL = 0.004  # share of changed points below which nothing moves
TURNED = 0.03  # share of changed points from which a still picture has become another one
DISSOLVE = 0.35
BLEND = 0.3  # how far the middle of a dissolve may be from the mean of its ends, in their distance
_SHIFTS = tuple((down, right) for down in (-1, 0, 1) for right in (-2, -1, 0, 1, 2))


@dataclass(frozen=True)
class Cut:
    """A shot begins with this frame, counted from 0, at this second; with the middle of a dissolve, where it is one."""

    frame: int
    seconds: float


@dataclass(frozen=True)
class _Frame:
    seconds: float
    pixels: numpy.typing.NDArray[numpy.float32]  # 36 × 64 × 3, 0 to 1
    shapes: numpy.typing.NDArray[numpy.float32]  # 18 × 32, brightness 0 to 1
    colours: numpy.typing.NDArray[numpy.float32]  # shares of 512 colours

    @classmethod
    def of(cls, seconds: float, small: Small) -> "_Frame":
        pixels = (small / 255).astype(numpy.float32)
        bins = small.reshape(-1, 3).astype(numpy.int32) >> 5
        counted = numpy.bincount(bins[:, 0] * 64 + bins[:, 1] * 8 + bins[:, 2], minlength=512)
        colours = (counted / len(bins)).astype(numpy.float32)
        grey = pixels.mean(axis=2).reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3))
        return cls(seconds, pixels, grey.astype(numpy.float32), colours)


def find_cuts(frames: Iterable[tuple[float, Small]]) -> Iterator[Cut]:
    """frames: each with its second, in order. Cuts come as soon as they are sure of, in order."""
    seen: deque[_Frame] = deque(maxlen=2 * FADE + 1)
    fading: list[tuple[float, Cut]] = []  # what may be the middle of one dissolve, with how well it fits
    last = -SHORTEST
    for number, (seconds, small) in enumerate(frames):
        seen.append(_Frame.of(seconds, small))
        at = number - LASTING  # the frame that is looked at, with LASTING more behind it
        if at - last >= SHORTEST and _cut(seen, len(seen) - 1 - LASTING):
            if fading and fading[0][1].frame < at - FADE - SHORTEST:
                yield min(fading, key=lambda one: one[0])[1]
            fading, last = [], at
            yield Cut(at, seen[-1 - LASTING].seconds)
            continue
        middle = number - FADE
        fit = _dissolve(seen) if len(seen) == seen.maxlen and middle - last > FADE else None
        if fit is not None:
            fading.append((fit, Cut(middle, seen[FADE].seconds)))
        elif fading:
            cut = min(fading, key=lambda one: one[0])[1]
            fading, last = [], cut.frame
            yield cut
    if fading:
        yield min(fading, key=lambda one: one[0])[1]


def _cut(seen: deque[_Frame], at: int) -> bool:
    """Whether the frame at this place of `seen` begins a shot."""
    if at < 1:
        return False
    before, here, later = seen[at - 1], seen[at], seen[at + LASTING]
    earlier = seen[max(0, at - 1 - LASTING)]
    jump = distance(before, here)
    if jump < CUT:
        still = changed(earlier, before) < STILL and changed(here, later) < STILL
        return still and changed(before, here) > TURNED
    if distance(before, later) < CUT or distance(earlier, here) < CUT:
        return False
    around = distance(here, seen[at + 1]), distance(seen[at - 2], before) if at > 1 else 0.0
    return jump > PEAK * max(around)


def _dissolve(seen: deque[_Frame]) -> float | None:
    """How far the middle of `seen` is from the middle of a dissolve, 0 to `BLEND`; None: it is in none."""
    first, middle, last = seen[0], seen[FADE], seen[-1]
    apart = float(numpy.abs(first.pixels - last.pixels).mean())
    if apart < 0.06 or distance(first, last) < DISSOLVE:
        return None
    if float(middle.pixels.std()) < 0.03 < min(float(first.pixels.std()), float(last.pixels.std())):
        return float(middle.pixels.mean())
    off = float(numpy.abs(middle.pixels - (first.pixels + last.pixels) / 2).mean()) / apart
    still = max(distance(first, seen[3]), distance(seen[-4], last))
    return off if off < BLEND and still < CUT else None


def distance(one: _Frame, other: _Frame) -> float:
    """0 for the same, about 1 for nothing in common."""
    colours = float(numpy.abs(one.colours - other.colours).sum()) / 2
    inner = one.shapes[1:-1, 2:-2]
    shapes = min(
        float(numpy.abs(inner - other.shapes[1 + down : 17 + down, 2 + right : 30 + right]).mean())
        for down, right in _SHIFTS
    )
    return 0.5 * colours + 0.5 * min(1.0, 4 * shapes)


def changed(one: _Frame, other: _Frame) -> float:
    """The share of points whose brightness is another one."""
    return float((numpy.abs(one.pixels - other.pixels).mean(axis=2) > 0.06).mean())


def unlike(one: Small, other: Small) -> float:
    """The share of points that differ between two small pictures, 0 to 1."""
    apart = numpy.abs(one.astype(numpy.int16) - other.astype(numpy.int16)).mean(axis=2)
    return float((apart > 20).mean())
