"""ScopeIndex: the vectors and words of one scope in memory, so that a search is two products over arrays.

A condition on 100,000 of Chroma's rows costs 400 ms a query, and these arrays 15, exactly and without
misses. They are read from the store once, and grow as files come.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy
import numpy.typing

from assistant.ports.embedding import Vectors
from retrieval.postings import Postings, SourceWords

Flags = numpy.typing.NDArray[numpy.bool_]


@dataclass(frozen=True)
class FiledPieces:
    """Pieces of one source of a scope: they stand from `start` on. first: the number of the first of them."""

    source_id: str
    start: int
    pieces: int
    first: int = 0


class ScopeIndex:
    """The index of one scope. Used under the lock of the library."""

    def __init__(self, dimensions: int) -> None:
        self.postings = Postings()
        self._vectors: Vectors = numpy.empty((0, dimensions), dtype=numpy.float32)
        self._filed: list[FiledPieces] = []  # in the order in which they came, so `start` rises
        self._starts: list[int] = []
        self._live: dict[str, list[FiledPieces]] = {}  # more than one where a source grew

    @property
    def pieces(self) -> int:
        return self.postings.pieces

    @property
    def dead(self) -> int:
        """Pieces of what was removed, which take room until the index is made anew."""
        return self.pieces - sum(filed.pieces for parts in self._live.values() for filed in parts)

    @property
    def vectors(self) -> Vectors:
        return self._vectors[: self.pieces]

    def add(self, source_id: str, vectors: Vectors, words: SourceWords) -> None:
        """vectors: of every piece, unit length, in order. Of a source that is there they are its next pieces."""
        start, count = self.pieces, len(words.lengths)
        if start + count > len(self._vectors):  # half as much again, so that growing stays cheap
            grown = numpy.empty((max(start + count, start * 3 // 2), self._vectors.shape[1]), dtype=numpy.float32)
            grown[:start] = self._vectors[:start]
            self._vectors = grown
        self._vectors[start : start + count] = vectors
        self.postings.add(words)
        if not count:
            return
        parts = self._live.setdefault(source_id, [])
        parts.append(FiledPieces(source_id, start, count, sum(part.pieces for part in parts)))
        self._filed.append(parts[-1])
        self._starts.append(start)

    def remove(self, source_id: str) -> None:
        """It is found no more."""
        self._live.pop(source_id, None)

    def allowed(self, within: Sequence[str]) -> Flags | None:
        """Which pieces may be found; None: all of them."""
        if not within and not self.dead:
            return None
        wanted = set(within)
        flags = numpy.zeros(self.pieces, dtype=bool)
        for source_id, parts in self._live.items():
            for filed in parts if not wanted or source_id in wanted else ():
                flags[filed.start : filed.start + filed.pieces] = True
        return flags

    def place(self, position: int) -> tuple[str, int]:
        """source_id and number of the piece at this position."""
        at = int(numpy.searchsorted(self._starts, position, side="right")) - 1
        filed = self._filed[at]
        return filed.source_id, filed.first + position - filed.start


def best(scores: Vectors, count: int) -> list[int]:
    """Positions of the highest scores above 0, highest first; equal ones in their order."""
    if len(scores) > count:
        floor = numpy.partition(scores, len(scores) - count)[len(scores) - count]
        held = numpy.flatnonzero(scores >= floor)
    else:
        held = numpy.arange(len(scores))
    held = held[scores[held] > 0]
    order = numpy.argsort(-scores[held], kind="stable")
    found: list[int] = held[order][:count].tolist()
    return found
