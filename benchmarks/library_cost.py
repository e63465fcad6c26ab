"""What the library costs: filing beside Chroma's own adds, and a search with everything in it.

    python -m benchmarks.library_cost [--sizes 1000 10000 100000] [--picture docs/library-cost.svg]

Random unit vectors stand in for a model, so that only the store is measured; texts are made of 8,000
words, some often and most rarely (Zipf). Chroma gets the same ids, vectors, texts and fields in batches of the same
size; the two take turns, document by document, so that both meet the same moods of the machine. A
search is a question of six words to one scope that holds everything, with another one of a tenth as many
beside it. Times in ms; the search's are medians of 25 after the first one, which reads the index.
"""

import argparse
import hashlib
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy

from assistant.ports.embedding import Vectors
from assistant.values.evidence import Document, Page, Passage
from benchmarks.pieces import Piece, SettingUp
from retrieval.library import ChromaLibrary
from retrieval.store import BATCH

DIMENSIONS = 384
PIECES = 200  # of each document
_SYLLABLES = "ka lo mi ne su ta vo re pi du za fe bi go hu ja ke li mo nu".split()
WORDS = ["".join(three) for three in itertools.product(_SYLLABLES, repeat=3)]


class RandomVectors:
    """An Embedder that costs nothing."""

    space = "random-384"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self._chance = numpy.random.default_rng(0)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = self._chance.standard_normal((len(texts), DIMENSIONS), dtype=numpy.float32)
        unit: Vectors = vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def embed_question(self, text: str) -> Vectors:
        vector: Vectors = self.embed_passages([text])[0]
        return vector


@dataclass(frozen=True)
class MeasuredCost:
    """Of one size: add_ms and chroma_ms per 1,000 pieces, over all of them; reopened_ms: the first search after
    a restart."""

    pieces: int
    add_ms: float
    chroma_ms: float
    search_ms: float
    slowest_ms: float
    reopened_ms: float

    @property
    def ratio(self) -> float:
        return self.add_ms / self.chroma_ms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--picture", type=Path, help="where to draw the curve (SVG)")
    chosen = parser.parse_args()
    costs = []
    for size in chosen.sizes:
        costs.append(measure(size))
        print(json.dumps(asdict(costs[-1])), flush=True)
        print(
            f"{size:,} pieces: adding {costs[-1].ratio:.2f} × Chroma, search {costs[-1].search_ms:.1f} ms", flush=True
        )
    if chosen.picture:
        from benchmarks.cost_picture import draw

        chosen.picture.write_text(draw(costs), encoding="utf-8")


@dataclass(frozen=True)
class Round:
    """One library, filled: seconds of each document's adding, ours and Chroma's, of searches, and of the first one
    after a restart."""

    ours: Sequence[float]
    bare: Sequence[float]
    searches: Sequence[float]
    reopened: float


def measure(size: int) -> MeasuredCost:
    """Small sizes several times, each in a fresh folder: of each document the median counts, since other work on the
    machine hits a document here and there."""
    times = 10 if size < 5000 else 4 if size < 50_000 else 1
    rounds = [measure_once(size, bool(number % 2)) for number in range(times)]
    add = float(numpy.median([one.ours for one in rounds], axis=0).sum())
    bare = float(numpy.median([one.bare for one in rounds], axis=0).sum())
    searches = [seconds for one in rounds for seconds in one.searches]
    reopened = statistics.median(one.reopened for one in rounds)
    return MeasuredCost(
        size, add / size * 1e6, bare / size * 1e6, statistics.median(searches) * 1e3, max(searches) * 1e3,
        reopened * 1e3,
    )  # fmt: skip


def measure_once(size: int, ours_first: bool = True) -> Round:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        embedder = RandomVectors()
        with ChromaLibrary(place / "ours", embedder) as library:
            ours, bare = add_in_turns(library, bare_chroma(place / "bare"), size, ours_first)
            library.search("warm up", "me")
            spent = [searched(library) for _ in range(25)]
        with ChromaLibrary(place / "ours", embedder) as library:
            reopened = searched(library)
    return Round(ours, bare, spent, reopened)


def pieces() -> list[Piece]:
    return [
        Piece("adding 1,000 pieces to a library", adding, bare="Chroma alone"),
        Piece(
            "a search in 10,000 pieces",
            searching,
            bare="Chroma alone, by meaning only",
            unit="ms",
            quick_rounds=5,
            rounds=25,
        ),
    ]


@contextmanager
def adding(folder: Path) -> SettingUp:
    embedder = RandomVectors()
    collection = bare_chroma(folder / "bare")
    sizes = itertools.count(1000)  # each round's documents are new, and as many

    with ChromaLibrary(folder / "ours", embedder) as library:

        def ours() -> float:
            made = list(documents(next(sizes)))
            began = time.perf_counter()
            for document in made:
                library.add(document, "me")
            return time.perf_counter() - began

        def bare() -> float:
            made = list(documents(next(sizes)))
            began = time.perf_counter()
            for document in made:
                add_bare(collection, document, embedder)
            return time.perf_counter() - began

        yield {"ours": ours, "bare": bare}


@contextmanager
def searching(folder: Path) -> SettingUp:
    embedder = RandomVectors()
    collection = bare_chroma(folder / "bare")
    with ChromaLibrary(folder / "ours", embedder) as library:
        for document in documents(10_000):
            library.add(document, "me")
            add_bare(collection, document, embedder)

        def bare() -> float:
            began = time.perf_counter()
            found = collection.query(query_embeddings=[embedder.embed_question("")], n_results=12)
            assert len(found["ids"][0]) == 12
            return (time.perf_counter() - began) * 1000

        yield {"ours": lambda: searched(library) * 1000, "bare": bare}


def add_in_turns(library: ChromaLibrary, bare: Any, size: int, ours_first: bool) -> tuple[list[float], list[float]]:
    """Seconds that ours and Chroma alone took for each document; they take turns at going first."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    embedder = RandomVectors()
    for document in documents(50):  # imports, files and tables are made by the first one
        library.add(document, "warm")
        add_bare(bare, document, embedder)
    for number, document in enumerate(documents(size)):
        first = ours_first == (number % 2 == 0)
        for ours in (first, not first):
            began = time.perf_counter()
            if ours:
                library.add(document, "me")
            else:
                add_bare(bare, document, embedder)
            spent[ours].append(time.perf_counter() - began)
    for document in documents(size // 10):
        library.add(document, "you")
    return spent[True], spent[False]


def add_bare(collection: Any, document: Document, embedder: RandomVectors) -> None:
    texts = [passage.text for passage in document.passages]
    for start in range(0, len(texts), BATCH):
        batch = range(start, min(start + BATCH, len(texts)))
        collection.add(
            ids=[hashlib.sha256(f"{document.source_id}{number}".encode()).hexdigest() for number in batch],
            embeddings=embedder.embed_passages([texts[number] for number in batch]),
            documents=[texts[number] for number in batch],
            metadatas=[
                {"scope": "me", "source_id": document.source_id, "source": document.name, "medium": "text",
                 "chunk": number, "location": '{"kind":"page","number":1,"boxes":[]}', "places": "[]"}
                for number in batch
            ],
        )  # fmt: skip


def bare_chroma(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    return client.create_collection("bare", embedding_function=None, configuration={"hnsw": {"space": "cosine"}})


def documents(size: int) -> Iterator[Document]:
    chance = numpy.random.default_rng(size)
    often = 1 / numpy.arange(1, len(WORDS) + 1)
    often /= often.sum()
    for number in range(-(-size // PIECES)):
        count = min(PIECES, size - number * PIECES)
        words = chance.choice(WORDS, (count, 90), p=often)
        passages = tuple(Passage(" ".join(row)[:590], Page(1)) for row in words.tolist())
        yield Document(hashlib.sha256(f"{size} {number}".encode()).hexdigest(), f"{number}.txt", "text", passages)


def searched(library: ChromaLibrary) -> float:
    words = numpy.random.default_rng(time.perf_counter_ns()).choice(WORDS[:2000], 6).tolist()
    began = time.perf_counter()
    found = library.search(" ".join(words), "me")
    assert len(found) == 12
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
