"""An answer, while it is written, cut into what is spoken in one breath; the first breath is short, to begin sooner."""

import re
from collections.abc import Callable
from typing import Protocol

FEWEST = 4  # words of a first clause
_CLAUSE = re.compile(r"[,;:]\s|[，；：、]|\s[—–]\s")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2}|[^\W_]+")


class Phrases(Protocol):
    """`assistant.speech.sentences.Sentences`."""

    def feed(self, text: str) -> list[str]:
        """The phrases that these words complete, fit to be spoken: no Markdown, no numbers of citations."""
        ...

    def end(self) -> list[str]:
        """What is left at the end."""
        ...


class FirstClause:
    """Implements Phrases over others, which it makes: until the first of them is whole, a clause is enough."""

    def __init__(self, make: Callable[[], Phrases]) -> None:
        self._make, self._phrases = make, make()
        self._first = ""  # words of a first sentence that has not ended
        self._begun = False

    def feed(self, text: str) -> list[str]:
        if self._begun:
            return self._phrases.feed(text)
        before, self._first = self._first, self._first + text
        whole = self._phrases.feed(text)
        if whole:
            self._begun = True
            return whole
        for clause in _CLAUSE.finditer(self._first, max(0, len(before) - 2)):
            said, rest = self._first[: clause.end()], self._first[clause.end() :]
            if len(_WORD.findall(said)) >= FEWEST and not said.lstrip().startswith(("|", "#", "-", "*", "`")):
                self._begun, self._phrases = True, self._make()
                return [*self._phrases.feed(said), *self._phrases.end(), *self._again(rest)]
        return []

    def end(self) -> list[str]:
        return self._phrases.end()

    def _again(self, rest: str) -> list[str]:
        self._phrases = self._make()
        return self._phrases.feed(rest)
