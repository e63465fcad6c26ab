"""Who spoke, by voice: sentences given to speakers, who stay the same ones through stretches and restarts."""

import sys
import types
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy
import pytest

from assistant.answering.ways.transcript import WriteDown
from assistant.intake.recordings import hear
from assistant.intake.voices import MOST, Voices
from assistant.media import SAMPLE_RATE
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Segment, Transcript
from assistant.speech.diarization import load_voice_encoder
from assistant.speech.diarization.sherpa import SherpaEncoder
from assistant.values.errors import SetupError
from assistant.values.evidence import Passage, Seconds, describe
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.parts import Attachment
from assistant.values.request import Request
from tests.support import media_made as made
from tests.support.turn_made import TurnRoom, recording


class ByPitch:
    """A VoiceEncoder that hears which of a few tones is loudest: each is a voice."""

    same = 0.72
    shortest = 1.0

    def embed(self, samples: Vectors) -> Vectors:
        spectrum = numpy.abs(numpy.fft.rfft(samples[:SAMPLE_RATE], SAMPLE_RATE))
        bands = numpy.array([spectrum[at : at + 50].sum() for at in range(100, 2100, 100)])
        unit: Vectors = (bands / numpy.linalg.norm(bands)).astype(numpy.float32)
        return unit


def tones(*turns: tuple[float, float]) -> Vectors:
    """Hertz and seconds of each turn."""
    return numpy.concatenate([made.tone(seconds, hertz) for hertz, seconds in turns]).astype(numpy.float32)


def said(*turns: tuple[float, float], begins: float = 0.0) -> list[Passage]:
    passages, at = [], begins
    for number, (_, seconds) in enumerate(turns):
        passages.append(Passage(f"This is turn {number}.", Seconds(at, at + seconds)))
        at += seconds
    return passages


def tracks(passages: tuple[Passage, ...]) -> list[str]:
    return [one.location.track for one in passages if isinstance(one.location, Seconds)]


ANNA, BEN, CARL = 220.0, 1020.0, 1820.0


def test_each_sentence_has_its_speaker_in_the_order_of_their_first_words() -> None:
    turns = ((ANNA, 3.0), (BEN, 4.0), (ANNA, 3.0), (CARL, 3.0), (BEN, 3.0))
    told = Voices().told_apart(said(*turns), tones(*turns), 0.0, ByPitch())
    assert tracks(told) == ["speaker 1", "speaker 2", "speaker 1", "speaker 3", "speaker 2"]
    assert [one.text for one in told] == [one.text for one in said(*turns)]


def test_a_speaker_is_the_same_one_in_the_next_stretch_and_after_a_restart() -> None:
    first, second = ((ANNA, 3.0), (BEN, 4.0)), ((BEN, 3.0), (ANNA, 3.0))
    voices = Voices()
    voices.told_apart(said(*first), tones(*first), 0.0, ByPitch())
    later = Voices.from_json(voices.to_json())
    told = later.told_apart(said(*second, begins=60.0), tones(*second), 60.0, ByPitch())
    assert tracks(told) == ["speaker 2", "speaker 1"]


def test_a_word_too_short_to_tell_goes_with_what_was_said_before() -> None:
    turns = ((ANNA, 3.0), (ANNA, 0.4), (BEN, 3.0))
    told = Voices().told_apart(said(*turns), tones(*turns), 0.0, ByPitch())
    assert tracks(told) == ["speaker 1", "speaker 1", "speaker 2"]


def test_what_is_only_briefly_heard_is_no_new_voice_and_there_are_no_more_than_a_few() -> None:
    brief = ((ANNA, 4.0), (BEN, 1.5), (ANNA, 3.0))
    assert set(tracks(Voices().told_apart(said(*brief), tones(*brief), 0.0, ByPitch()))) == {"speaker 1"}
    many = [(120.0 + 100 * number, 3.0) for number in range(MOST + 4)]
    voices = Voices()
    voices.told_apart(said(*many), tones(*many), 0.0, ByPitch())
    assert len(voices) == MOST


def test_what_was_kept_of_voices_and_cannot_be_read_is_nobody() -> None:
    assert [len(Voices.from_json(text)) for text in ("", "{", "[[1]]", '[["a","b"]]', "[[1.0,5]]")] == [0] * 5


def heard_of(path: Path, turns: tuple[tuple[float, float], ...]) -> Iterator[IngestBatch]:
    """The whole way of a recording, with ears that know the turns."""
    from tests.intake.test_modalities import FakeModels

    edges = numpy.cumsum([0.0, *(seconds for _, seconds in turns)])

    def ears(samples: Vectors, _: str) -> Transcript:
        segments = tuple(
            Segment(float(start), float(end), f"This is turn {number}.")
            for number, (start, end) in enumerate(pairwise(edges))
        )
        return Transcript(segments, "en", len(samples) / SAMPLE_RATE)

    context = replace(FakeModels().context(), hear=ears, voices=ByPitch())
    for step in hear(Attachment(path, path.name), context, Cursor()):
        if isinstance(step, IngestBatch):
            yield step


def test_a_recording_of_one_channel_is_cited_and_written_down_by_speaker(tmp_path: Path) -> None:
    turns = ((ANNA, 3.0), (BEN, 4.0), (ANNA, 3.0))
    (batch,) = heard_of(made.write_wav(tmp_path / "talk.wav", tones(*turns)), turns)
    assert batch.cursor.speakers == 2
    assert Cursor.from_json(batch.cursor.to_json()) == batch.cursor
    room = TurnRoom()
    room.give(recording(speakers=2), *batch.passages)
    told = room.ask(WriteDown(), Request("Transcribe this", "transcript"))
    assert told.text.startswith("speaker 1: This is turn 0.[1]\n\nspeaker 2: This is turn 1.[2]\n\nspeaker 1: ")
    assert told.reply is not None
    assert describe(told.reply.cited.citations[1].location) == "0:03–0:07, speaker 2"
    german = room.ask(WriteDown(), Request("Schreib ab", "transcript", language="de"))
    assert german.text.startswith("Sprecher 1: ")


def test_who_speaks_alone_is_called_nothing(tmp_path: Path) -> None:
    turns = ((ANNA, 3.0), (ANNA, 4.0))
    (batch,) = heard_of(made.write_wav(tmp_path / "talk.wav", tones(*turns)), turns)
    room = TurnRoom()
    room.give(recording(speakers=batch.cursor.speakers), *batch.passages)
    told = room.ask(WriteDown(), Request("Transcribe this", "transcript"))
    assert "speaker" not in told.text
    assert told.reply is not None
    assert describe(told.reply.cited.citations[0].location) == "0:00–0:07"


def test_a_folder_without_a_model_of_voices_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no model of voices"):
        load_voice_encoder(tmp_path)
    (tmp_path / "pretrained.pt").write_bytes(b"none")
    with pytest.raises(SetupError, match="cannot be read"):
        load_voice_encoder(tmp_path)


class _Extractor:
    """What sherpa-onnx's extractor does, as its Python API has it."""

    dim = 20

    def create_stream(self) -> "_Extractor":
        self.heard: list[float] = []
        self.ended = False
        return self

    def accept_waveform(self, rate: int, waveform: Vectors) -> None:
        assert rate == SAMPLE_RATE
        assert waveform.dtype == numpy.float32
        self.heard.extend(waveform.tolist())

    def input_finished(self) -> None:
        self.ended = True

    def is_ready(self, stream: "_Extractor") -> bool:
        return stream.ended and len(stream.heard) > SAMPLE_RATE // 2

    def compute(self, stream: "_Extractor") -> list[float]:
        return [3.0 * value for value in ByPitch().embed(numpy.array(stream.heard, numpy.float32)).tolist()]


def test_sherpa_onnx_gives_vectors_of_unit_length_and_none_of_too_little() -> None:
    encoder = SherpaEncoder(_Extractor())
    assert float(numpy.linalg.norm(encoder.embed(made.tone(2.0)))) == pytest.approx(1.0)
    assert not encoder.embed(made.tone(0.1)).any()


def test_without_sherpa_onnx_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "voices.onnx").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "sherpa_onnx", None)
    with pytest.raises(SetupError, match="pip install sherpa-onnx"):
        load_voice_encoder(tmp_path)
    there = types.SimpleNamespace(
        SpeakerEmbeddingExtractorConfig=lambda **_: types.SimpleNamespace(validate=lambda: False)
    )
    monkeypatch.setitem(sys.modules, "sherpa_onnx", there)
    with pytest.raises(SetupError, match=r"cannot use voices\.onnx"):
        load_voice_encoder(tmp_path)
