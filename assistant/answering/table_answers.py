"""A question of a table, worked out over its rows, told with the calculation and the rows that it used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import groupby

from assistant.answering.arithmetic import SWAPPED, decimal
from assistant.answering.file_table import is_of_files
from assistant.answering.numbered_citations import NumberedCitations
from assistant.answering.table_questions import TableQuestion, key
from assistant.answering.tables import DURATION, SAMPLED, CellSpan, Row, Table
from assistant.citing.citations import Cited
from assistant.text.answer_language import AnswerLanguage, in_language
from assistant.text.quantities import decimal_sign, quantities_in

MOST_TERMS = 12  # of a sum that are shown
MOST_LISTED = 12  # rows named
MOST_ASKED_FOR = 60  # of rows that were asked for by name
MOST_GROUPS = 120
MOST_CITED = 8  # places
PRECISE = 60  # digits of a sum
_NEGATED = {"=": "≠", ">": "<=", "<": ">=", ">=": "<", "<=": ">"}


@dataclass(frozen=True)
class _TableReply:
    """used: the rows that were looked at for it, in the order to be cited. exact: the result is the very number."""

    says: str
    used: Sequence[int]
    result: str = ""
    exact: bool = True
    values: tuple[tuple[str, object], ...] = ()


def answer(asked: TableQuestion, language: str) -> Cited | None:
    """None where it comes to nothing: no row has a number to add up."""
    words = in_language(language)
    told = _Worker(asked, words).work()
    if told is None:
        return None
    lines = NumberedCitations()
    cited, all_cited = _cite(lines, asked, told.used)
    table = asked.table
    where = [
        {
            "header": _header(table, one.column, words),
            "sign": _NEGATED[one.sign] if asked.negated else one.sign,
            "temporal": table.column(one.column).kind in ("year", "date"),
            "said": words.either([_as_written(asked, one.column, value) for value in one.said]),
        }
        for one in asked.conditions
    ]
    given: dict[str, object] = {
        "source": f"{table.source} ({table.name})" if table.name else table.source,
        "rows": len(told.used),
        "where": where,
        "header": _header(table, asked.column, words) if asked.column is not None else "",
        "result": told.result,
        "exact": told.exact,
        "terms": (),
        "each": (),
        "more": 0,
        "extreme": "",
        "count": 0,
        "how": "",
        "by": "",
        "of": len(table.rows),
        "cited": cited,
        "partly": not all_cited,
        **dict(told.values),
    }
    text = words.render("table_answer.md.j2", says=told.says, **given)
    return Cited(text, tuple(lines.citations), ())


class _Worker:
    def __init__(self, asked: TableQuestion, words: AnswerLanguage) -> None:
        self._asked, self._table, self._words = asked, asked.table, words

    def work(self) -> _TableReply | None:
        asked, rows = self._asked, self._rows()
        if asked.group is not None:
            return self._grouped(asked.group, rows)
        if asked.distinct and asked.column is not None:
            return self._distinct(asked.column, rows)
        match asked.operation:
            case "count":
                return self._counted(rows)
            case "percent" if asked.column is None:
                return self._share_of_rows(rows)
        if asked.column is None:
            return None
        numbers = self._table.column(asked.column).numbers
        known = [row for row in rows if numbers[row] is not None]
        if not known:
            return None
        match asked.operation:
            case "sum":
                return self._sum(known)
            case "average" | "median":
                return self._middle(known, asked.operation)
            case "most" | "least":
                return self._extreme(known)
            case "difference":
                return self._difference(known)
            case _:
                return self._share(known)

    def _rows(self) -> list[int]:
        """Those that the conditions hold for, or for none of which they do where that is asked."""
        kept = list(range(len(self._table.rows)))
        for condition in self._asked.conditions:
            column = self._table.column(condition.column)
            kept = [
                row
                for row in kept
                if condition.holds(key(column.cells[row]) if condition.sign == "=" else "", column.numbers[row])
                != self._asked.negated
            ]
        return kept

    def _cell(self, row: int) -> str:
        assert self._asked.column is not None
        return self._table.rows[row].cells[self._asked.column]

    def _number(self, row: int) -> Decimal:
        assert self._asked.column is not None
        number = self._table.column(self._asked.column).numbers[row]
        return number if number is not None else Decimal(0)

    def _listed(self, rows: Sequence[int], with_value: bool = False, most: int = MOST_LISTED) -> list[dict[str, str]]:
        label = self._asked.label
        return [
            {"label": self._table.rows[row].cells[label], "value": self._cell(row) if with_value else ""}
            for row in rows[:most]
        ]

    def _counted(self, rows: list[int]) -> _TableReply:
        most = MOST_ASKED_FOR if self._asked.listed else MOST_LISTED
        listed = self._listed(rows, most=most) if len(rows) <= most or self._asked.listed else []
        more = max(0, len(rows) - len(listed)) if listed else 0
        return _TableReply("count", rows, values=(("count", len(rows)), ("each", listed), ("more", more)))

    def _grouped(self, group: int, rows: list[int]) -> _TableReply | None:
        """Of each value, or month or year, what its rows come to, in the order of the table, or of time."""
        asked = self._asked
        column = self._table.column(group)
        numbers = self._table.column(asked.column).numbers if asked.column is not None else None
        used: list[int] = []
        parts: dict[str, list[int]] = {}
        names: dict[str, str] = {}
        for row in rows:
            day = column.numbers[row]
            if asked.period:
                name = "" if day is None else date.fromordinal(int(day)).isoformat()[: 7 if asked.period == "month" else 4]
            else:
                name = column.cells[row]
            if not name or (numbers is not None and numbers[row] is None):
                continue
            used.append(row)
            parts.setdefault(names.setdefault(key(name), name), []).append(row)
        if not parts or len(parts) > MOST_GROUPS:
            return None
        values = {name: self._of_group(of) for name, of in parts.items()}
        order = sorted(parts) if asked.period or column.kind == "year" else list(parts)
        how: str = asked.operation
        if asked.operation in ("most", "least"):
            order.sort(key=lambda name: values[name], reverse=asked.operation == "most")
            how = "sum"
        each = [{"label": name, "value": self._group_said(values[name], parts[name])} for name in order]
        by = asked.period or self._table.headers[group]
        first = [row for name in order[:1] for row in parts[name]]
        told: tuple[tuple[str, object], ...] = (("how", how), ("by", by), ("each", each), ("rows", len(used)))
        return _TableReply("groups", [*first, *(row for name in order[1:] for row in parts[name])], values=told)

    def _of_group(self, rows: Sequence[int]) -> Fraction:
        if self._asked.column is None:
            return Fraction(len(rows))
        with localcontext() as context:
            context.prec = PRECISE
            total = Fraction(sum((self._number(row) for row in rows), Decimal(0)))
        return total / len(rows) if self._asked.operation == "average" else total

    def _group_said(self, value: Fraction, rows: Sequence[int]) -> str:
        if self._asked.column is None:
            return self._words.decimal(f"{int(value):,}")
        said, exact = self._equals(value, 0 if self._asked.operation == "average" else self._decimals(rows))
        return said if exact else f"≈ {said}"

    def _distinct(self, column: int, rows: list[int]) -> _TableReply:
        cells = self._table.column(column).cells
        first: dict[str, int] = {}
        for row in rows:
            if cells[row]:
                first.setdefault(key(cells[row]), row)
        found = list(first.values())
        listed = [{"label": cells[row], "value": ""} for row in found[:MOST_LISTED]]
        more = max(0, len(found) - MOST_LISTED)
        return _TableReply("distinct", found, values=(("count", len(found)), ("each", listed), ("more", more)))

    def _sum(self, rows: list[int]) -> _TableReply:
        with localcontext() as context:
            context.prec = PRECISE
            total = sum((self._number(row) for row in rows), Decimal(0))
        terms = self._terms(rows)
        return _TableReply("sum", rows, *self._equals(Fraction(total), self._decimals(rows)), (("terms", terms),))

    def _middle(self, rows: list[int], which: str) -> _TableReply:
        if which == "median":
            in_order = sorted(rows, key=self._number)
            half = len(in_order) // 2
            middle = in_order[half : half + 1] if len(in_order) % 2 else in_order[half - 1 : half + 1]
            value = sum((Fraction(self._number(row)) for row in middle), Fraction()) / len(middle)
            return _TableReply(which, rows, *self._equals(value, 0))
        with localcontext() as context:
            context.prec = PRECISE
            total = sum((self._number(row) for row in rows), Decimal(0))
        terms = self._terms(rows)
        return _TableReply(which, rows, *self._equals(Fraction(total) / len(rows), 0), (("terms", terms),))

    def _extreme(self, rows: list[int]) -> _TableReply:
        asked = self._asked
        if asked.earliest is None:
            lowest = asked.operation == "least"
            extreme = "lowest" if lowest else "highest"
        else:
            lowest = asked.earliest
            extreme = "earliest" if lowest else "latest"
        values: list[tuple[str, object]] = [("extreme", extreme), ("rows", len(rows))]
        if asked.top > 1:
            in_order = sorted(rows, key=self._number, reverse=not lowest)[: min(asked.top, 50)]
            return _TableReply("ranked", in_order, values=(*values, ("each", self._listed(in_order, True, 50))))
        best = (min if lowest else max)(self._number(row) for row in rows)
        equal = [row for row in rows if self._number(row) == best]
        listed = self._listed(equal)
        more = max(0, len(equal) - MOST_LISTED)
        return _TableReply("top", equal, self._cell(equal[0]), True, (*values, ("each", listed), ("more", more)))

    def _difference(self, rows: list[int]) -> _TableReply | None:
        pair = self._pair(rows)
        if pair is None:
            return None
        one, other = pair
        if self._number(one) < self._number(other):
            one, other = other, one
        value = Fraction(self._number(one)) - Fraction(self._number(other))
        listed = self._listed([one, other])
        terms = self._terms([one, other])
        result, exact = self._equals(value, self._decimals(rows))
        return _TableReply("difference", [one, other], result, exact, (("terms", terms), ("each", listed)))

    def _pair(self, rows: list[int]) -> tuple[int, int] | None:
        """The two rows that are set against each other, in the order asked for."""
        match self._asked.pair:
            case "highest and lowest":
                return max(rows, key=self._number), min(rows, key=self._number)
            case "first and last":
                return rows[0], rows[-1]
        condition = next((one for one in self._asked.conditions if len(one.values) == 2), None)
        if condition is None:
            return None
        cells = self._table.column(condition.column).cells
        found = [[row for row in rows if key(cells[row]) == value] for value in condition.values]
        if [len(each) for each in found] != [1, 1]:
            return None
        return found[0][0], found[1][0]

    def _share_of_rows(self, rows: list[int]) -> _TableReply | None:
        if not (count := len(self._table.rows)):
            return None
        return _TableReply("share of rows", rows, *self._percent(Fraction(len(rows), count)), (("count", len(rows)),))

    def _share(self, rows: list[int]) -> _TableReply | None:
        """Of the column's total; or where two rows are named, how much it changed from one to the other."""
        if (pair := self._pair(rows)) is not None:
            before, after = sorted(pair)
            if not self._number(before):
                return None
            value = (Fraction(self._number(after)) - Fraction(self._number(before))) / Fraction(self._number(before))
            return _TableReply(
                "change", [before, after], *self._percent(value), (("terms", self._terms([before, after])),)
            )
        assert self._asked.column is not None
        numbers = self._table.column(self._asked.column).numbers
        with localcontext() as context:
            context.prec = PRECISE
            total = sum((number for number in numbers if number is not None), Decimal(0))
            part = sum((self._number(row) for row in rows), Decimal(0))
        if not total:
            return None
        terms = (f"{part:f}", f"{total:f}")
        every = [row for row, number in enumerate(numbers) if number is not None]
        return _TableReply("share", every, *self._percent(Fraction(part) / Fraction(total)), (("terms", terms),))

    def _terms(self, rows: Sequence[int]) -> tuple[str, ...]:
        """The numbers as they are written, without their units; none where they are too many to be shown."""
        if not 1 < len(rows) <= MOST_TERMS:
            return ()
        return tuple(
            f"−{digits}" if self._number(row) < 0 else digits for row in rows if (digits := _digits(self._cell(row)))
        )

    def _decimals(self, rows: Sequence[int]) -> int:
        """As many as the numbers themselves have: 10.10 + 29.90 is 40.00."""
        exponents = (self._number(row).as_tuple().exponent for row in rows)
        return max((-one for one in exponents if isinstance(one, int)), default=0)

    def _equals(self, value: Fraction, decimals: int) -> tuple[str, bool]:
        """As the column writes its numbers, and whether it is the very number."""
        assert self._asked.column is not None
        unit = self._table.column(self._asked.column).unit
        if unit == DURATION:
            return _duration(value)
        text, exact = decimal(value, max(decimals, 2 if decimals else 4))
        if exact and decimals and "," not in text:
            text = f"{Decimal(text.replace('−', '-')):.{decimals}f}".replace("-", "−")
        return f"{self._written(text)} {unit}".strip(), exact

    def _percent(self, value: Fraction) -> tuple[str, bool]:
        text, exact = decimal(value * 100, 2)
        return f"{self._written(text)} %", exact

    def _written(self, digits: str) -> str:
        """ "1,234.5" as the numbers of the column are written; where these do not tell, as the language does."""
        column = self._asked.column
        sign = decimal_sign(" ".join(self._table.column(column).cells[:SAMPLED])) if column is not None else ""
        return self._words.decimal(digits) if not sign else digits if sign == "." else digits.translate(SWAPPED)


def _header(table: Table, column: int, words: AnswerLanguage) -> str:
    """As it stands; those of a table made of files are words of ours."""
    header = table.headers[column]
    return words.gettext(header) if is_of_files(table) else header


def _duration(hours: Fraction) -> tuple[str, bool]:
    """ "51:30 h", with seconds where there are some, and whether it is no more and no less."""
    exactly = abs(hours) * 3600
    seconds = round(exactly)
    rest = f":{seconds % 60:02}" if seconds % 60 else ""
    said = f"{'−' if hours < 0 else ''}{seconds // 3600}:{seconds // 60 % 60:02}{rest} h"
    return said, abs(exactly - seconds) < Fraction(1, 10**6)


def _digits(cell: str) -> str:
    if cell.endswith(" h") and ":" in cell:  # a duration
        return cell.removesuffix(" h").lstrip("-")
    found = next(quantities_in(cell), None)
    return cell[found.digits_start : found.digits_end] if found is not None else cell


def _as_written(asked: TableQuestion, column: int, said: str) -> str:
    """A value as it stands in the table, rather than in lower case as it was asked for."""
    return next((cell for cell in asked.table.column(column).cells if key(cell) == key(said)), said)


def _cite(lines: NumberedCitations, asked: TableQuestion, used: Sequence[int]) -> tuple[str, bool]:
    """The numbers, and whether all rows are cited: neighbours are one citation, of very many the first few are."""
    rows: Sequence[Row] = asked.table.rows
    together: list[CellSpan] = []
    for row in used[: MOST_CITED * 100]:
        for stretch in rows[row].stands:
            last = together[-1] if together else None
            if last is not None and last.piece is stretch.piece and 0 <= stretch.start - last.end <= 1:
                together[-1] = CellSpan(last.piece, last.start, stretch.end)
            elif len(together) <= MOST_CITED:
                together.append(stretch)
        if len(together) > MOST_CITED:
            break
    marks = [lines.at(*stretch) for stretch in together[:MOST_CITED]]
    return "".join(mark for mark, _ in groupby(marks)), len(together) <= MOST_CITED and len(used) <= MOST_CITED * 100
