"""Tables as people keep them: days in words, money with signs, "1.234,50", percentages, cells left empty, sums as the last
row, rows that stand twice, headings above some of the rows, losses in brackets, units in the headings."""

import random
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.made_tables import MadeTable, Value, Values, english, german, plain


def _booked(value: Value) -> str:
    assert isinstance(value, Decimal)
    return f"({english(-value)})" if value < 0 else english(value)


def _dollars(value: Value) -> str:
    assert isinstance(value, Decimal)
    return f"${english(value)}"


def _euros(value: Value) -> str:
    return german(value) if isinstance(value, Decimal) else ""


def _percent(value: Value) -> str:
    return f"{value}%" if value is not None else ""


def _rabatt(value: Value) -> str:
    return f"{value} %".replace(".", ",")


def _in_words(value: Value) -> str:
    assert isinstance(value, date)
    return f"{value.day} {value:%B %Y}"


def _german_day(value: Value) -> str:
    assert isinstance(value, date)
    return f"{value:%d.%m.%Y}"


def _chinese_day(value: Value) -> str:
    assert isinstance(value, date)
    return f"{value.year}年{value.month}月{value.day}日"


def _yuan(value: Value) -> str:
    assert isinstance(value, Decimal)
    return f"¥{english(value)}"


def _cents(random_: random.Random, least: int, most: int) -> Decimal:
    return Decimal(random_.randrange(least * 100, most * 100)) / 100


def odd_tables() -> dict[str, MadeTable]:
    r = random.Random(31)
    rows: list[Values] = [
        {"date": date(2024, 1, 1) + timedelta(days=n), "account": r.choice(("Travel", "Rent", "Supplies", "Refunds")),
         "note": f"Entry {n + 1}", "amount": _cents(r, -900, 4000)}
        for n in range(300)
    ]  # fmt: skip
    ledger = MadeTable(
        "ledger.xlsx",
        {"date": "Date", "account": "Account", "note": "Note", "amount": "Amount"},
        rows, {"date": _in_words, "amount": _booked}, "Ledger",
        {"date": "Total", "amount": _booked(sum((row["amount"] for row in rows), Decimal(0)))},  # type: ignore[misc]
    )  # fmt: skip
    r = random.Random(32)
    umsatz = MadeTable(
        "umsatz.csv",
        {"branch": "Filiale", "date": "Datum", "sales": "Umsatz (EUR)", "discount": "Rabatt"},
        [
            {"branch": r.choice(("Mitte", "Nord", "Süd", "Flughafen")), "date": date(2021, 1, 1) + timedelta(days=n % 1400),
             "sales": _cents(r, 10, 9000) if r.random() > 0.1 else None, "discount": Decimal(r.randrange(0, 300)) / 10}
            for n in range(10_000)
        ],
        {"date": _german_day, "sales": _euros, "discount": _rabatt},
    )  # fmt: skip
    r = random.Random(33)
    spent: list[Values] = [
        {"kind": kind, "vendor": f"{r.choice(('Acme', 'Bolt', 'Core', 'Delta', 'Echo'))} {n}", "day": date(2025, 1, 1) + timedelta(days=n),
         "cost": _cents(r, 20, 3000)}
        for kind in ("Hardware", "Software", "Training") for n in range(50)
    ]  # fmt: skip
    expenses = MadeTable(
        "expenses.pdf",
        {"kind": "", "vendor": "Vendor", "day": "Day", "cost": "Cost"},
        spent, {"cost": _dollars}, "Expenses of 2025",
        {"vendor": "Total", "cost": _dollars(sum((row["cost"] for row in spent), Decimal(0)))}, "kind",  # type: ignore[misc]
    )  # fmt: skip
    r = random.Random(34)
    planned: list[Values] = [
        {"unit": unit, "item": f"{unit} item {n}", "planned": r.randrange(100, 9_999), "spent": r.randrange(100, 9_999)}
        for unit in ("Marketing", "Research", "Personnel") for n in range(1, 21)
    ]  # fmt: skip
    budget = MadeTable(
        "budget.docx",
        {"unit": "", "item": "Item", "planned": "Planned", "spent": "Spent"},
        planned, {"planned": lambda v: f"{v:,}", "spent": lambda v: f"{v:,}"}, "Budget",
        {"item": "Total", "planned": f"{sum(row['planned'] for row in planned):,}",  # type: ignore[misc]
         "spent": f"{sum(row['spent'] for row in planned):,}"}, "unit",  # type: ignore[misc]
    )  # fmt: skip
    r = random.Random(35)
    survey = MadeTable(
        "survey.ods",
        {"who": "Respondent", "country": "Country", "score": "Score", "comment": "Comment"},
        [
            {"who": f"P{n:04}", "country": r.choice(("Chile", "Kenya", "Peru", "Nepal", "Iceland")),
             "score": r.randrange(0, 101) if r.random() > 0.05 else None, "comment": r.choice(("", "", "Fine", "Too long"))}
            for n in range(2_000)
        ],
        {"score": _percent}, "Survey",
    )  # fmt: skip
    r = random.Random(36)
    traffic = MadeTable(
        "verkehr.html",
        {"stop": "Station", "line": "Linie", "riders": "Fahrgäste"},
        [
            {"stop": f"Halt {n}", "line": r.choice(("S1", "S2", "U5", "U7")), "riders": r.randrange(1_000, 90_000)}
            for n in range(1, 501)
        ],
        {"riders": lambda v: german(v, 0)}, "Fahrgäste an einem Werktag",  # type: ignore[arg-type]
    )  # fmt: skip
    r = random.Random(37)
    store = MadeTable(
        "库存.xlsx",
        {"house": "仓库", "item": "品名", "price": "单价（元）", "stock": "库存", "date": "入库日期"},
        [
            {"house": r.choice(("东区", "西区", "南区")), "item": f"零件{n}", "price": _cents(r, 1, 3000), "stock": r.randrange(0, 900),
             "date": date(2025, 1, 1) + timedelta(days=r.randrange(300))}
            for n in range(800)
        ],
        {"price": _yuan, "date": _chinese_day}, "库存表",
    )  # fmt: skip
    r = random.Random(38)
    rents = MadeTable(
        "rentals.csv",
        {"flat": "Flat", "tenant": "Tenant", "town": "Town", "rent": "Rent (£ per month)"},
        [
            {"flat": f"Flat {n // 2}", "tenant": f"Tenant {r.randrange(300)}", "town": ("Leeds", "York", "Hull")[n // 2 % 3],
             "rent": Decimal(r.randrange(400, 1900))}
            for n in range(1_000)
        ],
        {"rent": lambda v: plain(v)},
    )  # fmt: skip
    found = (ledger, umsatz, expenses, budget, survey, traffic, store, rents)
    return {table.name: table for table in found}
