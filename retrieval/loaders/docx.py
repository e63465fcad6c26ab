"""Word documents (.docx): sections by headings, tables as rows, figures by their text, in the order of the body."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.media import digest
from assistant.values.evidence import Document, Section
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import archive, metadata
from retrieval.outline import Outline, titled
from retrieval.parse_context import ParseContext


class DocxLoader:
    kind = say("a Word document")
    extensions = (".docx",)
    media_types = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        """python-docx reads neither external entities nor anything outside the file."""
        archive.check(path, name, self._context.limits, self.kind)
        outline = Outline()
        for block in _body(path, name):
            _take(block, outline)
            for data in _figures(block):
                if read := self._context.figure(data, say("a figure"), lambda _: Section(outline.last_heading)):
                    outline.block(read.text)
        return Document(digest(path), name, "text", outline.passages(), facts=_facts(path, name, outline))


def _facts(path: Path, name: str, outline: Outline) -> FileFacts:
    shown, headings = titled(outline.headings, outline.begins)
    told = metadata.of_office(path, name)
    marked = bool(outline.headings) and outline.headings[0].level == 0
    title = shown if marked else told.title or shown  # what a template says of the title is rarely minded
    pages = metadata.printed_pages(path, outline.words)
    return FileFacts(
        "",
        name,
        pages=pages,
        outline=headings,
        words=outline.words,
        title=title,
        author=told.author,
        written=told.written,
    )


def _body(path: Path, name: str) -> Iterator[Any]:
    """Paragraphs and tables in order."""
    import docx
    from docx.opc.exceptions import OpcError

    try:
        yield from docx.Document(str(path)).iter_inner_content()
    except (OpcError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
        raise archive.damaged(name, DocxLoader.kind) from error  # lxml's errors are SyntaxErrors
    except (AttributeError, IndexError, TypeError) as error:  # python-docx takes the parts it expects for granted
        raise archive.damaged(name, DocxLoader.kind) from error


def _take(block: Any, outline: Outline) -> None:
    from docx.table import Table

    if isinstance(block, Table):
        outline.rows(list(_rows(block)))
    elif (level := _heading_level(block)) is not None:
        outline.heading(block.text, level)
    else:
        outline.block(block.text)


def _figures(block: Any) -> Iterator[bytes]:
    """The picture files shown in a paragraph or a table."""
    for blip in block._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"):
        named = blip.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed")
        part = block.part.related_parts.get(named)
        if part is not None:
            yield part.blob


def _heading_level(paragraph: Any) -> int | None:
    """By its style, one of Word's headings or its title, or by an outline level of its own; None: it is no heading."""
    style = paragraph.style.name if paragraph.style is not None else ""
    if style == "Title":
        return 0
    if style and style.lower().startswith("heading"):
        number = style.rpartition(" ")[2]
        return int(number) if number.isdecimal() else 1
    properties = paragraph._p.pPr
    levels = properties.xpath("./w:outlineLvl[@w:val < 9]/@w:val") if properties is not None else []
    return int(levels[0]) + 1 if levels else None


def _rows(table: Any) -> Iterator[list[str]]:
    for row in table.rows:
        cells, last = [], None
        for cell in row.cells:
            if cell._tc is not last:  # a merged cell is given once for each column it covers
                cells.append(_words(cell))
            last = cell._tc
        yield cells


def _words(cell: Any) -> str:
    from docx.table import Table

    inner = (
        " ; ".join(" , ".join(row) for row in _rows(block)) if isinstance(block, Table) else block.text
        for block in cell.iter_inner_content()
    )
    return " ".join(inner)
