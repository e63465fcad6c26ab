"""Headings of printed pages, told by their size alone: lines clearly larger than what most of the text is set in."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text.tokens import is_cjk
from retrieval.outline import Heading, is_numbered

_LARGER = 1.15  # times the size of the text; Word's headings begin there
_LONGEST = 150  # characters of a heading; what is longer is a quotation or an introduction
_MOST_SET_LARGE = 0.35  # share of all letters above which sizes mean something else, as on slides
_APART = 2.0  # times its size: a line that begins so far below the one before is another heading
_LEADER = re.compile(r"(?:[.…·] ?){4}")
_CONTENTS = ("contents", "table of contents", "目录")
_KEPT = 5_000  # lines that wait for the size of the text to be known


@dataclass(frozen=True)
class PrintedLine:
    """A line of a page."""

    text: str
    size: float
    """The size of its letters in points."""
    top: float = 0.0
    """Where it stands on the page, in points from the bottom."""


@dataclass(frozen=True)
class _Large:
    """Lines that follow one another on a page in one size, as one."""

    page: int
    text: str
    size: float


class PrintedHeadings:
    """Takes page after page; `headings` gives those of the document."""

    def __init__(self) -> None:
        self._letters: Counter[float] = Counter()  # by size
        self._kept: list[_Large] = []
        self._pages = 0
        self._first = ""

    @property
    def begins(self) -> bool:
        """Whether the document's first line is a heading."""
        found = self.headings()
        return bool(found) and found[0].text.startswith(self._first)

    def take(self, lines: Sequence[PrintedLine]) -> None:
        self._pages += 1
        for line in lines:
            self._letters[_rounded(line.size)] += len(line.text)
            self._first = self._first or " ".join(line.text.split())
        self._kept += _joined(lines, self._pages)
        if len(self._kept) > _KEPT:
            self._kept = [large for large in self._kept if large.size >= self._least()]

    def headings(self) -> tuple[Heading, ...]:
        """In order; their levels by their sizes."""
        everything = sum(self._letters.values())
        least = self._least()
        large = sum(count for size, count in self._letters.items() if size >= least)
        if not everything or large > _MOST_SET_LARGE * everything:
            return ()
        found = [one for one in self._kept if one.size >= least and _is_heading(one.text)]
        pages = Counter(text for text, _ in {(one.text, one.page) for one in found})
        found = [one for one in found if pages[one.text] < max(3, self._pages / 2)]  # the others head every page
        sizes = sorted({one.size for one in found}, reverse=True)
        return tuple(Heading(one.text, sizes.index(one.size) + 1) for one in found)

    def _least(self) -> float:
        return _LARGER * self._letters.most_common(1)[0][0] if self._letters else 0.0


def _is_heading(text: str) -> bool:
    """Whether it may be one: no letter of an index, no line of a table of contents, nor what stands above that."""
    named = any(letter.isalpha() for letter in text) and sum(map(str.isalnum, text)) > 1
    return named and len(text) <= _LONGEST and not _LEADER.search(text) and text.lower() not in _CONTENTS


def _joined(lines: Sequence[PrintedLine], page: int) -> list[_Large]:
    joined: list[_Large] = []
    before: PrintedLine | None = None
    for line in lines:
        text, size = " ".join(line.text.split()), _rounded(line.size)
        goes_on = (
            before is not None
            and _rounded(before.size) == size
            and abs(before.top - line.top) <= _APART * size
            and not is_numbered(text)
        )
        if goes_on and len(joined[-1].text) > _LONGEST:
            pass  # long enough to be no heading
        elif goes_on:
            blank = "" if is_cjk(joined[-1].text[-1:]) and is_cjk(text[:1]) else " "
            joined[-1] = _Large(page, joined[-1].text + blank + text, size)
        else:
            joined.append(_Large(page, text, size))
        before = line
    return joined


def _rounded(size: float) -> float:
    return round(2 * size) / 2
