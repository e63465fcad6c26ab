"""Hearing: nothing is heard where nobody speaks, seconds are the recording's own, doubted words are dropped."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy
import pytest

from assistant.media import read_samples
from assistant.models.device import Device
from assistant.models.profiles import profile_named
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Transcriber, Word
from assistant.speech import load_transcriber
from assistant.speech.recognition.decoding import (
    DecodedSegment,
    DecodedStretch,
    DecodingOptions,
    decoding_options,
    transcribe,
)
from assistant.speech.recognition.faster_whisper import FasterWhisper
from assistant.speech.recognition.voice_activity import speech_spans, windows
from assistant.text.chinese_scripts import folded
from assistant.values.errors import EngineError, SetupError, WeightsError
from tests.support import media_made as made

# openai-whisper leaves its vocabulary file to the garbage collector to close
pytestmark = [
    pytest.mark.filterwarnings(r"ignore:unclosed file .*tiktoken:ResourceWarning"),
    pytest.mark.filterwarnings(r"ignore:[\s\S]*tiktoken:pytest.PytestUnraisableExceptionWarning"),
]
CPU = Device("cpu", "CPU", 0, 0, "float32")
BOTH = ("whisper-base", "whisper-tiny.en")
WITHOUT_SPEECH = {
    "silence": made.silence(),
    "white noise": made.noise(),
    "quiet noise": made.noise(loudness=0.003),
    "a tone": made.tone(),
    "hum": made.tone(hertz=100),
    "clicks": made.clicks(),
    "music": made.melody(6.0),
    "nothing at all": made.silence(0),
    "a moment": made.silence(0.01),
}


class FakeWhisper:
    """Hears one segment of a second in every stretch, and remembers what it was given."""

    def __init__(self, *heard: DecodedSegment, language: str = "en", certainty: float = 0.9) -> None:
        self.heard = heard or (DecodedSegment(0.5, 1.5, " word", 0.1, -0.2, 1.2),)
        self.language, self.certainty = language, certainty
        self.given: list[tuple[float, str]] = []

    def __call__(self, samples: Vectors, options: DecodingOptions) -> DecodedStretch:
        self.given.append((len(samples) / made.RATE, options.language))
        return DecodedStretch(self.heard, options.language or self.language, self.certainty)


@pytest.fixture(scope="module")
def jfk() -> Vectors:
    return read_samples(made.JFK)


@pytest.mark.parametrize("kind", WITHOUT_SPEECH)
def test_where_nobody_speaks_no_model_is_asked(kind: str) -> None:
    whisper = FakeWhisper()
    transcript = transcribe(WITHOUT_SPEECH[kind], DecodingOptions(), whisper)
    assert transcript.segments == ()
    assert whisper.given == []
    assert transcript.seconds == len(WITHOUT_SPEECH[kind]) / made.RATE


def test_speech_is_found_where_it_is(jfk: Vectors) -> None:
    padded = numpy.concatenate([made.silence(5), jfk, made.noise(5, 0.003)])
    spans = speech_spans(padded)
    assert 4.7 < spans[0][0] < 6
    assert 15 < spans[-1][1] < 16.5


def test_quiet_and_noisy_speech_is_still_speech(jfk: Vectors) -> None:
    assert speech_spans(jfk / 100)
    assert speech_spans(jfk + made.noise(len(jfk) / made.RATE, 0.05))


def test_no_stretch_is_longer_than_whisper_listens(jfk: Vectors) -> None:
    spans = speech_spans(numpy.tile(jfk, 8))
    joined = windows(spans)
    assert all(group[-1][1] - group[0][0] <= 28.5 for group in joined)
    assert len(joined) < len(spans)
    assert [span for group in joined for span in group] == spans


def test_seconds_are_the_recordings_own(jfk: Vectors) -> None:
    transcript = transcribe(numpy.concatenate([made.silence(20), jfk]), DecodingOptions(), FakeWhisper())
    (segment,) = transcript.segments
    assert 20.2 < segment.start < 21
    assert segment.end == pytest.approx(segment.start + 1, abs=0.02)
    assert segment.text == "word"
    assert transcript.language == "en"


def test_a_segment_does_not_end_after_its_stretch(jfk: Vectors) -> None:
    transcript = transcribe(jfk, DecodingOptions(), FakeWhisper(DecodedSegment(0, 30, "word", 0.1, -0.2, 1.2)))
    assert transcript.segments[0].end <= transcript.seconds


@pytest.mark.parametrize(
    "doubted",
    [
        DecodedSegment(0, 1, "Thank you.", 0.9, -0.9, 1.0),  # probably nobody speaks
        DecodedSegment(0, 1, " 1-2-3-4-4-4-4-4-4-4-4-4", 0.75, -0.33, 2.06),  # what base hears in noise
        DecodedSegment(0, 1, "You seem weird, shape all the", 0.26, -1.2, 1.0),  # it hardly believes it itself
        DecodedSegment(0, 1, "no no no no no no no no", 0.1, -0.3, 4.0),  # a loop
        DecodedSegment(0, 1, " ... ", 0.1, -0.2, 1.0),
    ],
)
def test_words_that_the_model_itself_doubts_are_dropped(jfk: Vectors, doubted: DecodedSegment) -> None:
    sure = DecodedSegment(1, 2, "country", 0.1, -0.2, 1.0)
    transcript = transcribe(jfk, DecodingOptions(), FakeWhisper(doubted, sure))
    assert transcript.text == "country"
    assert transcribe(jfk, DecodingOptions(), FakeWhisper(doubted)).segments == ()


@pytest.mark.parametrize("doubted", [(0.5, -0.3), (0.1, -0.9)])
def test_names_that_the_model_was_given_are_no_proof_that_they_were_said(
    jfk: Vectors, doubted: tuple[float, float]
) -> None:
    options = DecodingOptions(names=("Dana Ortiz", "Kestrel"))
    echo = DecodedSegment(0, 1, "Dana Ortiz, Kestrel.", *doubted, 1.0)
    assert transcribe(jfk, options, FakeWhisper(echo)).segments == ()
    assert transcribe(jfk, options, FakeWhisper(replace(echo, no_speech=0.1, log_probability=-0.3))).segments
    assert transcribe(jfk, options, FakeWhisper(replace(echo, text="Call Dana Ortiz."))).segments


def test_what_was_said_before_tells_names_and_the_language() -> None:
    hints = ["Who serviced the pump?", "Dana Ortiz did.", "kestrel.pdf"]
    question, meeting = made.silence(5), made.silence(90)
    assert decoding_options("", False, False, hints, question) == DecodingOptions(expected="en", names=("Dana Ortiz",))
    assert decoding_options("", False, False, hints, meeting) == DecodingOptions()
    assert decoding_options("", True, False, hints, question).names == (), "names are not translated"
    assert decoding_options("", False, False, ["谁保养了水泵？"], question).expected == "zh"
    assert decoding_options("", False, False, [], question) == DecodingOptions()


class Bare:
    """A faster_whisper.WhisperModel that hears one segment, and remembers how much it was given to encode."""

    supported_languages = ("en", "zh")

    def __init__(self, certainty: float = 0.9, log_probability: float = -0.3) -> None:
        self.model = self
        self.is_multilingual = True
        self.certainty, self.log_probability = certainty, log_probability
        self.encoded: list[int] = []
        self.told: list[dict[str, object]] = []

    def encode(self, features: Vectors) -> Vectors:
        self.encoded.append(features.shape[-1])
        return features

    def detect_language(self, _: Vectors) -> list[list[tuple[str, float]]]:
        return [[("<|en|>", self.certainty)]]

    def transcribe(self, samples: Vectors, **told: object) -> tuple[list[SimpleNamespace], None]:
        self.told.append(told)
        features = numpy.zeros((80, 3000), numpy.float32)
        features[:, : len(samples) // 160] = 1
        self.model.detect_language(self.encode(features))
        segment = SimpleNamespace(
            start=0.0, end=1.0, text="word", no_speech_prob=0.1, avg_logprob=self.log_probability,
            compression_ratio=1.0, words=None,
        )  # fmt: skip
        return [segment], None


def hearing(bare: Bare) -> FasterWhisper:
    profile = profile_named("whisper-base")
    assert profile is not None
    return FasterWhisper(profile, bare)


def test_what_is_clear_is_heard_without_the_silence_up_to_thirty_seconds(jfk: Vectors) -> None:
    bare = Bare()
    assert hearing(bare).transcribe(jfk[: 2 * made.RATE]).text == "word"
    assert bare.encoded == [500], "five seconds at least"


class Fitted:
    """A recogniser on a machine that is now crowded, now quiet."""

    def __init__(self) -> None:
        profile = profile_named("whisper-base")
        assert profile is not None
        self.crowded = False
        self.loaded: list[int] = []
        self.hearing = FasterWhisper(profile, Bare(), self._load, lambda: self.crowded)

    def _load(self, threads: int) -> Bare:
        self.loaded.append(threads)
        return Bare()


def test_on_a_crowded_machine_a_recording_is_heard_with_one_thread_and_then_with_all_again(jfk: Vectors) -> None:
    fitted, recording = Fitted(), numpy.concatenate([jfk] * 3)
    fitted.hearing.transcribe(recording)
    assert fitted.loaded == []
    fitted.crowded = True
    assert fitted.hearing.transcribe(recording).text
    fitted.hearing.transcribe(recording)
    assert fitted.loaded == [1]
    fitted.crowded = False
    fitted.hearing.transcribe(recording)
    assert fitted.loaded == [1, 0]


def test_for_what_is_brief_no_model_is_loaded_by_a_passing_crowd(jfk: Vectors) -> None:
    fitted, brief = Fitted(), jfk[: 2 * made.RATE]
    for fitted.crowded in (False, True, False, True, False):
        fitted.hearing.transcribe(brief)
    assert fitted.loaded == []
    for fitted.crowded in (True, True):
        fitted.hearing.transcribe(brief)
    assert fitted.loaded == [1]


def test_where_no_other_model_can_be_loaded_the_one_that_is_there_serves(jfk: Vectors) -> None:
    fitted = Fitted()

    def fail(_: int) -> Bare:
        raise RuntimeError("no room")

    fitted.hearing._load, fitted.crowded = fail, True
    assert fitted.hearing.transcribe(numpy.concatenate([jfk] * 3)).text


@pytest.mark.parametrize("bare", [Bare(certainty=0.6), Bare(log_probability=-1.0)])
def test_what_is_in_doubt_is_heard_again_as_the_model_was_trained(jfk: Vectors, bare: Bare) -> None:
    hearing(bare).transcribe(jfk[: 2 * made.RATE])
    assert bare.encoded == [500, 3000]


def test_a_language_that_is_expected_needs_less_certainty(jfk: Vectors) -> None:
    expected, other = Bare(certainty=0.6), Bare(certainty=0.6)
    hearing(expected).transcribe(jfk[: 2 * made.RATE], hints=["Dana Ortiz serviced the pump."])
    hearing(other).transcribe(jfk[: 2 * made.RATE], hints=["谁保养了水泵？"])
    assert (len(expected.encoded), len(other.encoded)) == (1, 2)
    assert expected.told[0]["hotwords"] == "Dana Ortiz"
    assert other.told[0]["hotwords"] is None


def test_a_long_stretch_is_heard_once_as_it_is(jfk: Vectors) -> None:
    bare = Bare(certainty=0.6)
    hearing(bare).transcribe(jfk[: 10 * made.RATE], "en")
    assert set(bare.encoded) == {3000}
    assert len(bare.encoded) == len(windows(speech_spans(jfk[: 10 * made.RATE])))


def test_every_stretch_has_its_own_language_if_that_is_sure(jfk: Vectors) -> None:
    whisper = FakeWhisper(language="fr")
    assert transcribe(numpy.tile(jfk, 6), DecodingOptions(), whisper).language == "fr"
    assert {language for _, language in whisper.given} == {""}


def test_where_the_language_is_not_sure_it_is_the_one_before(jfk: Vectors) -> None:
    class Unsure(FakeWhisper):
        def __call__(self, samples: Vectors, options: DecodingOptions) -> DecodedStretch:
            heard = super().__call__(samples, options)
            if len(self.given) == 1:
                return replace(heard, language="fr", certainty=0.9)
            return replace(heard, language=options.language or "cy", certainty=1.0 if options.language else 0.3)

    whisper = Unsure()
    assert transcribe(numpy.tile(jfk, 6), DecodingOptions(), whisper).language == "fr"
    assert "fr" in {language for _, language in whisper.given}


def test_two_languages_with_a_pause_between_are_heard_each_in_its_own(jfk: Vectors) -> None:
    class Two(FakeWhisper):
        """Surely Chinese where it is quiet, surely English where it is loud, and not sure of both together."""

        def __call__(self, samples: Vectors, options: DecodingOptions) -> DecodedStretch:
            self.given.append((len(samples) / made.RATE, options.language))
            loud = numpy.abs(samples).max() > 0.4
            both = len(samples) > 10 * made.RATE
            word = DecodedSegment(0.5, 1.5, "mixed" if both else "loud" if loud else "安静", 0.1, -0.2, 1.2)
            return DecodedStretch((word,), "en" if loud else "zh", 0.5 if both else 0.95)

    part = jfk[: 7 * made.RATE]
    both = numpy.concatenate([part / numpy.abs(part).max() * 0.9, made.silence(2), part / numpy.abs(part).max() * 0.2])
    heard = transcribe(both, DecodingOptions(), Two())
    assert {segment.text for segment in heard.segments} == {"loud", "安静"}
    assert "mixed" in transcribe(both, DecodingOptions("en"), Two()).text, "a language that is given is not doubted"


def test_a_word_begins_with_the_speech_that_it_ends_in(jfk: Vectors) -> None:
    """Whisper gives the first word after a pause the pause as well."""
    recording = numpy.concatenate([jfk[: 2 * made.RATE], made.silence(3), jfk[3 * made.RATE :]])
    spans = speech_spans(recording)
    word = Word(1.9, spans[1][0] - spans[0][0] + 0.6, " ask")
    heard = transcribe(
        recording, DecodingOptions(), FakeWhisper(DecodedSegment(0, 8, "so ask", 0.1, -0.2, 1.2, (word,)))
    )
    assert heard.segments[0].words[0].start == pytest.approx(spans[1][0], abs=0.01)
    assert heard.segments[0].words[0].text == "ask"


def test_a_language_given_is_used(jfk: Vectors) -> None:
    whisper = FakeWhisper()
    transcribe(jfk, DecodingOptions("zh"), whisper)
    assert whisper.given[0][1] == "zh"


def test_a_failing_model_ends_as_a_sentence(jfk: Vectors) -> None:
    def fail(samples: Vectors, options: DecodingOptions) -> DecodedStretch:
        raise RuntimeError("CUDA out of memory")

    with pytest.raises(EngineError, match="speech model failed"):
        transcribe(jfk, DecodingOptions(), fail)


@pytest.mark.parametrize("name", BOTH)
def test_a_damaged_checkpoint_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    for file in ("model.bin", "tiny.en.pt", "config.json"):
        (tmp_path / file).write_bytes(b"not a model")
    with pytest.raises(WeightsError, match=r"could not be loaded.*app.py weights"):
        loaded(name, tmp_path)


def test_a_model_that_does_not_hear_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="does not transcribe"):
        loaded("minilm", tmp_path)


def loaded(name: str, folder: Path) -> Transcriber:
    profile = profile_named(name)
    assert profile is not None
    return load_transcriber(profile, folder, CPU)


@pytest.fixture(scope="module", params=BOTH)
def transcriber(request: pytest.FixtureRequest, weights_folder: Callable[[str], Path]) -> Transcriber:
    return loaded(request.param, weights_folder(request.param))


def word_errors(heard: str, said: str) -> float:
    """Word error rate: the edit distance between two word sequences over the length of what was said."""
    left, right = (
        "".join(letter if letter.isalnum() else " " for letter in text.lower()).split() for text in (heard, said)
    )
    row = list(range(len(right) + 1))
    for i, word in enumerate(left, 1):
        previous, row = row, [i]
        for j, other in enumerate(right, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (word != other)))
    return row[-1] / len(right)


@pytest.mark.weights
def test_a_famous_sentence_is_heard_by_both_engines(transcriber: Transcriber, jfk: Vectors) -> None:
    transcript = transcriber.transcribe(jfk)
    assert "ask not what your country can do for you" in transcript.text.lower()
    assert word_errors(transcript.text, made.JFK_WORDS) <= 0.05
    assert transcript.language == "en"
    assert transcript.seconds == pytest.approx(11, abs=0.1)
    assert transcript.segments[0].start < 1
    assert 10 < transcript.segments[-1].end <= 11


@pytest.mark.weights
def test_a_late_sentence_is_heard_at_its_own_seconds(transcriber: Transcriber, jfk: Vectors) -> None:
    transcript = transcriber.transcribe(numpy.concatenate([made.silence(40), jfk]))
    assert 39.5 < transcript.segments[0].start < 41
    assert transcript.segments[-1].end <= 51.1


@pytest.mark.weights
def test_a_spoken_question_is_understood_by_both_engines(transcriber: Transcriber) -> None:
    text = transcriber.transcribe(read_samples(made.QUESTION_EN)).text
    assert word_errors(text, "Who serviced the pump and when is the next service due") <= 0.1


@pytest.mark.weights
def test_a_chinese_question_is_heard_as_chinese(weights_folder: Callable[[str], Path]) -> None:
    transcriber = loaded("whisper-base", weights_folder("whisper-base"))
    samples = read_samples(made.QUESTION_ZH)
    for transcript in (transcriber.transcribe(samples), transcriber.transcribe(samples, "zh")):
        assert transcript.language == "zh"
        # processors round differently: 水泵 or 水崩, and a breath before it may be 一
        assert "请问,谁保养了水" in folded(transcript.text)[:10]
        assert "下一次" in transcript.text


@pytest.mark.weights
@pytest.mark.parametrize("kind", WITHOUT_SPEECH)
def test_neither_engine_invents_words(transcriber: Transcriber, kind: str) -> None:
    assert transcriber.transcribe(WITHOUT_SPEECH[kind]).segments == ()


@pytest.mark.weights
def test_an_unknown_language_is_refused(transcriber: Transcriber, jfk: Vectors) -> None:
    with pytest.raises(SetupError, match="no language called “klingon”"):
        transcriber.transcribe(jfk, "klingon")


def test_the_language_found_first_is_remembered_for_each_thread() -> None:
    from threading import Thread

    from assistant.speech.recognition.faster_whisper import Languages

    class Model:
        is_multilingual = True

        def detect_language(self, encoded: str) -> list[list[tuple[str, float]]]:
            return [[(f"<|{encoded}|>", 0.8), ("<|xx|>", 0.1)]]

    languages = Languages(Model())
    assert languages.is_multilingual
    assert languages.detect_language("zh")[0][0] == ("<|zh|>", 0.8)
    languages.detect_language("en")
    other: list[tuple[str, float]] = []
    thread = Thread(target=lambda: (languages.detect_language("de"), other.append(languages.found)))
    thread.start()
    thread.join()
    assert (languages.found, other) == (("zh", 0.8), [("de", 0.8)])
    languages.forget()
    assert languages.found == ("", 0.0)
