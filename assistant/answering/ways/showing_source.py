"""Showing the source: where the previous answer stands, and whether it does. No model is asked."""

from collections.abc import Generator, Mapping
from dataclasses import replace

from assistant.answering.context import Context, Reply
from assistant.answering.ways import Kind
from assistant.answering.ways.lookup import Lookup
from assistant.citing.citations import Cited
from assistant.text.answer_language import in_language
from assistant.values.events import Event
from assistant.values.evidence import describe
from assistant.values.messages import say
from assistant.values.request import Request

MOST = 6  # citations that are shown


class ShowingSource:
    kinds: Mapping[str, Kind] = {
        "where": Kind(
            needs=("answer",),
            about="answer",
            wanted="the place where the answer before stands: its page, its passage",
            name=say("where it says so"),
        ),
        "verify": Kind(
            needs=("answer",),
            about="answer",
            wanted="whether the answer before is really right",
            name=say("whether it is so"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        last = context.conversation.exchanges[-1]
        if request.kind == "verify" and not last.citations and last.files:
            again = replace(request, words=last.question, kind="fact", files=last.files, points_back=False)
            return (yield from Lookup().answer(again, context))
        cited = tuple(replace(one, number=number) for number, one in enumerate(last.citations[:MOST], 1))
        words = in_language(request.answer_language)
        places = [
            {
                "number": one.number,
                "source": one.source,
                "place": words.said(describe(one.location)),
                "quote": " ".join(one.quote.split()),
            }
            for one in cited
        ]
        text = words.render("where.md.j2", places=places, verify=request.kind == "verify")
        return Reply(Cited(text, cited, ()))
