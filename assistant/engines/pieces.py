"""Token ids into readable pieces of text, without the thoughts a model thinks aloud before it answers.

Knows no model: `decode` is handed in.
"""

from collections.abc import Callable, Sequence

_OPEN, _CLOSE = "<think>", "</think>"
_UNFINISHED = "\ufffd"  # what a decoder writes for half a character


class Detokenizer:
    """Gives out text as soon as whole characters stand; the pieces joined are the decoded whole.

    Decodes a short window at every step, so the cost of a token does not grow with the answer.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        self._ids: list[int] = []
        self._window = 0  # first token still decoded, for what it does to its neighbours
        self._given = 0  # tokens whose text was given out

    def add(self, token: int) -> str:
        """The text that this token completes; "" while a character is unfinished."""
        self._ids.append(token)
        new = self._new_text()
        if not new or new.endswith(_UNFINISHED):
            return ""
        self._window, self._given = self._given, len(self._ids)
        return new

    def rest(self) -> str:
        """What is left at the end, unfinished or not."""
        new = self._new_text()
        self._window = self._given = len(self._ids)
        return new

    def _new_text(self) -> str:
        before = self._decode(self._ids[self._window : self._given])
        return self._decode(self._ids[self._window :])[len(before) :]


class Thoughts:
    """Leaves out a <think>…</think> block that opens an answer, and the space after it.

    inside: the prompt itself has opened the block, so the answer begins within it.
    """

    def __init__(self, inside: bool = False) -> None:
        self._state = "thinking" if inside else "undecided"
        self._held = ""

    def filter(self, text: str) -> str:
        """The part of `text` that is answer; "" while that cannot be told."""
        match self._state:
            case "answer":
                return text
            case "undecided":
                return self._decide(self._held + text)
            case "thinking":
                return self._wait_for_end(self._held + text)
            case _:
                return self._trim(text)

    def rest(self) -> str:
        """What was held back and turned out to be answer."""
        held, self._held = self._held, ""
        return held if self._state == "undecided" else ""

    def _decide(self, text: str) -> str:
        start = text.lstrip()
        if start.startswith(_OPEN):
            self._state, self._held = "thinking", ""
            return self._wait_for_end(start[len(_OPEN) :])
        if _OPEN.startswith(start):
            self._held = text
            return ""
        self._state, self._held = "answer", ""
        return text

    def _wait_for_end(self, text: str) -> str:
        _, close, after = text.partition(_CLOSE)
        if not close:
            self._held = text[-len(_CLOSE) :]
            return ""
        self._state, self._held = "after", ""
        return self._trim(after)

    def _trim(self, text: str) -> str:
        if trimmed := text.lstrip():
            self._state = "answer"
        return trimmed
