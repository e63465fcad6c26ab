"""Whisper by faster-whisper (CTranslate2): no torch, int8 on a CPU, from a folder with model.bin."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy

from assistant.media import SAMPLE_RATE
from assistant.models import processors
from assistant.models.device import Device, is_zerogpu
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Task, Transcript, Word
from assistant.settings.telemetry import silence_onnxruntime
from assistant.speech.recognition.decoding import (
    TEMPERATURES,
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

log = logging.getLogger(__name__)

SILENCE_AFTER = 200  # frames of 10 ms: less, and the model does not see that nothing follows, and repeats itself
SHORTEST = 500
CLEAR_LANGUAGE, CLEAR_WORDS = 0.8, -0.8  # certainty; mean log probability of the tokens
LIKELY_WORDS = -0.7  # in a language that is merely expected
CLEAR_CHARACTERS = -0.4  # in Chinese and its neighbours, where a brief hearing takes more characters for others
CHARACTERS = ("zh", "yue", "ja", "ko")
WORTH_LOADING = 30.0  # seconds of sound, which take longer than loading another model
BRIEF = 8  # seconds of speech, beyond which leaving out the silence after it saves little and costs words in noise


class FasterWhisper:
    """Where other work wants the processors as well it computes with one thread: its threads wait for one another at
    every step, and where one of them has to wait for a processor, so do all. The number of threads is fixed when a
    model is loaded, which takes a second: for a recording that is done at once, for what is brief when found twice.
    """

    def __init__(
        self,
        profile: ModelProfile,
        model: Any,
        load: Callable[[int], Any] | None = None,
        are_crowded: Callable[[], bool] = processors.are_crowded,
    ) -> None:
        """model: a faster_whisper.WhisperModel. load: another one with so many threads, 0: as many as it likes; None:
        the number of threads stays."""
        self.profile = profile
        self._loaded = _Loaded(model)
        self._load, self._are_crowded = load, are_crowded
        self._threads = self._wanted = 0
        self._changing = threading.Lock()

    @classmethod
    def load(cls, profile: ModelProfile, folder: Path, device: Device) -> "FasterWhisper":
        """Raises WeightsError where the folder cannot be used."""
        silence_onnxruntime()
        processors.wait_quietly()
        from faster_whisper import WhisperModel  # CTranslate2 and tokenizers

        # CTranslate2 holds a CUDA device from the start, which a GPU lent per call does not allow
        on_cuda = device.kind == "cuda" and not is_zerogpu()

        def load(threads: int) -> Any:
            return WhisperModel(
                str(folder),
                device="cuda" if on_cuda else "cpu",
                compute_type="float16" if on_cuda else "int8",
                cpu_threads=threads,
                local_files_only=True,
            )

        try:
            model = load(0)
        except Exception as error:  # CTranslate2 and tokenizers raise plain RuntimeError, ValueError and Exception
            raise WeightsError(
                say(
                    "The speech model {model} could not be loaded: its files are damaged or incomplete, "
                    "or there is too little memory. Fetch it again with `python app.py weights`, or "
                    "choose another model.",
                    model=profile.name,
                )
            ) from error
        return cls(profile, model, None if on_cuda else load)

    def transcribe(
        self,
        samples: Vectors,
        language: str = "",
        *,
        task: Task = "",
        words: bool = False,
        hints: Sequence[str] = (),
    ) -> Transcript:
        self._fit_threads(len(samples) / SAMPLE_RATE)
        model = self._loaded.model
        multilingual = model.model.is_multilingual
        check_language(language, {*model.supported_languages, "en"}, multilingual, self.profile.name)
        translate = check_task(task, multilingual and self.profile.translates, self.profile.name)
        return transcribe(samples, decoding_options(language, translate, words, hints, samples), self._hear)

    def _fit_threads(self, seconds: float) -> None:
        """Whoever hears with the model before goes on with it."""
        if self._load is None:
            return
        with self._changing:
            before, self._wanted = self._wanted, int(self._are_crowded())
            if self._wanted == self._threads or (seconds < WORTH_LOADING and before != self._wanted):
                return
            try:
                self._loaded, self._threads = _Loaded(self._load(self._wanted)), self._wanted
            except Exception:  # what loading raised the first time it may raise again; the model that is there serves
                self._load = None
                log.warning("%s could not be loaded with another number of threads.", self.profile.name, exc_info=True)

    def _hear(self, samples: Vectors, options: DecodingOptions) -> DecodedStretch:
        """Twice where that is quicker than once: briefly, and where that leaves a doubt as the model was trained."""
        if len(samples) < BRIEF * SAMPLE_RATE:
            stretch = self._listen(samples, options, brief=True)
            if _is_clear(stretch, options.expected):
                return stretch
        return self._listen(samples, options, brief=False)

    def _listen(self, samples: Vectors, options: DecodingOptions, brief: bool) -> DecodedStretch:
        loaded = self._loaded
        loaded.encoding.brief = brief
        find = not options.language and loaded.model.model.is_multilingual
        loaded.languages.forget()
        segments, _ = loaded.model.transcribe(
            samples,
            language=options.language or "en",
            multilingual=find,  # found in what is encoded anyway; language=None would encode it twice
            task="translate" if options.translate else "transcribe",
            temperature=TEMPERATURES,
            max_new_tokens=most_tokens(samples),
            condition_on_previous_text=False,
            hotwords=", ".join(options.names) or None,
            word_timestamps=options.words,
            vad_filter=False,  # done already, the same for every engine
        )
        heard = tuple(_heard(segment) for segment in segments)
        language, certainty = loaded.languages.found if find else (options.language or "en", 1.0)
        return DecodedStretch(heard, language, certainty)


class _Loaded:
    """A model, and what is put before two of its methods."""

    def __init__(self, model: Any) -> None:
        self.model = model
        model.model = self.languages = Languages(model.model)
        model.encode = self.encoding = Encoding(model.encode)


class Encoding(threading.local):
    """faster-whisper's own; briefly, it leaves out most of the silence up to 30 seconds that is appended to speech and
    takes as long to encode. brief: for each thread."""

    def __init__(self, encode: Callable[[Vectors], Any]) -> None:
        self._encode = encode
        self.brief = False

    def __call__(self, features: Vectors) -> Any:
        """features: shape (…, mels, frames), zero in every frame that was appended."""
        if self.brief:
            sounding = numpy.flatnonzero(features.any(axis=tuple(range(features.ndim - 1))))
            end = (int(sounding[-1]) + 1 if len(sounding) else 0) + SILENCE_AFTER
            features = features[..., : max(SHORTEST, end + end % 2)]
        return self._encode(features)


def _is_clear(stretch: DecodedStretch, expected: str) -> bool:
    """Whether hearing it with all the silence that the model was trained with could hardly tell more.

    In short, it is the language that is mistaken: words of a wrong one are less likely. expected: a language, or "".
    """
    sure = stretch.certainty >= CLEAR_LANGUAGE
    least = CLEAR_CHARACTERS if stretch.language in CHARACTERS else CLEAR_WORDS if sure else LIKELY_WORDS
    return (
        bool(stretch.segments)
        and (sure or (stretch.language == expected and stretch.is_in(expected)))
        and not _repeats(" ".join(one.text for one in stretch.segments))
        and all(
            one.log_probability >= least and one.compression < 1.6 and one.no_speech < 0.5 for one in stretch.segments
        )
    )


def _repeats(text: str) -> bool:
    """Whether some words in a row come twice: said so, or written twice because no silence followed."""
    words = text.casefold().split()
    rows = [tuple(words[at : at + 3]) for at in range(len(words) - 2)]
    return len(set(rows)) < len(rows)


class Languages(threading.local):
    """CTranslate2's model as it is, which remembers for each thread the language that it found first."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.found = ("", 0.0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def forget(self) -> None:
        self.found = ("", 0.0)

    def detect_language(self, encoded: Any) -> Any:
        results = self._model.detect_language(encoded)
        token, probability = results[0][0]
        if not self.found[0]:
            self.found = (token[2:-2], probability)  # "<|en|>"
        return results


def _heard(segment: Any) -> DecodedSegment:
    return DecodedSegment(
        segment.start,
        segment.end,
        segment.text,
        segment.no_speech_prob,
        segment.avg_logprob,
        segment.compression_ratio,
        tuple(Word(float(word.start), float(word.end), word.word) for word in segment.words or ()),
    )
