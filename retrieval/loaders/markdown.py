"""Markdown: sections by headings; marks that only style are taken away, so that the text reads as prose."""

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.media import digest
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from retrieval.decoding import decode, guess_note
from retrieval.outline import Outline, titled
from retrieval.parse_context import ParseContext

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?=[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)$")
_TABLE_RULE = frozenset("|-: \t")
# lengths are bounded, so that a hostile line takes no longer than an honest one
_STYLE = (
    (re.compile(r"<!--.{0,2000}?-->"), ""),
    (re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:[ \t]+\"[^\"]*\")?\)"), r"\1"),  # links and pictures: their words
    (re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+)(?<=\S)\*(?![\w*])"), r"\1"),
)


class MarkdownLoader:
    kind = "Markdown"
    extensions = (".md", ".markdown")
    media_types = ("text/markdown",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        text, guess = decode(path.read_bytes())
        outline = Outline()
        for level, block in _blocks(text.split("\n")):
            if level:
                outline.heading(block, level)
            else:
                outline.block(block)
        title, headings = titled(outline.headings, outline.begins)
        facts = FileFacts("", name, outline=headings, words=outline.words, title=title)
        return Document(digest(path), name, "text", outline.passages(), notes=guess_note(name, guess), facts=facts)


def _blocks(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(level of a heading, or 0, text) in order; a block ends at a blank line, code between fences is one block."""
    block: list[str] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            closes = mark is not None and mark[1].startswith(fence)
            if not closes:
                block.append(line)
                continue
            fence = ""
        elif mark:
            fence = mark[1]
        elif heading := _HEADING.match(line):
            yield 0, "\n".join(block)
            block = []
            yield heading[0].count("#"), _plain(line[heading.end() :].strip().rstrip("#"))
            continue
        elif block and len(block) == 1 and _UNDERLINE.match(line.rstrip()):
            yield 1 if "=" in line else 2, block.pop()
            continue
        elif line.strip():
            if not ("|" in line and _TABLE_RULE.issuperset(line)):
                block.append(_plain(line))
            continue
        yield 0, "\n".join(block)
        block = []
    yield 0, "\n".join(block)


def _plain(line: str) -> str:
    for pattern, words in _STYLE:
        line = pattern.sub(words, line)
    bare = line.strip()
    if bare.startswith("|") and bare.endswith("|") and len(bare) > 1:
        return " | ".join(cell.strip() for cell in bare[1:-1].split("|"))
    return line
