"""The ways of answering: one file each in this folder, found by itself.

A way is a class with `kinds` and `answer`. To add one: this file, prompts/requests/KIND.jsonl with what people say for
it, and a test.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Generator, Mapping, Sequence
from functools import cache
from typing import Literal, Protocol, cast

from assistant.answering.context import Context, Reply
from assistant.values.conversation import Conversation
from assistant.values.events import Event
from assistant.values.files import FileFacts
from assistant.values.request import Request

Need = Literal["recording", "picture", "file", "two files", "answer", "file or answer"]
Needs = tuple[Need, ...]
LOOKUP = "fact"  # the kind whose way copes with anything


class Way(Protocol):
    """How requests of some kinds are answered."""

    @property
    def kinds(self) -> Mapping[str, Needs]:
        """The kinds that it serves, each with what must be there for it to be meant at all."""
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
    return frozenset(
        kind for way in all_ways() for kind, needs in way.kinds.items() if all(met[need] for need in needs)
    )
