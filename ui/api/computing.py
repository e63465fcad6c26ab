"""One result of long work, as answers are made: on a thread, once it is the owner's turn, while it is wanted."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from assistant.values.events import Event, Status
from assistant.values.messages import NOTHING
from ui.api.parts import ApiParts
from ui.api.refusals import Refusal
from ui.api.streams import Followed, while_wanted

if TYPE_CHECKING:
    from starlette.requests import Request

Made = TypeVar("Made")


@dataclass(frozen=True)
class _Result(Generic[Made]):
    value: Made


async def computed(parts: ApiParts, request: "Request", owner: str, work: Callable[[threading.Event], Made]) -> Made:
    """Raises what the work raises; Crowded where too much is asked for already. work: ends soon once that is set."""

    def steps(stop: threading.Event) -> Iterator[Event | _Result[Made]]:
        results: list[Made] = []

        def once() -> Iterator[Event]:
            results.append(work(stop))
            yield Status("answering", NOTHING)

        with closing(parts.passing.in_turn(owner, stop, once)) as events:
            yield from events
        yield from map(_Result, results)

    async def last() -> Made:
        async for step in Followed(parts.pool, steps):
            if isinstance(step, _Result):
                return step.value
        raise Refusal(503, "It was stopped.", "stopped")

    return await while_wanted(request, last())
