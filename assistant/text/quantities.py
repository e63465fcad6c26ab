"""Numbers as they are written, with what they count: "€1,234.50", "28元", "12 %", "200 g", and where they stand.

Knows no language but the few words that multiply ("million", "万") and the names of money.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_MONEY = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "us$": "USD", "dollar": "USD",
    "dollars": "USD", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "chf": "CHF", "sfr": "CHF",
    "元": "CNY", "块": "CNY", "块钱": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "圆": "JPY", "円": "JPY",
    "jpy": "JPY", "yen": "JPY", "¥": "¥", "￥": "¥", "₹": "INR", "inr": "INR", "원": "KRW", "₩": "KRW", "krw": "KRW",
    "руб": "RUB", "₽": "RUB", "kč": "CZK", "czk": "CZK", "zł": "PLN", "pln": "PLN", "sek": "SEK", "nok": "NOK",
    "dkk": "DKK", "r$": "BRL", "hk$": "HKD", "nt$": "TWD", "a$": "AUD", "c$": "CAD", "aud": "AUD", "cad": "CAD",
    "欧元": "EUR", "美元": "USD", "英镑": "GBP", "日元": "JPY",
}  # fmt: skip
_TIMES = {
    "thousand": 1_000, "million": 1_000_000, "millions": 1_000_000, "mio": 1_000_000, "billion": 1_000_000_000,
    "bn": 1_000_000_000, "千": 1_000, "万": 10_000, "萬": 10_000, "百万": 1_000_000, "亿": 100_000_000,
    "億": 100_000_000,
}  # fmt: skip
_SIGNS = sorted((re.escape(sign) for sign in _MONEY if not sign.isascii() or not sign.isalpha()), key=len, reverse=True)
_CODES = "|".join(sign for sign in _MONEY if sign.isascii() and sign.isalpha() and len(sign) == 3)
_DIGITS = r"\d{1,3}(?:[,.'’\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_TIMES_WORD = "|".join(sorted(_TIMES, key=len, reverse=True))
_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  # or digit of a word that a number goes on: no "月租3200元"
_QUANTITY = re.compile(
    rf"(?:(?P<before>{'|'.join(_SIGNS)}|\b(?:{_CODES})\b)\s{{0,2}})?"
    rf"(?P<sign>(?<![\w)\]])[-−–](?=\d))?(?P<digits>(?<![.,])(?<!{_LETTER})(?:{_DIGITS})|(?<=[€$£¥￥₹₩₽])(?:{_DIGITS}))(?![a-z]\d)"
    rf"(?:\s?(?P<times>{_TIMES_WORD})(?![a-z]))?"
    rf"(?:\s?(?P<after>%|{'|'.join(_SIGNS)}|[a-zA-Zµμ°²³/]+\b|[\u4e00-\u9fff]{{1,2}}))?",
    re.IGNORECASE,
)
_COMMA_DECIMALS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})*,\d{1,2}(?![\d,])")
_POINT_DECIMALS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})*\.\d{1,2}(?![\d.])")


@dataclass(frozen=True)
class Quantity:
    """A number in a text, with its unit."""

    value: Decimal
    unit: str
    """Money as its code; "" where no unit stands there."""
    start: int
    """The character of the text at which number and unit begin."""
    end: int
    """The character behind them."""
    digits_start: int
    """The character at which the number itself begins."""
    digits_end: int
    """The character behind the number itself."""

    @property
    def is_money(self) -> bool:
        return self.unit in _MONEY.values()


def quantities_in(text: str, comma_decimals: bool | None = None) -> Iterator[Quantity]:
    """In order. comma_decimals: whether "1.234" is a thousand; None: as this text's other numbers tell."""
    comma = writes_comma_decimals(text) if comma_decimals is None else comma_decimals
    for match in _QUANTITY.finditer(text):
        value = number(match["digits"], comma)
        if match["sign"]:
            value = -value
        if match["times"]:
            value *= _TIMES[match["times"].lower()]
        after = (match["after"] or "").strip()
        start, end = match.span()
        if unit := money(match["before"] or ""):
            end = match.end("times") if match["times"] else match.end("digits")
        else:
            unit = money(after) or money(after[:1]) or after
        yield Quantity(value, unit, start, end, *match.span("digits"))


def quantity(cell: str, comma_decimals: bool | None = None) -> Quantity | None:
    """What is a number with at most a unit, and nothing else."""
    cell = cell.strip()
    found = next(quantities_in(cell, comma_decimals), None)
    return found if found is not None and (found.start, found.end) == (0, len(cell)) else None


def money(word: str) -> str:
    """The code of the money that is called so ("EUR"), or ""."""
    return _MONEY.get(word.strip().lower(), "")


def writes_comma_decimals(text: str) -> bool:
    """Whether its numbers are written 1.234,50 rather than 1,234.50."""
    return len(_COMMA_DECIMALS.findall(text)) > len(_POINT_DECIMALS.findall(text))


def decimal_sign(text: str) -> str:
    """What stands before the decimals of its numbers, "." or ","; "" where none of them tells."""
    point, comma = len(_POINT_DECIMALS.findall(text)), len(_COMMA_DECIMALS.findall(text))
    return "" if not point and not comma else "," if comma > point else "."


def number(digits: str, comma_decimals: bool = False) -> Decimal:
    """ "1,234.50", "1.234,50" and "1'234.5" alike; "1.234" by comma_decimals, "1,234" is a thousand unless "1,23"."""
    digits = re.sub(r"['’\u00a0\u202f]", "", digits)
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        decimal = "." if point > comma else ","
    elif comma >= 0:
        decimal = "," if digits.count(",") == 1 and (comma_decimals or len(digits) - comma != 4) else ""
    else:
        thousands = comma_decimals and len(digits) - point == 4
        decimal = "." if digits.count(".") == 1 and not thousands else ""
    whole, _, fraction = digits.partition(decimal) if decimal else (digits, "", "")
    whole = whole.replace(".", "").replace(",", "")
    return Decimal(f"{whole or '0'}.{fraction or '0'}" if decimal else whole)
