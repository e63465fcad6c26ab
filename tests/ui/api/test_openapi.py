"""The OpenAPI document says what the server does: schemathesis sends it what the document allows and forbids."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec

import httpx
import pytest

from tests.support.api_server import ServedApi
from tests.ui.api.test_clients import ENGINE
from ui.api.operations import document

# What the document allows may still be no picture, no recording or no base64; that is told with 400.
LEFT_OUT = "positive_data_acceptance"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with ServedApi(tmp_path_factory.mktemp("openapi"), ENGINE, alone=False).running() as served:
        yield served


def test_every_operation_is_in_the_document(api: ServedApi) -> None:
    told = httpx.get(f"{api.address}/v1/openapi.json", trust_env=False).json()
    described = {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    served = {(one.method, one.path.replace(":path}", "}")) for one in api.beside.operations if "/v1/" in one.path}
    assert described == served
    assert told["components"]["schemas"]["MedleyAnswer"]["properties"]["citations"]
    assert document(())["openapi"] == "3.1.0"


@pytest.mark.skipif(find_spec("schemathesis") is None, reason="pip install -r requirements-dev.txt")
def test_the_server_does_what_its_document_says(api: ServedApi) -> None:
    _, key = api.keys.add("schemathesis")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{api.address}/v1/openapi.json"]
    command += ["-H", f"Authorization: Bearer {key}", "--exclude-checks", LEFT_OUT, "--phases", "coverage,fuzzing"]
    command += ["--max-examples", "10", "--generation-deterministic", "--max-failures", "20", "--no-color"]
    environment = {**os.environ, "NO_PROXY": "*", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, env=environment, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested" in done.stdout or "tested" in done.stdout, done.stdout[-3000:]
