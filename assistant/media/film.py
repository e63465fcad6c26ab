"""Moving pictures: how long a film is, its frames in order, and single frames by their second. Trusts no file.

Seconds are those of the sound (`media.sound`): counted from where the container begins. Frames come upright.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from assistant.media.kinds import DEMUXERS, checked_kind, opened
from assistant.media.shots import HEIGHT, WIDTH, Small
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from assistant.values.messages import Message, say

if TYPE_CHECKING:
    from PIL import Image

LONGEST = 1280  # pixels of a frame that is kept: text of a slide is still read
_LIMITS = Limits()
_PLAYED = {  # what browsers play, by container
    "mov": ({"h264", "av1", "vp9"}, {"aac", "mp3", "mp3float", "flac", "opus", "alac"}),
    "matroska": ({"vp8", "vp9", "av1", "libdav1d"}, {"opus", "vorbis"}),
    "ogg": (set(), {"opus", "vorbis", "flac"}),
    "wav": (set(), {"pcm_s16le", "pcm_s24le", "pcm_f32le", "pcm_u8"}),
    "mp3": (set(), {"mp3", "mp3float"}),
    "flac": (set(), {"flac"}),
    "aac": (set(), {"aac"}),
}


@dataclass(frozen=True)
class Film:
    """What a film file says of itself."""

    seconds: float
    """0 where it does not say."""
    width: int
    """In pixels, held upright."""
    height: int
    """In pixels, held upright."""
    has_sound: bool
    """Whether there is a sound track."""
    plays: bool
    """Whether a browser is known to play all of it."""


@dataclass(frozen=True)
class Glimpse:
    """One frame. frame: PyAV's, good until the next one is asked for."""

    seconds: float
    small: Small
    frame: Any


def look(path: Path, limits: Limits = _LIMITS, name: str = "") -> Film:
    """Only its first frame is decoded. Raises BadInput for what is no film, too long, or too large to be decoded."""
    import av

    name = name or path.name
    with _opened(path, limits, name) as (container, stream):
        seconds = max((container.duration or 0) / av.time_base, 0.0)
        if seconds > limits.film_seconds:
            raise BadInput(too_long(name, limits))
        context = stream.codec_context
        if context.width * context.height > limits.picture_pixels:
            raise BadInput(
                say(
                    "{name} has too many pixels. I take films of up to {most} million pixels a picture; "
                    "make it smaller and give it again.",
                    name=name,
                    most=f"{limits.picture_pixels / 1e6:g}",
                )
            )
        turned = _rotation(container, stream) % 180 != 0
        width, height = (context.height, context.width) if turned else (context.width, context.height)
        return Film(seconds, width, height, bool(container.streams.audio), _plays(container))


def plays(path: Path) -> bool:
    """Whether a browser is known to play this recording or film. False for what does not open."""
    import av

    try:
        kind = checked_kind(path, _LIMITS, path.name)
        with opened(path, kind) as container:
            return _plays(container)
    except (av.FFmpegError, ValueError, KeyError, BadInput):
        return False


def glimpses(path: Path, name: str = "", begin: float = 0.0, end: float = float("inf")) -> Iterator[Glimpse]:
    """Every frame from `begin` to before `end`, each also as a small picture. Ends where the file breaks off.

    Raises BadInput where no frame at all can be decoded.
    """
    name = name or path.name
    with _opened(path, _LIMITS, name) as (container, stream):
        stream.thread_type = "AUTO"
        if begin > 0:
            _seek(container, begin)
        any_came = False
        for seconds, frame in _decoded(container, stream):
            any_came = True
            if seconds >= end:
                return
            if seconds >= begin:
                small = frame.reformat(WIDTH, HEIGHT, "rgb24", interpolation="AREA").to_ndarray()
                yield Glimpse(seconds, small, frame)
        if not any_came and begin <= 0:
            raise BadInput(damaged(name))


def stills(path: Path, times: Sequence[float], name: str = "", longest: int = LONGEST) -> "Iterator[Image.Image]":
    """The frame that is on screen at each of these seconds, which rise; upright, no side over `longest` pixels.

    Behind the end it is the last one. Raises BadInput where nothing can be decoded.
    """
    with _opened(path, _LIMITS, name or path.name) as (container, stream):
        stream.thread_type = "AUTO"
        for wanted in times:
            _seek(container, wanted)
            best = None
            for seconds, frame in _decoded(container, stream):
                if seconds > wanted + 0.001 and best is not None:
                    break
                best = frame
                if seconds > wanted:
                    break
            if best is None:  # some containers cannot seek to their end
                _seek(container, 0.0)
                for _, frame in _decoded(container, stream):
                    best = frame
            if best is None:
                raise BadInput(damaged(name or path.name))
            yield upright(best, longest)


def upright(frame: Any, longest: int = LONGEST) -> "Image.Image":
    """As a player shows it. Scaled while it is converted, so that 4K costs no more than it must."""
    scale = min(1.0, longest / max(frame.width, frame.height))
    size = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    picture: Image.Image = frame.reformat(*size, "rgb24").to_image()
    turn = round(frame.rotation or 0) % 360
    return picture.rotate(turn, expand=True) if turn else picture


def damaged(name: str) -> Message:
    return say("{name} is damaged: I cannot play it. Save it again as MP4 or WebM and give me the new file.", name=name)


def too_long(name: str, limits: Limits) -> Message:
    return say(
        "{name} is too long. I take films of up to {most} hours; cut it and give me a part.",
        name=name,
        most=f"{limits.film_seconds / 3600:g}",
    )


@contextmanager
def _opened(path: Path, limits: Limits, name: str) -> "Iterator[tuple[Any, Any]]":
    import av

    kind = checked_kind(path, limits, name)
    if not kind.startswith("video/") or kind not in DEMUXERS:
        raise BadInput(
            say("{name} is no film that I can show: its content is {type}. Give me MP4 or WebM.", name=name, type=kind)
        )
    try:
        with opened(path, kind) as container:
            cover = av.stream.Disposition.attached_pic
            films = [stream for stream in container.streams.video if not stream.disposition & cover]
            if not films:
                raise BadInput(say("{name} has no moving picture. Give me MP4 or WebM.", name=name))
            yield container, films[0]
    except (BadInput, GeneratorExit):
        raise
    except (av.FFmpegError, ValueError, OverflowError, MemoryError) as error:
        raise BadInput(damaged(name)) from error


def _decoded(container: Any, stream: Any) -> Iterator[tuple[float, Any]]:
    """Frames with their seconds. A broken packet is left out; a broken end is the end."""
    import av

    start = (container.start_time or 0) / av.time_base
    step = 1 / float(stream.average_rate or 25)
    last = -step
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.FFmpegError):
            return
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            last = frame.time - start if frame.time is not None else last + step
            yield last, frame


def _seek(container: Any, seconds: float) -> None:
    """To the last whole frame before this second; where the container cannot, to its beginning."""
    import av

    start = container.start_time or 0
    for target in (round(max(0.0, seconds) * av.time_base) + start, start):
        try:
            container.seek(target)
        except av.FFmpegError:
            continue
        return


def _rotation(container: Any, stream: Any) -> int:
    """Degrees, from the first frame: the container's own word for it reaches the frames alone."""
    for _, frame in _decoded(container, stream):
        return round(frame.rotation or 0)
    return 0


def _plays(container: Any) -> bool:
    names = container.format.name.split(",")
    pictures, sounds = next((known for name, known in _PLAYED.items() if name in names), (set(), set()))
    return all(stream.codec_context.name in pictures for stream in container.streams.video) and all(
        stream.codec_context.name in sounds for stream in container.streams.audio
    )


def sharpness(frame: Any) -> float:
    """How much fine detail a frame has: the spread of the second differences of its brightness, in a small copy."""
    grey = frame.reformat(320, 180, "gray").to_ndarray().astype(numpy.float32)
    bent = 4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    return float(bent.var())
