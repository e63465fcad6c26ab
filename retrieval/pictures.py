"""Pictures found by what they show, those inside documents too: a vector for each, beside the library's texts.

Cosines of two models mean different things and are never compared: what comes out are scores from 0, which
an unrelated picture gets, to `MEANING`, for one as near as a caption is to its picture. Whose pictures
these are is decided in one place (`_whose`).
"""

import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from assistant.media import open_picture
from assistant.models.lazy import Lazy
from assistant.ports.embedding import PictureEmbedder, Vectors
from assistant.storage.sqlite_store import SqliteStore
from assistant.values.errors import BadInput
from assistant.values.evidence import (
    Document,
    Evidence,
    Location,
    Medium,
    Seconds,
    location_from_json,
    location_to_json,
)
from assistant.values.limits import Limits
from retrieval.seeing_again import pictured_again
from retrieval.store import BATCH, Key, Store

if TYPE_CHECKING:
    from PIL.Image import Image

MEANING = 0.5  # what a picture that fits gets by its looks alone, as a text does by its meaning alone
_PREFIX = "pictures-"
_NEAREST = 20
_COLOURS = ("red", "green", "blue", "yellow")

_TABLES = """
CREATE TABLE IF NOT EXISTS pictured (
    scope TEXT NOT NULL, source_id TEXT NOT NULL, space TEXT NOT NULL, figures TEXT NOT NULL,
    begun INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, source_id)
);
"""


@dataclass(frozen=True)
class PictureSense:
    """An embedder and what its cosines mean. sees: whether it tells simple pictures apart at all."""

    embedder: PictureEmbedder
    collection: Any
    zero: float
    sure: float
    sees: bool


@dataclass(frozen=True)
class SourcePicture:
    """A picture of a source."""

    at: Location | None
    """Where it stands; None where the source is the picture."""
    content: str = ""
    """See `Figure`."""
    nth: int = 0
    """Its number among those at the same place."""

    def id(self, key: Key) -> str:
        """A source that is a picture has the id of its first piece."""
        if self.at is None:
            return key.piece(0)
        return hashlib.sha256(json.dumps([key.scope, key.source_id, self._place, self.nth]).encode()).hexdigest()

    @property
    def _place(self) -> str:
        return json.dumps(location_to_json(self.at), separators=(",", ":")) if self.at is not None else ""

    def row(self, key: Key) -> dict[str, str]:
        whose = {"scope": key.scope, "source_id": key.source_id}
        return whose if self.at is None else {**whose, "location": self._place, "content": self.content}

    @classmethod
    def of(cls, row: Any) -> "SourcePicture":
        return cls(location_from_json(json.loads(row["location"])), row["content"]) if "location" in row else cls(None)


Seen = list[tuple[SourcePicture, Vectors]]


@dataclass(frozen=True)
class Spotted:
    """A picture that fits a question; score from 0 to MEANING."""

    key: Key
    shown: SourcePicture
    score: float

    def evidence(self, source: str) -> Evidence | None:
        """None where the source is the picture itself, whose pieces are in the library."""
        if self.shown.at is None:
            return None
        medium: Medium = "video" if isinstance(self.shown.at, Seconds) else "image"
        return Evidence(self.key.source_id, source, medium, self.shown.content, self.shown.at, score=self.score)


class Pictures:
    """Of one library, in its store.

    The caller holds the library's lock for writing around `file` and `remove`.
    """

    def __init__(
        self, store: Store, sqlite: SqliteStore, embedder: Lazy[PictureEmbedder | None], limits: Limits
    ) -> None:
        self._store, self._sqlite, self._embedder, self._limits = store, sqlite, embedder, limits
        sqlite.make(_TABLES)
        sqlite.add_column("pictured", "begun", "INTEGER NOT NULL DEFAULT 0")
        self._sight: PictureSense | None = None

    def space(self) -> str:
        """The space in which pictures are seen now; "" where no embedder that sees is loaded.

        Nobody waits for one: it may have to be fetched, and a picture's text is found without it.
        """
        if self._embedder.state != "ready":
            return ""
        sight = self._look(self._embedder.get())
        return sight.embedder.space if sight is not None and sight.sees else ""

    def see(self, document: Document) -> Seen | None:
        """The pictures of a document and a vector of each; None without any, or without a space."""
        if not (document.picture or document.figures) or not self.space():
            return None
        assert self._sight is not None
        pictures: dict[SourcePicture, Image] = {}
        if document.picture is not None:
            pictures[SourcePicture(None)] = open_picture(document.picture, self._limits, document.name)
        at_one_place = Counter[Location]()
        for figure in document.figures:
            nth = at_one_place[figure.location]
            pictures[SourcePicture(figure.location, figure.content, nth)] = _decoded(figure.png)
            at_one_place[figure.location] += 1
        return list(zip(pictures, self._sight.embedder.embed_pictures(list(pictures.values())), strict=True))

    def see_again(self, original: Path | None, name: str, figures: str) -> Seen | None:
        """As `see`, from the file itself and what `file` wrote down; None too where it does not open any more."""
        try:
            document = pictured_again(original, name, figures, self._limits) if original is not None else None
            return self.see(document) if document is not None else None
        except BadInput:
            return None

    def unseen(self) -> Sequence[Any]:
        """scope, source_id, source, figures, begun of what was filed without the present model; none without a space.

        begun: how often it was begun with while nothing tells how that ended: the program died over it.
        """
        if not (space := self.space()):
            return []
        return self._sqlite.rows(
            "SELECT scope, source_id, source, figures, begun FROM filed JOIN pictured USING (scope, source_id)"
            " WHERE space != ? ORDER BY filed.rowid",
            space,
        )

    @contextmanager
    def attempt(self, key: Key, begun: int) -> Iterator[None]:
        """Written down before anything looks at the file; left in order, whyever, it was none."""
        self._note_attempts(key, begun + 1)
        try:
            yield
        finally:
            self._note_attempts(key, begun)

    def _note_attempts(self, key: Key, begun: int) -> None:
        self._sqlite.write(
            "UPDATE pictured SET begun = ? WHERE scope = ? AND source_id = ?", begun, key.scope, key.source_id
        )

    def file(self, key: Key, seen: Seen | None, figures: str) -> None:
        """In place of what is there of this source, and with which model (None: with none), is written down.

        figures: as `seeing_again` needs them.
        """
        if seen:
            self.remove(key)
            self._write(key, {shown.id(key): (shown, vector) for shown, vector in seen})
        space = self.space() if seen is not None else ""
        self._sqlite.write(
            "INSERT OR REPLACE INTO pictured (scope, source_id, space, figures) VALUES (?, ?, ?, ?)",
            key.scope,
            key.source_id,
            space,
            figures,
        )

    def more(self, key: Key, seen: Seen | None, figures: str) -> None:
        """More pictures of a source, beside those that are there already; doing it twice changes nothing more.

        Where one of them is seen and the others were not, it counts as filed with no model: `see_again` sees to all.
        """
        known = self._sqlite.rows(
            "SELECT space, figures FROM pictured WHERE scope = ? AND source_id = ?", key.scope, key.source_id
        )
        if not figures:
            return
        if seen:
            self._write(key, {shown.id(key): (shown, vector) for shown, vector in seen})
        space = self.space() if seen is not None else ""
        listed: list[object] = json.loads(known[0]["figures"] or "[]") if known else []
        listed += [row for row in json.loads(figures) if row not in listed]
        if known and known[0]["space"] != space:
            space = ""
        self._sqlite.write(
            "INSERT OR REPLACE INTO pictured (scope, source_id, space, figures) VALUES (?, ?, ?, ?)",
            key.scope, key.source_id, space, json.dumps(listed, separators=(",", ":")),
        )  # fmt: skip

    def _write(self, key: Key, rows: dict[str, tuple[SourcePicture, Vectors]]) -> None:
        assert self._sight is not None
        with self._store.translated("written"):
            for start in range(0, len(rows), BATCH):
                batch = list(rows.items())[start : start + BATCH]
                self._sight.collection.upsert(
                    ids=[piece for piece, _ in batch],
                    embeddings=[vector for _, (_, vector) in batch],
                    metadatas=[shown.row(key) for _, (shown, _) in batch],
                )

    def search(self, question: str, scopes: Sequence[str], within: Sequence[str] = ()) -> list[Spotted]:
        """The pictures near to the question; none while the embedder is loading.

        If nobody has begun to load it, and there are pictures filed with one, it is loaded now.
        """
        if self._embedder.state in ("loading", "failed") or not self._store.collections_beside(_PREFIX):
            return []
        if (sight := self._look(self._embedder.get())) is None or not sight.sees or not sight.collection.count():
            return []
        asked = sight.embedder.embed_question(question)
        with self._store.translated("read"):
            got = sight.collection.query(
                query_embeddings=[asked],
                n_results=_NEAREST,
                where=_whose(scopes, within),
                include=["metadatas", "distances"],
            )
        near = [1.0 - distance for distance in got["distances"][0]]
        span = max(sight.sure, *near, sight.zero + 1e-6) - sight.zero if near else 1.0
        return [
            Spotted(Key(row["scope"], row["source_id"]), SourcePicture.of(row), MEANING * (cosine - sight.zero) / span)
            for row, cosine in zip(got["metadatas"][0], near, strict=True)
            if cosine > sight.zero
        ]

    def remove(self, key: Key) -> None:
        """This source's pictures, or those of the whole scope where source_id is "", in every space."""
        where = _whose([key.scope], [key.source_id] if key.source_id else [])
        with self._store.translated("written"):
            for collection in self._store.collections_beside(_PREFIX):
                ids = collection.get(where=where, include=[])["ids"]
                for start in range(0, len(ids), BATCH):
                    collection.delete(ids=ids[start : start + BATCH])
        self._sqlite.write("DELETE FROM pictured WHERE scope = ? AND ? IN (source_id, '')", key.scope, key.source_id)

    def drop_others(self) -> None:
        """Removes the collections of other spaces that hold nothing any more."""
        with self._store.translated("written"):
            for collection in self._store.collections_beside(_PREFIX):
                if (self._sight is None or collection.name != self._sight.collection.name) and not collection.count():
                    self._store.drop_beside(collection.name)

    def _look(self, embedder: PictureEmbedder | None) -> PictureSense | None:
        if embedder is not None and self._sight is None:
            name = _PREFIX + re.sub(r"[^A-Za-z0-9._-]", "-", embedder.space).strip("-._")[:200]
            self._sight = calibrate(embedder, self._store.collection_beside(name))
        return self._sight


def _decoded(png: bytes) -> "Image":
    from PIL import Image

    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        return picture.convert("RGB")


def _whose(scopes: Sequence[str], within: Sequence[str]) -> dict[str, Any]:
    """The only place where whose pictures these are enters a search."""
    mine: dict[str, Any] = {"scope": {"$in": list(scopes)}}
    return {"$and": [mine, {"source_id": {"$in": list(within)}}]} if within else mine


def calibrate(embedder: PictureEmbedder, collection: Any) -> PictureSense:
    """The embedder is shown a few drawn shapes and their captions: what fits, and what does not, are its own."""
    drawn = [(colour, shape) for shape in ("circle", "square") for colour in _COLOURS]
    pictures = embedder.embed_pictures([_draw(colour, shape) for colour, shape in drawn])
    captions = numpy.stack([embedder.embed_question(f"a {colour} {shape}") for colour, shape in drawn])
    other = embedder.embed_question("the rent falls due on the first working day of each month")
    cosines: Vectors = captions @ pictures.T
    sees = float((cosines.argmax(axis=1) == numpy.arange(len(drawn))).mean()) >= 0.75
    own, unrelated = float(numpy.median(cosines.diagonal())), float(numpy.median(pictures @ other))
    return PictureSense(
        embedder, collection, unrelated, unrelated + 0.75 * max(0.0, own - unrelated), sees and own > unrelated
    )


def _draw(colour: str, shape: str) -> Any:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (224, 224), "white")
    pen = ImageDraw.Draw(picture)
    (pen.ellipse if shape == "circle" else pen.rectangle)((40, 40, 184, 184), fill=colour)
    return picture
