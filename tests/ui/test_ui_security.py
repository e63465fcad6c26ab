"""The served page, attacked as any program on the network could: no file of the machine may come out."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.browser_page import Served, serve


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    yield from serve()


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.address, timeout=20, trust_env=False) as client:
        yield client


@pytest.fixture
def secret() -> Iterator[Path]:
    """A file in the home folder, and none that was uploaded."""
    handle, name = tempfile.mkstemp(prefix="medley-test-", suffix=".txt", dir=Path.home(), text=True)
    os.write(handle, b"the secret of the house")
    os.close(handle)
    yield Path(name)
    Path(name).unlink()


def file_data(path: str) -> dict[str, Any]:
    return {"path": path, "orig_name": Path(path).name, "meta": {"_type": "gradio.FileData"}}


def listeners(client: httpx.Client) -> list[dict[str, Any]]:
    return [each for each in client.get("/config").json()["dependencies"] if each["backend_fn"]]


def values(client: httpx.Client, listener: dict[str, Any], path: str) -> list[Any]:
    """The file in every place of this event that takes one."""
    kinds = {each["id"]: each["type"] for each in client.get("/config").json()["components"]}
    first = {"multimodaltextbox": {"text": "hello", "files": [file_data(path)]}, "audio": file_data(path)}
    data = [first.pop(kinds[component], None) for component in listener["inputs"]]
    if "audio" not in first and "multimodaltextbox" not in first:  # spoken: one file will do
        data = [value if isinstance(value, dict) and "path" in value else None for value in data]
    return data


def send(client: httpx.Client, listener: dict[str, Any], data: list[Any], session: str) -> str:
    """Everything that the server answers to one event."""
    body = {"data": data, "fn_index": listener["id"], "session_hash": session}
    joined = client.post("/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        return joined.text
    seen = ""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            seen += line
            if '"process_completed"' in line or '"close_stream"' in line:
                break
    return seen


def test_a_made_up_path_is_refused_by_every_event(served: Served, client: httpx.Client, secret: Path) -> None:
    asked = 0
    for path in ("/etc/passwd", str(secret), str(Path(__file__)), "../../../../etc/passwd"):
        for number, listener in enumerate(listeners(client)):
            data = values(client, listener, path)
            if not any(data):
                continue
            asked += 1
            answer = send(client, listener, data, f"forged{number}{asked}")
            assert "only files that you handed over here" in answer, (path, listener["api_name"])
            assert "the secret of the house" not in answer
    assert asked >= 8
    assert not [turn for turn in served.entries("files") if turn["files"]]


def test_the_same_event_with_an_upload_is_accepted(served: Served, client: httpx.Client) -> None:
    """Without this, the refusals above could have any reason."""
    for number, listener in enumerate(listeners(client)):
        uploaded = client.post("/gradio_api/upload", files={"files": ("lease.txt", b"The rent is 950.")}).json()[0]
        data = values(client, listener, uploaded)
        if any(data):
            send(client, listener, data, f"honest{number}")
            streams = next(each for each in listeners(client) if each["api_name"].startswith("stream"))
            send(client, streams, [None], f"honest{number}")  # as the page does next
    assert [turn["files"] for turn in served.entries("files")] == [
        [["lease.txt", False, 16]],
        [["lease.txt", True, 16]],
    ]


def test_the_cached_copy_of_a_made_up_path_is_not_there(served: Served, client: httpx.Client, secret: Path) -> None:
    body = {"data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]}
    for listener in listeners(client):
        for route in (f"/gradio_api/run/{listener['api_name']}", "/gradio_api/run/predict", "/gradio_api/api/predict"):
            reply = client.post(route, json={**body, "fn_index": listener["id"], "session_hash": "x"})
            assert reply.status_code != 200 or "passwd" not in reply.text
    for path in (
        "/etc/passwd",
        str(secret),
        str(Path(__file__)),
        "pyproject.toml",
        "app.py",
        "tests/../pyproject.toml",
    ):
        assert client.get(f"/gradio_api/file={path}").status_code in (403, 404), path
    assert not list(Path(tempfile.gettempdir(), "gradio").glob("*/passwd"))


def test_what_one_person_uploads_cannot_be_listed_by_another(client: httpx.Client) -> None:
    uploaded = client.post("/gradio_api/upload", files={"files": ("plan.txt", b"mine alone")}).json()[0]
    assert client.get(f"/gradio_api/file={uploaded}").text == "mine alone"
    for folder in (Path(uploaded).parent, Path(uploaded).parent.parent, Path(tempfile.gettempdir())):
        for path in (str(folder), f"{folder}/"):
            reply = client.get(f"/gradio_api/file={path}")
            assert reply.status_code in (403, 404), path
            assert "plan.txt" not in reply.text


def test_an_uploaded_page_is_handed_out_as_a_file_and_never_run(client: httpx.Client) -> None:
    uploaded = client.post("/gradio_api/upload", files={"files": ("a.html", b"<script>alert(1)</script>")}).json()[0]
    reply = client.get(f"/gradio_api/file={uploaded}")
    assert "attachment" in reply.headers["content-disposition"]


def test_a_file_over_the_limit_is_refused(client: httpx.Client) -> None:
    assert client.get("/config").json()["max_file_size"] == 2_000_000
    reply = client.post("/gradio_api/upload", files={"files": ("big.txt", b"x" * 2_100_000)})
    assert reply.status_code == 413


def test_the_page_names_no_other_host(client: httpx.Client) -> None:
    config = json.dumps(client.get("/config").json())
    assert "googleapis" not in config
    assert "gstatic" not in client.get("/theme.css").text
    assert "https://" not in client.get("/theme.css").text
    assert '"analytics_enabled": false' in config
