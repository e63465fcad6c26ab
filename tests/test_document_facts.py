"""What every family of documents says of itself exactly: pages, headings, words, its title, author and date."""

import datetime
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from fpdf import FPDF
from PIL import Image as Pillow

from assistant.media import digest
from assistant.text.word_count import count_words
from assistant.values.files import FileFacts
from assistant.values.limits import Limits
from retrieval.loaders import load_document
from retrieval.metadata import iso, pdf_date, said, title_of
from retrieval.outline import Heading, titled
from retrieval.pdf.printed_headings import PrintedHeadings, PrintedLine


def facts_of(path: Path) -> FileFacts:
    """Through the process that parses."""
    facts = load_document(path, path.name, Limits()).facts
    assert facts is not None
    assert (facts.source_id, facts.name, facts.bytes) == (digest(path), path.name, path.stat().st_size)
    assert facts.medium == "text"
    return facts


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def a_pdf(path: Path, *pages: str, title: str = "", author: str = "", bookmarks: bool = False) -> Path:
    """A line that begins with # is set in 18 points, one with ## in 14; the others in 10."""
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_title(title)
    pdf.set_author(author)
    pdf.set_creation_date(datetime.datetime(2024, 3, 14, 12, 30, tzinfo=datetime.UTC))
    for text in pages:
        pdf.add_page()
        for row, line in enumerate(text.split("\n")):
            level = len(line) - len(line.lstrip("#"))
            if bookmarks and level:
                pdf.start_section(line.strip("# "), level - 1)
            pdf.set_font("Helvetica", size={0: 10, 1: 18, 2: 14}[level])
            pdf.text(40, 60 + 24 * row, line.lstrip("# "))
    pdf.output(str(path))
    return path


BODY = "The workshop is open on most days of the week, and who comes early is served first."


def test_of_a_pdf_pages_date_and_what_is_printed_like_headings(tmp_path: Path) -> None:
    pages = [f"#{number} {name}\n{BODY}" for number, name in enumerate(("Tools", "Brakes", "Prices"), 1)]
    facts = facts_of(a_pdf(tmp_path / "a.pdf", f"#Workshop Handbook\n{BODY}", *pages, author="Ana Sousa"))
    assert (facts.media_type, facts.pages) == ("application/pdf", 4)
    assert (facts.title, facts.author, facts.written) == ("Workshop Handbook", "Ana Sousa", "2024-03-14T12:30:00Z")
    assert facts.outline == ("1 Tools", "2 Brakes", "3 Prices")
    assert facts.words == 2 + 3 * 2 + 4 * count_words(BODY)


def test_the_bookmarks_of_a_pdf_are_its_outline(tmp_path: Path) -> None:
    text = (f"#Tools\n{BODY}\n##Wrenches\n{BODY}", f"#Brakes\n{BODY}")
    facts = facts_of(a_pdf(tmp_path / "a.pdf", *text, title="The handbook", bookmarks=True))
    assert (facts.title, facts.outline) == ("The handbook", ("Tools", "Wrenches", "Brakes"))


def test_a_pdf_in_letters_of_one_size_and_a_scan_have_no_outline(tmp_path: Path) -> None:
    assert facts_of(a_pdf(tmp_path / "a.pdf", BODY, BODY)).outline == ()
    Pillow.effect_noise((200, 280), 80).convert("RGB").save(tmp_path / "scan.pdf")
    scan = facts_of(tmp_path / "scan.pdf")
    assert (scan.pages, scan.outline, scan.words, scan.title) == (1, (), 0, "")  # its title is its file's name


def test_printed_headings_are_larger_short_and_not_on_every_page() -> None:
    headings = PrintedHeadings()
    for number in range(1, 5):
        headings.take(
            [
                PrintedLine("Annual report 2024", 14, 580),
                PrintedLine(f"{number} A heading that does not", 16, 550),
                PrintedLine("fit on one line", 16, 530),
                PrintedLine("A quotation set large. " * 10, 14, 500),
                PrintedLine("Tools . . . . . . . . 3", 14, 450),
                *(PrintedLine(BODY, 10, 400 - 20 * row) for row in range(20)),
            ]
        )
    assert [heading.text for heading in headings.headings()] == [
        f"{number} A heading that does not fit on one line" for number in range(1, 5)
    ]
    slides = PrintedHeadings()
    slides.take(
        [PrintedLine("Costs of the year", 32), PrintedLine("Rent and heating", 24), PrintedLine("Wages, taxes", 20)]
    )
    assert slides.headings() == ()


def test_of_a_word_document_its_headings_properties_and_words(tmp_path: Path) -> None:
    report = docx.Document()
    report.core_properties.author = "Dana Ortiz"
    report.core_properties.created = datetime.datetime(2024, 6, 1, 8, 0)
    report.add_heading("Pump report", 0)
    for number in (1, 2):
        report.add_heading(f"Month {number}", 1)
        report.add_paragraph("All is well.")
    report.save(str(tmp_path / "report.docx"))
    facts = facts_of(tmp_path / "report.docx")
    assert (facts.title, facts.author, facts.written) == ("Pump report", "Dana Ortiz", "2024-06-01T08:00:00Z")
    assert facts.outline == ("Month 1", "Month 2")
    assert facts.words == 2 + 2 * (2 + 3)
    assert facts.pages == 0  # nobody has laid it out


def test_the_pages_of_a_word_document_are_those_of_the_program_that_laid_it_out(tmp_path: Path) -> None:
    report = docx.Document()
    report.add_paragraph("All is well. " * 100)
    report.save(str(tmp_path / "a.docx"))
    for counted, pages in ((300, 7), (40, 0)):
        with zipfile.ZipFile(tmp_path / "a.docx") as old, zipfile.ZipFile(tmp_path / "b.docx", "w") as new:
            for member in old.namelist():
                told = f"<Properties><Pages>7</Pages><Words>{counted}</Words></Properties>".encode()
                new.writestr(member, told if member == "docProps/app.xml" else old.read(member))
        assert facts_of(tmp_path / "b.docx").pages == pages


def test_what_a_program_filled_in_is_nobodys_word(tmp_path: Path) -> None:
    report = docx.Document()
    report.add_paragraph("All is well.")
    report.save(str(tmp_path / "a.docx"))
    pptx.Presentation().save(str(tmp_path / "a.pptx"))
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    for name in ("a.docx", "a.pptx", "a.xlsx"):
        facts = facts_of(tmp_path / name)
        assert (facts.title, facts.author) == ("", "")
        assert not facts.written.startswith("2013")
    assert (said("(anonymous)"), said("Ana\n Sousa\0")) == ("", "Ana Sousa")
    for name in ("lease", "lease.pdf", "Microsoft Word - x", "a.docx"):
        assert title_of(name, "lease.pdf") == ""
    assert title_of("The lease", "lease.pdf") == "The lease"


def test_of_a_presentation_its_slides_and_their_titles(tmp_path: Path) -> None:
    shown = pptx.Presentation()
    for layout, title in ((0, "Whales"), (5, "Orca"), (6, "")):
        slide = shown.slides.add_slide(shown.slide_layouts[layout])
        if title:
            slide.shapes.title.text = title
    shown.slides[1].notes_slide.notes_text_frame.text = "Say hello."
    shown.save(str(tmp_path / "whales.pptx"))
    facts = facts_of(tmp_path / "whales.pptx")
    assert (facts.slides, facts.outline, facts.title, facts.words) == (3, ("Whales", "Orca"), "Whales", 4)


def test_of_a_spreadsheet_its_sheets_and_the_words_in_its_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    orders = book.active
    orders.title = "Orders"
    for row in (["Item", "Price"], ["Rye bread", 4.5], ["Cake", 12]):
        orders.append(row)
    book.create_sheet("Staff")
    book.properties.title, book.properties.creator = "Bakery", "Li Wei"
    book.save(tmp_path / "bakery.xlsx")
    facts = facts_of(tmp_path / "bakery.xlsx")
    assert (facts.sheets, facts.words, facts.title, facts.author) == (("Orders", "Staff"), 7, "Bakery", "Li Wei")
    assert facts_of(written(tmp_path, "b.csv", "Item,Price\nRye bread,4.5\nCake,12\n")).words == 7


def test_of_a_web_page_its_head_and_its_headings(tmp_path: Path) -> None:
    head = (
        "<title>Whales of the north</title><meta name='author' content='Ana Sousa'>"
        "<meta property='article:published_time' content='2024-03-14T12:00:00.123+01:00'>"
    )
    body = "<h1>Whales</h1><p>They sing.</p><h2>Orca</h2><p>It hunts.</p><h2>Narwhal</h2>"
    facts = facts_of(written(tmp_path, "a.html", f"<html><head>{head}</head><body>{body}</body></html>"))
    assert (facts.title, facts.author, facts.written) == (
        "Whales of the north",
        "Ana Sousa",
        "2024-03-14T12:00:00+01:00",
    )
    assert (facts.outline, facts.words) == (("Orca", "Narwhal"), 7)


def test_of_markdown_and_plain_text_headings_and_words(tmp_path: Path) -> None:
    facts = facts_of(
        written(tmp_path, "a.md", "# Guide\n\nHello there.\n\n## Tools\n\nOne.\n\nBrakes\n------\n\nTwo.\n")
    )
    assert (facts.title, facts.outline, facts.words) == ("Guide", ("Tools", "Brakes"), 7)
    chapters = facts_of(written(tmp_path, "b.md", "# Tools\n\nOne.\n\n# Brakes\n\nTwo.\n"))
    assert (chapters.title, chapters.outline) == ("", ("Tools", "Brakes"))
    assert facts_of(written(tmp_path, "a.txt", "One two\nthree.")).words == 3


def test_of_a_book_its_package_and_its_chapters(tmp_path: Path) -> None:
    package = (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The sea</dc:title>'
        "<dc:creator>Ana Sousa</dc:creator><dc:creator>Li Wei</dc:creator><dc:date>2019-05</dc:date></metadata>"
        '<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    page = "<html><body><h1>The sea</h1><h1>Calm</h1><p>Quiet.</p><h1>Storm</h1><p>Loud.</p></body></html>"
    with zipfile.ZipFile(tmp_path / "sea.epub", "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", '<container><rootfile full-path="book.opf"/></container>')
        book.writestr("book.opf", package)
        book.writestr("a.xhtml", page)
    facts = facts_of(tmp_path / "sea.epub")
    assert (facts.title, facts.author, facts.written) == ("The sea", "Ana Sousa, Li Wei", "2019-05")
    assert (facts.outline, facts.words) == (("Calm", "Storm"), 6)


def test_of_a_message_who_wrote_it_and_when(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ana Sousa <ana@example.org>", "The pump"
    message["Date"] = "Thu, 14 Mar 2024 12:00:00 +0100"
    message.set_content("It hums.")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    facts = facts_of(tmp_path / "a.eml")
    assert (facts.title, facts.author) == ("The pump", "Ana Sousa <ana@example.org>")
    assert (facts.written, facts.outline) == ("2024-03-14T12:00:00+01:00", ())


def test_a_document_without_text_has_its_facts(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    facts = facts_of(tmp_path / "empty.xlsx")
    assert (facts.sheets, facts.words) == (("Sheet",), 0)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("D:20240314120000+01'00'", "2024-03-14T12:00:00+01:00"),
        ("D:20240314120000Z", "2024-03-14T12:00:00Z"),
        ("D:20240314", "2024-03-14"),
        ("D:2024", "2024"),
        ("D:20241399", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_the_dates_of_pdfs_are_read(written: str, read: str) -> None:
    assert pdf_date(written) == read


def test_dates_that_are_none_are_dropped() -> None:
    assert [iso(text) for text in ("2024-02-30", "March 2024", "2024-03-14 09:30", None)] == [
        "", "", "2024-03-14T09:30", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "begins", "title"),
    [
        ([("Pump report", 0), ("Intro", 1)], True, "Pump report"),
        ([("Guide", 1), ("Tools", 2), ("Brakes", 2)], False, "Guide"),
        ([("Guide", 1), ("1 Tools", 1), ("2 Brakes", 1)], True, "Guide"),
        ([("Preface", 1), ("1 Tools", 1), ("2 Brakes", 1)], True, ""),
        ([("Tools", 1), ("Brakes", 1)], True, ""),
        ([("总则", 1), ("第一章 工具", 1), ("第二章 刹车", 1)], True, ""),
        ([("Invoice 118", 1)], True, "Invoice 118"),
        ([("Appendix", 1)], False, ""),
        ([], True, ""),
    ],
)
def test_a_title_is_told_from_the_first_chapter(headings: list[tuple[str, int]], begins: bool, title: str) -> None:
    found, outline = titled([Heading(*each) for each in headings], begins)
    assert found == title
    assert [*filter(None, [found]), *outline] == [text for text, _ in headings]
