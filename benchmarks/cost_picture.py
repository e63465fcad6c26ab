"""The curve of what the library costs as an SVG, drawn by hand: two panels over the number of pieces (log)."""

import math
from collections.abc import Callable, Sequence
from typing import Protocol

WIDTH, HEIGHT, LEFT, TOP, PANEL, DEEP = 760, 300, 64, 56, 280, 180
INK, OURS, THEIRS, RULE = "#333", "#4f46e5", "#9ca3af", "#e5e7eb"
BOUND_MS = 60


class LibraryCost(Protocol):
    """As `benchmarks.library_cost` measures it."""

    @property
    def pieces(self) -> int: ...
    @property
    def add_ms(self) -> float: ...
    @property
    def chroma_ms(self) -> float: ...
    @property
    def search_ms(self) -> float: ...
    @property
    def ratio(self) -> float: ...


def draw(costs: Sequence[LibraryCost]) -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    top = max(max(cost.add_ms, cost.chroma_ms) for cost in costs) * 1.25
    parts += _frame(LEFT, "Adding 1,000 pieces, seconds", costs, top / 1000, "{:.1f}")
    parts += _line(LEFT, costs, lambda cost: cost.chroma_ms / top, THEIRS, "Chroma alone", lambda _: "")
    parts += _line(LEFT, costs, lambda cost: cost.add_ms / top, OURS, "Medley", lambda cost: f"× {cost.ratio:.2f}")
    right = LEFT + PANEL + 80
    parts += _frame(right, "One search, milliseconds (median)", costs, BOUND_MS, "{:.0f}")
    parts += _line(
        right,
        costs,
        lambda cost: cost.search_ms / BOUND_MS,
        OURS,
        "everything in it",
        lambda cost: f"{cost.search_ms:.0f}",
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _frame(left: int, title: str, costs: Sequence[LibraryCost], top: float, form: str) -> list[str]:
    parts = [f'<text x="{left}" y="{TOP - 30}" fill="{INK}" font-weight="bold">{title}</text>']
    for quarter in range(5):
        y = TOP + DEEP * (1 - quarter / 4)
        parts.append(f'<line x1="{left}" x2="{left + PANEL}" y1="{y}" y2="{y}" stroke="{RULE}"/>')
        parts.append(_text(left - 8, y + 4, form.format(top * quarter / 4), "end"))
    return parts + [_text(_x(left, costs, cost), TOP + DEEP + 20, f"{cost.pieces:,}", "middle") for cost in costs]


def _line(
    left: int,
    costs: Sequence[LibraryCost],
    height: Callable[[LibraryCost], float],
    colour: str,
    name: str,
    say: Callable[[LibraryCost], str],
) -> list[str]:
    points = [(_x(left, costs, cost), TOP + DEEP * (1 - height(cost)), say(cost)) for cost in costs]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for x, y, said in points:
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')
        if said:
            parts.append(_text(x, y - 10, said, "middle"))
    row = TOP - 12 if colour == OURS else TOP + 4
    parts.append(f'<text x="{left + 8}" y="{row}" fill="{colour}">— {name}</text>')
    return parts


def _x(left: int, costs: Sequence[LibraryCost], cost: LibraryCost) -> float:
    low, high = math.log(costs[0].pieces), math.log(costs[-1].pieces)
    return left + 20 + (PANEL - 40) * ((math.log(cost.pieces) - low) / (high - low) if high > low else 0.5)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{text}</text>'
