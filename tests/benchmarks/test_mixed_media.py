"""Passages dealt to media: what is read of them is noisy, and where their answer stands stays known."""

import random

from assistant.text.tokens import is_cjk
from benchmarks import fusion as benchmark
from benchmarks.fusion import FusionWay
from benchmarks.mixed_media import MEDIA, deal
from benchmarks.questions import Question
from tests.support.bag_of_words import BagOfWords

TEXTS = [
    f"The {name} pump of the northern plant was serviced in the spring by Dana Ortiz. It had leaked for {n} weeks "
    f"before anybody noticed, and the seal of the {name} pump was replaced by a new one from Lisbon."
    for n, name in enumerate(("Kestrel", "Falcon", "Merlin", "Harrier", "Osprey", "Buzzard"), 3)
]
ASKED = [Question(f"How long did the {t.split()[1]} pump leak?", t, (f"{n} weeks",)) for n, t in enumerate(TEXTS, 3)]


def test_every_medium_gets_its_share_and_the_same_seed_deals_the_same():
    dealt = deal(TEXTS, 7)
    assert {m: sum(one.document.medium == m for one in dealt.values()) for m in MEDIA} == dict.fromkeys(MEDIA, 2)
    assert deal(TEXTS, 7) == dealt != deal(TEXTS, 8)


def test_the_strategies_are_compared_on_what_is_found_in_every_medium():
    ways = [FusionWay("concatenation", "concatenation"), FusionWay("weights", "weights")]
    told = benchmark.measure(ASKED, TEXTS, [7, 8], BagOfWords(), lambda text: len(text.split()), 200, ways)
    assert set(told["ways"]) == {"concatenation", "weights"}
    first = {kind: values["first"][0] for kind, values in told["ways"]["concatenation"].items()}
    assert first["as it is"] > 0.5
    named = told["above concatenation"]["weights"]
    assert named["as it is"]["first"] == [0.0, 0.0, 0.0]
    assert named["naming the medium"]["first"][0] >= 0


def test_a_chinese_question_names_the_medium_in_chinese():

    said = benchmark.naming("谁保养了水泵？", "audio", random.Random(1))
    assert said != "谁保养了水泵？"
    assert is_cjk(said)
    assert benchmark.fusion.named(said) == {"audio"}  # type: ignore[attr-defined]
