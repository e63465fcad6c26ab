"""Films made for tests: moving scenes with known cuts, with words on them, and with sound at known seconds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
import numpy.typing
from PIL import Image, ImageDraw, ImageFont

from tests.support.media_made import RATE, Samples

Pixels = numpy.typing.NDArray[numpy.uint8]  # height × width × 3
SIZE = (320, 180)
FPS = 25
SOUNDS = {".mp4": "aac", ".mov": "aac", ".m4v": "aac", ".mkv": "flac", ".webm": "libopus", ".avi": "mp3"}
PICTURES = {".webm": "libvpx", ".avi": "mpeg4", ".gif": "gif"}


@dataclass(frozen=True)
class Scene:
    """A stretch of film: a textured ground that the camera pans over, a disc that moves across it, and words.

    seed: which ground. pan: pixels a frame. speed: of the disc, in pixels a frame. flash: frames that are white.
    """

    seed: int
    frames: int
    pan: float = 0.0
    speed: float = 2.0
    words: str = ""
    flash: tuple[int, ...] = ()

    def drawn(self, size: tuple[int, int] = SIZE) -> Iterator[Pixels]:
        width, height = size
        ground = _ground(self.seed, 2 * width, height)
        disc = tuple(int(part) for part in numpy.random.default_rng(self.seed + 100).integers(0, 255, 3))
        for number in range(self.frames):
            left = round(abs((number * self.pan + width) % (2 * width) - width))  # to and fro
            picture = Image.fromarray(ground[:, left : left + width])
            pen = ImageDraw.Draw(picture)
            at = (number * self.speed + 20 * self.seed) % width
            pen.ellipse((at, height * 0.3, at + height * 0.4, height * 0.7), fill=disc)
            if self.words:
                pen.rectangle((0, height * 0.75, width, height), fill="white")
                font = ImageFont.load_default(height * 0.14)
                pen.text((width * 0.04, height * 0.78), self.words, font=font, fill="black")
            yield numpy.full((height, width, 3), 250, numpy.uint8) if number in self.flash else numpy.asarray(picture)


def cuts(scenes: Sequence[Scene]) -> list[int]:
    """The frames at which a new scene begins, but for the first."""
    return [int(at) for at in numpy.cumsum([scene.frames for scene in scenes])[:-1]]


def drawn(scenes: Sequence[Scene], size: tuple[int, int] = SIZE) -> Iterator[Pixels]:
    for scene in scenes:
        yield from scene.drawn(size)


def dissolved(first: Scene, second: Scene, frames: int, size: tuple[int, int] = SIZE) -> Iterator[Pixels]:
    """The end of the first fades into the beginning of the second over so many frames."""
    before, after = list(first.drawn(size)), list(second.drawn(size))
    yield from before[:-frames]
    for number, (old, new) in enumerate(zip(before[-frames:], after[:frames], strict=True), 1):
        share = number / (frames + 1)
        yield (old * (1 - share) + new * share).astype(numpy.uint8)
    yield from after[frames:]


def write_film(
    path: Path,
    pictures: Iterator[Pixels] | Sequence[Scene],
    sound: Samples | None = None,
    size: tuple[int, int] = SIZE,
    fps: int = FPS,
    codec: str = "",
    at: Callable[[int], float] | None = None,
    rotation: int = 0,
) -> Path:
    """A film in the container that the extension names.

    at: frame number → seconds, for a rate that varies. rotation: degrees that a player turns it, counter-clockwise.
    """
    import av

    if isinstance(pictures, Sequence):
        pictures = drawn(pictures, size)
    with av.open(str(path), "w") as container:
        codec = codec or PICTURES.get(path.suffix, "libx264")
        picture = container.add_stream(codec, rate=fps)
        picture.width, picture.height = size
        picture.pix_fmt = "rgb8" if codec == "gif" else "yuv420p"
        picture.options = {"libx264": {"preset": "ultrafast"}, "libvpx": {"deadline": "realtime", "cpu-used": "8"}}.get(  # type: ignore[assignment]
            codec, {}
        )
        if at is not None:
            picture.codec_context.time_base = _MILLISECONDS
        voice = None
        if sound is not None:
            voice = container.add_stream(SOUNDS[path.suffix], rate=48_000)
            voice.layout = "mono"
        for number, pixels in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(numpy.ascontiguousarray(pixels), "rgb24")
            if at is not None:
                frame.pts, frame.time_base = round(at(number) * 1000), _MILLISECONDS
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        if voice is not None:
            _write_sound(container, voice, sound)
    if rotation:
        _turn(path, rotation)
    return path


def joined_tracks(
    path: Path,
    film: Path,
    written: Sequence[tuple[str, Path]] = (),
    sounds: Sequence[tuple[str, Path]] = (),
    chapters: Sequence[tuple[float, float, str]] = (),
) -> Path:
    """The film in a container with further tracks as they are, each with its language ("" for none).

    written: subtitles as .srt, .ass or .vtt. sounds: behind the film's own. chapters: begin, end, title.
    """
    import av

    with av.open(str(path), "w") as out:
        opened = [av.open(str(film)), *(av.open(str(file)) for _, file in (*sounds, *written))]
        languages = ["", *(language for language, _ in (*sounds, *written))]
        copies = []
        for container, language in zip(opened, languages, strict=True):
            copies.append([out.add_stream_from_template(stream) for stream in container.streams])
            if language:
                copies[-1][0].metadata["language"] = language
        if chapters:
            out.set_chapters(
                [
                    {
                        "id": number,
                        "start": round(begin * 1000),
                        "end": round(end * 1000),
                        "time_base": _MILLISECONDS,
                        "metadata": {"title": title} if title else {},
                    }
                    for number, (begin, end, title) in enumerate(chapters, 1)
                ]
            )
        for container, copied in zip(opened, copies, strict=True):
            for packet in container.demux():
                if packet.pts is not None:
                    packet.stream = copied[packet.stream.index]
                    out.mux(packet)
            container.close()
    return path


def placed(seconds: float, *spoken: tuple[float, Samples]) -> Samples:
    """Silence, with these at their seconds."""
    samples = numpy.zeros(round(seconds * RATE), numpy.float32)
    for start, words in spoken:
        first = round(start * RATE)
        samples[first : first + len(words)] = words[: len(samples) - first]
    return samples


def _write_sound(container, stream, samples) -> None:  # type: ignore[no-untyped-def]
    import av

    resampler = av.AudioResampler(stream.codec_context.format, "mono", 48_000)
    waiting = av.AudioFifo()
    for start in range(0, len(samples), RATE):
        frame = av.AudioFrame.from_ndarray(samples[start : start + RATE].reshape(1, -1), "flt", "mono")
        frame.sample_rate, frame.pts = RATE, start
        for piece in resampler.resample(frame):
            waiting.write(piece)
    for piece in resampler.resample(None):
        waiting.write(piece)
    while (piece := waiting.read(stream.codec_context.frame_size or 1024, partial=True)) is not None:  # type: ignore[assignment]
        container.mux(stream.encode(piece))
    container.mux(stream.encode(None))


def _turn(path: Path, degrees: int) -> None:
    """Writes the display matrix of an MP4's track (ISO/IEC 14496-12 "tkhd"), as a phone does."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40  # version 0: the matrix stands 40 bytes behind the box's name
    one, none = (1 << 16).to_bytes(4, "big"), bytes(4)
    minus = (-(1 << 16)).to_bytes(4, "big", signed=True)
    turns = {90: (none, minus, one, none), 180: (minus, none, none, minus), 270: (none, one, minus, none)}
    a, b, c, d = turns[degrees]
    data[at : at + 36] = a + b + none + c + d + none + none + none + (1 << 30).to_bytes(4, "big")
    path.write_bytes(data)


def _ground(seed: int, width: int, height: int) -> Pixels:
    """Clouds of two colours, sharp enough to be a place and soft enough to be filmed."""
    spread = numpy.random.default_rng(seed)
    low, high = spread.integers(0, 150, 3), spread.integers(100, 255, 3)
    cloud = numpy.zeros((height, width))
    for cells, weight in ((3, 0.5), (9, 0.3), (30, 0.2)):
        small = Image.fromarray((spread.random((cells, 2 * cells)) * 255).astype(numpy.uint8))
        cloud += weight * numpy.asarray(small.resize((width, height), Image.Resampling.BICUBIC)) / 255
    return (low + (high - low) * cloud[..., None]).clip(0, 255).astype(numpy.uint8)


def _milliseconds():  # type: ignore[no-untyped-def]
    from fractions import Fraction

    return Fraction(1, 1000)


_MILLISECONDS = _milliseconds()
