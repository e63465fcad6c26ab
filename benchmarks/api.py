"""What the API costs on top of its backend: the same requests to both, in turn, in one run.

    python benchmarks/api.py [--requests 200] [--json FILE]

The backend is an OpenAI-compatible server that answers at once, a piece for each word. In front of it stands the whole
program (`app.py --api --llm http://…`), with its own understanding of requests. One client at a time tells what a
streamed answer takes, whole and until its first word; 8 and 32 clients, each with a key, tell how many a second.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.storage.api_keys import ApiKeys

WORDS = "The sky is blue because air scatters short waves more than long ones.".split()
QUESTION = "Why is the sky blue?"
WARM = 20  # requests before it counts


def backend(port: int) -> None:
    """Answers at once, whatever is asked."""
    import uvicorn

    pieces = [json.dumps(_chunk({"content": f"{word} "})) for word in WORDS]
    stream = [*pieces, json.dumps(_chunk({}, "stop")), "[DONE]"]
    models = json.dumps({"object": "list", "data": [{"id": "instant", "object": "model", "max_model_len": 8192}]})
    head = [(b"content-type", b"text/event-stream")]
    asked = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal asked
        if scope["type"] != "http":
            return
        if scope["method"] == "GET":
            body = models if scope["path"].endswith("/models") else str(asked)
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
            )
            await send({"type": "http.response.body", "body": body.encode()})
            return
        asked += 1
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": head})
        for piece in stream:
            await send({"type": "http.response.body", "body": f"data: {piece}\n\n".encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    uvicorn.run(app, port=port, log_level="warning", lifespan="off", ws="none", access_log=False)


def _chunk(delta: dict[str, str], finish: str | None = None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "instant", "choices": [choice]}


@dataclass(frozen=True)
class Answered:
    """Seconds."""

    first: float
    whole: float


class Caller:
    """One connection, kept open; it knows as much HTTP as these answers need, so that it costs next to nothing."""

    def __init__(self, port: int, key: str, model: str) -> None:
        self._port, self._reader, self._writer = port, None, None
        body = {"model": model, "stream": True, "messages": [{"role": "user", "content": QUESTION}]}
        sent = json.dumps(body).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n"
        head += f"Authorization: Bearer {key}\r\nContent-Length: {len(sent)}\r\n\r\n"
        self._request = head.encode() + sent

    async def ask(self) -> Answered:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)
        began, first, seen = time.perf_counter(), 0.0, b""
        self._writer.write(self._request)
        while not seen.endswith(b"\r\n0\r\n\r\n"):
            piece = await self._reader.read(2**16)
            if not piece:
                raise ConnectionError(f"it ended after {seen[:500]!r}")
            seen += piece
            if not first and b'"content": "T' in seen:
                first = time.perf_counter() - began
        if not seen.startswith(b"HTTP/1.1 200") or b"[DONE]" not in seen or not first:
            raise ConnectionError(f"no answer: {seen[:800]!r}")
        return Answered(first, time.perf_counter() - began)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


async def one_by_one(callers: Sequence[Caller], requests: int) -> list[list[Answered]]:
    """Each caller in turn, so that whatever else the machine does falls on all of them."""
    told: list[list[Answered]] = [[] for _ in callers]
    for number in range(WARM + requests):
        for caller, answers in zip(callers, told, strict=True):
            answer = await caller.ask()
            if number >= WARM:
                answers.append(answer)
    return told


async def together(callers: Sequence[Caller], requests: int) -> tuple[float, list[Answered]]:
    """Requests a second, and the answers."""
    answers: list[Answered] = []

    async def work(caller: Caller) -> None:
        await caller.ask()
        while len(answers) < requests:
            answers.append(await caller.ask())

    began = time.perf_counter()
    await asyncio.gather(*map(work, callers))
    return (len(answers) + len(callers)) / (time.perf_counter() - began), answers


async def measured(ours: int, theirs: int, keys: Sequence[str], requests: int) -> dict[str, object]:
    alone, direct = Caller(ours, keys[0], "medley"), Caller(theirs, "x", "instant")
    mine, other = await one_by_one([alone, direct], requests)
    told: dict[str, object] = {
        "first_ms": _both([one.first for one in mine], [one.first for one in other]),
        "whole_ms": _both([one.whole for one in mine], [one.whole for one in other]),
    }
    for clients in (8, 32):
        rates: dict[str, float] = {}
        for name, port, model in (("ours", ours, "medley"), ("backend", theirs, "instant")):
            callers = [Caller(port, key, model) for key in keys[:clients]]
            rate, answers = await together(callers, requests * 2)
            rates[f"{name} a second"] = round(rate, 1)
            rates[f"{name} p50 ms"] = _ms(statistics.median(one.whole for one in answers))
            for caller in callers:
                caller.close()
        told[f"{clients} clients"] = rates
    alone.close()
    direct.close()
    return told


def _both(ours: Sequence[float], backend: Sequence[float]) -> dict[str, float]:
    mine, theirs = statistics.median(ours), statistics.median(backend)
    return {
        "ours p50": _ms(mine),
        "ours p95": _ms(statistics.quantiles(ours, n=20)[-1]),
        "backend p50": _ms(theirs),
        "overhead p50": _ms(mine - theirs),
    }


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 2)


@contextmanager
def process(command: Sequence[str], port: int, path: str, ready: int = 200) -> Iterator[None]:
    """A server, from when it answers."""
    import httpx

    running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        end = time.monotonic() + 600
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False).status_code == ready:
                    break
            except httpx.TransportError:
                pass
            if time.monotonic() > end or running.poll() is not None:
                raise SystemExit(f"{command[1]} does not answer")
            time.sleep(0.2)
        yield
    finally:
        running.terminate()
        running.wait(60)


def settle(port: int) -> None:
    """Until whoever listens there has loaded everything and rests."""
    import psutil

    listens = next(
        one.pid for one in psutil.net_connections("tcp") if one.laddr.port == port and one.status == psutil.CONN_LISTEN
    )
    server = psutil.Process(listens)
    rests = 0
    while rests < 3:
        rests = rests + 1 if server.cpu_percent(2.0) < 3 else 0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def main() -> None:
    import httpx

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--backend", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.backend:
        backend(options.backend)
        return
    ours, theirs = free_port(), free_port()
    with tempfile.TemporaryDirectory() as data:
        kept = ApiKeys(Path(data, "api"))
        keys = [kept.add(f"client {number}")[1] for number in range(32)]
        kept.close()
        served = [sys.executable, "app.py", "--api", "--port", str(ours), "--data", data, "--offline"]
        served += ["--llm", f"http://127.0.0.1:{theirs}/v1#instant"]
        with (
            process([sys.executable, __file__, "--backend", str(theirs)], theirs, "/v1/models"),
            process(served, ours, "/readyz"),
        ):
            settle(ours)
            before = int(httpx.get(f"http://127.0.0.1:{theirs}/", trust_env=False).text)
            told = asyncio.run(measured(ours, theirs, keys, options.requests))
            asked = int(httpx.get(f"http://127.0.0.1:{theirs}/", trust_env=False).text) - before
            told["asked of the backend"] = asked
    print(json.dumps(told, indent=2))
    if options.json:
        options.json.write_text(json.dumps(told, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
