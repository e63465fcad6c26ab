"""Who is answered next where many ask at once: address after address, of one address owner after owner, each in turn.

An owner is as cheap as a cookie, and an address is not: so however much one of them asks, and as however many visitors,
nobody else waits for all of it.
"""

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.values.errors import Crowded
from assistant.values.events import Status
from assistant.values.limits import VisitorShares
from assistant.values.messages import say

_SHARES = VisitorShares()
_LOOK = 0.5  # seconds between two looks whether the person has stopped it


@dataclass(eq=False)
class _Ticket:
    """address: the owner, where that is not counted."""

    owner: str
    address: str
    begun: bool = False


class FairQueue:
    """address: of the network that the owner asks from; "" where that says nothing."""

    def __init__(self, shares: VisitorShares = _SHARES) -> None:
        self._shares = shares
        self._waiting: list[_Ticket] = []
        self._answering: list[_Ticket] = []
        self._turns: dict[str, int] = {}  # of owners and addresses that wait: who has the least is the next
        self._turn = 0
        self._changed = threading.Condition()

    def lengths(self) -> tuple[int, int]:
        """How many wait, and how many answers are being made."""
        return len(self._waiting), len(self._answering)

    def asked(self, owner: str) -> int:
        """How many answers of this owner are being made, or wait."""
        return _of_owner(owner, [*self._waiting, *self._answering])

    def check(self, owner: str, address: str = "") -> None:
        """Raises Crowded where this owner, this address, or everybody together, has asked for as much as may be."""
        with self._changed:
            everything = [*self._waiting, *self._answering]
            mine = _of_owner(owner, everything)
            if mine >= self._shares.asked_each:
                raise Crowded(
                    say(
                        "{count} answers are being made for you already. Wait until one of them has ended, or stop "
                        "one.",
                        count=mine,
                    )
                )
            if address and _at_address(address, everything) >= self._shares.asked_address:
                raise Crowded(say("Too many people are asking from your network just now. Try again in a minute."))
            if len(everything) >= self._shares.asked:
                raise Crowded(say("Too many people are asking just now. Try again in a minute."))

    @contextmanager
    def place(self, owner: str, address: str = "", checked: bool = True) -> "Generator[_Ticket]":
        """A place in the queue, and then among those that are answered. `wait` until it is one of those.

        checked False: it is looked now whether there is one, see `check`.
        """
        ticket = _Ticket(owner, address or owner)
        with self._changed:
            if not checked:
                self.check(owner, address)
            self._waiting.append(ticket)
            for key in (ticket.owner, ticket.address):
                self._turns.setdefault(key, self._next())
            self._call_up()
        try:
            yield ticket
        finally:
            with self._changed:
                (self._answering if ticket.begun else self._waiting).remove(ticket)
                self._call_up()

    def wait(self, ticket: _Ticket, stop: threading.Event) -> Generator[Status]:
        """Until it is this one's turn, or it was stopped."""
        while not stop.is_set():
            with self._changed:
                if self._changed.wait_for(lambda: ticket.begun, 0 if ticket.begun else _LOOK):
                    return
            yield Status("answering", say("Waiting until it is your turn"))

    def _call_up(self) -> None:
        """Gives what is free to those whose turn it is; each goes to the end of the line with that."""
        while (ticket := self._first()) is not None:
            ticket.begun = True
            self._waiting.remove(ticket)
            self._answering.append(ticket)
            self._turns.update({ticket.owner: self._next(), ticket.address: self._next()})
        waiting = {key for ticket in self._waiting for key in (ticket.owner, ticket.address)}
        self._turns = {key: turn for key, turn in self._turns.items() if key in waiting}
        self._changed.notify_all()

    def _first(self) -> _Ticket | None:
        shares, answering = self._shares, self._answering
        may = [
            ticket
            for ticket in self._waiting
            if _of_owner(ticket.owner, answering) < shares.each
            and _at_address(ticket.address, answering) < shares.address
        ]
        if not may or len(answering) >= shares.at_once:
            return None
        return min(may, key=lambda ticket: (self._turns[ticket.address], self._turns[ticket.owner]))

    def _next(self) -> int:
        self._turn += 1
        return self._turn


def _of_owner(owner: str, tickets: Sequence[_Ticket]) -> int:
    return sum(ticket.owner == owner for ticket in tickets)


def _at_address(address: str, tickets: Sequence[_Ticket]) -> int:
    return sum(ticket.address == address for ticket in tickets)
