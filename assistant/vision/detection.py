"""Detection: where on a picture lines of text stand. Knows nothing of what they say."""

import math
from pathlib import Path
from typing import Any

import numpy
import numpy.typing

from assistant.vision.inference import Floats, InferenceModel, open_model

Pixels = numpy.typing.NDArray[numpy.uint8]
Corners = numpy.typing.NDArray[Any]  # four points (x, y) in pixels, whole numbers or fractions

MOST_PIXELS = 1_500_000  # where text stands shows at a hundred dots an inch; memory grows with the picture
_STEP = 32  # the model halves the picture five times


class TextDetector:
    """One thread at a time."""

    def __init__(self, model: InferenceModel, outlines: Any) -> None:
        self._model, self._outlines = model, outlines

    @classmethod
    def load(cls, file: Path) -> "TextDetector":
        """file: a PP-OCR detector."""
        from rapidocr.ch_ppocr_det.utils import DBPostProcess

        outlines = DBPostProcess(thresh=0.3, box_thresh=0.5, max_candidates=1000, unclip_ratio=1.6, use_dilation=True)
        return cls(open_model(file), outlines)

    def find(self, pixels: Pixels) -> list[Corners]:
        """pixels: (height, width, BGR). Four corners (x, y) of each line, its top left first; in no order."""
        import cv2

        height, width = pixels.shape[:2]
        scale = min(1.0, math.sqrt(MOST_PIXELS / (width * height)))
        size = [max(_STEP, round(side * scale / _STEP) * _STEP) for side in (width, height)]
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        values: Floats = (small.astype(numpy.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]
        corners, _ = self._outlines(self._model.run(numpy.ascontiguousarray(values)), (height, width))
        return list(corners)
