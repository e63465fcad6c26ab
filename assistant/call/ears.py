"""From a probability for each frame to "somebody begins to speak" and "has ended", each confirmed for itself.

A beginning takes several frames in a row, so that a click begins nothing; an end takes a silence as long as people
pause within a sentence. Where the room itself sounds like speech, a crowd or a television, whoever speaks to us is
louder than it. Knows no clock: time is the number of frames.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

import numpy

from assistant.call.activity import FRAME_SECONDS, level
from assistant.ports.embedding import Vectors

Change = Literal["", "began", "paused", "ended"]


@dataclass(frozen=True)
class Pace:
    """In frames of 32 ms. speech, still_speech: probabilities from which a frame counts, before and within speech.

    begin: so many in a row begin. before: kept of what came just before. pause: a silence after which what was said
    is worth being heard already. end: a silence that ends; end_soon, where what was said is a whole question;
    end_late, where it breaks off in the middle. longest: of one utterance. room: so many frames tell how loud the
    room talks; quiet: so many without it, and it does not any more. louder: decibels above that are somebody's who is
    near. softer: decibels below the loudest part of an utterance are not its speaker's any more, where it is not quiet.
    smooth: frames over which loudness is taken within an utterance.
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
    room: int = 160
    quiet: int = 16
    louder: float = 6.0
    softer: float = 18.0
    smooth: int = 4


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
        # decibels of frames like speech that nobody's are, −100 for those that are not like it
        self._room: deque[float] = deque([-100.0] * pace.quiet, maxlen=pace.room)
        self._quiet = 0  # frames since the room last sounded like speech
        self._loudest = self._noise = -100.0  # of the utterance, and of what was before it, in decibels
        self._heard: deque[float] = deque(maxlen=pace.smooth)  # decibels of the latest frames

    def take(self, frame: Vectors, probability: float) -> Change:
        """The next frame, FRAME samples. probability: that somebody speaks in it."""
        self._heard.append(level(frame))
        if self.speaking:
            return self._go_on(frame, probability)
        self._before.append(frame)
        near = probability >= self.pace.speech and self._heard[-1] > self._talk + self.pace.louder
        self._row = self._row + 1 if near else 0
        if not near or self._deaf:
            self._is_room(probability)
        if self._deaf:
            self.silence = 0 if near else self.silence + 1
            self._deaf = self.silence < self.pace.pause
            return ""
        if self._row < self.pace.begin:
            return ""
        self.speaking, self.silence, self.end, self.voiced = True, 0, self.pace.end, self._row
        self._frames = [*self._before]
        before = [level(one) for one in self._frames[: -self._row]]
        self._noise, self._loudest = float(numpy.median(before)) if before else -100.0, self._lately
        self._before.clear()
        return "began"

    def _go_on(self, frame: Vectors, probability: float) -> Change:
        self._frames.append(frame)
        self._loudest = max(self._loudest, self._lately)
        noise = min(self._noise + self.pace.louder, self._loudest - self.pace.softer)
        least = max(self._talk + self.pace.louder, noise)
        if probability >= self.pace.still_speech and self._lately > least:
            self.silence, self.end, self.voiced = 0, self.pace.end, self.voiced + 1
        else:
            self.silence += 1
            self._is_room(probability)
        if self.silence >= self.end or len(self._frames) >= self.pace.longest:
            self._learn()
            self._rest()
            return "ended"
        return "paused" if self.silence == self.pace.pause else ""

    def _is_room(self, probability: float) -> None:
        """Nobody speaks to us in the latest frame, though it may sound like speech."""
        talks = probability >= self.pace.still_speech
        self._room.append(self._heard[-1] if talks else -100.0)
        self._quiet = 0 if talks else self._quiet + 1
        if self._quiet >= self.pace.quiet:
            self._room = deque([-100.0] * self.pace.quiet, maxlen=self.pace.room)

    def _learn(self) -> None:
        """What went on talking beneath somebody who has ended is the room, and known at once."""
        after = [*self._room][-self.silence :] if self.silence else []
        talk = [loud for loud in after if loud > -100]
        if len(talk) > len(after) // 2:
            self._room = deque(talk, maxlen=self.pace.room)

    @property
    def _lately(self) -> float:
        """How loud the latest frames are, in decibels."""
        return float(10 * numpy.log10(numpy.mean(10 ** (numpy.array(self._heard) / 10))))

    @property
    def _talk(self) -> float:
        """How loud the room talks, in decibels; −100 where it does not."""
        return float(numpy.median(self._room))

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
