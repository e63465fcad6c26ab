"""Text to unit vectors on a server with OpenAI's protocol (/embeddings)."""

from collections.abc import Sequence

import numpy

from assistant.embeddings.text import space_of
from assistant.engines.openai_server import OpenAIServer
from assistant.ports.embedding import Vectors
from assistant.values.errors import EngineError
from assistant.values.messages import say

_BATCH = 64


class RemoteEmbedder:
    """Implements Embedder. The number of dimensions is asked of the server once, when it is made."""

    def __init__(self, server: OpenAIServer) -> None:
        self._server = server
        self.dimensions = len(self._vectors(["dimensions"])[0])
        self.space = space_of(server.model, self.dimensions)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return numpy.zeros((0, self.dimensions), dtype=numpy.float32)
        batches = [self._vectors(list(texts[at : at + _BATCH])) for at in range(0, len(texts), _BATCH)]
        return numpy.concatenate(batches)

    def embed_question(self, text: str) -> Vectors:
        vector: Vectors = self._vectors([text])[0]
        return vector

    def _vectors(self, texts: list[str]) -> Vectors:
        told = self._server.post("embeddings", json={"model": self._server.model, "input": texts})
        try:
            rows = sorted(told["data"], key=lambda row: row["index"])
            vectors = numpy.asarray([row["embedding"] for row in rows], dtype=numpy.float32)
            lengths: Vectors = numpy.linalg.norm(vectors, axis=1, keepdims=True)
        except (KeyError, TypeError, ValueError) as error:
            raise EngineError(
                say("{server} does not answer as an embedding server does.", server=self._server.name)
            ) from error
        if vectors.shape[0] != len(texts) or not lengths.all():
            raise EngineError(say("{server} gave vectors that are missing or empty.", server=self._server.name))
        unit: Vectors = vectors / lengths
        return unit
