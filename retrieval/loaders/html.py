"""Web pages saved as files: sections by headings, tables as rows. Runs no script and fetches nothing."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.media import digest
from assistant.values.errors import BadInput
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import html_table, metadata
from retrieval.decoding import decode, decode_as, guess_note
from retrieval.html_table import HEADINGS
from retrieval.outline import Outline, titled
from retrieval.parse_context import ParseContext

if TYPE_CHECKING:
    from bs4 import Tag
    from bs4.element import NavigableString

_DROPPED = frozenset("script style noscript template svg iframe object head button datalist".split())
_FIELDS = frozenset(("input", "select", "textarea"))
_TYPED = frozenset(
    ("", "text", "number", "date", "time", "datetime-local", "month", "week", "email", "tel", "url", "search")
)
_STRUCK = frozenset(("del", "s", "strike"))
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "byl")
_DATES = ("article:published_time", "dcterms.created", "dcterms.date", "dc.date", "datepublished", "pubdate", "date")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark math q rp rt ruby s"
    " samp select small span strike strong sub sup textarea time tt u var wbr".split()
)
_NOTEREF = re.compile(r"\b(?:noteref|doc-noteref|footnote-ref|footnoteref|fnref)\b")
_NOTE_NUMBER = re.compile(r"^[\[(]?(?:\d{1,4}|[*†‡])[\])]?[.:]?\s+(?=\S)")
_NOTE_EDGE = re.compile(r"[↩↑⏎^]\ufe0e?$|\[↩\]$")
_HIDING = re.compile(r"(?:^|;)\s*+(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden)\b", re.I)
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LONGEST_NOTE = 3_000  # characters
_LOOKED_AT = 5_000  # characters of a style


class HtmlLoader:
    kind = say("a web page")
    extensions = (".html", ".htm", ".xhtml")
    media_types = ("text/html", "application/xhtml+xml")

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        # the tree takes some twenty times the file's size
        if path.stat().st_size > 2 * self._context.limits.document_characters:
            raise BadInput(
                say("{name} is too large a web page for me to read. Save the part you need, or its text.", name=name)
            )
        text, guess = page_text(path.read_bytes())
        outline = Outline()
        page = _parse(text, name)
        notes = _footnotes(page)
        _Walk(outline, notes, _ids(notes)).through(page)
        facts = _facts(page, name, outline)
        return Document(digest(path), name, "text", outline.passages(), notes=guess_note(name, guess), facts=facts)


def into_outline(
    text: str, name: str, outline: Outline, notes: Mapping[str, str] | None = None, told: Container[str] = ()
) -> None:
    """The text of a page, added to what was collected before; messages and books hold pages too.

    notes: address of a link to a footnote → what it says; None: those of the page itself. told: the ids of the elements
    that were told elsewhere.
    """
    page = _parse(text, name)
    if notes is None:
        notes = _footnotes(page)
        told = _ids(notes)
    _Walk(outline, notes, told).through(page)


def page_text(data: bytes) -> tuple[str, str]:
    """The text of a page, and the encoding where it was a guess. What it says of its own encoding is believed, where it
    is not UTF-8."""
    from bs4.dammit import EncodingDetector

    text, guess = decode(data)
    declared = EncodingDetector.find_declared_encoding(data, is_html=True) if guess else None
    return decode_as(data, declared) if declared else (text, guess)


def _ids(notes: Mapping[str, str]) -> frozenset[str]:
    return frozenset(address.rpartition("#")[2] for address in notes)


def _footnotes(page: "Tag") -> dict[str, str]:
    """The footnotes of a page that say of themselves that they are: address of the link → what it says."""
    from bs4.element import Tag

    links = (link for link in page.find_all("a", href=True) if _is_noteref(link))
    wanted = {str(link["href"])[1:] for link in links if str(link["href"]).startswith("#")}
    found: dict[str, str] = {}
    for tag in page.find_all(id=True) if wanted else ():
        block: Tag | None = tag
        while block is not None and block.name in _INLINE:
            block = block.parent
        name = str(tag["id"])
        if name not in wanted or f"#{name}" in found or block is None or block.name in ("body", "html"):
            continue
        if 0 < len(text := note_text(_text_of(block))) <= _LONGEST_NOTE:
            found[f"#{name}"] = text
    return found


def note_text(text: str) -> str:
    """A footnote without its number and the sign that leads back."""
    return _NOTE_EDGE.sub("", _NOTE_NUMBER.sub("", " ".join(text.split()), count=1)).strip()


def _is_noteref(link: "Tag") -> bool:
    named = (link.get("epub:type"), link.get("role"), *(link.get("class") or ()))
    return any(_NOTEREF.search(str(one)[:200]) for one in named if one)


def _parse(text: str, name: str) -> "Tag":
    from bs4 import BeautifulSoup

    # an XML declaration only makes the parser ask whether this is HTML at all
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        return BeautifulSoup(text, "lxml")
    except (RecursionError, ValueError, AssertionError) as error:
        raise BadInput(
            say("{name} is not a web page that I can read. Save it again from the browser.", name=name)
        ) from error


def _facts(page: "Tag", name: str, outline: Outline) -> FileFacts:
    """What its head says of it; the names of such things are conventions."""
    shown, headings = titled(outline.headings, outline.begins)
    told: dict[str, str] = {}
    for meta in page.find_all("meta"):
        key = str(meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        told.setdefault(key, str(meta.get("content") or ""))
    title = metadata.title_of(page.title.get_text(" ") if page.title else "", name) or shown
    author = next(filter(None, (metadata.said(told.get(key)) for key in _AUTHORS)), "")
    written = next(filter(None, (metadata.iso(told.get(key)) for key in _DATES)), "")
    return FileFacts("", name, outline=headings, words=outline.words, title=title, author=author, written=written)


class _Walk:
    """Goes through the tree with a stack of its own: a hostile page nests deeper than Python recurses."""

    def __init__(self, outline: Outline, notes: Mapping[str, str], gone: Container[str]) -> None:
        self._outline, self._notes, self._gone = outline, notes, gone
        self._words: list[str] = []
        self._told: dict[str, str] = {}  # the notes of this block
        self._kept = 0  # within how many elements that keep their lines
        self._numbers: list[Iterator[str] | None] = []
        self._mark = ""  # of an item of a list, which waits for its text
        self._stack: list[Tag | NavigableString | Callable[[], None]] = []

    def through(self, root: "Tag") -> None:
        from bs4.element import NavigableString, Tag

        self._stack.append(root)
        while self._stack:
            node = self._stack.pop()
            if isinstance(node, Tag):
                if not self._is_left_out(node) and not self._tell_at_once(node):
                    self._enter(node)
                    children = [child for child in node.contents if isinstance(child, Tag | NavigableString)]
                    self._stack.extend(reversed(children))
            elif callable(node):
                node()
            elif type(node) is NavigableString:  # its subclasses are comments, declarations and the like
                self._words.append(str(node))
        self._flush()

    def _is_left_out(self, node: "Tag") -> bool:
        if _is_dropped(node):
            return True
        # a footnote, which was told where it belongs
        return node.get("id") in self._gone and node.name not in _INLINE and node.name not in ("body", "html")

    def _tell_at_once(self, node: "Tag") -> bool:
        """Of what is told as a whole, without a look into it by this walk."""
        if (said := _said(node)) is not None:
            self._words.append(said)
        elif node.name == "a" and (note := self._notes.get(str(node.get("href", "")))) is not None:
            label = node.get_text(strip=True).strip("[]()") or "note"
            self._words.append(f" [{label}]")
            self._told[label] = note
        elif node.name in HEADINGS or node.get("role") == "heading":
            self._flush()
            level = node.name[1] if node.name in HEADINGS else str(node.get("aria-level", "2"))
            self._outline.heading(_text_of(node), int(level) if level.isdecimal() and len(level) == 1 else 2)
        elif node.name == "table" and not html_table.is_laid_out(node):
            self._flush()
            _tell_table(node, self._outline)
        elif node.name == "dl" and node.find(["table", "dl", *HEADINGS]) is None:
            self._flush()
            self._outline.block("\n".join(_definitions(node)))
        else:
            return False
        return True

    def _enter(self, node: "Tag") -> None:
        """What begins with an element, and, on the stack, what its end brings."""
        if node.name in ("ol", "ul"):
            self._numbers.append(_numbers(node))
            self._stack.append(self._end_list)
        if node.name in ("pre", "textarea"):
            self._flush()
            self._kept += 1
            self._stack.append(self._end_kept)
        if node.name in _STRUCK:
            self._strike()
            self._stack.append(self._strike)
        if node.name not in _INLINE:
            self._flush()
            self._stack.append(self._flush)
        if node.name == "li" and self._numbers and (counted := self._numbers[-1]) is not None:
            self._begin_item(f"{node.get('value')}. " if node.get("value") else next(counted))

    def _strike(self) -> None:
        self._words.append("~~")

    def _end_kept(self) -> None:
        self._kept -= 1

    def _begin_item(self, number: str) -> None:
        self._end_item()
        self._mark = number
        self._words.append(number)

    def _end_item(self) -> None:
        if self._mark and "".join(self._words).strip() == self._mark.strip():
            self._words.clear()  # of one without text
        self._mark = ""

    def _end_list(self) -> None:
        self._end_item()
        del self._numbers[-1]

    def _flush(self) -> None:
        text = "".join(self._words)
        if self._mark and text.strip() == self._mark.strip():
            return
        self._mark = ""
        self._outline.block(text if self._kept else _lines(text))
        self._words.clear()
        for label, note in self._told.items():
            self._outline.block(f"[{label}] {note}")
        self._told.clear()


def _lines(text: str) -> str:
    """Blanks and breaks of the source mean nothing; those of <br>, given as a vertical tab, end a line."""
    return "\n".join(" ".join(line.split()) for line in text.split("\v"))


def _is_dropped(tag: "Tag") -> bool:
    if tag.name in _DROPPED or tag.has_attr("hidden"):
        return True
    return tag.has_attr("style") and bool(_HIDING.search(str(tag["style"])[:_LOOKED_AT]))


def _said(tag: "Tag") -> str | None:
    """The words of what is shown otherwise than by its text; None where it is just that."""
    match tag.name:
        case "br":
            return "\v"
        case "img":
            alt = " ".join(str(tag.get("alt") or "").split())
            return f" {alt} " if alt else ""
        case "math":
            return f" {_formula(tag)} "
        case "sup" if tag.find(True) is None:
            text = tag.get_text(strip=True)
            raised = text.translate(_RAISED)
            return raised if text and not any(letter in text for letter in raised) else None
        case name if name in _FIELDS:
            return f" {_field(tag)} "
        case _:
            return None


def _formula(tag: "Tag") -> str:
    """MathML as the TeX that it was made of, or as it reads."""
    told = tag.find("annotation", attrs={"encoding": re.compile("tex", re.I)})
    if told is not None:
        return told.get_text(strip=True)
    return str(tag.get("alttext") or " ".join(tag.get_text(" ").split()))


def _field(tag: "Tag") -> str:
    """What is filled into a form."""
    kind = str(tag.get("type") or "").lower()
    if tag.name == "textarea":
        return tag.get_text()
    if tag.name == "select":
        options = tag.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")] or options[:1]
        return ", ".join(" ".join(option.get_text().split()) for option in chosen)
    if kind in ("checkbox", "radio"):
        return "[x]" if tag.has_attr("checked") else "[ ]"
    return str(tag.get("value") or "") if kind in _TYPED else ""


def _numbers(tag: "Tag") -> Iterator[str] | None:
    """The numbers of a list as they are shown; None for one without."""
    from itertools import count

    if tag.name == "ul" or "list-style-type:none" in str(tag.get("style", ""))[:_LOOKED_AT].replace(" ", "").lower():
        return None
    start, kind = str(tag.get("start") or ""), str(tag.get("type") or "1")
    first = int(start) if start.lstrip("-").isdecimal() and len(start) < 9 else 1
    step = 1
    if tag.has_attr("reversed"):
        step, first = -1, first if start else len(tag.find_all("li", recursive=False))
    return (f"{_as_shown(number, kind)}. " for number in count(first, step))


def _as_shown(number: int, kind: str) -> str:
    if kind in ("a", "A") and 1 <= number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in ("i", "I") and 1 <= number < 4000:
        roman = "".join(
            digits[number // size % 10]
            for size, digits in (
                (1000, ["", "m", "mm", "mmm"] + [""] * 6),
                (100, ["", "c", "cc", "ccc", "cd", "d", "dc", "dcc", "dccc", "cm"]),
                (10, ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"]),
                (1, ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]),
            )
        )
        return roman.upper() if kind == "I" else roman
    return str(number)


def _text_of(tag: "Tag", but: Container[str] = ()) -> str:
    """What stands in an element, but for elements so named, in one line: words stay whole, blocks are parted."""
    from bs4.element import NavigableString, Tag

    parts: list[str] = []
    stack: list[object] = list(reversed(tag.contents))
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if _is_dropped(node) or node.name in but:
                continue
            if (said := _said(node)) is not None:
                parts.append(said)
                continue
            between = "~~" if node.name in _STRUCK else "" if node.name in _INLINE else " "
            parts.append(between)
            stack.append(between)
            stack.extend(reversed(node.contents))
        elif type(node) is NavigableString or type(node) is str:
            parts.append(str(node))
    return " ".join("".join(parts).split())


def _tell_table(table: "Tag", outline: Outline) -> None:
    """Rows, and a heading where one stands over all columns."""
    rows: list[list[str]] = []
    for row in html_table.rows_of(table, _text_of):
        if row.is_heading:
            outline.rows(rows)
            outline.heading(row.cells[0], 6)
            rows = []
        else:
            rows.append(row.cells)
    outline.rows(rows)


def _definitions(listed: "Tag") -> Iterator[str]:
    """ "term: what it is", a line each; several terms of one definition share it."""
    terms: list[str] = []
    defined = False
    for tag in listed.find_all(["dt", "dd"]):
        if _is_dropped(tag) or not (text := _text_of(tag, but=("dt", "dd"))):
            continue
        if tag.name == "dt":
            terms, defined = ([text], False) if defined else ([*terms, text], False)
        else:
            yield f"{', '.join(terms).rstrip(':')}: {text}" if terms else text
            defined = True
    if terms and not defined:
        yield ", ".join(terms)
