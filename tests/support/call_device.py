"""A device at the other end of a call, frame by frame: a microphone, a player, and the air between them.

Time is the number of frames, so an hour passes as fast as the call works. What a call says is played in order; while
it holds, the player waits. Of what is played some comes back into the microphone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy

from assistant.call import messages
from assistant.call.activity import FRAME, FRAME_SECONDS
from assistant.call.call import Call, CallModels, CallTarget
from assistant.call.messages import CallMessage
from assistant.call.workers import Job
from assistant.conversations.conversations import Conversations
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Segment, SpeechAudio, Transcript, VoiceInfo

RATE = 16_000


class AtOnce:
    """Workers that do everything when they are asked, so that nothing depends on the machine's pace."""

    def hear(self, job: Job) -> None:
        job()

    speak = answer = hear

    def close(self) -> None:
        pass


class Later:
    """Workers whose answers wait until they are let go on; hearing and speaking are done at once."""

    def __init__(self) -> None:
        self.waiting: list[Job] = []

    def hear(self, job: Job) -> None:
        job()

    speak = hear

    def answer(self, job: Job) -> None:
        self.waiting.append(job)

    def close(self) -> None:
        pass


class Loudness:
    """An Activity that takes every frame louder than a whisper for speech."""

    def probability(self, frame: Vectors) -> float:
        return 1.0 if float(numpy.abs(frame).max(initial=0)) > 0.02 else 0.0


class Beeps:
    """A Speaker whose voice is a beep, 0.3 s for each word; it remembers what it said."""

    profile = ModelProfile("beeps", "voice", "scripted", "none", "any", 0)
    voices: tuple[VoiceInfo, ...] = (VoiceInfo("beep", "en", "Beep"),)

    def __init__(self, seconds_a_word: float = 0.3, rate: int = 24_000) -> None:
        self.said: list[str] = []
        self._each, self._rate = seconds_a_word, rate

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        self.said.append(text)
        count = round(self._each * len(text.split()) * self._rate / speed)
        samples = 0.3 * numpy.sin(2 * numpy.pi * 220 * numpy.arange(count) / self._rate)
        return SpeechAudio(text, samples.astype(numpy.float32), self._rate)


class WordsOfPitch:
    """A Transcriber of tones: which words are said is the frequency they are said at; the rest is noise."""

    profile = ModelProfile("words-of-pitch", "speech", "scripted", "none", "any", 0)

    def __init__(self, words: dict[int, str]) -> None:
        self.words, self.asked = words, 0

    def transcribe(self, samples: Vectors, language: str = "", **_: object) -> Transcript:
        self.asked += 1
        loud = samples[numpy.abs(samples) > 0.02]
        seconds = len(samples) / RATE
        if len(loud) < FRAME:
            return Transcript((), "", seconds)
        spectrum = numpy.abs(numpy.fft.rfft(samples))
        said = []
        for pitch, text in self.words.items():
            at = round(pitch * seconds)
            if spectrum[max(0, at - 3) : at + 4].max() > 0.05 * len(loud):
                said.append(text)
        return Transcript(tuple(Segment(0, seconds, text) for text in said), "en", seconds)


class SentencePhrases:
    """Phrases cut after every full stop."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, piece: str) -> list[str]:
        *whole, self._rest = re.split(r"(?<=[.!?]) ", self._rest + piece)
        return whole

    def end(self) -> list[str]:
        rest, self._rest = self._rest.strip(), ""
        return [rest] if rest else []


def tone(pitch: int, seconds: float, loud: float = 0.3) -> Vectors:
    return (loud * numpy.sin(2 * numpy.pi * pitch * numpy.arange(round(seconds * RATE)) / RATE)).astype(numpy.float32)


def nothing(seconds: float) -> Vectors:
    return numpy.zeros(round(seconds * RATE), numpy.float32)


@dataclass
class SimulatedDevice:
    """echo: decibels by which the voice comes back quieter; None: the browser takes all of it away.

    late: frames that it takes. live: the call runs in a thread of its own, and frames come as time passes.
    told: everything the page was told, with the frame at which it was.
    """

    echo: float | None = None
    late: int = 3
    live: bool = False
    told: list[tuple[int, CallMessage]] = field(default_factory=list)
    frame: int = 0
    heard_voice: list[int] = field(default_factory=list)  # frames in which something was played
    call: Call = field(init=False)
    _queue: list[tuple[int, Vectors]] = field(default_factory=list)  # pieces at 16 kHz
    _at: int = 0  # sample of the first of them
    _begun: int = 0
    _held: bool = False
    _air: list[Vectors] = field(default_factory=list)

    def tell(self, message: CallMessage) -> None:
        self.told.append((self.frame, message))
        match message:
            case messages.AudioChunk(piece, spoken):
                at = numpy.arange(0, len(spoken.samples), spoken.rate / RATE)
                self._queue.append((piece, numpy.interp(at, numpy.arange(len(spoken.samples)), spoken.samples)))
            case messages.PausePlayback(on):
                self._held = on
                if on:
                    self.call.paused(self.frame)
                    self._begun = 0
            case messages.DiscardAudio():
                self._queue, self._at, self._begun, self._held = [], 0, 0, False

    def hears(self, *sounds: Vectors) -> None:
        """These reach the microphone, one after the other, together with what comes back of the voice."""
        for sound in sounds:
            for first in range(0, len(sound) - FRAME + 1, FRAME):
                self._tick(sound[first : first + FRAME])

    def waits(self, seconds: float) -> None:
        self.hears(nothing(seconds))

    def _tick(self, sound: Vectors) -> None:
        self._air.append(self._play())
        back = self._air[-1 - self.late] if self.echo is not None and len(self._air) > self.late else None
        if back is not None and self.echo is not None:
            sound = (sound + back * 10 ** (-self.echo / 20)).astype(numpy.float32)
        self.call.frame(sound)
        self._do(lambda _: None)
        self.frame += 1

    def _do(self, verb: Callable[[Call], None]) -> None:
        self.call.do(verb)
        if not self.live:
            self.call.drain()

    def _play(self) -> Vectors:
        played = numpy.zeros(FRAME, numpy.float32)
        if self._held or not self._queue:
            return played
        piece, samples = self._queue[0]
        if self._begun != piece:
            self._begun = piece
            frame, skipped = self.frame, self._at / RATE
            self._do(lambda call: call.playing(piece, frame, skipped))
        now = samples[self._at : self._at + FRAME]
        played[: len(now)] = now
        self._at += FRAME
        self.heard_voice.append(self.frame)
        if self._at >= len(samples):
            self._queue.pop(0)
            self._at = 0
            self._do(lambda call: call.played(piece))
        return played

    # What was told

    def all(self, kind: type) -> list[CallMessage]:
        return [message for _, message in self.told if isinstance(message, kind)]

    @property
    def states(self) -> list[str]:
        return [message.state for message in self.all(messages.StateChanged)]  # type: ignore[union-attr]

    @property
    def state(self) -> str:
        return self.states[-1] if self.states else "listening"

    @property
    def asked(self) -> list[str]:
        """The turns' words, as the page was told."""
        return [one.stable for one in self.all(messages.HeardText) if one.final and one.stable]  # type: ignore[union-attr]

    def first(self, kind: type, after: int = 0, test: Callable[[CallMessage], bool] = lambda _: True) -> int:
        """The frame at which the first such message came since that frame."""
        return next(at for at, message in self.told if at >= after and isinstance(message, kind) and test(message))


def seconds(frames: int) -> float:
    return frames * FRAME_SECONDS


def device_on(
    conversations: Conversations,
    call_models: CallModels,
    target: CallTarget | None = None,
    workers: object = None,
    **how: object,
) -> SimulatedDevice:
    """A device with a call on it, in the middle of nothing."""
    device = SimulatedDevice(**how)  # type: ignore[arg-type]
    device.call = Call(target or CallTarget("me"), conversations, call_models, workers or AtOnce(), device.tell)  # type: ignore[arg-type]
    return device


def call_models(
    words: dict[int, str], speaker: object = None, activity: object = None, transcriber: object = None, **how: object
) -> CallModels:
    heard, voice = transcriber or WordsOfPitch(words), speaker or Beeps()
    return CallModels(activity or Loudness(), lambda: heard, lambda: voice, SentencePhrases, **how)  # type: ignore[arg-type, return-value]
