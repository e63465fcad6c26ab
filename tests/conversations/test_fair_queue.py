"""Where many ask at once, nobody waits for all that another has asked."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.conversations.conversations import Conversations
from assistant.conversations.fair_queue import FairQueue
from assistant.settings.settings import Settings
from assistant.values.conversation import Conversation, Exchange
from assistant.values.errors import BadInput
from assistant.values.events import Answer, Done, Event, Status
from assistant.values.limits import VisitorShares
from assistant.values.messages import say
from assistant.values.parts import Text, Turn
from tests.support.kept_answers import history_in

WAITING = Status("answering", say("Waiting until it is your turn"))


class Held:
    """Stands where the assistant would: slow answers come when they are stopped, others at once."""

    library = SimpleNamespace(state="ready")
    background = None
    settings = Settings()

    def answer(self, turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        if turn.text == "slow":
            while not stop.wait(0.02):
                yield Status("answering", say("Answering"))
        conversation.exchanges.append(Exchange(turn.text, "Yes."))
        yield Done(Answer("Yes."))


@pytest.fixture
def queue() -> FairQueue:
    return FairQueue()


@pytest.fixture
def conversations(tmp_path: Path, queue: FairQueue) -> Iterator[Conversations]:
    history = history_in(tmp_path)
    yield Conversations(history, Held(), history.originals, queue=queue)  # type: ignore[arg-type]
    history.close()


def ask(
    conversations: Conversations, owner: str, text: str, address: str = ""
) -> tuple[threading.Event, Iterator[Event]]:
    stop = threading.Event()
    made = conversations.history.make(owner).id
    return stop, conversations.ask(owner, made, Turn((Text(text),)), "", stop, address)[1]


def in_a_thread(events: Iterator[Event], queue: FairQueue, owner: str) -> threading.Thread:
    """Asks for all events, as the page does; it has its place in the queue once this returns."""
    before = queue.asked(owner)
    thread = threading.Thread(target=lambda: [*events])
    thread.start()
    for _ in range(500):
        if queue.asked(owner) > before:
            return thread
        time.sleep(0.01)
    raise AssertionError("it never came into the queue")


def test_twenty_slow_answers_of_one_visitor_hold_up_nobody_else(conversations: Conversations, queue: FairQueue) -> None:
    begun = []
    for _ in range(8):
        stop, events = ask(conversations, "greedy", "slow")
        begun.append((stop, in_a_thread(events, queue, "greedy")))
    for _ in range(12):
        with pytest.raises(BadInput, match="8 answers are being made for you already"):
            ask(conversations, "greedy", "slow")
    for other in ("one", "two"):
        *before, last = ask(conversations, other, "quick")[1]
        assert isinstance(last, Done)
        assert WAITING not in before
    assert queue.asked("greedy") == 8
    for stop, thread in begun:
        stop.set()
        thread.join(5)
    assert queue.asked("greedy") == 0


def test_each_owner_in_turn_is_called_up() -> None:
    queue = FairQueue(VisitorShares(at_once=1, each=1, asked_each=20))
    seen: list[str] = []

    def live(owner: str, entered: threading.Event) -> None:
        with queue.place(owner) as place:
            entered.set()
            assert not [*queue.wait(place, threading.Event())] or place.begun
            seen.append(owner)

    with queue.place("first"):  # while all others come
        threads = []
        for owner in ("greedy", "greedy", "greedy", "one", "two"):
            entered = threading.Event()
            threads.append(threading.Thread(target=live, args=(owner, entered)))
            threads[-1].start()
            entered.wait(5)
    for thread in threads:
        thread.join(5)
    assert seen == ["greedy", "one", "two", "greedy", "greedy"]


def test_a_hundred_cookies_of_one_address_take_no_others_place(conversations: Conversations, queue: FairQueue) -> None:
    """A cookie is free: whoever clears his is another owner each time."""
    begun = []
    for number in range(50):
        owner = f"browser:{number}"
        stop, events = ask(conversations, owner, "slow", "203.0.113.7")
        begun.append((stop, in_a_thread(events, queue, owner)))
    with pytest.raises(BadInput, match="Too many people are asking from your network just now"):
        ask(conversations, "browser:one-more", "slow", "203.0.113.7")
    *before, last = ask(conversations, "browser:somebody", "quick", "198.51.100.1")[1]
    assert isinstance(last, Done)
    assert WAITING not in before
    for stop, thread in begun:
        stop.set()
        thread.join(5)


def test_addresses_take_turns_and_so_do_the_owners_of_each() -> None:
    queue = FairQueue(VisitorShares(at_once=1, each=1, asked_each=20))
    seen: list[str] = []

    def live(owner: str, address: str, entered: threading.Event) -> None:
        with queue.place(owner, address) as place:
            entered.set()
            assert not [*queue.wait(place, threading.Event())] or place.begun
            seen.append(owner)

    asking = ["a1 A", "a1 A", "a2 A", "a3 A", "b1 B", "b1 B", "c "]
    threads = []
    with queue.place("first"):  # while all others come
        for owner, address in (one.split(" ") for one in asking):
            entered = threading.Event()
            threads.append(threading.Thread(target=live, args=(owner, address, entered)))
            threads[-1].start()
            entered.wait(5)
    for thread in threads:
        thread.join(5)
    assert seen == ["a1", "b1", "c", "a2", "b1", "a3", "a1"]


def test_who_waits_is_told_and_can_stop(conversations: Conversations) -> None:
    running = [ask(conversations, "greedy", "slow")[1] for _ in range(3)]
    for events in running:
        next(events)
    stop, waiting = ask(conversations, "greedy", "slow")
    assert next(waiting) == WAITING
    stop.set()
    assert [*waiting] == []
    assert conversations.history.turns("greedy", conversations.history.list("greedy")[0].id)[0].state == "stopped"
    running[0].close()  # type: ignore[attr-defined]
    *_, last = ask(conversations, "greedy", "quick")[1]
    assert isinstance(last, Done)


def test_a_place_is_given_back_however_an_answer_ends() -> None:
    queue = FairQueue(VisitorShares(at_once=1, each=1, asked=2, asked_each=1))
    with pytest.raises(ValueError, match="wrong"), queue.place("me"):
        raise ValueError("wrong")
    with queue.place("me"), pytest.raises(BadInput, match="1 answers are being made"):
        queue.check("me")
    with queue.place("me"), queue.place("you") as waiting:
        assert not waiting.begun
        with pytest.raises(BadInput, match="Too many people"):
            queue.check("they")
    queue.check("they")
    state: dict[str, Any] = vars(queue)
    assert not state["_waiting"]
    assert not state["_answering"]
