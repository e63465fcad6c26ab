"""Questions in SQuAD's format, and the field's measures of an answer. Used by the benchmarks beside it."""

import json
import random
import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.text.tokens import is_cjk, tokens


@dataclass(frozen=True)
class Question:
    """golds: accepted answers; none where the passage does not say it."""

    text: str
    passage: str
    golds: tuple[str, ...]
    title: str = ""


def read(path: Path) -> list[Question]:
    """Every question of a file in SQuAD's format (1.1 or 2.0), in the file's order."""
    return [
        Question(
            entry["question"],
            paragraph["context"],
            tuple(dict.fromkeys(answer["text"] for answer in entry["answers"])),
            article.get("title", ""),
        )
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
        for entry in paragraph["qas"]
    ]


def halves(questions: Sequence[Question]) -> tuple[list[Question], list[Question]]:
    """By article, in the file's order: the first, third, … article to calibrate on, the others to judge by."""
    titles = list(dict.fromkeys(question.title for question in questions))
    first = set(titles[::2])
    return [q for q in questions if q.title in first], [q for q in questions if q.title not in first]


def sample(questions: Sequence[Question], limit: int | None, seed: int = 7) -> list[Question]:
    """`limit` of them by chance, the same ones every time; all without a limit."""
    if limit is None or limit >= len(questions):
        return list(questions)
    return random.Random(seed).sample(list(questions), limit)


def passages(questions: Sequence[Question]) -> list[str]:
    return list(dict.fromkeys(question.passage for question in questions))


def words(text: str) -> list[str]:
    """SQuAD's normal form: lower case, no articles, no punctuation; Chinese by character."""
    text = text.lower()
    if is_cjk(text):
        return [c for c in text if c.isalnum()]
    text = "".join(" " if character in string.punctuation else character for character in text)
    return [word for word in re.sub(r"\b(a|an|the)\b", " ", text).split() if word]


def exact(said: str, golds: Sequence[str]) -> bool:
    return any(words(said) == words(gold) for gold in golds)


def contains(said: str, golds: Sequence[str]) -> bool:
    """Whether a gold answer stands in what was said: its words in a row, or its tokens in any form of writing."""
    return any(_stands_in(words(gold), words(said)) or _all_tokens(gold, said) for gold in golds)


def f1(said: str, golds: Sequence[str]) -> float:
    """SQuAD's F1 over words, of the gold answer that fits best."""
    return max((_f1(words(said), words(gold)) for gold in golds), default=0.0)


def interval(hits: Sequence[float], seed: int = 7, rounds: int = 1000) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean."""
    chance = random.Random(seed)
    if not hits:
        return 0.0, 0.0
    means = sorted(sum(chance.choices(hits, k=len(hits))) / len(hits) for _ in range(rounds))
    return means[int(0.025 * rounds)], means[int(0.975 * rounds)]


def _f1(said: list[str], gold: list[str]) -> float:
    shared = sum((Counter(said) & Counter(gold)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(said), shared / len(gold)
    return 2 * precision * recall / (precision + recall)


def _stands_in(part: list[str], whole: list[str]) -> bool:
    return bool(part) and any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def _all_tokens(gold: str, said: str) -> bool:
    wanted, found = [token.text for token in tokens(gold)], {token.text for token in tokens(said)}
    return bool(wanted) and all(word in found for word in wanted)
