"""What a request asks of tables: which table, which column, which rows, and what is to be done with them.

Every word of it must be understood, for "how many orders were late" is not "how many orders": where a word is left
over, or two columns fit alike, the question is not understood.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from assistant.answering.formulas import counted
from assistant.answering.table_words import (
    ADVERBS,
    ASKED_PERIOD,
    ASKS_WHICH,
    BY_LETTER,
    BY_NUMBER,
    CJK_MEANS_NOTHING,
    COMPARED,
    CONCEPTS,
    DISTINCT,
    EARLIEST,
    FAR_PEOPLE,
    FIRST_AND_LAST,
    GROUPED,
    GROWS,
    HEAD_NOUN,
    HIGHEST_AND_LOWEST,
    IDENTIFIER,
    LATEST,
    LISTS,
    MEANS_NOTHING,
    MUCH,
    NAMED,
    NEGATED,
    NTH,
    OF_AGE,
    OPERATIONS,
    PEOPLE,
    PERIOD_NAMED,
    PERIODS,
    RANKED,
    ROWS,
    SAYS_WHAT,
    TOP,
    UNTIL,
    VERBS,
    Operation,
)
from assistant.answering.tables import Column, Table
from assistant.text.chinese_scripts import folded
from assistant.text.dates import MONTHS, date_of, dates_in
from assistant.text.numerals import plain_numbers
from assistant.text.quantities import quantity
from assistant.text.tokens import stem

MOST_WORDS = 6  # of a value that a request names
MOST_CHARACTERS = 12  # of one in Chinese
CALLED = 0.9
CONCEPT = 0.5  # how well a column fits that means what is asked; 1: it is called so
_FAR = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?:['-][^\W\d_]+)*")
_PIECE = re.compile(
    r"[^\s,;:!?\"“”「」()（）？。，！\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)  # of a value in letters
_ELIDED = re.compile(r"(?<![\w'])([dl])'(?=[^\W\d_])")  # "l'âge"
_UNIT = re.compile(r"(?<=\S)\s*[(\[（][^()\[\]（）]{0,40}[)\]）]")  # of a header, as in "Rain (mm)"
_TEMPORAL = ("year", "date")


@dataclass(frozen=True)
class Condition:
    """Rows whose cell in this column is so."""

    column: int
    sign: str
    values: tuple[str, ...] = ()
    """Keys of cells for "=", which are folded texts; else one number."""
    number: Decimal = Decimal(0)
    said: tuple[str, ...] = ()
    """The values as people read them."""

    def holds(self, key: str, number: Decimal | None) -> bool:
        match self.sign:
            case "=":
                return key in self.values
            case ">":
                return number is not None and number > self.number
            case "<":
                return number is not None and number < self.number
            case ">=":
                return number is not None and number >= self.number
            case _:
                return number is not None and number <= self.number


@dataclass(frozen=True)
class TableQuestion:
    """A question that is worked out over the rows of a table."""

    table: Table
    operation: Operation
    column: int | None = None
    """What is added up, or compared; None where rows are counted."""
    label: int = 0
    """The column that names a row."""
    conditions: tuple[Condition, ...] = ()
    earliest: bool | None = None
    """Whether the first of days and years is meant; None where numbers are compared."""
    top: int = 0
    """How many rows; 0: one, and its equals."""
    distinct: bool = False
    """Whether different values are counted."""
    negated: bool = False
    """Whether the rows are meant for which the conditions do not hold."""
    listed: bool = False
    """Whether the rows themselves are asked for, and not only how many they are."""
    group: int | None = None
    """The column by whose values rows are put together."""
    period: str = ""
    """ "month" or "year", where that column holds days."""
    pair: str = ""  # "first and last", "highest and lowest"


def question(words: str, facet: str, tables: Sequence[Table]) -> TableQuestion | None:
    """facet: as the examples of `compute` call it, "" where that is not known. None: it is not understood."""
    asked = _TableRequest(words, facet, tables)
    return asked.question()


def named_values(words: str, table: Table) -> frozenset[str]:
    """The cells that the words name, by their keys; numbers are none."""
    fit = _TableFit(table)
    _TableRequest(words, "", (table,))._name_values(fit)
    return frozenset(value for one in fit.conditions for value in one.values)


def named_columns(words: str, table: Table) -> frozenset[int]:
    """The columns that the words call by all of their names."""
    asked = _TableRequest(words, "", (table,))
    return frozenset(at for at, header in enumerate(table.headers) if header and asked.calls(header))


def operation_of(words: str, facet: str) -> Operation | None:
    """What is to be done with numbers; None where the words and the facet say nothing of it."""
    return _operation(_plain(words), facet)


def operation_said(words: str) -> Operation | None:
    """What the words themselves say of it."""
    return _operation(_plain(words), "")


def speaks_of(words: str, table: Table, column: int) -> bool:
    """Whether the words call the column by a part of its name, or by what means the same."""
    return _TableRequest(words, "", (table,))._column_score(table.headers[column], set()) > 0


def _plain(words: str) -> str:
    """In lower case and simplified characters, numbers in digits."""
    text = plain_numbers(folded(unicodedata.normalize("NFKC", words))).replace("’", "'").lower()
    return _ELIDED.sub(r"\1 ", text)


def key(cell: str) -> str:
    """By which values are the same: in lower case, in simplified characters, a month by its number."""
    low = folded(cell).lower().strip()
    return f"month {MONTHS[low]}" if low in MONTHS else low


@dataclass
class _TableFit:
    """How well a table fits a request."""

    table: Table
    conditions: list[Condition] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    """Of each column, 0 to 1."""
    used: set[int] = field(default_factory=set)
    """Characters of the request that it explains."""
    ambiguous: bool = False
    group: int | None = None
    period: str = ""

    @property
    def weight(self) -> float:
        named = sum(len(one.values) or 1 for one in self.conditions)
        return named + sum(sorted(self.scores)[-2:])


class _TableRequest:
    """One request, in lower case, with its numbers in digits."""

    def __init__(self, words: str, facet: str, tables: Sequence[Table]) -> None:
        self.text = _plain(words)
        self.tables = tables
        self.operation = _operation(self.text, facet)
        self._stems = {stem(match.group()) for match in _WORD.finditer(self.text)}

    def question(self) -> TableQuestion | None:
        fit = self._best() if self.operation is not None or self._may_do_without() else None
        if fit is None or fit.ambiguous:
            return None
        if fit.table.is_list and any(one > 1 and one != len(fit.table.rows) for one in counted(self.text)):
            return None  # "three bowls of rice": of each so many, which is more than adding up
        understood = self._understood(fit)
        return understood if understood is not None and self._is_all(fit, understood) else None

    def _may_do_without(self) -> bool:
        """Whether it may ask for something that no word of its own says: rows, or sums."""
        return any(pattern.search(self.text) for pattern in (LISTS, ASKS_WHICH, GROUPED))

    def _best(self) -> _TableFit | None:
        fits = sorted((self._fit(table) for table in self.tables), key=lambda fit: -fit.weight)
        if not fits or (len(fits) > 1 and fits[0].weight - fits[1].weight < 0.25):
            return None if len(fits) != 1 else fits[0]
        return fits[0]

    def _fit(self, table: Table) -> _TableFit:
        fit = _TableFit(table)
        fit.scores = [self._column_score(header, fit.used) for header in table.headers]
        self._by_position(fit)
        self._compare(fit)
        self._within_periods(fit)
        self._name_values(fit)
        self._group_by(fit)
        for name in (table.name, table.source.rsplit(".", 1)[0]):
            if len(name) > 2 and (at := self.text.find(name.lower())) >= 0:
                fit.used |= set(range(at, at + len(name)))
                fit.scores.append(CONCEPT)
        return fit

    def _column_score(self, header: str, used: set[int]) -> float:
        """1 where the request calls the column by all of its name; less for a part, or for what means the same."""
        low = _UNIT.sub("", folded(header).lower().strip())
        if not low:
            return 0.0
        if _FAR.search(low):
            at = self.text.find(low)
            if at >= 0:
                used |= set(range(at, at + len(low)))
                return 1.0
        names = [stem(match.group()) for match in _WORD.finditer(low.replace("_", " "))]
        found = [name for name in names if name in self._stems]
        self._use(set(found), used)
        direct = len(found) / len(names) if names else 0.0
        return max(direct, self._means(low, names, used))

    def calls(self, header: str) -> bool:
        low = _UNIT.sub("", folded(header).lower().strip())
        names = [stem(match.group()) for match in _WORD.finditer(low.replace("_", " "))]
        return low in self.text if _FAR.search(low) else bool(names) and all(name in self._stems for name in names)

    def _means(self, header: str, names: Sequence[str], used: set[int]) -> float:
        """CALLED where the request calls it as such a column is called, CONCEPT where it only speaks of it."""
        means = 0.0
        for said, called in CONCEPTS:
            if not any(stem(one) in names or (_FAR.search(one) and one in header) for one in called):
                continue
            here = [one for one in said if self._says(one)]
            if here:
                means = max(means, CALLED if called.intersection(here) else CONCEPT)
                self._use({stem(one) for one in here if not _FAR.search(one)}, used)
                for one in here:
                    if _FAR.search(one):
                        at = self.text.find(one)
                        used |= set(range(at, at + len(one)))
        return means

    def _says(self, word: str) -> bool:
        return word in self.text if _FAR.search(word) else stem(word) in self._stems

    def _use(self, stems: set[str], used: set[int]) -> None:
        for match in _WORD.finditer(self.text):
            if stem(match.group()) in stems:
                used |= set(range(*match.span()))

    def _by_position(self, fit: _TableFit) -> None:
        """ "column C", "the second column"."""
        width = len(fit.table.headers)
        at = None
        if match := BY_LETTER.search(self.text):
            at = ord(next(one for one in match.groups() if one)) - ord("a")
        elif match := BY_NUMBER.search(self.text):
            said = next(one for one in match.groups() if one)
            nth = NTH.get(said) or int(said)
            at = width - 1 if nth < 0 else nth - 1
        if match and at is not None and 0 <= at < width:
            fit.scores[at] = 2.0
            fit.used |= set(range(*match.span()))

    def _compare(self, fit: _TableFit) -> None:
        """ "over 20", "since 2020": of the column that it fits; the request is not understood where several do."""
        for sign, pattern in COMPARED:
            match = re.search(pattern, self.text)
            if match is None or (set(range(*match.span())) & fit.used and sign.endswith("when") is False):
                continue
            given = {name: value for name, value in match.groupdict().items() if value}
            if sign.endswith("when"):
                found = next(iter(given.values()))
                condition = self._compared_days(fit, sign.removesuffix("when"), found)
            else:
                value = quantity(next(iter(given.values())).strip(" .,"))
                condition = self._compared_numbers(fit, sign, value.value) if value is not None else None
            if condition is not None:
                fit.conditions.append(condition)
                fit.used |= set(range(*match.span()))

    def _within_periods(self, fit: _TableFit) -> None:
        """ "in March 2024", "in 2021": the days of it, where one column holds days."""
        days = [at for at, column in _columns(fit.table) if column.kind == "date"]
        at = _only_best(days, fit.scores)
        if at is None:
            return
        for start, end, first, after in list(_periods(self.text, self._years(fit.table.column(at)))):
            if set(range(start, end)) & fit.used:
                continue
            fit.used |= set(range(start, end))
            for sign, day in ((">=", first), ("<", after)):
                said = (day.isoformat(),)
                fit.conditions.append(Condition(at, sign, number=Decimal(day.toordinal()), said=said))

    def _years(self, column: Column) -> set[int]:
        if not re.search(rf"\b(?:{_MONTHS})\b|\d月", self.text):
            return set()
        return {date.fromordinal(int(day)).year for day in set(column.numbers) if day is not None}

    def _group_by(self, fit: _TableFit) -> None:
        """ "per month", "by region": by a column of words, or the months or years of one that holds days."""
        for match in (*GROUPED.finditer(self.text), *ASKED_PERIOD.finditer(self.text)):
            given = match.groupdict()
            by = given.get("by") or given.get("far") or ADVERBS[match.group().strip()[0]]
            found = self._column_called(fit.table, by, bool(given.get("far")))
            period = ""
            if found is None:
                period = next((name for name, said in PERIODS.items() if by in said.split() or by == name), "")
                if not period and given.get("far"):
                    period = {"月": "month", "年": "year"}.get(by[:1], "")
                days = [at for at, column in _columns(fit.table) if column.kind == "date"]
                found = _only_best(days, fit.scores) if period else None
            if found is not None:
                fit.group, fit.period = found, period
                start, end = match.span()
                if given.get("far"):
                    name = fit.table.headers[found]
                    end = match.start("far") + (len(name) if by.startswith(name) else 1)
                fit.used |= set(range(start, end))
                return
            if period:
                fit.ambiguous = True  # rows are to be put together by something that the table does not have

    def _column_called(self, table: Table, by: str, is_far: bool) -> int | None:
        """The column of words or years that is called so."""
        found = []
        for at, column in _columns(table):
            low = folded(table.headers[at]).lower().strip()
            if not low or column.kind == "number":
                continue
            names = [stem(match.group()) for match in _WORD.finditer(low.replace("_", " "))]
            meant = [called for said, called in CONCEPTS if by in said]
            if (by.startswith(low) or low == by) if is_far else (
                stem(by) in names or any(stem(one) in names for called in meant for one in called if one == by)
            ):
                found.append(at)
        kinds = [at for at in found if table.column(at).kind != "date"]
        return kinds[0] if len(kinds) == 1 else None

    def _compared_days(self, fit: _TableFit, sign: str, when: str) -> Condition | None:
        days = [at for at, column in _columns(fit.table) if column.kind in _TEMPORAL]
        at = _only_best(days, fit.scores)
        if at is None:
            return None
        found = date_of(when) or next(iter(dates_in(when, 2000)), None)
        if found is None:
            return None
        year = fit.table.column(at).kind == "year"
        if year:
            return Condition(at, sign, number=Decimal(found.day.year), said=(when,))
        if sign == ">" and found.precision == "year":
            return Condition(
                at, ">=", number=Decimal(found.day.replace(year=found.day.year + 1).toordinal()), said=(when,)
            )
        return Condition(at, sign, number=Decimal(found.day.toordinal()), said=(when,))

    def _compared_numbers(self, fit: _TableFit, sign: str, number: Decimal) -> Condition | None:
        numbers = [
            at for at, column in _columns(fit.table) if column.kind == "number" and not _identifies(fit.table, at)
        ]
        at = _only_best(numbers, fit.scores)
        years = 1900 <= number <= 2100 and not numbers
        if at is None and years:
            at = _only_best([at for at, column in _columns(fit.table) if column.kind == "year"], fit.scores)
        return Condition(at, sign, number=number, said=(f"{number}",)) if at is not None else None

    def _name_values(self, fit: _TableFit) -> None:
        """Cells that the request names: "Brno", "New York", "2021"."""
        named = {gram: span for gram, span in self._grams() if not set(range(*span)) & fit.used}
        found: list[tuple[int, str, tuple[int, int]]] = []
        for at in range(len(fit.table.headers)):
            column = fit.table.column(at)
            if column.kind == "number":
                continue
            values = {key(cell) for cell in set(column.cells)}
            found += [(at, value, named[value]) for value in values.intersection(named)]
        found.sort(key=lambda one: one[2][0] - one[2][1])  # the longest first
        taken: dict[tuple[int, int], int] = {}
        for at, value, span in found:
            inside = next((known for known in taken if known[0] <= span[0] and span[1] <= known[1]), None)
            if inside is not None:
                if inside == span and taken[inside] != at:
                    fit.ambiguous = True  # the same word stands in two columns
                continue
            taken[span] = at
            self._add(fit, at, value)
            fit.used |= set(range(*span))
        self._span_values(fit, sorted(taken))

    def _add(self, fit: _TableFit, at: int, value: str) -> None:
        for number, known in enumerate(fit.conditions):
            if known.column == at and known.sign == "=":
                fit.conditions[number] = replace(known, values=(*known.values, value), said=(*known.said, value))
                return
        fit.conditions.append(Condition(at, "=", (value,), said=(value,)))

    def _span_values(self, fit: _TableFit, spans: Sequence[tuple[int, int]]) -> None:
        """ "January to March" means the rows between them as well, unless the two are set against each other."""
        if self.operation in ("difference", "percent"):
            return
        for number, one in enumerate(fit.conditions):
            between = (spans[0][1], spans[-1][0]) if len(spans) == 2 else (0, 0)
            if one.sign != "=" or len(one.values) != 2 or not UNTIL.fullmatch(self.text[slice(*between)].strip()):
                continue
            cells = [key(cell) for cell in fit.table.column(one.column).cells]
            first, last = (cells.index(value) for value in one.values)
            values = tuple(dict.fromkeys(cells[min(first, last) : max(first, last) + 1]))
            fit.conditions[number] = replace(one, values=values, said=values)
            fit.used |= set(range(*between))

    def _grams(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Words and neighbouring words that may be a value, each by its key, with where they stand."""
        words = list(_PIECE.finditer(self.text))
        for first in range(len(words)):
            for last in range(first, min(first + MOST_WORDS, len(words))):
                start, end = words[first].start(), words[last].end()
                gram = self.text[start:end].strip("'.")
                if first == last and (gram in MEANS_NOTHING or len(gram) < 2):
                    continue
                yield key(gram), (start, end)
                if first == last and len(gram) > 4 and gram.endswith("s") and gram.isalpha():
                    yield key(gram[:-1]), (start, end)
                    yield key(gram.removesuffix("'s")), (start, end)
        for match in re.finditer(r"(\d{1,2})月", self.text):
            yield f"month {int(match[1])}", match.span()
        for start, letter in enumerate(self.text):
            if _FAR.match(letter):
                for end in range(start + 1, min(start + MOST_CHARACTERS, len(self.text)) + 1):
                    gram = self.text[start:end]
                    if end - start > 1 or not CJK_MEANS_NOTHING.fullmatch(gram):
                        yield key(gram), (start, end)

    def _understood(self, fit: _TableFit) -> TableQuestion | None:
        table, operation = fit.table, self.operation
        if operation is None:
            operation = self._operation_meant(fit)
            if operation is None:
                return None
        conditions = tuple(fit.conditions)
        filtered = {one.column for one in conditions}
        made = TableQuestion(table, operation, conditions=conditions, label=self._label(fit, filtered))
        if NEGATED.search(self.text):
            if len(conditions) != 1 or operation not in ("count", "percent"):
                return None
            made = replace(made, negated=True)
        numbers = [
            at
            for at, column in _columns(table)
            if column.kind == "number" and not _identifies(table, at) and at not in filtered
        ]
        if fit.group is not None:
            return self._grouped(fit, made, [at for at in numbers if at != fit.group])
        if operation == "count" and not re.search(_COUNTS, self.text) and self._lists():
            return replace(made, listed=True) if made.conditions and not table.is_list else None
        match operation:
            case "count":
                return self._counted(fit, made, numbers)
            case "sum" | "average" | "median":
                at = _only_best(numbers, fit.scores)
                return replace(made, column=at) if at is not None else None
            case "most" | "least":
                return self._extreme(fit, made, numbers)
            case "difference":
                return self._differing(fit, made, numbers)
            case _:
                return self._shared(fit, made, numbers)

    def _lists(self) -> bool:
        return bool(LISTS.search(self.text) or ASKS_WHICH.search(self.text))

    def _operation_meant(self, fit: _TableFit) -> Operation | None:
        """Where no word says it: sums by groups, or the rows that conditions hold for."""
        if fit.group is not None:
            return "sum" if MUCH.search(self.text) or any(fit.scores) else None
        return "count" if fit.conditions and self._lists() else None

    def _grouped(self, fit: _TableFit, made: TableQuestion, numbers: Sequence[int]) -> TableQuestion | None:
        """Sums, averages or counts by group; of "which month had the most" the groups in order of their sums."""
        made = replace(made, group=fit.group, period=fit.period)
        at = _only_best(numbers, fit.scores)
        named = at is not None and fit.scores[at] > 0
        match made.operation:
            case "count":
                called = at if at is not None and fit.scores[at] >= CALLED else None
                return replace(made, operation="sum", column=called) if called is not None else made
            case "sum" | "average":
                return replace(made, column=at) if at is not None and (named or len(numbers) == 1) else None
            case "most" | "least" if ASKED_PERIOD.search(self.text):
                return replace(made, column=at) if named else None
            case _:
                return None

    def _counted(self, fit: _TableFit, made: TableQuestion, numbers: Sequence[int]) -> TableQuestion | None:
        if fit.table.is_list and made.conditions:
            return None  # "how many phones" of "Phones 12" asks for what stands there, not for rows
        if DISTINCT.search(self.text):
            texts = [at for at in range(len(fit.table.headers)) if fit.scores[at] > 0 and at not in numbers]
            at = _only_best(texts, fit.scores)
            return replace(made, column=at, distinct=True) if at is not None else None
        meant = [at for at in numbers if fit.scores[at] >= CALLED]
        if len(meant) == 1:  # "how many orders in March", where a column counts the orders
            return replace(made, operation="sum", column=meant[0])
        return made if not meant else None

    def _extreme(self, fit: _TableFit, made: TableQuestion, numbers: Sequence[int]) -> TableQuestion | None:
        days = [at for at, column in _columns(fit.table) if column.kind in _TEMPORAL]
        earliest = True if EARLIEST.search(self.text) else False if LATEST.search(self.text) else None
        candidates = [*numbers, *(days if earliest is not None else [])]
        at = _only_best(candidates, fit.scores)
        if at is None and earliest is not None and len(days) == 1 and not any(fit.scores[n] for n in numbers):
            at = days[0]
        if at is None:
            return None
        says_what = SAYS_WHAT if at in numbers else OF_AGE
        if not fit.scores[at] and not fit.table.is_list and says_what.search(self.text):
            return None
        top = next((int(one) for one in match.groups() if one), 0) if (match := TOP.search(self.text)) else 0
        if RANKED.search(self.text):
            top = len(fit.table.rows)
        return replace(made, column=at, earliest=earliest if at in days else None, top=top)

    def _differing(self, fit: _TableFit, made: TableQuestion, numbers: Sequence[int]) -> TableQuestion | None:
        at = _only_best(numbers, fit.scores)
        if at is None:
            return None
        made = replace(made, column=at)
        if len(made.conditions) == 1 and len(made.conditions[0].values) == 2:
            return made
        if made.conditions:
            return None
        if HIGHEST_AND_LOWEST.search(self.text):
            return replace(made, pair="highest and lowest")
        return replace(made, pair="first and last") if FIRST_AND_LAST.search(self.text) else None

    def _shared(self, fit: _TableFit, made: TableQuestion, numbers: Sequence[int]) -> TableQuestion | None:
        if not made.conditions:
            return None
        named = [at for at in numbers if fit.scores[at] > 0]
        if len(named) > 1:
            at = _only_best(named, fit.scores)
            return replace(made, column=at) if at is not None else None
        if named:
            return replace(made, column=named[0])
        if len(numbers) == 1 and re.search(
            r"\b(?:costs?|spending|expenses|budget|kosten|ausgaben)\b|支出|开销", self.text
        ):
            return replace(made, column=numbers[0])
        return made

    def _label(self, fit: _TableFit, filtered: set[int]) -> int:
        texts = [at for at, column in _columns(fit.table) if column.kind == "text"]
        named = [at for at in texts if fit.scores[at] > 0 and at not in filtered]
        best = max(named, key=lambda at: fit.scores[at], default=None)
        if best is not None:
            return best
        free = [at for at in texts if at not in filtered]
        return free[0] if free else 0

    def _is_all(self, fit: _TableFit, made: TableQuestion) -> bool:
        """Whether nothing is left that might mean something. Of what is counted or sought the noun may be unknown."""
        used = set(fit.used)
        for _, words in OPERATIONS:
            for match in re.finditer(words, self.text):
                used |= set(range(*match.span()))
        if made.listed:
            for pattern in (LISTS, ASKS_WHICH):
                for match in pattern.finditer(self.text):
                    used |= set(range(*match.span()))
        if made.group is not None:
            for match in MUCH.finditer(self.text):
                used |= set(range(*match.span()))
        for pattern in (EARLIEST, LATEST, DISTINCT, RANKED, TOP, HIGHEST_AND_LOWEST, FIRST_AND_LAST):
            for match in pattern.finditer(self.text):
                used |= set(range(*match.span())) if pattern not in (HIGHEST_AND_LOWEST, FIRST_AND_LAST) else set()
        if made.negated:
            for match in NEGATED.finditer(self.text):
                used |= set(range(*match.span()))
        used |= self._head_nouns(fit, made)
        rest = "".join(" " if at in used else letter for at, letter in enumerate(self.text))
        allowed = MEANS_NOTHING | _CONCEPTS if fit.table.is_list else MEANS_NOTHING
        if made.conditions:
            allowed = allowed | {"live", "work", "from"}
        if made.operation in ("sum", "average"):
            allowed = allowed | VERBS
        if made.operation in ("percent", "difference"):
            allowed = allowed | GROWS
        if any(NAMED.search(header) for header in fit.table.headers):
            allowed, rest = allowed | PEOPLE, FAR_PEOPLE.sub("", rest)
        stems = {stem(word) for word in allowed}
        left = [word for word in _WORD.findall(rest) if word not in allowed and stem(word) not in stems]
        far = "".join(_FAR.findall(CJK_MEANS_NOTHING.sub("", rest)))
        most_far = 0 if made.operation == "count" and not made.conditions else 2  # the noun
        rest = re.sub(
            rf"\b(?:the|all|these|die|alle|les|las|los|os|as)\s+{len(fit.table.rows)}\b|(?<!\d){len(fit.table.rows)}(?=个)",
            " ",
            rest,
        )
        return not left and len(far) <= most_far and not re.search(r"\d", rest)

    def _head_nouns(self, fit: _TableFit, made: TableQuestion) -> set[int]:
        """Of what is sought the noun may be unknown ("which dish"); where all rows are counted it must be theirs."""
        used: set[int] = set()
        if made.operation in ("sum", "average", "median", "difference"):
            return used  # here the noun is what is added up
        names = {stem(word) for word in _WORD.findall(f"{fit.table.name} {fit.table.source}".lower())}
        if any(NAMED.search(header) for header in fit.table.headers):
            names |= {stem(word) for word in PEOPLE}
        for match in HEAD_NOUN.finditer(self.text):
            noun = match["noun"]
            if made.operation == "count" and not made.conditions and noun not in ROWS and stem(noun) not in names:
                continue
            used |= set(range(*match.span("noun")))
        return used


_CONCEPTS = frozenset().union(*(said for said, _ in CONCEPTS))


def _periods(text: str, years: set[int]) -> Iterator[tuple[int, int, date, date]]:
    """Months and years that are named: where, and the first day of each and the first one after it. years: those of
    the table, for a month that is named without one."""
    year = next(iter(years)) if len(years) == 1 else 0
    taken: set[int] = set()
    for match in _MONTH.finditer(text):
        said = match["year"] or match["year2"]
        if not said and not year:
            continue
        month = MONTHS[match["month"]] if match["month"] else int(match["far"])
        if 1 <= month <= 12:
            first = date(int(said or year), month, 1)
            taken |= set(range(*match.span()))
            yield *match.span(), first, (first + timedelta(days=31)).replace(day=1)
    for match in PERIOD_NAMED.finditer(text):
        if not taken & set(range(*match.span())):
            first = date(int(match["year"]), 1, 1)
            yield *match.span(), first, first.replace(year=first.year + 1)


_MONTHS = "|".join(sorted((re.escape(one) for one in MONTHS if len(one) > 2), key=len, reverse=True))
_MONTH = re.compile(
    rf"(?<!\d )(?<!\d\. )\b(?P<month>{_MONTHS})\b\.?(?:,?\s+(?:of\s+|de\s+)?(?P<year>(?:19|20)\d\d)\b)?"
    r"|(?:(?P<year2>(?:19|20)\d\d)年)?(?P<far>\d{1,2})月(?:份)?(?!\d)"
)
_COUNTS = next(pattern for operation, pattern in OPERATIONS if operation == "count")


def _operation(text: str, facet: str) -> Operation | None:
    """By the words that say it, else as the nearest examples do."""
    said = next((operation for operation, pattern in OPERATIONS if re.search(pattern, text)), None)
    if said is None and facet in ("count", "sum", "average", "most", "least", "difference", "percent"):
        return facet  # type: ignore[return-value]
    return said


def _columns(table: Table) -> Iterator[tuple[int, Column]]:
    return ((at, table.column(at)) for at in range(len(table.headers)))


def _only_best(candidates: Sequence[int], scores: Sequence[float]) -> int | None:
    """The one that fits best; None where another fits as well."""
    if not candidates:
        return None
    in_order = sorted(candidates, key=lambda at: -scores[at])
    if len(in_order) > 1 and scores[in_order[0]] - scores[in_order[1]] < 0.2:
        return None
    return in_order[0]


def _identifies(table: Table, at: int) -> bool:
    """Whether the column numbers its rows: it is called so, or counts up."""
    if IDENTIFIER.search(table.headers[at].strip()):
        return True
    numbers = table.column(at).numbers[:50]
    known = [number for number in numbers if number is not None]
    return len(known) >= 4 and all(after - before == 1 for before, after in pairwise(known))
