"""QR codes, bar codes and their kin: what they say and where they stand, by ZXing. What they say is never opened."""

from dataclasses import dataclass

from assistant.values.evidence import Box, Region
from assistant.vision.detection import Pixels

MOST = 20  # of one picture
MOST_LETTERS = 2000  # of one code
_TWO_DIMENSIONS = {"QR": "QR code", "Aztec": "Aztec code", "Data Matrix": "Data Matrix code", "PDF417": "PDF417 code"}
# Those with a check that noise does not pass.
_READ = "QRCode MicroQRCode rMQRCode Aztec DataMatrix PDF417 EAN13 EAN8 UPCA UPCE Code128 Code39 Code93 DataBar"


@dataclass(frozen=True)
class Code:
    """A QR code or barcode in a picture."""

    kind: str
    """What sort of code it is, such as "QR code"."""
    text: str
    """What it says, in printable characters. It comes from a stranger, as all text in pictures does."""
    region: Region


def read_codes(pixels: Pixels, width: int, height: int) -> tuple[Code, ...]:
    """Top to bottom. pixels: (height, width, BGR); width, height: what of them the picture takes up.

    Light codes on dark ground and codes lying askew are read as well.
    """
    import zxingcpp

    formats = zxingcpp.barcode_formats_from_str(_READ.replace(" ", ","))
    found = [
        Code(_kind(str(one.format)), text, _region(one.position, width, height))
        for one in zxingcpp.read_barcodes(pixels, formats=formats, text_mode=zxingcpp.TextMode.Plain)[:MOST]
        if one.valid and (text := _printable(one.text))
    ]
    unique = {(code.kind, code.text, code.region): code for code in found}
    return tuple(sorted(unique.values(), key=lambda code: (code.region.boxes[0].top, code.region.boxes[0].left)))


def _kind(format_name: str) -> str:
    return next((kind for name, kind in _TWO_DIMENSIONS.items() if name in format_name), "bar code")


def _printable(text: str) -> str:
    """On one line: what is not printed would hide, or move, what is."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:MOST_LETTERS]


def _region(position: object, width: int, height: int) -> Region:
    corners = [getattr(position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
    xs = [min(max(corner.x / width, 0.0), 1.0) for corner in corners]
    ys = [min(max(corner.y / height, 0.0), 1.0) for corner in corners]
    return Region((Box(min(xs), min(ys), max(xs), max(ys)),))
