"""The numbers that Word writes before the items of lists and headings (ECMA-376 part 1, 17.9)."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_LARGEST = 30_000  # that is written in another way than in digits
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CHINESE = "〇一二三四五六七八九十"


@dataclass(frozen=True)
class _Level:
    sort: str = "decimal"
    text: str = ""
    start: int = 1
    digits_only: bool = False


@dataclass
class Numbering:
    """Counts as it is asked, paragraph after paragraph. root: of the numbering part; None where there is none."""

    root: Any
    _lists: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _begun: set[str] = field(default_factory=set)

    def label(self, list_id: str, level: int) -> str:
        """ "2.1", "c)"; "" for what has a mark instead of a number."""
        if self.root is None or not 0 <= level < _LEVELS:
            return ""
        abstract, levels, restarts = self._list(list_id)
        counts = self._counts[abstract]
        if list_id not in self._begun:
            self._begun.add(list_id)
            for at, start in restarts.items():
                counts.pop(at, None)
                levels[at] = _Level(levels[at].sort, levels[at].text, start, levels[at].digits_only)
        if (shown := levels.get(level)) is None:
            return ""
        counts[level] = counts[level] + 1 if level in counts else shown.start
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if shown.sort in ("bullet", "none"):
            return ""
        label = shown.text
        for at in range(level, -1, -1):
            if f"%{at + 1}" in label:
                of = levels.get(at, _Level())
                number = counts.setdefault(at, of.start)
                label = label.replace(f"%{at + 1}", written(number, "decimal" if shown.digits_only else of.sort))
        return " ".join(label.split())[:40]

    def _list(self, list_id: str) -> tuple[str, dict[int, _Level], dict[int, int]]:
        if list_id not in self._lists:
            self._lists[list_id] = self._found(list_id)
        return self._lists[list_id]

    def _found(self, list_id: str) -> tuple[str, dict[int, _Level], dict[int, int]]:
        one = next((one for one in self.root.iter(f"{_W}num") if one.get(f"{_W}numId") == list_id), None)
        if one is None:
            return "", {}, {}
        abstract = value(one.find(f"{_W}abstractNumId"))
        of = next((of for of in self.root.iter(f"{_W}abstractNum") if of.get(f"{_W}abstractNumId") == abstract), None)
        levels = dict(map(_level, of.findall(f"{_W}lvl"))) if of is not None else {}
        restarts: dict[int, int] = {}
        for change in one.findall(f"{_W}lvlOverride"):
            at = _whole(change.get(f"{_W}ilvl"), 0)
            levels.update(dict(map(_level, change.findall(f"{_W}lvl"))))
            if (start := change.find(f"{_W}startOverride")) is not None and at in levels:
                restarts[at] = _whole(value(start), 1)
        return abstract or list_id, levels, restarts


def _level(of: Any) -> tuple[int, _Level]:
    start = of.find(f"{_W}start")
    return _whole(of.get(f"{_W}ilvl"), 0), _Level(
        value(of.find(f"{_W}numFmt")) or "decimal",
        value(of.find(f"{_W}lvlText")),
        _whole(value(start), 1) if start is not None else 0,
        of.find(f"{_W}isLgl") is not None,
    )


def value(of: Any) -> str:
    """Of an element that holds nothing else; "" where there is none."""
    return (of.get(f"{_W}val") or "") if of is not None else ""


def _whole(said: str | None, default: int) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 9 else default


def written(number: int, sort: str) -> str:
    if not 0 < number < _LARGEST:
        return str(number)
    kinds: dict[str, Callable[[int], str]] = {
        "lowerLetter": _letters,
        "upperLetter": lambda one: _letters(one).upper(),
        "lowerRoman": _roman,
        "upperRoman": lambda one: _roman(one).upper(),
        "decimalZero": lambda one: f"{one:02}",
        "ordinal": lambda one: f"{one}{_ordinal(one)}",
        "chineseCounting": _chinese,
        "chineseCountingThousand": _chinese,
        "japaneseCounting": _chinese,
        "ideographDigital": _chinese,
        "decimalEnclosedCircle": lambda one: chr(0x245F + one) if one <= 20 else str(one),
    }
    return kinds.get(sort, str)(number)


def _letters(number: int) -> str:
    """a to z, then aa, bb and so on, as Word does."""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 20)


def _roman(number: int) -> str:
    said = ""
    for worth, letters in _ROMAN:
        count, number = divmod(number, worth)
        said += letters * count
    return said


def _ordinal(number: int) -> str:
    return "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _chinese(number: int) -> str:
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{_CHINESE[tens]}十") + (
        _CHINESE[ones] if ones or not tens else ""
    )
