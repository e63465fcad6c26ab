"""Who is answered next where many ask at once: owner after owner, each in turn, however much one of them asks."""

import threading
from collections import Counter, deque
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.values.errors import BadInput
from assistant.values.events import Status
from assistant.values.messages import say

_LOOK = 0.5  # seconds between two looks whether the person has stopped it


@dataclass(frozen=True)
class QueueLimits:
    """How many answers may be made and may wait at once."""

    at_once: int = 16
    """Answers in the making, altogether."""
    each: int = 3
    """Answers in the making, of one owner."""
    asked: int = 100
    """Answers in the making or waiting, altogether."""
    asked_each: int = 8
    """Answers in the making or waiting, of one owner."""


@dataclass(eq=False)
class _Ticket:
    owner: str
    begun: bool = False


class FairQueue:
    def __init__(self, limits: QueueLimits = QueueLimits()) -> None:
        self._limits = limits
        self._waiting: dict[str, deque[_Ticket]] = {}  # owners in the order in which it is their turn
        self._answering: Counter[str] = Counter()
        self._changed = threading.Condition()

    def asked(self, owner: str) -> int:
        """How many answers of this owner are being made, or wait."""
        return len(self._waiting.get(owner, ())) + self._answering[owner]

    def check(self, owner: str) -> None:
        """Raises BadInput where this owner, or everybody together, has asked for as much as there may be."""
        with self._changed:
            mine = self.asked(owner)
            if mine >= self._limits.asked_each:
                raise BadInput(
                    say(
                        "{count} answers are being made for you already. Wait until one of them has ended, or stop "
                        "one.",
                        count=mine,
                    )
                )
            if sum(map(len, self._waiting.values())) + self._answering.total() >= self._limits.asked:
                raise BadInput(say("Too many people are asking just now. Try again in a minute."))

    @contextmanager
    def place(self, owner: str) -> "Generator[_Ticket]":
        """A place in the queue, and then among those that are answered. `wait` until it is one of those."""
        ticket = _Ticket(owner)
        with self._changed:
            self._waiting.setdefault(owner, deque()).append(ticket)
            self._call_up()
        try:
            yield ticket
        finally:
            with self._changed:
                if ticket.begun:
                    self._answering[owner] -= 1
                    self._answering += Counter()  # those with none are forgotten
                else:
                    self._forget(ticket)
                self._call_up()

    def wait(self, ticket: _Ticket, stop: threading.Event) -> Generator[Status]:
        """Until it is this one's turn, or it was stopped."""
        while not stop.is_set():
            with self._changed:
                if self._changed.wait_for(lambda: ticket.begun, 0 if ticket.begun else _LOOK):
                    return
            yield Status("answering", say("Waiting until it is your turn"))

    def _call_up(self) -> None:
        """Gives what is free to the owners whose turn it is; each goes to the end of the line with that."""
        called = True
        while called and self._answering.total() < self._limits.at_once:
            called = False
            for owner, tickets in list(self._waiting.items()):
                if self._answering[owner] < self._limits.each:
                    tickets[0].begun = called = True
                    self._answering[owner] += 1
                    self._forget(tickets[0])
                    if owner in self._waiting:
                        self._waiting[owner] = self._waiting.pop(owner)
                    break
        self._changed.notify_all()

    def _forget(self, ticket: _Ticket) -> None:
        tickets = self._waiting[ticket.owner]
        tickets.remove(ticket)
        if not tickets:
            del self._waiting[ticket.owner]
