"""The simplest classifier: a request is what the examples are that mean most nearly the same. Nothing is learnt."""

from collections.abc import Collection, Mapping, Sequence

import numpy

from assistant.answering.kinds.examples import LabelledRequest
from assistant.answering.kinds.linear import Cosines, Encode
from assistant.ports.embedding import Vectors

NEAREST = 12  # examples that vote
SHARPNESS = 12.0  # how fast a vote counts less as the example means something else


class NearestClassifier:
    """Implements KindClassifier. vectors: of the examples, unit length, shape (n, dimensions)."""

    def __init__(self, these: Sequence[LabelledRequest], encode: Encode, vectors: Vectors) -> None:
        self._encode, self._vectors, self._cosines = encode, vectors, Cosines(encode)
        self._kinds = numpy.array([one.kind for one in these])
        self._facets = numpy.array([one.facet for one in these])

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        """The share of each kind in the votes."""
        there = numpy.isin(self._kinds, list(candidates))
        votes = self._votes(words, self._vectors[there], self._kinds[there])
        return {kind: votes.get(kind, 0.0) for kind in candidates}

    def likeness(self, words: str, texts: Sequence[str]) -> Vectors:
        return self._cosines(words, texts)

    def exampled(self, words: str, kind: str) -> float:
        there = self._kinds == kind
        return float((self._vectors[there] @ self._encode([words])[0]).max()) if there.any() else 0.0

    def facet(self, words: str, kind: str) -> str:
        there = (self._kinds == kind) & (self._facets != "")
        votes = self._votes(words, self._vectors[there], self._facets[there])
        return max(votes, key=lambda facet: votes[facet], default="")

    def _votes(self, words: str, vectors: Vectors, names: "numpy.typing.NDArray[numpy.str_]") -> dict[str, float]:
        near = vectors @ self._encode([words])[0]
        votes: dict[str, float] = {}
        for at in numpy.argsort(-near)[:NEAREST]:
            votes[str(names[at])] = votes.get(str(names[at]), 0.0) + float(numpy.exp(SHARPNESS * (near[at] - 1)))
        total = sum(votes.values()) or 1.0
        return {name: vote / total for name, vote in votes.items()}
