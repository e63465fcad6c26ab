"""When somebody begins to speak and has ended: in a quiet room, and in one that talks itself."""

import numpy
import pytest

from assistant.call.activity import FRAME
from assistant.call.endpoint_detector import EndpointConfig, EndpointDetector
from assistant.ports.embedding import Vectors

ROOM, NEAR, SOFT = -38.0, -18.0, -34.0  # decibels
CONFIG = EndpointConfig()


def sound(decibels: float) -> Vectors:
    return numpy.full(FRAME, 10 ** (decibels / 20), numpy.float32)


def after(detector: EndpointDetector, count: int, decibels: float, probability: float = 0.9) -> list[str]:
    """What so many frames of this loudness change."""
    return [change for _ in range(count) if (change := detector.take(sound(decibels), probability))]


def test_in_a_quiet_room_soft_and_loud_voices_begin_and_end() -> None:
    for decibels in (NEAR, SOFT, -60.0):
        detector = EndpointDetector()
        after(detector, 60, -80, 0.01)
        assert after(detector, 30, decibels) == ["began"]
        assert after(detector, CONFIG.end, -80, 0.01) == ["paused", "ended"]


def test_a_crowd_from_the_start_does_not_keep_somebody_from_ending() -> None:
    detector = EndpointDetector()
    after(detector, 10, ROOM, 0.2)  # the detector needs a moment
    assert after(detector, 60, ROOM) == ["began"], "nothing tells a crowd from somebody far away yet"
    assert after(detector, 40, NEAR) == []
    assert after(detector, CONFIG.end + CONFIG.smooth, ROOM) == ["paused", "ended"]


def test_once_it_is_known_a_crowd_begins_nothing_and_who_is_near_does() -> None:
    detector = EndpointDetector()
    after(detector, 10, ROOM, 0.2)
    after(detector, 40, NEAR)
    after(detector, 40, ROOM)
    assert after(detector, 200, ROOM) == []
    assert after(detector, 30, NEAR) == ["began"]
    assert after(detector, CONFIG.end + CONFIG.smooth, ROOM) == ["paused", "ended"]


def test_a_television_that_said_nothing_to_us_is_the_room_until_it_is_switched_off() -> None:
    detector = EndpointDetector()
    after(detector, 80, NEAR)
    detector.forget(until_silence=True)
    assert after(detector, 300, NEAR) == []
    assert after(detector, 20, NEAR + 10) == ["began"], "louder than it"
    after(detector, 60, -80, 0.01)
    assert after(detector, 20, NEAR) == ["began"]


def test_a_soft_end_of_a_sentence_is_still_the_speakers() -> None:
    detector = EndpointDetector()
    after(detector, 40, NEAR)
    after(detector, 60, NEAR - CONFIG.softer - 10)
    assert detector.speaking, "in a quiet room all that sounds like speech is somebody's"


def test_a_voice_that_rises_slowly_is_not_taken_for_the_room() -> None:
    detector = EndpointDetector()
    after(detector, 60, -80, 0.01)
    after(detector, 3, NEAR, 0.4)
    assert after(detector, CONFIG.begin, NEAR) == ["began"]


@pytest.mark.parametrize("loud", [NEAR, ROOM])
def test_noise_that_is_no_speech_changes_nothing(loud: float) -> None:
    detector = EndpointDetector()
    assert after(detector, 300, loud, 0.1) == []
    assert after(detector, 10, loud + 3) == ["began"]
