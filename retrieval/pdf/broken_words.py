"""Words broken at the end of a line: whether the hyphen goes, stays, or stands for what is said only once."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property

_WORDS = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_AND = frozenset("and or to und oder bzw sowie bis et ou y o e ni i и или".split())
_COMPOUND = frozenset(
    "based known related specific term friendly aware oriented driven defined effective efficient quality class level "
    "scale dependent established sized sided shaped colored coloured handed minded respect".split()
)


class BrokenWords:
    """Knows the words of the document, which tell "overview" from "well-known".

    texts: gives all of it; it is only asked for where a word is broken.
    """

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        self._texts = texts

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(word for text in self._texts() for word in _WORDS.findall(text.lower()))

    def between(self, head: str, tail: str) -> str | None:
        """What stands between the halves of a word that was parted at the end of a line; None: two words."""
        if not tail[:1].isalnum():
            return None
        first, rest = (_WORDS.findall(head) or [""])[-1], _WORDS.match(tail)
        if head[-1:].isdigit() or rest is None or not first:
            return "-"
        half = rest.group().lower()
        if half in _AND and tail[len(half) : len(half) + 1] in ("", " "):
            return None
        capitals = len(first) > 1 and first.isupper() and rest.group()[:2].isupper() and len(rest.group()) > 1
        if not tail[:1].islower() and tail[:1].upper() != tail[:1].lower() and not capitals:
            return "-"
        known = self._known
        left = first.lower()
        if left + half in known:
            return ""
        if f"{left}-{half}" in known or f"{left}‐{half}" in known:
            return "-"
        if "-" in first or (half in _COMPOUND and len(left) > 3) or left in ("self", "well"):
            return "-"
        return ""
