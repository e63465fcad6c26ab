"""Words while somebody speaks: what is stable never changes, and no hearing costs more the longer it goes on."""

import threading
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy
import pytest

from assistant.media import read_samples
from assistant.models.device import Device
from assistant.models.profiles import ModelProfile, profile_named
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Segment, Task, Transcriber, Transcript, Word
from assistant.speech import load_transcriber
from assistant.speech.recognition.live import LiveTranscript, LiveWords
from assistant.values.errors import EngineError
from tests.support import media_made as made

TENTH = made.RATE // 10
STEP = 7 * TENTH


class EveryHalfSecond:
    """Hears a word of this recording in each half second of it, and takes the last one for another until it is over.

    Where a stretch lies in the recording it tells by its samples.
    """

    profile = ModelProfile("every-half-second", "speech", "scripted", "none", "any", 0)

    def __init__(self, recording: Vectors, word: Callable[[int], str] = lambda n: f"word{n}") -> None:
        self.recording, self.word = recording, word
        self.seconds: list[float] = []
        self.languages: list[str] = []

    def transcribe(
        self, samples: Vectors, language: str = "", *, task: Task = "", words: bool = False, hints: Sequence[str] = ()
    ) -> Transcript:
        self.seconds.append(len(samples) / made.RATE)
        self.languages.append(language)
        first = self._place(samples)
        last = first + len(samples)
        half, comma = made.RATE // 2, "," * (len(self.seconds) % 2)  # as it likes, each time anew
        heard = [
            Word(n / 2 - first / made.RATE, (n + 1) / 2 - first / made.RATE, f" {self.word(n)}{comma}")
            for n in range(-(-first // half), last // half)
        ]
        if last % half and last < len(self.recording):
            wrong = f" wrong{len(self.seconds)}"
            heard.append(Word(heard[-1].end if heard else 0.0, len(samples) / made.RATE, wrong))
        text = "".join(word.text for word in heard).strip()
        segment = Segment(0, len(samples) / made.RATE, text, tuple(heard) if words else ())
        return Transcript((segment,) if text else (), "en", len(samples) / made.RATE)

    def _place(self, samples: Vectors) -> int:
        for first in numpy.flatnonzero(self.recording == samples[0]):
            if numpy.array_equal(self.recording[first : first + len(samples)], samples):
                return int(first)
        raise AssertionError("these samples are not of the recording")


def heard_live(
    live: LiveTranscript, recording: Vectors, hearings: Callable[[], int], step: int = STEP, patience: float = 0.2
) -> list[LiveWords]:
    """Feeds the recording, each time after what was fed before had been heard if it was long enough."""
    shown = []
    for first in range(0, len(recording), step):
        live.feed(recording[first : first + step])
        before = hearings()
        end = time.monotonic() + patience
        while time.monotonic() < end and hearings() == before:
            time.sleep(0.002)
        time.sleep(0.003)
        shown.append(live.words())
    return shown


@pytest.fixture(scope="module")
def speech() -> Vectors:
    """Twenty seconds in which somebody speaks without a long pause, no two stretches of it the same."""
    frames = read_samples(made.JFK)[: 10 * made.RATE].reshape(-1, 320)
    loud = frames[numpy.abs(frames).max(axis=1) > 0.05].ravel()
    return numpy.concatenate([loud * (1 - n / 9) for n in range(4)])[: 20 * made.RATE]


def test_what_is_stable_only_grows_and_no_hearing_is_long(speech: Vectors) -> None:
    engine = EveryHalfSecond(speech)
    live = LiveTranscript(engine, every=0.6)
    shown = heard_live(live, speech, lambda: len(engine.seconds))
    for before, after in pairwise(shown):
        assert after.stable.startswith(before.stable)
        assert "wrong" not in after.stable
    assert len(speech) == 20 * made.RATE
    said = [f"word{n}" for n in range(40)]
    stable = shown[-1].stable.replace(",", "").split()
    assert len(stable) > 30
    assert stable == said[: len(stable)], "every word once, in order"
    assert max(engine.seconds) < 14
    assert any("wrong" in one.tentative for one in shown)
    assert live.finish().text.replace(",", "").split() == said
    assert engine.seconds[-1] == pytest.approx(20), "the final one is of the whole"
    assert live.words().stable.replace(",", "").split() == said
    assert "en" in engine.languages[:-1], "what was found is not looked for again"
    assert engine.languages[-1] == ""


def test_after_a_pause_everything_is_stable(speech: Vectors) -> None:
    recording = numpy.concatenate([made.silence(1.0), speech[: 2 * made.RATE], made.silence(3.0)])
    engine = EveryHalfSecond(recording, lambda n: f"word{n}")
    live = LiveTranscript(engine, every=0.6)
    shown = heard_live(live, recording, lambda: len(engine.seconds))
    live.close()
    assert "word4" in shown[-1].stable
    assert shown[-1].tentative == ""
    assert len(engine.seconds) < 7, "silence is not heard again and again"


def test_where_nobody_speaks_nothing_is_asked() -> None:
    engine = EveryHalfSecond(made.noise(3.0))
    live = LiveTranscript(engine, every=0.2)
    shown = heard_live(live, made.noise(3.0), lambda: len(engine.seconds))
    live.close()
    assert engine.seconds == []
    assert shown[-1] == LiveWords()


def test_chinese_grows_by_characters(speech: Vectors) -> None:
    characters = "谁保养了水泵下一次是什么时候请问在哪里找到它的说明书"

    class Chinese(EveryHalfSecond):
        def transcribe(self, *given: object, **asked: object) -> Transcript:
            heard = super().transcribe(*given, **asked)  # type: ignore[arg-type]
            plain = tuple(
                Segment(one.start, one.end, one.text.replace(" ", "").replace(",", "")) for one in heard.segments
            )
            return Transcript(plain, "zh", heard.seconds)

    engine = Chinese(speech[: 9 * made.RATE], lambda n: characters[n])
    live = LiveTranscript(engine, every=0.6)
    shown = heard_live(live, engine.recording, lambda: len(engine.seconds))
    live.close()
    assert shown[-1].stable.startswith("谁保养了水泵下一次")
    assert characters.startswith(shown[-1].stable)


def test_a_model_that_fails_ends_the_live_words_and_says_so_at_the_end(speech: Vectors) -> None:
    class Failing(EveryHalfSecond):
        def transcribe(self, *given: object, **asked: object) -> Transcript:
            self.seconds.append(0)
            raise EngineError("The speech model failed on this recording.")

    engine = Failing(speech)
    live = LiveTranscript(engine, every=0.2)
    heard_live(live, speech[: 3 * made.RATE], lambda: len(engine.seconds))
    assert len(engine.seconds) == 1
    assert live.words() == LiveWords()
    with pytest.raises(EngineError, match="failed on this recording"):
        live.finish()


def test_feeding_never_waits_for_the_model(speech: Vectors) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(EveryHalfSecond):
        def transcribe(self, *given: object, **asked: object) -> Transcript:
            begun.set()
            assert go_on.wait(10)
            return Transcript((), "", 0)

    live = LiveTranscript(Slow(speech), every=0.2)
    live.feed(speech[: 2 * made.RATE])
    assert begun.wait(10)
    live.feed(speech[2 * made.RATE : 4 * made.RATE])
    assert live.words() == LiveWords()
    live.close()
    live.feed(speech)
    go_on.set()
    assert live.finish().seconds == 0


def test_nothing_recorded_is_an_empty_transcript(speech: Vectors) -> None:
    class Nothing(EveryHalfSecond):
        def transcribe(self, samples: Vectors, *given: object, **asked: object) -> Transcript:  # type: ignore[override]
            return Transcript((), "", len(samples) / made.RATE)

    assert LiveTranscript(Nothing(speech)).finish() == Transcript((), "", 0)


@pytest.mark.weights
def test_a_famous_sentence_appears_while_it_is_spoken(weights_folder: Callable[[str], Path]) -> None:
    profile = profile_named("whisper-base")
    assert profile is not None
    transcriber: Transcriber = load_transcriber(
        profile, weights_folder("whisper-base"), Device("cpu", "CPU", 0, 0, "float32")
    )
    hearings = 0

    class CountedTranscriber:
        profile = transcriber.profile

        def transcribe(self, *given: object, **asked: object) -> Transcript:
            nonlocal hearings
            heard = transcriber.transcribe(*given, **asked)  # type: ignore[arg-type]
            hearings += 1
            return heard

    live = LiveTranscript(CountedTranscriber(), clock=lambda: 0.0)
    shown = heard_live(live, read_samples(made.JFK), lambda: hearings, 2 * made.RATE, patience=60)
    assert any("ask not what your country" in one.stable.lower() for one in shown)
    for before, after in pairwise(shown):
        assert after.stable.startswith(before.stable)
    assert "ask not what your country can do for you" in live.finish().text.lower()
