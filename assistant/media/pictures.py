"""Pictures as a person sees them. Trusts no file."""

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import BadInput
from assistant.limits import Limits
from assistant.media.kinds import PICTURES, checked_kind

if TYPE_CHECKING:
    from PIL import Image

_LIMITS = Limits()


def open_picture(path: Path, limits: Limits = _LIMITS, name: str = "") -> "Image.Image":
    """The picture as a person sees it: upright, RGB, transparency on white; the first frame of several.

    Its size is read from the header and checked before anything is decoded. Raises BadInput.
    """
    from PIL import Image, UnidentifiedImageError

    name = name or path.name
    kind = checked_kind(path, limits, name)
    if kind == "image/heic":
        raise BadInput(f"{name} is a HEIC photo, which I cannot open. Save it as JPEG or PNG and give it again.")
    if kind not in PICTURES:
        raise BadInput(f"{name} is not a picture that I can open: its content is {kind}. Give me PNG, JPEG or WebP.")
    too_large = (
        f"{name} has too many pixels. I take pictures of up to {limits.picture_pixels / 1e6:g} million pixels; "
        "make it smaller and give it again."
    )
    # Pillow warns above this and refuses above its double; below we refuse above it.
    Image.MAX_IMAGE_PIXELS = limits.picture_pixels
    try:
        with Image.open(path, formats=PICTURES[kind]) as picture:
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
