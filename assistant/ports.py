"""The verbs that the core needs and others implement. Whoever does the work is handed in by app.py."""

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import numpy
import numpy.typing

from assistant.events import Progress, ReceivedFile, Status
from assistant.evidence import Box, Document, Evidence, Place, Region
from assistant.limits import Limits
from assistant.parts import Attachment, Image, Message
from assistant.profiles import ModelProfile

if TYPE_CHECKING:
    from PIL import Image as pillow

    from assistant.growing import Growth, Mark

Vectors = numpy.typing.NDArray[numpy.float32]
Report = Callable[[Progress], None]
Likelihoods = tuple[tuple[float, ...], ...]  # text by text, token by token


@dataclass(frozen=True)
class Generation:
    """How to generate. temperature 0 is greedy, and repeatable."""

    max_tokens: int = 512
    temperature: float = 0.0
    top_p: float = 1.0


@dataclass(frozen=True)
class Sent:
    """A picture as a model gets it: so many tiles of width × height pixels, which take so many tokens of the prompt."""

    width: int
    height: int
    tokens: int
    tiles: int = 1


class Engine(Protocol):
    """A language model. `profile` says what it can take; nobody asks for its name."""

    @property
    def profile(self) -> ModelProfile: ...

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the whole prompt as the engine would render it, pictures included."""
        ...

    def sent(self, messages: Sequence[Message]) -> tuple[Sent, ...]:
        """What each picture of these messages becomes, in order. Each fits its `Image.tokens`, or where that is 0
        the profile's image_tokens, unless the model cannot look at one so briefly.
        """
        ...

    def generate(
        self, messages: Sequence[Message], options: Generation, stop: threading.Event, conversation: str = ""
    ) -> Iterator[str]:
        """Pieces of the answer as they are made; their concatenation is the answer.

        Ends within two tokens of `stop` being set, and when the iterator is closed. `conversation`
        names the conversation whose cached prefix may be used again ("": none).
        Raises EngineError; BadInput where the messages hold what the profile cannot take.
        """
        ...

    def likelihood(
        self, messages: Sequence[Message], beginnings: Sequence[str], stop: threading.Event, conversation: str = ""
    ) -> Likelihoods | None:
        """How likely the answer begins with each of these texts: the natural logarithms of the chances of its
        tokens, each after those before it; their sum is the whole text's.

        The prompt is computed once for all of them. None where the engine cannot say, as remote ones, and
        where `stop` is set meanwhile. Raises what `generate` raises.
        """
        ...


@dataclass(frozen=True)
class Word:
    """One spoken word as the engine heard it, in seconds from the start of the recording."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Segment:
    """words: where the engine gives their times; else none."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """segments: in order, seconds from the start of the recording. language: ISO 639-1, "" if unknown.

    No segments means that no speech was found. seconds: the length of the recording.
    """

    segments: tuple[Segment, ...]
    language: str
    seconds: float

    @property
    def text(self) -> str:
        return joined([segment.text for segment in self.segments])


def joined(sentences: Iterable[str]) -> str:
    """One text of several; Chinese and Japanese put no blank between sentences."""
    text = ""
    for sentence in filter(None, (one.strip() for one in sentences)):
        blank = text and not (_without_blanks(text[-1]) or _without_blanks(sentence[0]))
        text += f" {sentence}" if blank else sentence
    return text


def _without_blanks(character: str) -> bool:
    return "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"


Task = Literal["", "transcribe", "translate"]


class Transcriber(Protocol):
    @property
    def profile(self) -> ModelProfile: ...

    def transcribe(
        self, samples: Vectors, language: str = "", *, task: Task = "", words: bool = False, hints: Sequence[str] = ()
    ) -> Transcript:
        """samples: mono float32 in −1..1 at 16 kHz, shape (n,). language: ISO 639-1, or "" to find it.

        task: "translate" gives English, whatever is spoken; "" what the settings say, else "transcribe".
        words: with the times of single words, where the engine gives them. hints: what was typed and which files there
        are: Chinese is written in the same script, and names are spelt alike.
        Raises SetupError for a language or a task that the model does not know, EngineError where it fails.
        """
        ...


@dataclass(frozen=True)
class Voice:
    """A voice that can be chosen. language: ISO 639-1. title: for a person, "Heart (American, female)"."""

    name: str
    language: str
    title: str


@dataclass(frozen=True)
class Spoken:
    """Words as sound. samples: mono float32 in −1..1, shape (n,), at `rate` Hz. text: what it says."""

    text: str
    samples: Vectors = field(repr=False)
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


class Speaker(Protocol):
    """Reads words aloud."""

    @property
    def profile(self) -> ModelProfile: ...

    @property
    def voices(self) -> tuple[Voice, ...]: ...

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> Spoken:
        """text: a sentence or a few, already speakable (no Markdown). voice "": one that fits its language.

        speed: 0.5 to 2. Raises EngineError; BadInput for a voice that is not there.
        """
        ...


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


class DocumentLoader(Protocol):
    """Reads a file into text with positions, whatever its format."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """Lower case with the dot: (".pdf", ".docx")."""
        ...

    def load(self, path: Path, name: str) -> Document:
        """Raises BadInput with a sentence that names the file."""
        ...


@dataclass(frozen=True)
class Growing:
    """A source that is being taken in piece by piece. rest: see `Document`."""

    scope: str
    source_id: str
    name: str
    rest: str


class Library(Protocol):
    """Keeps what was given and finds it again. A scope is the one whose files these are."""

    def add(self, document: Document, scope: str) -> None:
        """Files the document; the same bytes twice in a scope are kept once. Raises LibraryError."""
        ...

    def extend(self, document: Document, scope: str) -> bool:
        """Files more passages behind those of the source that is growing; its `rest` says how far it is now.

        All of it or nothing, killed at any moment. False: the source is not there any more, or is whole.
        """
        ...

    def growing(self, scope: str | Sequence[str] | None = None) -> list[Growing]:
        """The sources of these scopes (None: of all) that are not whole yet, in the order in which they were filed."""
        ...

    def during(
        self, scope: str | Sequence[str], start: float, end: float, within: Sequence[str] = ()
    ) -> list[Evidence]:
        """The pieces of recordings and films that touch these seconds, source by source, in their order; score 0."""
        ...

    def search(
        self, question: str, scope: str | Sequence[str], limit: int = 12, within: Sequence[str] = ()
    ) -> list[Evidence]:
        """The best pieces of these scopes, best first, scores 0 to 1. within: only these source_ids."""
        ...

    def beginning(self, scope: str | Sequence[str], within: Sequence[str] = (), limit: int = 6) -> list[Evidence]:
        """The first pieces of each source, taking turns, in the order in which they were filed; score 0."""
        ...

    def sources(self, scope: str) -> dict[str, str]:
        """source_id → name of everything in the scope."""
        ...

    def remove(self, scope: str, source_id: str) -> None:
        """Removes one source from this scope. One that is not there is fine."""
        ...

    def forget(self, scope: str) -> None:
        """Removes everything of this scope. An unknown scope is fine."""
        ...

    def close(self) -> None:
        """Lets go of the folder it owns. Nothing else may be called afterwards."""
        ...


LoadDocument = Callable[[Attachment], Generator[Status, None, Document]]


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
    guess: Callable[[Image, bool], Glance] | None = None
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
    notes: tuple[str, ...] = ()


class Modality(Protocol):
    """One kind of thing that can be handed over. A new one is a file in assistant/modalities/."""

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
