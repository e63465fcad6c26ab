"""A turn as a way of answering gets it: a library in memory, filed like the real one, and no model."""

import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from assistant.answering.context import Context, Reply
from assistant.answering.turn import TurnRecord
from assistant.intake.background import Background
from assistant.models.lazy import Lazy
from assistant.ports.embedding import Embedder
from assistant.ports.library import Library, PartialSource
from assistant.settings.settings import Settings
from assistant.values.conversation import Conversation
from assistant.values.errors import EngineError
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Document, Evidence, Medium, Passage, Seconds, Sense
from assistant.values.files import FileFacts
from assistant.values.messages import as_message
from assistant.values.parts import Turn
from assistant.values.request import Request
from retrieval.chunking import chunk

Value = TypeVar("Value")


class MemoryLibrary:
    """A Library of what it is given, in pieces as the real one cuts them. Nothing is ranked: searching finds all."""

    def __init__(self) -> None:
        self._documents: dict[tuple[str, str], list[Document]] = {}
        self._alone = threading.Lock()

    def add(self, document: Document, scope: str) -> None:
        with self._alone:
            self._documents[scope, document.source_id] = [document]

    def extend(self, document: Document, scope: str) -> bool:
        with self._alone:
            parts = self._documents.get((scope, document.source_id))
            if parts is None or not parts[-1].resume_state:
                return False
            parts.append(document)
            return True

    def partial_sources(self, scope: str | Sequence[str] | None = None) -> list[PartialSource]:
        scopes = [scope] if isinstance(scope, str) else scope
        with self._alone:
            return [
                PartialSource(where, source_id, parts[0].name, parts[-1].resume_state)
                for (where, source_id), parts in self._documents.items()
                if parts[-1].resume_state and (scopes is None or where in scopes)
            ]

    def note_attempts(self, scope: str, source_id: str, begun: int) -> None:
        """It lives no longer than the program."""

    def beginning(self, scope: str | Sequence[str], within: Sequence[str] = (), limit: int = 6) -> list[Evidence]:
        scopes = [scope] if isinstance(scope, str) else scope
        with self._alone:
            kept = {key: list(parts) for key, parts in self._documents.items()}
        found = []
        for (where, source_id), parts in kept.items():
            if where in scopes and (not within or source_id in within):
                cut = [piece for part in parts for piece in chunk(part.passages)][:limit]
                medium = parts[0].medium
                found += [Evidence(source_id, parts[0].name, medium, one.text, one.location, one.places) for one in cut]
        return found

    def search(
        self, question: str, scope: str | Sequence[str], limit: int = 12, within: Sequence[str] = ()
    ) -> list[Evidence]:
        return self.beginning(scope, within, limit)[:limit]

    def during(
        self, scope: str | Sequence[str], start: float, end: float, within: Sequence[str] = ()
    ) -> list[Evidence]:
        return [
            piece
            for piece in self.beginning(scope, within, 10_000)
            if isinstance(at := piece.location, Seconds) and at.start < end and at.end > start
        ]

    def sources(self, scope: str) -> dict[str, str]:
        return {source_id: parts[0].name for (where, source_id), parts in self._documents.items() if where == scope}

    def facts(self, scope: str | Sequence[str]) -> dict[str, FileFacts]:
        return {}

    def remove(self, scope: str, source_id: str) -> None:
        with self._alone:
            self._documents.pop((scope, source_id), None)

    def forget(self, scope: str) -> None:
        with self._alone:
            self._documents = {key: parts for key, parts in self._documents.items() if key[0] != scope}

    def close(self) -> None:
        return None


@dataclass
class TurnRoom:
    """One conversation with its files. background: what takes in the recordings of this library."""

    library: MemoryLibrary = field(default_factory=MemoryLibrary)
    conversation: Conversation = field(default_factory=Conversation)
    files: list[FileFacts] = field(default_factory=list)
    background: Background | None = None
    embedder: Embedder | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def give(self, facts: FileFacts, *passages: Passage, resume_state: str = "") -> str:
        """Files it and returns its source_id."""
        self.library.add(
            Document(facts.source_id, facts.name, facts.medium, passages, resume_state=resume_state),
            self.conversation.id,
        )
        self.files.append(facts)
        return facts.source_id

    def context(self) -> Context:
        record = TurnRecord(Turn(()), self.conversation, self.stop)
        embedder = None
        if self.embedder is not None:
            embedder = part("Embedding model", self.embedder)
            embedder.get()
        engine: Lazy[Any] = Lazy(as_message("Language model"), _nobody)
        library: Library = self.library
        return Context(record, Settings(), library, tuple(self.files), engine, embedder, background=self.background)

    def ask(self, way: Any, request: Request) -> "WayResult":
        """To its end; a request that names no file means all of them."""
        if not request.files:
            request = replace(request, files=tuple(one.source_id for one in self.files))
        return heard(way.answer(request, self.context()))


@dataclass
class WayResult:
    """What a way yielded and returned."""

    events: list[Event]
    reply: Reply | None

    @property
    def text(self) -> str:
        return self.reply.cited.text if self.reply is not None else ""

    @property
    def streamed(self) -> str:
        return "".join(one.text for one in self.events if isinstance(one, Delta))

    @property
    def statuses(self) -> list[str]:
        return [one.text for one in self.events if isinstance(one, Status)]


def heard(answering: Generator[Event, None, Reply | None]) -> WayResult:
    events: list[Event] = []
    while True:
        try:
            events.append(next(answering))
        except StopIteration as end:
            return WayResult(events, end.value)


def part(name: str, thing: Value) -> Lazy[Value]:
    return Lazy(name, lambda _: thing)


def recording(
    source_id: str = "ab", name: str = "talk.mp3", medium: Medium = "audio", seconds: float = 60.0, **known: Any
) -> FileFacts:
    return FileFacts(source_id, name, medium, seconds=seconds, **{"speech": True, **known})


def said(*segments: tuple[float, float, str], sense: Sense = "heard") -> tuple[Passage, ...]:
    """A passage for each segment: start, end, words."""
    return tuple(Passage(text, Seconds(start, end, sense)) for start, end, text in segments)


def _nobody(_: object) -> Any:
    raise EngineError("No language model is asked here.")
