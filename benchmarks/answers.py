"""How often a turn answers rightly, cites the right sentence, and refuses what the text does not say.

    python benchmarks/answers.py [--questions 30] [--llm PROFILE] [--json]

Questions over passages from SQuAD 2.0 (English, half of them without an answer in the passage) and CMRC 2018
(Chinese), read from ../shared/data/qa beside the project; says so and ends where they are not. Each
question is a whole turn: the passage handed over as a file together with two passages of other articles.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import app
from assistant.conversation import Conversation
from assistant.events import Answer, Done
from assistant.parts import Attachment, Text, Turn
from assistant.settings import from_environment
from assistant.wording import tokens

DATA = ROOT.parent / "shared" / "data" / "qa"


@dataclass(frozen=True)
class Case:
    """golds: accepted answers; none where the passage does not say it."""

    kind: str
    question: str
    passage: str
    golds: tuple[str, ...]
    others: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=30, help="of each kind")
    parser.add_argument("--llm", default="auto")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"There are no questions at {DATA.name}/: nothing was measured.")
        return
    os.environ.update(app.QUIET)
    settings = replace(from_environment(os.environ), llm=options.llm, answer_tokens=80)
    _, assistant = app.wire(settings, None)
    results = []
    for case in cases(options.questions):
        began = time.perf_counter()
        answer = ask(assistant, case)
        results.append(judge(case, answer) | {"seconds": time.perf_counter() - began})
        if options.verbose:
            print(f"{results[-1]}  {case.question} | {case.golds[:1]} | {answer.text!r}", flush=True)
    assistant.close()
    report(results, options.json)


def cases(count: int) -> Iterator[Case]:
    chance = random.Random(7)
    squad = [
        (entry["question"], paragraph["context"], tuple(answer["text"] for answer in entry["answers"]))
        for article in json.loads((DATA / "squad2_part.json").read_text())["data"]
        for paragraph in article["paragraphs"]
        for entry in paragraph["qas"]
    ]
    cmrc = [
        (entry["question"], paragraph["context"], tuple(answer["text"] for answer in entry["answers"]))
        for article in json.loads((DATA / "cmrc2018_trial.json").read_text())["data"]
        for paragraph in article["paragraphs"]
        for entry in paragraph["qas"]
    ]
    kinds = {
        "English, answered": [one for one in squad if one[2]],
        "English, not answered": [one for one in squad if not one[2]],
        "Chinese, answered": cmrc,
    }
    for kind, pool in kinds.items():
        passages = sorted({one[1] for one in pool})
        for question, passage, golds in chance.sample(pool, min(count, len(pool))):
            others = tuple(other for other in chance.sample(passages, 3) if other != passage)[:2]
            yield Case(kind, question, passage, golds, others)


def ask(assistant, case: Case) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, passage in enumerate((case.passage, *case.others)):
            path = Path(folder) / f"passage{number}.txt"
            path.write_text(passage)
            files.append(Attachment(path, path.name))
        conversation = Conversation()
        last = list(assistant.answer(Turn((Text(case.question), *files)), conversation))[-1]
        assistant.forget(conversation.id)
    assert isinstance(last, Done), last
    return last.answer


def judge(case: Case, answer: Answer) -> dict[str, object]:
    """right: a gold answer stands in the text, and in one of the quotes: cited."""
    refused = not answer.citations
    right = any(holds(answer.text, gold) for gold in case.golds)
    cited = right and any(holds(one.quote, gold) for one in answer.citations for gold in case.golds)
    return {"kind": case.kind, "refused": refused, "right": right, "cited": cited}


def holds(text: str, gold: str) -> bool:
    wanted = [token.text for token in tokens(gold)]
    found = [token.text for token in tokens(text)]
    return gold.lower() in text.lower() or (bool(wanted) and all(word in found for word in wanted))


def report(results: list[dict], as_json: bool) -> None:
    table = {}
    for kind in dict.fromkeys(result["kind"] for result in results):
        ours = [result for result in results if result["kind"] == kind]
        answered = [result for result in ours if not result["refused"]]
        table[kind] = {
            "questions": len(ours),
            "right": sum(result["right"] for result in ours),
            "right and cited": sum(result["cited"] for result in ours),
            "refused": sum(result["refused"] for result in ours),
            "wrong": sum(not result["right"] for result in answered),
            "median seconds": round(sorted(result["seconds"] for result in ours)[len(ours) // 2], 2),
        }
    if as_json:
        print(json.dumps(table, ensure_ascii=False, indent=2))
        return
    for kind, row in table.items():
        print(f"{kind}: " + ", ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
