"""Numbers that were said, in digits where a person would write digits: 二零二四年五月三号 is 2024年5月3号,
百分之二十五 25%, 三点五公里 3.5公里; "twenty five percent" is 25%, "three point five kilometers" 3.5 kilometers.

Whisper does most of this itself. What it leaves is done here only where a unit, a percentage or a date leaves no other
reading: "one of them", 十分, 三四个 and 三点五十分 stay as they are. (`text.numerals` is bolder, for comparing.)
"""

import re

from assistant.text.numerals import plain_numbers

_DIGITS = "零〇一二三四五六七八九"
_HAN = f"{_DIGITS}两十百千万亿"
_UNIT = (
    "公里|千米|厘米|毫米|平方米|立方米|米|公斤|千克|毫克|克|吨|毫升|升|摄氏度|度|伏|千瓦|瓦|安|赫兹|兆|吉|字节|元|块|美元|欧元|人|"
    "岁|页|倍|年|天|小时|分钟|秒|次|名|位|台|件|套|平方|个百分点|个小时|个月|英里|英尺|公顷|亩"
)
_YEAR = re.compile(rf"(?<![{_HAN}])[一二][{_DIGITS}]{{3}}(?=年)")
_DATE = re.compile(rf"(?<![{_HAN}])([一二三四五六七八九十]{{1,2}})月([一二三四五六七八九十]{{1,3}})(?=[日号])")
_PERCENT = re.compile(rf"百分之([{_HAN}]+(?:点[{_DIGITS}]+)?)(?![{_HAN}点])")
_DECIMAL = re.compile(rf"(?<![{_HAN}第])([{_HAN}]+点[{_DIGITS}]+)(?=万|亿|{_UNIT})")
_COUNTED = re.compile(rf"(?<![{_HAN}第几分之点\d])([{_HAN}]{{0,20}}[十百千][{_HAN}]{{0,20}}?)([万亿]?)(?={_UNIT})")
_TWO = re.compile(rf"[{_DIGITS}]{{2}}")  # 三五十人: thirty or fifty
_CODE = re.compile(rf"((?:号码|电话|手机|编号|代码|密码|房间|型号)(?:是|为|号)?[，：]?)([{_DIGITS}]{{3,}})(?![{_HAN}])")

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_NUMBER = "|".join(
    [*_SMALL, *"seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred".split()]
)
_SAID = rf"(?:{_NUMBER})(?:[ -](?:and )?(?:{_NUMBER}|thousand|million|billion)){{0,24}}"
_MEASURE = (
    r"percent|per cent|(?:kilo|centi|milli)?met(?:er|re)s?|miles|kilograms?|kilos|(?:milli)?grams|"
    r"(?:milli)?lit(?:er|re)s?|"
    r"degrees|(?:kilo)?watts|volts|(?:kilo|mega|giga|tera)bytes?|(?:kilo|mega|giga)?hertz|dollars|euros|pounds|tons?"
)
_SINGLE = f"(?:oh|{'|'.join(_SMALL[:10])})"
_POINT = re.compile(rf"(?<!the )\b({_SAID}) point ({_SINGLE}(?:[ -]{_SINGLE})*)\b", re.I)
_MEASURED = re.compile(rf"\b({_SAID})(?=[ -](?:{_MEASURE})\b)", re.I)
_SIGN = re.compile(r"(?<=\d) (?:percent|per cent)\b", re.I)


def in_digits(text: str) -> str:
    """The text with its numbers as a person writes them."""
    return _chinese(text) if any(character in text for character in _HAN) else _english(text)


def _chinese(text: str) -> str:
    text = _YEAR.sub(lambda match: _plain(match[0], "年"), text)
    text = _DATE.sub(lambda match: f"{_plain(match[1], '月')}月{_plain(match[2], '日')}", text)
    text = _PERCENT.sub(lambda match: plain_numbers(match[0]), text)
    text = _DECIMAL.sub(lambda match: plain_numbers(f"百分之{match[1]}").removesuffix("%"), text)
    text = _COUNTED.sub(lambda match: match[0] if _TWO.search(match[1]) else _plain(match[1], "米") + match[2], text)
    return _CODE.sub(lambda match: match[1] + _plain(match[2], "年"), text)


def _plain(numeral: str, unit: str) -> str:
    """The numeral alone, read as it is before this unit; as it was where it is no number."""
    return plain_numbers(numeral + unit).removesuffix(unit)


def _english(text: str) -> str:
    text = _POINT.sub(lambda match: f"{_whole(match[1])}.{_one_by_one(match[2])}", text)
    text = _MEASURED.sub(lambda match: plain_numbers(match[1].replace("-", " ")), text)
    return _SIGN.sub("%", text)


def _whole(said: str) -> str:
    return "1" if said.lower() == "one" else plain_numbers(said.replace("-", " "))


def _one_by_one(text: str) -> str:
    return "".join(str(_SMALL.index(word.replace("oh", "zero"))) for word in re.split("[ -]", text.lower()))
