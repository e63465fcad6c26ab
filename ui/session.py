"""One browser tab's side of a conversation: what it shows, and the answer being made for it, if any."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.conversations.history import ConversationInfo, StoredTurn
from assistant.speech.synthesis.spoken_answer import SpokenAnswer
from assistant.values.events import Event


@dataclass(eq=False)
class Session:
    """Kept on the server, one for each conversation of each tab.

    The history lives here and in the store, and not in the browser, so nobody can send us a made-up one.
    """

    owner: str = "me"
    conversation: str = ""
    """Its id; "" while nothing was asked."""
    title: str = ""
    libraries: tuple[str, ...] = ()
    """Ids of the libraries that it may search."""
    turns: list[StoredTurn] = field(default_factory=list)
    """Its turns, oldest first."""
    hidden: int = 0
    """How many of the turns are not shown at first."""
    messages: dict[str, tuple[Any, list[Any]]] = field(default_factory=dict)
    """How each turn is shown, by its id."""
    menu: str = ""
    """The conversation whose menu is unfolded in the list."""
    searched: str = ""
    """The words that the list is narrowed down to."""
    stop: threading.Event = field(default_factory=threading.Event)
    open: tuple[str, bool, int] | None = None
    """The turn whose evidence is looked at, whether its files rather than what it cites, and which of them."""
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    """What is served of a file → its token."""
    answering: tuple[StoredTurn, Iterator[Event]] | None = None
    """The turn that has begun, and its events to come."""
    locked: str = ""
    """The turn whose file waits for its password."""
    editing: StoredTurn | None = None
    """The turn that is replaced by what is sent next."""
    deleted: ConversationInfo | None = None
    """The conversation that can be had back."""
    reading: SpokenAnswer | None = None
    """The answer in the making, where it is read aloud meanwhile."""
    dictated: bool = False
    """Whether what is sent next was spoken into the box."""
    noticed: int | None = None
    """How many notices were put away; None: it was opened just now."""
    seen: float = 0.0
    """When the conversation had changed last, as it was looked at."""
    followed: bool = False
    """Whether it shows an answer that is being made, and not for this tab."""
    closed: bool = False
    """Whether the tab shows something else by now."""
    feed: "Feed | None" = None
    _busy: threading.Lock = field(default_factory=threading.Lock)

    @property
    def leaf(self) -> str:
        """The turn that the next one follows."""
        return self.turns[-1].id if self.turns else ""

    @property
    def busy(self) -> bool:
        return self._busy.locked()

    def begin(self) -> bool:
        """Takes the session for one answer; False where another one is being made."""
        if not self._busy.acquire(blocking=False):
            return False
        self.stop = threading.Event()
        return True

    def end(self) -> None:
        if self._busy.locked():
            self._busy.release()

    def leave(self) -> None:
        """Nothing more is shown here; an answer that is being made goes on, and is kept with its conversation."""
        self.closed = True


class Feed:
    """Runs an answer in a thread of its own, so that whoever shows it can watch the clock and Stop as well.

    The core works in long steps (a model loads, a prompt is read in) that nothing interrupts; the
    person need not wait for their end.
    """

    def __init__(self, answer: Iterator[Event]) -> None:
        self.answer = answer
        self._events: queue.SimpleQueue[Event | Exception | None] = queue.SimpleQueue()
        self._abandoned = threading.Event()
        self._thread = threading.Thread(target=self._run, name="answer", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def wait(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)

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
            for event in self.answer:
                self._events.put(event)
                if self._abandoned.is_set():
                    break
            if close := getattr(self.answer, "close", None):
                close()
            self._events.put(None)
        except Exception as error:  # noqa: BLE001 - handed to the one who listens
            self._events.put(error)
