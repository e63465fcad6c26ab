"""In what order the fragments of a page are read: gutters between columns of text are found by what leaves them white.

A table has gutters too; its rows stay together. Titles, footnotes and tables over the full width part the columns above
from those below.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from retrieval.pdf.text import Fragment, Place

_MOST_FRAGMENTS = 3_000  # a page with more is read line by line
_MOST_CUTS = 60  # of one page
_TRIED = 6  # gutters
_LOOKED_BACK = 4  # lines
_GAP = 0.4  # times the height of the letters: less is between words
_FILLED = 0.72  # share of its column's width that a line of prose fills
_PROSE_LETTERS = 14  # of a line of prose, or more
_WIDE = 1.55  # times the height of the letters: between words of a sentence there is less, between cells more
_LARGER = 1.12  # times the size of the text: a heading


@dataclass(slots=True)
class Line:
    """Fragments that stand in one line, in the order in which they are read."""

    fragments: list[Fragment]
    at: Place

    @property
    def height(self) -> float:
        return self.at[3] - self.at[1]

    @property
    def text(self) -> str:
        return joined(self.fragments)

    @property
    def size(self) -> float:
        return min((one.size for one in self.fragments if not one.raised), default=self.fragments[0].size)


def joined(fragments: Sequence[Fragment], wide: float = _WIDE) -> str:
    """Their text; white space as wide as between the cells of a table is written " | ". wide: times their height."""
    text = ""
    for index, one in enumerate(fragments):
        if index:
            before = fragments[index - 1]
            room = one.at[0] - before.at[2]
            if one.raised and _TEN.search(text) and one.text.translate(_PLAIN).isdecimal():
                text += "^" + one.text.translate(_PLAIN)
                continue
            if one.raised:
                text += _before_raised(text, one.text)
            elif one.glued or (before.glued and room < 0.1 * before.height) or _is_initial(before, one):
                pass
            else:
                text += " | " if room > wide * max(one.height, before.height) else " "
        text += one.text
    return text


_TEN = re.compile(r"(?<![\d.,])10$")
_RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = str.maketrans(_RAISED_DIGITS, "0123456789")


def _before_raised(text: str, raised: str) -> str:
    """A mark stands apart from a number: 450 with footnote 1 is not 4501. A power of ten is written as one."""
    if not text[-1:].isdigit() or raised[:1] not in _RAISED_DIGITS:
        return ""
    return " "


def _is_initial(large: Fragment, rest: Fragment) -> bool:
    """Whether a letter over two lines or more begins the word."""
    return len(large.text) == 1 and large.text.isalpha() and large.height > 1.7 * rest.height


def lines(fragments: Sequence[Fragment]) -> list[Line]:
    """From top to bottom."""
    found: list[Line] = []
    initials = _initials(fragments)
    others = [one for one in fragments if one not in initials] if initials else fragments
    for one in sorted(others, key=_middle_and_left):
        left, top, right, bottom = one.at
        height = bottom - top
        for line in found[: -_LOOKED_BACK - 1 : -1]:
            line_left, line_top, line_right, line_bottom = line.at  # by hand: these are asked millions of times
            shared = (line_bottom if line_bottom < bottom else bottom) - (line_top if line_top > top else top)
            tall = line_bottom - line_top
            if shared > 0.5 * (tall if tall < height else height):
                line.fragments.append(one)
                if not one.raised:
                    line_top = line_top if line_top < top else top
                    line_bottom = line_bottom if line_bottom > bottom else bottom
                line_left = line_left if line_left < left else left
                line.at = (line_left, line_top, line_right if line_right > right else right, line_bottom)
                break
        else:
            found.append(Line([one], one.at))
    for initial in initials:
        beside = [line for line in found if line.at[3] > initial.at[1] and line.at[0] >= initial.at[2] - 2]
        if beside:
            first = min(beside, key=lambda line: line.at[1])
            first.fragments.append(initial)
            first.at = (initial.at[0], *first.at[1:])
        else:
            found.append(Line([initial], initial.at))
    for line in found:
        if len(line.fragments) > 1:
            line.fragments.sort(key=lambda one: one.at[0])
    return sorted(found, key=lambda line: (line.at[1] + line.at[3]) / 2 if len(line.fragments) else 0.0)


def _middle_and_left(one: Fragment) -> tuple[float, float]:
    left, top, _, bottom = one.at
    return top + bottom, left


def _initials(fragments: Sequence[Fragment]) -> list[Fragment]:
    large = [one for one in fragments if len(one.text) == 1 and one.text.isalpha()]
    if not large:
        return []
    usual = median(one.height for one in fragments)
    return [one for one in large if one.height > 1.7 * usual][:10]


def in_columns(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """The parts of a page in reading order, each without columns of prose beside one another."""
    if len(fragments) > _MOST_FRAGMENTS:
        return [list(fragments)]
    gaps = _gaps(fragments)
    if len(gaps) < 2:
        return [list(fragments)]
    cuts = [_MOST_CUTS]
    rows = _rows_of_tables(fragments)
    return [part for part in _parts(list(fragments), rows, cuts, gaps) if part]


def _rows_of_tables(fragments: Sequence[Fragment]) -> set[int]:
    """Three lines or more of three short cells or more, one after the other: they are no part of columns of prose."""
    found: set[int] = set()
    waiting: list[Line] = []
    for line in [*lines(fragments), None]:
        if line is not None and _is_row(line) and (not waiting or line.at[1] - waiting[-1].at[3] < 2.5 * line.height):
            waiting.append(line)
            continue
        if len(waiting) >= 3:
            found |= {id(one) for row in waiting for one in row.fragments}
        waiting = [line] if line is not None and _is_row(line) else []
    return found


def _is_row(line: Line) -> bool:
    if len(line.fragments) < 3:
        return False
    width = line.at[2] - line.at[0]
    filled = sum(one.width for one in line.fragments)
    return filled < 0.6 * width and max(one.width for one in line.fragments) < 0.35 * width


def _parts(
    fragments: list[Fragment], rows: set[int], cuts: list[int], gaps: "list[_Gap] | None" = None
) -> Iterator[list[Fragment]]:
    """gaps: those between the fragments, where they are known."""
    while fragments:
        found = _gutter(fragments, rows, _gaps(fragments) if gaps is None else gaps) if cuts[0] > 0 else None
        gaps = None
        if found is None:
            yield fragments
            return
        cuts[0] -= 1
        above, left, right, fragments = found
        yield from _parts(above, rows, cuts) if above else ()
        yield from _parts(left, rows, cuts)
        yield from _parts(right, rows, cuts)


@dataclass(frozen=True, slots=True)
class _Gap:
    left: float
    right: float
    y: float
    height: float


def _gaps(fragments: Sequence[Fragment]) -> list[_Gap]:
    """The white between each fragment and the next to its right."""
    found: list[_Gap] = []
    near: list[Fragment] = []
    ordered = sorted(fragments, key=lambda one: one.at[1])
    beside: dict[int, Fragment] = {}
    for one in ordered:
        start, top, _, bottom = one.at
        height = bottom - top
        near = [other for other in near if other.at[3] > top]
        for other in near:
            other_start, other_top, _, other_bottom = other.at
            shared = (other_bottom if other_bottom < bottom else bottom) - (other_top if other_top > top else top)
            tall = other_bottom - other_top
            if shared <= 0.3 * (tall if tall < height else height):
                continue
            left, right = (one, other) if start < other_start else (other, one)
            if right.at[0] >= left.at[2]:
                known = beside.get(id(left))
                if known is None or right.at[0] < known.at[0]:
                    beside[id(left)] = right
        near.append(one)
        if len(near) > 60:
            near = near[-60:]
    for left in ordered:
        right_one = beside.get(id(left))
        if right_one is None:
            continue
        height = min(left.height, right_one.height)
        if right_one.at[0] - left.at[2] > _GAP * height:
            middle = (max(left.at[1], right_one.at[1]) + min(left.at[3], right_one.at[3])) / 2
            found.append(_Gap(left.at[2], right_one.at[0], middle, height))
    return found


_Cut = tuple[list[Fragment], list[Fragment], list[Fragment], list[Fragment]]  # above, left, right, below


def _gutter(fragments: list[Fragment], table_rows: set[int], gaps: list[_Gap]) -> _Cut | None:
    """The gutter beside which most lines stand, where it parts prose: its first stretch, cut from what is above it."""
    if len(gaps) < 2:
        return None
    best: tuple[int, _Cut] | None = None
    ends = [(gap.left - 1, gap.right + 1) for gap in gaps]
    beside = [(sum(left <= x <= right for left, right in ends), x) for x in _tried(gaps)]
    for most, x in sorted(beside, reverse=True):
        if most < 2 or (best is not None and most <= best[0]):
            break
        evidence, first = 0, None
        for rows, cut in _stretches(fragments, gaps, x, table_rows):
            evidence += rows
            first = first or cut
        if first is not None and (best is None or evidence > best[0]):
            best = (evidence, first)
    return best[1] if best else None


def _is_at(gap: _Gap, x: float) -> bool:
    return gap.left <= x + 1 and gap.right >= x - 1


def _tried(gaps: list[_Gap]) -> list[float]:
    """Where a gutter may be: right before where many gaps end, and where most of them lie one above another."""
    ends = Counter(round(gap.right / 2) for gap in gaps)
    wide = Counter(round(gap.right / 2) for gap in gaps if gap.right - gap.left > 0.9 * gap.height)
    likely = dict.fromkeys(end for counted in (wide, ends) for end, _ in counted.most_common(_TRIED))
    found = [min(gap.right for gap in gaps if round(gap.right / 2) == end) - 0.6 for end in likely]
    events = sorted([(gap.left, 1) for gap in gaps] + [(gap.right, -1) for gap in gaps])
    open_now = most = 0
    at = 0.0
    for (x, step), (after, _) in pairwise(events):
        open_now += step
        if open_now > most:
            most, at = open_now, (x + after) / 2
    return [*found, at]


def _stretches(
    fragments: list[Fragment], gaps: list[_Gap], x: float, table_rows: set[int]
) -> Iterator[tuple[int, _Cut]]:
    """The parts of the gutter at x that are not crossed and have prose on both sides, with how many lines they part."""
    ordered = sorted(fragments, key=lambda one: one.at[1])
    run: list[Fragment] = []
    done: list[Fragment] = []
    breaks = {id(one) for one in ordered if _crosses(one, x) or id(one) in table_rows} | _headings(ordered, x)
    breaks |= _chance_gaps(ordered, gaps, x)
    for position, one in enumerate(ordered):
        if id(one) not in breaks:
            run.append(one)
            continue
        if (cut := _judged(run, gaps, x)) is not None:
            above, left, right, below = cut[1]
            yield cut[0], (done + above, left, right, below + ordered[position:])
        done += [*run, one]
        run = []
    if (cut := _judged(run, gaps, x)) is not None:
        above, left, right, below = cut[1]
        yield cut[0], (done + above, left, right, below)


def _chance_gaps(ordered: list[Fragment], gaps: list[_Gap], x: float) -> set[int]:
    """What stands beside gaps at x that are much narrower than the others: words of a line over both columns."""
    here = [gap for gap in gaps if _is_at(gap, x)]
    if len(here) < 4:
        return set()
    least = 0.6 * sorted(gap.right - gap.left for gap in here)[len(here) // 4]
    starts = Counter(round(gap.right) for gap in here).most_common(1)[0][0]
    found: set[int] = set()
    for gap in [gap for gap in here if gap.right - gap.left < least and abs(gap.right - starts) > 3][:50]:
        found |= {
            id(one)
            for one in ordered
            if one.at[1] < gap.y < one.at[3] and (one.at[2] == gap.left or one.at[0] == gap.right)
        }
    return found


def _crosses(one: Fragment, x: float) -> bool:
    return one.at[0] < x - 0.3 * one.height and one.at[2] > x + 0.3 * one.height


def _headings(ordered: list[Fragment], x: float) -> set[int]:
    """Larger lines with nothing beside them, which head both columns below them."""
    sizes = [one.size for one in ordered for _ in range(min(len(one.text), 40) // 10)]
    if not sizes:
        return set()
    usual = median(sizes)
    found = set()
    large = [one for one in ordered if one.size > _LARGER * usual]
    for one in large[:100]:
        top, bottom = one.at[1] - 0.2 * one.height, one.at[3] + 0.2 * one.height
        here = [other for other in ordered if other.at[1] < bottom and other.at[3] > top]
        sides = {other.at[0] < x for other in here}
        if len(sides) == 1:
            found.add(id(one))
    return found


def _judged(run: list[Fragment], gaps: list[_Gap], x: float) -> tuple[int, _Cut] | None:
    """Whether two columns of text stand left and right of x."""
    if len(run) < 5:
        return None
    start, end = min(one.at[1] for one in run), max(one.at[3] for one in run)
    if sum(_is_at(gap, x) and start <= gap.y <= end for gap in gaps) < 2:
        return None
    above, run, below = _trimmed(run, x)
    left = [one for one in run if (one.at[0] + one.at[2]) / 2 < x]
    right = [one for one in run if (one.at[0] + one.at[2]) / 2 >= x]
    if len(left) < 2 or len(right) < 2:
        return None
    top, bottom = min(one.at[1] for one in run), max(one.at[3] for one in run)
    parted = [gap for gap in gaps if _is_at(gap, x) and top <= gap.y <= bottom]
    if len(parted) < 2:
        return None
    height = median(gap.height for gap in parted)
    room = sorted(gap.right - gap.left for gap in parted)[len(parted) // 10]
    starts = Counter(round(gap.right / 1.5) for gap in parted)
    aligned = max(count + starts[at + 1] for at, count in starts.items()) / len(parted)
    least = 2 if room >= 0.9 * height else 5 if room >= 0.5 * height else 8
    if len(parted) < least or (room < 0.9 * height and aligned < 0.6):
        return None
    if not _are_columns(lines(left), lines(right), height):
        return None
    return len(parted), (above, left, right, below)


def _trimmed(run: list[Fragment], x: float) -> tuple[list[Fragment], list[Fragment], list[Fragment]]:
    """What stands at the top or the bottom on one side alone, far from the columns, is no part of them."""
    rows = lines(run)
    pitch = median([max(0.1, b.at[1] - a.at[1]) for a, b in pairwise(rows)] or [1.0])
    size = median(row.size for row in rows)
    first, last = 0, len(rows)

    def one_sided(row: Line) -> bool:
        return row.at[2] < x or row.at[0] > x

    while first < last - 1 and first < 4:
        room = rows[first + 1].at[1] - rows[first].at[3]
        odd = not 0.92 < rows[first].size / max(size, 0.1) < 1.09
        alone = one_sided(rows[first]) and (room > 1.2 * pitch or rows[first].size > _LARGER * size)
        if not alone and not (room > pitch and odd):
            break
        first += 1
    while last > first + 1 and len(rows) - last < 4 and one_sided(rows[last - 1]):
        room = rows[last - 1].at[1] - rows[last - 2].at[3]
        if room > 2.0 * pitch:
            last -= 1
        else:
            break
    above = [one for row in rows[:first] for one in row.fragments]
    below = [one for row in rows[last:] for one in row.fragments]
    return above, [one for row in rows[first:last] for one in row.fragments], below


def _are_columns(left: list[Line], right: list[Line], height: float) -> bool:
    """Whether each side is read by itself: prose on both, or lines that do not stand at the height of the others."""
    if _in_step(left, right, height):
        return False
    fewest = 2 if max(len(left), len(right)) > 5 else 3  # the last column of a text may be short
    if _is_prose(left, fewest) and _is_prose(right, fewest):
        return True
    if min(len(left), len(right)) < 4:
        return False
    fewer, more = (left, right) if len(left) <= len(right) else (right, left)
    tops = sorted(line.at[3] for line in more)
    level = sum(any(abs(line.at[3] - top) < 0.12 * height for top in tops) for line in fewer) / len(fewer)
    sizes = median(line.size for line in left) / max(0.1, median(line.size for line in right))
    return level < (0.75 if not 0.9 < sizes < 1.11 else 0.5)


def _is_prose(side: list[Line], fewest: int) -> bool:
    if len(side) < fewest:
        return False
    if median(sum(len(one.text) for one in line.fragments) for line in side) < _PROSE_LETTERS:
        return False
    widths = sorted(line.at[2] - line.at[0] for line in side)
    width = widths[int(0.9 * (len(widths) - 1))]
    filled = [sum(one.width for one in line.fragments) for line in side]
    if median(filled) <= _FILLED * width:
        return False
    said = "".join(one.text for line in side for one in line.fragments)
    return sum(map(str.isalpha, said)) > 0.5 * len(said)


def _in_step(left: list[Line], right: list[Line], height: float) -> bool:
    """Whether both sides pause at the same heights, again and again: rows of cells that hold sentences."""
    one, other = _pauses(left, height), _pauses(right, height)
    if min(len(one), len(other)) < 2 or max(len(left), len(right)) > 5 * (min(len(one), len(other)) + 1):
        return False
    shared = sum(any(top < o_bottom and bottom > o_top for o_top, o_bottom in other) for top, bottom in one)
    starts = sum(any(abs(bottom - o_bottom) < 0.3 * height for _, o_bottom in other) for _, bottom in one)
    return min(shared, starts) >= 0.8 * max(len(one), len(other))


def _pauses(side: list[Line], height: float) -> list[tuple[float, float]]:
    rooms = [(a.at[3], b.at[1]) for a, b in pairwise(side)]
    if not rooms:
        return []
    usual = median(bottom - top for top, bottom in rooms)
    closest = min(bottom - top for top, bottom in rooms)
    least = max(closest, min(usual, closest + 0.3 * height)) + 0.25 * height
    return [(top, bottom) for top, bottom in rooms if bottom - top > least]
