"""The words of a recording or film, word for word and whole, however long it is: as text, with times, as subtitles."""

from collections.abc import Generator, Mapping
from typing import cast

from assistant.answering.context import Context, Reply
from assistant.answering.hearing_on import Reached, heard_to_the_end, pieces_of
from assistant.answering.speaker_words import found_in, references
from assistant.answering.transcript_text import OneTelling, Shape, Telling
from assistant.answering.transcripts import Paragraph, paragraphs
from assistant.answering.ways import Kind
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Seconds, clock
from assistant.values.files import FileFacts
from assistant.values.messages import NOTHING, say
from assistant.values.request import Request, Span

SHAPES = ("times", "srt", "vtt")


class WriteDown:
    """Exact: no model writes anything of it."""

    kinds: Mapping[str, Kind] = {
        "transcript": Kind(
            needs=("recording",),
            about="recordings",
            wanted="what is said in a recording, written out word by word, or as subtitles",
            name=say("transcript"),
            facets={
                "plain": NOTHING,
                "srt": say("subtitles (SRT)"),
                "times": say("transcript with times"),
                "vtt": say("subtitles (WebVTT)"),
            },
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        files = _recordings(request, context)
        if not files:
            return None
        yield Status("reading", say("Reading {name}", name=files[0].name))
        telling = Telling(_shape(request), request.answer_language)
        for file in files:
            if len(files) > 1:
                yield from telling.add(f"**{file.name}**" + (f" ({clock(file.seconds)})" if file.seconds else ""))
            yield from self._write_down(file, request, context, telling)
            if context.record.stop.is_set():
                break
        return Reply(telling.cited(), made=tuple(telling.made))

    def _write_down(
        self, file: FileFacts, request: Request, context: Context, telling: Telling
    ) -> Generator[Event, None, None]:
        span = request.span
        one, whom = OneTelling(file, telling), _whom(request, file, context)
        every: tuple[Paragraph, ...] = ()
        hearing = heard_to_the_end(file, span, context)
        while True:
            try:
                step = next(hearing)
            except StopIteration as end:
                reached: Reached | None = end.value
                break
            if isinstance(step, Status):
                yield step
            else:
                every = _of(whom, step)
                yield from one.more(every)
        yield from one.end(every) if every else _nothing_said(file, span, context, telling, reached)
        if reached is not None:
            at, of = clock(reached.at), clock(reached.of) if reached.of else ""
            yield from telling.say("trouble" if reached.why else "stopped", at=at, of=of, why=reached.why)


def _whom(request: Request, file: FileFacts, context: Context) -> frozenset[str]:
    """Whose words are asked for, as channels and voices are called by now; empty where everybody's are."""
    tracks = dict.fromkeys(
        at.track
        for piece in context.pieces([file.source_id])
        for at in [piece.location, *(place.location for place in piece.places)]
        if isinstance(at, Seconds) and at.track
    )
    called = context.speakers.get(file.source_id, {})
    if len(tracks) < 2:
        return frozenset()
    known = {track: called.get(track, "") for track in (*called, *tracks) if track not in called.values()}
    meant = [found_in(one, known) for one in references(request.words, list(called.values()))]
    whom = frozenset(called.get(track, track) for track in meant if track is not None)
    return whom if whom != tracks.keys() else frozenset()


def _of(whom: frozenset[str], every: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    return tuple(one for one in every if one.at.track in whom) if whom else every


def _nothing_said(
    file: FileFacts, span: Span | None, context: Context, telling: Telling, reached: Reached | None
) -> Generator[Delta, None, None]:
    """What there is to say where nobody speaks: of a film the text on screen."""
    facts = {"source": file.name, "length": clock(file.seconds) if file.seconds else ""}
    shown = paragraphs(pieces_of(file, span, context), "seen") if file.medium == "video" else ()
    if shown:
        yield from telling.say("on screen", **facts)
        for text in shown:
            yield from telling.add(text.timed)
            telling.cite(file, text)
    elif reached is not None:
        return  # it is told how far it was heard, and not that nobody speaks
    elif file.speech is None:
        yield from telling.say("no sound", **facts)
    elif span is not None:
        yield from telling.say("not then", **facts, span=_in_words(span, file.seconds))
    else:
        yield from telling.say("silent", **facts)


def _in_words(span: Span, seconds: float) -> str:
    if span.from_end and seconds:
        span = Span(max(0.0, seconds - span.end), seconds)
    end = min(span.end, seconds) if seconds else span.end
    return clock(span.start) if end in (float("inf"), span.start) else f"{clock(span.start)}–{clock(end)}"


def _shape(request: Request) -> Shape:
    """What the words ask for; else what those that are like them do."""
    for wanted in (request.form.shape, request.facet):
        if wanted in SHAPES:
            return cast(Shape, wanted)
    return "plain"


def _recordings(request: Request, context: Context) -> tuple[FileFacts, ...]:
    """Those among the files meant; where none is named the one given last."""
    if request.files:
        return tuple(one for one in context.facts(request) if one.medium in ("audio", "video"))
    return tuple([one for one in context.files if one.medium in ("audio", "video")][-1:])
