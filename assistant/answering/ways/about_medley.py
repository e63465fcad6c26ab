"""About Medley: its name, its makers, what it can do; from a short text of facts, and nothing that is not in it."""

from collections.abc import Generator, Mapping
from dataclasses import replace

from assistant.answering import material
from assistant.answering.context import Context, Reply
from assistant.answering.ways import Kind
from assistant.citing import citations
from assistant.citing.citations import Cited
from assistant.text.tokens import is_cjk
from assistant.values.events import Delta, Event
from assistant.values.evidence import Evidence, Section
from assistant.values.messages import say
from assistant.values.request import Request
from prompts import render

SOURCE = "Medley"


class AboutMedley:
    kinds: Mapping[str, Kind] = {
        "about_medley": Kind(
            about="nothing",
            wanted="something about this assistant itself: who made it, what it can do, what becomes of files",
            name=say("question about Medley"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        facts = facts_about_medley("zh" if request.language == "zh" else "")
        said = yield from material.do(
            replace(request, points_back=False), context, engine, "about_medley.md.j2", facts, silently=True
        )
        cited = citations.cite(said.text, facts, request.words, context.embedder())
        text = citations.drop_made_up_numbers(said.text)
        if (not cited.citations and not cited.foreign) or (cited.unsupported and not cited.foreign):
            text = _nearest(request.words, facts, context)
        yield Delta(text)
        prompt = replace(said.prompt, evidence=())
        return Reply(Cited(text, (), ()), prompt, written=said.text)


def facts_about_medley(language: str) -> list[Evidence]:
    paragraphs = render("medley.md.j2", language=language).split("\n\n")
    return [Evidence("", SOURCE, "text", text.strip(), Section(""), (), 1.0) for text in paragraphs if text.strip()]


def _nearest(words: str, facts: list[Evidence], context: Context) -> str:
    """The paragraph that is nearest to the question, by meaning where that can be told, else by its words."""
    embedder = context.embedder()
    if embedder is not None and not is_cjk(words):
        near = embedder.embed_passages([piece.content for piece in facts]) @ embedder.embed_question(words)
        return facts[int(near.argmax())].content
    if context.likeness is not None:
        return facts[int(context.likeness(words, [piece.content for piece in facts]).argmax())].content
    return max(facts, key=lambda piece: citations.coverage(words, piece.content, otherwise=0.0)).content
