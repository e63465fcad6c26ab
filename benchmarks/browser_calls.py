"""Calls in a real browser, whose fake microphone plays a scripted room: phantom turns, self-answers, barge-in.

    python -m benchmarks.browser_calls [--calls 20] [--json FILE]

The rooms are those of `benchmarks/calls.py rooms`: three spoken questions, the second one while the answer to the first
is spoken; coughs, barks, knocks, music between them; noise mixed in at a stated ratio. Chromium plays them in real time
(`--use-file-for-fake-audio-capture`) into the page of a real server with real detector, recogniser and voice; the
answers are scripted. What the page plays comes back into its microphone so many decibels quieter, with the browser's
own echo cancellation out of the way. Barge-in runs from the first sound of the second question at the page's
microphone to the moment at which the page stops its loudspeaker.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from cli.main import QUIET

os.environ.update(QUIET)

import numpy

from assistant.call.activity import FRAME_SECONDS
from assistant.call.echo_detector import pieces
from assistant.conversations.conversations import Conversations
from assistant.conversations.history import History
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.ports.embedding import Vectors
from assistant.settings.settings import Settings, from_environment
from assistant.speech.recognition.live import LiveTranscript
from assistant.speech.synthesis.sentences import Sentences
from assistant.storage.originals import Originals
from benchmarks.calls import (
    ANSWER,
    ASKED,
    BACK,
    NOISES,
    AcousticRoom,
    CallOutcome,
    Remembering,
    incident,
    onset,
    tell_rooms,
)
from cli.wiring import wire
from tests.support.browser_page import ARGUMENTS, chromium, free_port
from tests.support.call_device import RATE, nothing
from tests.support.call_page import ServedCalls, clip, record
from tests.support.fakes import make_assistant

TICK = 0.01  # seconds between two looks at how loud the microphone is
QUESTIONS = ("who serviced the pump", "when is the next service due", "ask what you can do for your country")
# What the page plays goes back into what its microphone hears; both clocks are that of one AudioContext.
AIR = """([back, tick]) => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const connect = AudioNode.prototype.connect, stop = AudioScheduledSourceNode.prototype.stop;
    const seen = window.seen = { loud: [], stopped: [], played: [], from: 0 };
    let air, ear, leak;
    const now = () => air ? air.currentTime : 0;
    AudioNode.prototype.connect = function (to, ...rest) {
        if (air && this instanceof AudioBufferSourceNode && to === this.context.destination) {
            seen.played.push(now());
            if (back !== null) {
                if (!leak) {
                    leak = this.context.createMediaStreamDestination();
                    const quieter = air.createGain();
                    quieter.gain.value = Math.pow(10, -back / 20);
                    connect.call(connect.call(air.createMediaStreamSource(leak.stream), quieter), ear);
                }
                connect.call(this, leak);
            }
        }
        return connect.call(this, to, ...rest);
    };
    AudioScheduledSourceNode.prototype.stop = function (...when) {
        seen.stopped.push(now());
        return stop.call(this, ...when);
    };
    const worklet = `registerProcessor("loud", class extends AudioWorkletProcessor {
        constructor() { super(); this.sum = 0; this.count = 0; }
        process([input]) {
            for (const sample of input[0] || []) {
                this.sum += sample * sample;
                if (++this.count >= sampleRate * ${tick}) {
                    this.port.postMessage([currentTime, Math.sqrt(this.sum / this.count)]);
                    this.sum = this.count = 0;
                }
            }
            return true;
        }
    });`;
    navigator.mediaDevices.getUserMedia = async () => {
        const device = await real({ audio: {
            echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 } });
        air = new AudioContext();
        ear = air.createMediaStreamDestination();
        await air.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: "text/javascript" })));
        const source = air.createMediaStreamSource(device), meter = new AudioWorkletNode(air, "loud");
        meter.port.onmessage = (event) => seen.loud.push(event.data);
        connect.call(source, meter);
        connect.call(source, ear);
        seen.from = Date.now() / 1000 - air.currentTime;
        return ear.stream;
    };
}"""


@dataclass
class SoundScene:
    """A room as it will sound. spoken: seconds of its utterances, first and last. back: decibels, None: none."""

    sound: Vectors
    spoken: list[tuple[float, float]]
    about: str
    back: float | None


def scene(number: int) -> SoundScene:
    kind, ratio = NOISES[number % len(NOISES)]
    back = BACK[(number + 1 + number // len(NOISES)) % len(BACK)]
    random = numpy.random.default_rng(number)
    parts: list[Vectors] = []
    spoken: list[tuple[float, float]] = []

    def says(which: int) -> None:
        sound = clip(*ASKED[which])
        sound = sound * (10 ** (-23 / 20) / numpy.sqrt(numpy.mean(sound**2)))
        first = sum(map(len, parts)) / RATE
        spoken.append((first + onset(sound) * FRAME_SECONDS, first + len(sound) / RATE))
        parts.append(sound.astype(numpy.float32))

    parts.append(nothing(2.0))
    says(0)
    parts.append(nothing(4.0))  # the answer has begun
    says(1)
    parts += [nothing(3.0), incident(number, random), nothing(10.0), incident(number + 1, random), nothing(3.0)]
    says(2)
    parts.append(nothing(11.0))
    sound = AcousticRoom(kind, ratio, random).sounds(numpy.concatenate(parts))
    return SoundScene(sound, spoken, f"{kind} {ratio:.0f} dB, voice back {back} dB", back)


class ServedCallPage(ServedCalls):
    module = "benchmarks.browser_calls"

    def start(self) -> None:
        command = [sys.executable, "-m", self.module, "--serve", str(self.port), str(self.folder)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert any(line.startswith("http") for line in self.process.stdout), "the page could not be served"

    def turns(self) -> list[str]:
        """The words of every turn, oldest first."""
        import contextlib
        import sqlite3

        found = next(self.folder.rglob("conversations/*.sqlite3"), None) or next(self.folder.rglob("*.sqlite3"))
        with contextlib.closing(sqlite3.connect(found)) as kept:
            return [words for (words,) in kept.execute("SELECT asked FROM entries ORDER BY number")]


def serve(port: int, folder: Path) -> None:
    from ui import page
    from ui.calls import CallSetup
    from ui.owner import OwnerOf

    settings = from_environment({**os.environ, "MEDLEY_PROFILE": "cpu-offline"}, data=folder)
    models, _ = wire(settings, None)
    recogniser, voice = models.transcriber.get(), Remembering(models.speaker.get())
    for sentence in [*Sentences().feed(ANSWER), *Sentences().feed(ANSWER + " So.")]:
        voice.say(sentence)
    originals = Originals(folder / "originals")
    assistant = make_assistant(ScriptedEngine([ScriptedLine("", ANSWER)]), originals=originals)
    conversations = Conversations(History(folder / "kept", originals), assistant, originals)
    setup = CallSetup(
        lambda: recogniser,
        lambda: voice,
        Sentences,
        lambda language, hints: LiveTranscript(recogniser, language, hints=hints),
    )
    built = page.build(conversations, lambda: (), OwnerOf(alone=False), panels=page.Panels(calls=setup))
    print(page.launch(built, Settings(port=port), block=False), flush=True)
    built.block_thread()


def call(driver: Any, served: ServedCallPage, number: int, folder: Path) -> CallOutcome:
    here, told = scene(number), CallOutcome("")
    told.about = here.about
    before = len(served.turns())
    device = f"--use-file-for-fake-audio-capture={record(folder / f'{number}.wav', here.sound)}%noloop"
    browser = driver.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, device])
    try:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{served.port}")
        page.wait_for_selector("#talk-words", state="attached")
        page.evaluate(AIR, [here.back, TICK])
        page.click("#call")
        page.wait_for_function("window.seen.from > 0")
        time.sleep(len(here.sound) / RATE + 1.5)
        seen = page.evaluate("window.seen")
        page.click("#calling .end")
    finally:
        browser.close()
    began = starts(here.sound, seen["loud"])  # of the recording, in seconds of the page's clock
    told.asked = served.turns()[before:]
    heard = [_questions(words) for words in told.asked]
    told.missed = len(QUESTIONS) - len(set().union(*heard))
    told.phantoms = sum(not questions or questions <= set().union(*heard[:at]) for at, questions in enumerate(heard))
    told.holds = len(seen["stopped"])
    interrupted = here.spoken[1][0]
    last = max((at for at in seen["played"] if at - began < interrupted), default=numpy.inf)
    sounding = last < numpy.inf and not any(last <= at < interrupted + began - 0.25 for at in seen["stopped"])
    after = [at - began - interrupted for at in seen["stopped"] if at - began >= interrupted - 0.25]
    told.barge_in = after[0] if sounding and after else None
    return told


def _questions(words: str) -> set[int]:
    """Which of the questions are in this turn; somebody who goes on before the answer sounds asks two in one."""
    said = set(pieces(words))
    return {at for at, one in enumerate(QUESTIONS) if len(said & set(pieces(one))) >= 0.5 * len(pieces(one))}


def starts(sound: Vectors, loud: Sequence[tuple[float, float]]) -> float:
    """When the recording began on the page's clock: where its loudness fits best what was measured."""
    each = round(RATE * TICK)
    wanted = numpy.sqrt(numpy.mean(sound[: len(sound) // each * each].reshape(-1, each) ** 2, axis=1))
    at, found = numpy.array(loud).T
    measured = numpy.interp(numpy.arange(at[0], at[-1], TICK), at, found)
    length = min(len(wanted), len(measured)) - 300
    shifts = range(-150, 300)  # the device may have begun before it was first looked at
    best = max(
        shifts,
        key=lambda shift: float(
            numpy.corrcoef(
                wanted[max(0, -shift) : max(0, -shift) + length],
                measured[max(0, shift) : max(0, shift) + length],
            )[0, 1]
        ),
    )
    return float(at[0] - TICK + best * TICK)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--serve", nargs=2, metavar=("PORT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(int(options.serve[0]), Path(options.serve[1]))
        return 0
    from playwright.sync_api import sync_playwright

    told = []
    with tempfile.TemporaryDirectory(prefix="medley-calls-") as name, sync_playwright() as driver:
        served = ServedCallPage(free_port(), Path(name))
        served.start()
        try:
            for number in range(options.calls):
                told.append(call(driver, served, number, Path(name)))
                print(f"{number + 1}: {told[-1]}", flush=True)
        finally:
            served.end()
    result = tell_rooms(told)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2, ensure_ascii=False), encoding="utf-8")
    print(json.dumps({name: value for name, value in result.items() if name != "each"}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
