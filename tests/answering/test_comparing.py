"""Comparing: what each of the files says is shown, also where a small model speaks of one alone."""

from pathlib import Path

import pytest

from assistant.settings.settings import Settings
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import KindsByWord, make_assistant, saying

QUESTION = "Do both letters name the same day for the launch?"


@pytest.fixture
def letters(tmp_path: Path) -> list[Attachment]:
    texts = {"first.txt": "The launch is set for 12 June.", "second.txt": "We moved the launch to 18 June."}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [Attachment(tmp_path / name, name) for name in texts]


def compared(says: str, *files: Attachment, small: bool = True) -> Answer:
    kinds = KindsByWord({"both": "compare"})
    assistant = make_assistant(saying({"": says}, small=small), classifier=kinds, settings=Settings())
    done = list(assistant.answer(Turn((Text(QUESTION), *files)), Conversation()))[-1]
    assert isinstance(done, Done), done
    return done.answer


def test_the_file_that_a_small_model_does_not_speak_of_is_shown_beside_it(letters: list[Attachment]) -> None:
    answer = compared("The launch is set for 12 June.", *letters)
    assert answer.text == (
        "The launch is set for 12 June.[1]\n\n- second.txt says: “We moved the launch to 18 June.”[2]"
    )
    assert [one.source for one in answer.citations] == ["first.txt", "second.txt"]


def test_a_mere_verdict_that_nothing_supports_gives_way_to_what_both_say(letters: list[Attachment]) -> None:
    answer = compared("Yes, both letters name the same day for the launch.", *letters)
    assert answer.text == (
        "- first.txt says: “The launch is set for 12 June.”[1]\n- second.txt says: “We moved the launch to 18 June.”[2]"
    )
    assert not answer.unsupported


def test_where_both_are_spoken_of_nothing_is_added(letters: list[Attachment]) -> None:
    said = "No: first.txt says 12 June, second.txt moved it to 18 June."
    answer = compared(said, *letters)
    assert {one.source for one in answer.citations} == {"first.txt", "second.txt"}
    assert "- " not in answer.text


def test_a_larger_model_is_left_to_say_it(letters: list[Attachment]) -> None:
    assert compared("The launch is set for 12 June.", *letters, small=False).text == "The launch is set for 12 June.[1]"
