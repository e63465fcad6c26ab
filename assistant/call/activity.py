"""Whether somebody speaks right now: one probability for each 32 ms of sound, as it comes.

Silero's detector as faster-whisper ships it, fed frame by frame with the state that it carries from one to the next
(`speech.recognition.voice_activity` asks the same network about whole recordings). A frame takes about 0.2 ms.
"""

from typing import Any, Protocol

import numpy

from assistant.ports.embedding import Vectors
from assistant.settings.telemetry import silence_onnxruntime

FRAME = 512  # samples at 16 kHz: what the network was trained on
FRAME_SECONDS = FRAME / 16_000
_CONTEXT = 64  # samples of the frame before, which the network sees again
_STATE = (1, 1, 128)


class Activity(Protocol):
    """Tells speech from everything else, for one stream of sound."""

    def probability(self, frame: Vectors) -> float:
        """How likely somebody speaks in this frame, the next of its stream: FRAME samples, mono float32 at 16 kHz."""
        ...


class SileroActivity:
    """Implements Activity. One for each stream; the network behind it is shared."""

    def __init__(self) -> None:
        self._session: Any = _session()
        self._h = self._c = numpy.zeros(_STATE, numpy.float32)
        self._context = numpy.zeros(_CONTEXT, numpy.float32)

    def probability(self, frame: Vectors) -> float:
        seen = numpy.concatenate([self._context, frame])[None, :]
        heard, self._h, self._c = self._session.run(None, {"input": seen, "h": self._h, "c": self._c})
        self._context = frame[-_CONTEXT:]
        return float(heard.reshape(-1)[0])


def _session() -> Any:
    silence_onnxruntime()
    # loads onnxruntime and its model, 2 MB
    from faster_whisper.vad import get_vad_model

    return get_vad_model().session


def level(samples: Vectors) -> float:
    """Loudness in decibels below full scale, −100 for silence."""
    power = float(numpy.mean(numpy.square(samples, dtype=numpy.float64))) if len(samples) else 0.0
    return max(-100.0, 10 * float(numpy.log10(power + 1e-12)))
