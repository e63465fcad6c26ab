"""Folders for the time being go with whoever made them, and what a killed run left goes at the next start."""

import gc
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from assistant.storage.temporary_folder import TemporaryFolder, sweep

ROOT = Path(__file__).parents[2]
MAKES = """
import sys
from assistant.storage.temporary_folder import TemporaryFolder
kept = TemporaryFolder("test")
(kept.path / "words.txt").write_text("of a visitor")
print(kept.path, flush=True)
sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def make_in_another_process() -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", MAKES], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    _make_older(folder)
    return process, folder


def _make_older(folder: Path) -> None:
    hour_ago = time.time() - 3600
    os.utime(folder / ".in-use", (hour_ago, hour_ago))


def test_it_goes_at_its_end_or_with_whoever_made_it(temporary: Path) -> None:
    with TemporaryFolder("test") as folder:
        (folder / "in it").mkdir()
        assert folder.parent == temporary
    assert not folder.exists()
    forgotten = TemporaryFolder("test")
    path = forgotten.path
    del forgotten
    gc.collect()
    assert not path.exists()


def test_it_goes_with_a_program_that_ends(temporary: Path) -> None:
    process, folder = make_in_another_process()
    assert (folder / "words.txt").is_file()
    process.communicate("\n")
    assert not list(temporary.iterdir())


def test_what_a_killed_run_left_goes_at_the_next_start_and_what_lives_stays(temporary: Path) -> None:
    killed, left = make_in_another_process()
    living, used = make_in_another_process()
    killed.kill()
    killed.communicate()
    (temporary / "medley-of-somebody-else").mkdir()
    with TemporaryFolder("test") as mine:
        sweep()
        assert sorted(temporary.iterdir()) == sorted([temporary / "medley-of-somebody-else", used, mine])
    assert not left.exists()
    living.communicate("\n")


def test_a_folder_that_is_just_being_made_is_left_alone(temporary: Path) -> None:
    folder = temporary / "medley-test-new"
    folder.mkdir()
    (folder / ".in-use").touch()
    sweep()
    assert folder.exists()
    _make_older(folder)
    sweep()
    assert not folder.exists()
