"""A message is read as its reader sees it: the body however it was encoded, the pictures in it, each file attached."""

import base64
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest
from fpdf import FPDF
from PIL import Image as Pillow

from assistant.ports.vision import TextLine
from assistant.values.evidence import Box, Document, Location, Region, Section, Sheet
from assistant.values.limits import Limits
from assistant.values.messages import Message
from retrieval.loaders import parse
from retrieval.parse_context import ParseContext

HEAD = b"From: maria@example.org\r\nTo: dana@example.org\r\nSubject: Gate\r\nMIME-Version: 1.0\r\n"


def read(folder: Path, message: EmailMessage | bytes, limits: Limits | None = None, looks: bool = False) -> Document:
    path = folder / "mail.eml"
    path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
    context = ParseContext(limits or Limits(), folder=folder, read_picture=seen if looks else None)
    return parse(path, path.name, "message/rfc822", context)


def seen(
    picture: Pillow.Image, what: Message, at: Location | None = None, wordless: bool = False
) -> tuple[TextLine, ...]:
    """Reads one line out of a picture: how wide it is."""
    return (TextLine(f"{picture.width} wide", Region((Box(0, 0, 1, 1),)), 0.9),)


def mail(body: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "maria@example.org", "dana@example.org", "Gate"
    if body:
        message.set_content(body)
    return message


def body_of(document: Document) -> str:
    """What stands below the headers."""
    return document.passages[0].text.partition("\n\n")[2]


def placed(document: Document) -> list[tuple[str, Location]]:
    return [(passage.text, passage.location) for passage in document.passages[1:]]


def picture(width: int) -> bytes:
    made = io.BytesIO()
    Pillow.new("RGB", (width, 100), (width % 256, 0, 0)).save(made, "PNG")
    return made.getvalue()


def test_each_file_attached_to_an_empty_message_is_read_as_such_a_file(tmp_path: Path) -> None:
    message = mail()
    book = openpyxl.Workbook()
    book.active.title = "Prices"
    book.active.append(["Kit", "Price"])
    book.active.append(["Kestrel", 49])
    book.save(tmp_path / "kits.xlsx")
    paper = docx.Document()
    paper.add_heading("Rent", 1)
    paper.add_paragraph("It is 1,480.")
    paper.save(str(tmp_path / "lease.docx"))
    pdf = FPDF()
    pdf.set_font("Helvetica")
    for line in ("First.", "The code is 7429."):
        pdf.add_page()
        pdf.cell(text=line)
    pdf.output(str(tmp_path / "gate.pdf"))
    for name in ("kits.xlsx", "lease.docx", "gate.pdf"):
        message.add_attachment((tmp_path / name).read_bytes(), maintype="application", subtype="x-any", filename=name)
    message.add_attachment("Item;Price\nOil;12\n", filename="stock.csv", subtype="csv")
    document = read(tmp_path, message)
    assert body_of(document) == "Attachments: kits.xlsx, lease.docx, gate.pdf, stock.csv"
    assert placed(document) == [
        ("Kit | Price\nKit: Kestrel | Price: 49", Sheet("kits.xlsx, Prices", 1, 2)),
        ("It is 1,480.", Section("attachment lease.docx: Rent")),
        ("First.", Section("attachment gate.pdf, page 1")),
        ("The code is 7429.", Section("attachment gate.pdf, page 2")),
        ("Item | Price\nItem: Oil | Price: 12", Sheet("stock.csv", 1, 2)),
    ]
    assert document.notes == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gate.pdf", "kits.xlsx", "lease.docx", "mail.eml"]


def test_one_damaged_or_unknown_file_does_not_hide_the_others(tmp_path: Path) -> None:
    message = mail("See below.")
    message.add_attachment(b"PK\3\4word/document.xml", maintype="application", subtype="zip", filename="broken.docx")
    message.add_attachment(b"\0\1\2\3" * 9, maintype="application", subtype="octet-stream", filename="blob.bin")
    message.add_attachment("It is 7429.", filename="code.txt")
    document = read(tmp_path, message)
    assert placed(document) == [("It is 7429.", Section("attachment code.txt"))]
    assert any("broken.docx is damaged" in note for note in document.notes)
    assert any("blob.bin" in note for note in document.notes)


@pytest.mark.parametrize(
    "limits",
    [Limits(files_inside=2), Limits(file_bytes=2_500), Limits(inside_depth=0)],
    ids=["number", "bytes", "depth"],
)
def test_what_is_attached_is_read_within_limits(tmp_path: Path, limits: Limits) -> None:
    message = mail("Hello.")
    for number in range(3):
        message.add_attachment(f"{number}" * 1000, filename=f"{number}.txt")
    document = read(tmp_path, message, limits)
    assert len(document.passages) == (1 if limits.inside_depth == 0 else 3)
    (note,) = document.notes
    assert "mail.eml" in note
    assert "2.txt" in note


def test_a_message_in_a_message_is_read_only_so_deep(tmp_path: Path) -> None:
    message = mail("At the bottom.")
    for depth in range(6):
        outer = mail(f"Level {depth}.")
        outer.add_attachment(message)
        message = outer
    document = read(tmp_path, message)
    texts = "\n".join(passage.text for passage in document.passages)
    assert "Level 3." in texts
    assert "Level 1." not in texts
    assert document.notes


def test_pictures_in_the_text_and_beside_it_are_read(tmp_path: Path) -> None:
    message = mail("Plain words here.")
    message.add_alternative('<p>Plain words here.</p><img src="cid:plan">', subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    assert isinstance(html, EmailMessage)
    html.add_related(picture(200), "image", "png", cid="<plan>")
    message.add_attachment(picture(300), maintype="image", subtype="png", filename="ramp.png")
    document = read(tmp_path, message, looks=True)
    assert body_of(document) == "Plain words here.\n\n200 wide\n\nAttachments: ramp.png"
    assert placed(document) == [("300 wide", Section("attachment ramp.png"))]


def test_what_is_shown_counts_where_the_plain_text_is_a_stub(tmp_path: Path) -> None:
    message = mail("This message needs a viewer.")
    message.add_alternative(
        "<h2>Harbour</h2><p>The ferry leaves at 18:04 from the east pier, gate two, daily.</p>", subtype="html"
    )
    document = read(tmp_path, message)
    assert placed(document) == [("The ferry leaves at 18:04 from the east pier, gate two, daily.", Section("Harbour"))]


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1|8bit", "10 € – Größe".encode("cp1252"), "10 € – Größe"),
        ("text/plain; charset=us-ascii|7bit", "Größe".encode(), "Größe"),
        ("text/plain; charset=utf-8|8bit", "Größe der Tür".encode("cp1252"), "Größe der Tür"),
        ("text/plain; charset=x-unknown|8bit", "Größe".encode("cp1252"), "Größe"),
        ("text/plain|8bit", "Größe".encode("cp1252"), "Größe"),
        ("text/plain; charset=utf-8|7bit", b"Gr=C3=B6=C3=9Fe der T=\r\n=C3=BCr", "Größe der Tür"),
        ("text/plain; charset=cp1252|", b"Gr=F6=DFe", "Größe"),
        ("text/plain; charset=utf-8|quoted-printable", b"Gr=3DC3=3DB6=3DC3=3D9Fe", "Größe"),
        ("text/plain; charset=utf-8|quoted-printable", b"a=3Db and 1=3D1", "a=b and 1=1"),
        ("text/plain; charset=utf-8|quoted-printable", b"Gr=c3=b6=c3=9fe=  \r\n der T=C3=BCr", "Größe der Tür"),
        ("text/plain; charset=utf-8|7bit", b"x=1 and y=20", "x=1 and y=20"),
        ("text/plain; charset=utf-8|base64", base64.b64encode("Größe".encode()).rstrip(b"="), "Größe"),
        ("text/plain; charset=utf-8; format=flowed|7bit", b"One line \r\ngoes on.\r\nTwo", "One line goes on.\nTwo"),
        ("text/html; charset=iso-8859-1|8bit", "<meta charset=utf-8><p>5 €</p>".encode("cp1252"), "5 €"),
    ],
)
def test_a_body_is_read_whatever_is_claimed_of_its_letters(
    tmp_path: Path, headers: str, body: bytes, text: str
) -> None:
    kind, _, encoding = headers.partition("|")
    lines = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    assert body_of(read(tmp_path, HEAD + lines + body)) == text


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"=?utf-8?b?w7w=?= =?utf-8?b?w4M=?=", "üÃ"),
        (b"=?utf-8?q?caf=C3?= =?utf-8?q?=A9_noir?=", "café noir"),
        (b"=?x-none?q?Gr=F6=DFe?=", "Größe"),
        ("Größe".encode(), "Größe"),
        ("Größe".encode("cp1252"), "Größe"),
    ],
)
def test_a_subject_is_read_whatever_was_done_to_it(tmp_path: Path, line: bytes, shown: str) -> None:
    document = read(tmp_path, b"\xef\xbb\xbf\r\n" + HEAD.replace(b"Gate", line) + b"\r\nHello.")
    assert document.passages[0].location == Section(shown)
    assert f"Subject: {shown}" in document.passages[0].text


def test_text_between_and_behind_attachments_belongs_to_the_body(tmp_path: Path) -> None:
    boundary = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    parts = (
        b"Content-Type: text/plain\r\n\r\nBefore.\r\n",
        b'Content-Type: text/plain; name="=?utf-8?q?T=C3=BCr=2Etxt?="\r\nContent-Disposition: attachment\r\n'
        b"\r\nWithin.\r\n",
        b"Content-Type: text/plain\r\n\r\nAfter.\r\n",
    )
    document = read(tmp_path, boundary + b"".join(b"--b\r\n" + part for part in parts) + b"--b--\r\n")
    assert body_of(document) == "Before.\n\nAfter.\n\nAttachments: Tür.txt"
    assert placed(document) == [("Within.", Section("attachment Tür.txt"))]


def test_a_name_leads_nowhere(tmp_path: Path) -> None:
    message = mail("Hello.")
    message.add_attachment("Within.", filename="..\\..\\etc/passwd.txt")
    assert placed(read(tmp_path, message)) == [("Within.", Section("attachment passwd.txt"))]


def test_a_hostile_archive_within_a_message_does_no_harm(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 20_000_000)
    message = mail("Hello.")
    message.add_attachment(bomb.getvalue(), maintype="application", subtype="zip", filename="bomb.docx")
    document = read(tmp_path, message, Limits(document_characters=1_000_000))
    assert body_of(document) == "Hello.\n\nAttachments: bomb.docx"
    assert any("bomb.docx unpacks to 20 MB" in note for note in document.notes)
