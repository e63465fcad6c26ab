"""EndpointDetector: turns a probability of speech for each frame into the beginning and the end of an utterance.

A beginning takes several frames in a row, so that a click begins nothing. An end takes a silence longer than a pause
within a sentence. Where the room itself sounds like speech, such as a crowd or a television, the person who speaks to
us must be louder. It knows no clock: time is the number of frames.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

import numpy

from assistant.call.activity import FRAME_SECONDS, level
from assistant.ports.embedding import Vectors

Change = Literal["", "began", "paused", "ended"]


@dataclass(frozen=True)
class EndpointConfig:
    """When an utterance begins and ends. Durations are numbers of frames of 32 ms."""

    speech: float = 0.5
    """Probability from which a frame counts as speech while nobody is speaking."""
    still_speech: float = 0.35
    """Probability from which a frame counts as speech within an utterance."""
    begin: int = 4
    """An utterance begins after this many frames of speech in a row."""
    before: int = 12
    """This many frames from before the beginning are kept as part of the utterance."""
    pause: int = 6
    """After this much silence the utterance is worth transcribing, though it may go on."""
    end_soon: int = 13
    """This much silence ends an utterance that is a whole question."""
    end: int = 20
    """This much silence ends any other utterance."""
    end_late: int = 34
    """This much silence ends an utterance that breaks off in the middle of a sentence."""
    longest: int = round(45 / FRAME_SECONDS)
    """An utterance ends after this many frames in any case."""
    room: int = 160
    """The loudness of talk in the background is measured over this many frames."""
    quiet: int = 16
    """After this many frames without talk in the background there is none any more."""
    louder: float = 6.0
    """Speech counts as near when it is this many decibels louder than the talk in the background."""
    softer: float = 18.0
    """In a loud room, what is this many decibels below the loudest part of an utterance is not its speaker's."""
    smooth: int = 4
    """Loudness within an utterance is averaged over this many frames."""


class EndpointDetector:
    def __init__(self, config: EndpointConfig = EndpointConfig()) -> None:
        self.config = config
        self.speaking = False
        self.silence = 0  # frames since the last one with speech
        self.end = config.end
        self.voiced = 0  # frames with speech in the utterance
        self._before: deque[Vectors] = deque(maxlen=config.before + config.begin)
        self._row = 0
        self._frames: list[Vectors] = []
        self._deaf = False
        # decibels of frames like speech that nobody's are, −100 for those that are not like it
        self._room: deque[float] = deque([-100.0] * config.quiet, maxlen=config.room)
        self._quiet = 0  # frames since the room last sounded like speech
        self._loudest = self._noise = -100.0  # of the utterance, and of what was before it, in decibels
        self._heard: deque[float] = deque(maxlen=config.smooth)  # decibels of the latest frames

    def take(self, frame: Vectors, probability: float) -> Change:
        """The next frame, FRAME samples. probability: that somebody speaks in it."""
        self._heard.append(level(frame))
        if self.speaking:
            return self._go_on(frame, probability)
        self._before.append(frame)
        near = probability >= self.config.speech and self._heard[-1] > self._talk + self.config.louder
        self._row = self._row + 1 if near else 0
        if not near or self._deaf:
            self._is_room(probability)
        if self._deaf:
            self.silence = 0 if near else self.silence + 1
            self._deaf = self.silence < self.config.pause
            return ""
        if self._row < self.config.begin:
            return ""
        self.speaking, self.silence, self.end, self.voiced = True, 0, self.config.end, self._row
        self._frames = [*self._before]
        before = [level(one) for one in self._frames[: -self._row]]
        self._noise, self._loudest = float(numpy.median(before)) if before else -100.0, self._lately
        self._before.clear()
        return "began"

    def _go_on(self, frame: Vectors, probability: float) -> Change:
        self._frames.append(frame)
        self._loudest = max(self._loudest, self._lately)
        noise = min(self._noise + self.config.louder, self._loudest - self.config.softer)
        least = max(self._talk + self.config.louder, noise)
        if probability >= self.config.still_speech and self._lately > least:
            self.silence, self.end, self.voiced = 0, self.config.end, self.voiced + 1
        else:
            self.silence += 1
            self._is_room(probability)
        if self.silence >= self.end or len(self._frames) >= self.config.longest:
            self._learn()
            self._rest()
            return "ended"
        return "paused" if self.silence == self.config.pause else ""

    def _is_room(self, probability: float) -> None:
        """Nobody speaks to us in the latest frame, though it may sound like speech."""
        talks = probability >= self.config.still_speech
        self._room.append(self._heard[-1] if talks else -100.0)
        self._quiet = 0 if talks else self._quiet + 1
        if self._quiet >= self.config.quiet:
            self._room = deque([-100.0] * self.config.quiet, maxlen=self.config.room)

    def _learn(self) -> None:
        """What went on talking beneath somebody who has ended is the room, and known at once."""
        after = [*self._room][-self.silence :] if self.silence else []
        talk = [loud for loud in after if loud > -100]
        if len(talk) > len(after) // 2:
            self._room = deque(talk, maxlen=self.config.room)

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
