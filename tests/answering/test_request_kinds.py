"""The kind of a request, told by the real classifier with its real examples, on wordings that it has not seen.

Needs no weights but those that the encoder's package brings. What is computed from the examples is kept in the user's
cache, as at a start of the program.
"""

import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.answering.kinds.examples import examples
from assistant.answering.kinds.linear import LinearClassifier
from assistant.answering.tuning import SMALL
from assistant.answering.understanding import There, understand
from assistant.answering.ways import possible
from assistant.settings.settings import from_environment
from assistant.values.conversation import Conversation, Exchange
from assistant.values.evidence import Medium
from assistant.values.files import FileFacts

WORDINGS = Path(__file__).parents[2] / "benchmarks" / "data" / "wordings.jsonl"
MEDIUM: dict[str, Medium] = {
    "document": "text", "table": "text", "image": "image", "audio": "audio", "video": "video"
}  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """What people say that no example says. kinds: those that are right."""

    words: str
    language: str
    kinds: frozenset[str]
    there: There


def unseen() -> list[Wording]:
    known = {one.wording.casefold().strip() for one in examples()}
    lines = [json.loads(line) for line in WORDINGS.read_text(encoding="utf-8").splitlines()]
    return [
        Wording(line["wording"], line["language"], frozenset([line["kind"], *_also(line)]), _there(line))
        for line in lines
        if line["wording"].casefold().strip() not in known
    ]


def _also(line: dict[str, list[str] | str]) -> list[str]:
    also = line.get("also") or []
    return [also] if isinstance(also, str) else also


def _there(line: dict[str, list[str]]) -> There:
    files = tuple(FileFacts(f"id{n}", f"IMG_000{n}", MEDIUM[medium]) for n, medium in enumerate(line["files"]))
    meant = tuple(one.source_id for one in files)
    if not line["answered"]:
        return There(files, meant, frozenset(), Conversation())
    return There(files, (), frozenset(), Conversation(exchanges=[Exchange("What is it?", "It is 9.", files=meant)]))


@pytest.fixture(scope="session")
def classifier() -> LinearClassifier:
    return LinearClassifier.load(from_environment(os.environ).cache)


@pytest.fixture(scope="session")
def told(classifier: LinearClassifier) -> list[tuple[Wording, str]]:
    """Each wording with the likeliest kind among those that are possible."""
    found = []
    for one in unseen():
        scores = classifier.scores(one.words, possible(one.there.files, one.there.conversation))
        found.append((one, max(scores, key=lambda kind: scores[kind])))
    return found


@pytest.mark.parametrize(("language", "least"), [("en", 0.9), ("zh", 0.9), ("", 0.85)])
def test_most_requests_are_understood(told: list[tuple[Wording, str]], language: str, least: float) -> None:
    """language "": all others together."""
    asked = [(one, kind) for one, kind in told if (one.language if one.language in ("en", "zh") else "") == language]
    wrong = Counter(f"{'/'.join(sorted(one.kinds))} as {kind}" for one, kind in asked if kind not in one.kinds)
    assert len(asked) > 150
    assert 1 - wrong.total() / len(asked) >= least, wrong.most_common()


def test_no_language_is_left_behind(told: list[tuple[Wording, str]]) -> None:
    asked = Counter(one.language for one, _ in told)
    right = Counter(one.language for one, kind in told if kind in one.kinds)
    assert set(asked) == set("en zh de fr es pt ja ko ru".split())
    assert {language: right[language] / n for language, n in asked.items() if right[language] < 0.8 * n} == {}


def test_a_single_request_is_seldom_parted(classifier: LinearClassifier) -> None:
    asked = unseen()
    parted = [one.words for one in asked if understand(one.words, one.there, classifier, SMALL).parts]
    assert len(parted) <= 0.01 * len(asked), parted


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Summarise this and translate it into German", ["whole", "translate"]),
        ("总结一下，然后翻译成英文", ["whole", "translate"]),
        ("résume ça et traduis-le en anglais", ["whole", "translate"]),
        ("кратко изложи и переведи на английский", ["whole", "translate"]),
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
