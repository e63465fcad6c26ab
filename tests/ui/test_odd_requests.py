"""Five hundred odd requests to every kind of route: none ends as an error of the server, or with a page in its log."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from websockets import Origin
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.browser_page import Served, serve

API = "/gradio_api"
DEEP = "[" * 100_000 + "]" * 100_000
DEEP_IN_WORDS = '{"a":' * 50_000 + "1" + "}" * 50_000
NAMES = ("data", "fn_index", "session_hash", "event_id", "event_data", "trigger_id", "batched", "simple_format", "path")
FILE = {"path": "\0", "orig_name": "a", "meta": {"_type": "gradio.FileData"}}

texts = st.text(max_size=30) | st.sampled_from(
    ["", "\0", "\ud800", "../../etc/passwd", "x" * 5_000, "null", "{}", DEEP]
)
numbers = st.integers() | st.floats() | st.sampled_from([-1, 0, 10**30, 1e308])
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts | st.just(FILE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | texts, inner, max_size=4),
    max_leaves=8,
)
parts = texts | st.sampled_from([".", "..", "%", "%00", "%ff", "a\0b", "x" * 300])


@dataclass
class Page:
    """The served page, what it writes into its log, and what its events take."""

    served: Served
    client: httpx.Client
    log: Path
    events: dict[int, int] = field(repr=False)
    """Number of each → how many values it takes."""

    def routes(self) -> list[tuple[str, str]]:
        return [(method, path) for path, methods in self.served.routes() for method in methods if method != "WEBSOCKET"]

    def status(self, method: str, path: str, body: bytes = b"", kind: str = "application/json", query: str = "") -> int:
        """What is answered. A stream without end is not waited for."""
        address = path + (f"?{query}" if query else "")
        with self.client.stream(method, address, content=body, headers={"content-type": kind}) as got:
            if "event-stream" not in got.headers.get("content-type", ""):
                got.read()
            return got.status_code

    def complaints(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    log = tmp_path_factory.mktemp("odd") / "log.txt"
    for served in serve(calls=True, log=log):
        with httpx.Client(
            base_url=served.address, cookies={"medley-owner": "a" * 32}, timeout=30, trust_env=False
        ) as client:
            listeners = client.get("/config").json()["dependencies"]
            yield Page(served, client, log, {one["id"]: len(one["inputs"]) for one in listeners if one["backend_fn"]})


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """From bytes of any kind to what is nearly an event of the page."""
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return draw(st.binary(max_size=200))
    if kind == 1:
        return draw(
            st.sampled_from([DEEP, DEEP_IN_WORDS, "[" * 900 + "]" * 900, "NaN", "1e999", "\0", "nul", ""])
        ).encode()
    if kind == 2:
        return json.dumps(draw(values)).encode()
    said = draw(st.dictionaries(st.sampled_from(NAMES), values, max_size=4))
    said |= {"data": draw(st.lists(values, max_size=5))}
    said |= {"fn_index": draw(st.integers(-2, 200)), "session_hash": draw(texts | st.just("odd"))}
    return json.dumps(said).encode()


relaxed = settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@relaxed
@given(
    which=st.integers(0, 10_000),
    gap=parts,
    body=bodies(),
    query=st.dictionaries(st.sampled_from(NAMES), parts, max_size=2),
)
def test_no_route_fails_over_what_it_is_sent(
    page: Page, which: int, gap: str, body: bytes, query: dict[str, str]
) -> None:
    routes = page.routes()
    method, route = routes[which % len(routes)]
    path = re.sub(r"\{\w+(?::\w+)?\}", lambda _: quote(gap.encode("utf-8", "surrogatepass"), safe=""), route)
    asked = "&".join(
        f"{name}={quote(one.encode('utf-8', 'surrogatepass'), safe='')}"[:4_000] for name, one in query.items()
    )
    assert page.status(method, path[:30_000], body, query=asked) < 500, (method, path, body)


@settings(relaxed, max_examples=200)
@given(route=st.sampled_from(["queue/join", "run/predict", "cancel", "reset", "upload"]), body=bodies())
@example(route="run/predict", body=DEEP.encode())
@example(route="queue/join", body=DEEP_IN_WORDS.encode())
@example(route="queue/join", body=json.dumps({"data": [], "fn_index": -1, "session_hash": "\ud800"}).encode())
def test_no_odd_body_is_an_error_of_the_server(page: Page, route: str, body: bytes) -> None:
    assert page.status("POST", f"{API}/{route}", body) < 500, (route, body)


@settings(relaxed, max_examples=200)
@given(
    which=st.integers(0, 1_000),
    data=st.lists(values | st.builds(json.dumps, values), min_size=1, max_size=6),
    straight=st.booleans(),
)
def test_an_event_with_odd_values_is_answered_in_a_sentence(
    page: Page, which: int, data: list[Any], straight: bool
) -> None:
    """As many values as the event takes, so that they come as far as its handler."""
    numbers = sorted(page.events)
    number = numbers[which % len(numbers)]
    said = {"data": (data * 9)[: page.events[number]], "fn_index": number, "session_hash": f"odd{which % 5}"}
    status = page.status("POST", f"{API}/{'run/predict' if straight else 'queue/join'}", json.dumps(said).encode())
    assert status < 500, said


@settings(relaxed, max_examples=60)
@given(name=st.text(max_size=300) | parts, content=st.binary(max_size=50), odd=st.binary(max_size=100))
def test_no_name_of_a_file_that_is_handed_over_is_an_error(page: Page, name: str, content: bytes, odd: bytes) -> None:
    quoted = name.encode("utf-8", "surrogatepass")
    form = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="' + quoted + b'"\r\n\r\n' + content + b"\r\n"
    )
    for body in (form + b"--x--\r\n", form, odd, b"--x\r\n" + odd):
        assert page.status("POST", f"{API}/upload", body, "multipart/form-data; boundary=x") < 500, (name, body)


@settings(relaxed, max_examples=30)
@given(first=values, then=st.lists(st.binary(max_size=50) | values, max_size=3))
def test_no_call_fails_over_what_is_said_in_it(page: Page, first: Any, then: list[Any]) -> None:
    address = page.served.address.replace("http", "ws")
    cookie = {"cookie": "medley-owner=" + "a" * 32}
    for said in (DEEP, first, {"type": "call", "language": first}, {"type": "resume", "token": first, "seen": first}):
        line = connect(f"{address}/call", proxy=None, additional_headers=cookie, origin=Origin(page.served.address))
        with line, suppress(ConnectionClosed):
            line.send(said if said is DEEP else json.dumps(said))
            for one in then:
                line.send(one if isinstance(one, bytes) else json.dumps(one))


def test_nothing_of_that_left_a_page_in_the_log(page: Page) -> None:
    """Runs last: what all the others have left there."""
    assert page.status("GET", "/") == 200
    said = page.complaints()
    files = said.count("AssertionError: nothing is filed here")  # of the page that is served here
    assert said.count("Traceback (most") == files, said[said.rindex("Traceback (most") :][:6_000]
