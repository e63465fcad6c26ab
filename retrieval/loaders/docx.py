"""Word documents (.docx): sections by headings, tables as rows, figures by their text, in the order of the body.

Headers, footers and what tracked changes deleted stand behind it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.media import digest
from assistant.values.evidence import Document, Passage, Section
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import archive, metadata
from retrieval.office.strict import as_usual
from retrieval.office.word_text import Block, WordText
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
        import docx
        from docx.opc.exceptions import OpcError

        archive.check(path, name, self._context.limits, self.kind)
        outline = Outline()
        apart: list[Passage] = []
        try:
            usual = as_usual(path, self._context.folder)
            document = docx.Document(str(usual))
            text = WordText(document)
            head = [Passage(words, Section("Page header")) for words in text.headers()]
            for element, blocks in text.body():
                for block in blocks:
                    _take(block, outline)
                    apart += [Passage(one.told(), Section(outline.last_heading)) for one in block.deleted]
                for data in _figures(element, document.part):
                    if read := self._context.figure(data, say("a figure"), lambda _: Section(outline.last_heading)):
                        outline.block(read.text)
            foot = [Passage(words, Section("Page footer")) for words in text.footers()]
        except (OpcError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
            raise archive.damaged(name, self.kind) from error  # lxml's errors are SyntaxErrors
        except (AttributeError, IndexError, TypeError) as error:  # python-docx takes the parts it expects for granted
            raise archive.damaged(name, self.kind) from error
        passages = (*outline.passages(), *head, *foot, *apart)
        return Document(digest(path), name, "text", passages, facts=_facts(usual, name, outline))


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


def _take(block: Block, outline: Outline) -> None:
    if block.rows:
        outline.rows([list(row) for row in block.rows])
    elif block.level is not None:
        outline.heading(block.text, block.level)
    else:
        outline.block(block.text)


def _figures(element: Any, part: Any) -> Iterator[bytes]:
    """The picture files shown in a paragraph or a table."""
    for blip in element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"):
        named = blip.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed")
        picture = part.related_parts.get(named)
        if picture is not None:
            yield picture.blob
