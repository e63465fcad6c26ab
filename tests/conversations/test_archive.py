"""One conversation as one archive: it comes back as it was, and nobody's archive does harm."""

import json
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.conversations.archive_format import SMALL_BYTES
from assistant.conversations.conversations import Conversations
from assistant.conversations.history import AttachedFile, History
from assistant.conversations.markdown_export import export_markdown, feedback_lines
from assistant.conversations.zip_archive import INDEX, export_archive, import_archive  # type: ignore[attr-defined]
from assistant.media import digest
from assistant.storage.originals import Originals
from assistant.values.errors import BadInput, LibraryError
from assistant.values.events import Answer, Done, Status
from assistant.values.limits import Limits
from assistant.values.messages import as_message, say
from assistant.values.parts import Text, Turn
from tests.storage.test_originals import make_picture
from tests.support.fakes import make_assistant, saying
from tests.support.kept_answers import full_answer, history_in

NOTES = "Dana serviced the pump in March.\n" * 3


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = history_in(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def made(tmp_path: Path, history: History) -> str:
    """A conversation with branches, files, and turns that ended in every way."""
    notes, picture = tmp_path / "notes.txt", make_picture(tmp_path / "plan.png")
    notes.write_text(NOTES)
    made = history.make("me").id
    handed = []
    for path, more in ((notes, {"media_type": "text/plain"}), (picture, {"media_type": "image/png"})):
        size = {"width": 60, "height": 40} if path is picture else {}
        handed.append(AttachedFile(digest(path), path.name, **more, **size))
        history.originals.keep(path, made, handed[-1].source_id, path.name)
    root = history.begin("me", made, "", "Who serviced the pump?", handed)
    history.files.note(made, [handed[0].source_id], "filed")
    history.files.note(made, [handed[1].source_id], "nothing")
    history.end(root.id, full_answer(), "Who serviced the pump?", "It was Dana, as it says.")
    history.judge("me", root.id, "like", "说得好")
    failed = history.begin("me", made, root.id, "And `when`?", handed[:1])
    history.fail(failed.id, "The model could not answer.", "It was")
    left = history.begin("me", made, root.id, "When?\nSay it.", ())
    history.leave(left.id, "In Mar", stopped=False)
    stopped = history.begin("me", made, left.id, "In which year?", ())
    history.end(stopped.id, Answer("In", stopped=True), "In which year?")
    history.begin("me", made, stopped.id, "Still there?", ())
    history.show_branch("me", failed.id)
    history.rename("me", made, "The pump, " + "and " * 40)
    return made


@pytest.fixture
def archive(tmp_path: Path, history: History, made: str) -> Path:
    export_archive(history, history.originals, "me", made, tmp_path / "pump.zip")
    return tmp_path / "pump.zip"


def bring(history: History, path: Path, limits: Limits | None = None) -> str:
    return import_archive(history, history.originals, "you", path, limits).id


# There and back


def test_what_is_imported_exports_as_the_very_same_archive(tmp_path: Path, history: History, archive: Path) -> None:
    brought = bring(history, archive)
    export_archive(history, history.originals, "you", brought, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix in (".zip", ".part")) == [
        "again.zip",
        "pump.zip",
    ]


def test_everything_of_every_branch_comes_back_under_new_ids(history: History, made: str, archive: Path) -> None:
    brought = bring(history, archive)
    before, after = history.branches("me", made), history.branches("you", brought)
    assert {each.id for each in before}.isdisjoint(each.id for each in after)
    for old, new in zip(before, after, strict=True):
        for name in ("asked", "given", "asked_at", "partial", "answer", "failure", "verdict", "feedback", "question"):
            assert getattr(new, name) == getattr(old, name)
    assert [each.state for each in after] == ["done", "failed", "interrupted", "stopped", "interrupted"]
    opened = history.turns("you", brought)
    assert [(each.asked, each.branch, each.branches) for each in opened] == [
        ("Who serviced the pump?", 1, 1), ("And `when`?", 1, 2),
    ]  # fmt: skip
    assert history.get("you", brought).title == history.get("me", made).title
    for file in opened[0].given:
        kept = history.originals.find(brought, file.source_id)
        assert kept is not None
        assert digest(kept) == file.source_id
    rebuilt = history.conversation("you", brought)
    assert rebuilt.exchanges[0].answer == "It was Dana, as it says."
    assert [image.name for image in rebuilt.images] == ["plan.png"]


def test_sentences_come_back_in_every_language(tmp_path: Path, history: History, made: str) -> None:
    """The process that reads an archive hands on what they were made of, and of its own refusal, too."""
    sentence = say("{error} So {doing}.", error=say("{name} is empty.", name="a.txt"), doing=say("answering"))
    failed = history.begin("me", made, "", "And now?", ())
    history.fail(failed.id, sentence, "")
    export_archive(history, history.originals, "me", made, tmp_path / "pump.zip")
    brought = history.branches("you", bring(history, tmp_path / "pump.zip"))
    assert [each.failure.to_json() for each in brought if each.asked == "And now?"] == [sentence.to_json()]
    with pytest.raises(BadInput) as wrong:
        bring(history, changed(tmp_path / "pump.zip", lambda told, _: told.update(version=3)))
    assert wrong.value.message.id.startswith("This archive is of version {version}")
    assert wrong.value.message.values == {"version": "3", "number": 2}


def test_the_evidence_of_an_imported_conversation_is_found_again(
    tmp_path: Path, history: History, archive: Path
) -> None:
    """Its files are filed before the next question, with a word; those that held nothing are not tried again."""
    assistant = make_assistant(saying({"pump": "Dana serviced the pump."}), originals=history.originals)
    conversations = Conversations(history, assistant, history.originals)
    brought = conversations.import_("you", archive).id
    turn = Turn((Text("Who serviced the pump?"),))
    root = history.turns("you", brought)[0]
    _, events = conversations.ask("you", brought, turn, root.id, threading.Event())
    *told, last = events
    assert Status("reading", as_message("Reading notes.txt")) in told
    assert not any(isinstance(event, Status) and "plan.png" in event.text for event in told)
    assert isinstance(last, Done)
    assert last.answer.citations[0].source == "notes.txt"
    assert list(assistant.library.get().sources(brought).values()) == ["notes.txt"]
    _, events = conversations.ask("you", brought, turn, root.id, threading.Event())
    assert not any(isinstance(event, Status) and event.step == "reading" for event in events)
    assistant.close()


def test_a_file_that_cannot_be_read_again_is_told_with_the_answer(tmp_path: Path, history: History) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 and nothing more")
    made = history.make("me").id
    history.originals.keep(path, made, digest(path), path.name)
    first = history.begin("me", made, "", "What?", [AttachedFile(digest(path), path.name)])
    history.leave(first.id, "", stopped=False)
    assistant = make_assistant(saying({"": "Good day."}), originals=history.originals)
    conversations = Conversations(history, assistant, history.originals)
    for times in (1, 0):
        _, events = conversations.ask("me", made, Turn((Text("Hello"),)), first.id, threading.Event())
        *_, last = events
        assert isinstance(last, Done)
        assert sum("broken.pdf" in note for note in last.answer.received.notes) == times
    assistant.close()


def test_an_original_that_is_gone_is_said_to_be_missing(tmp_path: Path, history: History, made: str) -> None:
    history.originals.forget(made)
    export_archive(history, history.originals, "me", made, tmp_path / "bare.zip")
    with zipfile.ZipFile(tmp_path / "bare.zip") as bare:
        assert bare.namelist() == [INDEX]
        assert len(json.loads(bare.read(INDEX))["missing"]) == 2
    brought = bring(history, tmp_path / "bare.zip")
    assert len(history.turns("you", brought)) == 2
    assert history.files.of(brought) == {}


def test_an_empty_conversation_comes_back_too(tmp_path: Path, history: History) -> None:
    export_archive(history, history.originals, "me", history.make("me").id, tmp_path / "empty.zip")
    assert history.get("you", bring(history, tmp_path / "empty.zip")).turns == 0


def test_somebody_elses_conversation_is_not_exported(tmp_path: Path, history: History, made: str) -> None:
    for owner, conversation in (("you", made), ("me", "0a" * 16)):
        with pytest.raises(BadInput, match="no such conversation"):
            export_archive(history, history.originals, owner, conversation, tmp_path / "theirs.zip")
        with pytest.raises(BadInput, match="no such conversation"):
            export_markdown(history, owner, conversation)
    assert not (tmp_path / "theirs.zip").exists()
    assert list(feedback_lines(history, "you")) == []


def test_an_archive_that_cannot_be_written_is_told_and_leaves_nothing(
    tmp_path: Path, history: History, made: str
) -> None:
    with pytest.raises(LibraryError, match="could not be written"):
        export_archive(history, history.originals, "me", made, tmp_path / "nowhere" / "pump.zip")
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(LibraryError, match="could not be written"):
        export_archive(history, history.originals, "me", made, tmp_path / "folder.zip")
    assert not list(tmp_path.glob(".*.part"))


# Hostile ones


def changed(archive: Path, change: Callable[[dict[str, Any], dict[str, bytes]], object]) -> Path:
    """The archive with another conversation.json or other members."""
    with zipfile.ZipFile(archive) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    told = json.loads(members.pop(INDEX))
    change(told, members)
    with zipfile.ZipFile(archive.with_name("changed.zip"), "w") as out:
        if told:
            out.writestr(INDEX, json.dumps(told))
        for name, content in members.items():
            out.writestr(name, content)
    return archive.with_name("changed.zip")


def refused(history: History, path: Path, sentence: str, limits: Limits | None = None) -> None:
    """It is told why, and nothing of it stays."""
    before = sorted(history.originals._folder.rglob("*"))
    with pytest.raises(BadInput, match=sentence):
        bring(history, path, limits)
    assert history.list("you") == []
    assert sorted(history.originals._folder.rglob("*")) == before


TURN_CHANGES: list[dict[str, object]] = [
    {"number": 7}, {"number": "1"}, {"parent": 1}, {"parent": -1}, {"parent": 5}, {"asked": 5}, {"asked": None},
    {"asked_at": -1}, {"asked_at": 1e300}, {"asked_at": "now"}, {"state": "answering"}, {"state": "dancing"},
    {"answer": None}, {"answer": {"text": 3}}, {"answer": []}, {"verdict": "love"}, {"given": {}}, {"given": [1]},
    {"given": [{"source_id": "../../etc/passwd", "name": "a"}]}, {"given": [{"source_id": "AB", "name": "a"}]},
    {"given": [{"source_id": "ab", "name": "../a"}]}, {"given": [{"source_id": "ab", "name": ""}]},
    {"given": [{"source_id": "ab", "name": "a\nb"}]}, {"given": [{"source_id": "ab", "name": "a" * 300}]},
    {"given": [{"source_id": "ab", "name": "a", "width": 10**400}]},
]  # fmt: skip


@pytest.mark.parametrize("change", TURN_CHANGES, ids=lambda change: str(change)[:40])
def test_a_turn_that_cannot_be_is_refused(history: History, archive: Path, change: dict[str, object]) -> None:
    refused(history, changed(archive, lambda told, _: told["turns"][0].update(change)), "is damaged|are missing")


def cite(told: dict[str, Any], **change: object) -> None:
    told["turns"][0]["answer"]["citations"][0].update(change)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda told, _: told.update(version=3), "version 3, and I know version 2"),
        (lambda told, _: told.update(version="1" * 99), "a newer Medley"),
        (lambda told, _: told.update(format="a shopping list"), "no archive of a conversation"),
        (lambda told, _: told.clear(), "no archive of a conversation"),
        (lambda told, _: told.update(open=9), "is damaged"),
        (lambda told, _: told.update(open=0), "is damaged"),
        (lambda told, _: told.update(title=["a"]), "is damaged"),
        (lambda told, _: told.update(turns={}), "is damaged"),
        (lambda told, _: cite(told, source_id="../x"), "is damaged"),
        (lambda told, _: cite(told, number=1e3), "is damaged"),
        (lambda told, _: cite(told, location={"kind": "page", "number": float("inf")}), "is damaged"),
        (lambda told, _: cite(told, location={"kind": "seconds", "start": float("nan"), "end": 2}), "is damaged"),
        (lambda told, _: cite(told, location={"kind": "page", "number": 10**30}), "is damaged"),
        (lambda told, files: files.clear(), "Files are missing"),
        (lambda told, files: files.update({"../evil.sh": b"x"}), "holds what no"),
        (lambda told, files: files.update({"/etc/passwd": b"x"}), "holds what no"),
        (lambda told, files: files.update({"files/../../evil": b"x"}), "holds what no"),
        (lambda told, files: files.update({"files\\evil": b"x"}), "holds what no"),
        (lambda told, files: files.update({"files/": b""}), "holds what no"),
        (lambda told, files: files.update({f"files/{'ee' * 32}.txt": b"nobody's"}), "holds what no"),
        (lambda told, files: files.update({f"files/{'ee' * 32}.tx/t": b"x"}), "holds what no"),
        (lambda told, files: files.update({next(iter(files)).removesuffix(".txt"): b"x"}), "holds what no"),
        (lambda told, files: files.update({next(iter(files)): b"other bytes"}), "notes.txt is damaged"),
    ],
)  # fmt: skip
def test_what_no_archive_of_ours_says_is_refused(
    history: History, archive: Path, change: Callable[[dict[str, Any], dict[str, bytes]], object], sentence: str
) -> None:
    refused(history, changed(archive, change), sentence)


@pytest.mark.parametrize("index", [b"{", b"[" * 100_000, b"\xff\xfe", b"", b"[]", b"null", b'"medley"'])
def test_an_index_that_is_no_index_is_refused(tmp_path: Path, history: History, index: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as out:
        out.writestr(INDEX, index)
    refused(history, tmp_path / "odd.zip", "is damaged|no archive|too large")


def test_what_is_no_zip_or_a_torn_one_is_refused(tmp_path: Path, history: History, archive: Path) -> None:
    whole = archive.read_bytes()
    for content in (b"", b"PK", b"My diary." * 100, whole[: len(whole) // 2], whole[50:]):
        (tmp_path / "torn.zip").write_bytes(content)
        refused(history, tmp_path / "torn.zip", "it is damaged|holds what no")
    at = whole.index(NOTES.encode())
    (tmp_path / "torn.zip").write_bytes(whole[:at] + b"X" + whole[at + 1 :])
    refused(history, tmp_path / "torn.zip", "is damaged")


def test_two_of_one_name_and_a_locked_one_are_refused(tmp_path: Path, history: History, archive: Path) -> None:
    with zipfile.ZipFile(archive) as whole:
        index = whole.read(INDEX)
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as out:
        out.writestr(INDEX, index)
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr(INDEX, index)
    refused(history, tmp_path / "two.zip", "no archive of a conversation")
    content = bytearray(archive.read_bytes())
    at = content.index(b"PK\x01\x02") + 8  # the flags of the first member in the directory
    content[at : at + 2] = struct.pack("<H", 1)
    (tmp_path / "locked.zip").write_bytes(content)
    refused(history, tmp_path / "locked.zip", "locked with a password")
    with zipfile.ZipFile(tmp_path / "packed.zip", "w", zipfile.ZIP_BZIP2) as out:
        out.writestr(INDEX, index)
    refused(history, tmp_path / "packed.zip", "packed in a way")


def test_what_swells_or_is_too_large_is_refused_before_it_is_unpacked(
    tmp_path: Path, history: History, archive: Path
) -> None:
    refused(history, archive, "too large: I take 0 MB", Limits(file_bytes=20))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(INDEX, b"{}")
        with out.open(f"files/{'ee' * 32}", "w") as file:
            for _ in range(SMALL_BYTES // 1_000_000 + 1):
                file.write(bytes(1_000_000))
    assert (tmp_path / "bomb.zip").stat().st_size < 1_000_000
    refused(history, tmp_path / "bomb.zip", "far more than it should")
    with zipfile.ZipFile(tmp_path / "long.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(INDEX, b" " * 100_000_001)
    refused(history, tmp_path / "long.zip", "too large")
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as out:
        for number in range(5001):
            out.writestr(f"files/{number:064x}", b"")
    refused(history, tmp_path / "many.zip", "no archive")


@pytest.mark.parametrize(
    "index",
    [
        b'{"format": "medley conversation", "version": 1, "turns": [' + b"[]," * 33_000_000 + b"[]]}",
        b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}",
        b'{"format": "medley conversation", "version": 1, "title": "' + b"x" * 99_000_000 + b'", "turns": [1]}',
    ],
    ids=["empty lists", "depth", "a title"],
)
def test_an_index_that_swells_in_memory_costs_this_process_nothing(
    tmp_path: Path, history: History, index: bytes
) -> None:
    """Measured in the process that others are served from."""
    resource = pytest.importorskip("resource")
    with zipfile.ZipFile(tmp_path / "swelling.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(INDEX, index)
    used = resource.getrusage(resource.RUSAGE_SELF)
    refused(history, tmp_path / "swelling.zip", "^The conversation in this archive is too large|is damaged")
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_maxrss - used.ru_maxrss < 50_000  # kB
    assert after.ru_utime - used.ru_utime < 1.0  # of the processor's, here; whatever else the machine does


def test_an_index_that_takes_too_much_memory_or_time_is_refused(
    tmp_path: Path, history: History, archive: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "long.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(INDEX, b" " * 90_000_000)
    refused(history, tmp_path / "long.zip", "too large", Limits(parse_bytes=60_000_000))
    refused(history, archive, "too large", Limits(parse_seconds=0.0))


def test_one_turn_that_holds_more_than_any_is_refused(history: History, archive: Path) -> None:
    refused(history, changed(archive, lambda told, _: told["turns"][0].update(partial="x" * 8_100_000)), "too large")


def test_sentences_that_swell_are_refused(history: History, archive: Path) -> None:
    """Each becomes some 90 kB of 1 kB."""
    note = {"id": "{a}" * 180, "values": {"a": "x" * 500}}
    within = {"id": "Well.", "values": {"a": [note, {"parts": [note, "Well."]}]}}

    def swell(count: int, note: object) -> Callable[[dict[str, Any], dict[str, bytes]], object]:
        return lambda told, _: told["turns"][0]["answer"]["received"].update(notes=[note] * count)

    for count, swelling in ((100, note), (40, within)):
        refused(history, changed(archive, swell(count, swelling)), "^The conversation in this archive is too large")
    assert bring(history, changed(archive, swell(50, note)))


def test_a_member_that_holds_more_than_it_says_is_refused(tmp_path: Path, history: History, archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as whole:
        member = next(each for each in whole.infolist() if each.filename.endswith(".txt"))
    directory = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[directory + 24 : directory + 28] = struct.pack("<I", 10)  # the size once unpacked
    assert member.file_size > 10
    (tmp_path / "liar.zip").write_bytes(content)
    refused(history, tmp_path / "liar.zip", "is damaged")


def test_what_an_archive_says_of_its_pictures_is_not_believed(history: History, archive: Path) -> None:
    def lie(told: dict[str, Any], _: dict[str, bytes]) -> None:
        for file in told["turns"][0]["given"]:
            file.update(media_type="image/png", width=1_000_000, height=1_000_000)

    brought = bring(history, changed(archive, lie))
    assert [(file.media_type, file.width) for file in history.turns("you", brought)[0].given] == [
        ("text/plain", 0), ("image/png", 60),
    ]  # fmt: skip


def test_an_original_whose_bytes_are_others_is_not_kept(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "originals")
    with pytest.raises(BadInput, match=r"a\.txt is damaged"):
        originals.pour([b"one", b"two"], "0a" * 16, "ab" * 32, "a.txt")
    assert originals.all("0a" * 16) == {}


# To read and to learn from


def test_markdown_tells_questions_files_answers_and_where_they_stand(history: History, made: str) -> None:
    text = export_markdown(history, "me", made)
    left = history.branches("me", made)[2]
    assert text.startswith("# The pump, and and")
    for words in (
        "\n> Who serviced the pump?\n\nFiles: `notes.txt`, `plan.png`\n\nIt was Dana.[1] 她保养了水泵。\n",
        "\nSources:\n\n- \\[1\\] `report.pdf`, page 3: “quote 1”\n- \\[2\\] `report.pdf`, slide 2: “quote 2”\n",
        "- \\[3\\] `report.pdf`, 0:01–0:07: “quote 3”\n- \\[4\\] `report.pdf`, picture: “quote 4”\n",
        "\n> And `when`?\n\nFiles: `notes.txt`\n\nIt was\n\n*The model could not answer.*\n",
    ):
        assert words in text
    assert "Say it." not in text  # on another branch
    history.show_branch("me", left.id)
    text = export_markdown(history, "me", made)
    assert "> When?\n> Say it.\n\nIn Mar\n\n*The answer was interrupted here.*\n" in text
    assert "\nIn\n\n*The answer was stopped here.*\n" in text


def test_judged_answers_become_lines_of_json(history: History, made: str) -> None:
    stopped = history.branches("me", made)[3]
    history.judge("me", stopped.id, "dislike", "Too short.")
    liked, disliked = map(json.loads, feedback_lines(history, "me"))
    assert (liked["verdict"], liked["feedback"], liked["question"]) == ("like", "说得好", "Who serviced the pump?")
    assert liked["files"] == ["notes.txt", "plan.png"]
    assert liked["answer"]["citations"][0]["link"] == "report.pdf#page=3"
    assert liked["earlier"] == []
    assert disliked["earlier"] == [
        {"question": "Who serviced the pump?", "answer": "It was Dana, as it says."},
        {"question": "When?\nSay it.", "answer": "In Mar"},
    ]
    assert all("\n" not in line for line in feedback_lines(history, "me"))
    history.judge("me", stopped.id, "", "")
    assert len(list(feedback_lines(history, "me"))) == 1
