"""Run inside a network namespace without a route out: what the page and `fetch` ask of servers that stand there.

Prints one JSON object. INSIDE is an address that Gradio's own check lets through; OUTSIDE is one of the public
internet. Here both are this machine, and nobody else is to be reached.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

INSIDE, OUTSIDE, PORT = "100.64.0.1", "93.184.216.34", 8000
ADDRESSES = (INSIDE, OUTSIDE, "10.0.0.7", "169.254.169.254")


class Trap(BaseHTTPRequestHandler):
    """Notes whom it was asked as; sends on where the path says."""

    asked: list[str] = []  # noqa: RUF012 - by every request

    def do_GET(self) -> None:
        self.asked.append(f"{self.server.server_address[0]}{self.path}")  # type: ignore[index]
        onward = self.path.startswith("/to=")
        self.send_response(302 if onward else 200)
        if onward:
            self.send_header("Location", self.path.removeprefix("/to="))
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>inside</p>")

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None: ...


def asked_meanwhile(do: Callable[[], object]) -> list[str]:
    Trap.asked.clear()
    do()
    return [*Trap.asked]


def page() -> dict[str, list[str]]:
    """What each request to the page makes it ask."""
    import httpx

    from tests.support.browser_page import serve

    found: dict[str, list[str]] = {}
    with (
        contextmanager(serve)() as served,
        httpx.Client(base_url=served.address, timeout=10, trust_env=False) as client,
    ):
        listeners = client.get("/config").json()["dependencies"]
        asking = next(each["id"] for each in listeners if each["api_name"] == "ask")
        mine = client.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}).json()[0]

        def send(file: dict[str, object]) -> None:
            body = {"data": [{"text": "Read it", "files": [file]}, "{}", None], "fn_index": asking}
            with suppress(httpx.HTTPError):
                joined = client.post("/gradio_api/queue/join", json={**body, "session_hash": "one"})
                if joined.status_code == 200:
                    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": "one"}) as told:
                        next((line for line in told.iter_lines() if "close_stream" in line), "")
            client.post("/gradio_api/run/predict", json={**body, "session_hash": "two"})

        for address in ADDRESSES:
            url, meta = f"http://{address}:{PORT}/x", {"_type": "gradio.FileData"}
            for name, file in {
                "path": {"path": url, "meta": meta},
                "url": {"path": mine, "url": url, "meta": meta},
            }.items():
                found[f"{name} {address}"] = asked_meanwhile(lambda file=file: send(file))  # type: ignore[misc]
            for route in ("file=", "proxy=", "file/"):
                found[f"{route} {address}"] = asked_meanwhile(
                    lambda route=route, url=url: client.get(f"/gradio_api/{route}{url}")  # type: ignore[misc]
                )
    return found


def fetching() -> dict[str, object]:
    from assistant.values.errors import BadInput
    from retrieval.web_page import fetch, resolve

    said: dict[str, str] = {}

    def get(url: str, resolve: Callable[[str, int], list[str]] = resolve) -> list[str]:
        def once() -> None:
            try:
                fetch(url, resolve=resolve)
                said[url] = "fetched"
            except BadInput as error:
                said[url] = str(error)

        return asked_meanwhile(once)

    rebound = iter([[OUTSIDE], [INSIDE], [INSIDE]])
    asked = {
        "outside": get(f"http://{OUTSIDE}:{PORT}/page"),
        "inside": get(f"http://{INSIDE}:{PORT}/page"),
        "sent inside": get(f"http://{OUTSIDE}:{PORT}/to=http://{INSIDE}:{PORT}/page"),
        "rebound": get(f"http://rebound.test:{PORT}/page", lambda *_: next(rebound)),
    }
    return {"asked": asked, "said": said}


def main() -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in ADDRESSES:
        subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
        server = ThreadingHTTPServer((address, PORT), Trap)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"page": page() if "page" in sys.argv else {}, **fetching()}))  # noqa: T201


if __name__ == "__main__":
    main()
