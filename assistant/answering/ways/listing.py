"""Listing: all things of a sort out of what was given, a line each, each cited by itself."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

from assistant.answering import judging, material, stated
from assistant.answering.context import Context, Reply
from assistant.answering.ways import Kind
from assistant.citing.citations import drop_made_up_numbers
from assistant.values.events import Delta, Event
from assistant.values.evidence import Evidence
from assistant.values.messages import NOTHING, say, say_n
from assistant.values.request import Request

MOST_LINES = 40
SHORT_LINE = 60  # characters


class Listing:
    kinds: Mapping[str, Kind] = {
        "list": Kind(
            needs=("file or answer",),
            about="files or answer",
            wanted="all things of one sort in the files, one a line",
            name=say("list"),
            facets={
                "addresses": say("list of e-mail addresses"),
                "amounts": say("list of amounts"),
                "dates": say("list of dates"),
                "links": say("list of links"),
                "other": NOTHING,
                "years": say("list of years"),
            },
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        exact, more = stated.listed(request.facet, context.pieces(request.files))
        if exact is not None and request.meant != "answer":
            if more:
                context.record.notes.append(
                    say_n(
                        "The list ends here; {count} more of them stands in the files.",
                        "The list ends here; {count} more of them stand in the files.",
                        count=more,
                    )
                )
            yield Delta(drop_made_up_numbers(exact.text))
            return Reply(exact, said=drop_made_up_numbers(exact.text))
        engine = yield from context.engine()
        if request.meant == "answer":
            answer = context.conversation.exchanges[-1].answer
            said = yield from material.do(request, context, engine, "list.md.j2", (), answer=answer)
            return material.unmarked(judging.cite(said, request, context, engine))
        found = material.gathered(request, context, engine)
        if not found and not (engine.profile.sees_images and context.conversation.images):
            return material.nothing_to_read(request, context)
        said = yield from material.do(request, context, engine, "list.md.j2", found, silently=True)
        reply = judging.cite(said, request, context, engine, extracted=True)
        if found and not reply.cited.citations and not reply.cited.foreign and _is_lines(found):
            lines = material.own_lines(found)  # "turn this into a checklist" of what is a list already
            reply = replace(reply, cited=lines, said=drop_made_up_numbers(lines.text))
        yield Delta(reply.said)
        return reply


def _is_lines(found: Sequence[Evidence]) -> bool:
    """Whether it is short lines rather than sentences."""
    lines = [line for piece in found for line in piece.content.splitlines() if line.strip()]
    return len(lines) <= MOST_LINES and all(len(line) <= SHORT_LINE for line in lines)
