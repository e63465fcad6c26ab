"""Writing: a new text - a reply, an e-mail, an invitation - with the names and numbers of what was given."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

from assistant.answering import judging, material
from assistant.answering.context import Context, Reply
from assistant.answering.nearest import hints
from assistant.answering.ways import Kind
from assistant.text.parties import Parties, in_the_role, parties_of, readdressed
from assistant.values.events import Event
from assistant.values.evidence import Evidence
from assistant.values.messages import say
from assistant.values.request import Request

LETTER = 6000  # characters of a letter that say from whom it is and to whom


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
        parties = _parties(request.words, found)
        near = hints(request.words, found, context.likeness) if engine.profile.small else ()
        said = yield from material.do(
            request,
            context,
            engine,
            "write.md.j2",
            found,
            answer,
            hints=near,
            material=bool(found or answer),
            parties=parties,
        )
        if parties is not None:
            said = replace(said, text=readdressed(said.text, parties))
        return material.unmarked(judging.cite(said, request, context, engine, extracted=True))


def _parties(words: str, found: Sequence[Evidence]) -> Parties | None:
    """Between whom the one file was that this is about; where the request names a role in it, whoever has that."""
    if len({piece.source_id for piece in found}) != 1:
        return None
    text = "\n".join(piece.content for piece in found)[:LETTER]
    if named := in_the_role(words, text):
        return Parties(named, "")
    return parties_of(text)
