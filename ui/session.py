"""One browser tab's side of a conversation: what it shows, and the answer being made for it, if any."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from assistant.conversation import Conversation
from assistant.events import Citation, Event
from assistant.parts import Turn
from ui.rendering import Message


@dataclass(eq=False)
class Session:
    """Kept on the server, one for each conversation of each tab. `closed`: the person has left it.

    The history lives here and not in the browser, so nobody can send us a made-up one.
    citations: those of each answer, by its key. open: the key and position of the one being looked at.
    lent: source_id → token of the originals that this tab may fetch. locked: the turn that waits for a password.
    """

    conversation: Conversation = field(default_factory=Conversation)
    messages: list[Message] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    citations: dict[str, tuple[Citation, ...]] = field(default_factory=dict)
    open: tuple[str, int] | None = None
    lent: dict[str, str] = field(default_factory=dict)
    locked: Turn | None = None
    closed: bool = False
    feed: "Feed | None" = None
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> bool:
        """Takes the session for one answer; False where another one is being made."""
        if not self._busy.acquire(blocking=False):
            return False
        self.stop = threading.Event()
        return True

    def end(self) -> None:
        self._busy.release()

    def leave(self, seconds: float) -> None:
        """Ends the answer being made, waiting for that at most so long; nothing more is shown here."""
        self.closed = True
        self.stop.set()
        if self._busy.acquire(timeout=seconds):
            self._busy.release()


class Feed:
    """Runs an answer in a thread of its own, so that whoever shows it can watch the clock and Stop as well.

    The core works in long steps (a model loads, a prompt is read in) that nothing interrupts; the
    person need not wait for their end.
    """

    def __init__(self, answer: Callable[[], Iterator[Event]]) -> None:
        self._answer = answer
        self._events: queue.SimpleQueue[Event | Exception | None] = queue.SimpleQueue()
        self._abandoned = threading.Event()
        self._thread = threading.Thread(target=self._run, name="answer", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def wait(self) -> None:
        self._thread.join()

    def take(self, seconds: float) -> list[Event | None]:
        """All events that have come, waiting at most `seconds` for the first; None last: the end.

        Raises what the answer raised.
        """
        events: list[Event | None] = []
        try:
            item = self._events.get(timeout=seconds)
            while True:
                if isinstance(item, Exception):
                    raise item
                events.append(item)
                item = self._events.get_nowait()
        except queue.Empty:
            return events

    def abandon(self) -> None:
        """Nobody listens any more: the answer is closed at its next event."""
        self._abandoned.set()

    def _run(self) -> None:
        try:
            events = self._answer()
            for event in events:
                self._events.put(event)
                if self._abandoned.is_set():
                    break
            if close := getattr(events, "close", None):
                close()
            self._events.put(None)
        except Exception as error:  # noqa: BLE001 - handed to the one who listens
            self._events.put(error)
