"""Subtitles: what is said and when, as cues that can be read in time, and as SubRip and WebVTT write them.

A cue has at most two lines of about 42 letters, or 18 Chinese characters, and lasts at most seven seconds; it is
parted where a sentence ends, else where a clause does, else between words. Where the time of a part is not known it
is taken from its share of the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

LINE = 42.0  # letters
WIDE = LINE / 18  # letters that a Chinese character is wide
LINES = 2
LONGEST = 7.0  # seconds
SHORTEST = 1.0  # seconds a cue should stay, where the next one leaves room
SMALL = 12.0  # letters that are not worth a cue of their own

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+|[。！？；…]+[”’」』）]*\s*")
_CLAUSE_END = re.compile(r"[,;:—–]\s+|\s[—–-]\s|[，、：；]\s*")
_SPACE = re.compile(r"\s+")
_BETWEEN = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])(?=[\u3040-\u30ff\u3400-\u9fff])")


@dataclass(frozen=True)
class TimedWords:
    """Words and their seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Cue:
    """A subtitle."""

    start: float
    """In seconds."""
    end: float
    """In seconds."""
    lines: tuple[str, ...]
    """One or two."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def cues(said: Iterable[TimedWords]) -> tuple[Cue, ...]:
    """In order, none reaching into the next one. No word is left out."""
    parts = [part for one in said for part in _parted(replace(one, text=" ".join(one.text.split()))) if part.text]
    return tuple(Cue(part.start, part.end, lines(part.text)) for part in _in_time(_joined(parts)))


def lines(text: str) -> tuple[str, ...]:
    """The text in two lines of about the same width, the upper one the shorter; in one where it fits."""
    if width(text) <= LINE:
        return (text,)
    ends = _ends(text, _SPACE, _CLAUSE_END, _BETWEEN)
    fitting = [end for end in ends if width(text[:end].rstrip()) <= LINE and width(text[end:].lstrip()) <= LINE]
    if not fitting:
        return tuple(_filled(text))
    after_clause = set(_ends(text, _CLAUSE_END, _SENTENCE_END))
    half = width(text) / 2

    def awkward(end: int) -> float:
        return abs(width(text[:end]) - half) - (LINE / 4 if end in after_clause else 0.0)

    best = min(fitting, key=awkward)
    return (text[:best].rstrip(), text[best:].lstrip())


def srt(these: Sequence[Cue], first: int = 1) -> str:
    """SubRip: cues numbered from `first` on, times with a comma."""
    return "".join(
        f"{number}\n{_time(cue.start, ',')} --> {_time(cue.end, ',')}\n{cue.text}\n\n"
        for number, cue in enumerate(these, first)
    )


def vtt(these: Sequence[Cue], first: int = 1) -> str:
    """WebVTT: https://www.w3.org/TR/webvtt1/. Its marks are no part of what is said."""
    told = "".join(
        f"{number}\n{_time(cue.start, '.')} --> {_time(cue.end, '.')}\n{_escaped(cue.text)}\n\n"
        for number, cue in enumerate(these, first)
    )
    return f"WEBVTT\n\n{told}"


@lru_cache(maxsize=4096)
def width(text: str) -> float:
    """In letters: what East Asian scripts write takes more than two."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return wide * WIDE + (len(text) - wide)


def _fits(text: str) -> bool:
    parts = lines(text)
    return len(parts) <= LINES and all(width(line) <= LINE for line in parts)


def _parted(one: TimedWords) -> Iterator[TimedWords]:
    """Until each part fits and does not last too long."""
    long = one.end - one.start > LONGEST and width(one.text) >= 2 * SMALL
    if _fits(one.text) and not long:
        yield one
        return
    end = _best_end(one.text)
    if end is None:
        yield one
        return
    before, after = one.text[:end].rstrip(), one.text[end:].lstrip()
    middle = one.start + (one.end - one.start) * width(before) / (width(before) + width(after))
    yield from _parted(TimedWords(one.start, middle, before))
    yield from _parted(TimedWords(middle, one.end, after))


def _best_end(text: str) -> int | None:
    """Where to part it: nearest to its middle, but rather where something ends. None where it is one word."""
    half, whole = width(text) / 2, width(text)
    for reach, ends in (
        (0.35, _ends(text, _SENTENCE_END)),
        (0.3, _ends(text, _CLAUSE_END)),
        (0.5, _ends(text, _SPACE, _BETWEEN)),
    ):
        near = [end for end in ends if abs(width(text[:end]) - half) <= reach * whole]
        if near:
            return min(near, key=lambda end: abs(width(text[:end]) - half))
    if whole <= LINE * LINES:
        return None
    return len(text) // 2  # one word without an end, as nobody says it


def _ends(text: str, *patterns: re.Pattern[str]) -> list[int]:
    """Where a part may end, in order; not before what belongs to the words before it."""
    found = {match.end() for pattern in patterns for match in pattern.finditer(text)}
    return sorted(end for end in found if 0 < end < len(text) and text[end] not in "，。！？；：、…”’」』）,.!?;:")


def _filled(text: str) -> Iterator[str]:
    """Line by line, as much as goes into each."""
    while width(text) > LINE:
        fitting = [end for end in _ends(text, _SPACE, _CLAUSE_END, _BETWEEN) if width(text[:end].rstrip()) <= LINE]
        end = fitting[-1] if fitting else max(1, next(n for n in range(len(text), 0, -1) if width(text[:n]) <= LINE))
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    yield text


def _joined(parts: Sequence[TimedWords]) -> list[TimedWords]:
    """What is too small for a cue of its own goes with the one before, where that is said in the same breath."""
    kept: list[TimedWords] = []
    for part in parts:
        if kept and part.start - kept[-1].end < 0.3 and min(width(kept[-1].text), width(part.text)) < SMALL:
            blank = "" if _BETWEEN.search(kept[-1].text[-1] + part.text[0]) else " "
            both = TimedWords(kept[-1].start, max(kept[-1].end, part.end), f"{kept[-1].text}{blank}{part.text}")
            if _fits(both.text) and both.end - both.start <= LONGEST:
                kept[-1] = both
                continue
        kept.append(part)
    return kept


def _in_time(parts: Sequence[TimedWords]) -> Iterator[TimedWords]:
    """None longer than it may be, none reaching into the next, and each long enough to be read, where there is room."""
    after = 0.0
    for number, part in enumerate(parts):
        start = max(part.start, after)
        following = parts[number + 1].start if number + 1 < len(parts) else float("inf")
        end = min(max(part.end, start + SHORTEST), start + LONGEST, max(following, start + 0.001))
        after = end
        yield TimedWords(start, end, part.text)


def _time(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
