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
    """Seconds of a recording that a request means; to its end where no end is named."""

    start: float
    end: float = float("inf")
    point: bool = False
    """Whether the request named one moment, and this is the time around it."""
    from_end: bool = False
    """Whether the seconds are counted backwards from the end."""


@dataclass(frozen=True)
class Form:
    """How the answer is wanted; "" and 0 where nothing was said."""

    shape: Shape = ""
    sentences: int = 0
    """At most so many."""
    items: int = 0
    """At most so many items of a list."""
    language: str = ""
    """The language of the answer, ISO 639-1."""


@dataclass(frozen=True)
class Request:
    """What a person asks, as it was understood."""

    words: str
    """As they were typed and spoken, or what a command stands for."""
    kind: str = "fact"
    """The name of a file in prompts/requests."""
    facet: str = ""
    """Which sort of its kind it is, as the examples call it, such as "pages" of file_facts; "" for none."""
    language: str = "en"
    """The language of the words, ISO 639-1."""
    files: tuple[str, ...] = ()
    """source_ids of what is meant, in the order in which it is meant. None: nothing is, or everything is searched."""
    meant: Meant = "none"
    """How it was found out which files are meant."""
    span: Span | None = None
    """The part of the recordings that is meant."""
    pages: tuple[int, int] | None = None
    """The first and last page of the files that are meant, from 1."""
    form: Form = field(default_factory=Form)
    points_back: bool = False
    """Whether it cannot be understood without the turn before."""
    scores: tuple[tuple[str, float], ...] = ()
    """The likeliest kinds, best first: about 1 is sure, about 0 unlike."""
    sure: bool = True
    """Whether one kind was clearly the likeliest; else the lookup answers."""
    parts: tuple["Request", ...] = ()
    """The single requests, where there are several in one."""

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
