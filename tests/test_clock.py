"""Dates and times as seen from now."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.answering.ways.clock import Clock
from assistant.text.known_days import easter, known_day
from assistant.text.lunar import common, lunar
from assistant.values.request import Request
from tests.one_turn import context_of, text_of

NOW = datetime(2026, 11, 30, 14, 5, tzinfo=ZoneInfo("Europe/Berlin"))
CHRISTMAS = "It is 25 days until Christmas (Friday, 25 December 2026)."
EASTER = "It is 16 weeks and 6 days (118 days) until Easter (Sunday, 28 March 2027)."
WEIHNACHTEN = "Noch 25 Tage bis Weihnachten (Freitag, 25. Dezember 2026)."
FALTAN = "Faltan 275 días para el miércoles, 1 de septiembre de 2027."
SPRING = "From Sunday, 3 May 2026 to Wednesday, 10 June 2026 it is 38 days."


@pytest.mark.parametrize(
    ("words", "facet", "language", "told"),
    [
        ("what day is it", "date", "en", "Today is Monday, 30 November 2026."),
        ("what date is tomorrow", "date", "en", "Tomorrow is Tuesday, 1 December 2026."),
        ("what date is in two weeks", "date", "en", "That is Monday, 14 December 2026."),
        ("which calendar week is it", "date", "en", "It is calendar week 49 of 2026 (ISO), Monday, 30 November 2026."),
        ("is this a leap year", "date", "en", "No, 2026 is no leap year."),
        ("what time is it", "time", "en", "It is 14:05 (CET, UTC+1), Monday, 30 November 2026."),
        ("what time is it in Tokyo", "time", "en", "In Tokyo it is 22:05 (JST, UTC+9), Monday, 30 November 2026."),
        ("what time will it be in 45 minutes", "time", "en", "That is 14:50 (CET, UTC+1), Monday, 30 November 2026."),
        ("is today tuesday", "weekday", "en", "No, today is Monday, 30 November 2026."),
        ("what day of the week is the 3rd of May", "weekday", "en", "That is Monday, 3 May 2027."),
        ("was 12 may 1990 a saturday", "weekday", "en", "Yes, that was Saturday, 12 May 1990."),
        ("how many days until Christmas", "until", "en", CHRISTMAS),
        ("how many weeks until easter", "until", "en", EASTER),
        ("東京は今何時ですか", "time", "ja", "東京は現在22:05（JST, UTC+9）、2026年11月30日月曜日です。"),
        ("wie lange noch bis 17 Uhr", "until", "de", "Noch 2 Stunden und 55 Minuten bis 17:00 Uhr."),
        ("quel jour est demain", "date", "fr", "Demain, nous serons le mardi 1er décembre 2026."),
        ("how many days since 1 January", "until", "en", "Thursday, 1 January 2026 was 333 days ago."),
        ("how long is it until 5 pm", "until", "en", "It is 2 hours and 55 minutes until 17:00."),
        ("days between 3 May 2026 and 10 June 2026", "until", "en", SPRING),
        ("今天几号", "date", "zh", "今天是2026年11月30日星期一。"),
        ("今天农历几号", "date", "zh", "今天是农历十月廿二，2026年11月30日星期一。"),
        ("现在几点", "time", "zh", "现在是14:05（CET, UTC+1），2026年11月30日星期一。"),
        ("离过年还有几天", "until", "zh", "距离春节（2027年2月6日星期六）还有 68 天。"),
        ("三天后是几号", "date", "zh", "那天是2026年12月3日星期四。"),
        (
            "wie viele Tage noch bis Weihnachten",
            "until",
            "de",
            "Noch 25 Tage bis Weihnachten (Freitag, 25. Dezember 2026).",
        ),
        ("combien de jours avant Noël", "until", "fr", "Encore 25\xa0jours avant Noël (vendredi 25 décembre 2026)."),
        ("cuántos días hasta el 1 de septiembre", "until", "es", FALTAN),
    ],
)
def test_what_the_clock_and_the_calendar_say(words: str, facet: str, language: str, told: str) -> None:
    assert text_of(Clock(), Request(words, "clock", facet, language), context_of(now=NOW)) == told


@pytest.mark.parametrize("words", ["how many months until summer", "how long until the lease ends"])
def test_what_the_clock_does_not_know_is_left_to_others(words: str) -> None:
    assert text_of(Clock(), Request(words, "clock", "until"), context_of(now=NOW)) == ""


def test_the_calendars_agree_with_known_years() -> None:
    assert [str(easter(year)) for year in (2024, 2025, 2026, 2038)] == [
        "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25",
    ]  # fmt: skip
    starts = [str(common(year, 1, 1)) for year in (2023, 2024, 2025, 2026, 2030, 2044)]
    assert starts == ["2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2030-02-03", "2044-01-30"]
    leap = lunar(datetime(2025, 7, 29).date())
    assert leap is not None
    assert (leap.month, leap.leap) == (6, True)
    found = known_day("when is christmas eve")
    assert found is not None
    assert found.english == "Christmas Eve"
