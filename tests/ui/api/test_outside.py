"""What whoever runs the server sees of it: health, metrics, and a log without a word of what was asked."""

import json
import logging
from collections.abc import Iterator

import httpx
import pytest

from tests.support.api_server import ServedApi
from tests.ui.api.test_clients import ENGINE, PLAN, as_file, asked


@pytest.fixture
def api(tmp_path: object) -> Iterator[ServedApi]:
    with ServedApi(tmp_path, ENGINE, logs=True).running() as served:  # type: ignore[arg-type]
        yield served


def get(api: ServedApi, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{api.address}{path}", headers=headers, trust_env=False)


def ask(api: ServedApi, question: str, *files: dict, **headers: str) -> httpx.Response:  # type: ignore[type-arg]
    body = {"messages": [asked({"type": "text", "text": question}, *files)]}
    return httpx.post(f"{api.address}/v1/chat/completions", json=body, headers=headers, trust_env=False, timeout=60)


def numbers(api: ServedApi) -> dict[str, float]:
    lines = [line.rsplit(" ", 1) for line in get(api, "/metrics").text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_it_is_ready_once_everything_is_loaded(api: ServedApi) -> None:
    assert get(api, "/healthz").json() == {"status": "ok"}
    waiting = get(api, "/readyz")
    assert (waiting.status_code, waiting.json()) == (503, {"status": "loading", "parts": {"Library": "waiting"}})
    assert int(waiting.headers["retry-after"]) > 0
    api.assistant.library.get()
    assert get(api, "/readyz").status_code == 200


def test_metrics_count_answers_steps_tokens_errors_and_requests(api: ServedApi) -> None:
    assert ask(api, "Who serviced the pump?", as_file(PLAN)).status_code == 200
    assert ask(api, "Hello, break now?").status_code == 503
    assert get(api, "/v1/models/none").status_code == 404
    told = numbers(api)
    assert told['medley_answers_total{kind="fact",outcome="answered"}'] == 1
    assert told['medley_answers_total{kind="",outcome="failed"}'] == 1
    assert told['medley_step_seconds_count{step="answering"}'] == 1
    assert told['medley_tokens_total{of="prompt"}'] > 10
    assert told['medley_tokens_total{of="answer"}'] > 3
    assert told['medley_errors_total{code="model_not_found"}'] == 1
    assert told['medley_errors_total{code="unavailable"}'] == 1
    assert told["medley_queue_waiting"] == told["medley_answers_running"] == 0
    route = "/v1/chat/completions"
    assert told[f'medley_http_requests_total{{method="POST",route="{route}",status="200"}}'] == 1
    assert told[f'medley_http_request_seconds_count{{route="{route}"}}'] == 2


def test_no_label_is_made_of_what_somebody_sends(api: ServedApi) -> None:
    for path in ("/v1/models/a-secret", "/a-secret", "/v1/conversations/a-secret"):
        get(api, path)
        httpx.request("BREW", f"{api.address}{path}", trust_env=False)
    assert "a-secret" not in get(api, "/metrics").text
    assert "BREW" not in get(api, "/metrics").text


def test_a_request_is_known_by_its_id_and_nothing_of_it_is_logged(
    api: ServedApi, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    requests = logging.getLogger("medley.requests")
    requests.addHandler(caplog.handler)
    try:
        _, key = api.keys.add("logged")
        told = ask(
            api, "Who serviced the pump?", as_file(PLAN), **{"x-request-id": "mine-1", "authorization": f"Bearer {key}"}
        )
        assert told.headers["x-request-id"] == "mine-1"
        other = get(api, "/v1/models?secret=yes", **{"x-request-id": "no id! " * 20, "authorization": f"Bearer {key}"})
        assert len(other.headers["x-request-id"]) == 16
    finally:
        requests.removeHandler(caplog.handler)
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "medley.requests"]
    first = next(line for line in lines if line["request_id"] == "mine-1")
    assert (first["route"], first["status"], first["method"]) == ("/v1/chat/completions", 200, "POST")
    everything = json.dumps(lines) + "".join(capfd.readouterr())
    for secret in ("pump", "Ortiz", "plan.txt", key, "secret=yes"):
        assert secret not in everything
