"""A kept library's BM25 over the same words: the reference for our index, which grows file by file."""

import logging
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy

from assistant.ports.embedding import Vectors
from retrieval.keyword import tokens


class KeywordIndex:
    """Made once over its texts; `scores` gives one number for each, in their order."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._index: Any = None
        listed = [tokens(text) for text in texts]
        self._holding = Counter(token for found in listed for token in set(found))
        if any(listed):
            import bm25s

            logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to tell of every step
            self._index = bm25s.BM25(method="lucene", backend="numpy", auto_compile=False)
            self._index.index(listed, create_empty_token=True, show_progress=False)

    def scores(self, question: str) -> Vectors:
        """BM25 of each text over the weight of all the question's words, known here or not: 0 to 1.

        A text with every word once has about 0.4, one with no word 0.
        """
        asked = tokens(question)
        if self._index is None or not (known := self._index.get_tokens_ids(asked)):
            return numpy.zeros(self._count, dtype=numpy.float32)
        found: Vectors = self._index.get_scores_from_ids(known) / sum(self._rarity(token) for token in asked)
        return found

    def _rarity(self, token: str) -> float:
        """Lucene's inverse document frequency; an unknown word counts as one that is in a single text."""
        holding = max(1, self._holding[token])
        return math.log(1 + (self._count - holding + 0.5) / (holding + 0.5))
