"""The date and time now, and days as seen from now: "what day is it", "how many days until Christmas".

No model is asked. What cannot be worked out from the words and the clock alone is left to the lookup.
"""

import re
from collections.abc import Generator, Mapping
from datetime import date, datetime, timedelta

from assistant.answering.context import Context, Reply, plain
from assistant.answering.day_questions import (
    AskedDay,
    asked_day,
    clock_named,
    counted_in,
    goes_back,
    months_between,
    place_named,
    plainly,
    steps,
    weekday_named,
    written_days,
)
from assistant.answering.day_words import Step
from assistant.answering.ways import Kind
from assistant.text.answer_language import AnswerLanguage, Unit, in_language
from assistant.text.chinese_scripts import folded
from assistant.text.lunar import lunar
from assistant.values.events import Delta, Event
from assistant.values.messages import say
from assistant.values.request import Request, to_parse

_WEEK = re.compile(
    r"calendar week|week number|which week|kalenderwoche|\bkw\b|numéro de (?:la )?semaine|semana del año|第几周|几周"
)
_YEAR = re.compile(r"(?:which|what) year|welche[sm] jahr|quelle année|qué año|que ano|哪[一1]?年|今年是")
_MONTH = re.compile(r"(?:which|what) month|welche[rn] monat|quel mois|qué mes|几月份|哪个月|几月了")
_QUARTER = re.compile(r"quarter|quartal|trimestre|季度")
_LEAP = re.compile(r"leap year|schaltjahr|bissextile|bisiesto|闰年")
_LUNAR = re.compile(r"lunar|农历|阴历")
_ISO = re.compile(r"\biso\b|yyyy")
_UNTIL = re.compile(  # words that count, whatever the nearest examples ask
    r"\b(?:how many|how long)\b.*\b(?:until|till|to|since|left|ago|between)\b"
    r"|\b(?:days|weeks|months) (?:until|till|since|left)\b"
    r"|wie ?(?:viele|lange)\b.*\b(?:bis|seit)\b|combien de (?:jours|semaines|mois)|cu[áa]nt[oa]s (?:días|semanas|meses)"
    r"|quantos (?:dias|meses)|(?:还有|还剩|离|距)\D{0,8}[几多]少?个?[天周月]|多少天"
)
_UNITS: dict[Step, Unit] = {"weeks": "week", "months": "month", "years": "year"}
_LUNAR_MONTHS = "正 二 三 四 五 六 七 八 九 十 冬 腊".split()
_LUNAR_TENS = ("初", "十", "廿", "三十")
_DIGITS = "十一二三四五六七八九"


class Clock:
    kinds: Mapping[str, Kind] = {
        "clock": Kind(
            about="nothing",
            exact=True,
            wanted="the date or time now, or days counted from now",
            name=say("date and time"),
            facets={
                "date": say("the date"),
                "time": say("the time"),
                "until": say("time until or since a day"),
                "weekday": say("the day of the week"),
            },
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        asked = _ClockRequest(
            plainly(to_parse(request.words), request.language),
            context.now(),
            in_language(request.answer_language),
            request.words,
        )
        match "until" if _UNTIL.search(asked.text) else request.facet:
            case "time":
                text = asked.the_time()
            case "until":
                text = asked.until()
            case "weekday":
                text = asked.the_weekday()
            case _:
                text = asked.the_date()
        if not text:
            return None
        yield Delta(text)
        return plain(text)


class _ClockRequest:
    """One request, and the moment it is asked at. Every answer is "" where it cannot be worked out.

    typed: the words as they stand.
    """

    def __init__(self, text: str, now: datetime, words: AnswerLanguage, typed: str) -> None:
        self._typed = typed
        self.text, self._now, self._today, self._words = text, now, now.date(), words

    def the_time(self) -> str:
        text, now = self.text, self._now
        place, ahead = "", False
        if found := place_named(text):
            place, zone = found
            now = now.astimezone(zone)
            place = place.title() if place.isascii() and place not in ("utc", "gmt") else _as_typed(place, self._typed)
        if (later := steps(text)) is not None and later[1] in ("minutes", "hours"):
            number, step, ahead = later
            try:
                now += timedelta(minutes=number) if step == "minutes" else timedelta(hours=number)
            except OverflowError:
                return ""
        clock, day = self._words.clock_time(now.time()), self._day(now.date())
        return self._say("time", clock=clock, zone=_zone(now), day=day, place=place, ahead=ahead)

    def the_date(self) -> str:
        text, today = self.text, self._today
        asked = self._asked(back=False)
        at = asked.day if asked else today
        if _LUNAR.search(text) and (known := lunar(today)) is not None:
            chinese = self._words.code == "zh"
            month = _LUNAR_MONTHS[known.month - 1] if chinese else known.month
            number = _lunar_day(known.day) if chinese else known.day
            return self._say("lunar", month=month, number=number, leap=known.leap, day=self._day(today))
        if _LEAP.search(text):
            year = int(found.group()) if (found := re.search(r"\b(?:19|20)\d\d\b", text)) else today.year
            return self._say("leap", number=year, yes=year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
        if (asked is None or asked.said == 0) and _WEEK.search(text):
            year, week, _ = today.isocalendar()
            return self._say("week", number=week, year=year, day=self._day(today))
        if asked is None and _QUARTER.search(text):
            return self._say("quarter", number=(today.month + 2) // 3, year=today.year)
        if asked is None and _YEAR.search(text):
            return self._say("year", number=today.year)
        if asked is None and _MONTH.search(text):
            return self._say("month", month=self._words.month(today))
        if _ISO.search(text):
            return self._say("iso", day=at.isoformat())
        return self._tell(asked or AskedDay(today, said=0))

    def the_weekday(self) -> str:
        named = weekday_named(self.text)
        asked = self._asked(back=False, weekdays=False)
        day = asked or AskedDay(self._today, said=0)
        if day.english == "the weekend" and not re.search(r"\bwhen\b|\bwann\b|什么时候", self.text):
            return self._say("is", yes=self._today.weekday() >= 5, said=0, past=False, day=self._day(self._today))
        if len(named) == 1 and not re.search(r"which|what|welch|quel|qu[eé] d|星期几|周几|礼拜几", self.text):
            past = day.day < self._today
            return self._say("is", yes=day.day.weekday() == named[0], said=day.said, past=past, day=self._day(day.day))
        return self._tell(day)

    def until(self) -> str:
        text, back = self.text, goes_back(self.text)
        between = written_days(text, self._today)
        unit = counted_in(text)
        if len(between) == 2:
            counted = self._counted(unit, *between)
            return self._say("between", day=self._day(between[0]), other=self._day(between[1]), **counted)
        asked = self._asked(back)
        if asked is None or unit in ("hours", "minutes"):
            at = clock_named(text, self._now)
            if at is None and asked is not None and asked.day > self._today:
                at = datetime(asked.day.year, asked.day.month, asked.day.day, tzinfo=self._now.tzinfo)
            if at is None:
                return ""
            hours, minutes = divmod(int((at - self._now).total_seconds()) // 60, 60)
            day = "" if at.date() == self._today or not asked else self._day(at.date())
            length = self._words.units(minutes, "minute")
            if hours:
                long = self._words.units(hours, "hour")
                length = self._words.gettext("{hours} and {minutes}", hours=long, minutes=length)
            clock = self._words.clock_time(at.time())
            return self._say("until time", count=hours or minutes, length=length, clock=clock, day=day)
        says = "since" if asked.day < self._today else "until"
        counted = self._counted(unit, *sorted((asked.day, self._today)))
        return self._say(says, day=self._day(asked.day), called=self._name(asked), **counted)

    def _asked(self, back: bool, weekdays: bool = True) -> AskedDay | None:
        found = asked_day(self.text, self._today, back)
        by_weekday = found is not None and found.said is None and weekday_named(self.text) and not weekdays
        return None if by_weekday and not written_days(self.text, self._today) and not self._name(found) else found

    def _counted(self, unit: Step, start: date, end: date) -> dict[str, object]:
        """How many of this unit, and what is over in days."""
        total = abs((end - start).days)
        count, over = total, 0
        match unit:
            case "weeks":
                count, over = divmod(total, 7)
            case "months" | "years":
                months = months_between(*sorted((start, end)))
                count = months if unit == "months" else months // 12
        words = self._words
        length = words.units(count, _UNITS.get(unit, "day"))
        if over:
            length = words.gettext("{weeks} and {days}", weeks=length, days=words.units(over, "day"))
        if unit in _UNITS:
            length = words.gettext("{length} ({days})", length=length, days=words.units(total, "day"))
        return {"count": count, "length": length}

    def _tell(self, asked: AskedDay) -> str:
        past = asked.day < self._today
        return self._say("day", day=self._day(asked.day), said=asked.said, called=self._name(asked), past=past)

    def _name(self, asked: AskedDay | None) -> str:
        return "" if asked is None or not asked.english else self._words.gettext(asked.english)

    def _day(self, day: date) -> str:
        return self._words.full_date(day)

    def _say(self, says: str, **values: object) -> str:
        return self._words.render("clock.md.j2", says=says, **values)


def _as_typed(place: str, typed: str) -> str:
    """東京, which is looked up as 东京."""
    starts = range(len(typed) - len(place) + 1)
    found = (typed[start : start + len(place)] for start in starts)
    return next((one for one in found if folded(one).lower() == place), place)


def _zone(now: datetime) -> str:
    """ "CET, UTC+1": zones have names that not everybody knows."""
    minutes = int((now.utcoffset() or timedelta()).total_seconds()) // 60
    offset = f"UTC{'−' if minutes < 0 else '+'}{abs(minutes) // 60}" + (
        f":{abs(minutes) % 60:02}" if minutes % 60 else ""
    )
    name = now.tzname() or ""
    return "UTC" if not minutes else f"{name}, {offset}" if name.isalpha() and len(name) < 6 else offset


def _lunar_day(day: int) -> str:
    """ "初三", "二十"."""
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return _LUNAR_TENS[day // 10] + _DIGITS[day % 10]
