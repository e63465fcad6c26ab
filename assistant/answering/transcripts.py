"""Transcripts: what is said in a recording, whole and word for word, in paragraphs with their seconds.

Knows nothing of how it is told: the way "transcript" shows it, `text.subtitles` cuts it into cues.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.text.subtitles import TimedWords
from assistant.text.tokens import is_cjk, sentences
from assistant.values.evidence import Evidence, Seconds, Sense, TextSpan, clock

PAUSE = 1.5  # seconds after a sentence from which a new paragraph begins
SILENCE = 3.0  # the same in the middle of one
SENTENCES = 5  # of a paragraph, after which it ends with the next sentence that does
MOST_SENTENCES = 10  # of speech without full stops
ENDS = tuple('.!?…。！？”"»」』)）')


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a transcript."""

    text: str
    """In one line."""
    quote: str
    """The same as it stands in `context`."""
    context: str
    """The pieces that it comes from."""
    at: Seconds
    said: tuple[TimedWords, ...]

    @property
    def timed(self) -> str:
        return f"[{clock(self.at.start)}] {self.text}"


@dataclass(frozen=True)
class _Segment:
    """Characters start to end of the whole text."""

    start: int
    end: int
    at: Seconds


def paragraphs(pieces: Sequence[Evidence], sense: Sense = "heard") -> tuple[Paragraph, ...]:
    """What is heard, or seen, in these pieces of one recording, in order of time; nothing of it is left out.

    What is seen is a paragraph for each text that was on screen.
    """
    ordered = _ordered(pieces, sense)
    whole = "\n".join(piece.content for piece in ordered)
    edges, segments = [0], []
    for piece in ordered:
        segments += list(_segments(piece, edges[-1]))
        edges.append(edges[-1] + len(piece.content) + 1)
    together = [[each] for each in segments] if sense == "seen" else list(_grouped(segments, whole))
    return tuple(_paragraph(group, whole, edges) for group in together)


def _ordered(pieces: Sequence[Evidence], sense: Sense) -> list[Evidence]:
    """By their seconds, each once: the same recording may lie in several places. What is of no moment is left out."""
    timed = {
        (at.start, at.end, piece.content): piece
        for piece in pieces
        if isinstance(at := piece.location, Seconds) and at.sense == sense and at.end > 0 and piece.content.strip()
    }
    return [timed[key] for key in sorted(timed, key=lambda key: key[:2])]


def _segments(piece: Evidence, offset: int) -> Iterator[_Segment]:
    """Each goes on to where the next begins, so that no letter between them is lost."""
    assert isinstance(piece.location, Seconds)
    places = [place for place in piece.places if isinstance(place.location, Seconds)]
    places = places or [TextSpan(0, len(piece.content), piece.location)]
    starts = [0, *(place.start for place in places[1:]), len(piece.content)]
    for place, start, stop in zip(places, starts, starts[1:], strict=False):
        text = piece.content[start:stop]
        blank = len(text) - len(text.lstrip())
        if text.strip() and isinstance(place.location, Seconds):
            yield _Segment(offset + start + blank, offset + start + len(text.rstrip()), place.location)


def _grouped(segments: Sequence[_Segment], whole: str) -> Iterator[list[_Segment]]:
    group: list[_Segment] = []
    count = 0
    for segment in segments:
        if group and _begins(segment, group[-1], whole, count):
            yield group
            group, count = [], 0
        group.append(segment)
        count += max(1, len(sentences(whole[segment.start : segment.end])))
    if group:
        yield group


def _begins(segment: _Segment, before: _Segment, whole: str, count: int) -> bool:
    """Whether a paragraph begins with this segment. count: of the sentences since the last one did."""
    if segment.at.track != before.at.track:  # somebody else speaks
        return True
    ended = whole[: before.end].endswith(ENDS)
    pause = segment.at.start - before.at.end
    return pause >= (PAUSE if ended else SILENCE) or count >= (SENTENCES if ended else MOST_SENTENCES)


def _paragraph(group: Sequence[_Segment], whole: str, edges: Sequence[int]) -> Paragraph:
    start, end = group[0].start, group[-1].end
    said = tuple(TimedWords(one.at.start, one.at.end, _in_one_line(whole[one.start : one.end])) for one in group)
    first = max(edge for edge in edges if edge <= start)
    last = min((edge for edge in edges if edge > end), default=len(whole) + 1)
    at = Seconds(group[0].at.start, max(one.at.end for one in group), group[0].at.sense, group[0].at.track)
    return Paragraph(_in_one_line(whole[start:end]), whole[start:end], whole[first : last - 1], at, said)


def _in_one_line(text: str) -> str:
    """Chinese takes no blanks where a line ends."""
    return ("" if is_cjk(text) and not _spaced(text) else " ").join(line.strip() for line in text.split("\n") if line)


def _spaced(text: str) -> bool:
    """Korean writes blanks between its words."""
    return any("\uac00" <= character <= "\ud7af" for character in text)
