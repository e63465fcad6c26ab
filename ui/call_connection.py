"""CallConnection: between one page and one call, or one dictation. It outlives the WebSocket that it runs over.

What the page is told is numbered and kept until the page says that it has it; what the microphone hears is numbered
by the page. So after a cut both sides know where to go on, and nothing is lost or done twice.
"""

import asyncio
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import numpy

from assistant.call.activity import FRAME
from assistant.call.messages import CallEnded, CallMessage, StateChanged
from assistant.ports.embedding import Vectors
from assistant.values.messages import say
from ui.call_wire import Hostile, Sound, packed
from ui.words.catalogues import Language

MOST_KEPT = 24_000_000  # bytes that the page has not said it has: five minutes of voice or so
MOST_MISSING = 1500  # frames
LOST = say("The page was away for too long, so I hung up. Call again.")


class Listener(Protocol):
    """A call or a dictation."""

    def frame(self, samples: Vectors) -> None: ...
    def end(self) -> None: ...
    def run(self) -> None: ...


class CallConnection:
    """owner: whose it is; nobody else may take it up. listen: makes what listens, given where to tell things."""

    def __init__(self, owner: str, language: Language, listen: Callable[[Callable[[CallMessage], None]], Any]) -> None:
        self.owner, self.token = owner, secrets.token_urlsafe(24)
        self.place = ""  # the address that it was opened from
        self.began = self.used = time.monotonic()  # used: when something was last said on it
        self.next_frame = 0
        self.over = False
        self._language = language
        self._kept: deque[tuple[int, str | bytes]] = deque()
        self._bytes = self._number = 0
        self._alone = threading.Lock()
        self._wake: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self.listener = listen(self.tell)

    def start(self) -> None:
        threading.Thread(target=self._run, name="call", daemon=True).start()

    def _run(self) -> None:
        try:
            self.listener.run()
        finally:
            self.over = True
            self._ring()

    # From the listener, in its thread

    def tell(self, message: CallMessage) -> None:
        if not isinstance(message, StateChanged):
            self.used = time.monotonic()
        with self._alone:
            self._number += 1
            data = packed(message, self._number, self._language)
            self._kept.append((self._number, data))
            self._bytes += len(data)
            too_much = self._bytes > MOST_KEPT
        if too_much or isinstance(message, CallEnded):
            self.listener.end()
        self._ring()

    def _ring(self) -> None:
        if (wake := self._wake) is not None:
            loop, event = wake
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    # From the page

    def attach(self) -> asyncio.Event:
        """The page is there, over a new connection: set whenever there is something to send. The one before is none."""
        event = asyncio.Event()
        before, self._wake = self._wake, (asyncio.get_running_loop(), event)
        if before is not None:
            before[1].set()
        event.set()
        return event

    def attached(self, event: asyncio.Event) -> bool:
        return self._wake is not None and self._wake[1] is event

    def detach(self, event: asyncio.Event) -> bool:
        """The connection was cut; whether it was the one in use."""
        if not self.attached(event):
            return False
        self._wake = None
        return True

    @property
    def away(self) -> bool:
        return self._wake is None

    def after(self, number: int) -> list[tuple[int, str | bytes]]:
        """What the page was not sent yet, if it has got everything up to this one."""
        with self._alone:
            return [one for one in self._kept if one[0] > number]

    def seen(self, number: int) -> None:
        """The page has got everything up to this one."""
        with self._alone:
            while self._kept and self._kept[0][0] <= number:
                self._bytes -= len(self._kept.popleft()[1])

    def hear(self, sound: Sound) -> None:
        """Frames that came already, before a cut, are not heard again. Raises Hostile for numbers from nowhere."""
        missing = sound.first - self.next_frame
        if missing > MOST_MISSING:
            raise Hostile("frames out of nowhere")
        for _ in range(missing):  # the page could not keep them
            self.listener.frame(numpy.zeros(FRAME, numpy.float32))
            self.next_frame += 1
        for number, frame in enumerate(sound.frames, sound.first):
            if number >= self.next_frame:
                self.listener.frame(frame)
                self.next_frame = number + 1
