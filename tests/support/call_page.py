"""The real page with calls, served by a process of its own: a real detector of speech, made-up ears, words and voice.

Between it and the browser a relay can be put, which cuts every connection when it is told to.
"""

import contextlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy

from assistant.call.activity import FRAME
from assistant.conversations.conversations import Conversations
from assistant.conversations.history import History
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.media.sound import read_samples
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Segment, Transcript
from assistant.settings.settings import Settings
from assistant.speech.recognition.voice_activity import speech_spans
from assistant.storage.originals import Originals
from tests.support.browser_page import Served, free_port
from tests.support.call_device import RATE, Beeps, SentencePhrases
from tests.support.fakes import make_assistant

MEDIA = Path(__file__).parent / "media"
ANSWER = "This is answer {} to that. It has two sentences."
CLIPS = (("question-en", 0.35, 2.05), ("question-zh", 0.5, 2.4), ("jfk", 0.05, 2.5))


class NumberedWords:
    """A Transcriber that hears "question number 1" in the first utterance with speech in it, 2 in the next, …"""

    profile = ModelProfile("numbered-words", "speech", "scripted", "none", "any", 0)

    def __init__(self) -> None:
        self._count, self._last = 0, numpy.zeros(0, numpy.float32)
        self._alone = threading.Lock()

    def transcribe(self, samples: Vectors, language: str = "", **_: object) -> Transcript:
        with self._alone:
            if not speech_spans(samples):
                return Transcript((), "", len(samples) / RATE)
            begins = samples[: 8 * FRAME]
            if not numpy.array_equal(begins, self._last):
                self._count, self._last = self._count + 1, begins
            text = f"This is question number {self._count}."
            return Transcript((Segment(0, len(samples) / RATE, text),), "en", len(samples) / RATE)


class GrowingWords:
    """Live words: one of a sentence for each quarter of a second that is loud."""

    SENTENCE = "Who serviced the pump in March and when".split()

    def __init__(self) -> None:
        self._pieces: list[Vectors] = []

    def feed(self, samples: Vectors) -> None:
        self._pieces.append(samples)

    def words(self) -> "GrowingWords":
        return self

    @property
    def stable(self) -> str:
        return " ".join(self._heard()[:-1])

    @property
    def tentative(self) -> str:
        return " ".join(self._heard()[-1:])

    def finish(self) -> Transcript:
        spoken = bool(self._pieces) and bool(speech_spans(numpy.concatenate(self._pieces)))
        segments = (Segment(0, 1, "Who serviced the pump?"),) if spoken else ()
        return Transcript(segments, "en", 1.0)

    def close(self) -> None:
        self._pieces = []

    def _heard(self) -> list[str]:
        loud = sum(float(numpy.abs(piece).max()) > 0.02 for piece in self._pieces)
        return self.SENTENCE[: loud // 8]


def numbered(messages: object) -> str:
    found = re.findall(r"question number (\d+)", " ".join(one.text for one in messages))  # type: ignore[attr-defined]
    return found[-1] if found else ""


def script() -> list[ScriptedLine]:
    lines = [
        ScriptedLine(lambda messages, n=n: numbered(messages) == str(n), ANSWER.format(n), delay_seconds=0.02)
        for n in range(1, 40)
    ]
    return [*lines, ScriptedLine("", "Dana serviced it.", delay_seconds=0.02)]


def clip(name: str, start: float, end: float) -> Vectors:
    samples = read_samples(MEDIA / f"{name}.flac")[round(start * RATE) : round(end * RATE)].copy()
    fade = numpy.linspace(0, 1, 160, dtype=numpy.float32)
    samples[:160] *= fade
    samples[-160:] *= fade[::-1]
    return samples


def record(path: Path, *sounds: Vectors) -> Path:
    """What a microphone hears, at 48 kHz as browsers have it."""
    whole = numpy.concatenate(sounds)
    fine = numpy.interp(numpy.arange(0, len(whole), 1 / 3), numpy.arange(len(whole)), whole)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((fine * 32767).astype("<i2").tobytes())
    return path


class Relay:
    """Passes connections on to a port of this machine; `cut` ends those that there are."""

    def __init__(self, to: int) -> None:
        self._to, self._open = to, set[socket.socket]()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.closed = threading.Event()  # set: nobody is let through
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self, seconds: float = 0.0) -> None:
        """seconds: for which nobody gets through."""
        self.closed.set()
        threading.Timer(seconds, self.closed.clear).start()
        for one in [*self._open]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._door.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self.closed.is_set():
                near.close()
                continue
            threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self._to)) as far:
            self._open |= {near, far}
            back = threading.Thread(target=self._pass, args=(far, near), daemon=True)
            back.start()
            self._pass(near, far)
            back.join()
            self._open -= {near, far}

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class ServedCalls(Served):
    module = "tests.support.call_page"

    def start(self) -> None:
        command = [sys.executable, "-m", self.module, str(self.port), str(self.folder)]
        root = Path(__file__).parents[2]
        self.process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("http"), "the page could not be served; see the output above"

    def asked(self) -> list[tuple[str, str, str]]:
        """Words, state and answer of every turn that is kept, oldest first."""
        import sqlite3

        with contextlib.closing(sqlite3.connect(next(self.folder.rglob("*.sqlite3")))) as kept:
            return list(kept.execute("SELECT asked, state, said FROM entries ORDER BY number"))


def serve() -> Iterator[ServedCalls]:
    with tempfile.TemporaryDirectory(prefix="medley-calls-") as folder:
        served = ServedCalls(free_port(), Path(folder))
        served.start()
        try:
            yield served
        finally:
            served.end()


def main(port: str, folder: str) -> None:
    from ui import page
    from ui.calls import CallSetup
    from ui.owner import OwnerOf

    originals = Originals(Path(folder, "originals"))
    assistant = make_assistant(ScriptedEngine(script()), originals=originals)
    conversations = Conversations(History(Path(folder), originals), assistant, originals)
    recogniser, voice = NumberedWords(), Beeps(seconds_a_word=0.12)
    setup = CallSetup(lambda: recogniser, lambda: voice, SentencePhrases, lambda *_: GrowingWords())
    built = page.build(conversations, lambda: (), OwnerOf(alone=False), panels=page.Panels(calls=setup))
    print(page.launch(built, Settings(port=int(port)), block=False), flush=True)  # noqa: T201
    built.block_thread()


if __name__ == "__main__":
    main(*sys.argv[1:])
