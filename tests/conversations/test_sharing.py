"""A copy is shared when its owner asks for it, stays as it was then, and goes when it is withdrawn or deleted."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.conversations.history import AttachedFile, History
from assistant.conversations.sharing import Shares
from assistant.values.errors import BadInput
from assistant.values.evidence import Page
from tests.support.kept_answers import LOCATIONS, SOURCE, full_answer, given, history_in


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = history_in(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def shares(history: History) -> Shares:
    return Shares(history)


def asked(history: History, *questions: str, files: tuple[AttachedFile, ...] = (), owner: str = "me") -> str:
    made = history.make(owner).id
    for question in questions:
        add(history, made, question, files, owner)
    return made


def add(
    history: History, conversation: str, question: str, files: tuple[AttachedFile, ...] = (), owner: str = "me"
) -> str:
    path = history.turns(owner, conversation)
    stored = history.begin(owner, conversation, path[-1].id if path else "", question, files)
    history.end(stored.id, full_answer(), question)
    return stored.id


def kept_file(history: History, conversation: str, folder: Path) -> None:
    path = folder / "handed over"
    path.write_bytes(b"the bytes of the report")
    history.originals.keep(path, conversation, SOURCE, "report.pdf")


def test_a_copy_holds_questions_names_answers_and_what_they_cite(history: History, shares: Shares) -> None:
    copy = shares.copy(shares.make("me", asked(history, "Who serviced the pump?", files=(given(),))))
    assert copy is not None
    (turn,) = copy.turns
    assert (copy.title, turn.question, turn.state) == ("Who serviced the pump?", "Who serviced the pump?", "done")
    assert turn.answer == full_answer().text
    assert [file.name for file in turn.files] == ["report.pdf"]
    assert [one.location for one in turn.citations] == list(LOCATIONS)
    assert turn.citations[0].quote == "quote 1"
    assert turn.citations[0].location == LOCATIONS[0]
    assert isinstance(turn.citations[0].location, Page)


def test_a_copy_tells_nothing_of_its_owner_the_machine_or_what_else_was_read(
    history: History, shares: Shares, tmp_path: Path
) -> None:
    made = asked(history, "Who?", files=(given(),), owner="user:dana")
    failed = history.begin("user:dana", made, history.turns("user:dana", made)[-1].id, "And?", ())
    history.fail(failed.id, f"The disk that holds {tmp_path} is full.", "")
    token = shares.make("user:dana", made)
    text = repr(shares.copy(token))
    for secret in ("user:dana", str(tmp_path), "around 1", "tiny", SOURCE, made):
        assert secret not in text


def test_what_is_asked_later_does_not_appear_in_the_copy(history: History, shares: Shares) -> None:
    made = asked(history, "first")
    token = shares.make("me", made)
    before = shares.copy(token)
    add(history, made, "the second")
    history.rename("me", made, "A new name")
    assert shares.copy(token) == before
    assert before is not None
    assert [turn.question for turn in before.turns] == ["first"]


def test_only_the_branch_that_is_open_is_copied(history: History, shares: Shares) -> None:
    made = asked(history, "first", "one way")
    first = history.turns("me", made)[0]
    history.end(history.begin("me", made, first.id, "another way", ()).id, full_answer(), "another way")
    copy = shares.copy(shares.make("me", made))
    assert copy is not None
    assert [turn.question for turn in copy.turns] == ["first", "another way"]


def test_the_words_so_far_are_copied_where_the_answer_goes_on(history: History, shares: Shares) -> None:
    made = history.make("me").id
    stored = history.begin("me", made, "", "slow", ())
    history.write(stored.id, "half of it")
    token = shares.make("me", made)
    history.end(stored.id, full_answer(), "slow")
    copy = shares.copy(token)
    assert copy is not None
    assert (copy.turns[0].answer, copy.turns[0].state) == ("half of it", "answering")


def test_files_are_had_only_where_they_were_shared_along(history: History, shares: Shares, tmp_path: Path) -> None:
    made = asked(history, "Who?", files=(given(),))
    kept_file(history, made, tmp_path)
    assert shares.file(shares.make("me", made), SOURCE) is None
    found = shares.file(shares.make("me", made, with_files=True), SOURCE)
    assert found is not None
    assert (found[0].name, found[1].read_bytes()) == ("report.pdf", b"the bytes of the report")


def test_files_of_later_turns_and_the_own_voice_are_not_had(history: History, shares: Shares, tmp_path: Path) -> None:
    made = asked(history, "Who?", files=(given("voice.wav", SOURCE, spoken=True),))
    kept_file(history, made, tmp_path)
    token = shares.make("me", made, with_files=True)
    add(history, made, "And this?", (given("later.pdf"),))
    assert shares.file(token, SOURCE) is None
    assert shares.file(token, "") is None
    assert shares.file(token, "../conversations") is None


def test_a_token_cannot_be_guessed(history: History, shares: Shares) -> None:
    made = asked(history, "Who?")
    tokens = [shares.make("me", made) for _ in range(50)]
    assert len(set(tokens)) == 50
    assert all(len(token) * 6 >= 128 and made not in token for token in tokens)


def test_another_owner_cannot_share_list_or_withdraw(history: History, shares: Shares) -> None:
    made = asked(history, "Who?")
    token = shares.make("me", made)
    for tried in (lambda: shares.make("browser:other", made), lambda: shares.list("browser:other", made)):
        with pytest.raises(BadInput, match="no such conversation"):
            tried()
    with pytest.raises(BadInput, match="no such shared copy"):
        shares.revoke("browser:other", token)
    assert shares.copy(token) is not None
    assert [share.token for share in shares.list("me", made)] == [token]


def test_what_is_withdrawn_is_gone_and_its_words_are_not_on_the_disk(
    history: History, shares: Shares, tmp_path: Path
) -> None:
    made = asked(history, "Who?")
    token, other = shares.make("me", made), shares.make("me", made)
    shares.revoke("me", token)
    assert shares.copy(token) is None
    assert shares.copy(other) is not None
    assert not any(token.encode() in file.read_bytes() for file in (tmp_path / "conversations").iterdir())
    with pytest.raises(BadInput, match="no such shared copy"):
        shares.revoke("me", token)


@pytest.mark.parametrize("token", ["", "never", "\ud800", "' OR 1=1 --"])
def test_what_never_was_is_not_there(shares: Shares, token: str) -> None:
    assert shares.copy(token) is None
    assert shares.file(token, SOURCE) is None


def test_a_deleted_conversation_takes_its_copies_along_and_undo_brings_them_back(
    history: History, shares: Shares, tmp_path: Path
) -> None:
    made = asked(history, "Who?", files=(given(),))
    kept_file(history, made, tmp_path)
    token = shares.make("me", made, with_files=True)
    history.delete("me", made)
    assert shares.copy(token) is None
    assert shares.file(token, SOURCE) is None
    history.undelete("me", made)
    assert shares.copy(token) is not None
    history.delete("me", made)
    history.purge("me")
    assert shares.copy(token) is None
    with sqlite3.connect(tmp_path / "conversations" / "conversations.sqlite3") as file:
        assert file.execute("SELECT count(*) FROM shares").fetchone() == (0,)
    file.close()


def test_deleting_everything_leaves_no_copy(history: History, shares: Shares) -> None:
    mine, yours = asked(history, "Who?"), asked(history, "What?", owner="user:b")
    token, other = shares.make("me", mine), shares.make("user:b", yours)
    history.delete_everything("me")
    assert shares.copy(token) is None
    assert shares.copy(other) is not None


def test_a_copy_is_there_after_a_restart(tmp_path: Path) -> None:
    first = history_in(tmp_path)
    token = Shares(first).make("me", asked(first, "Who?"))
    first.close()
    again = history_in(tmp_path)
    copy = Shares(again).copy(token)
    again.close()
    assert copy is not None


def test_an_empty_conversation_cannot_be_shared(history: History, shares: Shares) -> None:
    with pytest.raises(BadInput, match="nothing in this conversation"):
        shares.make("me", history.make("me").id)
