"""Where the disk fails nobody is told a folder of the server, and its owner finds it in the log."""

import ast
import errno
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.commands import Presets
from assistant.conversations.history import History
from assistant.engines.failures import first_line
from assistant.settings.saved_choices import ChosenFile
from assistant.storage.originals import Originals
from assistant.storage.sqlite_store import LIBRARY, SqliteStore
from assistant.storage.trouble import not_kept, unusable
from assistant.values.errors import AssistantError, LibraryError
from assistant.values.messages import message_of, say
from assistant.weights import Weights
from assistant.weights.download import disk_errors
from assistant.weights.pip_config import IndexConfig
from retrieval.gathering import from_text, from_upload
from retrieval.store import hold
from tests.support.weights_servers import TOY
from ui.words.core import said

ROOT = Path(__file__).parents[2]
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
    with pytest.raises(Exception, match=r"^this machine's disk is full$"), disk_errors(Path("/srv/models")):
        raise FULL
    assert "/srv/models" in caplog.text


def no_disk(folder: Path) -> None:
    with disk_errors(folder / "weights"):
        raise OSError(errno.EIO, "Input/output error", str(folder / "weights" / "model.bin"))


@pytest.mark.parametrize(
    ("fail", "said_of_it"),
    [
        (lambda folder: Presets(in_the_way(folder)).write("notes", "Sum up {{ files }}."), "I cannot keep notes.md"),
        (lambda folder: ChosenFile(in_the_way(folder)).write({"llm": "auto"}), "cannot be kept on this machine: "),
        (lambda folder: IndexConfig(cert=str(folder / "ca.pem")).session(), "certificates in a file that is not there"),
        (lambda folder: Weights(folder, offline=True).fetch(TOY), "the log says which folder its files belong in"),
        (no_disk, r"disk cannot be read or written \(Input/output error\)"),
    ],
)
def test_whatever_fails_names_its_folder_in_the_log_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fail: Callable[[Path], object], said_of_it: str
) -> None:
    with pytest.raises(AssistantError, match=said_of_it) as wrong:
        fail(tmp_path)
    assert str(tmp_path) not in str(wrong.value)
    assert str(tmp_path) not in json.dumps(wrong.value.message.to_json())
    assert str(tmp_path) in caplog.text


def test_settings_that_cannot_be_read_are_named_without_their_folder(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for kept in ("{", '{"strange": 1}', '{"temperature": "hot"}'):
        (tmp_path / "settings.json").write_text(kept)
        notes: list[str] = []
        ChosenFile(tmp_path).read(notes.append)
        assert [note.split()[0].rstrip(":") for note in notes] == ["settings.json"]
    assert str(tmp_path / "settings.json") in caplog.text


def test_a_path_in_a_sentence_is_its_last_name(tmp_path: Path) -> None:
    told = say(
        "{file} is gone: {trouble}", file=tmp_path / "a.txt", trouble=OSError(errno.ENOENT, "No such file", "/x/y")
    )
    assert told == "a.txt is gone: No such file"
    assert say("{name}", name=str(tmp_path)) == str(tmp_path), "what is a text already is a person's own word"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no file named model.bin in /srv/medley/.cache/toy/", "no file named model.bin in "),
        ("[Errno 2] No such file: '/srv/me dley/x.bin'", "[Errno 2] No such file: 'me dley/x.bin'"),
        ("cannot open C:\\Users\\maria\\x.bin", "cannot open x.bin"),
        ("~/.cache/medley/x.bin is no model", "x.bin is no model"),
        ("see https://example.org/a/b.html, and/or text/plain", "see https://example.org/a/b.html, and/or text/plain"),
        ("1 / 2 = 0.5", "1 / 2 = 0.5"),
    ],
)
def test_what_a_library_says_loses_its_folders(text: str, told: str) -> None:
    assert message_of(RuntimeError(text)) == told
    assert first_line(RuntimeError(text)) == told.strip()


def test_no_sentence_is_given_the_text_of_a_path() -> None:
    given = {
        f"{file.relative_to(ROOT)}: {ast.unparse(keyword.value)}"
        for folder in ("assistant", "retrieval", "ui")
        for file in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("say", "say_n")
        for keyword in call.keywords
        if re.search(r"(str|fspath|absolute|resolve|as_posix)\(.*|strerror or error", ast.unparse(keyword.value))
        and re.search(r"path|(?<!without_)folder|_own|home|strerror or error", ast.unparse(keyword.value))
    }
    assert given == {"retrieval/gathering.py: str(path)"}, "as it was typed in the terminal"
