"""What an answer streams: statuses while it works, its words, and how it ended."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.values.evidence import Location, Medium
from assistant.values.messages import Message
from assistant.values.request import Request

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
    """[number] in the answer's text: `quote` stands, word for word, at `location` of `source`.

    context: the text that the quote was found in, for showing it where it stands. seen: it opens a picture that the
    model looked at, and what the model calls what is there; no text was compared.
    """

    number: int
    source_id: str
    source: str
    medium: Medium
    location: Location
    quote: str
    context: str = field(default="", compare=False, repr=False)
    seen: bool = False


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
    """A picture that the model saw. number: by which the prompt called it, "picture 2".

    width, height: in pixels, as it was given; sent_width, sent_height: of each of the tiles that were sent.
    tokens: what it took of the prompt. earlier: it came with an earlier turn. seconds: where in a video it stands.
    """

    number: int
    name: str
    width: int
    height: int
    sent_width: int
    sent_height: int
    tiles: int = 1
    tokens: int = 0
    earlier: bool = False
    seconds: float | None = None


@dataclass(frozen=True)
class Received:
    """What the model was given. Nothing is dropped without a word in `notes`.

    request: as it was understood. names: source_id and name of each file that it means.
    """

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
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class MadeFile:
    """A file that an answer made, to be saved: subtitles, a table. name: as it is offered; text: all of it, UTF-8."""

    name: str
    media_type: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """The finished answer. grounded: at least one sentence is supported by a citation whose words were compared.

    confidence: 0 to 1, how much speaks for what the model said (also where it was refused for that), or where
    that cannot be asked how near the evidence is to the question; it ranks answers, and is no probability.
    unsupported: sentences of `text` that nothing given supports. foreign: some of them are in another script than what
    was given, so that their words could not be compared.
    timings: seconds per step, in the order they ran. models: role → what answered for it. files: to be saved.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    grounded: bool = False
    confidence: float = 0.0
    unsupported: tuple[str, ...] = ()
    received: Received = field(default_factory=Received)
    timings: tuple[tuple[str, float], ...] = ()
    models: tuple[tuple[str, str], ...] = ()
    stopped: bool = False
    files: tuple[MadeFile, ...] = ()
    foreign: bool = False


@dataclass(frozen=True)
class Done:
    answer: Answer


@dataclass(frozen=True)
class Failed:
    """The turn ended without an answer. bad_input: the person can mend it by giving something else.

    locked: by giving the password of a file.
    """

    message: Message
    bad_input: bool = False
    locked: bool = False


Event = Status | Delta | Done | Failed


@dataclass(frozen=True)
class Progress:
    """How far a long load or download is. total_bytes 0: unknown. seconds_left: None while unknown."""

    what: Message
    done_bytes: int = 0
    total_bytes: int = 0
    seconds_left: float | None = None
