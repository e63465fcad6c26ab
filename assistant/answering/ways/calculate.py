"""Arithmetic that stands wholly in the words: "what's 23% of 640". No model is asked; the calculation is shown."""

import re
from collections.abc import Generator, Mapping
from dataclasses import replace

from assistant.answering.calculations import calculation
from assistant.answering.context import Context, Reply, plain
from assistant.answering.ways import Kind
from assistant.text.answer_language import in_language
from assistant.text.quantities import decimal_sign
from assistant.values.events import Delta, Event
from assistant.values.messages import say
from assistant.values.request import Request

_SIGNS = ("of", "average", "median", "gcd", "lcm", "log", "pi")


class Calculate:
    kinds: Mapping[str, Kind] = {
        "calculate": Kind(
            about="nothing",
            wanted="arithmetic or a conversion of units whose numbers all stand in the request",
            name=say("calculation"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        del context  # the words are all there is
        found = calculation(request.words, request.language)
        if found is None:
            return None
        found = replace(
            found, shown=_as_typed(found.shown, request.words), result=_as_typed(found.result, request.words)
        )
        words = in_language(request.answer_language)
        if not decimal_sign(request.words):  # else the result is written as the request writes its own numbers
            found = replace(found, result=words.decimal(found.result), total=words.decimal(found.total))
        text = words.render("calculation.md.j2", **vars(found))
        yield Delta(text)
        return plain(text)


def _as_typed(text: str, words: str) -> str:
    """ "12 meilen" as the request writes it: numbers are read in lower case. Signs that are words are none of its."""

    def typed(match: re.Match[str]) -> str:
        word = match.group()
        found = re.search(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", words, re.IGNORECASE)
        return found.group() if found and word not in _SIGNS else word

    return re.sub(r"[^\W\d_]+", typed, text)
