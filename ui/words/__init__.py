"""Every string of the page, in English and in Chinese: one file and one frozen dataclass a room.

A room's file holds its dataclass and two instances of it, ENGLISH and CHINESE. What stands on the page from the
start is given to Gradio as keys (`labels`), and the browser chooses the language; what is said later is taken from
`words_for`, which asks the request. Strings with {names} are filled with `str.format`, so they are only said later.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, cast

if TYPE_CHECKING:
    import gradio as gr

Language = Literal["en", "zh"]
COOKIE = "medley-language"  # the language chosen in the settings; without it the browser's
LOCALES: dict[str, Language] = {"en": "en", "zh": "zh", "zh-CN": "zh", "zh-TW": "zh"}  # as Gradio's page names them
Kind = TypeVar("Kind")


class Asking(Protocol):
    """What is read of a request; Gradio's and Starlette's have it."""

    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def cookies(self) -> Mapping[str, str]: ...


def language_of(request: Asking | None) -> Language:
    """The language chosen in the settings, else the first of Accept-Language that we have, else English."""
    if request is None:
        return "en"
    chosen = request.cookies.get(COOKIE, "")
    if chosen in ("en", "zh"):
        return cast(Language, chosen)
    accepted = request.headers.get("accept-language", "") or ""
    weighed = sorted((_weighed(one) for one in accepted.split(",") if one.strip()), key=lambda one: -one[0])
    for weight, language in weighed:
        if weight > 0 and language in ("en", "zh"):
            return cast(Language, language)
    return "en"


def words_for(request: Asking | None, kind: type[Kind]) -> Kind:
    """The words of a room for whoever asks. kind: the room's dataclass. None (no request): English."""
    return in_language(language_of(request), kind)


def words_now(kind: type[Kind]) -> Kind:
    """The words of a room for whom a handler of the page is answering; English outside of one."""
    from gradio.context import LocalContext

    return words_for(LocalContext.request.get(None), kind)


def in_language(language: Language, kind: type[Kind]) -> Kind:
    """The instance that stands beside the dataclass in its file."""
    file = sys.modules[kind.__module__]
    return cast(Kind, file.CHINESE if language == "zh" else file.ENGLISH)


def labels(i18n: "gr.I18n", kind: type[Kind]) -> Kind:
    """The words of a room as keys that the browser translates, for the values and labels of components.

    Asking it for a string that is filled with facts, or for one that is no string, raises AttributeError:
    those are known only when they are said.
    """
    return cast(Kind, _Labels(i18n, kind))


def i18n() -> "gr.I18n":
    """All rooms' strings, to be handed to `Blocks.launch(i18n=…)`."""
    import gradio as gr

    return gr.I18n(**{locale: _strings(language) for locale, language in LOCALES.items()})


def rooms() -> Iterator[tuple[str, Any, Any]]:
    """Name, English and Chinese of every room, by discovery: a new room is a new file."""
    for found in sorted(one.name for one in iter_modules(__path__)):
        file = import_module(f"{__name__}.{found}")
        if hasattr(file, "ENGLISH"):
            yield found, file.ENGLISH, file.CHINESE


class _Labels:
    def __init__(self, i18n: "gr.I18n", kind: type[Any]) -> None:
        self._i18n, self._kind = i18n, kind

    def __getattr__(self, name: str) -> object:
        text = getattr(in_language("en", self._kind), name)
        if not _is_label(text):
            raise AttributeError(f"{self._kind.__name__}.{name} is said at run time: take it from words_for")
        return self._i18n(_key(self._kind.__module__.rpartition(".")[2], name))


@cache
def _strings(language: Language) -> dict[str, str]:
    return {
        _key(room, one.name): text
        for room, english, chinese in rooms()
        for one in fields(english)
        if _is_label(text := getattr(english if language == "en" else chinese, one.name))
    }


def _key(room: str, name: str) -> str:
    """The page takes a dot for a step into a dictionary, so there is none."""
    return f"medley_{room}_{name}"


def _is_label(text: object) -> bool:
    return isinstance(text, str) and "{" not in text


def _weighed(part: str) -> tuple[float, str]:
    """ "zh-CN;q=0.8" → (0.8, "zh"). A weight that is none counts for nothing."""
    tag, _, parameter = part.partition(";")
    try:
        weight = float(parameter.partition("=")[2]) if parameter.strip() else 1.0
    except ValueError:
        weight = 0.0
    return weight, tag.strip().lower().partition("-")[0]
