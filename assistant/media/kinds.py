"""What a file is, by its bytes; and whether it is small enough to be looked at. What is to be done with it is decided
elsewhere.
"""

import hashlib
from pathlib import Path
from typing import Any

from assistant.media.file_types import HEAD, PROGRAM, TAIL, kind_of
from assistant.media.gif import count_pictures
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from assistant.values.messages import say

INSTEAD = say("Give me a picture, a recording, a PDF, a Word document or a text file instead.")

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
FILM_OF_GIF = 12  # frames from which an animated GIF is a film; one with fewer is a picture
FASTEST_SLIDES = 0.4  # seconds for which frames stay that are looked at one by one, however many there are
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
MOST_GIF_COMMENTS = 1_000_000  # bytes
STEP_SECONDS = 60.0  # that FFmpeg may take to open a file, or to find its next packet
DRAWING = "image/svg+xml"
PICTURE_TYPES = tuple(PICTURES)
SOUND_TYPES = tuple(kind for kind in DEMUXERS if kind.startswith("audio/"))
FILM_TYPES = tuple(kind for kind in DEMUXERS if kind.startswith("video/"))


def identify(path: Path, name: str = "") -> str:
    """The media type by the file's bytes. The extension only tells one kind of text from another.

    Looks at a bounded part of them, of a GIF at its blocks once; FFmpeg, which is asked whether a film has pictures,
    has a limit of time. Nothing is decoded.

    Raises BadInput for what is missing, empty, a program, or of no kind known here.
    """
    name = name or path.name
    head, tail = _ends(path, name)
    if not head:
        raise BadInput(say("{name} is empty. {reason}", name=name, reason=INSTEAD))
    kind = kind_of(head, tail, Path(name).suffix.lower())
    if kind == PROGRAM:
        raise BadInput(say("{name} is a program, which I do not read. {reason}", name=name, reason=INSTEAD))
    if not kind:
        raise BadInput(say("I do not know what kind of file {name} is. {reason}", name=name, reason=INSTEAD))
    if kind == "image/gif" and _is_gif_film(path, name):
        return "video/gif"
    if kind in FILM_TYPES and not _has_moving_picture(path, kind):
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
        raise BadInput(say("{name} is too large. I take files of up to {most} MB.", name=name, most=f"{most / 1e6:g}"))


def opened(path: Path, kind: str) -> Any:
    """The container as PyAV has it, good for one `with`. Raises KeyError for what is none, and errors of PyAV.

    A step that takes longer than `STEP_SECONDS` ends as an error of PyAV, too.
    """
    import av

    only_files = {"protocol_whitelist": "file"}
    return av.open(f"file:{path.absolute()}", format=DEMUXERS[kind], options=only_files, timeout=STEP_SECONDS)


def _ends(path: Path, name: str) -> tuple[bytes, bytes]:
    """The first bytes, and the last ones of a ZIP file, where it lists its members."""
    try:
        if path.is_dir():
            raise BadInput(say("{name} is a folder. Give me the files in it one by one.", name=name))
        if not path.is_file():  # missing, or a device or pipe, which may never end
            raise BadInput(say("I cannot find {name}. Give it again.", name=name))
        with path.open("rb") as file:
            head = file.read(HEAD)
            if not head.startswith(b"PK\3\4"):
                return head, b""
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL))
            return head, file.read(TAIL)
    except OSError as error:
        raise BadInput(say("I cannot read {name}. Give it again.", name=name)) from error


def _is_gif_film(path: Path, name: str) -> bool:
    """Whether an animated picture has so many frames that it is a film."""
    try:
        gif = count_pictures(path, FILM_OF_GIF)
    except OSError as error:
        raise BadInput(say("I cannot read {name}. Give it again.", name=name)) from error
    if gif.swollen or gif.comments > MOST_GIF_COMMENTS:
        raise BadInput(say("{name} is damaged and cannot be shown. Save it again and give me the new file.", name=name))
    if gif.pictures < FILM_OF_GIF or gif.seconds >= FASTEST_SLIDES * gif.pictures:
        return False
    return gif.width * gif.height <= 4_000_000  # a larger one is refused, or shown


def _has_moving_picture(path: Path, kind: str) -> bool:
    """Whether there is a video track other than a cover. A file that does not open is left to whoever reads it."""
    import av

    try:
        with opened(path, kind) as container:
            cover = av.stream.Disposition.attached_pic
            return any(not stream.disposition & cover for stream in container.streams.video)
    except (av.FFmpegError, ValueError):
        return False
