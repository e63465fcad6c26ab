"""What looks at pictures: describes them, reads them, guesses at their subject."""

from dataclasses import dataclass
from typing import Protocol

from assistant.models.profiles import ModelProfile
from assistant.values.evidence import Box, Place, Region
from assistant.values.parts import Image


@dataclass(frozen=True)
class TextLine:
    """A line of text in a picture; confidence 0 to 1.

    cells: of a row of a table, each with its own place: characters of `text`, in order.
    """

    text: str
    region: Region
    confidence: float
    cells: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Description:
    """A picture in words. lines: text read in it, in reading order, with where it stands."""

    text: str
    lines: tuple[TextLine, ...] = ()


class Describer(Protocol):
    """Turns a picture into words: a vision-language model, or the reader (OCR)."""

    @property
    def profile(self) -> ModelProfile: ...

    def describe(self, image: Image, question: str) -> Description: ...


@dataclass(frozen=True)
class Glance:
    """What a picture may show: guesses, said as such.

    thing, kind: "a dog", "golden retriever"; either may be "", both where nothing is likely. share: 0 to 1, how likely.
    faces: where there are some, left to right; whose they are is not known. colours: in words, the largest first.
    """

    thing: str = ""
    kind: str = ""
    share: float = 0.0
    faces: tuple[Box, ...] = ()
    colours: tuple[str, ...] = ()


class Guesser(Protocol):
    """Stands where no model sees pictures."""

    def look(self, image: Image, chinese: bool = False) -> Glance:
        """chinese: in which language things and colours are named."""
        ...
