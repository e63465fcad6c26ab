"""The threads of a call: one that hears, one that speaks, and one for each answer. A test does all of it at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

Job = Callable[[], None]


class Workers(Protocol):
    def hear(self, job: Job) -> None:
        """After the hearings before it."""
        ...

    def speak(self, job: Job) -> None:
        """After what is spoken before it."""
        ...

    def answer(self, job: Job) -> None:
        """At once, beside those that are still coming to their end."""
        ...

    def close(self) -> None:
        """Nothing more is begun."""
        ...


class Threads:
    """Implements Workers. Models take seconds, and nothing that listens may wait for them."""

    def __init__(self) -> None:
        self._ears = ThreadPoolExecutor(1, "call hears")
        self._voice = ThreadPoolExecutor(1, "call speaks")

    def hear(self, job: Job) -> None:
        self._ears.submit(job)

    def speak(self, job: Job) -> None:
        self._voice.submit(job)

    def answer(self, job: Job) -> None:
        threading.Thread(target=job, name="call answers", daemon=True).start()

    def close(self) -> None:
        for pool in (self._ears, self._voice):
            pool.shutdown(wait=False, cancel_futures=True)
