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
from assistant.call.call import Call, Place, Senses
from assistant.call.dictation import Dictation, Live
from assistant.call.messages import Over, Told
from assistant.call.phrases import Phrases
from assistant.call.workers import Threads
from assistant.conversations.conversations import Conversations
from assistant.ports.named_libraries import LibraryInfo
from assistant.ports.speech import Speaker, Transcriber
from assistant.values.errors import BadInput
from assistant.values.limits import Shares
from assistant.values.messages import say
from ui.call_line import LOST, Line
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
class Means:
    """What calls hear and speak with. transcriber, speaker: wait until their model is loaded.

    live: words while they are spoken, in that language ("" to find it), with hints as Transcriber has them.
    phrases: one anew for each answer.
    """

    transcriber: Callable[[], Transcriber]
    speaker: Callable[[], Speaker | None]
    phrases: Callable[[], Phrases]
    live: Callable[[str, Sequence[str]], Live]


@dataclass(frozen=True)
class Measure:
    """How much is allowed: lines at once, altogether, from one address (a browser makes as many owners as it likes) and
    of one owner; how many seconds a call may last, a dictation, and a line whose connection was cut. idle_seconds: for
    how long nothing was said on a line before it makes room for somebody who has none.

    frames, commands: a second, on average; burst: seconds of them at once, after a cut.
    """

    lines: int = Shares.lines
    lines_place: int = Shares.lines_address
    lines_each: int = Shares.lines_each
    idle_seconds: float = 60
    seconds: float = 7200
    dictated: float = 300
    away_seconds: float = 30
    frames: float = 40
    commands: float = 40
    burst: float = 40
    first_seconds: float = 10


class Calls:
    """owner_of: whose a request is. choices: the named libraries of an owner. address_of: where it comes from."""

    def __init__(
        self,
        conversations: Conversations,
        means: Means,
        owner_of: Callable[[Any], str],
        choices: Callable[[str], Sequence[LibraryInfo]] = lambda _: (),
        measure: Measure = Measure(),
        address_of: AddressOf = DIRECT,
    ) -> None:
        self._conversations, self._means, self._owner_of = conversations, means, owner_of
        self._choices, self._measure, self._address_of = choices, measure, address_of
        self._lines: dict[str, Line] = {}

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
            line, sent = await self._open(websocket, owner, language_of(websocket))
            if line is not None:
                await self._connect(websocket, line, sent)
        except Hostile as error:
            log.warning("A call was closed: %s", error)
            await _close(websocket, HOSTILE)
        except Exception:
            log.exception("A call's connection failed")
            await _close(websocket, 1011)

    # Opening

    async def _open(self, websocket: "WebSocket", owner: str, language: Language) -> tuple[Line | None, int]:
        """The line that the first message asks for, and the last message that the page has; None: it was refused."""
        try:
            first = await asyncio.wait_for(websocket.receive(), self._measure.first_seconds)
        except TimeoutError:
            raise Hostile("nothing was asked for") from None
        asked = command(first.get("text") or "")
        if asked["type"] == "resume":
            line = self._lines.get(name(asked, "token"))
            if line is None or line.owner != owner:
                await _close(websocket, UNKNOWN)
                return None, 0
            seen = whole(asked, "seen")
            line.seen(seen)
            return line, seen
        if asked["type"] not in ("call", "dictate"):
            raise Hostile("an unknown wish")
        place = self._address_of(websocket)
        if not self._has_room(owner, place):
            await _close(websocket, CROWDED)
            return None, 0
        line = await asyncio.to_thread(self._line, asked, owner, language, counted(owner, place))
        line.place = place
        self._lines[line.token] = line
        line.start()
        return line, 0

    def _has_room(self, owner: str, place: str) -> bool:
        """Whether there may be one more line; where others' take all the room, the one that idles longest ends."""
        measure = self._measure
        if sum(line.owner == owner for line in self._lines.values()) >= measure.lines_each:
            return False
        for most, there in ((measure.lines_place, place), (measure.lines, None)):
            others = [line for line in self._lines.values() if not line.over and there in (line.place, None)]
            if len(others) < most:
                continue
            idle = min((line for line in others if line.owner != owner), key=lambda line: line.used, default=None)
            if idle is None or time.monotonic() - idle.used < measure.idle_seconds:
                return False
            idle.tell(Over(IDLE))
            del self._lines[idle.token]
        return True

    def _line(self, asked: dict[str, Any], owner: str, language: Language, address: str) -> Line:
        spoken, means = _spoken(asked), self._means
        if asked["type"] == "dictate":
            hints = self._conversations.hints(owner, name(asked, "conversation")) or [
                in_language(language, CallWords).reads
            ]
            return Line(owner, language, lambda tell: Dictation(lambda: means.live(spoken, hints), tell))
        known = {one.id for one in self._choices(owner)}
        libraries = tuple(one for one in names(asked, "libraries") if one in known)
        place = Place(owner, self._theirs(owner, name(asked, "conversation")), libraries, address)

        def call(tell: Callable[[Told], None]) -> Call:
            senses = Senses(
                SileroActivity(),
                means.transcriber,
                means.speaker,
                means.phrases,
                spoken,
                (in_language(language, CallWords).reads,),
            )
            in_their_words = lambda sentence: said(sentence, language)  # noqa: E731
            return Call(place, self._conversations, senses, Threads(), tell, in_their_words)

        return Line(owner, language, call)

    def _theirs(self, owner: str, conversation: str) -> str:
        """The conversation, if it is there and the owner's."""
        try:
            return self._conversations.history.get(owner, conversation).id if conversation else ""
        except BadInput:
            return ""

    # Going on

    async def _connect(self, websocket: "WebSocket", line: Line, sent: int) -> None:
        """Until the connection is cut, or the line is over."""
        wake = line.attach()
        await websocket.send_json({"type": "welcome", "token": line.token, "frame": line.next_frame})
        sending = asyncio.create_task(self._send(websocket, line, wake, sent))
        try:
            await self._receive(websocket, line)
        except Hostile:
            line.listener.end()
            raise
        finally:
            if line.detach(wake):
                self._wait_for(line)
            if line.over:
                self._lines.pop(line.token, None)
            wake.set()
            await sending

    async def _send(self, websocket: "WebSocket", line: Line, wake: asyncio.Event, sent: int) -> None:
        with suppress(Exception):  # a connection that was cut: the other side of it will say so
            while True:
                await wake.wait()
                wake.clear()
                if line.away:
                    return
                if not line.attached(wake):
                    await _close(websocket, TAKEN)
                    return
                for number, data in line.after(sent):
                    await (websocket.send_text(data) if isinstance(data, str) else websocket.send_bytes(data))
                    sent = number
                if line.over and not line.after(sent):
                    await _close(websocket, OVER)
                    return

    async def _receive(self, websocket: "WebSocket", line: Line) -> None:
        measure = self._measure
        frames, commands = _Bucket(measure.frames, measure.burst), _Bucket(measure.commands, measure.burst)
        while True:
            message = await websocket.receive()
            if message["type"] != "websocket.receive":
                return
            if time.monotonic() - line.began > measure.seconds:
                line.tell(Over(TOO_LONG))
            if isinstance(line.listener, Dictation) and time.monotonic() - line.began > measure.dictated:
                line.listener.finish()  # what was said until now is kept
            if (data := message.get("bytes")) is not None:
                heard = sound(data)
                frames.take(len(heard.frames))
                line.hear(heard)
            else:
                commands.take(1)
                await self._obey(websocket, line, command(message.get("text") or ""))

    async def _obey(self, websocket: "WebSocket", line: Line, asked: dict[str, Any]) -> None:
        """What the page says of itself, and what the person wants. Raises Hostile."""
        listener, kind = line.listener, asked["type"]
        if kind == "seen":
            line.seen(whole(asked, "n"))
            await websocket.send_json({"type": "seen", "frame": line.next_frame})
        elif kind == "end":
            listener.end()
        elif kind == "finish" and isinstance(listener, Dictation):
            listener.finish()
        elif isinstance(listener, Call):
            listener.do(_verb(kind, asked))
        else:
            raise Hostile("an unknown command")

    def _wait_for(self, line: Line) -> None:
        """The page may come back within a while; else nobody listens any more."""

        def give_up() -> None:
            if line.away:
                if not line.over:
                    line.tell(Over(LOST))
                self._lines.pop(line.token, None)

        asyncio.get_running_loop().call_later(0 if line.over else self._measure.away_seconds, give_up)


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
            return Call.hush
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


class _Bucket:
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
