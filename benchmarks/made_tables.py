"""Tables of known rows, made anew each time from fixed seeds, as the files that people have them in.

A table's rows are kept as values; how a cell is written is another matter, so that what is read back can be checked
against the values.
"""

import csv
import html
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

Value = str | int | Decimal | date | None
Values = dict[str, Value]


def english(value: Decimal | int, decimals: int = 2) -> str:
    return f"{value:,.{decimals}f}"


def german(value: Decimal | int, decimals: int = 2) -> str:
    return english(value, decimals).translate(str.maketrans(",.", ".,"))


def plain(value: Value) -> str:
    """As a program writes it."""
    return "" if value is None else str(value)


@dataclass
class MadeTable:
    """header: of a column, as it is printed. written: how its cells are."""

    name: str
    headers: dict[str, str]
    rows: list[Values]
    written: dict[str, Callable[[Value], str]] = field(default_factory=dict)
    title: str = ""
    total: dict[str, str] = field(default_factory=dict)
    """A last row that adds up, as it is written."""
    groups: str = ""
    """A column whose values stand above their rows, and not in them."""
    pages: list[int] = field(default_factory=list)
    """Of each row, in a file that has pages."""

    def lines(self) -> list[list[str]]:
        """Its cells row by row below its headings; of what stands above some rows, a line of one cell."""
        shown = [column for column in self.headers if column != self.groups]
        found: list[list[str]] = []
        above: Value = None
        for row in self.rows:
            if self.groups and row[self.groups] != above:
                above = row[self.groups]
                found.append([plain(above)])
            found.append([self.written.get(column, plain)(row[column]) for column in shown])
        if self.total:
            found.append([self.total.get(column, "") for column in shown])
        return found

    @property
    def heads(self) -> list[str]:
        return [header for column, header in self.headers.items() if column != self.groups]

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        _WRITERS[path.suffix](self, path)
        return path


def _csv(table: MadeTable, path: Path) -> None:
    out = io.StringIO()
    width = len(table.heads)
    csv.writer(out).writerows([table.heads, *(line + [""] * (width - len(line)) for line in table.lines())])
    path.write_text(out.getvalue(), encoding="utf-8")


def _xlsx(table: MadeTable, path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=not table.groups)
    sheet = book.create_sheet(table.title or "Sheet1") if not table.groups else book.active
    sheet.append(table.heads)
    shown = [column for column in table.headers if column != table.groups]
    above: Value = None
    for row in table.rows:
        if table.groups and row[table.groups] != above:
            above = row[table.groups]
            sheet.append([above])
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(shown))
        sheet.append([table.written[column](row[column]) if column in table.written else row[column] for column in shown])
    if table.total:
        sheet.append([table.total.get(column, "") for column in shown])
    book.save(path)


def _ods(table: MadeTable, path: Path) -> None:
    width = len(table.heads)

    def cell(text: str, wide: int = 1) -> str:
        spanned = f' table:number-columns-spanned="{wide}"' if wide > 1 else ""
        return f"<table:table-cell{spanned}><text:p>{html.escape(text)}</text:p></table:table-cell>" + (
            f'<table:covered-table-cell table:number-columns-repeated="{wide - 1}"/>' if wide > 1 else ""
        )

    def line(cells: Sequence[str]) -> str:
        told = cell(cells[0], width) if len(cells) == 1 < width else "".join(map(cell, cells))
        return f"<table:table-row>{told}</table:table-row>"

    rows = "".join(map(line, [table.heads, *table.lines()]))
    body = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="{html.escape(table.title or "Sheet1")}">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        file.writestr("content.xml", body)


def _html(table: MadeTable, path: Path) -> None:
    width = len(table.heads)

    def line(cells: Sequence[str], kind: str) -> str:
        if len(cells) == 1 < width:
            return f'<tr><th colspan="{width}">{html.escape(cells[0])}</th></tr>'
        return "<tr>" + "".join(f"<{kind}>{html.escape(cell)}</{kind}>" for cell in cells) + "</tr>"

    rows = "\n".join(line(cells, "td") for cells in table.lines())
    path.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><title>{html.escape(table.title)}</title><h1>{html.escape(table.title)}</h1>"
        f"<p>As of today.</p><table><thead>{line(table.heads, 'th')}</thead><tbody>{rows}</tbody></table>",
        encoding="utf-8",
    )


def _docx(table: MadeTable, path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading(table.title, 1)
    document.add_paragraph("This list is kept by the office.")
    lines, width = [table.heads, *table.lines()], len(table.heads)
    made = document.add_table(len(lines), width)
    cells = made._cells
    for number, line in enumerate(lines):
        if len(line) == 1 < width:
            cells[number * width].merge(cells[number * width + width - 1])
        for at, text in enumerate(line):
            cells[number * width + at].text = text
    document.save(str(path))


def _pdf(table: MadeTable, path: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_auto_page_break(False)
    shown = table.lines()
    width = 190 / len(table.heads)
    table.pages = []

    def head() -> None:
        pdf.add_page()
        pdf.set_font("Helvetica", "B", 14)
        if pdf.page_no() == 1:
            pdf.cell(190, 10, table.title, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Helvetica", "B", 9)
        for header in table.heads:
            pdf.cell(width, 6, header)
        pdf.ln(7)
        pdf.set_font("Helvetica", size=9)

    head()
    for line in shown:
        if pdf.get_y() > 275:
            head()
        if len(line) == 1 < len(table.heads):
            pdf.set_font("Helvetica", "B", 9)
        else:
            table.pages.append(pdf.page_no())
        for at, text in enumerate(line):
            last = line is shown[-1] and bool(table.total)
            is_number = bool(text) and (text[0].isdigit() or text[0] in "(-$") and not last
            pdf.cell(width - 12, 5, text, align="R" if is_number and at else "L")
            pdf.cell(12, 5, "")
        pdf.set_font("Helvetica", size=9)
        pdf.ln(5)
    pdf.output(str(path))


_WRITERS: dict[str, Callable[[MadeTable, Path], None]] = {
    ".csv": _csv, ".xlsx": _xlsx, ".ods": _ods, ".html": _html, ".docx": _docx, ".pdf": _pdf,
}  # fmt: skip


# The tables


def _money(random_: random.Random, least: int, most: int) -> Decimal:
    return Decimal(random_.randrange(least * 100, most * 100)) / 100


def _day(random_: random.Random, first: date, days: int) -> date:
    return first + timedelta(days=random_.randrange(days))


def _people(random_: random.Random, count: int) -> list[str]:
    first = "Ada Paul Mei Luis Yuki Olga Samir Lin Tom Ines Nora Emil Zoe Ravi Anna Karl Ida Hugo Rosa Igor".split()
    last = "Novak Stein Tan Rey Mori Brandt Haddad Wei Okafor Duarte Berg Costa Lund Weber Silva Moreau Kaya".split()
    middle = "A B C D E F G H J K L M N P R S T V W Z".split()
    names = [f"{a} {m}. {b}" for a in first for m in middle for b in last]
    more = [f"{a} {m}. {b}-{c}" for a in first for m in middle for b in last[:8] for c in last[8:]]
    random_.shuffle(names)
    random_.shuffle(more)
    return (names + more)[:count]


def tables() -> dict[str, MadeTable]:
    r = random.Random(11)
    orders = MadeTable(
        "orders.csv",
        {"order": "Order", "date": "Date", "customer": "Customer", "region": "Region", "quantity": "Quantity",
         "amount": "Amount", "status": "Status"},
        [
            {"order": f"O-{100_000 + n}", "date": _day(r, date(2023, 1, 1), 730), "customer": f"Customer {r.randrange(900)}",
             "region": r.choice(("North", "South", "East", "West")), "quantity": r.randrange(1, 40),
             "amount": _money(r, 5, 1000), "status": r.choice(("open", "shipped", "shipped", "cancelled"))}
            for n in range(50_000)
        ],
    )  # fmt: skip
    r = random.Random(12)
    names = _people(r, 20_000)
    staff = MadeTable(
        "employees.xlsx",
        {"name": "Name", "department": "Department", "city": "City", "salary": "Salary", "start": "Start date"},
        [
            {"name": name, "department": r.choice(("Engineering", "Sales", "Legal", "Support", "Finance")),
             "city": r.choice(("Berlin", "Porto", "Oslo", "New York")), "salary": r.randrange(28_000, 119_990),
             "start": _day(r, date(2010, 1, 1), 5400)}
            for name in names
        ],
        title="Staff",
    )  # fmt: skip
    r = random.Random(13)
    weather = MadeTable(
        "weather.ods",
        {"station": "Station", "date": "Date", "temperature": "Temperature", "rain": "Rain (mm)"},
        [
            {"station": station, "date": date(2018, 1, 1) + timedelta(days=day),
             "temperature": Decimal(r.randrange(-180, 340)) / 10, "rain": Decimal(r.randrange(0, 300)) / 10}
            for day in range(2_500) for station in ("Hilltop", "Harbour", "Airport", "Old Mill")
        ],
        title="Weather",
    )  # fmt: skip
    r = random.Random(14)
    invoices = MadeTable(
        "rechnungen.html",
        {"invoice": "Rechnung", "customer": "Kunde", "city": "Stadt", "amount": "Betrag", "due": "Fällig am", "status": "Status"},
        [
            {"invoice": f"R-{2000 + n}", "customer": f"Firma {r.randrange(400)}",
             "city": r.choice(("Hamburg", "Bremen", "Köln", "Leipzig")), "amount": _money(r, 20, 9000),
             "due": _day(r, date(2025, 1, 1), 365), "status": r.choice(("offen", "bezahlt", "bezahlt", "gemahnt"))}
            for n in range(3_000)
        ],
        {"amount": lambda v: f"{german(v)} €", "due": lambda v: f"{v:%d.%m.%Y}"},  # type: ignore[arg-type]
        title="Offene Posten",
    )  # fmt: skip
    r = random.Random(15)
    members = MadeTable(
        "members.docx",
        {"name": "Name", "town": "Town", "joined": "Joined", "fee": "Fee"},
        [
            {"name": name, "town": r.choice(("Graz", "Brno", "Oslo", "Cadiz", "Lund", "Bath", "Pisa", "Split")),
             "joined": r.randrange(1990, 2025), "fee": Decimal(r.randrange(10, 90)) + Decimal("0.50")}
            for name in _people(r, 400)
        ],
        title="Members of the club",
    )  # fmt: skip
    r = random.Random(16)
    things = "hammer saw drill wrench rake hose pump lamp cable brush bucket ladder glove nail bolt hinge lock valve".split()
    stock = MadeTable(
        "inventory.pdf",
        {"item": "Item", "category": "Category", "stock": "Stock", "price": "Price"},
        [
            {"item": f"{r.choice(things).title()} {100 + n}", "category": r.choice(("Tools", "Garden", "Electric", "Paint")),
             "stock": r.randrange(0, 500), "price": _money(r, 1, 400)}
            for n in range(1_200)
        ],
        title="Inventory of the shop",
    )  # fmt: skip
    r = random.Random(17)
    goods = MadeTable(
        "商品.xlsx",
        {"item": "商品", "kind": "类别", "city": "城市", "quantity": "数量", "sales": "销售额", "date": "日期"},
        [
            {"item": f"货{1000 + n}", "kind": r.choice(("食品", "家电", "服装")), "city": r.choice(("上海", "北京", "成都", "广州")),
             "quantity": r.randrange(1, 100), "sales": r.randrange(100, 90_000), "date": _day(r, date(2025, 1, 1), 365)}
            for n in range(5_000)
        ],
        title="销售",
    )  # fmt: skip
    r = random.Random(18)
    clients = MadeTable(
        "clients.csv",
        {"name": "Nom", "city": "Ville", "age": "Âge", "spent": "Montant"},
        [
            {"name": name, "city": city, "age": age, "spent": Decimal(spent)}
            for name, city, age, spent in (
                ("Zoé Martin", "Lyon", 34, "120.50"), ("Paul Petit", "Nice", 51, "80.00"), ("Inès Roux", "Lyon", 28, "310.10"),
                ("Hugo Blanc", "Lille", 45, "95.25"), ("Léa Faure", "Lyon", 62, "47.90"), ("Jean Noir", "Nice", 39, "210.00"),
                ("Marc Leroy", "Lille", 23, "15.75"), ("Anne Colin", "Brest", 57, "66.60"), ("Luc Morel", "Lyon", 41, "132.40"),
                ("Eva Lopez", "Nice", 30, "88.00"),
            )
        ],
    )  # fmt: skip
    found = (orders, staff, weather, invoices, members, stock, goods, clients)
    return {table.name: table for table in found}
