"""Whole: something over all of what was given: its gist, its points, a title, minutes, a quiz, a simple explanation."""

import re
from collections.abc import Generator, Mapping
from dataclasses import replace

from assistant.answering import judging, material
from assistant.answering.context import Context, Reply
from assistant.answering.ways import Kind
from assistant.citing.citations import drop_made_up_numbers
from assistant.text.tokens import tokens
from assistant.values.events import Event
from assistant.values.evidence import Evidence
from assistant.values.messages import say
from assistant.values.request import Request

LOOKED_AT = 500  # characters of a summary by which its nearest passage is found
OWN_SUMMARY = 14  # words that carry meaning; what has no more of them is its own summary
_BLANK = re.compile(r"\[(?!\s?[xX ]?\])[^\[\]\d\n]{3,60}\](?!\()|_{4,}")
SHORT = ("summary", "")
TITLE_TOKENS = 32


class Whole:
    kinds: Mapping[str, Kind] = {
        "whole": Kind(
            needs=("file or answer",),
            wanted="something about all of a text: a summary, main points, a title, minutes, a quiz, an explanation",
            name=say("what it is about as a whole"),
            facets={
                "decisions": say("decisions"),
                "explain": say("explanation"),
                "minutes": say("minutes of a meeting"),
                "outline": say("outline"),
                "points": say("main points"),
                "quiz": say("quiz"),
                "summary": say("summary"),
                "title": say("title"),
            },
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        if not request.files and request.meant != "libraries" and context.conversation.exchanges:
            return (yield from _of_answer(request, context))
        found = material.gathered(request, context, engine)
        if not found and not (engine.profile.sees_images and context.conversation.images):
            return material.nothing_to_read(request, context)
        if request.facet in SHORT and _is_short(found) and not engine.profile.sees_images:
            return Reply(material.own_sentences(found, len(found) + 3))
        said = yield from material.do(
            request,
            context,
            engine,
            "whole.md.j2",
            found,
            facet=request.facet,
            sentences=request.form.sentences,
            items=request.form.items,
        )
        said = replace(said, text=without_blanks(said.text, found))
        reply = judging.cite(said, request, context, engine, extracted=True)
        if request.facet in ("title", "quiz", "explain"):
            return material.unmarked(reply)
        if found and not reply.cited.citations and not said.prompt.images and not _is_of(said.text, found, reply):
            own = material.own_sentences(found)
            return replace(reply, cited=own, said=drop_made_up_numbers(own.text))
        if found and not reply.cited.citations and engine.profile.small and not context.record.stop.is_set():
            return judging.beside_nearest(reply, request, context, found, about=said.text[:LOOKED_AT])
        return reply


def without_blanks(text: str, found: list[Evidence]) -> str:
    """Without the lines that are only there to be filled in ("Date: [Insert Date]"): nothing is known for them."""
    material_has = {blank for piece in found for blank in _BLANK.findall(piece.content)}
    kept = [line for line in text.split("\n") if not (set(_BLANK.findall(line)) - material_has)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() or text


def _is_of(text: str, found: list[Evidence], reply: Reply) -> bool:
    """Whether a summary in words of its own speaks of this material: half of its words, and its numbers and names,
    stand in it somewhere. In another language nothing of that can be told."""
    if reply.cited.foreign:
        return True
    there = {token.text for piece in found for token in tokens(piece.content)}
    said = tokens(text)
    known = [token for token in said if token.text in there]
    strange = [token for token in said if token.kind in ("number", "name") and token.text not in there]
    return len(known) >= len(said) / 2 and len(strange) <= len(said) / 10


def _of_answer(request: Request, context: Context) -> Generator[Event, None, Reply]:
    engine = yield from context.engine()
    last = context.conversation.exchanges[-1]
    said = yield from material.do(request, context, engine, "rework.md.j2", (), answer=last.answer, words=0)
    return material.unmarked(judging.cite(said, request, context, engine))


def _is_short(found: list[Evidence]) -> bool:
    return sum(len(tokens(piece.content)) for piece in found) <= OWN_SUMMARY and len(found) == 1
