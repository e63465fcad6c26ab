"""Sound written as files that players know: MP3, Opus, AAC, FLAC, WAV, or bare samples."""

import io
from typing import TYPE_CHECKING, Literal

import numpy
import numpy.typing

if TYPE_CHECKING:
    from av.audio.resampler import AudioResampler

SoundFormat = Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]
MEDIA_TYPES: dict[SoundFormat, str] = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
_CODECS = {"mp3": ("mp3", "libmp3lame"), "opus": ("ogg", "libopus"), "aac": ("adts", "aac"), "flac": ("flac", "flac")}
_OPUS_RATE = 48_000  # the codec knows few rates
_BLOCK = 24_000  # samples at a time


def encoded(samples: "numpy.typing.NDArray[numpy.int16]", rate: int, form: SoundFormat) -> bytes:
    """samples: mono, shape (n,). "pcm" is these samples, little-endian."""
    if form == "pcm":
        return samples.astype("<i2").tobytes()
    if form == "wav":
        return _wav(samples, rate)
    import av

    container_format, codec = _CODECS[form]
    made = io.BytesIO()
    with av.open(made, "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=_OPUS_RATE if form == "opus" else rate)
        stream.layout = "mono"  # type: ignore[union-attr]
        resampler: AudioResampler = av.AudioResampler(
            stream.format.name,
            "mono",
            stream.rate,
            stream.frame_size or None,  # type: ignore[union-attr]
        )
        for start in range(0, len(samples), _BLOCK):
            block = numpy.ascontiguousarray(samples[start : start + _BLOCK].reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, start
            for ready in resampler.resample(frame):
                container.mux(stream.encode(ready))  # type: ignore[union-attr]
        for ready in resampler.resample(None):
            container.mux(stream.encode(ready))  # type: ignore[union-attr]
        container.mux(stream.encode(None))  # type: ignore[union-attr]
    return made.getvalue()


def _wav(samples: "numpy.typing.NDArray[numpy.int16]", rate: int) -> bytes:
    import wave

    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.astype("<i2").tobytes())
    return made.getvalue()
