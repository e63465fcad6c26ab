"""Outline: headings and blocks of a document without pages, in reading order, into passages by section."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.text.word_count import count_words
from assistant.values.evidence import Passage, Section, TextSpan
from retrieval import table

_NUMBERED = re.compile(
    r"(?:chapter|part|section|appendix|article|step|kapitel|lesson|unit)\s+"
    r"(?:\d|[ivxlc]+\b|[a-z]\b|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"|§?\s*\d|[a-z][.:)]|(?-i:[IVXLC]+)[.:)\s]|第[\d一二三四五六七八九十百]+|[一二三四五六七八九十]+[、.．]",
    re.IGNORECASE,
)
_IN_FRONT = frozenset(
    "abstract|acknowledgements|contents|foreword|introduction|overview|preface|summary|table of contents"
    "|前言|序|序言|引言|导言|目录|摘要|概述|总则".split("|")
)


@dataclass(frozen=True)
class Heading:
    """level: 1 for a chapter, more for what stands below it; 0: it is marked as the title of the document."""

    text: str
    level: int = 1


class _Block(NamedTuple):
    text: str
    rows: tuple[table.NumberedLine, ...] = ()
    """Of a table, its lines that have a number."""


class Outline:
    """Collects; `passages` gives one passage per section, in order.

    The heading is the section's location and not part of its text. A heading with nothing under it
    becomes a passage of its own, so that its words are found too.
    """

    def __init__(self) -> None:
        self._sections: list[tuple[str, list[_Block]]] = [("", [])]
        self._headings: list[Heading] = []

    @property
    def last_heading(self) -> str:
        return self._sections[-1][0]

    @property
    def headings(self) -> tuple[Heading, ...]:
        return tuple(self._headings)

    @property
    def begins(self) -> bool:
        """Whether nothing stands before the first heading."""
        return not self._sections[0][1]

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands under any heading."""
        return not any(blocks for _, blocks in self._sections)

    @property
    def words(self) -> int:
        """Of the headings and what stands under them."""
        parts = (part for heading, blocks in self._sections for part in (heading, *(block.text for block in blocks)))
        return sum(map(count_words, parts))

    def heading(self, text: str, level: int = 1) -> None:
        if title := " ".join(text.split()):
            self._sections.append((title, []))
            self._headings.append(Heading(title, level))

    def block(self, text: str) -> None:
        """A paragraph, a list, a table's rows. Blank ones are dropped."""
        if text := text.strip():
            self._sections[-1][1].append(_Block(text))

    def rows(self, rows: list[list[str]]) -> None:
        """A table, as lines of "a | b"; of a long one each with its headings."""
        lines = tuple(table.numbered_lines(rows))
        if lines:
            self._sections[-1][1].append(_Block("\n".join(line.text for line in lines), lines))

    def take(self, other: "Outline") -> None:
        """What another collected, behind what is here."""
        self._sections[-1][1].extend(other._sections[0][1])
        self._sections.extend(other._sections[1:])
        self._headings.extend(other._headings)

    def passages(self) -> tuple[Passage, ...]:
        return tuple(_passage(heading, blocks) for heading, blocks in self._sections if blocks or heading)


def _passage(heading: str, blocks: Sequence[_Block]) -> Passage:
    places: list[TextSpan] = []
    start = 0
    for block in blocks:
        at = start
        for line in block.rows:
            if line.row:
                places.append(TextSpan(at, at + len(line.text), Section(heading), line.row))
            at += len(line.text) + 1
        start += len(block.text) + 2
    return Passage("\n\n".join(block.text for block in blocks) or heading, Section(heading), tuple(places))


def titled(headings: Sequence[Heading], begins: bool = True) -> tuple[str, tuple[str, ...]]:
    """The title, "" where none of the headings is one, and the others in order.

    Only the first can be it: marked as such, above all others, alone, or the only one without a number.
    begins: nothing stands before it.
    """
    texts = tuple(heading.text for heading in headings)
    if not headings:
        return "", ()
    first, rest = headings[0], headings[1:]
    marked = first.level == 0
    above = bool(rest) and all(other.level > first.level for other in rest)
    alone = not rest and begins
    if marked or above or alone or (begins and _is_unlike(first, rest)):
        return texts[0], texts[1:]
    return "", texts


def _is_unlike(first: Heading, rest: Sequence[Heading]) -> bool:
    """Whether all the others of its level are numbered, and it is neither that nor a preface."""
    numbered = [is_numbered(other.text) for other in rest if other.level <= first.level]
    own = is_numbered(first.text) or first.text.lower().strip(" .:：") in _IN_FRONT
    return len(numbered) > 1 and all(numbered) and not own


def is_numbered(heading: str) -> bool:
    """Whether it begins with a number: "2 Tools", "Chapter II.", "第三章"."""
    return bool(_NUMBERED.match(heading))
