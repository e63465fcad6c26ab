"""What a question about the calendar or the clock means: which day or time, seen from now.

Knows the present as it is told, and no file.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from assistant.answering.day_words import (
    BACK,
    CHINESE,
    CLOCK,
    COUNTED,
    ENDS,
    FROM_TODAY,
    ONE,
    PLACES,
    STEPS,
    WEEKDAYS,
    WEEKEND,
    Step,
    ahead,
    before,
    counted,
)
from assistant.text.answer_language import N_
from assistant.text.chinese_scripts import folded
from assistant.text.dates import dates_in
from assistant.text.known_days import known_day
from assistant.text.number_words import spelled_as_digits
from assistant.text.numerals import chinese_number, plain_numbers


@dataclass(frozen=True)
class AskedDay:
    """A day that a question names."""

    day: date
    english: str = ""
    """Its name, where it has one."""
    said: int | None = None
    """ "Today" and the like, as days from today; else None."""


def plainly(words: str, language: str) -> str:
    """In lower case, in simplified characters, numbers in digits."""
    text = folded(unicodedata.normalize("NFKC", words).lower()).replace("’", "'")
    text = ONE.sub("1 ", text)
    text = CHINESE.sub(lambda match: chinese_number(match.group()) or match.group(), text)
    return spelled_as_digits(plain_numbers(text), language)


def asked_day(text: str, today: date, back: bool) -> AskedDay | None:
    """The day that plain words mean; the next one of its kind, or where back the last one. None: they mean none."""
    for days, words in FROM_TODAY:
        if re.search(words, text) and not (days == 0 and _names_more(text, today)):
            return AskedDay(today + timedelta(days=days), said=days)
    if (found := _after_steps(text, today)) is not None:
        return AskedDay(found)
    if (written := _written(text, today, back)) is not None:
        return AskedDay(written)
    if (known := known_day(text)) is not None:
        day = known.before(today) if back else known.after(today)
        year = re.search(r"\b(?:19|20)\d\d\b", text)
        day = known.in_year(int(year.group())) if year else day
        return AskedDay(day, known.english) if day else None
    for what, words in ENDS:
        if re.search(words, text):
            last = (
                date(today.year, 12, 31) if what == "year" else _add_months(today.replace(day=1), 1) - timedelta(days=1)
            )
            return AskedDay(last)
    if WEEKEND.search(text):
        return AskedDay(today + timedelta(days=(5 - today.weekday()) % 7), N_("the weekend"))
    return _weekday(text, today, back)


def weekday_named(text: str) -> list[int]:
    """Those that the words name, Monday 0."""
    return [number for number, words in enumerate(WEEKDAYS) if re.search(rf"(?<![a-z])(?:{words})", text)]


def _names_more(text: str, today: date) -> bool:
    """Whether "today" is only where it is counted from: "from today to 30 june"."""
    return bool(dates_in(text, today.year)) or known_day(text) is not None


def goes_back(text: str) -> bool:
    return bool(BACK.search(text))


def written_days(text: str, today: date) -> list[date]:
    """Dates as they stand in the words."""
    return [one.day for one in dates_in(text, today.year) if one.precision == "day"]


def _written(text: str, today: date, back: bool) -> date | None:
    for one in dates_in(text, today.year):
        if one.precision == "year":
            continue
        if one.year_said or ("this year" in text or "今年" in text or "dieses jahr" in text):
            return one.day
        if not back and one.day < today:
            return _add_months(one.day, 12)
        return _add_months(one.day, -12) if back and one.day > today else one.day
    if (match := re.search(r"(?<!\d)(\d{1,2})(?:号|日)", text)) and 1 <= int(match[1]) <= 28:
        day = today.replace(day=int(match[1]))
        return day if day >= today or back else _add_months(day, 1)
    return None


def _weekday(text: str, today: date, back: bool) -> AskedDay | None:
    named = weekday_named(text)
    if len(named) != 1:
        return None
    ahead = (named[0] - today.weekday()) % 7
    monday = today - timedelta(days=today.weekday())
    if re.search(r"下个?(?:周|星期|礼拜)", text):
        return AskedDay(monday + timedelta(days=7 + named[0]))
    if back or re.search(r"\blast\b|letzten?|dernier|pasado|上个?(?:周|星期|礼拜)", text):
        if re.search(r"上个?(?:周|星期|礼拜)", text):
            return AskedDay(monday + timedelta(days=named[0] - 7))
        return AskedDay(today - timedelta(days=7 - ahead if ahead else 7))
    return AskedDay(today + timedelta(days=ahead or 7))


def _after_steps(text: str, today: date) -> date | None:
    found = steps(text)
    if found is None or found[1] in ("minutes", "hours"):
        return None
    number, step, _ = found
    try:
        match step:
            case "days" | "weeks":
                return today + timedelta(days=number * (7 if step == "weeks" else 1))
            case _:
                return _add_months(today, number * (12 if step == "years" else 1))
    except (OverflowError, ValueError):
        return None


def steps(text: str) -> tuple[int, Step, bool] | None:
    """ "in two weeks", "3 days ago", "三天后": how many steps from now, backwards below 0, and of which kind."""
    for step in STEPS:
        for sign, pattern in ((1, ahead(step)), (-1, before(step))):
            if match := re.search(pattern, text):
                return sign * int(next(one for one in match.groups() if one)), step, True
    return None


def counted_in(text: str) -> Step:
    """What "how many … until" counts; days where it says nothing."""
    for step in COUNTED:
        if re.search(counted(step), text) and not (step == "months" and re.search(r"几月", text)):
            return step
    return "days"


def clock_named(text: str, now: datetime) -> datetime | None:
    """ "5 pm", "midnight", "下午五点": the next time that the clock shows it."""
    if re.search(r"midnight|mitternacht|minuit|medianoche|meia-noite|午夜|零点", text):
        return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    if re.search(r"\bnoon\b|\bmittag\b|\bmidi\b|mediodía|正午", text):
        at = time(12)
    elif match := CLOCK.search(text):
        given = {name: value for name, value in match.groupdict().items() if value}
        hour = int(next(given[name] for name in ("hour", "hour2", "hour3", "hour4") if name in given))
        minute = int(
            next(
                (given[name] for name in ("minute", "minute2", "minute4") if name in given),
                "30" if "thirty" in given else "0",
            )
        )
        if (given.get("half", "").startswith("p") or given.get("part") in ("下午", "晚上")) and hour < 12:
            hour += 12
        if given.get("half", "").startswith("a") and hour == 12:
            hour = 0
        if hour > 23 or minute > 59:
            return None
        at = time(hour, minute)
    else:
        return None
    found = datetime.combine(now.date(), at, now.tzinfo)
    return found if found > now else found + timedelta(days=1)


def place_named(text: str) -> tuple[str, ZoneInfo] | None:
    """A place with a clock of its own, as it is called, and its zone."""
    for name, zone in (*PLACES.items(), *_cities()):
        far = not name.isascii()
        if match := re.search(re.escape(name) if far else rf"(?<![a-z]){re.escape(name)}(?![a-z])", text):
            try:
                return match.group(), ZoneInfo(zone)
            except (ZoneInfoNotFoundError, OSError):  # no table of zones on this machine
                return None
    return None


@cache
def _cities() -> tuple[tuple[str, str], ...]:
    """("new york", "America/New_York") for every zone that is called after a city."""
    found: list[tuple[str, str]] = []
    for zone in sorted(available_timezones()):
        area, _, city = zone.rpartition("/")
        if area and not area.startswith(("Etc", "SystemV", "US", "posix", "right")) and len(city) > 3:
            found.append((city.replace("_", " ").lower(), zone))
    return tuple(sorted(found, key=lambda one: -len(one[0])))


def months_between(start: date, end: date) -> int:
    """Whole months."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:  # the 31st of a shorter month
            continue
    return date(day.year + years, month + 1, day.day)
