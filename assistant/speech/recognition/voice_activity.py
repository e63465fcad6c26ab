"""Where in a recording somebody speaks. Asked before any transcriber, which would invent words for silence.

Silero's voice activity detector, as faster-whisper ships it; it needs no torch and 2 ms a second of sound.
"""

import numpy

from assistant.media import SAMPLE_RATE
from assistant.ports.embedding import Vectors
from assistant.settings.telemetry import silence_onnxruntime

Span = tuple[float, float]
PIECE = 600 * SAMPLE_RATE  # the detector copies what it looks at several times
SPEECH = 0.5  # how sure the detector must be
SPEECH_BY_TELEPHONE = 0.3  # where nothing is above the telephone's band, without which it is less sure, of noise too
BAND = 4_500  # hertz: the upper end of that band
ABOVE = 3e-5  # of the power, that is still nothing
SILENT = 1.0  # power of a second's spectrum, below which there is nothing to be judged by
LEVELLED = SAMPLE_RATE // 4  # samples whose loudness is one number
AROUND = 6  # such numbers before and behind, whose loudest counts: pauses between words are not raised
USUAL = 0.06  # of full scale, root mean square: speech into a telephone
SOUND_CARD = 0.00008  # of full scale: its noise
MOST_RAISED = 300.0  # times


def speech_spans(samples: Vectors, longest: float = 28.0) -> list[Span]:
    """(start, end) in seconds of each stretch of speech, in order, none over `longest` seconds.

    samples: mono float32 at 16 kHz, however quiet. Silence, noise, tones, clicks and music without a voice give none.
    """
    if len(samples) == 0:
        return []
    silence_onnxruntime()
    # loads onnxruntime and its model
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    spans: list[Span] = []
    for first in range(0, len(samples), PIECE):
        piece = raised(samples[first : first + PIECE])
        options = VadOptions(
            threshold=SPEECH_BY_TELEPHONE if by_telephone(piece) else SPEECH,
            min_speech_duration_ms=100,  # a spoken "yes" is 200 ms
            max_speech_duration_s=longest,
            min_silence_duration_ms=500,
            speech_pad_ms=200,
        )
        for stamp in get_speech_timestamps(piece, options, sampling_rate=SAMPLE_RATE):
            start, end = first + stamp["start"], first + min(stamp["end"], len(piece))
            spans.append((start / SAMPLE_RATE, end / SAMPLE_RATE))
    return spans


def by_telephone(samples: Vectors) -> bool:
    """Whether most seconds have nothing above the band of a telephone, and so nobody's breath and hiss either."""
    shares = []
    above = numpy.fft.rfftfreq(SAMPLE_RATE, 1 / SAMPLE_RATE) > BAND
    for first in range(0, len(samples), SAMPLE_RATE):
        power = numpy.square(numpy.abs(numpy.fft.rfft(samples[first : first + SAMPLE_RATE], SAMPLE_RATE)))
        if (below := float(power[~above].sum())) > SILENT:
            shares.append(float(power[above].sum()) / below)
    return bool(shares) and float(numpy.median(shares)) < ABOVE


def raised(samples: Vectors) -> Vectors:
    """Quiet stretches as loud as speech usually is, so that somebody far from the microphone is noticed. What is loud
    enough stays as it is; what is nothing but the noise of a sound card is not raised to it."""
    frames = -(-len(samples) // LEVELLED)
    padded = numpy.pad(samples, (0, frames * LEVELLED - len(samples)))
    power = numpy.square(padded.reshape(frames, -1)).mean(axis=1)
    loudest = numpy.array([power[max(0, at - AROUND) : at + AROUND + 1].max() for at in range(frames)])
    level = numpy.sqrt(loudest)
    wanted = numpy.where(level > SOUND_CARD, USUAL / numpy.maximum(level, SOUND_CARD), 1.0).clip(1.0, MOST_RAISED)
    if wanted.max() <= 1.0:
        return samples
    even = numpy.convolve(
        numpy.pad(wanted, AROUND, mode="edge"), numpy.ones(2 * AROUND + 1) / (2 * AROUND + 1), "valid"
    )
    at = numpy.arange(len(samples), dtype=numpy.float32) / LEVELLED - 0.5
    gain = numpy.interp(at, numpy.arange(frames), even).astype(numpy.float32)
    louder: Vectors = numpy.clip(samples * gain, -1.0, 1.0)
    return louder


def windows(spans: list[Span], longest: float = 28.0) -> list[list[Span]]:
    """Neighbouring spans in groups of at most `longest` seconds from end to end: Whisper listens to 30 at a time."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and span[1] - groups[-1][0][0] <= longest:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups
