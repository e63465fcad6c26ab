"""Moments: where in a recording or film something is said or seen, found by its words and by its meaning.

Whether that is asked, somebody else has decided; here only what is looked for matters. Times come from where the
evidence stands.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from statistics import median

from assistant.answering.kinds.examples import examples
from assistant.citing.citations import Cited
from assistant.ports.embedding import Embedder
from assistant.text.answer_language import in_language
from assistant.text.tokens import Token, is_cjk, tokens
from assistant.values.events import Citation
from assistant.values.evidence import Evidence, Seconds, TextSpan, clock

MOST_TOLD = 3  # moments in one answer
MOST_MENTIONS = 8  # of those that hold every word of what is looked for
NEAR = 0.34  # share of the words, or likeness of meaning, from which a moment is what was asked for
ABOVE = 0.15  # by how much its likeness stands out from the usual one of this recording
FEW = 5  # segments below which nothing is usual
NOWHERE = 0.6  # what a word that stands nowhere weighs beside one that stands in one place: it may be one that asks
CLOSE = 0.9  # of the best one, from which another is as good
TOGETHER = 15.0  # seconds in which one thing is spoken of, whose beginning is told
ASKING = 0.05  # share of the examples of such requests from which a word of them asks, and is not looked for
COMMON = 0.02  # share of all examples of a language from which a word of them says nothing
LISTED = ("en", "zh")  # languages whose words that say nothing `tokens` leaves out

_ASKING = re.compile(
    r"\b(?:when|at (?:what|which) (?:point|time|minute|second|moment)|(?:what|which) (?:minute|second|point|moment)|"
    r"how far in|whereabouts|where in (?:the|this) (?:video|recording|film|clip|audio|talk|lecture|meeting)|"
    r"where in (?:the|this)|time ?(?:stamp|code)s?|"
    r"(?:mention|say|says|said|talk|speak|spoke|discuss|bring|brought|explain|announce|ask|answer|tell|told|"
    r"describe|show|shown|appear|see|seen|read|heard|hear|name|quote|thank|greet|introduce)\w*|"
    r"do|does|did|is|are|was|were|she|he|they|it|video|recording|film|clip|speaker|screen|"
    r"wann|erwähn\w*|sprech\w*|spricht|reden?|redet|sagt|sagen|sie|man|quand|parlent?|disent|mentionn\w*|elles?|ils?|"
    r"cuándo|mencion\w*|hablan?|dicen?|ellas?|ellos|quando|falam?|dizem|diz|elas?|eles?|parlano|parla|lei|lui|"
    r"когда|говор\w*|упомина\w*|речь|она|они|он)\b"
    r"|什么时候|何时|几分几秒|第?几分钟?|第几秒|哪一?(?:分钟|秒|刻)|时间点|提到|说到|讲到|谈到|聊到|出现|显示|介绍"
    r"|帮我|给我|请问?|找一下|找到|的地方|那一段|的片段|部分|画面|屏幕|录音|视频|开始|哪里|哪儿|[他她它你我]们?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"«„「『]([^”\"»“」』]{2,80})[”\"»“」』]")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")  # of endings and particles


@dataclass(frozen=True)
class Moment:
    """A place where what was asked for is said or seen. nearness: 0 to 1."""

    piece: Evidence
    place: TextSpan
    nearness: float

    @property
    def quote(self) -> str:
        return self.piece.content[self.place.start : self.place.end].strip()

    @property
    def at(self) -> Seconds:
        assert isinstance(self.place.location, Seconds), "only what lasts has moments"
        return self.place.location


@dataclass(frozen=True)
class Sought:
    """What is looked for: its words, and the same as text for its meaning."""

    text: str
    words: tuple[Token, ...]
    language: str = "en"


def sought(words: str, language: str) -> Sought:
    """What a request looks for, without the words that ask when; what it puts into quotation marks, where it does."""
    if quoted := _QUOTED.search(words):
        return Sought(quoted[1], tuple(dict.fromkeys(tokens(quoted[1]))), language)
    text = " ".join(_ASKING.sub(" ", words).split()).strip(" ?？!.。,，")
    said_by_all = _asking_words(language)
    kept = [one for one in tokens(text) if one.text not in said_by_all and not _HIRAGANA.search(one.text)]
    return Sought(text, tuple(dict.fromkeys(kept)), language)


def find(what: Sought, pieces: Sequence[Evidence], embedder: Embedder | None) -> list[Moment]:
    """Where in these pieces it is: the segments that hold most of its words, or mean most of it; in order of time."""
    places = [
        (piece, place)
        for piece in pieces
        if piece.medium in ("audio", "video") and isinstance(piece.location, Seconds)
        for place in (piece.places or (TextSpan(0, len(piece.content), piece.location),))
        if isinstance(place.location, Seconds)
    ]
    if not what.words or not places:
        return []
    texts = [piece.content[place.start : place.end] for piece, place in places]
    shares = _shares(what.words, texts)
    meant = _likeness(what, texts, shares, embedder)
    near = [max(share, mean) + 0.25 * mean for share, mean in zip(shares, meant, strict=True)]
    best = max(near)
    if best < NEAR:
        return []
    found = [
        (Moment(piece, place, min(1.0, score)), share)
        for (piece, place), score, share in zip(places, near, shares, strict=True)
        if score >= CLOSE * best
    ]
    found.sort(key=lambda one: (one[0].piece.source_id, one[0].at.start))
    found = _beginnings(found)
    whole = [moment for moment, share in found if share > 0.999]
    if len(whole) > MOST_TOLD:
        return whole[:MOST_MENTIONS]
    best_first = sorted((moment for moment, _ in found), key=lambda moment: -moment.nearness)[:MOST_TOLD]
    return sorted(best_first, key=lambda moment: (moment.piece.source_id, moment.at.start))


def rendered_answer(moments: Sequence[Moment], language: str) -> Cited:
    """The answer in this language: each moment with its time and its own words, cited."""
    citations = tuple(
        Citation(
            number,
            moment.piece.source_id,
            moment.piece.source,
            moment.piece.medium,
            moment.at,
            moment.quote,
            moment.piece.content,
        )
        for number, moment in enumerate(moments, 1)
    )
    several = len({moment.piece.source_id for moment in moments}) > 1
    shown = [
        {
            "number": number,
            "time": clock(moment.at.start),
            "source": moment.piece.source if several else "",
            "quote": " ".join(moment.quote.split()),
            "seen": moment.at.sense == "seen",
        }
        for number, moment in enumerate(moments, 1)
    ]
    return Cited(in_language(language).render("moment.md.j2", moments=shown), citations, ())


def _shares(wanted: Sequence[Token], texts: Sequence[str]) -> list[float]:
    """Of each text the share of these words that stand in it; a word that stands in many of them weighs little."""
    there = [{token.text for token in tokens(text)} for text in texts]
    held = [{word.text for word in wanted if _stands(word, among)} for among in there]
    in_how_many = Counter(word for each in held for word in each)
    nowhere = NOWHERE * log(1 + len(texts) / 1.5)
    weights = {
        word.text: log(1 + len(texts) / (0.5 + in_how_many[word.text])) if in_how_many[word.text] else nowhere
        for word in wanted
    }
    return [sum(weights[word] for word in each) / sum(weights.values()) for each in held]


def _stands(word: Token, among: Collection[str]) -> bool:
    """Itself, another form of it by its ending (Preis, Preise), or what begins with it (Versicherungsbeitrag)."""
    if word.text in among:
        return True
    if word.kind not in ("word", "name") or len(word.text) < 4:
        return False
    return any(
        len(shorter) >= (4 if len(longer) - len(shorter) <= 3 else 7) and longer.startswith(shorter)
        for shorter, longer in (sorted((word.text, other), key=len) for other in among)
    )


def _likeness(what: Sought, texts: Sequence[str], shares: Sequence[float], embedder: Embedder | None) -> list[float]:
    """How near in meaning each is, as far as it stands out: to a model that does not know their language all texts are
    alike. Nobody says which languages it knows besides English, so in others a word must be shared too."""
    if embedder is None or not what.text:
        return [0.0] * len(texts)
    cosines = [float(one) for one in embedder.embed_passages(texts) @ embedder.embed_question(what.text)]
    usual = median(cosines) if len(cosines) >= FEW else 0.0
    return [
        cosine if cosine - usual >= ABOVE and (share or (what.language == "en" and not is_cjk(other))) else 0.0
        for cosine, other, share in zip(cosines, texts, shares, strict=True)
    ]


def _beginnings(found: Sequence[tuple[Moment, float]]) -> list[tuple[Moment, float]]:
    """The first of those that follow one another closely; found: in order of time."""
    kept: list[tuple[Moment, float]] = []
    last: Moment | None = None
    for moment, share in found:
        follows = (
            last is not None
            and (last.piece.source_id, last.at.sense) == (moment.piece.source_id, moment.at.sense)
            and moment.at.start - last.at.end < TOGETHER
        )
        if not follows:
            kept.append((moment, share))
        elif share > kept[-1][1]:
            kept[-1] = (moment, share)
        last = moment
    return kept


@cache
def _asking_words(language: str) -> frozenset[str]:
    """Words that many requests for a moment share, and words that many requests of any kind do."""
    every = [one for one in examples() if one.language == language]
    asking = [one.wording for one in every if one.kind == "moment"]
    words = _in_many(asking, max(2.0, ASKING * len(asking)))
    if language not in LISTED:
        words |= _in_many([one.wording for one in every], max(2.0, COMMON * len(every)))
    return words


def _in_many(wordings: Sequence[str], least: float) -> frozenset[str]:
    counted = Counter(
        word for wording in wordings for word in {one.text for one in tokens(wording) if one.kind != "number"}
    )
    return frozenset(word for word, count in counted.items() if count >= least)
