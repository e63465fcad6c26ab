"""Spreadsheets read as they are seen: what cells show, whose headings they stand under, what is hidden."""

import datetime
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from assistant.answering.hidden_pieces import without_hidden
from assistant.answering.table_answers import answer
from assistant.answering.table_questions import question
from assistant.answering.tables import Table, tables_in
from assistant.values.evidence import Document, Evidence, Sheet
from assistant.values.limits import Limits
from retrieval.chunking import chunk
from retrieval.loaders import load_document


def read(book: Any, folder: Path) -> Document:
    book.save(folder / "book.xlsx")
    return load_document(folder / "book.xlsx", "book.xlsx", Limits())


def lines(document: Document, passage: int = 0) -> list[str]:
    return document.passages[passage].text.split("\n")


def a_book(*rows: list[Any], merged: tuple[str, ...] = (), formats: dict[str, str] | None = None) -> Any:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for reference in merged:
        book.active.merge_cells(reference)
    for reference, code in (formats or {}).items():
        book.active[reference].number_format = code
    return book


def pieces(document: Document) -> list[Evidence]:
    return [
        Evidence(document.source_id, document.name, "text", one.text, one.location, one.places)
        for one in chunk(document.passages)
    ]


def tables(document: Document) -> list[Table]:
    return tables_in(pieces(document))


def answered(document: Document, words: str) -> str:
    asked = question(words, "", tables(document))
    assert asked is not None
    told = answer(asked, "en")
    assert told is not None
    return told.text


def test_every_value_carries_both_of_its_headings(tmp_path: Path) -> None:
    book = a_book(
        ["Region", "Line", "Third quarter", None, "Fourth quarter", None],
        [None, None, "Revenue", "Cost", "Revenue", "Cost"],
        ["North", "Harbour", 731, 388, 802, 412],
        [None, "Hillside", 655, 301, 690, 327],
        merged=("A1:A2", "B1:B2", "C1:D1", "E1:F1", "A3:A4"),
    )
    document = read(book, tmp_path)
    assert lines(document)[2:] == [
        "Region: North | Line: Harbour | Third quarter / Revenue: 731 | Third quarter / Cost: 388"
        " | Fourth quarter / Revenue: 802 | Fourth quarter / Cost: 412",
        "Region: North | Line: Hillside | Third quarter / Revenue: 655 | Third quarter / Cost: 301"
        " | Fourth quarter / Revenue: 690 | Fourth quarter / Cost: 327",
    ]
    assert document.passages[0].places[2].location == Sheet("Sheet", 3, 3)
    (table,) = tables(document)
    assert table.headers[3] == "Third quarter / Cost"
    assert table.column(5).numbers == (412, 327)


@pytest.mark.parametrize(
    ("top", "merged"),
    [
        ([None, 2024, None, 2025, None], ("B1:C1", "D1:E1")),
        ([None, "2024", None, "2025", None], ()),
        ([None, "Before", None, "After", None], ("B1:C1", "D1:E1")),
    ],
)
def test_headings_over_several_columns_hold_for_each(tmp_path: Path, top: list[Any], merged: tuple[str, ...]) -> None:
    book = a_book(top, ["Site", "In", "Out", "In", "Out"], ["Oulu", 1, 2, 3, 4], ["Turku", 5, 6, 7, 8], merged=merged)
    assert lines(read(book, tmp_path))[-1] == (
        f"Site: Turku | {top[1]} / In: 5 | {top[1]} / Out: 6 | {top[3]} / In: 7 | {top[3]} / Out: 8"
    )


def test_three_rows_of_headings_and_one_of_units_are_headings(tmp_path: Path) -> None:
    book = a_book(
        ["Field", "Yield", None, None],
        [None, "Spring", "Autumn", "Water"],
        [None, "kg", "kg", "m³"],
        ["Upper", 10, 20, 30],
        ["Lower", 11, 21, 31],
        merged=("A1:A3", "B1:D1"),
    )
    assert lines(read(book, tmp_path))[-1] == (
        "Field: Lower | Yield / Spring / kg: 11 | Yield / Autumn / kg: 21 | Yield / Water / m³: 31"
    )


def test_titles_above_the_headers_are_none(tmp_path: Path) -> None:
    book = a_book(
        ["Rentals of the boat house", None, None, None, None],
        ["Season 2025", None, None, None, "Printed in May"],
        [],
        ["Boat", "Seats", "Day", "Week", "Deposit"],
        ["Heron", 4, 35, 180, 100],
        ["Wren", 2, 25, 120, 80],
        merged=("A1:E1",),
    )
    document = read(book, tmp_path)
    assert lines(document)[0] == "Rentals of the boat house"
    assert lines(document)[-1] == "Boat: Wren | Seats: 2 | Day: 25 | Week: 120 | Deposit: 80"
    assert len(tables(document)[0].rows) == 2


def test_years_may_be_headers(tmp_path: Path) -> None:
    book = a_book(["Town", 2023, 2024, 2025], ["Turku", 512, 530, 541], ["Oulu", 301, 297, 305])
    assert lines(read(book, tmp_path))[1] == "Town: Turku | 2023: 512 | 2024: 530 | 2025: 541"


def test_a_list_of_what_is_what_has_no_headers(tmp_path: Path) -> None:
    book = a_book(["Landlord", "Odile Fontaine"], ["Rent", 1480], ["Deposit", 2960], ["Tenant", "Ropewalk"])
    assert lines(read(book, tmp_path))[1] == "Rent | 1480"


def test_a_merged_cell_belongs_to_all_its_columns_and_a_line_across_to_none(tmp_path: Path) -> None:
    book = a_book(
        ["Pool", "Monday", "Tuesday", "Wednesday"],
        ["Indoors", None, None, None],
        ["Lane 1", "open", "closed for repairs", None],
        ["Lane 2", "open", "open", "open"],
        merged=("A2:D2", "C3:D3"),
    )
    assert lines(read(book, tmp_path))[1:3] == [
        "Indoors",
        "Pool: Lane 1 | Monday: open | Tuesday: closed for repairs | Wednesday: closed for repairs",
    ]


def test_a_second_table_below_has_headers_of_its_own(tmp_path: Path) -> None:
    book = a_book(
        ["Article", "Price"], ["Kestrel", 49], ["Heron", 58], [], ["Month", "Visitors"], ["May", 120], ["June", 144]
    )
    document = read(book, tmp_path)
    assert lines(document)[-1] == "Month: June | Visitors: 144"
    assert [(table.headers, len(table.rows)) for table in tables(document)] == [
        (("Article", "Price"), 2),
        (("Month", "Visitors"), 2),
    ]


def test_what_cells_show_is_added_up_rightly(tmp_path: Path) -> None:
    money, share, hours = "[$€-407] #,##0.00;-[$€-407] #,##0.00", "0.0%", "[h]:mm"
    book = a_book(
        ["Shop", "Profit", "Share", "Hours"],
        ["Lisbon", 1234.5, 0.075, datetime.timedelta(hours=51, minutes=30)],
        ["Porto", -34.25, 0.112, datetime.timedelta(hours=44)],
        ["Faro", 640.25, 0.094, datetime.timedelta(hours=8, minutes=45)],
        ["Total", 1840.5, 0.281, datetime.timedelta(hours=104, minutes=15)],
        formats={
            f"{column}{row}": code
            for row in range(2, 6)
            for column, code in zip("BCD", (money, share, hours), strict=True)
        },
    )
    document = read(book, tmp_path)
    assert lines(document)[2] == "Shop: Porto | Profit: -€ 34.25 | Share: 11.2% | Hours: 44:00 h"
    assert "1840.50 EUR" in answered(document, "What is the total profit?")
    assert "104:15 h" in answered(document, "What is the sum of the hours?")
    assert "Faro" in answered(document, "Which shop has the least hours?")
    assert "Porto" in answered(document, "Which shop has the highest share?")


def test_hidden_sheets_rows_and_columns_are_called_hidden_and_not_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    old = book.active
    old.title = "Old"
    prices = book.create_sheet("Prices")
    for sheet, price in ((old, 39), (prices, 49)):
        for row in (["Article", "Cost", "Price"], ["Kestrel", 20, price], ["Osprey", 30, 71], ["Wren", 9, 22]):
            sheet.append(row)
    old.sheet_state = "veryHidden"
    prices.row_dimensions[3].hidden = True
    prices.column_dimensions["B"].hidden = True
    document = read(book, tmp_path)
    assert lines(document) == [
        "Article | Cost (hidden column) | Price",
        "Article: Kestrel | Cost (hidden column): 20 | Price: 49",
        "Article: Osprey | Cost (hidden column): 30 | Price: 71 | (hidden row)",
        "Article: Wren | Cost (hidden column): 9 | Price: 22",
    ]
    assert lines(document, 1)[1] == "Article: Kestrel | Cost: 20 | Price: 39 | (hidden sheet)"
    assert [note[:40] for note in document.notes] == [
        "Sheet Prices of book.xlsx has hidden row",
        "Sheet Old of book.xlsx is hidden; its ro",
    ]
    (table,) = tables(document)
    assert [row.cells[0] for row in table.rows] == ["Kestrel", "Wren"]
    for words, names in {
        "What does the Kestrel cost?": ["Prices"],
        "What did the Kestrel cost in the old list?": ["Prices", "Old"],
        "Which prices are hidden?": ["Prices", "Old"],
        "隐藏的表里写了什么？": ["Prices", "Old"],
    }.items():
        shown = [one.location for one in without_hidden(pieces(document), words)]
        assert [at.name for at in shown if isinstance(at, Sheet)] == names
    assert document.facts is not None
    assert document.facts.sheets == ("Old", "Prices")


def test_a_formula_without_a_result_is_computed_or_told_as_not_computed(tmp_path: Path) -> None:
    book = a_book(
        ["Field", "Spring", "Autumn", "Total", "Share", "Guess"],
        ["Upper", 6120, 4310, "=B2+C2", "=D2/D$4", "=VLOOKUP(B2,B2:C3,2)"],
        ["Lower", 3875, 4145, "=B3+C3", "=D3/D$4", "=F2+1"],
        ["Total", "=SUM(B2:B3)", "=ROUND(AVERAGE(C2:C3),0)", "=SUM(D2:D3)", '=IF(D4>10,"much","little")', "=F4"],
        formats={"E2": "0.0%", "E3": "0.0%"},
    )
    document = read(book, tmp_path)
    assert lines(document)[1:] == [
        "Field: Upper | Spring: 6120 | Autumn: 4310 | Total: 10430 | Share: 56.5%"
        " | Guess: =VLOOKUP(B2,B2:C3,2) (not computed)",
        "Field: Lower | Spring: 3875 | Autumn: 4145 | Total: 8020 | Share: 43.5% | Guess: =F2+1 (not computed)",
        "Field: Total | Spring: 9995 | Autumn: 4228 | Total: 18450 | Share: much | Guess: =F4 (not computed)",
    ]
    assert [note[:70] for note in document.notes] == [
        "book.xlsx has formulas without their results; I computed those that ar",
        "book.xlsx has formulas without their results; I give the formulas as n",
    ]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=2+3*4", "14"),
        ("=(2+3)*4", "20"),
        ("=-2^2", "4"),
        ("=10-4-3", "3"),
        ("=50%*8", "4"),
        ('="no. "&7', "no. 7"),
        ("=1/8", "0.125"),
        ("=MAX(1,MIN(5,9),3)", "5"),
        ("=2>=1", "TRUE"),
        ("=Sheet!A2+1", "8"),
        ("=SUM(A2:A3)", "7"),
        ("=COUNTA(A2:A3)", "2"),
        ("=1/0", ""),
        ("=A1", ""),
        ("=A3+1", ""),
        ("=NOW()", ""),
        ("=A:A", ""),
        ("=SUM(A1:XFD1048576)", ""),
        ("=9^9^9", "1.96627050475553e+77"),
        ("=9^99^99^99", ""),
        ("=" + "(" * 500 + "1" + ")" * 500, ""),
        ("=Other!A1", "0"),
    ],
)
def test_a_formula_is_computed_as_a_spreadsheet_does_or_not_at_all(tmp_path: Path, formula: str, value: str) -> None:
    book = a_book([formula], [7], ["seven"])
    book.create_sheet("Other")
    first = lines(read(book, tmp_path))[0]
    assert first == value if value else first.endswith("(not computed)")


def stored(folder: Path, cells: str, *, calculation: str = "") -> Document:
    """A sheet of one row as it is written by hand."""
    a_book([1]).save(folder / "plain.xlsx")
    with zipfile.ZipFile(folder / "plain.xlsx") as old, zipfile.ZipFile(folder / "book.xlsx", "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub(
                    rb"<sheetData>.*</sheetData>", f"<sheetData>{cells}</sheetData>".encode(), text, flags=re.S
                )
            if name == "xl/workbook.xml":
                text = re.sub(rb"<calcPr[^>]*/>", calculation.encode(), text)
            new.writestr(name, text)
    return load_document(folder / "book.xlsx", "book.xlsx", Limits())


def test_a_stored_result_is_read_and_a_zero_that_nobody_computed_is_not(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>3</v></c><c r="B1"><f>1+1</f><v>0</v></c><c r="C1"><f t="shared" si="0" '
        'ref="C1:D1">B1+3</f><v>0</v></c><c r="D1"><f t="shared" si="0"/><v>0</v></c>'
        '<c r="E1" t="str"><f>x</f><v/></c><c r="F1"><f>NOW()</f><v>0</v></c></row>'
    )
    assert stored(tmp_path, cells).passages[0].text == "3 | 0 | 0 | 0 | 0"
    unsure = stored(tmp_path, cells, calculation='<calcPr calcId="124519" fullCalcOnLoad="1"/>')
    assert unsure.passages[0].text == "3 | 2 | 5 | 8 | =NOW() (not computed)"


def test_cells_that_do_not_say_where_they_are_stand_side_by_side(tmp_path: Path) -> None:
    row = '<row><c><v>1</v></c><c t="inlineStr"><is><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh></is></c></row>'
    assert stored(tmp_path, row + '<row r="900000"><c r="XFD900000" t="e"><v>#REF!</v></c></row>').passages[0].text == (
        "1 | 漢字\n#REF!"
    )


def test_cells_far_away_are_read_at_once(tmp_path: Path) -> None:
    cells = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="XFD{row}"><v>2</v></c></row>' for row in range(1, 3000)
    )
    document = stored(tmp_path, cells)
    assert lines(document)[-1] == "1 | 2"
    assert document.passages[0].places[-1].location == Sheet("Sheet", 2999, 2999)


def test_what_stands_beside_the_cells_is_read_with_its_row(tmp_path: Path) -> None:
    from openpyxl.chart import BarChart, Reference

    book = a_book(["Town", "Visitors"], ["Turku", 530], ["Oulu", 297])
    book.active["B2"].comment = Comment("Counted by hand.", "Lin Wei")
    chart = BarChart()
    chart.title = "Visitors in May"
    chart.add_data(Reference(book.active, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    book.active.add_chart(chart, "D5")
    document = read(book, tmp_path)
    assert [(one.text, one.location) for one in document.passages[1:]] == [
        ("Comment on B2 by Lin Wei: Counted by hand.", Sheet("Sheet", 2, 2)),
        ("Visitors in May", Sheet("Sheet", 5, 5)),
    ]
    assert len(tables(document)[0].rows) == 2


def test_labels_below_no_header_are_a_column_of_their_own(tmp_path: Path) -> None:
    book = a_book(["", "Plan", "Actual"], ["Tea", 10, 12], ["Coffee", 20, 19])
    document = read(book, tmp_path)
    assert lines(document)[1] == "Tea | Plan: 10 | Actual: 12"
    (table,) = tables(document)
    assert (table.headers, table.column(2).numbers) == (("", "Plan", "Actual"), (12, 19))
    assert "31" in answered(document, "What is the total of the actual?")


def test_headings_as_pandas_writes_them_are_headings(tmp_path: Path) -> None:
    top, names, index = [None, "2024", None, "2025", None], [None, "In", "Out", "In", "Out"], ["Site"]
    book = a_book(top, names, index, ["Oulu", 1, 2, 3, 4], ["Turku", 5, 6, 7, 8], merged=("B1:C1", "D1:E1"))
    assert lines(read(book, tmp_path))[-1] == (
        "Site: Turku | 2024 / In: 5 | 2024 / Out: 6 | 2025 / In: 7 | 2025 / Out: 8"
    )
    book = a_book(["Year", *top[1:]], ["Way", *names[1:]], ["Oulu", 1, 2, 3, 4], merged=("B1:C1", "D1:E1"))
    assert lines(read(book, tmp_path))[-1].startswith("Year / Way: Oulu | 2024 / In: 1 | 2024 / Out: 2")


def test_a_note_below_a_table_is_no_row_of_it(tmp_path: Path) -> None:
    book = a_book(
        ["Timesheet", None, "Week 12", None],
        ["Employee:", "Ann Lee"],
        [],
        ["Day", "Start", "End", "Hours"],
        ["Mon", "09:00", "17:30", 8.5],
        ["Tue", "09:00", "17:00", 8],
        [None, None, "Total", 16.5],
        [],
        ["Approved by", "B. Chen"],
    )
    document = read(book, tmp_path)
    assert lines(document)[-1] == "Approved by | B. Chen"
    (table,) = tables(document)
    assert [row.cells[0] for row in table.rows] == ["Mon", "Tue"]
    assert "16.5" in answered(document, "How many hours in total?")


def test_a_balance_that_runs_through_many_rows_is_computed(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[row, f"=A{row}+B{row - 1}" if row > 2 else "=A2"] for row in range(2, 500)]
    document = read(a_book(["In", "Balance"], *rows), tmp_path)
    assert lines(document)[-1] == f"In: 499 | Balance: {sum(range(2, 500))}"


def test_sums_at_the_end_of_a_bill_are_no_rows_of_it(tmp_path: Path) -> None:
    book = a_book(
        ["Item", "Qty", "Price", "Amount"],
        ["Rope", 3, 12.5, "=B2*C2"],
        ["Buoy", 2, 40, "=B3*C3"],
        [None, None, "Subtotal", "=SUM(D2:D3)"],
        [None, None, "VAT 20%", "=D4*0.2"],
        [None, None, "Total", "=D4+D5"],
        formats={f"D{row}": '"€"#,##0.00' for row in range(2, 7)},
    )
    (table,) = tables(read(book, tmp_path))
    assert [row.cells[0] for row in table.rows] == ["Rope", "Buoy"]
    assert [row.cells[3] for row in table.totals] == ["€117.50", "€23.50", "€141.00"]
