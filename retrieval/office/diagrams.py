"""SmartArt of Office files as lines, each below what it hangs on (ECMA-376 part 1, 21.4)."""

from collections import defaultdict
from typing import Any

_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MOST = 2_000  # points
_DEEPEST = 12


def lines(root: Any) -> list[str]:
    """Of a diagram's data part: a line per point in order, those below another indented."""
    texts: dict[str, str] = {}
    start = ""
    for point in list(root.iter(f"{_DGM}pt"))[:_MOST]:
        kind, name = point.get("type", "node"), point.get("modelId", "")
        if kind == "doc":
            start = name
        elif kind in ("node", "asst"):
            texts[name] = _words(point)
    below: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in list(root.iter(f"{_DGM}cxn"))[: 2 * _MOST]:
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            below[link.get("srcId", "")].append((int(order) if order.isdecimal() else 0, link.get("destId", "")))
    said: list[str] = []
    seen: set[str] = set()
    waiting = [(start, -1)]
    while waiting:
        name, depth = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if text := texts.get(name, ""):
            said.append("  " * min(max(depth, 0), _DEEPEST) + text)
        waiting += [(child, depth + 1) for _, child in sorted(below[name], reverse=True)]
    return said + [text for name, text in texts.items() if text and name not in seen]


def _words(point: Any) -> str:
    paragraphs = ("".join(part.text or "" for part in one.iter(f"{_A}t")) for one in point.iter(f"{_A}p"))
    return " ".join(" ".join(paragraphs).split())
