"""The examples of README.md, run as they stand there against a server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.api_server import ServedApi
from tests.ui.api.test_clients import ENGINE, PLAN, tone

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\w+) -->\n```python\n(.*?)```", README, re.DOTALL))
SAID = {
    "openai": "Dana Ortiz serviced the pump.[1]\n1 report.txt Dana Ortiz serviced the pump on 14 March 2024.\n",
    "langchain": "Hello there, good to see you.",
    "sound": "1\n00:00:00,000 --> 00:00:02,000\nWe meet on Tuesday.\n\n"
    "2\n00:00:02,000 --> 00:00:04,000\nBring the plans.\n\n\n256\n",
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with ServedApi(tmp_path_factory.mktemp("readme"), ENGINE).running() as served:
        yield served


@pytest.mark.parametrize("name", SAID)
def test_an_example_does_what_it_says(api: ServedApi, tmp_path: Path, name: str) -> None:
    assert EXAMPLES.keys() == SAID.keys()
    (tmp_path / "report.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "talk.wav").write_bytes(tone())
    script = EXAMPLES[name].replace("http://127.0.0.1:7860", api.address)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == SAID[name]
    if name == "sound":
        assert (tmp_path / "morning.mp3").stat().st_size > 500
