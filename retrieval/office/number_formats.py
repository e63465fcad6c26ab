"""A number of a spreadsheet as its cell shows it, by the cell's number format (ECMA-376 part 1, 18.8.30 and 18.8.31).

Days stand as ISO 8601 whatever their order in the cell, since "03/04/2026" can be read in two ways; what shows no more
than a month, a year or a weekday says no more. Durations say their unit, lest "8:30 h" is taken for a time of day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

# what the programs of East Asia write without saying what it looks like
EAST_ASIAN = {
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((32, 34, 55), "h:mm"),
    **dict.fromkeys((33, 35, 56), "h:mm:ss"),
}
_LONGEST = 255  # characters of a format, as the programs themselves have it
_MOST_DIGITS = 30  # behind a point
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_TOKEN = re.compile(
    r"\"(?P<quoted>[^\"]*)\"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]{0,100})\]|(?P<general>General)"
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<clock>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[eE](?![+-])|[gG]+)"
    r"|(?P<power>[eE][+-])|(?P<digit>[0#?])|(?P<sign>[.,%/@])|(?P<other>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?\d{1,15}(?:\.\d{1,15})?)")

Sort = Literal["literal", "digit", "point", "comma", "percent", "slash", "power", "clock", "elapsed", "half", "text"]


class _Token(NamedTuple):
    sort: Sort
    text: str


@dataclass(frozen=True)
class _Section:
    """One of the up to four parts of a format: for positive numbers, negative ones, zero and text."""

    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None = None
    is_general: bool = False

    def has(self, *sorts: Sort) -> bool:
        return any(token.sort in sorts for token in self.tokens)

    @property
    def literal(self) -> str:
        return "".join(token.text for token in self.tokens if token.sort == "literal")


@lru_cache(maxsize=20_000)
def shown(number: Decimal, code: str, since_1904: bool = False) -> str:
    """In one line; "" where the format shows nothing. since_1904: days are counted from then."""
    sections = _sections(code)
    section, minus = _for(number, sections)
    if section is None or section.is_general:
        return (section.literal if section else "") + general(number)
    if section.has("clock", "elapsed", "half"):
        said = _moment(number, section, since_1904)
    else:
        if number == 0 and _is_dash(section):
            section = sections[0]
        said = ("-" if minus else "") + _number(abs(number), section)
    return " ".join(said.split())


def general(number: Decimal) -> str:
    """Without a format: whole numbers as they are, others with the fifteen digits that a spreadsheet keeps."""
    if number == number.to_integral_value() and abs(number) < 10**20:
        return f"{number.to_integral_value():f}"
    return f"{float(number):.15g}"


def is_of_time(code: str) -> bool:
    """Whether numbers in this format are days, times or durations."""
    return any(section.has("clock", "elapsed", "half") for section in _sections(code)[:1])


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[_Token]] = [[]]
    conditions: list[tuple[str, Decimal] | None] = [None]
    generals = [False]
    for match in _TOKEN.finditer(code[:_LONGEST]):
        token: _Token | None = None
        match match.lastgroup:
            case "quoted" | "escaped":
                token = _Token("literal", match[match.lastgroup])
            case "bracket":
                inner = match["bracket"]
                if found := _CONDITION.fullmatch(inner):
                    conditions[-1] = (found[1], Decimal(found[2]))
                elif inner.startswith("$"):
                    token = _Token("literal", inner[1:].partition("-")[0])
                elif re.fullmatch(r"[hH]{1,9}|[mM]{1,9}|[sS]{1,9}", inner):
                    token = _Token("elapsed", inner.lower())
            case "general":
                generals[-1] = True
            case "half":
                token = _Token("half", match["half"])
            case "clock":
                token = _Token("clock", match["clock"].lower())
            case "power":
                token = _Token("power", match["power"][1])
            case "digit":
                token = _Token("digit", match["digit"])
            case "sign":
                sorts: dict[str, Sort] = {".": "point", ",": "comma", "%": "percent", "/": "slash", "@": "text"}
                token = _Token(sorts[match["sign"]], match["sign"])
            case "other" if match["other"] == ";":
                parts.append([])
                conditions.append(None)
                generals.append(False)
            case "other":
                token = _Token("literal", match["other"])
            case _:  # a colour; room as wide as a character, or one that fills the cell
                pass
        if token is not None:
            parts[-1].append(token)
    return tuple(
        _Section(tuple(tokens), condition, is_general)
        for tokens, condition, is_general in zip(parts[:4], conditions, generals, strict=False)
    )


def _for(number: Decimal, sections: Sequence[_Section]) -> tuple[_Section | None, bool]:
    """The part of the format that this number is shown by, and whether a minus stands before it."""
    numeric = sections[:3]
    if any(section.condition for section in numeric[:2]):
        for section in numeric:
            if section.condition is None or _holds(number, *section.condition):
                return section, number < 0
        return None, False
    if len(numeric) == 1:
        return numeric[0], number < 0
    if number < 0:
        return numeric[1], numeric[1].is_general
    return (numeric[2] if number == 0 and len(numeric) > 2 else numeric[0]), False


def _holds(number: Decimal, sign: str, other: Decimal) -> bool:
    match sign:
        case "<":
            return number < other
        case ">":
            return number > other
        case "<=":
            return number <= other
        case ">=":
            return number >= other
        case "=":
            return number == other
        case _:
            return number != other


def _is_dash(section: _Section) -> bool:
    """Whether it writes zero as a dash, as accountants do, which would read as if there were no number."""
    digits = any(token.sort == "digit" and token.text != "?" for token in section.tokens)
    return not digits and any(sign in section.literal for sign in "-–—")


def _number(number: Decimal, section: _Section) -> str:
    tokens = section.tokens
    if not section.has("digit"):
        return "".join(token.text for token in tokens if token.sort in ("literal", "percent"))
    if section.has("slash") and not section.has("point"):
        return _fraction(number, tokens)
    places = [at for at, token in enumerate(tokens) if token.sort == "digit"]
    point = next((at for at, token in enumerate(tokens) if token.sort == "point"), None)
    power = next((at for at, token in enumerate(tokens) if token.sort == "power"), None)
    end = power if power is not None else len(tokens)
    whole = [at for at in places if at < (point if point is not None else end)]
    behind = [at for at in places if point is not None and point < at < end][:_MOST_DIGITS]
    last = whole[-1] if whole else -1
    commas = [at for at, token in enumerate(tokens) if token.sort == "comma" and at < end]
    thousands = any(whole and whole[0] < at < last for at in commas)
    after = (behind or whole or [0])[-1]
    scaled = sum(1 for at in commas if (at > last and (point is None or at < point)) or at > after)
    number *= Decimal(100) ** sum(token.sort == "percent" for token in tokens) / Decimal(1000) ** scaled
    exponent = 0
    with localcontext() as context:
        context.prec = 400
        if power is not None:
            step = max(1, len(whole))
            exponent = number.adjusted() // step * step if number else 0
            number = number.scaleb(-exponent)
        number = number.quantize(Decimal(1).scaleb(-len(behind)), ROUND_HALF_UP)
        digits = f"{number:f}"
    ahead, _, rest = digits.partition(".")
    least = sum(tokens[at].text == "0" for at in whole)
    ahead = ahead.lstrip("0").rjust(max(least, 1 if rest.strip("0") else 0), "0")
    if thousands:
        first = len(ahead) % 3
        ahead = ",".join(filter(None, (ahead[:first], *(ahead[at : at + 3] for at in range(first, len(ahead), 3)))))
    while rest and len(rest) <= len(behind) and rest[-1] == "0" and tokens[behind[len(rest) - 1]].text != "0":
        rest = rest[:-1]
    return _laid_out(tokens, whole, behind, ahead, rest, exponent)


def _laid_out(
    tokens: Sequence[_Token], whole: Sequence[int], behind: Sequence[int], ahead: str, rest: str, exponent: int
) -> str:
    """The digits in the places of the format, between what else it writes."""
    said: list[str] = []
    left = len(whole)
    for at, token in enumerate(tokens):
        match token.sort:
            case "literal" | "percent":
                said.append(token.text)
            case "point":
                if not whole:
                    said.append(ahead)
                if rest or any(tokens[one].text == "0" for one in behind):
                    said.append(".")
            case "digit" if at in whole:
                left -= 1
                cut = _behind(ahead, left)
                said.append(ahead[:cut])
                ahead = ahead[cut:]
            case "digit" if at in behind:
                said.append(rest[:1])
                rest = rest[1:]
            case "power":
                said.append("E" + ("-" if exponent < 0 else "+" if token.text == "+" else ""))
                width = sum(1 for one in tokens[at:] if one.sort == "digit")
                said.append(f"{abs(exponent):0{width}d}")
            case "slash":
                said.append("/")
            case _:
                pass
    return "".join(said)


def _behind(ahead: str, left: int) -> int:
    """Where to cut the whole digits so that as many stay as there are places left."""
    cut, count = len(ahead), 0
    while cut > 0 and count < left:
        cut -= 1
        count += ahead[cut].isdigit()
    return cut if count == left else 0


def _fraction(number: Decimal, tokens: Sequence[_Token]) -> str:
    slash = next(at for at, token in enumerate(tokens) if token.sort == "slash")
    below = "".join(token.text for token in tokens[slash + 1 :] if token.text.isdigit() or token.text in "#?")
    above = [at for at, token in enumerate(tokens[:slash]) if token.sort == "digit"]
    mixed = any(token.sort == "literal" and token.text.isspace() for token in tokens[above[0] : above[-1]] if above)
    fixed = int(below[:6]) if below[:6].isdigit() and int(below[:6]) else 0
    exact = Fraction(number)
    if fixed:
        near = Fraction(int(exact * fixed + Fraction(1, 2)), fixed)
    else:
        near = exact.limit_denominator(10 ** min(max(len(below), 1), 4) - 1)
    whole = int(near) if mixed else 0
    part = near - whole
    if not part:
        return str(whole) if mixed else f"{part.numerator}/1"
    of = fixed or part.denominator
    return (f"{whole} " if whole else "") + f"{part * of}/{of}"


def _moment(number: Decimal, section: _Section, since_1904: bool) -> str:
    if section.has("elapsed"):
        return _elapsed(number, section)
    letters = [token.text for token in section.tokens if token.sort == "clock"]
    kinds = _clock_kinds(letters)
    seconds = int((number * 86400).to_integral_value(ROUND_HALF_UP))
    days, within = divmod(seconds, 86400)
    said: list[str] = []
    if kinds & {"year", "month", "day", "weekday"}:
        day = _day(days, since_1904)
        if day is None:
            return general(number)
        said.append(_day_said(day, kinds))
    if kinds & {"hour", "minute", "second"} or section.has("half"):
        said.append(_time_said(within, kinds, section.has("half")))
    return " ".join(filter(None, said))


def _clock_kinds(letters: Sequence[str]) -> frozenset[str]:
    """What of a moment is shown; "m" is a minute beside hours and seconds, and a month elsewhere."""
    kinds: set[str] = set()
    for at, one in enumerate(letters):
        before = letters[at - 1][0] if at else ""
        after = letters[at + 1][0] if at + 1 < len(letters) else ""
        match one[0]:
            case "y" | "e" | "g":
                kinds.add("year")
            case "m":
                kinds.add("minute" if len(one) < 3 and (before == "h" or after == "s") else "month")
            case "d":
                kinds.add("weekday" if len(one) > 2 else "day")
            case "h":
                kinds.add("hour")
            case _:
                kinds.add("second")
    return frozenset(kinds)


def _day(days: int, since_1904: bool) -> date | None:
    """Of a count of days: from 1904, or from 1900, a year that spreadsheets hold for a leap year."""
    try:
        if since_1904:
            return date(1904, 1, 1) + timedelta(days)
        return date(1899, 12, 31 if days < 60 else 30) + timedelta(days) if days >= 0 else None
    except OverflowError:
        return None


def _day_said(day: date, kinds: frozenset[str]) -> str:
    shown_kinds = kinds & {"year", "month", "day", "weekday"}
    match sorted(shown_kinds):
        case ["weekday"]:
            return _DAYS[day.weekday()]
        case ["year"]:
            return f"{day.year}"
        case ["month"]:
            return _MONTHS[day.month - 1]
        case ["day"]:
            return f"{day.day}"
        case ["month", "year"]:
            return f"{_MONTHS[day.month - 1]} {day.year}"
        case _:
            return day.isoformat()


def _time_said(seconds: int, kinds: frozenset[str], half: bool) -> str:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if "hour" not in kinds and not half:
        return f"{minutes:02}:{rest:02} min" if "minute" in kinds and "second" in kinds else f"{minutes}"
    tail = f":{minutes:02}" if kinds & {"minute", "second"} else ""
    tail += f":{rest:02}" if "second" in kinds else ""
    if half:
        return f"{(hours + 11) % 12 + 1}{tail} {'PM' if hours >= 12 else 'AM'}"
    return f"{hours:02}{tail or ':00'}"


def _elapsed(number: Decimal, section: _Section) -> str:
    """ "51:30 h" of hours, "125:30 min" of minutes, "90 s" of seconds."""
    largest = next(token.text[0] for token in section.tokens if token.sort == "elapsed")
    letters = [token.text[0] for token in section.tokens if token.sort in ("clock", "elapsed")]
    sign = "-" if number < 0 else ""
    seconds = int((abs(number) * 86400).to_integral_value(ROUND_HALF_UP))
    match largest:
        case "h":
            rest = f":{seconds // 60 % 60:02}" if "m" in letters or "s" in letters else ""
            rest += f":{seconds % 60:02}" if "s" in letters else ""
            return f"{sign}{seconds // 3600}{rest} h"
        case "m":
            rest = f":{seconds % 60:02}" if "s" in letters else ""
            return f"{sign}{seconds // 60}{rest} min"
        case _:
            return f"{sign}{seconds} s"


def moment(value: datetime) -> str:
    """A day and time that is stored as such, ISO 8601."""
    seconds = value.second
    if not (value.hour or value.minute or seconds):
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if seconds else "minutes")
