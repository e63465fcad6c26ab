"""Waiting for a recording that is still being taken in, and having of it what is there meanwhile."""

from collections.abc import Generator
from dataclasses import dataclass

from assistant.answering import by_time
from assistant.answering.context import Context
from assistant.answering.transcripts import Paragraph, paragraphs
from assistant.intake.background import RecordingProgress
from assistant.values.events import Status
from assistant.values.evidence import Evidence, clock
from assistant.values.files import FileFacts
from assistant.values.messages import say
from assistant.values.request import Span

LOOK = 0.2  # seconds between two looks whether more came in


@dataclass(frozen=True)
class Reached:
    """How far it was heard, where that is not to its end. why: what was in the way; "" where it was stopped."""

    at: float
    of: float
    why: str = ""


def heard_to_the_end(
    file: FileFacts, span: Span | None, context: Context
) -> Generator[Status | tuple[Paragraph, ...], None, Reached | None]:
    """All paragraphs that are settled, each time that there are more of them; at last all.

    The rest of a recording is heard before anything else is gone on with, until the end of the span that is meant.
    None: it was heard as far as that.
    """
    reached = None
    if context.background is not None and _doing(file, context) is not None:
        with context.background.hurry(context.conversation.id, file.source_id):
            reached = yield from _wait(file, span, context)
        context.forget_read(file.source_id)
    yield paragraphs(pieces_of(file, span, context))
    return reached


def pieces_of(file: FileFacts, span: Span | None, context: Context) -> list[Evidence]:
    """What there is of this recording, in that span."""
    pieces = context.pieces([file.source_id])
    return pieces if span is None else by_time.during(pieces, by_time.placed(span, pieces, file.seconds))


def _wait(
    file: FileFacts, span: Span | None, context: Context
) -> Generator[Status | tuple[Paragraph, ...], None, Reached | None]:
    heard = -1.0
    settled: tuple[Paragraph, ...] = ()
    while (doing := _doing(file, context)) is not None:
        if doing.at != heard and not (span is not None and span.from_end):  # that begins nobody knows where
            heard = doing.at
            context.forget_read(file.source_id)
            settled = paragraphs(pieces_of(file, span, context))
            yield settled[:-1]  # the last one may go on
        if _is_enough(doing, span, file, bool(settled)):
            return None
        if context.record.stop.is_set() or doing.trouble:
            return Reached(doing.at, doing.of, "" if context.record.stop.is_set() else doing.trouble)
        if doing.of and not doing.watching:
            yield Status(
                "listening",
                say("Listening to {name}, {at} of {of}", name=file.name, at=clock(doing.at), of=clock(doing.of)),
            )
        elif doing.watching:
            yield Status(
                "looking", say("Watching {name}, {at} of {of}", name=file.name, at=clock(doing.at), of=clock(doing.of))
            )
        else:
            yield Status("listening", say("Listening to {name}", name=file.name))
        context.record.stop.wait(LOOK)
    return None


def _doing(file: FileFacts, context: Context) -> RecordingProgress | None:
    if context.background is None:
        return None
    doing = context.background.doing(context.conversation.id)
    return next((one for one in doing if one.source_id == file.source_id), None)


def _is_enough(doing: RecordingProgress, span: Span | None, file: FileFacts, spoken: bool) -> bool:
    """A film in which somebody speaks need not be looked at to its end."""
    if doing.watching:
        return spoken and file.medium == "video"
    return span is not None and not span.from_end and doing.at >= span.end
