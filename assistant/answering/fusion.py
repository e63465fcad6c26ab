"""Media weighed against one another for this question, and what fits made into the model's messages.

The three ways of the cross-modal literature to fuse what several media say, over pieces of evidence:
concatenation (all alike), weights (the media that the question names count more) and attention (a
softmax over how well each medium's best pieces fit the question).
"""

import math
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.picture_budget import LEAST_TOKENS, Look, Showing, budget, in_place, show
from assistant.models.profiles import ModelProfile
from assistant.settings.settings import Fusion
from assistant.text.chinese_scripts import folded
from assistant.text.picture_references import asks_where, numbered
from assistant.text.tokens import is_cjk, tokens
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.evidence import Evidence, Medium, Region, describe
from assistant.values.parts import Image, Message, Text
from prompts import render

LEAST_ANSWER = 64  # tokens left for an answer, whatever else must go
MOST_MEANT = 4  # sources of which something is kept, whatever it weighs
MOST_FOUND = 2  # pictures that a search brings back into view
MOST_HISTORY = {True: 2, False: 12}  # turns shown again, by whether the model is a small one


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
    """How strongly media are weighed; measured by benchmarks/fusion.py.

    unnamed: weight of the other media once the question names one, 0 to 1. earlier: weight of what was given in
    earlier turns, against this one. sharpness: of the attention; higher lets the best medium take more, 0 is
    concatenation. naming: what being named adds to a medium's affinity, in standard deviations of the scores.
    breadth: what holding all of the question that is still missing adds to a piece, in best scores.
    """

    unnamed: float = 0.8
    earlier: float = 0.75
    sharpness: float = 0.2
    naming: float = 2.0
    breadth: float = 1.0


TUNING = Tuning()


@dataclass(frozen=True)
class Fused:
    """evidence: best first, `score` now the weight after fusion (0 to 1). media_weights: 0 to 1 each."""

    evidence: tuple[Evidence, ...]
    media_weights: tuple[tuple[Medium, float], ...]


@dataclass(frozen=True)
class Prompt:
    """What the engine will be given, and what of it is evidence. notes: what had to be left out."""

    messages: tuple[Message, ...]
    evidence: tuple[Evidence, ...]
    showing: Showing
    history_turns: int
    answer_tokens: int
    prompt_tokens: int
    notes: tuple[str, ...]

    @property
    def images(self) -> tuple[Image, ...]:
        return self.showing.images


NOTHING = Prompt((), (), Showing(), 0, 0, 0, ())


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


def build(
    question: str,
    evidence: Sequence[Evidence],
    images: Sequence[Image],
    conversation: Conversation,
    profile: ModelProfile,
    count: Callable[[Sequence[Message]], int],
    answer_tokens: int,
    look: Look,
    ask: str = "strict",
    with_history: bool = True,
    new: frozenset[str] = frozenset(),
    meant: Sequence[str] = (),
) -> Prompt:
    """Messages that fit the profile's context. The oldest turns go first, then the weakest evidence, then pictures
    become smaller and the earliest are left out; notes say so. Raises BadInput if the question alone does not fit.

    look: what pictures become (`Engine.sent`). new: source_ids of the pictures that came with this turn.
    meant: source_ids of pictures that the question speaks of; they are shown before others, as pinned ones are.
    """
    pieces, picture_tokens = list(evidence), budget(profile)
    found = dict.fromkeys(piece.source_id for piece in pieces if piece.medium == "image")
    first = [*dict.fromkeys((*conversation.pinned, *meant, *list(found)[:MOST_FOUND]))]
    numbers = numbered(conversation.images, new)
    showing = show(images, new, first, profile, look, picture_tokens)
    turns = min(len(conversation.exchanges), MOST_HISTORY[profile.small]) if with_history else 0
    left_out = {"turn": len(conversation.exchanges) - turns if with_history else 0, "piece": 0}
    while True:
        messages = _render(question, pieces, showing, numbers, conversation.messages(turns), profile, ask)
        needed = count(messages)
        room = profile.context_tokens - needed
        if room >= min(answer_tokens, LEAST_ANSWER):
            break
        if turns:
            turns, left_out["turn"] = turns - 1, left_out["turn"] + 1
        elif len(pieces) > 1:
            pieces.pop()
            left_out["piece"] += 1
        elif showing.pictures and picture_tokens > LEAST_TOKENS:
            picture_tokens = int(0.6 * picture_tokens)
            showing = show(images, new, first, profile, look, picture_tokens)
        elif pieces:
            pieces.pop()
            left_out["piece"] += 1
        else:
            raise BadInput(
                f"Your question is too long for this model: it takes {needed} tokens and the model "
                f"{profile.context_tokens}. Shorten it, or put the long part into a text file and attach that."
            )
    left_out["picture"] = showing.left_out
    notes = tuple(_left_out(kind, number) for kind, number in left_out.items() if number)
    if conversation.exchanges and not with_history:
        notes = ("Your question stands by itself, so earlier turns were not sent along.", *notes)
    if not profile.sees_video:
        notes = (*notes, *_frames_for_video(showing))
    return Prompt(tuple(messages), tuple(pieces), showing, turns, min(answer_tokens, room), needed, notes)


def _frames_for_video(showing: Showing) -> list[str]:
    """Of each video that was shown as pictures, that it was."""
    frames = [shown.image.name for shown in showing.pictures if shown.kind == "frame"]
    return [
        f"{name} was shown as {frames.count(name)} pictures with their times: this model does not take video itself."
        for name in dict.fromkeys(frames)
    ]


def _where(piece: Evidence, numbers: Mapping[str, int], language: str) -> str:
    """Where it stands, in words; of several pictures by the number that the person calls it by."""
    if isinstance(piece.location, Region) and len(numbers) > 1 and piece.source_id in numbers:
        return f"{'图片' if language == 'zh' else 'picture'} {numbers[piece.source_id]}"
    return describe(piece.location)


def _left_out(kind: str, number: int) -> str:
    what = {"turn": "earlier turn", "piece": "weaker piece of evidence", "picture": "earlier picture"}[kind]
    if kind == "piece":
        what = what if number == 1 else "weaker pieces of evidence"
    else:
        what += "s" if number > 1 else ""
    return f"{number} {what} did not fit and {'was' if number == 1 else 'were'} left out."


def _render(
    question: str,
    evidence: Sequence[Evidence],
    showing: Showing,
    numbers: Mapping[str, int],
    history: Sequence[Message],
    profile: ModelProfile,
    ask: str,
) -> list[Message]:
    pictures = showing.names
    language = "zh" if is_cjk(question) else ""
    if evidence:
        system = render("answer.md.j2", pictures=pictures, ask=ask, language=language, small=profile.small)
    else:
        system = render("chat.md.j2", pictures=pictures)
    shown = [
        {"source": piece.source, "where": _where(piece, numbers, language), "content": piece.content}
        for piece in evidence
    ]
    point = bool(profile.boxes and pictures and asks_where(question))
    asked = render("question.md.j2", evidence=shown, question=question, point=point, language=language)
    pixels = in_place(showing, language, profile.sees_video)
    return [Message("system", (Text(system),)), *history, Message("user", (*pixels, Text(asked)))]
