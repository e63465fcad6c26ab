"""Every string of the page: one file and one frozen dataclass a panel, in English; other languages are catalogues.

A panel's file holds its dataclass and ENGLISH, an instance of it. What stands on the page from the start is given to
Gradio as keys (`labels`), and the browser chooses the language; what is said later is taken from `words_for`, which
asks the request. Strings with {names} are filled with `str.format`, so they are only said later.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from ui.gradio_inside import asking
from ui.words.catalogues import CATALOGUES, SOURCE, Catalogues, Language

if TYPE_CHECKING:
    import gradio as gr

COOKIE = "medley-language"  # the language chosen in the settings; without it the browser's
REGIONS = ("zh-CN", "zh-TW", "pt-BR")  # that Gradio's page has words of its own for, beside those of the language
Kind = TypeVar("Kind")


class Asking(Protocol):
    """What is read of a request; Gradio's and Starlette's have it."""

    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def cookies(self) -> Mapping[str, str]: ...


def language_of(request: Asking | None, catalogues: Catalogues = CATALOGUES) -> Language:
    """The language chosen in the settings, else the first of Accept-Language that we have, else English."""
    if request is None:
        return SOURCE
    offered = catalogues.languages
    chosen = request.cookies.get(COOKIE, "")
    if chosen in offered:
        return chosen
    accepted = request.headers.get("accept-language", "") or ""
    weighed = sorted((_weighed(one) for one in accepted.split(",") if one.strip()), key=lambda one: -one[0])
    fitting = (_offered(wanted, offered) for weight, wanted in weighed if weight > 0)
    return next(filter(None, fitting), SOURCE)


def words_for(request: Asking | None, kind: type[Kind]) -> Kind:
    """The words of a panel for whoever asks. kind: the panel's dataclass. None (no request): English."""
    return in_language(language_of(request), kind)


def words_now(kind: type[Kind]) -> Kind:
    """The words of a panel for whom a handler of the page is answering; English outside of one."""
    return words_for(asking(), kind)


def in_language(language: Language, kind: type[Kind], catalogues: Catalogues = CATALOGUES) -> Kind:
    """The words of a panel in a language that there is a catalogue for."""
    english: Kind = sys.modules[kind.__module__].ENGLISH
    return catalogues.words(kind.__module__.rpartition(".")[2], english, language)


def language_names(catalogues: Catalogues = CATALOGUES) -> tuple[tuple[str, Language], ...]:
    """Each in itself, whatever the page speaks: ("English", "en"), ("中文", "zh")."""
    from babel import Locale, UnknownLocaleError

    def name(language: Language) -> str:
        try:
            return str(Locale.parse(language).get_display_name(language) or language)
        except (UnknownLocaleError, ValueError):
            return language

    return tuple((name(one)[:1].upper() + name(one)[1:], one) for one in catalogues.languages)


def tag(language: Language) -> str:
    """As a browser calls it: "pt-BR"; "zh-CN" for "zh", which Gradio's page knows by its regions alone."""
    own = language.replace("_", "-")
    return next((region for region in REGIONS if region.startswith(f"{own}-")), own)


def labels(i18n: "gr.I18n", kind: type[Kind]) -> Kind:
    """The words of a panel as keys that the browser translates, for the values and labels of components.

    Asking it for a string that is filled with facts, or for one that is no string, raises AttributeError:
    those are known only when they are said.
    """
    return cast(Kind, _Labels(i18n, kind))


def i18n(catalogues: Catalogues = CATALOGUES) -> "gr.I18n":
    """All panels' strings, to be handed to `Blocks.launch(i18n=…)`."""
    import gradio as gr

    told = {tag: _strings(language, catalogues) for language in catalogues.languages for tag in _tags(language)}
    return gr.I18n(**told)


def panels() -> Iterator[tuple[str, Any]]:
    """Name and English of every panel, by discovery: a new panel is a new file."""
    for found in sorted(one.name for one in iter_modules(__path__)):
        file = import_module(f"{__name__}.{found}")
        if hasattr(file, "ENGLISH"):
            yield found, file.ENGLISH


class _Labels:
    def __init__(self, i18n: "gr.I18n", kind: type[Any]) -> None:
        self._i18n, self._kind = i18n, kind

    def __getattr__(self, name: str) -> object:
        text = getattr(in_language(SOURCE, self._kind), name)
        if not _is_label(text):
            raise AttributeError(f"{self._kind.__name__}.{name} is said at run time: take it from words_for")
        return self._i18n(_key(self._kind.__module__.rpartition(".")[2], name))


def _strings(language: Language, catalogues: Catalogues) -> dict[str, str]:
    return {
        _key(panel, one.name): getattr(catalogues.words(panel, english, language), one.name)
        for panel, english in panels()
        for one in fields(english)
        if _is_label(getattr(english, one.name))
    }


def _tags(language: Language) -> list[str]:
    own = language.replace("_", "-")
    return [own, *(region for region in REGIONS if region.startswith(f"{own}-"))]


def _key(panel: str, name: str) -> str:
    """The page takes a dot for a step into a dictionary, so there is none."""
    return f"medley_{panel}_{name}"


def _is_label(text: object) -> bool:
    return isinstance(text, str) and "{" not in text


def _weighed(part: str) -> tuple[float, str]:
    """ "zh-CN;q=0.8" → (0.8, "zh-cn"). A weight that is none counts for nothing."""
    wanted, _, parameter = part.partition(";")
    try:
        weight = float(parameter.partition("=")[2]) if parameter.strip() else 1.0
    except ValueError:
        weight = 0.0
    return weight, wanted.strip().lower()


def _offered(wanted: str, offered: Sequence[Language]) -> Language | None:
    """The language of this name, else that of its first part: "zh-tw" is "zh"."""
    by_name = {one.lower().replace("_", "-"): one for one in offered}
    return by_name.get(wanted) or by_name.get(wanted.partition("-")[0])
