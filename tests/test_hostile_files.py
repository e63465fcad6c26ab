"""Locked, broken, swollen and odd files: each is opened, or ends as one sentence that names it."""

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import msoffcrypto
import openpyxl
import pptx
import pytest
from fpdf import FPDF
from fpdf.encryption import EncryptionMethod  # type: ignore[attr-defined]
from PIL import Image as Pillow

from assistant.media import digest, identify
from assistant.ports.vision import Description
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput, Locked
from assistant.values.events import Failed
from assistant.values.evidence import Document, Page, Section, Sheet
from assistant.values.limits import Limits
from assistant.values.parts import Attachment, Image, Text, Turn
from retrieval.loaders import load_document
from tests.support.fakes import make_assistant, saying

LIMITS = Limits()
SENTENCES = re.compile(r"^[^\n]{20,300}\.$")


def read(path: Path, password: str = "", limits: Limits = LIMITS) -> Document:
    return load_document(path, path.name, limits, password)


def refusal(path: Path, limits: Limits = LIMITS) -> str:
    """What is said of a file that cannot be read: it names the file, and has no stack and no path in it."""
    with pytest.raises(BadInput) as refused:
        read(path, limits=limits)
    said = str(refused.value)
    assert path.name in said
    assert SENTENCES.match(said)
    assert str(path.parent) not in said
    return said


def a_pdf(path: Path, pages: int = 1, size: tuple[float, float] = (400, 600), password: str = "") -> Path:
    pdf = FPDF(unit="pt", format=size)
    pdf.set_font("Helvetica", size=12)
    for number in range(1, pages + 1):
        pdf.add_page()
        pdf.text(40, 40, f"This is page {number}.")
    if password:
        pdf.set_encryption("owner", password, encryption_method=EncryptionMethod.AES_256)
    pdf.output(str(path))
    return path


def a_docx(path: Path) -> Path:
    written = docx.Document()
    written.add_heading("Costs", 1)
    written.add_paragraph("The rent is 1,200 euros.")
    written.save(str(path))
    return path


def an_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Item", "Price"])
    book.active.append(["Rent", 1200])
    book.save(path)
    return path


def a_pptx(path: Path) -> Path:
    shown = pptx.Presentation()
    shown.slides.add_slide(shown.slide_layouts[5]).shapes.title.text = "The rent"
    shown.save(str(path))
    return path


def an_epub(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="b.opf"/></container>')
        item = '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>'
        archive.writestr("b.opf", f"<package>{item}<itemref idref='c'/></package>")
        archive.writestr("c.xhtml", "<html><body><p>The rent is 1,200 euros.</p></body></html>")
    return path


MAKERS: dict[str, Callable[[Path], Path]] = {
    ".pdf": a_pdf,
    ".docx": a_docx,
    ".xlsx": an_xlsx,
    ".pptx": a_pptx,
    ".epub": an_epub,
}
every_kind = pytest.mark.parametrize("ending", MAKERS)


def locked(path: Path, password: str) -> Path:
    with path.open("rb") as plain:
        sealed = io.BytesIO()
        msoffcrypto.OfficeFile(plain).encrypt(password, sealed)
    path.write_bytes(sealed.getvalue())
    return path


def test_a_pdf_with_a_password_is_opened_by_it_alone(tmp_path: Path) -> None:
    path = a_pdf(tmp_path / "lease.pdf", password="kestrel")
    with pytest.raises(Locked, match=r"^lease\.pdf is locked with a password\. Tell me the password"):
        read(path)
    with pytest.raises(Locked, match=r"^The password does not open lease\.pdf\."):
        read(path, "wrong")
    document = read(path, "kestrel")
    assert [(passage.text, passage.location) for passage in document.passages] == [("This is page 1.", Page(1))]
    assert document.source_id == digest(path)


@pytest.mark.parametrize(
    ("name", "make", "location"),
    [("lease.docx", a_docx, Section("Costs")), ("lease.xlsx", an_xlsx, Sheet("Sheet", 1, 2))],
)
def test_an_office_file_with_a_password_is_opened_by_it_alone(
    tmp_path: Path, name: str, make: Callable[[Path], Path], location: Section | Sheet
) -> None:
    path = locked(make(tmp_path / name), "kestrel")
    with pytest.raises(Locked, match=rf"^{name} is locked with a password\. Tell me the password"):
        read(path)
    with pytest.raises(Locked, match=rf"^The password does not open {name}\."):
        read(path, "wrong")
    document = read(path, "kestrel")
    assert [passage.location for passage in document.passages] == [location]
    assert document.source_id == digest(path)
    assert document.notes == ()
    assert document.facts is not None
    assert (document.facts.source_id, document.facts.bytes) == (digest(path), path.stat().st_size)
    assert document.facts.media_type == identify(make(tmp_path / f"open {name}"))  # of what is inside


def test_a_turn_asks_for_the_password_and_goes_on_with_it(tmp_path: Path) -> None:
    path = a_pdf(tmp_path / "lease.pdf", password="kestrel")
    assistant = make_assistant(saying({"page 1": "This is page 1."}))

    def ask(password: str) -> list[object]:
        turn = Turn((Text("Which page is this?"), Attachment(path, path.name, password=password)))
        return list(assistant.answer(turn, Conversation()))

    refused = ask("")[-1]
    assert isinstance(refused, Failed)
    assert refused.bad_input
    assert refused.message.startswith("lease.pdf is locked with a password.")
    assert not isinstance(ask("kestrel")[-1], Failed)
    assert "kestrel" not in repr(Attachment(path, path.name, password="kestrel"))


@every_kind
@pytest.mark.parametrize("kept", [0.05, 0.5, 0.98])
def test_a_file_that_broke_off_is_read_or_refused_in_a_sentence(tmp_path: Path, ending: str, kept: float) -> None:
    whole = MAKERS[ending](tmp_path / f"whole{ending}").read_bytes()
    (tmp_path / f"cut{ending}").write_bytes(whole[: round(len(whole) * kept)])
    try:
        read(tmp_path / f"cut{ending}")  # PDFium mends what it can
    except BadInput:
        refusal(tmp_path / f"cut{ending}")


@every_kind
def test_random_damage_never_costs_more_than_the_file(tmp_path: Path, ending: str) -> None:
    whole = MAKERS[ending](tmp_path / f"whole{ending}").read_bytes()
    chance = random.Random(7)
    for number in range(12):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            damaged[chance.randrange(8, len(damaged))] = chance.randrange(256)
        path = tmp_path / f"damaged{number}{ending}"
        path.write_bytes(damaged)
        try:
            read(path)
        except BadInput:
            refusal(path)
    assert read(tmp_path / f"whole{ending}").passages


@pytest.mark.parametrize("ending", [".docx", ".xlsx", ".pptx", ".epub"])
def test_a_part_that_is_no_xml_is_a_damaged_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"broken{ending}"
    with zipfile.ZipFile(MAKERS[ending](tmp_path / "whole")) as whole, zipfile.ZipFile(path, "w") as broken:
        for member in whole.namelist():
            content = whole.read(member)
            broken.writestr(member, content[: len(content) // 2] if member.endswith((".xml", ".opf")) else content)
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("ending", [".docx", ".xlsx", ".pptx", ".epub"])
def test_what_would_unpack_to_more_than_fits_is_refused_unopened(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"bomb{ending}"
    MAKERS[ending](path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("more.xml", "w") as member:
        for _ in range(20):
            member.write(bytes(1_000_000))
    assert "more than I accept" in refusal(path, Limits(document_characters=1_000_000))


def test_an_enormous_page_is_drawn_no_larger_than_is_read(tmp_path: Path) -> None:
    pdf = FPDF(unit="pt", format=(14_400, 14_400))
    pdf.add_page()
    dots = io.BytesIO()
    Pillow.linear_gradient("L").resize((35_000, 500)).save(dots, "PNG")
    pdf.image(dots, 0, 0, 14_400, 14_400)
    pdf.output(str(tmp_path / "poster.pdf"))
    seen: list[Image] = []

    def read_picture(image: Image) -> Description:
        seen.append(image)
        return Description("nothing")

    document = load_document(tmp_path / "poster.pdf", "poster.pdf", LIMITS, read_picture=read_picture)
    assert document.notes == ("Page 1 has no text I can read; it may be a scan.",)
    assert seen[0].width * seen[0].height <= 4_010_000


def test_two_thousand_pages_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    document = read(a_pdf(tmp_path / "book.pdf", 2000))
    assert (document.units, document.passages[-1].text) == (2000, "This is page 2000.")
    assert "2,001 pages" in refusal(a_pdf(tmp_path / "more.pdf", 2001))


def test_a_table_that_claims_a_million_rows_is_read_for_what_it_holds(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "the last cell"
    book.active["A1"] = "the first"
    book.save(tmp_path / "corners.xlsx")
    (passage,) = read(tmp_path / "corners.xlsx").passages
    assert passage.text == "the first\nthe last cell"
    assert passage.places[1].location == Sheet("Sheet", 1048576, 1048576)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("deep.json", "[" * 100_000, "nests its values too deeply"),
        ("empty.eml", "Hello\n\nthere", "is no message"),
        ("nothing.csv", "", "is empty"),
    ],
)
def test_odd_text_is_refused_in_a_sentence(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    assert said in refusal(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("wide.csv", "a,b\n" + "x" * 300_000 + ",1\n"),
        ("quotes.csv", 'a,b\n"never closed,1\n2,3\n'),
        ("numbers.json", '{"a": 1e999, "b": NaN}'),
        ("long.py", "x = 1; " * 100_000),
    ],
)
def test_odd_text_is_read(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert read(tmp_path / name).passages


def test_what_takes_too_long_or_too_much_is_ended_in_a_sentence(tmp_path: Path) -> None:
    path = a_pdf(tmp_path / "book.pdf", 2000)
    assert "takes longer to read than I allow (0.05 s)" in refusal(path, Limits(parse_seconds=0.05))
    swollen = tmp_path / "page.html"
    swollen.write_text("<p>" + "<b>x</b>" * 1_000_000)
    assert "needs more memory to read than I allow (100 MB)" in refusal(swollen, Limits(parse_bytes=100_000_000))
    assert read(a_docx(tmp_path / "lease.docx")).passages
