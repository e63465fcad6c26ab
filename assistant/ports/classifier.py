"""What tells the kind of a request from its words."""

from collections.abc import Collection, Mapping
from typing import Protocol


class KindClassifier(Protocol):
    """Learnt from examples, or asked of a model."""

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        """kind → score, for these kinds alone: about 1 where it is surely that, about 0 where it is not.

        Takes some milliseconds, and far more where a language model is asked. Raises EngineError.
        """
        ...

    def facet(self, words: str, kind: str) -> str:
        """Which sort of this kind it is, as its examples call it; "" where they call it nothing."""
        ...
