"""Hearing: the sound of a recording or film as passages with their seconds, stretch by stretch, however long it is."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from assistant import media
from assistant.intake.voices import Voices
from assistant.media.subtitle_tracks import SubtitleTrack, covered, subtitle_tracks
from assistant.ports.modality import ModalityContext
from assistant.ports.speech import Segment, Transcript
from assistant.text.languages import language_of
from assistant.text.tokens import is_cjk, sentences
from assistant.values.errors import BadInput
from assistant.values.events import Status
from assistant.values.evidence import Passage, Seconds, TextSpan, clock
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.limits import Limits
from assistant.values.messages import Message, say
from assistant.values.parts import Attachment

STRETCH = 60.0  # seconds: what is heard, filed and held in memory at a time
SURE = 40  # characters in one language after which the rest is taken to be in it, where nothing says otherwise
OTHERWISE = 0.7  # how sure the language of a stretch must be, to be another one
LONG = 5.0  # seconds of a segment from which its sentences get times of their own
FIRST_CUES = 50  # that tell the language where the file does not
AROUND = 1.0  # seconds by which subtitles may stand earlier or later than what is said
COVERED = 0.5  # share of what is said that they stand for, to be taken instead
MISSING = 3.0  # seconds that may lack at the end of a recording before it is said


def hear(attachment: Attachment, context: ModalityContext, cursor: Cursor) -> Iterator[Status | IngestBatch]:
    """From `cursor` on, a batch for each stretch. The caller says what is left after the last one.

    Channels and tracks that differ are heard one by one. Where the file has subtitles in the language that is spoken,
    these are taken instead of what is heard: somebody wrote them.
    """
    name = attachment.name
    said: dict[str, str] = {}
    languages = {"": cursor.language}
    voices = Voices.from_json(cursor.voices)
    written = subtitles_of(attachment.path, context.limits, name)
    for piece in media.read_pieces(attachment.path, context.limits, name, STRETCH, cursor.heard):
        if cursor.heard and cursor.seconds:
            yield Status(
                "listening",
                say("Listening to {name}, {at} of {of}", name=name, at=clock(piece.start), of=clock(cursor.seconds)),
            )
        passages: list[Passage] = []
        spoken = ""
        for voice in piece.voices:
            known = languages.get(voice.track, "")
            heard = context.hear(voice.samples, "")
            if known and heard.language != known and heard.segments and not _is_sure(heard):
                heard = context.hear(voice.samples, known)
            said[voice.track] = said.get(voice.track, "") + heard.text
            if len(heard.text if known else said[voice.track]) >= SURE:
                languages[voice.track] = heard.language
            spoken = spoken or (heard.language if heard.segments else "")
            segments = [one for one in heard.segments if not _is_written(one, piece.start, heard.language, written)]
            apart = context.voices is not None and len(piece.voices) == 1
            more = shifted(replace(heard, segments=tuple(segments)), piece.start, voice.track, 0.0 if apart else LONG)
            if apart and context.voices is not None:
                more = voices.told_apart(more, voice.samples, piece.start, context.voices)
                cursor = replace(cursor, voices=voices.to_json(), speakers=len(voices))
            passages += more
        passages += cues_as_passages(written, piece.start, piece.end)
        language = cursor.language or next((one for one in languages.values() if one), "")
        cursor = replace(cursor, heard=piece.end, language=language)
        foreign = {track.name for track in written[:1] if spoken and track.language != spoken}
        passages.sort(key=lambda one: _place_in_time(one, foreign | {track.name for track in written[1:]}))
        yield IngestBatch(cursor, tuple(passages), language=spoken)
    if silent := cues_as_passages(written, cursor.heard, float("inf")):  # the sound may end before the pictures do
        yield IngestBatch(replace(cursor, heard=max(cursor.heard, passages_end(silent))), tuple(silent))


def _is_sure(heard: Transcript) -> bool:
    """Whether somebody really speaks another language now: enough of it, and the model is sure which."""
    enough = sum(2 if is_cjk(letter) else 1 for letter in heard.text) >= SURE
    return enough and heard.certainty >= OTHERWISE


def subtitles_of(path: Path, limits: Limits, name: str) -> tuple[SubtitleTrack, ...]:
    """Subtitles that cannot be read leave the rest of the film as it is."""
    try:
        tracks = subtitle_tracks(path, limits, name)
    except BadInput:
        return ()
    return tuple(track if track.language else replace(track, language=_looks_like(track)) for track in tracks)


def _looks_like(track: SubtitleTrack) -> str:
    return language_of(" ".join(cue.text for cue in track.cues[:FIRST_CUES]))


def cues_as_passages(tracks: Sequence[SubtitleTrack], begin: float, end: float) -> list[Passage]:
    """The subtitles that begin in this stretch."""
    return [
        Passage(cue.text, Seconds(round(cue.start, 2), round(cue.end, 2), track=track.name))
        for track in tracks
        for cue in track.cues
        if begin <= cue.start < end
    ]


def passages_end(passages: Sequence[Passage]) -> float:
    """The second at which the last of them ends."""
    return max(one.location.end for one in passages if isinstance(one.location, Seconds))


def _place_in_time(passage: Passage, apart: Container[str]) -> tuple[str, float]:
    """What belongs together in the order of time; further tracks, and those in another language, behind it."""
    at = passage.location
    if not isinstance(at, Seconds):
        return "", 0.0
    further = at.track in apart or (at.track.startswith("track") and not at.track.startswith("track 1"))
    return at.track if further else "", at.start


def _is_written(segment: Segment, by: float, language: str, tracks: Sequence[SubtitleTrack]) -> bool:
    """Whether most of what is said here stands in subtitles of the same language."""
    start, end = segment.start + by, segment.end + by
    return any(
        covered(track.cues, start - AROUND, end + AROUND) >= COVERED * (end - start)
        for track in tracks
        if track.language == language and language
    )


def shifted(heard: Transcript, by: float, track: str = "", long: float = LONG) -> tuple[Passage, ...]:
    """The segments as passages, `by` seconds later. long: from so many seconds on sentences have times of their own."""
    return tuple(_passage(segment, by, track, long) for segment in heard.segments)


def _passage(segment: Segment, by: float, track: str, long: float) -> Passage:
    at = Seconds(round(segment.start + by, 2), round(segment.end + by, 2), track=track)
    said = sentences(segment.text)
    if len(said) < 2 or segment.end - segment.start < long:
        return Passage(segment.text, at)
    edges = [_second(segment, start) for start, _ in said] + [segment.end]
    places = tuple(
        TextSpan(start, end, Seconds(round(begin + by, 2), round(stop + by, 2), track=track))
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
