"""A voice as a vector by GE2E (Wan et al. 2018): three LSTM layers over 40 mel bands, as Resemblyzer's weights have it.

Resemblyzer (Apache-2.0) carries its weights inside its package; they are used as data, without its code, librosa and
webrtcvad.
"""

from pathlib import Path
from typing import Any

import numpy
import numpy.typing

from assistant.media import SAMPLE_RATE
from assistant.ports.embedding import Vectors
from assistant.values.errors import SetupError
from assistant.values.messages import say

BANDS, HIDDEN, LAYERS = 40, 256, 3
WINDOW, HOP = SAMPLE_RATE * 25 // 1000, SAMPLE_RATE // 100
PARTIAL = 160  # frames that are looked at together: 1.6 s
STEP = 80  # frames from one such part to the next
LOUDNESS = 10 ** (-30 / 20)  # root mean square to which what is softer is raised
TOGETHER = 64  # parts computed at once


class Ge2eEncoder:
    """Implements VoiceEncoder."""

    same = 0.72
    shortest = 1.2

    def __init__(self, lstm: Any, weight: Any, bias: Any) -> None:
        self._lstm, self._weight, self._bias = lstm, weight, bias

    @classmethod
    def load(cls, path: Path) -> "Ge2eEncoder":
        """Raises SetupError."""
        import torch  # heavy: loaded with the model

        try:
            state = torch.load(path, map_location="cpu", weights_only=True)["model_state"]
            lstm = torch.nn.LSTM(BANDS, HIDDEN, LAYERS, batch_first=True)
            lstm.load_state_dict({name[5:]: value for name, value in state.items() if name.startswith("lstm.")})
            return cls(lstm.eval(), state["linear.weight"], state["linear.bias"])
        except Exception as error:  # torch raises almost anything over a file that is none of its own
            raise SetupError(
                say("The model of voices in {folder} cannot be read. Fetch it again.", folder=path.parent.name)
            ) from error

    def embed(self, samples: Vectors) -> Vectors:
        import torch

        frames = _mel(_raised(samples))
        frames = numpy.pad(frames, ((0, max(PARTIAL - len(frames), 0)), (0, 0)))
        starts = range(0, len(frames) - PARTIAL + 1, STEP)
        total = numpy.zeros(HIDDEN, numpy.float32)
        with torch.inference_mode():
            for first in range(0, len(starts), TOGETHER):
                parts = numpy.stack([frames[at : at + PARTIAL] for at in starts[first : first + TOGETHER]])
                _, (hidden, _) = self._lstm(torch.from_numpy(parts))
                found = torch.relu(hidden[-1] @ self._weight.T + self._bias)
                total += torch.nn.functional.normalize(found, dim=1).sum(0).numpy()
        unit: Vectors = total / max(float(numpy.linalg.norm(total)), 1e-9)
        return unit


def _raised(samples: Vectors) -> Vectors:
    loudness = float(numpy.sqrt(numpy.square(samples, dtype=numpy.float64).mean())) if len(samples) else 0.0
    return samples * numpy.float32(LOUDNESS / loudness) if 0 < loudness < LOUDNESS else samples


def _mel(samples: Vectors) -> Vectors:
    """Power in mel bands, shape (frames, bands); Slaney's scale, each band of the same area."""
    padded = numpy.pad(samples.astype(numpy.float32), WINDOW // 2)
    framed = numpy.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    window = numpy.hanning(WINDOW + 1)[:-1].astype(numpy.float32)
    power = numpy.square(numpy.abs(numpy.fft.rfft(framed * window, axis=1))).astype(numpy.float32)
    bands: Vectors = power @ _filters().T
    return bands


def _filters() -> Vectors:
    edges = _hertz(numpy.linspace(0, float(_mels(SAMPLE_RATE / 2)), BANDS + 2))
    at = numpy.fft.rfftfreq(WINDOW, 1 / SAMPLE_RATE)
    rising = (at - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - at) / (edges[2:] - edges[1:-1])[:, None]
    triangles = numpy.maximum(0, numpy.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    filters: Vectors = triangles.astype(numpy.float32)
    return filters


def _mels(hertz: float) -> float:
    """Linear up to 1,000 Hz, logarithmic above it."""
    return 15 + 27 * float(numpy.log(hertz / 1000)) / float(numpy.log(6.4)) if hertz >= 1000 else hertz * 3 / 200


def _hertz(mels: "numpy.typing.NDArray[numpy.float64]") -> "numpy.typing.NDArray[numpy.float64]":
    found: numpy.typing.NDArray[numpy.float64] = numpy.where(
        mels >= 15, 1000 * numpy.exp(numpy.log(6.4) / 27 * (mels - 15)), mels * 200 / 3
    )
    return found
