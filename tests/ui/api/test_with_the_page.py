"""The page and the API on one port: each answers what is its own, and the door stands before both."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from tests.support.api_page import SAYS
from tests.support.browser_page import free_port
from tests.ui.api.test_clients import asked

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("both"), free_port()
    (folder / "page").mkdir()
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(folder / "uploads")}
    command = [sys.executable, "-m", "tests.support.api_page", str(port), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            assert served.stdout.readline().startswith("http")
            yield f"http://127.0.0.1:{port}"
        finally:
            served.terminate()


def get(address: str, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{address}{path}", headers=headers, trust_env=False)


def test_each_answers_what_is_its_own(address: str) -> None:
    assert "gradio" in get(address, "/").text
    assert get(address, "/healthz").json() == {"status": "ok"}
    assert get(address, "/v1/models").json()["object"] == "list"
    assert get(address, "/v1/nothing").json()["error"]["code"] == "not_found"
    told = httpx.post(
        f"{address}/v1/chat/completions", json={"messages": [asked("Hello, who are you to me?")]}, trust_env=False
    )
    assert told.json()["choices"][0]["message"]["content"] == SAYS
    routes = [
        line.split('route="')[1].split('"')[0]
        for line in get(address, "/metrics").text.splitlines()
        if "route=" in line
    ]
    assert {"page", "/healthz", "/v1/chat/completions"} <= set(routes)


@pytest.mark.skipif(find_spec("mcp") is None, reason="the server for agents is an optional extra")
def test_agents_are_answered_too(address: str) -> None:
    body = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    }
    headers = {"accept": "application/json, text/event-stream"}
    told = httpx.post(f"{address}/mcp", json=body, headers=headers, trust_env=False)
    assert told.json()["result"]["serverInfo"]["name"] == "medley"


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/metrics", "/v1/models", "/v1/openapi.json", "/mcp"])
def test_the_door_stands_before_everything(address: str, path: str) -> None:
    assert get(address, path, host="evil.example").status_code == 403
    assert get(address, path, origin="http://evil.example").status_code == 403


def test_what_the_page_has_closed_stays_closed(address: str) -> None:
    assert get(address, "/gradio_api/info").status_code == 404
    assert get(address, "/v1").status_code == 404
