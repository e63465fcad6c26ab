"""Cases of what people ask, a line each, and whether an answer is right. Used by benchmarks/requests.py.

A line is a JSON object: id, kind (what the case is a case of), files (handed over with the first turn), turns (what is
asked, one after the other), voice (a recording of the first question), and what makes it right:

    expect_any   every inner list: at least one of these stands in the last answer
    expect_each  for conversations, a list for every turn: at least one of these stands in that turn's answer
    must_not     none of these stands in the last answer
    cites        stands in the source and place of one of its citations: "handbook.pdf, page 4"; several: all do
    request      the kind of request that the last turn is
    language     what is asked in: "en"

Upper and lower case are the same, and so is any white space. What begins with "re:" is a pattern. {now:%A}, {now.day}
and the like stand for the time of the answer, {until[12-25]} for the days until the next such day, {zh} for the day
of the week in Chinese.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path

from assistant.text.tokens import is_cjk

PATTERN = "re:"
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Case:
    """request, language: "" where the file does not tell."""

    id: str
    kind: str
    files: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    expect_any: tuple[tuple[str, ...], ...] = ()
    expect_each: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    voice: str = ""
    request: str = ""
    language: str = ""


@dataclass(frozen=True)
class CaseAnswer:
    """One turn's answer. cited: source and place of every citation. request: the kind it was taken for, if told.

    confidence: 0 to 1, how sure the model was; 0 where it was not asked. heard: what was understood of a recording.
    """

    text: str
    cited: tuple[str, ...] = ()
    request: str = ""
    failed: bool = False
    seconds: float = 0.0
    confidence: float = 0.0
    heard: str = ""


def read(path: Path) -> list[Case]:
    """The cases of a file, in its order. Raises ValueError naming the line that does not fit."""
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            cases.append(_case(json.loads(line)))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    return cases


def _case(told: Mapping[str, object]) -> Case:
    if unknown := set(told) - {field.name for field in fields(Case)}:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")  # a misspelt check would let every answer pass
    values = {name: _frozen(value) for name, value in told.items()}
    if isinstance(values.get("cites"), str):
        values["cites"] = (values["cites"],)
    case = Case(**values)  # type: ignore[arg-type]
    if not case.turns and not case.voice:
        raise ValueError("nothing is asked")
    if case.expect_each and len(case.expect_each) != len(case.turns):
        raise ValueError("expect_each needs a list for every turn")
    language = case.language or ("zh" if is_cjk(" ".join(case.turns)) else "")
    return Case(**{**vars(case), "language": language})


def _frozen(value: object) -> object:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def lacks(case: Case, said: Sequence[CaseAnswer], now: datetime) -> list[str]:
    """What is wrong with these answers, one for every turn, in words; nothing where they are right."""
    last = said[-1]
    wrong = ["an answer"] if not last.text.strip() else []
    wrong += [_either(any_of, now) for any_of in case.expect_any if not _stands_any(any_of, last.text, now)]
    for number, (any_of, answer) in enumerate(zip(case.expect_each, said, strict=False), 1):
        if not answer.text.strip() or (any_of and not _stands_any(any_of, answer.text, now)):
            wrong.append(f"turn {number}: {_either(any_of, now) or 'an answer'}")
    wrong += [f"not {text}" for text in case.must_not if stands(text, last.text, now)]
    wrong += [f"cited {text}" for text in case.cites if not any(stands(text, cited, now) for cited in last.cited)]
    return wrong


def _either(any_of: Sequence[str], now: datetime) -> str:
    return " or ".join(_filled(expected, now) for expected in any_of)


def _stands_any(any_of: Sequence[str], text: str, now: datetime) -> bool:
    return any(stands(expected, text, now) for expected in any_of)


def stands(expected: str, text: str, now: datetime) -> bool:
    """Whether what is expected stands in the text."""
    text = " ".join(text.split()).lower()
    if expected.startswith(PATTERN):
        return re.search(expected.removeprefix(PATTERN), text, re.IGNORECASE) is not None
    return " ".join(_filled(expected, now).split()).lower() in text


def _filled(expected: str, now: datetime) -> str:
    """With the time of the answer in its places; what else stands in braces, as in JSON, stays."""
    if not re.search(r"\{(now|until|zh)\b", expected):
        return expected
    return expected.format(now=now, until=_Until(now.date()), zh=WEEKDAYS[now.weekday()])


@dataclass(frozen=True)
class _Until:
    today: date

    def __getitem__(self, day: str) -> int:
        """Days until the next such day, given as month-day."""
        month, number = map(int, day.split("-"))
        this_year = date(self.today.year, month, number)
        next_one = this_year if this_year >= self.today else date(self.today.year + 1, month, number)
        return (next_one - self.today).days
