"""Whisper by OpenAI's own package (torch), from a checkpoint file such as tiny.en.pt."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.models.device import Device, on_gpu
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Task, Transcript, Word
from assistant.speech.recognition.decoding import (
    TEMPERATURES,
    Decode,
    DecodedSegment,
    DecodedStretch,
    DecodingOptions,
    check_language,
    check_task,
    decoding_options,
    most_tokens,
    transcribe,
)
from assistant.values.errors import WeightsError
from assistant.values.messages import say


class OpenAIWhisper:
    def __init__(self, profile: ModelProfile, hear: Decode, languages: set[str], multilingual: bool) -> None:
        self.profile = profile
        self._hear = hear
        self._languages = languages
        self._multilingual = multilingual

    @classmethod
    def load(cls, profile: ModelProfile, folder_or_pt: Path, device: Device) -> "OpenAIWhisper":
        """Raises WeightsError where the checkpoint cannot be used."""
        # torch and numba: seconds
        import whisper
        from whisper.tokenizer import LANGUAGES

        # on Apple's GPU its sparse alignment heads cannot be held
        place = "cuda" if device.kind == "cuda" else "cpu"
        try:
            model = whisper.load_model(str(_checkpoint(folder_or_pt)), device=place)
        except Exception as error:  # torch.load of damaged bytes raises almost anything
            raise WeightsError(
                say(
                    "The speech model {model} could not be loaded: its file is damaged, or there is too "
                    "little memory. Fetch it again with `python app.py weights`, or choose another model.",
                    model=profile.name,
                )
            ) from error
        return cls(profile, _hearing(model, half=place == "cuda"), set(LANGUAGES), model.is_multilingual)

    def transcribe(
        self,
        samples: Vectors,
        language: str = "",
        *,
        task: Task = "",
        words: bool = False,
        hints: Sequence[str] = (),
    ) -> Transcript:
        check_language(language, self._languages, self._multilingual, self.profile.name)
        translate = check_task(task, self._multilingual and self.profile.translates, self.profile.name)
        return transcribe(samples, decoding_options(language, translate, words, hints, samples), self._hear)


def _checkpoint(folder_or_pt: Path) -> Path:
    if folder_or_pt.is_dir():
        return next(iter(sorted(folder_or_pt.glob("*.pt"))), folder_or_pt / "model.pt")
    return folder_or_pt


def _hearing(model: Any, half: bool) -> Decode:
    # The model keeps its cache in hooks on itself: one recording at a time.
    lock = threading.Lock()

    # A function over the model, not a method: what crosses to a lent GPU's process is its arguments alone.
    def hear(samples: Vectors, options: DecodingOptions) -> DecodedStretch:
        with lock:
            language, certainty = options.language, 1.0
            if not model.is_multilingual:
                language = "en"
            elif not language:
                language, certainty = _language(model, samples)
            result = model.transcribe(
                samples,
                language=language,
                task="translate" if options.translate else "transcribe",
                word_timestamps=options.words,
                temperature=TEMPERATURES,
                sample_len=most_tokens(samples),
                condition_on_previous_text=False,
                initial_prompt=", ".join(options.names) or None,
                fp16=half,
                verbose=None,
            )
        return DecodedStretch(tuple(_heard(segment) for segment in result["segments"]), language, certainty)

    return on_gpu(hear)


def _language(model: Any, samples: Vectors) -> tuple[str, float]:
    from whisper.audio import log_mel_spectrogram, pad_or_trim

    spectrum = log_mel_spectrogram(pad_or_trim(samples), n_mels=model.dims.n_mels)
    _, probabilities = model.detect_language(spectrum.to(model.device))
    best = max(probabilities, key=probabilities.get)
    return str(best), float(probabilities[best])


def _heard(segment: dict[str, Any]) -> DecodedSegment:
    return DecodedSegment(
        segment["start"],
        segment["end"],
        segment["text"],
        segment["no_speech_prob"],
        segment["avg_logprob"],
        segment["compression_ratio"],
        tuple(Word(float(word["start"]), float(word["end"]), word["word"]) for word in segment.get("words", ())),
    )
