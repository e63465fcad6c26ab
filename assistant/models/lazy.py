"""Lazy: a value that is expensive to make, such as a model. It is loaded once, in the background.

It knows nothing about the value that it holds.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Generic, Literal, TypeVar, cast

from assistant.values.events import Progress
from assistant.values.messages import NOTHING, Message, as_message, message_of, say

Value = TypeVar("Value")
State = Literal["waiting", "loading", "ready", "failed"]


class Lazy(Generic[Value]):
    """The first `get` makes the value, on whichever thread calls it; other threads wait for it.

    A failure is kept and raised on every `get`, until `retry` forgets it.
    """

    def __init__(self, name: Message, make: Callable[[Callable[[Progress], None]], Value]) -> None:
        self.name = name
        self.state: State = "waiting"
        self.progress = Progress(say("loading"))
        self.seconds = 0.0
        self.used_at = 0.0
        """By time.monotonic: when it was last asked for."""
        self.resting = False
        """Whether it was made once and let go of since, to leave its memory to others."""
        self._make = make
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._value: Value | None = None
        self._error: Exception | None = None
        self._settled = threading.Event()

    def wait(self, seconds: float) -> bool:
        """Starts the loading if nobody has, and waits up to `seconds`; whether it has ended, well or not."""
        with self._starting:
            if self.state == "waiting" and not self._settled.is_set() and not self._lock.locked():
                threading.Thread(target=self._try, name=f"load {self.name}", daemon=True).start()
        return self._settled.wait(seconds)

    def get(self) -> Value:
        """The thing itself; blocks while it loads. Raises what making it raised."""
        with self._lock:
            self.used_at = time.monotonic()
            if self._error is not None:
                raise self._error
            if self.state != "ready":
                self._load()
            return cast(Value, self._value)  # may be None, where that is what was made

    def retry(self) -> None:
        """Forgets a failure, so that the next `get` tries again."""
        with self._lock:
            if self._error is not None:
                self._error, self.state = None, "waiting"
                self._settled.clear()

    def renew(self) -> Value | None:
        """Lets go of what was made, and returns it; the next `get` makes it anew. A failure is forgotten, too.

        Whoever has it at hand may use it to the end. Waits for a loading that has begun.
        """
        with self._lock:
            value, self._value, self._error, self.state = self._value, None, None, "waiting"
            self.resting = False
            self._settled.clear()
        return value

    def rest(self, unused_since: float) -> bool:
        """Lets go of what was made unless it was asked for after that time; whether it did. The next `get` makes it
        anew. Whoever has it at hand may use it to the end."""
        with self._lock:
            if self.state != "ready" or self.used_at > unused_since:
                return False
            self._value, self.state, self.resting = None, "waiting", True
            self._settled.clear()
            return True

    def describe(self) -> Message:
        """One line for the page: "Language model: loading, 45 % of 491 MB, 12 s left"."""
        return say("{part}: {doing}", part=self.name, doing=self.doing())

    def doing(self) -> Message:
        """The same without its name."""
        match self.state:
            case "waiting":
                return say("waiting")
            case "loading":
                return in_words(self.progress)
            case "ready":
                return say("ready")
            case "failed":
                return message_of(self._error) if self._error is not None else NOTHING

    def _load(self) -> None:
        self.state, began = "loading", time.monotonic()
        try:
            self._value = self._make(self._report)
            self.state, self.resting = "ready", False
        except Exception as error:
            self._error, self.state = error, "failed"
            raise
        finally:
            self.seconds = time.monotonic() - began
            self._settled.set()

    def _try(self) -> None:
        with contextlib.suppress(Exception):  # kept, and raised to whoever calls `get`
            self.get()

    def _report(self, progress: Progress) -> None:
        self.progress = progress


def in_words(progress: Progress) -> Message:
    """ "fetching model.gguf, 45 % of 491 MB, 12 s left"; shorter where less is known."""
    doing, left = as_message(progress.what), progress.seconds_left
    size = f"{(progress.total_bytes or progress.done_bytes) / 1e6:.0f}"
    seconds = f"{left:.0f}" if left is not None else ""
    if progress.total_bytes:
        percent = 100 * progress.done_bytes // progress.total_bytes
        if left is None:
            return say("{doing}, {percent} % of {size} MB", doing=doing, percent=percent, size=size)
        return say(
            "{doing}, {percent} % of {size} MB, {seconds} s left",
            doing=doing,
            percent=percent,
            size=size,
            seconds=seconds,
        )
    if progress.done_bytes:
        if left is None:
            return say("{doing}, {size} MB", doing=doing, size=size)
        return say("{doing}, {size} MB, {seconds} s left", doing=doing, size=size, seconds=seconds)
    return doing if left is None else say("{doing}, {seconds} s left", doing=doing, seconds=seconds)


def load_in_background(
    lazies: Sequence[Lazy[Any]], loaded: Callable[[Lazy[Any]], None], failed: Callable[[Lazy[Any], Exception], None]
) -> threading.Thread:
    """Makes these in order on one thread of its own; a failure of one does not stop the next."""

    def work() -> None:
        for lazy in lazies:
            try:
                lazy.get()
            except Exception as error:  # noqa: BLE001 - told to `failed`, and raised again to whoever asks
                failed(lazy, error)
            else:
                loaded(lazy)

    thread = threading.Thread(target=work, name="load models", daemon=True)
    thread.start()
    return thread
