"""Whether a citation truly supports its sentence, and whether supported sentences are cited.

    python benchmarks/citations.py [FILE.json] [--limit 300] [--json]

Sentences with a known answer, no model in between: for each question of a file in SQuAD's format (default: the
English ones in ../shared/data/qa) a true sentence is made of a passage's own words in another order and form, and
a false one by putting another passage's name, number or phrase in the answer's place. A true sentence should be
cited, with a quote that holds the answer; a false one should not. Prints precision (cited sentences that are true),
recall (true sentences that are cited) and how often the quote holds the answer.
"""

import argparse
import json
import random
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from assistant.citations import cite
from assistant.evidence import Evidence, Section
from benchmarks.questions import Question, contains, read, sample

DEFAULT = ROOT.parent / "shared" / "data" / "qa" / "squad2_part.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=DEFAULT)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.file.is_file():
        print(f"There are no questions at {options.file.name}: nothing was measured.")
        return
    questions = [question for question in read(options.file) if question.golds]
    told = measure(sample(questions, options.limit), questions)
    print(json.dumps(told, indent=2) if options.json else "\n".join(f"{name}: {value}" for name, value in told.items()))


def measure(asked: list[Question], pool: list[Question]) -> dict[str, float]:
    chance = random.Random(7)
    true_cited = true_quoted = false_cited = false_count = 0
    for question in asked:
        others = [other for other in chance.sample(pool, 8) if other.passage != question.passage][:2]
        evidence = [piece(question.passage, 0), *(piece(other.passage, 1 + at) for at, other in enumerate(others))]
        cited = cite(sentence(question, question.golds[0]), evidence, question.text)
        true_cited += bool(cited.citations)
        true_quoted += any(contains(one.quote, question.golds) for one in cited.citations)
        wrong = [
            g for other in chance.sample(pool, 20) for g in other.golds[:1] if g.lower() not in question.passage.lower()
        ]
        if wrong:
            false_count += 1
            false_cited += bool(cite(sentence(question, wrong[0]), evidence[:1], question.text).citations)
    cited_all = true_cited + false_cited
    return {
        "sentences, true and false": len(asked) + false_count,
        "precision": round(true_cited / max(cited_all, 1), 3),
        "recall": round(true_cited / max(len(asked), 1), 3),
        "false sentences cited": round(false_cited / max(false_count, 1), 3),
        "quote holds the answer": round(true_quoted / max(true_cited, 1), 3),
    }


def piece(passage: str, number: int) -> Evidence:
    return Evidence(str(number), f"passage {number}", "text", passage, Section(""))


def sentence(question: Question, answer: str) -> str:
    """What a model would say: the question's words turned round, and the answer."""
    return f"The answer to “{question.text.rstrip('?？ ')}” is {answer}."


if __name__ == "__main__":
    main()
