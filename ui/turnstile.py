"""Few requests of one address are worked on at once, however many it sends: its others wait, and nobody else does.

The server works request after request. Where one address sends a hundred at once, whoever comes behind them would wait
for all; so he waits for the few that were let in. A request is done with once its answer begins, however long that
goes on; an upload, which only lasts long, is not held up, and neither is anybody for long: a slow request must not shut
out its neighbours.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.chosen_language import App, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

AT_ONCE = 6  # as many connections as a browser has open to one server
LONGEST_WAIT = 5.0  # seconds, after which a request goes in all the same
_LASTING = "/gradio_api/upload"


class Turnstile:
    """ASGI middleware. address_of: where a request comes from."""

    def __init__(self, app: App, address_of: "Callable[[HTTPConnection], str]", at_once: int = AT_ONCE) -> None:
        self._app, self._address_of, self._at_once = app, address_of, at_once
        self._inside: dict[str, tuple[asyncio.Semaphore, int]] = {}
        """For each address whose requests are here: the places, and how many have or want one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import HTTPConnection

        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")).startswith(_LASTING):
            await self._app(scope, receive, send)
            return
        address = self._address_of(HTTPConnection(scope))
        leave = await self._enter(address)

        async def leaving(message: Message) -> None:
            if message["type"] == "http.response.start":
                leave()
            await send(message)

        try:
            await self._app(scope, receive, leaving)
        finally:
            leave()

    async def _enter(self, address: str) -> Callable[[], None]:
        """Waits for a place of this address. What it returns gives the place back, once."""
        places, here = self._inside.get(address, (asyncio.Semaphore(self._at_once), 0))
        self._inside[address] = places, here + 1
        try:
            left = not await asyncio.wait_for(places.acquire(), LONGEST_WAIT)
        except TimeoutError:
            left = True
            self._forget(address)
        except BaseException:
            self._forget(address)
            raise

        def leave() -> None:
            nonlocal left
            if not left:
                left = True
                places.release()
                self._forget(address)

        return leave

    def _forget(self, address: str) -> None:
        places, here = self._inside[address]
        if here > 1:
            self._inside[address] = places, here - 1
        else:
            del self._inside[address]
