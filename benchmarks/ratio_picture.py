"""The table of `benchmarks/run.py` as an SVG: a bar for each ratio, on a line where 1 is as long as the other takes."""

from collections.abc import Sequence
from html import escape

from benchmarks.pieces import Row, Way

WIDTH, LEFT, RIGHT, TOP, STEP, BAR = 760, 350, 60, 44, 24, 13
INK, OURS, PEER, RULE = "#333", "#9ca3af", "#4f46e5", "#e5e7eb"
MOST = 2.0  # a longer bar is cut off; its number says how long it is


def draw(rows: Sequence[Row]) -> str:
    beside: list[tuple[Row, Way, str]] = []
    for row in rows:
        beside += [(row, "bare", row.bare), (row, "peer", row.peer)]
    bars = [(row.name, what, ratio, way) for row, way, what in beside if (ratio := row.ratio(way)) is not None]
    height = TOP + STEP * 2 * len(bars) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        _text(16, 22, "Time beside others; shorter is quicker, 1 is as long", bold=True),
    ]
    for at in (0.5, 1.0, 1.5):
        parts.append(f'<line x1="{_x(at)}" x2="{_x(at)}" y1="{TOP - 8}" y2="{height - 12}" stroke="{RULE}"/>')
        parts.append(_text(_x(at), TOP - 12, f"{at:g}", anchor="middle"))
    for number, (name, what, (middle, low, high), way) in enumerate(bars):
        y = TOP + 2 * STEP * number + STEP // 2
        colour = PEER if way == "peer" else OURS
        parts += [
            _text(16, y + 4, name),
            _text(16, y + 18, f"beside {what}", size=10),
            f'<rect x="{LEFT}" y="{y}" width="{_x(middle) - LEFT:.1f}" height="{BAR}" fill="{colour}"/>',
            f'<line x1="{_x(low):.1f}" x2="{_x(high):.1f}" y1="{y + BAR / 2}" y2="{y + BAR / 2}" stroke="{INK}"/>',
            _text(_x(max(middle, high)) + 6, y + 11, f"{middle:.2f}"),
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(ratio: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(ratio, MOST) / MOST


def _text(x: float, y: float, text: str, anchor: str = "start", size: int = 12, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{INK}"{weight}>'
        f"{escape(text)}</text>"
    )
