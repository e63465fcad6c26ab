"""Spreadsheets (.xlsx): every sheet's rows with their headers, values as their cells show them; what is hidden is
called so. Formulas are read by the values that they had when they were last computed; those that have none are computed
here where they are simple, and else told as not computed."""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from assistant.media import digest
from assistant.values.evidence import Document, Passage, Sheet
from assistant.values.files import FileFacts
from assistant.values.messages import Message, say
from retrieval import archive, metadata, table
from retrieval.office import charts
from retrieval.office import parts as office_parts
from retrieval.office.cell_formulas import At, Formulas, NotComputed, Value
from retrieval.office.number_formats import EAST_ASIAN, general, moment, shown
from retrieval.office.strict import as_usual
from retrieval.parse_context import ParseContext

NOT_COMPUTED = "not computed"
_MOST_COMPUTED = 300_000  # cells of a file whose formulas are computed
_LONGEST_FORMULA = 2_000  # characters
_MOST_COLUMNS = 16_384
_MOST_ROWS = 1_048_576
_MOST_MERGED = 20_000  # cells of a sheet that are merged
_MOST_BESIDE = 2_000  # comments, text boxes and charts of a sheet
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_LAID_OUT = (b"mergeCell", b"hidden", b'width="0"')
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


class XlsxLoader:
    kind = say("a spreadsheet")
    extensions = (".xlsx", ".xlsm")
    media_types = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        import warnings

        archive.check(path, name, self._context.limits, self.kind)
        left = self._context.limits.document_characters
        passages, tally = [], table.Tally()
        notes: list[Message] = []
        sheets: list[str] = []
        try:
            usual = as_usual(path, self._context.folder)
            with usual.open("rb") as file, warnings.catch_warnings():  # a path would be judged by its ending
                warnings.simplefilter("ignore")  # about styles and charts, which we do not read
                book = _Book(file)
                for sheet in sorted(book.sheets, key=lambda sheet: sheet.is_hidden):  # what is seen comes first
                    self._context.report(say("Reading sheet {sheet} of {name}", sheet=sheet.title, name=name))
                    read = _SheetReader(book, sheet)
                    if passage := table.passage_of(sheet.title, tally.over(read.rows()), name, left, read.layout):
                        passages.append(passage)
                        left -= len(passage.text)
                    passages += (beside := list(read.beside()))
                    left -= sum(len(passage.text) for passage in beside)
                    notes += read.notes(name, passage)
                sheets = [sheet.title for sheet in book.sheets if not sheet.is_chart]
        except (zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
            raise archive.damaged(name, self.kind) from error  # lxml's errors are SyntaxErrors
        except (AttributeError, IndexError, TypeError) as error:  # openpyxl takes the parts it expects for granted
            raise archive.damaged(name, self.kind) from error
        told = metadata.of_office(usual, name)
        facts = FileFacts(
            "",
            name,
            sheets=tuple(sheets),
            words=tally.words,
            title=told.title,
            author=told.author,
            written=told.written,
        )
        if book.computed:
            notes.append(say("{name} has formulas without their results; I computed those that are simple.", name=name))
        if book.not_computed:
            notes.append(
                say(
                    "{name} has formulas without their results; I give the formulas as not computed. "
                    "Open it in a spreadsheet program and save it to have them computed.",
                    name=name,
                )
            )
        return Document(digest(path), name, "text", tuple(passages), notes=tuple(notes), facts=facts)


class _Sheet(NamedTuple):
    """A sheet of a workbook. path: of its part in the file."""

    title: str
    path: str
    is_hidden: bool
    is_chart: bool


class _Book:
    """A workbook: its sheets, and what their cells say by their formats."""

    def __init__(self, file: BinaryIO) -> None:
        """openpyxl reads all but the sheets; as it reads these, it goes through each of them twice."""
        from openpyxl.reader.excel import ExcelReader
        from openpyxl.styles.stylesheet import apply_stylesheet

        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        self.archive: zipfile.ZipFile = reader.archive
        self.strings: list[str] = reader.shared_strings
        self.sheets = [
            _Sheet(sheet.name, part.target, sheet.state != "visible", "chartsheet" in part.Type)
            for sheet, part in reader.parser.find_sheets()
            if part.target in reader.valid_files
        ]
        self.computed = self.not_computed = 0
        self._book = reader.wb
        self._since_1904 = self._book.epoch.year == 1904
        # zero may stand for a result that nobody has computed, where whoever wrote the file asks its reader to do so
        self._unsure_zero = bool(self._book.calculation is not None and self._book.calculation.fullCalcOnLoad)
        self._codes: dict[str, str] = {}

    def says(self, cell: Any, at: At) -> str:
        """In one line; "" where it is empty."""
        value, formula, inline = "", None, None
        for child in cell:
            match str(child.tag).rpartition("}")[2]:
                case "v":
                    value = child.text or ""
                case "f":
                    formula = child
                case "is":
                    inline = child
        sort = cell.get("t", "n")
        if sort == "inlineStr" and inline is not None:
            return _line(_text(inline))
        if formula is not None and not value and sort != "str":
            return self._formula(formula, cell, at)
        match sort:
            case _ if not value:
                return ""
            case "s":
                return _line(self.strings[int(value)])
            case "b":
                return "TRUE" if value.strip() not in ("0", "false") else "FALSE"
            case "n":
                code = self._code(cell.get("s", "0"))
                if formula is not None and self._unsure_zero and not value.strip("0."):
                    return self._formula(formula, cell, at)
                return self._number(value, code)
            case "d":
                return _moment(value)
            case _:
                return _line(value)

    def _number(self, value: str, code: str) -> str:
        try:
            number = Decimal(value) if value.lstrip("-").isdecimal() else Decimal(f"{float(value):.15g}")
        except (InvalidOperation, ValueError):
            return _line(value)
        if not number.is_finite() or abs(number.adjusted()) > 300:
            return _line(value)
        return general(number) if code == "General" else shown(number, code, self._since_1904)

    def _formula(self, formula: Any, cell: Any, at: At) -> str:
        """Its value, or itself where that cannot be told."""
        try:
            value = self._formulas.compute(at)
        except NotComputed:
            self.not_computed += 1
            written = _line(formula.text)
            return f"={written} ({NOT_COMPUTED})" if written else f"({NOT_COMPUTED})"
        self.computed += 1
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        return (
            self._number(f"{value:f}", self._code(cell.get("s", "0"))) if isinstance(value, Decimal) else _line(value)
        )

    @cached_property
    def _formulas(self) -> Formulas:
        """All that formulas may need; read only where one has no result."""
        values: dict[At, Value] = {}
        formulas: dict[At, str] = {}
        for sheet in self.sheets:
            shared: dict[str, tuple[str, str]] = {}  # the first of formulas that are alike, and where it stands
            for at, cell in cells_of(self.archive, sheet):
                if len(values) + len(formulas) > _MOST_COMPUTED:
                    return Formulas({}, {})
                formula = cell.find("{*}f")
                value = cell.findtext("{*}v") or ""
                is_known = bool(value) and not (self._unsure_zero and not value.strip("0."))
                if formula is not None and not is_known and cell.get("t") != "str":
                    formulas[at] = _written(formula, at, shared)
                elif cell.get("t") == "e":
                    formulas[at] = ""
                elif (known := self._value(cell, value)) is not None:
                    values[at] = known
        return Formulas(values, formulas)

    def _value(self, cell: Any, value: str) -> Value:
        match cell.get("t", "n"):
            case "s" if value:
                return self.strings[int(value)]
            case "b":
                return value == "1"
            case "n" if value:
                number = Decimal(value)
                return number if number.is_finite() and abs(number.adjusted()) < 300 else None
            case "inlineStr":
                return _line(_text(cell))
            case _:
                return value or None

    def _code(self, style: str) -> str:
        """The number format of a cell's style."""
        known = self._codes.get(style)
        if known is None:
            known = self._codes[style] = self._code_of(int(style))
        return known

    def _code_of(self, style: int) -> str:
        from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

        styles = self._book._cell_styles
        number = styles[style].numFmtId if style < len(styles) else 0
        if number >= BUILTIN_FORMATS_MAX_SIZE:
            return str(self._book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE])
        return str(EAST_ASIAN.get(number) or BUILTIN_FORMATS.get(number) or "General")


class _Beside(NamedTuple):
    row: int
    text: str


class _SheetReader:
    """A sheet as it is stored."""

    def __init__(self, book: _Book, sheet: _Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._archive, self._path = book.archive, sheet.path

    @cached_property
    def layout(self) -> table.Layout:
        """Read before the rows, though most of it stands behind them."""
        if not self._says_more():
            return table.Layout(is_hidden=self._sheet.is_hidden)
        merged: list[table.Merged] = []
        rows: set[int] = set()
        columns: set[int] = set()
        number = 0
        for element in _elements(self._archive, self._path, "{*}row", "{*}col", "{*}mergeCell"):
            match str(element.tag).rpartition("}")[2]:
                case "row":
                    number = _row_number(element, number)
                    if _is_true(element.get("hidden")) and len(element):
                        rows.add(number)
                case "col" if _is_true(element.get("hidden")) or element.get("width") == "0":
                    first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                    columns |= set(range(max(first, 1) - 1, min(last, _MOST_COLUMNS)))
                case "mergeCell" if len(merged) < _MOST_MERGED:
                    merged += _range(element.get("ref", ""))
        return table.Layout(tuple(merged), frozenset(rows), frozenset(columns), self._sheet.is_hidden)

    def _says_more(self) -> bool:
        """Whether anything in it is merged or hidden; looked for in its bytes, for most have neither."""
        with self._archive.open(self._path) as source:
            end = b""
            while piece := source.read(1 << 20):
                if any(word in end + piece for word in _LAID_OUT):
                    return True
                end = piece[-20:]
        return False

    def rows(self) -> Iterator[table.Row]:
        says = self._book.says
        number, cells = 0, dict[int, str]()
        for at, cell in cells_of(self._archive, self._sheet):
            if at.row != number:
                if cells:
                    yield number, cells
                number, cells = at.row, {}
            if text := says(cell, at):
                cells[at.column] = text
        if cells:
            yield number, cells

    def beside(self) -> Iterator[Passage]:
        """What stands beside the cells: comments, text boxes, charts. Passages of their own, for they are no rows."""
        found: list[_Beside] = []
        for part in office_parts.related(self._archive, self._path):
            match part.kind:
                case "comments":
                    found += self._comments(part.path)
                case "threadedComment":
                    found += self._threads(part.path)
                case "drawing":
                    found += self._drawing(part.path)
        for row, text in sorted(found[:_MOST_BESIDE], key=lambda one: one.row):
            yield Passage(text, Sheet(self._sheet.title, row, row))

    def notes(self, name: str, passage: Passage | None) -> Iterator[Message]:
        """What the person should know about what is hidden."""
        if passage is None:
            return
        layout, sheet = self.layout, self._sheet.title
        if layout.is_hidden:
            yield say("Sheet {sheet} of {name} is hidden; its rows are marked as hidden.", sheet=sheet, name=name)
        elif layout.hidden_rows or layout.hidden_columns:
            yield say(
                "Sheet {sheet} of {name} has hidden rows or columns; they are marked as hidden.", sheet=sheet, name=name
            )

    def _comments(self, path: str) -> Iterator[_Beside]:
        root = office_parts.xml(self._archive, path)
        if root is None:
            return
        authors = [_line(one.text) for one in root.iter("{*}author")]
        for comment in root.iter("{*}comment"):
            text = _line(_text(comment))
            if text and not text.startswith("[Threaded comment]"):  # for programs that do not know these
                by = comment.get("authorId", "")
                author = authors[int(by)] if by.isdecimal() and int(by) < len(authors) else ""
                yield self._comment(comment.get("ref", ""), author, text.removeprefix(f"{author}:").strip())

    def _threads(self, path: str) -> Iterator[_Beside]:
        root = office_parts.xml(self._archive, path)
        if root is None:
            return
        people = {}
        for name in self._archive.namelist():
            if name.startswith("xl/persons/") and (persons := office_parts.xml(self._archive, name)) is not None:
                people.update({one.get("id"): _line(one.get("displayName")) for one in persons.iter("{*}person")})
        for comment in root.iter("{*}threadedComment"):
            if text := _line(comment.findtext("{*}text")):
                yield self._comment(comment.get("ref", ""), people.get(comment.get("personId"), ""), text)

    def _comment(self, ref: str, author: str, text: str) -> _Beside:
        match = _REFERENCE.match(ref)
        return _Beside(int(match[2]) if match else 1, f"Comment on {ref}{f' by {author}' if author else ''}: {text}")

    def _drawing(self, path: str) -> Iterator[_Beside]:
        root = office_parts.xml(self._archive, path)
        if root is None:
            return
        parts = {part.id: part.path for part in office_parts.related(self._archive, path)}
        for anchor in root:
            row = anchor.findtext(f"{_XDR}from/{_XDR}row") or "0"
            at = min(int(row) + 1, _MOST_ROWS) if row.isdecimal() else 1
            said = [_line("".join(part.text or "" for part in one.iter(f"{_A}t"))) for one in anchor.iter(f"{_A}p")]
            described = [office_parts.alternative_text(one.get("descr")) for one in anchor.iter(f"{_XDR}cNvPr")]
            said += [f"Picture: {words}" for words in described if words]
            for chart in anchor.iter("{*}chart"):
                named = next((value for key, value in chart.items() if key.endswith("}id")), "")
                if (drawn := office_parts.xml(self._archive, parts.get(named, ""))) is not None:
                    said += charts.lines(drawn)
            if text := "\n".join(filter(None, said)):
                yield _Beside(at, text)


def _elements(book: zipfile.ZipFile, path: str, *tags: str) -> Iterator[Any]:
    """Those of a part that have these names, one after the other; what was read is forgotten."""
    from lxml import etree

    with book.open(path) as source:
        for _, element in etree.iterparse(source, tag=tags, resolve_entities=False, no_network=True):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def cells_of(book: zipfile.ZipFile, sheet: _Sheet) -> Iterator[tuple[At, Any]]:
    """The cells of a sheet that are stored, row after row."""
    number = 0
    for row in _elements(book, sheet.path, "{*}row"):
        number = _row_number(row, number)
        column = -1
        for cell in row:
            column = _column(cell.get("r"), column + 1)
            yield At(sheet.title, number, column), cell


def _written(formula: Any, at: At, shared: dict[str, tuple[str, str]]) -> str:
    """As it stands in its cell; "" of one that fills several cells at once."""
    from openpyxl.formula.translate import Translator
    from openpyxl.utils import get_column_letter

    text, sort = f"={formula.text or ''}", formula.get("t", "normal")
    place = f"{get_column_letter(at.column + 1)}{at.row}"
    if sort == "shared":
        text, origin = shared.setdefault(formula.get("si", ""), (text, place))
        return str(Translator(text, origin).translate_formula(place)) if len(text) < _LONGEST_FORMULA else ""
    return text if sort == "normal" else ""


def _row_number(row: Any, last: int) -> int:
    said = row.get("r")
    return int(float(said)) if said else last + 1


def _column(reference: str | None, following: int) -> int:
    """From 0; a cell that does not say stands beside the last one."""
    if not reference:
        return following
    column = 0
    for letter in reference:
        if letter.isdigit():
            break
        column = column * 26 + ord(letter) - 64
    if not 0 < column <= _MOST_COLUMNS:
        raise ValueError(f"no column of a sheet: {reference}")
    return column - 1


def _range(reference: str) -> list[table.Merged]:
    ends = [match for end in reference.split(":")[:2] if (match := _REFERENCE.fullmatch(end))]
    if len(ends) != 2:
        return []
    rows = sorted(int(end[2]) for end in ends)
    columns = sorted(_column(end[1].upper(), 0) for end in ends)
    return [table.Merged(rows[0], columns[0], rows[1], columns[1])]


def _text(of: Any) -> str:
    """Of a text and its runs, without how it is pronounced."""
    return "".join(part.text or "" for part in of.iter("{*}t") if not str(part.getparent().tag).endswith("}rPh"))


def _moment(value: str) -> str:
    try:
        return moment(datetime.fromisoformat(value))
    except ValueError:
        return _line(value)


def _is_true(value: str | None) -> bool:
    return value in ("1", "true")


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
