"""The real page, served by a process of its own with answers of ours, and driven in headless Chromium.

The process writes what it was asked and told to forget into a file, one JSON object a line; tests read it.
What the page asks of another machine, and what it complains about in its console, is kept as a complaint.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from starlette.routing import Mount, Route, WebSocketRoute

from assistant.answering.commands import Presets
from assistant.conversations.conversations import Conversations
from assistant.conversations.history import History
from assistant.intake.background import RecordingProgress
from assistant.media import digest
from assistant.models.lazy import Lazy
from assistant.models.profiles import profile_named
from assistant.ports.modality import ModalityContext
from assistant.settings.saved_choices import ChosenFile
from assistant.settings.settings import Settings
from assistant.setup.models import Models
from assistant.setup.settings_service import SettingsService
from assistant.storage.originals import Originals
from assistant.values.conversation import Conversation, Exchange
from assistant.values.events import (
    Answer,
    Citation,
    Delta,
    Done,
    Event,
    Failed,
    Received,
    ReceivedEvidence,
    ReceivedFile,
    Status,
)
from assistant.values.evidence import Box, Document, Evidence, Location, Medium, Page, Region, Seconds
from assistant.values.limits import Limits
from assistant.values.messages import as_message, say
from assistant.values.parts import Attachment, Turn
from retrieval.libraries import Libraries
from retrieval.loaders import load_document
from tests.support.fakes import Tones
from ui.aloud import ReadAloudService
from ui.owner import OwnerOf

if TYPE_CHECKING:
    from ui.page import BuiltPage

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --use-fake-ui-for-media-stream "
    "--use-fake-device-for-media-stream --autoplay-policy=no-user-gesture-required"
).split()

LIMITS = Limits(file_bytes=2_000_000, recording_bytes=2_000_000)
PUMP = "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz."
RENT = "The rent is 950 euros a month."
ANSWERED = Answer(
    text=(
        "The rent is **950 euros** a month.[1] In the recording the landlord says it can rise every March.[2]\n\n"
        "You can probably bargain.\n\n"
        "| what | euros |\n|---|---|\n| rent | 950 |\n| heating | 80 |"
    ),
    citations=(
        Citation(1, "a", "lease.pdf", "text", Page(3), "The monthly rent amounts to 950 EUR."),
        Citation(2, "b", "call <b>1</b>.wav", "audio", Seconds(12, 19), "It may go up each March."),
    ),
    grounded=True,
    unsupported=("You can probably bargain.",),
    received=Received(
        question="What is the rent?",
        files=(
            ReceivedFile("lease.pdf", "text", "read", pages=4),
            ReceivedFile("call <b>1</b>.wav", "audio", "transcribed", seconds=31.5),
        ),
        evidence=(
            ReceivedEvidence("lease.pdf", "text", Page(3), 0.71),
            ReceivedEvidence("call <b>1</b>.wav", "audio", Seconds(12, 19), 0.29),
        ),
        media_weights=(("text", 0.6), ("audio", 0.4)),
        prompt_tokens=412,
        answer_tokens=37,
        notes=("Page 4 of lease.pdf has no text.",),
    ),
    timings=(("reading", 0.4), ("searching", 0.1), ("answering", 1.2)),
    models=(("answers", "a-small-model"), ("hears", "whisper base")),
)
REMOTE = (
    "Look: ![a picture](http://203.0.113.7/leak.png?q=secret) and ![again][r] "
    '<img src="http://203.0.113.7/raw.png"> <iframe src="http://203.0.113.7/frame"></iframe>\n\n'
    "[r]: http://203.0.113.7/reference.png\n\n"
    "[press](javascript:alert(1)) <script>alert(2)</script>\n\n"
    '```mermaid\ngraph TD; A["<img src=http://203.0.113.7/drawn.png>"]\n```\n\n'
    "```python\nif a < b: print('![x](http://203.0.113.7/code.png)')\n```\n\nThe end."
)


RICH = (
    "The area is $\\pi r^2$ and it costs $5 or $10:\n\n$$\\int_0^1 x^2 \\, dx = \\frac{1}{3}$$\n\n"
    "```python\nprint('$$ not a formula $$')\n```\n\n"
    "| what | euros |\n|---|---|\n| rent | 950 |\n\n"
    "```mermaid\ngraph TD\n  A[Question] --> B[Answer]\n```\n\nThe end."
)


class _Library:
    """Stands where the library would; there is nothing in it."""

    state = "ready"


class _Growing:
    """Stands where recordings are taken in in the background: says what the test has put into a file."""

    def __init__(self, diary: Path) -> None:
        self._file, self._diary = diary.with_suffix(".growing"), diary

    def doing(self, _: object) -> tuple[RecordingProgress, ...]:
        lines = self._file.read_text(encoding="utf-8").splitlines() if self._file.exists() else []
        return tuple(RecordingProgress(**json.loads(line)) for line in lines)

    def leave(self, conversation: str, source_id: str) -> None:
        self._file.unlink()
        with self._diary.open("a", encoding="utf-8") as diary:
            diary.write(json.dumps({"left": source_id}) + "\n")


class Answers:
    """Stands where the assistant would: answers by the first word of the question, and writes down what was asked."""

    def __init__(self, diary: Path, originals: Originals, limits: Limits) -> None:
        self._diary, self._originals = diary, originals
        self.settings, self.library = Settings(limits=limits), _Library()
        self.background = _Growing(diary)
        self.files = SimpleNamespace(forget=lambda conversation: self.write(forgotten=conversation))

    def original(self, conversation: Conversation, source_id: str) -> Path | None:
        return self._originals.find(conversation.id, source_id)

    def write(self, **entry: object) -> None:
        with self._diary.open("a", encoding="utf-8") as diary:
            diary.write(json.dumps(entry) + "\n")

    def status(self) -> tuple[str, ...]:
        """What is loading: the lines of a file that the test may put there."""
        lines = self._diary.with_suffix(".loading")
        return tuple(lines.read_text(encoding="utf-8").splitlines()) if lines.exists() else ()

    def answer(self, turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        files = [[file.name, file.spoken, file.path.stat().st_size] for file in turn.attachments]
        before = [exchange.question for exchange in conversation.exchanges]
        self.write(conversation=conversation.id, text=turn.text, files=files, before=before)
        for file in turn.attachments:
            yield Status("listening" if file.spoken else "reading", say("Reading {name}", name=file.name))
        yield Status("answering", say("Answering"))
        for event in self._events(turn, stop):
            if isinstance(event, Done):
                received = replace(event.answer.received, question=turn.text)
                event = Done(replace(event.answer, received=received))
                conversation.exchanges.append(Exchange(turn.text, event.answer.text))
            yield event

    def _events(self, turn: Turn, stop: threading.Event) -> Iterator[Event]:
        match turn.text.split(" ")[0]:
            case "rent":
                yield from self._say(ANSWERED.text.replace("[1]", "").replace("[2]", ""), stop, 0.02)
                yield Done(ANSWERED)
            case "locked":
                opened = [file.name for file in turn.attachments if file.password == "open sesame"]
                yield Done(Answer(f"I read {opened[0]}.")) if opened else Failed("It is locked.", True, locked=True)
            case "fail":
                yield Failed("I cannot read model/gltf files <yet>.", bad_input=True)
            case "crash":
                raise ValueError("the secret of the machine")
            case "slow":
                yield from self._say("word " * 2000, stop, 0.05)
                yield Done(Answer("word word", stopped=True))
            case "stuck":
                goes_on = self._diary.with_suffix(".going-on")
                goes_on.unlink(missing_ok=True)  # of what was stuck before
                for _ in range(600):
                    if goes_on.exists():
                        break
                    time.sleep(0.1)
                yield Done(Answer("too late"))
            case "cite":
                yield Done(self._cite(turn))
            case "remote":
                yield from self._say(REMOTE, stop, 0.01)
                yield Done(Answer(REMOTE))
            case "rich":
                yield from self._say(RICH, stop, 0.01)
                yield Done(Answer(RICH))
            case _:
                names = ", ".join(file.name for file in turn.attachments)
                yield Done(Answer(f"You said {turn.text!r} and gave {names or 'nothing'}."))

    def _cite(self, turn: Turn) -> Answer:
        """A sentence about each file, with a citation of what QUOTES says it holds."""
        cited = []
        for number, file in enumerate(turn.attachments, 1):
            source_id = digest(file.path)
            medium, location, quote, context = _evidence(file.path, file.name, turn.text.split()[1:])
            cited.append(Citation(number, source_id, file.name, medium, location, quote, context))
        text = " ".join(f"This is said by {one.source}.[{one.number}]" for one in cited)
        return Answer(text, tuple(cited), grounded=True)

    def _say(self, text: str, stop: threading.Event, pause: float) -> Iterator[Event]:
        try:
            for word in text.split(" "):
                if stop.wait(pause):
                    return
                yield Delta(word + " ")
        finally:
            self.write(ended="stopped" if stop.is_set() else "whole")


def _evidence(path: Path, name: str, wanted: list[str]) -> tuple[Medium, Location, str, str]:
    """Where the words meant stand in one of the files that the tests hand over. wanted: of photos, those to be read."""
    match path.suffix:
        case ".jpg":
            return "image", *_read(path, name, wanted)
        case ".png":
            return "image", Region((Box(0.08, 0.7, 0.62, 0.84),)), "Total 593.10", "Filters 12.50\nTotal 593.10"
        case ".webm" | ".avi":
            return "video", Seconds(2.5, 4, "seen"), "Total 593.10", "Filters 12.50\nTotal 593.10"
        case ".wav":
            return "audio", Seconds(2.5, 4), "It may go up each March.", "Hello. It may go up each March. Bye."
        case _:
            document = load_document(path, name, Limits())
            passage = next(passage for passage in document.passages if PUMP in " ".join(passage.text.split()))
            start = passage.text.index(PUMP.split()[0] + " " + PUMP.split()[1])
            end = passage.text.index("Ortiz.", start) + len("Ortiz.")
            evidence = Evidence(document.source_id, name, "text", passage.text, passage.location, places=passage.places)
            return "text", evidence.locate(start, end), passage.text[start:end], passage.text


def _read(path: Path, name: str, wanted: list[str]) -> tuple[Location, str, str]:
    """The first of these words that the real reader finds in a photo."""
    from assistant.intake.modalities.image import Picture
    from assistant.vision.ocr import OcrReader

    profile = profile_named("reader")
    assert profile is not None
    reader = OcrReader.load(profile)
    read = ModalityContext(_never, None, lambda image: reader.describe(image, ""), _never, False, Limits(), _never)
    taking = Picture().take(Attachment(path, name), read, "")
    try:
        while True:
            next(taking)
    except StopIteration as done:
        document: Document = done.value.document
    passage = document.passages[-1]
    word = next(word for word in wanted if word in passage.text)
    evidence = Evidence(document.source_id, name, "image", passage.text, passage.location, places=passage.places)
    start = passage.text.index(word)
    return evidence.locate(start, start + len(word)), word, passage.text


class Served:
    """The process with the page; it can be killed and started again on what it has kept. calls: it takes calls.
    log: a file for what it writes into its log."""

    def __init__(self, port: int, folder: Path, calls: bool = False, log: Path | None = None) -> None:
        self.port, self.folder, self.diary, self.calls = port, folder, folder / "diary.jsonl", calls
        self.log = log
        self.address = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        environment = {**os.environ, "GRADIO_TEMP_DIR": str(self.folder / "uploads")}
        command = [sys.executable, "-m", "tests.support.browser_page", str(self.port), str(self.folder)]
        command += ["calls"] if self.calls else []
        root = Path(__file__).parents[2]
        with nullcontext() if self.log is None else self.log.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("http"), "the page could not be served; see the output above"

    def end(self, kill: bool = False) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        (self.process.kill if kill else self.process.terminate)()
        self.process.wait()
        self.process.stdout.close()

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """What was written down so far that has this key, oldest first."""
        if not self.diary.exists():
            return []
        lines = [json.loads(line) for line in self.diary.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if kind in line]

    def routes(self) -> list[tuple[str, list[str]]]:
        """Path and methods of each that the app has: Gradio's and ours. A WebSocket's method is "WEBSOCKET"."""
        found = json.loads((self.folder / "routes.json").read_text(encoding="utf-8"))
        return [(path, methods) for path, methods in found]

    def growing(self, *doing: RecordingProgress) -> None:
        lines = [json.dumps(vars(one)) for one in doing]
        self.diary.with_suffix(".growing").write_text("\n".join(lines), encoding="utf-8")

    def go_on(self) -> None:
        """What is stuck in a long step comes to its end."""
        self.diary.with_suffix(".going-on").touch()

    def loading(self, *lines: str) -> None:
        self.diary.with_suffix(".loading").write_text("\n".join(lines), encoding="utf-8")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def serve(calls: bool = False, log: Path | None = None) -> Iterator[Served]:
    """The page on a port of its own, with a folder of its own for what it keeps; to be used by a fixture."""
    with tempfile.TemporaryDirectory(prefix="medley-page-") as folder:
        served = Served(free_port(), Path(folder), calls, log)
        served.start()
        try:
            yield served
        finally:
            served.end()


def _never(*_: object) -> Any:
    raise AssertionError("nothing is filed here")


def made(folder: str, calls: bool = False) -> "BuiltPage":
    """The page, not yet served: as where many people come, where everybody has conversations of his own."""
    from tests.support.call_device import Beeps, SentencePhrases
    from tests.support.call_page import GrowingWords, NumberedWords
    from ui import page
    from ui.calls import CallSetup

    limits = LIMITS
    originals = Originals(Path(folder, "originals"))
    answers = Answers(Path(folder, "diary.jsonl"), originals, limits)
    conversations = Conversations(History(Path(folder), originals), answers, originals)  # type: ignore[arg-type]
    libraries = Libraries(Path(folder, "library"), _never, _never)
    settings = Settings(data=Path(folder), cache=Path(folder, "cache"), offline=True)
    service = SettingsService(Models(settings), ChosenFile(Path(folder)), Presets(), named_libraries=libraries)
    aloud = ReadAloudService(
        Lazy(as_message("Voice"), lambda _: Tones(lambda text: answers.write(said=text))), service.settings
    )
    ears, voice = NumberedWords(), Beeps(0.05)
    means = CallSetup(lambda: ears, lambda: voice, SentencePhrases, lambda *_: GrowingWords()) if calls else None
    return page.build(
        conversations,
        answers.status,
        OwnerOf(alone=False),
        original=answers.original,
        limits=limits,
        panels=page.Panels(libraries, libraries.scopes_of, service, service.presets, means, aloud),
    )


def _routes(routes: Sequence[Any], before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Those of the routers and apps within, too. A kind that is not known here is an error: it would go untried."""
    for one in routes:
        match one:
            case Route():
                yield before + one.path, [*(one.methods or ("GET", "POST"))]
            case WebSocketRoute():
                yield before + one.path, ["WEBSOCKET"]
            case Mount():
                yield f"{before}{one.path}/{{path:path}}", ["GET", "POST"]
                yield from _routes(one.routes, before + one.path)
            case _ if (inner := getattr(one, "original_router", None)) is not None:
                yield from _routes(inner.routes, before)
            case _:
                raise TypeError(f"{one!r} is no kind of route that is tried")


def main(port: str, folder: str, calls: str = "") -> None:
    from ui import page

    built = made(folder, bool(calls))
    address = page.launch(built, Settings(port=int(port), limits=LIMITS), block=False)
    Path(folder, "routes.json").write_text(json.dumps([*_routes(built.blocks.app.routes)]), encoding="utf-8")
    print(address, flush=True)  # noqa: T201
    built.block_thread()


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium found: install Debian's chromium to run the tests of the page")


class Tab:
    """One tab as a person uses it, with a record of what went wrong in it."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.context = browser.new_context(permissions=["microphone"], **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self._outside(request.url))
        self.page.on("console", lambda message: self._console(message))
        self.page.on("pageerror", lambda error: self._error(str(error)))
        self.page.goto(address, wait_until="domcontentloaded")
        self.page.wait_for_selector("#box textarea", state="attached")  # another room may be in front

    def _outside(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:")):
            self.complaints.append(f"asked another machine: {url}")

    def _error(self, message: str) -> None:
        # a player of Gradio's that is taken away while it still reads its sound gives that up with an error
        if "AbortError" not in message and "aborted" not in message:
            self.complaints.append(f"error: {message}")

    def _console(self, message: Any) -> None:
        # what Gradio gives up itself, where the page is loaded anew meanwhile
        given_up = message.text.startswith("AbortError") or "Connection errored out" in message.text
        if message.type == "error" and not given_up:
            self.complaints.append(f"console: {message.text}")

    def ask(self, text: str) -> None:
        self.page.fill("#box textarea", text)
        self.page.click("#box [data-testid=submit-button]")

    def attach(self, *files: Path) -> None:
        self.page.set_input_files("#box input[type=file]", [str(file) for file in files])
        self.page.wait_for_function(
            f"document.querySelectorAll('#box .thumbnail-item').length >= {len(files)}", timeout=60_000
        )

    def unfold(self, kind: str) -> None:
        """Of the last answer, what stands behind a button: "sources", or what the model "received"."""
        button = self.page.locator(f"#chat button.fold.{kind}").last
        if button.get_attribute("aria-expanded") != "true":
            button.click()
        self.page.wait_for_selector(f"#chat .folded.{kind}.unfolded")

    def menu(self, title: str = "") -> None:
        """Unfolds what can be done with a conversation of the list; of the open one, where none is named."""
        line = f"#conversations .line:has-text('{title}')" if title else "#conversations .open .line"
        self.page.hover(line)
        if self.page.get_attribute(f"{line} .more", "aria-expanded") != "true":
            self.page.click(f"{line} .more")
        self.page.wait_for_selector("#conversations .tools")

    def idle(self) -> None:
        """Waits until the box takes a question again."""
        self.page.wait_for_selector("#box [data-testid=submit-button]")
        self.page.wait_for_selector("#box textarea:not([disabled])")

    def reads(self, text: str) -> None:
        """Waits until the chat shows this text."""
        self.page.wait_for_function("text => document.querySelector('#chat')?.innerText.includes(text)", arg=text)

    @property
    def text(self) -> str:
        return str(self.page.inner_text("#chat"))

    def close(self) -> None:
        self.context.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
