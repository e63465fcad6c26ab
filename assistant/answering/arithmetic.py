"""Arithmetic: an expression such as "(12+5)*3", "23 % of 640" or "80 + 20 %", read by a small grammar and worked out.

    sum     = product, { ("+" | "-"), product } ;         "80 + 20 %" is 96
    product = power, { ("*" | "/" | "of"), power } ;
    power   = ["-"], suffixed, [ "^", power ] ;
    suffixed = (number | "(", sum, ")" | name, "(", sum, { ",", sum }, ")"), { "%" | "!" } ;

Exact, in fractions. Nothing is executed but these rules, and nothing grows beyond what fits a line.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from assistant.text.quantities import number

MOST_BITS = 4_000  # of a numerator or denominator on the way
MOST_POWER = 1_000
MOST_FACTORIAL = 170
MOST_TOKENS = 400
DECIMALS = 6  # shown of what does not end
SWAPPED = str.maketrans(",.", ".,")  # 1,234.5 as it is written with a comma before the decimals
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d[\d.,'’\u00a0\u202f]*\d|\d)|(?P<name>[a-z]+)|(?P<sign>[-+*/^()%!,;−–×÷·:²³√]))"
)
_SAME = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", ":": "/", ";": ","}
_SHOWN = {"*": "×", "/": "÷", "-": "−"}


class NotArithmetic(ValueError):
    """The text is no expression of this grammar, or has no result: a division by zero, a root of a negative."""


@dataclass(frozen=True)
class Worked:
    """A result."""

    value: Fraction
    exact: bool = True
    """Whether it is the very number, and not the nearest decimal."""
    percent: bool = False
    """Whether it counts hundredths."""


@dataclass(frozen=True)
class Calculation:
    """A calculation, as it is shown."""

    shown: str
    """What was worked out, as it is set."""
    result: str
    """As it is written."""
    exact: bool = True
    """Whether the result is all of the number."""
    total: str = ""
    """With the tip; "" where there is none."""
    verdict: bool | None = None
    """Whether the number is prime, where that was asked; else None."""


def work_out(expression: str, comma_decimals: bool = False) -> Worked:
    """Raises NotArithmetic."""
    return _ExpressionParser(tokens_of(expression), comma_decimals).whole()


def tokens_of(expression: str) -> list[str]:
    """Numbers as written, names, and signs, each in one spelling. Raises NotArithmetic at anything else."""
    found: list[str] = []
    at = 0
    text = expression.strip().lower()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(found) > MOST_TOKENS:
            raise NotArithmetic(expression)
        token = match.group().strip()
        if token in "²³":
            found += ["^", "2" if token == "²" else "3"]
        else:
            found.append("sqrt" if token == "√" else _SAME.get(token, token))
        at = match.end()
    return found


def numbers_of(expression: str, comma_decimals: bool = False) -> list[Decimal]:
    """Those that stand in it, in order."""
    return [number(token, comma_decimals) for token in tokens_of(expression) if token[0].isdigit()]


def shown(expression: str) -> str:
    """The expression as it is set: "(12 + 5) × 3", "23 % of 640", "√144", "average(4, 8)"."""
    out, before, sticks = "", "(", True
    for token in tokens_of(expression):
        unary = token == "-" and before in ("(", ",", "+", "-", "*", "/", "^", "of")
        tight = sticks or token in ("!", ",", ")", "^") or (token == "(" and before.isalpha() and before != "of")
        out += ("" if tight else " ") + ("√" if token == "sqrt" else _SHOWN.get(token, token))
        sticks = unary or token in ("(", "^", "sqrt")
        before = token
    return out


def decimal(value: Fraction, decimals: int = DECIMALS, comma_decimals: bool = False) -> tuple[str, bool]:
    """The number as written, and whether that is all of it: ("147.2", True), ("171.428571", False)."""
    whole = _rounded(value, decimals)
    exact = Fraction(whole) == value
    if not exact and whole == 0:  # too small for so many decimals
        with localcontext() as context:
            context.prec = 4
            return f"{Decimal(value.numerator) / Decimal(value.denominator):f}".replace("-", "−"), False
    text = f"{whole:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if len(text.split(".")[0].lstrip("-")) > 6:
        front, point, rest = text.partition(".")
        text = f"{int(front):,}{point}{rest}"
    if comma_decimals:
        text = text.translate(SWAPPED)
    return text.replace("-", "−"), exact


def _rounded(value: Fraction, decimals: int) -> Decimal:
    """Half away from zero, as people do."""
    scaled = abs(value) * 10**decimals
    units = int(scaled + Fraction(1, 2))
    with localcontext() as context:
        context.prec = MOST_BITS
        return Decimal(units).scaleb(-decimals) * (-1 if value < 0 else 1)


class _ExpressionParser:
    def __init__(self, tokens: Sequence[str], comma_decimals: bool) -> None:
        self._tokens, self._at, self._comma, self._deep = tokens, 0, comma_decimals, 0

    def whole(self) -> Worked:
        found = self._sum()
        if self._at < len(self._tokens):
            raise NotArithmetic(" ".join(self._tokens))
        return found

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *wanted: str) -> str:
        token = self._next()
        if token not in wanted or not token:
            return ""
        self._at += 1
        return token

    def _sum(self) -> Worked:
        self._deep += 1
        if self._deep > 40:
            raise NotArithmetic("too deep")
        left = self._product()
        while sign := self._take("+", "-"):
            right = self._product()
            more = right.value
            if right.percent and not left.percent:
                more = left.value * right.value  # of what stands before it
            value = left.value + more if sign == "+" else left.value - more
            left = _bounded(Worked(value, left.exact and right.exact, left.percent and right.percent))
        self._deep -= 1
        return left

    def _product(self) -> Worked:
        left = self._power()
        while sign := self._take("*", "/", "of"):
            right = self._power()
            if sign == "/" and not right.value:
                raise NotArithmetic("a division by zero")
            value = left.value / right.value if sign == "/" else left.value * right.value
            left = _bounded(Worked(value, left.exact and right.exact))
        return left

    def _power(self) -> Worked:
        if self._take("-"):
            under = self._power()
            return Worked(-under.value, under.exact, under.percent)
        base = self._suffixed()
        return _raised(base, self._power()) if self._take("^") else base

    def _suffixed(self) -> Worked:
        found = self._primary()
        while sign := self._take("%", "!"):
            if sign == "%":
                found = Worked(found.value / 100, found.exact, percent=True)
            else:
                found = Worked(Fraction(_factorial(found.value)))
        return found

    def _primary(self) -> Worked:
        token = self._next()
        self._at += 1
        if token == "(":
            found = self._sum()
            if not self._take(")"):
                raise NotArithmetic("a bracket is open")
            return found
        if token[:1].isdigit():
            return Worked(Fraction(number(token, self._comma)))
        if token == "pi":
            return Worked(Fraction(math.pi), exact=False)
        if token == "sqrt" and self._next() != "(":
            return _root(self._suffixed())
        if token in _FUNCTIONS and self._take("("):
            given = [self._sum()]
            while self._take(","):
                given.append(self._sum())
            if not self._take(")"):
                raise NotArithmetic("a bracket is open")
            return _bounded(_FUNCTIONS[token](given))
        raise NotArithmetic(token or "nothing more")


def _bounded(found: Worked) -> Worked:
    if max(found.value.numerator.bit_length(), found.value.denominator.bit_length()) > MOST_BITS:
        raise NotArithmetic("too large")
    return found


def _raised(base: Worked, power: Worked) -> Worked:
    if power.value.denominator == 2 and power.value > 0:
        return _raised(_root(base), Worked(power.value * 2))
    exponent = power.value
    if exponent.denominator != 1 or abs(exponent) > MOST_POWER or (not base.value and exponent < 0):
        raise NotArithmetic("no such power")
    bits = max(base.value.numerator.bit_length(), base.value.denominator.bit_length())
    if bits * abs(int(exponent)) > MOST_BITS:
        raise NotArithmetic("too large")
    return Worked(base.value ** int(exponent), base.exact and power.exact)


def _root(found: Worked) -> Worked:
    if found.value < 0:
        raise NotArithmetic("a root of a negative")
    up, down = math.isqrt(found.value.numerator), math.isqrt(found.value.denominator)
    if up * up == found.value.numerator and down * down == found.value.denominator:
        return Worked(Fraction(up, down), found.exact)
    with localcontext() as context:
        context.prec = 40
        root = (Decimal(found.value.numerator) / Decimal(found.value.denominator)).sqrt()
    return Worked(Fraction(root), exact=False)


def _factorial(value: Fraction) -> int:
    if value.denominator != 1 or not 0 <= value <= MOST_FACTORIAL:
        raise NotArithmetic("no such factorial")
    return math.factorial(int(value))


def _whole_numbers(given: Sequence[Worked]) -> list[int]:
    if any(one.value.denominator != 1 for one in given):
        raise NotArithmetic("whole numbers are needed")
    return [int(one.value) for one in given]


def _log(given: Sequence[Worked]) -> Worked:
    value = given[0].value
    if len(given) != 1 or value <= 0:
        raise NotArithmetic("no such logarithm")
    found = Fraction(math.log10(value.numerator) - math.log10(value.denominator)).limit_denominator(10**12)
    power = found.numerator if found.denominator == 1 and abs(found) <= MOST_POWER else 0
    return Worked(found, exact=found.denominator == 1 and Fraction(10) ** power == value)


def _median(values: Sequence[Fraction]) -> Fraction:
    in_order = sorted(values)
    middle = len(in_order) // 2
    return in_order[middle] if len(in_order) % 2 else (in_order[middle - 1] + in_order[middle]) / 2


def _of_values(make: Callable[[Sequence[Fraction]], Fraction]) -> Callable[[Sequence[Worked]], Worked]:
    return lambda given: Worked(make([one.value for one in given]), all(one.exact for one in given))


_FUNCTIONS: dict[str, Callable[[Sequence[Worked]], Worked]] = {
    "sqrt": lambda given: _root(given[0]),
    "average": _of_values(lambda values: sum(values, Fraction()) / len(values)),
    "median": _of_values(_median),
    "total": _of_values(lambda values: sum(values, Fraction())),
    "min": _of_values(min),
    "max": _of_values(max),
    "gcd": lambda given: Worked(Fraction(math.gcd(*_whole_numbers(given)))),
    "lcm": lambda given: Worked(Fraction(math.lcm(*_whole_numbers(given)))),
    "log": _log,
}
