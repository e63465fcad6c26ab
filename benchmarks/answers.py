"""Whole turns on a file of questions: how often they are right, cited, or rightly refused.

    python benchmarks/answers.py FILE.json [--limit 100] [--off-topic OTHER.json] [--llm PROFILE] [--json]

FILE is in SQuAD's format. All its passages are filed in one library (with --handed-over they are files of the
conversation); every question is a turn of its own that has to find its passage there. Without an answer in the file a
question must be refused; with --off-topic so must as many questions about the other articles of another file. Prints
exact match, contains, F1, refusals right and wrong, citations right, the 95 % interval of `contains`, and the curve of
wrong answers against refused right ones over the answers' confidence, with the area under it (how often a question
with an answer is the more confident). The curve is drawn over what was first said, also where it was refused in the
end. An answer that shows the nearest passage, and says that it does not answer, is refused.

--half calibration asks only about every second article, --half evaluation about the others, so that a threshold
can be chosen on one half and judged on the other.
"""

import argparse
import hashlib
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.settings.settings import from_environment
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Delta, Done
from assistant.values.evidence import Document, Passage, Section
from assistant.values.parts import Text, Turn
from benchmarks.questions import Question, contains, exact, f1, halves, interval, passages, read, sample
from cli.main import QUIET
from cli.wiring import wire

SCOPE = "benchmark"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--off-topic", type=Path)
    parser.add_argument("--off-topic-limit", type=int, help="as --limit, for these; without it the same")
    parser.add_argument("--half", choices=("both", "calibration", "evaluation"), default="both")
    parser.add_argument("--answerable", action="store_true", help="ask only what has an answer in the file")
    parser.add_argument("--llm", default="auto")
    parser.add_argument("--passages", type=int, default=400, help="filed at the most, those asked about first")
    parser.add_argument("--handed-over", action="store_true", help="the passages as files of the conversation")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    os.environ.update(QUIET)
    settings = replace(from_environment(os.environ), llm=options.llm, answer_tokens=80)
    _, assistant = wire(settings, None)
    everything = read(options.file)
    calibration, evaluation = halves(everything)
    parts = {"both": everything, "calibration": calibration, "evaluation": evaluation}
    asked = [one for one in parts[options.half] if one.golds or not options.answerable]
    asked = sample(asked, options.limit)
    file_passages(assistant, passages([*asked, *everything])[: options.passages])
    rows = list(turns(assistant, asked, options.handed_over, options.verbose))
    others = []
    if options.off_topic is not None:
        titles = {question.title for question in everything}
        elsewhere = [question for question in read(options.off_topic) if question.title not in titles]
        foreign = [
            replace(question, golds=()) for question in sample(elsewhere, options.off_topic_limit or options.limit)
        ]
        others = list(turns(assistant, foreign, options.handed_over, options.verbose))
    assistant.close()
    show(table(rows, others), options.json)


def file_passages(assistant, texts: list[str]) -> None:
    library = assistant.library.get()
    for number, text in enumerate(texts):
        digest = hashlib.sha256(text.encode()).hexdigest()
        library.add(Document(digest, f"passage {number}", "text", (Passage(text, Section("")),)), SCOPE)


def turns(assistant, questions: list[Question], handed_over: bool, verbose: bool) -> Iterator[dict]:
    names = assistant.library.get().sources(SCOPE) if handed_over else {}
    for question in questions:
        began = time.perf_counter()
        conversation = Conversation(SCOPE, sources=dict(names)) if handed_over else Conversation(libraries=(SCOPE,))
        events = list(assistant.answer(Turn((Text(question.text),)), conversation))
        last = events[-1]
        assert isinstance(last, Done), last
        first_said = "".join(event.text for event in events if isinstance(event, Delta))
        row = judge(question, last.answer, first_said) | {"seconds": time.perf_counter() - began}
        if verbose:
            print(
                json.dumps(row | {"question": question.text, "gold": question.golds[:1]}, ensure_ascii=False),
                flush=True,
            )
        yield row


def judge(question: Question, answer: Answer, first_said: str) -> dict:
    """first_said: what the model wrote before it was doubted."""
    said = answer.text if answer.citations and not answer.declined else ""
    return {
        "answerable": bool(question.golds),
        "refused": answer.declined or not answer.citations,
        "shown": answer.declined and any(contains(citation.quote, question.golds) for citation in answer.citations),
        "exact": exact(said, question.golds),
        "contains": contains(said, question.golds),
        "by itself": answer.declined and bool(answer.unsupported),
        "first contains": contains(first_said, question.golds),
        "f1": f1(said, question.golds),
        "cited": any(contains(citation.quote, question.golds) for citation in answer.citations),
        "confidence": answer.confidence,
        "said": answer.text,
    }


def table(rows: list[dict], others: list[dict]) -> dict:
    answerable = [row for row in rows if row["answerable"]]
    not_there = [row for row in rows if not row["answerable"]]
    told: dict = {"questions with an answer": len(answerable)}
    if answerable:
        low, high = interval([float(row["contains"]) for row in answerable])
        told |= {
            "exact match": share(answerable, "exact"),
            "contains": share(answerable, "contains"),
            "contains, 95 % interval": [round(low, 3), round(high, 3)],
            "F1": round(statistics.fmean(row["f1"] for row in answerable), 3),
            "refused wrongly": share(answerable, "refused"),
            "of these, with the passage that answers it": share([r for r in answerable if r["refused"]], "shown"),
            "cited rightly, of those that contain it": share([r for r in answerable if r["contains"]], "cited"),
            "median seconds": round(statistics.median(row["seconds"] for row in answerable), 2),
        }
    if not_there:
        told |= {"near misses": len(not_there), "near misses refused": share(not_there, "refused")}
        told |= {"area, near misses": area(answerable, not_there), "curve, near misses": curve(answerable, not_there)}
    if others:
        told |= {"off-topic questions": len(others), "off-topic refused": share(others, "refused")}
        told["of these, with what the model knows by itself, said so"] = share(others, "by itself")
        told |= {"area, off-topic": area(answerable, others)}
    return told


def share(rows: list[dict], name: str) -> float:
    return round(sum(row[name] for row in rows) / max(len(rows), 1), 3)


def area(answerable: list[dict], not_there: list[dict]) -> float:
    """How often a question with an answer is the more confident one of a pair."""
    pairs = [(a["confidence"], b["confidence"]) for a in answerable for b in not_there]
    return round(sum((a > b) + 0.5 * (a == b) for a, b in pairs) / max(len(pairs), 1), 3)


def curve(answerable: list[dict], not_there: list[dict]) -> list[dict]:
    """For each threshold of confidence: wrong answers among near misses, right answers refused for it."""
    right = [row for row in answerable if row["first contains"]]
    return [
        {
            "confidence from": step / 20,
            "near misses answered": share([{"x": row["confidence"] >= step / 20} for row in not_there], "x"),
            "right ones refused": share([{"x": row["confidence"] < step / 20} for row in right], "x"),
        }
        for step in range(21)
    ]


def show(told: dict, as_json: bool) -> None:
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for name, value in told.items():
        lines = value if isinstance(value, list) and value and isinstance(value[0], dict) else [value]
        for line in lines:
            print(f"{name}: {line}")


if __name__ == "__main__":
    main()
