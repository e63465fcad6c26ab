"""What is kept of compiling: whole or not at all, for one machine at a time, and never in the way."""

from pathlib import Path

import pytest

from assistant.engines.openvino_cache import compiled


def write(kept: Path | None) -> str:
    if kept is None:
        return "kept nowhere"
    found = (kept / "blob").exists()
    (kept / "blob").write_text("compiled")
    return "found" if found else "made"


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_what_was_made_is_found_under_its_name_alone(tmp_path: Path) -> None:
    assert [compiled(tmp_path / "kept", "one", 1, write) for _ in range(2)] == ["made", "found"]
    assert compiled(tmp_path / "kept", "two", 1, write) == "made"
    assert names(tmp_path / "kept") == ["two"]


def test_what_broke_off_leaves_nothing(tmp_path: Path) -> None:
    def break_off(kept: Path | None) -> str:
        if kept is None:
            return "kept nowhere"
        (kept / "blob").write_text("half")
        raise RuntimeError("the disk is full")

    assert compiled(tmp_path / "kept", "one", 1, break_off) == "kept nowhere"
    assert names(tmp_path / "kept") == []


def test_what_is_damaged_is_made_anew(tmp_path: Path) -> None:
    def check(kept: Path | None) -> str:
        if kept is not None and (kept / "blob").exists() and (kept / "blob").read_text() != "compiled":
            raise RuntimeError("damaged")
        return write(kept)

    compiled(tmp_path / "kept", "one", 1, check)
    (tmp_path / "kept" / "one" / "blob").write_text("comp")
    told = [compiled(tmp_path / "kept", "one", 1, check) for _ in range(3)]
    assert told == ["kept nowhere", "made", "found"]


def test_what_a_kill_left_half_written_is_not_used(tmp_path: Path) -> None:
    compiled(tmp_path / "kept", "one", 1, write)
    (tmp_path / "kept" / "one" / "whole").unlink()
    assert compiled(tmp_path / "kept", "one", 1, write) == "made"


def test_without_room_nothing_is_kept(tmp_path: Path) -> None:
    assert compiled(tmp_path / "kept", "one", 10**18, write) == "kept nowhere"


def test_an_error_that_has_nothing_to_do_with_it_is_raised(tmp_path: Path) -> None:
    def fail(_: Path | None) -> str:
        raise RuntimeError("no such model")

    with pytest.raises(RuntimeError, match="no such model"):
        compiled(tmp_path / "kept", "one", 1, fail)
