"""Running heads and page numbers of a printed document: what stands at the top or the foot of page after page."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from retrieval.pdf.columns import Line, lines
from retrieval.pdf.printed_page import PrintedPage
from retrieval.pdf.rules import Grid

_MARGIN = 0.13  # share of the page's height at its top and its bottom where running heads stand
_MOST_EDGE_LINES = 4
_LARGE = 1.25  # times the size of the page's text: "Part 3" above page 3 is its heading
_NUMBERS = re.compile(r"\d{1,5}|\b[ivxlc]{1,7}\b")
_PAGE_WORDS = re.compile(
    r"\b(?:page|pages|pg|of|seite|seiten|von|página|páginas|pagina|de|sur|di|p|s|strona|стр|из)\b|[第页頁共ページ쪽의]"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass
class RunningHeads:
    """By page: the fragments that are left out, and lines that stand on that page first."""

    dropped: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    kept: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))


def running_heads(pages: Sequence[PrintedPage]) -> RunningHeads:
    """Running heads and page numbers; what is more than a number is kept where it is first."""
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    found: list[tuple[int, str, set[tuple[str, str]], Line]] = []
    for page in pages:
        usual = _usual_size(page)
        for side, line in _edges(page):
            text = " ".join(line.text.split())
            counts = line.size < _LARGE * usual or _is_page_number(text)
            keys = {(side, key) for key in (_keys(text, page.number) if counts else (text,))}
            for key in keys:
                where[key].append(page.number)
            found.append((page.number, text, keys, line))
    repeated = {key for key, numbers in where.items() if _is_chain(numbers, len(pages))}
    running = RunningHeads()
    seen: set[tuple[str, str]] = set()
    bare = _bare(pages, found)
    for number, text, keys, line in found:
        hits = keys & repeated if number not in bare else set()
        if (_is_page_number(text) and (hits or _says_page(text))) or hits & seen:
            running.dropped[number] |= {id(one) for one in line.fragments}
        elif hits:
            running.kept[number].append(line)
        seen |= hits
    return running


def _bare(pages: Sequence[PrintedPage], found: Sequence[tuple[int, str, set[tuple[str, str]], Line]]) -> set[int]:
    """Pages on which nothing stands but such lines, one of which is more than a number: that is their text."""
    at_edges: dict[int, set[int]] = defaultdict(set)
    says_more: set[int] = set()
    for number, text, _, line in found:
        at_edges[number] |= {id(one) for one in line.fragments}
        if not _is_page_number(text):
            says_more.add(number)
    return {
        page.number
        for page in pages
        if page.number in says_more and {id(one) for one in page.layer.fragments} <= at_edges[page.number]
    }


def _usual_size(page: PrintedPage) -> float:
    sizes: Counter[float] = Counter()
    for one in page.layer.fragments:
        sizes[one.size] += len(one.text)
    return max(sizes, key=lambda size: sizes[size]) if sizes else 0.0


def _edges(page: PrintedPage) -> Iterator[tuple[str, Line]]:
    """Lines at the top and the foot of a page that stand apart from its text."""
    _, top, _, bottom = page.layer.extent
    height = bottom - top
    above, below = top + _MARGIN * height, bottom - _MARGIN * height
    everything = page.layer.fragments
    high = lines([one for one in everything if one.at[3] < above + 0.05 * height])
    for index, line in enumerate(high[:_MOST_EDGE_LINES]):
        if line.at[3] > above:
            break
        if _in_table(line, high[index + 1 : index + 4], page.grids):
            break
        yield "top", line
    low = lines([one for one in everything if one.at[1] > below - 0.05 * height])[::-1]
    for index, line in enumerate(low[:_MOST_EDGE_LINES]):
        if line.at[1] < below:
            break
        if _in_table(line, low[index + 1 : index + 4], page.grids):
            break
        yield "foot", line


def _in_table(line: Line, near: Sequence[Line], grids: Sequence[Grid]) -> bool:
    """Whether it may be a row: ruled, or close to another with cells in the same places."""
    y = (line.at[1] + line.at[3]) / 2
    if any(grid.at[1] <= y <= grid.at[3] for grid in grids):
        return True
    if len(line.fragments) < 2:
        return False
    starts = {round(one.at[0] / 3) for one in line.fragments}
    for other in near:
        room = max(other.at[1] - line.at[3], line.at[1] - other.at[3])
        same = sum(bool({round(one.at[0] / 3) + d for d in (-1, 0, 1)} & starts) for one in other.fragments)
        if room < 2.5 * line.height and same >= 2:
            return True
    return False


def _keys(text: str, page: int) -> Iterator[str]:
    """The text, and the text with each of its numbers as what it is to the page's."""
    yield text
    for index, number in enumerate(_NUMBERS.finditer(text.lower())):
        if index > 4:
            return
        value = _value(number.group())
        if value:
            yield f"{text[: number.start()]}\0{value - page}\0{text[number.end() :]}"


def _value(said: str) -> int:
    if said.isdigit():
        return int(said)
    total = 0
    for one, after in pairwise([*said, "i"]):
        worth = _ROMAN[one]
        total += -worth if worth < _ROMAN[after] and after != "" else worth
    return total


def _is_chain(numbers: Sequence[int], pages: int) -> bool:
    """Whether a line stands on three pages near one another, or on both of two."""
    if pages == 2:
        return len(set(numbers)) == 2
    length = best = 1
    for one, other in pairwise(sorted(set(numbers))):
        length = length + 1 if other - one <= 2 else 1
        best = max(best, length)
    return best >= 3


def _is_page_number(text: str) -> bool:
    rest = _PAGE_WORDS.sub(" ", text.lower())
    rest = _NUMBERS.sub(" ", rest)
    return not re.sub(r"[\s|/.,:–—-]+", "", rest) and any(letter.isalnum() for letter in text)


def _says_page(text: str) -> bool:
    return bool(re.search(r"(?i)\b(?:page|seite|página|pagina)\s*\d|\d\s*(?:of|von|/)\s*\d|第\s*\d+\s*[页頁]", text))
