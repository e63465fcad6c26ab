"""Media made for tests: sounds, pictures with known text, and files that are not what they say."""

import io
import wave
from pathlib import Path

import numpy
import numpy.typing
from PIL import Image, ImageDraw, ImageFont

Samples = numpy.typing.NDArray[numpy.float32]
MEDIA = Path(__file__).parent / "media"
RATE = 16_000
JFK = MEDIA / "jfk.flac"
JFK_WORDS = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
QUESTION_EN = MEDIA / "question-en.flac"  # "Who serviced the pump? And when is the next service due?"
QUESTION_ZH = MEDIA / "question-zh.flac"  # 请问，谁保养了水泵？下一次保养是什么时候？
SIGN_ZH = MEDIA / "sign-zh.png"  # 小心地滑 / 请勿靠近水泵


def silence(seconds: float = 3.0) -> Samples:
    return numpy.zeros(round(seconds * RATE), numpy.float32)


def tone(seconds: float = 3.0, hertz: float = 440.0) -> Samples:
    return (0.5 * numpy.sin(2 * numpy.pi * hertz * _times(seconds))).astype(numpy.float32)


def noise(seconds: float = 3.0, loudness: float = 0.1) -> Samples:
    spread = numpy.random.default_rng(7).normal(size=round(seconds * RATE))
    return (loudness * spread).clip(-1, 1).astype(numpy.float32)


def clicks(seconds: float = 3.0) -> Samples:
    samples = silence(seconds)
    samples[:: RATE // 2] = 0.9
    return samples


def melody(seconds: float = 3.0) -> Samples:
    """Plucked notes with overtones, one every half second."""
    times = _times(0.5)
    notes = [
        sum(numpy.exp(-3 * times) * numpy.sin(2 * numpy.pi * hertz * part * times) / part for part in range(1, 8))
        for hertz in (262, 330, 392, 523, 440, 349, 294, 247)
    ]
    return numpy.resize(0.2 * numpy.concatenate(notes), round(seconds * RATE)).astype(numpy.float32)


def write_wav(path: Path, samples: Samples, rate: int = RATE, channels: int = 1) -> Path:
    """16-bit PCM; with several channels each has the same sound."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        whole = (samples.clip(-1, 1) * 32767).astype("<i2")
        file.writeframes(numpy.repeat(whole, channels).tobytes())
    return path


def write_sound(path: Path, samples: Samples, codec: str, film: bool = False, rate: int = 48_000) -> Path:
    """A sound file in the container that the extension names; film: with a moving picture beside the sound."""
    import av

    with av.open(str(path), "w") as container:
        sound = container.add_stream(codec, rate=rate)
        sound.layout = "mono"
        picture = container.add_stream("mpeg4", rate=10) if film else None
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
            for _ in range(5):
                container.mux(picture.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 64), "red"))))
        resampler = av.AudioResampler(sound.codec_context.format or "fltp", "mono", rate)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "flt", "mono")
        frame.sample_rate, frame.pts = RATE, 0
        waiting = av.AudioFifo()
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            waiting.write(piece)
        while (piece := waiting.read(sound.codec_context.frame_size or 1024, partial=True)) is not None:  # type: ignore[assignment]
            container.mux(sound.encode(piece))
        container.mux(sound.encode(None))
        if picture is not None:
            container.mux(picture.encode(None))
    return path


def picture(lines: list[tuple[int, int, str]], size: tuple[int, int] = (640, 240), height: int = 24) -> Image.Image:
    """Black text on white; each line is (left, top, text) in pixels. Latin script only."""
    drawn = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(drawn)
    for left, top, text in lines:
        pen.text((left, top), text, font=ImageFont.load_default(height), fill="black")
    return drawn


def receipt(path: Path) -> Path:
    picture(
        [
            (20, 20, "ACME HARDWARE"),
            (20, 70, "Pump seal"),
            (420, 70, "43.10"),
            (20, 120, "Labour 5 h"),
            (420, 120, "550.00"),
            (20, 180, "Total 593.10"),
            (420, 180, "2018-03-23"),
        ]
    ).save(path)
    return path


def cut(path: Path, kept: float, to: Path) -> Path:
    """The first part of a file's bytes, as an upload that broke off leaves it."""
    whole = path.read_bytes()
    to.write_bytes(whole[: round(len(whole) * kept)])
    return to


def _times(seconds: float) -> numpy.typing.NDArray[numpy.float64]:
    return numpy.arange(round(seconds * RATE)) / RATE


def slow_photo(side: int, scans: int) -> bytes:
    """A progressive JPEG, grey all over, whose last scan stands there so many times: each is gone through anew."""
    made = io.BytesIO()
    Image.new("L", (side, side), 200).save(made, "JPEG", progressive=True, quality=50)
    data = made.getvalue()
    end, last = data.rindex(b"\xff\xd9"), data.rindex(b"\xff\xda")
    return data[:end] + data[last:end] * scans + data[end:]
