"""Speech as a WAV file: 16 bits, mono, at the rate of the voice."""

import io
import wave
from collections.abc import Sequence

import numpy

from assistant.ports.speech import SpeechAudio

PAUSE_SECONDS = 0.25  # between two sentences


def wav(spoken: Sequence[SpeechAudio]) -> bytes:
    """One after the other, with pauses between them. Two voices may have two rates: the first one's is kept."""
    rate = spoken[0].rate if spoken else 24_000
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        for number, one in enumerate(spoken):
            if number:
                out.writeframes(bytes(2 * int(rate * PAUSE_SECONDS)))
            samples = one.samples
            if one.rate != rate:
                at = numpy.arange(int(len(samples) * rate / one.rate)) * one.rate / rate
                samples = numpy.interp(at, numpy.arange(len(samples)), samples).astype(numpy.float32)
            out.writeframes((numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return made.getvalue()
