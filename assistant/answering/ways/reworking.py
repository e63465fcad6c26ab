"""Reworking: the previous answer in another form, with what supported it."""

from collections.abc import Generator, Mapping
from dataclasses import replace

from assistant.answering import material
from assistant.answering.context import Context, Reply
from assistant.answering.ways import Kind
from assistant.citing import citations
from assistant.values.conversation import Exchange
from assistant.values.events import Event
from assistant.values.evidence import Evidence
from assistant.values.request import Request


class Reworking:
    kinds: Mapping[str, Kind] = {
        "rework": Kind(
            needs=("answer",),
            about="answer",
            wanted="the answer before, once more in another form: shorter, simpler, politer, in more detail",
            names={"en": "another form", "zh": "换一种形式"},
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        last = context.conversation.exchanges[-1]
        said = yield from material.do(request, context, engine, "rework.md.j2", (), answer=last.answer)
        cited = citations.cite(said.text, supporting(last), "", context.embedder())
        plain = citations.drop_made_up_numbers(said.text)
        return Reply(replace(cited, unsupported=()), said.prompt, said=plain, written=said.text, cut=said.cut)


def supporting(exchange: Exchange) -> list[Evidence]:
    """What the citations of an answer stood in, as evidence for what is made of it."""
    return [
        Evidence(one.source_id, one.source, one.medium, one.quote, one.location, (), 1.0)
        for one in exchange.citations
        if not one.seen
    ]
