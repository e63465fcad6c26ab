"""Two files of one name in one conversation are both kept, and told apart by their names."""

from pathlib import Path

from assistant.media import digest
from assistant.values.conversation import Conversation
from assistant.values.file_names import told_apart
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import make_assistant, saying


def a_file(folder: Path, text: str, name: str = "invoice.txt", spoken: bool = False) -> Attachment:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return Attachment(folder / name, name, spoken=spoken)


def names(*files: Attachment, known: dict[str, str] | None = None) -> list[str]:
    return [file.name for file in told_apart(files, known or {}, digest)]


def test_two_of_one_name_are_called_by_their_folders(tmp_path: Path) -> None:
    one, other = a_file(tmp_path / "2024", "2,273"), a_file(tmp_path / "2025", "2,547")
    lone = a_file(tmp_path / "2025", "x", "note.txt")
    assert names(one, other, lone) == ["invoice (2024).txt", "invoice (2025).txt", "note.txt"]


def test_folders_that_nobody_named_give_no_names(tmp_path: Path) -> None:
    files = [a_file(tmp_path / (letter * 64), letter) for letter in "abc"]
    assert names(*files) == ["invoice.txt", "invoice (2).txt", "invoice (3).txt"]


def test_one_of_a_later_turn_is_numbered_and_the_same_again_is_not(tmp_path: Path) -> None:
    one, other = a_file(tmp_path / "a", "2,273"), a_file(tmp_path / "b", "2,547")
    known = {digest(one.path): "invoice.txt"}
    assert names(other, known=known) == ["invoice (2).txt"]
    assert names(one, known=known) == ["invoice.txt"]
    assert names(one, a_file(tmp_path / "c", "2,273")) == ["invoice.txt", "invoice.txt"]


def test_a_spoken_question_keeps_its_name(tmp_path: Path) -> None:
    files = [a_file(tmp_path / name, name, "question.wav", spoken=True) for name in ("a", "b")]
    assert names(*files) == ["question.wav", "question.wav"]


def test_both_are_in_the_conversation_by_names_of_their_own(tmp_path: Path) -> None:
    conversation = Conversation()
    parts = (
        a_file(tmp_path / "2024", "Total to pay: 2,273.00 euros."),
        a_file(tmp_path / "2025", "Total to pay: 2,547.00 euros."),
        Text("What was the total of each?"),
    )
    list(make_assistant(saying([("", "See.")])).answer(Turn(parts), conversation, None))
    assert sorted(conversation.sources.values()) == ["invoice (2024).txt", "invoice (2025).txt"]
