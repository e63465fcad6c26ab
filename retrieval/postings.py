"""Postings: which words stand in which pieces, growing as files come, and BM25 over them.

The scores are KeywordIndex's own (Lucene's BM25, k1 1.5, b 0.75, over the weight of the question), but a
new file costs only its own words, and several scopes are asked as if they were one.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy
import numpy.typing

from assistant.ports.embedding import Vectors
from assistant.text.chinese_scripts import folded
from retrieval.keyword import tokens

_K1, _B = 1.5, 0.75
_UNSORTED = 300_000  # entries that a search may look through one by one
Numbers = numpy.typing.NDArray[numpy.int32]


@dataclass(frozen=True)
class SourceWords:
    """The words of one source's pieces: entry by entry which word, in which piece (from 0), how often.

    lengths: words of each piece, repetitions and all.
    """

    vocabulary: tuple[str, ...]
    word: Numbers
    piece: Numbers
    count: Numbers
    lengths: Numbers

    @classmethod
    def of(cls, texts: Sequence[str]) -> "SourceWords":
        known: dict[str, int] = {}
        words: list[int] = []
        lengths: list[int] = []
        for text in texts:
            found = tokens(text)
            lengths.append(len(found))
            words += [known.setdefault(token, len(known)) for token in found]
        pieces = numpy.repeat(numpy.arange(len(lengths)), lengths)
        entries, count = numpy.unique(pieces * len(known) + numpy.array(words, dtype=int), return_counts=True)
        piece, word = numpy.divmod(entries, max(len(known), 1))
        return cls(tuple(known), _int32(word), _int32(piece), _int32(count), _numbers(lengths))

    @classmethod
    def joined(cls, one: "SourceWords", other: "SourceWords") -> "SourceWords":
        """The pieces of the other behind those of the one."""
        known = {word: number for number, word in enumerate(one.vocabulary)}
        ids = _numbers([known.setdefault(word, len(known)) for word in other.vocabulary])
        behind = numpy.int32(len(one.lengths))
        return cls(
            tuple(known),
            numpy.concatenate([one.word, ids[other.word]]),
            numpy.concatenate([one.piece, other.piece + behind]),
            numpy.concatenate([one.count, other.count]),
            numpy.concatenate([one.lengths, other.lengths]),
        )

    def to_bytes(self) -> bytes:
        vocabulary = json.dumps(self.vocabulary, ensure_ascii=False).encode()
        sizes = numpy.array([len(vocabulary), len(self.word), len(self.lengths)], dtype="<i8").tobytes()
        arrays = (self.word, self.piece, self.count, self.lengths)
        return sizes + vocabulary + b"".join(array.astype("<i4").tobytes() for array in arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> "SourceWords":
        letters, entries, pieces = numpy.frombuffer(data, "<i8", 3).tolist()
        numbers = numpy.frombuffer(data, numpy.uint8, offset=24 + letters).view("<i4").astype(numpy.int32)
        word, piece, count, lengths = numpy.split(numbers, [entries, 2 * entries, 3 * entries])
        assert len(lengths) == pieces
        vocabulary = folded(data[24 : 24 + letters].decode())  # kept before traditional and simplified were one
        return cls(tuple(json.loads(vocabulary)), word, piece, count, lengths)


class Postings:
    """Of one scope. Pieces are counted from 0 in the order in which they came."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._sorted = _Entries.none()  # by word
        self._starts = _numbers([0])
        self._unsorted: list[_Entries] = []
        self._waiting = 0
        self._lengths: list[Numbers] = []
        self.pieces = 0
        self.words = 0

    def add(self, words: SourceWords) -> None:
        ids = _numbers([self._known.setdefault(word, len(self._known)) for word in words.vocabulary])
        self._unsorted.append(_Entries(ids[words.word], words.piece + numpy.int32(self.pieces), words.count))
        self._waiting += len(words.word)
        self._lengths.append(words.lengths)
        self.pieces += len(words.lengths)
        self.words += int(words.lengths.sum())
        if self._waiting > max(_UNSORTED, len(self._sorted.word) // 2):
            self.sort()

    def sort(self) -> None:
        """Puts what came lately in its place: once for each half as much again, so adding stays cheap."""
        every = _Entries.joined([self._sorted, *self._unsorted])
        order = numpy.argsort(every.word, kind="stable")
        self._sorted = _Entries(every.word[order], every.piece[order], every.count[order])
        self._starts = numpy.searchsorted(self._sorted.word, numpy.arange(len(self._known) + 1)).astype(numpy.int32)
        self._unsorted, self._waiting = [], 0

    def holding(self, word: str) -> tuple[Numbers, Numbers]:
        """The pieces in which a word stands, and how often in each."""
        number = self._known.get(word)
        if number is None:
            return _numbers([]), _numbers([])
        if len(self._unsorted) > 1:
            self._unsorted = [_Entries.joined(self._unsorted)]
        found = []
        if number + 1 < len(self._starts):
            part = slice(self._starts[number], self._starts[number + 1])
            found.append((self._sorted.piece[part], self._sorted.count[part]))
        for late in self._unsorted:
            at = numpy.flatnonzero(late.word == number)
            found.append((late.piece[at], late.count[at]))
        pieces, counts = zip(*found, strict=True) if found else ((_numbers([]),), (_numbers([]),))
        return numpy.concatenate(pieces), numpy.concatenate(counts)

    def lengths(self) -> Numbers:
        if len(self._lengths) != 1:
            self._lengths = [numpy.concatenate(self._lengths or [_numbers([])])]
        return self._lengths[0]


def bm25(question: str, scopes: Sequence[Postings]) -> list[Vectors]:
    """For each of the scopes the scores of its pieces, 0 to 1, as KeywordIndex would give them over all together."""
    asked = Counter(tokens(question))
    pieces = sum(each.pieces for each in scopes)
    mean = sum(each.words for each in scopes) / max(pieces, 1)
    scores = [numpy.zeros(each.pieces, dtype=numpy.float32) for each in scopes]
    weight = 0.0
    for word, times in asked.items():
        found = [each.holding(word) for each in scopes]
        holding = sum(len(at) for at, _ in found)
        known = max(1, holding)  # an unknown word counts as one that is in a single piece
        rarity = math.log(1 + (pieces - known + 0.5) / (known + 0.5))
        weight += times * rarity
        for each, score, (at, count) in zip(scopes, scores, found, strict=True):
            if len(at):
                full = _K1 * (1 - _B + _B * each.lengths()[at] / mean)
                score[at] += (times * rarity * count / (full + count)).astype(numpy.float32)
    return [score / numpy.float32(weight) if weight > 0 else score for score in scores]


@dataclass(frozen=True)
class _Entries:
    word: Numbers
    piece: Numbers
    count: Numbers

    @classmethod
    def none(cls) -> "_Entries":
        return cls(_numbers([]), _numbers([]), _numbers([]))

    @classmethod
    def joined(cls, several: Sequence["_Entries"]) -> "_Entries":
        return cls(
            numpy.concatenate([each.word for each in several]),
            numpy.concatenate([each.piece for each in several]),
            numpy.concatenate([each.count for each in several]),
        )


def _numbers(values: Sequence[int]) -> Numbers:
    return numpy.array(values, dtype=numpy.int32)


def _int32(values: numpy.typing.NDArray[numpy.int64]) -> Numbers:
    return values.astype(numpy.int32)
