"""Draws wrong answers against refused right ones, from what `benchmarks/answers.py --json` prints, as an SVG.

    python benchmarks/draw_refusals.py answers.json docs/refusals.svg [--operating 0.0]

Each point is a threshold of confidence, and what would happen if answers below it were refused. --operating marks
the one that was chosen. The dashed line is what chance would give.
"""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CURVE, AREA = "curve, near misses", "area, near misses"
FROM, WRONG, REFUSED = "confidence from", "near misses answered", "right ones refused"
WIDTH, HEIGHT, LEFT, TOP, WIDE, DEEP = 560, 420, 72, 56, 440, 290
APART = 30  # a point nearer than this to one that is named gets no name
INK, LINE, CHOSEN, RULE = "#333", "#4f46e5", "#dc2626", "#e5e7eb"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("answers", type=Path, metavar="answers.json")
    parser.add_argument("picture", type=Path, metavar="refusals.svg")
    parser.add_argument("--operating", type=float, help="the threshold of confidence that was chosen")
    options = parser.parse_args(arguments)
    told = json.loads(options.answers.read_text(encoding="utf-8"))
    if not told.get(CURVE):
        parser.error(f"{options.answers} holds no “{CURVE}”: its questions all have answers")
    options.picture.write_text(draw(told[CURVE], told.get(AREA), options.operating), encoding="utf-8")
    return 0


def draw(curve: Sequence[dict[str, Any]], area: float | None = None, operating: float | None = None) -> str:
    """curve: points with the three numbers named above, shares 0 to 1. operating: the nearest point is marked."""
    title = "Near misses answered against right answers refused"
    title += "" if area is None else f" (area {area:.2f})"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"',
        f' aria-label="{title}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="{TOP - 24}" fill="{INK}" font-weight="bold">{title}</text>',
        *_axes(),
        f'<line x1="{LEFT}" y1="{TOP}" x2="{LEFT + WIDE}" y2="{TOP + DEEP}" stroke="{INK}" stroke-dasharray="4 4"/>',
    ]
    line = " ".join(f"{_x(point):.1f},{_y(point):.1f}" for point in curve)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    chosen = None if operating is None else min(curve, key=lambda point: abs(point[FROM] - operating))
    drawn: set[tuple[float, float]] = set()
    named: list[tuple[float, float]] = []
    for point in sorted(curve, key=lambda point: point is not chosen):  # the chosen one first: its name must stand
        place = (_x(point), _y(point))
        if place in drawn:
            continue  # several thresholds at one place
        drawn.add(place)
        name = all(math.dist(place, other) >= APART for other in named)
        named += [place] if name else []
        parts += _point(point, point is chosen, name)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axes() -> list[str]:
    parts = []
    for step in range(6):
        x, y = LEFT + WIDE * step / 5, TOP + DEEP * (1 - step / 5)
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + WIDE}" y1="{y:g}" y2="{y:g}" stroke="{RULE}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{20 * step} %", "end"))
        parts.append(_text(x, TOP + DEEP + 18, f"{20 * step} %", "middle"))
    parts.append(_text(LEFT + WIDE / 2, TOP + DEEP + 42, "right answers refused", "middle"))
    middle = TOP + DEEP / 2
    parts.append(
        f'<text x="18" y="{middle:g}" fill="{INK}" text-anchor="middle" transform="rotate(-90 18 {middle:g})">'
        "near misses answered</text>"
    )
    return parts


def _point(point: dict[str, Any], chosen: bool, named: bool) -> list[str]:
    x, y, colour = _x(point), _y(point), CHOSEN if chosen else LINE
    name = f"{point[FROM]:g}, chosen" if chosen else f"{point[FROM]:g}"
    circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{6 if chosen else 3.5}" fill="{colour}"/>'
    return [circle, _text(x + 9, y - 7, name, "start", colour)] if named else [circle]


def _x(point: dict[str, Any]) -> float:
    return LEFT + WIDE * float(point[REFUSED])


def _y(point: dict[str, Any]) -> float:
    return TOP + DEEP * (1 - float(point[WRONG]))


def _text(x: float, y: float, text: str, anchor: str, colour: str = INK) -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{colour}" text-anchor="{anchor}">{text}</text>'


if __name__ == "__main__":
    sys.exit(main())
