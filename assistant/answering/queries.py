"""A question of tables that a model puts as a query: checked against the tables, and worked out over their rows.

    query     = number, operation, [ column ], [ "where", condition, { "and", condition } ] ;
    operation = "count" | "sum" | "average" | "highest" | "lowest" | "range" ;
    condition = column, ( "=" | "!=" | ">" | "<" | ">=" | "<=" ), value ;

What a model writes is untrusted: a table, a column or a value that is not there, or a number of the question that the
query does without, is no answer. Nothing is executed but these few operations.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.answering.formulas import counted
from assistant.answering.table_questions import (
    Condition,
    TableQuestion,
    key,
    named_columns,
    named_values,
    operation_said,
    speaks_of,
)
from assistant.answering.table_words import IDENTIFIER, Operation
from assistant.answering.tables import Table
from assistant.text.chinese_scripts import folded
from assistant.text.dates import date_of
from assistant.text.numerals import plain_numbers
from assistant.text.quantities import quantities_in, quantity

MOST_TABLES = 4  # shown to the model
MOST_COLUMNS = 12
MOST_VALUES = 8  # different values of a column that are shown
LONGEST_VALUE = 40  # characters of one
LONGEST = 200  # characters of a query
_OPERATIONS: dict[str, Operation] = {
    "count": "count", "sum": "sum", "average": "average", "highest": "most", "lowest": "least", "range": "difference",
}  # fmt: skip
_OF_NUMBERS = ("sum", "average", "median", "most", "least")
_QUERY = re.compile(
    r"(?P<number>\d{1,2})\s+(?P<operation>[a-z]+)(?:\s+(?P<column>(?!where\b).*?))?(?:\s+where\s+(?P<where>.+))?",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(?P<column>[^=<>!]+?)\s*(?P<sign>!=|>=|<=|=|>|<)\s*(?P<value>[^=<>!]+)")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """A table as a model is told of it. columns: its names, made up where it has none. values: of each some."""

    number: int
    name: str
    rows: int
    columns: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]


def shown(tables: Sequence[Table]) -> list[Shown]:
    """The first of the tables, as a model is told of them."""
    return [
        Shown(
            number,
            " ".join(part for part in (table.source, table.name) if part),
            len(table.rows),
            columns_of(table)[:MOST_COLUMNS],
            tuple(_values(table, at) for at in range(min(len(table.headers), MOST_COLUMNS))),
        )
        for number, table in enumerate(tables[:MOST_TABLES], 1)
    ]


def columns_of(table: Table) -> tuple[str, ...]:
    """Its headers; a list of what something costs has none of its own."""
    if table.is_list and not any(table.headers):
        return ("item", "price")[: len(table.headers)]
    return tuple(header or f"column {at}" for at, header in enumerate(table.headers, 1))


def read(written: str, tables: Sequence[Table], words: str) -> TableQuestion | None:
    """The question that a model's first line stands for; None where it is no query of these tables, or leaves out what
    was asked. words: as they were asked."""
    line = (written.strip().splitlines() or [""])[0].strip(" `.").removeprefix("Query:").strip()
    match = _QUERY.fullmatch(line[:LONGEST])
    operation = _OPERATIONS.get(match["operation"].lower()) if match else None
    if match is None or operation is None or not 1 <= int(match["number"]) <= min(len(tables), MOST_TABLES):
        return None
    table = tables[int(match["number"]) - 1]
    conditions, negated = _conditions(table, match["where"] or "")
    if conditions is None or (negated and (len(conditions) != 1 or operation != "count")):
        return None
    asked = TableQuestion(table, operation, conditions=conditions, negated=negated, label=_label(table, conditions))
    if operation != "count":
        found = _measured(asked, match["column"] or "")
        if found is None:
            return None
        asked = found
    agreed = _as_said(asked, words)
    return agreed if agreed is not None and _is_all(agreed, words) else None


def _as_said(asked: TableQuestion, words: str) -> TableQuestion | None:
    """With the operation that the words themselves say ("im Schnitt"), where they say one. What asks "how many" is no
    sum, unless it speaks of the column."""
    said = operation_said(words)
    if said is None or said == asked.operation or asked.column is None:
        return asked
    if said == "count":
        return asked if asked.operation != "sum" or speaks_of(words, asked.table, asked.column) else None
    if said in _OF_NUMBERS and asked.operation in _OF_NUMBERS and asked.table.column(asked.column).kind == "number":
        return replace(asked, operation=said)
    return asked


def _measured(asked: TableQuestion, name: str) -> TableQuestion | None:
    """With the column that is added up or compared."""
    table = asked.table
    at = _column(table, name)
    if at is None:
        return None
    kind = table.column(at).kind
    if kind == "number" and not IDENTIFIER.search(table.headers[at].strip()):
        pair = "highest and lowest" if asked.operation == "difference" else ""
        return replace(asked, column=at, pair=pair)
    if kind in ("year", "date") and asked.operation in ("most", "least"):
        return replace(asked, column=at, earliest=asked.operation == "least")
    return None


def _conditions(table: Table, where: str) -> tuple[tuple[Condition, ...] | None, bool]:
    """None where one of them is not understood; and whether the rows are meant that they do not hold for."""
    found: list[Condition] = []
    negated = False
    for text in _AND.split(where) if where.strip() else ():
        match = _CONDITION.fullmatch(text.strip())
        at = _column(table, match["column"]) if match else None
        if match is None or at is None:
            return None, False
        value = match["value"].strip(" '\"“”")
        negated = negated or match["sign"] == "!="
        condition = _condition(table, at, match["sign"].replace("!=", "="), value)
        if condition is None:
            return None, False
        found.append(condition)
    together: dict[int, Condition] = {}
    for one in found:
        known = together.get(one.column)
        if known is not None and known.sign == one.sign == "=":  # "Month = March and Month = January": either
            one = replace(known, values=(*known.values, *one.values), said=(*known.said, *one.said))
        elif known is not None:
            return None, False
        together[one.column] = one
    return tuple(together.values()), negated


def _condition(table: Table, at: int, sign: str, value: str) -> Condition | None:
    column = table.column(at)
    if sign == "=" and (wanted := key(value)) in {key(cell) for cell in column.cells}:
        return Condition(at, "=", (wanted,), said=(value,))
    number = _number(column.kind, value)
    if number is None:
        return None
    if sign == "=":
        equal = next((cell for cell, one in zip(column.cells, column.numbers, strict=True) if one == number), None)
        return Condition(at, "=", (key(equal),), said=(equal,)) if equal is not None else None
    return Condition(at, sign, number=number, said=(value,))


def _number(kind: str, value: str) -> Decimal | None:
    if kind == "date":
        found = date_of(value)
        return Decimal(found.day.toordinal()) if found is not None else None
    if kind in ("number", "year"):
        read = quantity(value)
        return read.value if read is not None else None
    return None


def _column(table: Table, name: str) -> int | None:
    wanted = _plain(name)
    names = [_plain(one) for one in columns_of(table)]
    return names.index(wanted) if names.count(wanted) == 1 else None


def _label(table: Table, conditions: Sequence[Condition]) -> int:
    """The first column of words that is not asked for by its value: what names a row."""
    filtered = {one.column for one in conditions}
    texts = [at for at in range(len(table.headers)) if table.column(at).kind == "text"]
    return next((at for at in texts if at not in filtered), texts[0] if texts else 0)


def _is_all(asked: TableQuestion, words: str) -> bool:
    """Whether every number, every column and every value of one that was asked with is in the query."""
    text = plain_numbers(folded(unicodedata.normalize("NFKC", words)))
    used = {one.number for one in asked.conditions} | {Decimal(1), Decimal(len(asked.table.rows))}
    for said in (said for one in asked.conditions for said in one.said):
        used |= {one.value for one in quantities_in(said)}
    if any(number not in used for number in {one.value for one in quantities_in(text)} | counted(words)):
        return False
    if named_columns(words, asked.table) - {asked.column, asked.label, *(one.column for one in asked.conditions)}:
        return False
    chosen = {value for one in asked.conditions for value in one.values}
    return all(value in chosen for value in named_values(words, asked.table))


def _values(table: Table, at: int) -> tuple[str, ...]:
    """Some of the different values of a column, in their order."""
    found = dict.fromkeys(cell[:LONGEST_VALUE] for cell in table.column(at).cells[:500] if cell)
    return tuple(list(found)[:MOST_VALUES])


def _plain(name: str) -> str:
    return " ".join(folded(name).lower().split())
