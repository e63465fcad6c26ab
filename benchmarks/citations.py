"""Whether a citation truly supports its sentence, and whether supported sentences are cited.

    python benchmarks/citations.py [FILE.json] [--limit 300] [--plain] [--json] [--show KIND]

Sentences with a known answer, no model in between: for the questions of a file in SQuAD's format (default: the
English ones in ../shared/data/qa) true and false sentences are made (benchmarks/made_sentences.py), and those of
benchmarks/paraphrases.jsonl were written by hand to be hard. A true one should be cited, with a quote that holds the
answer; a false one should not. Prints precision (cited sentences that are true) and recall (true sentences that are
cited), all together and for each stage of the alignment, and for each kind the share that is cited. --plain leaves
out the embedding model, and with it the last stage.
"""

import argparse
import json
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.citing.citations import cite
from assistant.ports.embedding import Embedder
from assistant.settings.settings import from_environment
from assistant.setup.models import Models
from assistant.text.tokens import is_cjk
from assistant.values.evidence import Evidence, Medium, Section
from benchmarks.made_sentences import MadeSentence, made
from benchmarks.mixed_media import in_medium
from benchmarks.questions import Question, contains, read, sample
from cli.main import QUIET
from retrieval.chunking import chunk

DEFAULT = ROOT.parent / "shared" / "data" / "qa" / "squad2_part.json"
PARAPHRASES = Path(__file__).with_name("paraphrases.jsonl")


@dataclass(frozen=True)
class Judged:
    """stage: of the alignment that cited it, "" where none did. holds: the quote holds the answer."""

    said: MadeSentence
    stage: str
    holds: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=DEFAULT)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--show", help="print the sentences of this kind that were judged wrongly")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.file.is_file():
        print(f"There are no questions at {options.file.name}: nothing was measured.")
        return
    os.environ.update(QUIET)
    embedder = None if options.plain else Models(from_environment(os.environ)).embedder.get()
    questions = [question for question in read(options.file) if question.golds and question.text.strip()]
    asked = sample(questions, options.limit)
    cjk = is_cjk(asked[0].passage)
    told = {
        options.file.stem: table(judge(asked, questions, embedder)),
        "written by hand": table(judge_written(PARAPHRASES, cjk, embedder)),
    }
    if options.show:
        for one in [*judge(asked, questions, embedder), *judge_written(PARAPHRASES, cjk, embedder)]:
            if one.said.kind == options.show and bool(one.stage) != one.said.true:
                print(one.stage, "|", one.said.text)
    print(json.dumps(told, ensure_ascii=False, indent=2)) if options.json else show(told)


def judge(asked: Sequence[Question], pool: Sequence[Question], embedder: Embedder | None = None) -> list[Judged]:
    """Every sentence made of these questions, against its passage and two others, as pieces of the library."""
    chance = random.Random(7)
    told = []
    for question in asked:
        others = [other for other in chance.sample(list(pool), 8) if other.passage != question.passage][:2]
        texts = [question.passage, *(other.passage for other in others)]
        for said in made(question, pool, chance):
            evidence = [piece for text in texts for piece in pieces(text, said.read or "text")]
            cited = cite(said.text, evidence, question.text if said.asked else "", embedder)
            holds = any(contains(one.quote, question.golds) for one in cited.citations)
            told.append(Judged(said, cited.stages[0] if cited.citations else "", holds))
    return told


def judge_written(path: Path, cjk: bool, embedder: Embedder | None = None) -> list[Judged]:
    told = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if is_cjk(row["evidence"]) != cjk:
            continue
        for true in (True, False):
            for text in row["true" if true else "false"]:
                cited = cite(text, pieces(row["evidence"], "text"), "", embedder)
                kind = "paraphrase" if true else "near miss"
                told.append(Judged(MadeSentence(kind, text, true), cited.stages[0] if cited.citations else "", True))
    return told


def pieces(text: str, medium: Medium) -> list[Evidence]:
    document = in_medium(text, medium, random.Random(len(text))).document
    return [
        Evidence(document.source_id, document.name, medium, one.text, one.location or Section(""), one.places)
        for one in chunk(document.passages)
    ]


def table(judged: Sequence[Judged]) -> dict:
    true = [one for one in judged if one.said.true]
    cited = [one for one in judged if one.stage]
    right = [one for one in cited if one.said.true]
    told: dict = {
        "sentences": len(judged), "true": len(true),
        "precision": share(len(right), len(cited)), "recall": share(len(right), len(true)),
        "quote holds the answer": share(sum(one.holds for one in right), len(right)),
    }  # fmt: skip
    by_stage = Counter(one.stage for one in cited)
    right_by_stage = Counter(one.stage for one in right)
    told["stages"] = {
        stage: {"cited": count, "precision": share(right_by_stage[stage], count),
                "recall": share(right_by_stage[stage], len(true))}
        for stage, count in by_stage.most_common()
    }  # fmt: skip
    kinds: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for one in judged:
        kinds[one.said.true, one.said.kind].append(bool(one.stage))
    told["cited of the true"] = {k: [share(sum(v), len(v)), len(v)] for (true, k), v in kinds.items() if true}
    told["cited of the false"] = {k: [share(sum(v), len(v)), len(v)] for (true, k), v in kinds.items() if not true}
    return told


def share(part: int, whole: int) -> float:
    return round(part / max(whole, 1), 3)


def show(told: dict) -> None:
    for name, one in told.items():
        print(f"\n{name}")
        for key, value in one.items():
            if not isinstance(value, dict):
                print(f"  {key}: {value}")
                continue
            print(f"  {key}")
            for kind, numbers in value.items():
                print(f"    {kind:32}{numbers}")


if __name__ == "__main__":
    main()
