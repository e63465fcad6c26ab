"""Incremental ingestion: a recording is taken in piece by piece, and what is there of it can be asked about meanwhile.

A Cursor says how far it is. It is filed with the pieces, and whoever comes later goes on from it.
"""

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from assistant.values.events import Status
from assistant.values.evidence import Figure, Passage
from assistant.values.messages import Message
from assistant.values.parts import Image


@dataclass(frozen=True)
class Cursor:
    """How far a recording is taken in. It is stored as JSON with these names."""

    seconds: float = 0.0
    """The length of the recording; 0 where it does not say."""
    heard: float = 0.0
    """The sound is transcribed up to this second."""
    seen: float = 0.0
    """The pictures are looked at up to this second."""
    language: str = ""
    """The language that is spoken, ISO 639-1, once it is known."""
    voices: str = ""
    """What is known of the voices that are told apart; see `intake.voices`."""
    speakers: int = 0
    """How many of them there are."""
    film: bool = False
    """Whether it has pictures to be looked at as well."""
    whole: bool = False
    """Whether nothing is left."""

    def to_json(self) -> str:
        """ "" where nothing is left."""
        return "" if self.whole else json.dumps(vars(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Cursor":
        """The inverse. Raises ValueError, TypeError."""
        return cls(**json.loads(text)) if text else cls(whole=True)


@dataclass(frozen=True)
class IngestBatch:
    """What came in since the last batch, in the order in which it is to be filed."""

    cursor: Cursor
    """How far the recording is taken in after this batch."""
    passages: tuple[Passage, ...] = ()
    images: tuple[Image, ...] = ()
    figures: tuple[Figure, ...] = ()
    notes: tuple[Message, ...] = ()
    language: str = ""
    """The language that is spoken in it, ISO 639-1; "" where nothing is said."""


def gathered(steps: Iterator[Status | IngestBatch], at_once: float) -> Generator[Status, None, IngestBatch]:
    """What comes until everything is there, or until `at_once` seconds were heard, as one."""
    so_far = IngestBatch(Cursor())
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
        if not step.cursor.whole and max(step.cursor.heard, step.cursor.seen) >= at_once:
            break
    return so_far
