"""What is written on a PDF page beside its text: the values of its form, and the notes that people left on it."""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from assistant.values.evidence import Box
from retrieval.pdf.text import Fragment, Frame, Rect, Shown, merged

_MOST = 1_000  # of one page
_LONGEST = 20_000  # characters of one
_MOST_CHOICES = 200
_HIDDEN = 2 | 32  # flags: hidden, not shown on a screen
_PASSWORD = 1 << 13
_TICKED, _EMPTY = "[x]", "[ ]"
_LINE = 14.0  # points that a value's letters are tall, at most, where its field is taller


@dataclass(frozen=True)
class Note:
    """A comment on the page. on: the words that it marks."""

    author: str
    text: str
    on: str
    kind: str
    """ "comment" or "struck out"."""
    boxes: tuple[Box, ...]

    @property
    def sentence(self) -> str:
        on = f" on “{self.on}”" if self.on else ""
        by = f" by {self.author}" if self.author else ""
        if self.kind == "struck out":
            return f"[Struck out{by}: “{self.on}”]" + (f" {self.text}" if self.text else "")
        return f"[Comment{by}{on}] {self.text}"


@dataclass(frozen=True)
class Marks:
    values: tuple[Fragment, ...] = ()
    """The fields' values where they stand, to be read between the words of the page."""
    notes: tuple[Note, ...] = ()


def marks_of(page: Any, forms: Any, frame: Frame, printed: Sequence[Fragment], size: float) -> Marks:
    """forms: of the document, None where it has none. size: of the page's letters, in points."""
    import pypdfium2.raw as pdfium

    count = min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)
    if count <= 0:
        return Marks()
    shown = Shown(page)
    values: list[Fragment] = []
    notes: list[Note] = []
    struck: list[tuple[Rect, ...]] = []
    for index in range(count):
        with _annotation(page, index) as mark:
            if not mark or pdfium.FPDFAnnot_GetFlags(mark) & _HIDDEN:
                continue
            match pdfium.FPDFAnnot_GetSubtype(mark):
                case pdfium.FPDF_ANNOT_WIDGET if forms is not None:
                    values += _value(mark, forms, frame, shown, printed, size)
                case pdfium.FPDF_ANNOT_FREETEXT:
                    values += _fragments(_string(mark, b"Contents"), _rect(mark), frame, shown, size)
                case (
                    pdfium.FPDF_ANNOT_TEXT
                    | pdfium.FPDF_ANNOT_HIGHLIGHT
                    | pdfium.FPDF_ANNOT_UNDERLINE
                    | pdfium.FPDF_ANNOT_SQUIGGLY
                    | pdfium.FPDF_ANNOT_STRIKEOUT
                    | pdfium.FPDF_ANNOT_STAMP
                    | pdfium.FPDF_ANNOT_CARET
                    | pdfium.FPDF_ANNOT_INK
                    | pdfium.FPDF_ANNOT_SQUARE
                    | pdfium.FPDF_ANNOT_CIRCLE
                    | pdfium.FPDF_ANNOT_LINE
                    | pdfium.FPDF_ANNOT_POLYGON
                    | pdfium.FPDF_ANNOT_POLYLINE
                ) as subtype:
                    rects = _quads(mark) or (_rect(mark),)
                    is_struck = subtype == pdfium.FPDF_ANNOT_STRIKEOUT
                    said = _string(mark, b"Contents")
                    if not said and not is_struck:
                        continue
                    if is_struck:
                        struck.append(rects)
                    boxes = merged([shown.box(rect) for rect in rects])
                    kind = "struck out" if is_struck else "comment"
                    has_words = subtype in (
                        pdfium.FPDF_ANNOT_HIGHLIGHT,
                        pdfium.FPDF_ANNOT_UNDERLINE,
                        pdfium.FPDF_ANNOT_SQUIGGLY,
                        pdfium.FPDF_ANNOT_STRIKEOUT,
                    )
                    words = _words_under(page, rects) if has_words else ""
                    if said or words:
                        notes.append(Note(_string(mark, b"T"), said, words, kind, boxes))
    return Marks(tuple(values), tuple(notes))


@contextmanager
def _annotation(page: Any, index: int) -> Iterator[Any]:
    import pypdfium2.raw as pdfium

    mark = pdfium.FPDFPage_GetAnnot(page, index)
    try:
        yield mark
    finally:
        if mark:
            pdfium.FPDFPage_CloseAnnot(mark)


def _value(
    mark: Any, forms: Any, frame: Frame, shown: Shown, printed: Sequence[Fragment], size: float
) -> list[Fragment]:
    import pypdfium2.raw as pdfium

    kind = pdfium.FPDFAnnot_GetFormFieldType(forms, mark)
    rect = _rect(mark)
    if kind in (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON):
        ticked = pdfium.FPDFAnnot_IsChecked(forms, mark)
        text = _TICKED if ticked else _EMPTY
        if ticked and not _has_label(frame.place(rect), printed, both_sides=True):
            name = _name(mark, forms)
            value = _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldExportValue(forms, mark, b, n))
            text = (
                f"{name}: {value}"
                if value and value.lower() not in ("on", "yes", name.lower())
                else f"{_TICKED} {name}"
            )
        return _fragments(text, rect, frame, shown, size)
    if kind in (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX):
        text = _chosen(mark, forms) or _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldValue(forms, mark, b, n))
    elif kind == pdfium.FPDF_FORMFIELD_TEXTFIELD:
        if pdfium.FPDFAnnot_GetFormFieldFlags(forms, mark) & _PASSWORD:
            return []
        text = _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldValue(forms, mark, b, n))
    else:
        return []
    if not text.strip():
        return []
    if not _has_label(frame.place(rect), printed) and (name := _name(mark, forms)):
        text = f"{name}: {text}"
    return _fragments(text, rect, frame, shown, size)


def _chosen(mark: Any, forms: Any) -> str:
    import pypdfium2.raw as pdfium

    count = min(pdfium.FPDFAnnot_GetOptionCount(forms, mark), _MOST_CHOICES)
    chosen = [index for index in range(count) if pdfium.FPDFAnnot_IsOptionSelected(forms, mark, index)]

    def label(index: int) -> str:
        return _wide(lambda buffer, length: pdfium.FPDFAnnot_GetOptionLabel(forms, mark, index, buffer, length))

    return ", ".join(filter(None, map(label, chosen[:50])))


def _name(mark: Any, forms: Any) -> str:
    """What a person reads of the field where nothing is printed beside it, or its name in the file."""
    import pypdfium2.raw as pdfium

    said = _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldAlternateName(forms, mark, b, n))
    return said or _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldName(forms, mark, b, n))


def _has_label(at: tuple[float, float, float, float], printed: Sequence[Fragment], both_sides: bool = False) -> bool:
    """Whether words stand before the field, or right above it."""
    left, top, right, bottom = at
    for one in printed:
        level = min(bottom, one.at[3]) - max(top, one.at[1]) > 0.4 * min(one.height, bottom - top)
        if level and one.at[2] <= left + 3 and left - one.at[2] < 200:
            return True
        if level and both_sides and one.at[0] >= right - 3 and one.at[0] - right < 200:
            return True
        above = -2 < top - one.at[3] < 0.8 * one.height
        if above and not both_sides and one.at[0] < right and one.at[2] > left and one.at[0] > left - 12:
            return True
    return False


def _fragments(text: str, rect: Rect, frame: Frame, shown: Shown, size: float) -> list[Fragment]:
    """Lines of a value, one below another from the top of its field on."""
    said = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()][:200]
    left, top, right, bottom = frame.place(rect)
    boxes = merged([shown.box(rect)])
    if not said:
        return []
    each = (bottom - top) / len(said)
    inset = 0.0 if len(said) > 1 or each <= _LINE * 1.6 else (each - _LINE) / 2
    found = []
    for index, line in enumerate(said):
        at = (left + 1, top + each * index + inset, max(left + 2, right - 1), top + each * (index + 1) - inset)
        found.append(Fragment(" ".join(line.split()), at, size, False, boxes))
    return found


def _words_under(page: Any, rects: Sequence[Rect]) -> str:
    words = page.get_textpage()
    try:
        said = [words.get_text_bounded(left, bottom, right, top) for left, bottom, right, top in rects[:50]]
    finally:
        words.close()
    return " ".join(" ".join(said).replace("\ufffe", "").split())[:_LONGEST]


def _rect(mark: Any) -> Rect:
    import pypdfium2.raw as pdfium

    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(mark, rect):
        return 0.0, 0.0, 0.0, 0.0
    low, high = sorted((rect.bottom, rect.top))
    left, right = sorted((rect.left, rect.right))
    return left, low, right, high


def _quads(mark: Any) -> tuple[Rect, ...]:
    import pypdfium2.raw as pdfium

    found = []
    quad = pdfium.FS_QUADPOINTSF()
    for index in range(min(pdfium.FPDFAnnot_CountAttachmentPoints(mark), 200)):
        if pdfium.FPDFAnnot_GetAttachmentPoints(mark, index, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            found.append((min(xs), min(ys), max(xs), max(ys)))
    return tuple(found)


def _string(mark: Any, key: bytes) -> str:
    import pypdfium2.raw as pdfium

    return _wide(lambda buffer, length: pdfium.FPDFAnnot_GetStringValue(mark, key, buffer, length))


def _wide(get: Callable[[Any, int], int]) -> str:
    """A string that PDFium gives in UTF-16, after it was asked how long that is."""
    import pypdfium2.raw as pdfium

    length = get(None, 0)
    if length <= 2 or length > 4 * _LONGEST:
        return ""
    buffer = ctypes.create_string_buffer(length)
    get(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    text = buffer.raw[: length - 2].decode("utf-16-le", "replace")[:_LONGEST]
    return "".join(letter for letter in text if letter >= " " or letter in "\r\n\t").strip()
