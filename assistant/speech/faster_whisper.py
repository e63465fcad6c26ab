"""Whisper by faster-whisper (CTranslate2): no torch, int8 on a CPU, from a folder with model.bin."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.device import Device, is_zerogpu
from assistant.errors import WeightsError
from assistant.ports import Task, Transcript, Vectors, Word
from assistant.profiles import ModelProfile
from assistant.speech.listening import (
    TEMPERATURES,
    Asked,
    Heard,
    Stretch,
    check_language,
    check_task,
    most_tokens,
    transcribe,
)  # fmt: skip


class FasterWhisper:
    def __init__(self, profile: ModelProfile, model: Any) -> None:
        self.profile = profile
        self._model = model

    @classmethod
    def load(cls, profile: ModelProfile, folder: Path, device: Device) -> "FasterWhisper":
        """Raises WeightsError where the folder cannot be used."""
        from faster_whisper import WhisperModel  # CTranslate2 and tokenizers

        # CTranslate2 holds a CUDA device from the start, which a GPU lent per call does not allow
        on_cuda = device.kind == "cuda" and not is_zerogpu()
        try:
            model = WhisperModel(
                str(folder),
                device="cuda" if on_cuda else "cpu",
                compute_type="float16" if on_cuda else "int8",
                local_files_only=True,
            )
        except Exception as error:  # CTranslate2 and tokenizers raise plain RuntimeError, ValueError and Exception
            raise WeightsError(
                f"The speech model {profile.name} could not be loaded: its files are damaged or incomplete, or there "
                "is too little memory. Fetch it again with `python app.py weights`, or choose another model."
            ) from error
        return cls(profile, model)

    def transcribe(
        self,
        samples: Vectors,
        language: str = "",
        *,
        task: Task = "",
        words: bool = False,
        hints: Sequence[str] = (),  # noqa: ARG002 - see assistant/speech/as_settled.py
    ) -> Transcript:
        check_language(language, {*self._model.supported_languages, "en"})
        translate = check_task(task, self._model.model.is_multilingual, self.profile.name)
        return transcribe(samples, Asked(language, translate, words), self._hear)

    def _hear(self, samples: Vectors, asked: Asked) -> Stretch:
        segments, info = self._model.transcribe(
            samples,
            language=asked.language or None,
            task="translate" if asked.translate else "transcribe",
            temperature=TEMPERATURES,
            max_new_tokens=most_tokens(samples),
            condition_on_previous_text=False,
            word_timestamps=asked.words,
            vad_filter=False,  # done already, the same for every engine
        )
        return Stretch(tuple(_heard(segment) for segment in segments), info.language, info.language_probability)


def _heard(segment: Any) -> Heard:
    return Heard(
        segment.start,
        segment.end,
        segment.text,
        segment.no_speech_prob,
        segment.avg_logprob,
        segment.compression_ratio,
        tuple(Word(word.start, word.end, word.word) for word in segment.words or ()),
    )
