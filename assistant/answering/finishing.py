"""Finishing: the replies of a turn made into one answer, kept in the conversation; and requests that are not words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering.commands import Presets
from assistant.answering.context import Context, Reply
from assistant.answering.generation import count
from assistant.answering.slots import form_of, language_asked
from assistant.answering.turn import TurnRecord
from assistant.answering.understanding import There
from assistant.answering.understanding import commanded as of_kind
from assistant.citing.citations import Cited, drop_made_up_numbers
from assistant.intake.background import Background
from assistant.text.languages import language_of
from assistant.values.conversation import Exchange
from assistant.values.errors import BadInput
from assistant.values.events import Answer, Citation, Delta, Event
from assistant.values.evidence import clock
from assistant.values.messages import Message, say
from assistant.values.request import Request, to_parse

_GAP = "\n\n"
_OTHERWISE = {"whole": "whole", "search": "fact", "nothing": "knowledge", "": "fact"}  # of a command without a kind
_UNASKED = {"en": "What is this about?", "zh": "这是关于什么的？"}


def finish(replies: Sequence[Reply], request: Request, context: Context, models: Sequence[tuple[str, str]]) -> Answer:
    """One answer of one or more replies: their citations numbered through, their files together. The conversation
    remembers it."""
    record = context.record
    reply = replies[0] if len(replies) == 1 else _joined(replies)
    if reply.cut:
        record.notes.append(say("The answer was cut off at the longest answer; ask it to go on, or raise the setting."))
    said = reply.said or drop_made_up_numbers(reply.cited.text)
    if reply.cited.text:
        exchange = Exchange(record.question, said, reply.cited.citations, request.files_of_all, reply.speakers)
        record.conversation.exchanges.append(exchange)
    written = reply.written
    tokens = count(context.lazy_engine.get(), written) if written and context.lazy_engine.state == "ready" else 0
    return record.answer(reply, tokens, models)


def between(reply: Reply) -> Iterator[Event]:
    """What parts the reply before from the next one, on the screen."""
    if reply.cited.text:
        yield Delta(_GAP)


def still_coming(background: Background | None, conversation_id: str) -> list[Message]:
    """Of recordings that are still being taken in, or were taken in meanwhile."""
    if background is None:
        return []
    notes = list(background.notes(conversation_id))
    for doing in background.doing(conversation_id):
        at, of = clock(doing.at), clock(doing.of)
        if doing.watching:
            notes.append(
                say("I have heard all of {name} and looked at {at} of {of} so far.", name=doing.name, at=at, of=of)
            )
        elif doing.of:
            notes.append(
                say(
                    "I have heard the first {at} of {of} of {name} so far; the rest follows.",
                    at=at,
                    of=of,
                    name=doing.name,
                )
            )
        else:
            notes.append(say("I have heard the first {at} of {name} so far; the rest follows.", at=at, name=doing.name))
    return notes


def commanded(presets: Presets, record: TurnRecord, there: There) -> Request | None:
    """The request that a command stands for; None where the words are no command. Raises BadInput as `expand` does, and
    where there is too little to read for it."""
    names = list(dict.fromkeys([*(each.name for each in record.shown), *(one.name for one in there.files)]))
    expanded = presets.expand(record.question, names)
    if expanded is None:
        return None
    present = len(set(expanded.files or names))
    if present < expanded.needs_files and not (there.conversation.exchanges and not present):
        raise BadInput(_needs(expanded.needs_files, present))
    record.question = expanded.question
    named = [one.source_id for one in there.files if one.name in expanded.files]
    kind = expanded.kind or _OTHERWISE[expanded.reads]
    if expanded.reads in ("nothing", "search"):
        kind = kind if kind == "translate" and expanded.reads == "nothing" else _OTHERWISE[expanded.reads]
    form = form_of(to_parse(expanded.question))
    if expanded.into:
        form = replace(form, language=language_asked(to_parse(expanded.into), anywhere=True) or form.language)
    request = of_kind(expanded.question, kind, there, named, form)
    if expanded.reads == "nothing":
        request = replace(request, files=(), meant="none")
    return replace(request, facet=expanded.facet or "command")


def unasked(record: TurnRecord, there: There) -> Request:
    """For what was handed over without a word: what it is about, in the language of what was said before."""
    language = language_of(there.conversation.last_question()) if there.conversation.exchanges else "en"
    record.question = _UNASKED.get(language, _UNASKED["en"])
    record.notes.append(say("You asked nothing in words, so I was asked what this is about."))
    return replace(of_kind(record.question, "whole", there, ()), facet="summary", language=language)


def _needs(files: int, there: int) -> Message:
    needed = say("something to read") if files == 1 else say("{count} files", count=files)
    return say(
        "That needs {what}, and there is {left} here. Hand it to me along with the command.",
        what=needed,
        left=there or say("nothing"),
    )


def _joined(replies: Sequence[Reply]) -> Reply:
    """Each behind the other; the numbers of the later citations go on from those before."""
    texts: list[str] = []
    citations: list[Citation] = []
    for reply in replies:
        text, before = reply.cited.text, len(citations)
        for one in sorted(reply.cited.citations, key=lambda one: -one.number):
            text = text.replace(f"[{one.number}]", f"[{one.number + before}]")
        citations += [replace(one, number=one.number + before) for one in reply.cited.citations]
        texts.append(text)
    last = replies[-1]
    evidence = tuple(piece for reply in replies for piece in reply.prompt.evidence)
    unsupported = tuple(one for reply in replies for one in reply.cited.unsupported)
    return replace(
        last,
        cited=Cited(_GAP.join(texts), tuple(citations), unsupported, any(reply.cited.foreign for reply in replies)),
        prompt=replace(last.prompt, evidence=evidence, prompt_tokens=sum(one.prompt.prompt_tokens for one in replies)),
        made=tuple(made for reply in replies for made in reply.made),
        said=_GAP.join(reply.said or drop_made_up_numbers(reply.cited.text) for reply in replies),
        written=_GAP.join(reply.written for reply in replies),
        cut=any(reply.cut for reply in replies),
        speakers=tuple(one for reply in replies for one in reply.speakers),
    )
