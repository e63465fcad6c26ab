"""Ordinary requests in people's own words, answered by the real models that a machine without a hub has: a floor under
how many are right. benchmarks/requests.py asks many more."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from assistant.answering.assistant import Assistant
from assistant.settings.settings import from_environment
from benchmarks.cases import Case, CaseAnswer, lacks
from benchmarks.requests import answers
from cli.wiring import wire
from tests.support.media_made import picture

pytestmark = pytest.mark.weights

MEDIA = Path(__file__).parents[1] / "support" / "media"
LEAST = 22  # of the cases below
MILL = (
    "The mill at Rosendale was built in 1824 by Peter Orme and stands beside the river Lune. Its wheel is 6 metres "
    "wide. In the flood of 1902 the wheel broke, and for three years no flour was ground. Since 1968 it has been a "
    "museum; it is open from April to September, and dogs are not allowed inside.\n"
)
MEMBERS = "name;town;joined;fee\nAda Lund;Oslo;2019;40\nBo Ek;Bergen;2021;40\nCai Ro;Oslo;2023;25\n"
RECEIPT = ("CORNER SHOP", "Date: 2026-05-09", "Apples 3.20", "Cheese 7.45", "TOTAL EUR 10.65")


def case(name: str, files: str, *turns: str, any_of: tuple[tuple[str, ...], ...], never: tuple[str, ...] = ()) -> Case:
    return Case(name, "everyday", tuple(files.split()), turns, expect_any=any_of, must_not=never)


NOT = ("not", "no ", "nicht", "没有")
CASES = [
    case("transcribe", "jfk.flac", "transcribe this", any_of=(("ask not what your country",),)),
    case("say", "question-zh.flac", "她说了什么？", any_of=(("？", "?", "吗", "什么"),)),
    case("subtitles", "jfk.flac", "SRT please", any_of=(("00:00:0",), ("-->",))),
    case("language", "question-zh.flac", "which language is that", any_of=(("chinese", "mandarin"),)),
    case("total", "receipt.png", "how much did I pay?", any_of=(("10.65",),)),
    case("bought", "receipt.png", "what did i buy", any_of=(("apples",), ("cheese",))),
    case("type", "receipt.png", "type this up", any_of=(("corner shop",), ("7.45",))),
    case("change", "receipt.png", "I gave them 20 euros, what change do I get?", any_of=(("9.35",),)),
    case("built", "mill.txt", "when was it built", any_of=(("1824",),)),
    case("german", "mill.txt", "Wie breit ist das Rad?", any_of=(("6",),)),
    case("dog", "mill.txt", "can I bring my dog in?", any_of=(NOT,)),
    case("zh", "mill.txt", "磨坊是谁建的？", any_of=(("orme", "奥姆", "彼得", "欧姆"),)),
    case("tldr", "mill.txt", "tl;dr", any_of=(("mill",),)),
    case("years", "mill.txt", "list all the years", any_of=(("1824",), ("1902",), ("1968",))),
    case("price", "mill.txt", "what does a ticket cost?", any_of=(NOT,)),
    case("count", "members.csv", "how many live in Oslo?", any_of=(("2 of the 3",),)),
    case("sum", "members.csv", "add up the fees", any_of=(("105",),)),
    case("newest", "members.csv", "who came last", any_of=(("cai",),)),
    case("csv", "receipt.png", "items and prices as csv", any_of=(("apples,3.20", "apples, 3.20"),)),
    case("sheets", "shop.xlsx", "what sheets are in there?", any_of=(("sales",), ("staff",))),
    case("best", "shop.xlsx", "best month?", any_of=(("june",),)),
    case("given", "mill.txt members.csv", "what files have you got from me", any_of=(("mill.txt",), ("members.csv",))),
    case("hello", "mill.txt", "hello!", any_of=(("hello", "hi"),), never=("mill",)),
    case("percent", "", "what is 15 percent of 80", any_of=(("12",),)),
    case("shorter", "mill.txt", "what is this about?", "auf deutsch bitte", any_of=(("mühle", "museum"),)),
    case("thanks", "mill.txt", "who built it?", "thanks", any_of=(("welcome", "glad", "happy"),)),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the cases hand over."""
    there = tmp_path_factory.mktemp("given")
    (there / "mill.txt").write_text(MILL, encoding="utf-8")
    (there / "members.csv").write_text(MEMBERS, encoding="utf-8")
    picture([(40, 30 + 48 * at, line) for at, line in enumerate(RECEIPT)], (520, 300), 30).save(there / "receipt.png")
    book = openpyxl.Workbook()
    for number, (name, rows) in enumerate(
        {
            "Sales": [("Month", "Sold"), ("May", 120), ("June", 240)],
            "Staff": [("Name", "Role"), ("Kim", "Clerk")],
        }.items()
    ):
        sheet = book.create_sheet(name, number)
        for row in rows:  # type: ignore[attr-defined]
            sheet.append(row)
    del book["Sheet"]
    book.save(there / "shop.xlsx")
    for name in ("jfk.flac", "question-zh.flac"):
        (there / name).write_bytes((MEDIA / name).read_bytes())
    return there


@pytest.fixture(scope="module")
def assistant(weights_folder: Callable[[str], Path]) -> Iterator[Assistant]:
    for profile in ("qwen2.5-coder-1.5b", "minilm", "recogniser"):
        weights_folder(profile)
    settings = replace(from_environment(os.environ), profile="cpu-offline", llm="qwen2.5-coder-1.5b")
    _, assistant = wire(settings, None)
    yield assistant
    assistant.close()


def test_most_ordinary_requests_are_answered_rightly(assistant: Assistant, folder: Path) -> None:
    told: dict[str, tuple[list[str], CaseAnswer]] = {}
    for one in CASES:
        said = list(answers(assistant, one, folder))
        told[one.id] = (lacks(one, said, datetime.now()), said[-1])
    wrong = {name: (missing, said.text[:200]) for name, (missing, said) in told.items() if missing}
    assert len(CASES) - len(wrong) >= LEAST, wrong
    assert not [said for _, said in told.values() if said.failed]
