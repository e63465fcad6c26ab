"""From a probability for each frame to "somebody begins to speak" and "has ended", each confirmed for itself.

A beginning takes several frames in a row, so that a click begins nothing; an end takes a silence as long as people
pause within a sentence. Knows no clock: time is the number of frames.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

import numpy

from assistant.call.activity import FRAME_SECONDS
from assistant.ports import Vectors

Change = Literal["", "began", "paused", "ended"]


@dataclass(frozen=True)
class Pace:
    """In frames of 32 ms. speech, still_speech: probabilities from which a frame counts, before and within speech.

    begin: so many in a row begin. before: kept of what came just before. pause: a silence after which what was said
    is worth being heard already. end: a silence that ends; end_soon, where what was said is a whole question;
    end_late, where it breaks off in the middle. longest: of one utterance.
    """

    speech: float = 0.5
    still_speech: float = 0.35
    begin: int = 4
    before: int = 12
    pause: int = 6
    end_soon: int = 13
    end: int = 20
    end_late: int = 34
    longest: int = round(45 / FRAME_SECONDS)


class Ears:
    def __init__(self, pace: Pace = Pace()) -> None:
        self.pace = pace
        self.speaking = False
        self.silence = 0  # frames since the last one with speech
        self.end = pace.end
        self.voiced = 0  # frames with speech in the utterance
        self._before: deque[Vectors] = deque(maxlen=pace.before + pace.begin)
        self._row = 0
        self._frames: list[Vectors] = []
        self._deaf = False

    def take(self, frame: Vectors, probability: float) -> Change:
        """The next frame, FRAME samples. probability: that somebody speaks in it."""
        if self.speaking:
            return self._go_on(frame, probability)
        self._before.append(frame)
        self._row = self._row + 1 if probability >= self.pace.speech else 0
        if self._deaf:
            self.silence = self.silence + 1 if probability < self.pace.still_speech else 0
            self._deaf = self.silence < self.pace.pause
            return ""
        if self._row < self.pace.begin:
            return ""
        self.speaking, self.silence, self.end, self.voiced = True, 0, self.pace.end, self._row
        self._frames = [*self._before]
        self._before.clear()
        return "began"

    def _go_on(self, frame: Vectors, probability: float) -> Change:
        self._frames.append(frame)
        if probability >= self.pace.still_speech:
            self.silence, self.end, self.voiced = 0, self.pace.end, self.voiced + 1
        else:
            self.silence += 1
        if self.silence >= self.end or len(self._frames) >= self.pace.longest:
            self._rest()
            return "ended"
        return "paused" if self.silence == self.pace.pause else ""

    @property
    def seconds(self) -> float:
        """Of the utterance so far, or of the last one."""
        return len(self._frames) * FRAME_SECONDS

    @property
    def utterance(self) -> Vectors:
        """The sound of the utterance so far, or of the last one; mono float32, shape (n,)."""
        return numpy.concatenate(self._frames) if self._frames else numpy.zeros(0, numpy.float32)

    def forget(self, until_silence: bool = False) -> None:
        """Nothing was said. until_silence: and what goes on sounding begins nothing until it has ended."""
        self._rest()
        self._frames = []
        self._deaf = until_silence

    def _rest(self) -> None:
        self.speaking, self._row, self.silence = False, 0, 0
        self._before.clear()
