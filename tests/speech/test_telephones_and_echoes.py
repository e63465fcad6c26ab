"""Speech as it comes out of telephones and rooms, with real models: heard all the same, and at its own seconds."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy
import pytest

from assistant.media import read_samples
from assistant.models.device import Device
from assistant.models.profiles import profile_named
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Transcriber
from assistant.settings.settings import Settings
from assistant.speech import load_transcriber
from assistant.speech.recognition.configured_transcriber import ConfiguredTranscriber
from assistant.values.errors import SetupError
from tests.speech.test_speech import word_errors
from tests.support import media_made as made

pytestmark = [
    pytest.mark.weights,
    pytest.mark.filterwarnings(r"ignore:unclosed file .*tiktoken:ResourceWarning"),
    pytest.mark.filterwarnings(r"ignore:[\s\S]*tiktoken:pytest.PytestUnraisableExceptionWarning"),
]


ASKED = "Who serviced the Kestrel pump, Dana Ortiz or Yusuf Demir?"


@pytest.fixture(scope="module")
def load(weights_folder: Callable[[str], Path]) -> Callable[[str], Transcriber]:
    loaded: dict[str, Transcriber] = {}

    def get(name: str) -> Transcriber:
        profile = profile_named(name)
        assert profile is not None
        if name not in loaded:
            here = Device("cpu", "CPU", 0, 0, "float32")
            loaded[name] = ConfiguredTranscriber(load_transcriber(profile, weights_folder(name), here), Settings)
        return loaded[name]

    return get


@pytest.fixture(scope="module")
def jfk() -> Vectors:
    return read_samples(made.JFK)


@pytest.mark.parametrize("name", ["whisper-base", "whisper-tiny.en"])
def test_a_name_of_the_conversation_is_spelt_as_it_is_there(
    load: Callable[[str], Transcriber], weights_folder: Callable[[str], Path], name: str
) -> None:
    """Whoever says it: the voice is a made one, the ears are real."""
    from assistant.speech.synthesis.kokoro import KokoroSpeaker

    profile, folder = profile_named("kokoro"), weights_folder("kokoro")
    assert profile is not None
    spoken = KokoroSpeaker.load(profile, folder, folder / "words").say(ASKED)
    at = numpy.arange(int(spoken.seconds * 16_000)) * spoken.rate / 16_000
    samples = numpy.interp(at, numpy.arange(len(spoken.samples)), spoken.samples).astype(numpy.float32)
    hints = ["Yusuf Demir and Dana Ortiz serviced the Kestrel pump."]
    names = ("Kestrel", "Dana Ortiz", "Yusuf Demir")
    without, hinted = (load(name).transcribe(samples, hints=given).text for given in ([], hints))
    assert sum(one in hinted for one in names) > sum(one in without for one in names), (without, hinted)
    assert "Dana Ortiz" in hinted, hinted


def by_telephone(jfk: Vectors, folder: Path) -> Vectors:
    return read_samples(made.write_sound(folder / "a.wav", jfk, "pcm_mulaw", rate=8000))


def by_mobile(jfk: Vectors, folder: Path) -> Vectors:
    return read_samples(made.write_sound(folder / "a.amr", jfk, "libopencore_amrnb", rate=8000))


def with_a_silent_side(jfk: Vectors, folder: Path) -> Vectors:
    import wave

    with wave.open(str(folder / "a.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(made.RATE)
        file.writeframes(numpy.stack([jfk * 32767, jfk * 0], axis=1).astype("<i2").tobytes())
    return read_samples(folder / "a.wav")


def quiet(jfk: Vectors, folder: Path) -> Vectors:
    return (jfk / 100).astype(numpy.float32)


def clipped(jfk: Vectors, folder: Path) -> Vectors:
    return numpy.clip(jfk * 10, -0.5, 0.5).astype(numpy.float32)


@pytest.mark.parametrize("room", [by_telephone, by_mobile, with_a_silent_side, quiet, clipped])
def test_a_famous_sentence_is_heard_from_everywhere(
    load: Callable[[str], Transcriber], jfk: Vectors, tmp_path: Path, room: Callable[[Vectors, Path], Vectors]
) -> None:
    heard = load("whisper-base").transcribe(room(jfk, tmp_path))
    assert word_errors(heard.text, made.JFK_WORDS) <= 0.15  # three words of 22; processors round differently
    assert heard.language == "en"


def test_two_languages_in_one_recording_are_both_written(load: Callable[[str], Transcriber]) -> None:
    english, chinese = read_samples(made.QUESTION_EN), read_samples(made.QUESTION_ZH)
    heard = load("whisper-base").transcribe(numpy.concatenate([english, made.silence(28), chinese]))
    assert "the pump" in heard.text
    assert "谁保养了水" in heard.text


# Where Kennedy's phrases begin and end, by their loudness, and how many words each has.
PHRASES = ((0.32, 2.12, 5), (3.28, 4.3, 2), (5.42, 7.5, 7), (8.18, 10.2, 8))


@pytest.mark.parametrize("name", ["whisper-base", "whisper-tiny.en"])
def test_words_lie_where_they_are_spoken(load: Callable[[str], Transcriber], jfk: Vectors, name: str) -> None:
    heard = load(name).transcribe(numpy.concatenate([made.silence(7), jfk, made.silence(3)]), words=True)
    words = [word for segment in heard.segments for word in segment.words]
    assert len(words) == 22
    assert all(one.end <= two.start + 0.05 for one, two in pairwise(words))
    for begins, ends, count in PHRASES:
        phrase, words = words[:count], words[count:]
        assert phrase[0].start == pytest.approx(7 + begins, abs=0.5)
        assert phrase[-1].end == pytest.approx(7 + ends, abs=0.5)


def test_what_is_said_in_chinese_is_written_in_english_where_that_is_asked(load: Callable[[str], Transcriber]) -> None:
    heard = load("whisper-base").transcribe(read_samples(made.QUESTION_ZH), task="translate")
    assert "next time" in heard.text.lower()
    assert heard.text.isascii()


def test_a_model_of_english_refuses_other_languages_and_translation(
    load: Callable[[str], Transcriber], jfk: Vectors
) -> None:
    with pytest.raises(SetupError, match="cannot translate what is said"):
        load("whisper-tiny.en").transcribe(jfk, task="translate")
    with pytest.raises(SetupError, match="hears English alone"):
        load("whisper-tiny.en").transcribe(jfk, "zh")
    assert load("whisper-tiny.en").transcribe(jfk, "en").segments
