"""The only file that opens audio, video and pictures, within limits of size and time. Trusts no file.

`identify` says what a file is by its bytes; what is to be done with it is decided elsewhere.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import numpy.typing

from assistant.errors import BadInput
from assistant.limits import Limits
from assistant.signatures import PROGRAM, kind_of

if TYPE_CHECKING:
    from PIL import Image

Samples = numpy.typing.NDArray[numpy.float32]
SAMPLE_RATE = 16_000
INSTEAD = "Give me a picture, a recording, a PDF, a Word document or a text file instead."
_LIMITS = Limits()

# Each media type's demuxer in FFmpeg. Naming it keeps a file from posing as a playlist that opens others.
_DEMUXERS = {
    "audio/wav": "wav",
    "audio/aiff": "aiff",
    "audio/flac": "flac",
    "audio/x-caf": "caf",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "video/ogg": "ogg",
    "audio/webm": "matroska",
    "video/webm": "matroska",
    "audio/mp4": "mov",
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/x-msvideo": "avi",
}
_PICTURES = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG", "MPO"),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/bmp": ("BMP",),
    "image/tiff": ("TIFF",),
    "image/avif": ("AVIF",),
}
PICTURE_TYPES = tuple(_PICTURES)
SOUND_TYPES = tuple(kind for kind in _DEMUXERS if kind.startswith("audio/"))


def identify(path: Path, name: str = "") -> str:
    """The media type by the file's bytes. The extension only tells one kind of text from another.

    Raises BadInput for what is missing, empty, a program, or of no kind known here.
    """
    name = name or path.name
    head, tail = _ends(path, name)
    if not head:
        raise BadInput(f"{name} is empty. {INSTEAD}")
    kind = kind_of(head, tail, Path(name).suffix.lower())
    if kind == PROGRAM:
        raise BadInput(f"{name} is a program, which I do not read. {INSTEAD}")
    if not kind:
        raise BadInput(f"I do not know what kind of file {name} is. {INSTEAD}")
    if kind in ("video/mp4", "video/webm", "video/ogg") and not _has_moving_picture(path, _DEMUXERS[kind]):
        return kind.replace("video/", "audio/")
    return kind


def digest(path: Path) -> str:
    """SHA-256 (hex) of the file's bytes: its source_id."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_picture(path: Path, limits: Limits = _LIMITS, name: str = "") -> "Image.Image":
    """The picture as a person sees it: upright, RGB, transparency on white; the first frame of several.

    Its size is read from the header and checked before anything is decoded. Raises BadInput.
    """
    from PIL import Image, UnidentifiedImageError

    name = name or path.name
    kind = _checked_kind(path, limits, name)
    if kind == "image/heic":
        raise BadInput(f"{name} is a HEIC photo, which I cannot open. Save it as JPEG or PNG and give it again.")
    if kind not in _PICTURES:
        raise BadInput(f"{name} is not a picture that I can open: its content is {kind}. Give me PNG, JPEG or WebP.")
    too_large = (
        f"{name} has too many pixels. I take pictures of up to {limits.picture_pixels / 1e6:g} million pixels; "
        "make it smaller and give it again."
    )
    # Pillow warns above this and refuses above its double; below we refuse above it.
    Image.MAX_IMAGE_PIXELS = limits.picture_pixels
    try:
        with Image.open(path, formats=_PICTURES[kind]) as picture:
            if picture.width * picture.height > limits.picture_pixels:
                raise BadInput(too_large)
            return _upright_rgb(picture)
    except BadInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadInput(too_large) from error
    except UnidentifiedImageError as error:
        raise BadInput(f"{name} is not a picture, or it is damaged. Give me a PNG, JPEG or WebP picture.") from error
    except Exception as error:  # decoders of hostile bytes raise almost anything
        raise BadInput(f"{name} is damaged and cannot be shown. Save it again and give me the new file.") from error


def read_samples(path: Path, limits: Limits = _LIMITS, name: str = "") -> Samples:
    """The sound as mono float32 in −1..1 at 16 kHz, shape (n,); of a video, its first sound track.

    A silent gap in the file stays a gap, so that positions are the recording's own seconds. Raises BadInput.
    """
    import av

    name = name or path.name
    kind = _checked_kind(path, limits, name)
    if kind not in _DEMUXERS:
        raise BadInput(f"{name} holds no sound that I can play: its content is {kind}. Give me WAV, MP3, M4A or WebM.")
    sound = bytearray()  # grows in place, so that two hours cost their own size once
    try:
        with av.open(_address(path), format=_DEMUXERS[kind], options={"protocol_whitelist": "file"}) as container:
            if not container.streams.audio:
                raise BadInput(f"{name} has no sound track. {INSTEAD}")
            if container.duration and container.duration / av.time_base > limits.audio_seconds:
                raise BadInput(_too_long(name, limits))
            for piece in _decoded(container, name):
                sound += piece
                if len(sound) > limits.audio_seconds * SAMPLE_RATE * 4:
                    raise BadInput(_too_long(name, limits))
    except BadInput:
        raise
    except Exception as error:  # decoders of hostile bytes raise almost anything
        raise BadInput(_damaged(name)) from error
    if not sound:
        raise BadInput(f"{name} holds no sound at all: it is 0 seconds long. Record it again.")
    samples: Samples = numpy.frombuffer(sound, numpy.float32)
    numpy.nan_to_num(samples, copy=False, posinf=0.0, neginf=0.0)
    return numpy.clip(samples, -1.0, 1.0, out=samples)


def seconds_of(path: Path, limits: Limits = _LIMITS, name: str = "") -> float:
    """How long a recording says it is, 0 where it does not say. Nothing is decoded. Raises BadInput."""
    import av

    name = name or path.name
    kind = _checked_kind(path, limits, name)
    if kind not in _DEMUXERS:
        raise BadInput(f"{name} holds no sound that I can play: its content is {kind}. Give me WAV, MP3, M4A or WebM.")
    try:
        with av.open(_address(path), format=_DEMUXERS[kind], options={"protocol_whitelist": "file"}) as container:
            if not container.streams.audio:
                raise BadInput(f"{name} has no sound track. {INSTEAD}")
            seconds = (container.duration or 0) / av.time_base
    except BadInput:
        raise
    except Exception as error:  # demuxers of hostile bytes raise almost anything
        raise BadInput(_damaged(name)) from error
    if seconds > limits.audio_seconds:
        raise BadInput(_too_long(name, limits))
    return max(seconds, 0.0)


def _ends(path: Path, name: str) -> tuple[bytes, bytes]:
    """The first 64 KiB, and the last MiB, where a ZIP file lists its members."""
    try:
        if path.is_dir():
            raise BadInput(f"{name} is a folder. Give me the files in it one by one.")
        if not path.is_file():  # missing, or a device or pipe, which may never end
            raise BadInput(f"I cannot find {name}. Give it again.")
        with path.open("rb") as file:
            head = file.read(65536)
            if not head.startswith(b"PK\3\4"):
                return head, b""
            size = file.seek(0, 2)
            file.seek(max(0, size - 1_048_576))
            return head, file.read()
    except OSError as error:
        raise BadInput(f"I cannot read {name}. Give it again.") from error


def _checked_kind(path: Path, limits: Limits, name: str) -> str:
    kind = identify(path, name)
    if path.stat().st_size > limits.file_bytes:
        raise BadInput(f"{name} is too large. I take files of up to {limits.file_bytes / 1e6:g} MB.")
    return kind


def _has_moving_picture(path: Path, demuxer: str) -> bool:
    """Whether there is a video track other than a cover. A file that does not open is left to whoever reads it."""
    import av

    try:
        with av.open(_address(path), format=demuxer, options={"protocol_whitelist": "file"}) as container:
            cover = av.stream.Disposition.attached_pic
            return any(not stream.disposition & cover for stream in container.streams.video)
    except (av.FFmpegError, ValueError):
        return False


def _upright_rgb(picture: "Image.Image") -> "Image.Image":
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I;16"):
        upright = upright.point(lambda level: level / 256).convert("L")
    if upright.has_transparency_data:
        shown = upright.convert("RGBA")
        white = Image.new("RGBA", shown.size, "white")
        return Image.alpha_composite(white, shown).convert("RGB")
    return upright.convert("RGB")


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


def _address(path: Path) -> str:
    return f"file:{path.absolute()}"


def _damaged(name: str) -> str:
    return f"{name} is damaged: I cannot play it. Record or save it again as WAV, MP3 or M4A."


def _too_long(name: str, limits: Limits) -> str:
    seconds = limits.audio_seconds
    if seconds >= 7200:
        span = f"{seconds / 3600:g} hours"
    else:
        span = f"{seconds / 60:g} minutes" if seconds >= 120 else f"{seconds:g} seconds"
    return f"{name} is too long. I take recordings of up to {span}; cut it and give me the part that matters."
