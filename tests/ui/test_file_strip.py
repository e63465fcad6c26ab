"""The line of a conversation's files: each once, by its kind, with what can be done with it; nobody else's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.values.errors import BadInput
from tests.support.controller_made import MadeController
from ui.file_strip import FileStrip, asked, view
from ui.words.files import ENGLISH


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[MadeController]:
    made = MadeController(tmp_path / "data")
    made.assistant.background = None  # type: ignore[attr-defined]
    yield made
    made.close()


def given(tab: MadeController, folder: Path, *names: str) -> str:
    for name in names:
        (folder / name).write_text(f"This is {name}: one, two, three.")
    tab.ask("look", *(folder / name for name in names))
    return view(FileStrip(tab.controller, tab.conversations).files(tab.session), (), ENGLISH)  # type: ignore[arg-type]


def test_each_file_is_shown_once_with_what_can_be_done(tab: MadeController, tmp_path: Path) -> None:
    shown = given(tab, tmp_path, "a <b>.txt", "prices.csv")
    assert shown.count("<li ") == 2
    assert "a &#60;b&#62;.txt" in shown
    assert '<li class="table"' in shown
    assert ENGLISH.does["table"] in shown
    assert ENGLISH.does["transcript"] not in shown
    assert given(tab, tmp_path, "prices.csv").count("<li ") == 2


def test_a_file_is_removed_and_had_back(tab: MadeController, tmp_path: Path) -> None:
    given(tab, tmp_path, "notes.txt")
    (turn,) = tab.history.turns("me", tab.open)
    tab.do(f"drop-file {turn.id} 1")
    shown = view(FileStrip(tab.controller, tab.conversations).files(tab.session), (), ENGLISH)  # type: ignore[arg-type]
    assert ENGLISH.take_back in shown
    assert ENGLISH.does["summary"] not in shown
    assert tab.history.conversation("me", tab.open).sources == {}
    tab.do(f"drop-file {turn.id} 1")
    assert tab.history.turn("me", turn.id).given[0].remembered == ""


def test_a_button_asks_about_a_file_of_this_conversation_alone(tab: MadeController, tmp_path: Path) -> None:
    given(tab, tmp_path, "notes.txt")
    assert tab.session is not None
    (turn,) = tab.session.turns
    assert asked(tab.session, f"summary {turn.given[0].source_id}", ENGLISH) == "Summarise notes.txt."
    assert asked(tab.session, f"summary {'0' * 64}", ENGLISH) == ""
    assert asked(tab.session, f"steal {turn.given[0].source_id}", ENGLISH) == ""


def test_only_a_picture_is_pinned(tab: MadeController, tmp_path: Path) -> None:
    given(tab, tmp_path, "notes.txt")
    (turn,) = tab.history.turns("me", tab.open)
    with pytest.raises(BadInput):
        tab.history.remember("me", turn.id, 1, "pinned")
