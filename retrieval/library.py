"""ChromaLibrary: keeps what was given in a folder, and finds it again by meaning and by words.

One collection per embedding space; the scope is a condition on it, put in at one place (`_of`).
"""

import hashlib
import json
import re
import shutil
import tempfile
import threading
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy

from assistant.errors import LibraryError
from assistant.evidence import (
    Document,
    Evidence,
    location_from_json,
    location_to_json,
    places_from_json,
    places_to_json,
)
from assistant.ports import Embedder
from retrieval.calibration import Scale, calibrate
from retrieval.chunking import Chunk, chunk
from retrieval.keyword import KeywordIndex, is_unspaced
from retrieval.ranking import first_of_each, fuse, ranked
from retrieval.trouble import translated

_BATCH = 500  # Chroma takes up to 5,461; smaller ones let searches in between
_CANDIDATES = 100  # from each side
_SCOPES_AT_HAND = 16

Scopes = tuple[str, ...]


@dataclass(frozen=True)
class _Words:
    """The keyword index of one scope, and what its positions stand for."""

    ids: list[str]
    sources: list[str]
    index: KeywordIndex


class ChromaLibrary:
    """Implements Library; any thread may call it. Only one process may have a folder open.

    folder None: a private temporary one, removed by `close`. What was filed with one embedder is not
    seen with another: their vectors never meet.
    """

    def __init__(self, folder: Path | None, embedder: Embedder) -> None:
        """Raises LibraryError where the folder is in use, cannot be written, or holds something else."""
        self._embedder = embedder
        self._private = folder is None
        self._folder = folder or Path(tempfile.mkdtemp(prefix="medley-library-"))
        self._alone = threading.RLock()
        self._words: OrderedDict[Scopes, _Words] = OrderedDict()
        self._scales: dict[bool, Scale] = {}
        self._forgotten: Counter[str] = Counter()
        self._held = _hold(self._folder)
        self._client: Any = None
        try:
            self._client = _client(self._folder)
            with translated(self._folder, "opened"):
                self._collection = self._client.get_or_create_collection(
                    "medley-" + re.sub(r"[^A-Za-z0-9._-]", "-", embedder.space).strip("-._")[:200],
                    embedding_function=None,  # the default one would fetch a model
                    configuration={"hnsw": {"space": "cosine", "ef_search": 2 * _CANDIDATES}},
                )
        except BaseException:
            self.close()
            raise

    def add(self, document: Document, scope: str) -> None:
        """Embeds, then writes. The first chunk is written last: where it is, the document is whole."""
        chunks = chunk(document.passages)
        if not chunks or document.source_id in self.sources(scope):
            return
        ids = [_id(scope, document.source_id, number) for number in range(len(chunks))]
        began = self._forgotten[scope]
        for start in reversed(range(0, len(chunks), _BATCH)):
            batch = slice(start, start + _BATCH)
            vectors = self._embedder.embed_passages([piece.indexed for piece in chunks[batch]])
            with self._alone, translated(self._folder, "written"):
                if self._forgotten[scope] != began:
                    return  # forgotten while it was embedded: the rest must not come back
                self._collection.upsert(
                    ids=ids[batch],
                    embeddings=vectors,
                    documents=[piece.text for piece in chunks[batch]],
                    metadatas=[
                        _filed(piece, number, document, scope) for number, piece in enumerate(chunks[batch], start)
                    ],
                )
        with self._alone:
            self._changed(scope)

    def search(
        self, question: str, scope: str | Sequence[str], limit: int = 12, within: Sequence[str] = ()
    ) -> list[Evidence]:
        """Hits by meaning or by words in any of these scopes, best first; what scores 0 is left out.

        A best score near 1 says that the question's words or its meaning stand there; off-topic questions
        rarely get beyond 0.6. One text is given once, however often it was filed.
        """
        if not question.strip() or limit < 1:
            return []
        asked = self._embedder.embed_question(question)
        scale = self._scale(is_unspaced(question))
        if not (scopes := _several(scope)):
            return []
        with self._alone, translated(self._folder, "read"):
            words = self._words_of(scopes)
            if not words.ids:
                return []
            keyword = _best_words(words, question, within)
            dense = self._dense(asked, scopes, within, list(keyword))
            best = ranked(fuse(dense, keyword, scale))
            return self._fetch(best[: 3 * limit])[:limit]

    def sources(self, scope: str) -> dict[str, str]:
        with self._alone, translated(self._folder, "read"):
            found = self._collection.get(where=_of((scope,), {"chunk": 0}), include=["metadatas"])
        return {str(filed["source_id"]): str(filed["source"]) for filed in found["metadatas"] or ()}

    def beginning(self, scope: str | Sequence[str], within: Sequence[str] = (), limit: int = 6) -> list[Evidence]:
        """The first piece of every source, then the second of every source, and so on."""
        if not (scopes := _several(scope)):
            return []
        with self._alone, translated(self._folder, "read"):
            found = self._collection.get(
                where=_of(scopes, {"chunk": {"$lt": max(limit, 1)}}), include=["documents", "metadatas"]
            )
        rows = zip(found["documents"] or (), found["metadatas"] or (), strict=True)
        wanted = [(text, filed) for text, filed in rows if not within or filed["source_id"] in within]
        wanted.sort(key=lambda row: int(row[1]["chunk"]))
        return [_evidence(text, filed) for text, filed in wanted[:limit]]

    def remove(self, scope: str, source_id: str) -> None:
        with self._alone, translated(self._folder, "written"):
            self._changed(scope)
            self._delete(_of((scope,), {"source_id": source_id}))

    def forget(self, scope: str) -> None:
        with self._alone, translated(self._folder, "written"):
            self._changed(scope)
            self._forgotten[scope] += 1
            self._delete(_of((scope,)))

    def close(self) -> None:
        """Gives the folder back; a second time does nothing. A private folder is removed."""
        with self._alone:
            if not self._held.is_locked:
                return
            self._words.clear()
            if self._client is not None:
                with translated(self._folder, "closed"):
                    self._client.close()
            self._held.release()
            if self._private:
                shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "ChromaLibrary":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _scale(self, unspaced: bool) -> Scale:
        if unspaced not in self._scales:
            self._scales[unspaced] = calibrate(self._embedder, unspaced)
        return self._scales[unspaced]

    def _delete(self, where: dict[str, object]) -> None:
        ids = self._collection.get(where=where, include=[])["ids"]
        for start in range(0, len(ids), _BATCH):
            self._collection.delete(ids=ids[start : start + _BATCH])

    def _changed(self, scope: str) -> None:
        for scopes in [scopes for scopes in self._words if scope in scopes]:
            del self._words[scopes]

    def _words_of(self, scopes: Scopes) -> _Words:
        """Made by the first search after one of the scopes changed; those asked last are kept at hand."""
        if scopes not in self._words:
            found = self._collection.get(where=_of(scopes), include=["documents", "metadatas"])
            pieces = [
                Chunk(text, location_from_json(json.loads(str(filed["location"]))))
                for text, filed in zip(found["documents"] or (), found["metadatas"] or (), strict=True)
            ]
            sources = [str(filed["source_id"]) for filed in found["metadatas"] or ()]
            self._words[scopes] = _Words(found["ids"], sources, KeywordIndex([piece.indexed for piece in pieces]))
        self._words.move_to_end(scopes)
        while len(self._words) > _SCOPES_AT_HAND:
            self._words.popitem(last=False)
        return self._words[scopes]

    def _dense(self, asked: Any, scopes: Scopes, within: Sequence[str], others: list[str]) -> dict[str, float]:
        """Cosines of the nearest pieces, and of the `others`, whose vectors are fetched for it."""
        more = ({"source_id": {"$in": list(within)}},) if within else ()
        found = self._collection.query(
            query_embeddings=[asked], n_results=_CANDIDATES, where=_of(scopes, *more), include=["distances"]
        )
        cosines = {
            piece: 1.0 - distance for piece, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        }
        missing = [piece for piece in others if piece not in cosines]
        if missing:
            got = self._collection.get(ids=missing, include=["embeddings"])
            products = numpy.asarray(got["embeddings"], dtype=numpy.float32) @ asked
            cosines.update(zip(got["ids"], products.tolist(), strict=True))
        return cosines

    def _fetch(self, best: list[tuple[str, float]]) -> list[Evidence]:
        if not best:
            return []
        got = self._collection.get(ids=[piece for piece, _ in best], include=["documents", "metadatas"])
        rows = zip(got["documents"] or (), got["metadatas"] or (), strict=True)
        by_id = {piece: _evidence(text, filed) for piece, (text, filed) in zip(got["ids"], rows, strict=True)}
        hits = [replace(by_id[piece], score=min(1.0, score)) for piece, score in best if piece in by_id]
        return [hits[position] for position in first_of_each(hit.content for hit in hits)]


def _several(scope: str | Sequence[str]) -> Scopes:
    return (scope,) if isinstance(scope, str) else tuple(dict.fromkeys(scope))


def _of(scopes: Scopes, *more: dict[str, object]) -> dict[str, object]:
    """The only place where whose files these are enters a query."""
    owner: dict[str, object] = {"scope": scopes[0]} if len(scopes) == 1 else {"scope": {"$in": list(scopes)}}
    return {"$and": [owner, *more]} if more else owner


def _id(scope: str, source_id: str, number: int) -> str:
    """The same piece gets the same id whenever it is filed, so that writing it again changes nothing."""
    return hashlib.sha256(json.dumps([scope, source_id, number]).encode()).hexdigest()


def _filed(piece: Chunk, number: int, document: Document, scope: str) -> dict[str, object]:
    return {
        "scope": scope,
        "source_id": document.source_id,
        "source": document.name,
        "medium": document.medium,
        "chunk": number,
        "location": json.dumps(location_to_json(piece.location), separators=(",", ":")),
        "places": places_to_json(piece.places),
    }


def _evidence(text: str, filed: Any) -> Evidence:
    return Evidence(
        source_id=filed["source_id"],
        source=filed["source"],
        medium=filed["medium"],
        content=text,
        location=location_from_json(json.loads(filed["location"])),
        places=places_from_json(filed["places"]),
    )


def _best_words(words: _Words, question: str, within: Sequence[str]) -> dict[str, float]:
    scores = words.index.scores(question)
    if within:
        wanted = set(within)
        scores = scores * numpy.array([source in wanted for source in words.sources], dtype=numpy.float32)
    best = numpy.argsort(-scores, kind="stable")[:_CANDIDATES]
    return {words.ids[at]: float(scores[at]) for at in best if scores[at] > 0}


def _hold(folder: Path) -> Any:
    """Two processes that write one folder lose vectors without a word: so one holds it at a time."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder / "in-use.lock", thread_local=False)
        held.acquire(timeout=0)
    except Timeout as error:
        raise LibraryError(
            f"Another Medley is using {folder}. Stop it, or give this one its own folder with --data."
        ) from error
    except OSError as error:
        raise LibraryError(f"I cannot write to {folder}. Choose another folder with --data.") from error
    return held


def _client(folder: Path) -> Any:
    import chromadb  # half a second
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    with translated(folder, "opened"):
        try:
            return chromadb.PersistentClient(path=str(folder), settings=settings)
        except AttributeError:  # it stumbles once over what its last failure in this folder left in memory
            return chromadb.PersistentClient(path=str(folder), settings=settings)
