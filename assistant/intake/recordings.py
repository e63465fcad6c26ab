"""Hearing: the sound of a recording or film as passages with their seconds, stretch by stretch, however long it is."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from assistant import media
from assistant.ports.modality import ModalityContext
from assistant.ports.speech import Segment, Transcript
from assistant.text.tokens import sentences
from assistant.values.events import Status
from assistant.values.evidence import Passage, Seconds, TextSpan, clock
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.messages import Message, say
from assistant.values.parts import Attachment

STRETCH = 60.0  # seconds: what is heard, filed and held in memory at a time
SURE = 40  # characters in one language after which the rest is taken to be in it
LONG = 5.0  # seconds of a segment from which its sentences get times of their own
MISSING = 3.0  # seconds that may lack at the end of a recording before it is said


def hear(attachment: Attachment, context: ModalityContext, cursor: Cursor) -> Iterator[Status | IngestBatch]:
    """From `cursor` on, a batch for each stretch. The caller says what is left after the last one."""
    name, said = attachment.name, ""
    for piece in media.read_pieces(attachment.path, context.limits, name, STRETCH, cursor.heard):
        if cursor.heard and cursor.seconds:
            yield Status(
                "listening",
                say("Listening to {name}, {at} of {of}", name=name, at=clock(piece.start), of=clock(cursor.seconds)),
            )
        heard = context.hear(piece.samples, cursor.language)
        said += heard.text
        language = cursor.language or (heard.language if len(said) >= SURE else "")
        cursor = replace(cursor, heard=piece.end, language=language)
        yield IngestBatch(cursor, shifted(heard, piece.start), language=heard.language if heard.segments else "")


def shifted(heard: Transcript, by: float) -> tuple[Passage, ...]:
    """The segments as passages, `by` seconds later."""
    return tuple(_passage(segment, by) for segment in heard.segments)


def _passage(segment: Segment, by: float) -> Passage:
    at = Seconds(round(segment.start + by, 2), round(segment.end + by, 2))
    said = sentences(segment.text)
    if len(said) < 2 or segment.end - segment.start < LONG:
        return Passage(segment.text, at)
    edges = [_second(segment, start) for start, _ in said] + [segment.end]
    places = tuple(
        TextSpan(start, end, Seconds(round(begin + by, 2), round(stop + by, 2)))
        for (start, end), (begin, stop) in zip(said, pairwise(edges), strict=True)
    )
    return Passage(segment.text, at, places)


def _second(segment: Segment, character: int) -> float:
    """When this character is said: by the words' own times where there are some, else by its share of the text."""
    if segment.words and "".join(word.text for word in segment.words).strip():
        before = 0
        for word in segment.words:
            before = segment.text.find(word.text.strip(), before)
            if before < 0:
                break
            if before + len(word.text.strip()) > character:
                return word.start
    return segment.start + (segment.end - segment.start) * character / max(len(segment.text), 1)


def broken_off(name: str, reached: float, seconds: float) -> tuple[Message, ...]:
    """What to say where a recording ends before the length that it claims."""
    if reached + max(MISSING, 0.03 * seconds) >= seconds:
        return ()
    return (
        say(
            "{name} breaks off at {at} of {of}; I used what is there.", name=name, at=clock(reached), of=clock(seconds)
        ),
    )
