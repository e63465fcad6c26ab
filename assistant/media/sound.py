"""Sound as samples, of recordings and of videos. Trusts no file."""

import wave
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import numpy.typing

from assistant.media import channels
from assistant.media.kinds import DEMUXERS, INSTEAD, checked_kind, opened
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from assistant.values.messages import Message, say

Samples = numpy.typing.NDArray[numpy.float32]
SAMPLE_RATE = 16_000
MOST_TRACKS = 4  # that are heard of one film
LAGGING = 20  # seconds that a track may come later than another one in the file
SURVEYED = 60  # seconds that are looked at together for who speaks on which channel
MOST_SURVEYED = 540  # seconds after which no more are
_SHORTER = {  # ISO 639-2 to 639-1
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "por": "pt",
    "ita": "it",
    "zho": "zh",
    "chi": "zh",
    "jpn": "ja",
    "kor": "ko",
    "rus": "ru",
    "nld": "nl",
    "dut": "nl",
    "swe": "sv",
    "dan": "da",
    "nor": "no",
    "nob": "nb",
    "fin": "fi",
    "pol": "pl",
    "tur": "tr",
    "ara": "ar",
    "hin": "hi",
    "ces": "cs",
    "cze": "cs",
    "ell": "el",
    "gre": "el",
    "hun": "hu",
    "ukr": "uk",
    "heb": "he",
    "vie": "vi",
}
_LIMITS = Limits()


@dataclass(frozen=True)
class AudioTrack:
    """A sound track of a file."""

    number: int
    """Counted from 1."""
    language: str
    """ISO 639-1 or 639-2 as the file says it; "" where it does not."""


@dataclass(frozen=True)
class Voice:
    """One of several sounds that lie side by side: a channel, or a track."""

    samples: Samples
    track: str = ""
    """As `Seconds.track` has it."""


def read_samples(path: Path, limits: Limits = _LIMITS, name: str = "") -> Samples:
    """The sound as mono float32 in −1..1 at 16 kHz, shape (n,); of a video, its first sound track.

    A silent gap in the file stays a gap, so that positions are the recording's own seconds. Channels of opposite sign
    do not cancel each other. Raises BadInput.
    """
    name = name or path.name
    sound: list[bytearray] = []  # grow in place, so that two hours cost their own size once
    for piece in _poured(path, limits, name, most_tracks=1):
        sound = sound or [bytearray() for _ in piece.channels]
        for channel, more in zip(sound, piece.channels, strict=True):
            channel += more
    read = [_samples(channel) for channel in sound]
    return channels.one(*read) if len(read) == 2 else read[0]


@dataclass(frozen=True)
class SoundPiece:
    """A stretch of sound."""

    start: float
    """The second of the recording at which it begins."""
    samples: Samples
    """As `read_samples` returns them."""
    voices: tuple[Voice, ...] = ()
    """What is to be heard one by one: two channels where they differ, several tracks, else what `samples` are."""

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
    tracks = audio_tracks(path, limits, name)
    apart = _speak_apart(path, limits, name)
    for start, lanes in _cut(_poured(path, limits, name), round(seconds * SAMPLE_RATE), round(after * SAMPLE_RATE)):
        both = lanes[0]
        apart = apart or (len(both) == 2 and channels.are_apart(*both))
        mono = [channels.one(*lane) if len(lane) == 2 else lane[0] for lane in lanes]
        yield SoundPiece(start, mono[0], tuple(_voices(both, mono, tracks, apart)))


def audio_tracks(path: Path, limits: Limits = _LIMITS, name: str = "") -> tuple[AudioTrack, ...]:
    """The first few of them. Raises BadInput."""
    name = name or path.name
    kind = checked_kind(path, limits, name)
    if kind not in DEMUXERS:
        return ()
    try:
        with opened(path, kind) as container:
            streams = container.streams.audio[:MOST_TRACKS]
            return tuple(AudioTrack(number, language_of(stream)) for number, stream in enumerate(streams, 1))
    except Exception as error:  # demuxers of hostile bytes raise almost anything
        raise BadInput(_damaged(name)) from error


def language_of(stream: Any) -> str:
    """Of a track, as the file says it; "" where that is no language."""
    said = str(stream.metadata.get("language", "")).strip().lower()
    code = _SHORTER.get(said, said)
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) and code != "und" else ""


def _voices(
    both: Sequence[Samples], mono: Sequence[Samples], tracks: Sequence[AudioTrack], apart: bool
) -> Iterator[Voice]:
    """both: the channels of the first track. mono: every track as one."""
    others = [
        (sound, track)
        for at, (sound, track) in enumerate(zip(mono, tracks, strict=False))
        if at and not channels.is_silent(sound) and not any(channels.are_same(sound, before) for before in mono[:at])
    ]
    if apart and len(both) == 2 and not others:
        left, right = both
        yield Voice(channels.without_bleed(left, right), "left")
        yield Voice(channels.without_bleed(right, left), "right")
        return
    yield Voice(mono[0], _track_name(tracks[0]) if others else "")
    for sound, track in others:
        yield Voice(sound, _track_name(track))


def _track_name(track: AudioTrack) -> str:
    return f"track {track.number}" + (f" {track.language}" if track.language else "")


def _speak_apart(path: Path, limits: Limits, name: str) -> bool:
    """Whether the two channels of the first minutes hold a voice each: the first to speak is then told from the other
    from the beginning on. Where they are the same, the first minutes are enough to know it."""
    if not _has_two_channels(path, limits, name):
        return False
    so_far = channels.Shares()
    with suppress(BadInput):  # whoever goes through it next says what is wrong with it
        for start, ((left, right),) in _cut(_poured(path, limits, name, most_tracks=1), SURVEYED * SAMPLE_RATE, 0):
            so_far += channels.shares(left, right)
            if so_far.apart:
                return True
            if start >= MOST_SURVEYED or (start and channels.are_same(left, right)):
                break
    return False


def _has_two_channels(path: Path, limits: Limits, name: str) -> bool:
    kind = checked_kind(path, limits, name)
    if kind not in DEMUXERS:
        return False
    try:
        with opened(path, kind) as container:
            return bool(container.streams.audio) and _channels(container.streams.audio[0]) == 2
    except Exception:  # noqa: BLE001 - demuxers of hostile bytes raise almost anything; who plays it says what is wrong
        return False


def _cut(poured: "Iterator[_Poured]", most: int, skipped: int) -> Iterator[tuple[float, list[list[Samples]]]]:
    """Pieces of at most so many samples, with the second at which each begins: of every track its channels."""
    waiting: list[list[bytearray]] = []
    start, after = 0.0, skipped / SAMPLE_RATE
    ended: list[int] = []  # samples of each track that came, those before `after` too
    for piece in poured:
        while len(waiting) <= piece.track:
            waiting.append([])
            ended.append(0)
        lane = waiting[piece.track] = waiting[piece.track] or [bytearray() for _ in piece.channels]
        drop = min(max(skipped - ended[piece.track], 0) * 4, len(piece.channels[0]))
        ended[piece.track] += len(piece.channels[0]) // 4
        for channel, more in zip(lane, piece.channels, strict=True):
            channel += more[drop:]
        while _ready(waiting, most):
            yield after + start, _taken(waiting, at := _pause_of(waiting, most))
            start += at / SAMPLE_RATE
    while any(lane and lane[0] for lane in waiting):
        left = max(len(lane[0]) // 4 for lane in waiting if lane)
        at = left if left <= most else _pause_of(waiting, most)
        yield after + start, _taken(waiting, at)
        start += at / SAMPLE_RATE


def _ready(waiting: "Sequence[Sequence[bytearray]]", most: int) -> bool:
    """Whether every track has come so far; one that lags far behind is not waited for."""
    have = [len(lane[0]) // 4 if lane else 0 for lane in waiting]
    return min(have) >= most or max(have) >= most + LAGGING * SAMPLE_RATE


def _pause_of(waiting: "Sequence[Sequence[bytearray]]", most: int) -> int:
    """Where all are quiet together."""
    power = numpy.zeros(most, numpy.float32)
    for channel in (channel for lane in waiting for channel in lane):
        part = _samples(channel[: most * 4])
        power[: len(part)] += numpy.square(part)
    return _pause(numpy.sqrt(power))


def _taken(waiting: "list[list[bytearray]]", count: int) -> list[list[Samples]]:
    """So many samples of each track; silence where one has none."""
    taken = []
    for lane in waiting:
        parts = []
        for channel in lane:
            part = _samples(channel[: count * 4])
            parts.append(part if len(part) == count else numpy.pad(part, (0, count - len(part))))
            del channel[: count * 4]
        taken.append(parts or [numpy.zeros(count, numpy.float32)])
    return taken


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


@dataclass(frozen=True)
class _Poured:
    """A little of a track: its channels as float32, one or two."""

    track: int
    """Counted from 0."""
    channels: tuple[bytes, ...]


def _poured(path: Path, limits: Limits, name: str, most_tracks: int = 0) -> Iterator[_Poured]:
    """The whole sound in small pieces. most_tracks: 0 for as many as are heard. Raises BadInput."""
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
    written: Counter[int] = Counter()
    try:
        with opened(path, kind) as container:
            if not container.streams.audio:
                raise BadInput(say("{name} has no sound track. {reason}", name=name, reason=INSTEAD))
            if container.duration and container.duration / av.time_base > limits.audio_seconds:
                raise BadInput(_too_long(name, limits))
            for piece in _decoded(container, name, most_tracks or MOST_TRACKS):
                written[piece.track] += len(piece.channels[0])
                if written[piece.track] > limits.audio_seconds * SAMPLE_RATE * 4:
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

    name, samples, sides = name or path.name, bytearray(), 1
    kind = checked_kind(path, _LIMITS, name)
    try:
        with opened(path, kind) as container:
            stream, begin = container.streams.audio[0], (container.start_time or 0) / av.time_base
            container.seek(round((start + begin) * av.time_base))
            sides = _channels(stream)  # both are kept: as one they could cancel each other
            resampler = av.AudioResampler(format="s16", layout="stereo" if sides == 2 else "mono", rate=SAMPLE_RATE)
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
        file.setparams((sides, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(samples)


def _decoded(container: Any, name: str, most_tracks: int) -> Iterator[_Poured]:
    """Pieces of the sound tracks as float32 at 16 kHz, gaps in their timestamps filled with silence."""
    import av

    lanes = {stream.index: _Lane(number, stream) for number, stream in enumerate(container.streams.audio[:most_tracks])}
    first = container.streams.audio[0]
    if first.codec_context.sample_rate and first.codec_context.sample_rate < 4000:
        raise BadInput(_damaged(name))  # would swell to thousands of times its size
    start = (container.start_time or 0) / av.time_base
    packets = broken = 0
    for packet in container.demux(*(lane.stream for lane in lanes.values())):
        lane = lanes[packet.stream.index]
        packets += 1
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            broken += 1
            continue
        for frame in frames:
            yield from lane.poured(frame, start)
    written = any(lane.written for lane in lanes.values())
    if broken > 1 + packets // 20 or (broken and not written):
        raise BadInput(_damaged(name))
    for lane in lanes.values():
        if lane.written:
            yield from lane.poured(None, start)


class _Lane:
    """A sound track on its way to 16 kHz. Two channels stay two; of more, players' own mix is taken."""

    def __init__(self, number: int, stream: Any) -> None:
        import av

        self.stream, self.written = stream, 0
        self._number, self._channels = number, _channels(stream)
        layout = "stereo" if self._channels == 2 else "mono"
        self._resampler = av.AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE)

    def poured(self, frame: Any, start: float) -> Iterator[_Poured]:
        """frame: None for what is left. start: of the container, in seconds."""
        timed = frame is not None and frame.time is not None
        gap = (frame.time - start - self.written / SAMPLE_RATE) if timed else 0.0
        if 0.2 < gap < 60:
            yield self._piece([bytes(4 * round(gap * SAMPLE_RATE))] * self._channels)
        for piece in self._resampler.resample(frame):
            yield self._piece([channel.tobytes() for channel in piece.to_ndarray()])

    def _piece(self, sound: list[bytes]) -> _Poured:
        self.written += len(sound[0]) // 4
        return _Poured(self._number, tuple(sound))


def _channels(stream: Any) -> int:
    """2 where there are two; else it is heard as one."""
    return 2 if stream.codec_context.channels == 2 else 1


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
