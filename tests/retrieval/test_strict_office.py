"""Office files that a program saved as strict read as any others."""

import datetime
import zipfile
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from retrieval.loaders import parse
from retrieval.office.strict import as_usual
from retrieval.parse_context import ParseContext

NAMES = (
    (b"officeDocument/2006/extended-properties", b"officeDocument/extendedProperties"),
    (b"officeDocument/2006/relationships/extended-properties", b"officeDocument/relationships/extendedProperties"),
    *((f"{one}/2006/".encode(), f"{one}/".encode()) for one in ("wordprocessingml", "spreadsheetml", "presentationml")),
    (b"drawingml/2006/", b"drawingml/"),
    (b"officeDocument/2006/", b"officeDocument/"),
)
OFFICE = "application/vnd.openxmlformats-officedocument."


def strictly(path: Path) -> Path:
    """The file as Office writes it as "Strict Open XML"."""
    strict = path.with_name(f"strict{path.suffix}")
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(strict, "w") as made:
        for member in given.namelist():
            data = given.read(member)
            for usual, name in NAMES if member != "[Content_Types].xml" else ():
                data = data.replace(
                    b"http://schemas.openxmlformats.org/" + usual, b"http://purl.oclc.org/ooxml/" + name
                )
            made.writestr(member, data)
        assert b"purl.oclc.org" in made.read("_rels/.rels")
    return strict


def read(path: Path, kind: str, folder: Path) -> list[str]:
    document = parse(path, path.name, OFFICE + kind, ParseContext(folder=folder))
    return [passage.text for passage in document.passages]


def a_letter(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Lease", 1)
    document.add_paragraph("The rent is 1,480 euros.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Rent", "1,480"
    document.save(str(path))


def a_sheet(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Shop", "Rate", "Opened"])
    book.active.append(["Lisbon", 0.075, datetime.date(2026, 3, 15)])
    book.active["B2"].number_format = "0.0%"
    book.save(path)


def a_show(path: Path) -> None:
    shown = pptx.Presentation()
    slide = shown.slides.add_slide(shown.slide_layouts[5])
    slide.shapes.title.text = "Guests"
    data = CategoryChartData()
    data.categories = ["Vaasa", "Pori"]
    data.add_series("2025", (541, 659))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(5), Inches(3), data)
    shown.save(str(path))


@pytest.mark.parametrize(
    ("name", "make", "kind", "fact"),
    [
        ("a.docx", a_letter, "wordprocessingml.document", "Rent | 1,480"),
        ("a.xlsx", a_sheet, "spreadsheetml.sheet", "Shop: Lisbon | Rate: 7.5% | Opened: 2026-03-15"),
        ("a.pptx", a_show, "presentationml.presentation", "2025: Vaasa 541, Pori 659"),
    ],
)
def test_a_strict_file_reads_as_the_usual_one(tmp_path: Path, name: str, make, kind: str, fact: str) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path / name)
    usual = read(tmp_path / name, kind, tmp_path)
    assert fact in "\n".join(usual)
    assert read(strictly(tmp_path / name), kind, tmp_path) == usual


def test_a_usual_file_is_left_as_it_is(tmp_path: Path) -> None:
    a_letter(tmp_path / "a.docx")
    assert as_usual(tmp_path / "a.docx", tmp_path) == tmp_path / "a.docx"
    assert [one.name for one in tmp_path.iterdir()] == ["a.docx"]
