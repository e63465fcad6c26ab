"""Normalizes French, Spanish, Italian, Portuguese and Japanese text: numbers, money, days, times, and digit by
digit what is no number: telephone numbers, codes, whatever begins with a zero.

Each language is a row of words; the rules are the same. What is in words already stays as it is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from assistant.speech.text_normalization.numbers_by_language import LONGEST, cardinal, digits, spanish_before_noun


@dataclass(frozen=True)
class _Words:
    """point: between a number and its decimals. several: "millions". of: before a noun after these."""

    point: str
    percent: str
    hours: str
    minutes: str
    to: str
    of: str
    money: dict[str, tuple[str, str, bool]]
    """Sign → one of it, several, whether it is feminine."""
    scales: dict[int, tuple[str, str]]
    minus: str


_SIGNS = ("US$", "EUR", "USD", "GBP", "CHF", "€", "$", "£", "¥")


def _money(euro: str, dollar: str, pound: str, yen: str, franc: str) -> dict[str, tuple[str, str, bool]]:
    """Each as "one/several", "*" before what is feminine."""
    of_sign = {"€": euro, "EUR": euro, "$": dollar, "US$": dollar, "USD": dollar, "£": pound, "GBP": pound, "¥": yen}
    return {sign: _noun(told) for sign, told in {**of_sign, "CHF": franc}.items()}


def _noun(told: str) -> tuple[str, str, bool]:
    one, _, several = told.lstrip("*").partition("/")
    return one, several or one, told.startswith("*")


_OF = {
    "fr": _Words(
        "virgule", "pour cent", "heures", "", "à", "de",
        _money("euro/euros", "dollar/dollars", "*livre/livres", "yen/yens", "franc suisse/francs suisses"),
        {3: ("mille", "mille"), 6: ("million", "millions"), 9: ("milliard", "milliards"), 12: ("billion", "billions")},
        "moins",
    ),
    "es": _Words(
        "coma", "por ciento", "y", "", "a", "de",
        _money("euro/euros", "dólar/dólares", "*libra/libras", "yen/yenes", "franco suizo/francos suizos"),
        {3: ("mil", "mil"), 6: ("millón", "millones"), 9: ("mil millones", "mil millones"), 12: ("billón", "billones")},
        "menos",
    ),
    "it": _Words(
        "virgola", "per cento", "e", "", "a", "di",
        _money("euro", "dollaro/dollari", "*sterlina/sterline", "yen", "franco svizzero/franchi svizzeri"),
        {3: ("mila", "mila"), 6: ("milione", "milioni"), 9: ("miliardo", "miliardi"), 12: ("bilione", "bilioni")},
        "meno",
    ),
    "pt": _Words(
        "vírgula", "por cento", "e", "", "a", "de",
        _money("euro/euros", "dólar/dólares", "*libra/libras", "iene/ienes", "franco suíço/francos suíços"),
        {3: ("mil", "mil"), 6: ("milhão", "milhões"), 9: ("bilhão", "bilhões"), 12: ("trilhão", "trilhões")},
        "menos",
    ),
    "ja": _Words(
        "点", "パーセント", "時", "分", "から", "",
        _money("ユーロ", "ドル", "ポンド", "円", "スイスフラン"),
        {3: ("千", "千"), 6: ("百万", "百万"), 9: ("十億", "十億"), 12: ("兆", "兆")},
        "マイナス",
    ),
}  # fmt: skip
_SCALED = {
    "k": 3, "tsd": 3, "m": 6, "mn": 6, "mio": 6, "mln": 6, "million": 6, "millions": 6, "millón": 6, "millones": 6,
    "milione": 6, "milioni": 6, "milhão": 6, "milhões": 6, "bn": 9, "b": 9, "md": 9, "mds": 9, "mrd": 9, "mld": 9,
    "milliard": 9, "milliards": 9, "miliardo": 9, "miliardi": 9, "bilhão": 9, "bilhões": 9, "bi": 9, "tn": 12, "t": 12,
    "trilhão": 12, "trilhões": 12,
}  # fmt: skip
_SCALE = "|".join(sorted(_SCALED, key=len, reverse=True))
_SIGN = "|".join(re.escape(sign) for sign in _SIGNS)
_LATIN_NUMBER = r"\d{1,3}(?:[. ]\d{3})+(?:,\d{1,6})?|\d{1,15}(?:[.,]\d{1,6})?"
_JAPANESE_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?"


def in_words(text: str, language: str) -> str:
    """language: "fr", "es", "it", "pt" or "ja"."""
    for pattern, says in _rules(language):
        text = pattern.sub(says, text)
    return text


@cache
def _rules(  # noqa: C901 - each rule is a small function of its own
    language: str,
) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]:
    words = _OF[language]
    number = _JAPANESE_NUMBER if language == "ja" else _LATIN_NUMBER
    blank = "" if language == "ja" else " "

    def parts(written: str) -> tuple[int, str]:
        """The whole number, and the digits behind its point."""
        if language == "ja":
            whole, _, behind = written.replace(",", "").partition(".")
        elif re.fullmatch(r"\d{1,3}(?:[. ]\d{3})+(?:,\d+)?", written):
            whole, _, behind = written.replace(".", "").replace(" ", "").partition(",")
        else:
            whole, _, behind = written.replace(".", ",").partition(",")
        return int(whole), behind

    def said(written: str, feminine: bool = False, before_noun: bool = False) -> str:
        whole, behind = parts(written)
        told = cardinal(whole, language)
        if behind:
            return f"{told}{blank}{words.point}{blank}{digits(behind, language)}"
        if feminine:
            return _feminine(told, language)
        if before_noun and language == "es":
            return spanish_before_noun(told)
        return "un" if before_noun and language == "it" and whole == 1 else told

    def counted(written: str, one: str, several: str, feminine: bool) -> str:
        whole, behind = parts(written)
        noun = one if whole == 1 and not behind else several
        return f"{said(written, feminine, before_noun=True)}{blank}{noun}"

    def money(found: re.Match[str]) -> str:
        one, several, feminine = words.money[found["sign"]]
        written, scale = found["amount"], (found["scale"] or "").lower()
        if not scale:
            return counted(written, one, several, feminine)
        power = _SCALED[scale]
        whole, behind = parts(written)
        if language == "ja" and not behind:
            return f"{cardinal(whole * 10**power, language)}{several}"
        if power == 3 and not behind:
            return f"{cardinal(whole * 1000, language)} {several}"
        size = words.scales[power][0 if whole == 1 and not behind else 1]
        between = f" {words.of} " if power > 3 and words.of else blank
        if language == "fr" and between.strip() and several[0] in "aeiouy" and not several.startswith("ye"):
            between = " d'"
        return f"{said(written, before_noun=True)}{blank}{size}{between}{several}"

    def day(found: re.Match[str]) -> str:
        year, month, on = (int(found[name]) for name in ("year", "month", "day"))
        try:
            written = date(year, month, on)
        except ValueError:
            return found[0]
        from babel.dates import format_date

        told = str(format_date(written, "long", locale=language))
        return re.sub(r"(?<!\d)1(?= )", "premier", told, count=1) if language == "fr" else told

    def time(found: re.Match[str]) -> str:
        hour, minute = int(found["hour"]), int(found["minute"])
        if language == "ja":
            return f"{cardinal(hour, 'ja')}時" + (f"{cardinal(minute, 'ja')}分" if minute else "")
        told = (
            _feminine(cardinal(hour, language), language)
            if language in ("fr", "es", "pt")
            else cardinal(hour, language)
        )
        unit = (" heure" if hour == 1 else " heures") if language == "fr" else ""
        joint = " " if language == "fr" else f" {words.hours} "
        return f"{told}{unit}{joint}{cardinal(minute, language)}" if minute else f"{told}{unit}"

    def one_by_one(found: re.Match[str]) -> str:
        return f"{blank}{digits(found[0], language)}{blank}".strip() if language != "ja" else digits(found[0], language)

    def plain(found: re.Match[str]) -> str:
        whole = re.split(r"[.,]", found["amount"])[0]
        if len(whole) > 1 and whole[0] == "0":
            return digits(found["amount"], language)
        minus = f"{words.minus}{blank}" if found["minus"] else ""
        return minus + said(found["amount"])

    letter = "A-Za-z" if language == "ja" else "A-Za-zÀ-ÿ"  # Japanese has no blank before a number
    before, after = rf"(?<![{letter}\d.,])", rf"(?![{letter}\d])"
    scale = rf"(?:\s?(?P<scale>(?i:{_SCALE}))(?![A-Za-zà-ÿ])\.?)?"
    return tuple(
        (re.compile(pattern, flags), says)
        for pattern, says, flags in (
            (r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)", day, 0),
            (r"(?<!\d)(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})(?!\d)", day, 0),
            (rf"(?P<sign>{_SIGN})\s?(?P<amount>{number}){scale}(?!\d)", money, 0),
            (rf"{before}(?P<amount>{number}){scale}\s?(?:d[e']\s?)?(?P<sign>{_SIGN})(?![A-Za-z])", money, 0),
            (rf"{before}(?P<hour>[01]?\d|2[0-3])(?::|\s?h\s?)(?P<minute>[0-5]\d)(?!\d)", time, 0),
            (rf"(?<![{letter}\d+])\+\d{{1,4}}(?:[ ./()-]{{1,2}}\d{{1,6}}){{1,8}}", one_by_one, 0),
            (rf"{before}0\d{{0,5}}(?:[ ./-]\d{{1,6}}){{1,8}}{after}", one_by_one, 0),
            (rf"(?<![{letter}\d])\d{{2,6}}(?:-\d{{2,6}}){{1,6}}{after}", one_by_one, 0),
            (rf"(?<=[A-Za-z]-)\d{{3,{LONGEST}}}{after}|(?<!\d)\d{{{LONGEST + 1},60}}(?!\d)", one_by_one, 0),
            (rf"{before}(?P<minus>(?<![{letter}\d])-)?(?P<amount>{number})(?!\d)", plain, 0),
            (r"\s?%", lambda _: f"{blank}{words.percent}", 0),
        )
    )


def _feminine(told: str, language: str) -> str:
    match language:
        case "fr":
            return f"{told}e" if told == "un" or told.endswith("et un") else told
        case "es":
            if told.endswith("cientos"):
                return f"{told[:-2]}as"
            return f"{told[:-1]}a" if told.endswith("uno") else told
        case "pt":
            for one, other in (("dois", "duas"), ("um", "uma")):
                if told == one or told.endswith(f" {one}"):
                    return told[: len(told) - len(one)] + other
            return f"{told[:-2]}as" if told.endswith("entos") else told
        case "it":
            return "una" if told == "uno" else told
        case _:
            return told
