"""Who is let in where a proxy hides the page's name, on a Space, and for a call."""

from collections.abc import Mapping

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from assistant.settings.settings import Settings, from_environment
from assistant.values.errors import SetupError
from ui.door import Door, known_by

PROXIED = {"host": "10.0.0.7:7860", "origin": "https://medley.example.org"}


def client(origins: str = "", alone: bool = False, environment: Mapping[str, str] = {}) -> TestClient:
    async def hello(_: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    async def call(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    routes = [Route("/", hello, methods=["GET", "POST"]), WebSocketRoute("/call", call)]
    door = Middleware(Door, alone=alone, ours=known_by(Settings(origins=origins), environment))
    return TestClient(Starlette(routes=routes, middleware=[door]))


def status(client: TestClient, **headers: str) -> int:
    return client.post("/", headers=headers).status_code


def test_an_address_that_is_named_in_the_settings_is_our_own() -> None:
    named = client("https://other.example, https://Medley.example.org:443/")
    assert status(named, **PROXIED) == 200
    assert status(client(), **PROXIED) == 403
    assert status(named, **{**PROXIED, "origin": "https://medley.example.org.evil.example"}) == 403


def test_a_space_is_known_by_its_own_address() -> None:
    space = client(environment={"SPACE_HOST": "me-medley.hf.space"})
    assert status(space, **{**PROXIED, "origin": "https://me-medley.hf.space"}) == 200
    assert status(space, **{**PROXIED, "origin": "https://huggingface.co"}) == 403  # the page around it


def test_a_page_for_this_machine_alone_is_had_under_another_name_only_where_it_is_given() -> None:
    for headers in ({"host": "medley.example.org"}, {"host": "medley.example.org", "x-forwarded-for": "203.0.113.7"}):
        assert status(client("https://medley.example.org", alone=True), **headers) == 200
        assert status(client(alone=True), **headers) == 403
        assert status(client(), **headers) == 200


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": ""}, {"host": "evil.example", "origin": "http://evil.example"}],
)
def test_a_call_is_taken_from_our_own_page_alone(headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect), client(alone=True).websocket_connect("/call", headers=headers):
        pass
    here = {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"}
    with client(alone=True).websocket_connect("/call", headers=here) as socket, pytest.raises(WebSocketDisconnect):
        socket.receive_text()


def test_a_refusal_is_one_sentence_in_the_visitors_language() -> None:
    told = client().post("/", headers={**PROXIED, "accept-language": "zh"})
    assert told.text.startswith("这个请求来自别的网站的页面")


@pytest.mark.parametrize("origins", ["medley.example.org", "https://", "ftp://a.example", "https://a.example/path"])
def test_what_is_no_address_of_a_page_is_refused_at_the_start(origins: str) -> None:
    with pytest.raises(SetupError, match="no address of a page"):
        from_environment({}, origins=origins)
    assert from_environment({}, origins="https://a.example, http://b.example:8080").origins
