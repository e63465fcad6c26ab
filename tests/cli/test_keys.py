"""python app.py keys: a key is shown once, kept as a digest, and lets nobody in once it is revoked."""

from pathlib import Path

import pytest

from assistant.storage.api_keys import PREFIX, ApiKeys
from assistant.values.errors import BadInput
from cli.main import main


def keys(folder: Path, *arguments: str) -> int:
    return main(["keys", *arguments, "--data", str(folder)])


def test_a_key_is_shown_once_and_kept_as_a_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert keys(tmp_path, "add", "my script") == 0
    secret = capsys.readouterr().out.strip()
    assert secret.startswith(PREFIX)
    assert len(secret) >= len(PREFIX) + 43  # 256 bits
    assert keys(tmp_path) == 0
    listed = capsys.readouterr().out
    assert listed.startswith("my script  ")
    assert secret not in listed
    kept = b"".join(path.read_bytes() for path in (tmp_path / "api").rglob("*") if path.is_file())
    assert secret.encode() not in kept
    assert secret.removeprefix(PREFIX).encode() not in kept
    assert (tmp_path / "api").stat().st_mode & 0o077 == 0


def test_a_revoked_key_lets_nobody_in_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = ApiKeys(tmp_path / "api")  # as a server has it open meanwhile
    try:
        keys(tmp_path, "add", "one")
        secret = capsys.readouterr().out.strip()
        found = running.find(secret)
        assert found is not None
        assert found.name == "one"
        assert keys(tmp_path, "revoke", "one") == 0
        assert running.find(secret) is None
        assert not running.any()
        assert keys(tmp_path, "revoke", "one") == 2
        assert "There is no key called “one”." in capsys.readouterr().err
    finally:
        running.close()


def test_a_later_key_of_the_same_name_is_another_owner(tmp_path: Path) -> None:
    made = ApiKeys(tmp_path)
    try:
        first, _ = made.add("one")
        with pytest.raises(BadInput, match="already"):
            made.add("one")
        made.revoke("one")
        second, _ = made.add("one")
        assert first.owner != second.owner
    finally:
        made.close()


@pytest.mark.parametrize("name", ["", " ", "-x", "a\nb", "x" * 65, "a/b"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    made = ApiKeys(tmp_path)
    try:
        with pytest.raises(BadInput):
            made.add(name)
    finally:
        made.close()
    assert keys(tmp_path, "add") == 2
