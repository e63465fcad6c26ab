"""Classifiers beside the default one: by the nearest examples, and by a language model."""

from collections.abc import Sequence

import pytest

from assistant.answering.kinds.by_engine import LikelihoodClassifier, ReplyClassifier
from assistant.answering.kinds.examples import LabelledRequest
from assistant.answering.kinds.linear import Cosines
from assistant.answering.kinds.nearest import NearestClassifier
from assistant.answering.ways import all_kinds
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.ports.embedding import Vectors
from benchmarks import kinds as benchmark
from benchmarks.wordings import unseen
from tests.support.fakes import HashedWords, KindsByWord, saying

EXAMPLES = (
    LabelledRequest("clock", "en", "what day is it today", "date"),
    LabelledRequest("clock", "en", "what time is it now", "time"),
    LabelledRequest("whole", "en", "sum up the letter", "summary"),
    LabelledRequest("small_talk", "en", "hello there"),
)
OTHERWISE = KindsByWord({"sum": "whole"}, facets={"sum": "summary"})


def encode(texts: Sequence[str]) -> Vectors:
    return HashedWords().embed_passages(texts)


@pytest.fixture
def nearest() -> NearestClassifier:
    return NearestClassifier(EXAMPLES, encode, encode([one.wording for one in EXAMPLES]))


def test_the_nearest_examples_name_the_kind_and_its_facet(nearest: NearestClassifier) -> None:
    scores = nearest.scores("what time is it", ("clock", "whole", "small_talk"))
    assert max(scores, key=lambda kind: scores[kind]) == "clock"
    assert sum(scores.values()) == pytest.approx(1.0)
    assert nearest.facet("what time is it", "clock") == "time"
    assert nearest.facet("hello there", "small_talk") == ""


def test_no_vote_goes_to_a_kind_that_is_not_possible(nearest: NearestClassifier) -> None:
    assert nearest.scores("what time is it", ("whole",)) == {"whole": pytest.approx(1.0)}


def test_the_kind_whose_line_the_request_makes_likelier_wins() -> None:
    clock = all_kinds()["clock"].wanted
    engine = ScriptedEngine(
        [
            ScriptedLine(
                lambda messages: messages[-1].text == "…", "", likely=lambda text: -1.0 if text == clock else -0.2
            ),
            ScriptedLine(lambda messages: True, "", likely=lambda text: -0.3),  # all alike: but the clock's rose
        ]
    )
    scores = LikelihoodClassifier(engine, OTHERWISE).scores("what day is it", ("clock", "whole", "fact"))
    assert max(scores, key=lambda kind: scores[kind]) == "clock"
    assert sum(scores.values()) == pytest.approx(1.0)


def test_an_engine_that_cannot_say_how_likely_leaves_it_to_the_other() -> None:
    classifier = LikelihoodClassifier(saying({"": "x"}), OTHERWISE)
    assert classifier.scores("sum it up", ("clock", "whole"))["whole"] == 1.0
    assert classifier.facet("sum it up", "whole") == "summary"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ('{"kind": "clock"}', "clock"),
        ('Sure! ```json\n{"kind": "clock"}\n```', "clock"),
        ('{"kind": "weather"}', "whole"),  # there is none of this name
        ('{"kind": "compare"}', "whole"),  # nor is this possible here
        ("{kind: clock", "whole"),
        ("The clock.", "whole"),
        ('{"kind": 7}', "whole"),
        ("", "whole"),
    ],
)
def test_a_reply_counts_where_it_names_a_possible_kind_and_else_the_other_tells(written: str, kind: str) -> None:
    engine = saying({"": written})
    scores = ReplyClassifier(engine, OTHERWISE).scores("sum it up", ("clock", "whole", "fact"))
    assert max(scores, key=lambda each: scores[each]) == kind
    asked = engine.received[0].messages
    assert f"- clock: {all_kinds()['clock'].wanted}" in asked[0].text
    assert "compare" not in asked[0].text
    assert asked[-1].text == "sum it up"


def test_every_kind_says_in_a_line_what_a_model_is_to_take_for_it() -> None:
    assert [name for name, kind in all_kinds().items() if not kind.wanted] == []


def test_the_benchmark_counts_what_is_right_and_what_was_taken_for_what() -> None:
    asked = benchmark.dealt(unseen(), 40)
    row = benchmark.row("fake", KindsByWord({}), {"all": asked})
    told = list(benchmark.understood(asked, KindsByWord({})))
    assert {kind for _, kind in told} == {"fact"}
    facts = {group: [("fact" in one.kinds) for one in asked if one.group == group] for group in benchmark.GROUPS}
    assert row["accuracy"] == {
        "all": {group: round(sum(right) / len(right), 3) for group, right in facts.items() if right}
    }
    assert 0 < benchmark.macro_f1(told) < 0.2
    assert benchmark.line(row).startswith("| fake | ")
    assert all(taken.endswith(" as fact") for taken in benchmark.confusions(told))


def test_a_sentence_is_encoded_once_however_often_it_is_compared() -> None:
    encoded: list[str] = []

    def counted(texts: Sequence[str]) -> Vectors:
        encoded.extend(texts)
        return encode(texts)

    cosines, texts = Cosines(counted, most=3), ["the pump leaks", "the door is open"]
    first = cosines("is the pump leaking", texts)
    assert cosines("is the pump leaking", texts).tolist() == first.tolist()
    assert encoded == ["is the pump leaking", *texts]
    assert cosines("and the door?", texts[::-1])[0] > cosines("and the door?", texts)[0]
    assert cosines("nothing", []).shape == (0,)
    cosines("what else", ["one", "two", "three"])  # what was not asked about lately is forgotten
    assert cosines("is the pump leaking", texts).tolist() == first.tolist()
    assert encoded.count("the pump leaks") == 2
