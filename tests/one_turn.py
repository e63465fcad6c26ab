"""One turn for a way of answering: its files as passages in memory, no models but the engine that a test scripts."""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from assistant.answering.context import Context, Reply
from assistant.answering.turn import TurnRecord
from assistant.answering.ways import Way
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.models.lazy import Lazy
from assistant.ports.engine import Engine
from assistant.settings.settings import Settings
from assistant.text.tokens import tokens
from assistant.values.conversation import Conversation
from assistant.values.events import Delta, Event
from assistant.values.evidence import Evidence, Passage
from assistant.values.files import FileFacts
from assistant.values.messages import as_message
from assistant.values.parts import Text, Turn
from assistant.values.request import Request
from retrieval.chunking import chunk

NOW = datetime(2026, 2, 20, 14, 5, tzinfo=UTC)


class OneTurnLibrary:
    """What of a Library a way asks for: the pieces of each file, in order, and those that share most words."""

    def __init__(self, pieces: Sequence[Evidence]) -> None:
        self.pieces = list(pieces)

    def beginning(self, scope: object, within: Sequence[str] = (), limit: int = 6) -> list[Evidence]:
        return [piece for piece in self.pieces if not within or piece.source_id in within][:limit]

    def search(self, question: str, scope: object, limit: int = 12, within: Sequence[str] = ()) -> list[Evidence]:
        wanted = {token.text for token in tokens(question)}
        found = self.beginning(scope, within, len(self.pieces))
        return sorted(found, key=lambda piece: -len(wanted & {token.text for token in tokens(piece.content)}))[:limit]


def pieces_of(name: str, passages: Sequence[Passage], medium: str = "text") -> list[Evidence]:
    """As the library would keep them. The file's name is its source_id."""
    return [
        Evidence(name, name, medium, each.text, each.location, each.places)  # type: ignore[arg-type]
        for each in chunk(passages)
    ]


def context_of(
    pieces: Sequence[Evidence] = (),
    files: Sequence[FileFacts] | None = None,
    says: Mapping[str, str] | None = None,
    now: datetime = NOW,
) -> Context:
    """files None: those of the pieces, of which nothing more is known. says: the engine's script, as `ScriptedLine`
    takes it; None: whoever asks for an engine fails."""
    if files is None:
        files = [FileFacts(piece.source_id, piece.source, piece.medium) for piece in pieces]
        files = list({one.source_id: one for one in files}.values())

    def load(_: object) -> Engine:
        assert says is not None, "no engine should be asked here"
        return ScriptedEngine([ScriptedLine(when, said) for when, said in says.items()])

    record = TurnRecord(Turn((Text(""),)), Conversation(), threading.Event())
    return Context(
        record, Settings(), OneTurnLibrary(pieces), tuple(files), Lazy(as_message("Engine"), load), now=lambda: now
    )  # type: ignore[arg-type]


def answered(way: Way, request: Request, context: Context) -> Reply | None:
    """The way's reply, with every quote checked against the piece that it stands in."""
    events: list[Event] = []
    answering = way.answer(request, context)
    while True:
        try:
            events.append(next(answering))
        except StopIteration as ended:
            reply: Reply | None = ended.value
            break
    said = "".join(event.text for event in events if isinstance(event, Delta))
    if reply is None:
        assert not said, "what is left to the lookup was not to be answered"
        return None
    assert said, "nothing was said"
    assert not any(mark in said for mark in ("[1]", "[2]"))
    for citation in reply.cited.citations:
        assert f"[{citation.number}]" in reply.cited.text
        there = [
            piece
            for piece in context.pieces([citation.source_id])
            if (at := piece.content.find(citation.quote)) >= 0
            and piece.locate(at, at + len(citation.quote)) == citation.location
        ]
        assert there, f"{citation.quote!r} stands nowhere at {citation.location}"
    return reply


def text_of(way: Way, request: Request, context: Context) -> str:
    reply = answered(way, request, context)
    return reply.cited.text if reply is not None else ""
