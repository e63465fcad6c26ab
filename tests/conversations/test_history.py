"""Conversations last: as they were, for their owner alone, through restarts, versions and deletion."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.conversations.history import AttachedFile, History, StoredTurn
from assistant.conversations.history_schema import VERSIONS, bring_up
from assistant.storage.sqlite_store import SqliteStore
from assistant.values.answer_json import from_json, to_json
from assistant.values.errors import BadInput, LibraryError
from assistant.values.events import Answer
from assistant.values.messages import say
from tests.support.kept_answers import OTHER_SOURCE, SOURCE, full_answer, given, history_in

PIECE = {"source": "a", "medium": "text", "location": {"kind": "page", "number": 1}, "weight": 1}


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = history_in(tmp_path)
    yield opened
    opened.close()


def asked(history: History, conversation: str, words: str, said: str = "Dana did.", parent: str = "") -> StoredTurn:
    stored = history.begin("me", conversation, parent, words, ())
    history.end(stored.id, Answer(said), words)
    return history.turn("me", stored.id)


def talk(history: History, *turns: tuple[str, str], owner: str = "me") -> str:
    """A conversation of these questions and answers, one after the other."""
    made, parent = history.make(owner).id, ""
    for words, said in turns:
        stored = history.begin(owner, made, parent, words, ())
        history.end(stored.id, Answer(said), words)
        parent = stored.id
    return made


# What is kept


def test_an_answer_comes_back_as_it_was_after_a_restart(tmp_path: Path, history: History) -> None:
    made = history.make("me").id
    stored = history.begin("me", made, "", "Who serviced the pump?", [given(), given("a.wav", OTHER_SOURCE, True)])
    assert stored.state == "answering"
    history.end(stored.id, full_answer(), "Who serviced the pump? Who?")
    history.judge("me", stored.id, "dislike", "It was Li Ming.")
    history.close()
    (found,) = history_in(tmp_path).turns("me", made)
    assert found.answer == full_answer()
    assert [each.context for each in found.answer.citations] == [each.context for each in full_answer().citations]
    assert found == replace(
        stored,
        state="done",
        answer=full_answer(),
        question="Who serviced the pump? Who?",
        said="It was Dana. 她保养了水泵。",
        verdict="dislike",
        feedback="It was Li Ming.",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"text": 5}, {"text": None}, {"grounded": 1}, {"confidence": "0.5"}, {"citations": {}}, {"citations": [1]},
        {"timings": [["whole turn"]]}, {"models": [["chat", 1]]}, {"received": []},
        {"citations": [{"number": 1, "source_id": "ab"}]},
        {"received": {"evidence": [{**PIECE, "medium": "smell"}]}},
        {"received": {"evidence": [{**PIECE, "location": {"kind": "moon"}}]}},
        {"received": {"evidence": [{**PIECE, "location": {"kind": ["page"]}}]}},
    ],
)  # fmt: skip
def test_an_answer_with_a_value_of_another_type_is_not_read(change: dict[str, object]) -> None:
    told = to_json(full_answer())
    assert from_json(Answer, told) == full_answer()
    with pytest.raises(ValueError, match=r"is no|lacks"):
        from_json(Answer, {**told, **change})


def test_broken_characters_are_kept_as_question_marks(history: History) -> None:
    made = history.make("me").id
    stored = history.begin("me", made, "", "half a smile \ud83d and\0 more", [given("\udcff.pdf")])
    history.end(stored.id, Answer("said \ud83d"), "half \ud83d")
    history.judge("me", stored.id, "like", "\ud83d")
    found = history.turn("me", stored.id)
    assert (found.asked, found.answer and found.answer.text) == ("half a smile ? and more", "said ?")
    assert history.list("me", "smile ?")[0].id == made
    with pytest.raises(BadInput):
        history.get("me", "\ud83d\0")


def test_partial_words_stay_where_no_answer_came(history: History) -> None:
    made = history.make("me").id
    failed = history.begin("me", made, "", "One?", ())
    history.write(failed.id, "It is")
    history.fail(failed.id, "The model could not answer.", "It is per")
    left = history.begin("me", made, failed.id, "Two?", ())
    history.leave(left.id, "It may", stopped=True)
    first, second = history.turns("me", made)
    assert (first.state, first.partial, first.failure) == ("failed", "It is per", "The model could not answer.")
    assert (second.state, second.partial, second.answer) == ("stopped", "It may", None)
    exchanges = history.conversation("me", made).exchanges
    assert [(each.question, each.answer) for each in exchanges] == [("Two?", "It may")]


def test_what_an_earlier_run_left_half_answered_is_interrupted_and_its_files_are_wanted(
    tmp_path: Path, history: History
) -> None:
    made = history.make("me").id
    stored = history.begin("me", made, "", "Who?", [given(), given("a.wav", OTHER_SOURCE, spoken=True)])
    history.write(stored.id, "It was")
    looking = history_in(tmp_path)  # while the first one still answers
    assert looking.turns("me", made)[0].state == "answering"
    looking.close()
    history.close()
    after = history_in(tmp_path)
    (found,) = after.turns("me", made)
    assert (found.state, found.partial) == ("interrupted", "It was")
    assert after.files.of(made) == {SOURCE: "wanted"}
    assert after.list("me", "It was")[0].id == made
    after.close()


# The list


def test_pinned_ones_come_first_then_the_one_changed_last(history: History) -> None:
    first, second, third = (talk(history, (f"Question {n}?", "Yes.")) for n in range(3))
    history.pin("me", second, True)
    asked(history, first, "And then?")
    assert [info.id for info in history.list("me")] == [second, first, third]
    history.pin("me", second, False)
    assert [info.id for info in history.list("me")] == [first, third, second]


def test_the_first_question_is_the_title_until_the_person_gives_one(history: History) -> None:
    made = talk(
        history, ("What  does the\nlease say about " + "the deposit " * 20, "Two months."), ("And pets?", "No.")
    )
    title = history.get("me", made).title
    assert title.startswith("What does the lease say about the deposit the")
    assert title.endswith("…")
    assert len(title) <= 80
    history.rename("me", made, "  Lease \n questions ")
    asked(history, made, "More?")
    assert history.get("me", made).title == "Lease questions"
    with pytest.raises(BadInput, match="title"):
        history.rename("me", made, " \n")


def test_without_typed_words_the_title_is_the_file_or_what_was_said(history: History) -> None:
    handed, spoken = history.make("me").id, history.make("me").id
    history.begin("me", handed, "", "", [given("lease.pdf"), given("plan.png", OTHER_SOURCE)])
    assert history.get("me", handed).title == "lease.pdf, plan.png"
    stored = history.begin("me", spoken, "", "", [given("audio.wav", spoken=True)])
    assert history.get("me", spoken).title == ""
    history.end(stored.id, Answer("Dana."), "Who serviced the pump?")
    assert history.get("me", spoken).title == "Who serviced the pump?"


def test_it_is_kept_which_libraries_a_conversation_may_search(history: History) -> None:
    made = history.make("me").id
    history.use_libraries("me", made, ["contracts", "手册"])
    assert history.get("me", made).libraries == ("contracts", "手册")


@pytest.mark.parametrize(
    "search",
    ["servic", "SERVICED", "pump dana", "Dana Ortiz", "水泵", "保养了水泵", "李", "ma", "lease", "Deposit", 'say "yes"',
     "50%", "a_b", "*", "(1)", "report.pdf", "NEAR(", "-x", "'", "AND"],
)  # fmt: skip
def test_words_are_found_in_titles_questions_answers_and_file_names(history: History, search: str) -> None:
    made = history.make("me").id
    words = "Who serviced the pump? NEAR( is it -x * or AND (1)"
    stored = history.begin("me", made, "", words, [given("report.pdf")])
    said = 'Dana Ortiz said, I say "yes" in March, 50% of a_b. It\'s 李明保养了水泵。'
    history.end(stored.id, Answer(said), words)
    history.rename("me", made, "Lease and deposit")
    talk(history, ("Hello", "Good day."))
    theirs = talk(history, (words, said), owner="you")
    (found,) = history.list("me", search)
    assert found.id == made
    assert search.split()[0].lower() in found.found.lower()
    assert theirs not in [info.id for info in history.list("me", search)]


def test_the_words_around_are_shown_and_nothing_is_found_where_nothing_stands(history: History) -> None:
    talk(history, ("Tell me.", "x" * 200 + " the valve opens at 6.5 bar " + "y" * 200))
    (found,) = history.list("me", "valve opens")
    assert found.found.startswith("…xxx")
    assert "the valve opens at 6.5 bar" in found.found
    assert len(found.found) < 150
    for search in ("turbine", "valve turbine", "阀", "vb", "100%"):
        assert history.list("me", search) == []
    assert history.list("me", " ")[0].found == ""


def test_a_search_of_any_length_is_searched(history: History) -> None:
    made = talk(history, ("word " * 40, "Yes."))
    assert [info.id for info in history.list("me", "word " * 50_000)] == [made]
    assert history.list("me", "x" * 100_000) == []


def test_deleted_conversations_and_partial_words_of_the_moment_are_not_searched(history: History) -> None:
    made = talk(history, ("Who serviced the pump?", "Dana."))
    history.delete("me", made)
    assert history.list("me", "serviced") == []
    history.undelete("me", made)
    assert [info.id for info in history.list("me", "serviced")] == [made]


# Branches


def test_asking_again_after_the_same_turn_makes_a_branch(history: History) -> None:
    made = history.make("me").id
    root = asked(history, made, "One?")
    left = asked(history, made, "Two?", parent=root.id)
    under = asked(history, made, "Three?", parent=left.id)
    right = asked(history, made, "Two, better?", parent=root.id)
    assert [each.asked for each in history.turns("me", made)] == ["One?", "Two, better?"]
    assert history.get("me", made).turns == 2
    assert [(each.branch, each.branches) for each in history.turns("me", made)] == [(1, 1), (2, 2)]
    assert history.siblings("me", left.id) == [left.id, right.id]
    assert [each.id for each in history.show_branch("me", left.id)] == [root.id, left.id, under.id]
    assert history.get("me", made).turns == 3
    assert history.turn("me", right.id).branch == 2
    again = asked(history, made, "Three again?", parent=left.id)
    history.show_branch("me", right.id)
    assert [each.id for each in history.show_branch("me", root.id)] == [root.id, right.id]  # the newest one
    assert [each.id for each in history.show_branch("me", left.id)] == [root.id, left.id, again.id]


def test_a_turn_of_one_conversation_is_no_parent_in_another(history: History) -> None:
    one, other = history.make("me").id, history.make("me").id
    stored = asked(history, one, "One?")
    with pytest.raises(BadInput, match="no such turn"):
        history.begin("me", other, stored.id, "Two?", ())
    with pytest.raises(BadInput, match="no such turn"):
        history.conversation("me", other, stored.id)


def test_the_conversation_is_rebuilt_as_it_was_at_any_turn(tmp_path: Path, history: History) -> None:
    made = history.make("me").id
    picture = tmp_path / "receipt.png"
    picture.write_bytes(b"pixels")
    kept = history.originals.keep(picture, made, OTHER_SOURCE, "receipt.png")
    first = history.begin(
        "me", made, "", "Who?", [given(), AttachedFile(OTHER_SOURCE, "receipt.png", "image/png", False, 60, 40)]
    )
    history.files.note(made, [SOURCE], "filed")
    history.end(first.id, full_answer(), "Who serviced it?", "It was Dana, by the book.")
    second = asked(history, made, "And when?", "In March.[1]", first.id)
    whole = history.conversation("me", made)
    assert whole.id == made
    assert [(each.question, each.answer) for each in whole.exchanges] == [
        ("Who serviced it?", "It was Dana, by the book."),
        ("And when?", "In March."),
    ]
    assert whole.exchanges[0].citations == full_answer().citations
    assert whole.exchanges[0].speakers == full_answer().speakers
    assert [each.files for each in whole.exchanges] == [(SOURCE, OTHER_SOURCE), ()]
    assert whole.sources == {SOURCE: "report.pdf"}
    assert [(image.path, image.width, image.height) for image in whole.images] == [(kept, 60, 40)]
    assert history.conversation("me", made, first.id).exchanges == whole.exchanges[:1]
    assert history.before(second).exchanges == whole.exchanges[:1]
    assert history.before(first).exchanges == []


# Whose it is


VERBS: dict[str, Callable[[History, str, str, str], object]] = {
    "get": lambda h, owner, made, _: h.get(owner, made),
    "rename": lambda h, owner, made, _: h.rename(owner, made, "Mine"),
    "pin": lambda h, owner, made, _: h.pin(owner, made, True),
    "use_libraries": lambda h, owner, made, _: h.use_libraries(owner, made, ["x"]),
    "delete": lambda h, owner, made, _: h.delete(owner, made),
    "undelete": lambda h, owner, made, _: h.undelete(owner, made),
    "turns": lambda h, owner, made, _: h.turns(owner, made),
    "branches": lambda h, owner, made, _: h.branches(owner, made),
    "begin": lambda h, owner, made, _: h.begin(owner, made, "", "Hello", ()),
    "conversation": lambda h, owner, made, _: h.conversation(owner, made),
    "conversation up to": lambda h, owner, made, stored: h.conversation(owner, made, stored),
    "turn": lambda h, owner, _, stored: h.turn(owner, stored),
    "siblings": lambda h, owner, _, stored: h.siblings(owner, stored),
    "show_branch": lambda h, owner, _, stored: h.show_branch(owner, stored),
    "judge": lambda h, owner, _, stored: h.judge(owner, stored, "like", "mine"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_another_owner_is_told_the_same_as_for_what_never_was(history: History, verb: str) -> None:
    made = history.make("me").id
    stored = asked(history, made, "Who?")
    if verb == "undelete":
        history.delete("me", made)
    said = []
    for owner, conversation, turn in (("you", made, stored.id), ("you", "0a" * 16, "0b" * 16), ("me", "", "")):
        with pytest.raises(BadInput) as told:
            VERBS[verb](history, owner, conversation, turn)
        said.append(str(told.value))
    assert len(set(said)) == 1
    VERBS[verb](history, "me", made, stored.id)


def test_every_verb_that_takes_an_owner_is_tried_above() -> None:
    tried = {name.split()[0] for name in VERBS} | {
        "make",
        "list",
        "judged",
        "purge",
        "delete_everything",
        "adopt",
        "deleted",
        "remember",  # see test_picture_memory
    }
    told = {
        name
        for name, verb in vars(History).items()
        if callable(verb) and not name.startswith("_") and "owner" in verb.__code__.co_varnames
    }
    assert told <= tried


def test_lists_judgements_and_deletion_stop_at_the_owner(history: History) -> None:
    mine, yours = talk(history, ("Who?", "Me.")), talk(history, ("Who?", "You."), owner="you")
    stored = history.turns("you", yours)[0]
    history.judge("you", stored.id, "like", "")
    assert history.judged("me") == []
    assert [each.id for each in history.judged("you")] == [stored.id]
    history.delete("you", yours)
    assert history.purge("me") == []
    assert history.purge("me", [yours]) == []
    assert history.delete_everything("me") == [mine]
    assert history.undelete("you", yours).id == yours


# For good


def test_what_is_deleted_can_come_back_until_it_is_purged(tmp_path: Path, history: History) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("The treasure lies under the oak.")
    stays = talk(history, ("What stays?", "Everything else."))
    made = history.make("me").id
    kept = history.originals.keep(file, made, SOURCE, file.name)
    stored = history.begin("me", made, "", "Where is the treasure?", [given()])
    history.files.note(made, [SOURCE], "filed")
    history.end(stored.id, Answer("Beneath the venerable oak."), "Where is the treasure?")
    history.delete("me", made)
    assert [info.id for info in history.list("me")] == [stays]
    assert kept.exists()
    assert history.undelete("me", made).title == "Where is the treasure?"
    assert history.purge() == []
    history.delete("me", made)
    assert history.purge("me") == [made]
    assert not kept.exists()
    assert history.removals() == [made]
    history.removed(made)
    assert history.removals() == []
    with pytest.raises(BadInput):
        history.undelete("me", made)
    everything = b"".join(path.read_bytes() for path in (tmp_path / "conversations").iterdir())
    assert b"What stays" in everything
    for trace in (b"treasure", b"venerable", b"secret.txt"):
        assert trace not in everything


def test_only_what_was_deleted_before_a_moment_is_purged(tmp_path: Path, history: History) -> None:
    earlier, now = talk(history, ("One?", "1")), talk(history, ("Two?", "2"))
    history.delete("me", earlier)
    moment = time.time()
    history.delete("me", now)
    assert history.purge(before=moment) == [earlier]
    assert history.undelete("me", now).id == now


# Versions of the file


def test_what_an_older_version_wrote_is_brought_up_with_everything_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "conversations"
    older = SqliteStore(folder, "conversations.sqlite3")
    bring_up(older, VERSIONS[:1])
    older.write("INSERT INTO conversations (id, owner, title, changed, leaf) VALUES ('0a', 'me', 'Old', 1, '0b')")
    older.write(
        "INSERT INTO entries (id, conversation, parent, depth, asked_at, state, asked, names, said, given) "
        "VALUES ('0b', '0a', '', 1, 1, 'done', 'Who serviced the pump?', '', 'Dana.', '[]')"
    )
    older.close()
    now = history_in(tmp_path)
    assert [info.title for info in now.list("me", "serviced")] == ["Old"]
    assert now.turns("me", "0a")[0].asked == "Who serviced the pump?"
    now.close()
    history_in(tmp_path).close()  # and stays so


def test_why_a_turn_failed_is_kept_with_what_it_was_made_of_and_older_words_stand_as_they_are(
    tmp_path: Path, history: History
) -> None:
    conversation = history.make("me").id
    stored = history.begin("me", conversation, "", "Who?", ())
    history.fail(stored.id, say("{name} is locked twice over.", name="a.pdf"), "")
    history.close()
    again = history_in(tmp_path)
    failure = again.turn("me", stored.id).failure
    assert (failure, failure.id) == ("a.pdf is locked twice over.", "{name} is locked twice over.")
    again.close()
    with sqlite3.connect(tmp_path / "conversations" / "conversations.sqlite3") as older:
        older.execute("UPDATE entries SET failure = 'The disk is full.'")
    older.close()
    again = history_in(tmp_path)
    assert (again.turn("me", stored.id).failure, again.turn("me", stored.id).failure.id) == ("The disk is full.", "")
    again.close()


def test_a_step_that_fails_leaves_the_older_version_whole(tmp_path: Path) -> None:
    sqlite = SqliteStore(tmp_path, "conversations.sqlite3")
    bring_up(sqlite, VERSIONS[:1])
    with pytest.raises(LibraryError):
        bring_up(sqlite, [*VERSIONS[:1], "CREATE TABLE half (way INTEGER); THIS IS NO SQL;"])
    bring_up(sqlite)
    assert not sqlite.rows("SELECT 1 FROM sqlite_master WHERE name = 'half'")
    sqlite.close()


def test_what_a_newer_version_wrote_is_refused_and_left_as_it_is(tmp_path: Path, history: History) -> None:
    talk(history, ("Who?", "Dana."))
    history.close()
    file = tmp_path / "conversations" / "conversations.sqlite3"
    with sqlite3.connect(file) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    before = file.read_bytes()
    for _ in range(2):
        with pytest.raises(LibraryError, match=r"newer Medley \(version 99 .* this one knows 5\).*--data"):
            history_in(tmp_path)
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "conversations").mkdir()
    (tmp_path / "conversations" / "conversations.sqlite3").write_text("My diary. " * 500)
    with pytest.raises(LibraryError, match=r"history of your conversations could not be opened"):
        history_in(tmp_path)


@pytest.mark.parametrize("damage", ["{", "{}", "[1]", '{"text": 5}', "null"])
def test_of_an_answer_that_cannot_be_read_any_more_the_words_stay(
    tmp_path: Path, history: History, damage: str
) -> None:
    made = talk(history, ("Who?", "It was Dana."), ("When?", "In March."))
    with sqlite3.connect(tmp_path / "conversations" / "conversations.sqlite3") as beside:
        beside.execute("UPDATE entries SET answer = ? WHERE asked = 'Who?'", (damage,))
    beside.close()
    first, second = history.turns("me", made)
    assert (first.state, first.answer, first.partial) == ("failed", None, "It was Dana.")
    assert "cannot be read any more" in first.failure
    assert second.state == "done"


# At once, and many


def test_many_threads_write_in_many_conversations_at_once(history: History) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            made, parent = history.make("me").id, ""
            for turn in range(10):
                stored = history.begin("me", made, parent, f"question {number} {turn}", ())
                for words in ("a", "a b", "a b c"):
                    history.write(stored.id, words)
                history.end(stored.id, Answer(f"answer {number} {turn}"), "")
                history.list("me", f"answer {number}")
                parent = stored.id
        except BaseException as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [info.turns for info in history.list("me")] == [10] * 8


def test_a_long_conversation_and_a_long_list_open_at_once(tmp_path: Path, history: History) -> None:
    """Milliseconds on an idle machine; the bounds here are wide for a busy one."""
    made, parent = history.make("me").id, ""
    for number in range(100):
        file = tmp_path / f"{number}.png"
        file.write_bytes(bytes([number]))
        source = f"{number:064x}"
        history.originals.keep(file, made, source, file.name)
        parent_entry = history.begin(
            "me",
            made,
            parent,
            f"What is in picture {number}?",
            [AttachedFile(source, file.name, "image/png", False, 60, 40)],
        )
        history.end(parent_entry.id, full_answer(), "")
        parent = parent_entry.id
    for number in range(1000):
        talk(history, (f"Conversation {number}?", "Yes."))
    for bound, work in (
        (1.0, lambda: history.turns("me", made)),
        (1.0, lambda: history.conversation("me", made)),
        (1.0, lambda: history.list("me")),
        (1.0, lambda: history.list("me", "picture 77")),
    ):
        began = time.perf_counter()
        assert work()
        assert time.perf_counter() - began < bound
    assert len(history.conversation("me", made).images) == 100
    assert len(history.list("me")) == 1001


def test_json_of_an_answer_is_plain_json() -> None:
    assert json.loads(json.dumps(to_json(full_answer()))) == to_json(full_answer())
