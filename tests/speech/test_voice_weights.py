"""The real voice, heard by the real Whisper: what is read aloud is what was written."""

import re

import numpy
import pytest

from assistant.settings.settings import Settings
from assistant.setup.models import Models
from assistant.speech.synthesis.speakable import speakable

pytestmark = pytest.mark.weights
CASES = [
    ("The quick brown fox jumps over the lazy dog.", "en", "the quick brown fox jumps over the lazy dog"),
    ("## Service\n\nThe **pump** weighs 12.5 kg [1].", "en", "service the pump weighs 12 5 kilograms"),
    ("It costs $25 at 14:30.", "en", "it costs 25 at 14 30"),
    ("今天天气很好，我们去公园散步吧。", "zh", "今天天气很好我们去公园散步吧"),
    ("会议在北京举行，大约有300人参加。", "zh", "会议在北京举行大约有300人参加"),
]


@pytest.fixture(scope="module")
def models():
    settings = Settings(voice="kokoro", speech="whisper-base", profile="cpu-offline")
    return Models(settings)


@pytest.mark.parametrize(("markdown", "language", "heard"), CASES)
def test_what_is_read_aloud_is_heard_again(models, markdown, language, heard):
    spoken = models.speaker.get().say(speakable(markdown, language))
    at = numpy.arange(int(spoken.seconds * 16_000)) * spoken.rate / 16_000
    samples = numpy.interp(at, numpy.arange(len(spoken.samples)), spoken.samples).astype(numpy.float32)
    told = models.transcriber.get().transcribe(samples, language).text
    assert _distance(_bare(told), _bare(heard)) <= 0.15 * len(_bare(heard)), told


def _bare(text: str) -> str:
    text = text.lower().replace("kg", "kilograms").replace("天氣", "天气").replace("會議", "会议").replace("參", "参")
    text = text.replace("們", "们").replace("園", "园").replace("舉", "举").replace("約", "约")
    return re.sub(r"[^\w]", "", text)


def _distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for at, wanted in enumerate(other, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != wanted))
    return row[-1]
