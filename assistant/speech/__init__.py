"""Hearing: who speaks when, and what is said. `load_transcriber` takes the engine that the profile asks for."""

from pathlib import Path

from assistant.models.device import Device
from assistant.models.profiles import ModelProfile
from assistant.ports.speech import Transcriber
from assistant.speech.recognition.faster_whisper import FasterWhisper
from assistant.speech.recognition.openai_whisper import OpenAIWhisper
from assistant.values.errors import SetupError
from assistant.values.messages import say


def load_transcriber(profile: ModelProfile, folder: Path, device: Device) -> Transcriber:
    """folder: where the profile's checkpoint lies. Raises WeightsError; SetupError for another kind of model."""
    match profile.family:
        case "openai-whisper":
            return OpenAIWhisper.load(profile, folder, device)
        case "faster-whisper":
            return FasterWhisper.load(profile, folder, device)
        case _:
            raise SetupError(
                say("{model} does not transcribe speech. Choose a Whisper model for --speech.", model=profile.name)
            )
