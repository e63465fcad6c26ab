"""Each request by an id: on its answer, in the log and in what is counted. Nothing of what was asked is logged."""

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ui.chosen_language import App, Message, Receive, Scope, Send

log = logging.getLogger("medley.requests")
_ID = re.compile(rb"[\w.-]{1,64}", re.ASCII)


@dataclass
class LoggedRequest:
    """What is known of a request that has ended."""

    id: str
    method: str
    route: str
    """The pattern of its path, such as /v1/models/{model}; "" where there is none."""
    status: int = 0
    began: float = field(default_factory=time.monotonic)
    first_byte: float = 0.0
    """Seconds until the answer began."""
    seconds: float = 0.0
    bytes: int = 0
    """Of the answer."""


class RequestLog:
    """ASGI middleware. route_of: the pattern that a request's path fits. ended: told of each request."""

    def __init__(
        self, app: App, route_of: Callable[[Scope], str], ended: Callable[[LoggedRequest], None], logs: bool = False
    ) -> None:
        self._app, self._route_of, self._ended, self._logs = app, route_of, ended, logs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = LoggedRequest(_id_of(scope), scope["method"], self._route_of(scope))

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                request.status, request.first_byte = message["status"], time.monotonic() - request.began
                message = {**message, "headers": [*message["headers"], (b"x-request-id", request.id.encode())]}
            else:
                request.bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self._app({**scope, "medley_request_id": request.id}, receive, watched)
        finally:
            request.seconds = time.monotonic() - request.began
            self._ended(request)
            if self._logs:
                log.info("%s", _line(request))


def log_to_terminal() -> None:
    """The lines of requests, as they are, on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def _line(request: LoggedRequest) -> str:
    told = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "request_id": request.id,
        "method": request.method,
        "route": request.route,
        "status": request.status,
        "first_byte_ms": round(1000 * request.first_byte, 1),
        "ms": round(1000 * request.seconds, 1),
        "bytes": request.bytes,
    }
    return json.dumps(told)


def _id_of(scope: Scope) -> str:
    """The one that a proxy gave it, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ID.fullmatch(value):
            return str(value, "ascii")
    return secrets.token_hex(8)
