"""How well passages are found: by meaning, by words, and by both, on public questions in English and Chinese.

    python -m benchmarks.finding --model FOLDER [--questions 100]

Took under three minutes with MiniLM on two busy cores.

Reads SQuAD 2.0, XQuAD and CMRC 2018 from ../shared/data/qa beside the project; what is not there is skipped.
R@1, R@5: share of the questions whose passage comes first, or among the first five. MRR: mean of 1/rank.
Last, on SQuAD: how the best scores of questions about these articles and about others differ.
"""

import argparse
import json
import random
import time
from pathlib import Path

import numpy
import numpy.typing

from assistant.device import Device
from assistant.embedding import TextEmbedder
from assistant.ports import Embedder
from assistant.profiles import profile_named
from retrieval.calibration import Scale, calibrate
from retrieval.keyword import KeywordIndex
from retrieval.ranking import fuse

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "qa"
SETS = ("squad2_part", "xquad.en", "xquad.zh", "cmrc2018_trial")
Table = numpy.typing.NDArray[numpy.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, required=True, help="folder with the embedder's files")
    parser.add_argument("--profile", default="minilm", help="its profile (default: minilm)")
    parser.add_argument(
        "--questions", type=int, default=100, help="questions, and passages, of each set (default: 100)"
    )
    chosen = parser.parse_args()
    profile = profile_named(chosen.profile)
    if profile is None:
        parser.error(f"there is no profile {chosen.profile}")
    present = [name for name in SETS if (DATA / f"{name}.json").exists()]
    for name in SETS:
        if name not in present:
            print(f"{name}: skipped, {DATA / name}.json is not there")
    if not present:
        return
    embedder = TextEmbedder.load(profile, chosen.model, Device("cpu", "CPU", 0, 0, "float32"))
    for name in present:
        measure(name, embedder, chosen.questions)
    if "squad2_part" in present:
        off_topic(embedder, chosen.questions)


def measure(name: str, embedder: Embedder, count: int) -> None:
    passages, questions, gold = sample(name, count)
    began = time.monotonic()
    vectors = embedder.embed_passages(passages)
    seconds = time.monotonic() - began
    dense = (numpy.stack([embedder.embed_question(question) for question in questions]) @ vectors.T).astype(float)
    index = KeywordIndex(passages)
    keyword = numpy.stack([index.scores(question) for question in questions]).astype(float)
    scale = calibrate(embedder, unspaced=name in ("xquad.zh", "cmrc2018_trial"))
    speed = f"{len(passages) / seconds:.0f} embedded a second"
    print(f"\n{name}: {len(questions)} questions, {len(passages)} passages ({speed})")
    print(f"  {scale}")
    ways = {
        "meaning (dense)": dense,
        "words (BM25)": keyword,
        "both, reciprocal rank": _reciprocal(dense) + _reciprocal(keyword),
        "both, min-max half and half": _min_max(dense) + _min_max(keyword),
        "both, as the library does": _fused(dense, keyword, scale),
    }
    for way, scores in ways.items():
        print(f"  {way:28} {quality(scores, gold)}")


def off_topic(embedder: Embedder, count: int) -> None:
    """Questions about the first three articles, and about the others, over passages of the first three."""
    passages, about_these, _ = sample("squad2_part", count, slice(0, 3))
    _, about_others, _ = sample("squad2_part", count, slice(3, None))
    index, vectors = KeywordIndex(passages), embedder.embed_passages(passages)
    scale = calibrate(embedder, unspaced=False)

    def best(questions: list[str]) -> Table:
        dense = (numpy.stack([embedder.embed_question(question) for question in questions]) @ vectors.T).astype(float)
        keyword = numpy.stack([index.scores(question) for question in questions]).astype(float)
        best_scores: Table = _fused(dense, keyword, scale).max(axis=1)
        return best_scores

    answerable, others = best(about_these), best(about_others)
    above = (answerable[:, None] > others[None]).mean()
    print(f"\noff-topic: {len(others)} questions about other articles against {len(answerable)} answerable ones")
    low, middle, high = numpy.percentile(answerable, 5), numpy.median(others), numpy.percentile(others, 95)
    print(f"  best score, answerable: median {numpy.median(answerable):.2f}, 5th percentile {low:.2f}")
    print(f"  best score, off-topic: median {middle:.2f}, 95th percentile {high:.2f}")
    print(f"  an answerable question beats an off-topic one {above:.3f} of the time")


def sample(name: str, count: int, articles: slice = slice(None)) -> tuple[list[str], list[str], list[int]]:
    """`count` passages, `count` questions that they answer, and the position of each question's passage."""
    chance = random.Random(0)
    data = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["data"][articles]
    paragraphs = [paragraph for article in data for paragraph in article["paragraphs"]]
    paragraphs = chance.sample(paragraphs, min(count, len(paragraphs)))
    asked = [
        (qa["question"], position)
        for position, paragraph in enumerate(paragraphs)
        for qa in paragraph["qas"]
        if not qa.get("is_impossible")
    ]
    asked = chance.sample(asked, min(count, len(asked)))
    return [p["context"] for p in paragraphs], [question for question, _ in asked], [at for _, at in asked]


def quality(scores: Table, gold: list[int]) -> str:
    own = scores[numpy.arange(len(gold)), gold][:, None]
    rank = (scores > own).sum(axis=1) + ((scores == own).sum(axis=1) - 1) / 2  # ties share their places
    return f"R@1 {(rank < 1).mean():.3f}  R@5 {(rank < 5).mean():.3f}  MRR {(1 / (rank + 1)).mean():.3f}"


def _reciprocal(scores: Table) -> Table:
    ranks = numpy.argsort(numpy.argsort(-scores, axis=1, kind="stable"), axis=1)
    return 1.0 / (60 + ranks)


def _min_max(scores: Table) -> Table:
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    scaled: Table = (scores - low) / numpy.maximum(high - low, 1e-9)
    return scaled


def _fused(dense: Table, keyword: Table, scale: Scale) -> Table:
    rows = []
    for meant, said in zip(dense.tolist(), keyword.tolist(), strict=True):
        names = [str(number) for number in range(len(meant))]
        fused = fuse(dict(zip(names, meant, strict=True)), dict(zip(names, said, strict=True)), scale)
        rows.append([fused[name] for name in names])
    return numpy.array(rows)


if __name__ == "__main__":
    main()
