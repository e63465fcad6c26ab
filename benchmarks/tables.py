"""Counting, adding up, averages, extremes, lists and months over tables of 10 to 50,000 rows in files of all sorts.

    python benchmarks/tables.py [--only FIRST|SECOND] [--wrong]

The files are made here, from fixed seeds, and read as those of people are; the right answers are worked out from the
values that they were made of. No language model is asked: what the program does not work out by itself counts as not
answered. An answer is right if it says the number (or all the rows that were asked for), over how many rows, and
cites a row that it used, on the page where that row is printed. "Seconds" are the processor's, for an answer whose
file is in: parsing the rows back, understanding the question and working it out.
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.answering.context import Reply
from assistant.answering.ways.compute import Compute
from assistant.text.languages import language_of
from assistant.values.evidence import Evidence, Page
from assistant.values.limits import Limits
from assistant.values.request import Request
from benchmarks.made_tables import MadeTable, Values, plain, tables
from benchmarks.odd_tables import odd_tables
from retrieval.loaders import load_document
from tests.one_turn import answered, context_of, pieces_of

Where = Callable[[Values], bool]
_TOKEN = re.compile(r"\d[\d.,'\u202f\u00a0]*")
_MOST_LISTED = 40


@dataclass(frozen=True)
class Right:
    """What the answer must say. rows: over how many; used: those."""

    numbers: tuple[Fraction, ...] = ()
    names: tuple[str, ...] = ()
    rows: int = 0
    used: tuple[int, ...] = ()
    nothing: bool = False
    """Whether the table does not say it, so that nothing may be told."""


@dataclass(frozen=True)
class Asked:
    file: str
    words: str
    right: Callable[[MadeTable], Right]


def _every(_: Values) -> bool:
    return True


def _used(table: MadeTable, where: Where) -> tuple[int, ...]:
    return tuple(at for at, row in enumerate(table.rows) if where(row))


def _number(value: object) -> Fraction:
    assert isinstance(value, int | Decimal)
    return Fraction(value)


def _known(table: MadeTable, column: str, where: Where) -> tuple[int, ...]:
    return tuple(at for at in _used(table, where) if table.rows[at][column] is not None)


def count(where: Where) -> Callable[[MadeTable], Right]:
    def right(table: MadeTable) -> Right:
        used = _used(table, where)
        return Right((Fraction(len(used)),), rows=len(table.rows), used=used)

    return right


def total(column: str, where: Where = _every) -> Callable[[MadeTable], Right]:
    def right(table: MadeTable) -> Right:
        used = _known(table, column, where)
        return Right((sum((_number(table.rows[at][column]) for at in used), Fraction()),), rows=len(used), used=used)

    return right


def mean(column: str, where: Where = _every) -> Callable[[MadeTable], Right]:
    def right(table: MadeTable) -> Right:
        used = _known(table, column, where)
        added = sum((_number(table.rows[at][column]) for at in used), Fraction())
        return Right((added / len(used),), rows=len(used), used=used)

    return right


def median(column: str, where: Where = _every) -> Callable[[MadeTable], Right]:
    def right(table: MadeTable) -> Right:
        used = _known(table, column, where)
        return Right(
            (Fraction(statistics.median(_number(table.rows[at][column]) for at in used)),), rows=len(used), used=used
        )

    return right


def extreme(column: str, label: str, most: bool, where: Where = _every) -> Callable[[MadeTable], Right]:
    def right(table: MadeTable) -> Right:
        used = _known(table, column, where)
        values = {at: table.rows[at][column] for at in used}
        best = (max if most else min)(values.values())  # type: ignore[type-var]
        found = tuple(at for at in used if values[at] == best)
        numbers = () if isinstance(best, date) else (_number(best),)
        return Right(numbers, tuple(plain(table.rows[at][label]) for at in found[:5]), len(used), found)

    return right


def distinct(column: str) -> Callable[[MadeTable], Right]:
    def right(table: MadeTable) -> Right:
        first: dict[str, int] = {}
        for at, row in enumerate(table.rows):
            first.setdefault(plain(row[column]), at)
        return Right((Fraction(len(first)),), rows=len(first), used=tuple(first.values()))

    return right


def listed(label: str, where: Where) -> Callable[[MadeTable], Right]:
    def right(table: MadeTable) -> Right:
        used = _used(table, where)
        names = tuple(plain(table.rows[at][label]) for at in used[:_MOST_LISTED])
        return Right((Fraction(len(used)),), names, len(table.rows), used)

    return right


def per(
    group: Callable[[Values], str], column: str = "", how: str = "sum", where: Where = _every
) -> Callable[[MadeTable], Right]:
    def right(table: MadeTable) -> Right:
        used = _known(table, column, where) if column else _used(table, where)
        parts: dict[str, list[Fraction]] = defaultdict(list)
        for at in used:
            parts[group(table.rows[at])].append(_number(table.rows[at][column]) if column else Fraction(1))
        numbers = tuple(sum(one, Fraction()) / (len(one) if how == "mean" else 1) for one in parts.values())
        return Right(numbers, tuple(parts), len(used), used)

    return right


def nothing(_: MadeTable) -> Right:
    return Right(nothing=True)


def _month(row: Values) -> str:
    day = row["date"]
    assert isinstance(day, date)
    return f"{day:%Y-%m}"


def _year(column: str, row: Values) -> int:
    day = row[column]
    assert isinstance(day, date)
    return day.year


def _is(column: str, *values: object) -> Where:
    return lambda row: row[column] in values


def _over(column: str, least: float) -> Where:
    return lambda row: row[column] is not None and row[column] > least  # type: ignore[operator]


def _both(*each: Where) -> Where:
    return lambda row: all(one(row) for one in each)


def _in_month(column: str, year: int, month: int) -> Where:
    return lambda row: isinstance(day := row[column], date) and (day.year, day.month) == (year, month)


FIRST = (
    Asked("orders.csv", "How many orders were shipped?", count(_is("status", "shipped"))),
    Asked(
        "orders.csv", "What's the total amount of all cancelled orders?", total("amount", _is("status", "cancelled"))
    ),
    Asked("orders.csv", "average amount in the North region", mean("amount", _is("region", "North"))),
    Asked("orders.csv", "How much did we take in per month?", per(_month, "amount")),
    Asked("orders.csv", "which order has the largest amount?", extreme("amount", "order", True)),
    Asked("orders.csv", "How many orders have an amount over 900?", count(_over("amount", 900))),
    Asked("orders.csv", "list all orders with an amount over 999", listed("order", _over("amount", 999))),
    Asked(
        "orders.csv",
        "how many orders from the West are still open?",
        count(_both(_is("region", "West"), _is("status", "open"))),
    ),
    Asked("orders.csv", "total quantity per region", per(lambda row: plain(row["region"]), "quantity")),
    Asked("employees.xlsx", "Who earns the most?", extreme("salary", "name", True)),
    Asked(
        "employees.xlsx",
        "What is the median salary in Engineering?",
        median("salary", _is("department", "Engineering")),
    ),
    Asked(
        "employees.xlsx",
        "How many people work in Sales in Berlin?",
        count(_both(_is("department", "Sales"), _is("city", "Berlin"))),
    ),
    Asked(
        "employees.xlsx", "average salary per department", per(lambda row: plain(row["department"]), "salary", "mean")
    ),
    Asked(
        "employees.xlsx",
        "list everyone in Legal who earns more than 119500",
        listed("name", _both(_is("department", "Legal"), _over("salary", 119_500))),
    ),
    Asked("employees.xlsx", "How many employees started in 2021?", count(lambda row: _year("start", row) == 2021)),
    Asked("weather.ods", "What was the lowest temperature?", extreme("temperature", "station", False)),
    Asked("weather.ods", "average temperature at Hilltop", mean("temperature", _is("station", "Hilltop"))),
    Asked("weather.ods", "how much rain fell in total in March 2024?", total("rain", _in_month("date", 2024, 3))),
    Asked("weather.ods", "how many rows have a temperature below 0?", count(lambda row: row["temperature"] < 0)),  # type: ignore[operator]
    Asked("rechnungen.html", "Wie viele Rechnungen sind noch offen?", count(_is("status", "offen"))),
    Asked("rechnungen.html", "Welche Rechnung hat den höchsten Betrag?", extreme("amount", "invoice", True)),
    Asked("rechnungen.html", "Gesamtbetrag der Rechnungen aus Hamburg", total("amount", _is("city", "Hamburg"))),
    Asked(
        "rechnungen.html",
        "Durchschnittlicher Betrag pro Stadt",
        per(lambda row: plain(row["city"]), "amount", "mean"),
    ),
    Asked("members.docx", "how many members joined before 2005?", count(lambda row: row["joined"] < 2005)),  # type: ignore[operator]
    Asked("members.docx", "Sum of the fees of the members from Graz", total("fee", _is("town", "Graz"))),
    Asked("members.docx", "list all members who live in Oslo", listed("name", _is("town", "Oslo"))),
    Asked("inventory.pdf", "How many items are in the category Tools?", count(_is("category", "Tools"))),
    Asked("inventory.pdf", "What is the total stock?", total("stock")),
    Asked("inventory.pdf", "Which item is the most expensive?", extreme("price", "item", True)),
    Asked("inventory.pdf", "average price of the garden items", mean("price", _is("category", "Garden"))),
    Asked("商品.xlsx", "上海的销售额总和是多少？", total("sales", _is("city", "上海"))),
    Asked("商品.xlsx", "哪个商品的销售额最高？", extreme("sales", "item", True)),
    Asked("商品.xlsx", "每个月的销售额是多少？", per(_month, "sales")),
    Asked("商品.xlsx", "数量超过90的有多少行？", count(_over("quantity", 90))),
    Asked("clients.csv", "Combien de clients habitent à Lyon ?", count(_is("city", "Lyon"))),
    Asked("clients.csv", "Quelle est la moyenne d'âge ?", mean("age")),
    Asked("clients.csv", "¿Cuántos clientes viven en Nice?", count(_is("city", "Nice"))),
)


SECOND = (
    Asked("ledger.xlsx", "How many entries are there for Travel?", count(_is("account", "Travel"))),
    Asked("ledger.xlsx", "What do all the amounts for Rent come to?", total("amount", _is("account", "Rent"))),
    Asked(
        "ledger.xlsx",
        "What was the largest amount booked in June 2024?",
        extreme("amount", "account", True, _in_month("date", 2024, 6)),
    ),
    Asked("umsatz.csv", "Wie hoch war der Umsatz der Filiale Mitte insgesamt?", total("sales", _is("branch", "Mitte"))),
    Asked("umsatz.csv", "Umsatz pro Jahr", per(lambda row: str(_year("date", row)), "sales")),
    Asked("umsatz.csv", "Welche Filiale hatte den niedrigsten Umsatz?", extreme("sales", "branch", False)),
    Asked("umsatz.csv", "Durchschnittlicher Rabatt in der Filiale Nord", mean("discount", _is("branch", "Nord"))),
    Asked("expenses.pdf", "How much did we spend on Software?", total("cost", _is("kind", "Software"))),
    Asked("expenses.pdf", "How many purchases cost more than $1,000?", count(_over("cost", 1000))),
    Asked(
        "expenses.pdf",
        "which vendor was the most expensive in Hardware?",
        extreme("cost", "vendor", True, _is("kind", "Hardware")),
    ),
    Asked("budget.docx", "Total planned for Marketing", total("planned", _is("unit", "Marketing"))),
    Asked("budget.docx", "List the items where spent is over 9000", listed("item", _over("spent", 9000))),
    Asked("survey.ods", "average score of people from Chile", mean("score", _is("country", "Chile"))),
    Asked("survey.ods", "how many respondents are from Kenya or Peru?", count(_is("country", "Kenya", "Peru"))),
    Asked("verkehr.html", "Fahrgäste je Linie", per(lambda row: plain(row["line"]), "riders")),
    Asked("verkehr.html", "Welche Station hat die meisten Fahrgäste?", extreme("riders", "stop", True)),
    Asked("库存.xlsx", "2025年3月入库的有多少行？", count(_in_month("date", 2025, 3))),
    Asked("库存.xlsx", "每个仓库的库存总和", per(lambda row: plain(row["house"]), "stock")),
    Asked("rentals.csv", "How many different tenants are there?", distinct("tenant")),
    Asked("rentals.csv", "mean rent in Leeds", mean("rent", _is("town", "Leeds"))),
    Asked("rentals.csv", "What is the average rent of the flats with a garden?", nothing),
    Asked("survey.ods", "How many respondents are married?", nothing),
)


@dataclass(frozen=True)
class Outcome:
    right: bool
    rows_told: bool
    cited: bool
    seconds: float
    told: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("first", "second"), help="one of the two sets of questions")
    parser.add_argument("--wrong", action="store_true", help="show what was told where it was not right")
    options = parser.parse_args()
    sets = {"first": (FIRST, tables()), "second": (SECOND, odd_tables())}
    with tempfile.TemporaryDirectory() as folder:
        for name, (asked, made) in sets.items():
            if options.only in (None, name):
                run(name, asked, made, Path(folder), options.wrong)
    return 0


def run(name: str, asked: Sequence[Asked], made: dict[str, MadeTable], folder: Path, shows_wrong: bool) -> None:
    print(f"{name} set")
    print(f"  {'':1} {'file':18} {'rows':>6} {'s':>5}  question")
    outcomes: list[Outcome] = []
    pieces: dict[str, list[Evidence]] = {}
    for one in asked:
        table = made[one.file]
        if one.file not in pieces:
            pieces[one.file] = read(table, folder)
        outcome = ask(one, table, pieces[one.file])
        outcomes.append(outcome)
        mark = "✓" if outcome.right and outcome.rows_told and outcome.cited else "✗"
        print(f"  {mark} {one.file:18} {len(table.rows):6} {outcome.seconds:5.2f}  {one.words}", flush=True)
        if shows_wrong and mark == "✗":
            print(f"      {'' if outcome.right else 'not right '}{'' if outcome.rows_told else 'rows not told '}"
                  f"{'' if outcome.cited else 'not cited '}: {outcome.told[:600]!r}")  # fmt: skip
    count = len(outcomes)
    print(
        f"  right {sum(one.right for one in outcomes)} of {count}, number of rows told"
        f" {sum(one.rows_told for one in outcomes)}, citation right {sum(one.cited for one in outcomes)},"
        f" wrong and told {sum(not one.right and bool(one.told) for one in outcomes)},"
        f" seconds {statistics.median(one.seconds for one in outcomes):.2f} (at most"
        f" {max(one.seconds for one in outcomes):.2f})"
    )


def read(table: MadeTable, folder: Path) -> list[Evidence]:
    path = table.write(folder)
    return pieces_of(table.name, load_document(path, table.name, Limits()).passages)


def ask(asked: Asked, table: MadeTable, pieces: Sequence[Evidence]) -> Outcome:
    right = asked.right(table)
    context = context_of(pieces, says={"": "NONE"})  # what a model would be asked, this one does not know
    request = Request(asked.words, "compute", "", language_of(asked.words))
    began = time.process_time()
    reply = answered(Compute(), request, context)
    seconds = time.process_time() - began
    if reply is None or right.nothing:
        fine = (reply is None) == right.nothing
        return Outcome(fine, fine, fine, seconds, reply.cited.text if reply is not None else "")
    return Outcome(
        _is_right(reply, right), _tells_rows(reply, right), _cites(reply, right, table), seconds, reply.cited.text
    )


def _is_right(reply: Reply, right: Right) -> bool:
    said = reply.cited.text
    for citation in reply.cited.citations:
        said = said.replace(f"[{citation.number}]", "")
    numbers = [value for token in _TOKEN.findall(said) for value in _read(token)]
    if not all(any(_equal(value, decimals, number) for value, decimals in numbers) for number in right.numbers):
        return False
    low = said.casefold()
    return all(name.casefold() in low or _other_date(name) in low for name in right.names)


def _other_date(name: str) -> str:
    """ "2024-03" as "March 2024", as it is said in a sentence."""
    if re.fullmatch(r"\d{4}-\d\d", name):
        return f"{date(int(name[:4]), int(name[5:]), 1):%B %Y}".casefold()
    return name.casefold()


def _read(token: str) -> list[tuple[Fraction, int]]:
    """What a number that is written so may be, with how many decimals."""
    token = re.sub(r"['\u202f\u00a0]", "", token.rstrip(".,"))
    found = []
    for one in (token.replace(",", ""), token.replace(".", "").replace(",", ".")):
        if one.count(".") <= 1:
            found.append((Fraction(one), len(one.partition(".")[2])))  # noqa: PERF401
    return found


def _equal(value: Fraction, decimals: int, right: Fraction) -> bool:
    right = abs(right)
    return value == right or (decimals >= 2 and abs(value - right) <= Fraction(1, 2 * 10**decimals))


def _tells_rows(reply: Reply, right: Right) -> bool:
    found = {value for token in _TOKEN.findall(reply.cited.text) for value, _ in _read(token)}
    return Fraction(right.rows) in found


def _cites(reply: Reply, right: Right, table: MadeTable) -> bool:
    """Whether the first citation holds a row that was used, each of its cells, and its page."""
    if not reply.cited.citations or not right.used:
        return not right.used
    shown = [column for column in table.headers if column != table.groups]
    for citation in reply.cited.citations:
        for at in right.used[:2000]:
            row = table.rows[at]
            cells = [table.written.get(column, plain)(row[column]) for column in shown if row[column] is not None]
            if not all(cell in citation.quote for cell in cells[:2]):
                continue
            page = citation.location.number if isinstance(citation.location, Page) else None
            return not table.pages or page == table.pages[at]
    return False


if __name__ == "__main__":
    raise SystemExit(main())
