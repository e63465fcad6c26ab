"""Where the disk fails nobody is told a folder of the server, and its owner finds it in the log."""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.conversations.history import History
from assistant.storage.originals import Originals
from assistant.storage.sqlite_store import LIBRARY, SqliteStore
from assistant.storage.trouble import not_kept, unusable
from assistant.values.errors import LibraryError
from assistant.weights.download import disk_errors
from retrieval.gathering import from_text, from_upload
from retrieval.store import hold
from ui.words.core import said

FULL = OSError(errno.ENOSPC, "No space left on device")


def in_the_way(folder: Path) -> Path:
    """A file where a folder should be made."""
    (folder / "data").write_text("in the way")
    return folder / "data"


@pytest.mark.parametrize(
    "fail",
    [
        lambda folder: Originals(in_the_way(folder)).keep(Path(__file__), "ab", "cd", "a.txt"),
        lambda folder: Originals(in_the_way(folder)).pour([b"x"], "ab", "cd", "a.txt"),
        lambda folder: SqliteStore(in_the_way(folder)),
        lambda folder: History(in_the_way(folder), Originals(folder)),
        lambda folder: hold(in_the_way(folder)),
        lambda folder: from_upload(Path(__file__), "a.txt", "", in_the_way(folder)),
        lambda folder: from_text("a text", "a title", in_the_way(folder)),
    ],
)
def test_a_folder_that_cannot_be_written_is_named_in_the_log_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fail: Callable[[Path], object]
) -> None:
    with pytest.raises(LibraryError) as wrong:
        fail(tmp_path)
    assert "Whoever runs this Medley" in str(wrong.value) or "whoever runs this Medley" in str(wrong.value)
    assert str(tmp_path) not in str(wrong.value)
    assert "--data" not in str(wrong.value)
    assert str(tmp_path) in caplog.text


@pytest.mark.parametrize("error", [FULL, OSError(errno.EDQUOT, "quota"), sqlite3.OperationalError("disk is full")])
def test_a_full_disk_is_told_as_what_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    for trouble in (not_kept(error, "a.txt", tmp_path), unusable(error, LIBRARY, tmp_path, "written")):
        assert "no room left on this machine's disk for" in str(trouble)
        assert str(tmp_path) not in str(trouble)
        assert "磁盘空间不足" in said(trouble.message, "zh")
    assert caplog.text.count(str(tmp_path)) == 2


def test_a_full_disk_of_models_is_told_without_its_folder(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Exception, match=r"^this machine's disk is full$"), disk_errors("~/models"):
        raise FULL
    assert "~/models" in caplog.text
