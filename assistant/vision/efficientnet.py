"""EfficientNet-Lite2, an image classifier small enough for any CPU. Knows nothing of what its classes are called.

Written after the published design: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
Networks" (2019), in the Lite variant of TensorFlow's own repository (tpu/models/official/efficientnet/lite, 2020): no
squeeze-and-excitation, ReLU6 throughout, first and last stage not scaled. Parts carry the names that the published
PyTorch weights have.
"""

import torch
from torch import nn
from torch.nn import functional

SIDE = 260  # pixels
CLASSES = 1000
_WIDTH, _DEPTH = 1.1, 1.2  # of Lite2, relative to the smallest one
_STEM, _HEAD = 32, 1280  # channels, the same for every Lite
_EPSILON = 1e-3  # as the weights were trained with

# repeats, kernel, stride, expansion, channels: table 1 of the paper
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


class EfficientNetLite2(nn.Module):
    """(n, 3, 260, 260), RGB, each value (level − 127) / 128, to (n, 1000) logits."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = _Same(3, _STEM, 3, 2)
        self._bn0 = nn.BatchNorm2d(_STEM, eps=_EPSILON)
        blocks: list[nn.Module] = []
        channels = _STEM
        for at, (repeats, kernel, stride, expansion, wanted) in enumerate(_STAGES):
            scaled = 0 < at < len(_STAGES) - 1
            out = _rounded(wanted * _WIDTH)
            for n in range(-int(-repeats * _DEPTH // 1) if scaled else repeats):
                blocks.append(_Block(channels, out, kernel, stride if n == 0 else 1, expansion))
                channels = out
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = nn.Conv2d(channels, _HEAD, 1, bias=False)
        self._bn1 = nn.BatchNorm2d(_HEAD, eps=_EPSILON)
        self._fc = nn.Linear(_HEAD, CLASSES)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        seen = functional.relu6(self._bn0(self._conv_stem(pixels)))
        for block in self._blocks:
            seen = block(seen)
        seen = functional.relu6(self._bn1(self._conv_head(seen)))
        logits: torch.Tensor = self._fc(seen.mean((2, 3)))
        return logits


class _Block(nn.Module):
    """MobileNet's inverted residual: widen, look at each channel by itself, narrow; what came in is added."""

    def __init__(self, channels: int, out: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = channels * expansion
        if expansion != 1:
            self._expand_conv = nn.Conv2d(channels, wide, 1, bias=False)
            self._bn0 = nn.BatchNorm2d(wide, eps=_EPSILON)
        self._depthwise_conv = _Same(wide, wide, kernel, stride, groups=wide)
        self._bn1 = nn.BatchNorm2d(wide, eps=_EPSILON)
        self._project_conv = nn.Conv2d(wide, out, 1, bias=False)
        self._bn2 = nn.BatchNorm2d(out, eps=_EPSILON)
        self._widens, self._adds = expansion != 1, stride == 1 and channels == out

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        wide = functional.relu6(self._bn0(self._expand_conv(seen))) if self._widens else seen
        wide = functional.relu6(self._bn1(self._depthwise_conv(wide)))
        narrow: torch.Tensor = self._bn2(self._project_conv(wide))
        return narrow + seen if self._adds else narrow


class _Same(nn.Conv2d):
    """A convolution padded as TensorFlow's SAME: what is odd goes to the right and the bottom."""

    def __init__(self, channels: int, out: int, kernel: int, stride: int, groups: int = 1) -> None:
        super().__init__(channels, out, kernel, stride, groups=groups, bias=False)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        down, across = (
            max((-(-side // step) - 1) * step + kernel - side, 0)
            for side, step, kernel in zip(input.shape[2:], self.stride, self.kernel_size, strict=True)
        )
        padded = functional.pad(input, (across // 2, across - across // 2, down // 2, down - down // 2))
        return super().forward(padded)


def _rounded(channels: float) -> int:
    """To a multiple of eight, and not down by more than a tenth."""
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * channels else nearest
