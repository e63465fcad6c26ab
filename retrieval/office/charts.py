"""Charts of Office files as lines: their titles, and the numbers that they are drawn from (ECMA-376 part 1, 21.2).

Several series over the same categories are a table; one alone is a line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from retrieval.office.number_formats import shown

_MOST_POINTS = 5_000  # of a series
_MOST_SERIES = 500
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_CX = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def lines(root: Any) -> list[str]:
    """Of a chart part's root element: its titles, and of several series the lines of a table, "category | a | b" for
    each category, else "series: category value, …"."""
    if root.tag.startswith(_CX):
        return _newer(root)
    chart = root.find(f"{_C}chart")
    if chart is None:
        return []
    said = [_words(chart.find(f"{_C}title"))]
    axes = [_words(axis.find(f"{_C}title")) for axis in chart.iter(f"{_C}catAx", f"{_C}valAx", f"{_C}dateAx")]
    said += [f"Axis: {title}" for title in dict.fromkeys(axes) if title]
    series = [_series(one) for one in islice(chart.iter(f"{_C}ser"), _MOST_SERIES)]
    said += _table(series) or [_sentence(one) for one in series]
    return [line for line in said if line]


@dataclass(frozen=True)
class _Series:
    """Points by their number."""

    name: str
    categories: dict[int, str]
    values: dict[int, str]
    sizes: dict[int, str]


def _series(series: Any) -> _Series:
    name = " ".join(_points(series.find(f"{_C}tx")).values()) or _line(series.findtext(f"{_C}tx/{_C}v"))
    categories, values = _points(_first(series, "cat", "xVal")), _points(_first(series, "val", "yVal"))
    return _Series(name, categories, values, _points(_first(series, "bubbleSize")))


def _table(series: Sequence[_Series]) -> list[str]:
    """Its lines; none where the series have no names of their own or are not over the same categories."""
    shown = [one for one in series if one.values]
    categories = shown[0].categories if shown else {}
    names = [one.name for one in shown]
    alike = all(one.categories == categories and one.name and not one.sizes for one in shown)
    if len(shown) < 2 or not categories or not alike or len(set(names)) < len(names):
        return []
    rows = [["", *names]]
    for at in sorted(categories):
        rows.append([categories[at], *(one.values.get(at, "–") for one in shown)])
    return [" | ".join(cell.replace(" | ", " / ") for cell in row).strip() for row in rows]


def _sentence(series: _Series) -> str:
    if not series.values:
        return series.name
    points = []
    for at in sorted(series.values.keys() | series.categories.keys()):
        value = series.values.get(at, "–") + (f" ({series.sizes[at]})" if at in series.sizes else "")
        points.append(_named(series.categories.get(at, ""), value))
    return (f"{series.name}: " if series.name else "") + ", ".join(points)


def _named(category: str, value: str) -> str:
    if not category:
        return value
    return f"{category} {value}" if not category[-1].isdigit() else f"{category}: {value}"


def _first(series: Any, *names: str) -> Any:
    return next((found for name in names if (found := series.find(f"{_C}{name}")) is not None), None)


def _points(of: Any) -> dict[int, str]:
    """The values kept for what is drawn, by number; those of the lowest level of categories have the upper ones before
    them."""
    if of is None:
        return {}
    levels = list(of.iter(f"{_C}lvl"))
    if levels:
        return _levels(levels)
    points: dict[int, str] = {}
    for cache in of.iter(f"{_C}numCache", f"{_C}numLit", f"{_C}strCache", f"{_C}strLit"):
        code = cache.findtext(f"{_C}formatCode") or "General"
        is_number = cache.tag.endswith(("numCache", "numLit"))
        for point in cache.iter(f"{_C}pt"):
            if len(points) < _MOST_POINTS:
                value = point.findtext(f"{_C}v") or ""
                points[_index(point)] = _number(value, point.get("formatCode") or code) if is_number else _line(value)
    return points


def _levels(levels: list[Any]) -> dict[int, str]:
    """Those of the upper levels hold up to the next one."""
    lowest, *upper = [{_index(point): _line(point.findtext(f"{_C}v")) for point in level} for level in levels[:10]]
    for level in upper:
        above = ""
        for at in sorted(lowest)[:_MOST_POINTS]:
            above = level.get(at, above)
            lowest[at] = f"{above} {lowest[at]}".strip()
    return lowest


def _index(point: Any) -> int:
    said = point.get("idx") or ""
    return int(said) if said.isdecimal() and len(said) < 9 else 0


def _number(value: str, code: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return _line(value)
    return shown(number, code) or value if number.is_finite() and abs(number.adjusted()) < 300 else "–"


def _newer(root: Any) -> list[str]:
    """A waterfall, a treemap, a funnel and the like, which Office keeps in another way since 2016."""
    said = [_words(title) for title in root.iter(f"{_CX}title")]
    for data in list(root.iter(f"{_CX}data"))[:_MOST_SERIES]:
        texts = [list(_newer_points(level)) for level in data.iter(f"{_CX}lvl")]
        if not texts:
            continue
        said.append(", ".join(" ".join(point) for point in zip(*texts, strict=False)))
    return [line for line in said if line]


def _newer_points(level: Any) -> Iterator[str]:
    code = level.get("formatCode")
    for point in list(level.iter(f"{_CX}pt"))[:_MOST_POINTS]:
        yield _number(point.text or "", code or "General")


def _words(of: Any) -> str:
    return " ".join("".join(text.text or "" for text in of.iter(f"{_A}t")).split()) if of is not None else ""


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
