"""The benchmarks measure what they say; small made-up questions, no weights."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import calls, draw_refusals, reader, retrieval, spoken, vision
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
