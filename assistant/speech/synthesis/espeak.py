"""espeak-ng, the last resort: a program of its own that speaks a hundred languages, mechanically.

It is under the GPL and no part of Medley: it is run where a person has installed it, and nothing is lost without it.
"""

import io
import shutil
import subprocess
import wave

import numpy

from assistant.models.profiles import ModelProfile, profile_named
from assistant.ports.speech import SpeechAudio, VoiceInfo
from assistant.speech.text_normalization.language_id import identify_language
from assistant.speech.text_normalization.normalize import normalize_text
from assistant.values.errors import BadInput, EngineError
from assistant.values.messages import say

_PROGRAMS = ("espeak-ng", "espeak")
_WORDS_A_MINUTE = 170
_SECONDS = 30.0
_LONGEST = 5_000  # characters at once
_VOICES = {"zh": "cmn", "en": "en-us", "pt": "pt-br"}  # what it calls them, where that is not ISO 639-1


class Espeak:
    """Implements Speaker. program: where it lies. languages: ISO 639-1, as it names its voices."""

    def __init__(self, program: str, languages: tuple[str, ...]) -> None:
        profile = profile_named("espeak-ng")
        assert profile is not None
        self.profile: ModelProfile = profile
        self._program = program
        self.voices = tuple(VoiceInfo(f"espeak-{one}", one, f"espeak-ng ({one})") for one in languages)

    @classmethod
    def find(cls) -> "Espeak | None":
        """None where it is not installed, or does not run."""
        program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
        if program is None:
            return None
        try:
            told = subprocess.run([program, "--voices"], capture_output=True, timeout=_SECONDS, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        rows = [line.split() for line in told.stdout.decode("utf-8", "replace").splitlines()[1:]]
        named = {row[1].partition("-")[0] for row in rows if len(row) > 1}
        languages = {"zh" if one == "cmn" else one for one in named}
        return cls(program, tuple(sorted(one for one in languages if len(one) == 2)))

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        """See Speaker."""
        language = voice.removeprefix("espeak-") if voice else identify_language(text)
        if language not in {one.language for one in self.voices}:
            raise BadInput(say("espeak-ng has no voice “{voice}”.", voice=voice or language))
        said = normalize_text(text, language)
        pace = str(int(_WORDS_A_MINUTE * min(2.0, max(0.5, speed))))
        command = [self._program, "-v", _VOICES.get(language, language), "-s", pace, "-b", "1", "--stdin", "--stdout"]
        try:
            told = subprocess.run(
                command, input=said[:_LONGEST].encode(), capture_output=True, timeout=_SECONDS, check=True
            )
            with wave.open(io.BytesIO(_with_length(told.stdout))) as sound:
                rate, data = sound.getframerate(), sound.readframes(sound.getnframes())
        except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as error:
            raise EngineError(say("espeak-ng could not read this aloud.")) from error
        return SpeechAudio(text, numpy.frombuffer(data, "<i2").astype(numpy.float32) / numpy.float32(32768), rate)


def _with_length(data: bytes) -> bytes:
    """It writes to a pipe, so the lengths in the header are made up: they are put right."""
    return (
        data[:4]
        + (len(data) - 8).to_bytes(4, "little")
        + data[8:40]
        + (len(data) - 44).to_bytes(4, "little")
        + data[44:]
    )
