"""Comparing: several files or things set side by side, from what each of them says."""

from collections.abc import Generator, Mapping, Sequence

from assistant.answering import judging, material, picture_differences
from assistant.answering.context import Context, Reply
from assistant.answering.nearest import Near, nearest
from assistant.answering.ways import Kind
from assistant.answering.ways.compute import Compute, may_compute
from assistant.citing.citations import drop_made_up_numbers
from assistant.values.events import Event
from assistant.values.evidence import Evidence
from assistant.values.messages import say
from assistant.values.request import Request

BOTH = 2
MOST_FILES = 4  # of which the nearest sentences are named
EACH = 2  # of them


class Comparing:
    kinds: Mapping[str, Kind] = {
        "compare": Kind(
            needs=("file",),
            asks=True,
            wanted="two or more files or things set side by side: what differs, what agrees",
            name=say("comparison"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        if may_compute(request, context) and (reply := (yield from Compute().answer(request, context))) is not None:
            return reply
        engine = yield from context.engine()
        found = material.gathered(request, context, engine)
        if not found and not (engine.profile.sees_images and context.conversation.images):
            return material.nothing_to_read(request, context)
        near = _of_each(request, context, found) if engine.profile.small else []
        hints = [f"{one.piece.source}: {one.text}" for one in near]  # a small model overlooks one of two
        said = yield from material.do(request, context, engine, "compare.md.j2", found, hints=hints, pictures=False)
        reply = judging.cite(said, request, context, engine)
        pictures = all(piece.medium == "image" for piece in found) and not said.prompt.images
        spoken_of = {citation.source_id for citation in reply.cited.citations}
        enough = BOTH if engine.profile.small else 1  # a small model speaks of one alone
        if pictures and len(spoken_of) < enough and not context.record.stop.is_set():
            by_lines = picture_differences.rendered_answer(found, context.record.numbers, request.answer_language)
            if by_lines is not None:  # nobody saw them, and the model's words on their text are in none of them
                return Reply(by_lines, said.prompt, said=drop_made_up_numbers(by_lines.text), written=said.text)
        if not engine.profile.small or context.record.stop.is_set():
            return reply
        return judging.side_by_side(reply, request, context, near)


def _of_each(request: Request, context: Context, found: Sequence[Evidence]) -> list[Near]:
    """The sentences that come nearest in each of a few files; none of one file alone, or of many."""
    files = list(dict.fromkeys(piece.source_id for piece in found))
    if not BOTH <= len(files) <= MOST_FILES:
        return []
    return [
        one
        for file in files
        for one in nearest(request.words, [piece for piece in found if piece.source_id == file], context.likeness, EACH)
    ]
