"""Store: the border to Chroma. Pieces go in with their vectors under ids of their own, and come out as Evidence.

One process owns the folder; one collection per embedding space. Whose a piece is goes into its id.
"""

import hashlib
import json
import logging
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy

from assistant.ports.embedding import Vectors
from assistant.storage.trouble import Verb, not_kept
from assistant.values.errors import LibraryError
from assistant.values.evidence import (
    Evidence,
    Medium,
    location_from_json,
    location_to_json,
    places_from_json,
    places_to_json,
)
from assistant.values.messages import say
from retrieval.chunking import Chunk
from retrieval.trouble import translated

log = logging.getLogger(__name__)

_compact = json.JSONEncoder(separators=(",", ":")).encode  # `dumps` makes an encoder every time
BATCH = 500  # Chroma takes up to 5,461; smaller ones keep memory flat
PREFIX = "medley-"


@dataclass(frozen=True)
class Key:
    """A source in a scope."""

    scope: str
    source_id: str

    def piece(self, number: int) -> str:
        """The same piece gets the same id whenever it is filed, so that writing it again changes nothing."""
        return self.pieces(number, number + 1)[0]

    def pieces(self, start: int, end: int) -> list[str]:
        shared = json.dumps([self.scope, self.source_id, 0]).removesuffix("0]")
        return [hashlib.sha256(f"{shared}{number}]".encode()).hexdigest() for number in range(start, end)]


class Store:
    """Any thread may read while one writes."""

    def __init__(self, folder: Path, space: str) -> None:
        """Raises LibraryError where the folder is in use, cannot be written, or holds something else."""
        self._folder = folder
        self.collection = PREFIX + re.sub(r"[^A-Za-z0-9._-]", "-", space).strip("-._")[:200]
        self._held = hold(folder)
        self._client: Any = None
        try:
            self._client = _client(folder)
            with translated(folder, "opened"):
                self._pieces = self._collection(self.collection)
        except BaseException:
            self.close()
            raise

    def write(self, key: Key, name: str, medium: Medium, start: int, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Pieces number `start` and on of a source."""
        with translated(self._folder, "written"):
            self._pieces.upsert(
                ids=key.pieces(start, start + len(chunks)),
                embeddings=vectors,
                documents=[piece.text for piece in chunks],
                metadatas=[_written(key, name, medium, number, piece) for number, piece in enumerate(chunks, start)],
            )

    def vectors(self, ids: Sequence[str], dimensions: int) -> Vectors:
        """Shape (len(ids), dimensions); zeros, which nothing is near to, where a piece is lost."""
        vectors = numpy.zeros((len(ids), dimensions), dtype=numpy.float32)
        at = {piece: position for position, piece in enumerate(ids)}
        with translated(self._folder, "read"):
            for start in range(0, len(ids), 10 * BATCH):
                got = self._pieces.get(ids=list(ids[start : start + 10 * BATCH]), include=["embeddings"])
                if got["ids"]:
                    vectors[[at[piece] for piece in got["ids"]]] = got["embeddings"]
        return vectors

    def evidence(self, wanted: Sequence[tuple[str, float]]) -> list[Evidence]:
        """The pieces of these ids, in this order, with these scores. What was removed meanwhile is left out."""
        if not wanted:
            return []
        with translated(self._folder, "read"):
            got = self._pieces.get(ids=[piece for piece, _ in wanted], include=["documents", "metadatas"])
        rows = zip(got["documents"] or (), got["metadatas"] or (), strict=True)
        by_id = {piece: _evidence(text, row) for piece, (text, row) in zip(got["ids"], rows, strict=True)}
        return [replace(by_id[piece], score=min(1.0, score)) for piece, score in wanted if piece in by_id]

    def media_of(self, keys: Sequence[Key]) -> dict[Key, Medium]:
        """What kind of file each of these sources is; of one without pieces in this space that is not known."""
        at = {key.piece(0): key for key in keys}
        ids = list(at)
        found: dict[Key, Medium] = {}
        with translated(self._folder, "read"):
            for start in range(0, len(ids), 10 * BATCH):
                got = self._pieces.get(ids=ids[start : start + 10 * BATCH], include=["metadatas"])
                found.update(
                    {at[piece]: row["medium"] for piece, row in zip(got["ids"], got["metadatas"], strict=True)}
                )
        return found

    def chunks_of(self, collection: str, key: Key, pieces: int) -> tuple[list[Chunk], Medium]:
        """A source as it stands in the collection of another space."""
        if not pieces:
            return [], "audio"  # nothing was heard of it; Chroma is not asked for nothing
        with translated(self._folder, "read"):
            old = self._client.get_collection(collection, embedding_function=None)
            got = old.get(ids=key.pieces(0, pieces), include=["documents", "metadatas"])
        rows = sorted(zip(got["metadatas"], got["documents"], strict=True), key=lambda row: int(row[0]["chunk"]))
        if len(rows) < pieces:
            name = rows[0][0]["source"] if rows else "a file"
            raise LibraryError(
                say("The library has lost parts of {name}. Remove that file and add it again.", name=name)
            )
        found = [_evidence(text, row) for row, text in rows]
        return [Chunk(piece.content, piece.location, piece.places) for piece in found], found[0].medium

    def timed(self, scopes: Sequence[str]) -> list[tuple[str, int, Evidence]]:
        """The pieces of recordings and films in these scopes, in no order: scope, number, piece."""
        where: dict[str, Any] = {"$and": [{"scope": {"$in": list(scopes)}}, {"medium": {"$in": ["audio", "video"]}}]}
        with translated(self._folder, "read"):
            got = self._pieces.get(where=where, include=["documents", "metadatas"])
        rows = zip(got["documents"] or (), got["metadatas"] or (), strict=True)
        return [(str(row["scope"]), int(row["chunk"]), _evidence(text, row)) for text, row in rows]

    def delete(self, key: Key) -> None:
        """Everything of a source, or of the scope where source_id is "", in every space."""
        where: dict[str, object] = {"scope": key.scope}
        if key.source_id:
            where = {"$and": [where, {"source_id": key.source_id}]}
        with translated(self._folder, "written"):
            for collection in self._collections():
                ids = collection.get(where=where, include=[])["ids"]
                for start in range(0, len(ids), BATCH):
                    collection.delete(ids=ids[start : start + BATCH])

    def drop_others(self, used: Sequence[str]) -> None:
        """Removes the collections of other spaces, but for those still used."""
        with translated(self._folder, "written"):
            for known in self._collections():
                if known.name not in (self.collection, *used):
                    self._client.delete_collection(known.name)

    def _collections(self) -> list[Any]:
        return [known for known in self._client.list_collections() if known.name.startswith(PREFIX)]

    def collection_beside(self, name: str) -> Any:
        """A collection for something else than pieces of text, which this store leaves alone; made if need be."""
        with self.translated("opened"):
            return self._collection(name)

    def collections_beside(self, prefix: str) -> list[Any]:
        return [known for known in self._client.list_collections() if known.name.startswith(prefix)]

    def drop_beside(self, name: str) -> None:
        self._client.delete_collection(name)

    def translated(self, done: Verb) -> AbstractContextManager[None]:
        """Chroma's errors inside become a LibraryError; done: what could not be, "read" or "written"."""
        return translated(self._folder, done)

    def _collection(self, name: str) -> Any:
        return self._client.get_or_create_collection(
            name,
            embedding_function=None,  # the default one would fetch a model
            configuration={"hnsw": {"space": "cosine"}},
        )

    def close(self) -> None:
        if self._client is not None:
            with translated(self._folder, "closed"):
                self._client.close()
        self._held.release()


def _written(key: Key, name: str, medium: Medium, number: int, piece: Chunk) -> dict[str, object]:
    return {
        "scope": key.scope,
        "source_id": key.source_id,
        "source": name,
        "medium": medium,
        "chunk": number,
        "location": _compact(location_to_json(piece.location)),
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


def hold(folder: Path) -> Any:
    """Two processes that write one folder lose vectors without a word: so one holds it at a time."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder / "in-use.lock", thread_local=False)
        held.acquire(timeout=0)
    except Timeout as error:
        log.error("Another process holds %s", folder)
        raise LibraryError(
            say(
                "Another Medley is using this library. If its page is open, add and remove files there, "
                "under Libraries. Else stop it, or give this one its own folder with --data."
            )
        ) from error
    except OSError as error:
        raise not_kept(error, say("the library"), folder) from error
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
