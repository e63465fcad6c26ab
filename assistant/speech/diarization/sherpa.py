"""A voice as a vector by sherpa-onnx (Apache-2.0), from a model of WeSpeaker, 3D-Speaker or NeMo as one .onnx file."""

from pathlib import Path
from typing import Any

import numpy

from assistant.media import SAMPLE_RATE
from assistant.ports.embedding import Vectors
from assistant.values.errors import SetupError
from assistant.values.messages import say


class SherpaEncoder:
    """Implements VoiceEncoder. extractor: a sherpa_onnx.SpeakerEmbeddingExtractor."""

    same = 0.5
    shortest = 1.0

    def __init__(self, extractor: Any) -> None:
        self._extractor = extractor

    @classmethod
    def load(cls, model: Path, threads: int = 1) -> "SherpaEncoder":
        """Raises SetupError, also where sherpa-onnx is not installed: it is an extra."""
        try:
            import sherpa_onnx  # heavy, and not always there
        except ImportError as error:
            raise SetupError(
                say("Speakers are told apart with this model by sherpa-onnx. Install it: pip install sherpa-onnx")
            ) from error
        config = sherpa_onnx.SpeakerEmbeddingExtractorConfig(model=str(model), num_threads=threads, provider="cpu")
        if not config.validate():
            raise SetupError(say("sherpa-onnx cannot use {model}.", model=model.name))
        try:
            return cls(sherpa_onnx.SpeakerEmbeddingExtractor(config))
        except Exception as error:  # what its C++ throws over a model of another kind
            raise SetupError(say("sherpa-onnx cannot use {model}.", model=model.name)) from error

    def embed(self, samples: Vectors) -> Vectors:
        stream = self._extractor.create_stream()
        stream.accept_waveform(SAMPLE_RATE, samples.astype(numpy.float32))
        stream.input_finished()
        if not self._extractor.is_ready(stream):
            return numpy.zeros(self._extractor.dim, numpy.float32)
        found = numpy.asarray(self._extractor.compute(stream), numpy.float32)
        unit: Vectors = found / max(float(numpy.linalg.norm(found)), 1e-9)
        return unit
