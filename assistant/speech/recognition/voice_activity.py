"""Where in a recording somebody speaks. Asked before any transcriber, which would invent words for silence.

Silero's voice activity detector, as faster-whisper ships it; it needs no torch and 2 ms a second of sound.
"""

from assistant.media import SAMPLE_RATE
from assistant.ports.embedding import Vectors
from assistant.settings.telemetry import silence_onnxruntime

Span = tuple[float, float]
PIECE = 600 * SAMPLE_RATE  # the detector copies what it looks at several times


def speech_spans(samples: Vectors, longest: float = 28.0) -> list[Span]:
    """(start, end) in seconds of each stretch of speech, in order, none over `longest` seconds.

    samples: mono float32 at 16 kHz. Silence, noise, tones, clicks and music without a voice give none.
    """
    if len(samples) == 0:
        return []
    silence_onnxruntime()
    # loads onnxruntime and its model
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_speech_duration_ms=100,  # a spoken "yes" is 200 ms
        max_speech_duration_s=longest,
        min_silence_duration_ms=500,
        speech_pad_ms=200,
    )
    spans: list[Span] = []
    for first in range(0, len(samples), PIECE):
        piece = samples[first : first + PIECE]
        for stamp in get_speech_timestamps(piece, options, sampling_rate=SAMPLE_RATE):
            start, end = first + stamp["start"], first + min(stamp["end"], len(piece))
            spans.append((start / SAMPLE_RATE, end / SAMPLE_RATE))
    return spans


def windows(spans: list[Span], longest: float = 28.0) -> list[list[Span]]:
    """Neighbouring spans in groups of at most `longest` seconds from end to end: Whisper listens to 30 at a time."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and span[1] - groups[-1][0][0] <= longest:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups
