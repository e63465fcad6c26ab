"""What tells the kind of a request from its words."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from assistant.ports.embedding import Vectors


class KindClassifier(Protocol):
    """Learnt from examples, or asked of a model."""

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        """kind → score, for these kinds alone: about 1 where it is surely that, about 0 where it is not.

        Takes some milliseconds, and far more where a language model is asked. Raises EngineError.
        """
        ...

    def likeness(self, words: str, texts: Sequence[str]) -> Vectors:
        """How nearly each of these texts means what the words mean, in any language: cosines, shape (len(texts),)."""
        ...

    def exampled(self, words: str, kind: str) -> float:
        """How nearly an example of this kind means what the words mean: the cosine with the nearest of them."""
        ...

    def facet(self, words: str, kind: str) -> str:
        """Which sort of this kind it is, as its examples call it; "" where they call it nothing."""
        ...
