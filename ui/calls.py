"""Calls and dictations over a WebSocket of the page's own server. Knows no Gradio.

`/call` takes one message first: {"type": "call"} or {"type": "dictate"}, or {"type": "resume", "token", "seen"} after
a cut. It answers {"type": "welcome", "token", "frame"}: the frame of the microphone to go on from.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.call.activity import SileroActivity
from assistant.call.call import Call, CallModels, CallTarget
from assistant.call.dictation import Dictation, LiveRecogniser
from assistant.call.messages import CallEnded, CallMessage
from assistant.call.phrases import Phrases
from assistant.call.workers import Threads
from assistant.conversations.conversations import Conversations
from assistant.ports.named_libraries import LibraryInfo
from assistant.ports.speech import Speaker, Transcriber
from assistant.values.errors import BadInput
from assistant.values.limits import VisitorShares
from assistant.values.messages import say
from ui.call_connection import LOST, CallConnection
from ui.call_wire import CROWDED, HOSTILE, OVER, TAKEN, UNKNOWN, Hostile, command, name, names, seconds, sound, whole
from ui.owner import DIRECT, AddressOf, Visitor, counted
from ui.words import in_language, language_of
from ui.words.call import CallWords
from ui.words.catalogues import Language
from ui.words.core import said

if TYPE_CHECKING:
    from starlette.routing import WebSocketRoute
    from starlette.websockets import WebSocket

log = logging.getLogger(__name__)

TOO_LONG = say("This call has lasted as long as calls may here, so I hung up. Call again to go on.")
IDLE = say("Nothing was said for a while and others are waiting to call, so I hung up. Call again to go on.")
LANGUAGES = ("", "en", "zh")


@dataclass(frozen=True)
class CallSetup:
    """What calls and dictations hear and speak with."""

    transcriber: Callable[[], Transcriber]
    """Waits until the speech model is loaded."""
    speaker: Callable[[], Speaker | None]
    """Waits until the voice is loaded. None: there is no voice."""
    phrases: Callable[[], Phrases]
    """Makes a new one for each answer."""
    live: Callable[[str, Sequence[str]], LiveRecogniser]
    """Recognises words while they are spoken, in this language ("" to find it), with hints as `Transcriber` takes
    them."""


@dataclass(frozen=True)
class Measure:
    """How much is allowed. A line is one call or one dictation."""

    lines: int = VisitorShares.lines
    """Lines at once, altogether."""
    lines_place: int = VisitorShares.lines_address
    """Lines at once from one address, because a browser makes as many owners as it likes."""
    lines_each: int = VisitorShares.lines_each
    """Lines at once of one owner."""
    idle_seconds: float = 60
    """A line on which nothing was said for this long makes room for somebody who has none."""
    seconds: float = 7200
    """The longest call."""
    dictated: float = 300
    """The longest dictation, in seconds."""
    away_seconds: float = 30
    """How long a line outlives its connection."""
    frames: float = 40
    """Frames of the microphone a second, on average."""
    commands: float = 40
    """Commands a second, on average."""
    burst: float = 40
    """So many seconds of frames or commands may come at once, after a cut."""
    first_seconds: float = 10
    """How long the first message may take."""


class Calls:
    """owner_of: whose a request is. choices: the named libraries of an owner. address_of: where it comes from."""

    def __init__(
        self,
        conversations: Conversations,
        setup: CallSetup,
        owner_of: Callable[[Any], str],
        choices: Callable[[str], Sequence[LibraryInfo]] = lambda _: (),
        measure: Measure = Measure(),
        address_of: AddressOf = DIRECT,
    ) -> None:
        self._conversations, self._setup, self._owner_of = conversations, setup, owner_of
        self._choices, self._measure, self._address_of = choices, measure, address_of
        self._connections: dict[str, CallConnection] = {}

    def route(self) -> "WebSocketRoute":
        from starlette.routing import WebSocketRoute

        return WebSocketRoute("/call", self._serve)

    async def _serve(self, websocket: "WebSocket") -> None:
        try:
            owner = self._owner_of(Visitor(websocket))
        except BadInput:
            await websocket.close(1008)
            return
        await websocket.accept()
        try:
            connection, sent = await self._open(websocket, owner, language_of(websocket))
            if connection is not None:
                await self._connect(websocket, connection, sent)
        except Hostile as error:
            log.warning("A call was closed: %s", error)
            await _close(websocket, HOSTILE)
        except Exception:
            log.exception("A call's connection failed")
            await _close(websocket, 1011)

    # Opening

    async def _open(self, websocket: "WebSocket", owner: str, language: Language) -> tuple[CallConnection | None, int]:
        """The line that the first message asks for, and the last message that the page has; None: it was refused."""
        try:
            first = await asyncio.wait_for(websocket.receive(), self._measure.first_seconds)
        except TimeoutError:
            raise Hostile("nothing was asked for") from None
        asked = command(first.get("text") or "")
        if asked["type"] == "resume":
            connection = self._connections.get(name(asked, "token"))
            if connection is None or connection.owner != owner:
                await _close(websocket, UNKNOWN)
                return None, 0
            seen = whole(asked, "seen")
            connection.seen(seen)
            return connection, seen
        if asked["type"] not in ("call", "dictate"):
            raise Hostile("an unknown wish")
        place = self._address_of(websocket)
        if not self._has_room(owner, place):
            await _close(websocket, CROWDED)
            return None, 0
        connection = await asyncio.to_thread(self._connection, asked, owner, language, counted(owner, place))
        connection.place = place
        self._connections[connection.token] = connection
        connection.start()
        return connection, 0

    def _has_room(self, owner: str, place: str) -> bool:
        """Whether there may be one more line; where others' take all the room, the one that idles longest ends."""
        measure = self._measure
        if sum(connection.owner == owner for connection in self._connections.values()) >= measure.lines_each:
            return False
        for most, there in ((measure.lines_place, place), (measure.lines, None)):
            others = [
                connection
                for connection in self._connections.values()
                if not connection.over and there in (connection.place, None)
            ]
            if len(others) < most:
                continue
            idle = min(
                (connection for connection in others if connection.owner != owner),
                key=lambda connection: connection.used,
                default=None,
            )
            if idle is None or time.monotonic() - idle.used < measure.idle_seconds:
                return False
            idle.tell(CallEnded(IDLE))
            del self._connections[idle.token]
        return True

    def _connection(self, asked: dict[str, Any], owner: str, language: Language, address: str) -> CallConnection:
        spoken, setup = _spoken(asked), self._setup
        if asked["type"] == "dictate":
            hints = self._conversations.hints(owner, name(asked, "conversation")) or [
                in_language(language, CallWords).reads
            ]
            return CallConnection(owner, language, lambda tell: Dictation(lambda: setup.live(spoken, hints), tell))
        known = {one.id for one in self._choices(owner)}
        libraries = tuple(one for one in names(asked, "libraries") if one in known)
        target = CallTarget(owner, self._theirs(owner, name(asked, "conversation")), libraries, address)

        def call(tell: Callable[[CallMessage], None]) -> Call:
            call_models = CallModels(
                SileroActivity(),
                setup.transcriber,
                setup.speaker,
                setup.phrases,
                spoken,
                (in_language(language, CallWords).reads,),
            )
            in_their_words = lambda sentence: said(sentence, language)  # noqa: E731
            return Call(target, self._conversations, call_models, Threads(), tell, in_their_words)

        return CallConnection(owner, language, call)

    def _theirs(self, owner: str, conversation: str) -> str:
        """The conversation, if it is there and the owner's."""
        try:
            return self._conversations.history.get(owner, conversation).id if conversation else ""
        except BadInput:
            return ""

    # Going on

    async def _connect(self, websocket: "WebSocket", connection: CallConnection, sent: int) -> None:
        """Until the connection is cut, or the line is over."""
        wake = connection.attach()
        await websocket.send_json({"type": "welcome", "token": connection.token, "frame": connection.next_frame})
        sending = asyncio.create_task(self._send(websocket, connection, wake, sent))
        try:
            await self._receive(websocket, connection)
        except Hostile:
            connection.listener.end()
            raise
        finally:
            if connection.detach(wake):
                self._wait_for(connection)
            if connection.over:
                self._connections.pop(connection.token, None)
            wake.set()
            await sending

    async def _send(self, websocket: "WebSocket", connection: CallConnection, wake: asyncio.Event, sent: int) -> None:
        with suppress(Exception):  # a connection that was cut: the other side of it will say so
            while True:
                await wake.wait()
                wake.clear()
                if connection.away:
                    return
                if not connection.attached(wake):
                    await _close(websocket, TAKEN)
                    return
                for number, data in connection.after(sent):
                    await (websocket.send_text(data) if isinstance(data, str) else websocket.send_bytes(data))
                    sent = number
                if connection.over and not connection.after(sent):
                    await _close(websocket, OVER)
                    return

    async def _receive(self, websocket: "WebSocket", connection: CallConnection) -> None:
        measure = self._measure
        frames, commands = _TokenBucket(measure.frames, measure.burst), _TokenBucket(measure.commands, measure.burst)
        while True:
            message = await websocket.receive()
            if message["type"] != "websocket.receive":
                return
            if time.monotonic() - connection.began > measure.seconds:
                connection.tell(CallEnded(TOO_LONG))
            if isinstance(connection.listener, Dictation) and time.monotonic() - connection.began > measure.dictated:
                connection.listener.finish()  # what was said until now is kept
            if (data := message.get("bytes")) is not None:
                heard = sound(data)
                frames.take(len(heard.frames))
                connection.hear(heard)
            else:
                commands.take(1)
                await self._obey(websocket, connection, command(message.get("text") or ""))

    async def _obey(self, websocket: "WebSocket", connection: CallConnection, asked: dict[str, Any]) -> None:
        """What the page says of itself, and what the person wants. Raises Hostile."""
        listener, kind = connection.listener, asked["type"]
        if kind == "seen":
            connection.seen(whole(asked, "n"))
            await websocket.send_json({"type": "seen", "frame": connection.next_frame})
        elif kind == "end":
            listener.end()
        elif kind == "finish" and isinstance(listener, Dictation):
            listener.finish()
        elif isinstance(listener, Call):
            listener.do(_verb(kind, asked))
        else:
            raise Hostile("an unknown command")

    def _wait_for(self, connection: CallConnection) -> None:
        """The page may come back within a while; else nobody listens any more."""

        def give_up() -> None:
            if connection.away:
                if not connection.over:
                    connection.tell(CallEnded(LOST))
                self._connections.pop(connection.token, None)

        asyncio.get_running_loop().call_later(0 if connection.over else self._measure.away_seconds, give_up)


def _spoken(asked: dict[str, Any]) -> str:
    if (spoken := name(asked, "language")) not in LANGUAGES:
        raise Hostile("a language that is not offered")
    return spoken


def _verb(kind: str, asked: dict[str, Any]) -> Callable[[Call], None]:
    match kind:
        case "mute":
            on = asked.get("on") is True
            return lambda call: call.mute(on)
        case "hush":
            return Call.stop_speaking
        case "language":
            spoken = _spoken(asked)
            return lambda call: call.speaks(spoken)
        case "playing":
            piece, frame, skipped = whole(asked, "piece"), whole(asked, "frame"), seconds(asked, "skipped")
            return lambda call: call.playing(piece, frame, skipped)
        case "paused":
            at = whole(asked, "frame")
            return lambda call: call.paused(at)
        case "played":
            ended = whole(asked, "piece")
            return lambda call: call.played(ended)
    raise Hostile("an unknown command")


class _TokenBucket:
    """So many a second on average, and a burst of that many seconds at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._most = rate, rate * burst
        self._left, self._at = self._most, time.monotonic()

    def take(self, count: int) -> None:
        """Raises Hostile where it is too much."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._rate) - count
        self._at = now
        if self._left < 0:
            raise Hostile("too much at once")


async def _close(websocket: "WebSocket", code: int) -> None:
    with suppress(Exception):  # it may be closed already
        await websocket.close(code)
