"""Arithmetic put into words: "what's 23% of 640", "两百乘以三", "15% tip on 48.50", "12 miles in km".

The words are rewritten into an expression, or fit a pattern; what is left over must mean nothing. What cannot be read
wholly is not guessed at: None.
"""

import re
import unicodedata
from fractions import Fraction

from assistant.answering.arithmetic import Calculation, NotArithmetic, decimal, shown, tokens_of, work_out
from assistant.answering.calculation_words import (
    CHINESE,
    CJK_MEANS_NOTHING,
    DATE,
    MEANS_NOTHING,
    MONEY,
    NUMBER,
    PATTERNS,
    PERCENT,
    PRIME,
    SIGNS,
)
from assistant.answering.conversions import conversion
from assistant.text.chinese_scripts import folded
from assistant.text.number_words import spelled_as_digits
from assistant.text.numerals import chinese_number, plain_numbers
from assistant.text.quantities import number, quantities_in, writes_comma_decimals
from assistant.values.request import PARSED

_NAMES = ("sqrt", "log", "pi")
_LONE = re.compile(r"\s*(?:-\s*)?\d[\d.,]*\s*(?:%\s*)?")


def calculation(words: str, language: str) -> Calculation | None:
    """None where the words are not wholly arithmetic."""
    if len(words) > PARSED:
        return None
    text = _plain(words, language)
    if not re.search(r"\d", text) or DATE.search(text):
        return conversion(text) if text else None
    try:
        return conversion(text) or _prime(text) or _by_pattern(text) or _by_expression(text)
    except (NotArithmetic, OverflowError, ZeroDivisionError):
        return None


def _plain(words: str, language: str) -> str:
    """In lower case, with every number in digits, and without punctuation at its end."""
    text = folded(unicodedata.normalize("NFKC", words).lower()).replace("’", "'").replace("−", "-")
    text = re.sub(r"(?<=[\d.])\s?²", "^2", text)
    text = re.sub(r"\b(\d{2,3})\s?%", r"\1%", text)
    text = PERCENT.sub("%", plain_numbers(_percent_of_hundred(text)))
    text = spelled_as_digits(text, language)
    text = re.sub(r"\bone\b(?=\s+(?:plus|minus|times|divided)\b)|(?<=\bplus )one\b|(?<=\btimes )one\b", "1", text)
    text = CHINESE.sub(lambda match: chinese_number(match.group()) or match.group(), text)
    text = re.sub(r"(华氏|摄氏)\s*(-?[\d.]+)\s*度", r"\2\1度", text)
    return text.rstrip(" =?？!！.。~").lstrip("¿¡ ").strip()


def _percent_of_hundred(text: str) -> str:
    return re.sub(r"百分之\s*(\d[\d.]*)", r"\1%", text)


def _by_pattern(text: str) -> Calculation | None:
    text = MONEY.sub(" ", text)
    comma = writes_comma_decimals(text)
    for pattern, means in PATTERNS:
        if (match := re.search(pattern, text)) is None:
            continue
        named = {name: value for name, value in match.groupdict().items() if value}
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        if re.search(r"\d", rest) or _operates(rest):
            continue  # there is more to it than this
        if "list" in named:
            named["list"] = " ; ".join(re.findall(NUMBER, named["list"]))
        return _meant(means.format(**named), comma)
    return None


def _operates(text: str) -> bool:
    for words, _ in SIGNS:
        if re.search(r"\d", words) is None and "(?P<" not in words and re.search(words, text):
            return True
    return bool(re.search(r"[-+*/^%]|\b(?:tip|tax|vat|mwst|tva|iva)\b|税|小费", text)) and "tip" not in text


def _meant(means: str, comma: bool) -> Calculation | None:
    head, _, rest = means.partition(" ")
    match head:
        case "tip":
            tip = work_out(rest, comma).value
            bill = work_out(rest.partition(" of ")[2], comma).value
            told = _worked_out(rest, comma)
            return Calculation(told.shown, told.result, told.exact, decimal(bill + tip, comma_decimals=comma)[0])
        case "share":
            value, exact = decimal(work_out(rest, comma).value * 100, 2, comma)
            return Calculation(shown(rest), f"{value} %", exact)
        case "change":
            before, after = rest.split(" ; ")
            expression = f"({after} - {before}) / {before}"
            value, exact = decimal(work_out(expression, comma).value * 100, 2, comma)
            return Calculation(shown(expression), f"{value} %", exact)
        case "round":
            value, places = rest.split(" ; ")
            result, exact = decimal(work_out(value, comma).value, min(int(places), 12), comma)
            return Calculation(value, result, exact)
        case "sum":
            return _worked_out(rest.replace(" ; ", " + "), comma)
        case "average" | "median" | "gcd" | "lcm":
            return _worked_out(f"{head}({rest})", comma)
        case "difference":
            one, other = rest.split(" ; ")
            larger = number(one, comma) >= number(other, comma)
            return _worked_out(f"{one} - {other}" if larger else f"{other} - {one}", comma)
        case _:
            return _worked_out(means, comma)


def _by_expression(text: str) -> Calculation | None:
    """Words become signs; what is left of them must mean nothing, or be what is counted of a sum."""
    comma = writes_comma_decimals(text)
    text = MONEY.sub(" ", text)
    for words, sign in SIGNS:
        text = re.sub(words, _discount if sign == "zhe" else sign, text)
    text = re.sub(r"\((?:one|a|un|um)/", "(1/", text)
    labels = _left_over(text)
    counted = all(re.search(rf"{NUMBER}\s+{one}\b|\b{one}\s+{NUMBER}", text) for one in labels)
    text = re.sub(r"[^\W\d_]+", lambda match: match.group() if match.group() in _NAMES else " ", text)
    text = re.sub(r"(?<=\d)\s*[,，?？]\s+|\s[,，'\"?？]+", " ", text).strip(" ,，'\"?？:：=@").replace("@", " of ")
    if labels and not (counted and re.fullmatch(rf"{NUMBER}(?:\s*\+\s*{NUMBER})+", text.strip())):
        return None
    if all(token[0].isdigit() for token in tokens_of(text)) or _LONE.fullmatch(text):
        return None  # there is nothing to work out
    return _worked_out(text, comma)


def _left_over(text: str) -> list[str]:
    """Words that mean something, though not to arithmetic."""
    words = re.findall(r"[^\W\d_]+", text)
    left = [word for word in words if word not in MEANS_NOTHING and word not in _NAMES]
    return [rest for word in left if (rest := CJK_MEANS_NOTHING.sub("", word))]


def _discount(match: re.Match[str]) -> str:
    """八折 is 80 % of the price, 八五折 85 %."""
    tenths = match["b"]
    share = f"0.{tenths}" if "." not in tenths else f"0.{tenths.replace('.', '')}"
    return f" {match['a']} * {share} "


def _worked_out(expression: str, comma: bool) -> Calculation:
    worked = work_out(expression, comma)
    result, whole = decimal(worked.value, comma_decimals=comma)
    if not whole and worked.exact and expression.count("/") > 1 and worked.value.denominator < 1000:
        result = f"{worked.value.numerator}/{worked.value.denominator} ≈ {result}"  # fractions make a fraction
        whole = True
    fractions = re.sub(r"\((\d+) ÷ (\d+)\)|(?<!\d)(\d++) ÷ (\d++)(?= of)", _as_fraction, shown(expression))
    return Calculation(fractions, result, whole and worked.exact)


def _as_fraction(match: re.Match[str]) -> str:
    return f"{match[1] or match[3]}/{match[2] or match[4]}"


def _prime(text: str) -> Calculation | None:
    match = PRIME.search(text)
    given = next((value for value in match.groups() if value), "") if match else ""
    if not given.isdigit() or len(given) > 12 or len(list(quantities_in(text))) != 1:
        return None
    value = int(given)
    divisor = next((each for each in range(2, int(Fraction(value) ** Fraction(1, 2)) + 1) if value % each == 0), value)
    if value < 2 or divisor == value:
        return Calculation(given, given, verdict=value > 1)
    return Calculation(given, f"{divisor} × {value // divisor}", verdict=False)
