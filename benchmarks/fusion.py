"""How media are best weighed against one another, on files of questions in SQuAD's format (1.1 or 2.0).

    python -m benchmarks.fusion FILE.json… [--limit 100] [--passages 240] [--seeds 7,8,9] [--all] [--json]

The passages are dealt by chance to documents, pictures and recordings (benchmarks/mixed_media.py) and filed in one
library. Each question is asked in several ways: as it is; naming the medium that its answer stands in ("in the
recording, …", in Chinese where the file is Chinese); naming a wrong one, as people call a photo of a page a page;
joined with another one whose answer stands in another medium; and with some files handed over in this turn, the
answer's among them or not. For each way of weighing stand the share of questions whose passage comes first, of those
whose answer is among what fits the budget of the model (of joined ones both), and nDCG at 10 by `ir-measures`, with
95 % bootstrap intervals over the questions; then the differences to concatenation, question by question. --all adds
other values of the constants.
"""

import argparse
import itertools
import json
import os
import random
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

import ir_measures
from ir_measures import nDCG

from assistant.answering import fusion
from assistant.answering.fusion import TUNING, Tuning
from assistant.answering.tuning import SMALL
from assistant.ports.embedding import Embedder
from assistant.settings.settings import Fusion, from_environment
from assistant.setup.models import Models
from assistant.text.tokens import is_cjk
from assistant.values.evidence import Evidence, Medium
from assistant.values.parts import ChatMessage, Text
from benchmarks.mixed_media import MEDIA, Dealt, deal
from benchmarks.questions import Question, interval, passages, read, sample
from cli.main import QUIET
from retrieval.library import ChromaLibrary

SCOPE = "benchmark"
HANDED = 6  # files handed over with a question of the kinds "given now" and "given earlier"
MEASURES = ("first", "within budget", "nDCG@10")
NAMING: dict[Medium, tuple[str, ...]] = {
    "text": ("In the document, {}", "According to the report, {}", "{} It is in the file.", "Going by the PDF, {}"),
    "image": ("In the picture, {}", "According to the photo, {}", "{} See the image.", "On the screenshot: {}"),
    "audio": ("In the recording, {}", "According to the audio, {}", "{} Listen to the voice note.", "In the call, {}"),
}
CJK_NAMING: dict[Medium, tuple[str, ...]] = {
    "text": ("文件里，{}", "根据文档，{}", "报告中，{}", "{}请看PDF。"),
    "image": ("图片里，{}", "根据这张照片，{}", "截图上，{}", "{}请看这张图。"),
    "audio": ("录音里，{}", "根据这段音频，{}", "在会议上，{}", "{}请听语音。"),
}


@dataclass(frozen=True)
class FusionRequest:
    """kind: how it is asked. wanted: the questions whose answers it wants. given_now: source_ids of this turn."""

    kind: str
    text: str
    wanted: tuple[Question, ...]
    given_now: tuple[str, ...] = ()


@dataclass(frozen=True)
class FusionWay:
    name: str
    fusion: Fusion
    tuning: Tuning = TUNING


def ways(everything: bool) -> list[FusionWay]:
    told = [
        FusionWay("concatenation", "concatenation"),
        FusionWay("weights", "weights"),
        FusionWay("attention", "attention"),
    ]
    if everything:
        told += [
            FusionWay(f"weights, unnamed {n}", "weights", replace(TUNING, unnamed=n)) for n in (0.3, 0.6, 0.7, 0.9)
        ]
        told += [
            FusionWay(f"attention, sharpness {n}, naming {m}", "attention", replace(TUNING, sharpness=n, naming=m))
            for n, m in itertools.product((0.1, 0.2, 0.5, 1.0), (0.0, 1.0, 2.0))
        ]
        told += [
            FusionWay(f"weights, breadth {n}", "weights", replace(TUNING, breadth=n)) for n in (0.0, 0.5, 1.5, 2.0)
        ]
        told += [
            FusionWay(f"weights, earlier {n}", "weights", replace(TUNING, earlier=n)) for n in (0.5, 0.7, 0.85, 1.0)
        ]
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.json")
    parser.add_argument("--limit", type=int, default=100, help="questions of each file")
    parser.add_argument("--passages", type=int, default=240, help="filed at the most, those asked about first")
    parser.add_argument("--seeds", default="7,8,9", help="each deals the passages anew")
    parser.add_argument("--budget", type=int, help="tokens of evidence (default: of this machine's chat model)")
    parser.add_argument("--all", action="store_true", help="other values of the constants, too")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ.update(QUIET)
    models = Models(from_environment(os.environ))
    engine, embedder = models.engine.get(), models.embedder.get()

    @lru_cache(maxsize=100_000)
    def count(text: str) -> int:
        return engine.count_tokens([ChatMessage("assistant", (Text(text),))])

    seeds = [int(seed) for seed in options.seeds.split(",")]
    told = {}
    for file in options.files:
        everything = [question for question in read(file) if question.golds and question.text.strip()]
        asked = sample(everything, options.limit)
        texts = passages([*asked, *everything])[: max(options.passages, len(passages(asked)))]
        budget = options.budget or engine.profile.evidence_tokens
        told[file.stem] = measure(asked, texts, seeds, embedder, count, budget, ways(options.all))
    print(json.dumps(told, ensure_ascii=False, indent=2)) if options.json else show(told)


def measure(
    asked: Sequence[Question],
    texts: Sequence[str],
    seeds: Sequence[int],
    embedder: Embedder,
    count: Callable[[str], int],
    budget_tokens: int,
    compared: Sequence[FusionWay],
) -> dict:
    """One file's table: way → kind → measure → mean and interval; the first way is the one to beat.

    A question's values are averaged over the seeds before the interval is drawn: dealt anew it is no new question.
    """
    values: dict[tuple[str, str, str], list[list[float]]] = {}
    for seed in seeds:
        dealt = deal(texts, seed)
        with ChromaLibrary(None, embedder) as library:
            for one in dealt.values():
                library.add(one.document, SCOPE)
            rows = list(questions(asked, dealt, seed))
            found = [library.search(row.text, SCOPE, limit=SMALL.searched) for row in rows]
        for way in compared:
            for row, value in zip(rows, judge(way, rows, found, dealt, count, budget_tokens), strict=True):
                for name, number in value.items():
                    values.setdefault((way.name, row.kind, name), []).append([number])
    kinds = list(dict.fromkeys(kind for _, kind, _ in values))
    mean = {key: averaged([one[0] for one in many], len(seeds)) for key, many in values.items()}
    base = compared[0].name
    table = {way.name: {k: {m: summary(mean[way.name, k, m]) for m in MEASURES} for k in kinds} for way in compared}
    above = {
        way.name: {k: {m: summary(minus(mean[way.name, k, m], mean[base, k, m])) for m in MEASURES} for k in kinds}
        for way in compared[1:]
    }
    return {
        "questions": len(asked), "documents": len(texts), "seeds": list(seeds), "budget": budget_tokens,
        "ways": table, f"above {base}": above,
    }  # fmt: skip


def averaged(numbers: Sequence[float], seeds: int) -> list[float]:
    """The numbers stand seed after seed; a question of one seed is the same question of the next."""
    each = len(numbers) // seeds
    return [statistics.fmean(numbers[at + each * seed] for seed in range(seeds)) for at in range(each)]


def questions(asked: Sequence[Question], dealt: dict[str, Dealt], seed: int) -> Iterator[FusionRequest]:
    """Every question once in each kind, in the same order for every seed."""
    chance = random.Random(seed)
    sources = [one.document.source_id for one in dealt.values()]
    for number, question in enumerate(asked):
        own = dealt[question.passage].document
        others = [medium for medium in MEDIA if medium != own.medium]
        yield FusionRequest("as it is", question.text, (question,))
        yield FusionRequest("naming the medium", naming(question.text, own.medium, chance), (question,))
        yield FusionRequest("naming a wrong one", naming(question.text, chance.choice(others), chance), (question,))
        second = partner(asked, number, dealt)
        joint = "" if is_cjk(question.text) else "And "
        yield FusionRequest("two media joined", f"{question.text} {joint}{second.text}", (question, second))
        rest = [source for source in sources if source != own.source_id]
        handed = chance.sample(rest, min(HANDED, len(rest)))
        yield FusionRequest("given now", question.text, (question,), (own.source_id, *handed[1:]))
        yield FusionRequest("given earlier", question.text, (question,), tuple(handed))


def naming(text: str, medium: Medium, chance: random.Random) -> str:
    if is_cjk(text):
        return chance.choice(CJK_NAMING[medium]).format(text)
    template = chance.choice(NAMING[medium])
    lower = text[:1].lower() + text[1:] if text.split()[0] in _FIRST_WORDS else text
    return template.format(text if template.startswith("{") else lower)


_FIRST_WORDS = frozenset("Who What When Where Which Why How In At On Did Does Is Are The For From To By".split())


def partner(asked: Sequence[Question], number: int, dealt: dict[str, Dealt]) -> Question:
    """The next question whose passage lies in another medium."""
    own = dealt[asked[number].passage].document.medium
    rest = (asked[(number + step) % len(asked)] for step in range(1, len(asked)))
    return next((one for one in rest if dealt[one.passage].document.medium != own), asked[number])


def judge(
    way: FusionWay,
    rows: Sequence[FusionRequest],
    found: Sequence[Sequence[Evidence]],
    dealt: dict[str, Dealt],
    count: Callable[[str], int],
    budget_tokens: int,
) -> list[dict[str, float]]:
    told: list[dict[str, float]] = []
    gold, run = {}, {}
    for number, (row, pieces) in enumerate(zip(rows, found, strict=True)):
        wanted = [dealt[question.passage] for question in row.wanted]
        fused = fusion.weigh(pieces, row.text, way.fusion, row.given_now, way.tuning).evidence
        kept = fusion.choose(fused, budget_tokens, count, row.text, way.tuning)
        ids = [one.document.source_id for one in wanted]
        within = [
            any(one.holds(piece, question) for piece in kept) for one, question in zip(wanted, row.wanted, strict=True)
        ]
        told.append({"first": float(bool(fused) and fused[0].source_id in ids), "within budget": float(all(within))})
        gold[str(number)] = dict.fromkeys(ids, 1)
        order = dict.fromkeys(piece.source_id for piece in fused)
        run[str(number)] = {source: 1.0 / place for place, source in enumerate(order, 1)}
    for one in ir_measures.iter_calc([nDCG @ 10], gold, run):
        told[int(one.query_id)]["nDCG@10"] = one.value
    return [{"nDCG@10": 0.0} | each for each in told]


def minus(values: Sequence[float], base: Sequence[float]) -> list[float]:
    return [ours - theirs for ours, theirs in zip(values, base, strict=True)]


def summary(values: Sequence[float]) -> list[float]:
    """Mean and the two ends of its 95 % interval."""
    return [round(number, 3) for number in (statistics.fmean(values), *interval(values))]


def show(told: dict) -> None:
    for name, one in told.items():
        print(f"\n{name}: {one['questions']} questions, {one['documents']} passages, seeds {one['seeds']}")
        for title, form in (("ways", ".3f"), ("above concatenation", "+.3f")):
            print(f"  {title}")
            for way, kinds in one[title].items():
                for kind, values in kinds.items():
                    cells = "".join(f"{m} {cell(values[m], form)}" for m in MEASURES)
                    print(f"    {way:38}{kind:20}{cells}")


def cell(value: list[float], form: str) -> str:
    mean, low, high = (format(number, form) for number in value)
    return f"{f'{mean} ({low}–{high})':24}"


if __name__ == "__main__":
    main()
