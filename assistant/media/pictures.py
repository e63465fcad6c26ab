"""Pictures as a person sees them. Trusts no file: each is decoded in a process of its own (`decoding`)."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.media import decoding
from assistant.media.gif import count_pictures
from assistant.media.kinds import DRAWING, PICTURES, checked_kind
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from assistant.values.messages import Message, say

if TYPE_CHECKING:
    from PIL import Image

MOST_FRAMES = 2000  # that are counted
_LIMITS = Limits()


@dataclass(frozen=True)
class Opened:
    """A picture as a person sees it, upright and RGB."""

    picture: "Image.Image"
    frames: int = 1
    """How many the file holds, of which this is the first. `MOST_FRAMES` may stand for more."""
    pages: bool = False
    """Whether the frames are pages, as those of a scan; else they move."""


@dataclass(frozen=True)
class StillFrame:
    """A frame of a moving picture that differs from those before it."""

    number: int
    """Counted from 0."""
    seconds: float
    """For how long nothing changes."""


@dataclass(frozen=True)
class StillFrames:
    """What a moving picture shows one after the other."""

    frames: tuple[StillFrame, ...]
    """In order; the first one is always there."""
    whole: bool
    """Whether every frame was looked at."""


@dataclass(frozen=True)
class Shot:
    """When and with what a photo was taken, as its file says: "2024-05-17 18:03", "Pixel 7"; "" where it does not."""

    taken: str = ""
    camera: str = ""


def open_picture(path: Path, limits: Limits = _LIMITS, name: str = "", frame: int = 0) -> "Image.Image":
    """The picture as a person sees it: upright, RGB in sRGB, transparency on the ground on which more shows.

    frame: which page or frame, counted from 0.

    Its size is read from the header and checked before anything is decoded. Raises BadInput, for what takes too long
    or too much too.
    """
    return open_frames(path, limits, name, frame).picture


def open_frames(path: Path, limits: Limits = _LIMITS, name: str = "", frame: int = 0) -> Opened:
    """As `open_picture`, with how many frames there are. Raises BadInput."""
    from PIL import Image

    name = name or path.name
    kind = _picture_kind(path, limits, name)
    decoded = _decoded(path, kind, "pixels", limits, name, frame)
    picture = Image.frombuffer("RGB", decoded.size, decoded.rgb, "raw", "RGB", 0, 1)
    frames = count_pictures(path, MOST_FRAMES).pictures if kind == "image/gif" else decoded.frames
    return Opened(picture, frames, kind == "image/tiff")


def picture_size(path: Path, limits: Limits = _LIMITS, name: str = "", frame: int = 0) -> tuple[int, int]:
    """Width and height of what `open_picture` opens. Raises BadInput as that does."""
    name = name or path.name
    return _decoded(path, _picture_kind(path, limits, name), "size", limits, name, frame).size


def still_frames(path: Path, most: int, limits: Limits = _LIMITS, name: str = "") -> StillFrames:
    """Of a moving picture those frames that differ, at most so many: those that stay longest. Raises BadInput."""
    name = name or path.name
    decoded = _decoded(path, _picture_kind(path, limits, name), "changes", limits, name)
    first, *others = decoded.changes or ((0, 0),)
    longest = sorted(others, key=lambda one: -one[1])[: most - 1]
    kept = [first, *sorted(longest)]
    return StillFrames(
        tuple(StillFrame(number, milliseconds / 1000) for number, milliseconds in kept),
        decoded.whole and len(kept) == len(decoded.changes),
    )


def shot(path: Path, limits: Limits = _LIMITS, name: str = "") -> Shot:
    """When and with what it was taken; where it was taken is not read. Raises BadInput where it is no file for us."""
    name = name or path.name
    kind = checked_kind(path, limits, name)
    if kind not in PICTURES:
        return Shot()
    try:
        decoded = decoding.shared().decode(path, PICTURES[kind], "words", limits)
    except decoding.Undecodable:
        return Shot()
    return Shot(_date(decoded.taken), _plain(decoded.camera))


def _picture_kind(path: Path, limits: Limits, name: str) -> str:
    """Raises BadInput for what is no picture."""
    kind = checked_kind(path, limits, name)
    if kind == DRAWING:
        raise BadInput(
            say(
                "{name} is a drawing in SVG, which can carry programs, so I do not open it. Save it "
                "as PNG and give me that.",
                name=name,
            )
        )
    if kind not in PICTURES:
        raise BadInput(
            say(
                "{name} is not a picture that I can open: its content is {type}. Give me PNG, JPEG or WebP.",
                name=name,
                type=kind,
            )
        )
    return kind


def _decoded(
    path: Path, kind: str, wants: decoding.Wants, limits: Limits, name: str, frame: int = 0
) -> decoding.Decoded:
    """Raises BadInput."""
    try:
        return decoding.shared().decode(path, PICTURES[kind], wants, limits, MOST_FRAMES, frame)
    except decoding.Undecodable as error:
        raise BadInput(_why(error, limits, name)) from error


def _why(error: decoding.Undecodable, limits: Limits, name: str) -> Message:
    match error.why:
        case "too large":
            return say(
                "{name} has too many pixels. I take pictures of up to {most} million pixels; make it "
                "smaller and give it again.",
                name=name,
                most=f"{limits.picture_pixels / 1e6:g}",
            )
        case "no picture":
            return say("{name} is not a picture, or it is damaged. Give me a PNG, JPEG or WebP picture.", name=name)
        case "no HEIC":
            return say(
                "{name} is a HEIC photo, which I cannot open. Save it as JPEG or PNG and give it again.", name=name
            )
        case "time":
            return say(
                "{name} takes longer to open than I allow a picture ({most} s). Save it again, or make it smaller, and "
                "try that.",
                name=name,
                most=f"{limits.picture_seconds:g}",
            )
        case "memory":
            return say(
                "{name} needs more memory to open than I allow a picture ({most} MB). Make it smaller and try that.",
                name=name,
                most=f"{limits.parse_bytes / 1e6:,.0f}",
            )
        case "busy":
            return say("Too many large pictures are being opened just now. Give {name} again in a minute.", name=name)
        case "damaged":
            return say("{name} is damaged and cannot be shown. Save it again and give me the new file.", name=name)


def _date(text: str) -> str:
    """ "2024:05:17 18:03:22" as "2024-05-17 18:03"."""
    date, _, time = _plain(text).partition(" ")
    numbers = date.split(":")
    whole = len(numbers) == 3 and all(part.isdigit() for part in numbers) and int(numbers[0]) > 1800
    return f"{'-'.join(numbers)} {time[:5]}".strip() if whole else ""


def _plain(text: str) -> str:
    """The first words of what a file says, printable characters only."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:60]
