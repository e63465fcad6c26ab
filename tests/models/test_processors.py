"""How others leave the processors, and that waiting threads sleep."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.models import processors

SPUN = (
    "import os; os.environ.pop('OMP_WAIT_POLICY', None)\n"
    "from assistant.models.device import look; look()\n"
    "print(os.environ['OMP_WAIT_POLICY'])"
)


@pytest.mark.parametrize(
    ("told", "crowded"),
    [
        ("some avg10=91.42 avg60=91.78 avg300=82.25 total=1\nfull avg10=0.00", True),
        ("some avg10=1.10 avg60=91.78 avg300=82.25 total=1", False),
        ("", False),
        ("some avg10=much", False),
    ],
)
def test_work_that_waits_for_processors_is_a_crowd(told: str, crowded: bool, tmp_path: Path) -> None:
    file = tmp_path / "cpu"
    file.write_text(told, encoding="ascii")
    assert processors.are_crowded(file) is crowded


def test_where_the_system_does_not_tell_there_is_no_crowd(tmp_path: Path) -> None:
    assert not processors.are_crowded(tmp_path / "cpu")


def test_waiting_threads_sleep_before_torch_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", SPUN], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "PASSIVE"
