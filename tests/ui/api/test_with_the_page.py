"""The page and the API on one port: each answers what is its own, and the door stands before both."""

from collections.abc import Iterator

import httpx
import pytest

from assistant.settings.settings import Settings
from tests.support.api_server import ServedApi
from tests.support.browser_page import LIMITS, free_port, made
from tests.ui.api.test_clients import ENGINE, asked
from ui import page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    api = ServedApi(tmp_path_factory.mktemp("api"), ENGINE, agents=True)
    built = made(str(tmp_path_factory.mktemp("page")))
    try:
        yield page.launch(built, Settings(port=free_port(), limits=LIMITS), False, api.beside).rstrip("/")
    finally:
        built.blocks.close()
        api.close()


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
    assert told.json()["choices"][0]["message"]["content"] == "Hello there, good to see you."
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepted = {"accept": "application/json, text/event-stream"}
    listed = httpx.post(f"{address}/mcp", json=body, headers=accepted, trust_env=False)
    assert listed.status_code in (200, 400), listed.text  # without an introduction a newer server may refuse
    assert "page" in {
        line.split('route="')[1].split('"')[0]
        for line in get(address, "/metrics").text.splitlines()
        if 'route="' in line
    }


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/v1/models", "/mcp"])
def test_the_door_stands_before_everything(address: str, path: str) -> None:
    assert get(address, path, host="evil.example").status_code == 403
    assert get(address, path, origin="http://evil.example").status_code == 403


def test_no_request_of_a_program_passes_through_the_pages_server(address: str) -> None:
    """What is not the API's is the page's, which has none of these."""
    assert get(address, "/gradio_api/info").status_code == 404
    assert get(address, "/v1").status_code == 404
