"""The text layer of one PDF page: its lines in reading order, where each was printed, and whether it can be trusted."""

import ctypes
import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from assistant.values.evidence import Box, Page, Passage, TextSpan
from retrieval.printed_headings import PrintedLine

_FRACTION = 100_000
_HYPHEN = "\x02"  # PDFium puts it where a line ends inside a word, in place of hyphen and newline
_WIDE = 1.8  # times the height of the letters: between words of a sentence there is less, between cells more
_SAMPLED = 300  # letters of a page that are looked at
_ODD = 0.3  # share of them without a meaning that spoils the text

Rect = tuple[float, float, float, float]  # left, bottom, right, top in points, from the bottom left


@dataclass
class _TextRow:
    """A printed line: its letters, PDFium's number of each, and whether the word at its end goes on in the next."""

    letters: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    goes_on: bool = False


@dataclass(frozen=True)
class TextLayer:
    """The text of a page."""

    passage: Passage
    """With a place for each line."""
    sound: bool
    """Whether its letters mean anything."""
    lines: tuple[PrintedLine, ...]
    """How they were printed."""


def read_page(page: Any, number: int) -> TextLayer:
    """Raises PdfiumError."""
    words = page.get_textpage()
    try:
        lines = _lines(words)
        text, places, printed = "", [], []
        for line in lines:
            rects = _rects(words, line)
            printed.append(_printed(words, line, rects))
            shown = _with_gaps(words, line, rects)
            if boxes := _boxes(page, rects):
                places.append(TextSpan(len(text), len(text) + len(shown), Page(number, boxes)))
            text += shown if line.goes_on else shown + "\n"
        passage = Passage(text.rstrip("\n"), Page(number), tuple(places))
        return TextLayer(passage, not _is_broken(words, lines), tuple(printed))
    finally:
        words.close()


def on_page(page: Any, rect: Rect) -> Box:
    """As fractions of the page as it is shown: PDFium minds rotation and cropping."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = rect
    across, down = [], []
    for x, y in ((left, bottom), (right, top)):
        to_x, to_y = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, _FRACTION, _FRACTION, 0, x, y, to_x, to_y)
        across.append(min(1.0, max(0.0, to_x.value / _FRACTION)))
        down.append(min(1.0, max(0.0, to_y.value / _FRACTION)))
    return Box(min(across), min(down), max(across), max(down))


def _lines(words: Any) -> list[_TextRow]:
    """The lines that are not blank, in PDFium's reading order, which is right for text from right to left too."""
    import pypdfium2.raw as pdfium

    lines = [_TextRow()]
    for index in range(words.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(words, index))
        if letter in ("\n", _HYPHEN):
            lines[-1].goes_on = letter == _HYPHEN
            lines.append(_TextRow())
        elif letter >= " " and letter not in "\x7f\ufffe\uffff":
            line = lines[-1]
            if "\udc00" <= letter <= "\udfff" and line.letters:  # the second half of a pair
                pair = line.letters.pop() + letter
                letter = pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")[:1]
                line.numbers.pop()
            line.letters.append(" " if letter == "\xa0" else letter)
            line.numbers.append(index)
    kept = [line for line in lines if "".join(line.letters).strip()]
    for line in kept:  # half a pair, which a broken font may give, cannot be written to a file
        line.letters = ["\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in line.letters]
    return kept


def _printed(words: Any, line: _TextRow, rects: list[Rect]) -> PrintedLine:
    """Its size by its first and its last letter: an initial that is set larger does not make a heading of its line."""
    import pypdfium2.raw as pdfium

    text = "".join(line.letters)
    ends = (line.numbers[len(text) - len(text.lstrip())], line.numbers[len(text.rstrip()) - 1])
    matrix = pdfium.FS_MATRIX()  # some programs write size 1 and a matrix that enlarges it
    scale = math.hypot(matrix.c, matrix.d) if pdfium.FPDFText_GetMatrix(words, ends[0], matrix) else 1.0
    size = scale * min(pdfium.FPDFText_GetFontSize(words, number) for number in ends)
    return PrintedLine(text, size, rects[0][3] if rects else 0.0)


def _rects(words: Any, line: _TextRow) -> list[Rect]:
    first, last = line.numbers[0], line.numbers[-1]
    return [words.get_rect(index) for index in range(words.count_rects(first, last - first + 1))]


def _with_gaps(words: Any, line: _TextRow, rects: list[Rect]) -> str:
    """The line; white space as wide as between the cells of a table is written " | "."""
    text = "".join(line.letters)
    if not any(_gap(one, other) for one, other in pairwise(rects)):
        return text
    shown: list[str] = []
    index = 0
    while index < len(text):
        if not text[index].isspace():
            shown.append(text[index])
            index += 1
            continue
        after = index
        while after < len(text) and text[after].isspace():
            after += 1
        inside = index > 0 and after < len(text)
        wide = inside and _gap(_char_rect(words, line.numbers[index - 1]), _char_rect(words, line.numbers[after]))
        shown.append(" | " if wide else text[index:after])
        index = after
    return "".join(shown)


def _gap(one: Rect, other: Rect) -> bool:
    """Whether they stand in one row with much room between them."""
    height = max(one[3] - one[1], other[3] - other[1])
    in_a_row = min(one[3], other[3]) > max(one[1], other[1])
    room = max(other[0] - one[2], one[0] - other[2])  # the second way round from right to left
    return in_a_row and height > 0 and room > _WIDE * height


def _char_rect(words: Any, number: int) -> Rect:
    left, bottom, right, top = words.get_charbox(number, loose=True)
    return left, bottom, right, top


def _boxes(page: Any, rects: list[Rect]) -> tuple[Box, ...]:
    """The line's boxes on the page; those that stand in one row as one."""
    merged: list[Box] = []
    for box in (on_page(page, rect) for rect in rects):
        if box.right <= box.left or box.bottom <= box.top:
            continue
        if merged and min(merged[-1].bottom, box.bottom) > max(merged[-1].top, box.top):
            before = merged.pop()
            box = Box(
                min(before.left, box.left),
                min(before.top, box.top),
                max(before.right, box.right),
                max(before.bottom, box.bottom),
            )
        merged.append(box)
    return tuple(merged)


def _is_broken(words: Any, lines: list[_TextRow]) -> bool:
    """Whether many letters have no meaning: the font does not say which they are."""
    import pypdfium2.raw as pdfium

    count = words.count_chars()
    looked_at = odd = 0
    for index in range(0, count, max(1, count // _SAMPLED)):
        code = pdfium.FPDFText_GetUnicode(words, index)
        if chr(code).isspace() or pdfium.FPDFText_IsGenerated(words, index) == 1:
            continue
        looked_at += 1
        private = 0xE000 <= code <= 0xF8FF or code >= 0xF0000
        unknown = (code < 32 and chr(code) != _HYPHEN) or code == 0xFFFD or private
        odd += unknown or pdfium.FPDFText_HasUnicodeMapError(words, index) == 1
    return bool(lines or odd) and odd > _ODD * max(looked_at, 1)
