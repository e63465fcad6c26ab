"""The ways of answering: one file each in this folder, found by itself.

A way is a class with `kinds` and `answer`. To add one: this file, prompts/requests/KIND.jsonl with what people say for
it, and a test. What anybody else must know of a kind, its way declares.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, Protocol, cast

from assistant.answering.context import Context, Reply
from assistant.values.conversation import Conversation
from assistant.values.events import Event
from assistant.values.files import FileFacts
from assistant.values.messages import NOTHING, Message
from assistant.values.request import Request

Need = Literal["recording", "picture", "file", "two files", "answer", "file or answer"]
Needs = tuple[Need, ...]
About = Literal["files", "recordings", "answer", "files or answer", "files if any", "nothing"]
LOOKUP = "fact"  # the kind whose way copes with anything


@dataclass(frozen=True)
class Kind:
    """What a way declares of a kind of request."""

    needs: Needs = ()
    """What must be there for it to be meant at all."""
    about: About = "files"
    """What it is asked about where it names nothing."""
    asks: bool = False
    """Whether it is a question, which together with another one in the same sentence is one request."""
    exact: bool = False
    """Whether it is known without a look into the files' words, so that a question beside it is a request of its own;
    and each of its facets."""
    wanted: str = ""
    """What the person wants, as a model is told it."""
    name: Message = NOTHING
    """What the line under the answer calls it."""
    facets: Mapping[str, Message] = field(default_factory=dict)
    """What that line calls each of its facets, by the examples' names for them. One without a name is called as its
    kind."""

    def called(self, facet: str) -> Message:
        """Empty where nothing was declared."""
        return self.facets.get(facet) or self.name


class Way(Protocol):
    """How requests of some kinds are answered."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds that it serves, by the names of their files in prompts/requests."""
        ...

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        """Yields statuses, and its words as they come (Delta), without citation numbers; returns the whole.

        None where it finds that it cannot answer this: then the lookup does, so nothing may have been said yet.
        Raises AssistantError where the person must do something.
        """
        ...


@cache
def all_ways() -> tuple[Way, ...]:
    """One of each way in this folder, by file name."""
    found: list[Way] = []
    for file in sorted(pkgutil.iter_modules(__path__), key=lambda file: file.name):
        module = importlib.import_module(f"{__name__}.{file.name}")
        found += [
            cast(Way, made())
            for _, made in inspect.getmembers(module, inspect.isclass)
            if made.__module__ == module.__name__ and hasattr(made, "kinds") and hasattr(made, "answer")
        ]
    return tuple(found)


def way_for(kind: str) -> Way:
    """That of the lookup, where no way serves this kind."""
    by_kind = {each: way for way in all_ways() for each in way.kinds}
    return by_kind.get(kind) or by_kind[LOOKUP]


def all_kinds() -> Mapping[str, Kind]:
    return {name: kind for way in all_ways() for name, kind in way.kinds.items()}


def kind_named(name: str) -> Kind:
    """One that declares nothing, where there is none of this name any more."""
    return all_kinds().get(name) or Kind()


def possible(files: Sequence[FileFacts], conversation: Conversation) -> frozenset[str]:
    """The kinds whose needs are met by what is there."""
    media = [one.medium for one in files]
    answered = bool(conversation.exchanges)
    met: dict[Need, bool] = {
        "recording": "audio" in media or "video" in media,
        "picture": "image" in media or "video" in media,
        "file": bool(media),
        "two files": len(media) > 1,
        "answer": answered,
        "file or answer": answered or bool(media),
    }
    return frozenset(name for name, kind in all_kinds().items() if all(met[need] for need in kind.needs))
