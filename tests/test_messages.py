"""Messages: English sentences that know of what they were made, kept and sent without losing that."""

import copy
import json
import pickle
from dataclasses import asdict

import pytest

from assistant.values.answer_json import from_json, printed, to_json
from assistant.values.errors import BadInput, Locked
from assistant.values.events import Answer, Received
from assistant.values.messages import NOTHING, Message, as_message, joined, message_of, say, say_n

PAGE = say("Reading {what} of {name}", what=say("page {page} of {pages}", page=3, pages="1,200"), name="{name}.pdf")


def test_a_message_is_its_english_sentence() -> None:
    assert PAGE == "Reading page 3 of 1,200 of {name}.pdf"
    assert isinstance(PAGE, str)
    assert (PAGE.id, PAGE.values["name"]) == ("Reading {what} of {name}", "{name}.pdf")


def test_a_forgotten_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="name"):
        say("Reading {name}")
    with pytest.raises(ValueError, match="where"):
        say_n("one file", "{count} files in {where}", count=1)


def test_an_error_says_a_message() -> None:
    error = Locked(say("{name} is locked.", name="a.pdf"))
    assert str(error) == "a.pdf is locked."
    assert error.message.id == "{name} is locked."
    assert say("{error} Try again.", error=error).values["error"] == error.message
    assert message_of(ValueError("no message")).id == ""


def test_plain_words_are_a_message_without_an_id() -> None:
    assert (as_message("words"), as_message("words").id) == ("words", "")
    assert BadInput("words").message.id == ""  # type: ignore[arg-type]
    assert not NOTHING


@pytest.mark.parametrize(("count", "english"), [(1, "1 file"), (2, "2 files"), (0, "0 files")])
def test_a_number_chooses_the_form(count: int, english: str) -> None:
    assert say_n("{count} file", "{count} files", count=count) == english


def test_sentences_one_after_another_keep_their_parts() -> None:
    told = joined("", say("One."), NOTHING, say("Two of {name}.", name="a"))
    assert told == "One. Two of a."
    assert [part.id for part in told.parts] == ["One.", "Two of {name}."]
    assert joined("") is NOTHING
    assert joined(PAGE) is PAGE


ALL = [
    PAGE,
    joined(PAGE, say("Plain."), as_message("words")),
    say_n("{count} file", "{count} files", count=2),
    say("Give me {kinds}.", kinds=[say("a PDF"), "JSON"]),
    say("{number} of {share}", number=3, share=0.5),
    as_message("words"),
    NOTHING,
]


@pytest.mark.parametrize("message", ALL)
def test_nothing_of_a_message_is_lost_on_its_way(message: Message) -> None:
    for same in (
        pickle.loads(pickle.dumps(message)),
        copy.deepcopy(message),
        Message.from_json(json.loads(json.dumps(message.to_json()))),
        Message.from_text(message.to_text()),
    ):
        assert same == message
        assert (same.id, dict(same.values), same.several) == (message.id, dict(message.values), message.several)
        assert [part.id for part in same.parts] == [part.id for part in message.parts]
        assert [getattr(value, "id", "") for value in same.values.values()] == [
            getattr(value, "id", "") for value in message.values.values()
        ]


def test_an_error_crosses_to_another_process_whole() -> None:
    assert pickle.loads(pickle.dumps(BadInput(PAGE))).message.values["what"].id == "page {page} of {pages}"


@pytest.mark.parametrize("old", ["I heard no speech in a.wav.", "", "{name} is empty.", '{"id": 5}', '{"id":'])
def test_what_was_kept_as_a_sentence_stands_as_it_is(old: str) -> None:
    assert Message.from_text(old) == old
    assert Message.from_text(old).id == ""
    assert Message.from_json(old) == old


@pytest.mark.parametrize(
    "told",
    [
        5,
        None,
        ["a"],
        {},
        {"id": 5},
        {"id": "a", "values": 5},
        {"id": "a", "several": 5},
        {"id": "{a}", "values": {"a": None}},
        {"parts": [5]},
        {"id": "{a}" * 40_000, "values": {"a": "long"}},
        {"id": "{a}{a}", "values": {"a": "long" * 20_000}},
    ],
)
def test_what_is_no_message_is_refused(told: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the one that readers of archives catch
        Message.from_json(told)


def test_messages_within_messages_have_a_bottom() -> None:
    told: object = "deep"
    for _ in range(100):
        told = {"id": "{a}", "values": {"a": told}}
    with pytest.raises(ValueError, match="no message"):
        Message.from_json(told)


def test_a_strangers_template_reads_nothing_but_its_values() -> None:
    told = Message.from_json({"id": "{a.__class__} {a:>999999999} {b} {a}", "values": {"a": "x"}})
    assert told == "{a.__class__} {a:>999999999} {b} x"


def test_notes_are_kept_with_an_answer_and_printed_in_english() -> None:
    answer = Answer("Yes.", received=Received(notes=(PAGE, as_message("old"))))
    kept = from_json(Answer, json.loads(json.dumps(to_json(answer))))
    assert kept == answer
    assert kept.received.notes[0].id == PAGE.id
    assert json.loads(json.dumps(printed(answer)))["received"]["notes"] == [str(PAGE), "old"]
    assert asdict(answer)["received"]["notes"][0].id == PAGE.id


def test_answers_of_older_versions_are_read() -> None:
    kept = to_json(Answer("Yes."))
    kept["received"]["notes"] = ["Page 3 is a scan; I read it by OCR."]
    assert from_json(Answer, kept).received.notes == ("Page 3 is a scan; I read it by OCR.",)
    with pytest.raises(ValueError, match="no message"):
        from_json(Answer, {**kept, "received": {**kept["received"], "notes": [5]}})
