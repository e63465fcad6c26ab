"""Texts and pictures as vectors, and the judge who reads question and text together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy
import numpy.typing

if TYPE_CHECKING:
    from PIL import Image as pillow


Vectors = numpy.typing.NDArray[numpy.float32]


class Embedder(Protocol):
    """Text to unit vectors. `space` names model and dimension: vectors of two spaces never meet."""

    @property
    def space(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimensions), float32, unit length."""
        ...

    def embed_question(self, text: str) -> Vectors:
        """Shape (dimensions,), float32, unit length."""
        ...


class PictureEmbedder(Protocol):
    """Pictures and words to unit vectors of one space, so that words find pictures by what they show."""

    @property
    def space(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed_pictures(self, pictures: "Sequence[pillow.Image]") -> Vectors:
        """Shape (len(pictures), dimensions), float32, unit length. Upright RGB, as `media.open_picture` gives them."""
        ...

    def embed_question(self, text: str) -> Vectors:
        """Shape (dimensions,), float32, unit length."""
        ...


class Reranker(Protocol):
    """Judges texts against a question by reading both together; slow and sure, so it is given few."""

    def rerank(self, question: str, texts: Sequence[str]) -> Vectors:
        """A score for each text, shape (len(texts),), higher is better; comparable for one question only."""
        ...
