"""The benchmark of hearing measures what it says; no weights."""

import numpy
import pytest

from assistant.ports.speech import Word
from assistant.speech.recognition.voice_activity import speech_spans
from benchmarks import voice
from benchmarks.not_speech import KINDS, pieces
from benchmarks.real_speech import Recording
from tests.support import media_made as made
from tests.support.fakes import HeardWords


def test_a_minute_holds_every_sound_and_is_the_same_each_time() -> None:
    first, again = dict(pieces(1)), dict(pieces(1))
    assert list(first) == list(KINDS)
    assert sum(len(samples) for samples in first.values()) == 60 * made.RATE
    for kind, samples in first.items():
        assert numpy.isfinite(samples).all(), kind
        assert 0 < numpy.abs(samples).max() < 1, kind
        assert numpy.array_equal(samples, again[kind]), kind


def test_hardly_any_of_these_sounds_is_taken_for_a_voice() -> None:
    voices = [kind for kind, samples in pieces(2) if speech_spans(samples)]
    assert len(voices) <= 4


def test_what_is_heard_where_nobody_speaks_is_counted() -> None:
    told = voice.phantoms(HeardWords("Thank you.", "Bye."), 2)
    assert told["phantom segments"] == 4
    assert told["phantoms by sound"] == {"silence": 4}
    assert voice.phantoms(HeardWords(), 1)["phantom segments"] == 0


# openai-whisper leaves its list of spellings to the garbage collector to close
@pytest.mark.filterwarnings(r"ignore:unclosed file .*english.json:ResourceWarning")
@pytest.mark.filterwarnings(r"ignore:[\s\S]*english.json:pytest.PytestUnraisableExceptionWarning")
def test_numbers_and_spelling_are_no_errors_of_words() -> None:
    assert voice.word_error_rate(["twenty five percent of the colour"], ["25% of the color."]) == 0
    assert voice.word_error_rate(["ask not what"], ["ask what"]) == pytest.approx(1 / 3)
    assert voice.word_error_rate(["ask"], [""]) == 1


def test_times_of_words_are_compared_with_the_alignment() -> None:
    class HeardWithTimes(HeardWords):
        def transcribe(self, *given: object, **asked: object):  # type: ignore[no-untyped-def]
            from assistant.ports.speech import Segment, Transcript

            words = (Word(0.2, 0.5, "He"), Word(0.9, 1.2, "was,"), Word(1.3, 1.6, "unheard"))
            return Transcript((Segment(0, 2, "He was, unheard", words),), "en", 2)

    spoken = [Recording("a", made.tone(2.0), "he was", (Word(0.1, 0.4, "he"), Word(0.6, 0.8, "was")))]
    told = voice.times(HeardWithTimes(), spoken)
    assert told["word times compared"] == 2
    assert told["word starts apart, most"] == 0.3
