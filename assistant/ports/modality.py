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
    from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.ports.embedding import Vectors
from assistant.ports.library import LoadDocument
from assistant.ports.speech import Transcript, VoiceEncoder
from assistant.ports.vision import Description, ImageGuess

Report = Callable[[Progress], None]


@dataclass(frozen=True)
class ModalityContext:
    """What a modality may use. Each function waits until its model is loaded."""

    transcribe: Callable[[Path, str], Transcript]
    """Takes the path of a recording, and its name for errors."""
    describe: Callable[[Image, str], Description] | None
    """Describes a picture with regard to a question. None: there is no vision-language model."""
    read_picture: Callable[[Image], Description]
    """Reads the text in a picture (OCR)."""
    load_document: LoadDocument
    """Yields how far it is, and returns the document."""
    engine_sees_images: bool
    limits: Limits
    hear: Callable[[Vectors, str], Transcript]
    """Transcribes samples, mono at 16 kHz, in this language ("": to be found)."""
    guess: Callable[[Image, bool], ImageGuess] | None = None
    """Guesses what a picture shows, in Chinese or not. None: a model sees it, or no classifier is to be had."""
    picture_facts: bool = False
    """Whether it may be read when and with what camera a photo was taken."""
    at_once_seconds: float = float("inf")
    """How much of a recording is taken in before the answer; the rest follows in the background."""
    beside: Callable[[str], Path] | None = None
    """source_id → a folder for what is made of that file, which goes when the file goes. None: there is none."""
    voices: VoiceEncoder | None = None
    """By what those who speak on one channel are told apart. None: they are not."""
    breathe: Callable[[], None] = lambda: None
    """Called between small steps of long work. It may wait, and may raise to end the work."""


@dataclass(frozen=True)
class ModalityResult:
    """What a modality made of one attachment."""

    received: ReceivedFile
    spoken: str = ""
    """The person's own words, where the attachment was the question itself."""
    document: Document | None = None
    """What goes to the library."""
    images: tuple[Image, ...] = ()
    """What an engine that sees gets as pixels, in order: a picture, or frames of a video, which say their second."""
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

    def take(
        self, attachment: Attachment, context: ModalityContext, question: str
    ) -> Generator[Status, None, ModalityResult]:
        """Yields what it is doing; returns what it made. Raises BadInput naming the file."""
        ...


@runtime_checkable
class IncrementalModality(Protocol):
    """A modality whose files may be taken in piece by piece."""

    def grow(
        self, attachment: Attachment, context: ModalityContext, cursor: "Cursor", question: str = ""
    ) -> "Iterator[Status | IngestBatch]":
        """What is left of a file from `cursor` on, in the order of its time; the last batch is whole.

        Raises BadInput naming the file.
        """
        ...
