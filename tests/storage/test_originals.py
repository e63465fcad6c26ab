"""What was handed over is kept with its conversation, and goes with it."""

import errno
import os
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.media import digest
from assistant.media.evidence_images import page_picture
from assistant.storage.originals import Originals
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput, LibraryError
from assistant.values.events import Done, Failed
from assistant.values.evidence import Page
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import make_assistant, saying
from tests.support.media_made import tone, write_wav

SCOPE, OTHER, SOURCE = "0a" * 16, "0b" * 16, "ab" * 32


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "uploads" / "Report.PDF"
    path.parent.mkdir()
    path.write_bytes(b"%PDF-1.7 the report")
    return path


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "data" / "originals")


def test_a_file_is_kept_whole_though_its_upload_is_deleted(originals: Originals, report: Path) -> None:
    kept = originals.keep(report, SCOPE, SOURCE, "Report.PDF")
    report.unlink()
    assert kept.read_bytes() == b"%PDF-1.7 the report"
    assert kept.name == SOURCE + ".pdf"
    assert originals.find(SCOPE, SOURCE) == kept


def test_the_same_file_is_kept_once(originals: Originals, report: Path) -> None:
    first = originals.keep(report, SCOPE, SOURCE, "Report.PDF")
    assert originals.keep(report, SCOPE, SOURCE, "copy.txt") == first
    assert list(first.parent.iterdir()) == [first]


def test_everything_kept_in_a_conversation_is_told_at_once(originals: Originals, report: Path) -> None:
    kept = originals.keep(report, SCOPE, SOURCE, "Report.PDF")
    poured = originals.pour([report.read_bytes()], SCOPE, digest(report), "copy.txt")
    (kept.parent / ".halfway.part").write_bytes(b"what a killed run left")
    assert originals.all(SCOPE) == {SOURCE: kept, digest(report): poured}
    assert poured.name == digest(report) + ".txt"
    assert poured.read_bytes() == report.read_bytes()
    assert originals.all(OTHER) == {}


def test_one_conversation_does_not_find_what_another_was_given(originals: Originals, report: Path) -> None:
    originals.keep(report, SCOPE, SOURCE, report.name)
    assert originals.find(OTHER, SOURCE) is None
    assert originals.find(SCOPE, "cd" * 32) is None


def test_what_is_forgotten_is_gone_and_the_others_stay(originals: Originals, report: Path) -> None:
    originals.keep(report, SCOPE, SOURCE, report.name)
    kept = originals.keep(report, OTHER, SOURCE, report.name)
    originals.forget(SCOPE)
    originals.forget(SCOPE)
    assert originals.find(SCOPE, SOURCE) is None
    assert originals.find(OTHER, SOURCE) == kept


@pytest.mark.parametrize("bad", ["", "..", "../" + SOURCE, "a/b", "A" * 8, "0a\n", "/etc/passwd", "a" * 200])
def test_nothing_but_an_id_reaches_the_disk(originals: Originals, report: Path, bad: str) -> None:
    for call in (
        lambda: originals.keep(report, bad, SOURCE, "x"),
        lambda: originals.keep(report, SCOPE, bad, "x"),
        lambda: originals.find(bad, SOURCE),
        lambda: originals.find(SCOPE, bad),
        lambda: originals.forget(bad),
        lambda: originals.all(bad),
        lambda: originals.pour([b""], bad, SOURCE, "x"),
        lambda: originals.pour([b""], SCOPE, bad, "x"),
    ):
        with pytest.raises(ValueError, match="no id"):
            call()


@pytest.mark.parametrize("name", ["a.../../x", "a.sh; rm", "noextension", "a.verylongextension", ".", "ü.ü"])
def test_a_name_gives_no_more_than_a_plain_suffix(originals: Originals, report: Path, name: str) -> None:
    kept = originals.keep(report, SCOPE, SOURCE, name)
    assert kept.name == SOURCE
    assert originals.find(SCOPE, SOURCE) == kept


def test_who_edits_his_own_file_in_place_does_not_change_what_is_kept(originals: Originals, report: Path) -> None:
    kept = originals.keep(report, SCOPE, SOURCE, "Report.PDF")
    with report.open("r+b") as file:
        file.write(b"another")
    assert kept.read_bytes() == b"%PDF-1.7 the report"


def test_a_full_disk_is_one_clear_sentence_and_leaves_nothing_half(
    originals: Originals, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(LibraryError, match=r"no room left on this machine's disk for Report\.PDF\. Whoever runs"):
        originals.keep(report, SCOPE, SOURCE, "Report.PDF")
    assert originals.find(SCOPE, SOURCE) is None


def test_a_file_stands_where_the_folder_should_be(tmp_path: Path, report: Path) -> None:
    with pytest.raises(LibraryError, match="cannot keep Report"):
        Originals(report).keep(report, SCOPE, SOURCE, "Report.PDF")


def test_what_an_earlier_run_left_is_told_from_what_this_one_keeps(tmp_path: Path, report: Path) -> None:
    Originals(tmp_path / "o").keep(report, SCOPE, SOURCE, report.name)
    (tmp_path / "o" / "lost+found").mkdir()
    now = Originals(tmp_path / "o")
    now.keep(report, OTHER, SOURCE, report.name)
    assert now.left_behind() == [SCOPE]
    assert Originals(tmp_path / "nowhere").left_behind() == []


# With the conversation


def test_what_a_conversation_was_given_is_kept_and_goes_with_it(tmp_path: Path, originals: Originals) -> None:
    assistant = make_assistant(saying({"pump": "Dana serviced the pump."}, sees_images=True), originals=originals)
    notes = tmp_path / "notes.txt"
    notes.write_text("Dana serviced the pump in March.")
    receipt = make_picture(tmp_path / "receipt.png")
    spoken = write_wav(tmp_path / "audio.wav", tone())
    files = [Attachment(notes, notes.name), Attachment(receipt, receipt.name), Attachment(spoken, "q.wav", spoken=True)]
    conversation = Conversation()
    *_, last = assistant.answer(Turn((Text("Who serviced the pump?"), *files)), conversation)
    assert isinstance(last, Done)
    source_id, seen = digest(notes), digest(receipt)
    kept = assistant.files.original(conversation, source_id)
    assert kept is not None
    assert kept.read_bytes() == notes.read_bytes()
    assert [image.path for image in conversation.images] == [assistant.files.original(conversation, seen)]
    assert assistant.files.original(conversation, digest(spoken)) is None  # only a question
    assert assistant.files.original(Conversation(), source_id) is None
    assistant.files.forget(conversation.id)
    assert assistant.files.original(conversation, source_id) is None
    assistant.close()


def test_what_a_crashed_run_was_given_is_removed_from_disk_and_library(tmp_path: Path, originals: Originals) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Dana serviced the pump in March.")
    crashed = Conversation()
    assistant = make_assistant(saying({"pump": "Dana."}), originals=originals)
    list(assistant.answer(Turn((Text("Who serviced the pump?"), Attachment(notes, notes.name))), crashed))
    library = assistant.library.get()
    assert library.sources(crashed.id)
    after = make_assistant(saying({"pump": "Dana."}), library=assistant.library, originals=again(originals))
    after.files.forget_left_behind()
    assert library.sources(crashed.id) == {}
    assert after.files.original(crashed, digest(notes)) is None
    assistant.close()


def test_what_is_kept_by_an_earlier_run_stays_with_its_evidence(tmp_path: Path, originals: Originals) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Dana serviced the pump in March.")
    kept, passing = Conversation(), Conversation()
    assistant = make_assistant(saying({"pump": "Dana."}), originals=originals)
    for conversation in (kept, passing):
        list(assistant.answer(Turn((Text("Who serviced the pump?"), Attachment(notes, notes.name))), conversation))
    after = make_assistant(saying({"pump": "Dana."}), library=assistant.library, originals=again(originals))
    after.files.forget_left_behind(lambda conversation: conversation == kept.id)
    library = assistant.library.get()
    assert list(library.sources(kept.id).values()) == ["notes.txt"]
    assert after.files.original(kept, digest(notes)) is not None
    assert library.sources(passing.id) == {}
    assert after.files.original(passing, digest(notes)) is None
    assistant.close()


def test_what_cannot_be_kept_fails_the_turn_in_words(tmp_path: Path, report: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Dana serviced the pump in March.")
    assistant = make_assistant(saying({"pump": "Dana."}), originals=Originals(report))
    *_, last = assistant.answer(Turn((Text("Who serviced the pump?"), Attachment(notes, notes.name))), Conversation())
    assert isinstance(last, Failed)
    assert "cannot keep notes.txt" in last.message


def test_a_locked_file_is_opened_by_its_password_and_its_page_is_shown_as_words(
    tmp_path: Path, originals: Originals
) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_encryption("owner", "open sesame")
    pdf.set_font("helvetica", size=12)
    pdf.add_page()
    pdf.multi_cell(0, 8, "Dana serviced the pump in March.")
    pdf.output(str(tmp_path / "locked.pdf"))
    assistant = make_assistant(saying({"pump": "Dana serviced the pump in March."}), originals=originals)
    conversation = Conversation()
    told = []
    for password in ("", "wrong", "open sesame"):
        file = Attachment(tmp_path / "locked.pdf", "locked.pdf", password=password)
        *_, last = assistant.answer(Turn((Text("Who serviced the pump?"), file)), conversation)
        told.append(last)
    assert [isinstance(one, Failed) and one.locked for one in told] == [True, True, False]
    assert isinstance(told[-1], Done)
    (citation,) = told[-1].answer.citations
    kept = assistant.files.original(conversation, citation.source_id)
    assert kept is not None
    assert isinstance(citation.location, Page)
    with pytest.raises(BadInput, match="locked with a password, which I do not keep"):
        page_picture(kept, citation.location)
    assistant.close()


def test_without_originals_nothing_is_kept(tmp_path: Path) -> None:
    assistant: Assistant = make_assistant(saying({"": "Hello."}))
    assert assistant.files.original(Conversation(), SOURCE) is None
    assistant.files.forget_left_behind()


def again(originals: Originals) -> Originals:
    """The same folder as a new run finds it."""
    return Originals(originals._folder)


def make_picture(path: Path) -> Path:
    from PIL import Image

    Image.new("RGB", (60, 40), "white").save(path)
    return path
