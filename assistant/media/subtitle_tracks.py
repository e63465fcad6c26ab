"""Subtitle tracks and chapters of a film: words with their times that somebody wrote into the file. Trusts no file.

Subtitles that are pictures, as on discs, are told and not read.
"""

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.media.kinds import DEMUXERS, checked_kind, opened
from assistant.media.sound import language_of
from assistant.values.errors import BadInput
from assistant.values.limits import Limits

MOST_TRACKS = 4  # that are read; a film of a streaming service has thirty
MOST_CUES = 20_000  # of a track
MOST_CHAPTERS = 500
LONGEST = 2000  # characters of a cue
STAYS = 4.0  # seconds of a cue that does not say how long it stays
_LONGEST_STAY = 600.0  # seconds
_LIMITS = Limits()
_MARKS = re.compile(r"\{[^{}]{0,200}\}|<[^<>]{0,200}>")  # of ASS, and of SubRip and WebVTT
_PICTURES = ("hdmv_pgs_subtitle", "pgssub", "dvd_subtitle", "dvdsub", "dvb_subtitle", "dvbsub", "xsub")
_MOST_LOOKED_AT = 100  # tracks
_SHARED_NAME = "com.apple.quicktime.content.identifier"
_LONGEST_LIVE = 6.0  # seconds
_TEXTS = ("mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text")


@dataclass(frozen=True)
class TimedText:
    """What stands below the picture from `start` to `end`, in seconds from the beginning of the film."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class SubtitleTrack:
    """Subtitles in one language."""

    language: str
    """As the file says it; "" where it does not."""
    cues: tuple[TimedText, ...]
    """In order of their beginnings; none is empty."""

    @property
    def name(self) -> str:
        """As `Seconds.track` has it."""
        return f"subtitles {self.language}" if self.language else "subtitles"


def subtitle_tracks(path: Path, limits: Limits = _LIMITS, name: str = "") -> tuple[SubtitleTrack, ...]:
    """Those with words in them. Raises BadInput for what is too large or no file for us."""
    import av

    kind = checked_kind(path, limits, name or path.name)
    if kind not in DEMUXERS:
        return ()
    try:
        with opened(path, kind) as container:
            streams = [one for one in container.streams.subtitles if _is_text(one)][:MOST_TRACKS]
            if not streams:
                return ()
            start = (container.start_time or 0) / av.time_base
            languages = {stream.index: language_of(stream) for stream in streams}
            found: dict[int, list[TimedText]] = {stream.index: [] for stream in streams}
            for index, cue in _cues(container, streams, start):
                if len(found[index]) < MOST_CUES:
                    found[index].append(cue)
    except (av.FFmpegError, ValueError, OverflowError, KeyError):
        return ()
    return tuple(
        SubtitleTrack(languages[index], tuple(sorted(cues, key=lambda cue: cue.start)))
        for index, cues in found.items()
        if cues
    )


def chapters(path: Path, limits: Limits = _LIMITS, name: str = "") -> tuple[TimedText, ...]:
    """Their titles, "" where one has none. Raises BadInput as `subtitle_tracks`."""
    import av

    kind = checked_kind(path, limits, name or path.name)
    if kind not in DEMUXERS:
        return ()
    try:
        with opened(path, kind) as container:
            start = (container.start_time or 0) / av.time_base
            return tuple(_chapters(container, start))
    except (av.FFmpegError, ValueError, OverflowError, KeyError):
        return ()


def has_pictured_subtitles(path: Path) -> bool:
    """Whether there are subtitles that are pictures, as on discs and in broadcasts. False for what does not open."""
    import av

    try:
        kind = checked_kind(path, _LIMITS, path.name)
        if kind not in DEMUXERS:
            return False
        with opened(path, kind) as container:
            return any(
                one.codec_context is not None and one.codec_context.name in _PICTURES for one in _subtitles(container)
            )
    except (av.FFmpegError, ValueError, KeyError, BadInput):
        return False


def is_moving_part(path: Path) -> bool:
    """Whether it is what a phone films around a live photo, by the name that both share (QuickTime metadata keys)."""
    import av

    try:
        kind = checked_kind(path, _LIMITS, path.name)
        if kind != "video/quicktime":
            return False
        with opened(path, kind) as container:
            seconds = (container.duration or 0) / av.time_base
            return _SHARED_NAME in container.metadata and 0 < seconds <= _LONGEST_LIVE
    except (av.FFmpegError, ValueError, KeyError, BadInput):
        return False


def covered(cues: Sequence[TimedText], start: float, end: float) -> float:
    """Seconds of this stretch in which one of them stands there."""
    first = bisect_left(cues, start - _LONGEST_STAY, key=lambda cue: cue.start)
    seconds, reached = 0.0, start
    for cue in cues[first:]:
        if cue.start >= end:
            break
        seconds += max(0.0, min(cue.end, end) - max(cue.start, reached))
        reached = max(reached, cue.end)
    return seconds


def _subtitles(container: Any) -> list[Any]:
    return list(container.streams.subtitles[:_MOST_LOOKED_AT])


def _is_text(stream: Any) -> bool:
    return stream.codec_context is not None and stream.codec_context.name in _TEXTS


def _cues(container: Any, streams: Sequence[Any], start: float) -> Iterator[tuple[int, TimedText]]:
    import av

    for packet in container.demux(*streams):
        if packet.pts is None or packet.time_base is None:
            continue
        try:
            text = "\n".join(filter(None, (_words(said) for said in packet.decode())))
        except av.FFmpegError:
            continue
        begin = float(packet.pts * packet.time_base) - start
        stays = float((packet.duration or 0) * packet.time_base) or STAYS
        if text and begin >= 0:
            yield packet.stream.index, TimedText(begin, begin + min(stays, _LONGEST_STAY), text)


def _words(said: Any) -> str:
    """Without the marks of colours and places."""
    text = getattr(said, "text", b"") or getattr(said, "dialogue", b"")
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    plain = _MARKS.sub("", plain[:LONGEST]).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    lines = (" ".join(line.split()) for line in html.unescape(plain).splitlines())
    return "\n".join(filter(None, lines))


def _chapters(container: Any, start: float) -> Iterator[TimedText]:
    for chapter in container.chapters()[:MOST_CHAPTERS]:
        base = chapter["time_base"]
        begin, end = (float(chapter[edge] * base) - start for edge in ("start", "end"))
        title = " ".join(str(chapter["metadata"].get("title", "")).split())[:200]
        if 0 <= begin <= end:
            yield TimedText(begin, end, title)
