"""What is to be translated, found in the sources, for Babel: locale/*.cfg name these functions.

The core's sentences are the templates given to `say` and `say_n`; the page's words are the strings of the panels. Of
the sentences of answers Babel finds all but the names of days by itself: they are calls of gettext.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from assistant.text.known_days import every_known_day
from ui.words.catalogues import changed

Found = tuple[int, str, str | tuple[str, ...], list[str]]  # line, function of gettext, its strings, no comments


def core(file: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[Found]:  # noqa: ARG001
    """Raises ValueError for a template that is no literal: nobody could translate it."""
    for call in ast.walk(ast.parse(file.read())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("say", "say_n"):
            match [ast.literal_eval(one) for one in call.args]:
                case [str(sentence)]:
                    yield call.lineno, "gettext", sentence, []
                case [str(one), str(several)]:
                    yield call.lineno, "ngettext", (one, several), []


def page(file: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[Found]:
    """The panel's strings, each in a context of its own: the panel and where it stands there."""
    panel = Path(file.name).stem
    english = getattr(import_module(f"ui.words.{panel}"), "ENGLISH", None) if panel != "__init__" else None
    if english is None:
        yield from core(file, keywords, comment_tags, options)
        return
    lines = {
        one.target.id: one.lineno
        for one in ast.walk(ast.parse(file.read()))
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }
    for context, text in strings(panel, english):
        yield lines[context.split(".")[1]], "pgettext", (context, text), []


def days(file: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[Found]:  # noqa: ARG001
    """The names of the days that people know by one."""
    for number, line in enumerate(file.read().decode().split("\n"), 1):
        for day in every_known_day():
            if line.startswith(f"{day.english} | "):
                yield number, "gettext", day.english, []


def strings(panel: str, words: Any) -> list[tuple[str, str]]:
    """Context and text of every string of a panel."""
    found: list[tuple[str, str]] = []

    def take(context: str, text: str) -> str:
        found.append((context, text))
        return text

    changed(panel, words, take)
    return found
