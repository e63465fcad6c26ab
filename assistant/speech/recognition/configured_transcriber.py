"""ConfiguredTranscriber: transcribes as the settings say, where a call does not say otherwise."""

from collections.abc import Callable, Sequence

from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Task, Transcriber, Transcript
from assistant.settings.settings import Settings
from assistant.speech.recognition.inverse_normalization import inverse_normalized


class ConfiguredTranscriber:
    """Implements Transcriber over another one. settings: as they are now; they may change between two calls."""

    def __init__(self, transcriber: Transcriber, settings: Callable[[], Settings]) -> None:
        self._transcriber, self._settings = transcriber, settings

    @property
    def profile(self) -> ModelProfile:
        return self._transcriber.profile

    def transcribe(
        self, samples: Vectors, language: str = "", *, task: Task = "", words: bool = False, hints: Sequence[str] = ()
    ) -> Transcript:
        now = self._settings()
        heard = self._transcriber.transcribe(
            samples,
            language or now.speech_language.replace("auto", ""),
            task=task or ("translate" if now.speech_translate else "transcribe"),
            words=words,
            hints=hints,
        )
        return inverse_normalized(heard, now.chinese_script, hints)
