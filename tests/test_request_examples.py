"""The example requests a classifier learns from: every kind is there, in every language, and says one thing only."""

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.answering.ways import all_kinds

EXAMPLES = Path(__file__).parents[1] / "prompts" / "requests"

KINDS = sorted(all_kinds())
FACETS = {name: set(kind.facets) for name, kind in all_kinds().items() if kind.facets}

# of these some examples say nothing of the sort
SOME_WITHOUT = {"compute"}

# the kinds people put into the most different words
OFTEN = {"whole", "transcript", "file_facts", "compute", "translate", "knowledge", "small_talk"}


def examples(kind: str) -> list[dict[str, str]]:
    lines = (EXAMPLES / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def same(wording: str) -> str:
    return wording.casefold().strip(" ?!.,…？！。，")


def fewest(kind: str, language: str) -> int:
    match language:
        case "en":
            return 150 if kind == "fact" else 90 if kind in OFTEN else 60
        case "zh":
            return 110 if kind == "fact" else 45
        case _:
            return 25 if kind == "fact" else 10


def test_every_kind_has_its_file_and_there_is_no_other():
    assert {file.stem for file in EXAMPLES.glob("*.jsonl")} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_said_often_enough_in_every_language(kind: str):
    counted = Counter(example["language"] for example in examples(kind))
    assert set(counted) == set("en zh de fr es pt ja ko ru".split())
    assert {language: n for language, n in counted.items() if n < fewest(kind, language)} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_has_a_wording_and_the_facets_of_its_kind(kind: str):
    facets = FACETS.get(kind)
    for example in examples(kind):
        assert set(example) - {"facet"} == {"language", "wording"}
        assert kind in SOME_WITHOUT or ("facet" in example) == bool(facets)
        assert example["wording"]
        assert example["wording"] == example["wording"].strip()
    assert {example["facet"] for example in examples(kind) if "facet" in example} == (facets or set())


def test_further_examples_of_facets_are_of_facets_that_there_are():
    for file in (EXAMPLES / "facets").glob("*.jsonl"):
        for example in examples(f"facets/{file.stem}"):
            assert set(example) == {"language", "wording", "facet"}
            assert example["facet"] in FACETS[file.stem]


def test_no_wording_stands_twice_or_in_two_kinds():
    kinds_of: dict[str, list[str]] = {}
    for kind in (*KINDS, *(f"facets/{file.stem}" for file in (EXAMPLES / "facets").glob("*.jsonl"))):
        for example in examples(kind):
            kinds_of.setdefault(same(example["wording"]) or example["wording"], []).append(kind)
    assert {wording: kinds for wording, kinds in kinds_of.items() if len(kinds) > 1} == {}
