"""From `python app.py` to a page, to a model that can answer, and the memory it takes.

    python benchmarks/start.py [--runs 3] [--json]

Starts the page in a process of its own with the caches as they are, asks for the page until it answers,
and reads what the app says of itself: when its models were ready and how long each took. Then the memory
at rest, and of `--help` the seconds beside those of an empty Python. Wants a machine that does nothing else.
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from benchmarks.pieces import Piece, SettingUp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    helped = [(timed(["-c", "pass"]), timed(["app.py", "--help"])) for _ in range(7)]
    starts = [start() for _ in range(options.runs)]
    table: dict[str, object] = {
        "--help seconds": round(statistics.median(with_help for _, with_help in helped), 3),
        "empty Python seconds": round(statistics.median(empty for empty, _ in helped), 3),
        "page seconds": round(statistics.median(run["page"] for run in starts), 1),
        "answer-ready seconds": round(statistics.median(run["ready"] for run in starts), 1),
        "everything loaded seconds": round(statistics.median(run["all"] for run in starts), 1),
        "memory at rest GB": round(statistics.median(run["rest"] for run in starts), 2),
        "highest memory while starting GB": round(max(run["peak"] for run in starts), 2),
        "parts of the last run": starts[-1]["parts"],
    }
    if options.json:
        print(json.dumps(table, indent=2))
    else:
        for name, value in table.items():
            print(f"{name}: {value}")


def pieces() -> list[Piece]:
    return [
        Piece("app.py --help", help_beside_python, bare="a Python that does nothing"),
        Piece("start, until it can answer", whole_start, quick_rounds=0, rounds=3),
    ]


@contextmanager
def help_beside_python(_: Path) -> SettingUp:
    yield {"ours": lambda: timed(["app.py", "--help"]), "bare": lambda: timed(["-c", "pass"])}


@contextmanager
def whole_start(_: Path) -> SettingUp:
    yield {"ours": lambda: float(start()["ready"])}


def timed(arguments: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def start() -> dict:
    """Seconds to the page, to the language model and the library, to everything; GB of memory; parts' own words."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        began = time.perf_counter()
        app = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port), "--data", data],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        lines: list[tuple[float, str]] = []
        reader = threading.Thread(target=read, args=(app, began, lines), daemon=True)
        reader.start()
        try:
            page, peak = wait_for_page(port, began), 0.0
            while not any(line.startswith("Ready:") for _, line in lines):
                if app.poll() is not None:
                    raise SystemExit("The app ended by itself:\n" + "\n".join(line for _, line in lines))
                peak = max(peak, memory(app))
                time.sleep(0.1)
            all_at, words = next((at, line) for at, line in lines if line.startswith("Ready:"))
            ready = next(at for at, line in lines if line.startswith("Can answer"))
            time.sleep(3)
            return {"page": page, "ready": ready, "all": all_at, "rest": memory(app), "peak": peak, "parts": words}
        finally:
            app.terminate()
            app.wait(30)


def read(app: subprocess.Popen, began: float, lines: list[tuple[float, str]]) -> None:
    assert app.stderr is not None
    for line in app.stderr:
        lines.append((time.perf_counter() - began, re.sub(r"\x1b\[\d+m", "", line.strip())))  # noqa: PERF401 - as they come


def wait_for_page(port: int, began: float) -> float:
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
            return time.perf_counter() - began
        except OSError:
            time.sleep(0.05)


def memory(app: subprocess.Popen) -> float:
    """GB resident, of the process and its children."""
    whole = psutil.Process(app.pid)
    return sum(one.memory_info().rss for one in [whole, *whole.children(recursive=True)]) / 1e9


if __name__ == "__main__":
    main()
