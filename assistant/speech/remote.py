"""Speech recognition on a server with OpenAI's protocol (/audio/transcriptions)."""

import io
import wave
from typing import Any

import numpy

from assistant.errors import EngineError
from assistant.media import SAMPLE_RATE
from assistant.openai_server import Server
from assistant.ports import Transcript, Vectors
from assistant.profiles import ModelProfile
from assistant.speech.listening import Heard, Stretch, transcribe


class RemoteTranscriber:
    """Implements Transcriber. Voice activity is checked here, so silence is sent nowhere."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._segments = True  # until the server says that it gives none
        self.profile = ModelProfile(
            server.name, "speech", "remote", "see the provider", "see the provider", 0, hears_audio=True
        )

    def transcribe(self, samples: Vectors, language: str = "") -> Transcript:
        return transcribe(samples, language, self._hear)

    def _hear(self, samples: Vectors, language: str) -> Stretch:
        told = self._ask(samples, language)
        seconds = len(samples) / SAMPLE_RATE
        whole = [{"start": 0.0, "end": seconds, "text": told.get("text", "")}]
        segments = tuple(
            Heard(
                float(one.get("start", 0.0)),
                float(one.get("end", seconds)),
                str(one.get("text", "")),
                float(one.get("no_speech_prob", 0.0)),
                float(one.get("avg_logprob", 0.0)),
                float(one.get("compression_ratio", 1.0)),
            )
            for one in told.get("segments") or whole
        )
        return Stretch(segments, _code(str(told.get("language") or language)), 1.0)

    def _ask(self, samples: Vectors, language: str) -> dict[str, Any]:
        data = {"model": self._server.model, **({"language": language} if language else {})}
        files = {"file": ("speech.wav", _wav(samples), "audio/wav")}
        if self._segments:
            try:
                return dict(
                    self._server.post(
                        "audio/transcriptions", files=files, data=data | {"response_format": "verbose_json"}
                    )
                )
            except EngineError as error:
                if "(400)" not in str(error):
                    raise
                self._segments = False  # some models give text alone
        return dict(self._server.post("audio/transcriptions", files=files, data=data | {"response_format": "json"}))


def _wav(samples: Vectors) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes((numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return made.getvalue()


def _code(language: str) -> str:
    """Servers name the language in English ("chinese") or by its code."""
    names = {"english": "en", "chinese": "zh", "german": "de", "french": "fr", "spanish": "es", "japanese": "ja"}
    return names.get(language.lower(), language.lower()[:2])
