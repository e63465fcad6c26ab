"""The remote engine against a server on this machine that speaks the OpenAI protocol, and fails on demand."""

import base64
import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant.engines.remote import RemoteEngine
from assistant.ports.engine import Generation
from assistant.values.address import Address
from assistant.values.errors import BadInput, EngineError
from assistant.values.parts import ChatMessage, Image, Text

KEY = "sk-very-secret"
HELLO = [ChatMessage("system", (Text("Be kind."),)), ChatMessage("user", (Text("Hello"),))]


class ModelServer(ThreadingHTTPServer):
    """failures: statuses to answer with before it works. pause_seconds: before each piece.

    models: what /v1/models answers, or the status it fails with. break_off: closes in the middle.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ModelHandler)
        self.failures: list[int] = []
        self.headers: dict[str, str] = {}
        self.models: object = [{"id": "first-model", "max_model_len": 2048}, {"id": "second"}]
        self.pieces = ["Good ", "day", ", ", "friend", "."]
        self.pause_seconds = 0.0
        self.break_off = False
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []
        self.hung_up = threading.Event()
        self.written = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


class ModelHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ModelServer

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        if isinstance(self.server.models, int):
            self._fail(self.server.models)
        else:
            self._send(200, {"data": self.server.models})

    def do_POST(self) -> None:
        self.server.paths.append(self.path)
        self.server.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.keys.append(self.headers.get("Authorization", ""))
        if self.server.failures:
            self._fail(self.server.failures.pop(0))
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for number, piece in enumerate(self.server.pieces):
                time.sleep(self.server.pause_seconds)
                if self.server.break_off and number == 2:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self._chunk({"content": piece}, None)
            self._chunk({}, "stop")
            self._event("[DONE]")
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.server.hung_up.set()

    def _chunk(self, delta: dict[str, str], reason: str | None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": reason}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self._event(json.dumps(chunk))
        self.server.written += 1

    def _event(self, data: str) -> None:
        event = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        self.wfile.flush()

    def _fail(self, status: int) -> None:
        self._send(status, {"error": {"message": f"bad {KEY}", "type": "x", "code": None}})

    def _send(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **self.server.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def connect(server: ModelServer) -> Callable[..., RemoteEngine]:
    """An engine that waits no longer than a test may."""

    def connected(suffix: str = "#model", timeout_seconds: float = 2.0) -> RemoteEngine:
        named = RemoteEngine.connect(f"{server.address}{suffix}", timeout_seconds, {"MEDLEY_API_KEY": KEY})
        model, where = suffix.lstrip("#").removesuffix("+images") or "first-model", Address(server.address)
        return RemoteEngine(named.profile, model, where, KEY, timeout_seconds, first_wait_seconds=0.01)

    return connected


def answer(engine: RemoteEngine, messages: list[ChatMessage] = HELLO) -> str:
    return "".join(engine.generate(messages, Generation(50), threading.Event()))


def test_a_password_and_a_token_in_the_address_are_used_and_never_said(server: ModelServer) -> None:
    address = f"{server.address}?token=t0ken#model".replace("http://", "http://ada:s3cret@")
    engine = RemoteEngine.connect(address, 2.0, {"MEDLEY_API_KEY": KEY})
    assert answer(engine) == "".join(server.pieces)
    assert server.keys[-1].startswith("Basic ")
    assert server.paths[-1].endswith("/chat/completions?token=t0ken")
    server.failures = [418]
    server.headers = {"X": "s3cret t0ken"}
    with pytest.raises(EngineError) as wrong:
        answer(engine)
    server.models = 500
    with pytest.raises(EngineError) as unknown:
        RemoteEngine.connect(address.replace("#model", ""), 2.0, {})
    for said in (engine.profile.name, str(wrong.value), str(unknown.value)):
        assert "127.0.0.1" in said
        assert "s3cret" not in said
        assert "t0ken" not in said


def test_an_answer_comes_in_pieces(server: ModelServer, connect: Callable[..., RemoteEngine]) -> None:
    pieces = list(connect().generate(HELLO, Generation(50, temperature=0.5), threading.Event()))
    assert pieces == server.pieces
    (request,) = server.requests
    assert (request["model"], request["stream"], request["max_tokens"]) == ("model", True, 50)
    assert request["temperature"] == 0.5
    assert [(one["role"], one["content"]) for one in request["messages"]] == [("system", "Be kind."), ("user", "Hello")]
    assert server.keys == [f"Bearer {KEY}"]


def test_thoughts_written_into_the_answer_are_left_out(
    server: ModelServer, connect: Callable[..., RemoteEngine]
) -> None:
    server.pieces = ["<thi", "nk>Hm", "m</think>", "\n\nFour", "."]
    assert answer(connect()) == "Four."


def test_a_picture_is_sent_as_a_smaller_jpeg(
    server: ModelServer, connect: Callable[..., RemoteEngine], tmp_path: Path
) -> None:
    from PIL import Image as Pillow

    path = tmp_path / "wide.png"
    Pillow.new("RGB", (3000, 300), "red").save(path)
    image = Image(path, "wide.png", 3000, 300)
    answer(connect("#model+images"), [ChatMessage("user", (Text("Before"), image, Text("after")))])
    before, sent, after = server.requests[0]["messages"][0]["content"]
    assert (before["text"], after["text"]) == ("Before", "after")
    kind, _, data = sent["image_url"]["url"].partition(",")
    assert kind == "data:image/jpeg;base64"
    with Pillow.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert picture.size == (1568, 157)


def test_a_server_not_said_to_see_gets_no_pictures(connect: Callable[..., RemoteEngine], tmp_path: Path) -> None:
    image = Image(tmp_path / "x.png", "x.png", 10, 10)
    with pytest.raises(BadInput, match=r"\+images"):
        answer(connect(), [ChatMessage("user", (image,))])


# Stopping


def test_stop_ends_the_answer_and_hangs_up(server: ModelServer, connect: Callable[..., RemoteEngine]) -> None:
    server.pieces, server.pause_seconds = ["word "] * 500, 0.01
    stop = threading.Event()
    pieces = connect().generate(HELLO, Generation(500), stop)
    next(pieces)
    stop.set()
    assert list(pieces) == []
    assert server.hung_up.wait(2)
    assert server.written < 100


def test_closing_the_iterator_hangs_up(server: ModelServer, connect: Callable[..., RemoteEngine]) -> None:
    server.pieces, server.pause_seconds = ["word "] * 500, 0.01
    pieces = connect().generate(HELLO, Generation(500), threading.Event())
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(2)


def test_stop_does_not_wait_for_a_silent_server(server: ModelServer, connect: Callable[..., RemoteEngine]) -> None:
    server.pause_seconds = 5
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    assert list(connect().generate(HELLO, Generation(50), stop)) == []
    assert server.written == 0, "it has not said a word yet"


# Failing


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(
    server: ModelServer, connect: Callable[..., RemoteEngine], status: int
) -> None:
    server.failures = [status, status]
    assert answer(connect()) == "".join(server.pieces)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "sentence", "requests"),
    [
        (401, "refuses the key", 1),
        (403, "refuses the key", 1),
        (404, "Check the model's name", 1),
        (400, r"refused the request \(400\)", 1),
        (429, "takes no more requests for now", 4),
        (500, r"problem of its own \(500\)", 4),
    ],
)
def test_each_failure_has_its_sentence_and_none_tells_the_key(
    server: ModelServer, connect: Callable[..., RemoteEngine], status: int, sentence: str, requests: int
) -> None:
    server.failures = [status] * 9
    with pytest.raises(EngineError, match=sentence) as failure:
        answer(connect())
    assert KEY not in str(failure.value)
    assert len(server.requests) == requests


def test_a_long_wait_asked_for_is_told_and_not_waited(
    server: ModelServer, connect: Callable[..., RemoteEngine]
) -> None:
    server.failures, server.headers = [429], {"Retry-After": "90"}
    with pytest.raises(EngineError, match="in 90 seconds"):
        answer(connect())
    assert len(server.requests) == 1


def test_a_server_that_takes_too_long_is_told(server: ModelServer, connect: Callable[..., RemoteEngine]) -> None:
    server.pause_seconds = 1.0
    with pytest.raises(EngineError, match=r"did not answer within 0\.1 seconds"):
        answer(connect(timeout_seconds=0.1))


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else can answer here
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        profile = RemoteEngine.connect(f"{address}#m", 1.0, {}).profile
        with pytest.raises(EngineError, match="cannot be reached"):
            answer(RemoteEngine(profile, "m", Address(address), None, 1.0, first_wait_seconds=0.01))
        with pytest.raises(EngineError, match="cannot be reached"):
            RemoteEngine.connect(address, 1.0, {})


def test_an_answer_that_breaks_off_is_told_and_not_begun_again(
    server: ModelServer, connect: Callable[..., RemoteEngine]
) -> None:
    server.break_off = True
    pieces = connect().generate(HELLO, Generation(50), threading.Event())
    assert [next(pieces), next(pieces)] == server.pieces[:2]
    with pytest.raises(EngineError, match="broke off"):
        next(pieces)
    assert len(server.requests) == 1


# Connecting


def test_a_server_is_asked_for_its_first_model(server: ModelServer) -> None:
    engine = RemoteEngine.connect(server.address, 2.0, {})
    assert answer(engine)
    assert server.requests[0]["model"] == "first-model"
    assert engine.profile.context_tokens == 2048


@pytest.mark.parametrize("models", [500, 404, [], "nonsense"])
def test_a_server_that_names_no_model_is_survived(server: ModelServer, models: object) -> None:
    server.models = models
    with pytest.raises(EngineError, match="Name one after #"):
        RemoteEngine.connect(server.address, 2.0, {})
    assert answer(RemoteEngine.connect(f"{server.address}#named", 2.0, {}))


def test_the_key_of_another_provider_is_not_given_to_a_server(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    answer(RemoteEngine.connect(f"{server.address}#m", 2.0, {"OPENAI_API_KEY": KEY}))
    assert KEY not in server.keys[0]


def test_a_password_in_the_address_is_not_shown() -> None:
    engine = RemoteEngine.connect("http://me:secret@127.0.0.1:9/v1#m", 1.0, {})
    assert "secret" not in engine.profile.name


def test_a_missing_provider_package_is_named() -> None:
    with pytest.raises(EngineError, match="pip install langchain-anthropic"):
        RemoteEngine.connect("anthropic:some-model", 1.0, {"ANTHROPIC_API_KEY": KEY})


def test_an_unknown_provider_is_told() -> None:
    with pytest.raises(EngineError, match="no provider called “nobody”"):
        RemoteEngine.connect("nobody:some-model", 1.0, {})


def test_a_missing_key_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EngineError, match="set OPENAI_API_KEY or MEDLEY_API_KEY"):
        RemoteEngine.connect("openai:gpt-5.2", 1.0, {})


def test_a_named_provider_sees_pictures_and_takes_either_key() -> None:
    for name in ("OPENAI_API_KEY", "MEDLEY_API_KEY"):
        assert RemoteEngine.connect("openai:gpt-5.2", 1.0, {name: KEY}).profile.sees_images


def test_tokens_are_estimated_by_script(connect: Callable[..., RemoteEngine]) -> None:
    engine = connect()
    empty = engine.count_tokens([ChatMessage("user", ())])
    assert engine.count_tokens([ChatMessage("user", (Text("word" * 30),))]) - empty == 40
    assert engine.count_tokens([ChatMessage("user", (Text("你好吗"),))]) - empty == 3
