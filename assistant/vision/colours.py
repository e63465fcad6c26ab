"""The main colours of a picture, in words."""

from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    from PIL import Image as Pillow

ENOUGH = 0.12  # of the picture
MOST = 3
_SIDE = 96  # pixels: colours do not ask for more

# English, Chinese, and where it begins on the circle of hues, in degrees; red goes around.
_HUES = (
    ("red", "红色", 345),
    ("orange", "橙色", 16),
    ("yellow", "黄色", 44),
    ("green", "绿色", 70),
    ("turquoise", "青色", 160),
    ("blue", "蓝色", 196),
    ("purple", "紫色", 258),
    ("pink", "粉色", 310),
)
_GREYS = (("black", "黑色"), ("grey", "灰色"), ("white", "白色"))
_BROWN = ("brown", "棕色")


def main_colours(picture: "Pillow.Image", chinese: bool = False) -> tuple[str, ...]:
    """Those that take up most of it, the largest first; three at most."""
    small = picture.resize((_SIDE, _SIDE)).convert("HSV")
    hue, saturation, value = (channel.astype(numpy.float32) for channel in numpy.asarray(small).transpose(2, 0, 1))
    degrees, strong, bright = hue * 360 / 256, saturation / 255, value / 255
    grey = (strong < 0.16) | (bright < 0.16)
    names = numpy.full(degrees.shape, len(_GREYS), dtype=int)
    names[grey] = numpy.digitize(bright[grey], (0.2, 0.85))
    starts = [start for _, _, start in _HUES[1:]]
    coloured = len(_GREYS) + 1 + numpy.where(degrees >= _HUES[0][2], 0, numpy.digitize(degrees, starts))
    names[~grey] = coloured[~grey]
    warm = ~grey & ((degrees < 44) & (degrees >= 10)) & (bright < 0.72)
    names[warm] = len(_GREYS)
    words = (*_GREYS, _BROWN, *((english, said) for english, said, _ in _HUES))
    counted = numpy.bincount(names.ravel(), minlength=len(words)) / names.size
    largest = [at for at in counted.argsort()[::-1][:MOST] if counted[at] >= ENOUGH]
    return tuple(words[at][1 if chinese else 0] for at in largest)
