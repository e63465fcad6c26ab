"""Word documents (.docx): sections by headings, tables as rows, figures by their text, in the order of the body."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.media import digest
from assistant.values.evidence import Document, Section
from retrieval import archive
from retrieval.outline import Outline
from retrieval.reading import Reading


class DocxLoader:
    kind = "a Word document"
    extensions = (".docx",)
    media_types = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def load(self, path: Path, name: str) -> Document:
        """python-docx reads neither external entities nor anything outside the file."""
        archive.check(path, name, self._reading.limits, self.kind)
        outline = Outline()
        for block in _body(path, name):
            _take(block, outline)
            for data in _figures(block):
                if read := self._reading.figure(data, "a figure", lambda _: Section(outline.last_heading)):
                    outline.block(read.text)
        return Document(digest(path), name, "text", outline.passages())


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
    elif _is_heading(block):
        outline.heading(block.text)
    else:
        outline.block(block.text)


def _figures(block: Any) -> Iterator[bytes]:
    """The picture files shown in a paragraph or a table."""
    for blip in block._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"):
        named = blip.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed")
        part = block.part.related_parts.get(named)
        if part is not None:
            yield part.blob


def _is_heading(paragraph: Any) -> bool:
    """Whether its style is one of Word's headings, or it has an outline level of its own."""
    style = paragraph.style.name if paragraph.style is not None else ""
    if style and (style.lower().startswith("heading") or style == "Title"):
        return True
    properties = paragraph._p.pPr
    return properties is not None and bool(properties.xpath("./w:outlineLvl[@w:val < 9]"))


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
