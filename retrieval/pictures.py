"""Pictures found by what they show: a vector for each, in a collection of its own, beside the library's texts.

Cosines of two models mean different things and are never compared: what comes out are scores from 0, which
an unrelated picture gets, to `MEANING`, for one as near as a caption is to its picture. Whose pictures
these are is decided in one place (`_whose`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from assistant.evidence import Document
from assistant.limits import Limits
from assistant.loading import Part
from assistant.media import open_picture
from assistant.ports import PictureEmbedder, Vectors
from retrieval.store import BATCH, Key, Store

MEANING = 0.5  # what a picture that fits gets by its looks alone, as a text does by its meaning alone
_PREFIX = "pictures-"
_NEAREST = 20
_COLOURS = ("red", "green", "blue", "yellow")


@dataclass(frozen=True)
class Sight:
    """An embedder and what its cosines mean. sees: whether it tells simple pictures apart at all."""

    embedder: PictureEmbedder
    collection: Any
    zero: float
    sure: float
    sees: bool


class Pictures:
    """Of one library, in its store.

    The caller holds the library's lock for writing around `file` and `remove`.
    """

    def __init__(self, store: Store, embedder: Part[PictureEmbedder | None], limits: Limits) -> None:
        self._store, self._embedder, self._limits = store, embedder, limits
        self._sight: Sight | None = None

    def vector(self, document: Document) -> Vectors | None:
        """What the picture shows, where the document was read from one and an embedder that sees is loaded.

        Nobody waits for that one: it may have to be fetched, and the picture's text is found without it.
        """
        if document.picture is None or self._embedder.state != "ready":
            return None
        if (sight := self._look(self._embedder.get())) is None or not sight.sees:
            return None
        return sight.embedder.embed_pictures([open_picture(document.picture, self._limits, document.name)])

    def file(self, key: Key, vector: Vectors) -> None:
        assert self._sight is not None
        whose = {"scope": key.scope, "source_id": key.source_id}
        with self._store.translated("written"):
            self._sight.collection.upsert(ids=[key.piece(0)], embeddings=vector, metadatas=[whose])

    def search(self, question: str, scopes: Sequence[str], within: Sequence[str] = ()) -> dict[Key, float]:
        """The pictures near to the question, with scores from 0 to MEANING; none while the embedder is loading.

        If nobody has begun to load it, and there are pictures filed with one, it is loaded now.
        """
        if self._embedder.state in ("loading", "failed") or not self._store.collections_beside(_PREFIX):
            return {}
        if (sight := self._look(self._embedder.get())) is None or not sight.sees or not sight.collection.count():
            return {}
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
        keys = [Key(row["scope"], row["source_id"]) for row in got["metadatas"][0]]
        scores = [MEANING * (cosine - sight.zero) / span for cosine in near]
        return {key: score for key, score in zip(keys, scores, strict=True) if score > 0}

    def remove(self, key: Key) -> None:
        """This source's picture, or those of the whole scope where source_id is "", in every space."""
        where = _whose([key.scope], [key.source_id] if key.source_id else [])
        with self._store.translated("written"):
            for collection in self._store.collections_beside(_PREFIX):
                ids = collection.get(where=where, include=[])["ids"]
                for start in range(0, len(ids), BATCH):
                    collection.delete(ids=ids[start : start + BATCH])

    def _look(self, embedder: PictureEmbedder | None) -> Sight | None:
        if embedder is not None and self._sight is None:
            name = _PREFIX + re.sub(r"[^A-Za-z0-9._-]", "-", embedder.space).strip("-._")[:200]
            self._sight = calibrate(embedder, self._store.collection_beside(name))
        return self._sight


def _whose(scopes: Sequence[str], within: Sequence[str]) -> dict[str, Any]:
    """The only place where whose pictures these are enters a search."""
    mine: dict[str, Any] = {"scope": {"$in": list(scopes)}}
    return {"$and": [mine, {"source_id": {"$in": list(within)}}]} if within else mine


def calibrate(embedder: PictureEmbedder, collection: Any) -> Sight:
    """The embedder is shown a few drawn shapes and their captions: what fits, and what does not, are its own."""
    drawn = [(colour, shape) for shape in ("circle", "square") for colour in _COLOURS]
    pictures = embedder.embed_pictures([_draw(colour, shape) for colour, shape in drawn])
    captions = numpy.stack([embedder.embed_question(f"a {colour} {shape}") for colour, shape in drawn])
    other = embedder.embed_question("the rent falls due on the first working day of each month")
    cosines: Vectors = captions @ pictures.T
    sees = float((cosines.argmax(axis=1) == numpy.arange(len(drawn))).mean()) >= 0.75
    own, unrelated = float(numpy.median(cosines.diagonal())), float(numpy.median(pictures @ other))
    return Sight(
        embedder, collection, unrelated, unrelated + 0.75 * max(0.0, own - unrelated), sees and own > unrelated
    )


def _draw(colour: str, shape: str) -> Any:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (224, 224), "white")
    pen = ImageDraw.Draw(picture)
    (pen.ellipse if shape == "circle" else pen.rectangle)((40, 40, 184, 184), fill=colour)
    return picture
