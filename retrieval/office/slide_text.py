"""What a slide shows: its shapes with their words and where they stand, groups and stored alternatives taken apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.values.evidence import Box
from retrieval import table
from retrieval.office import charts, diagrams, equations
from retrieval.office.parts import alternative_text
from retrieval.office.word_numbering import written

_DEEPEST = 20  # groups inside one another
_MOST_SHAPES = 20_000  # of a slide
_MOST_COLUMNS = 200
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHAPES = tuple(f"{_P}{name}" for name in ("sp", "grpSp", "graphicFrame", "pic", "cxnSp", "contentPart"))
_NUMBERS = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
            "romanUc": "upperRoman"}  # fmt: skip


@dataclass(frozen=True)
class _Scale:
    """From the units of a group to those of the slide."""

    across: float = 1.0
    down: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def of_group(self, group: Any) -> "_Scale":
        frame = group.find(f"{_P}grpSpPr/{_A}xfrm")
        found = [frame.find(f"{_A}{name}") if frame is not None else None for name in ("off", "ext", "chOff", "chExt")]
        if any(one is None for one in found):
            return self
        (x, y), (wide, high), (inner_x, inner_y), (inner_wide, inner_high) = map(_pair, found)
        across, down = (wide / inner_wide if inner_wide else 1.0), (high / inner_high if inner_high else 1.0)
        return _Scale(
            self.across * across,
            self.down * down,
            self.left + self.across * (x - inner_x * across),
            self.top + self.down * (y - inner_y * down),
        )


def _pair(of: Any) -> tuple[float, float]:
    first, second = (of.get("x", of.get("cx", "0")), of.get("y", of.get("cy", "0")))
    return float(first), float(second)


class SlideShape:
    """A shape of a slide that is no group."""

    def __init__(self, shape: Any, element: Any, scale: _Scale, slide: Any) -> None:
        self._shape, self._element, self._slide = shape, element, slide
        self.id = shape.shape_id
        self.place = self._place(scale)
        """Left, top, right and bottom in the units of the slide; None where that is not said."""

    def _place(self, scale: _Scale) -> tuple[float, float, float, float] | None:
        sides = (self._shape.left, self._shape.top, self._shape.width, self._shape.height)
        if any(one is None for one in sides):
            return None
        left, top, width, height = sides
        x, y = scale.left + scale.across * left, scale.top + scale.down * top
        return x, y, x + scale.across * width, y + scale.down * height

    def box(self, size: tuple[int, int]) -> Box | None:
        """Where it stands on a slide of this size; None where that is not said, or off the slide."""
        if self.place is None or 0 in size:
            return None
        left, top, right, bottom = self.place
        across = [min(1.0, max(0.0, at / size[0])) for at in (left, right)]
        down = [min(1.0, max(0.0, at / size[1])) for at in (top, bottom)]
        return Box(across[0], down[0], across[1], down[1]) if across[1] > across[0] and down[1] > down[0] else None

    def words(self) -> str:
        """What it says, and what it is said to show; "" where it says nothing."""
        named = next(iter(self._element.iter(f"{_P}cNvPr")), None)
        said = [self._says()]
        described = alternative_text(named.get("descr")) if named is not None else ""
        if described and described not in said[0]:
            said.append(f"Picture: {described}" if not said[0] else f"({described})")
        words = "\n".join(filter(None, said))
        return f"(hidden) {words}" if words and named is not None and named.get("hidden") in ("1", "true") else words

    def picture(self) -> bytes | None:
        """The file of the picture that it is."""
        if self._element.tag != f"{_P}pic":
            return None
        blip = next(iter(self._element.iter(f"{_A}blip")), None)
        part = self._part(blip.get(f"{_R}embed")) if blip is not None else None
        return part.blob if part is not None else None

    def _says(self) -> str:
        if (grid := next(iter(self._element.iter(f"{_A}tbl")), None)) is not None:
            return "\n".join(" | ".join(row) for row in _rows(grid) if any(row))
        for one in self._element.iter("{*}chart", "{*}relIds"):
            number = one.get(f"{_R}id") or one.get(f"{_R}dm")
            root = _root(self._part(number))
            if root is not None:
                return "\n".join((diagrams if one.tag.endswith("relIds") else charts).lines(root))
        body = self._element.find(f"{_P}txBody")
        return text_of(body) if body is not None else ""

    def _part(self, number: str | None) -> Any:
        """What the slide points to by this name; None where it lies outside of the file."""
        relation = self._slide.part.rels.get(number) if number else None
        return relation.target_part if relation is not None and not relation.is_external else None


def shapes_of(slide: Any) -> list[SlideShape]:
    """Titles first, then as the eye goes: top to bottom, left to right."""
    title = slide.shapes.title
    title_id = title.shape_id if title is not None else None
    found = list(_flat(slide, slide.shapes._spTree, _Scale(), 0))[:_MOST_SHAPES]
    return sorted(found, key=lambda one: (one.id != title_id, *((one.place[1], one.place[0]) if one.place else (0, 0))))


def _flat(slide: Any, tree: Any, scale: _Scale, depth: int) -> Iterator[SlideShape]:
    from pptx.shapes.shapetree import SlideShapeFactory

    for element in tree:
        if element.tag == f"{_MC}AlternateContent":  # of what is stored for newer and for older programs, the newer
            choices = [one for one in element.iterchildren(f"{_MC}Choice", f"{_MC}Fallback") if len(one)]
            if choices and depth < _DEEPEST:
                yield from _flat(slide, _readable(choices), scale, depth + 1)
        elif element.tag == f"{_P}grpSp":
            if depth < _DEEPEST:
                yield from _flat(slide, element, scale.of_group(element), depth + 1)
        elif element.tag in _SHAPES[:-1]:
            yield SlideShape(SlideShapeFactory(element, slide.shapes), element, scale, slide)


def _readable(choices: list[Any]) -> Any:
    """The first that is a shape with words or numbers; ink and the like are shown by their picture."""
    return next((one for one in choices if any(child.tag in _SHAPES[:-1] for child in one)), choices[-1])


def text_of(body: Any) -> str:
    """Paragraphs as lines, with the numbers before those of a list."""
    counts: dict[int, tuple[str, int]] = {}
    lines: list[str] = []
    for paragraph in body.iterchildren(f"{_A}p"):
        text = "".join(_pieces(paragraph)).strip()
        properties = paragraph.find(f"{_A}pPr")
        numbered = properties.find(f"{_A}buAutoNum") if properties is not None else None
        said = (properties.get("lvl") or "0") if properties is not None else "0"
        level = int(said) if said.isdecimal() and len(said) < 3 else 0
        counts = {at: count for at, count in counts.items() if at < level or (at == level and numbered is not None)}
        if text and numbered is not None:
            sort, start = numbered.get("type") or "", numbered.get("startAt") or "1"
            kept, count = counts.get(level, ("", 0))
            first = int(start) if start.isdecimal() and len(start) < 6 else 1
            count = count + 1 if kept == sort else first
            counts[level] = (sort, count)
            text = f"{_label(sort, count)} {text}"
        lines.append(text)
    return "\n".join(lines).strip()


def _label(sort: str, count: int) -> str:
    known = next((name for name in _NUMBERS if sort.startswith(name)), "arabic")
    number = written(count, _NUMBERS[known])
    return f"({number})" if sort.endswith("ParenBoth") else f"{number})" if sort.endswith("ParenR") else f"{number}."


def _pieces(paragraph: Any) -> Iterator[str]:
    for child in paragraph:
        if child.tag in (f"{_A}r", f"{_A}fld"):
            struck = child.find(f"{_A}rPr")
            text = child.findtext(f"{_A}t") or ""
            is_struck = struck is not None and struck.get("strike") in ("sngStrike", "dblStrike") and text.strip()
            yield f"[struck out: {text}]" if is_struck else text.replace("\v", "\n")
        elif child.tag == f"{_A}br":
            yield "\n"
        elif child.tag == f"{_MC}AlternateContent" or str(child.tag).endswith("}m"):
            equation = next(iter(child.iter("{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath")), None)
            yield equations.words(equation) if equation is not None else ""


def _rows(grid: Any) -> list[list[str]]:
    rows: list[dict[int, str]] = []
    merged: list[table.Merged] = []
    for number, row in enumerate(grid.iterchildren(f"{_A}tr"), 1):
        cells: dict[int, str] = {}
        for column, cell in enumerate(list(row.iterchildren(f"{_A}tc"))[:_MOST_COLUMNS]):
            if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
                continue
            wide, high = (_span(cell.get(name)) for name in ("gridSpan", "rowSpan"))
            if wide > 1 or high > 1:
                merged.append(table.Merged(number, column, number + high - 1, column + wide - 1))
            body = cell.find(f"{_A}txBody")
            cells[column] = " ".join(text_of(body).split()) if body is not None else ""
        rows.append(cells)
    return table.flat(rows, merged)


def _span(said: str | None) -> int:
    return max(1, min(int(said), _MOST_COLUMNS)) if said and said.isdecimal() and len(said) < 6 else 1


def _root(part: Any) -> Any:
    from lxml import etree

    if part is None:
        return None
    try:
        return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def comments_of(slide: Any) -> list[str]:
    """What was noted on the slide; newer programs keep the names apart."""
    authors: dict[str, str] = {}
    said: list[str] = []
    for relation in (*slide.part.package.presentation_part.rels.values(), *slide.part.rels.values()):
        kind = relation.reltype.rpartition("/")[2]
        if relation.is_external or kind not in ("commentAuthors", "authors", "comments"):
            continue
        root = _root(relation.target_part)
        for one in root.iter("{*}cmAuthor", "{*}author", "{*}cm", "{*}reply") if root is not None else ():
            if one.tag.endswith("uthor"):
                authors[one.get("id") or ""] = " ".join((one.get("name") or "").split())
                continue
            bodies = [child for child in one if str(child.tag).endswith(("}txBody", "}text"))]
            text = " ".join(" ".join(text_of(body) or body.text or "" for body in bodies).split())
            by = authors.get(one.get("authorId") or "", "")
            if text:
                said.append(f"[Comment{f' by {by}' if by else ''}: {text}]")
    return said
