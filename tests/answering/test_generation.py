"""A model's words as they come: circles are cut, what ended at the longest answer is noted."""

import pytest

from assistant.answering.generation import abstains, circle
from assistant.settings.settings import Settings
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Delta, Done, Event
from assistant.values.parts import Text, Turn
from tests.support.fakes import make_assistant, saying

CUT = "The answer was cut off at the longest answer; ask it to go on, or raise the setting."


def run(says: str, answer_tokens: int = 400) -> list[Event]:
    assistant = make_assistant(saying({"": says}), settings=Settings(answer_tokens=answer_tokens))
    return list(assistant.answer(Turn((Text("Tell me something."),)), Conversation()))


def ended(events: list[Event]) -> Answer:
    done = events[-1]
    assert isinstance(done, Done), done
    return done.answer


@pytest.mark.parametrize(
    ("said", "once"),
    [
        ("The pump is old. " * 3, "The pump is old. "),
        ("It is so. " + "The pump is old. " * 3, "It is so. The pump is old. "),
        ("ha" * 30, "ha" * 13),
        ("我不知道。" * 8, "我不知道。"),
    ],
)
def test_words_that_follow_themselves_are_a_circle(said: str, once: str) -> None:
    assert said[: len(said) - circle(said)] == once


@pytest.mark.parametrize(
    "said",
    ["One, two, three, four, five.", "The pump is old. " * 2, "no no no", "-----", "1.00 | 1.00 | 1.00", "", " " * 200],
)
def test_what_is_said_twice_and_short_repetitions_are_none(said: str) -> None:
    assert circle(said) == 0


def test_a_model_that_goes_round_in_circles_is_stopped_and_says_it_once() -> None:
    events = run("Here it comes. " + "The pump is old and nobody knows why. " * 500, answer_tokens=4000)
    answer = ended(events)
    assert answer.text.count("nobody knows why") == 1
    assert answer.text.startswith("Here it comes. The pump is old")
    assert answer.received.answer_tokens < 100
    assert CUT not in answer.received.notes


def test_lists_of_like_lines_are_no_circle() -> None:
    listed = "\n".join(f"- Room {number} is painted and dry." for number in range(40))
    assert ended(run(listed)).text == listed


def test_an_answer_that_was_cut_off_is_noted() -> None:
    novel = " ".join(f"word{number}" for number in range(500))
    answer = ended(run(novel, answer_tokens=80))
    assert CUT in answer.received.notes
    assert novel.startswith(answer.text)
    assert CUT not in ended(run("A short answer.", answer_tokens=80)).received.notes


def test_the_words_stream_as_they_come() -> None:
    events = run("One word follows another.")
    assert "".join(event.text for event in events if isinstance(event, Delta)) == "One word follows another."
    assert sum(isinstance(event, Delta) for event in events) > 2


@pytest.mark.parametrize("said", ["NOT FOUND", "Not found.", "“NOT FOUND”", "NOT FOUND: it is not there"])
def test_an_abstention_is_known_however_it_is_written(said: str) -> None:
    assert abstains(said)
    assert not abstains(f"The word is {said}")
