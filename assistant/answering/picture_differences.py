"""What the texts of several pictures share, and what stands in one of them alone: for when no model that sees, and no
model that reads, can tell. Line by line, each citing where it stands; claims nothing about what cannot be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.citing.citations import Cited
from assistant.text.answer_language import in_language
from assistant.text.tokens import tokens
from assistant.values.events import Citation
from assistant.values.evidence import Evidence, Page, Region, join

MOST_LINES = 8  # of each that are told


@dataclass(frozen=True)
class _Line:
    text: str
    key: tuple[str, ...]  # what it says, however it is written
    piece: Evidence
    start: int


def rendered_answer(pieces: Sequence[Evidence], numbers: Mapping[str, int], language: str) -> Cited | None:
    """None where fewer than two numbered pictures have text."""
    lines: dict[str, list[_Line]] = {}
    for piece in pieces:
        if piece.medium == "image" and piece.source_id in numbers and is_read(piece):
            lines.setdefault(piece.source_id, []).extend(_lines(piece))
    if len(lines) < 2:
        return None
    said = [{line.key for line in own} for own in lines.values()]
    shared = set.intersection(*said)
    ordered = sorted(lines.items(), key=lambda one: numbers[one[0]])
    citations: list[Citation] = []
    pictures = [
        {"number": numbers[source_id], **_shown([line for line in own if line.key not in shared], citations)}
        for source_id, own in ordered
    ]
    both = _shown([line for line in ordered[0][1] if line.key in shared], citations) if shared else None
    text = in_language(language).render("differences.md.j2", pictures=pictures, both=both)
    return Cited(text, tuple(citations), ())


def is_read(piece: Evidence) -> bool:
    """Whether these are words that stand in the picture, each at its place, and not what is known of it."""
    return bool(piece.places) and all(
        isinstance(place.location, Region | Page) and place.location.boxes for place in piece.places
    )


def _lines(piece: Evidence) -> list[_Line]:
    found, start = [], 0
    for text in piece.content.split("\n"):
        if key := tuple(token.text for token in tokens(text)):
            found.append(_Line(text.strip(), key, piece, start))
        start += len(text) + 1
    return found


def _shown(lines: list[_Line], citations: list[Citation]) -> dict[str, object]:
    """The first of them, with one citation that marks all of these."""
    first = lines[:MOST_LINES]
    if not first:
        return {"lines": [], "more": False, "citation": ""}
    piece, number = first[0].piece, len(citations) + 1
    same = [line for line in first if line.piece is piece]
    location = join([piece.locate(line.start, line.start + len(line.text)) for line in same])
    quote = "\n".join(line.text for line in same)
    citations.append(Citation(number, piece.source_id, piece.source, piece.medium, location, quote, piece.content))
    return {"lines": [line.text for line in first], "more": len(lines) > MOST_LINES, "citation": f"[{number}]"}
