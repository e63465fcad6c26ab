"""Heavy parts, made once in the background."""

import threading

import pytest

from assistant.models.lazy import Lazy, in_words, load_in_background
from assistant.values.errors import EngineError
from assistant.values.events import Progress
from assistant.values.messages import as_message


def test_a_part_is_made_once_however_many_ask():
    made = []
    part = Lazy(as_message("Model"), lambda _: made.append(1) or "model")
    threads = [threading.Thread(target=part.get) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert part.get() == "model"
    assert len(made) == 1


def test_a_part_may_be_nothing():
    part = Lazy(as_message("Vision model"), lambda _: None)
    assert part.get() is None
    assert part.get() is None
    assert part.state == "ready"


def test_a_failure_is_told_to_everyone_until_it_is_tried_again():
    tries = []

    def make(_):
        tries.append(1)
        if len(tries) == 1:
            raise EngineError("no room")
        return "model"

    part = Lazy(as_message("Model"), make)
    for _ in range(2):
        with pytest.raises(EngineError, match="no room"):
            part.get()
    assert part.describe() == "Model: no room"
    part.retry()
    assert part.get() == "model"


def test_waiting_starts_the_loading_and_ends_with_it():
    go = threading.Event()
    part = Lazy(as_message("Model"), lambda _: go.wait(10) and "model")
    assert not part.wait(0.05)
    assert part.state == "loading"
    go.set()
    assert part.wait(5)
    assert part.get() == "model"


def test_one_failure_does_not_stop_the_others():
    def fail(_):
        raise EngineError("gone")

    told = []
    bad, good = Lazy(as_message("A"), fail), Lazy(as_message("B"), lambda _: 1)
    load_in_background(
        [bad, good],
        lambda part: told.append((part.name, "loaded")),
        lambda part, error: told.append((part.name, str(error))),
    ).join(5)
    assert told == [("A", "gone"), ("B", "loaded")]


def test_progress_is_said_in_words():
    part = Lazy(as_message("Model"), lambda report: report(Progress(as_message("fetching"), 50, 200, 12.4)))
    part.get()
    assert in_words(part.progress) == "fetching, 25 % of 0 MB, 12 s left"
    assert in_words(Progress(as_message("loading"))) == "loading"
