"""Tables of files of all sorts reach the exact answers: their rows, over pages, by groups and months, with places."""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.answering.tables import Table, tables_in, ungrouped
from assistant.answering.ways.compute import Compute
from assistant.text.total_labels import is_total, totals_among
from assistant.values.evidence import (
    Evidence,
    Lines,
    Page,
    Passage,
    Section,
    TextSpan,
    places_from_json,
    places_to_json,
)
from assistant.values.limits import Limits
from assistant.values.request import Request
from benchmarks import tables as benchmark
from benchmarks.made_tables import MadeTable, Values
from benchmarks.odd_tables import odd_tables
from retrieval.loaders import load_document
from retrieval.office import charts
from retrieval.outline import Outline
from retrieval.table import numbered_lines
from tests.one_turn import answered, context_of, pieces_of, text_of

FORMATS = (".csv", ".xlsx", ".ods", ".html", ".docx", ".pdf")


def sales(suffix: str, rows: int, groups: str = "") -> MadeTable:
    made = random.Random(5)
    values: list[Values] = [
        {
            "kind": ("Bread", "Cakes", "Rolls")[3 * number // rows],
            "item": f"Item {number}",
            "day": date(2025, 1, 1) + timedelta(days=number),
            "price": Decimal(made.randrange(100, 9_999)) / 100,
        }
        for number in range(rows)
    ]
    headers = {"kind": "Kind", "item": "Item", "day": "Day", "price": "Price"}
    return MadeTable(f"sales{suffix}", headers, values, title="Sales of 2025", groups=groups)


def pieces(made: MadeTable, folder: Path) -> list[Evidence]:
    return pieces_of(made.name, load_document(made.write(folder), made.name, Limits()).passages)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_row_is_read_with_its_cells_also_over_pages(suffix: str, tmp_path: Path) -> None:
    made = sales(suffix, 120)
    (table,) = tables_in(pieces(made, tmp_path))
    assert table.headers == ("Kind", "Item", "Day", "Price")
    assert [row.cells[1] for row in table.rows] == [f"Item {number}" for number in range(120)]
    assert table.column(3).numbers == tuple(row["price"] for row in made.rows)
    if made.pages:
        assert made.pages[-1] > 1
        assert [row.stands[0].piece.locate(*row.stands[0][1:]).number for row in table.rows] == made.pages  # type: ignore[union-attr]


@pytest.mark.parametrize("suffix", FORMATS[1:])
def test_a_heading_above_some_rows_is_what_they_are_and_no_row(suffix: str, tmp_path: Path) -> None:
    (table,) = tables_in(pieces(sales(suffix, 90, "kind"), tmp_path))
    assert table.is_grouped
    assert [row.cells[-1] for row in table.rows] == ["Bread"] * 30 + ["Cakes"] * 30 + ["Rolls"] * 30
    assert ungrouped(table).headers == ("Item", "Day", "Price")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("How many items are there in each kind?", "Rows for each Kind (120 rows)"),
        ("What do the prices come to per month?", "- 2025-01: "),
        ("Summe der Preise pro Monat", "Sum of Price for each month (120 rows)"),
        ("average price by kind", "Average of Price for each Kind (120 rows)"),
        ("list all items with a price over 98", "of the 120 rows"),
        ("How many items in February 2025?", "28 of the 120 rows"),
        ("which month had the highest price?", "Sum of Price for each month"),
    ],
)
def test_groups_months_and_lists(words: str, told: str, tmp_path: Path) -> None:
    context = context_of(pieces(sales(".csv", 120), tmp_path), says={"": "NONE"})
    assert told in text_of(Compute(), Request(words, "compute"), context)


@pytest.mark.parametrize(
    "words",
    [
        "total price of the items with a discount",
        "how much per customer?",
        "price per week",
        "list all items that are late",
    ],
)
def test_what_the_table_does_not_say_is_not_told(words: str, tmp_path: Path) -> None:
    context = context_of(pieces(sales(".csv", 120), tmp_path), says={"": "NONE"})
    assert answered(Compute(), Request(words, "compute"), context) is None


@pytest.mark.parametrize("asked", [one for one in benchmark.SECOND if one.file not in ("umsatz.csv", "survey.ods")])
def test_tables_as_people_keep_them(asked: benchmark.Asked, tmp_path: Path) -> None:
    made = odd_tables()[asked.file]
    outcome = benchmark.ask(asked, made, benchmark.read(made, tmp_path))
    assert (outcome.right, outcome.rows_told, outcome.cited) == (True, True, True), outcome.told


def test_rows_of_a_long_table_carry_their_headings_and_one_cut_in_two_is_whole() -> None:
    outline = Outline()
    outline.heading("Staff")
    long = "She came by train. " * 40
    rows = [["Name", "Note", "Fee"], *([f"Ada {n}", long if n == 3 else "", f"{n}.50"] for n in range(30))]
    outline.rows(rows)
    found = pieces_of("staff.docx", outline.passages())
    assert all("Name: " in piece.content or "train" in piece.content for piece in found)
    (table,) = tables_in(found)
    assert table.name == "Staff"
    assert [row.cells for row in table.rows] == [
        (f"Ada {n}", long.strip() if n == 3 else "", f"{n}.50") for n in range(30)
    ]
    assert len(table.rows[3].stands) > 1


def test_a_short_table_stays_as_it_is_and_its_empty_cells_are_kept() -> None:
    lines = list(numbered_lines([["Name", "Town", "Fee"], ["Ada", "", "3"], ["", "Graz", "4"], ["Paul", "Brno", ""]]))
    assert [line.row for line in lines] == [1, 2, 3, 4]
    assert [line.text for line in lines] == ["Name | Town | Fee", "Ada |  | 3", "| Graz | 4", "Paul | Brno |"]
    outline = Outline()
    outline.rows([["Name", "Town", "Fee"], ["Ada", "", "3"], ["", "Graz", "4"], ["Paul", "Brno", ""]])
    (table,) = tables_in(pieces_of("a.docx", outline.passages()))
    assert [row.cells for row in table.rows] == [("Ada", "", "3"), ("", "Graz", "4"), ("Paul", "Brno", "")]


def test_sums_between_the_rows_are_none_of_them_where_they_are_what_stands_above() -> None:
    outline = Outline()
    rows = [
        ["Shop", "Sold"],
        ["North", "3"],
        ["South", "4"],
        ["Subtotal", "7"],
        ["Total Gas", "5"],
        ["East", "1"],
        ["Total", "13"],
    ]
    outline.rows(rows)
    (table,) = tables_in(pieces_of("a.docx", outline.passages()))
    assert [row.cells[0] for row in table.rows] == ["North", "South", "Total Gas", "East"]
    assert [row.cells[0] for row in table.totals] == ["Subtotal", "Total"]


def test_two_tables_below_one_another_are_two() -> None:
    spans, text, start = [], "", 0
    for row, line in (
        (1, "Name | Fee"),
        (2, "Ada | 3"),
        (3, "Paul | 4"),
        (1, "Town | People"),
        (2, "Graz | 9"),
        (3, "Brno | 8"),
    ):
        spans.append(TextSpan(start, start + len(line), Section(""), row))
        text += line + "\n"
        start = len(text)
    found: list[Table] = tables_in(pieces_of("a.docx", [Passage(text.strip(), Section(""), tuple(spans))]))
    assert [table.headers for table in found] == [("Name", "Fee"), ("Town", "People")]


def test_totals_are_found_among_many_labels_as_one_by_one() -> None:
    labels = ["Rye bread", "Total", " Subtotal North", "", "Totaliser", "Summe", "小计", "The total"]
    assert totals_among(labels) == [at for at, label in enumerate(labels) if is_total(label)]


def test_the_number_of_a_row_is_kept_with_its_place() -> None:
    places = (TextSpan(0, 4, Page(2), 7), TextSpan(5, 9, Lines(1, 1)))
    assert places_from_json(places_to_json(places)) == places


def test_a_chart_of_several_series_is_a_table_and_one_alone_a_line() -> None:
    from lxml import etree

    def series(name: str, *values: int) -> str:
        points = "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))
        towns = "".join(f'<c:pt idx="{at}"><c:v>{town}</c:v></c:pt>' for at, town in enumerate(("Turku", "Oulu")))
        return (
            f'<c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
            f"<c:cat><c:strRef><c:strCache>{towns}</c:strCache></c:strRef></c:cat>"
            f"<c:val><c:numRef><c:numCache>{points}</c:numCache></c:numRef></c:val></c:ser>"
        )

    def lines(*each: str) -> list[str]:
        space = "http://schemas.openxmlformats.org/drawingml/2006/chart"
        return charts.lines(
            etree.fromstring(f'<c:chartSpace xmlns:c="{space}"><c:chart>{"".join(each)}</c:chart></c:chartSpace>')
        )

    assert lines(series("2024", 496, 301), series("2025", 530, 297)) == [
        "| 2024 | 2025", "Turku | 496 | 530", "Oulu | 301 | 297"
    ]  # fmt: skip
    assert lines(series("2024", 496, 301)) == ["2024: Turku 496, Oulu 301"]
