"""Messages: sentences for the person that can be said again in another language.

A Message is its English sentence, and it knows what it was made of: an id, which is the English template with {names}
(gettext's msgid), and the values at the names. Who speaks to a person looks the id up in a catalogue; who knows of no
languages has a str. A value that is a Message, or a list of them, is said again too; a person's own words are plain.

Whoever hears it may be a visitor, who can do nothing with a folder of the server: a path is told by its last name, and
where it lies is for the log.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, TypeAlias

Value: TypeAlias = "str | int | float | tuple[Value, ...]"

_FOLDERS = re.compile(r"(?<![\w.:/\\~-])(?:~|[A-Za-z]:)?[/\\](?:[^\s/\\'\"<>|:,;()]++[/\\])++")
NAME = re.compile(r"\{(\w+)\}")
_LONGEST = 100_000  # characters of what is read back, since an archive may come from a stranger
_DEEPEST = 12  # messages within messages


class Message(str):
    """A sentence of ours in English, which remembers what it was made of."""

    id: str
    """The template; "" where there is none, and the text stands as it is."""
    several: str
    """The template for other counts than 1."""
    values: Mapping[str, Value]
    parts: tuple["Message", ...]
    """The messages that it consists of, where it was `joined`."""

    def __new__(
        cls,
        text: str,
        id: str = "",
        values: Mapping[str, Value] = MappingProxyType({}),
        several: str = "",
        parts: tuple["Message", ...] = (),
    ) -> "Message":
        made = super().__new__(cls, text)
        made.id, made.values, made.several, made.parts = id, values, several, parts
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Message, (str(self), self.id, dict(self.values), self.several, self.parts)

    def to_json(self) -> object:
        """As JSON takes it: a str where it has no id."""
        if self.parts:
            return {"parts": [part.to_json() for part in self.parts]}
        if not self.id:
            return str(self)
        told: dict[str, object] = {"id": self.id}
        if self.several:
            told["several"] = self.several
        if self.values:
            told["values"] = {name: _value_to_json(value) for name, value in self.values.items()}
        return told

    @classmethod
    def from_json(cls, told: object) -> "Message":
        """The inverse. A str, as older versions kept it, stands as it is. Raises ValueError for anything else."""
        return _from_json(told, _DEEPEST)

    def to_text(self) -> str:
        """For a column of text."""
        told = self.to_json()
        return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Message":
        """The inverse. A sentence, as older versions kept it, stands as it is; so does what cannot be read."""
        if text.startswith(('{"id":', '{"parts":')):
            try:
                return cls.from_json(json.loads(text))
            except ValueError:
                pass
        return cls(text)


NOTHING = Message("")


def say(id: str, /, **values: object) -> Message:
    """The sentence with these values at its {names}. An error stands for what it says.

    Raises ValueError where a name has no value: a forgotten one is an error, not an empty space.
    """
    return _made(id, "", values)


def say_n(one: str, several: str, /, count: int, **values: object) -> Message:
    """As `say`, with the first template where `count`, a value itself, is 1 and the second one else."""
    return _made(one, several, {"count": count, **values})


def joined(*parts: str) -> Message:
    """Sentences one after another. Empty ones are left out."""
    messages = tuple(as_message(part) for part in parts if part)
    match messages:
        case ():
            return NOTHING
        case (only,):
            return only
        case _:
            return Message(" ".join(messages), parts=messages)


def message_of(error: BaseException) -> Message:
    """What an error says; of one that is not ours, without the folders that it names."""
    said = error.args[0] if error.args else ""
    if isinstance(said, Message):
        return said
    return Message(error.strerror if isinstance(error, OSError) and error.strerror else without_folders(str(error)))


def without_folders(text: str) -> str:
    """What a library says, each path in it by its last name. Addresses on the web stay."""
    return _FOLDERS.sub("", text)


def as_message(text: str) -> Message:
    """Itself; of a plain str, one without an id."""
    return text if isinstance(text, Message) else Message(text)


def filled(template: str, values: Mapping[str, Value], word: Callable[[Value], str]) -> str:
    """The template with the words for the values at its names; a name without a value stays as it is."""
    return NAME.sub(lambda found: word(values[found[1]]) if found[1] in values else found[0], template)


def _made(id: str, several: str, values: Mapping[str, object]) -> Message:
    template = several if several and values["count"] != 1 else id
    if missing := set(NAME.findall(id + several)) - values.keys():
        raise ValueError(f"{id!r} lacks {', '.join(sorted(missing))}")
    kept = {name: _value(value) for name, value in values.items()}
    return Message(filled(template, kept, _in_english), id, kept, several)


def _value(value: object) -> Value:
    match value:
        case Message():
            return value
        case PurePath():
            return value.name
        case BaseException():
            return message_of(value)
        case bool():
            return str(value)
        case str() | int() | float():
            return value
        case list() | tuple():
            return tuple(map(_value, value))
        case _:
            return str(value)


def _in_english(value: Value) -> str:
    return ", ".join(map(_in_english, value)) if isinstance(value, tuple) else str(value)


def _value_to_json(value: Value) -> object:
    match value:
        case Message():
            return value.to_json()
        case tuple():
            return [_value_to_json(each) for each in value]
        case _:
            return value


def _from_json(told: object, deepest: int) -> Message:
    match told:
        case str():
            return Message(told)
        case {"parts": list(parts)} if deepest:
            return joined(*(_from_json(part, deepest - 1) for part in parts))
        case {"id": str(id), **rest} if deepest:
            several, values = rest.get("several", ""), rest.get("values", {})
            if not isinstance(several, str) or not isinstance(values, dict):
                raise ValueError(f"{told!r:.80} is no message")  # noqa: TRY004 - of what is read, not of what is given
            kept = {str(name): _value_from_json(value, deepest - 1) for name, value in values.items()}
            template = several if several and kept.get("count") != 1 else id
            if len(template) + sum(_length(kept.get(name, "")) for name in NAME.findall(template)) > _LONGEST:
                raise ValueError("This message is too long")
            return Message(filled(template, kept, _in_english), id, kept, several)
        case _:
            raise ValueError(f"{told!r:.80} is no message")


def _value_from_json(told: object, deepest: int) -> Value:
    match told:
        case bool() | None:
            raise ValueError(f"{told!r} is no value of a message")
        case str() | int() | float():
            return told
        case list() if deepest:
            return tuple(_value_from_json(each, deepest - 1) for each in told)
        case _:
            return _from_json(told, deepest)


def _length(value: Value) -> int:
    return sum(_length(each) + 2 for each in value) if isinstance(value, tuple) else len(str(value))
