"""Voices as vectors, so that those who speak in one recording are told apart. Nobody is recognised by them."""

from pathlib import Path

from assistant.ports.speech import VoiceEncoder
from assistant.values.errors import SetupError
from assistant.values.messages import say


def load_voice_encoder(folder: Path) -> VoiceEncoder:
    """By what the folder holds: Resemblyzer's .pt, or a speaker embedding as .onnx for sherpa-onnx.

    Raises SetupError.
    """
    if (pickled := min(folder.glob("*.pt"), default=None)) is not None:
        from assistant.speech.diarization.ge2e import Ge2eEncoder

        return Ge2eEncoder.load(pickled)
    if (model := min(folder.rglob("*.onnx"), default=None)) is not None:
        from assistant.speech.diarization.sherpa import SherpaEncoder

        return SherpaEncoder.load(model)
    raise SetupError(
        say(
            "{folder} holds no model of voices that I can use: I take Resemblyzer's .pt "
            "and speaker embeddings as .onnx.",
            folder=folder.name,
        )
    )
