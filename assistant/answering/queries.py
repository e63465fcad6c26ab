"""A question of tables that a model puts as an SQL query: read by a small grammar, checked, worked out over their rows.

    query     = "SELECT", what, "FROM", table, [ "WHERE", ( condition, { ( "AND" | "OR" ), condition } | extreme ) ],
                [ "ORDER BY", column, [ "ASC" | "DESC" ], "LIMIT", number ] ;
    what      = ( "COUNT" | "SUM" | "AVG" | "MAX" | "MIN" ), "(", [ "DISTINCT" ], ( "*" | column ), ")"
              | "MAX(", column, ") - MIN(", column, ")" | column, { ",", column } ;
    condition = column, ( "=" | "!=" | ">" | "<" | ">=" | "<=" | "LIKE" ), value | column, "IN (", value, …, ")" ;
    extreme   = column, "= (SELECT", ( "MAX" | "MIN" ), "(", column, ") FROM", table, ")" ;

Models have read much SQL. What one writes is untrusted: it is never run as SQL, and a table, a column or a value that
is not there, or a number of the question that the query does without, is no answer.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.answering.formulas import counted
from assistant.answering.nearest import Likeness
from assistant.answering.table_questions import (
    Condition,
    TableQuestion,
    key,
    named_columns,
    named_values,
    operation_said,
    speaks_of,
)
from assistant.answering.table_words import EARLIEST, IDENTIFIER, LATEST, Operation
from assistant.answering.tables import Table
from assistant.text.chinese_scripts import folded
from assistant.text.dates import date_of
from assistant.text.numerals import plain_numbers
from assistant.text.quantities import quantities_in, quantity

MOST_TABLES = 4  # shown to the model
MOST_COLUMNS = 12
MOST_VALUES = 8  # different values of a column that are shown
LONGEST_VALUE = 40  # characters of one
LONGEST = 400  # characters of a query
SPOKEN_OF = 0.15  # cosine of a request with a value of a table that it speaks of in other words
_OF_NUMBERS = ("sum", "average", "median", "most", "least")
_TYPES = {"number": "REAL", "year": "INTEGER", "date": "DATE", "text": "TEXT"}
_AGGREGATES: dict[str, Operation] = {
    "COUNT": "count", "SUM": "sum", "AVG": "average", "MAX": "most", "MIN": "least",
}  # fmt: skip
_TABLE = r"FROM [\"`\[]?t(?P<number>\d{1,2})[\"`\]]?"
_AS = r"(?: AS \S{1,40})?"
_COLUMN = r"(?:\"[^\"]{1,80}\"|`[^`]{1,80}`|\[[^\]]{1,80}\]|[^\s\"`\[\](),;=<>!*-]{1,80})"
# over one statement of bounded length, its white space single blanks
_QUERY = re.compile(
    rf"SELECT (?P<what>.{{1,200}}?) {_TABLE}(?: WHERE (?P<where>.{{1,300}}?))?"
    rf"(?: ORDER BY (?P<order>{_COLUMN})(?: (?P<way>ASC|DESC))?(?: LIMIT (?P<limit>\d{{1,3}}))?)?",
    re.IGNORECASE | re.DOTALL,
)
_AGGREGATE = re.compile(
    rf"(?P<name>COUNT|SUM|AVG|MAX|MIN) ?\( ?(?P<distinct>DISTINCT )?(?P<column>\*|{_COLUMN}) ?\){_AS}", re.IGNORECASE
)
_RANGE = re.compile(rf"MAX ?\( ?(?P<column>{_COLUMN}) ?\) ?- ?MIN ?\( ?(?P<other>{_COLUMN}) ?\){_AS}", re.IGNORECASE)
_EXTREME = re.compile(
    rf"(?P<column>{_COLUMN}) ?= ?\( ?SELECT (?P<name>MAX|MIN) ?\( ?(?P<other>{_COLUMN}) ?\) FROM \S{{1,40}} ?\)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    rf"\(? ?(?P<column>{_COLUMN}) ?(?P<sign>!=|<>|>=|<=|=|>|<|\bLIKE\b) ?"
    r"(?P<value>'[^']{0,200}'|\"[^\"]{0,200}\"|[^\s()']{1,80}) ?\)?",
    re.IGNORECASE,
)
_IN = re.compile(rf"(?P<column>{_COLUMN}) IN ?\((?P<values>[^()]{{1,200}})\)", re.IGNORECASE)
_JOINED = re.compile(r" (AND|OR) ", re.IGNORECASE)


@dataclass(frozen=True)
class QueryColumn:
    """A column as a model is told of it."""

    name: str
    """Made up where the table has none."""
    type: str
    """As SQL calls it."""
    values: tuple[str, ...]
    """Some of its cells."""


@dataclass(frozen=True)
class QueryTable:
    """A table as a model is told of it."""

    number: int
    name: str
    rows: int
    columns: tuple[QueryColumn, ...]


EXAMPLE_TABLES: tuple[QueryTable, ...] = (
    QueryTable(
        1,
        "pets.csv",
        5,
        (
            QueryColumn("name", "TEXT", ("Rex", "Mimi", "Bella", "Coco", "Tom")),
            QueryColumn("kind", "TEXT", ("dog", "cat")),
            QueryColumn("born", "INTEGER", ("2019", "2021", "2014", "2023")),
            QueryColumn("weight kg", "REAL", ("12.5", "4.1", "30", "3.8")),
        ),
    ),
    QueryTable(
        2,
        "visits.xlsx",
        3,
        (QueryColumn("month", "TEXT", ("May", "June", "July")), QueryColumn("visits", "REAL", ("12", "30"))),
    ),
    QueryTable(
        3,
        "files",
        2,
        (
            QueryColumn("file", "TEXT", ("hotel.pdf", "taxi.jpg")),
            QueryColumn("total", "REAL", ("180.00", "24.50")),
            QueryColumn("date", "DATE", ("2025-06-02", "2025-07-19")),
        ),
    ),
)
EXAMPLES = (
    ("how many cats do we have?", "SELECT COUNT(*) FROM t1 WHERE \"kind\" = 'cat'"),
    ("who is the oldest?", 'SELECT "name" FROM t1 ORDER BY "born" ASC LIMIT 1'),
    ("wie viele Besuche waren es zusammen?", 'SELECT SUM("visits") FROM t2'),
    ("what colour is Rex?", "NONE"),
    ("最轻的是谁？", 'SELECT "name" FROM t1 ORDER BY "weight kg" ASC LIMIT 1'),
    ("June and July together", "SELECT SUM(\"visits\") FROM t2 WHERE \"month\" IN ('June', 'July')"),
    ("how many of them bite?", "NONE"),
    ("which bill is the older one?", 'SELECT "file" FROM t3 ORDER BY "date" ASC LIMIT 1'),
    ("¿cuánto pagué por los dos?", 'SELECT SUM("total") FROM t3'),
    ("which of the two came later?", 'SELECT "file" FROM t3 ORDER BY "date" DESC LIMIT 1'),
    ("who slept in the hotel?", "NONE"),
    ("what separates the best month from the worst?", 'SELECT MAX("visits") - MIN("visits") FROM t2'),
)


def shown(tables: Sequence[Table]) -> list[QueryTable]:
    """The first of the tables, as a model is told of them."""
    return [
        QueryTable(
            number,
            " ".join(part for part in (table.source, table.name) if part),
            len(table.rows),
            tuple(
                QueryColumn(name, _TYPES[table.column(at).kind], _values(table, at))
                for at, name in enumerate(columns_of(table)[:MOST_COLUMNS])
            ),
        )
        for number, table in enumerate(tables[:MOST_TABLES], 1)
    ]


def columns_of(table: Table) -> tuple[str, ...]:
    """Its headers; a list of what something costs has none of its own."""
    if table.is_list and not any(table.headers):
        return ("item", "price")[: len(table.headers)]
    return tuple(header or f"column {at}" for at, header in enumerate(table.headers, 1))


def read(written: str, tables: Sequence[Table], words: str, likeness: Likeness | None = None) -> TableQuestion | None:
    """The question that a model's query stands for; None where it is none of these tables, leaves out what was asked,
    or asks for a value that nobody spoke of. words: as they were asked. likeness: of them with values, in any language;
    None: a value must be named word for word."""
    match = _QUERY.fullmatch(_statement(written))
    if match is None or not 1 <= int(match["number"]) <= min(len(tables), MOST_TABLES):
        return None
    asked = _selected(match, tables[int(match["number"]) - 1])
    agreed = _as_said(asked, words) if asked is not None else None
    if agreed is None or not _is_all(agreed, words) or not _is_asked(agreed, words, likeness):
        return None
    return agreed


def _statement(written: str) -> str:
    """The first statement, out of the fence that models put around it."""
    inside = re.search(r"```(?:sql)?\s*(.*?)(?:```|\Z)", written, re.DOTALL | re.IGNORECASE)
    text = (inside[1] if inside else written).strip()
    return " ".join(text.partition(";")[0][:LONGEST].split())


def _selected(match: re.Match[str], table: Table) -> TableQuestion | None:
    """What it selects of the table, by the forms that are known."""
    what, where = match["what"].strip(), (match["where"] or "").strip()
    if (extreme := _EXTREME.fullmatch(where)) is not None and extreme["column"].lower() == extreme["other"].lower():
        return _measured(
            TableQuestion(table, _AGGREGATES[extreme["name"].upper()], label=_label(table, ())), extreme["column"]
        )
    conditions, negated = _conditions(table, where)
    if conditions is None:
        return None
    asked = TableQuestion(table, "count", conditions=conditions, label=_label(table, conditions), negated=negated)
    if (apart := _RANGE.fullmatch(what)) is not None and apart["column"].lower() == apart["other"].lower():
        made = _measured(replace(asked, operation="difference", pair="highest and lowest"), apart["column"])
    elif (aggregate := _AGGREGATE.fullmatch(what)) is not None and match["order"] is None:
        made = _aggregated(asked, aggregate)
    elif match["order"] is not None and match["limit"] is not None and "(" not in what:
        falling = (match["way"] or "").upper() == "DESC"
        made = _measured(replace(asked, operation="most" if falling else "least"), match["order"])
        top = int(match["limit"])
        made = replace(made, top=top if top > 1 else 0) if made is not None else None
    else:
        return None
    return None if made is None or (negated and (len(conditions) != 1 or made.operation != "count")) else made


def _aggregated(asked: TableQuestion, aggregate: re.Match[str]) -> TableQuestion | None:
    operation = _AGGREGATES[aggregate["name"].upper()]
    if operation != "count":
        return _measured(replace(asked, operation=operation), aggregate["column"])
    if not aggregate["distinct"]:
        return asked
    at = _column(asked.table, aggregate["column"])
    return replace(asked, column=at, distinct=True) if at is not None else None


def _measured(asked: TableQuestion, name: str) -> TableQuestion | None:
    """With the column that is added up or compared."""
    table = asked.table
    at = _column(table, name)
    if at is None:
        return None
    kind = table.column(at).kind
    if kind == "number" and not IDENTIFIER.search(table.headers[at].strip()):
        return replace(asked, column=at)
    if kind in ("year", "date") and asked.operation in ("most", "least"):
        return replace(asked, column=at, earliest=asked.operation == "least")
    return None


def _conditions(table: Table, where: str) -> tuple[tuple[Condition, ...] | None, bool]:
    """None where one of them is not understood; and whether the rows are meant that they do not hold for."""
    together: dict[int, Condition] = {}
    negated, joined = False, "AND"
    for at, text in enumerate(_JOINED.split(where) if where else ()):
        if at % 2:
            joined = text.upper()
            continue
        found = _condition(table, text.strip())
        if found is None:
            return None, False
        one, is_not = found
        negated = negated or is_not
        known = together.get(one.column)
        if joined == "OR" and (known is None or known.sign != "=" or one.sign != "="):
            return None, False
        if known is not None and known.sign == one.sign == "=":  # either of them, also where a model joins them by AND
            one = replace(known, values=(*known.values, *one.values), said=(*known.said, *one.said))
        elif known is not None:
            return None, False
        together[one.column] = one
    return tuple(together.values()), negated


def _condition(table: Table, text: str) -> tuple[Condition, bool] | None:
    """One condition, and whether its rows are those that are not meant."""
    if (several := _IN.fullmatch(text)) is not None:
        at = _column(table, several["column"])
        values = [_plain_value(value) for value in several["values"].split(",")]
        each = [_of_column(table, at, "=", value) for value in values] if at is not None else [None]
        known = [one for one in each if one is not None]
        if at is None or len(known) != len(each):
            return None
        return Condition(at, "=", tuple(v for one in known for v in one.values), said=tuple(values)), False
    match = _CONDITION.fullmatch(text)
    at = _column(table, match["column"]) if match else None
    if match is None or at is None:
        return None
    sign = match["sign"].upper()
    one = _of_column(table, at, {"!=": "=", "<>": "="}.get(sign, sign), _plain_value(match["value"]))
    return (one, sign in ("!=", "<>")) if one is not None else None


def _plain_value(value: str) -> str:
    return value.strip().strip("'\"“”").strip()


def _of_column(table: Table, at: int, sign: str, value: str) -> Condition | None:
    column = table.column(at)
    keys = {key(cell): cell for cell in column.cells if cell}
    if sign == "LIKE":
        part = key(value.strip("%"))
        found = [one for one in keys if part and part in one]
        return Condition(at, "=", tuple(found), said=tuple(keys[one] for one in found)) if found else None
    if sign == "=" and (wanted := key(value)) in keys:
        return Condition(at, "=", (wanted,), said=(keys[wanted],))
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
    wanted = _plain(name.strip('"`[]'))
    names = [_plain(one) for one in columns_of(table)]
    return names.index(wanted) if names.count(wanted) == 1 else None


def _label(table: Table, conditions: Sequence[Condition]) -> int:
    """The first column of words that is not asked for by its value: what names a row."""
    filtered = {one.column for one in conditions}
    texts = [at for at in range(len(table.headers)) if table.column(at).kind == "text"]
    return next((at for at in texts if at not in filtered), texts[0] if texts else 0)


def _as_said(asked: TableQuestion, words: str) -> TableQuestion | None:
    """With the operation that the words themselves say ("im Schnitt"), where they say one. What asks "how many" is no
    sum, unless it speaks of the column."""
    if asked.earliest is not None and bool(EARLIEST.search(words)) != bool(LATEST.search(words)):
        return replace(asked, earliest=bool(EARLIEST.search(words)))
    if asked.operation == "count" and asked.table.is_list and asked.conditions:
        return None  # what is asked stands there, beside the name
    said = operation_said(words)
    if said is None or said == asked.operation or asked.column is None:
        return asked
    if said == "count":
        return asked if asked.operation != "sum" or speaks_of(words, asked.table, asked.column) else None
    if said in _OF_NUMBERS and asked.operation in _OF_NUMBERS and asked.table.column(asked.column).kind == "number":
        return replace(asked, operation=said)
    return asked


def _is_all(asked: TableQuestion, words: str) -> bool:
    """Whether every number, every column and every value of one that was asked with is in the query."""
    text = plain_numbers(folded(unicodedata.normalize("NFKC", words)))
    used = {one.number for one in asked.conditions} | {Decimal(1), Decimal(len(asked.table.rows)), Decimal(asked.top)}
    for said in (said for one in asked.conditions for said in one.said):
        used |= {one.value for one in quantities_in(said)}
    if any(number not in used for number in {one.value for one in quantities_in(text)} | counted(words)):
        return False
    if named_columns(words, asked.table) - {asked.column, asked.label, *(one.column for one in asked.conditions)}:
        return False
    chosen = {value for one in asked.conditions for value in one.values}
    return all(value in chosen for value in named_values(words, asked.table))


def _is_asked(asked: TableQuestion, words: str, likeness: Likeness | None) -> bool:
    """Whether every value of a column of words that the query asks for is spoken of: "司机" speaks of "Driver"."""
    named, low = named_values(words, asked.table), folded(words).lower()
    unnamed = [
        said
        for one in asked.conditions
        if one.sign == "=" and asked.table.column(one.column).kind == "text"
        for value, said in zip(one.values, one.said, strict=False)
        if value not in named and not any(part in low for part in (value, *value.split()) if len(part) > 2)
    ]
    if not unnamed:
        return True
    return likeness is not None and min(map(float, likeness(words, unnamed))) >= SPOKEN_OF


def _values(table: Table, at: int) -> tuple[str, ...]:
    """Some of the different values of a column, in their order."""
    found = dict.fromkeys(cell[:LONGEST_VALUE] for cell in table.column(at).cells[:500] if cell)
    return tuple(list(found)[:MOST_VALUES])


def _plain(name: str) -> str:
    return " ".join(folded(name).lower().split())
