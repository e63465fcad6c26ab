"""The reader: text in pictures by the models inside RapidOCR's package. Downloads nothing.

It does not see what a picture shows, and says so.
"""

import logging
import math
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from assistant.errors import EngineError, SetupError
from assistant.evidence import Box, Region
from assistant.limits import Limits
from assistant.media import open_picture
from assistant.parts import Image
from assistant.ports import Description, TextLine
from assistant.profiles import ModelProfile
from assistant.vision.detection import Corners, Detector, Pixels
from assistant.vision.layout import Found, in_reading_order
from assistant.vision.recognition import Recognizer

if TYPE_CHECKING:
    from PIL import Image as Pillow

MOST_PIXELS = 4_000_000  # an A4 page at 200 dots an inch: ten-point letters stay 28 pixels high
SMALL_SIDE = 600  # below this, letters are often under ten pixels, and twice the size reads better
SHORTEST_SIDE = 40
SURE = 0.5  # what is read with less is not text
POOR = 0.85  # text read on its head comes out below this


class Reader:
    def __init__(self, profile: ModelProfile, detector: Detector, recognizer: Recognizer, limits: Limits) -> None:
        self.profile = profile
        self._detector, self._recognizer = detector, recognizer
        self._limits = limits
        self._alone = threading.Lock()  # one picture at a time, which takes all processors

    @classmethod
    def load(cls, profile: ModelProfile, limits: Limits | None = None) -> "Reader":
        """Raises SetupError where the library lacks its models."""
        import rapidocr  # OpenCV

        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        folder = Path(rapidocr.__file__).parent / "models"
        files = {part: file for part in ("det", "rec") for file in sorted(folder.glob(f"*_{part}_*.onnx"))[:1]}
        if missing := {"det", "rec"} - set(files):
            raise SetupError(
                f"The reader lacks its models ({', '.join(sorted(missing))}). Reinstall it: "
                "pip install --force-reinstall rapidocr"
            )
        try:
            return cls(profile, Detector.load(files["det"]), Recognizer.load(files["rec"]), limits or Limits())
        except Exception as error:  # onnxruntime and OpenVINO raise their own
            raise SetupError("The reader could not be started. Reinstall it: pip install rapidocr openvino") from error

    def describe(self, image: Image, question: str) -> Description:  # noqa: ARG002 - it reads all there is
        """Every line of text. Raises BadInput for a picture that does not open."""
        picture = open_picture(image.path, self._limits, image.name)
        lines = self._read(picture, image.name)
        size = f"A picture of {picture.width}×{picture.height} pixels"
        if not lines:
            return Description(f"{size}. I can read no text in it.")
        return Description(f"{size} with this text:\n" + "\n".join(line.text for line in lines), lines)

    def _read(self, picture: "Pillow.Image", name: str) -> tuple[TextLine, ...]:
        """Poorly read text may stand on its head: then it is read once more the other way up."""
        pixels, width, height = _fit(picture)
        pieces = self._pieces(pixels, width, height, name)
        if pieces and _confidence(pieces) < POOR:
            # the picture lies at the top left of its pixels: turned about its own middle, not about theirs
            turned = self._pieces(numpy.ascontiguousarray(pixels[:height, :width][::-1, ::-1]), width, height, name)
            if _confidence(turned) > _confidence(pieces):
                return tuple(_turned(line) for line in in_reading_order(turned))
        return in_reading_order(pieces)

    def _pieces(self, pixels: Pixels, width: int, height: int, name: str) -> list[Found]:
        try:
            with self._alone:
                found = self._detector.find(pixels)
                read = self._recognizer.read([_cut(pixels, corners) for corners in found])
        except Exception as error:  # OpenCV, onnxruntime and OpenVINO raise their own
            raise EngineError(f"Reading the text in {name} failed. Try a smaller picture.") from error
        return [
            Found(text.strip(), _box(corners, width, height), sure)
            for (text, sure), corners in zip(read, found, strict=True)
            if text.strip() and sure >= SURE
        ]


def _cut(pixels: Pixels, corners: Corners) -> Pixels:
    """What stands between four corners, upright, however they lie."""
    from rapidocr.utils.process_img import get_rotate_crop_image

    cut: Pixels = get_rotate_crop_image(pixels, numpy.asarray(corners, dtype=numpy.float32))
    return cut


def _fit(picture: "Pillow.Image") -> tuple[Pixels, int, int]:
    """The picture in a size that reads well, as BGR pixels, and the width and height it takes up in them."""
    from PIL import Image as Pillow

    scale = min(1.0, math.sqrt(MOST_PIXELS / (picture.width * picture.height)))
    if max(picture.size) < SMALL_SIDE:
        scale = 2.0
    width, height = (max(1, round(side * scale)) for side in picture.size)
    fitted = picture.resize((width, height), Pillow.Resampling.LANCZOS) if scale != 1.0 else picture
    if min(width, height) < SHORTEST_SIDE:  # a strip of a few pixels would be blown up to thousands
        padded = Pillow.new("RGB", (max(width, SHORTEST_SIDE), max(height, SHORTEST_SIDE)), "white")
        padded.paste(fitted, (0, 0))
        fitted = padded
    return numpy.ascontiguousarray(numpy.asarray(fitted)[:, :, ::-1]), width, height


def _box(corners: Any, width: int, height: int) -> Box:
    """The upright rectangle around four corners in pixels, as fractions."""
    xs = [min(max(float(x) / width, 0.0), 1.0) for x, _ in corners]
    ys = [min(max(float(y) / height, 0.0), 1.0) for _, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _confidence(pieces: list[Found]) -> float:
    return sum(piece.confidence for piece in pieces) / len(pieces) if pieces else 0.0


def _turned(line: TextLine) -> TextLine:
    """A line read with the picture on its head, where it stands on the picture as it was given."""
    boxes = (Box(1 - box.right, 1 - box.bottom, 1 - box.left, 1 - box.top) for box in line.region.boxes)
    return TextLine(line.text, Region(tuple(boxes)), line.confidence)
