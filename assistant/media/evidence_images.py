"""Evidence as something to look at: a page with its words highlighted, a picture with its part outlined, a quote
within its text. Knows no browser.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import media
from assistant.media.pdf_page_worker import LOCKED, NO_MEMORY, NO_SUCH_PAGE, TOO_THIN
from assistant.values.errors import BadInput, Locked
from assistant.values.evidence import Box, Page, Region
from assistant.values.limits import Limits
from assistant.values.messages import Message, say

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH = 1200  # pixels: sharp on a phone, readable beside a chat
DRAWING_SECONDS = 20.0  # longer than that nobody waits for a page
_MOST_PIXELS = 4_000_000  # a page may be a banner ten metres long
_TALL, _WIDE = 3, 6  # times as high as wide, as wide as high
_LONGEST = 16_000  # pixels of a side, which WebP takes
_HIGHLIGHT = (255, 225, 60)
_ON_DARK = (120, 100, 0)
_OUTLINE = (220, 38, 38)
_LIMITS = Limits()
_DRAW = Path(__file__).with_name("pdf_page_worker.py")  # run by its path: it needs no more than it imports itself
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")
_PPM = re.compile(rb"P6\s(\d{1,5})\s(\d{1,5})\s255\s")


@dataclass(frozen=True)
class Excerpt:
    """A quote in its surroundings; the three together are the text as it was read."""

    before: str
    quote: str
    after: str


def page_picture(path: Path, at: Page, limits: Limits = _LIMITS, name: str = "", password: str = "") -> "Image":
    """The page of a PDF as a picture, the boxes highlighted as with a marker. Raises BadInput.

    Drawn by a process of its own, within the limits for parsing: files are not trusted.
    """
    from PIL import Image

    name = name or path.name
    if at.number < 1:  # 0 asks for the number of pages
        raise BadInput(_why(NO_SUCH_PAGE, at.number, name))
    written = _run(path, at.number, limits, name, password)
    header = _PPM.match(written)
    if header is None or len(written) - header.end() != 3 * int(header[1]) * int(header[2]):
        raise BadInput(_why(0, at.number, name))
    drawn = Image.frombytes("RGB", (int(header[1]), int(header[2])), written[header.end() :])
    return _highlighted(drawn, at.boxes)


def page_count(path: Path, limits: Limits = _LIMITS, name: str = "") -> int:
    """Of a PDF. Raises BadInput, Locked where it takes a password."""
    name = name or path.name
    counted = _run(path, 0, limits, name, "")
    return int(counted) if counted.isdigit() else 0


def _run(path: Path, number: int, limits: Limits, name: str, password: str) -> bytes:
    """What the process that draws has to say of this page; of page 0, how many there are."""
    seconds = round(min(DRAWING_SECONDS, limits.parse_seconds))
    numbers = (number, WIDTH, _MOST_PIXELS, limits.parse_bytes, seconds)
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_DRAW), str(path), *map(str, numbers)],
            input=password.encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
            env={key: os.environ[key] for key in _INHERITED if key in os.environ},
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput(say("Page {number} of {name} takes too long to draw.", number=number, name=name)) from error
    if done.returncode:
        kind = Locked if done.returncode == LOCKED else BadInput
        raise kind(_why(done.returncode, number, name))
    return done.stdout


def _why(status: int, number: int, name: str) -> Message:
    """What it means that the process that draws ended with this status."""
    damaged = (
        say("I cannot draw page {number} of {name}: it is damaged.", number=number, name=name)
        if number
        else say("{name} is damaged and cannot be shown. Save it again and give me the new file.", name=name)
    )
    return {
        NO_SUCH_PAGE: say("{name} has no page {number}.", name=name, number=number),
        LOCKED: say("{name} is locked with a password, which I do not keep, so I cannot draw its page.", name=name),
        TOO_THIN: say("Page {number} of {name} is too thin to be drawn.", number=number, name=name),
        NO_MEMORY: say(
            "Page {number} of {name} takes more memory to draw than I allow a file.", number=number, name=name
        ),
    }.get(status, damaged)


def picture_with_region(path: Path, region: Region, limits: Limits = _LIMITS, name: str = "") -> "Image":
    """The picture, upright, with its boxes outlined; small ones keep their pixels. Raises BadInput."""
    from PIL import ImageDraw

    picture = media.open_picture(path, limits, name, max(region.frame - 1, 0))
    picture.thumbnail(_shown_size(picture))
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


def _shown_size(picture: "Image") -> tuple[int, int]:
    """What it has to fit into: a very tall or wide one is scrolled along, so that its letters can still be read."""
    long, short = max(picture.size), min(picture.size)
    if picture.height <= _TALL * picture.width and picture.width <= _WIDE * picture.height:
        return WIDTH, WIDTH
    scale = min(1.0, (_MOST_PIXELS / (long * short)) ** 0.5, _LONGEST / long)
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))


def excerpt(quote: str, context: str) -> Excerpt:
    """The quote within its text, however its white space falls there; alone where it does not stand in it."""
    words = quote.split()
    found = re.search(r"\s+".join(map(re.escape, words)), context) if words else None
    if found is None:
        return Excerpt("", quote.strip(), "")
    return Excerpt(context[: found.start()].lstrip("\n"), found.group(), context[found.end() :].rstrip())


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
