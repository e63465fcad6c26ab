"""PDF: a passage per page, a place per line with the box it was printed in; scans and figures by their text."""

import ctypes
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.media import digest
from assistant.values.errors import BadInput, Locked
from assistant.values.evidence import Box, Document, Page, PagesRead, Passage
from assistant.values.files import FileFacts
from assistant.values.messages import Message, say
from retrieval import metadata
from retrieval.outline import Heading, titled
from retrieval.parse_context import SMALLEST_FIGURE, ParseContext, passage_of
from retrieval.pdf.marks import marks_of
from retrieval.pdf.pages import Pages
from retrieval.pdf.printed_headings import PrintedHeadings
from retrieval.pdf.printed_page import PrintedPage
from retrieval.pdf.rules import Rules, rules_of
from retrieval.pdf.text import TextLayer, on_page, read_page

if TYPE_CHECKING:
    from PIL.Image import Image

_PASSWORD = 4
_SCALE = 150 / 72  # dots an inch: eight-point letters are read as well as at 200, and found in half the time
_MOST_PIXELS = 4_000_000  # a page may be a banner ten metres long
_FEW_LETTERS = 200  # beside a picture that fills the page they are a stamp or a caption, and the page is a scan
_FILLS = 0.5  # of the page
_MOST_OBJECTS = 20_000
_SAID_EVERY = 0.5  # seconds
_MOST_BOOKMARKS = 2_000


class PdfLoader:
    kind = say("a PDF")
    extensions = (".pdf",)
    media_types = ("application/pdf",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context
        self._limits = context.limits
        self._scans: list[int] = []
        self._unread: list[int] = []
        self._too_many: list[int] = []
        self._headings = PrintedHeadings()
        self._read = Pages()

    def load(self, path: Path, name: str) -> Document:
        with _opened(path, name, self._context.password) as pdf:
            count = len(pdf)
            if count == 0:
                raise BadInput(say("{name} has no pages. Save it again, or print it to a new PDF.", name=name))
            if count > self._limits.document_pages:
                raise BadInput(
                    say(
                        "{name} has {count} pages; I read up to {most}. Split it into parts.",
                        name=name,
                        count=f"{count:,}",
                        most=f"{self._limits.document_pages:,}",
                    )
                )
            passages = self._in_order(tuple(self._pages(pdf, count, name)))
            facts = self._facts(pdf, count, name)
        return Document(
            digest(path), name, "text", passages, count, self._notes(), pages=self._not_simply_read(), facts=facts
        )

    def _facts(self, pdf: Any, count: int, name: str) -> FileFacts:
        """Its bookmarks are its outline, or what is printed like headings where it has none."""
        printed, outline = titled(self._headings.headings(), self._headings.begins)
        bookmarks = _bookmarks(pdf)
        if bookmarks:
            outline = titled(bookmarks)[1] or tuple(bookmark.text for bookmark in bookmarks)
        told = pdf.get_metadata_dict()
        title = metadata.title_of(told.get("Title"), name) or printed
        author, written = metadata.said(told.get("Author")), metadata.pdf_date(told.get("CreationDate"))
        return FileFacts("", name, pages=count, outline=outline, title=title, author=author, written=written)

    def _in_order(self, found: tuple[Passage | PrintedPage, ...]) -> tuple[Passage, ...]:
        """Every page's own text is known: now it is known too what heads each page, and which tables go on."""
        written = {passage.location: passage for passage in self._read.passages()}
        for number in sorted(self._read.printed):
            self._headings.take(self._read.printed[number])
        pages = (written.get(Page(one.number)) if isinstance(one, PrintedPage) else one for one in found)
        return tuple(page for page in pages if page is not None)

    def _pages(self, pdf: Any, count: int, name: str) -> Iterator[Passage | PrintedPage]:
        import pypdfium2

        characters, said = 0, time.monotonic()
        for number in range(1, count + 1):
            if time.monotonic() - said > _SAID_EVERY:
                said = time.monotonic()
                self._context.report(
                    say(
                        "Reading page {page} of {pages} of {name}",
                        page=f"{number:,}",
                        pages=f"{count:,}",
                        name=name,
                    )
                )
            page = None
            try:
                page = pdf[number - 1]
                for found in self._page(page, pdf.formenv, number, count):
                    characters += found.letters if isinstance(found, PrintedPage) else len(found.text)
                    yield found
            except pypdfium2.PdfiumError as error:
                raise BadInput(
                    say(
                        "Page {number} of {name} is damaged. Print the document to a new PDF and try that.",
                        number=number,
                        name=name,
                    )
                ) from error
            finally:
                if page is not None:
                    page.close()
            if characters > self._limits.document_characters:
                raise BadInput(
                    say(
                        "{name} holds more than {most} characters. Split it into parts.",
                        name=name,
                        most=f"{self._limits.document_characters:,}",
                    )
                )

    def _page(self, page: Any, forms: Any, number: int, count: int) -> Iterator[Passage | PrintedPage]:
        """The page's text, from its text layer or by OCR, then a passage for each figure with text in it."""
        layer = read_page(page)
        pictures, paths = _objects(page)
        figures = list(_figures(page, pictures)) if self._context.read_picture is not None else []
        fills = any(_area(box) > _FILLS for _, box in figures)
        printed = _printed(page, forms, number, layer, paths)
        if printed.letters and layer.sound and not (fills and printed.letters < _FEW_LETTERS):
            self._read.take(printed)
            yield printed
            yield from self._read_figures(page, figures, number)
            return
        scan = self._read_scan(page, figures, number, count)
        if scan is not None and (not layer.sound or len(scan.text) > printed.letters):
            self._scans.append(number)
            yield scan
        elif printed.letters and layer.sound:
            self._read.take(printed)
            yield printed

    def _read_scan(self, page: Any, figures: list[tuple[Any, Box]], number: int, count: int) -> Passage | None:
        if not _has_ink(page):
            return None
        if self._context.read_picture is None:
            self._unread.append(number)
            return None
        if len(self._scans) + len(self._unread) >= self._limits.scanned_pages:
            self._too_many.append(number)
            return None
        boxes = tuple(box for _, box in figures if _area(box) > _FILLS)
        lines = self._context.lines_of(
            _drawn(page), say("page {page} of {pages}", page=number, pages=count), Page(number, boxes), wordless=True
        )
        read = passage_of(lines, lambda boxes: Page(number, boxes))
        if read is None:
            self._unread.append(number)
        return read

    def _read_figures(self, page: Any, figures: list[tuple[Any, Box]], number: int) -> Iterator[Passage]:
        drawn: Image | None = None
        for figure, box in figures:
            if not self._context.wants_figure(_raw(figure)):
                continue
            drawn = drawn or _drawn(page)
            edges = (box.left * drawn.width, box.top * drawn.height, box.right * drawn.width, box.bottom * drawn.height)
            cut = drawn.crop((int(edges[0]), int(edges[1]), round(edges[2]), round(edges[3])))
            if min(cut.size) < SMALLEST_FIGURE // 2:
                continue
            lines = self._context.lines_of(cut, say("a figure on page {number}", number=number), Page(number, (box,)))
            if (read := passage_of(lines, lambda boxes: Page(number, boxes), box)) is not None:
                yield read

    def _notes(self) -> tuple[Message, ...]:
        """One sentence a stretch of pages, so that a scanned book does not fill the screen."""
        most = self._limits.scanned_pages
        scans = [
            say("Page {number} is a scan; I read it by OCR.", number=first)
            if first == last
            else say("Pages {first} to {last} are scans; I read them by OCR.", first=first, last=last)
            for first, last in _stretches(self._scans)
        ]
        unread = [
            say("Page {number} has no text I can read; it may be a scan.", number=first)
            if first == last
            else say("Pages {first} to {last} have no text I can read; they may be scans.", first=first, last=last)
            for first, last in _stretches(self._unread)
        ]
        too_many = [
            say(
                "Page {number} is a scan beyond the {most} that I read of one document; I left it out.",
                number=first,
                most=most,
            )
            if first == last
            else say(
                "Pages {first} to {last} are scans beyond the {most} that I read of one document; I left them out.",
                first=first,
                last=last,
                most=most,
            )
            for first, last in _stretches(self._too_many)
        ]
        return (*scans, *unread, *too_many)

    def _not_simply_read(self) -> tuple[PagesRead, ...]:
        found = [PagesRead(first, last, "ocr") for first, last in _stretches(self._scans)]
        found += [PagesRead(first, last, "unread") for first, last in _stretches(self._unread)]
        found += [PagesRead(first, last, "left out") for first, last in _stretches(self._too_many)]
        return tuple(sorted(found, key=lambda pages: pages.first))


def _bookmarks(pdf: Any) -> tuple[Heading, ...]:
    import pypdfium2

    found: list[Heading] = []
    with suppress(pypdfium2.PdfiumError):  # what came before the damage stays
        for bookmark in islice(pdf.get_toc(), _MOST_BOOKMARKS):
            heading = Heading(metadata.said(bookmark.get_title()), bookmark.level + 1)
            found.append(heading)
    return tuple(bookmark for bookmark in found if bookmark.text)


@contextmanager
def _opened(path: Path, name: str, password: str) -> Iterator[Any]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path, password=password or None)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            if password:
                raise Locked(
                    say("The password does not open {name}. Try again, or save a copy without one.", name=name)
                ) from error
            raise Locked(
                say("{name} is locked with a password. Tell me the password, or save a copy without one.", name=name)
            ) from error
        raise BadInput(
            say(
                "{name} is damaged, or no PDF. If it opens in your viewer, print it to a new PDF and try that.",
                name=name,
            )
        ) from error
    try:
        with suppress(pypdfium2.PdfiumError):  # a form that is damaged; the pages are read all the same
            pdf.init_forms()
        yield pdf
    finally:
        pdf.close()


def _stretches(pages: list[int]) -> list[tuple[int, int]]:
    """First and last of each row of pages without a gap."""
    stretches: list[tuple[int, int]] = []
    for number in pages:
        if stretches and stretches[-1][1] == number - 1:
            stretches[-1] = (stretches[-1][0], number)
        else:
            stretches.append((number, number))
    return stretches


def _drawn(page: Any, most_pixels: int = _MOST_PIXELS) -> "Image":
    """The page as a picture, no larger than is read, whatever size it claims."""
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min(_SCALE, (most_pixels / (width * height)) ** 0.5, 10_000 / max(width, height))
    bitmap = page.render(scale=scale)
    try:
        drawn: Image = bitmap.to_pil().convert("RGB").copy()  # its own, not PDFium's memory
        return drawn
    finally:
        bitmap.close()


def _has_ink(page: Any) -> bool:
    levels: Any = _drawn(page, 250_000).convert("L").getextrema()
    return bool(levels[1] - levels[0] > 16)


def _printed(page: Any, forms: Any, number: int, layer: TextLayer, paths: list[Any]) -> PrintedPage:
    """The text layer with the rules around it, the values of its form and the notes on it."""
    sizes = sorted(one.size for one in layer.fragments)
    marks = marks_of(page, forms, layer.frame, layer.fragments, sizes[len(sizes) // 2] if sizes else 10.0)
    return PrintedPage(number, layer, rules_of(layer.frame, paths) if paths else Rules(), marks)


def _objects(page: Any) -> tuple[list[Any], list[Any]]:
    """The pictures and the paths of a page."""
    import pypdfium2.raw as pdfium

    pictures, paths = [], []
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        found = pdfium.FPDFPage_GetObject(page, index)
        match pdfium.FPDFPageObj_GetType(found):
            case pdfium.FPDF_PAGEOBJ_IMAGE:
                pictures.append(found)
            case pdfium.FPDF_PAGEOBJ_PATH:
                paths.append(found)
    return pictures, paths


def _figures(page: Any, pictures: list[Any]) -> Iterator[tuple[Any, Box]]:
    """The pictures on the page that are large enough to hold text, and where they stand."""
    import pypdfium2.raw as pdfium

    for found in pictures:
        width, height = ctypes.c_uint(), ctypes.c_uint()
        if not pdfium.FPDFImageObj_GetImagePixelSize(found, width, height):
            continue
        edges = [ctypes.c_float() for _ in range(4)]  # left, bottom, right, top
        if min(width.value, height.value) < SMALLEST_FIGURE or not pdfium.FPDFPageObj_GetBounds(found, *edges):
            continue
        box = on_page(page, (edges[0].value, edges[1].value, edges[2].value, edges[3].value))
        if _area(box) > 0:
            yield found, box


def _raw(figure: Any) -> bytes:
    """The figure's bytes as they lie in the file: the same logo on every page is read once."""
    import pypdfium2.raw as pdfium

    length = pdfium.FPDFImageObj_GetImageDataRaw(figure, None, 0)
    data = (ctypes.c_ubyte * length)()
    pdfium.FPDFImageObj_GetImageDataRaw(figure, data, length)
    return bytes(data)


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)
