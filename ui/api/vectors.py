"""/v1/embeddings: texts as the vectors that the library searches by."""

import base64
import json
from typing import TYPE_CHECKING

import numpy

from assistant.ports.embedding import Vectors
from assistant.text.word_count import count_words
from ui.api.computing import computed
from ui.api.parts import ApiParts
from ui.api.refusals import Refusal
from ui.api.shapes import EmbeddingsAsked

if TYPE_CHECKING:
    import threading

    from starlette.requests import Request
    from starlette.responses import Response

_BATCH = 64


class Embeddings:
    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts

    async def answer(self, request: "Request", owner: str, asked: EmbeddingsAsked) -> "Response":
        from starlette.responses import Response

        texts = [asked.input] if isinstance(asked.input, str) else asked.input
        if not all(text.strip() for text in texts):
            raise Refusal(400, "An empty text has no vector.", "invalid_value", "input")
        if any(len(text) > self._parts.settings().limits.question_characters for text in texts):
            raise Refusal(400, "A text is too long; part it first.", "invalid_value", "input")
        space, vectors = await computed(self._parts, request, owner, lambda stop: self._vectors(asked, texts, stop))
        words = sum(map(count_words, texts))
        told = {
            "object": "list",
            "model": space,
            "data": [
                {"object": "embedding", "index": number, "embedding": _written(vector, asked.encoding_format)}
                for number, vector in enumerate(vectors)
            ],
            "usage": {"prompt_tokens": words, "total_tokens": words},
        }
        return Response(json.dumps(told), 200, {"cache-control": "no-store"}, "application/json")

    def _vectors(self, asked: EmbeddingsAsked, texts: list[str], stop: "threading.Event") -> tuple[str, Vectors]:
        embedder = self._parts.embedder.get()
        self._parts.check_model(asked.model, embedder.space)
        if asked.dimensions not in (None, embedder.dimensions):
            raise Refusal(
                400, f"This model's vectors have {embedder.dimensions} numbers.", "invalid_value", "dimensions"
            )
        if asked.medley.kind == "question":
            vectors = [embedder.embed_question(text) for text in texts if not stop.is_set()]
        else:
            vectors = [
                vector
                for start in range(0, len(texts), _BATCH)
                if not stop.is_set()
                for vector in embedder.embed_passages(texts[start : start + _BATCH])
            ]
        return embedder.space, numpy.stack(vectors) if vectors else numpy.zeros((0, embedder.dimensions), numpy.float32)


def _written(vector: Vectors, form: str | None) -> list[float] | str:
    if form == "base64":
        return base64.b64encode(vector.astype("<f4").tobytes()).decode()
    return [float(one) for one in vector]
