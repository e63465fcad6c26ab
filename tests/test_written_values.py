"""Dates and quantities as they stand in texts of several languages."""

import pytest

from assistant.text.dates import date_of, dates_in
from assistant.text.number_words import spelled_as_digits
from assistant.text.quantities import quantities_in, quantity


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Invoice date: 3 February 2026. Payment due: 5 March 2026", ["2026-02-03", "2026-03-05"]),
        ("本楼定于4月18日上午停水。2025年4月10日", ["2025-04-18", "2025-04-10"]),  # the year of the other date
        ("Date:2026-04-02", ["2026-04-02"]),
        ("am 3. März 2026 bis 12.03.26", ["2026-03-03", "2026-03-12"]),
        ("le 1er janvier 2025, el 5 de marzo de 2026", ["2025-01-01", "2026-03-05"]),
        ("March 5, 2026 and the 3rd of May", ["2026-03-05", "2026-05-03"]),
        ("3.50 | 140.00, version 10.1.2, page 3 of 40", []),
        ("in March 2023", ["2023-03-01"]),
    ],
)
def test_dates_in_a_text(text: str, days: list[str]) -> None:
    assert [str(one.day) for one in dates_in(text, 2024)] == days


def test_day_and_month_that_may_be_the_other_way_round_are_not_sure() -> None:
    assert [one.sure for one in dates_in("03/04/2026 and 25/04/2026 and 03.04.2026", 2026)] == [False, True, True]


def test_a_cell_is_a_date_only_as_a_whole() -> None:
    year = date_of("2019")
    assert year is not None
    assert year.precision == "year"
    assert date_of("3 May") is None  # of which year?
    assert date_of("room 2019") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TOTAL EUR  29.85", [("29.85", "EUR")]),
        ("牛肉面 28元", [("28", "CNY")]),
        ("€1.234,50 und 2.000", [("1234.50", "EUR"), ("2000", "")]),
        ("1,940 euros in 3 accounts", [("1940", "EUR"), ("3", "accounts")]),
        ("-12.5 and 10-12", [("-12.5", "and"), ("10", ""), ("12", "")]),
        ("Error 0x80070070", []),
        ("12 %", [("12", "%")]),
        ("3.5 million people, 3万", [("3500000.0", "people"), ("30000", "")]),
    ],
)
def test_quantities_in_a_text(text: str, found: list[tuple[str, str]]) -> None:
    assert [(str(one.value), one.unit) for one in quantities_in(text)] == found


def test_a_cell_is_a_quantity_only_as_a_whole() -> None:
    assert quantity("30 EUR") is not None
    assert quantity("Nails 200 g") is None


def test_numbers_spelled_out_in_german_french_and_spanish() -> None:
    assert spelled_as_digits("zweitausenddreihundertfünf mal siebzehn", "de") == "2305 mal 17"
    assert spelled_as_digits("quatre-vingt-dix-sept, une pomme", "fr") == "97, une pomme"
    assert spelled_as_digits("treinta y cinco por doscientos", "es") == "35 por 200"
    assert spelled_as_digits("once six", "en") == "once six"
