"""What stands at which seconds of recordings and films: cut to a span, spread over their time, told with its time."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.citing.citations import Cited
from assistant.values.conversation import Conversation
from assistant.values.evidence import Evidence, Seconds, TextSpan, clock, join
from assistant.values.request import Span

TOUCH = 0.7  # a place touches a span only with more seconds than this, or it ended or began there

_SAID = re.compile(r"\b(?:said|say|says|saying|hear|heard|spoken|speaks?|talk\w*|mention\w*|tells?)\b|[说讲谈听]", re.I)
_SHOWN = re.compile(
    r"\b(?:shown?|shows|see|seen|visible|screen|looks?|appears?|written|picture)\b|[看写]|画面|显示|出现", re.I
)


def placed(span: Span, pieces: Sequence[Evidence], seconds: float = 0.0) -> Span:
    """Counted from the beginning; pieces: all there is of the recording. seconds: its length, where that is known."""
    if not span.from_end or not (pieces or seconds):
        return span
    end = seconds or max(piece.location.end for piece in pieces if isinstance(piece.location, Seconds))
    return Span(max(0.0, end - span.end), end)


def during(pieces: Sequence[Evidence], span: Span) -> list[Evidence]:
    """These pieces, each cut to what stands in the span; what is left says only that. In their order."""
    return [cut for piece in pieces if (cut := _cut(piece, span)) is not None]


def meant(pieces: Sequence[Evidence], question: str) -> list[Evidence]:
    """Of these what is heard, where it asks what is said, and what is seen, where it asks for that; else all."""
    said, shown = bool(_SAID.search(question)), bool(_SHOWN.search(question))
    if said == shown:
        return list(pieces)
    sense = "heard" if said else "seen"
    return [piece for piece in pieces if getattr(piece.location, "sense", "") == sense] or list(pieces)


def _cut(piece: Evidence, span: Span) -> Evidence | None:
    at = piece.location
    if not isinstance(at, Seconds):
        return None
    if not piece.places:
        return piece if _touches(at, span) else None
    kept = [place for place in piece.places if isinstance(place.location, Seconds) and _touches(place.location, span)]
    if not kept:
        return None
    start, end = kept[0].start, kept[-1].end
    places = tuple(TextSpan(place.start - start, place.end - start, place.location) for place in kept)
    return replace(
        piece, content=piece.content[start:end], location=join([place.location for place in kept]), places=places
    )


def _touches(at: Seconds, span: Span) -> bool:
    """What only reaches a little into a longer span is not meant."""
    shared = min(at.end, span.end) - max(at.start, span.start)
    return shared > (0.0 if span.point else min(TOUCH, 0.4 * (at.end - at.start)))


def with_times(cited: Cited) -> Cited:
    """The time before each number of a recording's citation: "… (0:42)[1]"."""
    text = cited.text
    for citation in cited.citations:
        if isinstance(citation.location, Seconds):
            number = rf"\[{citation.number}\]"
            text = re.sub(rf"(?<!\))\s?{number}", f" ({clock(citation.location.start)})[{citation.number}]", text)
    return replace(cited, text=text)


def spread(pieces: Sequence[Evidence], most: int) -> list[Evidence]:
    """At most so many of these, evenly over their time, first and last among them."""
    if len(pieces) <= most:
        return list(pieces)
    step = (len(pieces) - 1) / max(most - 1, 1)
    return [pieces[round(number * step)] for number in range(most)]


def point_out(conversation: Conversation, evidence: Sequence[Evidence], most: int) -> None:
    """Moves the frames nearest to this evidence to the end of the conversation's pictures, in order of time; where
    none of it stands in a film, frames spread over each film."""
    films: dict[str, list[int]] = {}
    for number, image in enumerate(conversation.images):
        if image.seconds is not None:
            films.setdefault(image.source_id, []).append(number)
    if not films:
        return
    chosen: list[int] = []
    for piece in evidence:
        if isinstance(piece.location, Seconds) and (known := films.get(piece.source_id)):
            middle = (piece.location.start + piece.location.end) / 2
            nearest = min(known, key=lambda number: abs((conversation.images[number].seconds or 0.0) - middle))
            if nearest not in chosen and len(chosen) < most:
                chosen.append(nearest)
    if not chosen:
        last = next(reversed(films.values()))
        step = max(1, len(last) // most)
        chosen = last[step // 2 :: step][:most]
    shown = sorted((conversation.images[number] for number in chosen), key=lambda image: image.seconds or 0.0)
    for image in shown:
        conversation.show(image)
