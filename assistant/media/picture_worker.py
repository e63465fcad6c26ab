"""Decodes pictures in a process of its own, so that a hostile one ends as a sentence and costs nobody else his answer.

Takes one job after the other from standard input, a line of JSON each, and answers each with a line of JSON; where
pixels are wanted these follow it: red, green, blue, row by row. Run by its path: it needs no more than it imports.
"""

import io
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from PIL import Image, ImageCms

Refusal = Literal["too large", "no picture", "damaged", "memory", "no HEIC"]

NO_MEMORY = 6  # the status where that runs out among the pixels
_PIECE = 1_000_000  # pixels that are brought to RGB together, so that a large picture lies here but once
_MOST_PROFILE = 4_000_000  # bytes; a profile describes a device's colours and is rarely over one
_LOOKED_AT = 320  # pixels of the longer side in which frames are compared
_ANOTHER = 40  # levels by which a point is another one
_DIFFERENT = 0.001  # share of points that make a frame another one: a word that changes has more
_MOST_COMPARED = 1200  # pixels of the longer side in which grounds are compared
_EDGE = 8.0  # levels between two points; less is a shade that fades
_ENOUGH = 90.0  # levels between two points, from which they are well apart
_MUCH_MORE = 1.3  # times as much must be seen on another ground before it is taken instead of white
_MOST_WORDS = 200  # characters of what a file says of itself
_TAKEN, _DIGITISED, _EXIF_PART, _MODEL, _ORIENTATION = 0x9003, 0x9004, 0x8769, 0x0110, 0x0112  # Exif 2.32


def main() -> None:
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between our answers
    _limit_once()
    for line in sys.stdin.buffer:
        job = json.loads(line)
        _limit_for(job)
        try:
            _answer(job, outgoing)
            outgoing.flush()
        except MemoryError:
            os._exit(NO_MEMORY)


def _answer(job: dict[str, Any], outgoing: IO[bytes]) -> None:
    """Whatever goes wrong once its size is told ends the process, and so do the pixels."""
    from PIL import Image

    # Pillow warns above this and refuses above its double; below we refuse above it.
    Image.MAX_IMAGE_PIXELS = job["most_pixels"]
    answer: dict[str, Any]
    upright = None
    try:
        if "HEIF" in job["formats"]:
            _teach_heic()
        with Image.open(job["path"], formats=job["formats"]) as picture:
            if job["wants"] == "words":
                answer = _words(picture)
            elif job["wants"] == "changes":
                answer = _changes(picture, job["most_frames"], job["most_pixels"], job["seconds"] / 2)
            elif picture.width * picture.height > job["most_pixels"]:
                answer = {"refused": "too large"}
            else:
                frames = _frames(picture, job["most_frames"])
                picture.seek(job["frame"])
                if picture.width * picture.height > job["most_pixels"]:  # pages of a scan have a size each
                    raise Image.DecompressionBombError
                upright = _upright(picture)
                answer = {"size": upright.size, "frames": frames, "resident": _pages("statm", 1)}
    except Exception as error:  # noqa: BLE001 - decoders of hostile bytes raise almost anything
        answer, upright = {"refused": _why(error)}, None
    outgoing.write(json.dumps(answer).encode() + b"\n")
    if upright is not None and job["wants"] == "pixels":
        for piece in _rgb(upright):
            outgoing.write(piece)


def _why(error: Exception) -> Refusal:
    from PIL import Image, UnidentifiedImageError

    match error:
        case Image.DecompressionBombError() | Image.DecompressionBombWarning():
            return "too large"
        case ModuleNotFoundError():
            return "no HEIC"
        case UnidentifiedImageError():
            return "no picture"
    return "memory" if isinstance(error, MemoryError) or "memory" in str(error).lower() else "damaged"


def _words(picture: "Image.Image") -> dict[str, str]:
    """When and with what it was taken; where it was taken is not read. An Exif part that is damaged says nothing."""
    with suppress(Exception):
        exif = picture.getexif()
        part = exif.get_ifd(_EXIF_PART)
        return {"taken": _said(part.get(_TAKEN) or part.get(_DIGITISED)), "camera": _said(exif.get(_MODEL))}
    return {"taken": "", "camera": ""}


def _said(text: object) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text if isinstance(text, str) else ""
    return said[:_MOST_WORDS]


def _frames(picture: "Image.Image", most: int) -> int:
    match picture.format:
        case "MPO" | "HEIF" | "GIF":  # the others are of the same view; those of a GIF were counted by its blocks
            return 1
        case "TIFF":  # Pillow compares each page with all before it
            return 1 + sum(1 for _ in takewhile(lambda page: _has_page(picture, page), range(1, most)))
    return int(getattr(picture, "n_frames", 1))


def _changes(picture: "Image.Image", most: int, most_pixels: int, seconds: float) -> dict[str, Any]:
    """The frames of a moving picture that differ from the one before, each with the milliseconds for which nothing
    changes; and whether all were looked at."""
    import numpy

    changes: list[list[int]] = []
    before: Any = None
    whole, end = True, time.monotonic() + seconds
    for number in range(most):
        if number and time.monotonic() > end:
            whole = False
            break
        try:
            picture.seek(number)
            picture.load()
        except EOFError:
            break
        except (OSError, SyntaxError, ValueError):  # it breaks off there
            if not changes:
                raise
            whole = False
            break
        if picture.width * picture.height > most_pixels:
            raise MemoryError
        shown = picture.convert("RGBA")
        small = shown.reduce(max(1, max(shown.size) // _LOOKED_AT))
        now = numpy.asarray(small, dtype=numpy.int16)
        lasts = picture.info.get("duration", 0)
        milliseconds = int(min(max(lasts, 0), 600_000)) if isinstance(lasts, int | float) and lasts == lasts else 0
        differs = before is None or now.shape != before.shape
        if differs or (abs(now - before).max(axis=2) > _ANOTHER).mean() > _DIFFERENT:
            changes.append([number, milliseconds])
            before = now
        else:
            changes[-1][1] += milliseconds
    return {"changes": changes, "whole": whole}


def _has_page(picture: "Image.Image", page: int) -> bool:
    try:
        picture.seek(page)
    except EOFError:
        return False
    return True


def _teach_heic() -> None:
    """Pillow learns HEIC from another library, where that is there."""
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def _upright(picture: "Image.Image") -> "Image.Image":
    from PIL import ImageOps

    picture.load()
    try:
        return ImageOps.exif_transpose(picture) if picture.getexif().get(_ORIENTATION, 1) != 1 else picture
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what a damaged Exif part says of the orientation is nothing
        return picture


def _rgb(picture: "Image.Image") -> Iterator[bytes]:
    """Its pixels, piece after piece: in sRGB, transparency on the ground on which more shows."""
    from PIL import ImageCms

    ground = _ground(picture) if picture.has_transparency_data else "white"
    levels = _levels(picture) if picture.mode.startswith(("I", "F")) else None
    colours = _to_srgb(picture)
    for strip in _strips(picture):
        if levels is not None:
            strip = _eight_bits(strip, *levels)
        if colours is not None:
            with suppress(ImageCms.PyCMSError, ValueError):
                strip = ImageCms.applyTransform(strip, colours) or strip
        yield _flat(strip, ground).tobytes()


def _strips(picture: "Image.Image") -> "Iterator[Image.Image]":
    rows = max(1, _PIECE // picture.width)
    if rows >= picture.height:
        yield picture
        return
    for top in range(0, picture.height, rows):
        yield picture.crop((0, top, picture.width, min(top + rows, picture.height)))


def _ground(picture: "Image.Image") -> str:
    """White, or where the edges of letters and lines hardly show on it black, or grey where some are light and some
    are dark.

    How much shows is how far neighbouring points are apart, edges that are far apart anyway counted no more.
    """
    import numpy

    shown = picture.convert("RGBA").reduce(max(1, round(max(picture.size) / _MOST_COMPARED)))
    alpha = numpy.asarray(shown.getchannel("A"), dtype=numpy.float32) / 255
    if alpha.min() > 0.99:
        return "white"
    grey = numpy.asarray(shown.convert("RGB").convert("L"), dtype=numpy.float32)

    def seen(level: float) -> float:
        laid = grey * alpha + level * (1 - alpha)
        steps = (abs(numpy.diff(laid, axis=0)), abs(numpy.diff(laid, axis=1)))
        return sum(float(step[step >= _EDGE].clip(0, _ENOUGH).sum()) for step in steps)

    white = seen(255)
    best, name = max((seen(0), "black"), (seen(128), "#808080"))
    return name if best > _MUCH_MORE * white else "white"


def _flat(picture: "Image.Image", ground: str) -> "Image.Image":
    from PIL import Image

    if picture.has_transparency_data:
        shown = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", shown.size, ground), shown).convert("RGB")
    return picture.convert("RGB")


def _levels(picture: "Image.Image") -> tuple[float, float]:
    """What is black and what is white: of sixteen bits all of them; of what has more, or fractions, what there is."""
    if picture.mode.startswith("I;16"):
        return 0.0, 65536.0
    strips = [_numbers(strip) for strip in _strips(picture)]
    low, high = min(float(each.min()) for each in strips), max(float(each.max()) for each in strips)
    if low >= 0 and high <= 255:
        return 0.0, 256.0
    if low >= 0 and high <= 65535 and picture.mode == "I":
        return 0.0, 65536.0
    return low, high


def _eight_bits(picture: "Image.Image", low: float, high: float) -> "Image.Image":
    import numpy
    from PIL import Image

    levels = (_numbers(picture) - low) * (256.0 / max(high - low, 1e-9))
    return Image.fromarray(levels.clip(0, 255).astype(numpy.uint8))


def _numbers(picture: "Image.Image") -> Any:
    import numpy

    return numpy.nan_to_num(numpy.asarray(picture, dtype=numpy.float32), posinf=0.0, neginf=0.0)


def _to_srgb(picture: "Image.Image") -> "ImageCms.ImageCmsTransform | None":
    """By the profile that came along: colours of print, and of screens with more of them than a page shows."""
    profile = picture.info.get("icc_profile")
    if not isinstance(profile, bytes) or len(profile) > _MOST_PROFILE or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return None
    from PIL import ImageCms

    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    with suppress(Exception):  # a profile for another kind of picture, or a damaged one: the colours as they are
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower() and picture.mode != "CMYK":
            return None
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), picture.mode, mode)
    return None


def _limit_once() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where only the time is limited, by whoever started us
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file


def _limit_for(job: dict[str, Any]) -> None:
    """The limits count from what this process has taken up before the picture."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + job["seconds"]) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    if taken := _pages("statm", 0):
        resource.setrlimit(resource.RLIMIT_AS, (taken + job["most_bytes"], resource.RLIM_INFINITY))


def _pages(file: str, column: int) -> int:
    """Bytes from /proc/self/statm; 0 where there is none."""
    try:
        return int(Path(f"/proc/self/{file}").read_text().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


if __name__ == "__main__":
    main()
