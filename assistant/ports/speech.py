"""Speech as the core hears and speaks it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors


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
    """What was said in a recording."""

    segments: tuple[Segment, ...]
    """In order, in seconds from the start of the recording. None: no speech was found."""
    language: str
    """ISO 639-1; "" if it is not known."""
    seconds: float
    """The length of the recording."""
    certainty: float = 1.0
    """How sure its language is, 0 to 1."""

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
class VoiceInfo:
    """A voice that can be chosen."""

    name: str
    language: str
    """ISO 639-1."""
    title: str
    """For a person, such as "Heart (American, female)"."""


@dataclass(frozen=True)
class SpeechAudio:
    """Words as sound."""

    text: str
    """The words."""
    samples: Vectors = field(repr=False)
    """Mono float32 in −1..1, shape (n,)."""
    rate: int
    """Samples a second."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


class Speaker(Protocol):
    """Reads words aloud."""

    @property
    def profile(self) -> ModelProfile: ...

    @property
    def voices(self) -> tuple[VoiceInfo, ...]: ...

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        """text: a sentence or a few, already speakable (no Markdown). voice "": one that fits its language.

        speed: 0.5 to 2. Raises EngineError; BadInput for a voice that is not there.
        """
        ...


class VoiceEncoder(Protocol):
    """A voice as a vector, by which those who speak in one recording are told apart."""

    @property
    def same(self) -> float:
        """The cosine from which two vectors are of one voice."""
        ...

    @property
    def shortest(self) -> float:
        """Seconds that it needs."""
        ...

    def embed(self, samples: Vectors) -> Vectors:
        """samples: as Transcriber has them. The vector has unit length; zeros where nothing can be told."""
        ...
