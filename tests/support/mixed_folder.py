"""A folder with one file of every kind, each holding one thing that none of the others holds."""

import zipfile
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFont

from assistant.media import read_samples
from tests.support import media_made as made

CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SPEECH_BEGINS = 20.0  # seconds into speech.wav
REPORT = [
    "Site handbook. Helmets are worn at all times near the machines of the plant.",
    "Compressors. The Falcon-2 compressor was inspected by Peter Hall. Its filter was changed in January 2024.",
    "Maintenance report. The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz. The seal was replaced and "
    "the impeller cleaned. The next service is due in September 2025.",
]
SCANNED = (
    ("Parking", "Visitors park behind", "the warehouse."),
    ("Canteen", "Lunch is served until", "2:45 pm on weekdays."),
)


def fill(folder: Path) -> list[Path]:
    """report.pdf, lease.docx, plans.pptx, costs.xlsx, tales.epub, scan.pdf, receipt.png and speech.wav, and 海报.png
    where there is a font for it."""
    makers = {
        "report.pdf": report,
        "lease.docx": lease,
        "plans.pptx": plans,
        "costs.xlsx": costs,
        "tales.epub": tales,
        "scan.pdf": scan,
        "receipt.png": receipt,
        "speech.wav": speech,
        **({"海报.png": poster} if CJK.is_file() else {}),
    }
    for name, make in makers.items():
        make(folder / name)
    return [folder / name for name in makers]


def report(path: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for text in REPORT:
        pdf.add_page()
        pdf.multi_cell(0, 8, text)
    pdf.output(str(path))


def lease(path: Path) -> None:
    import docx

    written = docx.Document()
    for heading, text in (
        ("Rent", "The rent of 1,200 euros falls due on the first working day of each month."),
        ("Deposit", "The tenant pays a deposit of two months' rent, which bears interest."),
        ("Animals", "Animals of any kind need the landlord's consent in writing."),
    ):
        written.add_heading(heading)
        written.add_paragraph(text)
    written.save(str(path))


def plans(path: Path) -> None:
    import pptx
    from pptx.util import Inches

    shown = pptx.Presentation()
    for text in (
        "Plans for the coming year",
        "The new office in Lisbon opens in May with forty desks",
        "Hiring: six engineers and a designer",
    ):
        slide = shown.slides.add_slide(shown.slide_layouts[6])
        slide.shapes.add_textbox(Inches(1), Inches(1), Inches(6), Inches(1)).text_frame.text = text
    shown.save(str(path))


def costs(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Workshop"
    for row in (["Item", "Price"], ["Welding gloves", 18], ["Gearbox oil", 76.4], ["Torque wrench", 129]):
        book.active.append(row)
    journeys = book.create_sheet("Journeys")
    for row in (["Traveller", "Destination", "Kilometres"], ["Aiko", "Oslo", 640], ["Bram", "Ghent", 212]):
        journeys.append(row)
    book.save(path)


def tales(path: Path) -> None:
    chapters = {
        "The Lighthouse": "Every evening old Marta climbed the lighthouse and lit the lamp with a single match.",
        "The Orchard": "The apples of the orchard were picked by the twins before the first frost came.",
    }
    items = "".join(
        f'<item id="c{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        root = '<container xmlns="urn:x"><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
        book.writestr("META-INF/container.xml", root)
        book.writestr("book.opf", f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>")
        for number, (title, text) in enumerate(chapters.items()):
            book.writestr(f"{number}.xhtml", f"<html><body><h1>{title}</h1><p>{text}</p></body></html>")


def scan(path: Path) -> None:
    """Two pages that are pictures and hold no text."""
    pages = [
        made.picture([(60, 60 + 90 * row, line) for row, line in enumerate(lines)], (800, 1000), 48)
        for lines in SCANNED
    ]
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=100)


def receipt(path: Path) -> None:
    """A receipt photographed on a table: a little crooked, and not quite white."""
    paper = made.picture(
        [
            (40, 30 + 70 * row, line)
            for row, line in enumerate(("CORNER STORE", "Espresso machine 580.60", "Filters 12.50", "Total 593.10"))
        ],
        (640, 340),
        34,
    )
    table = Image.new("RGB", (820, 560), (110, 90, 70))
    table.paste(paper.rotate(2, expand=True, fillcolor=(110, 90, 70), resample=Image.Resampling.BICUBIC), (80, 80))
    grain = numpy.random.default_rng(3).normal(0, 6, (560, 820, 1))
    Image.fromarray((numpy.asarray(table) + grain).clip(0, 255).astype("uint8")).save(path)


def poster(path: Path) -> None:
    drawn = Image.new("RGB", (760, 520), (245, 235, 200))
    pen = ImageDraw.Draw(drawn)
    font = ImageFont.truetype(str(CJK), 52)
    for row, line in enumerate(("春季音乐会", "晚上七点半开始", "地点：人民公园", "门票三十元")):
        pen.text((80, 50 + row * 110), line, fill=(120, 20, 20), font=font)
    drawn.save(path)


def speech(path: Path) -> None:
    """A quiet room, then the speech."""
    made.write_wav(path, numpy.concatenate([made.noise(SPEECH_BEGINS, 0.003), read_samples(made.JFK)]))
