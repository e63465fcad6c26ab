"""Kokoro's voices by their names: "af_heart" is American, female and called Heart. Loads nothing."""

import re
from pathlib import PurePosixPath

from assistant.models.profiles import ModelProfile
from assistant.ports.speech import VoiceInfo

_SPOKEN_BY = {"a": ("en", "American"), "b": ("en", "British"), "z": ("zh", "Mandarin")}  # those that we have sounds for
_GENDERS = {"f": "female", "m": "male"}
_NAME = re.compile(r"([abz])([fm])_(\w+)")


def is_voice(name: str) -> bool:
    """Whether it is one of a language that can be spoken here."""
    return _NAME.fullmatch(name) is not None


def voice_named(name: str) -> VoiceInfo:
    """Raises ValueError where `is_voice` denies it."""
    if (matched := _NAME.fullmatch(name)) is None:
        raise ValueError(name)
    language, kind = _SPOKEN_BY[matched[1]]
    return VoiceInfo(name, language, f"{matched[3].capitalize()} ({kind}, {_GENDERS[matched[2]]})")


def voices_of(profile: ModelProfile | None) -> list[VoiceInfo]:
    """Those that its files name, before any is loaded."""
    checkpoint = profile.checkpoint if profile is not None and profile.family == "kokoro" else None
    names = [PurePosixPath(file.name).stem for file in checkpoint.files] if checkpoint is not None else []
    return [voice_named(name) for name in names if is_voice(name)]
