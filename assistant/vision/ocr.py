"""OcrReader: reads the text in pictures with the models inside RapidOCR's package. It downloads nothing.

It does not see what a picture shows, and says so.
"""

import logging
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from assistant.media import open_picture
from assistant.models.profiles import ModelProfile
from assistant.ports.vision import Description, TextLine
from assistant.values.errors import EngineError, SetupError
from assistant.values.evidence import Box, Location, Region, TextSpan
from assistant.values.limits import Limits
from assistant.values.messages import say
from assistant.values.parts import Image
from assistant.vision import closer
from assistant.vision.codes import Code, read_codes
from assistant.vision.detection import Corners, Pixels, TextDetector
from assistant.vision.layout import TextBox
from assistant.vision.recognition import TextRecognizer
from assistant.vision.tables import Rules, read_in_order, rules_of

if TYPE_CHECKING:
    from PIL import Image as Pillow

MOST_PIXELS = 4_000_000  # an A4 page at 200 dots an inch: ten-point letters stay 28 pixels high
SMALL_SIDE = 600  # below this, letters are often under ten pixels, and twice the size reads better
SHORTEST_SIDE = 40
SURE = 0.5  # what is read with less is not text
POOR = 0.85  # text read on its head comes out below this
ON_ITS_SIDE = 0.8  # what is read of it counts less than the same lying
SURE_OF_FAINT = 0.8  # the same of what shows only once the contrast is raised, with whatever else then shows
READABLE = 32  # pixels that a piece is high in the smaller picture, from which looking closer tells no more
SURE_ENOUGH = 0.9  # the same of what a closer look is not needed for
FEWEST_LETTERS = 0.6  # in a stretch as long as a line is high; a Chinese letter takes all of it
GOOD = 0.93  # above it no other way up is tried
FEWEST_IN_TABLE = 4  # pieces
LONG_LINE = 60  # pixels: shorter lines say little of how a page lies
STRAIGHT, STEEPEST = math.radians(0.4), math.radians(12)  # less is level, more is no page held askew


class OcrReader:
    def __init__(
        self, profile: ModelProfile, detector: TextDetector, recognizer: TextRecognizer, limits: Limits
    ) -> None:
        self.profile = profile
        self._detector, self._recognizer = detector, recognizer
        self._limits = limits
        self._alone = threading.Lock()  # one picture at a time, which takes all processors

    @classmethod
    def load(cls, profile: ModelProfile, limits: Limits | None = None) -> "OcrReader":
        """Raises SetupError where the library lacks its models."""
        import rapidocr  # OpenCV

        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        folder = Path(rapidocr.__file__).parent / "models"
        files = {part: file for part in ("det", "rec") for file in sorted(folder.glob(f"*_{part}_*.onnx"))[:1]}
        if missing := {"det", "rec"} - set(files):
            raise SetupError(
                say(
                    "The reader lacks its models ({names}). Reinstall it: pip install --force-reinstall rapidocr",
                    names=", ".join(sorted(missing)),
                )
            )
        try:
            return cls(profile, TextDetector.load(files["det"]), TextRecognizer.load(files["rec"]), limits or Limits())
        except Exception as error:  # onnxruntime and OpenVINO raise their own
            raise SetupError(
                say("The reader could not be started. Reinstall it: pip install rapidocr openvino")
            ) from error

    def describe(self, image: Image, question: str) -> Description:  # noqa: ARG002 - it reads all there is
        """Every line of text, rows of tables with their cells, and codes. Raises BadInput if it does not open."""
        picture = open_picture(image.path, self._limits, image.name, image.frame)
        pixels, width, height = _fit(picture)
        large = picture if width < picture.width or height < picture.height else None
        try:
            codes = read_codes(pixels, width, height)
        except Exception as error:  # ZXing raises its own
            raise EngineError(
                say("Reading the text in {name} failed. Try a smaller picture.", name=image.name)
            ) from error
        read = self._read(pixels[:height, :width], large, image.name)
        lines = tuple(line for line in read if not _is_a_code(line, codes))
        lines += tuple(TextLine(f"{code.kind}: {code.text}", code.region, 1.0) for code in codes)
        size = f"A picture of {picture.width}×{picture.height} pixels"
        if not lines:
            return Description(f"{size}. I can read no text in it.")
        return Description(f"{size} with this text:\n" + "\n".join(line.text for line in lines), lines)

    def _read(self, pixels: Pixels, large: "Pillow.Image | None", name: str) -> tuple[TextLine, ...]:
        """Text that stands on its side, or is poorly read, is read once more the other ways up; the best one counts.

        large: the picture in its own size, where `pixels` are fewer.
        """
        first = self._turned(pixels, large, 0, name)
        best = first
        for turns in _other_ways(first):
            if best.confidence >= GOOD and best is not first:
                break
            other = self._turned(pixels, large, turns, name)
            if other.confidence > best.confidence:
                best = other
        lines = read_in_order([piece for piece in best.pieces if piece.text and piece.confidence >= SURE], best.rules)
        return tuple(_turned_back(line, best.turns) for line in lines)

    def _turned(self, pixels: Pixels, large: "Pillow.Image | None", turns: int, name: str) -> "_Reading":
        """turns: quarters, against the clock."""
        turned = numpy.ascontiguousarray(numpy.rot90(pixels, turns))
        height, width = turned.shape[:2]
        if min(width, height) < SHORTEST_SIDE:  # a strip of a few pixels would be blown up to thousands
            padded = numpy.full((max(height, SHORTEST_SIDE), max(width, SHORTEST_SIDE), 3), 255, dtype=numpy.uint8)
            padded[:height, :width] = turned
        else:
            padded = turned
        upright = large.rotate(90 * turns, expand=True) if large is not None and turns else large
        pieces, slope = self._pieces(padded, upright, width, height, name)
        enough = len(pieces) >= FEWEST_IN_TABLE
        return _Reading(turns, pieces, rules_of(_level(turned, slope), width, height) if enough else [])

    def _pieces(
        self, pixels: Pixels, large: "Pillow.Image | None", width: int, height: int, name: str
    ) -> tuple[list[TextBox], float]:
        """The pieces of text, and the slope of their lines, which their boxes do without."""
        try:
            with self._alone:
                if large is None:
                    written = self._written(pixels, self._detector.find(pixels))
                else:
                    written = self._closer(pixels, large, width / large.width)
                written = self._fainter(pixels, written)
                found, read = [one.corners for one in written], [(one.text, one.sure) for one in written]
        except Exception as error:  # OpenCV, onnxruntime and OpenVINO raise their own
            raise EngineError(say("Reading the text in {name} failed. Try a smaller picture.", name=name)) from error
        slope = _slope(found)
        pieces = []
        for (text, sure), corners in zip(read, found, strict=True):
            shown = _box(corners, width, height)
            straight = _around(_straightened(corners, slope, width, height), width, height) if slope else shown
            pieces.append(TextBox(text.strip(), straight, sure, shown if slope else None, _stands(corners)))
        return pieces, slope

    def _written(self, pixels: Pixels, found: Sequence[Corners]) -> "list[_Written]":
        read = self._recognizer.read([_cut(pixels, corners) for corners in found])
        return [_Written(corners, text, sure) for corners, (text, sure) in zip(found, read, strict=True)]

    def _fainter(self, pixels: Pixels, written: "list[_Written]") -> "list[_Written]":
        """With what differs so little from its ground that it was not seen."""
        import cv2

        known = [one.corners for one in written if one.sure >= SURE]
        if not closer.faint(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(numpy.uint8, copy=False), known):
            return written
        found = self._detector.find(closer.raised(pixels))
        read = self._recognizer.read([closer.stretched(_cut(pixels, corners)) for corners in found])
        more = [
            _Written(corners, text, sure)
            for corners, (text, sure) in zip(found, read, strict=True)
            if sure >= SURE_OF_FAINT
        ]
        new = closer.outside([one.corners for one in more], [one.corners for one in written])
        fuller = [one for one, is_new in zip(more, new, strict=True) if is_new or _says_more(one, written)]
        rest = closer.outside([one.corners for one in written], [one.corners for one in fuller])
        return [one for one, stays in zip(written, rest, strict=True) if stays] + fuller

    def _closer(self, pixels: Pixels, large: "Pillow.Image", scale: float) -> "list[_Written]":
        """With what is too small to be read in `pixels`. scale: how large these are to the picture itself."""
        first = self._detector.find(pixels)
        kept = [
            one for one in self._written(pixels, [one for one in first if _height(one) >= READABLE]) if one.is_whole
        ]
        known = [one.corners for one in kept]
        found: list[Corners] = []
        for tile in closer.worth_it(numpy.asarray(large.convert("L")), known, 1 / scale):
            part = _bgr(large.crop((tile.left, tile.top, tile.right, tile.bottom)))
            corners = [one for one in self._detector.find(part) if not closer.cut(tile, one, large.height)]
            found += [one + numpy.array((tile.left, tile.top), dtype=numpy.float32) for one in corners]
        found = [one.astype(numpy.float32) for one in closer.joined(found)]
        new = closer.outside([one * scale for one in found], known)
        found = [one for one, is_new in zip(found, new, strict=True) if is_new][: closer.MOST_PIECES]
        read = self._recognizer.read([_cut_from(large, one) for one in found])
        fine = [
            _Written((one * scale).astype(numpy.float32), text, sure)
            for one, (text, sure) in zip(found, read, strict=True)
        ]
        surely = [one.corners for one in fine if one.sure >= SURE]
        alone = zip(first, closer.outside(first, known + surely), closer.empty(first, surely), strict=True)
        return kept + fine + self._written(pixels, [one for one, apart, holds_none in alone if apart and holds_none])


@dataclass(frozen=True, eq=False)
class _Written:
    """A piece of text as it was found and read."""

    corners: Corners
    text: str
    sure: float

    @property
    def is_whole(self) -> bool:
        """Whether its letters are as many as its shape has room for: several lines of small ones may be taken for one
        of large ones."""
        sides = _sides(self.corners)
        return self.sure >= SURE_ENOUGH and len(self.text) >= max(2, FEWEST_LETTERS * max(sides) / max(min(sides), 1.0))


def _says_more(one: _Written, written: Sequence[_Written]) -> bool:
    """Whether this piece holds others whole, of which the beginning or the end was not seen, or is the surer one."""
    (left, top), (right, bottom) = one.corners.min(axis=0), one.corners.max(axis=0)
    same = [
        other
        for other in written
        if left - 2 <= other.corners[:, 0].mean() <= right + 2 and top <= other.corners[:, 1].mean() <= bottom
    ]
    more = len(one.text.replace(" ", "")) - sum(len(other.text.replace(" ", "")) for other in same)
    return bool(same) and (more > 0 or (more == 0 and one.sure > min(other.sure for other in same)))


def _sides(corners: Corners) -> tuple[float, float]:
    (left, top), (right, level), _, (across, bottom) = corners[:4]
    return math.hypot(right - left, level - top), math.hypot(across - left, bottom - top)


def _height(corners: Corners) -> float:
    """The shorter side of a piece in pixels."""
    return min(_sides(corners))


def _cut_from(picture: "Pillow.Image", corners: Corners) -> Pixels:
    """As `_cut`, out of a picture of which only this part is turned into numbers."""
    left, top = (max(0, math.floor(float(side)) - 2) for side in corners.min(axis=0))
    right, bottom = (math.ceil(float(side)) + 2 for side in corners.max(axis=0))
    part = _bgr(picture.crop((left, top, min(right, picture.width), min(bottom, picture.height))))
    return _cut(part, corners - numpy.array((left, top), dtype=numpy.float32))


def _bgr(picture: "Pillow.Image") -> Pixels:
    return numpy.ascontiguousarray(numpy.asarray(picture)[:, :, ::-1])


@dataclass(frozen=True)
class _Reading:
    """What is read when the picture is turned by so many quarters."""

    turns: int
    pieces: list[TextBox]
    rules: list[Rules]

    @property
    def confidence(self) -> float:
        """0 to 1, by letters: the wrong way up yields scraps. Lines on their side would lie better."""
        weighed = [(max(len(piece.text), 1), piece) for piece in self.pieces]
        letters = sum(weight for weight, _ in weighed)
        sure = sum(weight * piece.confidence for weight, piece in weighed) / letters if letters else 0.0
        return sure * (ON_ITS_SIDE if self.stands else 1.0)

    @property
    def stands(self) -> bool:
        return sum(_length(piece) if piece.stands else -_length(piece) for piece in self.pieces) > 0


def _length(piece: TextBox) -> float:
    return max(piece.box.right - piece.box.left, piece.box.bottom - piece.box.top)


def _other_ways(first: _Reading) -> tuple[int, ...]:
    """Quarters by which the picture should be turned as well."""
    if first.stands:
        return (1, 3)
    return (2,) if first.pieces and first.confidence < POOR else ()


def _cut(pixels: Pixels, corners: Corners) -> Pixels:
    """What stands between four corners, upright, however they lie."""
    from rapidocr.utils.process_img import get_rotate_crop_image

    cut: Pixels = get_rotate_crop_image(pixels, numpy.asarray(corners, dtype=numpy.float32))
    return cut


def _fit(picture: "Pillow.Image") -> tuple[Pixels, int, int]:
    """The picture in a size that reads well, as BGR pixels, and its width and height in them."""
    from PIL import Image as Pillow

    scale = min(1.0, math.sqrt(MOST_PIXELS / (picture.width * picture.height)))
    if max(picture.size) < SMALL_SIDE:
        scale = 2.0
    width, height = (max(1, round(side * scale)) for side in picture.size)
    fitted = picture.resize((width, height), Pillow.Resampling.LANCZOS) if scale != 1.0 else picture
    return numpy.ascontiguousarray(numpy.asarray(fitted)[:, :, ::-1]), width, height


def _slope(found: Sequence[Corners]) -> float:
    """By how much lines rise to the right, in radians; 0 where they lie straight, or no two ways alike."""
    slopes = sorted(
        math.atan2(float(right[1] - left[1]), float(right[0] - left[0]))
        for left, right, *_ in found
        if abs(right[0] - left[0]) > 4 * abs(right[1] - left[1]) and right[0] - left[0] > LONG_LINE
    )
    middle = slopes[len(slopes) // 2] if len(slopes) >= 2 else 0.0
    return middle if STRAIGHT < abs(middle) < STEEPEST else 0.0


def _straightened(corners: Corners, slope: float, width: int, height: int) -> list[tuple[float, float]]:
    """Corners as they would lie with the picture turned about its middle until its lines are level."""
    cos, sin = math.cos(-slope), math.sin(-slope)
    across, down = width / 2, height / 2
    return [
        (across + (x - across) * cos - (y - down) * sin, down + (x - across) * sin + (y - down) * cos)
        for x, y in corners
    ]


def _level(pixels: Pixels, slope: float) -> Pixels:
    """Turned about its middle until its lines are level."""
    if not slope:
        return pixels
    import cv2

    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(slope), 1.0)
    level = cv2.warpAffine(pixels, turn, (width, height), borderValue=(255, 255, 255))
    return level.astype(numpy.uint8, copy=False)


def _stands(corners: Corners) -> bool:
    """Whether a piece is higher than wide, as a line on its side."""
    (left, top), (right, level), _, (across, bottom) = corners[:4]
    return math.hypot(across - left, bottom - top) > 1.5 * math.hypot(right - left, level - top)


def _box(corners: Any, width: int, height: int) -> Box:
    """The upright rectangle around four corners in pixels, as fractions."""
    box = _around(corners, width, height)
    return Box(*(min(max(side, 0.0), 1.0) for side in (box.left, box.top, box.right, box.bottom)))


def _around(corners: Any, width: int, height: int) -> Box:
    xs, ys = [float(x) / width for x, _ in corners], [float(y) / height for _, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _turned_back(line: TextLine, turns: int) -> TextLine:
    """A line read with the picture turned, where it stands on the picture as it was given."""
    if not turns:
        return line
    cells = tuple(TextSpan(one.start, one.end, _back(one.location, turns)) for one in line.cells)
    return TextLine(line.text, _back(line.region, turns), line.confidence, cells)


def _back(region: Location, turns: int) -> Region:
    assert isinstance(region, Region)
    boxes = region.boxes
    for _ in range(turns):
        boxes = tuple(Box(1 - box.bottom, box.left, 1 - box.top, box.right) for box in boxes)
    return Region(boxes)


def _is_a_code(line: TextLine, codes: Sequence[Code]) -> bool:
    """Whether what was read as letters are the modules of a code; the number printed below one is not."""
    return any(
        box.left < (mine.left + mine.right) / 2 < box.right and box.top < (mine.top + mine.bottom) / 2 < box.bottom
        for code in codes
        for box in code.region.boxes
        for mine in line.region.boxes
    )
