"""The app started as a Hugging Face Space starts it: the same command, the Space's variables, no weights."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.browser_page import ARGUMENTS, Tab, chromium, free_port

ROOT = Path(__file__).parent.parent
START_SECONDS = 120


@dataclass(frozen=True)
class Space:
    port: int
    process: int
    data: Path


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    folder = tmp_path_factory.mktemp("space")
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("MEDLEY_", "GRADIO_SERVER"))},
        "SYSTEM": "spaces",
        "SPACE_ID": "me/medley",
        "SPACE_HOST": "me-medley.hf.space",
        "PORT": str(port),
        "MEDLEY_DATA": str(folder / "data"),
        "MEDLEY_CACHE": str(folder / "cache"),
        "MEDLEY_OFFLINE": "yes",  # so that nothing is fetched: the page is up without its models
        "CUDA_VISIBLE_DEVICES": "",
        "GRADIO_TEMP_DIR": str(folder / "uploads"),
    }
    said = folder / "said.txt"
    with said.open("w", encoding="utf-8") as out:
        app = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            end = time.monotonic() + START_SECONDS
            while "Medley is at" not in said.read_text(encoding="utf-8"):
                assert app.poll() is None, said.read_text(encoding="utf-8")
                assert time.monotonic() < end, said.read_text(encoding="utf-8")
                time.sleep(0.2)
            yield Space(port, app.pid, folder / "data")
        finally:
            app.terminate()
            app.wait(20)


def test_it_listens_beyond_this_machine(space: Space) -> None:
    listening = {one.laddr for one in psutil.Process(space.process).net_connections() if one.status == "LISTEN"}
    assert ("0.0.0.0", space.port) in listening


def test_its_page_is_served_with_every_language(space: Space) -> None:
    page = httpx.get(f"http://127.0.0.1:{space.port}/", trust_env=False)
    assert page.status_code == 200
    config = httpx.get(f"http://127.0.0.1:{space.port}/config", trust_env=False).json()
    assert config["space_id"] is None  # with it the page would ask other machines for fonts and for its status
    assert {"en", "zh-CN"} <= config["i18n_translations"].keys()


def test_behind_the_proxy_of_the_hub_its_addresses_are_the_hubs(space: Space) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "me-medley.hf.space", "Host": "me-medley.hf.space"}
    page = httpx.get(f"http://127.0.0.1:{space.port}/", headers=headers, trust_env=False)
    assert page.status_code == 200
    config = json.loads(page.text.split("window.gradio_config = ", 1)[1].split(";</script>", 1)[0])
    assert config["root"] == "https://me-medley.hf.space"


@pytest.mark.browser
def test_a_visitor_of_the_space_asks_no_other_machine(space: Space) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        tab = Tab(browser, f"http://127.0.0.1:{space.port}")
        tab.page.wait_for_timeout(1000)
        complaints = [*tab.complaints]
        browser.close()
    assert not complaints


def test_what_is_kept_lies_where_it_was_told_to(space: Space) -> None:
    assert space.data.is_dir()


def test_where_a_gpu_is_lent_the_models_are_loaded_before_the_page_is_launched(tmp_path: Path) -> None:
    """A `spaces` that lends nothing and says when it came. There are no weights, so each model says why it is not."""
    (tmp_path / "spaces.py").write_text(
        "import sys\nprint('after torch' if 'torch' in sys.modules else 'before torch', file=sys.stderr)\n"
        "GPU = lambda call: call\n",
        encoding="utf-8",
    )
    said = tmp_path / "said.txt"
    with said.open("w", encoding="utf-8") as out:
        app = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=lent(tmp_path), stdout=out, stderr=out)
        try:
            end = time.monotonic() + START_SECONDS
            while "Medley is at" not in said.read_text(encoding="utf-8"):
                assert app.poll() is None, said.read_text(encoding="utf-8")
                assert time.monotonic() < end, said.read_text(encoding="utf-8")
                time.sleep(0.2)
        finally:
            app.terminate()
            app.wait(20)
    lines = said.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "before torch"
    at = next(number for number, line in enumerate(lines) if line.startswith("Medley is at"))
    assert any(line.startswith("Language model:") for line in lines[:at]), lines


def test_where_a_gpu_is_lent_the_missing_package_is_said(tmp_path: Path) -> None:
    """As if `spaces` had not been installed: importing it fails."""
    (tmp_path / "spaces.py").write_text("raise ImportError('No module named spaces')", encoding="utf-8")
    command = [sys.executable, "app.py"]
    environment = lent(tmp_path)
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stderr.strip() == "ZeroGPU needs the package spaces: add a line “spaces” to requirements.txt."


def lent(folder: Path) -> dict[str, str]:
    """The environment of a Space with ZeroGPU whose `spaces` is the one in this folder; no weights are to be had."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("MEDLEY_", "GRADIO_SERVER"))},
        "SPACE_ID": "me/medley",
        "SPACES_ZERO_GPU": "true",
        "PYTHONPATH": str(folder),
        "MEDLEY_DATA": str(folder / "data"),
        "MEDLEY_CACHE": str(folder / "cache"),
        "MEDLEY_OFFLINE": "yes",
        "GRADIO_TEMP_DIR": str(folder / "uploads"),
        "PORT": str(free_port()),
    }
