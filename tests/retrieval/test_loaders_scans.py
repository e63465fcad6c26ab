"""Scanned pages, letters without a meaning and figures are read as pictures, and placed where they stand."""

import io
from pathlib import Path

import docx
import pptx
import pytest
from fpdf import FPDF
from PIL import Image as Pillow
from pptx.util import Inches

from assistant.ports.vision import Description
from assistant.values.evidence import Box, Document, Page, PagesRead, Section, Slide
from assistant.values.limits import Limits
from assistant.values.parts import Image
from retrieval.loaders import load_document
from tests.support import media_made as made
from tests.support.fakes import ReadLines

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
needs_font = pytest.mark.skipif(not FONT.exists(), reason=f"no font at {FONT}")


class Looks:
    """Reads the same lines in every picture, and remembers the pictures."""

    def __init__(self, *lines: str) -> None:
        self.seen: list[Image] = []
        self._reads = ReadLines(*lines)

    def __call__(self, image: Image) -> Description:
        with Pillow.open(image.path) as picture:
            assert picture.size == (image.width, image.height)
        self.seen.append(image)
        return self._reads.describe(image, "")


def read(path: Path, look: Looks, limits: Limits | None = None, said: list[str] | None = None) -> Document:
    report = None if said is None else (lambda status: said.append(status.text))
    return load_document(path, path.name, limits or Limits(), read_picture=look, report=report)


def a_picture(number: int = 0, size: tuple[int, int] = (300, 150)) -> io.BytesIO:
    data = io.BytesIO()
    drawn = made.picture([(20, 20, f"figure {number}")], size)
    drawn.save(data, "PNG")
    return data


def a_pdf(path: Path, *pages: tuple[str, tuple[float, float, float, float] | None]) -> Path:
    """Each page: its text, and where a picture of its own stands on it, in hundredths of the page."""
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_font("Helvetica", size=12)
    for number, (text, picture) in enumerate(pages):
        pdf.add_page()
        pdf.text(40, 40, text)
        if picture:
            left, top, right, bottom = picture
            pdf.image(a_picture(number), 4 * left, 6 * top, 4 * (right - left), 6 * (bottom - top))
    pdf.output(str(path))
    return path


WHOLE_PAGE = (0, 0, 100, 100)
LONG = "The pump was serviced by Maria on 14 March 2024, and every part was found to be well. " * 3


def test_a_scanned_page_is_read_and_its_lines_are_placed(tmp_path: Path) -> None:
    look, said = Looks("Total", "593.10"), list[str]()
    document = read(a_pdf(tmp_path / "scan.pdf", (LONG, None), ("", WHOLE_PAGE)), look, said=said)
    scan = document.passages[1]
    assert (scan.text, scan.location) == ("Total\n593.10", Page(2))
    assert [place.location for place in scan.places] == [Page(2, (Box(0, 0, 1, 0.5),)), Page(2, (Box(0, 0.5, 1, 1),))]
    assert document.notes == ("Page 2 is a scan; I read it by OCR.",)
    assert "Reading page 2 of 2 of scan.pdf" in said
    assert (look.seen[0].width, look.seen[0].height) == (834, 1250)


def test_a_scan_with_a_stamp_in_letters_is_read_all_the_same(tmp_path: Path) -> None:
    document = read(a_pdf(tmp_path / "scan.pdf", ("Scanned", WHOLE_PAGE)), Looks("The rent is 1,200 euros."))
    assert [passage.text for passage in document.passages] == ["The rent is 1,200 euros."]


def test_only_so_many_scans_of_one_document_are_read(tmp_path: Path) -> None:
    path = a_pdf(tmp_path / "scan.pdf", *[("", WHOLE_PAGE)] * 4)
    document = read(path, look := Looks("words"), Limits(scanned_pages=2))
    assert len(look.seen) == 2
    assert document.notes == (
        "Pages 1 to 2 are scans; I read them by OCR.",
        "Pages 3 to 4 are scans beyond the 2 that I read of one document; I left them out.",
    )
    assert document.pages == (PagesRead(1, 2, "ocr"), PagesRead(3, 4, "left out"))


@needs_font
def test_letters_whose_font_does_not_say_what_they_are_are_read_as_a_picture(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_font("font", fname=FONT)
    pdf.set_font("font", size=14)
    pdf.add_page()
    pdf.text(20, 20, "The rent is 1,200 euros.")
    pdf.output(str(tmp_path / "whole.pdf"))
    (tmp_path / "mute.pdf").write_bytes((tmp_path / "whole.pdf").read_bytes().replace(b"/ToUnicode", b"/NoUnicode"))
    document = read(tmp_path / "mute.pdf", Looks("The rent is 1,200 euros."))
    assert [passage.text for passage in document.passages] == ["The rent is 1,200 euros."]
    assert read(tmp_path / "whole.pdf", look := Looks("nothing")).passages[0].text == "The rent is 1,200 euros."
    assert look.seen == []


@needs_font
def test_text_from_right_to_left_is_in_the_order_in_which_it_is_read(tmp_path: Path) -> None:
    said = "המחיר הוא 120 שקל"
    pdf = FPDF()
    pdf.add_font("font", fname=FONT)
    pdf.set_font("font", size=14)
    pdf.add_page()
    pdf.text(20, 20, " ".join(word if word.isdigit() else word[::-1] for word in reversed(said.split())))  # as printed
    pdf.output(str(tmp_path / "price.pdf"))
    assert read(tmp_path / "price.pdf", Looks()).passages[0].text == said


def test_a_row_of_a_printed_table_keeps_its_cells_apart(tmp_path: Path) -> None:
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_font("Helvetica", size=12)
    pdf.add_page()
    for top, cells in ((60, ("Item", "Price", "Due")), (80, ("Pump seal", "43.10", "June 2024"))):
        for column, cell in enumerate(cells):
            pdf.text(40 + 110 * column, top, cell)
    pdf.set_xy(40, 120)
    pdf.multi_cell(250, 14, "Words that are stretched to both edges of antidisestablishmentarianism.", align="J")
    pdf.output(str(tmp_path / "table.pdf"))
    (passage,) = read(tmp_path / "table.pdf", Looks()).passages
    assert passage.text.split("\n")[:2] == ["Item | Price | Due", "Pump seal | 43.10 | June 2024"]
    assert "|" not in "".join(passage.text.split("\n")[2:])
    assert [passage.text[place.start : place.end] for place in passage.places] == passage.text.split("\n")


def test_the_text_of_a_figure_is_placed_within_the_figure(tmp_path: Path) -> None:
    document = read(a_pdf(tmp_path / "report.pdf", (LONG, (25, 50, 75, 70))), look := Looks("Flow", "Hours"))
    figure = document.passages[1]
    assert figure.text == "Flow\nHours"
    assert isinstance(figure.location, Page)
    (box,) = figure.location.boxes
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((0.25, 0.5, 0.75, 0.7), abs=0.002)
    (below,) = figure.places[1].location.boxes  # type: ignore[union-attr]
    assert (below.left, below.top, below.right, below.bottom) == pytest.approx((0.25, 0.6, 0.75, 0.7), abs=0.002)
    assert [image.name for image in look.seen] == ["a figure on page 1 of report.pdf"]


def test_few_figures_are_read_and_none_twice(tmp_path: Path) -> None:
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_font("Helvetica", size=12)
    for number in range(4):
        pdf.add_page()
        pdf.multi_cell(300, 14, LONG)
        pdf.image(a_picture(99), 20, 300, 100, 50)  # a logo, the same on every page
        pdf.image(a_picture(number), 200, 300, 100, 50)
        pdf.image(a_picture(0, (20, 20)), 20, 400, 20, 20)
    pdf.output(str(tmp_path / "report.pdf"))
    document = read(tmp_path / "report.pdf", look := Looks("words"), Limits(document_figures=3))
    assert len(look.seen) == 3
    assert document.notes == ("It holds 5 figures; I read the text of the first 3.",)


def test_figures_of_a_word_document_stand_in_their_section(tmp_path: Path) -> None:
    written = docx.Document()
    written.add_heading("Costs", 1)
    written.add_paragraph("See the figure.")
    written.add_picture(a_picture())
    written.save(str(tmp_path / "report.docx"))
    (passage,) = read(tmp_path / "report.docx", Looks("Total 593.10")).passages
    assert (passage.text, passage.location) == ("See the figure.\n\nTotal 593.10", Section("Costs"))


def test_figures_of_a_slide_stand_where_they_are_shown(tmp_path: Path) -> None:
    shown = pptx.Presentation()
    shown.slide_width, shown.slide_height = Inches(10), Inches(5)
    shown.slides.add_slide(shown.slide_layouts[6])
    shown.slides.add_slide(shown.slide_layouts[6]).shapes.add_picture(
        a_picture(), Inches(5), Inches(2.5), Inches(5), Inches(2.5)
    )
    shown.save(str(tmp_path / "plan.pptx"))
    (passage,) = read(tmp_path / "plan.pptx", Looks("Total")).passages
    assert (passage.text, passage.location) == ("Total", Slide(2, (Box(0.5, 0.5, 1, 1),)))


@pytest.mark.weights
def test_a_scanned_receipt_is_read_by_the_real_reader(tmp_path: Path) -> None:
    from assistant.models.profiles import profile_named
    from assistant.vision.ocr import OcrReader

    made.receipt(tmp_path / "receipt.png")
    pdf = FPDF()
    pdf.add_page()
    pdf.image(str(tmp_path / "receipt.png"), 20, 100, 160, 60)
    pdf.output(str(tmp_path / "receipt.pdf"))
    profile = profile_named("reader")
    assert profile is not None
    reader = OcrReader.load(profile)
    document = load_document(
        tmp_path / "receipt.pdf", "receipt.pdf", Limits(), read_picture=lambda image: reader.describe(image, "")
    )
    (passage,) = document.passages
    start = passage.text.index("593.10")
    (place,) = [place for place in passage.places if place.start <= start < place.end]
    assert isinstance(place.location, Page)
    assert 100 / 297 < place.location.boxes[0].top < place.location.boxes[0].bottom < 160 / 297
