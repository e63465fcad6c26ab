"""What Word shows of a document, block by block: paragraphs with their numbers, text boxes, notes, equations, tables.

Tracked changes are read as accepted; what was deleted is told apart. Every element is read in the place where it
stands, once: of a shape that is stored twice, for newer and for older programs, the first one.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from retrieval import table
from retrieval.office import charts, diagrams, equations
from retrieval.office.parts import alternative_text
from retrieval.office.word_numbering import Numbering, value

_DEEPEST = 40  # elements inside one another
_DEEPEST_BOXES = 4  # text boxes and tables inside one another
_MOST_COLUMNS = 200
_MOST_NOTES = 20_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SYMBOLS = {  # of fonts that hold pictures in the places of letters
    ("wingdings", 0xFC): "✓", ("wingdings", 0xFB): "✗", ("wingdings", 0xFE): "☑", ("wingdings", 0xFD): "☒",
    ("wingdings", 0xA8): "☐", ("wingdings", 0x6F): "☐", ("wingdings", 0x78): "☒", ("wingdings", 0xE0): "→",
    ("wingdings", 0xDF): "←", ("wingdings 2", 0x52): "☑", ("wingdings 2", 0x50): "✓", ("wingdings 2", 0x4F): "✗",
    ("wingdings 2", 0xA3): "☐", ("wingdings 2", 0x54): "☒",
}  # fmt: skip
_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ"  # of the font Symbol, from 0x41
_SYMBOL = {0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB0: "°", 0xB9: "≠", 0xBB: "≈", 0xAE: "→", 0xA5: "∞", 0xD6: "√"}


@dataclass(frozen=True)
class Deleted:
    """What tracked changes took away. after: the words before it."""

    text: str
    author: str
    day: str
    after: str

    def told(self) -> str:
        by = ", ".join(filter(None, (f"by {self.author}" if self.author else "", self.day)))
        after = f", after “{self.after}”" if self.after else ""
        return f"Deleted in a tracked change{f' {by}' if by else ''}{after}: “{self.text}”"


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading (level: 1 and up, 0 for the title), or a table's rows."""

    text: str = ""
    level: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    deleted: tuple[Deleted, ...] = ()


@dataclass(frozen=True)
class _Style:
    name: str = ""
    above: str = ""
    list_id: str = ""
    list_level: int = 0
    level: int | None = None


@dataclass
class _Line:
    """A paragraph as it is put together."""

    pieces: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    """What stands beside it."""
    deleted: list[Deleted] = field(default_factory=list)
    begun: dict[str, int] = field(default_factory=dict)
    """The pieces at which the words begin that a comment is about."""
    is_heading: bool = False

    @property
    def text(self) -> str:
        text = "".join(self.pieces)
        for mark in _MARKS:
            text = text.replace(f"]\0\0[{mark}: ", "")  # neighbouring runs
        return text.replace("\0", "").strip()


_MARKS = ("hidden text", "struck out")


@dataclass
class _Field:
    code: str = ""
    in_result: bool = False
    box: Any = None
    said: bool = False


class WordText:
    """document: of python-docx."""

    def __init__(self, document: Any) -> None:
        self._document, self._part = document, document.part
        self._styles = _styles(document.styles.element)
        self._default = next(
            (one.get(f"{_W}styleId") for one in document.styles.element.iter(f"{_W}style")
             if one.get(f"{_W}type") == "paragraph" and one.get(f"{_W}default") in ("1", "true")), ""
        )  # fmt: skip
        self._numbering = Numbering(self._root_of("numbering"))
        self._notes = {
            (kind, note.get(f"{_W}id")): note
            for kind in ("footnote", "endnote")
            for note in islice(_iter(self._root_of(f"{kind}s"), f"{_W}{kind}"), _MOST_NOTES)
        }
        self._comments = {
            one.get(f"{_W}id"): one for one in islice(_iter(self._root_of("comments"), f"{_W}comment"), _MOST_NOTES)
        }
        self._counted = {"footnote": 0, "endnote": 0}
        self._fields: list[_Field] = []
        self._carried: list[str] = []  # of a paragraph whose end was deleted: it goes on in the next one
        self._depth = 0
        self._in_margin = False

    def body(self) -> Iterator[tuple[Any, list[Block]]]:
        """The elements of the document in order, each with its blocks."""
        for element in self._document.element.body:
            yield element, list(self._blocks(element, 0))

    def headers(self) -> list[str]:
        """What stands at the head of pages, each once."""
        return self._margins("header")

    def footers(self) -> list[str]:
        return self._margins("footer")

    def _margins(self, kind: str) -> list[str]:
        said: dict[str, None] = {}
        both = self._document.settings.odd_and_even_pages_header_footer
        for section in self._document.element.body.iter(f"{_W}sectPr"):
            for reference in section.iter(f"{_W}{kind}Reference"):
                when = reference.get(f"{_W}type")
                part = self._part.related_parts.get(reference.get(f"{_R}id"))
                if part is None or (when == "even" and not both):
                    continue
                if when == "first" and section.find(f"{_W}titlePg") is None:
                    continue
                text = self._margin(part)
                if any(letter.isalnum() for letter in text):
                    said[text] = None
        return list(said)

    def _margin(self, part: Any) -> str:
        own, self._part, self._in_margin = self._part, part, True
        try:
            return "\n".join(filter(None, (_plain(block) for block in self._inside(_root(part), 0))))
        finally:
            self._part, self._in_margin = own, False

    def _inside(self, element: Any, depth: int) -> Iterator[Block]:
        for child in element if element is not None else ():
            yield from self._blocks(child, depth)

    def _blocks(self, element: Any, depth: int) -> Iterator[Block]:
        if depth > _DEEPEST:
            return
        match element.tag:
            case _ if not isinstance(element.tag, str):
                return
            case tag if tag == f"{_W}p":
                yield from self._paragraph(element, depth)
            case tag if tag == f"{_W}tbl":
                yield from self._table(element, depth)
            case tag if tag == f"{_W}sdt":
                gallery = value(element.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery"))
                if gallery != "Table of Contents":  # it says the headings again
                    yield from self._inside(element.find(f"{_W}sdtContent"), depth + 1)
            case tag if tag == f"{_MC}AlternateContent":
                yield from self._inside(_chosen(element), depth + 1)
            case tag if tag in (f"{_W}del", f"{_W}moveFrom", f"{_W}sectPr"):
                return
            case tag if tag in (f"{_M}oMathPara", f"{_M}oMath"):
                yield Block(equations.words(element))
            case tag if tag.startswith(_W):
                yield from self._inside(element, depth + 1)

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[Block]:
        properties = paragraph.find(f"{_W}pPr")
        style = self._style(properties)
        level = _heading_level(properties, style, self._styles)
        line = _Line(self._carried, is_heading=level is not None)
        self._carried = []
        for child in paragraph:
            self._inline(child, line, depth + 1, None)
        self._fields = [one for one in self._fields if one.in_result]  # one that never ends takes no more than this
        if properties is not None and properties.find(f"{_W}rPr/{_W}del") is not None:
            self._carried = line.pieces
            line.pieces = []
        text = line.text
        if text and (label := self._label(properties, style)):
            text = f"{label} {text}"
        if text or line.deleted:
            yield Block(text, level if text else None, deleted=tuple(line.deleted))
        yield from line.blocks

    def _label(self, properties: Any, style: str) -> str:
        numbered = properties.find(f"{_W}numPr") if properties is not None else None
        list_id, level = "", 0
        for name in _chain(style, self._styles):
            if self._styles[name].list_id:
                list_id, level = self._styles[name].list_id, self._styles[name].list_level
                break
        if numbered is not None:
            own = numbered.find(f"{_W}numId")
            list_id = value(own) if own is not None else list_id
            said = value(numbered.find(f"{_W}ilvl"))
            level = int(said) if said.isdecimal() and len(said) < 3 else level
        return self._numbering.label(list_id, level) if list_id and list_id != "0" else ""

    def _style(self, properties: Any) -> str:
        return (value(properties.find(f"{_W}pStyle")) if properties is not None else "") or self._default

    # --- inside a paragraph

    def _inline(self, element: Any, line: _Line, depth: int, taken: Any) -> None:
        """taken: the tracked change that took it away."""
        tag = element.tag
        if depth > _DEEPEST or not isinstance(tag, str):
            return
        if tag == f"{_W}r":
            self._run(element, line, depth, taken)
        elif tag == f"{_W}del":
            self._take_away(element, line, depth)
        elif tag in (f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}sdtPr"):
            return
        elif tag in (f"{_M}oMath", f"{_M}oMathPara"):
            if not self._is_code():
                line.pieces.append(equations.words(element))
        elif tag == f"{_MC}AlternateContent":
            for child in _chosen(element):
                self._inline(child, line, depth + 1, taken)
        elif tag == f"{_W}commentRangeStart":
            line.begun[element.get(f"{_W}id")] = len(line.pieces)
        elif tag == f"{_W}sdt":
            asks = element.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None
            line.pieces.append("[" if asks else "")
            for child in element.iterchildren(f"{_W}sdtContent"):
                self._inline(child, line, depth + 1, taken)
            line.pieces.append("]" if asks else "")
        elif tag == f"{_W}fldSimple":
            if not self._is_page_number(element.get(f"{_W}instr") or ""):
                for child in element:
                    self._inline(child, line, depth + 1, taken)
        elif tag.startswith(_W):
            for child in element:
                self._inline(child, line, depth + 1, taken)

    def _run(self, run: Any, line: _Line, depth: int, taken: Any) -> None:
        properties = run.find(f"{_W}rPr")
        mark = ""
        if properties is not None and taken is None:
            hidden = _is_on(properties.find(f"{_W}vanish"))
            struck = _is_on(properties.find(f"{_W}strike")) or _is_on(properties.find(f"{_W}dstrike"))
            mark = _MARKS[0] if hidden else _MARKS[1] if struck else ""
        for child in run:
            if isinstance(child.tag, str):
                self._of_run(child, line, depth, mark, taken)

    def _of_run(self, element: Any, line: _Line, depth: int, mark: str, taken: Any) -> None:
        name = element.tag.rpartition("}")[2]
        if name == "fldChar":
            self._field(element, line)
            return
        if name in ("instrText", "delInstrText"):
            if self._fields and not self._fields[-1].in_result:
                self._fields[-1].code += element.text or ""
            return
        if self._is_code():
            return
        match name:
            case "t" | "delText":
                text = element.text or ""
                if self._fields:
                    self._fields[-1].said = True
                line.pieces.append(f"\0[{mark}: {text}]\0" if mark and text.strip() else text)
            case "tab" | "ptab":
                line.pieces.append("\t")
            case "br" | "cr":
                line.pieces.append("\n")
            case "noBreakHyphen":
                line.pieces.append("-")
            case "sym":
                line.pieces.append(_symbol(element.get(f"{_W}font") or "", element.get(f"{_W}char") or ""))
            case "footnoteReference" | "endnoteReference":
                self._note(name.removesuffix("Reference"), element.get(f"{_W}id"), line, depth)
            case "commentReference":
                self._comment(element.get(f"{_W}id"), line, depth)
            case "ruby":
                for base in element.iterchildren(f"{_W}rubyBase"):
                    self._inline(base, line, depth + 1, taken)
            case "AlternateContent":
                for child in _chosen(element):
                    self._of_run(child, line, depth + 1, mark, taken)
            case "drawing" | "pict" | "object":
                if taken is None:
                    line.blocks += self._beside(element, depth)

    def _field(self, element: Any, line: _Line) -> None:
        match element.get(f"{_W}fldCharType"):
            case "begin":
                if len(self._fields) < _DEEPEST:
                    self._fields.append(_Field(box=element.find(f"{_W}ffData")))
            case "separate" if self._fields:
                self._fields[-1].in_result = True
            case "end" if self._fields:
                ended = self._fields.pop()
                if self._is_code():
                    return
                code = ended.code.split()
                if code[:1] == ["FORMCHECKBOX"] or (code[:1] == ["FORMDROPDOWN"] and not ended.said):
                    line.pieces.append(_form_says(ended.box))
                elif code[:1] == ["EQ"] and not ended.said:
                    line.pieces.append(" ".join(code[1:]))

    def _is_code(self) -> bool:
        """Whether what comes is what a field is made from, and not what it shows."""
        return any(not one.in_result or self._is_page_number(one.code) for one in self._fields)

    def _is_page_number(self, code: str) -> bool:
        """Whether a field of a header or footer says another number on each page."""
        return self._in_margin and code.split()[:1] in (["PAGE"], ["NUMPAGES"], ["SECTIONPAGES"])

    def _take_away(self, change: Any, line: _Line, depth: int) -> None:
        apart = _Line()
        for child in change:
            self._inline(child, apart, depth + 1, change)
        if text := " ".join(apart.text.split()):
            after = " ".join(line.text.split())
            line.deleted.append(_deleted(change, text, after))

    def _note(self, kind: str, number: str | None, line: _Line, depth: int) -> None:
        note = self._notes.pop((kind, number), None)  # referred to again it is told once
        if note is None or self._depth >= _DEEPEST_BOXES:
            return
        self._counted[kind] += 1
        text = self._told(note, depth)
        said = f"[{kind.capitalize()} {self._counted[kind]}: {text}]"
        if text and line.is_heading:
            line.blocks.append(Block(said))
        elif text:
            line.pieces.append(f" {said}")

    def _comment(self, number: str | None, line: _Line, depth: int) -> None:
        comment = self._comments.pop(number, None)
        if comment is None or self._depth >= _DEEPEST_BOXES or not (text := self._told(comment, depth)):
            return
        by = " ".join((comment.get(f"{_W}author") or "").split())
        on = " ".join("".join(line.pieces[line.begun.get(number or "", len(line.pieces)) :]).replace("\0", "").split())
        about = f" on “{on[:100]}”" if on else ""
        line.blocks.append(Block(f"[Comment{f' by {by}' if by else ''}{about}: {text}]"))

    def _told(self, element: Any, depth: int) -> str:
        """All that an element says, in one line."""
        fields, self._fields = self._fields, []
        carried, self._carried = self._carried, []
        self._depth += 1
        try:
            return " ".join(" ".join(_plain(block).split()) for block in self._inside(element, depth)).strip()
        finally:
            self._depth -= 1
            self._fields, self._carried = fields, carried

    def _beside(self, element: Any, depth: int) -> list[Block]:
        """Text boxes, charts, SmartArt and what pictures are said to show."""
        if self._depth >= _DEEPEST_BOXES:
            return []
        fields, self._fields = self._fields, []
        self._depth += 1
        try:
            return list(self._shapes(element, depth))
        finally:
            self._depth -= 1
            self._fields = fields

    def _shapes(self, element: Any, depth: int) -> Iterator[Block]:
        waiting = [element]
        while waiting:
            one = waiting.pop()
            if not isinstance(one.tag, str):
                continue
            name = one.tag.rpartition("}")[2]
            if name == "txbxContent":
                yield from self._inside(one, depth + 1)
                continue
            if one.tag == f"{_MC}AlternateContent":
                waiting += reversed(list(_chosen(one)))
                continue
            said = ""
            if name == "docPr" or (name == "shape" and one.get("alt")):
                shown = alternative_text(one.get("descr") or one.get("alt"))
                said = f"Picture: {shown}" if shown else ""
            elif name == "textpath":
                said = " ".join((one.get("string") or "").split())
            elif name == "chart" and (root := self._related(one.get(f"{_R}id"))) is not None:
                said = "\n".join(charts.lines(root))
            elif name == "relIds" and (root := self._related(one.get(f"{_R}dm"))) is not None:
                said = "\n".join(diagrams.lines(root))
            if said:
                yield Block(said)
            waiting += reversed(list(one))

    def _related(self, number: str | None) -> Any:
        part = self._part.related_parts.get(number) if number else None
        return _root(part) if part is not None else None

    # --- tables

    def _table(self, element: Any, depth: int) -> Iterator[Block]:
        if self._depth >= _DEEPEST_BOXES:
            return
        rows = list(_unwrapped(element, f"{_W}tr"))
        if len(rows) == 1 and len(cells := list(_unwrapped(rows[0], f"{_W}tc"))) == 1:
            yield from self._inside(cells[0], depth + 1)  # a frame around text
            return
        read: list[dict[int, str]] = []
        merged: list[table.Merged] = []
        deleted: list[Deleted] = []
        open_: dict[int, int] = {}  # column → the merged cell that goes on there
        for row in rows:
            change = row.find(f"{_W}trPr/{_W}del")
            number, column, cells_of = len(read) + 1, _before(row), dict[int, str]()
            for cell in _unwrapped(row, f"{_W}tc"):
                if column >= _MOST_COLUMNS:
                    break
                properties = cell.find(f"{_W}tcPr")
                span, goes_on = _spans(properties)
                last = min(column + span, _MOST_COLUMNS) - 1
                if goes_on and column in open_:
                    at = open_[column]
                    merged[at] = merged[at]._replace(last_row=number)
                else:
                    cells_of[column] = self._cell(cell, depth + 1, deleted)
                    open_[column] = len(merged)
                    merged.append(table.Merged(number, column, number, last))
                column = last + 1
            if change is not None:
                said = " | ".join(filter(None, cells_of.values()))
                deleted += [_deleted(change, said, "")] if said else []
                continue
            read.append(cells_of)
        whole = [one for one in merged if one.last_row > one.first_row or one.last_column > one.first_column]
        yield Block(rows=tuple(map(tuple, table.flat(read, whole))), deleted=tuple(deleted))

    def _cell(self, cell: Any, depth: int, deleted: list[Deleted]) -> str:
        self._depth += 1
        try:
            said = []
            for block in self._inside(cell, depth):
                deleted += block.deleted
                said.append(" ; ".join(" , ".join(row) for row in block.rows) if block.rows else block.text)
            return " ".join(" ".join(said).split())
        finally:
            self._depth -= 1

    def _root_of(self, kind: str) -> Any:
        """The root of the part of this kind that the document points to; None where there is none."""
        for relation in self._part.rels.values():
            if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
                return _root(relation.target_part)
        return None


def _plain(block: Block) -> str:
    return "\n".join(" | ".join(row) for row in block.rows) if block.rows else block.text


def _root(part: Any) -> Any:
    """None where it is damaged: the document is readable without."""
    from lxml import etree

    if (element := getattr(part, "element", None)) is not None:
        return element
    try:
        return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def _iter(root: Any, tag: str) -> Iterator[Any]:
    for one in root.iter(tag) if root is not None else ():
        if one.get(f"{_W}type") in (None, "normal"):  # the others are the lines that part notes from the text
            yield one


def _chosen(element: Any) -> Any:
    """Of a thing that is stored in two ways, the first one that says something."""
    choices = list(element.iterchildren(f"{_MC}Choice"))
    return next((one for one in choices if len(one)), next(iter(element.iterchildren(f"{_MC}Fallback")), ()))


def _unwrapped(element: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, those in content controls and tracked changes among them."""
    waiting = [iter(element)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag == tag:
            yield child
        elif len(waiting) < _DEEPEST and child.tag in (
            f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag", f"{_W}moveTo"
        ):  # fmt: skip
            waiting.append(iter(child))


def _before(row: Any) -> int:
    """The columns that a row leaves out at its beginning."""
    said = value(row.find(f"{_W}trPr/{_W}gridBefore"))
    return min(int(said), _MOST_COLUMNS) if said.isdecimal() and len(said) < 6 else 0


def _spans(properties: Any) -> tuple[int, bool]:
    """How many columns a cell covers, and whether it goes on with the one above."""
    if properties is None:
        return 1, False
    said = value(properties.find(f"{_W}gridSpan"))
    merge = properties.find(f"{_W}vMerge")
    span = min(max(int(said), 1), _MOST_COLUMNS) if said.isdecimal() and len(said) < 6 else 1
    return span, merge is not None and value(merge) in ("", "continue")


def _deleted(change: Any, text: str, after: str) -> Deleted:
    author = " ".join((change.get(f"{_W}author") or "").split())[:100]
    return Deleted(
        text, author, (change.get(f"{_W}date") or "")[:10], after[-60:].partition(" ")[2] if len(after) > 60 else after
    )


def _is_on(of: Any) -> bool:
    return of is not None and value(of) not in ("0", "false", "off")


def _form_says(box: Any) -> str:
    if box is None:
        return ""
    if (check := box.find(f"{_W}checkBox")) is not None:
        state = check.find(f"{_W}checked")
        return "☒" if _is_on(state if state is not None else _off(check.find(f"{_W}default"))) else "☐"
    if (choice := box.find(f"{_W}ddList")) is not None:
        said = value(choice.find(f"{_W}result")) or value(choice.find(f"{_W}default")) or "0"
        entries = [value(one) for one in choice.findall(f"{_W}listEntry")]
        return entries[int(said)] if said.isdecimal() and int(said) < len(entries) else ""
    return ""


def _off(of: Any) -> Any:
    """A default that says nothing is no mark."""
    return of if of is not None and value(of) else None


def _symbol(font: str, code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    low = number & 0xFF if 0xF000 <= number <= 0xF0FF else number
    if font.lower() == "symbol":
        return _GREEK[low - 0x41] if 0 <= low - 0x41 < len(_GREEK) else _SYMBOL.get(low, chr(low) if low < 0x7F else "")
    if (known := _SYMBOLS.get((font.lower(), low))) is not None:
        return known
    if 0xF000 <= number <= 0xF0FF:
        return "•"
    return chr(number) if number < 0x110000 and unicodedata.category(chr(number))[0] != "C" else ""


def _styles(root: Any) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for one in root.iter(f"{_W}style"):
        if one.get(f"{_W}type") not in (None, "paragraph"):
            continue
        numbered = one.find(f"{_W}pPr/{_W}numPr")
        outline = value(one.find(f"{_W}pPr/{_W}outlineLvl"))
        level = value(numbered.find(f"{_W}ilvl")) if numbered is not None else ""
        styles[one.get(f"{_W}styleId") or ""] = _Style(
            value(one.find(f"{_W}name")),
            value(one.find(f"{_W}basedOn")),
            value(numbered.find(f"{_W}numId")) if numbered is not None else "",
            int(level) if level.isdecimal() and len(level) < 3 else 0,
            int(outline) + 1 if outline.isdecimal() and int(outline[:3]) < 9 else None,
        )
    return styles


def _chain(style: str, styles: dict[str, _Style]) -> Iterator[str]:
    """A style and those that it is based on."""
    seen: set[str] = set()
    while style in styles and style not in seen:
        seen.add(style)
        yield style
        style = styles[style].above


def _heading_level(properties: Any, style: str, styles: dict[str, _Style]) -> int | None:
    """By its style, one of Word's headings or its title, or by an outline level of its own; None: it is no heading."""
    for name in _chain(style, styles):
        called = styles[name].name.lower()
        if called == "title":
            return 0
        if called.startswith("heading"):
            number = called.rpartition(" ")[2]
            return int(number) if number.isdecimal() else 1
        if (level := styles[name].level) is not None and name != style:
            return level
    own = value(properties.find(f"{_W}outlineLvl")) if properties is not None else ""
    if own.isdecimal() and int(own[:3]) < 9:
        return int(own) + 1
    return styles[style].level if style in styles else None
