"""How well passages are found, by each way of finding, on files of questions in SQuAD's format (1.1 or 2.0).

    python benchmarks/retrieval.py FILE.json… [--limit 100] [--rerank MODEL] [--off-topic OTHER.json] [--json]

The paragraphs are the documents, each question has the one it was written for; questions without an answer are
left out. `ir-measures` (trec_eval inside) computes recall at 1, 5 and 10, the mean reciprocal rank and nDCG at 10
from the best 100; beside each stands its 95 % bootstrap interval. "above dense" are the differences to finding by
meaning alone, question by question. With --off-topic as many questions about the other articles of another file
are asked, to see how the best scores of the two kinds differ.
"""

import argparse
import hashlib
import json
import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

import ir_measures
import numpy
import numpy.typing
from ir_measures import RR, R, nDCG

from assistant.ports.embedding import Embedder, Reranker
from assistant.ports.library import Library
from assistant.settings.settings import from_environment
from assistant.setup.models import Models
from assistant.values.evidence import Document, Passage, Section
from benchmarks.keyword_index import KeywordIndex
from benchmarks.questions import Question, interval, passages, read, sample
from cli.main import QUIET
from retrieval.library import ChromaLibrary
from retrieval.reranked import RerankedLibrary

Scores = numpy.typing.NDArray[numpy.float64]
Run = dict[str, dict[str, float]]  # question → document → score
MEASURES = {"recall@1": R @ 1, "recall@5": R @ 5, "recall@10": R @ 10, "MRR": RR, "nDCG@10": nDCG @ 10}
DEEP = 100
SCOPE = "benchmark"
DENSE = "dense"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.json")
    parser.add_argument("--limit", type=int, help="questions of each file (default: all)")
    parser.add_argument("--passages", type=int, help="documents at the most, those asked about first (default: all)")
    parser.add_argument("--embedding", help="the embedding model (default: this machine's)")
    parser.add_argument("--rerank", help="a cross-encoder: a folder or owner/name of a hub")
    parser.add_argument("--off-topic", type=Path, metavar="OTHER.json")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ.update(QUIET)
    models = Models(from_environment(os.environ, embedding=options.embedding, rerank=options.rerank))
    embedder, reranker = models.embedder.get(), models.reranker.get()
    told = {}
    for file in options.files:
        everything = read(file)
        asked = sample([question for question in everything if question.golds], options.limit)
        if not asked:
            parser.error(f"{file.name} has no question with an answer")
        texts = passages([*asked, *everything])
        texts = texts[: max(options.passages or len(texts), len(passages(asked)))]
        foreign = others(options.off_topic, everything, len(asked)) if options.off_topic else []
        told[file.stem] = measure(asked, texts, foreign, embedder, reranker)
    print(json.dumps(told, ensure_ascii=False, indent=2)) if options.json else show(told)


def others(path: Path, everything: Sequence[Question], count: int) -> list[Question]:
    titles = {question.title for question in everything}
    return sample([question for question in read(path) if question.title not in titles], count)


def measure(
    asked: Sequence[Question],
    texts: Sequence[str],
    foreign: Sequence[Question],
    embedder: Embedder,
    reranker: Reranker | None = None,
) -> dict:
    """One file's table: way of finding → measure → mean and interval."""
    told: dict = {"questions": len(asked), "documents": len(texts), "embedding": embedder.space}
    meant, said = scores(asked, texts, embedder)
    ways = {
        DENSE: meant,
        "BM25": said,
        "reciprocal rank": reciprocal(meant) + reciprocal(said),
        "min-max half and half": min_max(meant) + min_max(said),
    }
    names = [digest(text) for text in texts]
    runs = {way: run_of(found, names) for way, found in ways.items()}
    with ChromaLibrary(None, embedder) as library:
        fill(library, texts)
        runs["the library as it is"] = run_of_library(library, asked)
        if reranker is not None:
            runs["with the cross-encoder"] = run_of_library(RerankedLibrary(library, reranker), asked)
        if foreign:
            told["off-topic"] = separation(library, asked, foreign)
    judged = {way: judge(asked, run) for way, run in runs.items()}
    told["ways"] = {way: summary(values) for way, values in judged.items()}
    told["above dense"] = {way: summary(minus(values, judged[DENSE])) for way, values in judged.items() if way != DENSE}
    return told


def scores(asked: Sequence[Question], texts: Sequence[str], embedder: Embedder) -> tuple[Scores, Scores]:
    """Cosines and BM25, shape (questions, documents)."""
    meant = numpy.stack([embedder.embed_question(question.text) for question in asked])
    index = KeywordIndex(texts)
    said = numpy.stack([index.scores(question.text) for question in asked])
    return (meant @ embedder.embed_passages(texts).T).astype(float), said.astype(float)


def reciprocal(found: Scores) -> Scores:
    ranks = numpy.argsort(numpy.argsort(-found, axis=1, kind="stable"), axis=1)
    return 1.0 / (60 + ranks)


def min_max(found: Scores) -> Scores:
    low, high = found.min(axis=1, keepdims=True), found.max(axis=1, keepdims=True)
    scaled: Scores = (found - low) / numpy.maximum(high - low, 1e-9)
    return scaled


def run_of(found: Scores, names: Sequence[str]) -> Run:
    """The best of each row; what scores nothing is not found."""
    best = numpy.argsort(-found, axis=1, kind="stable")[:, :DEEP]
    return {
        str(row): {names[at]: float(found[row, at]) for at in columns if found[row, at] != 0.0}
        for row, columns in enumerate(best)
    }


def fill(library: Library, texts: Sequence[str]) -> None:
    for number, text in enumerate(texts):
        library.add(Document(digest(text), f"passage {number}", "text", (Passage(text, Section("")),)), SCOPE)


def run_of_library(library: Library, asked: Sequence[Question]) -> Run:
    """A document stands where its best piece does."""
    run: Run = {}
    for row, question in enumerate(asked):
        found = library.search(question.text, SCOPE, limit=DEEP)
        order = list(dict.fromkeys(piece.source_id for piece in found))
        run[str(row)] = {source: 1.0 / place for place, source in enumerate(order, 1)}
    return run


def judge(asked: Sequence[Question], run: Run) -> dict[str, list[float]]:
    """measure → its value for each question, in order; a question that finds nothing has 0."""
    gold = {str(row): {digest(question.passage): 1} for row, question in enumerate(asked)}
    values = {name: [0.0] * len(asked) for name in MEASURES}
    name_of = {measure: name for name, measure in MEASURES.items()}
    for one in ir_measures.iter_calc(list(MEASURES.values()), gold, run):
        values[name_of[one.measure]][int(one.query_id)] = one.value
    return values


def minus(values: dict[str, list[float]], base: dict[str, list[float]]) -> dict[str, list[float]]:
    return {name: [ours - theirs for ours, theirs in zip(values[name], base[name], strict=True)] for name in values}


def summary(values: dict[str, list[float]]) -> dict[str, list[float]]:
    """measure → mean and the two ends of its 95 % interval."""
    return {
        name: [round(number, 3) for number in (statistics.fmean(each), *interval(each))]
        for name, each in values.items()
    }


def separation(library: Library, asked: Sequence[Question], foreign: Sequence[Question]) -> dict:
    """The best scores of questions that the documents answer, and of questions about something else."""

    def best(questions: Sequence[Question]) -> Scores:
        found = [library.search(question.text, SCOPE, limit=1) for question in questions]
        return numpy.array([hits[0].score if hits else 0.0 for hits in found])

    own, other = best(asked), best(foreign)
    above = (own[:, None] > other[None]).mean() + 0.5 * (own[:, None] == other[None]).mean()
    told = {
        "answerable, median": numpy.median(own),
        "answerable, 5th percentile": numpy.percentile(own, 5),
        "off-topic, median": numpy.median(other),
        "off-topic, 95th percentile": numpy.percentile(other, 95),
        "an answerable one has the better score of a pair": above,
    }
    return {"questions": len(foreign)} | {name: round(float(value), 3) for name, value in told.items()}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def show(told: dict) -> None:
    for name, one in told.items():
        print(f"\n{name}: {one['questions']} questions, {one['documents']} documents, {one['embedding']}")
        print(" " * 32 + "".join(f"{measure:23}" for measure in MEASURES))
        for way, values in one["ways"].items():
            print(f"  {way:30}" + "".join(cell(values[measure], ".3f") for measure in MEASURES))
        print("  above dense")
        for way, values in one["above dense"].items():
            print(f"  {way:30}" + "".join(cell(values[measure], "+.3f") for measure in MEASURES))
        for measure, value in one.get("off-topic", {}).items():
            print(f"  best score: {measure}: {value}")


def cell(value: list[float], form: str) -> str:
    mean, low, high = (format(number, form) for number in value)
    return f"{f'{mean} ({low}–{high})':23}"


if __name__ == "__main__":
    main()
