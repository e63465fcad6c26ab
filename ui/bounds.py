"""What of Gradio's own server is open, and to whom.

- Of its routes those alone that our page asks for. Among the others are some that fetch what a stranger names, hand
  out what another visitor is shown, or write files.
- A request names no file but one that the same visitor handed over here; nothing is fetched for it.
- A session belongs to whom it was first seen with: nobody else reads along in it, or ends it.
- What is no event of ours is refused in a sentence before Gradio trips over it.
"""

import asyncio
import json
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Container, Iterator, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from assistant.values.errors import BadInput
from ui.chosen_language import App, Message, Receive, Scope, Send
from ui.door import refusal
from ui.owner import Visitor
from ui.strangers_json import from_json
from ui.uploads import Uploads
from ui.words import in_language, language_of
from ui.words.door import DoorWords

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

log = logging.getLogger(__name__)

_API = "/gradio_api"
_JOIN, _RUN, _LISTEN = f"{_API}/queue/join", f"{_API}/run/predict", f"{_API}/queue/data"
_BODIES = frozenset((_JOIN, _RUN, f"{_API}/cancel", f"{_API}/reset"))
_EVENT = ("data", "fn_index", "session_hash", "event_id", "event_data", "trigger_id")  # what the page's script sends
_USED = frozenset(
    {
        *("/", "/config", "/theme.css", "/favicon.ico", "/robots.txt"),
        *("/login/huggingface", "/login/callback", "/logout"),
        *(f"{_API}/{name}" for name in ("app_id", "startup-events", "queue/data", "upload", "upload_progress")),
        *_BODIES,
    }
)
_HEARTBEAT, _FILE = f"{_API}/heartbeat/", f"{_API}/file="
_USED_BELOW = ("/assets/", "/static/", _HEARTBEAT, _FILE)
_SESSIONS = 10_000  # the last that were seen
_MOST_BYTES = 50_000_000  # of an event: a long text may be pasted into a library
_MOST_VALUES = 50_000  # of an event
_LONGEST_NAME = 255  # bytes of one part of a path: no disk has a longer one
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)

REFUSED: ContextVar[list[str] | None] = ContextVar("REFUSED", default=None)
"""The sentences with which values of the request at hand were refused (`ui.odd_values`)."""


class _RequestRefused(Exception):
    """With a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status, self.sentence = status, sentence


class Bounds:
    """ASGI middleware. ours: routes that are not Gradio's. owner_of: whose a request is. events: numbers of those
    that the page has; None: any."""

    def __init__(
        self,
        app: App,
        owner_of: Callable[[Visitor], str],
        uploads: Uploads,
        ours: Sequence["BaseRoute"] = (),
        events: Container[int] | None = None,
    ) -> None:
        self._app, self._owner_of, self._uploads, self._ours = app, owner_of, uploads, tuple(ours)
        self._events = events
        self._sessions: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_ours(scope):
            await self._app(scope, receive, send)
            return
        from starlette.requests import HTTPConnection

        asking, path = HTTPConnection(scope), scope["path"].removeprefix(scope.get("root_path", ""))
        words = in_language(language_of(asking), DoorWords)
        try:
            query = parse_qs(scope["query_string"].decode("latin-1"))
            if not _is_used(path) or "deep_link" in query:
                raise _RequestRefused(404, words.closed)
            self._claim(asking, query.get("session_hash", []), words)
            if path.startswith(_HEARTBEAT):
                self._claim(asking, [path.removeprefix(_HEARTBEAT)], words)
            if path.startswith(_FILE) and not self._uploads.has(self._uploader(asking), path.removeprefix(_FILE)):
                raise _RequestRefused(404, words.closed)
            if path in _BODIES and scope["method"] == "POST":
                scope, receive = await self._read(asking, scope, receive, words)
        except _RequestRefused as refused:
            await refusal(refused.sentence, refused.status, path)(scope, receive, send)
            return
        if path == f"{_API}/upload":
            send = self._noting(self._uploader(asking), send)
        if path == _RUN:
            send = _refusing(send)
        try:
            await self._app(scope, receive, send)
        except RuntimeError as error:
            if path != _LISTEN:
                raise
            # Gradio has told the page in its stream that it does not know the session, and raises that as well
            log.info("A tab listened in a session that is over: %s", error.__cause__ or error)

    def _is_ours(self, scope: Scope) -> bool:
        from starlette.routing import Match

        return any(route.matches(scope)[0] is not Match.NONE for route in self._ours)

    def _claim(self, asking: Any, sessions: Sequence[object], words: DoorWords) -> None:
        """These are of whoever asks, from now on. Raises _Refused where one was another's before."""
        for session in sessions:
            if not isinstance(session, str):
                raise _RequestRefused(400, words.closed)
            owner = self._owner(asking, session)
            if self._sessions.setdefault(session, owner) != owner:
                raise _RequestRefused(403, words.not_yours)
            self._sessions.move_to_end(session)
        while len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)

    def _owner(self, asking: Any, session: str | None) -> str:
        try:
            return self._owner_of(Visitor(asking, session))
        except BadInput:
            return ""

    def _uploader(self, asking: Any) -> str:
        """A file is handed over without a word on the tab."""
        return self._owner(asking, None)

    async def _read(self, asking: Any, scope: Scope, receive: Receive, words: DoorWords) -> tuple[Scope, Receive]:
        """The request, with an event that names nothing but what is the visitor's own. Raises _Refused."""
        from starlette.requests import ClientDisconnect, Request

        body = bytearray()
        try:
            async for piece in Request(scope, receive).stream():
                body += piece
                if len(body) > _MOST_BYTES:
                    raise _RequestRefused(413, words.too_long)
        except ClientDisconnect:
            raise _RequestRefused(400, words.closed) from None
        event = await asyncio.to_thread(_parsed, bytes(body), words)
        session = event.get("session_hash")
        if scope["path"].endswith((_JOIN, _RUN)) and not (session and self._has(event.get("fn_index"))):
            raise _RequestRefused(400, words.odd_value)
        if session is not None:
            self._claim(asking, [session], words)
        for file in _files(event):
            if not self._uploads.has(self._uploader(asking), str(file["path"])):
                raise _RequestRefused(403, words.not_handed_over)
            file.pop("url", None)  # where the page had it from; Gradio would fetch from there what it takes for a copy
        checked = json.dumps(event).encode()

        async def again() -> Message:
            nonlocal checked
            sent, checked = checked, b""
            return {"type": "http.request", "body": sent, "more_body": False} if sent else await receive()

        length = (b"content-length", str(len(checked)).encode())
        headers = [each for each in scope["headers"] if each[0] not in (b"content-length", b"transfer-encoding")]
        return {**scope, "headers": [*headers, length]}, again

    def _has(self, number: object) -> bool:
        return type(number) is int and (self._events is None or number in self._events)

    def _noting(self, owner: str, send: Send) -> Send:
        """Notes which files were handed over before the page is told their paths."""
        body, fine = bytearray(), False

        async def noted(message: Message) -> None:
            nonlocal fine
            if message["type"] == "http.response.start":
                fine = message["status"] == 200
            elif fine:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    self._uploads.note(owner, json.loads(body))
            await send(message)

        return noted


def _refusing(send: Send) -> Send:
    """Where a value of an event was refused, that is no mistake of ours: the status says so."""
    refused: list[str] = []
    REFUSED.set(refused)

    async def told(message: Message) -> None:
        if refused and message["type"] == "http.response.start" and message["status"] == 500:
            message = {**message, "status": 400}
        await send(message)

    return told


def _is_used(path: str) -> bool:
    if "\0" in path or any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in path.split("/")):
        return False
    return path in _USED or path.startswith(_USED_BELOW)


def _parsed(body: bytes, words: DoorWords) -> dict[str, Any]:
    """A JSON object, unless it would take far more room than any event of the page. Raises _Refused."""
    bare = _STRING.sub(b"", body)
    if sum(map(bare.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise _RequestRefused(413, words.too_long)
    event = from_json(body)
    if not isinstance(event, dict):
        raise _RequestRefused(400, words.closed)
    return {name: event[name] for name in _EVENT if name in event}


def _files(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Whatever in it names a path: Gradio takes such a thing for a file."""
    left: list[Any] = [event]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if isinstance(value.get("path"), str):
                yield value
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
