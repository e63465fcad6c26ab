"""Describing: what a picture or film shows; by a model that sees, or from what could be read and guessed."""

from collections.abc import Generator, Mapping

from assistant.answering import judging, material
from assistant.answering.context import Context, Reply
from assistant.answering.ways import Kind
from assistant.values.events import Event
from assistant.values.messages import say
from assistant.values.request import Request


class Describing:
    kinds: Mapping[str, Kind] = {
        "describe": Kind(
            needs=("picture",),
            asks=True,
            wanted="what a picture or film shows",
            name=say("description"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        found = material.gathered(request, context, engine, looks=True)
        if not found and not (engine.profile.sees_images and context.conversation.images):
            return material.nothing_to_read(request, context)
        said = yield from material.do(request, context, engine, "describe.md.j2", found, sees=False)
        return judging.cite(said, request, context, engine, extracted=True)
