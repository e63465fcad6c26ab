"""Pace: how far each job is, and between two steps of the work whether it waits for somebody, or ends."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.ports.named_libraries import Job
from assistant.values.events import Step
from assistant.values.evidence import Document
from retrieval.journal import Journal

_TICK = 0.05  # seconds between two looks whether somebody else still needs the processor
_AT_TIME = re.compile(r", ([\d:]+) of ([\d:]+)$")  # the same of recordings
_AT_PAGE = re.compile(r"\bpage ([\d,]+) of ([\d,]+)\b")  # loaders say in words where they are


class Interrupted(Exception):
    """The job was paused or cancelled, or the program ends."""


@dataclass(frozen=True)
class Doing:
    """What a job is at; see `JobProgress`."""

    doing: str = ""
    share: float = 0.0
    step: Step | Literal["filing", ""] = ""
    file: str = ""
    page: int = 0
    pages: int = 0


class Pace:
    """busy: whether a turn is being answered, which goes first. closed: set when the program ends."""

    def __init__(self, journal: Journal, busy: Callable[[], bool]) -> None:
        self._journal, self._busy = journal, busy
        self.closed = threading.Event()
        self._doing: dict[str, Doing] = {}

    def now(self, job: Job) -> Doing:
        return self._doing.get(job.id, Doing())

    def forget(self, job: Job) -> None:
        self._doing.pop(job.id, None)

    def between(
        self,
        job: Job,
        doing: str,
        file: str = "",
        document: Document | None = None,
        meanwhile: Callable[[], None] = lambda: None,
        step: Step | Literal["filing"] = "filing",
    ) -> Callable[[int, int], None]:
        """To be called between two steps with those done and their number. Raises Interrupted where the work ends.

        document: has been read, which is half of the work on a file. meanwhile: is done then, too.
        """

        def told(done: int, total: int) -> None:
            self._doing[job.id] = _doing(doing, done / max(total, 1), step, file, document)
            while True:
                if self.closed.is_set() or not self._journal.is_running(job):
                    raise Interrupted
                meanwhile()
                if not self._busy():
                    return
                self.closed.wait(_TICK)

        return told

    def in_quiet(self, done: int, total: int) -> None:  # noqa: ARG002 - called like what `between` gives
        """The same for work that belongs to no job. Raises Interrupted where the program ends."""
        while self._busy() and not self.closed.wait(_TICK):
            pass
        if self.closed.is_set():
            raise Interrupted


def _doing(doing: str, share: float, step: Step | Literal["filing"], file: str, document: Document | None) -> Doing:
    if document is not None:
        pages = int(document.units) if document.medium == "text" and document.units > 1 else 0
        page = max(1, round(share * pages)) if pages else 0
        at = f", page {page} of {pages}" if pages else ""
        return Doing(doing + at, (1 + share) / 2, step, file, page, pages)
    if said := _AT_PAGE.search(doing):
        page, pages = (int(number.replace(",", "")) for number in said.groups())
        return Doing(doing, min(page / max(pages, 1), 1.0) / 2, step, file, page, pages)
    if step == "listening" and (said := _AT_TIME.search(doing)):
        heard, whole = (_seconds(clock) for clock in said.groups())
        return Doing(doing, min(heard / max(whole, 1), 1.0) / 2, step, file)
    return Doing(doing, share, step, file)


def _seconds(clock: str) -> int:
    """ "1:02:03" as seconds."""
    total = 0
    for part in clock.split(":"):
        total = 60 * total + int(part or 0)
    return total
