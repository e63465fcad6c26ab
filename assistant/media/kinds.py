"""What a file is, by its bytes; and whether it is small enough to be looked at. What is to be done with it is decided
elsewhere.
"""

import hashlib
from pathlib import Path

from assistant.media.file_types import PROGRAM, kind_of
from assistant.values.errors import BadInput
from assistant.values.limits import Limits

INSTEAD = "Give me a picture, a recording, a PDF, a Word document or a text file instead."

# Each media type's demuxer in FFmpeg. Naming it keeps a file from posing as a playlist that opens others.
DEMUXERS = {
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
    "audio/quicktime": "mov",
    "video/x-matroska": "matroska",
    "audio/x-matroska": "matroska",
    "video/x-msvideo": "avi",
    "audio/x-msvideo": "avi",
    "video/gif": "gif",
}
FILM_OF_GIF = 12  # frames from which an animated GIF is a film; one with fewer is a picture, its first frame
PICTURES = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG", "MPO"),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/bmp": ("BMP",),
    "image/tiff": ("TIFF",),
    "image/avif": ("AVIF",),
    "image/heic": ("HEIF",),
}
DRAWING = "image/svg+xml"
PICTURE_TYPES = tuple(PICTURES)
SOUND_TYPES = tuple(kind for kind in DEMUXERS if kind.startswith("audio/"))
FILM_TYPES = tuple(kind for kind in DEMUXERS if kind.startswith("video/"))


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
    if kind == "image/gif" and _has_frames(path, FILM_OF_GIF):
        return "video/gif"
    if kind in FILM_TYPES and not _has_moving_picture(path, DEMUXERS[kind]):
        return kind.replace("video/", "audio/")
    return kind


def most_bytes(path: Path, name: str, limits: Limits) -> int:
    """How large this file may be, by a first look at what it is."""
    return limits.bytes_of(kind_of(*_ends(path, name), Path(name).suffix.lower()))


def digest(path: Path) -> str:
    """SHA-256 (hex) of the file's bytes: its source_id."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked_kind(path: Path, limits: Limits, name: str) -> str:
    kind = identify(path, name)
    check_size(path.stat().st_size, kind, limits, name)
    return kind


def check_size(size: int, kind: str, limits: Limits, name: str) -> None:
    """Raises BadInput where a file of this kind has too many bytes."""
    if size > (most := limits.bytes_of(kind)):
        raise BadInput(f"{name} is too large. I take files of up to {most / 1e6:g} MB.")


def address(path: Path) -> str:
    return f"file:{path.absolute()}"


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


def _has_frames(path: Path, count: int) -> bool:
    """Whether an animated picture has at least so many frames. One that does not open is left to whoever reads it."""
    from PIL import Image

    try:
        with Image.open(path, formats=["GIF"]) as picture:
            if picture.width * picture.height > 4_000_000:
                return False  # as a picture it is refused, or shown
            picture.seek(count - 1)
            return True
    except Exception:  # noqa: BLE001 - decoders of hostile bytes raise almost anything
        return False


def _has_moving_picture(path: Path, demuxer: str) -> bool:
    """Whether there is a video track other than a cover. A file that does not open is left to whoever reads it."""
    import av

    try:
        with av.open(address(path), format=demuxer, options={"protocol_whitelist": "file"}) as container:
            cover = av.stream.Disposition.attached_pic
            return any(not stream.disposition & cover for stream in container.streams.video)
    except (av.FFmpegError, ValueError):
        return False
