"""Background: recordings and films that take long are taken in to their end, piece by piece, while answers go on.

What is still to be done stands in the library's SQLite store, with the pieces themselves: a restart finds it there, and
a kill loses the last piece at most. One that takes the program down with it, stretch for stretch, is known by name and
not begun with at every start. Knows nothing of formats: how a recording is gone on with is handed in.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from assistant.intake.facts import heard_in
from assistant.models.lazy import Lazy
from assistant.ports.library import MOST_ATTEMPTS, Library, PartialSource
from assistant.values.errors import AssistantError, BadInput
from assistant.values.events import Status
from assistant.values.evidence import Document, Medium
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.messages import NOTHING, Message, say

log = logging.getLogger(__name__)

Breathe = Callable[[], None]
GoOn = Callable[[PartialSource, Breathe], tuple[Medium, Iterator[Status | IngestBatch]]]
UNEXPECTED = say("Something unexpected went wrong; the log has it whole.")
_TICK = 0.05  # seconds between two looks whether an answer still needs the processor
_LOOK = 0.5  # seconds between two looks whether the rest is still wanted
_PATIENCE = 10.0  # seconds that the end of the program waits for a step


@dataclass(frozen=True)
class RecordingProgress:
    """How far a recording is taken in."""

    source_id: str
    name: str
    share: float
    """How much of the work is done, 0 to 1."""
    at: float
    """The second of the recording that was reached."""
    of: float
    """The length of the recording in seconds."""
    watching: bool = False
    """Whether its sound is done and its pictures are looked at."""
    seconds_left: float | None = None
    """None while it is unknown."""
    trouble: Message = NOTHING
    """Why it does not go on; "" if nothing is wrong."""


class _Ended(Exception):
    """The program ends, or nobody wants the rest any more."""


class Background:
    """One worker thread. Any thread may call it.

    go_on: what is left of a source, from its cursor on; it gets what it is to call between small steps of its work,
    which waits while a turn is answered and raises where the work is to end. is_answering: whether one is.
    """

    def __init__(self, library: Lazy[Library], go_on: GoOn, is_answering: Callable[[], bool] = lambda: False) -> None:
        self._library, self._go_on, self._is_answering = library, go_on, is_answering
        self._wake, self._closed = threading.Event(), threading.Event()
        self._starting = threading.Lock()
        self._worker: threading.Thread | None = None
        self._trouble: dict[tuple[str, str], Message] = {}
        self._notes: dict[tuple[str, str], tuple[Message, ...]] = {}
        self._pace: dict[tuple[str, str], tuple[float, float]] = {}  # when this run began with it, and at which share
        self._hurried: Counter[tuple[str, str]] = Counter()  # by how many answers
        self._at: PartialSource | None = None  # what the worker has begun with
        self._counting = threading.Lock()

    def wake(self) -> None:
        """Goes on with everything that is not whole. To be called once the library is open, and when something came."""
        with self._starting:
            if self._worker is None and not self._closed.is_set():
                self._worker = threading.Thread(target=self._work, name="take in recordings", daemon=True)
                self._worker.start()
        self._wake.set()

    @contextmanager
    def hurry(self, scope: str, source_id: str) -> Iterator[None]:
        """Inside this the source is gone on with before all others, even while a turn is answered: the answer waits
        for it. What failed is tried once more."""
        key = (scope, source_id)
        self._trouble.pop(key, None)
        with self._starting:
            self._hurried[key] += 1
        self.wake()
        try:
            yield
        finally:
            with self._starting:
                self._hurried[key] -= 1

    def doing(self, scopes: str | Sequence[str]) -> tuple[RecordingProgress, ...]:
        """What of these scopes is not whole yet. Nothing is waited for."""
        if self._library.state != "ready":
            return ()
        return tuple(self._told(each) for each in self._library.get().partial_sources(scopes))

    def notes(self, scope: str) -> tuple[Message, ...]:
        """What the person should know about how this scope's recordings were taken in, in this run of the program."""
        return tuple(note for (whose, _), notes in list(self._notes.items()) if whose == scope for note in notes)

    def leave(self, scope: str, source_id: str) -> None:
        """The rest of this source is not taken in any more; what is there stays."""
        if self._library.state == "ready":
            self._library.get().extend(Document(source_id, "", "audio", ()), scope)

    def close(self) -> None:
        """Ends after the step it is at; the next run goes on from there.

        Who is impatient and ends the program meanwhile does not end it over a recording, unless it is stuck there.
        """
        self._closed.set()
        self._wake.set()
        if self._worker is not None:
            self._count_attempt(False)
            self._worker.join(_PATIENCE)
            if self._worker.is_alive():
                self._count_attempt(True)

    def _told(self, partial: PartialSource) -> RecordingProgress:
        key, cursor = (partial.scope, partial.source_id), _cursor(partial)
        share = _share(cursor)
        began, at_first = self._pace.get(key, (0.0, 0.0))
        done = share - at_first
        left = (time.monotonic() - began) * (1 - share) / done if began and done > 0 else None
        watching = bool(cursor.seen) or 0 < cursor.seconds <= cursor.heard + 1
        at = cursor.seen if watching else cursor.heard
        trouble = self._trouble.get(key, NOTHING)
        return RecordingProgress(partial.source_id, partial.name, share, at, cursor.seconds, watching, left, trouble)

    def _work(self) -> None:
        while not self._closed.is_set():
            self._wake.clear()
            try:
                waiting = [
                    each
                    for each in self._library.get().partial_sources()
                    if (each.scope, each.source_id) not in self._trouble
                ]
            except AssistantError:
                log.exception("What is still to be taken in could not be read")
                waiting = []
            if not waiting:
                self._wake.wait()
                continue
            self._grow(min(waiting, key=self._turn))

    def _turn(self, partial: PartialSource) -> tuple[bool, bool]:
        """What an answer waits for comes first, and what is said before what is seen."""
        return (partial.scope, partial.source_id) not in self._in_a_hurry(), bool(_cursor(partial).seen)

    def _grow(self, partial: PartialSource) -> None:
        """To its end, or until something else is to be heard first."""
        key = (partial.scope, partial.source_id)
        if partial.begun >= MOST_ATTEMPTS:
            log.error(
                "%s was being taken in at %s unexpected ends of the program; it is left.", partial.name, partial.begun
            )
            self._trouble[key] = _set_aside(partial.name)
            return
        self._pace[key] = time.monotonic(), _share(_cursor(partial))
        try:
            looked = time.monotonic()

            def breathe() -> None:
                nonlocal looked
                self._wait_for_answers(key)
                if time.monotonic() - looked > _LOOK:
                    looked = time.monotonic()
                    if not self._grows(key):
                        raise _Ended

            self._begin(partial)
            medium, steps = self._go_on(partial, breathe)
            for step in steps:
                breathe()
                if isinstance(step, IngestBatch):
                    if not self._take(partial, medium, step):
                        break
                    self._begin(replace(partial, begun=0))  # it has got further than what came before it
        except _Ended:
            pass
        except BadInput as error:  # of this file; what is there of it stays
            log.warning("A recording could not be taken in to its end: %s", error)
            self.leave(*key)
        except AssistantError as error:
            self._trouble[key] = error.message
        except Exception:
            log.exception("A recording could not be taken in")
            self._trouble[key] = UNEXPECTED
        finally:
            self._pace.pop(key, None)
            self._count_attempt(False)
            self._at = None

    def _begin(self, partial: PartialSource) -> None:
        """Written down before anything looks at the next stretch; left in order, whyever, it was no attempt."""
        self._at = partial
        self._count_attempt(not self._closed.is_set())

    def _count_attempt(self, counts: bool) -> None:
        """Whether the end of the program would now be put down to what the worker is at."""
        with suppress(AssistantError), self._counting:
            if (at := self._at) is not None:
                self._library.get().note_attempts(at.scope, at.source_id, at.begun + counts)

    def _grows(self, key: tuple[str, str]) -> bool:
        return any((each.scope, each.source_id) == key for each in self._library.get().partial_sources(key[0]))

    def _wait_for_answers(self, key: tuple[str, str]) -> None:
        while not self._closed.is_set():
            hurried = self._in_a_hurry()
            if key in hurried:
                return
            if any(each not in self._trouble and self._grows(each) for each in hurried):
                raise _Ended  # that one first; this goes on from its last stretch
            if not self._is_answering():
                return
            self._closed.wait(_TICK)
        raise _Ended

    def _in_a_hurry(self) -> list[tuple[str, str]]:
        with self._starting:
            return [key for key, answers in self._hurried.items() if answers > 0]

    def _take(self, partial: PartialSource, medium: Medium, step: IngestBatch) -> bool:
        """Files what came; whether to go on with this source."""
        document = Document(
            partial.source_id,
            partial.name,
            medium,
            step.passages,
            figures=step.figures,
            resume_state=step.cursor.to_json(),
            facts=heard_in(step, partial.source_id, partial.name, medium),
        )
        key = (partial.scope, partial.source_id)
        if step.notes:
            self._notes[key] = step.notes
        if self._library.get().extend(document, partial.scope):
            return True
        if self._grows(key):
            self._trouble[key] = UNEXPECTED  # it waits to be brought into another model's space
        return False


def _set_aside(name: str) -> Message:
    return say(
        "{name} was being taken in twice when Medley stopped unexpectedly, so the rest of it is left; what was read "
        "is kept.",
        name=name,
    )


def _cursor(partial: PartialSource) -> Cursor:
    try:
        return Cursor.from_json(partial.resume_state)
    except (ValueError, TypeError):  # of another version
        return Cursor()


def _share(cursor: Cursor) -> float:
    if not cursor.seconds:
        return 0.0
    heard, seen = min(1.0, cursor.heard / cursor.seconds), min(1.0, cursor.seen / cursor.seconds)
    return (heard + seen) / 2 if cursor.film else heard
