"""Pace: how far each job is, and between two steps of the work whether it waits for somebody, or ends."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.ports.named_libraries import Job
from assistant.values.events import Step
from assistant.values.evidence import Document
from assistant.values.messages import NOTHING, Message, say
from retrieval.journal import Journal

_TICK = 0.05  # seconds between two looks whether somebody else still needs the processor


class Interrupted(Exception):
    """The job was paused or cancelled, or the program ends."""


@dataclass(frozen=True)
class JobStep:
    """What a job is at; see `JobProgress`."""

    doing: Message = NOTHING
    share: float = 0.0
    step: Step | Literal["filing", ""] = ""
    file: str = ""
    page: int = 0
    pages: int = 0


class JobPacing:
    """is_answering: whether a turn is being answered, which goes first. closed: set when the program ends."""

    def __init__(self, journal: Journal, is_answering: Callable[[], bool]) -> None:
        self._journal, self._is_answering = journal, is_answering
        self.closed = threading.Event()
        self._doing: dict[str, JobStep] = {}

    def now(self, job: Job) -> JobStep:
        return self._doing.get(job.id, JobStep())

    def forget(self, job: Job) -> None:
        self._doing.pop(job.id, None)

    def between(
        self,
        job: Job,
        doing: Message,
        file: str = "",
        document: Document | None = None,
        meanwhile: Callable[[], None] = lambda: None,
        step: Step | Literal["filing"] = "filing",
    ) -> Callable[[int, int], None]:
        """To be called between two steps with those done and their number. Raises Interrupted where the work ends.

        document: has been read, which is half of the work on a file. meanwhile: is done then, too.
        """

        def on_progress(done: int, total: int) -> None:
            self._doing[job.id] = _doing(doing, done / max(total, 1), step, file, document)
            while True:
                if self.closed.is_set() or not self._journal.is_running(job):
                    raise Interrupted
                meanwhile()
                if not self._is_answering():
                    return
                self.closed.wait(_TICK)

        return on_progress

    def in_quiet(self, done: int, total: int) -> None:  # noqa: ARG002 - called like what `between` gives
        """The same for work that belongs to no job. Raises Interrupted where the program ends."""
        while self._is_answering() and not self.closed.wait(_TICK):
            pass
        if self.closed.is_set():
            raise Interrupted


def _doing(
    doing: Message, share: float, step: Step | Literal["filing"], file: str, document: Document | None
) -> JobStep:
    if document is not None:
        pages = int(document.units) if document.medium == "text" and document.units > 1 else 0
        page = max(1, round(share * pages)) if pages else 0
        at = say("{doing}, page {page} of {pages}", doing=doing, page=page, pages=pages) if pages else doing
        return JobStep(at, (1 + share) / 2, step, file, page, pages)
    if said := _in_words(doing, "page", "pages"):
        page, pages = (int(number.replace(",", "")) for number in said)
        return JobStep(doing, min(page / max(pages, 1), 1.0) / 2, step, file, page, pages)
    if step == "listening" and (said := _in_words(doing, "at", "of")):
        heard, whole = map(_seconds, said)
        return JobStep(doing, min(heard / max(whole, 1), 1.0) / 2, step, file)
    return JobStep(doing, share, step, file)


def _in_words(doing: Message, done: str, whole: str) -> tuple[str, str] | None:
    """How far it is, where the sentence, or one within it, has these two values."""
    if done in doing.values and whole in doing.values:
        return str(doing.values[done]), str(doing.values[whole])
    inner = (_in_words(value, done, whole) for value in doing.values.values() if isinstance(value, Message))
    return next(filter(None, inner), None)


def _seconds(clock: str) -> int:
    """ "1:02:03" as seconds."""
    total = 0
    for part in clock.split(":"):
        total = 60 * total + int(part or 0)
    return total
