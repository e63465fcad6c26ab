"""Request: what a person wants of a turn, understood once, before anything is searched. Nothing later guesses again."""

from dataclasses import dataclass, field
from typing import Literal

Shape = Literal["", "words", "list", "table", "csv", "json", "srt", "vtt", "times"]
Meant = Literal["given now", "named", "ordinal", "medium", "last", "all", "answer", "libraries", "none"]
PARSED = 2_000  # characters of the words


def to_parse(words: str) -> str:
    """The words that patterns are tried over: where a long text was pasted in, what is wanted of it stands before it or
    behind it."""
    if len(words) <= PARSED:
        return words
    return f"{words[: PARSED // 2]}\n{words[len(words) - PARSED // 2 :]}"


@dataclass(frozen=True)
class Span:
    """Seconds of a recording that a request means; to its end where no end is named.

    point: it named one moment, and this is the time around it. from_end: they are counted backwards from the end.
    """

    start: float
    end: float = float("inf")
    point: bool = False
    from_end: bool = False


@dataclass(frozen=True)
class Form:
    """How the answer is wanted; "" and 0 where nothing was said.

    sentences: at the most. items: at the most, of a list. language: ISO 639-1 of the answer.
    """

    shape: Shape = ""
    sentences: int = 0
    items: int = 0
    language: str = ""


@dataclass(frozen=True)
class Request:
    """words: as typed and spoken, or what a command stands for. kind: the name of a file in prompts/requests.

    facet: which sort of its kind, as the examples call it ("pages" of file_facts), or "". language: of the words, ISO
    639-1. files: source_ids of what is meant, in the order meant; none where nothing is, or everything searched.
    meant: how that was found out. span, pages: of the files (pages from 1, both included). points_back: it cannot be
    understood without the turn before. scores: of the likeliest kinds, best first; about 1 is sure, 0 unlike.
    sure: one kind was clearly the likeliest; else the lookup answers. parts: of several requests in one.
    """

    words: str
    kind: str = "fact"
    facet: str = ""
    language: str = "en"
    files: tuple[str, ...] = ()
    meant: Meant = "none"
    span: Span | None = None
    pages: tuple[int, int] | None = None
    form: Form = field(default_factory=Form)
    points_back: bool = False
    scores: tuple[tuple[str, float], ...] = ()
    sure: bool = True
    parts: tuple["Request", ...] = ()

    @property
    def answer_language(self) -> str:
        """ISO 639-1: the language that was asked for, else that of the words."""
        return self.form.language or self.language

    @property
    def every_part(self) -> tuple["Request", ...]:
        """Its parts, or itself where it is one."""
        return self.parts or (self,)

    @property
    def files_of_all(self) -> tuple[str, ...]:
        """source_ids of what any part of it means, each once."""
        return tuple(dict.fromkeys(source_id for part in self.every_part for source_id in part.files))
