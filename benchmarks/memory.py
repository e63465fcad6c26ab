"""The memory that each role takes, at rest and at work, and whether a long conversation makes it grow.

    python benchmarks/memory.py [--llm NAME] [--json]
    python benchmarks/memory.py turns [--turns 500] [--json]    # a scripted engine, everything else real

Roles are loaded one after the other into one process, as the page loads them; then that process is handed a
document, a picture, a recording and a film, asks about each and reads aloud. A line says what was added: "own" cannot
be had from a file again (RssAnon), "mapped" are pages of files, which the system takes back where somebody needs the
memory (libraries and weights that are mapped); "whole" is what is resident in the process and those that work for it, a
page that several share counted once (PSS), and "highest" the most own memory of them while the step went on, looked at
ten times a second. Other work on the machine changes none of it. Linux alone tells all of that.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import psutil

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from cli.main import QUIET

os.environ.update(QUIET)

from assistant.conversations.conversations import Conversations
from assistant.conversations.history import History
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.intake.background import Background
from assistant.media import read_samples
from assistant.models.lazy import Lazy
from assistant.settings.settings import from_environment
from assistant.storage.originals import Originals
from assistant.values.events import Answer, Done
from assistant.values.messages import say
from assistant.values.parts import Attachment, Text, Turn
from cli.wiring import lazy_models, wire

EXAMPLES = ROOT / "docs" / "examples" / "en"
MB = 1e6
LOOK_SECONDS = 0.1
KIN_SECONDS = 1.0  # between two looks for children, which take long
SENTENCE = "The tenant pays the rent by the fifth day of each month, and the landlord keeps the roof dry."
FACT = "The pump number {0} was serviced in March {1} by Dana Ortiz, and its next service is due in September."


@dataclass(frozen=True)
class Resident:
    """Bytes in memory now."""

    own: int
    mapped: int


@dataclass(frozen=True)
class Step:
    """One line of the table, in MB."""

    what: str
    own: int
    """Added by it; less than nothing where it was given back."""
    mapped: int
    """Likewise."""
    whole: int
    """After it, own and mapped, in proportion to who shares it."""
    highest: int
    seconds: float


class Program:
    """Everything but the page, with a folder of its own."""

    def __init__(self, folder: Path, llm: str = "", scripted: bool = False) -> None:
        settings = replace(from_environment(os.environ), data=folder, offline=True)
        if llm:
            settings = replace(settings, llm=llm)
        originals = Originals(folder / "originals")
        self.models, self.assistant = wire(settings, folder / "library", originals)
        if scripted:
            engine = ScriptedEngine([ScriptedLine("", "It is due in September.")])
            lazy: Lazy[object] = Lazy(say("Language model"), lambda _: engine)
            self.engine: ScriptedEngine | None = engine
            self.assistant = replace(self.assistant, engine=lazy, sees_images=lambda: False)
        else:
            self.engine = None
        self.background = Background(self.assistant.library, self.assistant.files.go_on)
        self.assistant = replace(self.assistant, background=self.background)
        self.history = History(folder / "conversations", originals)
        self.conversations = Conversations(self.history, self.assistant, originals)

    def ask(self, conversation: str, words: str, *files: Path) -> Answer:
        entries = self.history.turns("me", conversation)
        handed = [Attachment(path, path.name) for path in files]
        after = entries[-1].id if entries else ""
        _, events = self.conversations.ask("me", conversation, Turn((Text(words), *handed)), after, threading.Event())
        *_, last = events
        assert isinstance(last, Done), last
        while self.background.doing(conversation):
            time.sleep(0.1)
        return last.answer

    def close(self) -> None:
        self.background.close()
        self.history.close()
        self.assistant.close()


class Watched:
    """The lines of the table, made as the work goes."""

    def __init__(self, told: Callable[[Step], None]) -> None:
        self.steps: list[Step] = []
        self._told = told
        self._last = resident(processes())

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        with Highest() as highest:
            began = time.monotonic()
            yield
            seconds = time.monotonic() - began
        gc.collect()
        now = resident(processes())
        own, mapped = now.own - self._last.own, now.mapped - self._last.mapped
        values = (round(one / MB) for one in (own, mapped, proportional(), highest.own))
        self.steps.append(Step(what, *values, seconds=round(seconds, 1)))
        self._told(self.steps[-1])
        self._last = now


class Highest:
    """The most own memory between its beginning and its end."""

    def __init__(self) -> None:
        self.own = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Highest":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        looked, kin = 0.0, processes()
        while True:
            if time.monotonic() - looked > KIN_SECONDS:
                looked, kin = time.monotonic(), processes()
            self.own = max(self.own, resident(kin).own)
            if self._ended.wait(LOOK_SECONDS):
                return


def processes() -> list[int]:
    """This one and its children."""
    return [os.getpid(), *(child.pid for child in psutil.Process().children(recursive=True))]


def resident(of: list[int]) -> Resident:
    own = mapped = 0
    for status in read_of_each("status", of):
        fields = dict(line.split(":", 1) for line in status.splitlines() if line.startswith("Rss"))
        own += kilobytes(fields.get("RssAnon", "")) + kilobytes(fields.get("RssShmem", ""))
        mapped += kilobytes(fields.get("RssFile", ""))
    return Resident(own * 1024, mapped * 1024)


def proportional() -> int:
    """Bytes, a page that several processes share counted in parts."""
    lines = (
        line
        for file in read_of_each("smaps_rollup", processes())
        for line in file.splitlines()
        if line.startswith("Pss:")
    )
    return sum(kilobytes(line.split(":", 1)[1]) for line in lines) * 1024


def read_of_each(name: str, of: list[int]) -> Iterator[str]:
    """That file of /proc for each of these processes."""
    for process in of:
        try:
            yield Path(f"/proc/{process}/{name}").read_text(encoding="ascii", errors="replace")
        except OSError:  # it has ended meanwhile
            continue


def kilobytes(field: str) -> int:
    return int(field.split()[0]) if field.strip() else 0


def roles(folder: Path, llm: str, told: Callable[[Step], None]) -> list[Step]:
    """Every role loaded, then used."""
    from tests.support.films_made import Scene, placed, write_film
    from tests.support.media_made import JFK, write_wav

    speech = read_samples(JFK)
    write_film(
        folder / "film.mp4",
        (frame for number in range(4) for frame in Scene(number + 1, 25, words=f"PART {number}").drawn((640, 360))),
        placed(20.0, (1, speech)),
        (640, 360),
        fps=5,
    )
    recording = write_wav(folder / "recording.wav", placed(60.0, *((start, speech) for start in range(1, 48, 13))))
    watched = Watched(told)
    with watched.step("the program, before any model"):
        program = Program(folder / "data", llm)
    loading = [*lazy_models(program.models, program.assistant), program.models.speaker, program.models.image_classifier]
    for part in loading:
        with watched.step(f"loaded: {part.name}"):
            part.get()
    asked = [  # but for the first, the ways that answer these ask no language model
        ("the language model, about a document", "How much is the rent?", (EXAMPLES / "lease.pdf",)),
        ("a picture", "Read out the text of this picture.", (EXAMPLES / "receipt.jpg",)),
        ("a recording of a minute", "Transcribe this recording.", (recording,)),
        ("a film of 20 seconds", "How long is this film?", (folder / "film.mp4",)),
    ]
    for what, words, files in asked:
        conversation = program.history.make("me").id
        with watched.step(f"used: {what}"):
            program.ask(conversation, words, *files)
    with watched.step("used: the voice"):
        program.models.speaker.get().say(SENTENCE)
    with watched.step("at rest again"):
        time.sleep(3)
    program.close()
    return watched.steps


def turns(folder: Path, count: int, told: Callable[[Step], None]) -> list[Step]:
    """One conversation with a file, asked over and over; then as many turns in conversations that are deleted."""
    paper = folder / "pumps.txt"
    paper.write_text("\n\n".join(FACT.format(number, 1900 + number) for number in range(60)), encoding="utf-8")
    program = Program(folder / "data", scripted=True)
    for part in (program.models.classifier, program.models.embedder, program.assistant.library):
        part.get()
    watched = Watched(told)
    conversation = program.history.make("me").id
    with watched.step("a file and 20 turns"):
        program.ask(conversation, "When is the next service of pump 3 due?", paper)
        for number in range(19):
            program.ask(conversation, question(number))
    for start in range(20, count, max(20, count // 10)):
        end = min(count, start + max(20, count // 10))
        with watched.step(f"turn {start + 1} to {end}"):
            for number in range(start, end):
                program.ask(conversation, question(number))
                if program.engine is not None:
                    program.engine.received.clear()  # it remembers for tests
    with watched.step("50 conversations with a file, deleted again"):
        for number in range(50):
            passing = program.history.make("me").id
            program.ask(passing, question(number), paper)
            program.conversations.forget("me", [passing])
    program.close()
    return watched.steps


def question(number: int) -> str:
    return f"When is the next service of pump {number % 60} due, after the one in {1900 + number % 60}?"


def tell(step: Step) -> None:
    print(
        f"| {step.what} | {step.own:+,} | {step.mapped:+,} | {step.whole:,} | {step.highest:,} | {step.seconds} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("roles", "turns"), default="roles")
    parser.add_argument("--llm", default="")
    parser.add_argument("--turns", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    told: Callable[[Step], None] = (lambda _: None) if options.json else tell
    if not options.json:
        print("| MB | own | mapped | whole | highest | seconds |\n|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="medley-memory-") as passing:
        folder = Path(passing)
        steps = roles(folder, options.llm, told) if options.what == "roles" else turns(folder, options.turns, told)
    if options.json:
        print(json.dumps([vars(step) for step in steps], indent=2))


if __name__ == "__main__":
    main()
