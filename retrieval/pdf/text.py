"""The text layer of one PDF page: its words in stretches, where and how each was printed, and whether it is sound.

In what order they are read, and what of them is a table or a running head, is decided elsewhere.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.values.evidence import Box

_FRACTION = 100_000
HYPHEN = "\x02"  # PDFium puts it where a line ends inside a word, in place of hyphen and newline
_SOFT_HYPHEN = "\xad"  # some fonts have it for the hyphen that is seen
_APART = 0.5  # times the height of the letters: where words stand so far apart, a column or a cell may begin
_LETTERS = 1.1  # times the width of a letter: where all are as wide, so is the blank between two words
_RAISED = 0.8  # times the height of the letters before it, or less, and higher: it is a mark or a power
_BOLD = (b"bold", b"black", b"heavy", b"semibd", b"demi")  # in the name of a font
_FORCED_BOLD = 1 << 18
_SAMPLED = 300  # letters of a page that are looked at
_ODD = 0.3  # share of them without a meaning that spoils the text
_MOST_LETTERS = 200_000  # of one page
_WORD = re.compile(r"[^\s\x02]+")
_LINE = re.compile(r"[^\r\n\x02]+\x02?")
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Rect = tuple[float, float, float, float]  # left, bottom, right, top in points, from the bottom left
_NOWHERE: Rect = (0.0, 0.0, 0.0, 0.0)
Place = tuple[float, float, float, float]  # left, top, right, bottom in points as it is read, from anywhere


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words that were printed in one stretch."""

    text: str
    """With a hyphen where a word breaks off at its end."""
    at: Place
    """Turned so that it is read from left to right (text from right to left too) and downwards."""
    size: float
    """Of its letters, in points."""
    bold: bool
    boxes: tuple[Box, ...]
    """On the page as it is shown."""
    glued: bool = False
    """Whether it follows what stands before it without a blank."""
    raised: bool = False

    @property
    def height(self) -> float:
        return self.at[3] - self.at[1]

    @property
    def width(self) -> float:
        return self.at[2] - self.at[0]


@dataclass(frozen=True)
class TextLayer:
    """The text of a page."""

    fragments: tuple[Fragment, ...]
    """Those that are read as most of the page is, in the order in which they were written to the file."""
    turned: tuple[tuple[Fragment, ...], ...]
    """Those that run another way, such as a stamp in the margin, by their direction."""
    sound: bool
    """Whether its letters mean anything."""
    letters: int
    extent: Place
    """The page itself, turned as the fragments are."""
    frame: "Frame"
    """How they were turned."""


@dataclass(frozen=True)
class Frame:
    """Quarter turns clockwise in which text runs, and whether from right to left."""

    quarters: int = 0
    backwards: bool = False

    def place(self, rect: Rect) -> Place:
        left, bottom, right, top = rect
        match self.quarters:
            case 0:
                found = (left, -top, right, -bottom)
            case 1:
                found = (-top, -right, -bottom, -left)
            case 2:
                found = (-right, bottom, -left, top)
            case _:
                found = (bottom, left, top, right)
        return (-found[2], found[1], -found[0], found[3]) if self.backwards else found


@dataclass(slots=True)
class _Stretch:
    """Words in a row: the numbers of their first and last letter, and the box around them."""

    first: int
    last: int
    rect: Rect
    height: float  # of the letters, across the way in which they run
    glued: bool = False
    raised: bool = False


def read_page(page: Any) -> TextLayer:
    """Raises PdfiumError."""
    words = page.get_textpage()
    try:
        return _read(page, words)
    finally:
        words.close()


def on_page(page: Any, rect: Rect) -> Box:
    """As fractions of the page as it is shown: PDFium minds rotation and cropping."""
    return Shown(page).box(rect)


class Shown:
    """From points of a page to fractions of it as it is shown; PDFium minds rotation and cropping."""

    def __init__(self, page: Any) -> None:
        import pypdfium2.raw as pdfium

        corners = []
        for x, y in ((0, 0), (1000, 0), (0, 1000)):
            to_x, to_y = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDF_PageToDevice(page, 0, 0, _FRACTION, _FRACTION, 0, x, y, to_x, to_y)
            corners.append((to_x.value / _FRACTION, to_y.value / _FRACTION))
        (self._x, self._y), over, up = corners
        self._over = ((over[0] - self._x) / 1000, (over[1] - self._y) / 1000)
        self._up = ((up[0] - self._x) / 1000, (up[1] - self._y) / 1000)

    def box(self, rect: Rect) -> Box:
        left, bottom, right, top = rect
        over, up = self._over, self._up
        x, other_x = self._x + left * over[0] + bottom * up[0], self._x + right * over[0] + top * up[0]
        y, other_y = self._y + left * over[1] + bottom * up[1], self._y + right * over[1] + top * up[1]
        if x > other_x:
            x, other_x = other_x, x
        if y > other_y:
            y, other_y = other_y, y
        if x < 0 or y < 0 or other_x > 1 or other_y > 1:
            x, y, other_x, other_y = (min(1.0, max(0.0, at)) for at in (x, y, other_x, other_y))
        return Box(x, y, other_x, other_y)


def _read(page: Any, words: Any) -> TextLayer:
    text = _text(words)
    shown, letters = Shown(page), _Letters(words)
    found: dict[int, list[tuple[_Stretch, str]]] = {}
    lengths: Counter[int] = Counter()
    for start, end, quarters in _turned_upright(_lines(letters, text)):
        for stretch in _stretches(letters, text, start, end, quarters):
            said = _said(text, stretch, end)
            if said.strip():
                found.setdefault(quarters, []).append((stretch, said))
                lengths[quarters] += len(said)
    most = lengths.most_common(1)[0][0] if lengths else 0
    frame = Frame(most % 4, _runs_backwards(text))
    by_turn = {
        quarters: tuple(_fragment(letters, shown, Frame(quarters % 4, frame.backwards), *one) for one in stretches)
        for quarters, stretches in found.items()
    }
    width, height = page.get_size()
    if page.get_rotation() in (90, 270):
        width, height = height, width
    left, bottom, _, _ = page.get_bbox()
    return TextLayer(
        by_turn.pop(most, ()),
        tuple(by_turn.values()),
        not _is_broken(words, text, bool(found)),
        sum(lengths.values()),
        frame.place((left, bottom, left + width, bottom + height)),
        frame,
    )


_EAST_ASIAN = "\u2e80"  # and what follows


@dataclass(frozen=True, slots=True)
class _PrintedLine:
    start: int
    end: int
    quarters: int
    downwards: bool
    """Whether its letters stand one below the other, as Chinese and Japanese are also set."""


def _lines(letters: "_Letters", text: str) -> Iterator[_PrintedLine]:
    downwards = False
    for line in _LINE.finditer(text):
        start, end = line.span()
        if (first := _WORD.search(text, start, end)) is None:
            continue
        at, quarters = first.start(), letters.quarters(first.start())
        if text[at] < _EAST_ASIAN or quarters:
            downwards = False
        elif first.end() > at + 1:  # a single letter stands as those before it do
            downwards = _is_below(letters.rect(at), letters.rect(at + 1))
        yield _PrintedLine(start, end, quarters, downwards)


def _is_below(one: Rect, other: Rect) -> bool:
    width, height = one[2] - one[0], one[3] - one[1]
    return abs(one[0] - other[0]) < 0.5 * width and other[3] < one[3] - 0.5 * height


def _turned_upright(found: Iterator[_PrintedLine]) -> Iterator[tuple[int, int, int]]:
    """Where most of a page is set downwards, its lines run from right to left as if it were turned by a quarter."""
    lines = list(found)
    downwards = sum(line.end - line.start for line in lines if line.downwards)
    turned = 2 * downwards > sum(line.end - line.start for line in lines)
    for line in lines:
        yield line.start, line.end, 1 if turned and line.downwards else line.quarters


def _text(words: Any) -> str:
    """A character for each of PDFium's letters, in its order, which is right for text from right to left too."""
    import pypdfium2.raw as pdfium

    count = min(words.count_chars(), _MOST_LETTERS)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (2 * count + 2))()
    length = pdfium.FPDFText_GetText(words, 0, count, buffer) - 1
    text = bytes(buffer)[: 2 * max(length, 0)].decode("utf-16-le", "surrogatepass")
    if len(text) != count:  # half pairs have a number each; letters without a meaning are left out
        return "".join(chr(pdfium.FPDFText_GetUnicode(words, index)) for index in range(count))
    return text.replace("\ufffe", HYPHEN)


def _runs_backwards(text: str) -> bool:
    backwards = len(_RTL.findall(text))
    return backwards > 0 and 2 * backwards > sum(map(str.isalpha, text))


class _Letters:
    """What PDFium knows of the letters of a page, by their numbers."""

    def __init__(self, words: Any) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium, self._words, self._raw = pdfium, words, words.raw
        self._box_of = pdfium.FPDFText_GetLooseCharBox
        self._rect = pdfium.FS_RECTF()
        self._bold: dict[tuple[bytes, int], bool] = {}
        self._by_rect = ctypes.byref(self._rect)
        self._matrix = pdfium.FS_MATRIX()
        self._name, self._flags = ctypes.create_string_buffer(128), ctypes.c_int()

    def rect(self, number: int) -> Rect:
        rect = self._rect
        if not self._box_of(self._raw, number, self._by_rect):
            return _NOWHERE
        return rect.left, rect.bottom, rect.right, rect.top

    def quarters(self, number: int) -> int:
        """0 to 3, clockwise; 4 to 7 where it runs askew."""
        angle = self._pdfium.FPDFText_GetCharAngle(self._raw, number)
        if angle <= 0.0:
            return 0
        quarters = round(angle / (math.pi / 2))
        return quarters % 4 if abs(angle - quarters * math.pi / 2) < 0.05 else 4

    def size(self, stretch: _Stretch) -> float:
        """By its first and its last letter: an initial that is set larger does not make a heading of its line."""
        matrix = self._matrix  # some programs write size 1 and a matrix that enlarges it
        got = self._pdfium.FPDFText_GetMatrix(self._raw, stretch.first, matrix)
        scale = math.hypot(matrix.c, matrix.d) if got else 1.0
        sizes = (self._pdfium.FPDFText_GetFontSize(self._raw, number) for number in (stretch.first, stretch.last))
        return float(scale * min(sizes))

    def is_bold(self, number: int) -> bool:
        self._pdfium.FPDFText_GetFontInfo(self._raw, number, self._name, 128, self._flags)
        font = self._name.value, self._flags.value
        known = self._bold.get(font)
        if known is None:
            name = font[0].lower()
            known = self._bold[font] = bool(font[1] & _FORCED_BOLD) or any(word in name for word in _BOLD)
        return known

    def rects(self, stretch: _Stretch) -> list[Rect]:
        """Where its ink is."""
        count = self._words.count_rects(stretch.first, stretch.last - stretch.first + 1)
        return [self._words.get_rect(index) for index in range(count)]


def _stretches(letters: _Letters, text: str, start: int, end: int, quarters: int) -> Iterator[_Stretch]:
    """The words of a line, those in a row together."""
    near, far, low, high = (1, 3, 0, 2) if quarters % 2 else (0, 2, 1, 3)
    upwards = quarters % 4 < 2  # whether what is higher in the line has the larger number
    rect_of = letters.rect
    now: _Stretch | None = None
    letter = 0.0  # how wide those of the word before are
    for word in _WORD.finditer(text, start, end):
        first, after = word.span()
        last = after - 1
        head = rect_of(first)
        tail = rect_of(last) if last > first else head
        if head == _NOWHERE:
            head = tail
        height = head[high] - head[low]
        raised = 0
        if height > 0 and tail[high] - tail[low] < _RAISED * height and _is_raised(head, tail, low, high, upwards):
            raised = _raised_from(letters, first, last, low, high)
            last, tail = (raised - 1, rect_of(raised - 1)) if raised else (last, tail)
        rect = _around(head, tail) if tail is not head else head
        if now is None:
            now = _Stretch(first, last, rect, height)
        else:
            before = now.rect
            gap = rect[near] - before[far]
            if gap < 0:
                gap = max(gap, before[near] - rect[far])
            tallest, least = (height, now.height) if height > now.height else (now.height, height)
            apart = gap > _APART * tallest and gap > _LETTERS * letter
            smaller = height < _RAISED * now.height and _is_raised(before, rect, low, high, upwards)
            if apart or smaller or now.raised or _shared(rect, before, low, high) <= 0.3 * least:
                yield now
                now = _Stretch(first, last, rect, height, raised=smaller)
            else:
                now.rect, now.last, now.height = _around(before, rect), last, tallest
        letter = (rect[far] - rect[near]) / (last - first + 1)
        if raised:
            yield now
            rect = _around(rect_of(raised), rect_of(after - 1))
            now = _Stretch(raised, after - 1, rect, rect[high] - rect[low], glued=True, raised=True)
    if now is not None:
        yield now


def _around(one: Rect, other: Rect) -> Rect:
    left, bottom, right, top = one
    left_too, bottom_too, right_too, top_too = other
    return (
        left if left < left_too else left_too,
        bottom if bottom < bottom_too else bottom_too,
        right if right > right_too else right_too,
        top if top > top_too else top_too,
    )


def _shared(one: Rect, other: Rect, low: int, high: int) -> float:
    """How much of the height of a line they have in common."""
    return (one[high] if one[high] < other[high] else other[high]) - (one[low] if one[low] > other[low] else other[low])


def _is_raised(large: Rect, small: Rect, low: int, high: int, upwards: bool) -> bool:
    """Whether the small letters stand higher than those before them."""
    middle, other = (large[low] + large[high]) / 2, (small[low] + small[high]) / 2
    return abs(other - middle) > 0.08 * (large[high] - large[low]) and (other > middle) == upwards


def _raised_from(letters: _Letters, first: int, last: int, low: int, high: int) -> int:
    """The number of the letter from which on they are small and raised; 0 where it is not the end alone."""
    head, tail = letters.rect(first), letters.rect(last)
    for number in range(last, first, -1):
        rect = letters.rect(number)
        if abs((rect[high] - rect[low]) - (tail[high] - tail[low])) > 0.1 * (head[high] - head[low]):
            return number + 1 if number < last else 0
        if last - number > 6:
            return 0
    return first + 1


def _said(text: str, stretch: _Stretch, end: int) -> str:
    """Its letters without those that are not printed."""
    said = text[stretch.first : stretch.last + 1].replace("\xa0", " ")
    if text[end - 1] == HYPHEN and text[stretch.last + 1 : end].lstrip(" ") == HYPHEN:
        said += HYPHEN
    if _SOFT_HYPHEN in said:
        said = said[:-1].replace(_SOFT_HYPHEN, "-") + said[-1].replace(_SOFT_HYPHEN, HYPHEN)
    if said.isascii() and said.isprintable() and not stretch.raised:
        return said
    if _SURROGATE.search(said):  # half a pair, which a broken font may give, cannot be written to a file
        said = said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if stretch.raised and said.isdecimal() and said.isascii():
        said = said.translate(_RAISED_DIGITS)
    breaks = said.endswith(HYPHEN)
    return _CONTROL.sub("", said) + (HYPHEN if breaks else "")


def _fragment(letters: _Letters, shown: Shown, frame: Frame, stretch: _Stretch, said: str) -> Fragment:
    boxes = merged([shown.box(rect) for rect in letters.rects(stretch)])
    return Fragment(
        said,
        frame.place(stretch.rect),
        letters.size(stretch),
        letters.is_bold(stretch.first),
        boxes,
        stretch.glued,
        stretch.raised,
    )


def merged(boxes: "list[Box] | tuple[Box, ...]") -> tuple[Box, ...]:
    """Those that stand in one row as one; those without an extent left out."""
    found: list[Box] = []
    for box in boxes:
        if box.right <= box.left or box.bottom <= box.top:
            continue
        if found and min(found[-1].bottom, box.bottom) > max(found[-1].top, box.top):
            before = found.pop()
            box = Box(
                min(before.left, box.left),
                min(before.top, box.top),
                max(before.right, box.right),
                max(before.bottom, box.bottom),
            )
        found.append(box)
    return tuple(found)


def _is_broken(words: Any, text: str, any_text: bool) -> bool:
    """Whether many letters have no meaning: the font does not say which they are."""
    import pypdfium2.raw as pdfium

    looked_at = odd = 0
    for index in range(0, len(text), max(1, len(text) // _SAMPLED)):
        code = ord(text[index])
        if text[index].isspace():
            continue
        looked_at += 1
        private = 0xE000 <= code <= 0xF8FF or code >= 0xF0000
        unknown = (code < 32 and text[index] != HYPHEN) or code == 0xFFFD or private
        odd += unknown or pdfium.FPDFText_HasUnicodeMapError(words, index) == 1
    return bool(any_text or odd) and odd > _ODD * max(looked_at, 1)
