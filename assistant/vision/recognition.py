"""Recognition: cuts of a picture, a line of text each, into their letters. Knows nothing of how the lines were found.

Lines go one by one, several at a time: a batch of long ones falls out of the processor's caches.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy

from assistant.vision.detection import Pixels
from assistant.vision.inference import Floats, InferenceModel, open_model, processors

_HEIGHT = 48  # pixels, which the model was trained with
_STEP = 64  # widths are rounded up to it: what was prepared for one width serves again
_NARROWEST, _WIDEST = 320, 4800
_AT_ONCE = 4


class TextRecognizer:
    """Any thread may call `read`. Made by `load`."""

    def __init__(self, model: InferenceModel, letters: Sequence[str], at_once: int) -> None:
        self._model = model
        self._letters = ("", *letters, " ")  # the first one stands for "no letter here"
        self._pool = ThreadPoolExecutor(at_once, "read a line")

    @classmethod
    def load(cls, file: Path) -> "TextRecognizer":
        """file: a PP-OCR recognizer with its letters inside."""
        at_once = min(_AT_ONCE, processors())
        model = open_model(file, at_once)
        return cls(model, model.about("character").splitlines(), at_once)

    def read(self, lines: Sequence[Pixels]) -> list[tuple[str, float]]:
        """The letters of each line (height, width, BGR) and how sure they are, 0 to 1."""
        return list(self._pool.map(self._line, lines))

    def _line(self, pixels: Pixels) -> tuple[str, float]:
        """The likeliest letter of each step; the same one in neighbouring steps is one letter."""
        chances = self._model.run(_scaled(pixels))[0]
        best = chances.argmax(axis=1)
        new = best != 0
        new[1:] &= best[1:] != best[:-1]
        steps = numpy.flatnonzero(new)
        if not len(steps):
            return "", 0.0
        return "".join(self._letters[letter] for letter in best[steps]), float(chances[steps, best[steps]].mean())


def _scaled(pixels: Pixels) -> Floats:
    """As the model wants it, (1, 3, 48, width): values from -1 to 1, and 0 beyond the line's end."""
    import cv2

    height, width = pixels.shape[:2]
    wide = min(_WIDEST, -(-width * _HEIGHT // height))
    scaled = numpy.zeros((1, 3, _HEIGHT, max(_NARROWEST, -(-wide // _STEP) * _STEP)), dtype=numpy.float32)
    line = cv2.resize(pixels, (wide, _HEIGHT)).astype(numpy.float32)
    scaled[0, :, :, :wide] = (line / 127.5 - 1.0).transpose(2, 0, 1)
    return scaled
