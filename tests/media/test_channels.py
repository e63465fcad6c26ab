"""Two channels: heard apart where each has a voice of its own, and never lost in one another."""

import wave
from itertools import pairwise
from pathlib import Path

import numpy
import pytest

from assistant.media import read_pieces, read_samples, write_sound
from assistant.media.channels import are_apart, one, without_bleed
from tests.support import media_made as made
from tests.support.media_made import RATE, Samples


@pytest.fixture(scope="module")
def speech() -> tuple[Samples, Samples]:
    """Eleven seconds of one voice, and some of another."""
    return read_samples(made.JFK), read_samples(made.QUESTION_EN)


def laid(seconds: float, *spoken: tuple[float, Samples]) -> Samples:
    samples = 0.0005 * made.noise(seconds, 1.0)
    for start, words in spoken:
        samples[round(start * RATE) : round(start * RATE) + len(words)] += words
    return samples.astype(numpy.float32)


def stereo(path: Path, left: Samples, right: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        both = numpy.stack([left, right], axis=1).clip(-1, 1)
        file.writeframes((both * 32767).astype("<i2").tobytes())
    return path


def loudness(samples: Samples) -> float:
    return float(numpy.sqrt(numpy.square(samples).mean()))


def names(path: Path) -> list[list[str]]:
    return [[voice.track for voice in piece.voices] for piece in read_pieces(path)]


def test_a_call_with_a_voice_on_each_channel_is_heard_apart(tmp_path: Path, speech: tuple[Samples, Samples]) -> None:
    jfk, question = speech
    call = stereo(tmp_path / "call.wav", laid(18, (0, jfk)), laid(18, (12, question)))
    (piece,) = read_pieces(call)
    left, right = piece.voices
    assert (left.track, right.track) == ("left", "right")
    assert loudness(left.samples[: 10 * RATE]) > 20 * loudness(right.samples[: 10 * RATE])
    assert loudness(right.samples[12 * RATE : 16 * RATE]) > 20 * loudness(left.samples[12 * RATE : 16 * RATE])
    assert len(piece.samples) == len(left.samples) == 18 * RATE


def test_who_only_listens_in_the_first_minute_has_a_channel_from_the_beginning_on(
    tmp_path: Path, speech: tuple[Samples, Samples]
) -> None:
    jfk, question = speech
    first = laid(100, (0, jfk), (20, jfk), (40, jfk))
    call = stereo(tmp_path / "call.wav", first, laid(100, (70, question), (80, question)))
    assert names(call) == [["left", "right"], ["left", "right"]]


@pytest.mark.parametrize("louder", [1.0, 0.5, -1.0, -0.3])
def test_one_voice_on_both_channels_is_heard_once_whatever_its_sign(
    tmp_path: Path, speech: tuple[Samples, Samples], louder: float
) -> None:
    jfk, _ = speech
    path = stereo(tmp_path / "a.wav", jfk, (louder * jfk).astype(numpy.float32))
    (piece,) = read_pieces(path)
    assert [voice.track for voice in piece.voices] == [""]
    assert loudness(piece.voices[0].samples) > 0.5 * loudness(jfk)
    assert loudness(read_samples(path)) > 0.5 * loudness(jfk)


def test_a_room_recorded_by_two_microphones_is_one_recording(speech: tuple[Samples, Samples]) -> None:
    jfk, question = speech
    near, far = laid(18, (0, jfk), (12, 0.6 * question)), laid(18, (0.001, 0.6 * jfk), (12.001, question))
    assert not are_apart(near, far)


def test_a_dead_channel_and_one_full_of_noise_are_left_out(speech: tuple[Samples, Samples]) -> None:
    jfk, _ = speech
    dead = numpy.zeros_like(jfk)
    assert loudness(one(jfk, dead)) == loudness(one(dead, jfk)) == loudness(jfk)
    noisy = (jfk + made.noise(len(jfk) / RATE, 0.15)[: len(jfk)]).astype(numpy.float32)
    assert numpy.array_equal(one(noisy, jfk), jfk)


def test_what_one_side_hears_of_the_other_is_not_taken_for_its_own_words(speech: tuple[Samples, Samples]) -> None:
    jfk, question = speech
    left, right = laid(18, (0, jfk)), laid(18, (0.02, 0.1 * jfk), (12, question))
    assert are_apart(left, right)
    kept = without_bleed(right, left)
    assert loudness(kept[: 11 * RATE]) < 0.2 * loudness(right[: 11 * RATE])
    assert loudness(kept[12 * RATE : 16 * RATE]) > 0.9 * loudness(right[12 * RATE : 16 * RATE])
    assert loudness(without_bleed(left, right)) > 0.95 * loudness(left)


def test_both_may_speak_at_once(speech: tuple[Samples, Samples]) -> None:
    jfk, question = speech
    left, right = laid(16, (0, jfk)), laid(16, (2, 0.4 * question), (11.5, question[: 4 * RATE]))
    assert loudness(without_bleed(right, left)) > 0.9 * loudness(right)


def test_a_stretch_to_listen_to_keeps_both_channels(tmp_path: Path, speech: tuple[Samples, Samples]) -> None:
    jfk, _ = speech
    write_sound(stereo(tmp_path / "a.wav", jfk, -jfk), tmp_path / "cut.wav", 1, 3)
    with wave.open(str(tmp_path / "cut.wav")) as file:
        assert file.getnchannels() == 2
        heard = numpy.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert numpy.abs(heard).max() > 3000


def test_pieces_of_two_channels_follow_one_another_and_go_on_from_a_second(
    tmp_path: Path, speech: tuple[Samples, Samples]
) -> None:
    jfk, question = speech
    left, right = laid(40, (0, jfk), (25, jfk)), laid(40, (13, question), (18, question))
    path = stereo(tmp_path / "call.wav", left, right)
    pieces = list(read_pieces(path, seconds=15))
    assert sum(len(piece.samples) for piece in pieces) == 40 * RATE
    assert all(one.end == other.start for one, other in pairwise(pieces))
    again = list(read_pieces(path, seconds=15, after=pieces[0].end))
    assert again[0].start == pieces[1].start
    assert numpy.allclose(again[0].voices[1].samples[:RATE], pieces[1].voices[1].samples[:RATE], atol=1e-3)


@pytest.mark.parametrize("below", [20, 10])
def test_two_voices_in_the_noise_of_their_channels_are_heard_apart(
    tmp_path: Path, speech: tuple[Samples, Samples], below: float
) -> None:
    jfk, question = speech
    random = numpy.random.default_rng(7)
    sides = [laid(18, (0, jfk)), laid(18, (12, question))]
    noisy = [
        (one + random.normal(size=len(one)) * loudness(spoken) * 10 ** (-below / 20)).astype(numpy.float32)
        for one, spoken in zip(sides, speech, strict=True)
    ]
    assert names(stereo(tmp_path / "call.wav", *noisy)) == [["left", "right"]]


def test_one_voice_in_two_noises_is_no_call(tmp_path: Path, speech: tuple[Samples, Samples]) -> None:
    jfk, _ = speech
    random = numpy.random.default_rng(7)
    sides = [(laid(18, (0, jfk)) + 0.02 * random.normal(size=18 * RATE)).astype(numpy.float32) for _ in range(2)]
    assert names(stereo(tmp_path / "talk.wav", *sides)) == [[""]]
    assert not are_apart(*(0.05 * random.normal(size=(2, 18 * RATE))).astype(numpy.float32))
