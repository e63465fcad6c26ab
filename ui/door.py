"""The door of the whole server: who is let in at all, before any route is looked for. Knows no Gradio.

A browser lets every site's page send requests anywhere, cookies included, and lets a site's name be pointed to any
machine. So a page from elsewhere is turned away by what browsers say of it and pages cannot change: Sec-Fetch-Site
and Origin; and a page for this machine alone is not had under another name. Programs say neither, and come in.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.settings.settings import Settings
from ui.api.refusals import Refusal
from ui.chosen_language import App, Receive, Scope, Send
from ui.owner import asked_for_here
from ui.words import in_language, language_of
from ui.words.door import DoorWords

if TYPE_CHECKING:
    from starlette.responses import Response


class Door:
    """ASGI middleware. alone: the page listens on this machine alone. ours: hosts, with their ports, that the page is
    known by though its proxy does not say so."""

    def __init__(self, app: App, alone: bool = False, ours: Collection[str] = ()) -> None:
        self._app, self._alone, self._ours = app, alone, frozenset(ours)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import HTTPConnection

        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asking, connects = HTTPConnection(scope), scope["type"] == "websocket"
        words = in_language(language_of(asking), DoorWords)
        refused = ""
        if self._alone and not self._means_this_machine(asking.headers):
            refused = words.other_name
        elif not (same_site if connects else from_our_page)(asking.headers, self._ours):
            refused = words.other_site
        if refused and connects:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        elif refused:
            await refusal(refused, 403, scope["path"])(scope, receive, send)
        else:
            # Nobody but our own page has come so far: behind the door nothing is to be allowed to anybody else's.
            passed = [each for each in scope["headers"] if connects or each[0] != b"origin"]
            await self._app({**scope, "headers": passed}, receive, send)

    def _means_this_machine(self, headers: Mapping[str, str]) -> bool:
        return asked_for_here(headers) or _usual(headers.get("host", "")) in self._ours


def same_site(headers: Mapping[str, str], ours: Collection[str] = ()) -> bool:
    """Whether a browser says that a page of this very server asks."""
    if headers.get("sec-fetch-site") == "same-origin":
        return True
    scheme, _, origin = headers.get("origin", "").partition("://")
    hosts = {_usual(headers.get(name, "")) for name in ("host", "x-forwarded-host")} - {""}
    return scheme in ("http", "https") and _usual(origin) in hosts | set(ours)


def from_our_page(headers: Mapping[str, str], ours: Collection[str] = ()) -> bool:
    """As `same_site`, or no page asks: a person opens an address or follows a link to it, or a program does."""
    if headers.get("origin"):
        return same_site(headers, ours)
    followed = headers.get("sec-fetch-mode") == "navigate"
    return followed or headers.get("sec-fetch-site", "none") in ("none", "same-origin")


def known_by(settings: Settings, environment: Mapping[str, str]) -> frozenset[str]:
    """The hosts of the addresses in the settings, and of the Space that this is. environment: has SPACE_HOST there."""
    named = [urlsplit(origin.strip()).netloc for origin in settings.origins.split(",")]
    return frozenset(map(_usual, [*named, environment.get("SPACE_HOST", "")])) - {""}


def before_everything(
    door: Callable[[Any], Any], beside: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """A `lifespan` that puts the door in front of whatever the app has put in front of itself, before it serves.

    beside: held while it serves.
    """

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        app.middleware_stack = door(app.middleware_stack)
        async with beside():
            yield

    return lifespan


def refusal(sentence: str, status: int, path: str) -> "Response":
    """A refusal: Gradio's script shows what stands at "detail"."""
    from starlette.responses import JSONResponse, PlainTextResponse

    if path.startswith("/gradio_api/"):
        return JSONResponse({"detail": sentence}, status)
    if path.startswith("/v1/"):
        return Refusal(status, sentence, "refused").response()
    return PlainTextResponse(sentence, status)


def _usual(host: str) -> str:
    """In small letters, without a port that goes without saying."""
    return host.strip().lower().removesuffix(":443").removesuffix(":80")
