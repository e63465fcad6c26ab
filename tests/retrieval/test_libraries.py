"""Named libraries as a page needs them: what comes in is kept, what is locked waits, what is another's is not there."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.ports.named_libraries import Failure, Job, JobProgress, NamedLibraries
from assistant.values.errors import BadInput, LibraryError
from assistant.values.evidence import Document, Page, PagesRead, Passage
from assistant.values.messages import as_message, say
from retrieval.catalogue import Catalogue
from retrieval.journal import Incoming
from retrieval.libraries import Libraries, check_free, without_models
from retrieval.library import ChromaLibrary
from retrieval.web_page import WebPage
from tests.retrieval.test_jobs import read_lines
from tests.support.bag_of_words import BagOfWords

PAGE = WebPage("https://example.org/moat", "example.org/moat", "text/html", b"The moat is deep.")


class LibrariesFolder:
    """Libraries over a folder, which can be left as a kill leaves them and entered again."""

    def __init__(self, folder: Path, web_pages: bool = True) -> None:
        self.folder = folder
        self.embedder = BagOfWords(64)
        self.library = ChromaLibrary(folder, self.embedder)
        self.libraries = Libraries(folder, lambda: self.library, read_lines, web_pages=web_pages, fetch=lambda _: PAGE)
        self.named_libraries: NamedLibraries = self.libraries

    def ended(self, job: Job, owner: str = "me") -> JobProgress:
        end = time.monotonic() + 20
        while (now := self.named_libraries.progress(owner, job.id)).state == "running":
            assert time.monotonic() < end, now
            time.sleep(0.01)
        return now

    def add(self, library: str, *texts: str, **how: bool | str) -> Job:
        """Files that are gone as soon as they have been handed over, as uploads may be."""
        files = []
        for number, text in enumerate(texts):
            path = self.folder.parent / f"upload-{number}.txt"
            path.write_text(text, encoding="utf-8")
            files.append((path, f"{number}.txt"))
        job = self.named_libraries.add_files("me", library, files, **how)  # type: ignore[arg-type]
        for path, _ in files:
            path.unlink()
        return job

    def names(self, library: str, owner: str = "me") -> list[str]:
        return [file.name for file in self.named_libraries.files(owner, library)]

    def found(self, question: str, library: str) -> list[str]:
        return [hit.content for hit in self.library.search(question, self.libraries.scopes_of("me", [library]))]

    def waiting(self) -> list[Path]:
        folder = self.libraries.incoming
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def close(self) -> None:
        self.libraries.close()
        self.library.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LibrariesFolder]:
    made = LibrariesFolder(tmp_path / "data")
    yield made
    made.close()


def test_uploads_are_copied_before_the_call_returns_and_kept_with_the_library(house: LibrariesFolder) -> None:
    library = house.named_libraries.make("me", "Papers")
    house.ended(house.add(library.id, "Lions sleep.", "Zebras run."))
    assert house.names(library.id) == ["0.txt", "1.txt"]
    assert house.found("lions", library.id) == ["Lions sleep."]
    kept = [
        house.libraries.originals.find(library.scope, file.source_id)
        for file in house.named_libraries.files("me", library.id)
    ]
    assert [path.read_text(encoding="utf-8") for path in kept if path] == ["Lions sleep.", "Zebras run."]
    assert house.waiting() == []
    assert house.named_libraries.libraries("me")[0].files == 2


def test_text_and_a_web_page_are_added_by_what_they_say(house: LibrariesFolder) -> None:
    library = house.named_libraries.make("me", "Papers")
    house.ended(house.named_libraries.add_text("me", library.id, "On lions", "Lions sleep."))
    house.ended(house.named_libraries.add_address("me", library.id, " https://example.org/moat "))
    (_, page) = house.named_libraries.files("me", library.id)
    assert house.names(library.id) == ["On lions.txt", "example.org/moat"]
    assert page.origins == ("https://example.org/moat",)
    with pytest.raises(BadInput, match="no text to add"):
        house.named_libraries.add_text("me", library.id, "Nothing", " ")
    with pytest.raises(BadInput, match="no files to add"):
        house.named_libraries.add_files("me", library.id, [])


def test_where_web_pages_are_not_allowed_none_is_fetched(tmp_path: Path) -> None:
    house = LibrariesFolder(tmp_path / "data", web_pages=False)
    try:
        library = house.named_libraries.make("me", "Papers")
        assert not house.named_libraries.web_pages
        with pytest.raises(BadInput, match="only when that is allowed"):
            house.named_libraries.add_address("me", library.id, "https://example.org/moat")
    finally:
        house.close()


def test_two_files_of_one_name_stay_unless_the_new_one_is_to_replace_the_old(house: LibrariesFolder) -> None:
    library = house.named_libraries.make("me", "Papers")
    house.ended(house.add(library.id, "The rent is 900 euros."))
    house.ended(house.add(library.id, "The rent is 950 euros."))
    assert house.names(library.id) == ["0.txt", "0.txt"]
    house.ended(house.add(library.id, "The rent is 1000 euros.", replace=True))
    assert house.names(library.id) == ["0.txt"]
    assert house.found("rent", library.id) == ["The rent is 1000 euros."]
    house.ended(house.add(library.id, "broken rent", replace=True))
    assert house.found("rent", library.id) == ["The rent is 1000 euros."]


def test_a_locked_file_waits_for_its_password_and_its_copy_with_it(house: LibrariesFolder) -> None:
    library = house.named_libraries.make("me", "Papers")
    job = house.add(library.id, "locked lions", "Zebras run.")
    assert house.ended(job) == JobProgress("done", 2, 1, 0, 0, locked=1)
    assert house.named_libraries.failures("me", job.id) == [Failure("0.txt", "0.txt is locked.", True)]
    assert len(house.waiting()) == 1
    house.named_libraries.unlock("me", job.id, "wrong")
    assert house.ended(job).locked == 1
    assert house.named_libraries.failures("me", job.id) == [Failure("0.txt", "The password does not open 0.txt.", True)]
    house.named_libraries.unlock("me", job.id, "sesame")
    assert house.ended(job) == JobProgress("done", 2, 2, 0, 0)
    assert (house.names(library.id), house.waiting()) == (["1.txt", "0.txt"], [])
    with pytest.raises(BadInput, match="No file of this job waits for a password"):
        house.named_libraries.unlock("me", job.id, "sesame")


def test_a_job_is_not_done_while_a_file_of_it_waits(house: LibrariesFolder) -> None:
    library = house.named_libraries.make("me", "Papers")
    journal = house.libraries.journal
    job = journal.begin(library, [Incoming(Path("a.txt"), "a.txt")])
    assert not journal.finish(job)
    (task,) = journal.tasks(job)
    journal.end_task(job, task, "locked")
    assert (journal.unlock(job), journal.finish(job)) == (1, False)
    journal.end_task(job, task, "filed")
    assert (journal.finish(job), journal.get("me", job.id).state) == (True, "done")


def test_a_password_given_with_the_files_opens_them_and_is_written_nowhere(house: LibrariesFolder) -> None:
    library = house.named_libraries.make("me", "Papers")
    assert house.ended(house.add(library.id, "locked lions", password="sesame")).filed == 1
    for file in house.folder.rglob("*"):
        assert b"sesame" not in (file.read_bytes() if file.is_file() else b""), file


def test_a_password_does_not_outlive_the_program(tmp_path: Path) -> None:
    busy = threading.Event()
    busy.set()
    house = LibrariesFolder(tmp_path / "data")
    house.libraries = house.named_libraries = Libraries(
        house.folder, lambda: house.library, read_lines, busy.is_set
    )  # fmt: skip
    library = house.named_libraries.make("me", "Papers")
    job = house.add(library.id, "locked lions", password="sesame")
    house.close()  # before the file was read
    again = LibrariesFolder(tmp_path / "data")
    try:
        again.libraries.open()
        assert again.ended(job).locked == 1
        again.named_libraries.unlock("me", job.id, "sesame")
        assert again.ended(job).filed == 1
    finally:
        again.close()


def test_what_is_told_of_an_ended_job_goes_with_it_when_it_is_dismissed(house: LibrariesFolder) -> None:
    library = house.named_libraries.make("me", "Papers")
    job = house.add(library.id, "locked lions", "broken")
    house.ended(job)
    house.named_libraries.dismiss("me", job.id)
    assert (house.named_libraries.jobs("me"), house.waiting()) == ([], [])
    with pytest.raises(BadInput, match="no such job"):
        house.named_libraries.failures("me", job.id)


def test_a_job_that_goes_on_cannot_be_dismissed_and_a_cancelled_one_leaves_no_copies(tmp_path: Path) -> None:
    busy = threading.Event()
    busy.set()
    house = LibrariesFolder(tmp_path / "data")
    house.libraries = house.named_libraries = Libraries(house.folder, lambda: house.library, read_lines, busy.is_set)
    try:
        library = house.named_libraries.make("me", "Papers")
        job = house.add(library.id, "Lions sleep.", "Zebras run.")
        with pytest.raises(BadInput, match="Cancel that first"):
            house.named_libraries.dismiss("me", job.id)
        house.named_libraries.pause("me", job.id)
        assert house.ended(job).state == "paused"
        assert len(house.waiting()) == 2
        house.named_libraries.cancel("me", job.id)
        assert house.waiting() == []
        busy.clear()
        house.named_libraries.resume("me", job.id)
        assert (house.ended(job).state, house.names(library.id)) == ("cancelled", [])
    finally:
        house.close()


def test_copies_that_a_killed_run_left_go_and_those_that_a_job_needs_stay(tmp_path: Path) -> None:
    busy = threading.Event()
    busy.set()
    house = LibrariesFolder(tmp_path / "data")
    house.libraries = house.named_libraries = Libraries(house.folder, lambda: house.library, read_lines, busy.is_set)
    library = house.named_libraries.make("me", "Papers")
    job = house.add(library.id, "Lions sleep.")
    house.close()
    (house.libraries.incoming / "orphan.txt").write_text("left", encoding="utf-8")
    again = LibrariesFolder(tmp_path / "data")
    try:
        again.libraries.open()
        assert again.ended(job).filed == 1
        assert (again.names(library.id), again.waiting()) == (["0.txt"], [])
        again.libraries.open()
        assert again.named_libraries.jobs("me") == []  # it ended with nothing to tell
    finally:
        again.close()


def test_what_is_removed_while_something_is_filed_is_gone_before_that_has_ended(tmp_path: Path) -> None:
    house = LibrariesFolder(tmp_path / "data")
    slow = SlowWords(64)
    try:
        library = house.named_libraries.make("me", "Papers")
        house.ended(house.add(library.id, "Lions sleep."))
        (lions,) = house.named_libraries.files("me", library.id)
        house.library._embedder = slow
        job = house.add(library.id, "\n".join(f"Flat {number} has windows." for number in range(300)))
        assert slow.begun.wait(10)
        house.named_libraries.remove_file("me", library.id, lions.source_id)
        slow.go.set()
        end = time.monotonic() + 10
        while lions.source_id in house.library.sources(library.scope):
            assert time.monotonic() < end
            assert house.named_libraries.progress("me", job.id).state == "running"
        assert house.named_libraries.progress("me", job.id).state == "running"
        slow.rest.set()
        assert house.ended(job).filed == 1
    finally:
        slow.rest.set()
        house.close()


def test_a_job_that_is_cancelled_in_the_middle_of_a_file_leaves_no_pieces_of_it(tmp_path: Path) -> None:
    house = LibrariesFolder(tmp_path / "data")
    slow = SlowWords(64, at=9)  # by then the first 500 pieces are written
    try:
        library = house.named_libraries.make("me", "Papers")
        house.library._embedder = slow
        job = house.add(library.id, "\n".join(f"Flat {number} has windows." for number in range(700)))
        assert slow.begun.wait(20)
        assert house.library._store._pieces.count() == 500
        house.named_libraries.cancel("me", job.id)
        slow.go.set()
        slow.rest.set()
        end = time.monotonic() + 10
        while house.library._store._pieces.count():
            assert time.monotonic() < end
            time.sleep(0.01)
    finally:
        slow.rest.set()
        house.close()


class SlowWords(BagOfWords):
    """Waits at its batch number `at` for `go`, and at every later one for `rest`."""

    def __init__(self, dimensions: int, at: int = 1) -> None:
        super().__init__(dimensions)
        self.begun, self.go, self.rest = threading.Event(), threading.Event(), threading.Event()
        self._left = at

    def embed_passages(self, texts: Sequence[str]):
        self._left -= 1
        if self._left <= 0:
            self.begun.set()
            assert (self.go if self._left == 0 else self.rest).wait(10)
        return super().embed_passages(texts)


def test_the_same_bytes_removed_and_added_again_are_found(house: LibrariesFolder) -> None:
    library = house.named_libraries.make("me", "Papers")
    for _ in range(3):
        house.ended(house.add(library.id, "Lions sleep."))
        (lions,) = house.named_libraries.files("me", library.id)
        assert house.found("lions", library.id) == ["Lions sleep."]
        house.named_libraries.remove_file("me", library.id, lions.source_id)
        assert house.found("lions", library.id) == []


def test_a_removed_library_takes_its_jobs_along(house: LibrariesFolder) -> None:
    library = house.named_libraries.make("me", "Papers")
    job = house.add(library.id, "locked lions", "Zebras run.")
    house.ended(job)
    house.named_libraries.remove("me", library.id)
    assert (house.named_libraries.libraries("me"), house.named_libraries.jobs("me"), house.waiting()) == ([], [], [])
    assert house.library.beginning(library.scope) == []
    assert house.libraries.scopes_of("me", [library.id]) == ()


def test_no_door_opens_for_a_second_owner(house: LibrariesFolder, tmp_path: Path) -> None:
    mine = house.named_libraries.make("me", "Secret plans")
    job = house.add(mine.id, "The vault opens at noon.", "locked vault").id
    house.ended(house.named_libraries.jobs("me")[0])
    (file,) = house.named_libraries.files("me", mine.id)
    upload = tmp_path / "theirs.txt"
    upload.write_text("Theirs.", encoding="utf-8")
    named_libraries = house.named_libraries
    doors: list[Callable[[], object]] = [
        lambda: named_libraries.find("you", "Secret plans"),
        lambda: named_libraries.files("you", mine.id),
        lambda: named_libraries.rename("you", mine.id, "Yours"),
        lambda: named_libraries.remove("you", mine.id),
        lambda: named_libraries.add_files("you", mine.id, [(upload, "theirs.txt")]),
        lambda: named_libraries.add_text("you", mine.id, "Theirs", "Theirs."),
        lambda: named_libraries.add_address("you", mine.id, "https://example.org/moat"),
        lambda: named_libraries.remove_file("you", mine.id, file.source_id),
        lambda: named_libraries.progress("you", job),
        lambda: named_libraries.failures("you", job),
        lambda: named_libraries.pause("you", job),
        lambda: named_libraries.resume("you", job),
        lambda: named_libraries.cancel("you", job),
        lambda: named_libraries.unlock("you", job, "sesame"),
        lambda: named_libraries.dismiss("you", job),
    ]
    for door in doors:
        with pytest.raises(BadInput) as told:
            door()
        for secret in ("vault", "0.txt", "Secret plans is", str(tmp_path), mine.id):
            assert secret not in str(told.value)
    assert (named_libraries.libraries("you"), named_libraries.jobs("you"), named_libraries.jobs("you", mine.id)) == (
        [],
        [],
        [],
    )
    assert house.libraries.scopes_of("you", [mine.id]) == ()
    yours = named_libraries.make("you", "Secret plans")
    assert named_libraries.files("you", yours.id) == []
    named_libraries.remove_file("you", yours.id, file.source_id)  # of mine it takes nothing
    assert house.found("vault", mine.id) == ["The vault opens at noon."]
    assert (house.names(mine.id), len(house.waiting())) == (["0.txt"], 1)
    named_libraries.unlock("me", job, "sesame")
    assert house.ended(named_libraries.jobs("me")[0]).filed == 2


def test_pages_that_were_not_simply_read_are_told_and_older_stores_know_none(tmp_path: Path) -> None:
    house = LibrariesFolder(tmp_path / "data")
    try:
        library = house.named_libraries.make("me", "Papers")
        pages = (PagesRead(2, 4, "ocr"), PagesRead(5, 5, "unread"))
        scan = Document(
            "a" * 64,
            "scan.pdf",
            "text",
            (Passage("Total 593.10", Page(2)),),
            5,
            (as_message("Page 5 is empty."),),
            pages=pages,
        )
        house.libraries.catalogue.add_file(library, scan, "", 100)
        assert house.named_libraries.files("me", library.id)[0].pages == pages
    finally:
        house.close()
    ledger = sqlite3.connect(tmp_path / "data" / "ledger.sqlite3")
    with ledger:
        ledger.execute("ALTER TABLE files DROP COLUMN pages")
    ledger.close()
    older = LibrariesFolder(tmp_path / "data")
    try:
        assert [(file.name, file.pages) for file in older.named_libraries.files("me", library.id)] == [("scan.pdf", ())]
    finally:
        older.close()


def test_what_is_kept_of_a_file_can_be_said_in_another_language(tmp_path: Path) -> None:
    house = LibrariesFolder(tmp_path / "data")
    try:
        library = house.named_libraries.make("me", "Papers")
        note = say("Page {number} is a scan; I read it by OCR.", number=5)
        scan = Document("a" * 64, "scan.pdf", "text", (Passage("Total", Page(2)),), 5, (note, as_message("Old words.")))
        house.libraries.catalogue.add_file(library, scan, "", 100)
        told = house.named_libraries.files("me", library.id)[0].notes
        assert [(one, one.id) for one in told] == [(note, note.id), ("Old words.", "")]
    finally:
        house.close()


def test_a_folder_in_use_is_told_before_anything_is_loaded(house: LibrariesFolder) -> None:
    with pytest.raises(LibraryError, match="If its page is open, add and remove files there"):
        check_free(house.folder)


def test_what_is_there_can_be_removed_where_no_model_is_to_be_had(tmp_path: Path) -> None:
    house = LibrariesFolder(tmp_path / "data")
    library = house.named_libraries.make("me", "Papers")
    house.ended(house.add(library.id, "Lions sleep.", "Zebras run."))
    (lions, _) = house.named_libraries.files("me", library.id)
    house.close()
    check_free(house.folder)
    with without_models(house.folder) as opened:
        libraries = Libraries(house.folder, lambda: opened, read_lines)
        libraries.remove_file("me", library.id, lions.source_id)
        libraries.close()
    again = LibrariesFolder(tmp_path / "data")
    try:
        assert again.found("lions sleep zebras run", library.id) == ["Zebras run."]
        assert [known.name for known in again.library._store._client.list_collections()] == ["medley-bag-of-words-64"]
    finally:
        again.close()
    with without_models(tmp_path / "nothing yet") as empty:
        assert empty.sources("a") == {}


def test_the_catalogue_can_be_asked_while_another_process_has_the_folder(house: LibrariesFolder) -> None:
    house.named_libraries.make("me", "Papers")
    other = Libraries(house.folder, without_models_here, read_lines)
    try:
        assert [library.name for library in other.libraries("me")] == ["Papers"]
        assert isinstance(other.catalogue, Catalogue)
    finally:
        other.close()


def without_models_here() -> ChromaLibrary:
    raise AssertionError("asking needs no library")
