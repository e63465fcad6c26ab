"""What the core says, said again in the visitor's language: statuses, notes, errors, places.

The core speaks English and knows no visitor. Each table here pairs a sentence of the core with its translation,
both with the same {names}; a sentence is recognised by its words and what stands at the names is carried over.
A sentence that no table knows stays as it is: better English than nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.values.evidence import Lines, Location, Page, Region, Seconds, Section, Sheet, Slide, clock, describe
from ui.words import Language
from ui.words.core.calls import CALLS
from ui.words.core.files import FILES
from ui.words.core.hearing import HEARING
from ui.words.core.kept import KEPT
from ui.words.core.looking import LOOKING
from ui.words.core.models import MODELS
from ui.words.core.moved import MOVED
from ui.words.core.seeing import SEEING
from ui.words.core.turn import PHRASES, TURN
from ui.words.core.video import VIDEO
from ui.words.core.voice import VOICE

SENTENCES: tuple[tuple[str, str], ...] = (
    *TURN,
    *FILES,
    *HEARING,
    *KEPT,
    *LOOKING,
    *MOVED,
    *MODELS,
    *SEEING,
    *VIDEO,
    *VOICE,
    *CALLS,
    *PHRASES,
)
SAID_BY_US = frozenset({"doing", "error", "kind", "left", "reason", "span", "what", "when"})  # also in a table here
LISTS = frozenset({"kinds"})  # several of those, with commas
NUMBERS = frozenset({"count", "first", "last", "most", "needed", "number", "percent", "seconds", "size", "status"})
_NAME = re.compile(r"\{(\w+)\}")
_BETWEEN = re.compile(r"(?<=[.!?”]) (?=[A-Z“])")
_LONGEST_PARAGRAPH = 20  # sentences
_LONGEST_SENTENCE = 4000  # characters; a file is rarely called by more than 255


@lru_cache(maxsize=1024)
def said(sentence: str, language: Language) -> str:
    """A status, note or error of the core in this language. One or more sentences; unknown ones stay as they are."""
    if language == "en" or not sentence or len(sentence) > _LONGEST_SENTENCE:
        return sentence
    whole = _whole(sentence)
    if whole is not None:
        return whole
    parts = _BETWEEN.split(sentence, maxsplit=_LONGEST_PARAGRAPH)
    out, at = "", 0
    while at < len(parts):
        for end in range(len(parts), at, -1):  # the longest run that a table knows
            known = _whole(" ".join(parts[at:end])) if (at, end) != (0, len(parts)) else None
            if known is not None:
                break
        else:
            known, end = parts[at], at + 1
        out, at = out + (" " if out and not out.endswith("。") else "") + known, end
    return out


def place(location: Location, language: Language) -> str:
    """A place in words: "page 3", "第 3 页"."""
    if language == "en":
        return describe(location)
    match location:
        case Page(number, _):
            return f"第 {number} 页"
        case Slide(number, _):
            return f"第 {number} 张幻灯片"
        case Seconds(start, end, sense):
            return f"{clock(start)}–{clock(end)}" + ("，画面" if sense == "seen" else "")
        case Region():
            return "图片"
        case Sheet(name, first, last):
            return (f"工作表 {name}，" if name else "") + _span("行", first, last)
        case Section(heading):
            return f"“{heading}”一节" if heading else "开头"
        case Lines(first, last):
            return _span("行", first, last)


def _span(unit: str, first: int, last: int) -> str:
    return f"第 {first} {unit}" if first == last else f"第 {first}–{last} {unit}"


@dataclass(frozen=True)
class _Pattern:
    """words: those of its own, in order, the first and the last of which may be none."""

    words: tuple[str, ...]
    recognised: re.Pattern[str]
    translated: Callable[[dict[str, str]], str]

    def may_be(self, sentence: str) -> bool:
        """Told at a glance for most sentences, where matching would go through all of what stands at the names."""
        begins, ends = sentence.startswith(self.words[0]), sentence.endswith(self.words[-1])
        return begins and ends and all(piece in sentence for piece in self.words)


def _whole(sentence: str) -> str | None:
    """The translation of exactly this; None where no table has it."""
    fixed, patterns = _known()
    if sentence in fixed:
        return fixed[sentence]
    for pattern in patterns:
        if pattern.may_be(sentence) and (found := pattern.recognised.fullmatch(sentence)):
            return pattern.translated({name: _carried(name, text) for name, text in found.groupdict().items()})
    return None


def _carried(name: str, text: str) -> str:
    """What stands at a name: the person's own words as they are, ours translated."""
    if name in LISTS:
        return "、".join(_whole(one) or one for one in text.split(", "))
    return said(text, "zh") if name in SAID_BY_US else text


@cache
def _known() -> tuple[dict[str, str], tuple[_Pattern, ...]]:
    """Sentences without names, and patterns of those with, the one with the most words of its own first."""
    fixed = {english: chinese for english, chinese in SENTENCES if not _NAME.search(english)}
    others = sorted((pair for pair in SENTENCES if pair[0] not in fixed), key=lambda pair: -len(_NAME.sub("", pair[0])))
    return fixed, tuple(_pattern(english, chinese) for english, chinese in others)


def _pattern(english: str, chinese: str) -> _Pattern:
    recognised = re.compile(_expression(english), re.DOTALL)
    return _Pattern(tuple(_NAME.split(english)[::2]), recognised, chinese.format_map)


def _expression(english: str) -> str:
    """A name stands for a number or for at least one character, and for the same ones wherever it stands again."""
    pieces, seen = [], set()
    for number, piece in enumerate(_NAME.split(english)):
        if number % 2 == 0:
            pieces.append(re.escape(piece))
        else:
            stands = r"\d[\d.,]*" if piece in NUMBERS else ".+?"
            pieces.append(f"(?P={piece})" if piece in seen else f"(?P<{piece}>{stands})")
            seen.add(piece)
    return "".join(pieces)
