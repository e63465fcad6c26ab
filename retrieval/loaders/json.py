"""JSON and JSON lines: the path to each value as words, "pump 2 inspector: Maria"; no key is lost, no bracket kept."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from assistant.media import digest
from assistant.values.errors import BadInput
from assistant.values.evidence import Document, Lines, Location, Passage, Section, TextSpan
from assistant.values.messages import say
from retrieval.decoding import decode, guess_note
from retrieval.loaders.text import by_lines
from retrieval.parse_context import ParseContext

_SHORT = 80  # characters of a path that is shown whole, and of a value by which a record is told
_LONG = 500  # characters of a line, below those of a piece that is found
_LEADING = 2  # values by which a record is told

Said = tuple[str, Location]


class JsonLoader:
    kind = "JSON"
    extensions = (".json", ".jsonl", ".ndjson")
    media_types = ("application/json", "application/jsonl")

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        text, guess = decode(path.read_bytes())
        notes = guess_note(name, guess)
        bad: list[int] = []
        try:
            said = _records(text, bad) if Path(name).suffix.lower() in (".jsonl", ".ndjson") else _whole(text)
            passage = _passage(said)
        except RecursionError as error:
            raise BadInput(
                say("{name} nests its values too deeply for me. Give me the part that matters.", name=name)
            ) from error
        except ValueError as error:
            notes += (
                say(
                    "{name} is not valid JSON ({trouble}); I read it as plain text.", name=name, trouble=_reason(error)
                ),
            )
            return Document(digest(path), name, "text", by_lines(text), notes=notes)
        if bad:
            lines = ", ".join(map(str, bad[:10])) + (" …" if len(bad) > 10 else "")
            notes += (
                say("Lines of {name} that are no valid JSON I read as plain text: {lines}", name=name, lines=lines),
            )
        return Document(digest(path), name, "text", (passage,) if passage else (), notes=notes)


def _whole(text: str) -> Iterator[Said]:
    try:
        value = _value(text)
    except ValueError:
        values = _values(text)  # one behind the other: JSON lines by another name, or records over several lines
        first = next(values, None)
        second = next(values, None)
        if first is None or second is None:
            raise
        for value, location in chain((first, second), values):
            for words in _record(value, ()):
                yield words, location
        return
    for path, line in _lines(value, ()):
        yield line, Section(" ".join(path)[:_SHORT])


def _values(text: str) -> Iterator[tuple[Any, Lines]]:
    """Values one behind the other, with the lines that they stand in."""
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    at, line = 0, 1
    while True:
        begin = at
        while at < len(text) and text[at] in " \t\n,":
            at += 1
        if at == len(text):
            return
        line += text.count("\n", begin, at)
        value, end = decoder.raw_decode(text, at)
        last = line + text.count("\n", at, end)
        yield value, Lines(line, last)
        at, line = end, last


def _records(text: str, bad: list[int]) -> Iterator[Said]:
    """JSON lines: a line each, however deep its values lie. bad: gets the numbers of those that are no JSON."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    for number, line in lines:
        try:
            value = _value(line.strip().strip("\x1e"))
        except ValueError:
            if number == lines[0][0]:
                yield from _whole(text)  # one value over several lines, by another name; or nothing of the kind
                return
            bad.append(number)
            yield line.strip(), Lines(number, number)
            continue
        for words in _record(value, ()):
            yield words, Lines(number, number)


def _value(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that stands twice is kept twice."""
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    made, seen = {}, Counter[str]()
    for key, value in pairs:
        seen[key] += 1
        made[f"{key} ({seen[key]})" if seen[key] > 1 else key] = value
    return made


def _record(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """What belongs together in one line, "id: 7 | user name: Ana | items 1 sku: x"; a long one in several, each of them
    beginning like the first, so that it can be told whose it is."""
    where = " ".join(path)
    pairs = [f"{' '.join(inner)}: {words}" if inner else words for inner, words in _pairs(value, ())]
    lead = " | ".join(pair for pair in pairs[:_LEADING] if len(pair) <= _SHORT)
    lines: list[list[str]] = [[]]
    length = 0
    for pair in pairs:
        if lines[-1] and length + len(pair) > _LONG:
            lines.append([lead] if lead else [])
            length = len(lead)
        lines[-1].append(pair)
        length += len(pair) + 3
    for line in lines:
        if words := " | ".join(line):
            yield f"{where}: {words}" if where else words


def _pairs(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every value below this one with the path to it."""
    match value:
        case dict() if value:
            for key, inner in value.items():
                yield from _pairs(inner, (*path, str(key)))
        case list() if value and not all(map(_is_plain, value)):
            for number, inner in enumerate(value, 1):
                yield from _pairs(inner, (*path, str(number)))
        case list():
            yield path, ", ".join(map(_words, value))
        case dict():
            yield path, ""
        case _:
            yield path, _words(value)


def _lines(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path of what a line is about, and the line; what holds only plain values is one line."""
    where = " ".join(path)
    match value:
        case dict() if value and all(_is_plain(inner) for inner in value.values()):
            words = " | ".join(f"{key}: {_words(inner)}" for key, inner in value.items())
            yield path, f"{where}: {words}" if where else words
        case dict():
            for key, inner in value.items():
                yield from _lines(inner, (*path, str(key)))
        case list() if all(_is_plain(inner) for inner in value):
            words = ", ".join(_words(inner) for inner in value)
            yield path[:-1], f"{where}: {words}" if where else words
        case list():
            for number, inner in enumerate(value, 1):
                here = (*path, str(number))
                if isinstance(inner, dict):
                    for line in _record(inner, here):
                        yield here, line
                else:
                    yield from _lines(inner, here)
        case _:
            yield path[:-1], f"{where}: {_words(value)}" if where else _words(value)


def _passage(said: Iterator[Said]) -> Passage | None:
    lines, places, start = [], [], 0
    for line, location in said:
        if line:
            lines.append(line)
            places.append(TextSpan(start, start + len(line), location))
            start += len(line) + 1
    if not lines:
        return None
    first, last = places[0].location, places[-1].location
    whole = Lines(first.first, last.last) if isinstance(first, Lines) and isinstance(last, Lines) else Section("")
    return Passage("\n".join(lines), whole, tuple(places))


def _is_plain(value: object) -> bool:
    return not isinstance(value, dict | list)


def _words(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(str(value).split())


def _reason(error: ValueError) -> str:
    return f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "a value is out of bounds"
