"""One unit into another, asked in words: "12 miles in km", "how many seconds in a day", "140斤是多少公斤".

All the words must be understood: amounts, one other unit, and words that only ask.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from assistant.answering.arithmetic import Calculation, decimal
from assistant.text.measures import Unit, converted, units
from assistant.text.quantities import number, writes_comma_decimals

_ASKS = frozenset(
    """a an and are as can convert could do does equal equals for get go have has hours how i in into is it make many me
    much of one please quick quickly tell that the there to turn us what whats what's would you about approximately
    roughly degrees degree grad der die das ein eine einem einer eines en hat haben ist sind wie viel viele vielen
    wieviel wieviele nach umrechnen rechne mir bitte combien de dans une un font fait il y a à est le la l' d' cuántos
    cuántas cuánto son es el tiene tienen hay una quantos quantas quanto tem em são сколько в это будет из""".split()
)
_CJK_ASKS = re.compile(
    r"换算成|换算|转换成|转换|转成|折合|相当于|等于|大约|是多少|多少|有|是|为|合|几|个|地|约|成|的|は|何|を|の|는|은|몇|으로|로"
)
_SHORT = 3  # letters: a name as short as this must follow a number, or a word that asks for it
_ASKED_BEFORE = re.compile(
    r"(?:\b(?:in|to|into|many|an?|one|nach|eine?|une?|una|uma?|en|em|combien de|cuántos|cuántas|quantos|quantas)\s+|/)$"
)
_CJK_BEFORE = re.compile(r"(?:\d\s?|多少个?|几个?|何|몇\s?|[是成合为等于]|相当于)$")
_NUMBER = re.compile(r"(?<![a-z\d_.,])-?\d+(?:[.,'’]\d+)*")


@dataclass(frozen=True)
class _Mention:
    unit: Unit
    start: int
    end: int


def conversion(text: str) -> Calculation | None:
    """text: in lower case, with every number in digits. None where it asks for something else."""
    mentions = _mentions(text)
    if len(mentions) < 2:
        return None
    comma = writes_comma_decimals(text)
    amounts: list[tuple[Fraction, _Mention]] = []
    targets: list[_Mention] = []
    taken: list[tuple[int, int]] = [(one.start, one.end) for one in mentions]
    for mention in mentions:
        before = text[: mention.start]
        if found := re.search(r"(?<![a-z\d_.,])(-?\d+(?:[.,'’]\d+)*)\s*-?$", before):
            amounts.append((Fraction(number(found[1].lstrip("-"), comma)) * (-1 if found[1][0] == "-" else 1), mention))
            taken.append(found.span(1))
        elif re.search(r"\b(?:an?|one|eine?|einem|einer|une?|una|um|uma)\s+$", before) and not targets_only(before):
            amounts.append((Fraction(1), mention))
        else:
            targets.append(mention)
    if len(amounts) == 1 and (inches := re.search(r"^\s*(\d{1,2})\b(?!\s*[.,]\d)", text[amounts[0][1].end :])):
        foot, end = units()["ft"], amounts[0][1].end
        if amounts[0][1].unit == foot:  # "5 foot 9"
            at = _Mention(units()["inch"], end, end + inches.end())
            amounts.append((Fraction(int(inches[1])), at))
            taken.append((end, end + inches.end()))
    if not amounts or len(targets) != 1 or not _is_all(text, taken):
        return None
    parts = [converted(value, mention.unit, targets[0].unit) for value, mention in amounts]
    if any(part is None for part in parts) or (len(parts) > 1 and targets[0].unit.dimension == "temperature"):
        return None
    found_value = sum((part for part in parts if part is not None), Fraction())
    exact_text, exact = decimal(found_value)
    result = exact_text if exact else decimal(found_value, _places(found_value))[0]
    start, end = min(one.start for _, one in amounts), max(one.end for _, one in amounts)
    first = min(
        [begin for begin, stop in taken if stop <= start + 1 and text[stop:start].strip() in ("", "-")] or [start]
    )
    shown = text[first:end].strip()
    shown = shown if re.match(r"-?\d", shown) else f"1 {shown}"
    target = text[targets[0].start : targets[0].end]
    return Calculation(_spaced(shown), _spaced(f"{result} {target}"), exact)


def targets_only(before: str) -> bool:
    """Whether an article there only belongs to "how many … are in one"."""
    return bool(re.search(r"how many an?\s+$", before))


def _spaced(text: str) -> str:
    """No blank before a Chinese unit."""
    return re.sub(r"(?<=\d)\s+(?=[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af])", "", text)


def _places(value: Fraction) -> int:
    """Decimals for about six digits."""
    return max(0, 5 - len(str(int(abs(value))))) if abs(value) >= 1 else 6


def _mentions(text: str) -> list[_Mention]:
    latin, chinese = _patterns()
    found: list[_Mention] = []
    for match in latin.finditer(text):
        name = re.sub(r"\s+", "_", match.group())
        after_number = re.search(r"\d\s*-?$", text[: match.start()])
        if len(name) <= _SHORT and not after_number and not _ASKED_BEFORE.search(text[: match.start()]):
            continue
        found.append(_Mention(units()[name], *match.span()))
    found += [
        _Mention(units()[match.group()], *match.span())
        for match in chinese.finditer(text)
        if _CJK_BEFORE.search(text[: match.start()])
    ]
    return sorted(found, key=lambda one: one.start)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = sorted(units(), key=len, reverse=True)
    far = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
    latin = "|".join(re.escape(name).replace("_", r"[ ]") for name in names if not far.search(name))
    chinese = "|".join(re.escape(name) for name in names if far.search(name))
    return re.compile(rf"(?<![^\W\d_])(?:{latin})(?![\w])"), re.compile(chinese)


def _is_all(text: str, taken: list[tuple[int, int]]) -> bool:
    """Whether what is not a number or unit only asks."""
    letters = list(text)
    for start, end in taken:
        letters[start:end] = " " * (end - start)
    rest = "".join(letters)
    if _NUMBER.search(rest) or re.search(r"[+*/^%]", rest):
        return False
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", _CJK_ASKS.sub(" ", rest))
    return all(word in _ASKS for word in words)
