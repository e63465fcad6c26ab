"""MemoryBudget: what was loaded and not used for a while is let go of, the longest unused first, once the program holds
more memory than it should. It loads again when it is needed. Knows nothing of what the parts are.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from assistant.models import freed_memory
from assistant.models.lazy import Lazy

UNUSED_SECONDS = 120.0  # less, and a part would be loaded again and again in one conversation
LOOK_SECONDS = 20.0
_LOG = logging.getLogger(__name__)


class MemoryBudget:
    """`look` keeps to it once; `watch` goes on until `close`."""

    def __init__(
        self,
        parts: Sequence[Lazy[Any]],
        bytes_allowed: int,
        held: Callable[[], int] | None = None,
        unused_seconds: float = UNUSED_SECONDS,
    ) -> None:
        """parts: those that may be let go of. bytes_allowed 0: nothing ever is. held: how many bytes the program
        holds; None: those of this process that no file holds as well."""
        self._parts = tuple(parts)
        self._allowed = bytes_allowed
        self._held = held or own_bytes
        self._unused_seconds = unused_seconds
        self._closed = threading.Event()

    def watch(self) -> None:
        """On a thread of its own."""
        threading.Thread(target=self._watch, name="memory budget", daemon=True).start()

    def close(self) -> None:
        self._closed.set()

    def look(self) -> tuple[Lazy[Any], ...]:
        """Lets go of what it must; those parts. What was merely freed is given back to the system first."""
        rested: list[Lazy[Any]] = []
        if not self._allowed or self._held() <= self._allowed:
            return ()
        freed_memory.give_back()
        for part in sorted(self._parts, key=lambda part: part.used_at):
            if self._held() <= self._allowed:
                break
            if part.rest(unused_since=time.monotonic() - self._unused_seconds):
                gc.collect()  # parts of a model know one another
                freed_memory.give_back()
                rested.append(part)
        return tuple(rested)

    def _watch(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            for part in self.look():
                _LOG.info("%s was not used for a while and is let go of.", part.name)


def own_bytes() -> int:
    """What this process holds that the system cannot take back: without the pages of files that are mapped."""
    import psutil

    memory = psutil.Process().memory_info()
    return int(memory.rss - getattr(memory, "shared", 0))  # Linux alone tells them apart
