"""Moments: the seconds that a question names, what stands there in a recording, and when in it something is said.

Times are never taken from a model: like citation numbers they come from where the evidence stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.citations import Cited
from assistant.conversation import Conversation
from assistant.events import Citation
from assistant.evidence import Evidence, Place, Seconds, clock, join
from assistant.ports import Embedder
from assistant.wording import is_cjk, tokens
from prompts import render

AROUND = 2.0  # seconds on both sides of a moment that is named
SPAN = 0.7  # a place touches a span only with more seconds than this, or it ended or began there
MOST_TOLD = 3  # moments in one answer
NEAR = 0.34  # share of the question's words, or likeness of meaning, from which a moment is what was asked for
CLOSE = 0.9  # of the best one, from which another is as good


@dataclass(frozen=True)
class Span:
    """Seconds of a recording that a question means. point: it named one moment, and this is the time around it.

    from_end: they are counted backwards from the end.
    """

    start: float
    end: float
    point: bool = False
    from_end: bool = False


_CLOCK = r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?!\d|[:.]\d|\s?[ap]\.?m)"
_TIME = re.compile(
    rf"(?<![\d:.]){_CLOCK}"
    r"|(?:(\d{1,2})\s*(?:hours?|h|个?小时)[\s,]*)?(?:(\d{1,3}(?:\.\d)?)\s*(?:minutes?|mins?|分钟?)\s*(?:and\s*)?)"
    r"(?:(\d{1,2})\s*(?:seconds?|secs?|s\b|秒钟?))?"
    r"|(?:the\s+)?(\d{1,5})(?:st|nd|rd|th)?\s*(?:seconds?|secs?|秒钟?)(?![A-Za-z])"
    r"|\bminutes?\s+(\d{1,3})\b"
    r"|\bseconds?\s+(\d{1,5})\b",
    re.IGNORECASE,
)
_EDGE = re.compile(
    r"\b(first|last|final)\s+(?:(\d{1,3}|two|three|five|ten|half)\s*)?(?:a\s+)?(seconds?|minutes?|hours?)\b|(最前|开头|前|最后|末尾)的?\s*(?:(\d{1,3}|[一两二三五十半])\s*)?个?(秒钟?|分钟?|小时)",
    re.IGNORECASE,
)
_BESIDE = 60  # characters on either side of a time that may say what it is
_POINT_BEFORE = re.compile(
    r"(?:\b(?:at|after|before|from|between|around|until|till|to|since|and|by)\s+(?:about\s+)?(?:the\s+)?|[第在从到至和])$",
    re.IGNORECASE,
)
_POINT_AFTER = re.compile(
    r"\s*(?:in\b|into\b|mark\b|[处时到至起说讲]|的时候|左右|附近|之后|以后|之前|以前|发生|出现|那里)", re.IGNORECASE
)
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "秒": 1.0, "分": 60.0, "小": 3600.0}
_NUMERALS = {
    "two": 2.0,
    "three": 3.0,
    "five": 5.0,
    "ten": 10.0,
    "half": 0.5,
    "一": 1.0,
    "两": 2.0,
    "二": 2.0,
    "三": 3.0,
    "五": 5.0,
    "十": 10.0,
    "半": 0.5,
}
_FROM = re.compile(r"\b(after|since|from)\b|之后|以后|后面|起", re.IGNORECASE)
_UNTIL = re.compile(r"\b(before|until|up to)\b|之前|以前", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(and|to|until|till|through)\b|[-–—~]|到|至|和|与", re.IGNORECASE)
_RECORDED = re.compile(
    r"\b(when|at (?:what|which) (?:point|time|minute|second|moment)|(?:what|which) (?:minute|second)|how far in|"
    r"where in (?:the|this) (?:video|recording|film|clip|audio|talk|lecture|meeting))\b",
    re.IGNORECASE,
)
_MENTIONED = re.compile(
    r"\b(mention|say|says|said|talk|speak|spoke|discuss|bring|brought|explain|announce|ask|answer|tell|told|"
    r"describe|show|shown|appear|see|seen|read|heard|hear|name|quote|thank|greet|introduce)\w*\b"
    r"|where in (?:the|this)|how far in|(?:what|which) (?:point|minute|second|moment)",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"什么时候|何时|几分几秒|第?几分钟?|第几秒|哪一?(?:分钟|秒|刻)|提到|说到|讲到|谈到|出现|显示|介绍"
    r"|[他她它你我]们?|\b(?:do|does|did|is|are|was|were|she|he|they|it|video|recording|film|clip|speaker)\b",
    re.IGNORECASE,
)
_SAID = re.compile(r"\b(?:said|say|says|saying|hear|heard|spoken|speaks?|talk\w*|mention\w*|tells?)\b|[说讲谈听]", re.I)
_SHOWN = re.compile(
    r"\b(?:shown?|shows|see|seen|visible|screen|looks?|appears?|written|picture)\b|[看写]|画面|显示|出现", re.I
)
_WHEN_ZH = re.compile(
    r"(?:什么时候|何时|几分几秒|第?几分钟?|第几秒|哪一?(?:分钟|秒|刻)|在哪里|在哪儿).{0,12}?"
    r"(?:提到|说到|讲到|谈到|说|讲|谈|出现|显示|看到|听到|介绍|提)"
    r"|(?:提到|说到|讲到|谈到|出现|显示|介绍).{1,20}?(?:是|在)?(?:什么时候|何时|几分几秒|第几分钟|第几秒|哪一?(?:分钟|秒))"
)


def asked(question: str) -> Span | None:
    """The seconds that it names: "at 0:42", "between 1:10 and 2:00", "minute 3", "the last minute", "1分10秒"."""
    if (edge := _EDGE.search(question)) is not None:
        return _edge(edge)
    found = [one for one in _TIME.finditer(question) if _is_moment(one, question)]
    if not found:
        return None
    start, length = _read(found[0], question)
    if len(found) > 1 and _BETWEEN.search(question[found[0].end() : found[1].start()]):
        end, more = _read(found[1], question)
        if end >= start:
            return Span(start, end + more)
    if _FROM.search(question[max(0, found[0].start() - 8) : found[0].start()] + question[found[0].end() :][:4]):
        return Span(start, float("inf"))
    if _UNTIL.search(question[max(0, found[0].start() - 8) : found[0].start()] + question[found[0].end() :][:4]):
        return Span(0.0, start)
    if length:
        return Span(start, start + length)
    return Span(max(0.0, start - AROUND), start + AROUND, point=True)


def _is_moment(found: re.Match[str], question: str) -> bool:
    """Whether it names a point of time and no span of it ("for 3 minutes", "用了3分钟")."""
    if found[3] is not None or found[8] is not None or found[9] is not None:
        return True  # 0:42, minute 3
    before = question[max(0, found.start() - _BESIDE) : found.start()]
    after = question[found.end() : found.end() + _BESIDE]
    return bool(_POINT_BEFORE.search(before) or _POINT_AFTER.match(after))


def _read(found: re.Match[str], question: str) -> tuple[float, float]:
    """The second, and how long what it names lasts: 0 for a moment."""
    hours, minutes, seconds, h, m, s, alone, minute, second = found.groups()
    if seconds is not None:
        return 3600.0 * int(hours or 0) + 60 * int(minutes) + int(seconds), 0.0
    if m is not None:
        nth = question[max(0, found.start() - 1) : found.start()] == "第"
        at = 3600.0 * int(h or 0) + 60 * float(m) + int(s or 0)
        return (max(0.0, at - 60), 120.0) if nth and s is None else (at, 0.0)  # the third minute, or minute 3
    if minute is not None:
        return 60.0 * int(minute), 60.0
    return float(alone or second), 0.0


def _edge(found: re.Match[str]) -> Span:
    which, number, unit, which_zh, number_zh, unit_zh = found.groups()
    said = (number or number_zh or "1").lower()
    count = _NUMERALS[said] if said in _NUMERALS else float(said)
    seconds = count * _UNITS[(unit or unit_zh).lower()[0]]
    if (which or "").lower() in ("last", "final") or which_zh in ("最后", "末尾"):
        return Span(0.0, seconds, from_end=True)
    return Span(0.0, seconds)


def placed(span: Span, pieces: Sequence[Evidence]) -> Span:
    """Counted from the beginning; pieces: all there is of the recording."""
    if not span.from_end or not pieces:
        return span
    end = max(piece.location.end for piece in pieces if isinstance(piece.location, Seconds))
    return Span(max(0.0, end - span.end), end)


def during(pieces: Sequence[Evidence], span: Span) -> list[Evidence]:
    """These pieces, each cut to what stands in the span; what is left says only that. In their order."""
    return [cut for piece in pieces if (cut := _cut(piece, span)) is not None]


def meant(pieces: Sequence[Evidence], question: str) -> list[Evidence]:
    """Of these what is heard, where it asks what is said, and what is seen, where it asks for that; else all."""
    said, shown = bool(_SAID.search(question)), bool(_SHOWN.search(question))
    if said == shown:
        return list(pieces)
    sense = "heard" if said else "seen"
    return [piece for piece in pieces if getattr(piece.location, "sense", "") == sense] or list(pieces)


def _cut(piece: Evidence, span: Span) -> Evidence | None:
    at = piece.location
    if not isinstance(at, Seconds):
        return None
    if not piece.places:
        return piece if _touches(at, span) else None
    kept = [place for place in piece.places if isinstance(place.location, Seconds) and _touches(place.location, span)]
    if not kept:
        return None
    start, end = kept[0].start, kept[-1].end
    places = tuple(Place(place.start - start, place.end - start, place.location) for place in kept)
    return replace(
        piece, content=piece.content[start:end], location=join([place.location for place in kept]), places=places
    )


def _touches(at: Seconds, span: Span) -> bool:
    """What only reaches a little into a longer span is not meant."""
    shared = min(at.end, span.end) - max(at.start, span.start)
    return shared > (0.0 if span.point else min(SPAN, 0.4 * (at.end - at.start)))


def asks_when(question: str) -> bool:
    """Whether it asks at which second of a recording something comes, and not for a date."""
    return bool(_WHEN_ZH.search(question) or (_RECORDED.search(question) and _MENTIONED.search(question)))


@dataclass(frozen=True)
class Moment:
    """A place where what was asked for is said or seen. nearness: 0 to 1."""

    piece: Evidence
    place: Place
    nearness: float

    @property
    def quote(self) -> str:
        return self.piece.content[self.place.start : self.place.end].strip()


def find(question: str, found: Sequence[Evidence], embedder: Embedder | None) -> list[Moment]:
    """Where in these pieces it is: the segments that hold most of its words, or mean most of it; in order of time."""
    sought = _sought(question)
    places = [
        (piece, place)
        for piece in found
        if piece.medium in ("audio", "video") and isinstance(piece.location, Seconds)
        for place in (piece.places or (Place(0, len(piece.content), piece.location),))
    ]
    if not sought or not places:
        return []
    texts = [piece.content[place.start : place.end] for piece, place in places]
    meant = [0.0] * len(texts)
    if embedder is not None:
        cosines = embedder.embed_passages(texts) @ embedder.embed_question(sought)
        meant = [float(cosine) for cosine in cosines]
    near = [max(_shared(sought, text), mean) + 0.25 * mean for text, mean in zip(texts, meant, strict=True)]
    best = max(near)
    if best < NEAR:
        return []
    moments = [
        Moment(piece, place, min(1.0, score))
        for (piece, place), score in zip(places, near, strict=True)
        if score >= CLOSE * best
    ]
    moments.sort(key=lambda moment: -moment.nearness)
    return sorted(moments[:MOST_TOLD], key=lambda moment: (moment.piece.source_id, _start(moment)))


def _shared(sought: str, text: str) -> float:
    """The share of what is sought whose words stand there."""
    wanted = {token.text for token in tokens(sought)}
    return len(wanted & {token.text for token in tokens(text)}) / len(wanted) if wanted else 0.0


def _sought(question: str) -> str:
    """What is looked for, without the words that ask when."""
    rest = _RECORDED.sub(" ", _MENTIONED.sub(" ", question))
    rest = _ASKING.sub(" ", rest)
    return " ".join(rest.split()).strip(" ?？.。") if tokens(rest) else ""


def told(moments: Sequence[Moment], question: str) -> Cited:
    """The answer in the question's language: each moment with its time and its own words, cited."""
    citations = []
    for number, moment in enumerate(moments, 1):
        piece = moment.piece
        at = moment.place.location
        citations.append(Citation(number, piece.source_id, piece.source, piece.medium, at, moment.quote, piece.content))
    several = len({moment.piece.source_id for moment in moments}) > 1
    shown = [
        {
            "number": number,
            "time": clock(_start(moment)),
            "source": moment.piece.source if several else "",
            "quote": " ".join(moment.quote.split()),
            "seen": isinstance(at := moment.place.location, Seconds) and at.sense == "seen",
        }
        for number, moment in enumerate(moments, 1)
    ]
    text = render("moment.md.j2", moments=shown, language="zh" if is_cjk(question) else "").strip()
    return Cited(text, tuple(citations), ())


def with_times(cited: Cited) -> Cited:
    """The time before each number of a recording's citation: "… (0:42)[1]"."""
    text = cited.text
    for citation in cited.citations:
        if isinstance(citation.location, Seconds):
            number = rf"\[{citation.number}\]"
            text = re.sub(rf"(?<!\))\s?{number}", f" ({clock(citation.location.start)})[{citation.number}]", text)
    return replace(cited, text=text)


def spread(pieces: Sequence[Evidence], most: int) -> list[Evidence]:
    """At most so many of these, evenly over their time, first and last among them."""
    if len(pieces) <= most:
        return list(pieces)
    step = (len(pieces) - 1) / max(most - 1, 1)
    return [pieces[round(number * step)] for number in range(most)]


def point_out(conversation: Conversation, evidence: Sequence[Evidence], most: int) -> None:
    """Moves the frames nearest to this evidence to the end of the conversation's pictures, in order of time; where
    none of it stands in a film, frames spread over each film."""
    films: dict[str, list[int]] = {}
    for number, image in enumerate(conversation.images):
        if image.seconds is not None:
            films.setdefault(image.source_id, []).append(number)
    if not films:
        return
    chosen: list[int] = []
    for piece in evidence:
        if isinstance(piece.location, Seconds) and (known := films.get(piece.source_id)):
            middle = (piece.location.start + piece.location.end) / 2
            nearest = min(known, key=lambda number: abs((conversation.images[number].seconds or 0.0) - middle))
            if nearest not in chosen and len(chosen) < most:
                chosen.append(nearest)
    if not chosen:
        last = next(reversed(films.values()))
        step = max(1, len(last) // most)
        chosen = last[step // 2 :: step][:most]
    shown = sorted((conversation.images[number] for number in chosen), key=lambda image: image.seconds or 0.0)
    for image in shown:
        conversation.show(image)


def _start(moment: Moment) -> float:
    at = moment.place.location
    return at.start if isinstance(at, Seconds) else 0.0
