"""Who spoke, by voice, with the real weights on real recordings and made voices."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.models.profiles import VOICE_ENCODER, profile_named
from assistant.ports.speech import VoiceEncoder
from assistant.settings.settings import from_environment
from assistant.speech.diarization import load_voice_encoder
from assistant.speech.synthesis.kokoro import KokoroSpeaker
from assistant.values.errors import Unreachable
from assistant.weights import Weights
from benchmarks.two_channels import Keeping
from benchmarks.who_spoke import at_true_times, made, measured, real

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def weights() -> Weights:
    return Weights(from_environment(os.environ).cache)


@pytest.fixture(scope="module")
def encoder(weights: Weights) -> VoiceEncoder:
    try:
        return load_voice_encoder(weights.fetch(VOICE_ENCODER))
    except Unreachable as error:
        pytest.skip(f"the model of voices is not to be had here: {error}")


def test_four_people_of_real_recordings_are_told_apart_and_one_alone_stays_one(
    weights: Weights, encoder: VoiceEncoder
) -> None:
    for talk in real(weights):
        if "telephone" not in talk.name:
            told = measured(talk, at_true_times(talk, encoder))
            assert told["voices"] == told["speakers"], (talk.name, told)
            assert told["error"] <= 0.05, (talk.name, told)


def test_made_voices_are_told_apart(weights_folder: Callable[[str], Path], encoder: VoiceEncoder) -> None:
    profile, folder = profile_named("kokoro"), weights_folder("kokoro")
    assert profile is not None
    voices = Keeping(KokoroSpeaker.load(profile, folder, folder / "words"))
    talk = next(one for one in made(voices, 1) if one.name == "made, two")
    assert measured(talk, at_true_times(talk, encoder))["error"] <= 0.05
