"""Who reads a sentence: the voice model where it has a voice for its language, else espeak-ng, else a sentence says
that nobody can."""

from pathlib import Path

from assistant.models.cpu_priority import CpuPriority
from assistant.models.profiles import ModelProfile
from assistant.ports.speech import Speaker, SpeechAudio, VoiceInfo
from assistant.speech.synthesis.kokoro import KokoroSpeaker
from assistant.speech.text_normalization.language_id import identify_language
from assistant.values.errors import EngineError, SetupError
from assistant.values.messages import say


def load_speaker(profile: ModelProfile, folder: Path, words: Path, priority: CpuPriority | None = None) -> Speaker:
    """folder: where the profile's checkpoint lies. words: the folder of lexicons. priority: shared with other models.

    Raises SetupError for another kind of model.
    """
    match profile.family:
        case "kokoro":
            return KokoroSpeaker.load(profile, folder, words, priority)
        case _:
            raise SetupError(say("{model} is no voice. Choose kokoro.", model=profile.name))


class SpeakerWithFallback:
    """Implements Speaker with `first`, and with `last_resort` for languages that it does not speak."""

    def __init__(self, first: Speaker, last_resort: Speaker | None) -> None:
        self._first, self._last_resort = first, last_resort

    @property
    def profile(self) -> ModelProfile:
        return self._first.profile

    @property
    def voices(self) -> tuple[VoiceInfo, ...]:
        own = {voice.language for voice in self._first.voices}
        others = self._last_resort.voices if self._last_resort is not None else ()
        return (*self._first.voices, *(voice for voice in others if voice.language not in own))

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        """See Speaker. A voice that does not speak the language of the text gives way to one that does."""
        language = identify_language(text)
        speakers = [one for one in (self._first, self._last_resort) if one is not None]
        named = next((one for speaker in speakers for one in speaker.voices if one.name == voice), None)
        if voice and named is None:
            return self._first.say(text, voice, speed)  # which says that there is none
        speaker = next((one for one in speakers if language in {each.language for each in one.voices}), None)
        if speaker is None:
            raise EngineError(say("There is no voice here for this language. Install espeak-ng, and it is read aloud."))
        fits = named is not None and named.language == language and named in speaker.voices
        return speaker.say(text, voice if fits else "", speed)
