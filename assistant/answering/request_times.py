"""The seconds that a request names: "at 0:42", "between 1:10 and 2:00", "the last minute", "1分10秒".

Times are never taken from a model: like citation numbers they come from where the evidence stands.
"""

import re

from assistant.values.request import Span

AROUND = 2.0  # seconds on both sides of a moment that is named

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
