"""The thresholds of doubt for a chat model, chosen on two sets at once, and what they cost on both.

    python benchmarks/calibrate.py --requests FILE.jsonl… [--files FOLDER] --questions FILE.json
                                   [--limit 60] [--llm NAME] [--write] [--json]

Every case of --requests that a lookup answers, and --limit questions with and --limit without an answer of --questions
(SQuAD's format, every second article) are asked of the chat model with all doubt switched off: the passage of a
question is handed over as a file, as people do it. Of each answer it is kept how sure the model is of it, whether
something supports it, and whether it is right. Then for answers with and without support the threshold is taken that
refuses most of what has no answer while it costs no more than --cost of the right answers of either set. --write puts
them into the row of that model in assistant/answering/tuning.json; benchmarks/answers.py and benchmarks/requests.py
tell what they come to on other questions.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.answering import tuning
from assistant.text.languages import language_of
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.evidence import Document, Passage, Section
from assistant.values.parts import Text, Turn
from benchmarks.cases import Case, lacks, read
from benchmarks.questions import Question, contains, halves, sample
from benchmarks.questions import read as read_questions
from benchmarks.requests import answers, open_assistant

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant

NOT_THERE = "not there"  # the kind of the cases that have no answer
LOOKED_UP = ("fact", "recording", "receipt", "read", NOT_THERE)  # kinds of cases that a lookup may answer
STEPS = 40


@dataclass(frozen=True)
class Weighed:
    """One answer. origin: of which set. language: of the question. sure: 0 to 1. supported: something is cited. right:
    it says what it should; of what has no answer: it does not say anything else."""

    origin: str
    language: str
    answerable: bool
    sure: float
    supported: bool
    right: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=Path, nargs="+", required=True)
    parser.add_argument("--files", type=Path)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--cost", type=float, default=0.03, help="share of the right answers that may be refused")
    parser.add_argument("--llm")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    assistant = open_assistant(options.llm)
    name = assistant.engine.get().profile.name
    undoubted(name)
    try:
        weighed = [
            *(
                one
                for file in options.requests
                for one in of_requests(assistant, read(file), options.files or file.parent / "files")
            ),
            *of_questions(assistant, halves(read_questions(options.questions))[0], options.limit),
        ]
    finally:
        assistant.close()
        tuning.rows.cache_clear()
    chosen = {
        "doubted_supported": threshold([one for one in weighed if one.supported], weighed, options.cost),
        "doubted_subject": threshold([one for one in weighed if not one.supported], weighed, options.cost),
    }
    told = {"model": name, "thresholds": chosen, "comes to": outcome(weighed, chosen)}
    if options.json:
        print(json.dumps(told | {"answers": [asdict(one) for one in weighed]}, indent=2))
    else:
        print(json.dumps(told, indent=2))
    if options.write:
        tuning.keep(name, chosen)


def undoubted(name: str) -> None:
    """While this runs, what the model says is not refused, however little it is sure of it."""
    open_row = replace(
        tuning.rows().get(name, tuning.SMALL),
        doubted=0.0,
        doubted_subject=0.0,
        doubted_supported=0.0,
    )
    tuning.rows()[name] = open_row


def of_requests(assistant: "Assistant", cases: Sequence[Case], folder: Path) -> Iterator[Weighed]:
    for case in cases:
        if case.kind not in LOOKED_UP or len(case.turns) != 1:
            continue
        *_, last = said = list(answers(assistant, case, folder))
        if last.failed or last.request not in ("fact", "knowledge"):
            continue
        right = not lacks(case, said, datetime.now())
        one = Weighed(
            "requests", case.language or "en", case.kind != NOT_THERE, last.confidence, bool(last.cited), right
        )
        yield shown(one, case.turns[0], last.text)


def of_questions(assistant: "Assistant", questions: Sequence[Question], limit: int) -> Iterator[Weighed]:
    there = sample([one for one in questions if one.golds], limit)
    for question in [*there, *sample([one for one in questions if not one.golds], limit)]:
        answer = asked(assistant, question)
        if answer is not None:
            right = contains(answer.text, question.golds) if question.golds else not answer.citations
            one = Weighed(
                "questions",
                language_of(question.text),
                bool(question.golds),
                answer.confidence,
                bool(answer.citations),
                right,
            )
            yield shown(one, question.text, answer.text)


def asked(assistant: "Assistant", question: Question) -> Answer | None:
    """With its passage as the one file of a conversation; None where no answer came."""
    digest = hashlib.sha256(question.passage.encode()).hexdigest()
    conversation = Conversation(sources={digest: "passage.txt"})
    document = Document(digest, "passage.txt", "text", (Passage(question.passage, Section("")),))
    assistant.library.get().add(document, conversation.id)
    try:
        *_, last = assistant.answer(Turn((Text(question.text),)), conversation)
    finally:
        assistant.files.forget(conversation.id)
    return last.answer if isinstance(last, Done) else None


def threshold(some: Sequence[Weighed], everything: Sequence[Weighed], cost: float) -> float:
    """The highest that refuses no more than `cost` of the right answers of either set, all of its answers counted."""
    best = 0.0
    for step in range(STEPS + 1):
        at = step / STEPS
        for origin in {one.origin for one in everything}:
            right = [one for one in everything if one.origin == origin and one.answerable and one.right]
            lost = [one for one in some if one.origin == origin and one.answerable and one.right and one.sure < at]
            if len(lost) > cost * max(len(right), 1):
                return best
        best = at
    return best


def outcome(weighed: Sequence[Weighed], chosen: dict[str, float]) -> dict[str, dict[str, float]]:
    """For either set: the share of right answers refused, and of those refused that have no answer."""
    told = {}
    for origin in dict.fromkeys(one.origin for one in weighed):
        of_it = [one for one in weighed if one.origin == origin]
        right = [one for one in of_it if one.answerable and one.right]
        none = [one for one in of_it if not one.answerable]
        told[origin] = {
            "answerable": len([one for one in of_it if one.answerable]),
            "right without doubt": len(right),
            "of these refused": round(sum(refused(one, chosen) for one in right) / max(len(right), 1), 3),
            "without an answer": len(none),
            "of these refused by the doubt or the model": round(
                sum(refused(one, chosen) or one.right for one in none) / max(len(none), 1), 3
            ),
        }
    return told


def refused(one: Weighed, chosen: dict[str, float]) -> bool:
    return one.sure < chosen["doubted_supported" if one.supported else "doubted_subject"]


def shown(one: Weighed, words: str, said: str) -> Weighed:
    marks = f"{'right' if one.right else 'WRONG'}  {one.sure:.2f}  {'cited' if one.supported else '     '}"
    print(f"{marks}  {words[:70]}  →  {said[:70]!r}", file=sys.stderr, flush=True)
    return one


if __name__ == "__main__":
    main()
