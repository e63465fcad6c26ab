"""A kind of thing that can be handed over, and what it may use while it is taken in."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from assistant.values.events import Progress, ReceivedFile, Status
from assistant.values.evidence import Document
from assistant.values.limits import Limits
from assistant.values.messages import Message
from assistant.values.parts import Attachment, Image

if TYPE_CHECKING:
    from assistant.values.growing import Growth, Mark
from assistant.ports.embedding import Vectors
from assistant.ports.library import LoadDocument
from assistant.ports.speech import Transcript
from assistant.ports.vision import Description, ImageGuess

Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Senses:
    """What a modality may use. Each verb waits until its model is loaded.

    transcribe: a recording's path and its name (for errors) → its words. hear: the same of samples, mono at 16 kHz,
    in this language ("": to be found). load_document: yields how far it is, and returns the document.
    guess: what a picture may show, in Chinese or not; None where a model sees it, or none is to be had.
    picture_facts: when and with what a photo was taken may be read.
    at_once_seconds: how much of a recording is taken in before the answer; the rest follows in the background.
    beside: source_id → a folder for what is made of that file, which goes when the file goes; None: there is none.
    breathe: called between small steps of long work; it may wait, and raise to end the work.
    """

    transcribe: Callable[[Path, str], Transcript]
    describe: Callable[[Image, str], Description] | None  # None: no vision-language model here
    read_picture: Callable[[Image], Description]
    load_document: LoadDocument
    engine_sees_images: bool
    limits: Limits
    hear: Callable[[Vectors, str], Transcript]
    guess: Callable[[Image, bool], ImageGuess] | None = None
    picture_facts: bool = False
    at_once_seconds: float = float("inf")
    beside: Callable[[str], Path] | None = None
    breathe: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Intake:
    """What a modality made of one attachment.

    spoken: the person's own words, where the attachment was the question itself.
    document: what goes to the library. images: what an engine that sees gets as pixels, in order: a picture, or
    frames of a video, which say their second.
    """

    received: ReceivedFile
    spoken: str = ""
    document: Document | None = None
    images: tuple[Image, ...] = ()
    notes: tuple[Message, ...] = ()


class Modality(Protocol):
    """One kind of thing that can be handed over. A new one is a file in assistant/intake/modalities/."""

    @property
    def name(self) -> str: ...

    @property
    def extensions(self) -> tuple[str, ...]:
        """For the upload box; lower case with the dot."""
        ...

    def takes(self, media_type: str) -> bool:
        """media_type as `media.identify` found it from the bytes, such as "audio/wav"."""
        ...

    def take(self, attachment: Attachment, senses: Senses, question: str) -> Generator[Status, None, Intake]:
        """Yields what it is doing; returns what it made. Raises BadInput naming the file."""
        ...


@runtime_checkable
class Lasting(Protocol):
    """A modality whose files may be taken in piece by piece."""

    def grow(
        self, attachment: Attachment, senses: Senses, mark: "Mark", question: str = ""
    ) -> "Iterator[Status | Growth]":
        """What is left of a file from `mark` on, in the order of its time; the last growth is whole.

        Raises BadInput naming the file.
        """
        ...
