"""What passes between us and the process that parses: JSON with its length before it, nothing that could run."""

import json
import struct
from typing import IO, Any

from assistant.ports.vision import TextLine
from assistant.values.evidence import (
    Passage,
    Region,
    location_from_json,
    location_to_json,
    place_from_json,
    place_to_json,
)

_LENGTH = struct.Struct(">I")
_MOST = 500_000_000

Frame = dict[str, Any]


def send(stream: IO[bytes], frame: Frame) -> None:
    data = json.dumps(frame, ensure_ascii=True, separators=(",", ":")).encode()
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Frame | None:
    """The next frame, or None where the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _MOST:
        return None
    data = stream.read(length)
    if len(data) < length:
        return None
    frame: Frame = json.loads(data)
    return frame


def passage_to_json(passage: Passage) -> list[Any]:
    return [passage.text, location_to_json(passage.location), [place_to_json(place) for place in passage.places]]


def passage_from_json(fields: list[Any]) -> Passage:
    text, location, places = fields
    return Passage(text, location_from_json(location), tuple(place_from_json(place) for place in places))


def lines_to_json(lines: tuple[TextLine, ...]) -> list[Any]:
    return [[line.text, location_to_json(line.region), line.confidence] for line in lines]


def lines_from_json(fields: list[Any]) -> tuple[TextLine, ...]:
    found = []
    for text, region, confidence in fields:
        at = location_from_json(region)
        if isinstance(at, Region):
            found.append(TextLine(text, at, confidence))
    return tuple(found)
