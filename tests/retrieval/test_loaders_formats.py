"""Presentations, tables, books, data, messages and code are read with the exact place of everything in them."""

import datetime
import zipfile
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pptx
import pytest
from pptx.util import Inches

from assistant.values.errors import BadInput
from assistant.values.evidence import (
    Box,
    Document,
    Lines,
    Location,
    Passage,
    Section,
    Sheet,
    Slide,
    describe,
    join,
    location_from_json,
    location_to_json,
)
from assistant.values.evidence_links import link
from assistant.values.limits import Limits
from retrieval.loaders import load_document


def read(path: Path) -> Document:
    return load_document(path, path.name, Limits())


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def told(document: Document) -> list[tuple[str, Location]]:
    """Every placed stretch of text with its place."""
    return [
        (passage.text[place.start : place.end], place.location)
        for passage in document.passages
        for place in passage.places
    ]


def sections(document: Document) -> list[tuple[str, Location]]:
    return [(passage.text, passage.location) for passage in document.passages]


def test_a_presentation_is_read_slide_by_slide_with_its_notes(tmp_path: Path) -> None:
    shown = pptx.Presentation()
    shown.slide_width, shown.slide_height = Inches(10), Inches(5)
    first = shown.slides.add_slide(shown.slide_layouts[6])
    first.shapes.add_textbox(Inches(1), Inches(3), Inches(4), Inches(1)).text_frame.text = "Below"
    first.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame.text = "Above"
    second = shown.slides.add_slide(shown.slide_layouts[5])
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, cells in enumerate([("Item", "Price"), ("Seal", "43.10")]):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    second.shapes.title.text = "Costs"
    second.notes_slide.notes_text_frame.text = "Ask about the discount."
    shown.save(str(tmp_path / "plan.pptx"))
    document = read(tmp_path / "plan.pptx")
    assert sections(document) == [
        ("Above\n\nBelow", Slide(1)),
        ("Costs\n\nItem | Price\nSeal | 43.10\n\nNotes: Ask about the discount.", Slide(2)),
    ]
    assert told(document)[0] == ("Above", Slide(1, (Box(0.1, 0.2, 0.5, 0.4),)))
    assert told(document)[-1] == ("Notes: Ask about the discount.", Slide(2))
    assert document.units == 2


def test_a_spreadsheet_row_carries_its_headers_and_its_number(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    costs = book.active
    costs.title = "Costs"
    for row in [
        ["Costs of 2024"],
        [],
        ["Item", "Price", "Due"],
        ["Seal", 43.1, datetime.date(2024, 6, 1)],
        [],
        ["Oil", 12],
    ]:
        costs.append(row)
    numbers = book.create_sheet("Numbers")
    numbers.append([1, 2])
    numbers.append([3, True])
    book.create_sheet("Empty")
    book.save(tmp_path / "costs.xlsx")
    document = read(tmp_path / "costs.xlsx")
    assert told(document) == [
        ("Costs of 2024", Sheet("Costs", 1, 1)),
        ("Item | Price | Due", Sheet("Costs", 3, 3)),
        ("Item: Seal | Price: 43.1 | Due: 2024-06-01", Sheet("Costs", 4, 4)),
        ("Item: Oil | Price: 12", Sheet("Costs", 6, 6)),
        ("1 | 2", Sheet("Numbers", 1, 1)),
        ("3 | TRUE", Sheet("Numbers", 2, 2)),
    ]
    assert [passage.location for passage in document.passages] == [Sheet("Costs", 1, 6), Sheet("Numbers", 1, 2)]


@pytest.mark.parametrize(("name", "mark"), [("costs.csv", ","), ("costs.csv", ";"), ("costs.tsv", "\t")])
def test_a_table_of_text_is_read_by_rows_whatever_parts_its_cells(tmp_path: Path, name: str, mark: str) -> None:
    rows = [["Item", "Price"], ['"Seal, blue"', "43"], [], ["Oil", "12"]]
    document = read(written(tmp_path, name, "\r\n".join(mark.join(row) for row in rows)))
    assert told(document) == [
        ("Item | Price", Sheet("", 1, 1)),
        ("Item: Seal, blue | Price: 43", Sheet("", 2, 2)),
        ("Item: Oil | Price: 12", Sheet("", 4, 4)),
    ]
    assert describe(document.passages[0].location) == "rows 1–4"


def a_book(folder: Path, *chapters: str, protected: bool = False) -> Path:
    container = '<container xmlns="urn:x"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    items = "".join(
        f'<item id="c{n}" href="text/chapter%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in reversed(range(len(chapters))))
    with zipfile.ZipFile(folder / "book.epub", "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/book.opf", f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>")
        for number, chapter in enumerate(chapters):
            archive.writestr(f"OEBPS/text/chapter {number}.xhtml", f"<html><body>{chapter}</body></html>")
        if protected:
            hidden = '<encryption><CipherReference URI="OEBPS/text/chapter%200.xhtml"/></encryption>'
            archive.writestr("META-INF/encryption.xml", hidden)
    return folder / "book.epub"


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    path = a_book(tmp_path, "<h1>The end</h1><p>Fin.</p>", "<h1>The pump</h1><p>It hums.</p>")
    assert sections(read(path)) == [("It hums.", Section("The pump")), ("Fin.", Section("The end"))]


def test_a_protected_book_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"book\.epub is protected against copying"):
        read(a_book(tmp_path, "<p>x</p>", protected=True))


def test_the_path_to_a_value_becomes_words(tmp_path: Path) -> None:
    source = '{"pump": {"name": "Kestrel-9", "checks": [{"by": "Maria", "ok": true}, {"by": "Dana"}]}, "tags": [1, 2]}'
    assert told(read(written(tmp_path, "pump.json", source))) == [
        ("pump name: Kestrel-9", Section("pump")),
        ("pump checks 1: by: Maria | ok: true", Section("pump checks 1")),
        ("pump checks 2: by: Dana", Section("pump checks 2")),
        ("tags: 1, 2", Section("")),
    ]


def test_json_lines_are_cited_by_their_line(tmp_path: Path) -> None:
    document = read(written(tmp_path, "log.jsonl", '{"who": "Maria"}\n\n{"who": "Dana", "when": null}\n'))
    assert told(document) == [("who: Maria", Lines(1, 1)), ("who: Dana | when: none", Lines(3, 3))]


def test_what_is_no_json_is_read_as_text_and_that_is_said(tmp_path: Path) -> None:
    document = read(written(tmp_path, "broken.json", '{"who": '))
    assert told(document) == [('{"who": ', Lines(1, 1))]
    assert document.notes == ("broken.json is not valid JSON (line 1); I read it as plain text.",)


def test_a_message_is_read_with_its_headers_and_the_text_attached(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "maria@example.org", "dana@example.org", "The pump – Größe"
    message.set_content("It is due in June.")
    message.add_alternative("<p>It is due in <b>June</b>.</p>", subtype="html")
    message.add_attachment("Keep it oiled.", filename="advice.txt")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="photo.png")
    (tmp_path / "pump.eml").write_bytes(message.as_bytes())
    assert sections(read(tmp_path / "pump.eml")) == [
        (
            "From: maria@example.org\nTo: dana@example.org\nSubject: The pump – Größe\n\n"
            "It is due in June.\n\nAttachments: advice.txt, photo.png",
            Section("The pump – Größe"),
        ),
        ("Keep it oiled.", Section("attachment advice.txt")),
    ]


def test_code_is_cited_by_its_lines(tmp_path: Path) -> None:
    (passage,) = read(written(tmp_path, "pump.py", "import os\n\n\ndef start():\n    return os.getpid()\n")).passages
    assert passage.text == "import os\n\n\ndef start():\n    return os.getpid()\n"
    assert [place.location for place in passage.places] == [Lines(1, 1), Lines(4, 4), Lines(5, 5)]
    assert describe(join([place.location for place in passage.places[1:]])) == "lines 4–5"


def test_the_text_of_another_kind_than_the_name_says_is_noted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Rent", 1200])
    book.save(tmp_path / "lease.xlsx")
    (tmp_path / "lease.xlsx").rename(tmp_path / "lease.pdf")
    document = read(tmp_path / "lease.pdf")
    assert document.passages == (Passage("Rent | 1200", Sheet("Sheet", 1, 1), document.passages[0].places),)
    assert document.notes == ("lease.pdf is named .pdf, but its content is a spreadsheet; I read it as that.",)


@pytest.mark.parametrize(
    ("location", "words", "address"),
    [
        (Slide(4, (Box(0.1, 0.2, 0.3, 0.4),)), "slide 4", "a.b#slide=4"),
        (Lines(10, 24), "lines 10–24", "a.b#line=9,24"),
        (Lines(3, 3), "line 3", "a.b#line=2,3"),
    ],
)
def test_slides_and_lines_have_words_an_address_and_a_form_on_disk(
    location: Location, words: str, address: str
) -> None:
    assert describe(location) == words
    assert link("a.b", location, "") == address
    assert location_from_json(location_to_json(location)) == location
