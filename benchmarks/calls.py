"""Calls through the whole way: a fake device plays a room into a call, and what comes out is counted and timed.

    python benchmarks/calls.py rooms [--calls 20] [--json FILE]      phantom turns, self-answers, barge-in
    python benchmarks/calls.py latency [--turns 8] [--json FILE]     end of speech → first sound, real time

`rooms`: each call asks three questions in recorded speech, the second one while the answer to the first is spoken;
between them the room coughs, plays music, barks, knocks. White noise, a crowd or music is mixed in at a stated ratio,
and the spoken answer comes back into the microphone 12 to 30 dB quieter, as if the browser took nothing away. Real
detector, recogniser and voice; the answers are scripted; time is counted in frames, so the machine's pace is no part.
`latency`: default models of a CPU without a hub, in real time, over a conversation with a document.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from cli.main import QUIET

os.environ.update(QUIET)

import numpy

from assistant.call import messages
from assistant.call.activity import FRAME, FRAME_SECONDS, SileroActivity
from assistant.call.call import CallModels, CallTarget
from assistant.call.workers import Threads
from assistant.conversations.conversations import Conversations
from assistant.conversations.history import History
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Speaker, SpeechAudio, Transcript
from assistant.settings.settings import from_environment
from assistant.speech.synthesis.sentences import Sentences
from assistant.storage.originals import Originals
from assistant.values.parts import Attachment, Text, Turn
from benchmarks.turn import REPORT
from cli.wiring import wire
from tests.support.call_device import RATE, AtOnce, SimulatedDevice, device_on, nothing
from tests.support.call_page import clip
from tests.support.fakes import make_assistant

ANSWER = (
    "The pump was serviced by Dana Ortiz in March. The seal was replaced, and the next service is due in September."
)
ASKED = (("question-en", 0.35, 2.05), ("question-en", 2.1, 4.85), ("jfk", 8.0, 10.9))
BACK = (None, 30.0, 24.0, 18.0, 12.0)  # decibels by which the voice comes back quieter
NOISES = (("none", 0.0), ("white", 20.0), ("white", 10.0), ("crowd", 15.0), ("music", 15.0))


class Remembering:
    """A Speaker that says the same sentence once only."""

    def __init__(self, speaker: Speaker) -> None:
        self.profile, self.voices, self._speaker = speaker.profile, speaker.voices, speaker
        self._said: dict[tuple[str, str, float], SpeechAudio] = {}

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        key = (text, voice, speed)
        if key not in self._said:
            self._said[key] = self._speaker.say(text, voice, speed)
        return self._said[key]


# Rooms


def noise(kind: str, length: int, random: numpy.random.Generator) -> Vectors:
    """`length` samples of it with a power of one."""
    at = numpy.arange(length) / RATE
    match kind:
        case "white":
            made = random.standard_normal(length)
        case "crowd":  # six voices backwards, so that nobody says a word
            voices = [clip("jfk", 0.05, 10.9)[::-1], clip("question-zh", 0.5, 5.4)[::-1]]
            made = numpy.zeros(length)
            for number in range(6):
                made += numpy.roll(numpy.resize(voices[number % 2], length), int(random.integers(length)))
        case "music":
            made = numpy.zeros(length)
            for beat, pitch in enumerate(random.choice([220, 262, 294, 330, 392, 440], size=int(at[-1] / 0.4) + 1)):
                since = at - 0.4 * beat
                struck = numpy.where((since >= 0) & (since < 0.8), numpy.exp(-4 * numpy.clip(since, 0, 1)), 0)
                made += struck * sum(numpy.sin(2 * numpy.pi * pitch * k * at) / k for k in (1, 2, 3))
        case _:
            return numpy.zeros(length, numpy.float32)
    return (made / numpy.sqrt(numpy.mean(made**2))).astype(numpy.float32)


def incident(kind: int, random: numpy.random.Generator) -> Vectors:
    """A cough, a bark, a knock, a tone, a bar of music: loud, and no word."""
    match kind % 5:
        case 0:  # a cough: two bursts of breath
            burst = random.standard_normal(round(0.16 * RATE)) * numpy.hanning(round(0.16 * RATE))
            made = numpy.concatenate([burst, numpy.zeros(round(0.12 * RATE)), burst])
        case 1:  # a bark: a falling harmonic cry, twice
            at = numpy.arange(round(0.2 * RATE)) / RATE
            fall = 2 * numpy.pi * numpy.cumsum(650 - 1500 * at) / RATE
            cry = sum(numpy.sin(k * fall) / k for k in range(1, 9)) * numpy.hanning(len(at))
            made = numpy.concatenate([cry, numpy.zeros(round(0.25 * RATE)), cry])
        case 2:
            made = random.standard_normal(round(0.03 * RATE)) * numpy.exp(-numpy.linspace(0, 6, round(0.03 * RATE)))
        case 3:
            made = numpy.sin(2 * numpy.pi * 880 * numpy.arange(round(0.6 * RATE)) / RATE)
        case _:
            made = noise("music", round(1.5 * RATE), random)
    return (0.3 * made / numpy.abs(made).max()).astype(numpy.float32)


@dataclass
class CallOutcome:
    """What one call came to. barge_in: seconds from the beginning of speech to the command that silences the voice,
    None where no voice sounded by then. holds: how often it was silenced at all."""

    about: str
    asked: list[str] = field(default_factory=list)
    phantoms: int = 0
    missed: int = 0
    holds: int = 0
    barge_in: float | None = None


def rooms(calls: Sequence[int], transcriber: Any, speaker: Speaker, folder: Path) -> list[CallOutcome]:
    originals = Originals(folder / "originals")
    history = History(folder / "conversations", originals)
    engine = ScriptedEngine([ScriptedLine("", ANSWER)])
    conversations = Conversations(history, make_assistant(engine, originals=originals), originals)
    told = []
    for number in calls:
        kind, ratio = NOISES[number % len(NOISES)]
        back = BACK[(number + 1 + number // len(NOISES)) % len(BACK)]
        random = numpy.random.default_rng(number)
        call_models = CallModels(SileroActivity(), lambda: transcriber, lambda: speaker, Sentences)
        device = device_on(conversations, call_models, CallTarget("me"), AtOnce(), echo=back)
        told.append(
            room(device, number, AcousticRoom(kind, ratio, random), f"{kind} {ratio:.0f} dB, voice back {back} dB")
        )
        print(f"{number + 1}: {told[-1]}", flush=True)
    history.close()
    return told


@dataclass
class AcousticRoom:
    kind: str
    ratio: float
    random: numpy.random.Generator

    def sounds(self, sound: Vectors) -> Vectors:
        """With the room's noise beneath; its loudness is measured against speech of −23 decibels."""
        loud = 10 ** (-(23 + self.ratio) / 20)
        return (sound + loud * noise(self.kind, len(sound), self.random)).astype(numpy.float32)


def room(device: SimulatedDevice, number: int, place: AcousticRoom, about: str) -> CallOutcome:
    told = CallOutcome(about)
    spoken: list[tuple[int, int]] = []  # frames of speech, first and last

    def says(which: int) -> int:
        sound = clip(*ASKED[which])
        sound = sound * (10 ** (-23 / 20) / numpy.sqrt(numpy.mean(sound**2)))
        first = device.frame + onset(sound)
        device.hears(place.sounds(sound))
        spoken.append((first, device.frame))
        return first

    def waits(seconds: float) -> None:
        device.hears(place.sounds(nothing(seconds)))

    waits(1.5)
    says(0)
    waits(2.0)  # the answer has begun
    speaking = device.state == "speaking"
    interrupted = says(1)
    held = [at for at, message in device.told if isinstance(message, messages.PausePlayback) and message.on]
    after = [at for at in held if at >= interrupted - 8]
    told.barge_in = (after[0] - interrupted) * FRAME_SECONDS if speaking and after else None
    waits(3.0)
    device.hears(place.sounds(incident(number, place.random)))  # while the answer is spoken
    waits(12.0)
    device.hears(place.sounds(incident(number + 1, place.random)))  # while nobody speaks
    waits(3.0)
    says(2)
    waits(12.0)
    turns = [
        (at, message.stable)
        for at, message in device.told
        if isinstance(message, messages.HeardText) and message.stable
    ]
    told.asked = [words for _, words in turns]
    for first, last in spoken:
        mine = [one for one in turns if first <= one[0] <= last + round(2.5 / FRAME_SECONDS)]
        told.missed += not mine
        turns = [one for one in turns if one not in mine[:1]]
    told.phantoms = len(turns)
    told.holds = len(held)
    return told


def onset(sound: Vectors) -> int:
    """The frame in which speech begins."""
    loud = [float(numpy.sqrt(numpy.mean(sound[at : at + FRAME] ** 2))) for at in range(0, len(sound) - FRAME, FRAME)]
    return next(number for number, one in enumerate(loud) if one > 0.1 * max(loud))


def tell_rooms(told: list[CallOutcome]) -> dict[str, Any]:
    barge = [one.barge_in for one in told if one.barge_in is not None]
    return {
        "calls": len(told),
        "turns expected": 3 * len(told),
        "turns asked": sum(len(one.asked) for one in told),
        "missed": sum(one.missed for one in told),
        "phantom turns and self-answers": sum(one.phantoms for one in told),
        "barge-in seconds": {
            "median": round(statistics.median(barge), 3) if barge else None,
            "most": round(max(barge), 3) if barge else None,
            "measured": len(barge),
            "over 0.3": sum(one > 0.3 for one in barge),
        },
        "each": [vars(one) for one in told],
    }


# Latency


class TimedModel:
    """Stands before the recogniser and the voice, and remembers when they were at work."""

    def __init__(self, inner: Any, times: list[tuple[str, float, float]]) -> None:
        self._inner, self._times = inner, times
        self.profile = inner.profile

    def transcribe(self, samples: Vectors, language: str = "", **how: Any) -> Transcript:
        return self._timed("heard", lambda: self._inner.transcribe(samples, language, **how))  # type: ignore[no-any-return]

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        return self._timed("spoke", lambda: self._inner.say(text, voice, speed))  # type: ignore[no-any-return]

    def _timed(self, what: str, work: Callable[[], Any]) -> Any:
        began = time.monotonic()
        made = work()
        self._times.append((what, began, time.monotonic()))
        return made


def latency(turns: int, folder: Path) -> dict[str, Any]:
    """Seconds of each step, from the last sound of the question to the first of the answer."""
    models, assistant = loaded(folder)
    originals = Originals(folder / "originals")
    history = History(folder / "conversations", originals)
    conversations = Conversations(history, replace(assistant, originals=originals), originals)
    conversation = history.make("me").id
    report = folder / "report.txt"
    report.write_text(REPORT)
    turn = Turn((Text("What is this about?"), Attachment(report, report.name)))
    for _ in conversations.ask("me", conversation, turn, "", threading.Event())[1]:
        pass
    times: list[tuple[str, float, float]] = []
    recogniser, voice = TimedModel(models.transcriber.get(), times), TimedModel(models.speaker.get(), times)
    voice.say("One moment, please.")
    marks: list[tuple[float, Any]] = []
    call_models = CallModels(SileroActivity(), lambda: recogniser, lambda: voice, Sentences)
    device = device_on(conversations, call_models, CallTarget("me", conversation), Threads(), live=True)
    tell = device.tell

    def noted(message: Any) -> None:
        marks.append((time.monotonic(), message))
        tell(message)

    device.call._tell = noted
    threading.Thread(target=device.call.run, daemon=True).start()
    rows = [one_turn(device, marks, times, ASKED[number % 2]) for number in range(turns)]
    answers = [entry.answer for entry in history.turns("me", conversation) if entry.answer is not None]
    steps = [dict(one.timings) | {"prompt tokens": one.received.prompt_tokens} for one in answers]
    device.call.end()
    history.close()
    assistant.close()
    names = list(rows[0])
    return {
        "turns": turns,
        "median": {name: round(statistics.median(row[name] for row in rows), 2) for name in names},
        "steps of the answers": steps[1:],
        "each": rows,
    }


def one_turn(
    device: SimulatedDevice, marks: list[Any], times: list[Any], asked: tuple[str, float, float]
) -> dict[str, float]:
    marks.clear()
    times.clear()
    clock = MicrophoneClock(device)
    clock.plays(clip(*asked))
    ended = time.monotonic()
    while not any(isinstance(message, messages.AudioChunk) for _, message in marks) and time.monotonic() - ended < 60:
        clock.plays(nothing(0.1))
    writes, speaks = (
        next(at for at, message in marks if isinstance(message, kind))
        for kind in (messages.TextDelta, messages.AudioChunk)
    )
    decided = next(at for at, message in marks if isinstance(message, messages.HeardText) and message.final)
    spoke = next(one for one in times if one[0] == "spoke")
    heard = [one for one in times if one[0] == "heard" and one[2] <= decided]
    while device.state != "listening" and time.monotonic() - ended < 60:
        clock.plays(nothing(0.1))
    row = {
        "end of speech to its words confirmed": decided - ended,
        "of which the last recognition": heard[-1][2] - heard[-1][1] if heard else 0.0,
        "search, prompt and first words": writes - decided,
        "first phrase": spoke[1] - writes,
        "its voice": spoke[2] - spoke[1],
        "end of speech to first sound": speaks - ended,
    }
    print({name: round(seconds, 2) for name, seconds in row.items()}, flush=True)
    return row


class MicrophoneClock:
    """Feeds a device as fast as a microphone would."""

    def __init__(self, device: SimulatedDevice) -> None:
        self._device, self._next = device, time.monotonic()

    def plays(self, sound: Vectors) -> None:
        for at in range(0, len(sound) - FRAME + 1, FRAME):
            time.sleep(max(0.0, self._next - time.monotonic()))
            self._next += FRAME_SECONDS
            self._device.hears(sound[at : at + FRAME])


def loaded(folder: Path) -> tuple[Any, Any]:
    settings = from_environment({**os.environ, "MEDLEY_PROFILE": "cpu-offline"}, data=folder)
    models, assistant = wire(settings, None)
    for part in (models.engine, models.embedder, assistant.library, models.transcriber, models.speaker):
        part.get()
    return models, assistant


@contextmanager
def somewhere() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="medley-calls-") as folder:
        yield Path(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("rooms", "latency"))
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--noises", default="none,white,crowd,music", help="rooms with these alone")
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with somewhere() as folder:
        if options.what == "rooms":
            settings = from_environment({**os.environ, "MEDLEY_PROFILE": "cpu-offline"}, data=folder)
            models, _ = wire(settings, None)
            chosen = [one for one in range(options.calls) if NOISES[one % len(NOISES)][0] in options.noises]
            told = tell_rooms(rooms(chosen, models.transcriber.get(), Remembering(models.speaker.get()), folder))
        else:
            told = latency(options.turns, folder)
    text = json.dumps(told, indent=2, ensure_ascii=False)
    if options.json:
        options.json.write_text(text, encoding="utf-8")
    print(json.dumps({name: value for name, value in told.items() if name != "each"}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
