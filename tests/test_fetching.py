"""What is asked of other machines, watched by servers in a network namespace without a route out."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.namespace import INSIDE, OUTSIDE, PORT


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("no unshare or no ip: install util-linux and iproute2 to watch what is fetched")
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("no network namespace may be made here, so what is fetched cannot be watched")
    command = ["unshare", "-rn", sys.executable, "-m", "tests.support.namespace", "page"]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_nothing_that_a_request_to_the_page_names_is_asked_for(seen: dict[str, Any]) -> None:
    assert len(seen["page"]) == 20
    assert not {how: asked for how, asked in seen["page"].items() if asked}


def test_a_public_page_is_fetched_so_the_servers_do_listen(seen: dict[str, Any]) -> None:
    assert seen["asked"]["outside"] == [f"{OUTSIDE}/page"]


def test_an_address_that_is_not_global_is_not_asked_at_first_nor_after_a_redirect(seen: dict[str, Any]) -> None:
    assert seen["asked"]["inside"] == []
    assert seen["asked"]["sent inside"] == [f"{OUTSIDE}/to=http://{INSIDE}:{PORT}/page"]
    assert "not on the public internet" in seen["said"][f"http://{INSIDE}:{PORT}/page"]


def test_a_name_that_means_another_address_at_the_second_asking_gets_nowhere(seen: dict[str, Any]) -> None:
    assert seen["asked"]["rebound"] == [f"{OUTSIDE}/page"]
