"""Hearing: the sound of a recording or film as passages with their seconds, stretch by stretch, however long it is."""

from collections.abc import Iterator
from dataclasses import replace

from assistant import media
from assistant.events import Status
from assistant.evidence import Passage, Seconds, clock
from assistant.growing import Growth, Mark
from assistant.parts import Attachment
from assistant.ports import Senses, Transcript

STRETCH = 60.0  # seconds: what is heard, filed and held in memory at a time
SURE = 40  # characters in one language after which the rest is taken to be in it
MISSING = 3.0  # seconds that may lack at the end of a recording before it is said


def hear(attachment: Attachment, senses: Senses, mark: Mark) -> Iterator[Status | Growth]:
    """From `mark` on, a growth for each stretch. The caller says what is left after the last one."""
    name, said = attachment.name, ""
    for piece in media.read_pieces(attachment.path, senses.limits, name, STRETCH, mark.heard):
        if mark.heard and mark.seconds:
            yield Status("listening", f"Listening to {name}, {clock(piece.start)} of {clock(mark.seconds)}")
        heard = senses.hear(piece.samples, mark.language)
        said += heard.text
        language = mark.language or (heard.language if len(said) >= SURE else "")
        mark = replace(mark, heard=piece.end, language=language)
        yield Growth(mark, shifted(heard, piece.start))


def shifted(heard: Transcript, by: float) -> tuple[Passage, ...]:
    """The segments as passages, `by` seconds later."""
    return tuple(
        Passage(segment.text, Seconds(round(segment.start + by, 2), round(segment.end + by, 2)))
        for segment in heard.segments
    )


def broken_off(name: str, reached: float, seconds: float) -> tuple[str, ...]:
    """What to say where a recording ends before the length that it claims."""
    if reached + max(MISSING, 0.03 * seconds) >= seconds:
        return ()
    return (f"{name} breaks off at {clock(reached)} of {clock(seconds)}; I used what is there.",)
