"""Calls on two channels with real voices and real ears: each word on the channel of who speaks it."""

from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

from assistant.models.device import Device
from assistant.models.profiles import profile_named
from assistant.settings.settings import Settings
from assistant.speech import load_transcriber
from assistant.speech.recognition.configured_transcriber import ConfiguredTranscriber
from assistant.speech.synthesis.kokoro import KokoroSpeaker
from benchmarks import two_channels
from benchmarks.two_channels import ROOMS, Keeping, errors, heard_by_side, right_channel, talk, units, write

pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # a file that Whisper leaves open
    pytest.mark.weights,
    pytest.mark.filterwarnings(r"ignore:unclosed file .*tiktoken:ResourceWarning"),
    pytest.mark.filterwarnings(r"ignore:[\s\S]*tiktoken:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def hearing(weights_folder: Callable[[str], Path]) -> ConfiguredTranscriber:
    profile = profile_named("whisper-base")
    assert profile is not None
    here = Device("cpu", "CPU", 0, 0, "float32")
    return ConfiguredTranscriber(load_transcriber(profile, weights_folder("whisper-base"), here), Settings)


@pytest.fixture(scope="module")
def voices(weights_folder: Callable[[str], Path]) -> Keeping:
    profile, folder = profile_named("kokoro"), weights_folder("kokoro")
    assert profile is not None
    return Keeping(KokoroSpeaker.load(profile, folder, folder / "words"))


@pytest.mark.parametrize(
    ("language", "room", "wrong"),
    [
        ("en", "at once and 20 dB lower", 0.05),
        ("en", "noise 10 dB below", 0.15),
        ("en", "telephone", 0.15),
        ("zh", "the other side 20 dB lower", 0.2),
    ],
)
def test_words_are_on_the_channel_of_who_speaks_them(
    tmp_path: Path, hearing: ConfiguredTranscriber, voices: Keeping, language: str, room: str, wrong: float
) -> None:
    make, at_once = ROOMS[room]
    call = make(talk(voices, language, at_once, 1), numpy.random.default_rng(7))
    heard = heard_by_side(write(tmp_path / "call.wav", call), hearing)
    said = {side: units(call.said(side), language) for side in two_channels.SIDES}
    got = {side: units([words for where, words in heard if where == side], language) for side in two_channels.SIDES}
    assert right_channel(said, got) >= 0.95
    missed = sum(errors(said[side], got[side]) for side in two_channels.SIDES)
    assert missed <= wrong * sum(map(len, said.values())), heard
