"""What a turn understood, in words of both languages."""

import json
from dataclasses import replace
from typing import get_args

import pytest

from assistant.answering.ways import all_kinds
from assistant.values.answer_json import printed
from assistant.values.events import Answer, Received
from assistant.values.request import Form, Meant, Request, Shape, Span
from ui import rendering
from ui.understood import understood
from ui.words import in_language
from ui.words.catalogues import Language
from ui.words.chat import ENGLISH, ChatWords
from ui.words.understood import ENGLISH as ENGLISH_UNDERSTOOD
from ui.words.understood import UnderstoodWords

CHINESE = in_language("zh", ChatWords)
CHINESE_UNDERSTOOD = in_language("zh", UnderstoodWords)

VOICE = Request(
    "Transcribe it with time stamps, in German", "transcript", "times", files=("a",), meant="given now",
    form=Form("times", language="de"),
)  # fmt: skip
NAMES = (("a", "voice_message.ogg"), ("b", "b.pdf"), ("c", "c.pdf"), ("d", "d.pdf"))


def told(request: Request, language: Language = "en", names: tuple[tuple[str, str], ...] = NAMES) -> tuple[str, ...]:
    return understood(Received(request=request, names=names), language)


@pytest.mark.parametrize("kind", sorted(all_kinds()))
def test_every_kind_and_facet_has_a_name(kind: str) -> None:
    declared = all_kinds()[kind]
    assert declared.name
    unnamed = {facet for facet, name in declared.facets.items() if not name}
    assert unnamed in (set(declared.facets), set()) or unnamed <= {"other", "plain"}  # no more than their kind


def test_a_kind_that_no_way_serves_any_more_is_called_by_its_name() -> None:
    assert told(Request("x", "spell_it")) == ("Understood as: spell it",)


@pytest.mark.parametrize("words", [ENGLISH_UNDERSTOOD, CHINESE_UNDERSTOOD], ids=["en", "zh"])
def test_every_shape_and_way_of_meaning_has_words(words: UnderstoodWords) -> None:
    assert set(words.shapes) == set(get_args(Shape)) - {""}
    assert set(words.meant) == set(get_args(Meant))


def test_a_request_is_told_in_both_languages() -> None:
    (english,) = told(VOICE)
    assert english == "Understood as: transcript with times · voice_message.ogg (handed over now) · answer in German"
    (chinese,) = told(VOICE, "zh")
    assert chinese == "理解为：带时间的转写 · voice_message.ogg（这次提供） · 用德语回答"


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (Request("hi", "small_talk"), "small talk"),
        (Request("x", sure=False, files=("b",), meant="last"), "question · b.pdf (as in the turn before) (not sure)"),
        (Request("x", files=("gone", "too"), meant="all"), "question · 2 files (everything here)"),
        (Request("x", "list", files=("a", "b", "c", "d"), meant="all"),
         "list · voice_message.ogg, b.pdf, c.pdf and 1 more (everything here)"),
        (Request("x", "rework", meant="answer", files=("a",), points_back=True, form=Form(sentences=1)),
         "another form · of the answer before · in one sentence"),
        (Request("x", meant="libraries"), "question · in everything that may be searched"),
        (Request("x", files=("a",), meant="given now", points_back=True),
         "question · voice_message.ogg (handed over now)"),
        (Request("x", "read", pages=(2, 4)), "the text as it stands · pages 2–4"),
        (Request("x", "read", pages=(3, 3), points_back=True),
         "the text as it stands · page 3 · with the turn before in mind"),
        (Request("x", "moment", span=Span(60, float("inf"))), "the moment when it comes up · from 1:00 on"),
        (Request("x", span=Span(58, 62, point=True)), "question · around 1:00"),
        (Request("x", span=Span(0, 60, from_end=True)), "question · the last 1:00"),
        (Request("x", "whole", "points", form=Form("list", items=5)), "main points · as a list · 5 of them"),
        (Request("x", "table", form=Form("table")), "table"),
        (Request("x", "whole", "command"), "what it is about as a whole"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_request(request_: Request, line: str) -> None:
    assert told(request_) == (f"Understood as: {line}",)


def test_of_several_requests_each_has_a_line() -> None:
    several = replace(VOICE, parts=(VOICE, Request("and sum it up", "whole", "summary", files=("a",), meant="last")))
    first, *parts = told(several)
    assert first == "Understood as several requests:"
    assert [part.partition(" · ")[0] for part in parts] == ["transcript with times", "summary"]


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_what_the_model_received_begins_with_it(words: ChatWords) -> None:
    answer = Answer("x", received=Received("Transcribe it", request=VOICE, names=(("a", "<b>*.ogg"),)))
    first, second, *_ = rendering.finished(answer, "k", words).received.splitlines()
    assert first.startswith("- " + ("Understood as: " if words is ENGLISH else "理解为："))
    assert "&#60;b&#62;&#42;.ogg" in first
    assert "Transcribe it" in second


def test_an_older_answer_says_nothing_of_it() -> None:
    assert understood(Received("Who?"), "en") == ()
    assert "Understood" not in rendering.finished(Answer("x", received=Received("Who?")), "k", ENGLISH).received


def test_a_program_is_told_the_request_too() -> None:
    request = replace(VOICE, span=Span(60), parts=(VOICE,))
    text = json.dumps(printed(Answer("x", received=Received(request=request, names=NAMES[:1]))), allow_nan=False)
    received = json.loads(text)["received"]
    assert received["names"] == {"a": "voice_message.ogg"}
    assert received["request"]["kind"] == "transcript"
    assert received["request"]["files"] == ["a"]
    assert received["request"]["form"] == {"shape": "times", "sentences": 0, "items": 0, "language": "de"}
    assert received["request"]["span"] == {"start": 60, "point": False, "from_end": False}  # to its end: no end
    assert received["request"]["parts"][0]["meant"] == "given now"
    assert json.loads(json.dumps(printed(Answer("x"))))["received"]["request"] is None
