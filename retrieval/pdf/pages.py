"""The pages of a PDF as passages: read in order, without running heads, with tables that go on from page to page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from assistant.values.evidence import Box, Page, Passage, TextSpan
from retrieval.pdf.broken_words import BrokenWords
from retrieval.pdf.columns import Line, in_columns, joined, lines
from retrieval.pdf.marks import Note
from retrieval.pdf.printed_headings import PrintedLine
from retrieval.pdf.printed_page import PrintedPage
from retrieval.pdf.running_heads import RunningHeads, running_heads
from retrieval.pdf.tables import (
    CELLS_APART,
    Table,
    after_break,
    carried,
    continued,
    headed_by,
    in_grids,
    in_lines,
    with_headings,
)
from retrieval.pdf.text import HYPHEN, Fragment, Place, merged

_SMALLER = 0.93  # times the size of the text: footnotes
_MARK = re.compile(r"(?:\d{1,3}|[*†‡§¶#]{1,4}|[a-z]|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\(\d{1,3}\)|\[\d{1,3}\])[.):]?\s*[^\W\d]")
_OPEN_HYPHEN = re.compile(r"[^\W_][-‐]$")
_CONTINUED = re.compile(
    r"(?i)\b(?:continued|cont['’.]d|cont\.|fortsetzung|fortgesetzt|suite|continuación|continuação|seguito)|[续續]|つづく|続き"
)


@dataclass
class _Body:
    """A page in reading order."""

    number: int
    parts: list[Line | Table]
    footnotes: list[list[Line]] = field(default_factory=list)
    extra: list[Line] = field(default_factory=list)
    """What runs another way than the page."""
    head: list[Line] = field(default_factory=list)
    foot: list[Line] = field(default_factory=list)
    """Running heads, on the first page that has them."""
    notes: tuple[Note, ...] = ()


class Pages:
    """Takes the pages of a document in their order; `passages` reads them."""

    def __init__(self) -> None:
        self._pages: list[PrintedPage] = []
        self._words = BrokenWords(lambda: (one.text for page in self._pages for one in page.layer.fragments))
        self.printed: dict[int, tuple[PrintedLine, ...]] = {}

    def take(self, page: PrintedPage) -> None:
        self._pages.append(page)

    def passages(self) -> Iterator[Passage]:
        """One a page, in order; those of pages without a word left out."""
        running = running_heads(self._pages)
        bodies = [_arranged(page, running) for page in self._pages]
        for before, body in pairwise(bodies):
            if body.number == before.number + 1:
                _carry(before, body)
        waiting: _Written | None = None
        for body in bodies:
            written = self._written(body)
            self.printed[body.number] = tuple(_printed(body))
            if waiting is not None:
                if body.number == waiting.number + 1:
                    waiting.take_rest_of_word(written)
                yield from waiting.passages()
            waiting = written
        if waiting is not None:
            yield from waiting.passages()

    def _written(self, body: _Body) -> "_Written":
        written = _Written(body.number, self._words)
        for line in body.head:
            written.line(joined(line.fragments), _boxes(line.fragments))
        written.end_of_word()
        kind = None
        for part in body.parts:
            now = isinstance(part, Table) and bool(part.headers or not part.lines)
            if kind is not None and now is not kind:
                written.part()
            kind = now
            if isinstance(part, Table) and (part.headers or not part.lines):
                written.table(part)
                continue
            if isinstance(part, Table):
                for line in part.lines:
                    written.line(joined(line.fragments, CELLS_APART), _boxes(line.fragments))
            else:
                written.line(joined(part.fragments), _boxes(part.fragments))
        written.end_of_body()
        for note in body.footnotes:
            written.part()
            for line in note:
                written.line(joined(line.fragments), _boxes(line.fragments))
        for lines_apart in (body.extra, body.foot):
            if lines_apart:
                written.part()
            for line in lines_apart:
                written.line(joined(line.fragments), _boxes(line.fragments))
        if body.notes:
            written.part()
            for mark in body.notes:
                written.row(mark.sentence, mark.boxes)
        return written


@dataclass
class _Written:
    """The text of a page as it grows, with the places of its lines."""

    number: int
    words: BrokenWords
    text: str = ""
    places: list[TextSpan] = field(default_factory=list)
    _open: bool = False
    _body_end: int = -1
    _body_open: bool = False

    def passages(self) -> Iterator[Passage]:
        """The page, where it has a word."""
        if text := self.text.rstrip("\n"):
            yield Passage(text, Page(self.number), tuple(self.places))

    def part(self) -> None:
        """A blank line: what follows is another table, or the text around it."""
        if self.text and not self._open:
            self.text = self.text.rstrip("\n") + "\n\n"

    def line(self, said: str, boxes: tuple[Box, ...]) -> None:
        said = said.strip()
        if not said:
            return
        breaks = said.endswith(HYPHEN)
        said = said.rstrip(HYPHEN).replace(HYPHEN, "-")
        if breaks and not said.endswith(("-", "‐")):
            said += "-"
        self._join(said)
        start = len(self.text)
        self.text += said
        if boxes:
            self.places.append(TextSpan(start, len(self.text), Page(self.number, boxes)))
        self._open = bool(_OPEN_HYPHEN.search(said)) or (breaks and said[-2:-1].isalnum())
        self.text += "\n"

    def _join(self, said: str) -> None:
        """Whether the last line ends inside a word, which goes on with what is said next."""
        if not self._open or not self.text.endswith("\n"):
            return
        between = self.words.between(self.text[:-2][-60:], said)
        self._open = False
        if between is None:
            return
        self.text = self.text[:-1]
        if between == "":
            self.text = self.text[:-1]
            if self.places and self.places[-1].end > len(self.text):
                self.places[-1] = replace(self.places[-1], end=len(self.text))

    def table(self, table: Table) -> None:
        self._open = False
        if len(table.headings) > 1 and all(table.headers):
            boxes = merged([box for row in table.headings for box in row.boxes])
            self.row(" | ".join(table.headers), boxes, 0 if table.before else 1)
        else:
            for row in table.headings:
                self.row(" | ".join(row.cells).strip(), row.boxes, 0 if table.before else 1)
        for number, row in enumerate(table.rows, (table.before or 1) + 1):
            again = row.cells == table.headers
            self.row(row.text(table.headers), row.boxes, number if table.headers and not again else 0)

    def row(self, said: str, boxes: tuple[Box, ...], number: int = 0) -> None:
        if said:
            start = len(self.text)
            self.text += said + "\n"
            if boxes:
                self.places.append(TextSpan(start, len(self.text) - 1, Page(self.number, boxes), number))

    def end_of_word(self) -> None:
        self._open = False

    def end_of_body(self) -> None:
        self._body_end, self._body_open = len(self.text), self._open
        self._open = False

    def take_rest_of_word(self, after: "_Written") -> None:
        """A word parted by the end of the page stands whole at the end of the page on which it begins."""
        if not self._body_open or not after.places or after.places[0].start != 0:
            return
        first = re.match(r"\S+[ \n]?", after.text)
        if first is None:
            return
        rest = first.group().strip()
        between = self.words.between(self.text[: self._body_end - 2][-60:], rest)
        if between is None:
            return
        cut = self._body_end - (2 if between == "" else 1)
        moved = len(rest) - (self._body_end - 1 - cut)
        tail = self.text[self._body_end - 1 :]
        self.text = self.text[:cut] + rest + tail
        kept = [place for place in self.places if place.start < cut]
        later = [place for place in self.places if place.start >= cut]
        kept[-1] = replace(kept[-1], end=min(kept[-1].end, cut))
        new = TextSpan(cut, cut + len(rest), after.places[0].location)
        self.places = [*kept, new, *(replace(p, start=p.start + moved, end=p.end + moved) for p in later)]
        gone = first.end()
        after.text = after.text[gone:]
        after._body_end -= gone
        after.places = [
            replace(place, start=max(0, place.start - gone), end=place.end - gone)
            for place in after.places
            if place.end > gone
        ]


def _boxes(fragments: Sequence[Fragment]) -> tuple[Box, ...]:
    return merged([box for one in fragments for box in one.boxes])


def _printed(body: _Body) -> Iterator[PrintedLine]:
    for part in (*body.head, *body.parts, *body.foot):
        if isinstance(part, Table):
            for row in (*part.headings, *part.rows):
                yield PrintedLine(" ".join(row.cells), row.size, -row.at[1])
        else:
            yield PrintedLine(part.text.replace(HYPHEN, "-"), part.size, -part.at[1])
    for note in body.footnotes:
        for line in note:
            yield PrintedLine(line.text.replace(HYPHEN, "-"), line.size, -line.at[1])


# Order


def _arranged(page: PrintedPage, running: RunningHeads) -> _Body:
    layer = page.layer
    apart = running.dropped.get(page.number, set()) | {
        id(one) for line in running.kept.get(page.number, ()) for one in line.fragments
    }
    fragments = [one for one in layer.fragments if id(one) not in apart] if apart else list(layer.fragments)
    fragments += page.marks.values
    tables, rest = in_grids(fragments, page.grids) if page.grids else ([], fragments)
    kept = [_stand_in(table) for table in tables]
    by_id = {id(one): table for one, table in zip(kept, tables, strict=True)}
    size = _usual_size(rest)
    body = _Body(page.number, [])
    middle = (layer.extent[1] + layer.extent[3]) / 2
    for line in sorted(running.kept.get(page.number, ()), key=lambda line: line.at[1]):
        (body.head if line.at[1] < middle else body.foot).append(line)
    for part in in_columns([*rest, *kept]):
        loose = lines([one for one in part if id(one) not in by_id])
        loose, notes = _without_footnotes(loose, size, layer.extent)
        body.footnotes += notes
        marks = sorted((one for one in part if id(one) in by_id), key=lambda one: one.at[1])
        for stand_in in marks:
            above = [line for line in loose if line.at[1] < stand_in.at[1]]
            loose = loose[len(above) :]
            body.parts += in_lines(above, page.rules)
            body.parts.append(by_id[id(stand_in)])
        body.parts += in_lines(loose, page.rules)
    for turned in layer.turned:
        body.extra += lines(turned)
    body.notes = page.marks.notes
    return body


def _stand_in(table: Table) -> Fragment:
    """A table among the fragments, while the columns around it are looked for."""
    return Fragment("", table.at, 1.0, False, ())


def _usual_size(fragments: Sequence[Fragment]) -> float:
    sizes: Counter[float] = Counter()
    for one in fragments:
        sizes[round(2 * one.size) / 2] += len(one.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _without_footnotes(found: list[Line], usual: float, extent: Place) -> tuple[list[Line], list[list[Line]]]:
    """Small lines at the foot of a column that begin with a mark, each note as its lines."""
    start = len(found)
    while start and found[start - 1].size < _SMALLER * usual:
        start -= 1
    middle = (extent[1] + extent[3]) / 2
    while start < len(found) and not (_MARK.match(found[start].text) and found[start].at[1] > middle):
        start += 1
    if start == len(found):
        return found, []
    notes: list[list[Line]] = []
    for line in found[start:]:
        if _MARK.match(line.text) and _begins_note(line, found[start]):
            notes.append([line])
        else:
            notes[-1].append(line)
    return found[:start], notes


def _begins_note(line: Line, first: Line) -> bool:
    mark = line.text[:1]
    return not mark.islower() or not mark.isalpha() or first.text[:1].isalpha()


# Tables over pages


def _carry(before: _Body, body: _Body) -> None:
    """A table at the top of a page goes on with the one at the foot of the page before, and has its headings."""
    last = _last_table(before)
    start = next((at for at, part in enumerate(body.parts) if not _says_continued(part)), len(body.parts))
    rest = body.parts[start:]
    if not rest:
        return
    first = rest[0]
    if isinstance(first, Table):
        if last is None:
            heads = before.parts[-1] if before.parts else None
            if isinstance(heads, Line) and not first.headers and (headed := headed_by(first, heads)):
                body.parts[start] = headed
            return
        table = before.parts[last]
        assert isinstance(table, Table)
        if not _same_columns(table, first):
            return
        if not table.headers:
            table = before.parts[last] = with_headings(table, first)
        after = after_break(table, first)
        goes_on = after.headers == table.headers
        body.parts[start] = replace(after, before=table.last) if goes_on else after
        return
    if last is None:
        return
    table = before.parts[last]
    leading = list(takewhile(lambda part: isinstance(part, Line), rest))
    found = [part for part in leading if isinstance(part, Line)]
    if isinstance(table, Table) and table.headers and (count := carried(table, found)):
        body.parts[start : start + count] = [replace(continued(table, found[:count]), before=table.last)]


def _last_table(body: _Body) -> int | None:
    """Where among its parts a page's last table stands, if nothing comes after it."""
    at = len(body.parts) - 1
    while at >= 0 and _says_continued(body.parts[at]):
        at -= 1
    return at if at >= 0 and isinstance(body.parts[at], Table) else None


def _says_continued(part: Line | Table) -> bool:
    return isinstance(part, Line) and len(part.text) < 80 and bool(_CONTINUED.search(part.text))


def _same_columns(one: Table, other: Table) -> bool:
    if len(one.columns) != len(other.columns):
        return False
    return all(
        min(a[1], b[1]) - max(a[0], b[0]) > 0
        and not any(min(a[1], c[1]) - max(a[0], c[0]) > 0.5 * (c[1] - c[0]) for c in other.columns if c is not b)
        for a, b in zip(one.columns, other.columns, strict=True)
    )
