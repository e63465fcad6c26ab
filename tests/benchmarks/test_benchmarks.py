"""The benchmarks measure what they say; small made-up questions, no weights."""

import json
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.values.parts import Attachment, Text
from benchmarks import calls, cases, draw_refusals, reader, retrieval, spoken, vision
from benchmarks import requests as asked
from benchmarks.questions import Question
from tests.support.call_device import Beeps
from tests.support.call_page import NumberedWords
from tests.support.fakes import HashedWords

TEXTS = ["Dana serviced the pump in March.", "The cellar holds forty bicycles.", "Rent is due on Mondays."]
ASKED = [Question("Who serviced the pump?", TEXTS[0], ("Dana",)), Question("When is rent due?", TEXTS[2], ("Mondays",))]


def test_a_document_in_the_second_place_has_half_a_reciprocal_rank() -> None:
    first, second = (retrieval.digest(text) for text in (TEXTS[0], TEXTS[2]))
    values = retrieval.judge(ASKED, {"0": {first: 1.0}, "1": {first: 0.9, second: 0.5}})
    assert values["MRR"] == [1.0, 0.5]
    assert values["recall@1"] == [1.0, 0.0]
    assert values["recall@5"] == [1.0, 1.0]
    assert values["nDCG@10"] == pytest.approx([1.0, 0.6309], abs=1e-4)
    assert retrieval.judge(ASKED, {"0": {first: 1.0}, "1": {}})["MRR"] == [1.0, 0.0]


def test_every_way_of_finding_is_measured() -> None:
    foreign = [Question("Which enzyme breaks down lactose?", "", ())]
    told = retrieval.measure(ASKED, TEXTS, foreign, HashedWords())
    assert list(told["ways"]) == [
        "dense", "BM25", "reciprocal rank", "min-max half and half", "the library as it is",
    ]  # fmt: skip
    assert told["ways"]["the library as it is"]["recall@1"] == [1.0, 1.0, 1.0]
    assert told["above dense"]["BM25"]["recall@10"] == [0.0, 0.0, 0.0]
    assert told["off-topic"]["an answerable one has the better score of a pair"] == 1.0


def test_the_curve_of_refusals_is_drawn_with_the_chosen_point(tmp_path: Path) -> None:
    curve = [
        {"confidence from": 0.0, "near misses answered": 0.8, "right ones refused": 0.0},
        {"confidence from": 0.5, "near misses answered": 0.3, "right ones refused": 0.2},
    ]
    answers, picture = tmp_path / "answers.json", tmp_path / "refusals.svg"
    answers.write_text(json.dumps({"curve, near misses": curve, "area, near misses": 0.71}))
    assert draw_refusals.main([str(answers), str(picture), "--operating", "0.5"]) == 0
    drawn = ElementTree.fromstring(picture.read_text())
    words = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"0.5, chosen", "0", "right answers refused", "near misses answered"} <= set(words)
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}circle"))) == 2


def test_what_is_heard_is_compared_in_spoken_form() -> None:
    assert spoken.units_of("It weighs 12.5 kg.", "en") == spoken.units_of("it weighs twelve point five kilograms", "en")
    assert spoken.units_of("會議在14:30。", "zh") == spoken.units_of("会议在十四点三十分", "zh")
    assert spoken.distance(["a", "b", "c"], ["a", "x", "c", "d"]) == 2
    assert len(spoken.ENGLISH.splitlines()) == len(spoken.CHINESE.splitlines()) == 25


def test_a_room_counts_its_three_turns_and_times_who_interrupts(tmp_path: Path) -> None:
    told = calls.tell_rooms(calls.rooms([0], NumberedWords(), Beeps(0.25), tmp_path))
    assert (told["turns expected"], told["turns asked"], told["missed"]) == (3, 3, 0)
    assert told["phantom turns and self-answers"] == 0
    assert 0.05 < told["barge-in seconds"]["most"] < 0.3


def test_what_a_model_that_sees_costs_is_measured_scaled_down(capsys: pytest.CaptureFixture[str]) -> None:
    assert vision.main(["qwen3.5-0.8b", "--tiny", "--tokens", "4"]) == 0
    heading, _, row = capsys.readouterr().out.strip().splitlines()
    told = dict(zip(heading.strip("| ").split(" | "), row.strip("| ").split(" | "), strict=True))
    assert told["model"] == "qwen3.5-0.8b (scaled down)"
    assert float(told["first token, 8 pictures, s"]) > 0
    assert float(told["tokens a second"]) > 0
    assert float(told["limit by bandwidth"]) > 0


def test_what_the_reader_misreads_is_measured_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert reader.main(["--kinds", "receipt", "--tiny"]) == 0
    heading, _, row = capsys.readouterr().out.strip().splitlines()
    told = dict(zip(heading.strip("| ").split(" | "), row.strip("| ").split(" | "), strict=True))
    assert (told["kind"], told["letters, pixels"]) == ("receipt", "24")
    assert float(told["misread as it is, %"]) < 3
    assert float(told["seconds upright"]) > 0


@pytest.mark.parametrize(
    ("told", "said", "wrong"),
    [
        ({"expect_any": [["9:30", "half past nine"], ["key"]]}, ["At Half  past nine; the KEY."], []),
        ({"expect_any": [["9:30", "half past nine"], ["key"]]}, ["At ten; the key."], ["9:30 or half past nine"]),
        ({"expect_any": [["re:(?<!\\[)\\b2\\b"]]}, ["Three.[2]"], ["re:(?<!\\[)\\b2\\b"]),
        ({"expect_any": [["{now:%A}"], ["{until[12-25]}"], ["星期{zh}"]]}, ["Monday, 星期一: 25 days"], []),
        ({"expect_any": [["{now.day}"]]}, ["The 29th."], ["30"]),
        ({"expect_any": [['{"total": 5']]}, ['{"total": 5}'], []),
        ({"must_not": ["sorry"]}, ["Sorry."], ["not sorry"]),
        ({"cites": "book.pdf, page 4"}, ["Yes."], []),
        ({"cites": "book.pdf, page 5"}, ["Yes."], ["cited book.pdf, page 5"]),
        ({"turns": ["a", "b"], "expect_each": [["one"], []]}, ["One.", "Anything."], []),
        ({"turns": ["a", "b"], "expect_each": [["one"], []]}, ["Two.", "x"], ["turn 1: one"]),
        ({}, [" "], ["an answer"]),
    ],
)  # fmt: skip
def test_a_case_tells_what_its_answers_lack(tmp_path: Path, told: dict, said: list[str], wrong: list[str]) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps({"id": "a", "kind": "fact", "turns": ["a"]} | told), encoding="utf-8")
    [case] = cases.read(file)
    answers = [cases.CaseAnswer(text, ("book.pdf, page 4",)) for text in said]
    assert cases.lacks(case, answers, datetime(2026, 11, 30, 12)) == wrong


@pytest.mark.parametrize("told", [{"expects": [["yes"]]}, {"turns": []}, {"expect_each": [[], []]}])
def test_a_case_that_would_let_everything_pass_is_refused(tmp_path: Path, told: dict) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("\n" + json.dumps({"id": "a", "kind": "fact", "turns": ["a"]} | told), encoding="utf-8")
    with pytest.raises(ValueError, match=r"cases\.jsonl, line 2: "):
        cases.read(file)


def test_the_cases_that_come_with_us_can_be_read() -> None:
    told = cases.read(Path(asked.ROOT) / "benchmarks" / "data" / "requests.jsonl")
    assert len({case.id for case in told}) == len(told) > 100
    assert all(case.expect_any or case.expect_each for case in told)


def test_cases_are_counted_by_kind_and_by_the_request_they_were_taken_for() -> None:
    case = cases.Case("a", "receipt", turns=("how much?",), expect_any=(("5",),), request="fact")
    rows = [
        asked.row(case, [cases.CaseAnswer(text, request=request)], datetime(2026, 11, 30))
        for text, request in (("5", "fact"), ("6", "compute"), ("7", ""))
    ]
    told = asked.summary(rows)
    assert told["by kind"] == {"receipt": "1/3"}
    assert told["requests as expected"] == "1/2"
    assert told["kind × request"] == {"receipt": {"fact": 1, "compute": 1, "not told": 1}}


def test_a_question_can_be_handed_over_as_a_recording_of_a_voice(tmp_path: Path) -> None:
    [recording] = asked.asked("How much was it?", tmp_path / "question.wav", Beeps())
    assert isinstance(recording, Attachment)
    assert recording.spoken
    assert recording.path.read_bytes().startswith(b"RIFF")
    assert asked.asked("How much was it?", tmp_path / "unused.wav", None) == [Text("How much was it?")]
    assert asked.asked("", tmp_path / "unused.wav", Beeps()) == []
