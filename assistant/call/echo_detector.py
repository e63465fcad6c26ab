"""EchoDetector: recognises the assistant's own voice where it comes back through the microphone.

The browser takes most of it away. Of what is left, loudness is judged frame by frame against what is being played,
by how loud it came back before; and words are judged against what was said.
"""

import re
from collections import deque

import numpy

from assistant.call.activity import FRAME_SECONDS, level
from assistant.ports.embedding import Vectors

LATE = 16  # frames by which the room and the machine's buffers may delay what is played
ABOVE = 6.0  # decibels by which a person must be louder than the voice that comes back
AUDIBLE = -55.0  # decibels
_KEPT = 40  # sentences
_PIECE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)?")


class EchoDetector:
    def __init__(self) -> None:
        self._said: deque[list[str]] = deque(maxlen=_KEPT)
        self._played: dict[int, float] = {}  # frame of the microphone → decibels of what is played then
        self._back: deque[float] = deque(maxlen=64)  # by how much quieter it came back, in frames of echo
        self._since: list[float] = []  # the same of the frames since somebody seemed to begin

    def says(self, text: str) -> None:
        """This is going to be spoken."""
        self._said.append(pieces(text))

    def plays(self, samples: Vectors, rate: int, frame: int) -> None:
        """These begin to sound while this frame is recorded."""
        each = max(1, round(rate * FRAME_SECONDS))
        self._played = {at: loud for at, loud in self._played.items() if at > frame - 4 * LATE}
        for number, first in enumerate(range(0, len(samples), each)):
            self._played[frame + number] = level(samples[first : first + each])

    def stops(self, frame: int) -> None:
        """From this frame on nothing is played."""
        self._played = {at: loud for at, loud in self._played.items() if at < frame}

    def sounds(self, frame: int) -> bool:
        """Whether something of it may be heard in this frame."""
        return self._loudest(frame) > AUDIBLE

    def is_own(self, samples: Vectors, frame: int) -> bool:
        """Whether this frame is no louder than the voice is when it comes back."""
        played = self._loudest(frame)
        if played <= AUDIBLE:
            return False
        back = level(samples) - played
        self._since.append(back)
        return len(self._back) >= 4 and back < float(numpy.percentile(self._back, 90)) + ABOVE

    def begins(self) -> None:
        """Somebody seems to speak: the frames from here on may be echo."""
        self._since = self._since[-8:]

    def was_own(self) -> None:
        """It was nobody: what came since is how loud the voice comes back."""
        self._back.extend(self._since)
        self._since = []

    def repeats(self, words: str) -> bool:
        """Whether these words are some that were just spoken, as they stand there."""
        heard = pieces(words)
        return bool(heard) and any(_run(heard, said) >= max(1, round(0.7 * len(heard))) for said in self._said)

    def _loudest(self, frame: int) -> float:
        return max((self._played.get(at, -100.0) for at in range(frame - LATE, frame + 1)), default=-100.0)


def pieces(text: str) -> list[str]:
    """Words in lower case; each Chinese or Japanese character by itself."""
    return [piece.casefold().replace("’", "'") for piece in _PIECE.findall(text)]


def _run(heard: list[str], said: list[str]) -> int:
    """How many of the heard pieces stand in a row in what was said, one wrong or missing here and there allowed."""
    best = 0
    for start in range(len(said)):
        at, found = start, 0
        for piece in heard:
            near = said[at : at + 3]
            if piece in near:
                at, found = at + near.index(piece) + 1, found + 1
        best = max(best, found)
    return best
