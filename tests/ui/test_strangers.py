"""Every route of the served page, tried by another visitor, by another site's page and under another name."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.support.browser_page import Served, serve
from ui.call_wire import UNKNOWN

VICTIM, STRANGER = "a" * 32, "b" * 32
SECRET = "the surgeon comes on Thursday"
SOCKET = "WEBSOCKET"
OURS = re.compile(r"/(evidence|aloud|shared|call)\b")
ADDRESS = re.compile(r"(?:evidence/[\w-]{32}|aloud/[\w-]{32}/(?:\d+|all\.wav))(?![\w-])")

ELSEWHERE: list[dict[str, str]] = [
    {"origin": "http://evil.example"},
    {"origin": "http://localhost:9999"},
    {"origin": "http://127.0.0.1"},
    {"origin": "null"},
    {"origin": "file://"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
    {"host": "evil.example"},
    {"host": "evil.example:80", "origin": "http://evil.example:80"},
    {"host": "evil.example", "x-forwarded-for": "203.0.113.7", "sec-fetch-site": "same-origin"},
    {"host": "0.0.0.0:7860"},
]


@dataclass
class Victim:
    """Somebody who asked something: his tab, the file he handed over, and addresses that his page was told."""

    session: str
    upload: str
    addresses: list[str]


@dataclass
class SharedHouse:
    served: Served
    victim: Victim

    def client(self, owner: str = "", **headers: str) -> httpx.Client:
        cookies = {"medley-owner": owner} if owner else {}
        return httpx.Client(base_url=self.served.address, cookies=cookies, headers=headers, timeout=5, trust_env=False)

    def routes(self, session: str = "") -> Iterator[tuple[str, str]]:
        """Method and path of each, as the app itself has them, with what a stranger would most like in the gaps."""
        gaps = {
            "token": self.victim.addresses[0].split("/")[1],
            "session_hash": session or self.victim.session,
            "path_or_url": self.victim.upload,
            "path": self.victim.upload,
            "api_name": "predict",
        }
        for route, methods in self.served.routes():
            path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda gap: gaps.get(gap[1], "0"), route)
            yield from ((method, path) for method in sorted(methods) if method != SOCKET)

    def sockets(self) -> list[str]:
        return [path for path, methods in self.served.routes() if SOCKET in methods]

    def connect(self, path: str, owner: str = "", **headers: str) -> ClientConnection:
        """As a page of this server does, if the headers do not say otherwise; entered, it is closed at its end."""
        said = {"origin": self.served.address, **({"cookie": f"medley-owner={owner}"} if owner else {}), **headers}
        host = said.pop("host", "")
        address = self.served.address.replace("http", "ws")
        if host:  # the one that is asked for; the connection goes to the same place
            sock = socket.create_connection(("127.0.0.1", self.served.port))
            return connect(
                f"ws://{host}{path}", sock=sock, additional_headers=without_origin(said), origin=origin(said)
            )
        return connect(f"{address}{path}", proxy=None, additional_headers=without_origin(said), origin=origin(said))


def origin(said: dict[str, str]) -> Any:
    return said.get("origin") or None


def without_origin(said: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in said.items() if name != "origin"}


@pytest.fixture(scope="module")
def house() -> Iterator[SharedHouse]:
    for served in serve(calls=True):
        found = SharedHouse(served, Victim("victim1", "", []))
        with found.client(VICTIM) as client:
            _live(client, found.victim)
        yield found


def _live(client: httpx.Client, victim: Victim) -> None:
    """The victim hands a file over with a question, and is shown the answer."""
    files = {"files": ("plan.txt", SECRET.encode())}
    victim.upload = client.post("/gradio_api/upload", files=files).json()[0]
    asked = {"text": f"Is it true that {SECRET}?", "files": [file_data(victim.upload)]}
    shown = event(client, "ask", [asked, "{}", None], victim.session)
    shown += event(client, "stream", [None], victim.session)
    for _ in range(20):  # while it is still at it, nothing is said of what was lent
        shown = unescape(shown + event(client, "settle", [None], victim.session))
        if ADDRESS.search(shown):
            break
        time.sleep(0.5)
    victim.addresses = sorted(set(ADDRESS.findall(shown)))
    victim.addresses += [f"{address.removesuffix('all.wav')}0" for address in victim.addresses if "all.wav" in address]
    assert SECRET in shown
    files = {"files": ("not-sent-yet.txt", SECRET.encode())}
    victim.upload = client.post("/gradio_api/upload", files=files).json()[0]
    assert victim.addresses


def file_data(path: str, **more: Any) -> dict[str, Any]:
    return {"path": path, "orig_name": Path(path).name, "meta": {"_type": "gradio.FileData"}, **more}


def event(client: httpx.Client, name: str, data: list[Any], session: str) -> str:
    """All that the server says to one event, or why it was refused."""
    listeners = client.get("/config").json()["dependencies"]
    number = next(each["id"] for each in listeners if each["backend_fn"] and each["api_name"] == name)
    body = {"data": data, "fn_index": number, "session_hash": session}
    joined = client.post("/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        return joined.text
    seen = ""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            seen += line
            if '"close_stream"' in line:
                break
    return seen


def tried(client: httpx.Client, method: str, path: str, **how: Any) -> tuple[int, str, httpx.Headers]:
    """Status, body as far as it comes at once, headers. A stream without end is not waited for."""
    body = b""
    with client.stream(method, path, **how) as got:
        if "event-stream" not in got.headers.get("content-type", ""):
            body = got.read()
        return got.status_code, body.decode("utf-8", "replace"), got.headers


@pytest.mark.parametrize("cookie", ["", STRANGER])
def test_no_route_tells_a_stranger_what_is_anothers(house: SharedHouse, cookie: str) -> None:
    seen = 0
    with house.client(cookie) as client:
        for method, path in house.routes():
            named = {"session_hash": house.victim.session, "fn_index": 0, "data": [], "event_id": "x"}
            how = {"json": named} if method == "POST" else {"params": {"session_hash": house.victim.session}}
            status, body, _ = tried(client, method, path, **how)
            seen += 1
            assert SECRET not in body, (method, path)
            anothers = house.victim.session in path or house.victim.upload in path or "evidence/" in path
            if anothers or (method == "POST" and path != "/gradio_api/upload"):
                assert status in (403, 404, 405), (method, path, status, body)
    assert seen > 60


def test_each_route_is_used_by_the_page_or_closed(house: SharedHouse) -> None:
    open_to_all = set()
    with house.client(VICTIM) as client:
        for method, path in house.routes("another"):  # whose tab is closed by it
            status, body, _ = tried(client, method, path)
            if "There is nothing at this address." not in body and status not in (403, 404, 405):
                open_to_all.add(path.split("=")[0] if "=" in path else path)
    ours = {path for path in open_to_all if OURS.match(path)}
    api = "/gradio_api"
    assert {re.sub(r"another", "…", path) for path in open_to_all - ours} <= {
        *("/", "/config", "/theme.css", "/favicon.ico", "/robots.txt", "/logout"),
        *(f"{api}/{name}" for name in ("app_id", "startup-events", "upload", "upload_progress", "heartbeat/…", "file")),
        *(f"{api}/{name}" for name in ("queue/join", "queue/data", "run/predict", "cancel", "reset")),
    }


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_route_answers_another_sites_page_or_to_another_name(house: SharedHouse, elsewhere: dict[str, str]) -> None:
    with house.client(VICTIM, **elsewhere) as client:
        for method, path in house.routes():
            status, body, headers = tried(client, method, path)
            assert status == 403, (method, path)
            assert method == "HEAD" or "so I did not answer" in body
            assert not [name for name in headers if name.startswith("access-control")]
        files = {"files": ("evil.txt", b"x")}
        assert client.post("/gradio_api/upload", files=files).status_code == 403
        asked = {"access-control-request-method": "POST"}
        before = client.options("/gradio_api/queue/join", headers=asked)
        assert before.status_code == 403
        assert "access-control-allow-origin" not in before.headers


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_socket_opens_for_another_sites_page_or_under_another_name(
    house: SharedHouse, elsewhere: dict[str, str]
) -> None:
    assert house.sockets() == ["/call"]
    for path in house.sockets():
        said = {"origin": "", **elsewhere} if "sec-fetch-site" in elsewhere else elsewhere
        with pytest.raises(InvalidStatus) as refused:
            house.connect(path, VICTIM, **said)
        assert refused.value.response.status_code == 403


def test_a_call_is_taken_up_by_nobody_else(house: SharedHouse) -> None:
    with house.connect("/call", VICTIM) as call:
        call.send(json.dumps({"type": "call"}))
        token = json.loads(call.recv(10))["token"]
        with pytest.raises(InvalidStatus):
            house.connect("/call")  # nothing tells whose it is
        with house.connect("/call", STRANGER) as other:
            other.send(json.dumps({"type": "resume", "token": token, "seen": 0}))
            with pytest.raises(ConnectionClosed) as closed:
                other.recv(10)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == UNKNOWN
        with house.connect("/call", VICTIM) as again:
            again.send(json.dumps({"type": "resume", "token": token, "seen": 0}))
            assert json.loads(again.recv(10))["type"] == "welcome"
            again.send(json.dumps({"type": "end"}))


@pytest.mark.parametrize(
    "here",
    [
        {},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},  # a link to it was followed
        {"sec-fetch-site": "same-origin"},
        {"origin": "https://medley.example.org", "sec-fetch-site": "same-origin"},  # a proxy that hides its name
        {"origin": "https://medley.example.org", "x-forwarded-host": "medley.example.org"},
        {"host": "localhost"},
        {"host": "[::1]:7860", "origin": "http://[::1]:7860"},
    ],
)
def test_the_page_opens_for_people_programs_and_health_checks(house: SharedHouse, here: dict[str, str]) -> None:
    with house.client(**here) as client:
        assert client.get("/").status_code == 200
        assert client.head("/").status_code == 200
        got = client.post("/gradio_api/upload", files={"files": ("mine.txt", b"x")})
        assert got.status_code == 200
        assert not [name for name in got.headers if name.startswith("access-control")]


def test_what_was_lent_is_had_by_its_owner_alone(house: SharedHouse) -> None:
    for address in [*house.victim.addresses, f"gradio_api/file={house.victim.upload}"]:
        for owner, expected in ((VICTIM, {200, 202, 204}), (STRANGER, {404}), ("", {404})):
            with house.client(owner) as client:
                assert tried(client, "GET", f"/{address}")[0] in expected, (address, owner)


def test_there_are_no_deep_links(house: SharedHouse) -> None:
    for owner in (VICTIM, STRANGER, ""):
        with house.client(owner) as client:
            for path in ("/gradio_api/deep_link", "/config", "/"):
                asked = {"session_hash": house.victim.session, "deep_link": "x"}
                assert client.get(path, params=asked).status_code in (403, 404)


def test_nobody_reads_along_in_anothers_tab_or_ends_it(house: SharedHouse) -> None:
    for owner in ("", STRANGER):
        with house.client(owner) as client:
            assert "belongs to another visitor" in event(client, "stream", [None], house.victim.session)
            for path in (f"/gradio_api/heartbeat/{house.victim.session}", "/gradio_api/queue/data"):
                assert tried(client, "GET", path, params={"session_hash": house.victim.session})[0] == 403
            ended = {"session_hash": house.victim.session, "fn_index": 0, "event_id": "x"}
            assert client.post("/gradio_api/cancel", json=ended).status_code == 403
    with house.client(VICTIM) as client:
        assert client.post("/gradio_api/cancel", json=ended).status_code == 200


def test_a_file_that_another_handed_over_is_not_taken_from_a_stranger(house: SharedHouse) -> None:
    with house.client(STRANGER) as client:
        for file in (file_data(house.victim.upload), {"path": house.victim.upload}):
            said = event(client, "ask", [{"text": "Read it", "files": [file]}, "{}", None], "stranger1")
            assert "only files that you handed over" in said


def test_nothing_that_a_request_names_is_asked_for(house: SharedHouse) -> None:
    """Wherever it lies: here it is this machine; what tests may reach from inside a network is in test_fetching."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        url = f"http://127.0.0.1:{trap.getsockname()[1]}/inside"
        asked: list[object] = []
        threading.Thread(target=lambda: asked.append(trap.accept()), daemon=True).start()
        with house.client(STRANGER) as client:
            mine = client.post("/gradio_api/upload", files={"files": ("mine.txt", b"x")}).json()[0]
            for file in (file_data(url), file_data(mine, url=url), file_data("x", url=url)):
                said = event(client, "ask", [{"text": "Read it", "files": [file]}, "{}", None], "stranger2")
                assert "only files that you handed over" in said or file["path"] == mine
            for path in (f"/gradio_api/file={url}", f"/gradio_api/proxy={url}", f"/gradio_api/file/{url}"):
                assert client.get(path).status_code == 404
        assert not asked


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 200_000, 413),
        (b'{"data": [' + b"[]," * 3_000_000 + b"[]]}", 413),
        (b'{"data": ' + b"[" * 40_000 + b"]" * 40_000 + b"}", 400),
        (b"no json", 400),
        (b"[1]", 400),
        (json.dumps({"session_hash": 7, "data": []}).encode(), 400),
        (b" " * 51_000_000, 413),
    ],
)
def test_an_event_that_no_page_sends_is_refused_in_a_sentence(house: SharedHouse, body: bytes, status: int) -> None:
    with house.client(STRANGER) as client:
        got = client.post("/gradio_api/queue/join", content=body, headers={"content-type": "application/json"})
        assert got.status_code == status
        assert re.fullmatch(r"[A-Z][^\n]{10,200}\.", got.json()["detail"])
