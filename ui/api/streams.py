"""Work that waits, done on threads and followed from the event loop; and answers sent as they come, as events.

Whoever goes away ends his work: `stop` is set, and the iterator is closed.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from ui.chosen_language import Receive, Scope, Send

if TYPE_CHECKING:
    from starlette.requests import Request

Value = TypeVar("Value")
Result = TypeVar("Result")
_END = object()


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class Followed(Generic[Value]):
    """What an iterator yields on a thread of `pool`, for an event loop."""

    def __init__(self, pool: ThreadPoolExecutor, make: Callable[[threading.Event], Iterator[Value]]) -> None:
        self._stop = threading.Event()
        self._loop = asyncio.get_running_loop()
        self._came: asyncio.Queue[object] = asyncio.Queue()
        pool.submit(self._work, make)

    def _work(self, make: Callable[[threading.Event], Iterator[Value]]) -> None:
        try:
            if not self._stop.is_set():
                with closing(cast(Any, make(self._stop))) as values:
                    for value in values:
                        self._tell(value)
                        if self._stop.is_set():
                            break
        except BaseException as error:  # noqa: BLE001 - raised to whoever follows
            self._tell(_Raised(error))
        self._tell(_END)

    def _tell(self, value: object) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._came.put_nowait, value)

    async def __aiter__(self) -> AsyncIterator[Value]:
        try:
            while (value := await self._came.get()) is not _END:
                if isinstance(value, _Raised):
                    raise value.error
                yield cast(Value, value)
        finally:
            self._stop.set()

    def stop(self) -> None:
        self._stop.set()


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error


async def while_wanted(request: "Request", work: Coroutine[Any, Any, Result]) -> Result:
    """The result, unless whoever asked goes away before: then ClientGone. The body must have been read."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(request.receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientGone
    finally:
        for task in (working, leaving):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


class EventStream:
    """An ASGI response: `data: …` for each of these, until they end or whoever listens goes away."""

    def __init__(self, events: AsyncIterator[str]) -> None:
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"text/event-stream; charset=utf-8"),
                    (b"cache-control", b"no-store"),
                    (b"x-accel-buffering", b"no"),
                ],
            }
        )
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            for task in (sending, leaving):
                if not task.done():
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task

    async def _send(self, send: Send) -> None:
        async for event in self._events:
            body = f"data: {event}\n\n".encode()
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
