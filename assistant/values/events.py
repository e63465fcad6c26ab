"""What an answer streams: statuses while it works, its words, and how it ended."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.values.evidence import Location, Medium
from assistant.values.messages import Message
from assistant.values.request import Request
from assistant.values.speakers import SpeakerName

Step = Literal["loading", "listening", "looking", "reading", "searching", "answering", "checking"]
Seen = Literal["sent as pixels", "described", "read"]


@dataclass(frozen=True)
class Status:
    """A step begins or goes on; `text` is for the person: "Listening to question.wav"."""

    step: Step
    text: Message


@dataclass(frozen=True)
class Delta:
    """The next words of the answer, as the model writes them (no citation numbers yet)."""

    text: str


@dataclass(frozen=True)
class Citation:
    """[number] in the answer's text: `quote` stands, word for word, at `location` of `source`."""

    number: int
    source_id: str
    source: str
    medium: Medium
    location: Location
    quote: str
    context: str = field(default="", compare=False, repr=False)
    """The text that the quote was found in, for showing it where it stands."""
    seen: bool = False
    """Whether it opens a picture that the model looked at. The quote is then what the model calls what is there; no
    text was compared."""


@dataclass(frozen=True)
class ReceivedFile:
    """One file and what became of it: seconds transcribed, pages read, how a picture was seen."""

    name: str
    medium: Medium
    how: str
    pages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class ReceivedEvidence:
    """One piece of evidence in the prompt, with its weight (0 to 1) after fusion."""

    source: str
    medium: Medium
    location: Location
    weight: float


@dataclass(frozen=True)
class ReceivedPicture:
    """A picture that the model saw."""

    number: int
    """The number by which the prompt called it, as in "picture 2"."""
    name: str
    width: int
    """In pixels, as it was given."""
    height: int
    """In pixels, as it was given."""
    sent_width: int
    """In pixels, of each of the tiles that were sent."""
    sent_height: int
    """In pixels, of each of the tiles that were sent."""
    tiles: int = 1
    tokens: int = 0
    """How much of the prompt it took."""
    earlier: bool = False
    """Whether it came with an earlier turn."""
    seconds: float | None = None
    """Where in a video it stands; None: in none."""


@dataclass(frozen=True)
class Received:
    """What the model was given. Nothing is dropped without a word in `notes`."""

    question: str = ""
    heard: str = ""
    files: tuple[ReceivedFile, ...] = ()
    evidence: tuple[ReceivedEvidence, ...] = ()
    pictures_sent: int = 0
    pictures: tuple[ReceivedPicture, ...] = ()
    history_turns: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    media_weights: tuple[tuple[Medium, float], ...] = ()
    notes: tuple[Message, ...] = ()
    request: Request | None = None
    """The request as it was understood."""
    names: tuple[tuple[str, str], ...] = ()
    """source_id and name of each file that the request means."""


@dataclass(frozen=True)
class MadeFile:
    """A file that an answer made, to be saved: subtitles, a table."""

    name: str
    """As it is offered."""
    media_type: str
    text: str = field(repr=False)
    """All of it; it is saved as UTF-8."""


@dataclass(frozen=True)
class Answer:
    """The finished answer."""

    text: str
    citations: tuple[Citation, ...] = ()
    grounded: bool = False
    """Whether a citation whose words were compared supports at least one sentence."""
    confidence: float = 0.0
    """0 to 1: how much speaks for what the model said, also where it was refused for that. Where that cannot be asked,
    how near the evidence is to the question. It ranks answers, and is no probability."""
    unsupported: tuple[str, ...] = ()
    """Sentences of `text` that nothing given supports."""
    received: Received = field(default_factory=Received)
    timings: tuple[tuple[str, float], ...] = ()
    """Seconds for each step, in the order in which they ran."""
    models: tuple[tuple[str, str], ...] = ()
    """The role and what answered for it."""
    stopped: bool = False
    files: tuple[MadeFile, ...] = ()
    """To be saved."""
    declined: bool = False
    """Whether it says that what was given does not say what was asked; what it cites is the nearest passage."""
    foreign: bool = False
    """Whether some unsupported sentences are in another script than what was given, so that words could not be
    compared."""
    speakers: tuple[SpeakerName, ...] = ()
    """Names that the person gave to who speaks, from this answer on."""


@dataclass(frozen=True)
class Done:
    answer: Answer


@dataclass(frozen=True)
class Failed:
    """The turn ended without an answer."""

    message: Message
    bad_input: bool = False
    """Whether the person can mend it by giving something else."""
    locked: bool = False
    """Whether the person can mend it by giving the password of a file."""


Event = Status | Delta | Done | Failed


@dataclass(frozen=True)
class Progress:
    """How far a long load or download is. total_bytes 0: unknown. seconds_left: None while unknown."""

    what: Message
    done_bytes: int = 0
    total_bytes: int = 0
    seconds_left: float | None = None
