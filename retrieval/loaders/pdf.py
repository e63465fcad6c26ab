"""PDF: a passage per page, a place per line with the box it was printed in. Knows nothing of OCR."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import BadInput
from assistant.evidence import Box, Document, Page, Passage, Place
from assistant.limits import Limits
from assistant.media import digest
from assistant.pdfium import pdfium_lock as _pdfium

_PASSWORD, _FRACTION = 4, 100_000
_HYPHEN = "\x02"  # PDFium puts it where a line ends inside a word, in place of hyphen and newline


class PdfLoader:
    extensions = (".pdf",)
    media_types = ("application/pdf",)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def load(self, path: Path, name: str) -> Document:
        with _opened(path, name) as pdf:
            with _pdfium:
                count = len(pdf)
            if count == 0:
                raise BadInput(f"{name} has no pages. Save it again, or print it to a new PDF.")
            if count > self._limits.document_pages:
                raise BadInput(
                    f"{name} has {count:,} pages; I read up to {self._limits.document_pages:,}. Split it into parts."
                )
            passages = tuple(self._pages(pdf, count, name))
        empty = [p.location.number for p in passages if not p.text and isinstance(p.location, Page)]
        written = tuple(p for p in passages if p.text)
        return Document(digest(path), name, "text", written, units=count, notes=_notes(empty))

    def _pages(self, pdf: Any, count: int, name: str) -> Iterator[Passage]:
        characters = 0
        for number in range(1, count + 1):
            with _pdfium:  # given back between pages, so that a long document does not stop the others
                passage = _read_page(pdf, number, name)
            characters += len(passage.text)
            if characters > self._limits.document_characters:
                raise BadInput(
                    f"{name} holds more than {self._limits.document_characters:,} characters. Split it into parts."
                )
            yield passage


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Any]:
    import pypdfium2

    try:
        with _pdfium:
            pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise BadInput(f"{name} is locked with a password. Save a copy without one and hand that over.") from error
        raise BadInput(
            f"{name} is damaged, or no PDF. If it opens in your viewer, print it to a new PDF and try that."
        ) from error
    try:
        yield pdf
    finally:
        with _pdfium:
            pdf.close()


def _notes(empty: list[int]) -> tuple[str, ...]:
    """One sentence a stretch of pages, so that a scanned book does not fill the screen."""
    stretches: list[list[int]] = []
    for number in empty:
        if stretches and stretches[-1][1] == number - 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    return tuple(
        f"Page {first} has no text I can read; it may be a scan."
        if first == last
        else f"Pages {first} to {last} have no text I can read; they may be scans."
        for first, last in stretches
    )


@dataclass
class _Line:
    """A printed line: where it begins in the page's text, and which of PDFium's characters it is made of."""

    start: int
    first: int
    letters: list[str] = field(default_factory=list)
    last: int = -1


def _read_page(pdf: Any, number: int, name: str) -> Passage:
    import pypdfium2

    page = words = None
    try:
        page = pdf[number - 1]
        words = page.get_textpage()
        text, lines = _lines(words)
        places = (
            Place(line.start, line.start + len(line.letters), Page(number, boxes))
            for line in lines
            if (boxes := _boxes(page, words, line))
        )
        return Passage(text, Page(number), tuple(places))
    except pypdfium2.PdfiumError as error:
        raise BadInput(f"Page {number} of {name} is damaged. Print the document to a new PDF and try that.") from error
    finally:
        if words is not None:
            words.close()
        if page is not None:
            page.close()


def _lines(words: Any) -> tuple[str, list[_Line]]:
    """The page's text, and its lines that are not blank, both in PDFium's reading order.

    A word broken over two lines is put together again: its halves stand in two lines without a newline.
    """
    import pypdfium2.raw as pdfium

    text: list[str] = []
    lines = [_Line(0, 0)]
    for index in range(words.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(words, index))
        if letter in ("\n", _HYPHEN):
            if letter == "\n" and text and text[-1] != "\n":
                text.append("\n")
            lines.append(_Line(len(text), index + 1))
        elif letter >= " " and letter not in "\x7f\ufffe\uffff":
            letter = " " if letter == "\xa0" else letter
            if not lines[-1].letters:
                lines[-1].first = index
            if "\udc00" <= letter <= "\udfff" and lines[-1].letters:  # the second half of a pair
                pair = lines[-1].letters.pop() + letter
                text.pop()
                letter = pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")[:1]
            text.append(letter)
            lines[-1].letters.append(letter)
            lines[-1].last = index
    whole = "".join(text)
    kept = [line for line in lines if "".join(line.letters).strip()]
    if not kept:
        return "", []
    return _without_lone_halves(whole), kept


def _without_lone_halves(text: str) -> str:
    """Half a surrogate pair, which a broken font may give, cannot be written to a file; same length."""
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)


def _boxes(page: Any, words: Any, line: _Line) -> tuple[Box, ...]:
    """The line's boxes as fractions of the page as it is shown: PDFium minds rotation and cropping."""
    boxes = [
        _on_page(page, words.get_rect(index))
        for index in range(words.count_rects(line.first, line.last - line.first + 1))
    ]
    inside = [box for box in boxes if box.right > box.left and box.bottom > box.top]
    merged: list[Box] = []
    for box in inside:
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


def _on_page(page: Any, rect: tuple[float, float, float, float]) -> Box:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = rect
    across, down = [], []
    for x, y in ((left, bottom), (right, top)):
        to_x, to_y = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, _FRACTION, _FRACTION, 0, x, y, to_x, to_y)
        across.append(min(1.0, max(0.0, to_x.value / _FRACTION)))
        down.append(min(1.0, max(0.0, to_y.value / _FRACTION)))
    return Box(min(across), min(down), max(across), max(down))
