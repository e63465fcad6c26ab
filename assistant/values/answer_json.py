"""Answers as JSON: whole, for keeping and reading back, and as a program is told them by `ask --json`.

The keeping works by the types of the dataclasses, so a new field needs nothing here; reading back checks every
type, since an archive may come from a stranger.
"""

from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from assistant.values.events import Answer
from assistant.values.evidence import Box, Location, describe, location_to_json
from assistant.values.evidence_links import link
from assistant.values.messages import Message

Kept = TypeVar("Kept")
_Read = Callable[[Any], Any]
_LOCATIONS: dict[str, type] = {kind.__name__.lower(): kind for kind in get_args(Location)}


def to_json(value: Any) -> Any:
    """A frozen value, or a tuple of them, as JSON takes it; nothing is rounded or left out."""
    match value:
        case Message():
            return value.to_json()
        case Box(left, top, right, bottom):
            return [left, top, right, bottom]
        case tuple() | list():
            return [to_json(each) for each in value]
        case _ if is_dataclass(value):
            told = {each.name: to_json(getattr(value, each.name)) for each in fields(value)}
            told = {name: each for name, each in told.items() if each != float("inf")}  # no number of JSON: a default
            kind = type(value).__name__.lower()
            return {"kind": kind, **told} if kind in _LOCATIONS else told
        case _:
            return value


def from_json(kind: type[Kept], value: Any) -> Kept:
    """The inverse of `to_json`. A field that is missing gets its default, and one that is unknown is passed over.

    Raises ValueError where anything is of another type than it should be.
    """
    return cast(Kept, _reader(cast(Any, kind))(value))


def printed(answer: Answer) -> dict[str, object]:
    """answer, citations, files it made, received, timings (seconds per step), models and how well it is supported."""
    received = asdict(answer.received)
    for raw, piece in zip(received["evidence"], answer.received.evidence, strict=True):
        raw["location"] = location_to_json(piece.location)
    received["media_weights"] = dict(answer.received.media_weights)
    received["names"] = dict(answer.received.names)
    received["request"] = to_json(answer.received.request)  # a span to the end of a recording has no end
    return {
        "answer": answer.text,
        "grounded": answer.grounded,
        "confidence": answer.confidence,
        "citations": [
            {
                "number": citation.number,
                "source": citation.source,
                "medium": citation.medium,
                "location": {**location_to_json(citation.location), "words": describe(citation.location)},
                "quote": citation.quote,
                "seen": citation.seen,
                "link": link(citation.source, citation.location, citation.quote),
            }
            for citation in answer.citations
        ],
        "files": [to_json(made) for made in answer.files],
        "unsupported": list(answer.unsupported),
        "received": received,
        "timings": dict(answer.timings),
        "models": dict(answer.models),
        "stopped": answer.stopped,
    }


@cache
def _reader(kind: Any) -> _Read:
    """What reads a value of this type, made once: a conversation opens with thousands of them."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind == Location:
        return _location
    if origin in (Union, UnionType):
        return _optional(inner)
    if origin is Literal:
        return lambda value: value if value in inner and isinstance(value, str) else _refuse(kind, value)
    if origin is tuple and inner[-1] is Ellipsis:
        each = _reader(inner[0])
        return lambda value: tuple(map(each, value)) if isinstance(value, list) else _refuse(kind, value)
    if origin is tuple:
        return _row(kind, tuple(map(_reader, inner)))
    if kind is Box:
        row = _row(kind, (_number,) * 4)
        return lambda value: Box(*row(value))
    if is_dataclass(kind):
        return _record(cast(type, kind))
    if kind is float:
        return _number
    if kind is Message:
        return Message.from_json
    if kind in (str, int, bool):
        return lambda value: value if type(value) is kind else _refuse(kind, value)
    raise TypeError(f"{kind} has no reader")


def _record(kind: type) -> _Read:
    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            return _refuse(kind, value)
        found = {name: read_one(value[name]) for name, read_one in _fields(kind) if name in value}
        try:
            return kind(**found)
        except TypeError as error:
            raise ValueError(f"{kind.__name__} lacks a field: {error}") from error

    return read


@cache
def _fields(kind: type) -> tuple[tuple[str, _Read], ...]:
    """Only once there is a value: a request may hold requests."""
    types = get_type_hints(kind)
    return tuple((each.name, _reader(types[each.name])) for each in fields(kind))


def _row(kind: Any, readers: tuple[_Read, ...]) -> _Read:
    def read(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(readers):
            return _refuse(kind, value)
        return tuple(read_one(each) for read_one, each in zip(readers, value, strict=True))

    return read


def _optional(inner: tuple[Any, ...]) -> _Read:
    (wanted,) = (each for each in inner if each is not NoneType)
    read = _reader(wanted)
    return lambda value: None if value is None else read(value)


def _location(value: Any) -> Any:
    kind = _LOCATIONS.get(value["kind"]) if isinstance(value, dict) and isinstance(value.get("kind"), str) else None
    return _reader(kind)(value) if kind is not None else _refuse(Location, value)


def _number(value: Any) -> float:
    if type(value) is float or type(value) is int:
        return value
    raise ValueError(f"{value!r:.80} is no number")


def _refuse(kind: Any, value: Any) -> Any:
    raise ValueError(f"{value!r:.80} is no {kind}")
