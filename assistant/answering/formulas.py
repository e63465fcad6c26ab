"""A formula that a model gives, worked out here: every number in it must stand in the evidence or in the request.

What a model writes is untrusted: a formula that is none, or has a number of its own, is no answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assistant.answering.arithmetic import NotArithmetic, Worked, decimal, numbers_of, shown, tokens_of, work_out
from assistant.answering.numbered_citations import NumberedCitations
from assistant.citing.citations import Cited
from assistant.text.answer_language import in_language
from assistant.text.chinese_scripts import folded
from assistant.text.dates import dates_in
from assistant.text.numerals import chinese_number, plain_numbers
from assistant.text.quantities import number, quantities_in
from assistant.text.tokens import sentences
from assistant.values.evidence import Evidence

LONGEST = 120  # characters of a formula
_MONEY = re.compile(r"[$€£¥￥]|\b(?:EUR|USD|GBP|euros?|dollars?)\b", re.IGNORECASE)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d\d(?!\d)")
_SUM = re.compile(
    r"(?P<sum>(?<![\d.,)/*+×÷-])\d[\d.,]{0,15}(?:\s?[-+*/×÷−]\s?\d[\d.,]{0,15}){1,8})(?P<equals>\s?=\s?[$€£¥]?)(?P<result>\d(?:[\d,]*\d)?(?:\.\d+)?)(?![\d/])"
)
_PERCENT = Decimal(100)
_A_YEAR = re.compile(
    r"\b(?:(?:a|per|each|every|whole) year|yearly|annual(?:ly)?|(?:im|pro|je|jedes|ganze[sn]?) jahr|jährlich|"
    r"par an|annuel(?:lement)?|al año|"
    r"por año|anual(?:mente)?|por ano|ao ano|в год|за год|ежегодно)\b|每年|一年|全年|年間|1年|연간|일 ?년|매년",
    re.IGNORECASE,
)
_A_MONTH = re.compile(
    r"\b(?:(?:a|per|each|every) month|monthly|(?:im|pro|je|jeden) monat|monatlich\w*|par mois|mensuel\w*|al mes|"
    r"por mes|mensual\w*|por mês|"
    r"mensal\w*|в месяц|ежемесячно)\b|每月|每个月|月租|月供|一个月|毎月|月額|매월|매달|월세",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"(?:\b(?:from|von|de|desde|от|с)\s{1,3}|从|自)[$€£¥￥]?\d[\d.,]{0,14}[^\d\n]{0,24}\b(?:to|auf|bis|à|a|para|до|"
    r"по)\s{1,3}[^\d\n]{0,8}\d[\d.,]{0,14}"
    r"|[从自][^\d\n]{0,6}\d[\d.,]{0,14}[^\d\n]{0,12}[到至为]\D{0,4}\d[\d.,]{0,14}",
    re.IGNORECASE,
)
_OF_CHINESE = re.compile(
    r"(?<![二两三四五六七八九十百])[二两三四五六七八九十百]++(?=[个碗杯份盘张人位名只瓶件斤公天大小块])"
)


@dataclass(frozen=True)
class Formula:
    """A formula that a model wrote."""

    expression: str
    """As it is worked out."""
    operands: tuple[Decimal, ...]
    """Its numbers, in order."""
    other: str = ""
    """What it is compared with; "" for nothing."""


def read(written: str) -> Formula | None:
    """The formula of what a model wrote; None where it wrote none, or a lone number."""
    for line in written.splitlines():
        line = _MONEY.sub("", line.strip().strip("`*").removeprefix("Formula:")).partition("=")[0].strip(" .`*")
        if _CLOCK.search(line):
            continue  # "13:30" is a time, and no quotient
        if not line or len(line) > LONGEST or not re.search(r"\d\D*[-+*/−×÷%?<>]", line):
            continue
        sides = [side.strip() for side in re.split(r"[?<>]", line)]
        try:
            operands = [number for side in sides for number in numbers_of(side)]
            for side in sides:
                work_out(side)
        except NotArithmetic:
            continue
        letters = any(token.isalpha() and token != "of" for side in sides for token in tokens_of(side))
        if len(operands) > 1 and len(sides) <= 2 and not letters:
            return Formula(sides[0], tuple(operands), sides[1] if len(sides) == 2 else "")
    return None


def rendered_answer(formula: Formula, evidence: Sequence[Evidence], question: str, language: str) -> Cited | None:
    """None where a number stands nowhere, or all of them are the question's own; or where it makes no sense."""
    lines = NumberedCitations()
    quotes: dict[str, str] = {}
    asked = _numbers(question) | counted(question)
    from_evidence = 0
    text = "\n".join(piece.content for piece in evidence)
    if _adds_ends(formula, text):
        return None
    times = months_asked(question, text)
    if (
        times is not None
        and times not in formula.operands
        and not re.search(r"[*/×÷]", formula.expression + formula.other)
    ):
        if formula.other or not all(_is_monthly(operand, evidence) for operand in formula.operands):
            return None  # what is paid once is not paid every month
        formula = Formula(f"({formula.expression}) * {times}", (*formula.operands, times))
    for operand in formula.operands:
        if operand in (_PERCENT, times) or _meant(operand) & asked:
            continue
        found = _stands(operand, evidence)
        if found is None:
            return None
        piece, start, end = found
        quotes.setdefault(" ".join(piece.content[start:end].split()), lines.at(piece, start, end))
        from_evidence += 1
    used = {number for operand in formula.operands for number in _meant(operand)}
    if not from_evidence or any(number > 1 and number not in used for number in counted(question)):
        return None  # a number that was asked with and is not worked with was overlooked
    worked = _worked(formula)
    if worked is None:
        return None
    text = in_language(language).render(
        "formula_answer.md.j2",
        quotes=[{"quote": quote, "cited": cited} for quote, cited in quotes.items()],
        **worked,
    )
    return Cited(text, tuple(lines.citations), ())


def months_asked(question: str, text: str) -> Decimal | None:
    """12 where it is asked for a year and the text speaks of months."""
    return Decimal(12) if _A_YEAR.search(question) and _A_MONTH.search(text) and not _A_YEAR.search(text) else None


def _is_monthly(operand: Decimal, evidence: Sequence[Evidence]) -> bool:
    found = _stands(operand, evidence)
    return found is not None and bool(_A_MONTH.search(found[0].content[found[1] : found[2]]))


def of_change(evidence: Sequence[Evidence]) -> Formula | None:
    """What something becomes less what it was, where the text tells of one such change alone: "from 740 to 785"."""
    text = plain_numbers(folded("\n".join(piece.content for piece in evidence)))
    found = [list(quantities_in(match.group())) for match in _FROM_TO.finditer(text)]
    ends = {
        (one[0].value, one[-1].value) for one in found if len(one) == 2 and len({one[0].unit, one[1].unit} - {""}) < 2
    }
    if len(ends) != 1:
        return None
    before, after = sorted(ends.pop())
    return Formula(f"{after} - {before}", (after, before)) if before != after else None


def _adds_ends(formula: Formula, text: str) -> bool:
    """Whether it adds up what something was and what it becomes: "from 740 to 785"."""
    if "+" not in formula.expression:
        return False
    plain = plain_numbers(folded(text))
    for match in _FROM_TO.finditer(plain):
        ends = {one.value for one in quantities_in(match.group())}
        if len(ends) == 2 and ends <= set(formula.operands):
            return True
    return False


def corrected(text: str) -> str:
    """With the results of sums that a model did in its head ("3990 / 95 = $43.00") as they are."""

    def right(match: re.Match[str]) -> str:
        try:
            result, exact = _result(work_out(match["sum"].replace(",", "")), [number(match["result"].replace(",", ""))])
        except (NotArithmetic, ValueError, ArithmeticError):
            return match.group()
        said = match["result"].replace(",", "")
        if number(said) == number(result.replace("−", "-").lstrip("-")) or not exact:
            return match.group()
        return f"{match['sum']}{match['equals']}{result}"

    return _SUM.sub(right, text)


def _worked(formula: Formula) -> dict[str, object] | None:
    """What is said of it; None where it comes to nothing."""
    try:
        one = work_out(formula.expression)
        other = work_out(formula.other) if formula.other else None
    except NotArithmetic:
        return None
    if other is None and one.value in {Fraction(operand) for operand in formula.operands}:
        return None  # its numbers cancel out: "4 * 10.10 / 4"
    result, exact = _result(one, numbers_of(formula.expression))
    if other is None:
        return {"says": "result", "shown": shown(formula.expression), "result": result, "exact": exact}
    than, exact_too = _result(other, numbers_of(formula.other))
    result, than = _equals(formula.expression, result), _equals(formula.other, than)
    apart, _ = _result(Worked(abs(one.value - other.value)), formula.operands)
    says = "equal" if one.value == other.value else "more" if one.value > other.value else "less"
    return {"says": says, "shown": result, "result": than, "apart": apart, "exact": exact and exact_too}


def _result(worked: Worked, operands: Sequence[Decimal]) -> tuple[str, bool]:
    """As it is written, with as many decimals as the numbers that it is made of; and whether that is all of it."""
    result, whole = decimal(worked.value, 4)
    exponents = [one.as_tuple().exponent for one in operands]
    places = max((-one for one in exponents if isinstance(one, int)), default=0)
    if whole and 0 < places <= 2 and "," not in result and len(result.partition(".")[2]) < places:
        result = f"{Decimal(result.replace('−', '-')):.{places}f}".replace("-", "−")
    return result, whole and worked.exact


def _equals(expression: str, result: str) -> str:
    """ "80" as it stands; of what was worked out "80 + 29.85 = 109.85"."""
    return f"{shown(expression)} = {result}" if len(numbers_of(expression)) > 1 else shown(expression)


def _meant(operand: Decimal) -> set[Decimal]:
    """What a request may have called it: 10 % may be written 0.10, with 10 % more 1.10, and 10 % off 0.90."""
    return {operand, operand * _PERCENT, (operand - 1) * _PERCENT, (1 - operand) * _PERCENT}


def counted(question: str) -> set[Decimal]:
    """The numbers that a question gives to be worked with, as "by 4", "two pizzas", "两碗"; years are none."""
    text = _OF_CHINESE.sub(lambda match: chinese_number(match.group()) or match.group(), folded(question))
    found = {one.value for one in quantities_in(plain_numbers(text))}
    return {number for number in found if not 1900 <= number <= 2100}


def _stands(operand: Decimal, evidence: Sequence[Evidence]) -> tuple[Evidence, int, int] | None:
    """The first sentence where this number stands, in digits or in words, and not as the day of a date."""
    for piece in evidence:
        for start, end in sentences(piece.content):
            if operand in _numbers(_without_days(piece.content[start:end])):
                return piece, start, end
    return None


def _without_days(text: str) -> str:
    """Of dates the year alone is left: "the 12th of June" is no twelve of anything."""
    for one in reversed(dates_in(text, 2000)):
        if one.precision == "day":
            text = f"{text[: one.start]} {one.day.year if one.year_said else ''} {text[one.end :]}"
    return text


def _numbers(text: str) -> set[Decimal]:
    return {one.value for one in quantities_in(plain_numbers(folded(text)))} | {
        one.value for one in quantities_in(text)
    }
