"""Catalogues: what is said in other languages than English, read by gettext from locale/<language>/LC_MESSAGES.

A language is offered because its file is there; nothing is compiled, nothing lists it. What a catalogue lacks stays
English. Knows nothing of who asks.
"""

import gettext
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from assistant.text import catalogues
from assistant.text.catalogues import FOLDER, names_in
from assistant.values.messages import Message, Value, filled, say

DOMAIN = "medley"
SOURCE = "en"  # the language that the sources are written in
Language = str  # "en", or the name of a catalogue's folder: "zh", "pt_BR"
Words = TypeVar("Words")
_BETWEEN = say(", ")  # the things of a list
_FULL_STOPS = ("。", "！", "？")  # are followed by no space


class Catalogues:
    """folder: has <language>/LC_MESSAGES/medley.po."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._read = cache(self._reading)
        self._words: dict[tuple[type, Language], Any] = {}

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """English, and those that there is a catalogue for."""
        return (SOURCE, *sorted(catalogues.languages(DOMAIN, self._folder) - {SOURCE}))

    def said(self, sentence: str, language: Language) -> str:
        """A Message in this language; any other str, which has no id to look up, as it stands."""
        return str(sentence) if language == SOURCE else self._value(sentence, self._read(language))

    def words(self, panel: str, english: Words, language: Language) -> Words:
        """The strings of a panel, which is a dataclass of them, in this language."""
        if language == SOURCE:
            return english
        key = type(english), language
        if key not in self._words:
            self._words[key] = changed(panel, english, partial(_translated, self._read(language)), language)
        made: Words = self._words[key]
        return made

    def _value(self, value: Value, known: gettext.NullTranslations) -> str:
        match value:
            case Message(parts=parts) if parts:
                return _beside([self._value(part, known) for part in parts])
            case Message(id=id, several=several, values=values) if id:
                count = values.get("count", 0)
                template = (
                    known.ngettext(id, several, count) if several and isinstance(count, int) else known.gettext(id)
                )
                if not names_in(template) <= values.keys():  # it would be filled with what nobody knows
                    template = several if several and count != 1 else id
                return filled(template, values, lambda inner: self._value(inner, known))
            case tuple():
                return known.gettext(_BETWEEN.id).join(self._value(each, known) for each in value)
            case _:
                return str(value)

    def _reading(self, language: Language) -> gettext.NullTranslations:
        if language not in self.languages:
            return gettext.NullTranslations()
        return catalogues.read(language, DOMAIN, self._folder)


def changed(panel: str, words: Words, change: Callable[[str, str], str], language: Language = SOURCE) -> Words:
    """The dataclass of a panel with every string changed. change: takes where it stands, "chat.steps.loading", and the
    string. language: stands where the words say which they are."""
    made: dict[str, Any] = {}
    for one in fields(words):  # type: ignore[arg-type]
        value = getattr(words, one.name)
        named = (one.name, value) == ("language", SOURCE)
        made[one.name] = language if named else _within(f"{panel}.{one.name}", value, change)
    return replace(words, **made)  # type: ignore[type-var]


def _within(context: str, value: object, change: Callable[[str, str], str]) -> object:
    match value:
        case str():
            return change(context, value)
        case Mapping():
            return {key: _within(f"{context}.{key}", inner, change) for key, inner in value.items()}
        case tuple():
            return tuple(_within(f"{context}.{number}", inner, change) for number, inner in enumerate(value))
        case _:
            raise TypeError(f"{context} holds no strings: {value!r}")


def _translated(known: gettext.NullTranslations, context: str, english: str) -> str:
    """One that would be filled with other facts than the English one is none."""
    told = known.pgettext(context, english)
    return told if names_in(told) == names_in(english) else english


def _beside(sentences: list[str]) -> str:
    out = ""
    for sentence in sentences:
        out += (" " if out and not out.endswith(_FULL_STOPS) else "") + sentence
    return out


CATALOGUES = Catalogues()
