"""Numbers however they are written, as digits: "one thousand", "1.2 million", "3rd", "10 per cent", "百分之十", "三月".

What may be something else than a number is left alone: "one", "second", "十分", "万一".
"""

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_UNITS = {word: number for number, word in enumerate(f"{_ONES} eighteen nineteen".split())}
_UNITS |= {
    word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_ORDINALS = {
    word: number
    for number, word in enumerate("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 3)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SPELLED = re.compile(
    rf"\b(?:{'|'.join(_UNITS)})(?:(?:[\s-]+(?:and\s+)?)(?:{'|'.join([*_UNITS, *_SCALES])})\b)*\b", re.IGNORECASE
)
_SCALED = re.compile(
    r"(?<!\d)(?<!\d,)(\d[\d,]{0,39}+(?:\.\d++)?)[\s-]+(hundred|thousand|million|billion|bn)\b", re.IGNORECASE
)
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})\b(?!\s+of\b)|\b(\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_PERCENT = re.compile(r"(?<=\d)\s*(?:per\s?cent|percent|pct)\b", re.IGNORECASE)
_CJK_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CJK_SCALES = {"十": 10, "百": 100, "千": 1000}
_CJK = "零〇一二三四五六七八九两十百千万亿"
_LONGEST = 40  # characters of a number that somebody means
_CJK_PERCENT = re.compile(rf"百分之([{_CJK}点]+|[\d.]+)")
_CJK_NUMBER = re.compile(rf"第?([{_CJK}]+)(?=[年月日号元岁届周天小个名位只座条次倍点层章页米吨公人])|([{_CJK}]{{2,}})")


def plain_numbers(text: str) -> str:
    """The text with its numbers in digits, and per cent as a sign."""
    text = _ORDINAL.sub(lambda m: m[2] or str(_ORDINALS[m[1].lower()]), text)
    text = _SPELLED.sub(_spelled, text)
    text = _SCALED.sub(_scaled, text)
    text = _PERCENT.sub("%", text)
    if any(c in text for c in _CJK):
        text = _CJK_PERCENT.sub(lambda m: f"{_cjk(m[1]) or m[1]}%", text)
        text = _CJK_NUMBER.sub(_cjk_number, text)
    return text


def _spelled(match: re.Match[str]) -> str:
    """ "twenty-five thousand and three" → 25003; "one" alone stays a word."""
    words = [word for word in re.split(r"[\s-]+", match.group().lower()) if word != "and"]
    if words == ["one"]:
        return match.group()
    whole = part = 0
    for word in words:
        if word not in _SCALES:
            if part % 10 or (part and _UNITS[word] >= 10 and part % 100):
                return match.group()  # "two three", "nineteen twenty": no single number
            part += _UNITS[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        else:
            whole, part = whole + max(part, 1) * _SCALES[word], 0
    return str(whole + part)


def _scaled(match: re.Match[str]) -> str:
    scale = _SCALES.get(match[2].lower(), 1_000_000_000)
    return f"{round(float(match[1].replace(',', '')) * scale, 3):f}".rstrip("0").rstrip(".")


def _cjk_number(match: re.Match[str]) -> str:
    numeral = match[1] or match[2]
    follows = match.string[match.end() : match.end() + 1]
    loose = (numeral == "一" and follows not in "年月日号") or (
        len(numeral) == 2 and all(c in _CJK_DIGITS for c in numeral)
    )
    digits = None if loose else _cjk(numeral)  # "一个" is "a", "三四个" three or four
    return match.group() if digits is None else match.group().replace(numeral, digits)


def chinese_number(numeral: str) -> str | None:
    """A numeral of Chinese characters alone as digits ("三" → "3", "三点五" → "3.5"); None for what is none."""
    return _cjk(numeral) if numeral and all(c in _CJK or c == "点" for c in numeral) else None


def _cjk(text: str) -> str | None:
    """ "三千二百" → "3200", "二〇二四" → "2024"; None for what is no number by itself ("千万", "万一")."""
    if "点" in text:
        units, _, rest = text.partition("点")
        front, back = _cjk(units), "".join(str(_CJK_DIGITS.get(c, "")) for c in rest)
        return f"{front}.{back}" if front and back else front
    if all(c in _CJK_DIGITS for c in text):
        return "".join(str(_CJK_DIGITS[c]) for c in text)
    if len(text) > _LONGEST:
        return None
    whole = part = digit = 0
    for at, c in enumerate(text):
        if c in _CJK_DIGITS:
            digit = _CJK_DIGITS[c]
        elif c in _CJK_SCALES:
            if not digit and (at or c != "十") and not (c == "十" and part):
                return None
            part, digit = part + max(digit, 1) * _CJK_SCALES[c], 0
        else:
            if not part + digit:
                return None
            whole, part, digit = (whole + part + digit) * (10_000 if c == "万" else 100_000_000), 0, 0
    return str(whole + part + digit)
