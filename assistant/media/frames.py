"""Which frames of a film are worth looking at: the sharpest of every shot, and what is new within it. Opens no file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.media.film import Glimpse, sharpness
from assistant.media.shots import Cut, Small, find_cuts, unlike

EVERY = 0.4  # seconds between two frames of which the sharpness is measured
NEW = 0.06  # share of points in which a frame differs from all those chosen of its shot before it is new
EDGE = 0.15  # seconds at a shot's ends, where two shots may still be mixed


@dataclass(frozen=True)
class ChosenFrame:
    """A frame to look at, by its second, for what can be seen from `begin` to `end`."""

    seconds: float
    begin: float
    end: float


@dataclass(frozen=True)
class FrameChoice:
    """The frames of a stretch of film that are worth looking at."""

    chosen: tuple[ChosenFrame, ...]
    cuts: tuple[Cut, ...]
    """Where shots begin, but for the first one."""
    end: float
    """The second of the last frame."""


@dataclass(frozen=True)
class _Candidate:
    seconds: float
    small: Small
    sharp: float


def watch(film: Iterable[Glimpse], budget: int) -> FrameChoice:
    """Goes through the frames once, keeping small copies of a few. At most `budget` are chosen, in order.

    Where there are more shots than that, the longest ones are looked at.
    """
    candidates: list[_Candidate] = []
    first = last = step = 0.0

    def smalls() -> Iterator[tuple[float, Small]]:
        nonlocal first, last, step
        for number, glimpse in enumerate(film):
            if not number:
                first = glimpse.seconds
            step = glimpse.seconds - last if number else 0.04
            last = glimpse.seconds
            if not candidates or last - candidates[-1].seconds >= EVERY:
                candidates.append(_Candidate(last, glimpse.small, sharpness(glimpse.frame)))
            yield last, glimpse.small

    cuts = tuple(find_cuts(smalls()))
    end = last + min(max(step, 0.0), 1.0)
    edges = [first, *(cut.seconds for cut in cuts), end]
    shots = {shot: _of_shot(candidates, *shot) for shot in pairwise(edges)}
    return FrameChoice(tuple(_within(shots, budget)), cuts, end)


def _of_shot(candidates: list[_Candidate], begin: float, end: float) -> list[float]:
    """The second of the sharpest frame of a shot, then of every one that is unlike all before it."""
    inside = [each for each in candidates if begin + EDGE <= each.seconds < end - EDGE]
    inside = inside or [each for each in candidates if begin <= each.seconds < end]
    if not inside:
        return [(begin + end) / 2]
    best = [max(inside, key=lambda each: each.sharp)]
    for each in inside:
        if all(unlike(each.small, other.small) > NEW for other in best):
            best.append(each)
    return [each.seconds for each in best]


def _within(shots: dict[tuple[float, float], list[float]], budget: int) -> Iterator[ChosenFrame]:
    """One frame of each shot first, the longest shots before the others; then the second of each, and so on."""
    everyone = [
        (rank, begin - end, seconds) for (begin, end), times in shots.items() for rank, seconds in enumerate(times)
    ]
    kept = {seconds for *_, seconds in sorted(everyone)[:budget]}
    for (begin, end), times in shots.items():
        order = sorted(kept.intersection(times))  # each stands for the time up to half way to its neighbours
        edges = [begin, *((one + other) / 2 for one, other in pairwise(order)), end]
        yield from (ChosenFrame(seconds, *edge) for seconds, edge in zip(order, pairwise(edges), strict=bool(order)))
