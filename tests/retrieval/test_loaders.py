"""Documents are read with the exact place of every line, and what cannot be read is refused in plain words."""

import threading
import zipfile
from pathlib import Path

import docx
import pypdfium2
import pytest
from fpdf import FPDF
from fpdf.encryption import EncryptionMethod  # type: ignore[attr-defined]

from assistant.intake.modalities.document import TextDocument
from assistant.values.errors import BadInput
from assistant.values.evidence import Box, Document, Page, Section
from assistant.values.limits import Limits
from retrieval.loaders import extensions, load_document, media_types

LIMITS = Limits()
DRAWN = "(a drawing)"
CJK_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def read(path: Path) -> Document:
    return load_document(path, path.name, LIMITS)


def a_pdf(folder: Path, *pages: str, name: str = "lease.pdf", rotate: int = 0) -> Path:
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_font("Helvetica", size=14)
    for text in pages:
        pdf.add_page()
        for row, line in enumerate(text.split("\n")):
            if line == DRAWN:
                pdf.rect(60, 100, 200, 80, style="F")
            else:
                pdf.text(60, 100 + 40 * row, line)
    pdf.output(str(folder / name))
    if rotate:
        turned = pypdfium2.PdfDocument(folder / name)
        for page in turned:
            page.set_rotation(rotate)
        turned.save(folder / f"turned-{name}")
        turned.close()
        return folder / f"turned-{name}"
    return folder / name


def a_file(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def ink(path: Path, page: int) -> Box:
    """The smallest box around everything dark on the page as it is shown."""
    with pypdfium2.PdfDocument(path) as pdf:
        shown = pdf[page - 1].render(scale=2).to_numpy().min(axis=2) < 128
    rows, columns = shown.any(axis=1).nonzero()[0], shown.any(axis=0).nonzero()[0]
    height, width = shown.shape
    return Box(columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height)


def edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def test_each_page_of_a_pdf_is_a_passage(tmp_path: Path) -> None:
    document = read(a_pdf(tmp_path, "The rent is 1,200 euros.", "Pets are not allowed."))
    assert [(passage.text, passage.location) for passage in document.passages] == [
        ("The rent is 1,200 euros.", Page(1)),
        ("Pets are not allowed.", Page(2)),
    ]
    assert (document.units, document.medium, document.notes, len(document.source_id)) == (2, "text", (), 64)


def test_every_line_of_a_pdf_has_its_place(tmp_path: Path) -> None:
    (passage,) = read(a_pdf(tmp_path, "First line\nsecond line\nthird")).passages
    assert passage.text == "First line\nsecond line\nthird"
    lines = [passage.text[place.start : place.end] for place in passage.places]
    assert lines == ["First line", "second line", "third"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_box_of_a_line_is_where_its_ink_is(tmp_path: Path, rotate: int) -> None:
    path = a_pdf(tmp_path, "Handgloves", rotate=rotate)
    (passage,) = read(path).passages
    location = passage.places[0].location
    assert isinstance(location, Page)
    (box,) = location.boxes
    assert edges(box) == pytest.approx(edges(ink(path, 1)), abs=0.01)


def test_a_word_broken_over_two_lines_is_whole_again_and_has_both_places(tmp_path: Path) -> None:
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_font("Helvetica", size=14)
    pdf.add_page()
    pdf.set_xy(20, 20)
    pdf.multi_cell(200, 20, "You must pay in ad-\nvance every month")
    pdf.output(str(tmp_path / "broken.pdf"))
    (passage,) = read(tmp_path / "broken.pdf").passages
    assert passage.text == "You must pay in advance every month"
    assert [passage.text[place.start : place.end] for place in passage.places] == [
        "You must pay in ad",
        "vance every month",
    ]


@pytest.mark.skipif(not CJK_FONT.exists(), reason=f"no Chinese font at {CJK_FONT}")
def test_a_chinese_pdf_is_read(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.add_font("cjk", fname=CJK_FONT, collection_font_number=2)
    pdf.set_font("cjk", size=16)
    pdf.text(20, 40, "租金每月一千二百欧元。")
    pdf.output(str(tmp_path / "租约.pdf"))
    (passage,) = read(tmp_path / "租约.pdf").passages
    assert passage.text == "租金每月一千二百欧元。"
    assert passage.places[0].location != Page(1)


def test_a_page_without_text_is_named_in_a_note(tmp_path: Path) -> None:
    document = read(a_pdf(tmp_path, "One", DRAWN, "Three", DRAWN, DRAWN))
    assert [passage.location for passage in document.passages] == [Page(1), Page(3)]
    assert document.units == 5
    assert document.notes == (
        "Page 2 has no text I can read; it may be a scan.",
        "Pages 4 to 5 have no text I can read; they may be scans.",
    )


def test_a_blank_page_is_passed_over(tmp_path: Path) -> None:
    document = read(a_pdf(tmp_path, "One", "", "Three"))
    assert [passage.location for passage in document.passages] == [Page(1), Page(3)]
    assert document.notes == ()


def test_a_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption("owner", "user", encryption_method=EncryptionMethod.RC4)
    pdf.output(str(tmp_path / "secret.pdf"))
    with pytest.raises(BadInput, match=r"^secret\.pdf is locked with a password\."):
        read(tmp_path / "secret.pdf")


def test_what_a_parser_says_can_be_said_in_another_language(tmp_path: Path) -> None:
    """Though it says so in a process of its own."""
    with pytest.raises(BadInput) as refused:
        read(a_file(tmp_path, "cut.pdf", a_pdf(tmp_path, "The rent is due.").read_bytes()[:300]))
    assert refused.value.message.id.startswith("{name} is damaged, or no PDF.")
    assert refused.value.message.values == {"name": "cut.pdf"}
    (note,) = read(a_file(tmp_path, "empty.txt", b" ")).notes
    assert (note.id, note.values) == ("{name} holds no text.", {"name": "empty.txt"})


def test_a_truncated_pdf_is_refused(tmp_path: Path) -> None:
    whole = a_pdf(tmp_path, "The rent is due.").read_bytes()
    with pytest.raises(BadInput, match=r"cut\.pdf is damaged"):
        read(a_file(tmp_path, "cut.pdf", whole[: len(whole) // 3]))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nothing\.pdf is empty"):
        read(a_file(tmp_path, "nothing.pdf", b""))


def test_a_recording_named_pdf_is_no_document(tmp_path: Path) -> None:
    wav = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\0\0\0\0"
    with pytest.raises(BadInput, match=r"I cannot read voice\.pdf as a document: it is audio/wav"):
        read(a_file(tmp_path, "voice.pdf", wav))


def test_a_pdf_with_too_many_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"lease\.pdf has 3 pages; I read up to 2"):
        load_document(a_pdf(tmp_path, "1", "2", "3"), "lease.pdf", Limits(document_pages=2))


def test_pdfs_can_be_read_by_several_threads(tmp_path: Path) -> None:
    paths = [a_pdf(tmp_path, *[f"Page {page} of {name}" for page in range(20)], name=f"{name}.pdf") for name in "abcd"]
    read_texts: dict[Path, int] = {}

    def work(path: Path) -> None:
        read_texts[path] = sum(path.stem in passage.text for passage in read(path).passages)

    threads = [threading.Thread(target=work, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(read_texts.values()) == [20, 20, 20, 20]


def test_a_word_document_has_its_headings_and_tables_as_rows(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Before any heading.")
    document.add_heading("Costs", 1)
    document.add_paragraph("All prices in euros.")
    table = document.add_table(2, 2)
    for cell, text in zip([*table.row_cells(0), *table.row_cells(1)], ["Item", "Price", "Heating", "80"], strict=True):
        cell.text = text
    document.add_heading("Signatures", 2)
    document.save(str(tmp_path / "lease.docx"))
    assert [(passage.text, passage.location) for passage in read(tmp_path / "lease.docx").passages] == [
        ("Before any heading.", Section("")),
        ("All prices in euros.\n\nItem | Price\nHeating | 80", Section("Costs")),
        ("Signatures", Section("Signatures")),
    ]


def test_a_merged_cell_is_read_once(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(0, 2).text = "narrow"
    document.save(str(tmp_path / "merged.docx"))
    assert read(tmp_path / "merged.docx").passages[0].text == "wide | narrow"


def test_a_damaged_word_document_is_refused(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "whole.docx"))
    with (
        zipfile.ZipFile(tmp_path / "whole.docx") as whole,
        zipfile.ZipFile(tmp_path / "broken.docx", "w") as broken,
    ):
        for member in whole.namelist():
            content = whole.read(member)
            broken.writestr(member, content[:200] if member == "word/document.xml" else content)
    with pytest.raises(BadInput, match=r"broken\.docx is damaged"):
        read(tmp_path / "broken.docx")


def test_a_truncated_word_document_is_refused(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "whole.docx"))
    whole = (tmp_path / "whole.docx").read_bytes()
    with pytest.raises(BadInput, match=r"cut\.docx"):
        read(a_file(tmp_path, "cut.docx", whole[: len(whole) // 2]))


def test_an_old_word_document_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"letter\.doc is in the old format of Office .* Save it as \.docx"):
        read(a_file(tmp_path, "letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 20_000_000)
    assert (tmp_path / "bomb.docx").stat().st_size < 100_000
    with pytest.raises(BadInput, match=r"bomb\.docx unpacks to 20 MB"):
        load_document(tmp_path / "bomb.docx", "bomb.docx", Limits(document_characters=1_000_000))


@pytest.mark.parametrize(
    ("encoding", "text", "note"),
    [
        ("utf-8", "租金每月一千二百欧元 naïve", ""),
        ("utf-8-sig", "Größe", ""),
        ("utf-16", "租金 rent", ""),
        ("gb18030", "租金每月一千二百欧元。押金两个月。", "GB18030"),
        ("cp1252", "Die Größe der Wohnung – naïve café €", "Windows-1252"),
    ],
)
def test_text_is_read_in_its_encoding_and_a_guess_is_said(tmp_path: Path, encoding: str, text: str, note: str) -> None:
    document = read(a_file(tmp_path, "notes.txt", text.encode(encoding)))
    assert [passage.text for passage in document.passages] == [text]
    assert note in "".join(document.notes)
    assert bool(document.notes) == bool(note)


def test_markdown_is_read_by_its_headings(tmp_path: Path) -> None:
    source = (
        "Intro with a [link](https://example.org).\n\n# Costs #\n\nThe rent is **1,200** euros.\n"
        "| Item | Price |\n|---|---:|\n| Heating | 80 |\n\nHouse rules\n-----------\nNo pets.\n\n"
        "```\n# not a heading\n```\n"
    )
    assert [(p.text, p.location) for p in read(a_file(tmp_path, "lease.md", source)).passages] == [
        ("Intro with a link.", Section("")),
        ("The rent is 1,200 euros.\nItem | Price\nHeating | 80", Section("Costs")),
        ("No pets.\n\n# not a heading", Section("House rules")),
    ]


def test_a_web_page_is_read_without_its_scripts(tmp_path: Path) -> None:
    source = (
        "<?xml version='1.0'?><!DOCTYPE html><html><head><title>T</title><style>p{}</style></head><body>"
        "<p>Before <b>all</b>.</p><script>evil()</script><h2>Costs</h2><div>Rent<br>due<!-- secret --></div>"
        "<table><tr><th>Item</th><th>Price</th></tr><tr><td>Heating</td><td>80</td></tr></table>"
        "<p hidden>unseen</p></body></html>"
    )
    assert [(p.text, p.location) for p in read(a_file(tmp_path, "page.html", source)).passages] == [
        ("Before all.", Section("")),
        ("Rent\ndue\n\nItem | Price\nHeating | 80", Section("Costs")),
    ]


def test_a_web_page_reads_no_file_of_ours(tmp_path: Path) -> None:
    source = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>Hello &x;</p></body></html>'
    (passage,) = read(a_file(tmp_path, "page.html", source)).passages
    assert "root:" not in passage.text
    assert "Hello" in passage.text


def test_a_web_page_nested_without_end_does_no_harm(tmp_path: Path) -> None:
    source = "<html><body>" + "<div>" * 20_000 + "deep"
    assert len(read(a_file(tmp_path, "deep.html", source)).passages) <= 1


def test_a_document_without_text_is_no_error_but_says_so(tmp_path: Path) -> None:
    document = read(a_file(tmp_path, "blank.txt", " \n\n "))
    assert document.passages == ()
    assert document.notes == ("blank.txt holds no text.",)


def test_a_text_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"long\.txt holds more than 10 characters"):
        load_document(a_file(tmp_path, "long.txt", "a" * 11), "long.txt", Limits(document_characters=10))


def test_the_upload_box_offers_what_the_loaders_read() -> None:
    offered = TextDocument()
    assert set(extensions()) == set(offered.extensions)
    assert all(offered.takes(kind) for kind in media_types())
