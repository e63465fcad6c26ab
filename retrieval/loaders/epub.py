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
from retrieval.decoding import decode
from retrieval.loaders.html import into_outline
from retrieval.outline import Outline, titled
from retrieval.parse_context import ParseContext

_CONTAINER = "META-INF/container.xml"
_PROTECTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html")


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
                chapters = list(_chapters(book))
                if _is_protected(book, chapters):
                    raise BadInput(
                        say("{name} is protected against copying (DRM). Give me a copy without it.", name=name)
                    )
                for number, chapter in enumerate(chapters, 1):
                    self._context.report(
                        say(
                            "Reading chapter {number} of {count} of {name}",
                            number=number,
                            count=len(chapters),
                            name=name,
                        )
                    )
                    into_outline(decode(book.read(chapter))[0], name, outline)
                facts = _facts(book, name, outline)
        except (zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
            raise archive.damaged(name, self.kind) from error  # lxml's errors are SyntaxErrors
        return Document(digest(path), name, "text", outline.passages(), facts=facts)


def _chapters(book: zipfile.ZipFile) -> Iterator[str]:
    """The members to be read, in the order of the spine (EPUB 3.3, section 5.7)."""
    package = _package(book)
    tree = _xml(book, package)
    items = {item.get("id"): item for item in _all(tree, "item")}
    members = set(book.namelist())
    for reference in _all(tree, "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES or "nav" in (item.get("properties") or "").split():
            continue
        member = posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(item.get("href", ""))))
        if member in members:
            yield member


def _package(book: zipfile.ZipFile) -> str:
    named: str = _first(_xml(book, _CONTAINER), "rootfile").get("full-path", "")
    return named


def _facts(book: zipfile.ZipFile, name: str, outline: Outline) -> FileFacts:
    """What its package says of it (EPUB 3.3, section 5.5)."""
    package = _xml(book, _package(book))
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
