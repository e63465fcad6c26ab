"""Growing: a recording that is taken in piece by piece, so that what is there of it can be asked about meanwhile.

How far it is stands in a Mark, which is filed with the pieces; from it whoever comes later goes on.
"""

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from assistant.values.events import Status
from assistant.values.evidence import Figure, Passage
from assistant.values.messages import Message
from assistant.values.parts import Image


@dataclass(frozen=True)
class Mark:
    """heard, seen: up to which second. seconds: the length of the recording, 0 where it does not say.

    language: of what was said, ISO 639-1, once it is known. film: it is to be seen as well. whole: nothing is left.
    """

    seconds: float = 0.0
    heard: float = 0.0
    seen: float = 0.0
    language: str = ""
    film: bool = False
    whole: bool = False

    def to_json(self) -> str:
        """ "" where nothing is left."""
        return "" if self.whole else json.dumps(vars(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Mark":
        """The inverse. Raises ValueError, TypeError."""
        return cls(**json.loads(text)) if text else cls(whole=True)


@dataclass(frozen=True)
class Growth:
    """What came in since the last one, in the order in which it is to be filed, and how far that is.

    language: of what was said in it, ISO 639-1, "" where nothing was.
    """

    mark: Mark
    passages: tuple[Passage, ...] = ()
    images: tuple[Image, ...] = ()
    figures: tuple[Figure, ...] = ()
    notes: tuple[Message, ...] = ()
    language: str = ""


def gathered(steps: Iterator[Status | Growth], at_once: float) -> Generator[Status, None, Growth]:
    """What comes until everything is there, or until `at_once` seconds were heard, as one."""
    so_far = Growth(Mark())
    for step in steps:
        if isinstance(step, Status):
            yield step
            continue
        so_far = replace(
            step,
            passages=so_far.passages + step.passages,
            images=so_far.images + step.images,
            figures=so_far.figures + step.figures,
            notes=so_far.notes + step.notes,
            language=step.language or so_far.language,
        )
        if not step.mark.whole and max(step.mark.heard, step.mark.seen) >= at_once:
            break
    return so_far
