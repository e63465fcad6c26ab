"""Web pages saved as files: sections by headings, tables as rows. Runs no script and fetches nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.media import digest
from assistant.values.errors import BadInput
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import metadata
from retrieval.decoding import decode, guess_note
from retrieval.outline import Outline, titled
from retrieval.parse_context import ParseContext

if TYPE_CHECKING:
    from bs4 import Tag

_DROPPED = frozenset("script style noscript template svg math iframe object head select button textarea".split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "byl")
_DATES = ("article:published_time", "dcterms.created", "dcterms.date", "dc.date", "datepublished", "pubdate", "date")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span"
    " strike strong sub sup time tt u var wbr".split()
)


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
        text, guess = _read(path)
        outline = Outline()
        page = _parse(text, name)
        _walk(page, outline)
        facts = _facts(page, name, outline)
        return Document(digest(path), name, "text", outline.passages(), notes=guess_note(name, guess), facts=facts)


def into_outline(text: str, name: str, outline: Outline) -> None:
    """The text of a page, added to what was collected before; messages and books hold pages too."""
    _walk(_parse(text, name), outline)


def _read(path: Path) -> tuple[str, str]:
    """The page's text; what it says of its own encoding is believed where it is not UTF-8."""
    import codecs

    from bs4.dammit import EncodingDetector

    data = path.read_bytes()
    text, guess = decode(data)
    declared = EncodingDetector.find_declared_encoding(data, is_html=True) if guess else None
    if not declared:
        return text, guess
    try:
        codecs.lookup(declared)
        return data.decode(declared, errors="replace"), ""
    except LookupError:
        return text, guess


def _parse(text: str, name: str) -> "Tag":
    import re

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


def _walk(root: "Tag", outline: Outline) -> None:
    """Goes through the tree with a stack of its own: a hostile page nests deeper than Python recurses."""
    from bs4.element import NavigableString, Tag

    words: list[str] = []

    def flush() -> None:
        outline.block("\n".join(" ".join(line.split()) for line in "".join(words).split("\v")))
        words.clear()

    stack: list[Tag | NavigableString | None] = [root]  # None: a block ends here
    while stack:
        node = stack.pop()
        if node is None:
            flush()
        elif isinstance(node, Tag):
            if node.name in _DROPPED or node.has_attr("hidden"):
                continue
            if node.name == "br":
                words.append("\v")
            elif node.name in _HEADINGS:
                flush()
                outline.heading(node.get_text(" "), int(node.name[1]))
            elif node.name == "table" and not node.find(["table", *_HEADINGS]):
                flush()
                outline.rows(_rows(node))
            else:
                if node.name not in _INLINE:
                    flush()
                    stack.append(None)
                stack.extend(child for child in reversed(node.contents) if isinstance(child, Tag | NavigableString))
        elif type(node) is NavigableString:  # its subclasses are comments, declarations and the like
            words.append(str(node))
    flush()


def _rows(table: "Tag") -> list[list[str]]:
    return [[cell.get_text(" ") for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
