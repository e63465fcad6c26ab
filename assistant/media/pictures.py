"""Pictures as a person sees them. Trusts no file."""

import io
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.media.gif import count_pictures
from assistant.media.kinds import DRAWING, PICTURES, checked_kind
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from assistant.values.messages import say

if TYPE_CHECKING:
    from PIL import Image

MOST_FRAMES = 2000  # that are counted
_LIMITS = Limits()
_MOST_PROFILE = 4_000_000  # bytes; a profile describes a device's colours and is rarely over one
_TAKEN, _DIGITISED, _EXIF_PART, _MODEL = 0x9003, 0x9004, 0x8769, 0x0110  # Exif 2.32, tables 4 and 5


@dataclass(frozen=True)
class Opened:
    """A picture as a person sees it, upright and RGB."""

    picture: "Image.Image"
    frames: int = 1
    """How many the file holds, of which this is the first. `MOST_FRAMES` may stand for more."""
    pages: bool = False
    """Whether the frames stand beside one another, as those of a scan; else they move."""


@dataclass(frozen=True)
class Shot:
    """When and with what a photo was taken, as its file says: "2024-05-17 18:03", "Pixel 7"; "" where it does not."""

    taken: str = ""
    camera: str = ""


def open_picture(path: Path, limits: Limits = _LIMITS, name: str = "") -> "Image.Image":
    """The picture as a person sees it: upright, RGB in sRGB, transparency on white; the first frame of several.

    Its size is read from the header and checked before anything is decoded. Raises BadInput.
    """
    return open_frames(path, limits, name).picture


def open_frames(path: Path, limits: Limits = _LIMITS, name: str = "") -> Opened:
    """As `open_picture`, with how many frames there are. Raises BadInput."""
    from PIL import Image, UnidentifiedImageError

    name = name or path.name
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
    if kind == "image/heic":
        _teach_heic(name)
    too_large = say(
        "{name} has too many pixels. I take pictures of up to {most} million pixels; make it "
        "smaller and give it again.",
        name=name,
        most=f"{limits.picture_pixels / 1e6:g}",
    )
    # Pillow warns above this and refuses above its double; below we refuse above it.
    Image.MAX_IMAGE_PIXELS = limits.picture_pixels
    try:
        with Image.open(path, formats=PICTURES[kind]) as picture:
            if picture.width * picture.height > limits.picture_pixels:
                raise BadInput(too_large)
            frames = _frames(picture, path)
            picture.seek(0)
            return Opened(_upright_rgb(picture), frames, kind == "image/tiff")
    except BadInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadInput(too_large) from error
    except UnidentifiedImageError as error:
        raise BadInput(
            say("{name} is not a picture, or it is damaged. Give me a PNG, JPEG or WebP picture.", name=name)
        ) from error
    except Exception as error:  # decoders of hostile bytes raise almost anything
        raise BadInput(
            say("{name} is damaged and cannot be shown. Save it again and give me the new file.", name=name)
        ) from error


def shot(path: Path, limits: Limits = _LIMITS, name: str = "") -> Shot:
    """When and with what it was taken; where it was taken is not read. Raises BadInput where it does not open."""
    from PIL import Image

    name = name or path.name
    kind = checked_kind(path, limits, name)
    if kind not in PICTURES:
        return Shot()
    if kind == "image/heic":
        _teach_heic(name)
    with suppress(Exception), Image.open(path, formats=PICTURES[kind]) as picture:
        exif = picture.getexif()
        part = exif.get_ifd(_EXIF_PART)
        return Shot(_date(part.get(_TAKEN) or part.get(_DIGITISED)), _plain(exif.get(_MODEL)))
    return Shot()  # its Exif part is damaged, and says nothing


def _frames(picture: "Image.Image", path: Path) -> int:
    match picture.format:
        case "MPO" | "HEIF":  # the others are of the same view
            return 1
        case "GIF":
            return count_pictures(path, MOST_FRAMES).pictures
        case "TIFF":  # Pillow compares each page with all before it
            return 1 + sum(1 for _ in takewhile(lambda page: _has_page(picture, page), range(1, MOST_FRAMES)))
    return int(getattr(picture, "n_frames", 1))


def _has_page(picture: "Image.Image", page: int) -> bool:
    try:
        picture.seek(page)
    except EOFError:
        return False
    return True


def _date(text: object) -> str:
    """ "2024:05:17 18:03:22" as "2024-05-17 18:03"."""
    date, _, time = _plain(text).partition(" ")
    numbers = date.split(":")
    whole = len(numbers) == 3 and all(part.isdigit() for part in numbers) and int(numbers[0]) > 1800
    return f"{'-'.join(numbers)} {time[:5]}".strip() if whole else ""


def _plain(text: object) -> str:
    """The first words of what a file says, printable characters only."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text if isinstance(text, str) else ""
    return "".join(letter for letter in said if letter.isprintable()).strip()[:60]


def _teach_heic(name: str) -> None:
    """Pillow learns HEIC from another library, where that is there."""
    try:
        import pi_heif
    except ImportError as error:
        raise BadInput(
            say("{name} is a HEIC photo, which I cannot open. Save it as JPEG or PNG and give it again.", name=name)
        ) from error
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def _upright_rgb(picture: "Image.Image") -> "Image.Image":
    from PIL import Image, ImageOps

    picture.load()
    upright = picture
    with suppress(Exception):  # what a damaged Exif part says of the orientation is nothing
        upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith(("I", "F")):
        upright = _eight_bits(upright)
    upright = _srgb(upright)
    if upright.has_transparency_data:
        shown = upright.convert("RGBA")
        white = Image.new("RGBA", shown.size, "white")
        return Image.alpha_composite(white, shown).convert("RGB")
    return upright.convert("RGB")


def _eight_bits(picture: "Image.Image") -> "Image.Image":
    """Sixteen bits of grey to eight; what has more, or fractions, is stretched to what there is."""
    import numpy
    from PIL import Image

    levels = numpy.nan_to_num(numpy.asarray(picture, dtype=numpy.float32), posinf=0.0, neginf=0.0)
    if picture.mode.startswith("I;16"):
        low, high = 0.0, 65536.0
    else:
        low, high = float(levels.min()), float(levels.max())
        if low >= 0 and high <= 255:
            low, high = 0.0, 256.0
        elif low >= 0 and high <= 65535 and picture.mode == "I":
            low, high = 0.0, 65536.0
    eight = ((levels - low) * (256.0 / max(high - low, 1e-9))).clip(0, 255).astype(numpy.uint8)
    return Image.fromarray(eight)


def _srgb(picture: "Image.Image") -> "Image.Image":
    """Colours by the profile that came along: those of print, and of screens with more of them than a page shows."""
    profile = picture.info.get("icc_profile")
    if not isinstance(profile, bytes) or len(profile) > _MOST_PROFILE or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    from PIL import ImageCms

    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    with suppress(Exception):  # a profile for another kind of picture, or a damaged one: the colours as they are
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower() and picture.mode != "CMYK":
            return picture
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        if converted is not None:
            return converted
    return picture
