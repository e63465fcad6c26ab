"""Lookup: a question that the files answer. It copes with anything, so other ways fall back to it."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

from assistant.answering import evidence as subjects
from assistant.answering import judging, libraries
from assistant.answering.context import ANSWERING, Context, Reply
from assistant.answering.formulas import corrected
from assistant.answering.generation import abstains, count, stream
from assistant.answering.nearest import hints, nearest
from assistant.answering.prompt import MOST_HISTORY, NOTHING, PromptInput
from assistant.answering.slots import language_name
from assistant.answering.tuning import AnswerTuning, tuning_for
from assistant.answering.ways import Kind
from assistant.answering.ways.chat import Chat
from assistant.answering.ways.compute import Compute, may_compute
from assistant.ports.engine import Engine
from assistant.text.tokens import tokens
from assistant.values.events import Event, Status
from assistant.values.evidence import Evidence
from assistant.values.messages import say
from assistant.values.request import Request
from prompts import render

KNOWLEDGE = "knowledge"  # the kind of a question that no file is needed for
SUBJECT = 3  # times the evidence that pays on this model, for what was handed over or is meant
READ_THROUGH = 20_000  # characters of the files in which a nearest sentence is looked for without a search
NAMES_SOMETHING = 2  # words of a question besides the small ones, from which it may be about something beside it
OTHERS = 3  # pieces of other files that are shown beside the subject of the turn before


class Lookup:
    kinds: Mapping[str, Kind] = {
        "fact": Kind(
            asks=True,
            wanted="one thing that the files say: who, when, where, why, how much",
            name=say("question"),
        ),
        KNOWLEDGE: Kind(
            about="files if any",
            asks=True,
            wanted="general knowledge, found in no file",
            name=say("question of general knowledge"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        if request.meant == "libraries":
            filed = yield from libraries.answer(request, context)
            beside = filed.declined and not filed.cited.citations and request.kind == KNOWLEDGE
            return (yield from _known_otherwise(filed, request, context)) if beside else filed
        if not request.files and not context.conversation.images:
            return (yield from Chat().answer(request, context))
        if request.kind == KNOWLEDGE and not _is_said(request, context):
            return (yield from Chat().answer(request, context))
        if may_compute(request, context) and (reply := (yield from Compute().answer(request, context))) is not None:
            return reply
        return (yield from _from_subject(request, context))


def _is_said(request: Request, context: Context) -> bool:
    """Whether the files speak of what is asked as if it were no matter of theirs ("what do whales eat?")."""
    pieces = context.pieces(request.files)
    if sum(len(piece.content) for piece in pieces) > READ_THROUGH:
        pieces = context.search(request.words, request.files, subjects.FOUND)
    near = nearest(request.words, pieces, context.likeness, 1)
    return bool(near) and near[0].score >= context.tuning.known_here


def _known_otherwise(nothing: Reply, request: Request, context: Context) -> Generator[Event, None, Reply]:
    """That nothing filed comes near, and what the model knows of it by itself, as what nothing supports."""
    said = yield from Chat().answer(request, context)
    if said is None or not said.cited.text.strip():
        return nothing
    text = f"{nothing.cited.text}\n\n{said.cited.text}"
    cited = replace(nothing.cited, text=text, unsupported=(said.cited.text,))
    return replace(nothing, cited=cited, prompt=said.prompt, said=text, written=said.written, cut=said.cut)


def _from_subject(request: Request, context: Context) -> Generator[Event, None, Reply]:
    engine = yield from context.engine()
    tuning = tuning_for(engine.profile)
    found = _evidence(request, context, engine)
    images = context.conversation.images if engine.profile.sees_images else []
    if not found and not images:
        return judging.not_there(request, context, found, NOTHING)
    yield Status("answering", ANSWERING)
    said = yield from stream(context, engine, _asked(request, context, engine, found))
    if abstains(said.text) or not said.text:
        if request.kind == KNOWLEDGE:
            return (yield from Chat().answer(request, context)) or judging.not_there(request, context, found, NOTHING)
        return judging.not_there(request, context, found, said.prompt)
    reply = judging.cite(replace(said, text=corrected(said.text)), request, context, engine)
    return (yield from _judged(reply, request, context, engine, tuning, found))


def _judged(
    reply: Reply, request: Request, context: Context, engine: Engine, tuning: AnswerTuning, found: Sequence[Evidence]
) -> Generator[Event, None, Reply]:
    """The reply with how sure it is; or that the files do not say it, where little speaks for it."""
    if context.record.stop.is_set() or not found or reply.prompt.images:
        return reply
    yield Status("checking", say("Checking that this answers the question"))
    sure = judging.how_sure(reply, request, context, engine)
    supported = bool(reply.cited.citations)
    floor = tuning.doubted_supported if supported else tuning.doubted_subject
    if supported and len(tokens(request.words)) < NAMES_SOMETHING:
        floor = 0.0  # "how much and by when?": there is nothing in it that the files could speak of otherwise
    if sure is not None and sure < floor:
        roughly = sure >= tuning.denied
        nothing = judging.not_there(request, context, found, reply.prompt, doubted=reply, roughly=roughly)
        return replace(nothing, confidence=sure)
    if not supported and engine.profile.small and reply.cited.unsupported:
        reply = judging.beside_nearest(reply, request, context, found)
    return replace(reply, confidence=sure)


def _evidence(request: Request, context: Context, engine: Engine) -> list[Evidence]:
    """The subject; and where it is only still the subject, the best of the other files as well."""
    budget = SUBJECT * engine.profile.evidence_tokens

    def counted(text: str) -> int:
        return count(engine, text)

    found = subjects.subject(context, request, budget, counted)
    others = [one.source_id for one in context.files if one.source_id not in request.files]
    if request.meant == "last" and others:
        left = budget - sum(counted(piece.content) + subjects.HEADING for piece in found)
        near = tuning_for(engine.profile).near
        for piece in (one for one in context.search(request.words, others, OTHERS) if one.score >= near):
            left -= counted(piece.content) + subjects.HEADING
            if left >= 0:
                found.append(piece)
    return found


def _asked(request: Request, context: Context, engine: Engine, found: Sequence[Evidence]) -> PromptInput:
    language = "zh" if request.language == "zh" else ""
    small = engine.profile.small
    wanted = request.form.language or request.language

    def instructions(pictures: Sequence[str]) -> str:
        return render(
            "ways/fact.md.j2",
            pictures=bool(pictures),
            strict=not small,
            language=language,
            into=language_name(wanted) if wanted not in ("en", "zh") or request.form.language else "",
            small=small,
        )

    history = MOST_HISTORY[small] if request.points_back or not small else 0
    return PromptInput(
        request.words,
        instructions,
        found,
        hints=hints(request.words, found, context.likeness) if small else (),
        history=history,
        images=context.conversation.images if engine.profile.sees_images else [],
        new=context.record.new_images,
        meant=context.record.meant,
    )
