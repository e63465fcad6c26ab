"""When somebody begins to speak and has ended: in a quiet room, and in one that talks itself."""

import numpy
import pytest

from assistant.call.activity import FRAME
from assistant.call.ears import Ears, Pace
from assistant.ports.embedding import Vectors

ROOM, NEAR, SOFT = -38.0, -18.0, -34.0  # decibels
PACE = Pace()


def sound(decibels: float) -> Vectors:
    return numpy.full(FRAME, 10 ** (decibels / 20), numpy.float32)


def after(ears: Ears, count: int, decibels: float, probability: float = 0.9) -> list[str]:
    """What so many frames of this loudness change."""
    return [change for _ in range(count) if (change := ears.take(sound(decibels), probability))]


def test_in_a_quiet_room_soft_and_loud_voices_begin_and_end() -> None:
    for decibels in (NEAR, SOFT, -60.0):
        ears = Ears()
        after(ears, 60, -80, 0.01)
        assert after(ears, 30, decibels) == ["began"]
        assert after(ears, PACE.end, -80, 0.01) == ["paused", "ended"]


def test_a_crowd_from_the_start_does_not_keep_somebody_from_ending() -> None:
    ears = Ears()
    after(ears, 10, ROOM, 0.2)  # the detector needs a moment
    assert after(ears, 60, ROOM) == ["began"], "nothing tells a crowd from somebody far away yet"
    assert after(ears, 40, NEAR) == []
    assert after(ears, PACE.end + PACE.smooth, ROOM) == ["paused", "ended"]


def test_once_it_is_known_a_crowd_begins_nothing_and_who_is_near_does() -> None:
    ears = Ears()
    after(ears, 10, ROOM, 0.2)
    after(ears, 40, NEAR)
    after(ears, 40, ROOM)
    assert after(ears, 200, ROOM) == []
    assert after(ears, 30, NEAR) == ["began"]
    assert after(ears, PACE.end + PACE.smooth, ROOM) == ["paused", "ended"]


def test_a_television_that_said_nothing_to_us_is_the_room_until_it_is_switched_off() -> None:
    ears = Ears()
    after(ears, 80, NEAR)
    ears.forget(until_silence=True)
    assert after(ears, 300, NEAR) == []
    assert after(ears, 20, NEAR + 10) == ["began"], "louder than it"
    after(ears, 60, -80, 0.01)
    assert after(ears, 20, NEAR) == ["began"]


def test_a_soft_end_of_a_sentence_is_still_the_speakers() -> None:
    ears = Ears()
    after(ears, 40, NEAR)
    after(ears, 60, NEAR - PACE.softer - 10)
    assert ears.speaking, "in a quiet room all that sounds like speech is somebody's"


def test_a_voice_that_rises_slowly_is_not_taken_for_the_room() -> None:
    ears = Ears()
    after(ears, 60, -80, 0.01)
    after(ears, 3, NEAR, 0.4)
    assert after(ears, PACE.begin, NEAR) == ["began"]


@pytest.mark.parametrize("loud", [NEAR, ROOM])
def test_noise_that_is_no_speech_changes_nothing(loud: float) -> None:
    ears = Ears()
    assert after(ears, 300, loud, 0.1) == []
    assert after(ears, 10, loud + 3) == ["began"]
