"""How many faces a picture shows, and where: by CenterFace (Xu et al., 2019). Whose they are is not looked for."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import numpy.typing

from assistant.settings.telemetry import silence_openvino
from assistant.values.evidence import Box
from assistant.vision.inference import openvino_options

if TYPE_CHECKING:
    from PIL import Image as Pillow

SURE = 0.6  # measured: faces reach 0.7 and more, what is none stays below 0.52
MOST_PIXELS = 500_000
_STEP = 32  # the model halves the picture five times
_CELL = 4  # pixels of the picture to one of the model's answer
_OVERLAP = 0.3
_FILE = "centerface.onnx"

Floats = numpy.typing.NDArray[numpy.float32]


class FaceCounter:
    """One picture at a time."""

    def __init__(self, run: Any) -> None:
        self._run = run

    @classmethod
    def load(cls, folder: Path) -> "FaceCounter":
        silence_openvino()
        import openvino

        core = openvino.Core()
        model = core.read_model(folder / _FILE)
        model.reshape([1, 3, -1, -1])
        return cls(core.compile_model(model, "CPU", openvino_options()))

    def find(self, picture: "Pillow.Image") -> tuple[Box, ...]:
        """The places of faces, left to right."""
        scale = min(1.0, math.sqrt(MOST_PIXELS / (picture.width * picture.height)))
        width, height = (max(_STEP, -(-round(side * scale) // _STEP) * _STEP) for side in picture.size)
        values = numpy.asarray(picture.resize((width, height)), dtype=numpy.float32).transpose(2, 0, 1)[None]
        answered = self._run(numpy.ascontiguousarray(values))
        heat, sizes, offsets = (numpy.asarray(answered[n][0]) for n in range(3))
        return tuple(sorted(_boxes(heat[0], sizes, offsets, width, height), key=lambda box: box.left))


def _boxes(heat: Floats, sizes: Floats, offsets: Floats, width: int, height: int) -> list[Box]:
    """Peaks of the heat map, the hottest first, without those that overlap a hotter one."""
    rows, columns = numpy.nonzero(heat >= SURE)
    kept: list[Box] = []
    for n in numpy.argsort(-heat[rows, columns]):
        row, column = rows[n], columns[n]
        high, wide = numpy.exp(sizes[:, row, column]) * _CELL
        down = (row + offsets[0, row, column] + 0.5) * _CELL
        across = (column + offsets[1, row, column] + 0.5) * _CELL
        sides = (
            (across - wide / 2) / width,
            (down - high / 2) / height,
            (across + wide / 2) / width,
            (down + high / 2) / height,
        )
        box = Box(*(min(max(float(side), 0.0), 1.0) for side in sides))
        if all(_shared(box, other) < _OVERLAP for other in kept):
            kept.append(box)
    return kept


def _shared(one: Box, other: Box) -> float:
    """Of both together, 0 to 1."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    area = sum((box.right - box.left) * (box.bottom - box.top) for box in (one, other))
    return across * down / (area - across * down)
