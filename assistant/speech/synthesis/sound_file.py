"""Speech as a sound file: mono, at the rate of the voice."""

from collections.abc import Sequence

import numpy
import numpy.typing

from assistant.media.encoded_sound import SoundFormat, encoded
from assistant.ports.speech import SpeechAudio

PAUSE_SECONDS = 0.25  # between two sentences
RATE = 24_000  # where nothing is said


def wav(spoken: Sequence[SpeechAudio]) -> bytes:
    """One after the other, with pauses between them. Two voices may have two rates: the first one's is kept."""
    return sound_file(spoken, "wav")


def sound_file(spoken: Sequence[SpeechAudio], form: SoundFormat, rate: int = 0) -> bytes:
    """The same in another format. rate: samples a second; 0: those of the first voice."""
    rate = rate or (spoken[0].rate if spoken else RATE)
    pause = numpy.zeros(int(rate * PAUSE_SECONDS), numpy.int16)
    pieces = [piece for one in spoken for piece in (pause, _samples(one, rate))][1:]
    return encoded(numpy.concatenate(pieces) if pieces else pause[:0], rate, form)


def _samples(one: SpeechAudio, rate: int) -> numpy.typing.NDArray[numpy.int16]:
    samples = one.samples
    if one.rate != rate:
        at = numpy.arange(int(len(samples) * rate / one.rate)) * one.rate / rate
        samples = numpy.interp(at, numpy.arange(len(samples)), samples).astype(numpy.float32)
    return (numpy.clip(samples, -1, 1) * 32767).astype(numpy.int16)
