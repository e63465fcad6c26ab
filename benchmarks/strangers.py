"""What hostile files and visitors cost the others: each does its worst, and somebody else asks again and again.

    python -m benchmarks.strangers [--only NAME]

The page is the real one and so is what takes files in; the words of the answers are made by a script. Wanted: no answer
of the other's more than a second later than in quiet, and every attempt refused or answered in a sentence.
"""

import argparse
import io
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

from assistant.conversations.archive_format import INDEX
from assistant.conversations.conversations import Conversations
from assistant.conversations.history import History
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.settings.settings import Settings
from assistant.storage.originals import Originals
from tests.support.browser_page import free_port
from tests.support.fakes import make_assistant
from tests.support.media_made import slow_photo
from ui.owner import OwnerOf

ROOT = Path(__file__).parents[1]
OTHER = "0" * 32
LATER = 1.0  # seconds by which an answer may come later
SLOW = "Take your time"


class Visitor:
    """A browser with a cookie of its own, from an address of its own."""

    def __init__(self, address: str, owner: str, network: str = "203.0.113.7") -> None:
        self._client = httpx.Client(
            base_url=address,
            cookies={"medley-owner": owner},
            headers={"x-forwarded-for": network},
            timeout=120,
            trust_env=False,
        )
        self._session = f"session-{owner[-12:]}"
        self._events = {
            each["api_name"]: each["id"]
            for each in self._client.get("/config").json()["dependencies"]
            if each["backend_fn"]
        }

    def upload(self, name: str, data: bytes) -> dict[str, Any]:
        path = self._client.post("/gradio_api/upload", files={"files": (name, data)}).json()[0]
        return {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}

    def ask(self, text: str, *files: dict[str, Any]) -> str:
        """What was shown in the end."""
        said = self.event("ask", [{"text": text, "files": [*files]}, "{}", None])
        return said + self.event("stream", [None]) + self.event("settle", [None])

    def begin(self, text: str) -> str:
        return self.event("ask", [{"text": text, "files": []}, "{}", None])

    def event(self, name: str, data: list[Any]) -> str:
        body = {"data": data, "fn_index": self._events[name], "session_hash": self._session}
        joined = self._client.post("/gradio_api/queue/join", json=body)
        if joined.status_code != 200:
            return joined.text
        seen = ""
        with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session}) as stream:
            for line in stream.iter_lines():
                seen += line
                if '"close_stream"' in line:
                    break
        return seen

    def get(self, path: str) -> int:
        return self._client.get(path).status_code


def hostile(number: int) -> str:
    return f"{number + 1:032x}"


def file_of(name: str, data: bytes) -> Callable[[str], str]:
    """Handed over, looked at, and asked about."""

    def attempt(address: str) -> str:
        visitor = Visitor(address, hostile(0))
        given = visitor.upload(name, data)
        visitor.event("look", [{"text": "", "files": [given]}])
        return visitor.ask("What is this?", given)

    return attempt


def archive(address: str) -> str:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(
            INDEX, b'{"format": "medley conversation", "version": 1, "turns": [' + b"[]," * 33_000_000 + b"[]]}"
        )
    visitor = Visitor(address, hostile(0))
    return visitor.event("take_in", [visitor.upload("talk.zip", made.getvalue()), None])


def photo(address: str) -> str:
    return file_of("photo.jpg", slow_photo(8000, 1500))(address)


def many_photos(address: str) -> str:
    made = slow_photo(8000, 1500)
    return all_at_once(address, 8, lambda visitor: visitor.ask("What is this?", visitor.upload("photo.jpg", made)))


def many_cookies(address: str) -> str:
    return all_at_once(address, 120, lambda visitor: visitor.begin(SLOW) + visitor.event("stream", [None]), network=1)


def all_at_once(address: str, count: int, do: Callable[[Visitor], str], network: int = 0) -> str:
    said: list[str] = []

    def one(number: int) -> None:
        with suppress(httpx.HTTPError):  # the page is ended before the last of them is answered
            said.append(do(Visitor(address, hostile(number), f"198.51.100.{network or number + 1}")))

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said[-1] if said else ""


def addresses(address: str) -> str:
    visitor = Visitor(address, hostile(0))
    asked = [
        "/gradio_api/file=http://100.64.0.1/",
        "/gradio_api/proxy=http://100.64.0.1/",
        "/gradio_api/deep_link?session_hash=session-000000000000",
        "/config?deep_link=x",
    ]
    return ", ".join(str(visitor.get(path)) for path in asked)


ATTEMPTS: dict[str, Callable[[str], str]] = {
    "quiet": lambda _: time.sleep(10) or "",  # type: ignore[func-returns-value]
    "comments": file_of("a.txt", b"<!-- -->" * 40 + b"x"),
    "archive": archive,
    "addresses": addresses,
    "digits": lambda address: Visitor(address, hostile(0)).ask("1" * 19_900 + "?"),
    "photo": photo,
    "photos": many_photos,
    "gif": file_of("a.gif", b"GIF89a" + bytes((4, 0, 4, 0, 0, 0, 0)) + b"," + bytes(10) + b"\1a" * 40_000_000),
    "cookies": many_cookies,
}


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--only", choices=ATTEMPTS, action="append")
    options.add_argument("--serve", nargs=2, metavar=("PORT", "FOLDER"), help=argparse.SUPPRESS)
    options.add_argument("--attempt", nargs=2, metavar=("NAME", "ADDRESS"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve(*given.serve)
        return
    if given.attempt:
        name, address = given.attempt
        print(sentence(ATTEMPTS[name](address)))
        return
    with served() as (address, process):
        quiet = 0.0
        for name in ATTEMPTS:
            if name != "quiet" and given.only and name not in given.only:
                continue
            took, waits, said = measured(address, name)
            quiet = quiet or max(waits)
            told = [
                f"{name:10} {took:6.1f} s",
                f"{len(waits):3} answers of the other, {statistics.median(waits):5.2f} s, at most {max(waits):5.2f} s",
                "late" if max(waits) - quiet > LATER else "in time",
                f"{process.memory_info().rss / 1e6:,.0f} MB",
                said,
            ]
            print("; ".join(told), flush=True)


def measured(address: str, name: str) -> tuple[float, list[float], str]:
    """Seconds that it took, those of each of the other's answers meanwhile, and what was said to the hostile one."""
    other = Visitor(address, OTHER)
    other.ask("Hello?")
    command = [sys.executable, "-m", "benchmarks.strangers", "--attempt", name, address]
    began = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        waits = []
        while process.poll() is None and time.monotonic() - began < 60:
            asked = time.monotonic()
            other.ask("Is it well?")
            waits.append(time.monotonic() - asked)
            time.sleep(0.1)
        took = time.monotonic() - began
        process.terminate()
        assert process.stdout is not None
        return took, waits, process.stdout.read().strip()


def sentence(said: str) -> str:
    """What it was told: of all that was shown the last that reads like a sentence."""
    words = re.findall(r"[A-Z][^\"<>\\\n]{20,200}\.(?=[\"<\\])", said) or [said[-150:]]
    return json.dumps(words[-1], ensure_ascii=False)


@contextmanager
def served() -> Iterator[tuple[str, psutil.Process]]:
    with tempfile.TemporaryDirectory(prefix="medley-strangers-") as folder:
        command = [sys.executable, "-m", "benchmarks.strangers", "--serve", str(free_port()), folder]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip().rstrip("/"), psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait()


def serve(port: str, folder: str) -> None:
    from ui import page

    slowly = ScriptedLine(lambda messages: SLOW in messages[-1].text, "Well, " * 60, 0.2)
    originals = Originals(Path(folder, "originals"))
    assistant = make_assistant(ScriptedEngine([slowly, ScriptedLine("", "It is well.")]), originals=originals)
    for part in (assistant.engine, assistant.library, assistant.reader):
        part.get()
    conversations = Conversations(History(Path(folder), originals), assistant, originals)
    built = page.build(conversations, lambda: (), OwnerOf(alone=False))
    print(page.launch(built, Settings(port=int(port)), block=False), flush=True)
    built.block_thread()


if __name__ == "__main__":
    main()
