"""The kind of a request, told by the real classifier with its real examples, on wordings that it has not seen.

Needs no weights but those that the encoder's package brings. What is computed from the examples is kept in the user's
cache, as at a start of the program.
"""

import os
from collections import Counter

import pytest

from assistant.answering.kinds.linear import LinearClassifier
from assistant.answering.tuning import SMALL
from assistant.answering.understanding import There, understand
from assistant.settings.settings import from_environment
from assistant.values.conversation import Conversation
from assistant.values.files import FileFacts
from benchmarks.wordings import Wording, unseen


@pytest.fixture(scope="session")
def classifier() -> LinearClassifier:
    return LinearClassifier.load(from_environment(os.environ).cache)


@pytest.fixture(scope="session")
def told(classifier: LinearClassifier) -> list[tuple[Wording, str]]:
    """Each wording with what it was understood as; where it was taken for several, with all of them."""
    understood = [(one, understand(one.words, one.there, classifier, SMALL)) for one in unseen()]
    return [(one, " and ".join(part.kind for part in request.every_part)) for one, request in understood]


@pytest.mark.parametrize(("group", "least"), [("en", 0.92), ("zh", 0.92), ("others", 0.85)])
def test_most_requests_are_understood(told: list[tuple[Wording, str]], group: str, least: float) -> None:
    asked = [(one, kind) for one, kind in told if one.group == group]
    wrong = Counter(f"{'/'.join(sorted(one.kinds))} as {kind}" for one, kind in asked if kind not in one.kinds)
    assert len(asked) > 300
    assert 1 - wrong.total() / len(asked) >= least, wrong.most_common()


def test_no_language_is_left_behind(told: list[tuple[Wording, str]]) -> None:
    asked = Counter(one.language for one, _ in told)
    right = Counter(one.language for one, kind in told if kind in one.kinds)
    assert set(asked) == set("en zh de fr es pt ja ko ru".split())
    assert {language: right[language] / n for language, n in asked.items() if right[language] < 0.85 * n} == {}


def test_a_single_request_is_seldom_parted(told: list[tuple[Wording, str]]) -> None:
    parted = [one.words for one, kind in told if " and " in kind]
    assert len(parted) <= 0.01 * len(told), parted


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Summarise this and translate it into German", ["whole", "translate"]),
        ("总结一下，然后翻译成英文", ["whole", "translate"]),
        ("résume ça et traduis-le en anglais", ["whole", "translate"]),
        ("кратко изложи и переведи на английский", ["whole", "translate"]),
        ("Fass es zusammen und übersetze es ins Englische", ["whole", "translate"]),
        ("Erklär mir den Brief und schreib dann eine Antwort", ["whole", "write"]),
        ("resume el documento y tradúcelo al inglés", ["whole", "translate"]),
        ("me explica a carta e depois escreve uma resposta", ["whole", "write"]),
        ("要約して、英語に翻訳してください", ["whole", "translate"]),
        ("これを要約して英語に訳して", ["whole", "translate"]),
        ("手紙をわかりやすく説明して、返信を書いてください", ["whole", "write"]),
        ("요약하고 영어로 번역해줘", ["whole", "translate"]),
        ("편지를 쉽게 설명하고 답장을 써줘", ["whole", "write"]),
        ("объясни письмо простыми словами и напиши ответ", ["whole", "write"]),
        ("put the prices in a table and work out the average", ["table", "compute"]),
        ("一共几页，讲了什么", ["file_facts", "whole"]),
        ("how many pages does it have and what got delivered?", ["file_facts", "fact"]),
        ("wie viele seiten sind das und was wurde geliefert?", ["file_facts", "fact"]),
        ("what's the date today and when is the rent due?", ["clock", "fact"]),
        ("who owns this document, and when was it updated?", ["file_facts", "file_facts"]),
        ("谁写的，什么时候写的？", ["file_facts", "file_facts"]),
        ("who wrote this and when?", ["file_facts"]),
        ("Wie dick ist das Dokument, also Seiten?", ["file_facts"]),
        ("pull out the sender and the date, and the sum", ["fields"]),
        ("write a poem for my aunt, her dog died", ["write"]),
        ("名前、日付、金額を表にして", ["table"]),
        ("이름, 날짜, 금액을 표로 만들어줘", ["table"]),
        ("lies es mir vor, ich habe keine Brille", ["read"]),
        ("Hello! Who signed the contract?", ["fact"]),
        ("Thanks, that helps a lot!", ["small_talk"]),
    ],
)
def test_several_in_one_sentence_are_told_apart(classifier: LinearClassifier, words: str, kinds: list[str]) -> None:
    there = There((FileFacts("a", "IMG_0001"),), ("a",), frozenset(), Conversation())
    request = understand(words, there, classifier, SMALL)
    assert [part.kind for part in request.parts or (request,)] == kinds


@pytest.mark.parametrize(
    ("words", "kind", "facet"),
    [
        ("wie viele Seiten hat das?", "file_facts", "pages"),
        ("how large is the file", "file_facts", "size"),
        ("这个录音有多长", "file_facts", "length"),
        ("give me the key points", "whole", "points"),
        ("make subtitles for this video", "transcript", "srt"),
    ],
)
def test_the_facet_is_that_of_the_examples_it_is_like(
    classifier: LinearClassifier, words: str, kind: str, facet: str
) -> None:
    assert classifier.facet(words, kind) == facet
