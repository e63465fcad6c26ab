"""Sound as samples, of recordings and of videos. Trusts no file."""

import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import numpy.typing

from assistant.media.kinds import DEMUXERS, INSTEAD, checked_kind, opened
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from assistant.values.messages import Message, say

Samples = numpy.typing.NDArray[numpy.float32]
SAMPLE_RATE = 16_000
_LIMITS = Limits()


def read_samples(path: Path, limits: Limits = _LIMITS, name: str = "") -> Samples:
    """The sound as mono float32 in −1..1 at 16 kHz, shape (n,); of a video, its first sound track.

    A silent gap in the file stays a gap, so that positions are the recording's own seconds. Raises BadInput.
    """
    name = name or path.name
    sound = bytearray()  # grows in place, so that two hours cost their own size once
    for piece in _poured(path, limits, name):
        sound += piece
    samples: Samples = numpy.frombuffer(sound, numpy.float32)
    numpy.nan_to_num(samples, copy=False, posinf=0.0, neginf=0.0)
    return numpy.clip(samples, -1.0, 1.0, out=samples)


@dataclass(frozen=True)
class SoundPiece:
    """A stretch of sound."""

    start: float
    """The second of the recording at which it begins."""
    samples: Samples
    """As `read_samples` returns them."""

    @property
    def end(self) -> float:
        return self.start + len(self.samples) / SAMPLE_RATE


def read_pieces(
    path: Path, limits: Limits = _LIMITS, name: str = "", seconds: float = 60.0, after: float = 0.0
) -> Iterator[SoundPiece]:
    """The sound from second `after` on, in pieces that follow one another, none over `seconds`.

    A piece ends in the last pause of its second half, where there is one: it is quietest there, and no word is cut.
    What lies before `after` is decoded and dropped, so that seconds are exact in every format. No more than two pieces
    are in memory. A file that breaks off ends there. Raises BadInput, also where there is no sound at all.
    """
    name = name or path.name
    waiting = bytearray()
    start, most = 0.0, round(seconds * SAMPLE_RATE) * 4
    skipped = round(after * SAMPLE_RATE) * 4
    for piece in _poured(path, limits, name):
        if skipped >= len(piece):
            skipped -= len(piece)
            continue
        waiting += piece[skipped:]
        skipped = 0
        while len(waiting) >= most:
            cut = _pause(_samples(waiting[:most]))
            yield SoundPiece(after + start, _samples(waiting[: cut * 4]))
            del waiting[: cut * 4]
            start += cut / SAMPLE_RATE
    if waiting:
        yield SoundPiece(after + start, _samples(waiting))


def _pause(samples: Samples) -> int:
    """The middle of the last of the quietest tenths of a second of the second half, as a position."""
    window = SAMPLE_RATE // 10
    half = len(samples) // 2 // window * window
    loud = numpy.square(samples[half : len(samples) // window * window]).reshape(-1, window).mean(axis=1)
    quiet = numpy.convolve(loud, numpy.ones(3) / 3, "same")  # a pause, and not the gap within a word
    as_quiet = numpy.flatnonzero(quiet <= 1.5 * float(quiet.min()) + 1e-7)
    return half + int(as_quiet[-1]) * window + window // 2


def _samples(sound: bytes | bytearray) -> Samples:
    samples: Samples = numpy.frombuffer(bytes(sound), numpy.float32).copy()
    numpy.nan_to_num(samples, copy=False, posinf=0.0, neginf=0.0)
    return numpy.clip(samples, -1.0, 1.0, out=samples)


def _poured(path: Path, limits: Limits, name: str) -> Iterator[bytes]:
    """The whole sound in small pieces of float32. Raises BadInput."""
    import av

    kind = checked_kind(path, limits, name)
    if kind not in DEMUXERS:
        raise BadInput(
            say(
                "{name} holds no sound that I can play: its content is {type}. Give me WAV, MP3, M4A or WebM.",
                name=name,
                type=kind,
            )
        )
    written = 0
    try:
        with opened(path, kind) as container:
            if not container.streams.audio:
                raise BadInput(say("{name} has no sound track. {reason}", name=name, reason=INSTEAD))
            if container.duration and container.duration / av.time_base > limits.audio_seconds:
                raise BadInput(_too_long(name, limits))
            for piece in _decoded(container, name):
                written += len(piece)
                if written > limits.audio_seconds * SAMPLE_RATE * 4:
                    raise BadInput(_too_long(name, limits))
                yield piece
    except (BadInput, GeneratorExit):
        raise
    except Exception as error:  # decoders of hostile bytes raise almost anything
        if not written:
            raise BadInput(_damaged(name)) from error
    if not written:
        raise BadInput(say("{name} holds no sound at all: it is 0 seconds long. Record it again.", name=name))


def seconds_of(path: Path, limits: Limits = _LIMITS, name: str = "") -> float:
    """How long a recording says it is, 0 where it does not say. Nothing is decoded. Raises BadInput."""
    import av

    name = name or path.name
    kind = checked_kind(path, limits, name)
    if kind not in DEMUXERS:
        raise BadInput(
            say(
                "{name} holds no sound that I can play: its content is {type}. Give me WAV, MP3, M4A or WebM.",
                name=name,
                type=kind,
            )
        )
    try:
        with opened(path, kind) as container:
            if not container.streams.audio:
                raise BadInput(say("{name} has no sound track. {reason}", name=name, reason=INSTEAD))
            seconds = (container.duration or 0) / av.time_base
    except BadInput:
        raise
    except Exception as error:  # demuxers of hostile bytes raise almost anything
        raise BadInput(_damaged(name)) from error
    if seconds > limits.audio_seconds:
        raise BadInput(_too_long(name, limits))
    return max(seconds, 0.0)


def is_heard(path: Path) -> bool:
    """Whether it opens as a recording or film with a sound track."""
    import av

    try:
        kind = checked_kind(path, _LIMITS, path.name)
        with opened(path, kind) as container:
            return bool(container.streams.audio)
    except (av.FFmpegError, ValueError, KeyError, BadInput):
        return False


def write_sound(path: Path, to: Path, start: float, end: float, name: str = "") -> None:
    """The sound from about `start` to `end` as a WAV file, which every browser plays. Raises BadInput."""
    import av

    name, samples = name or path.name, bytearray()
    kind = checked_kind(path, _LIMITS, name)
    try:
        with opened(path, kind) as container:
            stream, begin = container.streams.audio[0], (container.start_time or 0) / av.time_base
            container.seek(round((start + begin) * av.time_base))
            resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
            for frame in container.decode(stream):
                at = frame.time - begin if frame.time is not None else start
                if at > end:
                    break
                if at >= start - 0.05:
                    samples += b"".join(piece.to_ndarray().tobytes() for piece in resampler.resample(frame))
    except Exception as error:  # decoders of hostile bytes raise almost anything
        if not samples:
            raise BadInput(_damaged(name)) from error
    with wave.open(str(to), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(samples)


def _decoded(container: Any, name: str) -> Iterator[bytes]:
    """Pieces of the first sound track as float32 mono at 16 kHz, gaps in its timestamps filled with silence."""
    import av

    stream = container.streams.audio[0]
    if stream.codec_context.sample_rate and stream.codec_context.sample_rate < 4000:
        raise BadInput(_damaged(name))  # would swell to thousands of times its size
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    start = (container.start_time or 0) / av.time_base
    packets = broken = written = 0
    for packet in container.demux(stream):
        packets += 1
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            broken += 1
            continue
        for frame in frames:
            gap = (frame.time - start - written / SAMPLE_RATE) if frame.time is not None else 0.0
            if 0.2 < gap < 60:
                yield bytes(4 * round(gap * SAMPLE_RATE))
                written += round(gap * SAMPLE_RATE)
            for piece in resampler.resample(frame):
                written += piece.samples
                yield piece.to_ndarray().tobytes()
    if broken > 1 + packets // 20 or (broken and not written):
        raise BadInput(_damaged(name))
    if written:
        yield from (piece.to_ndarray().tobytes() for piece in resampler.resample(None))


def _damaged(name: str) -> Message:
    return say("{name} is damaged: I cannot play it. Record or save it again as WAV, MP3 or M4A.", name=name)


def _too_long(name: str, limits: Limits) -> Message:
    seconds = limits.audio_seconds
    if seconds >= 7200:
        span = say("{count} hours", count=f"{seconds / 3600:g}")
    else:
        span = (
            say("{count} minutes", count=f"{seconds / 60:g}")
            if seconds >= 120
            else say("{count} seconds", count=f"{seconds:g}")
        )
    return say(
        "{name} is too long. I take recordings of up to {span}; cut it and give me the part that matters.",
        name=name,
        span=span,
    )
