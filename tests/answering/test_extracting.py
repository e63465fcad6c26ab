"""Tables and fields out of a file: valid whatever the model wrote, and nothing in them that the file does not say."""

import json
from pathlib import Path

import pytest

from assistant.answering.ways.extracting import parsed_object, parsed_rows
from assistant.engines.scripted import ScriptedEngine
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import KindsByWord, make_assistant, saying

BILL = "Invoice 4711 of Hill Bakery\nIBAN GB33 BUKB 2020 1555 5555 55\nThe bread is 4.20 and the cake is 8.60 euros."
KINDS = KindsByWord({"iban": "fields", "table": "table"})


def ask(engine: ScriptedEngine, words: str, folder: Path) -> Answer:
    (folder / "bill.txt").write_text(BILL)
    turn = Turn((Text(words), Attachment(folder / "bill.txt", "bill.txt")))
    done = list(make_assistant(engine, classifier=KINDS).answer(turn, Conversation()))[-1]
    assert isinstance(done, Done), done
    return done.answer


def test_fields_are_json_and_what_stands_nowhere_is_null(tmp_path: Path) -> None:
    says = 'Here: {"number": "4711", "iban": "GB33 BUKB 2020 1555 5555 55", "bic": "BUKBGB22"} I hope this helps.'
    answer = ask(saying({"": says}), "number, IBAN and BIC please", tmp_path)
    (made,) = answer.files
    assert json.loads(made.text) == {"number": "4711", "iban": "GB33 BUKB 2020 1555 5555 55", "bic": None}
    assert made.media_type == "application/json"
    assert {citation.source for citation in answer.citations} == {"bill.txt"}


def test_a_table_has_a_row_for_each_thing_and_is_saved_as_csv(tmp_path: Path) -> None:
    answer = ask(saying({"": "```csv\nitem,price\nbread,4.20\ncake,8.60\n```"}), "a table of what was bought", tmp_path)
    (made,) = answer.files
    assert made.text == "item,price\nbread,4.20\ncake,8.60\n"
    assert answer.text.startswith("| item | price |\n| --- | --- |\n| bread | 4.20[1] |")


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ('{"a": 1}', {"a": 1}),
        ('```json\n{"a": {"b": [2]}}\n```', {"a": {"b": [2]}}),
        ('Sure: {"a": "x"}.', {"a": "x"}),
        ("[1, 2]", None),
        ("{a: 1}", None),
        ("{}", None),
        ("no object", None),
        ("{" * 9000 + "}" * 9000, None),
        ("", None),
    ],
)
def test_an_object_is_found_in_whatever_stands_around_it(written: str, values: object) -> None:
    assert parsed_object(written) == values


def test_rows_are_as_long_as_the_first() -> None:
    assert parsed_rows("a,b\n1\n2,3\n4,5,6") == [["a", "b"], ["1", ""], ["2", "3"]]
    assert parsed_rows("| a | b |\n|---|---|\n| 1 | 2 |") == [["a", "b"], ["1", "2"]]
    assert parsed_rows("") == []
