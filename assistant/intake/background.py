"""Background: recordings and films that take long are taken in to their end, piece by piece, while answers go on.

What is still to be done stands in the library's ledger, with the pieces themselves: a restart finds it there, and a
kill loses the last piece at most. One that takes the program down with it, stretch for stretch, is known by name and
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
from assistant.models.lazy import Part
from assistant.ports.library import MOST_ATTEMPTS, Growing, Library
from assistant.values.errors import AssistantError, BadInput
from assistant.values.events import Status
from assistant.values.evidence import Document, Medium
from assistant.values.growing import Growth, Mark
from assistant.values.messages import NOTHING, Message, say

log = logging.getLogger(__name__)

Breathe = Callable[[], None]
GoOn = Callable[[Growing, Breathe], tuple[Medium, Iterator[Status | Growth]]]
UNEXPECTED = say("Something unexpected went wrong; the log has it whole.")
_TICK = 0.05  # seconds between two looks whether an answer still needs the processor
_LOOK = 0.5  # seconds between two looks whether the rest is still wanted
_PATIENCE = 10.0  # seconds that the end of the program waits for a step


@dataclass(frozen=True)
class Doing:
    """How far a recording is. share: of the work, 0 to 1. seconds_left: None while unknown. at, of: seconds of it.

    watching: its sound is done, and its pictures are looked at. trouble: why it does not go on, "" if nothing is wrong.
    """

    source_id: str
    name: str
    share: float
    at: float
    of: float
    watching: bool = False
    seconds_left: float | None = None
    trouble: Message = NOTHING


class _Ended(Exception):
    """The program ends, or nobody wants the rest any more."""


class Background:
    """One worker thread. Any thread may call it.

    go_on: what is left of a source, from its mark on; it gets what it is to call between small steps of its work, which
    waits while a turn is answered and raises where the work is to end. busy: whether one is.
    """

    def __init__(self, library: Part[Library], go_on: GoOn, busy: Callable[[], bool] = lambda: False) -> None:
        self._library, self._go_on, self._busy = library, go_on, busy
        self._wake, self._closed = threading.Event(), threading.Event()
        self._starting = threading.Lock()
        self._worker: threading.Thread | None = None
        self._trouble: dict[tuple[str, str], Message] = {}
        self._notes: dict[tuple[str, str], tuple[Message, ...]] = {}
        self._pace: dict[tuple[str, str], tuple[float, float]] = {}  # when this run began with it, and at which share
        self._hurried: Counter[tuple[str, str]] = Counter()  # by how many answers
        self._at: Growing | None = None  # what the worker has begun with
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

    def doing(self, scopes: str | Sequence[str]) -> tuple[Doing, ...]:
        """What of these scopes is not whole yet. Nothing is waited for."""
        if self._library.state != "ready":
            return ()
        return tuple(self._told(each) for each in self._library.get().growing(scopes))

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

    def _told(self, growing: Growing) -> Doing:
        key, mark = (growing.scope, growing.source_id), _mark(growing)
        share = _share(mark)
        began, at_first = self._pace.get(key, (0.0, 0.0))
        done = share - at_first
        left = (time.monotonic() - began) * (1 - share) / done if began and done > 0 else None
        watching = bool(mark.seen) or 0 < mark.seconds <= mark.heard + 1
        at = mark.seen if watching else mark.heard
        trouble = self._trouble.get(key, NOTHING)
        return Doing(growing.source_id, growing.name, share, at, mark.seconds, watching, left, trouble)

    def _work(self) -> None:
        while not self._closed.is_set():
            self._wake.clear()
            try:
                waiting = [
                    each for each in self._library.get().growing() if (each.scope, each.source_id) not in self._trouble
                ]
            except AssistantError:
                log.exception("What is still to be taken in could not be read")
                waiting = []
            if not waiting:
                self._wake.wait()
                continue
            self._grow(min(waiting, key=self._turn))

    def _turn(self, growing: Growing) -> tuple[bool, bool]:
        """What an answer waits for comes first, and what is said before what is seen."""
        return (growing.scope, growing.source_id) not in self._in_a_hurry(), bool(_mark(growing).seen)

    def _grow(self, growing: Growing) -> None:
        """To its end, or until something else is to be heard first."""
        key = (growing.scope, growing.source_id)
        if growing.begun >= MOST_ATTEMPTS:
            log.error(
                "%s was being taken in at %s unexpected ends of the program; it is left.", growing.name, growing.begun
            )
            self._trouble[key] = _set_aside(growing.name)
            return
        self._pace[key] = time.monotonic(), _share(_mark(growing))
        try:
            looked = time.monotonic()

            def breathe() -> None:
                nonlocal looked
                self._wait_for_answers(key)
                if time.monotonic() - looked > _LOOK:
                    looked = time.monotonic()
                    if not self._grows(key):
                        raise _Ended

            self._begin(growing)
            medium, steps = self._go_on(growing, breathe)
            for step in steps:
                breathe()
                if isinstance(step, Growth):
                    if not self._take(growing, medium, step):
                        break
                    self._begin(replace(growing, begun=0))  # it has got further than what came before it
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

    def _begin(self, growing: Growing) -> None:
        """Written down before anything looks at the next stretch; left in order, whyever, it was no attempt."""
        self._at = growing
        self._count_attempt(not self._closed.is_set())

    def _count_attempt(self, counts: bool) -> None:
        """Whether the end of the program would now be put down to what the worker is at."""
        with suppress(AssistantError), self._counting:
            if (at := self._at) is not None:
                self._library.get().note_attempts(at.scope, at.source_id, at.begun + counts)

    def _grows(self, key: tuple[str, str]) -> bool:
        return any((each.scope, each.source_id) == key for each in self._library.get().growing(key[0]))

    def _wait_for_answers(self, key: tuple[str, str]) -> None:
        while not self._closed.is_set():
            hurried = self._in_a_hurry()
            if key in hurried:
                return
            if any(each not in self._trouble and self._grows(each) for each in hurried):
                raise _Ended  # that one first; this goes on from its last stretch
            if not self._busy():
                return
            self._closed.wait(_TICK)
        raise _Ended

    def _in_a_hurry(self) -> list[tuple[str, str]]:
        with self._starting:
            return [key for key, answers in self._hurried.items() if answers > 0]

    def _take(self, growing: Growing, medium: Medium, step: Growth) -> bool:
        """Files what came; whether to go on with this source."""
        document = Document(
            growing.source_id,
            growing.name,
            medium,
            step.passages,
            figures=step.figures,
            rest=step.mark.to_json(),
            facts=heard_in(step, growing.source_id, growing.name, medium),
        )
        key = (growing.scope, growing.source_id)
        if step.notes:
            self._notes[key] = step.notes
        if self._library.get().extend(document, growing.scope):
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


def _mark(growing: Growing) -> Mark:
    try:
        return Mark.from_json(growing.rest)
    except (ValueError, TypeError):  # of another version
        return Mark()


def _share(mark: Mark) -> float:
    if not mark.seconds:
        return 0.0
    heard, seen = min(1.0, mark.heard / mark.seconds), min(1.0, mark.seen / mark.seconds)
    return (heard + seen) / 2 if mark.film else heard
