"""The pictures of a file that was filed before, taken out of it once more for another model to look at.

Nothing is read by OCR again: where the pictures stand and what they say was written down when it was filed.
"""

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant import media
from assistant.ports.vision import Description
from assistant.values.evidence import Document, Figure, Location, Seconds, location_from_json, location_to_json
from assistant.values.limits import Limits


def figures_to_json(figures: Sequence[Figure]) -> str:
    """What there is to know about a document's figures but for how they look; "" for none."""
    rows = [[location_to_json(figure.location), figure.content] for figure in figures]
    return json.dumps(rows, separators=(",", ":")) if rows else ""


def pictured_again(path: Path, name: str, figures: str, limits: Limits) -> Document:
    """The document without its text: `picture`, or the figures written down in `figures`.

    Raises BadInput where the file does not open any more, or opens with a password alone.
    """
    if not figures:
        return Document("", name, "image", (), picture=path)
    rows = [(location_from_json(location), content) for location, content in json.loads(figures)]
    if all(isinstance(location, Seconds) for location, _ in rows):
        return Document("", name, "video", (), figures=tuple(_frames(path, name, rows)))
    from retrieval.loaders import load_document

    read = load_document(path, name, limits, read_picture=lambda _: Description(""))
    drawn: dict[str, list[bytes]] = {}
    for figure in read.figures:
        drawn.setdefault(_place(location_to_json(figure.location)), []).append(figure.png)
    again = []
    for at, content in rows:
        if waiting := drawn.get(_place(location_to_json(at))):
            again.append(Figure(at, content, waiting.pop(0)))
    return Document("", name, "text", (), figures=tuple(again))


def _frames(path: Path, name: str, rows: Sequence[tuple[Location, str]]) -> Iterator[Figure]:
    """The frames in the middle of these stretches of a film."""
    spans = [(at, content) for at, content in rows if isinstance(at, Seconds)]
    spans.sort(key=lambda one: one[0].start + one[0].end)
    pictures = media.stills(path, [(at.start + at.end) / 2 for at, _ in spans], name, longest=320)
    for (at, content), picture in zip(spans, pictures, strict=True):
        made = io.BytesIO()
        picture.save(made, "PNG")
        yield Figure(at, content, made.getvalue())


def _place(location: dict[str, object]) -> str:
    return json.dumps(location, sort_keys=True)
