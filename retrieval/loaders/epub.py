"""Books (.epub): the chapters in reading order, each a page of HTML, by their headings. Opens no protected book."""

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from assistant.media import digest
from assistant.values.errors import BadInput
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import archive, metadata
from retrieval.loaders.html import into_outline, note_text, page_text
from retrieval.outline import Outline, titled
from retrieval.parse_context import ParseContext

_CONTAINER = "META-INF/container.xml"
_PROTECTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document")
_LONGEST_NOTE = 3_000  # characters; what is longer is a chapter


class EpubLoader:
    kind = say("a book")
    extensions = (".epub",)
    media_types = ("application/epub+zip",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        archive.check(path, name, self._context.limits, self.kind)
        outline = Outline()
        try:
            with zipfile.ZipFile(path) as book:
                package = _Package(book)
                chapters = package.chapters
                if _is_protected(book, chapters):
                    raise BadInput(
                        say("{name} is protected against copying (DRM). Give me a copy without it.", name=name)
                    )
                notes = _Notes(book, package)
                for number, chapter in enumerate(chapters, 1):
                    self._context.report(
                        say(
                            "Reading chapter {number} of {count} of {name}",
                            number=number,
                            count=len(chapters),
                            name=name,
                        )
                    )
                    made = Outline()
                    into_outline(_text(book, chapter), name, made, notes.links(chapter), notes.told(chapter))
                    if (label := package.labels.get(chapter)) and not made.headings:
                        outline.heading(label)
                    if chapter not in package.aside or not made.is_bare:
                        outline.take(made)
                facts = _facts(package.tree, name, outline)
        except (zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
            raise archive.damaged(name, self.kind) from error  # lxml's errors are SyntaxErrors
        return Document(digest(path), name, "text", outline.passages(), facts=facts)


class _Package:
    """What the book says of its parts (EPUB 3.3, section 5)."""

    def __init__(self, book: zipfile.ZipFile) -> None:
        self._members = {member.casefold(): member for member in book.namelist()}
        self._names = set(book.namelist())
        self._at = self._found(book)
        self.tree = _xml(book, self._at)
        items = {item.get("id"): item for item in _all(self.tree, "item")}
        spine: list[str] = []
        self.aside: set[str] = set()
        """What lies beside the order of reading: it is read by following a link, and told behind the others."""
        for reference in _all(self.tree, "itemref"):
            item = items.get(reference.get("idref"))
            member = self._page(item) if item is not None else None
            if item is None or member is None or "nav" in (item.get("properties") or "").split():
                continue
            spine.append(member)
            if (reference.get("linear") or "").strip().lower() == "no":
                self.aside.add(member)
        spine = list(dict.fromkeys(spine))
        self.linear = [member for member in spine if member not in self.aside]
        pages = [page for item in items.values() if (page := self._page(item))]
        contents = {self._page(item) for item in items.values() if "nav" in (item.get("properties") or "").split()}
        linked = _linked(book, self, set(pages) - set(spine) - contents) if set(pages) - set(spine) - contents else []
        self.aside.update(linked)
        self.chapters = [*self.linear, *(member for member in spine if member in self.aside), *linked]
        self.labels = self._labels(book, items)

    def resolve(self, base: str, address: str) -> tuple[str, str]:
        """The member that an address written in another member leads to ("" for none), and the id in it."""
        path, _, fragment = address.partition("#")
        if "://" in path or path.startswith("mailto:"):
            return "", ""
        member = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(path))) if path else base
        found = member if member in self._names else self._members.get(member.casefold(), "")
        return found, unquote(fragment)

    def _page(self, item: Any) -> str | None:
        member, _ = self.resolve(self._at, item.get("href") or "")
        is_page = item.get("media-type") in _PAGES or member.lower().endswith((".xhtml", ".html", ".htm"))
        return member if member and is_page else None

    def _found(self, book: zipfile.ZipFile) -> str:
        try:
            named: str = _first(_xml(book, _CONTAINER), "rootfile").get("full-path", "")
        except (KeyError, ValueError, SyntaxError):
            named = ""
        if named in self._names:
            return named
        return next((member for member in book.namelist() if member.lower().endswith(".opf")), named)

    def _labels(self, book: zipfile.ZipFile, items: dict[str, Any]) -> dict[str, str]:
        """What the table of contents calls each page."""
        labels: dict[str, str] = {}
        for item in items.values():
            is_nav = "nav" in (item.get("properties") or "").split()
            if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
                continue
            member, _ = self.resolve(self._at, item.get("href") or "")
            try:
                tree = _xml(book, member)
            except (KeyError, SyntaxError, ValueError):
                continue  # the book is readable without
            entries = (
                ((link.get("href") or "", "".join(link.itertext())) for link in _all(tree, "a"))
                if is_nav
                else (
                    (_first(point, "content").get("src") or "", "".join(_first(point, "text").itertext()))
                    for point in _all(tree, "navPoint")
                )
            )
            for address, label in entries:
                page, _ = self.resolve(member, address)
                labels.setdefault(page, metadata.said(label))
        return labels


class _Notes:
    """The footnotes: what a link from the text to each of them says, wherever in the book it stands."""

    def __init__(self, book: zipfile.ZipFile, package: _Package) -> None:
        self._links: dict[str, dict[str, tuple[str, str]]] = {}  # member → address as written → member and id
        order = {member: at for at, member in enumerate(package.chapters)}
        wanted: dict[str, set[str]] = {}
        for member in package.linear:
            for address, is_sure, is_before in _note_links(_tree(book, member)):
                target, named = package.resolve(member, address)
                at = order.get(target, -1)
                later = at > order[member] or (target == member and not is_before)
                if named and at >= 0 and (is_sure or later):
                    self._links.setdefault(member, {})[address] = (target, named)
                    wanted.setdefault(target, set()).add(named)
        self._said = {
            (member, named): text
            for member, names in wanted.items()
            for named, text in _named(_tree(book, member), names).items()
        }
        self._aside = package.aside

    def links(self, member: str) -> dict[str, str]:
        """Address as it is written in this page → what the note says."""
        links = self._links.get(member, {})
        return {address: self._said[target] for address, target in links.items() if target in self._said}

    def told(self, member: str) -> frozenset[str]:
        """The ids of this page's notes, which are told where they belong and not again."""
        return frozenset(named for at, named in self._said if at == member)


def _linked(book: zipfile.ZipFile, package: _Package, pages: set[str]) -> list[str]:
    """Of these pages, which lie outside of the order of reading, those that some page leads to."""
    found: list[str] = []
    waiting = list(package.linear)
    while waiting:
        member = waiting.pop(0)
        for link in _tree(book, member).iter("a"):
            target, _ = package.resolve(member, link.get("href") or "")
            if target in pages:
                pages.discard(target)
                found.append(target)
                waiting.append(target)
    return found


def _note_links(tree: Any) -> Iterator[tuple[str, bool, bool]]:
    """The links that may lead to footnotes: as written; whether they say so; whether they lead back in this page."""
    seen: set[str] = set()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if named := element.get("id") or element.get("name"):
            seen.add(named)
        address = element.get("href") or "" if element.tag == "a" else ""
        if "#" not in address:
            continue
        kind = f"{element.get('epub:type') or ''} {element.get('role') or ''} {element.get('class') or ''}"[:300]
        is_sure = "noteref" in kind or "footnote-ref" in kind
        label = "".join(element.itertext()).strip()
        raised = element.find(".//sup") is not None or (element.getparent() is not None and _is_raised(element))
        if is_sure or (raised and 0 < len(label) <= 6):
            yield address, is_sure, unquote(address.partition("#")[2]) in seen


def _is_raised(element: Any) -> bool:
    return str(element.getparent().tag) == "sup"


def _named(tree: Any, wanted: set[str]) -> dict[str, str]:
    """What stands in the elements with these ids, or in the paragraph of which such an element is a part."""
    found: dict[str, str] = {}
    for element in tree.iter():
        named = element.get("id") or element.get("name") if isinstance(element.tag, str) else None
        if named not in wanted or named in found:
            continue
        block = element
        while block.tag in ("a", "sup", "span", "b", "i", "em", "strong", "small") and block.getparent() is not None:
            block = block.getparent()
        text = "".join(_words(block))
        if block.tag not in ("body", "html") and 0 < len(said := note_text(text)) <= _LONGEST_NOTE:
            found[named] = said
    return found


def _words(block: Any) -> Iterator[str]:
    """The text of an element, blocks in it parted."""
    from lxml import etree

    for event, element in etree.iterwalk(block, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            yield element.text or ""
        else:
            if element.tag in ("p", "div", "li", "br", "td", "tr"):
                yield " "
            if element is not block:
                yield element.tail or ""


def _text(book: zipfile.ZipFile, member: str) -> str:
    return page_text(book.read(member))[0]


def _tree(book: zipfile.ZipFile, member: str) -> Any:
    """The page parsed quickly, for its links and ids alone."""
    from lxml import etree

    data = book.read(member)
    parser = etree.HTMLParser(no_network=True, encoding="utf-8" if _is_utf8(data) else None)
    tree = etree.fromstring(data, parser) if data.strip() else None
    return tree if tree is not None else etree.Element("html")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _facts(package: Any, name: str, outline: Outline) -> FileFacts:
    """What its package says of it (EPUB 3.3, section 5.5)."""
    told = {tag: [metadata.said(one.text) for one in _all(package, tag)] for tag in ("title", "creator", "date")}
    title = next(filter(None, told["title"]), titled(outline.headings, outline.begins)[0])
    return FileFacts(
        "",
        name,
        outline=tuple(heading.text for heading in outline.headings if heading.text != title),
        words=outline.words,
        title=title,
        author=", ".join(filter(None, told["creator"])),
        written=next(filter(None, map(metadata.iso, told["date"])), ""),
    )


def _is_protected(book: zipfile.ZipFile, chapters: list[str]) -> bool:
    """Whether chapters are encrypted; fonts often are, which does no harm."""
    if _PROTECTION not in book.namelist():
        return False
    hidden = {unquote(found.get("URI", "")) for found in _all(_xml(book, _PROTECTION), "CipherReference")}
    return bool(hidden.intersection(chapters))


def _xml(book: zipfile.ZipFile, member: str) -> Any:
    """Parsed without entities of its own making and without the network."""
    from lxml import etree

    return etree.fromstring(book.read(member), etree.XMLParser(resolve_entities=False, no_network=True))


def _all(tree: Any, tag: str) -> list[Any]:
    return list(tree.iter(f"{{*}}{tag}"))


def _first(tree: Any, tag: str) -> Any:
    found = _all(tree, tag)
    if not found:
        raise ValueError(f"no {tag}")
    return found[0]
