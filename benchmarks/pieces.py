"""Piece: one line of the table of `benchmarks/run.py`, which the script that knows the work fills in.

A script has `pieces()`, which lists its own. A piece is set up once, in a process of its own; then its ways take turns,
so that each meets the same moods of the machine.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal

Way = Literal["ours", "bare", "peer"]
Ways = Mapping[Way, Callable[[], float]]
"""Each does the work once, and returns the seconds, or whatever the piece counts in. Less is better."""
SetUp = Callable[[Path], AbstractContextManager[Ways]]
"""Given an empty folder of its own."""


@dataclass(frozen=True)
class Piece:
    """A piece of work that can be measured."""

    name: str
    """A few words, as they stand in the table."""
    set_up: SetUp
    bare: str = ""
    """What the bare way is: the same engine or store, without us."""
    peer: str = ""
    """What the peer is: what somebody would use instead."""
    unit: str = "s"
    quick_rounds: int = 3
    """With --quick; 0: it takes too long for that."""
    rounds: int = 7


@dataclass(frozen=True)
class Row:
    """A piece, measured."""

    name: str
    unit: str
    values: Mapping[Way, tuple[float, ...]] = field(default_factory=dict)
    """Of each round, in their order."""
    bare: str = ""
    peer: str = ""
    trouble: str = ""
    """Why there is no value."""

    def middle(self, way: Way) -> float | None:
        return median(self.values[way]) if self.values.get(way) else None

    def ratio(self, to: Way) -> tuple[float, float, float] | None:
        """Ours over theirs, round by round: the median, and the quarter of the rounds below and above it."""
        if not self.values.get(to):
            return None
        ratios = sorted(ours / other for ours, other in zip(self.values["ours"], self.values[to], strict=True) if other)
        if not ratios:
            return None
        last = len(ratios) - 1
        return median(ratios), ratios[round(last * 0.25)], ratios[round(last * 0.75)]


def alternate(ways: Ways, rounds: int) -> dict[Way, tuple[float, ...]]:
    """The first round warms up; then every other round goes through the ways backwards."""
    values: dict[Way, list[float]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way in list(ways)[:: 1 if number % 2 else -1]:
            value = ways[way]()
            if number:
                values[way].append(value)
    return {way: tuple(some) for way, some in values.items()}


SettingUp = Generator[Ways]
"""What a function under @contextmanager returns."""
