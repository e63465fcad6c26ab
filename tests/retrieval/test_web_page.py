"""A web page comes from the public internet or not at all, and not without end."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.values.errors import BadInput
from retrieval.web_page import WebLimits, fetch, is_public


class Pages(BaseHTTPRequestHandler):
    hosts: list[str] = []  # noqa: RUF012 - what was asked for, by every request

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        where = {"/to-inside": "http://inside.test/", "/to-file": "file:///etc/passwd", "/round": "/round"}
        if self.path in where:
            self.send_response(302)
            self.send_header("Location", where[self.path])
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if self.path == "/slow":
            for _ in range(20):
                self.wfile.write(b"x")
                time.sleep(0.1)
        self.wfile.write(b"<p>The moat is deep.</p>" if self.path != "/big" else b"x" * 5000)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def names(host: str, port: int) -> list[str]:
    """A resolver of two names: one is public (and stands, here, at this machine), one is inside."""
    return {"page.test": ["127.0.0.1"], "inside.test": ["10.0.0.7"], "both.test": ["127.0.0.1", "10.0.0.7"]}[host]


def got(url: str, limits: WebLimits = WebLimits()):  # noqa: B008 - frozen
    return fetch(url, limits, names, lambda address: address == "127.0.0.1")


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 127.9.9.9 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1 255.255.255.255"
    " ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1::"
    " 2001:db8::1 localhost".split(),
)
def test_what_is_not_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_taken(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://[::1]/", "http://localhost:8000/", "http://2130706433/", "http://0x7f.1/",
     "http://169.254.169.254/latest/meta-data", "http://[::ffff:127.0.0.1]/"],
)  # fmt: skip
def test_this_machine_and_its_neighbours_are_not_fetched(url: str) -> None:
    with pytest.raises(BadInput, match=r"not on the public internet|no host called"):
        fetch(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://page.test/", "page.test", "http://", "http://a:b@page.test/",
                                 "http://page.test:99999/"])  # fmt: skip
def test_only_plain_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(BadInput, match="It should look like"):
        got(url)


def test_a_page_is_fetched_from_the_address_that_was_looked_at(port: int) -> None:
    page = got(f"http://page.test:{port}/moat")
    assert (page.data, page.media_type, page.name) == (b"<p>The moat is deep.</p>", "text/html", "page.test/moat")
    assert Pages.hosts[-1] == f"page.test:{port}"


def test_a_redirect_inside_is_refused(port: int) -> None:
    with pytest.raises(BadInput, match=r"inside\.test is not on the public internet"):
        got(f"http://page.test:{port}/to-inside")
    with pytest.raises(BadInput, match="It should look like"):
        got(f"http://page.test:{port}/to-file")


def test_a_name_with_one_address_inside_is_refused(port: int) -> None:
    with pytest.raises(BadInput, match="public internet"):
        got(f"http://both.test:{port}/")


def test_pages_without_end_end(port: int) -> None:
    with pytest.raises(BadInput, match="larger than"):
        got(f"http://page.test:{port}/big", WebLimits(bytes=1000))
    with pytest.raises(BadInput, match="takes longer"):
        got(f"http://page.test:{port}/slow", WebLimits(seconds=0.5))
    with pytest.raises(BadInput, match="somewhere else"):
        got(f"http://page.test:{port}/round")
    with pytest.raises(BadInput, match="answered with 404"):
        got(f"http://page.test:{port}/none")
