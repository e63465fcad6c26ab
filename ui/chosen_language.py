"""The language that was chosen for the page, told to Gradio's script before it asks the browser for one.

What a page puts into its head reaches the browser after that, so the page itself is changed on its way: for those
who have chosen, and with whatever else must be done before Gradio asks the server for anything.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any

from ui.words import COOKIE, tag
from ui.words.catalogues import CATALOGUES

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_SCRIPT = (
    "<script>for (const [name, value] of [['language', 'TAG'], ['languages', ['TAG']]])"
    " Object.defineProperty(Navigator.prototype, name, { configurable: true, get: () => value });"
    " document.documentElement.lang = 'TAG';</script>"
)


class ChosenLanguage:
    """ASGI middleware for `launch(app_kwargs={"middleware": [Middleware(ChosenLanguage)]})`.

    first: a script for everybody's page.
    """

    def __init__(self, app: App, first: str = "") -> None:
        self._app, self._first = app, f"<script>{first}</script>" if first else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and scope.get("method") == "GET"
        chosen = _chosen(scope) if asks else ""
        scripts = self._first + (_SCRIPT.replace("TAG", tag(chosen)) if chosen in CATALOGUES.languages else "")
        if not asks or not scripts:
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def changed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message["headers"]):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    body = body.replace(b"<head>", b"<head>" + scripts.encode(), 1)
                    headers = [each for each in start["headers"] if each[0].lower() != b"content-length"]
                    await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
                    await send({**message, "body": body})

        await self._app(scope, receive, changed)


def _chosen(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie":
            found = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            return found.value if found is not None else ""
    return ""


def _is_page(headers: list[tuple[bytes, bytes]]) -> bool:
    """A page with a policy of its own lets no script in, and is written in the chosen language already."""
    kinds = {name.lower(): value for name, value in headers}
    return (
        kinds.get(b"content-type", b"").startswith(b"text/html")
        and not {b"content-encoding", b"content-security-policy"} & kinds.keys()
    )
