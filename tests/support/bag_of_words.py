"""BagOfWords: an embedder without weights. Texts that share words are near each other, and nothing else is."""

import re
import zlib
from collections.abc import Sequence

import numpy

from assistant.ports.embedding import Vectors


class BagOfWords:
    """Implements Embedder. Every word (or Chinese character) has its place in the vector, by its CRC."""

    def __init__(self, dimensions: int = 256) -> None:
        self.dimensions = dimensions
        self.space = f"bag-of-words-{dimensions}"
        self.embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return numpy.stack([self.embed_question(text) for text in texts])

    def embed_question(self, text: str) -> Vectors:
        vector = numpy.zeros(self.dimensions, dtype=numpy.float32)
        vector[0] = 0.01  # a text without words has a direction too
        for word in re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]", text.lower()):
            vector[1 + zlib.crc32(word.encode()) % (self.dimensions - 1)] += 1
        unit: Vectors = vector / numpy.linalg.norm(vector)
        return unit
