"""What was deleted for good is nowhere any more: every file of the machine's that may hold it is looked into."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.browser_page import Served, serve
from tests.support.controller_made import MadeController
from tests.ui.test_strangers import event, file_data
from ui.uploads import Uploads

SECRET = "the surgeon comes on Thursday"


def holding(folder: Path) -> list[str]:
    """The files below this folder in which the secret stands, and those named after it."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(
        str(path.relative_to(folder)) for path in files if SECRET.encode() in path.read_bytes() or "plan" in path.name
    )


def until(true: Callable[[], object]) -> None:
    for _ in range(500):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come about")


@pytest.fixture
def controller(tmp_path: Path) -> Iterator[MadeController]:
    made = MadeController(tmp_path, undo_seconds=0)
    yield made
    made.close()


def uploaded(controller: MadeController, folder: Path) -> Path:
    """As Gradio keeps what was handed over."""
    path = folder / "uploads" / "375852d0" / "plan.txt"
    path.parent.mkdir(parents=True)
    path.write_text(SECRET)
    controller.controller.uploads.note(controller.owner, [str(path)])
    return path


def test_a_deleted_conversation_leaves_no_file_behind(controller: MadeController, tmp_path: Path) -> None:
    upload = uploaded(controller, tmp_path)
    assert holding(tmp_path) == ["uploads/375852d0/plan.txt"]
    controller.ask(f"Is it true that {SECRET}?", upload)
    kept = holding(tmp_path)
    assert [name for name in kept if name.startswith("originals/")]
    assert [name for name in kept if "originals" not in name]  # the conversation itself
    assert not [name for name in kept if name.startswith("uploads/")]
    controller.do(f"delete {controller.open}")
    until(lambda: not holding(tmp_path))
    assert not [*(tmp_path / "uploads").iterdir()]


def test_an_upload_that_could_not_be_kept_stays_for_another_try(controller: MadeController, tmp_path: Path) -> None:
    upload = uploaded(controller, tmp_path)
    (tmp_path / "originals").write_text("in the way")
    with pytest.warns(UserWarning, match="cannot keep"):
        controller.ask("Is it true?", upload)
    assert upload.exists()


def test_what_another_handed_over_too_stays_for_him(tmp_path: Path) -> None:
    uploads, path = Uploads(), tmp_path / "one" / "plan.txt"
    path.parent.mkdir()
    path.write_text(SECRET)
    for owner in ("browser:1", "browser:2", "tab:x"):
        uploads.note(owner, [str(path)])
    uploads.let_go("browser:3", [path])
    uploads.let_go("browser:1", [path])
    assert not uploads.has("browser:1", str(path))
    uploads.let_go_all("tab:y")
    assert path.exists()
    uploads.let_go("browser:2", [path, tmp_path / "never.txt"])
    assert not path.parent.exists()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    yield from serve()


def test_the_served_page_keeps_no_copy_once_a_question_was_asked(served: Served) -> None:
    with httpx.Client(base_url=served.address, timeout=20, trust_env=False) as client:
        files = {"files": ("plan.txt", SECRET.encode())}
        path = client.post("/gradio_api/upload", files=files).json()[0]
        assert [name for name in holding(served.folder) if name.startswith("uploads/")]
        event(client, "ask", [{"text": "Is it true?", "files": [file_data(path)]}, "{}", None], "tab1")
        event(client, "stream", [None], "tab1")
        client.get("/gradio_api/deep_link", params={"session_hash": "tab1"})
    assert [name for name in holding(served.folder) if name.startswith("originals/")]
    assert not [name for name in holding(served.folder) if name.startswith("uploads/")]
    assert not (served.folder / "uploads" / "deep_links").exists()
