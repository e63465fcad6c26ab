"""Speech recognition on a server with OpenAI's protocol (/audio/transcriptions, /audio/translations)."""

import io
import wave
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy

from assistant.engines.openai_server import OpenAIServer
from assistant.engines.remote_errors import status_of
from assistant.media import SAMPLE_RATE
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Task, Transcript, Word
from assistant.speech.recognition.decoding import (
    DecodedSegment,
    DecodedStretch,
    DecodingOptions,
    decoding_options,
    transcribe,
)
from assistant.values.errors import EngineError, SetupError
from assistant.values.messages import say


class RemoteTranscriber:
    """Implements Transcriber. Voice activity is checked here, so silence is sent nowhere."""

    def __init__(self, server: OpenAIServer) -> None:
        self._server = server
        self._segments = True  # until the server says that it gives none
        self.profile = ModelProfile(server.name, "speech", "remote", "see the provider", "see the provider", 0)

    def transcribe(
        self,
        samples: Vectors,
        language: str = "",
        *,
        task: Task = "",
        words: bool = False,
        hints: Sequence[str] = (),
    ) -> Transcript:
        return transcribe(samples, decoding_options(language, task == "translate", words, hints, samples), self._hear)

    def _hear(self, samples: Vectors, options: DecodingOptions) -> DecodedStretch:
        told = self._ask(samples, options)
        seconds = len(samples) / SAMPLE_RATE
        whole = [{"start": 0.0, "end": seconds, "text": told.get("text", "")}]
        segments = tuple(
            DecodedSegment(
                float(one.get("start", 0.0)),
                float(one.get("end", seconds)),
                str(one.get("text", "")),
                float(one.get("no_speech_prob", 0.0)),
                float(one.get("avg_logprob", 0.0)),
                float(one.get("compression_ratio", 1.0)),
            )
            for one in told.get("segments") or whole
        )
        language = "" if options.translate else str(told.get("language") or options.language)
        return DecodedStretch(_with_words(segments, told.get("words") or ()), _code(language), 1.0)

    def _ask(self, samples: Vectors, options: DecodingOptions) -> dict[str, Any]:
        data: dict[str, Any] = {"model": self._server.model}
        if options.language and not options.translate:
            data["language"] = options.language
        if options.names:
            data["prompt"] = ", ".join(options.names)
        if self._segments:
            data["response_format"] = "verbose_json"
            if options.words and not options.translate:
                data["timestamp_granularities[]"] = ["word", "segment"]
            try:
                return self._post(samples, data, options.translate)
            except EngineError as error:
                if error.__cause__ is None or status_of(error.__cause__) != 400:
                    raise
                data.pop("timestamp_granularities[]", None)
        told = self._post(samples, data | {"response_format": "json"}, options.translate)
        self._segments = False  # some models give text alone
        return told

    def _post(self, samples: Vectors, data: dict[str, Any], translate: bool) -> dict[str, Any]:
        files = {"file": ("speech.wav", _wav(samples), "audio/wav")}
        try:
            return dict(
                self._server.post(f"audio/{'translations' if translate else 'transcriptions'}", files=files, data=data)
            )
        except EngineError as error:
            if translate and error.__cause__ is not None and status_of(error.__cause__) in (404, 405):
                raise SetupError(
                    say(
                        "{model} cannot translate what is said. Choose a model that can, such as whisper-base.",
                        model=self.profile.name,
                    )
                ) from error
            raise


def _with_words(segments: tuple[DecodedSegment, ...], words: Sequence[dict[str, Any]]) -> tuple[DecodedSegment, ...]:
    """Servers list the words beside the segments: each belongs to the one in which its middle lies."""
    timed = [Word(float(one["start"]), float(one["end"]), str(one["word"])) for one in words]

    def within(segment: DecodedSegment) -> tuple[Word, ...]:
        return tuple(word for word in timed if segment.start <= (word.start + word.end) / 2 < segment.end)

    return tuple(replace(segment, words=within(segment)) for segment in segments)


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
