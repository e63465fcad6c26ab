"""ConfiguredSpeaker: speaks as the settings say, in each language with the voice chosen for it."""

from collections.abc import Callable

from assistant.models.profiles import ModelProfile
from assistant.ports.speech import Speaker, SpeechAudio, VoiceInfo
from assistant.settings.settings import Settings
from assistant.speech.text_normalization.language_id import identify_language


class ConfiguredSpeaker:
    """Implements Speaker over another one. settings: as they are now; they may change between two sentences."""

    def __init__(self, speaker: Speaker, settings: Callable[[], Settings]) -> None:
        self._speaker, self._settings = speaker, settings

    @property
    def profile(self) -> ModelProfile:
        return self._speaker.profile

    @property
    def voices(self) -> tuple[VoiceInfo, ...]:
        return self._speaker.voices

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        """See Speaker. speed: times the one in the settings."""
        now = self._settings()
        chosen = {"en": now.voice_english, "zh": now.voice_chinese}.get(identify_language(text), "auto")
        known = {one.name for one in self._speaker.voices}
        said = voice or (chosen if chosen in known else "")
        return self._speaker.say(text, said, min(2.0, max(0.5, speed * now.speaking_speed)))
