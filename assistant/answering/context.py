"""What a way of answering may use: the turn, its files, the library, the models. One object, made for one turn."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from assistant.answering.prompt import NOTHING, Prompt
from assistant.answering.tuning import AnswerTuning, tuning_for
from assistant.answering.turn import TurnRecord
from assistant.citing.citations import Cited
from assistant.intake.background import Background
from assistant.models.lazy import Lazy, in_words
from assistant.ports.classifier import KindClassifier
from assistant.ports.embedding import Embedder, Vectors
from assistant.ports.engine import Engine
from assistant.ports.library import Library
from assistant.settings.settings import Settings
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.events import MadeFile, Status
from assistant.values.evidence import Evidence
from assistant.values.files import FileFacts
from assistant.values.messages import say
from assistant.values.request import Request
from assistant.values.speakers import Names, SpeakerName, names_given, with_names

Value = TypeVar("Value")
ANSWERING = say("Answering")
EVERYTHING = 100_000  # pieces of one source


@dataclass(frozen=True)
class Reply:
    """What a way has to say."""

    cited: Cited
    """The answer with its numbers, its citations and what nothing supports."""
    prompt: Prompt = NOTHING
    """What a model was asked; NOTHING where none was."""
    made: tuple[MadeFile, ...] = ()
    """Files to be saved."""
    confidence: float | None = None
    """0 to 1; None where it was not asked for."""
    said: str = ""
    """How the conversation remembers the answer; "" for its text without numbers."""
    written: str = ""
    """All that the model wrote."""
    found: bool = True
    """Whether the answer was there at all. A plain "it does not say" is none."""
    declined: bool = False
    """Whether it says that the files do not say what was asked."""
    cut: bool = False
    """Whether it ended at the longest answer."""
    speakers: tuple[SpeakerName, ...] = ()
    """Names that the person gave to who speaks."""


def plain(text: str) -> Reply:
    """Words that claim nothing of the files: no citation, nothing to mark."""
    return Reply(Cited(text, (), ()))


@dataclass(frozen=True)
class Context:
    """What a way may use."""

    record: TurnRecord
    settings: Settings
    library: Library | None
    files: tuple[FileFacts, ...]
    """Every file of the conversation and of the libraries it searches, in the order given."""
    lazy_engine: Lazy[Engine]
    lazy_embedder: Lazy[Embedder] | None = None
    lazy_classifier: Lazy[KindClassifier] | None = None
    background: Background | None = None
    original: Callable[[str], Path | None] = lambda _: None
    """source_id → the file as it was handed over, where it is kept."""
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    """The present, with the zone of the person."""
    _read: dict[str, list[Evidence]] = field(default_factory=dict)
    _named: list[SpeakerName] = field(default_factory=list)

    @property
    def conversation(self) -> Conversation:
        return self.record.conversation

    def facts(self, request: Request) -> tuple[FileFacts, ...]:
        """Of the files that the request means, in that order."""
        known = {one.source_id: one for one in self.files}
        return tuple(known[source_id] for source_id in request.files if source_id in known)

    def pieces(self, source_ids: Sequence[str]) -> list[Evidence]:
        """All there is of these files, file after file, each in its reading order; score 1. Read once a turn. Who
        speaks is called as the person calls him."""
        found: list[Evidence] = []
        for source_id in source_ids:
            if source_id not in self._read:
                names = self.speakers
                self._read[source_id] = [with_names(piece, names) for piece in self._all_of(source_id)]
            found += self._read[source_id]
        return found

    def unnamed(self, source_id: str) -> list[Evidence]:
        """As `pieces` of one file, with channels and voices as they are called by themselves."""
        return self._all_of(source_id)

    def search(self, words: str, source_ids: Sequence[str] = (), limit: int = 24) -> list[Evidence]:
        """The best pieces, best first; of these files, or where none are named of everything there is."""
        if self.library is None:
            return []
        with self.record.timed("searching"):
            found = self.library.search(words, self.conversation.scopes, limit, within=source_ids)
        names = self.speakers
        return [with_names(piece, names) for piece in found]

    @property
    def speakers(self) -> Names:
        """What who speaks in the recordings is called by the person, in this turn too."""
        before = [one for exchange in self.conversation.exchanges for one in exchange.speakers]
        names = names_given([*before, *self._named])
        for file in self.files:
            if file.speakers == 1:  # who speaks alone is called nothing
                names[file.source_id] = {"speaker 1": "", **names.get(file.source_id, {})}
        return names

    def name(self, speakers: Sequence[SpeakerName]) -> None:
        """What comes later in this turn calls them so, too. The answer must say it, for the turns that follow."""
        self._named.extend(speakers)
        self._read.clear()

    def engine(self) -> Generator[Status, None, Engine]:
        return (yield from wait(self.lazy_engine, self.record))

    def embedder(self) -> Embedder | None:
        """None while it is still loading: nobody waits for it."""
        part = self.lazy_embedder
        return part.get() if part is not None and part.state == "ready" else None

    @property
    def likeness(self) -> Callable[[str, Sequence[str]], Vectors] | None:
        """Cosines of words with texts, in any language, where an encoder is there."""
        return self._classifier.likeness if self._classifier is not None else None

    @property
    def exampled(self) -> Callable[[str, str], float] | None:
        """Words, kind → the cosine of the words with the nearest example of that kind."""
        return self._classifier.exampled if self._classifier is not None else None

    @property
    def tuning(self) -> AnswerTuning:
        """The thresholds of the model that answers; of a small one while none is loaded."""
        part = self.lazy_engine
        return tuning_for(part.get().profile if part.state == "ready" else None)

    @property
    def facet_of(self) -> Callable[[str, str], str] | None:
        """Words, kind → which sort of this kind they are: for parts of a request that nobody parted before."""
        return self._classifier.facet if self._classifier is not None else None

    @property
    def _classifier(self) -> KindClassifier | None:
        part = self.lazy_classifier
        return part.get() if part is not None and part.state == "ready" else None

    def forget_read(self, source_id: str) -> None:
        """What was read of this file is read again: more of it came in."""
        self._read.pop(source_id, None)

    def _all_of(self, source_id: str) -> list[Evidence]:
        if self.library is None:
            return []
        with self.record.timed("searching"):
            found = self.library.beginning(self.conversation.scopes, [source_id], EVERYTHING)
        return [replace(piece, score=1.0) for piece in found]


def wait(part: Lazy[Value], record: TurnRecord) -> Generator[Status, None, Value]:
    """The part, loaded; says what is loading while it is not. Raises what loading it raised."""
    if part.state == "failed":
        part.retry()  # the network, or the disk, may be back
    with record.timed("waiting for models"):
        while not part.wait(0.0 if part.state == "ready" else 1.0):
            if record.stop.is_set():
                raise BadInput(say("Stopped before the models were loaded. Ask again in a moment."))
            yield Status("loading", say("{part}: {doing}", part=part.name, doing=in_words(part.progress)))
    return part.get()
