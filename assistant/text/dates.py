"""Dates as they are written in a text, in English, Chinese and the larger European languages, and where they stand.

Knows no present: "next Friday" is nothing here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

from assistant.text.chinese_scripts import folded

Precision = Literal["day", "month", "year"]

_MONTHS = """
january jan januar jänner janvier janv enero ene janeiro gennaio января январь
february feb februar feber février fevrier févr febrero fevereiro febbraio февраля февраль
march mar märz maerz mär mars marzo março marco марта март
april apr avril avr abril abr aprile апреля апрель
may mai mayo maio maggio мая май
june jun juni juin junio junho giugno июня июнь
july jul juli juillet juil julio julho luglio июля июль
august aug août aout agosto ago августа август
september sept sep septembre septiembre setiembre setembro settembre сентября сентябрь
october oct oktober okt octobre octubre outubro ottobre октября октябрь
november nov novembre noviembre novembro ноября ноябрь
december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre декабря декабрь
"""
MONTHS = {name: number for number, line in enumerate(_MONTHS.split("\n")[1:13], 1) for name in line.split()}
ENGLISH_MONTHS = tuple(line.split()[0].capitalize() for line in _MONTHS.split("\n")[1:13])


@dataclass(frozen=True)
class Dated:
    """A date in a text."""

    day: date
    """The first of the month or year, where only that is said."""
    start: int
    """The character of the text at which it begins."""
    end: int
    """The character behind it."""
    precision: Precision = "day"
    year_said: bool = True
    """Whether the year stands there. Else it is that of the text's other dates, or of whoever asks."""
    sure: bool = True
    """False where day and month may be the other way round (03/04/2026)."""


def dates_in(text: str, year: int) -> list[Dated]:
    """In order. year: of those that say none, unless the text's other dates all say the same year.

    A bare year is none: most numbers of four digits are not meant as years.
    """
    found = list(_dates(folded(text), year))
    said = {one.day.year for one in found if one.year_said}
    if len(said) == 1:
        theirs = said.pop()
        found = [one if one.year_said else (_in_year(one, theirs) or one) for one in found]
    return found


def date_of(text: str, year: int = 0) -> Dated | None:
    """What is a date and nothing else, a year among them ("2019", "2019年"); None where it is more, or no date."""
    text = text.strip()
    if re.fullmatch(r"(1[5-9]|20|21)\d\d年?", text):
        return Dated(date(int(text[:4]), 1, 1), 0, len(text), "year")
    found = next(_dates(folded(text), year or 2000), None)
    if found is None or (found.start, found.end) != (0, len(text)) or not (found.year_said or year):
        return None
    return found


def _in_year(one: Dated, year: int) -> Dated | None:
    try:
        return replace(one, day=one.day.replace(year=year))
    except ValueError:  # the 29th of February
        return None


def _dates(text: str, year: int) -> Iterator[Dated]:
    for match in _pattern().finditer(text):
        if (made := _made(match, year)) is not None:
            yield made


@cache
def _pattern() -> re.Pattern[str]:
    month = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
    of, day = r"(?:\s+of|\s+de)?", r"\d{1,2}"
    return re.compile(
        rf"(?<![\d.])(?P<y1>(?:1[5-9]|2[01])\d\d)(?P<s1>[-/.])(?P<m1>\d{{1,2}})(?P=s1)(?P<d1>{day})(?!\d)"
        rf"|(?<![\d.,])(?P<a>{day})(?P<s2>[./-])(?P<b>\d{{1,2}})(?P=s2)(?P<y2>(?:1[5-9]|2[01])\d\d|\d\d)(?![\d])"
        rf"|(?:(?P<y3>\d{{4}})\s*年\s*)?(?P<m3>\d{{1,2}})\s*月\s*(?P<d3>{day})\s*[日号]?"
        r"|(?P<y6>\d{4})\s*年\s*(?P<m6>\d{1,2})\s*月"
        rf"|\b(?P<d4>{day})(?:st|nd|rd|th|er|º|ª|\.)?{of}\s*(?P<m4>{month})\b\.?"
        r"(?:,?(?:\s+de|\s+del)?\s+(?P<y4>(?:1[5-9]|2[01])\d\d)\b)?"
        rf"|\b(?P<m5>{month})\b\.?\s+(?:the\s+)?(?P<d5>{day})(?:st|nd|rd|th)?\b(?![.:]\d)(?:,?\s+(?P<y5>(?:1[5-9]|2[01])\d\d)\b)?"
        rf"|\b(?P<m7>{month})\b\.?(?:,?(?:\s+of|\s+de|\s+del)?\s+(?P<y7>(?:1[5-9]|2[01])\d\d)\b)",
        re.IGNORECASE,
    )


def _made(match: re.Match[str], year: int) -> Dated | None:
    given = {name: value for name, value in match.groupdict().items() if value is not None}
    start, end = match.span()

    def dated(y: str, m: int, d: str, **more: object) -> Dated | None:
        made = _day(int(y) if y else year, m, int(d) if d else 1)
        precision: Precision = "day" if d else "month"
        return Dated(made, start, end, precision, bool(y), **more) if made else None  # type: ignore[arg-type]

    match given:
        case {"y1": y, "m1": m, "d1": d} | {"y3": y, "m3": m, "d3": d}:
            return dated(y, int(m), d)
        case {"m3": m, "d3": d}:
            return dated("", int(m), d)
        case {"a": a, "b": b, "y2": y, "s2": sign}:
            y = y if len(y) == 4 else f"20{y}" if int(y) < 70 else f"19{y}"
            d, m = (a, b) if int(b) <= 12 else (b, a)
            return dated(y, int(m), d, sure=sign == "." or int(a) > 12 or int(b) > 12 or a == b)
        case {"y6": y, "m6": m}:
            return dated(y, int(m), "")
        case {"d4": d, "m4": m, **rest} | {"d5": d, "m5": m, **rest}:
            return dated(rest.get("y4") or rest.get("y5") or "", MONTHS[m.lower()], d)
        case {"m7": m, "y7": y}:
            return dated(y, MONTHS[m.lower()], "")
        case _:
            return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
