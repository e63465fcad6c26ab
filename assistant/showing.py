"""Evidence as something to look at: a page with its words highlighted, a picture with its part outlined, a quote
within its text. Knows no browser.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import media
from assistant.errors import BadInput
from assistant.evidence import Box, Page, Region
from assistant.limits import Limits
from assistant.pdfium import pdfium_lock

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH = 1200  # pixels: sharp on a phone, readable beside a chat
_MOST_PIXELS = 4_000_000  # a page may be a banner ten metres long
_HIGHLIGHT = (255, 225, 60)
_ON_DARK = (120, 100, 0)
_OUTLINE = (220, 38, 38)
_LIMITS = Limits()


@dataclass(frozen=True)
class Excerpt:
    """A quote in its surroundings; the three together are the text as it was read."""

    before: str
    quote: str
    after: str


def page_picture(path: Path, at: Page, name: str = "", password: str = "") -> "Image":
    """The page of a PDF as a picture, the boxes highlighted as with a marker. Raises BadInput."""
    import pypdfium2

    name = name or path.name
    try:
        with pdfium_lock:
            pdf = pypdfium2.PdfDocument(path, password=password or None)
            try:
                pdf.init_forms()  # or what was filled in would be missing
                drawn = _drawn(pdf, at, name)
            finally:
                pdf.close()
    except pypdfium2.PdfiumError as error:
        raise BadInput(f"I cannot draw page {at.number} of {name}: it is damaged, or locked.") from error
    return _highlighted(drawn, at.boxes)


def picture_with_region(path: Path, region: Region, limits: Limits = _LIMITS, name: str = "") -> "Image":
    """The picture, upright, with its boxes outlined; small ones keep their pixels. Raises BadInput."""
    from PIL import ImageDraw

    picture = media.open_picture(path, limits, name)
    picture.thumbnail((WIDTH, WIDTH))
    draw = ImageDraw.Draw(picture)
    room, thick = max(4, picture.width // 150), max(3, picture.width // 250)
    for box in region.boxes:
        left, top, right, bottom = _pixels(box, picture)
        edges = (max(0, left - room), max(0, top - room))
        draw.rounded_rectangle(
            (*edges, min(picture.width - 1, right + room), min(picture.height - 1, bottom + room)),
            radius=2 * thick,
            outline=_OUTLINE,
            width=thick,
        )
    return picture


def excerpt(quote: str, context: str) -> Excerpt:
    """The quote within its text, however its white space falls there; alone where it does not stand in it."""
    words = quote.split()
    found = re.search(r"\s+".join(map(re.escape, words)), context) if words else None
    if found is None:
        return Excerpt("", quote.strip(), "")
    return Excerpt(context[: found.start()].lstrip("\n"), found.group(), context[found.end() :].rstrip())


def _drawn(pdf: Any, at: Page, name: str) -> "Image":
    """Drawn no larger than is looked at, whatever size the page claims."""
    from PIL import Image

    if not 1 <= at.number <= len(pdf):
        raise BadInput(f"{name} has no page {at.number}.")
    page = pdf[at.number - 1]
    try:
        width, height = page.get_size()
        scale = min(WIDTH / width, (_MOST_PIXELS / (width * height)) ** 0.5)
        if width * scale < 1 or height * scale < 1:
            raise BadInput(f"Page {at.number} of {name} is too thin to be drawn.")
        bitmap = page.render(scale=scale)
        try:
            drawn = bitmap.to_pil()
            return Image.frombytes("RGB", drawn.size, drawn.convert("RGB").tobytes())  # its own, not PDFium's memory
        finally:
            bitmap.close()
    finally:
        page.close()


def _highlighted(picture: "Image", boxes: tuple[Box, ...]) -> "Image":
    """As a marker does it: the colour dyes the paper and leaves the letters; dark paper is brightened instead."""
    from PIL import Image, ImageChops, ImageDraw, ImageStat

    dark = ImageStat.Stat(picture.convert("L")).mean[0] < 96
    marks = Image.new("RGB", picture.size, "black" if dark else "white")
    draw = ImageDraw.Draw(marks)
    room = picture.width // 300
    for box in boxes:
        left, top, right, bottom = _pixels(box, picture)
        draw.rectangle((left - room, top - room, right + room, bottom + room), fill=_ON_DARK if dark else _HIGHLIGHT)
    return ImageChops.screen(picture, marks) if dark else ImageChops.multiply(picture, marks)


def _pixels(box: Box, picture: "Image") -> tuple[int, int, int, int]:
    return (
        round(box.left * picture.width),
        round(box.top * picture.height),
        round(box.right * picture.width),
        round(box.bottom * picture.height),
    )
