"""Speech that is quiet, late or said again and again is heard; silence and noise stay silent."""

from pathlib import Path

import numpy
import pytest

from assistant.media import read_samples
from assistant.speech.recognition.decoding import DecodedSegment, DecodedStretch, DecodingOptions, transcribe
from assistant.speech.recognition.voice_activity import by_telephone, raised, speech_spans
from tests.support import media_made as made
from tests.support.media_made import RATE, Samples


@pytest.fixture(scope="module")
def jfk() -> Samples:
    return read_samples(made.JFK)


def seconds_of_speech(samples: Samples) -> float:
    return sum(end - start for start, end in speech_spans(samples.astype(numpy.float32)))


@pytest.mark.parametrize("loudness", [0.1, 0.01, 0.001])
def test_a_quiet_voice_is_found_as_a_loud_one_is(jfk: Samples, loudness: float) -> None:
    assert seconds_of_speech(loudness * jfk) > 0.9 * seconds_of_speech(jfk)


def test_a_quiet_answer_behind_a_loud_question_and_one_after_a_long_silence_are_found(jfk: Samples) -> None:
    answer = 0.005 * read_samples(made.QUESTION_EN)
    both = numpy.concatenate([jfk, made.silence(2), answer])
    assert speech_spans(both)[-1][1] > len(jfk) / RATE + 5
    assert 40 < speech_spans(numpy.concatenate([made.silence(40), answer]).astype(numpy.float32))[0][0] < 41


@pytest.mark.parametrize(
    "sound",
    [made.silence(8), made.noise(8, 0.0002), made.noise(8, 0.01), 0.01 * made.melody(8), 0.01 * made.clicks(8)],
)
def test_what_is_no_voice_is_none_when_it_is_quiet(sound: Samples) -> None:
    assert speech_spans(sound.astype(numpy.float32)) == []


def test_what_is_loud_enough_stays_as_it_is(jfk: Samples) -> None:
    assert numpy.abs(raised(jfk) - jfk)[RATE : 10 * RATE].max() < 0.02


def _segment(start: float, end: float, text: str, compression: float = 1.2) -> DecodedSegment:
    return DecodedSegment(start, end, text, 0.02, -0.2, compression)


def test_words_said_again_and_again_are_kept_with_what_follows_them(jfk: Samples) -> None:
    """Over all of it the model loops; over a few seconds it hears what is said."""
    lengths = []

    def hear(samples: Samples, options: DecodingOptions) -> DecodedStretch:
        seconds = len(samples) / RATE
        lengths.append(seconds)
        if seconds > 8:
            return DecodedStretch((_segment(0, seconds, "All clear. " * 40, 6.5),), "en", 0.99)
        said = "Gate two is stuck." if len(lengths) > 2 else "All clear. All clear."
        return DecodedStretch((_segment(0, seconds, said),), "en", 0.99)

    heard = transcribe(jfk, DecodingOptions(), hear)
    assert heard.text.count("All clear.") >= 2
    assert "Gate two is stuck." in heard.text
    assert max(lengths[1:]) <= 7.0


def test_a_loop_that_is_heard_in_every_part_is_no_speech(jfk: Samples) -> None:
    def hear(samples: Samples, options: DecodingOptions) -> DecodedStretch:
        return DecodedStretch((_segment(0, len(samples) / RATE, "S-N-A-" * 40, 6.5),), "en", 0.99)

    assert transcribe(jfk, DecodingOptions(), hear).segments == ()


def test_what_begins_after_the_speech_has_stopped_was_never_said(jfk: Samples) -> None:
    def hear(samples: Samples, options: DecodingOptions) -> DecodedStretch:
        seconds = len(samples) / RATE
        once = _segment(0, seconds - 1, "Gate two is stuck.")
        return DecodedStretch((once, _segment(seconds, seconds + 2, "Gate two is stuck.")), "en", 0.99)

    assert transcribe(jfk, DecodingOptions(), hear).text == "Gate two is stuck."


def test_speech_by_telephone_is_found_as_it_is_without_one_and_noise_is_none(tmp_path: Path) -> None:
    question = read_samples(made.QUESTION_EN)
    narrow = read_samples(made.write_sound(tmp_path / "a.wav", question, "pcm_mulaw", rate=8000))
    assert by_telephone(narrow)
    assert not by_telephone(question)
    assert seconds_of_speech(narrow) >= seconds_of_speech(question) - 0.1
    for sound in (made.noise(10), made.melody(10), made.tone(10), made.clicks(10)):
        assert not seconds_of_speech(read_samples(made.write_sound(tmp_path / "b.wav", sound, "pcm_mulaw", rate=8000)))
