"""Chinese dates and times read in English, for a model that answers in another language: small ones take 4月18日 for a
time of day."""

import re

from assistant.text.dates import ENGLISH_MONTHS

_DAYS = dict(
    zip("一二三四五六日天", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Sunday".split(), strict=True)
)
_MORNING = frozenset(("上午", "早上", "凌晨", "清晨"))
_EVENING = frozenset(("下午", "晚上", "傍晚", "夜里"))
_DATE = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号])?")
_TIME = re.compile(
    r"(?P<part>上午|早上|凌晨|清晨|中午|下午|晚上|傍晚|夜里)?(?P<hour>2[0-4]|1\d|0?\d)[点點时時](?!间|間|候|期)"
    r"(?:(?P<minute>[0-5]?\d)分|(?P<half>半))?"
)
_WEEKDAY = re.compile(r"(?:星期|礼拜|周|週)(?P<day>[一二三四五六日天])(?!年|岁|期)")


def glossed(text: str) -> str:
    """ "4月18日上午9点至下午3点" → " 18 April 9:00 AM 至 3:00 PM "; all else stays as it is."""
    for pattern, said in ((_DATE, _date), (_TIME, _time), (_WEEKDAY, _weekday)):
        text = pattern.sub(lambda match, said=said: f" {said(match)} ", text)  # type: ignore[misc]
    return re.sub(r"  +", " ", text)


def _date(match: re.Match[str]) -> str:
    parts = (match["day"] or "", ENGLISH_MONTHS[int(match["month"]) - 1], match["year"] or "")
    return " ".join(part.lstrip("0") for part in parts if part)


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), 30 if match["half"] else int(match["minute"] or 0)
    part = match["part"] or ""
    if hour > 12 or (not part and hour == 12):
        return f"{hour}:{minute:02}"
    if part in _MORNING:
        return f"{hour}:{minute:02} AM"
    if part in _EVENING or (part == "中午" and hour in (12, 1)):
        return f"{hour}:{minute:02} PM"
    return f"{hour}:{minute:02}"


def _weekday(match: re.Match[str]) -> str:
    return _DAYS[match["day"]]
