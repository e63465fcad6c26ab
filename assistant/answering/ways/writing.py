"""Writing: a new text - a reply, an e-mail, an invitation - with the names and numbers of what was given."""

from collections.abc import Generator, Mapping

from assistant.answering import judging, material
from assistant.answering.context import Context, Reply
from assistant.answering.nearest import hints
from assistant.answering.ways import Kind
from assistant.values.events import Event
from assistant.values.messages import say
from assistant.values.request import Request


class Writing:
    kinds: Mapping[str, Kind] = {
        "write": Kind(
            about="files or answer",
            wanted="a new text: a letter, an e-mail, a poem, a reply",
            name=say("a new text"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        found = material.gathered(request, context, engine) if request.files else []
        answer = context.conversation.exchanges[-1].answer if request.meant == "answer" and not found else ""
        near = hints(request.words, found, context.likeness) if engine.profile.small else ()
        said = yield from material.do(
            request, context, engine, "write.md.j2", found, answer, hints=near, material=bool(found or answer)
        )
        return material.unmarked(judging.cite(said, request, context, engine, extracted=True))
