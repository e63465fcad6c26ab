"""A voice on a server with OpenAI's protocol (/audio/speech)."""

import io
import wave

import numpy

from assistant.engines.openai_server import OpenAIServer
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.ports.speech import SpeechAudio, VoiceInfo
from assistant.values.errors import EngineError
from assistant.values.messages import say

_NAMES = ("alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer")  # OpenAI's; others are taken too
_RATE = 24_000  # Hz: what the protocol says that bare samples have
_WIDTH = 2  # bytes of one sample


class RemoteSpeaker:
    """Implements Speaker."""

    def __init__(self, server: OpenAIServer) -> None:
        self._server = server
        self.profile = ModelProfile(server.name, "voice", "remote", "see the provider", "see the provider", 0)
        self.voices = tuple(VoiceInfo(name, "", name.capitalize()) for name in _NAMES)

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        """See Speaker. Whether the server has the voice, it says itself."""
        asked = {
            "model": self._server.model,
            "input": text,
            "voice": voice or _NAMES[0],
            "speed": min(2.0, max(0.5, speed)),
            "response_format": "wav",
        }
        data = self._server.fetch("audio/speech", json=asked)
        return SpeechAudio(text, *_samples(data))


def _samples(data: bytes) -> tuple[Vectors, int]:
    """A WAV file, or bare samples from servers that heed no format."""
    if data[:4] != b"RIFF":
        return _floats(data[: len(data) // _WIDTH * _WIDTH], 1), _RATE
    try:
        with wave.open(io.BytesIO(data)) as sound:
            rate, channels, width = sound.getframerate(), sound.getnchannels(), sound.getsampwidth()
            frames = sound.readframes(len(data))  # servers that stream write no length
    except (wave.Error, EOFError) as error:
        raise EngineError(say("The server's answer is no sound that I can play. Choose another voice.")) from error
    if width != _WIDTH:
        raise EngineError(say("The server's answer is no sound that I can play. Choose another voice."))
    return _floats(frames[: len(frames) // (width * channels) * width * channels], channels), rate


def _floats(frames: bytes, channels: int) -> Vectors:
    samples = numpy.frombuffer(frames, "<i2").reshape(-1, channels)
    mono: Vectors = samples.mean(axis=1, dtype=numpy.float32) / numpy.float32(32768)
    return mono
