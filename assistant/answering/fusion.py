"""Media weighed against one another for this question, and the best of them chosen.

The three ways of the cross-modal literature to fuse what several media say, over pieces of evidence:
concatenation (all alike), weights (the media that the question names count more) and attention (a
softmax over how well each medium's best pieces fit the question).
"""

import math
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.settings.settings import Fusion
from assistant.text.chinese_scripts import folded
from assistant.text.tokens import tokens
from assistant.values.evidence import Evidence, Medium

MOST_MEANT = 4  # sources of which something is kept, whatever it weighs


def _naming(english: str, chinese: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english})s?\b|{chinese}", re.IGNORECASE)


_NAMES: dict[Medium, re.Pattern[str]] = {
    "image": _naming("picture|photo|image|screenshot|scan|drawing", "图片|照片|图像|截图|这张图|画面"),
    "audio": _naming("recording|audio|voice|spoken|said|say|speaker|meeting|hear", "录音|音频|说了|讲了|会议"),
    "video": _naming("video|clip|film|scene|footage", "视频|录像|片段"),
    "text": _naming("document|page|pdf|file|report|letter|contract|article", "文件|文档|报告|合同|第.{1,3}页"),
}


@dataclass(frozen=True)
class Tuning:
    """How strongly media are weighed; measured by benchmarks/fusion.py."""

    unnamed: float = 0.8
    """The weight of the other media once the question names one, 0 to 1."""
    earlier: float = 0.75
    """The weight of what was given in earlier turns, against this one."""
    sharpness: float = 0.2
    """Of the attention. A higher one lets the best medium take more; 0 is concatenation."""
    naming: float = 2.0
    """What being named adds to the affinity of a medium, in standard deviations of the scores."""
    breadth: float = 1.0
    """What a piece gains that holds all of the question that is still missing, in best scores."""


TUNING = Tuning()


@dataclass(frozen=True)
class Fused:
    """Evidence after fusion."""

    evidence: tuple[Evidence, ...]
    """Best first. `score` is now the weight after fusion, 0 to 1."""
    media_weights: tuple[tuple[Medium, float], ...]
    """0 to 1 each."""


def weigh(
    found: Sequence[Evidence], question: str, way: Fusion, given_now: Sequence[str] = (), tuning: Tuning = TUNING
) -> Fused:
    """The pieces found, re-ranked by their medium's weight. given_now: source_ids of this very turn."""
    media = list(dict.fromkeys(piece.medium for piece in found))
    weights = _WAYS[way](found, media, named(question), tuning)
    earlier = tuning.earlier if given_now else 1.0
    weighed = [
        replace(piece, score=piece.score * weights[piece.medium] * (1.0 if piece.source_id in given_now else earlier))
        for piece in found
    ]
    weighed.sort(key=lambda piece: -piece.score)
    return Fused(tuple(weighed), tuple((medium, round(weights[medium], 3)) for medium in media))


def named(question: str) -> frozenset[Medium]:
    """The media that the question names ("in the recording")."""
    return frozenset(medium for medium, names in _NAMES.items() if names.search(folded(question)))


Weights = dict[Medium, float]
Way = Callable[[Sequence[Evidence], Sequence[Medium], frozenset[Medium], Tuning], Weights]


def _concatenation(
    found: Sequence[Evidence],  # noqa: ARG001
    media: Sequence[Medium],
    named: frozenset[Medium],  # noqa: ARG001
    tuning: Tuning,  # noqa: ARG001
) -> Weights:
    return dict.fromkeys(media, 1.0)


def _weights(
    found: Sequence[Evidence],  # noqa: ARG001
    media: Sequence[Medium],
    named: frozenset[Medium],
    tuning: Tuning,
) -> Weights:
    meant = named.intersection(media)
    return {medium: 1.0 if not meant or medium in meant else tuning.unnamed for medium in media}


def _attention(found: Sequence[Evidence], media: Sequence[Medium], named: frozenset[Medium], tuning: Tuning) -> Weights:
    """Softmax over each medium's three best scores, calibrated to the spread of all; the best one is 1."""
    scores = [piece.score for piece in found]
    spread = statistics.pstdev(scores) or 1.0 if scores else 1.0
    mean = statistics.fmean(scores) if scores else 0.0
    affinity = {}
    for medium in media:
        best = sorted((piece.score for piece in found if piece.medium == medium), reverse=True)[:3]
        affinity[medium] = (statistics.fmean(best) - mean) / spread + tuning.naming * (medium in named)
    top = max(affinity.values(), default=0.0)
    return {medium: math.exp((value - top) * tuning.sharpness) for medium, value in affinity.items()}


_WAYS: dict[Fusion, Way] = {"concatenation": _concatenation, "weights": _weights, "attention": _attention}


def choose(
    weighed: Sequence[Evidence],
    budget_tokens: int,
    count: Callable[[str], int],
    question: str = "",
    tuning: Tuning = TUNING,
    meant: Sequence[str] = (),
) -> tuple[Evidence, ...]:
    """The best pieces that fit the budget: the best one first, then those that also hold words of the question
    which none before them does, so that a question asked over a page, a picture and a recording sees all three.

    At least one piece is kept, however long, and one of each of the first few sources that are meant (source_ids).
    """
    missing = {token.text for token in tokens(question)}
    share = tuning.breadth * max((piece.score for piece in weighed), default=0.0) / max(len(missing), 1)
    words = [{token.text for token in tokens(piece.content)} for piece in weighed]
    waiting = list(range(len(weighed)))
    kept: list[Evidence] = []
    left = budget_tokens
    for source_id in meant[:MOST_MEANT]:
        best = max((at for at in waiting if weighed[at].source_id == source_id), key=_score(weighed), default=None)
        if best is not None:
            waiting.remove(best)
            kept.append(weighed[best])
            missing -= words[best]
            left -= count(weighed[best].content) + 12
    while waiting:
        at = max(waiting, key=lambda at: weighed[at].score + (share * len(missing & words[at]) if kept else 0.0))
        waiting.remove(at)
        needed = count(weighed[at].content) + 12  # its heading
        if not kept or needed <= left:
            kept.append(weighed[at])
            missing -= words[at]
            left -= needed
    return tuple(sorted(kept, key=lambda piece: -piece.score))


def _score(pieces: Sequence[Evidence]) -> Callable[[int], float]:
    return lambda at: pieces[at].score
