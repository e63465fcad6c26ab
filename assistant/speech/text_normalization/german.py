"""Normalizes German text: money, and what shortens thousands to billions, become words. Other numbers stay as digits,
which a German voice reads itself.
"""

import re

_ONES = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn"
    " achtzehn neunzehn".split()
)
_TENS = ("", "", *"zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split())
_NAMED = ((10**12, "Billion"), (10**9, "Milliarde"), (10**6, "Million"))
_SCALES = {
    "tsd": "tausend", "k": "tausend", "tausend": "tausend", "mio": "Million", "mill": "Million", "m": "Million",
    "mn": "Million", "million": "Million", "millionen": "Million", "mrd": "Milliarde", "bn": "Milliarde",
    "b": "Milliarde", "mia": "Milliarde", "milliarde": "Milliarde", "milliarden": "Milliarde", "bio": "Billion",
    "tn": "Billion", "trn": "Billion", "t": "Billion", "billion": "Billion", "billionen": "Billion",
}  # fmt: skip
_MONEY = {
    "€": ("Euro", "Cent"), "EUR": ("Euro", "Cent"), "US$": ("US-Dollar", "Cent"), "USD": ("US-Dollar", "Cent"),
    "$": ("Dollar", "Cent"), "£": ("Pfund", "Pence"), "GBP": ("Pfund", "Pence"), "¥": ("Yen", ""),
    "CHF": ("Schweizer Franken", "Rappen"),
}  # fmt: skip
_SIGNS = {"%": "Prozent", "‰": "Promille", "&": "und", "§": "Paragraf", "€": "Euro", "$": "Dollar", "£": "Pfund"}
_NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+\.\d+|\d{1,15}(?:[.,]\d{1,6})?)(?!\d)"
_SIGN = "|".join(re.escape(sign) for sign in sorted(_MONEY, key=len, reverse=True))
_OF_MONEY = (
    r"(?:\s?(?P<scale>Tsd|Tausend|tausend|Millionen|Million|Mill|Mio|Milliarden|Milliarde|Mrd|Mia|Billionen|Billion|Bio"
    r"|[mbt]n|trn|Mn|Bn|Tn|[kmbMBT])(?<!\s[kmbMBT])(?![A-Za-zäöüß])\.?)?"
)
_SHORTENED = r"\s?(?P<scale>Tsd|Mill|Mio|Mrd|Mia|Bio|bn|tn|trn|mn)(?![A-Za-zäöüß])(?P<point>\.?)"
_TO = r"(?:\s?[–—-]\s?|\sbis\s)"


def german(text: str) -> str:
    """What is in words already stays as it is."""
    for pattern, says in _RULES:
        text = pattern.sub(says, text)
    return text


def cardinal(number: int, before_noun: bool = False) -> str:
    """25 as "fünfundzwanzig". before_noun: 1 as "ein"."""
    if number == 1 and before_noun:
        return "ein"
    if number < 20:
        return _ONES[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return _TENS[ten] if not one else f"{cardinal(one, before_noun=True)}und{_TENS[ten]}"
    if number < 1_000:
        hundred, rest = divmod(number, 100)
        return f"{cardinal(hundred, before_noun=True)}hundert{cardinal(rest) if rest else ''}"
    if number < 1_000_000:
        thousand, rest = divmod(number, 1_000)
        return f"{cardinal(thousand, before_noun=True)}tausend{cardinal(rest) if rest else ''}"
    size, name = next((size, name) for size, name in _NAMED if number >= size)
    many, rest = divmod(number, size)
    said = f"eine {name}" if many == 1 else f"{cardinal(many)} {_several(name)}"
    return f"{said} {cardinal(rest, before_noun)}" if rest else said


def _several(name: str) -> str:
    return f"{name}n" if name.endswith("e") else f"{name}en"


def _parts(written: str) -> tuple[int, str]:
    """The whole number and the digits behind the point, whether that is written as in German or in English."""
    if "," in written and "." in written:
        decimal = max(written.rfind(","), written.rfind("."))
        return int(re.sub(r"\D", "", written[:decimal])), written[decimal + 1 :]
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", written):
        return int(written.replace(".", "")), ""
    whole, _, behind = written.replace(",", ".").partition(".")
    return int(whole), behind


def _number(written: str, before_noun: bool = False) -> str:
    whole, behind = _parts(written)
    if behind:
        return f"{cardinal(whole)} Komma {' '.join(_ONES[int(digit)] for digit in behind)}"
    return cardinal(whole, before_noun)


def _scaled(written: str, scale: str) -> str:
    """ "2", "bn" as "zwei Milliarden"."""
    name = _SCALES[scale.lower()]
    whole, behind = _parts(written)
    if name == "tausend":
        return f"{_number(written, before_noun=True)}{' ' if behind else ''}tausend"
    if whole == 1 and not behind:
        return f"eine {name}"
    return f"{_number(written)} {_several(name)}"


def _money(found: re.Match[str]) -> str:
    name, part = _MONEY[found["sign"]]
    written, scale = found["amount"], found["scale"]
    if scale:
        return f"{_scaled(written, scale)} {name}"
    whole, behind = _parts(written)
    if len(behind) == 2 and part:
        said = f"{cardinal(whole, before_noun=True)} {name}"
        cents = int(behind)
        if not cents:
            return said
        return f"{said} {cardinal(cents)}" if whole else f"{cardinal(cents, before_noun=True)} {part}"
    return f"{_number(written, before_noun=True)} {name}"


def _money_range(found: re.Match[str]) -> str:
    name, _ = _MONEY[found["sign"]]
    low, high, scale = found["low"], found["high"], found["scale"]
    return f"{_number(low)} bis {_scaled(high, scale) if scale else _number(high)} {name}"


def _shortened(found: re.Match[str]) -> str:
    """At the end of a text its point is also the sentence's."""
    ends = found["point"] and not found.string[found.end() :].strip()
    return _scaled(found["amount"], found["scale"]) + ("." if ends else "")


_RULES = tuple(
    (re.compile(pattern), says)
    for pattern, says in (
        (rf"(?P<sign>{_SIGN})\s?(?P<low>{_NUMBER}){_TO}(?:{_SIGN})?(?P<high>{_NUMBER}){_OF_MONEY}", _money_range),
        (rf"(?P<sign>{_SIGN})\s?(?P<amount>{_NUMBER}){_OF_MONEY}", _money),
        (
            rf"(?<![\w.,])(?P<low>{_NUMBER}){_TO}(?P<high>{_NUMBER}){_OF_MONEY}\s?(?P<sign>{_SIGN})(?![A-Za-z])",
            _money_range,
        ),
        (rf"(?<![\w.,])(?P<amount>{_NUMBER}){_OF_MONEY}\s?(?P<sign>{_SIGN})(?![A-Za-z])", _money),
        (rf"(?<![\w.,])(?P<amount>{_NUMBER}){_SHORTENED}", _shortened),
        (f"[{re.escape(''.join(_SIGNS))}]", lambda found: f" {_SIGNS[found[0]]} "),
    )
)
