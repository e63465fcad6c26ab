"""JSON and JSON lines: the path to each value as words, "pump 2 inspector: Maria"; no key is lost, no bracket kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.media import digest
from assistant.values.errors import BadInput
from assistant.values.evidence import Document, Lines, Location, Passage, Section, TextSpan
from assistant.values.messages import say
from retrieval.decoding import decode, guess_note
from retrieval.loaders.text import by_lines
from retrieval.parse_context import ParseContext

_SHORT = 80  # characters of a path that is shown whole

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
        try:
            said = _records(text) if Path(name).suffix.lower() in (".jsonl", ".ndjson") else _whole(text)
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
        return Document(digest(path), name, "text", (passage,) if passage else (), notes=notes)


def _whole(text: str) -> Iterator[Said]:
    try:
        value = json.loads(text)
    except ValueError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2:
            raise
        yield from _records(text)  # JSON lines by another name
        return
    for path, line in _lines(value, ()):
        yield line, Section(" ".join(path)[:_SHORT])


def _records(text: str) -> Iterator[Said]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            for _, words in _lines(json.loads(line), ()):
                yield words, Lines(number, number)


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
                yield from _lines(inner, (*path, str(number)))
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
