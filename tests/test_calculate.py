"""Arithmetic in words: what is worked out, and what is not guessed at."""

from fractions import Fraction

import pytest

from assistant.answering.arithmetic import NotArithmetic, decimal, shown, work_out
from assistant.answering.calculations import calculation
from assistant.answering.ways.calculate import Calculate
from assistant.values.request import Request
from tests.one_turn import context_of, text_of


@pytest.mark.parametrize(
    ("words", "language", "told"),
    [
        ("what's 23% of 640", "en", "23 % of 640 = 147.2"),
        ("3 times 17", "en", "3 × 17 = 51"),
        ("(12+5)*3", "en", "(12 + 5) × 3 = 51"),
        ("square root of 144", "en", "√144 = 12"),
        ("1200 / 7", "en", "1200 ÷ 7 ≈ 171.428571"),
        ("12 miles in km", "en", "12 miles = 19.312128 km"),
        ("two hundred times three", "en", "200 × 3 = 600"),
        ("15% tip on 48.50", "en", "15 % of 48.50 = 7.275; with the bill that makes 55.775"),
        ("what is 20 percent more than 80", "en", "80 + 20 % = 96"),
        ("what's 20 percent off 85", "en", "85 − 20 % = 68"),
        ("1250 minus 19 percent", "en", "1250 − 19 % = 1012.5"),
        ("what percentage is 45 of 180", "en", "45 ÷ 180 = 25 %"),
        ("from 80 to 100, what increase is that in percent", "en", "(100 − 80) ÷ 80 = 25 %"),
        ("average of 71 84 90 66", "en", "average(71, 84, 90, 66) = 77.75"),
        ("sum of 12, 30, 45.5 and 9", "en", "12 + 30 + 45.5 + 9 = 96.5"),
        ("3/4 + 1/6", "en", "3 ÷ 4 + 1 ÷ 6 = 11/12 ≈ 0.916667"),
        ("whats 0.1 + 0.2", "en", "0.1 + 0.2 = 0.3"),
        ("what's minus 5 times minus 6", "en", "−5 × −6 = 30"),
        ("rent 850 plus 120 heating plus 40 internet makes?", "en", "850 + 120 + 40 = 1010"),
        ("how many cm is 5 foot 9", "en", "5 foot 9 = 175.26 cm"),
        ("100 fahrenheit in celsius", "en", "100 fahrenheit ≈ 37.778 celsius"),
        ("how many seconds in a day", "en", "1 day = 86400 seconds"),
        ("is 97 a prime number", "en", "Yes, 97 is a prime number."),
        ("is 91 prime", "en", "No, 91 is no prime number: 91 = 7 × 13."),
        ("两百乘以三", "zh", "200 × 3 = 600"),
        ("640的23%是多少", "zh", "23 % × 640 = 147.2"),
        ("3.2加4.75加11一共多少", "zh", "3.2 + 4.75 + 11 = 18.95"),
        ("85打八折多少钱", "zh", "85 × 0.8 = 68"),
        ("84块六个人平分每人多少", "zh", "84 ÷ 6 = 14"),
        ("140斤是多少公斤", "zh", "140斤 = 70公斤"),
        ("幫我算一下 13x13", "zh", "13 × 13 = 169"),
        ("einhundert geteilt durch 4", "de", "100 ÷ 4 = 25"),
        ("rechne mal 1.250,50 minus 50", "de", "1.250,50 − 50 = 1200,5"),
        ("3 fois 17", "fr", "3 × 17 = 51"),
        ("12 Meilen in km", "de", "12 Meilen = 19,312128 km"),
        ("¿Cuánto es el 15% de 80?", "es", "15 % de 80 = 12"),
        ("1250 menos el 19 por ciento", "es", "1250 − 19 % = 1012,5"),
    ],
)
def test_a_calculation_is_shown_with_its_result(words: str, language: str, told: str) -> None:
    assert text_of(Calculate(), Request(words, "calculate", language=language), context_of()) == told


@pytest.mark.parametrize(
    "words",
    [
        "if 3 apples cost 2.40 what do 7 cost",
        "1500 at 4% interest for 3 years",  # simple or compound?
        "is page 3 of 10 missing",
        "what happened on 12/05/2024",
        "what is 2 of 3",
        "250 plus VAT",
        "23% of 640 plus tip",
        "100 euros in dollars",
        "5 miles in kilograms",
        "what is 3",
        "call 555-0147 please, Ruth",
        "10 / 0",
        "9^9999",
        "2 + 2 and then tell me who won",
        "满300减50，买420的付多少",
        "",
    ],
)
def test_what_cannot_be_read_wholly_is_left_to_others(words: str) -> None:
    assert calculation(words, "en") is None


@pytest.mark.parametrize(
    "expression",
    ["__import__('os')", "1/0", "9**9**9", "999!", "(" * 200, "1 +", "2 3", "9^999999999", "sqrt(-1)", "x"],
)
def test_nothing_is_worked_out_that_is_no_small_arithmetic(expression: str) -> None:
    with pytest.raises(NotArithmetic):
        work_out(expression)


def test_results_are_exact_and_decimals_say_where_they_are_not() -> None:
    assert work_out("0.1 + 0.2").value == Fraction(3, 10)
    assert decimal(Fraction(2, 3), 2) == ("0.67", False)
    assert decimal(Fraction(-1, 2)) == ("−0.5", True)
    assert decimal(Fraction(12345678)) == ("12,345,678", True)
    assert shown("10.10+29.85") == "10.10 + 29.85"
