"""Words while they are spoken: what is heard so far, of which one part will not change any more.

LocalAgreement-2, as in Macháček, Dabre and Bojar, "Turning Whisper into Real-Time Transcription System" (2023): the
open stretch is heard again and again as it grows, and what two hearings in a row agree on is stable. A pause, or the
end of a stable word once the stretch has grown long, closes it. So a hearing costs the same however long somebody
speaks, and the next one never begins before as much time has passed as the last one took.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy

from assistant.media import SAMPLE_RATE
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Task, Transcriber, Transcript, joined
from assistant.speech.recognition.voice_activity import speech_spans
from assistant.values.errors import AssistantError

log = logging.getLogger(__name__)

LONG = 10.0  # seconds of an open stretch, after which its stable words are closed
LONGEST = 24.0  # after which everything is: Whisper listens to 30 at a time
PAUSE = 0.8  # seconds without a voice that end what was said
EDGE = 0.5  # seconds kept of what is not speech yet: a word may be beginning there

# A Chinese or Japanese character, or a word with its punctuation; each with the blanks before it.
_PIECE = re.compile(r"(?<!\s)\s*+(?:[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+)")


@dataclass(frozen=True)
class LiveWords:
    """Words while they are spoken."""

    stable: str = ""
    """What was heard alike twice. It only grows."""
    tentative: str = ""
    """What follows, as it was heard last."""

    @property
    def text(self) -> str:
        return joined((self.stable, self.tentative))


class LiveTranscript:
    """Fed with a recording while it is made. Any thread may call any verb, and none but `finish` waits.

    every: seconds of new sound before it is heard again, at least. The other settings are those of `transcribe`.
    """

    def __init__(
        self,
        transcriber: Transcriber,
        language: str = "",
        *,
        task: Task = "",
        hints: Sequence[str] = (),
        every: float = 0.7,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transcriber, self._language, self._task, self._hints = transcriber, language, task, tuple(hints)
        self._every, self._clock = every, clock
        self._pieces: list[Vectors] = []
        self._fed = 0  # samples
        self._more = threading.Condition()
        self._closed = False
        self._words = LiveWords()
        self._listener: threading.Thread | None = None

    def feed(self, samples: Vectors) -> None:
        """More of the recording: mono float32 in −1..1 at 16 kHz, shape (n,), of any length."""
        with self._more:
            if self._closed:
                return
            self._pieces.append(numpy.array(samples, numpy.float32))
            self._fed += len(samples)
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="live words", daemon=True)
                self._listener.start()
            self._more.notify()

    def words(self) -> LiveWords:
        """As they are now."""
        return self._words

    def finish(self) -> Transcript:
        """The whole recording, heard once more from its beginning. Raises what `transcribe` raises."""
        self.close()
        if self._listener is not None:
            self._listener.join()  # two hearings at a time take longer than one after the other
        transcript = self._transcriber.transcribe(
            self._recording(0), self._language, task=self._task, hints=self._hints
        )
        self._words = LiveWords(transcript.text)
        return transcript

    def close(self) -> None:
        """Hears no more; a hearing in the making ends by itself."""
        with self._more:
            self._closed = True
            self._more.notify()

    def _recording(self, start: int) -> Vectors:
        with self._more:
            if len(self._pieces) > 1:
                self._pieces = [numpy.concatenate(self._pieces)]
            return self._pieces[0][start:] if self._pieces else numpy.zeros(0, numpy.float32)

    def _listen(self) -> None:
        stretch = _OpenStretch()
        heard, cost = 0, 0.0
        try:
            while True:
                with self._more:
                    enough = heard + max(self._every, cost) * SAMPLE_RATE
                    self._more.wait_for(lambda enough=enough: self._closed or self._fed >= enough)  # type: ignore[misc]
                    if self._closed:
                        return
                samples = self._recording(stretch.first)
                heard = stretch.first + len(samples)
                began = self._clock()
                stretch = self._hear(samples, stretch)
                cost = self._clock() - began
                self._words = LiveWords(stretch.closed_and_stable, stretch.tentative)
        except AssistantError as error:  # the final hearing says it to the person
            log.info("No more live words: %s", error)
        except Exception:
            log.exception("Live words ended unexpectedly")

    def _hear(self, samples: Vectors, stretch: "_OpenStretch") -> "_OpenStretch":
        seconds = len(samples) / SAMPLE_RATE
        spans = speech_spans(samples)
        if not spans:
            return stretch.moved(seconds - EDGE)
        long = seconds > LONG
        transcript = self._transcriber.transcribe(
            samples, self._language or stretch.language, task=self._task, words=long, hints=self._hints
        )
        stretch = stretch.agreed(transcript)
        if seconds > LONGEST:
            return stretch.closed(seconds)
        if seconds - spans[-1][1] > PAUSE:
            return stretch.closed(spans[-1][1])
        return stretch.cut(transcript) if long else stretch


@dataclass(frozen=True)
class _OpenStretch:
    """The stretch that is heard again and again."""

    first: int = 0
    """The sample at which it begins."""
    before: str = ""
    """What was said until there."""
    stable: tuple[str, ...] = ()
    """Pieces of text that will not change any more."""
    last: tuple[str, ...] = ()
    """Pieces of text: the whole of the last hearing."""
    language: str = ""
    """Known once something is stable."""

    @property
    def closed_and_stable(self) -> str:
        return joined((self.before, "".join(self.stable)))

    @property
    def tentative(self) -> str:
        return "".join(self.last[_reached(self.stable, self.last) :]).strip()

    def agreed(self, heard: Transcript) -> "_OpenStretch":
        """After another hearing: what it and the one before begin with alike is stable."""
        now = tuple(_PIECE.findall(heard.text))
        more = now[_reached(self.stable, now) : _alike(self.last, now)]
        if not more:
            return replace(self, last=now)
        return replace(self, stable=(*self.stable, *more), last=now, language=heard.language)

    def moved(self, seconds: float) -> "_OpenStretch":
        """Nobody speaks in the stretch until there."""
        return self.closed(max(0.0, seconds))

    def closed(self, seconds: float) -> "_OpenStretch":
        """Everything until there is said, as it was heard last; but what is stable stays as it is."""
        said = joined((self.closed_and_stable, self.tentative))
        return _OpenStretch(self.first + round(seconds * SAMPLE_RATE), said)

    def cut(self, heard: Transcript) -> "_OpenStretch":
        """The stretch begins anew after its last stable word, or segment where the engine times no words."""
        stable, reached, end = _letters(self.stable), "", 0.0
        for timed in (one for segment in heard.segments for one in segment.words or (segment,)):
            if not stable.startswith(reached + _letters((timed.text,))):
                break
            reached, end = reached + _letters((timed.text,)), timed.end
        kept, left = _count(self.stable, reached), _count(self.last, reached)
        if not end or kept is None or left is None:
            return self
        said = joined((self.before, "".join(self.stable[:kept])))
        return _OpenStretch(
            self.first + round(end * SAMPLE_RATE), said, self.stable[kept:], self.last[left:], self.language
        )


def _letters(pieces: Sequence[str]) -> str:
    return "".join(letter for letter in "".join(pieces).casefold() if letter.isalnum())


def _count(pieces: Sequence[str], letters: str) -> int | None:
    """How many of the pieces these letters fill exactly; None where they end within one."""
    return next((n for n in range(len(pieces) + 1) if _letters(pieces[:n]) == letters), None)


def _alike(left: Sequence[str], right: Sequence[str]) -> int:
    """How many pieces both begin with, whatever their punctuation."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((n for n, (a, b) in pairs if _letters((a,)) != _letters((b,))), min(len(left), len(right)))


def _reached(stable: Sequence[str], heard: Sequence[str]) -> int:
    """How many pieces of this hearing the stable ones stand for.

    A later hearing may split or spell them otherwise, so that its words lie a few places on: the last stable words
    are looked for around where they should be.
    """
    count = len(stable)
    tail = [_letters((piece,)) for piece in stable[-2:]]
    for shift in (0, -1, 1, -2, 2, -3, 3):
        at = count + shift
        if at >= len(tail) and [_letters((piece,)) for piece in heard[at - len(tail) : at]] == tail:
            return at
    return min(count, len(heard))
