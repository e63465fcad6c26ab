"""Every operation of the API, taken from the server itself, tried as a stranger, with a wrong and a revoked key, for
another's conversation, from another site's page and under another name."""

import json
import re
import threading
from collections.abc import Iterator

import httpx
import pytest

from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.values.parts import Text, Turn
from tests.support.api_server import ServedApi
from tests.ui.api.test_clients import as_file, asked, tone
from tests.ui.test_strangers import ELSEWHERE

SECRET = "the surgeon comes on Thursday"
OPEN = {"/healthz", "/readyz", "/v1/openapi.json"}
ENGINE = ScriptedEngine([ScriptedLine("", "Hello.")])


class Shared:
    """A server that is reached from elsewhere, with somebody's key and what he keeps."""

    def __init__(self, served: ServedApi) -> None:
        self.served = served
        self.client = httpx.Client(base_url=served.address, trust_env=False, timeout=60)
        _, self.victim = served.keys.add("victim")
        _, self.stranger = served.keys.add("stranger")
        _, self.revoked = served.keys.add("revoked")
        served.keys.revoke("revoked")
        owner = next(one.owner for one in served.keys.all() if one.name == "victim")
        self.owner = owner
        self.conversation = served.history.make(owner).id
        _, events = served.conversations.ask(owner, self.conversation, Turn((Text(SECRET),)), "", threading.Event())
        list(events)
        library = served.libraries.make(owner, "Private")
        served.wait_for(owner, served.libraries.add_text(owner, library.id, "plan.txt", SECRET).id)

    def tried(self, operation, key: str = "", **headers: str) -> httpx.Response:  # type: ignore[no-untyped-def]
        """As a program would use it, with what a stranger would most like in its gaps."""
        path = operation.path.replace("{conversation}", self.conversation)
        path = re.sub(r"\{[^}]*\}", "medley", path)
        if key:
            headers["authorization"] = f"Bearer {key}"
        body: dict[str, object] = {}
        if operation.form:
            body = {"files": {"file": ("talk.wav", tone(1.0))}}
        elif "chat" in operation.path:
            body = {"json": {"messages": [asked("Is it so?")], "medley": {"conversation": self.conversation}}}
        elif "embeddings" in operation.path or "speech" in operation.path:
            body = {"json": {"input": "Hello."}}
        return self.client.request(operation.method, path, headers=headers, **body)  # type: ignore[arg-type]

    @property
    def operations(self):  # type: ignore[no-untyped-def]
        found = self.served.beside.operations
        assert len(found) >= 13
        return [one for one in found if one.method != "DELETE"] + [one for one in found if one.method == "DELETE"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with ServedApi(tmp_path_factory.mktemp("shared"), ENGINE, alone=False, token="watcher").running() as served:
        found = Shared(served)
        with found.client:
            yield found


@pytest.mark.parametrize("who", ["nobody", "wrong", "revoked", "empty", "basic"])
def test_nobody_comes_in_without_a_key_that_counts(shared: Shared, who: str) -> None:
    shown = {
        "wrong": f"Bearer medley-{'A' * 43}",
        "revoked": f"Bearer {shared.revoked}",
        "empty": "Bearer",
        "basic": "Basic eDp5",
    }
    headers = {"authorization": shown[who]} if who in shown else {}
    for operation in shared.operations:
        got = shared.tried(operation, **headers)
        if operation.path in OPEN:
            assert got.status_code in (200, 503), operation
            continue
        if operation.path == "/metrics" and who == "nobody":
            assert got.status_code == 200  # asked for on this machine
            continue
        assert got.status_code == 401, operation
        assert got.headers["www-authenticate"] == "Bearer"
        assert got.json()["error"]["type"] == "authentication_error"


def test_a_strangers_key_opens_nothing_of_anothers(shared: Shared) -> None:
    for operation in shared.operations:
        got = shared.tried(operation, shared.stranger)
        assert SECRET not in got.text
        if ("conversation" in operation.path and "{" in operation.path) or "chat" in operation.path:
            assert got.status_code == 404, operation
    with httpx.Client(base_url=shared.served.address, trust_env=False, timeout=20) as client:
        how = {"messages": [asked("Is it so?")], "medley": {"libraries": ["Private"]}}
        got = client.post("/v1/chat/completions", json=how, headers={"authorization": f"Bearer {shared.stranger}"})
        assert got.status_code == 400
        assert "surgeon" not in got.text
        mine = client.post("/v1/chat/completions", json=how, headers={"authorization": f"Bearer {shared.victim}"})
        assert mine.status_code == 200
    assert shared.served.history.get(shared.owner, shared.conversation).turns == 1


@pytest.mark.parametrize("elsewhere", [one for one in ELSEWHERE if "host" not in one])
def test_no_operation_answers_another_sites_page(shared: Shared, elsewhere: dict[str, str]) -> None:
    for operation in shared.operations:
        got = shared.tried(operation, shared.victim, **elsewhere)
        assert got.status_code == 403, operation
        assert not [name for name in got.headers if name.startswith("access-control")]
        if operation.path.startswith("/v1/"):
            assert got.json()["error"]["type"] == "permission_error"


def test_metrics_are_told_to_this_machine_or_with_the_token(shared: Shared) -> None:
    metrics = next(one for one in shared.operations if one.path == "/metrics")
    assert shared.tried(metrics).status_code == 200
    assert shared.tried(metrics, **{"x-forwarded-for": "203.0.113.7"}).status_code == 401
    assert shared.tried(metrics, host="medley.example.org").status_code == 401
    assert shared.tried(metrics, "watcher", host="medley.example.org").status_code == 200
    assert shared.tried(metrics, shared.victim, host="medley.example.org").status_code == 401


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with ServedApi(tmp_path_factory.mktemp("own"), ENGINE).running() as served:
        yield served


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_a_server_for_its_own_machine_is_had_from_nowhere_else(own: ServedApi, elsewhere: dict[str, str]) -> None:
    with httpx.Client(base_url=own.address, trust_env=False) as client:
        for operation in own.beside.operations:
            path = re.sub(r"\{[^}]*\}", "x", operation.path)
            assert client.request(operation.method, path, headers=elsewhere).status_code == 403, operation


def test_without_keys_this_machine_needs_none_and_a_proxy_does(own: ServedApi) -> None:
    with httpx.Client(base_url=own.address, trust_env=False) as client:
        assert client.get("/v1/models").status_code == 200
        assert client.get("/v1/models", headers={"authorization": "Bearer none"}).status_code == 200
        assert client.get("/v1/models", headers={"x-forwarded-for": "203.0.113.7"}).status_code == 401
        _, secret = own.keys.add("first")
        assert client.get("/v1/models").status_code == 401  # from now on who comes shows one
        assert client.get("/v1/models", headers={"authorization": f"Bearer {secret}"}).status_code == 200
        own.keys.revoke("first")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v1/", 404), ("/v1/nothing", 404), ("/v1/responses", 404), ("/", 200), ("/v1x", 200), ("/healthz/x", 200)],
)
def test_only_what_is_there_is_answered_here_and_the_rest_is_the_pages(own: ServedApi, path: str, status: int) -> None:
    with httpx.Client(base_url=own.address, trust_env=False) as client:
        got = client.get(path)
        assert got.status_code == status
        assert (got.text == "the page") == (status == 200)


def test_another_method_is_told_which_there_are(own: ServedApi) -> None:
    with httpx.Client(base_url=own.address, trust_env=False) as client:
        got = client.get("/v1/chat/completions")
        assert (got.status_code, got.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"no json", 400),
        (b"[" * 100_000, 413),
        (b"[" * 40_000 + b"]" * 40_000, 400),
        (b'{"messages": [' + b"[]," * 500_000 + b"[]]}", 413),
        (b" " * 3_000_001, 413),
        (json.dumps({"messages": [{"role": "user", "content": "x" * 20_001}]}).encode(), 400),
        (json.dumps({"messages": [{"role": "user", "content": "\ud800"}]}).encode(), 400),
        (json.dumps({"messages": [asked(as_file("x" * 2_100_000))]}).encode(), 400),
    ],
)
def test_no_body_takes_the_server_down(own: ServedApi, body: bytes, status: int) -> None:
    with httpx.Client(base_url=own.address, trust_env=False, timeout=30) as client:
        got = client.post("/v1/chat/completions", content=body, headers={"content-type": "application/json"})
        assert got.status_code == status, got.text
        assert re.match(r"\S.*\.\Z", got.json()["error"]["message"], re.DOTALL)


def test_a_body_without_a_length_is_bounded_too(own: ServedApi) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 100_000

    with httpx.Client(base_url=own.address, trust_env=False, timeout=30) as client:
        for path, kind in (
            ("chat/completions", "application/json"),
            ("audio/transcriptions", "multipart/form-data; boundary=x"),
        ):
            try:
                got = client.post(f"/v1/{path}", content=pieces(), headers={"content-type": kind})
            except httpx.WriteError:
                continue  # it was closed before everything was sent
            assert got.status_code in (400, 413)
        assert client.get("/healthz").status_code == 200
