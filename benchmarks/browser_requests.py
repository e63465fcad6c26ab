"""Requests typed into the real page, with their files handed over there, and answered by the real models.

    python -m benchmarks.browser_requests FILE.jsonl [--files FOLDER] [--only ID,ID] [--limit 10]
                                          [--shots FOLDER]

FILE holds cases as benchmarks/requests.py takes them, those without a recorded question. The app is started with a
folder of its own; each case is a new conversation in Chromium. What the chat shows after the last question is judged;
a picture of the page then is kept in --shots.
"""

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

import os
import subprocess

from benchmarks.cases import Case, CaseAnswer, lacks, read
from benchmarks.requests import chosen
from benchmarks.start import read as read_lines
from benchmarks.start import wait_for_page
from tests.support.browser_page import ARGUMENTS, Tab, chromium, free_port

PATIENCE = 300_000  # milliseconds for an answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--files", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--limit", type=int, default=10)
    parser.add_argument("--shots", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    folder = options.files or options.file.parent / "files"
    cases = [case for case in chosen(read(options.file), options.only, "") if not case.voice][: options.limit]
    right = 0
    for case, said, seconds in asked(cases, folder, options.shots):
        wrong = lacks(replace(case, cites=()), said, datetime.now())  # the page is not asked for places
        right += not wrong
        shown = " ".join(said[-1].text.split())[:100]
        print(f"{'WRONG' if wrong else 'right'}  {case.id}  {seconds:.1f} s  {shown}", flush=True)
    print(f"right: {right}/{len(cases)}")


def asked(cases: list[Case], folder: Path, shots: Path | None) -> Any:
    from playwright.sync_api import sync_playwright

    port = free_port()
    with tempfile.TemporaryDirectory(prefix="medley-requests-") as data:
        app = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port), "--data", data],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        lines: list[tuple[float, str]] = []
        threading.Thread(target=read_lines, args=(app, time.perf_counter(), lines), daemon=True).start()
        try:
            wait_for_page(port, time.perf_counter())
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
                for case in cases:
                    yield one(browser, f"http://127.0.0.1:{port}/", case, folder, shots)
                browser.close()
        finally:
            app.terminate()
            app.wait(60)


def one(
    browser: Any, address: str, case: Case, folder: Path, shots: Path | None
) -> tuple[Case, list[CaseAnswer], float]:
    tab = Tab(browser, address)
    tab.page.set_default_timeout(PATIENCE)
    try:
        tab.page.click("#new")
        tab.idle()
        if case.files:
            tab.attach(*(folder / name for name in case.files))
        began, said = time.perf_counter(), []
        for turn in case.turns:
            before = tab.text
            tab.ask(turn)
            tab.page.wait_for_timeout(1_500)  # until the box shows that it is being answered
            tab.idle()
            now = tab.text
            new = now[len(before) :] if now.startswith(before) else now  # what greets an empty chat is gone
            said.append(CaseAnswer(new.partition(turn)[2]))
        if shots is not None:
            shots.mkdir(parents=True, exist_ok=True)
            tab.page.screenshot(path=shots / f"{case.id}.png")
        return case, said, time.perf_counter() - began
    finally:
        tab.close()


if __name__ == "__main__":
    main()
