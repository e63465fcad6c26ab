"""What looks at pictures: describes them, reads them, guesses at their subject."""

from dataclasses import dataclass
from typing import Protocol

from assistant.models.profiles import ModelProfile
from assistant.values.evidence import Box, Region, TextSpan
from assistant.values.parts import Image


@dataclass(frozen=True)
class TextLine:
    """A line of text in a picture; confidence 0 to 1.

    cells: of a row of a table, each with its own place: characters of `text`, in order.
    """

    text: str
    region: Region
    confidence: float
    cells: tuple[TextSpan, ...] = ()


@dataclass(frozen=True)
class Description:
    """A picture in words. lines: text read in it, in reading order, with where it stands."""

    text: str
    lines: tuple[TextLine, ...] = ()


class Captioner(Protocol):
    """Puts a picture into words: a vision-language model, or OCR."""

    @property
    def profile(self) -> ModelProfile: ...

    def describe(self, image: Image, question: str) -> Description: ...


@dataclass(frozen=True)
class ImageGuess:
    """What a picture may show. These are guesses, and are said as such."""

    thing: str = ""
    """In everyday words, such as "a dog"; "" where nothing is likely, or only the kind has a name."""
    kind: str = ""
    """More exactly, such as "golden retriever"; "" where nothing is likely."""
    share: float = 0.0
    """How likely it is, 0 to 1."""
    faces: tuple[Box, ...] = ()
    """Where faces are, left to right. Whose they are is not known."""
    colours: tuple[str, ...] = ()
    """In words, the largest first."""


class ImageClassifier(Protocol):
    """Guesses at what a picture shows, where no model sees pictures."""

    def look(self, image: Image, chinese: bool = False) -> ImageGuess:
        """chinese: in which language things and colours are named."""
        ...
