"""Spreadsheets (.xlsx): every sheet's rows with their headers; values as they were last computed, never formulas."""

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.media import digest
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import archive, metadata, table
from retrieval.parse_context import ParseContext


class XlsxLoader:
    kind = say("a spreadsheet")
    extensions = (".xlsx", ".xlsm")
    media_types = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        import warnings

        import openpyxl

        archive.check(path, name, self._context.limits, self.kind)
        left = self._context.limits.document_characters
        passages, tally = [], table.Tally()
        sheets: list[str] = []
        try:
            with path.open("rb") as file, warnings.catch_warnings():  # a path would be judged by its ending
                warnings.simplefilter("ignore")  # about styles and charts, which we do not read
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
                for sheet in book.worksheets:
                    sheets.append(sheet.title)
                    self._context.report(say("Reading sheet {sheet} of {name}", sheet=sheet.title, name=name))
                    if passage := table.passage_of(sheet.title, tally.over(_rows(sheet)), name, left):
                        passages.append(passage)
                        left -= len(passage.text)
                book.close()
        except (zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
            raise archive.damaged(name, self.kind) from error  # lxml's errors are SyntaxErrors
        except (AttributeError, IndexError, TypeError) as error:  # openpyxl takes the parts it expects for granted
            raise archive.damaged(name, self.kind) from error
        told = metadata.of_office(path, name)
        facts = FileFacts(
            "",
            name,
            sheets=tuple(sheets),
            words=tally.words,
            title=told.title,
            author=told.author,
            written=told.written,
        )
        return Document(digest(path), name, "text", tuple(passages), facts=facts)


def _rows(sheet: Any) -> Iterator[table.Row]:
    sheet.reset_dimensions()  # what a file claims of its size may be a million rows of nothing
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if cells:
            yield number, [_words(cell) for cell in cells]


def _words(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.15g}"
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime():
            return value.isoformat(" ", "minutes")
        case _:
            return " ".join(str(value).split())
