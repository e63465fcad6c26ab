"""Pages, receipts, signs and tables drawn with text that is known, and what cameras and scanners do to them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from assistant.ports.vision import Description, TextLine

CJK = Path("/usr/share/fonts/opentype/noto")  # Debian's fonts-noto-cjk
SIMPLIFIED = 2  # the face of simplified Chinese in its collections

PROSE = (
    "The pump in hall 4 was serviced by Maria Ortiz on 23 March 2018. She replaced the seal,",
    "tightened eight bolts to 45 Nm and ran the motor for 30 minutes without load. The bearing",
    "temperature rose to 61 °C and stayed there. The next service is due after 500 hours, or in",
    "June, whichever comes first. Keep the valve closed while the motor is running, and do not",
    "open the housing under pressure. Spare parts are kept in cabinet B-17, second drawer. Call",
    "extension 4410 if the red lamp blinks; a steady light only means that the filter is full.",
)
RECEIPT = (
    ("CORNER HARDWARE", ""),
    ("14 Mill Lane, Leeds", ""),
    ("Pump seal 40 mm", "43.10"),
    ("Hex bolts M8 (8)", "6.40"),
    ("Labour 5 h", "550.00"),
    ("Discount", "-6.40"),
    ("TOTAL", "593.10"),
    ("VAT 20 % included", "98.85"),
    ("Paid by card 2018-03-23", ""),
)
SIGNS = (
    ("小心地滑", "请勿靠近水泵"),
    ("营业时间", "周一至周五上午九点至下午六点"),
    ("消防通道", "禁止停车", "违者拖离"),
    ("欢迎光临本店", "今日特价红烧牛肉面二十八元"),
)
TABLE = (
    ("Part", "Quantity", "Price", "Shelf"),
    ("Seal", "2", "43.10", "B-17"),
    ("Bolt M8", "8", "6.40", "A-03"),
    ("Filter", "1", "19.95", "C-11"),
    ("Belt", "3", "27.50", "A-09"),
)


@dataclass(frozen=True)
class Drawn:
    """A picture and the lines in it, in reading order; the pieces of a line with two spaces between them."""

    picture: Image.Image
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def font(size: int, style: str = "Sans", weight: str = "Regular") -> ImageFont.FreeTypeFont:
    """size: pixels from line to line, about; Latin and Chinese. style: Sans, Serif."""
    return ImageFont.truetype(str(CJK / f"Noto{style}CJK-{weight}.ttc"), size, index=SIMPLIFIED)


def page(size: int, style: str = "Serif", lines: Sequence[str] = PROSE) -> Drawn:
    """Running text, a line below the other. size: of its letters, in pixels."""
    face = font(size, style)
    wide = round(max(face.getlength(line) for line in lines)) + 4 * size
    picture = Image.new("RGB", (wide, round(size * (1.6 * len(lines) + 3))), "white")
    pen = ImageDraw.Draw(picture)
    for n, line in enumerate(lines):
        pen.text((2 * size, size * (1 + 1.6 * n)), line, font=face, fill=(25, 25, 30))
    return Drawn(picture, tuple(lines))


def receipt(size: int, style: str = "Sans") -> Drawn:
    """Names at the left and sums at the right edge."""
    face = font(size, style)
    wide = 22 * size
    picture = Image.new("RGB", (wide, round(size * (1.7 * len(RECEIPT) + 2))), (252, 251, 246))
    pen = ImageDraw.Draw(picture)
    for n, (what, price) in enumerate(RECEIPT):
        top = size * (0.8 + 1.7 * n)
        pen.text((size, top), what, font=face, fill=(40, 40, 40))
        pen.text((wide - size - face.getlength(price), top), price, font=face, fill=(40, 40, 40))
    return Drawn(picture, tuple("  ".join(filter(None, row)) for row in RECEIPT))


def sign(size: int, lines: Sequence[str] = SIGNS[0], dark: bool = True) -> Drawn:
    """A few Chinese words, large ones first, light on dark or dark on yellow."""
    ground, ink = ((20, 60, 140), "white") if dark else ((250, 205, 40), (10, 10, 10))
    faces = [font(size if n == 0 else round(0.7 * size), "Sans", "Bold") for n in range(len(lines))]
    wide = round(max(face.getlength(line) for face, line in zip(faces, lines, strict=True)) + 2 * size)
    picture = Image.new("RGB", (wide, round(size * (1.5 * len(lines) + 1.2))), ground)
    pen = ImageDraw.Draw(picture)
    for n, (face, line) in enumerate(zip(faces, lines, strict=True)):
        pen.text(((wide - face.getlength(line)) / 2, size * (0.4 + 1.5 * n)), line, font=face, fill=ink)
    return Drawn(picture, tuple(lines))


def table(size: int, ruled: bool, rows: Sequence[Sequence[str]] = TABLE, title: str = "Stock on 3 May") -> Drawn:
    """Words at the left of their columns, numbers at the right; `lines` has the cells of a row with bars between."""
    face, across = font(size), len(rows[0])
    column, down = round(7.5 * size), round(2.1 * size)
    picture = Image.new("RGB", (across * column + 4 * size, len(rows) * down + 5 * size), "white")
    pen = ImageDraw.Draw(picture)
    pen.text((2 * size, 0.6 * size), title, font=face, fill="black")
    top = round(2.8 * size)
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            left, number = 2 * size + c * column, cell.replace(".", "").isdigit()
            at = left + column - 0.6 * size - face.getlength(cell) if number else left + 0.6 * size
            pen.text((at, top + r * down + 0.25 * size), cell, font=face, fill="black")
    if ruled:
        for r in range(len(rows) + 1):
            pen.line((2 * size, top + r * down, 2 * size + across * column, top + r * down), "black", 2)
        for c in range(across + 1):
            left = 2 * size + c * column
            pen.line((left, top, left, top + len(rows) * down), "black", 2)
    return Drawn(picture, (title, *(" | ".join(filter(None, row)) for row in rows)))


def noisy(picture: Image.Image, grains: float = 8.0, seed: int = 1) -> Image.Image:
    """As a small sensor in a dim room. grains: standard deviation, of 255."""
    levels = numpy.asarray(picture, dtype=numpy.float32)
    noise = numpy.random.default_rng(seed).normal(0, grains, levels.shape)
    return Image.fromarray((levels + noise).clip(0, 255).astype(numpy.uint8))


def squeezed(picture: Image.Image, quality: int = 45) -> Image.Image:
    """As JPEG, and back."""
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality)
    return Image.open(data).convert("RGB")


def blurred(picture: Image.Image, pixels: float = 0.8) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(pixels))


def askew(picture: Image.Image, degrees: float) -> Image.Image:
    """Held a little askew, with the table below it showing."""
    ground = picture.getpixel((0, 0))
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)  # type: ignore[arg-type]


def errors(read: str, meant: str) -> int:
    """Letters to change, add or take away until the one is the other (Levenshtein); white space does not count."""
    left, right = "".join(read.split()), "".join(meant.split())
    before = list(range(len(right) + 1))
    for n, letter in enumerate(left, 1):
        now = [n]
        for m, other in enumerate(right, 1):
            now.append(min(before[m] + 1, now[-1] + 1, before[m - 1] + (letter != other)))
        before = now
    return before[-1]


def as_drawn(description: Description) -> str:
    """What was read, a line below the other, as `Drawn.lines` has it."""
    return "\n".join(_plain(line) for line in description.lines)


def _plain(line: TextLine) -> str:
    """Cells without what heads their column."""
    cells = (line.text[cell.start : cell.end].rpartition(": ")[2] for cell in line.cells)
    return " | ".join(cells) if line.cells else line.text
