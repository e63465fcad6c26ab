"""Word documents (.docx): sections by headings, tables as rows, in the order of the document's body."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import BadInput
from assistant.evidence import Document
from assistant.limits import Limits
from assistant.media import digest
from retrieval.outline import Outline

_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word wraps a document with a password in an OLE file


class DocxLoader:
    extensions = (".docx",)
    media_types = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/msword",  # what a locked .docx looks like from outside
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def load(self, path: Path, name: str) -> Document:
        """python-docx reads neither external entities nor anything outside the file."""
        self._check(path, name)
        outline = Outline()
        for block in _body(path, name):
            _take(block, outline)
        return Document(digest(path), name, "text", outline.passages())

    def _check(self, path: Path, name: str) -> None:
        """Refuses what would unpack to more than memory holds, before anything is unpacked."""
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            with path.open("rb") as file:
                if file.read(len(_LOCKED)) == _LOCKED:
                    raise BadInput(
                        f"{name} is locked with a password, or an old .doc. Save it as .docx without one and try again."
                    ) from error
            raise _damaged(name) from error
        marked_up = sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
        whole = sum(member.file_size for member in members)
        if marked_up > 10 * self._limits.document_characters or whole > self._limits.file_bytes:
            raise BadInput(f"{name} unpacks to {whole / 1e6:.0f} MB, more than I accept. Split it into parts.")


def _damaged(name: str) -> BadInput:
    return BadInput(f"{name} is damaged, or no Word document. Open it in your word processor and save it again.")


def _body(path: Path, name: str) -> Iterator[Any]:
    """Paragraphs and tables in order."""
    import docx
    from docx.opc.exceptions import OpcError

    try:
        yield from docx.Document(str(path)).iter_inner_content()
    except (OpcError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
        raise _damaged(name) from error  # lxml's errors are SyntaxErrors
    except (AttributeError, IndexError, TypeError) as error:  # python-docx takes the parts it expects for granted
        raise _damaged(name) from error


def _take(block: Any, outline: Outline) -> None:
    from docx.table import Table

    if isinstance(block, Table):
        outline.rows(list(_rows(block)))
    elif _is_heading(block):
        outline.heading(block.text)
    else:
        outline.block(block.text)


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
