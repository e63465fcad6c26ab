"""What the page costs: one update of a long conversation, opening it, a page until it can be used, and fifty tabs.

    python -m benchmarks.page [--turns 100] [--tabs 50]

Needs requirements-dev.txt and a Chromium. The answers are made by a script; no model is loaded.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from assistant import media
from assistant.conversations.conversations import Conversations
from assistant.conversations.history import AttachedFile, History
from assistant.storage.originals import Originals
from assistant.values.answer_json import from_json, to_json
from assistant.values.events import Answer
from assistant.values.limits import Limits
from tests.support.browser_page import ANSWERED, ARGUMENTS, Answers, Served, chromium, free_port
from ui import page as pages
from ui import rendering
from ui.chat_controller import ready
from ui.owner import COOKIE
from ui.words.chat import ENGLISH

BITS = "0123456789abcdef" * 2
OWNER = f"browser:{BITS}"
UPDATES = 60


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--turns", type=int, default=100, help="of each conversation")
    options.add_argument("--tabs", type=int, default=50)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="medley-page-") as folder:
        ids = fill(Path(folder), 10, given.turns)
        say("one update of the chat", asyncio.run(update(Path(folder), ids[0], False)), "ms", 5)
        say("the same with every turn shown", asyncio.run(update(Path(folder), ids[0], True)), "ms", 5)
        browse(Path(folder), ids, given.tabs)


def say(what: str, measured: float, unit: str, wanted: float) -> None:
    print(f"{what:52} {measured:8.2f} {unit:3} (wanted: below {wanted:g})", flush=True)


def fill(folder: Path, count: int, turns: int) -> list[str]:
    """Conversations in which every turn has a picture and an answer with sources; their ids."""
    from PIL import Image

    originals = Originals(folder / "originals")
    history = History(folder, originals)
    ids = []
    for _ in range(count):
        conversation, parent = history.make(OWNER).id, ""
        for turn in range(turns):
            path = folder / "picture.jpg"
            Image.effect_noise((200, 150), 60).convert("RGB").resize((800, 600)).save(path, quality=70)
            source_id = media.digest(path)
            originals.keep(path, conversation, source_id, "picture.jpg")
            picture = AttachedFile(source_id, "picture.jpg", "image/jpeg", width=800, height=600)
            entry = history.begin(OWNER, conversation, parent, f"Question {turn} about the rent", [picture])
            history.end(entry.id, from_json(Answer, to_json(ANSWERED)), entry.asked)
            path.unlink()
            parent = entry.id
        ids.append(conversation)
    history.close()
    return ids


async def update(folder: Path, conversation: str, whole: bool) -> float:
    """Milliseconds that one yield of the chat takes on the server, its rendering and Gradio's part included.

    whole: with the turns that are not shown at first.
    """
    from gradio import utils
    from gradio.state_holder import SessionState

    originals = Originals(folder / "originals")
    history = History(folder, originals)
    answers = Answers(folder / "diary.jsonl", originals, Limits())
    built = pages.build(Conversations(history, answers, originals), tuple, lambda _: OWNER)  # type: ignore[arg-type]
    controller = controller_of(history)
    session = controller.open(conversation)
    session.hidden = 0 if whole else session.hidden
    settled = controller.messages(session, answering=True)
    event = next(one for one in built.blocks.fns.values() if one.name == "stream")
    state, taken, before = SessionState(built.blocks), [], None
    for number in range(UPDATES):
        began = time.perf_counter()
        live = [rendering.working("Answering", [("reading", 1.0)], number / 10, ENGLISH)]
        live += rendering.partial("Some words of an answer. " * number)
        sent = await built.blocks.postprocess_data(event, [*settled, *map(ready, live)], state)
        utils.diff(before, sent)
        taken.append(time.perf_counter() - began)
        before = sent
    history.close()
    return 1000 * statistics.median(taken[5:])


def controller_of(history: History) -> Any:
    from ui.chat_controller import ChatController

    return ChatController(history, lambda _: OWNER)


def browse(folder: Path, ids: list[str], tabs: int) -> None:
    from playwright.sync_api import sync_playwright

    served = Served(free_port(), folder)
    served.start()
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            cookie = {"name": COOKIE, "value": BITS, "url": served.address}

            def visit(address: str, done: str) -> tuple[Any, float]:
                context = browser.new_context(viewport={"width": 1280, "height": 800})
                context.add_cookies([cookie])
                page = context.new_page()
                began = time.monotonic()
                page.goto(address, wait_until="commit")
                page.wait_for_function(done, timeout=30_000)
                return page, time.monotonic() - began

            usable = "document.querySelector('#box textarea')?.checkVisibility() && document.querySelector('#new')"
            visit(served.address, usable)[0].context.close()
            times = []
            for _ in range(5):
                page, seconds = visit(served.address, usable)
                times.append(seconds)
                page.context.close()
            say("from the page's request until the box can be used", statistics.median(times), "s", 2)
            opening(visit, served, ids, usable)
            memory(visit, served, ids[0], tabs)
            browser.close()
    finally:
        served.end()


def opening(visit: Callable[..., tuple[Any, float]], served: Served, ids: list[str], usable: str) -> None:
    """Going from one conversation of many turns to the next, until its last answer stands there."""
    page, _ = visit(served.address, usable)
    page.wait_for_selector(f"#conversations [value='open {ids[-1]}']")
    times = []
    for conversation in ids:
        began = time.monotonic()
        page.click(f"#conversations [value='open {conversation}']")
        page.wait_for_function(
            "id => document.querySelector('#conversations nav').dataset.open === id"
            " && document.querySelectorAll('#chat .bot.message').length > 30"
            " && [...document.querySelectorAll('#chat .acts .retry')].at(-1)?.checkVisibility()", arg=conversation,
        )  # fmt: skip
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        times.append(time.monotonic() - began)
    say("opening a conversation", statistics.median(times), "s", 1)
    page.click("#box textarea")
    began = time.monotonic()
    page.keyboard.type("a" * 40)
    page.wait_for_function("document.querySelector('#box textarea').value.length === 40")
    say("a letter typed beside it", 1000 * (time.monotonic() - began) / 40, "ms", 50)
    page.context.close()


def memory(visit: Callable[..., tuple[Any, float]], served: Served, conversation: str, tabs: int) -> None:
    assert served.process is not None
    server = psutil.Process(served.process.pid)
    shown = "document.querySelectorAll('#chat .bot.message').length > 30"

    def round_of(count: int) -> None:
        for _ in range(count):
            visit(f"{served.address}/?c={conversation}", shown)[0].context.close()
        time.sleep(2)

    round_of(5)  # what is loaded once
    before = server.memory_info().rss
    round_of(tabs)
    say(f"more memory after {tabs} tabs", 100 * (server.memory_info().rss / before - 1), "%", 5)


if __name__ == "__main__":
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    main()
