"""The address of a piece of evidence, as viewers and browsers understand it: "report.pdf#page=3"."""

import re
from urllib.parse import quote

from assistant.values.evidence import Box, Lines, Location, Page, Region, Seconds, Section, Sheet, Slide

_WORDS = 8  # of a quote are enough to find it


def link(source: str, location: Location, words: str) -> str:
    """`source` with a fragment: PDF open parameters, W3C media fragments, or a text fragment of the quote.

    A sheet has no standard that names it; its rows are given as RFC 7111 does for CSV. Nor has a slide.
    """
    name = quote(source, safe="")
    match location:
        case Page(number, _):
            return f"{name}#page={number}"
        case Slide(number, _):
            return f"{name}#slide={number}"
        case Seconds(start, end):
            return f"{name}#t={start:.1f},{end:.1f}"
        case Region(boxes):
            return f"{name}#xywh=percent:{_around(boxes)}" if boxes else name
        case Sheet(sheet, first, last):
            return f"{name}#" + (f"sheet={quote(sheet, safe='')}&" if sheet else "") + f"row={first}-{last}"
        case Section():
            return f"{name}#:~:text={found}" if (found := _text_fragment(words)) else name
        case Lines(first, last):
            return f"{name}#line={first - 1},{last}"  # RFC 5147 counts the gaps between lines, from 0


def _around(boxes: tuple[Box, ...]) -> str:
    """The rectangle around all boxes: left, top, width and height in percent."""
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return ",".join(f"{100 * edge:.1f}" for edge in (left, top, right - left, bottom - top))


def _text_fragment(words: str) -> str:
    """The first words of a quote's first line; "-" and "," mean something there."""
    line = next((line for line in words.splitlines() if line.strip()), "")
    first = " ".join(re.split(r"\s+", line.strip())[:_WORDS])[:80]
    return quote(first, safe="").replace("-", "%2D")
