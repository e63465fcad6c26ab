"""Files made for `readers.py`, each with what it says: facts, rows whose cells belong together, the order of its parts.

Whatever is asked for can be had as plain text by any reader: nothing depends on how a reader writes tables or headings.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from typing import Any

from fpdf import FPDF


@dataclass(frozen=True)
class Case:
    """A file and what it says.

    facts: each has to stand in the text; where it is a tuple, one of them. rows: each holds words that have to stand in
    one line. order: has to stand in this order.
    """

    file: str
    facts: tuple[str | tuple[str, ...], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    order: tuple[str, ...] = ()


Maker = Callable[[Path], Case]
_MAKERS: list[tuple[str, Maker]] = []


def made(folder: Path) -> Iterator[Case]:
    """Writes the files, one after the other."""
    for name, make in _MAKERS:
        yield make(folder / name)


def _file(name: str) -> Callable[[Maker], Maker]:
    def keep(make: Maker) -> Maker:
        _MAKERS.append((name, make))
        return make

    return keep


SHIPS = (
    ("Ship", "Built", "Berth", "Crew"),
    ("Aurelia", "1987", "North 4", "23"),
    ("Borealis", "2003", "East 11", "41"),
    ("Cormorant", "1994", "South 2", "17"),
    ("Dunlin", "2016", "West 9", "38"),
)
SHIP_ROWS = tuple((row[0], *row[1:]) for row in SHIPS[1:])


# Word


@_file("chapters.docx")
def _chapters(path: Path) -> Case:
    import docx

    document = docx.Document()
    document.add_heading("Harbour handbook", 0)
    for number, title in enumerate(("Arrival", "Berthing", "Departure"), 1):
        document.add_heading(title, 1)
        document.add_paragraph(f"Chapter {number} was written by Inger Dahl.")
        for step in range(1, 4):
            document.add_paragraph(f"{title} step {step} takes {number * 10 + step} minutes.", style="List Number")
    document.sections[0].header.paragraphs[0].text = "Valid from 14 May 2026"
    document.sections[0].footer.paragraphs[0].text = "Harbour board, file HB-772"
    document.save(str(path))
    order = ("Harbour handbook", "Arrival", "step 2 takes 12 minutes", "Berthing", "takes 23 minutes", "Departure")
    return Case(path.name, ("Valid from 14 May 2026", "HB-772", "takes 33 minutes"), order=order)


@_file("tables.docx")
def _tables(path: Path) -> Case:
    import docx

    document = docx.Document()
    document.add_paragraph("Ships in the harbour:")
    table = document.add_table(len(SHIPS), len(SHIPS[0]))
    for at, row in enumerate(SHIPS):
        for column, said in enumerate(row):
            table.cell(at, column).text = said
    document.add_paragraph("Fees by length:")
    fees = document.add_table(4, 3)
    fees.cell(0, 1).merge(fees.cell(0, 2)).text = "Fee in euros"
    for at, row in enumerate(
        (("Length", "Summer", "Winter"), ("under 10 m", "31", "19"), ("over 10 m", "58", "36")), 1
    ):
        for column, said in enumerate(row):
            fees.cell(at, column).text = said
    inner = fees.cell(3, 2).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "with power", "47"
    document.add_paragraph("Fees are due on the first day.")
    document.save(str(path))
    facts = ("Fee in euros", "with power", "47", "due on the first day")
    rows = (*SHIP_ROWS, ("under 10 m", "31", "19"), ("over 10 m", "58", "36"))
    return Case(
        path.name, facts, rows, ("Ships in the harbour", "Dunlin", "Fees by length", "under 10 m", "Fees are due")
    )


@_file("comments.docx")
def _comments(path: Path) -> Case:
    import docx

    document = docx.Document()
    paragraph = document.add_paragraph()
    run = paragraph.add_run("The dredger comes in week 38.")
    document.add_comment(run, "Moved to week 41, says Kaisa.", author="Olli", initials="O")
    document.add_paragraph("It stays for nine days.")
    document.save(str(path))
    return Case(path.name, ("comes in week 38", "Moved to week 41", "stays for nine days"))


@_file("controls.docx")
def _controls(path: Path) -> Case:
    """Content controls, a link, a field, and text that is hidden by nothing but its nesting."""
    import docx
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = docx.Document()
    document.add_paragraph("Application for a berth")

    def inside(tag: str, text: str) -> str:
        return f'<w:sdt {space}><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{text}</w:sdtContent></w:sdt>'

    words = "<w:p><w:r><w:t>Applicant: Matthias Brandl</w:t></w:r></w:p>"
    document.element.body.insert(1, parse_xml(inside("name", inside("inner", words).replace(f" {space}", ""))))
    paragraph = document.add_paragraph("Boat: ")
    paragraph._p.append(parse_xml(inside("boat", "<w:r><w:t>Seeadler, 11.4 m</w:t></w:r>")))
    box = f'<w:smartTag {space} w:element="place"><w:r><w:t>, from Rostock</w:t></w:r></w:smartTag>'
    paragraph._p.append(parse_xml(box))
    document.save(str(path))
    return Case(
        path.name, ("Matthias Brandl", "Seeadler, 11.4 m", "from Rostock"), order=("Application", "Brandl", "Seeadler")
    )


@_file("lists.docx")
def _lists(path: Path) -> Case:
    import docx

    document = docx.Document()
    for style, words in (
        ("List Bullet", "Bring the lines aboard"),
        ("List Bullet 2", "first the spring line of 18 metres"),
        ("List Bullet", "Close the sea cocks"),
    ):
        document.add_paragraph(words, style=style)
    document.add_paragraph("Quoted: the keeper has the key.", style="Intense Quote")
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Valve", "Valve"
    table.cell(1, 0).text, table.cell(1, 1).text = "open", "open"
    document.save(str(path))
    order = ("Bring the lines", "spring line of 18 metres", "sea cocks", "keeper has the key", "Valve")
    return Case(path.name, (), (("Valve", "Valve"), ("open", "open")), order)


# PowerPoint


def _slide(shown: Any) -> Any:
    return shown.slides.add_slide(shown.slide_layouts[6])


def _box(shapes: Any, words: str, left: float, top: float, width: float = 3) -> Any:
    from pptx.util import Inches

    box = shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(0.6))
    box.text_frame.text = words
    return box


@_file("two_sides.pptx")
def _two_sides(path: Path) -> Case:
    """Two columns of boxes, stored in another order than they are seen, and what the speaker says."""
    import pptx

    shown = pptx.Presentation()
    slide = _slide(shown)
    _box(slide.shapes, "Below left: oil is changed in March", 0.5, 4)
    _box(slide.shapes, "Title: care of engines", 0.5, 0.4, 8)
    _box(slide.shapes, "Above left: 1,450 hours in all", 0.5, 2)
    slide.notes_slide.notes_text_frame.text = "Remember to thank Yuki Mori."
    group = _slide(shown).shapes.add_group_shape()
    _box(group.shapes, "In the group: pier 7", 1, 1)
    _box(group.shapes, "Under it: pier 8", 1, 2)
    shown.save(str(path))
    order = ("care of engines", "1,450 hours", "changed in March", "pier 7", "pier 8")
    return Case(path.name, ("thank Yuki Mori",), order=order)


@_file("table_and_chart.pptx")
def _table_and_chart(path: Path) -> Case:
    import pptx
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    shown = pptx.Presentation()
    slide = _slide(shown)
    at = Inches(1), Inches(1), Inches(7), Inches(3)
    table = slide.shapes.add_table(len(SHIPS), len(SHIPS[0]), *at).table
    for number, row in enumerate(SHIPS):
        for column, said in enumerate(row):
            table.cell(number, column).text = said
    data = CategoryChartData()
    data.categories = ["Vaasa", "Pori", "Kotka"]
    data.add_series("2024", (512, 617, 733))
    data.add_series("2025", (541, 659, 702))
    chart = _slide(shown).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *at, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Guests by town"
    shown.save(str(path))
    return Case(
        path.name, ("Guests by town", "541", "659", "702", "733"), SHIP_ROWS, ("Aurelia", "Dunlin", "Guests by town")
    )


@_file("bullets.pptx")
def _bullets(path: Path) -> Case:
    import pptx

    shown = pptx.Presentation()
    slide = shown.slides.add_slide(shown.slide_layouts[1])
    slide.shapes.title.text = "Winter storage"
    frame = slide.placeholders[1].text_frame
    frame.text = "Masts lie in hall C"
    for level, words in ((1, "no longer than 22 metres"), (0, "Engines are drained by 5 November")):
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = words, level
    picture = path.with_suffix(".png")
    _picture(picture)
    from pptx.util import Inches

    shape = slide.shapes.add_picture(str(picture), Inches(7), Inches(5), Inches(1), Inches(1))
    shape._element.nvPicPr.cNvPr.set("descr", "Map of hall C with the eastern door")
    shown.save(str(path))
    order = ("Winter storage", "Masts lie in hall C", "22 metres", "5 November")
    return Case(path.name, ("Map of hall C with the eastern door",), order=order)


def _picture(path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (200, 200), "navy").save(path)


# Excel


@_file("formats.xlsx")
def _formats(path: Path) -> Case:
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Orders"
    sheet.append(["Article", "Number", "Price", "Share", "Sent", "Took"])
    for article, number, price, share, day, took in (
        ("Rope", 417, 1234.5, 0.125, datetime.date(2026, 3, 9), datetime.timedelta(hours=49, minutes=20)),
        ("Chain", 86, 88.0, 0.5, datetime.date(2025, 11, 23), datetime.timedelta(hours=7, minutes=5)),
    ):
        sheet.append([article, number, price, share, day, took])
        row = sheet.max_row
        for column, form in ((2, "00000"), (3, '"€"#,##0.00'), (4, "0.0%"), (5, "yyyy-mm-dd"), (6, "[h]:mm")):
            sheet.cell(row, column).number_format = form
    book.save(path)
    facts = ("00417", "€1,234.50", "12.5%", "2026-03-09", "49:20", "00086", "50.0%")
    return Case(path.name, facts, (("Rope", "2026-03-09"), ("Chain", "2025-11-23")), ("Rope", "Chain"))


@_file("sheets.xlsx")
def _sheets(path: Path) -> Case:
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Ships"
    for row in SHIPS:
        sheet.append(row)
    sheet["D3"].comment = Comment("Two of them are pilots.", "Reeta")
    other = book.create_sheet("Tides")
    other["A1"] = "Tides at the outer gate"
    for at, row in enumerate((("Day", "High", "Low"), ("Monday", "4.31", "0.72"), ("Tuesday", "4.28", "0.69")), 3):
        for column, said in enumerate(row, 2):
            other.cell(at, column, said)
    other["F20"] = "measured by buoy 66"
    book.save(path)
    rows = (*SHIP_ROWS, ("Monday", "4.31", "0.72"), ("Tuesday", "4.28", "0.69"))
    facts = ("Two of them are pilots", "Tides at the outer gate", "buoy 66")
    return Case(path.name, facts, rows, ("Aurelia", "Dunlin", "Tides at the outer gate", "Tuesday", "buoy 66"))


@_file("merged.xlsx")
def _merged(path: Path) -> Case:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    rows = (
        ("Region", "Port", "Tons"),
        ("North", "Oulu", 5120),
        (None, "Kemi", 2310),
        (None, "Raahe", 4470),
        ("South", "Hanko", 6650),
        (None, "Inkoo", 1980),
    )
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("A5:A6")
    book.save(path)
    wanted = (
        ("North", "Oulu", "5120"),
        ("North", "Kemi", "2310"),
        ("North", "Raahe", "4470"),
        ("South", "Inkoo", "1980"),
    )
    return Case(path.name, (), wanted, ("Oulu", "Raahe", "Inkoo"))


@_file("computed.xlsx")
def _computed(path: Path) -> Case:
    """Formulas with the values that a program has stored."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Bill")
        for row, (what, count, each) in enumerate((("Sails", 3, 420), ("Oars", 8, 35)), 1):
            sheet.write_row(row, 0, (what, count, each))
            sheet.write_formula(row, 3, f"=B{row + 1}*C{row + 1}", None, count * each)
        sheet.write_row(0, 0, ("What", "Count", "Each", "Sum"))
        sheet.write(3, 0, "Total")
        sheet.write_formula(3, 3, "=SUM(D2:D3)", None, 1540)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"name": "Sums", "values": "=Bill!$D$2:$D$3", "categories": "=Bill!$A$2:$A$3"})
        chart.set_title({"name": "What the boats cost"})
        sheet.insert_chart("G2", chart)
        sheet.insert_textbox("G20", "Approved by Noor Haddad")
    facts = ("What the boats cost", "Approved by Noor Haddad")
    return Case(path.name, facts, (("Sails", "1260"), ("Oars", "280"), ("Total", "1540")), ("Sails", "Oars", "Total"))


@_file("wide.xlsx")
def _wide(path: Path) -> Case:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Station", *(f"Hour {hour}" for hour in range(24))])
    for station in range(200):
        sheet.append([f"S-{station:03}", *(round(station * 1.5 + hour / 4, 2) for hour in range(24))])
    book.save(path)
    return Case(
        path.name, (), (("S-117", "175.5", "181.25"), ("S-199", "298.5", "304.25")), ("S-000", "S-100", "S-199")
    )


# PDF

COLUMNS = (
    """The Alder pump draws water from the
lower basin. It is serviced every
fourteen weeks by Chidi Oduya, who
also keeps the spare seals. Its
filter is rinsed each Monday.""".split("\n"),
    """The Birch pump lifts water up to the
tower. It is serviced every nine
weeks by Signe Lindqvist, and she
orders the oil as well. Its filter
is changed each quarter.""".split("\n"),
    """The Cedar pump stands still and is
only kept for the great floods. It
was last seen by Tomas Okafor, the
keeper of the northern gate, whose
daughter has the key of the house.""".split("\n"),
)


def _pdf(path: Path, *pages: Callable[[FPDF], None]) -> None:
    pdf = FPDF(unit="pt", format=(600, 800))
    pdf.set_auto_page_break(False)
    for draw in pages:
        pdf.add_page()
        pdf.set_font("Helvetica", size=10)
        draw(pdf)
    pdf.output(str(path))


def _across(pdf: FPDF, y: float, columns: Sequence[Sequence[str]], x: float = 50, step: float = 178) -> None:
    """Line by line over all columns, as many programs write it."""
    for number in range(max(map(len, columns))):
        for index, lines in enumerate(columns):
            if number < len(lines):
                pdf.text(x + step * index, y + 13 * number, lines[number])


def _cells(
    pdf: FPDF, y: float, rows: Sequence[Sequence[str]], x: float = 60, step: float = 110, ruled: bool = False
) -> float:
    for row in rows:
        for index, cell in enumerate(row):
            if ruled:
                pdf.rect(x + step * index - 4, y - 12, step, 16)
            pdf.text(x + step * index, y, cell)
        y += 16
    return y


@_file("columns.pdf")
def _columns(path: Path) -> Case:
    def draw(pdf: FPDF) -> None:
        pdf.set_font("Helvetica", "B", 16)
        pdf.text(50, 60, "Care of all the pumps that the board has bought")
        pdf.set_font("Helvetica", size=10)
        _across(pdf, 90, COLUMNS)

    _pdf(path, draw)
    facts = tuple(f"{first} {after}" for lines in COLUMNS for first, after in pairwise(lines))
    return Case(
        path.name, facts, order=("Care of all", "Alder", "each Monday", "Birch", "each quarter", "Cedar", "key of")
    )


@_file("ruled.pdf")
def _ruled(path: Path) -> Case:
    def draw(pdf: FPDF) -> None:
        pdf.text(60, 60, "Ships in the harbour on 4 June:")
        y = _cells(pdf, 90, SHIPS, ruled=True)
        pdf.text(60, y + 20, "The list is made anew each week.")

    _pdf(path, draw)
    return Case(path.name, (), SHIP_ROWS, ("Ships in the harbour", "Aurelia", "Dunlin", "made anew"))


@_file("unruled.pdf")
def _unruled(path: Path) -> Case:
    def draw(pdf: FPDF) -> None:
        pdf.text(60, 60, "Ships in the harbour on 4 June:")
        _cells(pdf, 90, SHIPS)

    _pdf(path, draw)
    return Case(path.name, (), SHIP_ROWS, ("Ships in the harbour", "Aurelia", "Cormorant", "Dunlin"))


@_file("wrapped_cells.pdf")
def _wrapped_cells(path: Path) -> Case:
    """Cells of two lines, drawn row by row and within a row column by column."""

    def draw(pdf: FPDF) -> None:
        y = 80.0
        rows = (
            (("Part",), ("Where it", "is kept"), ("Price",)),
            (("Bilge pump",), ("third shelf", "of shed B"), ("217.40",)),
            (("Fender, large",), ("behind the", "green door"), ("39.95",)),
            (("Anchor chain",), ("in the yard",), ("1,105.00",)),
        )
        for row in rows:
            height = 14 * max(map(len, row)) + 4
            for index, lines in enumerate(row):
                pdf.rect(56 + 140 * index, y - 12, 140, height)
                for number, line in enumerate(lines):
                    pdf.text(60 + 140 * index, y + 13 * number, line)
            y += height

    _pdf(path, draw)
    rows = (("Bilge pump", "third shelf of shed B", "217.40"), ("Fender, large", "behind the green door", "39.95"))
    return Case(path.name, (), (*rows, ("Anchor chain", "in the yard", "1,105.00")), ("Bilge", "Fender", "Anchor"))


@_file("pages.pdf")
def _pages(path: Path) -> Case:
    """Running heads and page numbers between a sentence and its end on the next page."""

    def page(number: int) -> Callable[[FPDF], None]:
        def draw(pdf: FPDF) -> None:
            pdf.set_font("Helvetica", size=8)
            pdf.text(60, 30, "Annual report of the harbour board")
            pdf.text(300, 780, str(number))
            pdf.set_font("Helvetica", "B", 14)
            pdf.text(60, 70, f"Part {number}")
            pdf.set_font("Helvetica", size=10)
            for line in range(40):
                pdf.text(60, 95 + 15 * line, f"On page {number} line {line} tells of mooring {number * 100 + line}.")

        return draw

    _pdf(path, *(page(number) for number in range(1, 9)))
    facts = tuple(
        f"page {number} line {line} tells of mooring {number * 100 + line}" for number, line in ((1, 0), (8, 39))
    )
    return Case(path.name, facts, order=("Part 1", "mooring 139", "Part 2", "mooring 239", "Part 8", "mooring 839"))


@_file("form.pdf")
def _form(path: Path) -> Case:
    """What is filled in, and a comment."""
    _pdf(path, lambda pdf: pdf.text(60, 100, "Name of the owner:"))
    _with_fields(path)
    return Case(path.name, ("Name of the owner", "Svetlana Orlova", "call before noon"))


def _with_fields(path: Path) -> None:
    """Adds a field that is filled in and a comment: an update behind the file's end (ISO 32000-1, 7.5.6)."""
    data = path.read_bytes()
    pages = re.search(rb"(\d+) 0 obj\s*<<[^>]*?/Type /Page\b.*?endobj", data, re.DOTALL)
    root = re.search(rb"(\d+) 0 obj\s*<<[^>]*?/Type /Catalog.*?endobj", data, re.DOTALL)
    size = re.search(rb"/Size (\d+)", data)
    before = re.search(rb"startxref\s+(\d+)", data)
    assert pages is not None
    assert root is not None
    assert size is not None
    assert before is not None
    free = int(size[1])
    new = {
        int(pages[1]): _added(pages[0], b"/Annots [%d 0 R %d 0 R]" % (free, free + 1)),
        int(root[1]): _added(root[0], b"/AcroForm << /Fields [%d 0 R] /NeedAppearances true >>" % free),
        free: b"%d 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Tx /T (owner) /V (Svetlana Orlova) /F 4"
        b" /Rect [160 690 320 710] /DA (/Helv 10 Tf 0 g) /P %s 0 R >>\nendobj" % (free, pages[1]),
        free + 1: b"%d 0 obj\n<< /Type /Annot /Subtype /Text /Contents (Please call before noon.) /T (Ana) /F 4"
        b" /Rect [330 690 350 710] /P %s 0 R >>\nendobj" % (free + 1, pages[1]),
    }
    table, out = b"", data + b"\n"
    for number, written in new.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += written + b"\n"
    table = b"xref\n" + table + b"trailer\n<< /Size %d /Root %s 0 R /Prev %s >>\n" % (free + 2, root[1], before[1])
    path.write_bytes(out + table + b"startxref\n%d\n%%%%EOF\n" % len(out))


def _added(written: bytes, entry: bytes) -> bytes:
    end = written.rindex(b">>")
    return written[:end] + entry + b"\n" + written[end:]


@_file("notes.pdf")
def _notes(path: Path) -> Case:
    def draw(pdf: FPDF) -> None:
        pdf.text(60, 80, "The lock was closed in 1962 and opened again by the town in the dry sum-")
        pdf.text(60, 93, "mer of 1976. Its keeper, who is well-")
        pdf.text(60, 106, "known for his roses, lives at number 31.")
        pdf.set_font("Helvetica", size=7)
        pdf.text(60, 740, "1 The papers lie in box 88 of the archive.")

    _pdf(path, draw)
    facts = (("dry summer of 1976",), ("well-known for his roses",), "box 88 of the archive")
    return Case(path.name, facts, order=("closed in 1962", "lives at number 31", "box 88"))


@_file("sideways.pdf")
def _sideways(path: Path) -> Case:
    def draw(pdf: FPDF) -> None:
        with pdf.rotation(90, 300, 400):
            for line, words in enumerate(
                ("The sluice opens at a level of", "2.35 metres above the sill, and", "closes by itself an hour later.")
            ):
                pdf.text(200, 300 + 14 * line, words)

    _pdf(path, draw)
    return Case(
        path.name, ("level of 2.35 metres above the sill", "closes by itself"), order=("sluice", "2.35", "closes")
    )


@_file("chinese.pdf")
def _chinese(path: Path) -> Case:
    font = _chinese_font()

    def draw(pdf: FPDF) -> None:
        pdf.add_font("cjk", fname=str(font))
        pdf.set_font("cjk", size=12)
        for line, words in enumerate(("北门的水泵每九周检修一次，由林巧负责。", "备用钥匙放在东楼三层的红色柜子里。")):
            pdf.text(60, 80 + 20 * line, words)

    if font is None:
        return Case("")
    _pdf(path, draw)
    return Case(path.name, ("每九周检修一次", "东楼三层的红色柜子"), order=("水泵", "备用钥匙"))


def _chinese_font() -> Path | None:
    found = sorted(Path("/usr/share/fonts").rglob("NotoSansCJK-Regular.ttc"))
    return found[0] if found else None


# Pages of the web, Markdown, tables as text


@_file("tables.html")
def _html_tables(path: Path) -> Case:
    path.write_text(
        """<!doctype html><html><head><title>Ferries</title><style>p{color:red}</style><script>var x=1</script></head>
<body><nav><a href="/">Home</a></nav><h1>Ferries of 2026</h1>
<table><caption>Fares in euros</caption>
<tr><th rowspan="2">Route</th><th colspan="2">Grown-ups</th></tr><tr><th>single</th><th>return</th></tr>
<tr><td rowspan="2">Island</td><td>8.20</td><td>14.60</td></tr><tr><td>9.90</td><td>17.30</td></tr>
<tr><td>Lighthouse</td><td>21.00</td><td>35.50</td></tr></table>
<h2>Rules</h2><ol start="4"><li>Dogs ride free<ul><li>on a lead</li></ul></li><li>Bicycles cost 6 euros</li></ol>
<dl><dt>Lee side</dt><dd>away from the wind</dd><dt>Windward</dt><dd>against it</dd></dl>
<p>Call <a href="tel:+35840">040&nbsp;771&#8239;22</a> on&shy;board.</p></body></html>""",
        encoding="utf-8",
    )
    rows = (("Island", "8.20", "14.60"), ("Island", "9.90", "17.30"), ("Lighthouse", "21.00", "35.50"))
    facts = ("Fares in euros", "Bicycles cost 6 euros", "away from the wind", "040 771 22", "onboard")
    return Case(
        path.name, facts, rows, ("Ferries of 2026", "Lighthouse", "Rules", "Dogs", "on a lead", "Bicycles", "Lee side")
    )


@_file("article.html")
def _html_article(path: Path) -> Case:
    path.write_text(
        """<html><body><header><h1>The <em>long</em> storm</h1></header><article><p>It began at 03:15<br>and ended at noon.</p>
<pre><code>gate --close 7
gate --lock 7</code></pre><blockquote><p>We lost the roof of hall 5.</p></blockquote>
<figure><img src="x.png" alt="The broken crane on quay 12"><figcaption>Photo: Lena Voss</figcaption></figure>
<details><summary>Costs</summary><p>In all 48,300 euros.</p></details>
<table><tr><td>Hall</td><td>Damage</td></tr><tr><td>5</td><td>roof <ul><li>north</li><li>west</li></ul></td></tr></table>
</article></body></html>"""
    )
    facts = ("The long storm", "gate --close 7", "roof of hall 5", "The broken crane on quay 12", "Lena Voss", "48,300")
    return Case(
        path.name, facts, order=("storm", "03:15", "gate --lock 7", "hall 5", "Photo", "Costs", "north", "west")
    )


@_file("latin.html")
def _html_latin(path: Path) -> Case:
    words = "<html><head><meta charset='windows-1252'></head><body><p>Größe: 42 €, naïve Gäste, „Tür“</p></body></html>"
    path.write_bytes(words.encode("cp1252"))
    return Case(path.name, ("Größe: 42 €", "naïve Gäste", "Tür"))


@_file("guide.md")
def _markdown(path: Path) -> Case:
    path.write_text(
        """---
owner: Ines Faria
version: 3.8
---
# Guide

Run `pump --prime` first.[^1]

| Key | What it does |
|---|---|
| `a \\| b` | either of both |
| F7 | stops the *pump* |

1. Open valve 3
   - slowly
2. Wait 90 seconds

```sh
# not a heading
pump --stop
```

> Kept by the night watch.

[^1]: Only in winter, below -4 °C.
""",
        encoding="utf-8",
    )
    facts = ("Ines Faria", "pump --prime", "pump --stop", "below -4 °C", "not a heading")
    rows = (("a", "b", "either of both"), ("F7", "stops the pump"))
    return Case(
        path.name, facts, rows, ("Guide", "pump --prime", "F7", "valve 3", "90 seconds", "pump --stop", "night watch")
    )


@_file("readme.md")
def _markdown_html(path: Path) -> Case:
    path.write_text(
        "Title\n=====\n\nSee <b>hall 9</b> &amp; [the map](http://localhost/map).\n\n"
        "- [x] paid on 3 July\n- [ ] sent\n\n<table><tr><td>Moor</td><td>ing 14</td></tr></table>\n\nLast line of all.\n"
    )
    return Case(
        path.name,
        ("hall 9 & the map", "paid on 3 July", "ing 14"),
        order=("Title", "hall 9", "paid", "sent", "Last line"),
    )


@_file("semicolons.csv")
def _csv_semicolons(path: Path) -> Case:
    words = 'Straße;Größe;Preis\nMühlweg;12,5;1.204,30\n"Am Tor; hinten";8,0;"980,00 €"\n'
    path.write_bytes(words.encode("cp1252"))
    return Case(
        path.name, ("Straße", "Größe"), (("Mühlweg", "12,5", "1.204,30"), ("Am Tor; hinten", "8,0", "980,00 €"))
    )


@_file("lines.csv")
def _csv_lines(path: Path) -> Case:
    """Line breaks, quotes and commas within cells; a byte order mark; UTF-16 elsewhere."""
    path.write_text(
        '\ufeffname,note,code\n"Ruiz, Ana","said ""no""\nand left",0042\nOkoro,stays,0107\n', encoding="utf-8"
    )
    return Case(path.name, ("Ruiz, Ana", 'said "no"', "0042"), (("Okoro", "stays", "0107"),), ("Ruiz", "Okoro"))


@_file("wide_letters.csv")
def _csv_utf16(path: Path) -> Case:
    path.write_bytes("Ort\tMenge\nŁódź\t512\nKraków\t338\n".encode("utf-16"))
    return Case(path.name, (), (("Łódź", "512"), ("Kraków", "338")), ("Łódź", "Kraków"))


@_file("many.csv")
def _csv_many(path: Path) -> Case:
    lines = ["id,city,amount", *(f"R-{row:05},City {row % 97},{row * 3 % 1000}" for row in range(5000))]
    path.write_text("\n".join(lines))
    rows = tuple((f"R-{row:05}", f"City {row % 97}", str(row * 3 % 1000)) for row in (0, 2718, 4999))
    return Case(path.name, (), rows, ("R-00000", "R-02500", "R-04999"))


# Messages, books, and what else is handed over


@_file("page.eml")
def _mail(path: Path) -> Case:
    message = EmailMessage()
    message["From"], message["To"] = "Zoë Hänninen <zoe@example.org>", "office@example.org"
    message["Subject"], message["Date"] = "Kräne – neue Zeiten", "Tue, 12 May 2026 09:30:00 +0300"
    message.set_content("Siehe HTML.")
    message.add_alternative(
        "<p>Der Kran <b>K-4</b> ruht ab 18:45 Uhr, sagt Jörg.</p><ul><li>Dienstag</li></ul>", "html"
    )
    message.add_attachment("gate,code\nNorth,8841\n", subtype="csv", filename="codes.csv")
    path.write_bytes(message.as_bytes())
    return Case(path.name, ("Zoë Hänninen", "Kräne – neue Zeiten", "ruht ab 18:45 Uhr", "Jörg"), (("North", "8841"),))


@_file("within.eml")
def _mail_within(path: Path) -> Case:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Paolo Neri <paolo@example.org>", "The lost buoy"
    inner.set_content("It was found near mark 61.")
    message = EmailMessage()
    message["From"], message["Subject"] = "office@example.org", "Fwd: The lost buoy"
    message.set_content("See below.")
    message.add_attachment(inner)
    path.write_bytes(message.as_bytes())
    return Case(path.name, ("See below", "Paolo Neri", "near mark 61"), order=("See below", "The lost buoy", "mark 61"))


@_file("spine.epub")
def _book(path: Path) -> Case:
    """The spine, not the names of its files, gives the order."""
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="o/b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        names = ("c", "a", "b")
        items = "".join(f'<item id="{one}" href="{one}.xhtml" media-type="application/xhtml+xml"/>' for one in names)
        spine = "".join(f'<itemref idref="{one}"/>' for one in names)
        book.writestr(
            "o/b.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The keeper</dc:title><dc:creator>Elin Strand'
            f"</dc:creator><dc:identifier id='i'>x</dc:identifier></metadata><manifest>{items}</manifest>"
            f"<spine>{spine}</spine></package>",
        )
        texts = ("He came in 1871 by boat.", "The lamp burned 7 litres a night.", "In 1904 he left the rock.")
        for name, words in zip(names, texts, strict=True):
            book.writestr(
                f"o/{name}.xhtml",
                f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Part</h1><p>{words}</p></body></html>',
            )
    return Case(path.name, ("7 litres a night",), order=("in 1871", "7 litres", "In 1904"))


@_file("deep.json")
def _json(path: Path) -> Case:
    path.write_text(
        '{"pumps": [{"name": "Alder", "parts": [{"id": "P-9", "price": 17.25}]}, {"name": "Birch", "parts": []}]}'
    )
    return Case(path.name, ("Alder", "P-9", "17.25", "Birch"), order=("Alder", "Birch"))


@_file("letter.rtf")
def _rtf(path: Path) -> Case:
    path.write_text(
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator X;}\f0 Dear M\'fcller,\par the crane \b K-9\b0  is"
        r" ready on 6 October.\par\trowd\cellx2000\cellx4000 Rent\cell 845 \u8364?\cell\row\pard Yours, Ida\par}"
    )
    return Case(
        path.name, ("Dear Müller", "K-9 is ready on 6 October"), (("Rent", "845 €"),), ("Dear", "Rent", "Yours")
    )


@_file("text.odt")
def _odt(path: Path) -> Case:
    return _open_document(
        path,
        "text",
        "<text:h text:outline-level='1'>Night watch</text:h><text:p>The key hangs<text:s/>in room 27.</text:p><table:table>"
        "<table:table-row><table:table-cell><text:p>Shift</text:p></table:table-cell><table:table-cell><text:p>Who</text:p>"
        "</table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>02:00</text:p></table:table-cell>"
        "<table:table-cell><text:p>Amara Diallo</text:p></table:table-cell></table:table-row></table:table>"
        "<text:list><text:list-item><text:p>Lock gate 6</text:p></text:list-item></text:list>",
        Case(
            path.name,
            ("room 27", "Lock gate 6"),
            (("02:00", "Amara Diallo"),),
            ("Night watch", "room 27", "Amara", "gate 6"),
        ),
    )


@_file("sheet.ods")
def _ods(path: Path) -> Case:
    def cell(words: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>"

    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    share = 'office:value-type="percentage" office:value="0.075"'
    body = (
        row(cell("Shop"), cell("Rate")) + row(cell("Lisbon"), cell("7.5 %", share)) + row(cell("Porto"), cell("6.1 %"))
    )
    body = f"<table:table table:name='Rates'>{body}</table:table>"
    rows = (("Lisbon", "7.5 %"), ("Porto", "6.1 %"))
    return _open_document(path, "spreadsheet", body, Case(path.name, (), rows, ("Lisbon", "Porto")))


def _open_document(path: Path, kind: str, body: str, case: Case) -> Case:
    names = ("office", "text", "table", "draw", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces} office:version="1.3"><office:body><office:{kind}>{body}</office:{kind}>'
            "</office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.{kind}"/>'
            "</manifest:manifest>",
        )
    return case


@_file("words.srt")
def _subtitles(path: Path) -> Case:
    path.write_text(
        "1\n00:00:01,000 --> 00:00:03,000\nThe hut is <i>closed</i>\n\n2\n00:01:05,500 --> 00:01:08,000\nuntil 20 June.\n"
    )
    return Case(path.name, ("hut is closed", "until 20 June"), order=("closed", "20 June"))


@_file("folder.zip")
def _folder(path: Path) -> Case:
    with zipfile.ZipFile(path, "w") as folder:
        folder.writestr("2025/bill.txt", "Total to pay: 318.20")
        folder.writestr("2026/bill.csv", "what,sum\nropes,77.10\n")
    return Case(path.name, ("318.20", "2025/bill.txt"), (("ropes", "77.10"),))


def of_reports() -> tuple[Case, ...]:
    """What those files say that were made after reports of bugs."""
    lines = (("Harbour", "731", "388", "802", "412"), ("North", "Quay", "541", "266", "538", "271"))
    ways = "Sign the papers", "Collect the key", "Photograph for the badge", "Meet the crew"
    alpha = "serviced every fourteen weeks by Chidi Oduya", "blue lamp is lit until somebody resets it"
    beta = "serviced every nine weeks by Signe Lindqvist", "until the valve is closed by hand"
    letter = "in the hands of Eleni Karamanlis", "the workflow", "every divergence by noon"
    mail = ("Jörg Weiß", "Schlüssel für das Tor", "lautet 7429", "Wache über Nacht.txt")
    return (
        Case(
            "line_results.xlsx",
            ("Fourth quarter",),
            (*lines, ("South", "Orchard", "488")),
            ("Harbour", "Quay", "Orchard"),
        ),
        Case("shops.xlsx", (), (("Lisbon", "7.5%", "1,234.50", "2026-03-15", "51:30"), ("Porto", "11.2%", "44:00"))),
        Case("harvest_uncached.xlsx", (), (("Upper", "6120", "4310", "10430"), ("Lower", "3875", "4145", "8020"))),
        Case("kits.xlsx", ("hidden",), (("Kestrel kit", "49"), ("Heron kit", "58")), ("Kestrel", "Heron", "Wren")),
        Case("boat_shed.docx", ("0171 555 0143",), order=("Sign the book", "0171 555 0143", "Life jackets")),
        Case("lease.docx", ("The monthly rent is 1,480 euros, due on",), order=("Odile Fontaine", "1,480")),
        Case("beehives.docx", ("37 hives of the Lindgren farm",), order=("214 hives", "south-facing")),
        Case(
            "sail.docx", (("F=0.42", "F = 0.42"), "18 metres per second"), order=("drag in newtons", "0.42", "holds up")
        ),
        Case("open_days.pptx", ("643", "Tampere", *ways), order=("Visitors of the open days", "643", *ways)),
        Case("two_pumps.pdf", (*alpha, *beta), order=("Care of the two pumps", *alpha, *beta)),
        Case("articles.pdf", ("Shelf life (days)",), (("K-044", "28", "272", "A9"), ("K-097", "41", "365", "B8"))),
        Case("office_rota.pdf", letter, order=("Office rota", *letter[:1], "second Thursday of October")),
        Case("returns.csv", (), (("Order", "Status", "Amount"), ("R0002", "shipped", "84"))),
        Case("commands.md", ("Petra Nagy", "2026-06-21"), (("make scrub", "removes the build folder"),)),
        Case("gate_code.eml", mail, order=("Jörg", "7429")),
        Case("lighthouse.epub", ("rapeseed oil, eleven litres",), order=("lit the lamp", "stairs were washed away")),
    )
