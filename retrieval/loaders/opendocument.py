"""OpenDocument (.odt, .ods, .odp): what LibreOffice and its kin show, in their order (OASIS OpenDocument 1.3).

Text with footnotes and comments where they stand and without what was deleted; sheets as their cells show it; slides.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.media import digest
from assistant.text.word_count import count_words
from assistant.values.errors import BadInput
from assistant.values.evidence import Document, Passage, Section, Slide
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import archive, metadata, table
from retrieval.outline import Outline, titled
from retrieval.parse_context import ParseContext

_TYPE = "application/vnd.oasis.opendocument."
_SILENT = frozenset(  # what lies in the text and is none of it
    "tracked-changes sequence-decls variable-decls user-field-decls forms soft-page-break bookmark bookmark-start"
    " bookmark-end reference-mark ruby-text hidden-text hidden-paragraph desc title glue-point event-listeners"
    " note-citation annotation-end table-of-content-source alphabetical-index-auto-mark-file settings plugin".split()
)
_BLOCKS = frozenset("p h list-item list-header table-row note-body text-box".split())
_MOST_REPEATED = 10_000  # rows of the same, and columns
_MOST_BLANKS = 100
_MOST_MERGED = 20_000  # cells of a sheet that are merged


class OpenDocumentLoader:
    kind = say("an OpenDocument file")
    extensions = (".odt", ".ods", ".odp")
    media_types = (f"{_TYPE}text", f"{_TYPE}spreadsheet", f"{_TYPE}presentation")

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        archive.check(path, name, self._context.limits, self.kind)
        try:
            with zipfile.ZipFile(path) as file:
                package = _Package(file, name)
                body = package.body()
                match _local(body):
                    case "spreadsheet":
                        return self._sheets(path, name, package, body)
                    case "presentation" | "drawing":
                        return self._slides(path, name, package, body)
                    case _:
                        return self._text(path, name, package, body)
        except (zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
            raise archive.damaged(name, self.kind) from error  # lxml's errors are SyntaxErrors

    def _text(self, path: Path, name: str, package: "_Package", body: Any) -> Document:
        outline = Outline()
        _Text(package, self._context, outline).tell(body)
        passages = outline.passages()
        if around := package.around():
            passages = (*passages, Passage(around, Section("page header and footer")))
        shown, headings = titled(outline.headings, outline.begins)
        words = outline.words + count_words(around)
        return Document(digest(path), name, "text", passages, facts=package.facts(name, headings, shown, words))

    def _sheets(self, path: Path, name: str, package: "_Package", body: Any) -> Document:
        left, tally = self._context.limits.document_characters, table.Tally()
        passages: list[Passage] = []
        sheets: list[str] = []
        for sheet in body:
            if _local(sheet) != "table":
                continue
            title = _attribute(sheet, "name")
            sheets.append(title)
            self._context.report(say("Reading sheet {sheet} of {name}", sheet=title, name=name))
            rows = tally.over(_sheet_rows(sheet))
            if passage := table.passage_of(title, rows, name, left, _layout(sheet, package)):
                passages.append(passage)
                left -= len(passage.text)
        facts = package.facts(name, (), "", tally.words, tuple(sheets))
        return Document(digest(path), name, "text", tuple(passages), facts=facts)

    def _slides(self, path: Path, name: str, package: "_Package", body: Any) -> Document:
        passages: list[Passage] = []
        titles: list[str] = []
        pages = [page for page in body if _local(page) == "page"]
        for number, page in enumerate(pages, 1):
            title, told = "", Outline()
            for shape in page:
                if _local(shape) == "notes":
                    notes = Outline()
                    _Text(package, self._context, notes).tell(shape)
                    told.block("\n".join(f"Notes: {passage.text}" for passage in notes.passages()))
                    continue
                one = Outline()
                _Text(package, self._context, one, Slide(number)).tell([shape])
                text = "\n\n".join(passage.text for passage in one.passages())
                if _attribute(shape, "class") == "title" and not title:
                    title = " ".join(text.split())
                told.block(text)
            titles.append(title)
            passages += (Passage(passage.text, Slide(number)) for passage in told.passages())
        words = sum(count_words(passage.text) for passage in passages)
        facts = package.facts(name, tuple(filter(None, titles)), titles[0] if titles else "", words, slides=len(pages))
        return Document(digest(path), name, "text", tuple(passages), units=len(pages), facts=facts)


class _Package:
    """The parts of the file."""

    def __init__(self, file: zipfile.ZipFile, name: str) -> None:
        self._file = file
        self._members = set(file.namelist())
        manifest = self.xml("META-INF/manifest.xml")
        if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
            raise BadInput(
                say(
                    "{name} is encrypted in a way that I cannot open. Save it without a password and try again.",
                    name=name,
                )
            )
        content = self.xml("content.xml")
        if content is None:
            raise ValueError("no content")
        self._content = content
        styles = self.xml("styles.xml")
        self._styles = styles
        self.numbered: dict[str, dict[int, tuple[str, int]]] = {}
        """Name of a list style → level → how it is numbered, and from where on."""
        self._hidden: set[str] = set()
        for tree in filter(lambda one: one is not None, (styles, content)):
            for style in tree.iter("{*}list-style"):
                self.numbered[_attribute(style, "name")] = dict(_levels(style))
            for style in tree.iter("{*}style"):
                if any(_attribute(inner, "display") in ("false", "none") for inner in style):
                    self._hidden.add(_attribute(style, "name"))

    def xml(self, member: str) -> Any:
        """Parsed without entities of its own making and without the network; None where it is not there."""
        from lxml import etree

        if member not in self._members:
            return None
        return etree.fromstring(self._file.read(member), etree.XMLParser(resolve_entities=False, no_network=True))

    def data(self, address: str) -> bytes:
        member = posixpath.normpath(address)
        return self._file.read(member) if member in self._members else b""

    def body(self) -> Any:
        body = next(self._content.iter("{*}body"), None)
        inner = next((one for one in body if isinstance(one.tag, str)), None) if body is not None else None
        if inner is None:
            raise ValueError("no body")
        return inner

    def is_hidden(self, style: str) -> bool:
        return style in self._hidden

    def around(self) -> str:
        """What stands above and below every page, each once."""
        told: dict[str, None] = {}
        for page in self._styles.iter("{*}master-page") if self._styles is not None else ():
            for part in page:
                if _local(part).startswith(("header", "footer")) and (text := "\n".join(_paragraphs(part))):
                    told[text] = None
        return "\n".join(told)

    def facts(
        self,
        name: str,
        outline: tuple[str, ...],
        shown: str,
        words: int,
        sheets: tuple[str, ...] = (),
        slides: int = 0,
    ) -> FileFacts:
        told: dict[str, str] = {}
        pages = 0
        meta = self.xml("meta.xml")
        for one in meta.iter("{*}*") if meta is not None else ():
            told.setdefault(_local(one), one.text or "")
            if _local(one) == "document-statistic" and (count := _attribute(one, "page-count")).isdecimal():
                pages = int(count)
        return FileFacts(
            "",
            name,
            pages=0 if slides or sheets else pages,
            slides=slides,
            sheets=sheets,
            outline=outline,
            words=words,
            title=metadata.title_of(told.get("title"), name) or shown,
            author=metadata.said(told.get("initial-creator") or told.get("creator")),
            written=metadata.iso(told.get("creation-date") or told.get("date")),
        )


@dataclass
class _List:
    """A list that is being told."""

    levels: dict[int, tuple[str, int]]
    counts: list[int] = field(default_factory=list)


class _Text:
    """Tells blocks in their order."""

    def __init__(self, package: _Package, context: ParseContext, outline: Outline, slide: Slide | None = None) -> None:
        self._package, self._context, self._outline, self._slide = package, context, outline, slide
        self._lists: dict[str, _List] = {}

    def tell(self, blocks: Any) -> None:
        for block in blocks:
            match _local(block):
                case "h":
                    level = _attribute(block, "outline-level")
                    self._outline.heading(_words(block), int(level) if level.isdecimal() else 1)
                    self._beside(block)
                case "p":
                    self._outline.block(_words(block))
                    self._beside(block)
                case "list":
                    self._list(block, 1, None)
                case "table":
                    self._outline.rows([list(row.values()) for _, row, _ in _grid(block)])
                    for cell in block.iter("{*}table-cell"):
                        self._beside(cell)
                case "section" | "index-body" | "table-of-content" | "index-title" | "numbered-paragraph":
                    if _attribute(block, "display") != "none":
                        self.tell(block)
                case "frame" | "custom-shape" | "rect" | "ellipse" | "g" | "a" | "text-box" | "line" | "connector":
                    self._shape(block)
                case name if name in _SILENT or not name:
                    continue
                case _:
                    self.tell(block)

    def _list(self, block: Any, depth: int, within: _List | None) -> None:
        if depth > 20:
            return
        style = _attribute(block, "style-name")
        if within is None:
            within = _List(self._package.numbered.get(style, {}))
            goes_on = _attribute(block, "continue-numbering") == "true" or bool(_attribute(block, "continue-list"))
            if goes_on and style in self._lists:
                within.counts = self._lists[style].counts
            self._lists[style] = within
        while len(within.counts) < depth:
            within.counts.append(within.levels.get(len(within.counts) + 1, ("", 1))[1] - 1)
        del within.counts[depth:]
        for item in block:
            if _local(item) not in ("list-item", "list-header"):
                continue
            kind, _ = within.levels.get(depth, ("", 1))
            mark = ""
            if _local(item) == "list-item":
                start = _attribute(item, "start-value")
                within.counts[depth - 1] = int(start) if start.isdecimal() else within.counts[depth - 1] + 1
                mark = f"{_counted(within.counts[depth - 1], kind)}. " if kind else ""
            for inner in item:
                match _local(inner):
                    case "list":
                        self._list(inner, depth + 1, within)
                    case "p" | "h":
                        self._outline.block(mark + _words(inner))
                        self._beside(inner)
                        mark = ""
                    case _:
                        self.tell([inner])

    def _beside(self, block: Any) -> None:
        """What hangs on a paragraph: footnotes, comments, boxes and pictures."""
        for one in block.iter("{*}note", "{*}annotation", "{*}frame", "{*}custom-shape"):
            match _local(one):
                case "note":
                    label = "".join("".join(cited.itertext()) for cited in one.iter("{*}note-citation")).strip()
                    said = " ".join(text for body in one.iter("{*}note-body") for text in _paragraphs(body))
                    self._outline.block(f"[{label or '*'}] {said}")
                case "annotation":
                    author = "".join("".join(who.itertext()) for who in one.iter("{*}creator")).strip()
                    said = " ".join(_paragraphs(one))
                    self._outline.block(f"Comment by {author}: {said}" if author else f"Comment: {said}")
                case _:
                    if not any(_local(above) in ("frame", "custom-shape", "g") for above in _above(one, block)):
                        self._shape(one)

    def _shape(self, shape: Any) -> None:
        """The text in it, a table, a formula, a chart, or a picture and what is said of it."""
        at = self._slide or Section(self._outline.last_heading)
        told = list(dict.fromkeys(_words(one) for one in shape if _local(one) in ("title", "desc")))
        for inner in shape:
            match _local(inner):
                case "text-box" | "table" | "p" | "list" | "g" | "frame" | "custom-shape" | "a" | "rect" | "ellipse":
                    self.tell(inner if _local(inner) in ("text-box",) else [inner])
                case "object":
                    self._object(inner)
                case "image" if not any(_local(one) == "object" for one in shape):
                    data = self._package.data(_attribute(inner, "href"))
                    read = self._context.figure(data, say("a figure"), lambda _: at) if data else None
                    if read is not None:
                        self._outline.block(read.text)
        for words in told:
            self._outline.block(words)

    def _object(self, link: Any) -> None:
        """A formula or a chart that is a file of its own within the file."""
        member = posixpath.normpath(_attribute(link, "href") or ".")
        try:
            tree = self._package.xml(f"{member}/content.xml") if member != "." else None
        except SyntaxError:
            return  # the document is readable without
        if tree is None:
            inner = next((one for one in link if isinstance(one.tag, str)), None)
            tree = inner if inner is not None else None
        if tree is None:
            return
        if _local(tree) == "math":
            noted = next(tree.iter("{*}annotation"), None)
            self._outline.block(" ".join(("".join(noted.itertext()) if noted is not None else _spaced(tree)).split()))
            return
        for title in tree.iter("{*}title"):
            self._outline.block(" ".join(_paragraphs(title)))
        for inner in tree.iter("{*}table"):
            self._outline.rows([list(row.values()) for _, row, _ in _grid(inner)])


def _layout(sheet: Any, package: "_Package") -> table.Layout:
    """What is merged and hidden in a sheet."""
    merged: list[table.Merged] = []
    hidden: set[int] = set()
    for number, repeated, row in _numbered_rows(sheet):
        if _attribute(row, "visibility") in ("collapse", "filter"):
            hidden |= set(range(number, number + min(repeated, _MOST_REPEATED)))
        at = 0
        for cell in row:
            if _local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            if cell.attrib and len(merged) < _MOST_MERGED:
                wide, tall = _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
                if wide > 1 or tall > 1:
                    merged.append(table.Merged(number, at, number + tall - 1, at + wide - 1))
            at += _number(cell, "number-columns-repeated")
    columns: set[int] = set()
    at = 0
    for column in sheet.iter("{*}table-column"):
        repeated = _number(column, "number-columns-repeated")
        if _attribute(column, "visibility") in ("collapse", "filter"):
            columns |= set(range(at, at + min(repeated, _MOST_REPEATED)))
        at += repeated
    is_hidden = package.is_hidden(_attribute(sheet, "style-name"))
    return table.Layout(tuple(merged), frozenset(hidden), frozenset(columns), is_hidden)


def _sheet_rows(sheet: Any) -> Iterator[table.Row]:
    """The rows of a sheet that hold something, each cell where it begins."""
    for number, cells, _ in _grid(sheet, spreads=False):
        if any(cells.values()):
            yield number, cells


def _numbered_rows(source: Any) -> Iterator[tuple[int, int, Any]]:
    """Its rows, each with its number from 1 and how many times it stands there."""
    number = 1
    for row in source.iter("{*}table-row"):
        if next(row.iterancestors("{*}table")) is source:
            repeated = _number(row, "number-rows-repeated")
            yield number, repeated, row
            number += repeated


def _grid(source: Any, spreads: bool = True) -> Iterator[tuple[int, dict[int, str], Any]]:
    """Each row with its number from 1, its cells by column, and the element. spreads: a cell that spans rows stands in
    each of them."""
    reaching: dict[int, tuple[str, int]] = {}
    for number, repeated, row in _numbered_rows(source):
        cells: dict[int, str] = {}
        at = 0
        for cell in row:
            if _local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            times, tall = _number(cell, "number-columns-repeated"), _number(cell, "number-rows-spanned")
            text = _cell(cell) if _local(cell) == "table-cell" else ""
            if text or times <= _MOST_BLANKS:
                for column in range(at, at + min(times, _MOST_REPEATED)):
                    cells[column] = text
            if spreads and text and tall > 1:
                reaching[at] = (text, tall)
            at += times
        for column, (text, tall) in list(reaching.items()):
            cells[column] = cells.get(column) or text
            if tall > repeated:
                reaching[column] = (text, tall - repeated)
            else:
                del reaching[column]
        ordered = dict(sorted(cells.items()))
        for again in range(min(repeated, _MOST_REPEATED) if any(cells.values()) else 1):
            yield number + again, ordered, row


def _cell(cell: Any) -> str:
    shown = " ".join(filter(None, _paragraphs(cell)))
    value = _attribute(cell, "value") or _attribute(cell, "date-value") or _attribute(cell, "string-value")
    return " ".join((shown or value).split())


def _paragraphs(element: Any) -> Iterator[str]:
    for one in element.iter("{*}p", "{*}h"):
        if not any(_local(above) in ("annotation", "note") for above in _above(one, element)):
            yield _words(one)


def _above(element: Any, root: Any) -> Iterator[Any]:
    for one in element.iterancestors():
        if one is root:
            return
        yield one


def _words(element: Any) -> str:
    """The text of a paragraph, with a sign for each footnote."""
    parts: list[str] = []

    def go(node: Any) -> None:
        parts.append(node.text or "")
        for inner in node:
            match _local(inner):
                case "s":
                    parts.append(" " * min(_number(inner, "c"), _MOST_BLANKS))
                case "tab":
                    parts.append("\t")
                case "line-break":
                    parts.append("\n")
                case "note":
                    label = "".join("".join(cited.itertext()) for cited in inner.iter("{*}note-citation")).strip()
                    parts.append(f" [{label or '*'}]")
                case "annotation" | "frame" | "custom-shape" | "g":
                    pass  # these are told beside it
                case name if name in _SILENT or not name:
                    pass
                case name:
                    parts.append("\n" if name in _BLOCKS and parts and parts[-1] else "")
                    go(inner)
            parts.append(inner.tail or "")

    go(element)
    return "\n".join(" ".join(line.split(" ")) for line in "".join(parts).split("\n")).strip()


def _spaced(tree: Any) -> str:
    return " ".join(text.strip() for text in tree.itertext() if text.strip())


def _levels(style: Any) -> Iterator[tuple[int, tuple[str, int]]]:
    for level in style:
        if _local(level) == "list-level-style-number":
            kind = _attribute(level, "num-format")
            yield _number(level, "level"), (kind, _number(level, "start-value"))


def _counted(number: int, kind: str) -> str:
    if kind in ("a", "A") and 1 <= number <= 26:
        return chr(ord(kind) + number - 1)
    return str(number)


def _number(element: Any, name: str) -> int:
    value = _attribute(element, name)
    return min(int(value), 10_000_000) if value.isdecimal() and len(value) < 12 and int(value) > 0 else 1


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str) -> str:
    """By its local name: these are never used twice."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""
