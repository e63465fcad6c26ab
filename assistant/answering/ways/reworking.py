"""Reworking: the previous answer in another form, with what supported it."""

from collections.abc import Generator, Mapping
from dataclasses import replace

from assistant.answering import material
from assistant.answering.context import Context, Reply
from assistant.answering.ways import Kind
from assistant.citing import citations
from assistant.text.tokens import is_cjk, sentences
from assistant.values.conversation import Exchange
from assistant.values.events import Delta, Event
from assistant.values.evidence import Evidence
from assistant.values.messages import NOTHING, say
from assistant.values.request import Request

SHORTER = "shorter"  # facet
ENOUGH_SHORTER = 0.8  # share of the words before


class Reworking:
    kinds: Mapping[str, Kind] = {
        "rework": Kind(
            needs=("answer",),
            about="answer",
            wanted="the answer before, once more in another form: shorter, simpler, politer, in more detail",
            name=say("another form"),
            facets={SHORTER: say("shorter"), "other": NOTHING},
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        last = context.conversation.exchanges[-1]
        shorter = request.facet == SHORTER
        most = words_in(last.answer) // 2 if shorter and not request.form.sentences else 0
        said = yield from material.do(
            request, context, engine, "rework.md.j2", (), answer=last.answer, silently=shorter, words=most
        )
        if shorter:
            said = replace(said, text=shortened(said.text, last.answer, request.form.sentences))
            yield Delta(said.text)
        cited = citations.cite(said.text, supporting(last), "", context.embedder())
        plain = citations.drop_made_up_numbers(said.text)
        return Reply(replace(cited, unsupported=()), said.prompt, said=plain, written=said.text, cut=said.cut)


def shortened(said: str, before: str, most: int) -> str:
    """The model's words where they are shorter; else as many of the sentences before as come to half of them.

    most: sentences that were asked for, or 0. Small models copy what they are to shorten.
    """
    if words_in(said) <= ENOUGH_SHORTER * words_in(before):
        return said
    kept: list[str] = []
    each = [before[start:end].strip() for start, end in sentences(before)]
    for sentence in each:
        kept.append(sentence)
        if len(kept) == most or (not most and words_in(" ".join(kept)) >= words_in(before) / 2):
            break
    return " ".join(kept) if len(kept) < len(each) else said


def words_in(text: str) -> int:
    """Words; of Chinese, characters."""
    return sum(letter.isalnum() for letter in text) if is_cjk(text) else len(text.split())


def supporting(exchange: Exchange) -> list[Evidence]:
    """What the citations of an answer stood in, as evidence for what is made of it."""
    return [
        Evidence(one.source_id, one.source, one.medium, one.quote, one.location, (), 1.0)
        for one in exchange.citations
        if not one.seen
    ]
