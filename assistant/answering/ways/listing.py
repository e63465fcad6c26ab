"""Listing: all things of a sort out of what was given, a line each, each cited by itself."""

from collections.abc import Generator

from assistant.answering import judging, material
from assistant.answering.context import Context, Reply
from assistant.values.events import Event
from assistant.values.request import Request


class Listing:
    kinds = {"list": ("file or answer",)}  # noqa: RUF012

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        if request.meant == "answer":
            answer = context.conversation.exchanges[-1].answer
            said = yield from material.do(request, context, engine, "list.md.j2", (), answer=answer)
            return material.unmarked(judging.cite(said, request, context, engine))
        found = material.gathered(request, context, engine)
        if not found and not (engine.profile.sees_images and context.conversation.images):
            return material.nothing_to_read(request, context)
        said = yield from material.do(request, context, engine, "list.md.j2", found)
        return judging.cite(said, request, context, engine, extracted=True)
