"""Filing as a job: it can be watched, paused, cancelled and killed, and nothing is lost or there twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.media import digest
from assistant.ports.embedding import Vectors
from assistant.ports.named_libraries import Failure, JobProgress
from assistant.storage.originals import Originals
from assistant.storage.sqlite_store import SqliteStore
from assistant.values.errors import BadInput, Locked
from assistant.values.events import Status
from assistant.values.evidence import Document, Page, Passage
from assistant.values.messages import as_message
from retrieval.catalogue import Catalogue
from retrieval.gathering import from_paths, from_text
from retrieval.jobs import PATIENCE, Ingestion, Read
from retrieval.journal import Journal
from retrieval.library import ChromaLibrary
from tests.support.bag_of_words import BagOfWords

KILLS = int(os.environ.get("MEDLEY_TEST_KILLS", "6"))
FILES = 40


def read_lines(path: Path, name: str, password: str) -> Generator[Status, None, Document]:
    """Every line a page; “broken” in a file breaks the reading of it, “locked” asks for the password “sesame”."""
    yield Status("reading", as_message(f"Reading {name}"))
    text = path.read_text(encoding="utf-8")
    if "locked" in text and password != "sesame":
        raise Locked(f"{name} is locked." if not password else f"The password does not open {name}.")
    if "faulty" in text:
        raise ValueError("the secret of the machine")
    if "broken" in text:
        raise BadInput(f"{name} is damaged.")
    passages = tuple(Passage(line, Page(number)) for number, line in enumerate(text.splitlines(), 1))
    return Document("", name, "text", passages, units=len(passages))


class LibraryWithJobs:
    """A library in a folder with everything around it; `busy` can be switched on."""

    def __init__(
        self, folder: Path, busy: Callable[[], bool] | None = None, read: Read | None = None, patience: float = PATIENCE
    ) -> None:
        self.embedder = BagOfWords(64)
        self.library = ChromaLibrary(folder, self.embedder)
        self.sqlite = SqliteStore(folder)
        self.catalogue = Catalogue(self.sqlite)
        self.journal = Journal(self.sqlite)
        self.originals = Originals(folder / "originals")
        self.busy = threading.Event()
        self.jobs = Ingestion(
            lambda: self.library, self.catalogue, self.journal, read or read_lines, self.originals,
            busy or self.busy.is_set, patience,
        )  # fmt: skip

    def file(self, name: str, *paths: Path, owner: str = "me") -> JobProgress:
        """Files these and waits for the end."""
        job = self.jobs.start(self.catalogue.find_or_make(owner, name), from_paths(paths))
        return self.ended(job.id, owner)

    def ended(self, job: str, owner: str = "me") -> JobProgress:
        return self.until(lambda: self.jobs.progress(owner, job), lambda now: now.state != "running")

    def until(self, look: Callable[[], JobProgress], enough: Callable[[JobProgress], bool]) -> JobProgress:
        end = time.monotonic() + 30
        while not enough(now := look()):
            assert time.monotonic() < end, now
            time.sleep(0.01)
        return now

    def found(self, question: str, name: str, owner: str = "me") -> list[str]:
        scope = self.catalogue.find(owner, name).scope
        return [hit.content for hit in self.library.search(question, scope)]

    def names(self, name: str, owner: str = "me") -> list[str]:
        return [file.name for file in self.catalogue.files(owner, self.catalogue.find(owner, name).id)]

    def close(self) -> None:
        self.jobs.close()
        self.sqlite.close()
        self.library.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LibraryWithJobs]:
    made = LibraryWithJobs(tmp_path / "data")
    yield made
    made.close()


def written(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_is_filed_with_its_names_sizes_and_pages(house: LibraryWithJobs, tmp_path: Path) -> None:
    folder = written(tmp_path / "in", lease="The rent is due in May.\nNo dogs.", note="Zebras are striped.")
    written(folder / "deep", moat="The castle has a moat.")
    written(folder / ".git", secret="The moat is secret.")
    (folder / ".hidden").write_text("hidden", encoding="utf-8")
    assert house.file("Papers", folder) == JobProgress("done", 3, 3, 0, 0)
    (lease, _, moat) = house.catalogue.files("me", house.catalogue.find("me", "Papers").id)
    assert (lease.name, lease.bytes, lease.units, lease.medium) == ("lease.txt", 32, 2, "text")
    assert (moat.name, moat.origins) == ("deep/moat.txt", (str(folder / "deep" / "moat.txt"),))
    assert house.found("moat", "Papers") == ["The castle has a moat."]
    kept = house.originals.find(house.catalogue.find("me", "Papers").scope, lease.source_id)
    assert kept is not None
    assert kept.read_text(encoding="utf-8") == "The rent is due in May.\nNo dogs."


def test_the_same_content_is_kept_once(house: LibraryWithJobs, tmp_path: Path) -> None:
    folder = written(tmp_path / "in", a="One and the same.", b="One and the same.")
    assert house.file("Papers", folder) == JobProgress("done", 2, 1, 1, 0)
    assert house.file("Papers", folder) == JobProgress("done", 2, 0, 2, 0)
    assert house.embedder.embedded == 1
    assert house.names("Papers") == ["a.txt"]


def test_a_changed_file_replaces_its_old_self(house: LibraryWithJobs, tmp_path: Path) -> None:
    folder = written(tmp_path / "in", lease="The rent is 900 euros.", copy="The rent is 900 euros.")
    house.file("Papers", folder)
    written(folder, lease="The rent is 1000 euros.")
    house.file("Papers", folder)
    assert set(house.found("rent", "Papers")) == {"The rent is 900 euros.", "The rent is 1000 euros."}  # the copy's
    written(folder, copy="The rent is 1000 euros.")
    old = house.catalogue.files("me", house.catalogue.find("me", "Papers").id)[0].source_id
    house.file("Papers", folder)
    house.jobs.clear()
    assert house.found("rent", "Papers") == ["The rent is 1000 euros."]
    assert house.originals.find(house.catalogue.find("me", "Papers").scope, old) is None


def test_the_old_self_stays_where_the_new_one_cannot_be_read(house: LibraryWithJobs, tmp_path: Path) -> None:
    folder = written(tmp_path / "in", lease="The rent is 900 euros.")
    house.file("Papers", folder)
    written(folder, lease="broken rent")
    assert house.file("Papers", folder) == JobProgress("done", 1, 0, 0, 1)
    assert house.found("rent", "Papers") == ["The rent is 900 euros."]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_filed(house: LibraryWithJobs, tmp_path: Path) -> None:
    folder = written(tmp_path / "in", a="broken", b="Whole.", c="")
    job = house.jobs.start(house.catalogue.make("me", "Papers"), from_paths([folder]))
    assert house.ended(job.id) == JobProgress("done", 3, 1, 0, 2)
    assert house.jobs.failures("me", job.id) == [
        Failure("a.txt", "a.txt is damaged."), Failure("c.txt", "I found nothing to read in c.txt."),
    ]  # fmt: skip


def test_a_reader_that_fails_unexpectedly_fails_for_one_file_and_the_log_has_why(
    house: LibraryWithJobs, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = written(tmp_path / "in", a="faulty", b="Whole.")
    job = house.jobs.start(house.catalogue.make("me", "Papers"), from_paths([folder]))
    assert house.ended(job.id) == JobProgress("done", 2, 1, 0, 1)
    (failure,) = house.jobs.failures("me", job.id)
    assert failure == Failure("a.txt", "Something unexpected went wrong; the log has it whole.")
    assert "the secret of the machine" in caplog.text


def test_pasted_text_is_filed_and_its_passing_file_goes(house: LibraryWithJobs, tmp_path: Path) -> None:
    library = house.catalogue.make("me", "Papers")
    pasted = from_text("Lions sleep a lot.", "On lions", tmp_path / "incoming")
    house.ended(house.jobs.start(library, [pasted]).id)
    assert house.names("Papers") == ["On lions.txt"]
    assert house.found("lions", "Papers") == ["Lions sleep a lot."]
    assert list((tmp_path / "incoming").iterdir()) == []


def test_what_is_removed_leaves_no_vectors_and_no_original(house: LibraryWithJobs, tmp_path: Path) -> None:
    folder = written(tmp_path / "in", a="Lions sleep.", b="Zebras run.")
    house.file("Papers", folder)
    library = house.catalogue.find("me", "Papers")
    lion = digest(folder / "a.txt")
    house.jobs.remove_file("me", library.id, lion)
    assert (house.found("lions", "Papers"), house.names("Papers")) == ([], ["b.txt"])
    assert house.originals.find(library.scope, lion) is None
    house.jobs.remove("me", library.id)
    assert house.catalogue.libraries("me") == []
    assert house.library.sources(library.scope) == {}
    assert house.originals.find(library.scope, digest(folder / "b.txt")) is None
    assert house.file("Papers", folder) == JobProgress("done", 2, 2, 0, 0)


def test_a_paused_job_goes_on_where_it_was_and_a_cancelled_one_does_not(house: LibraryWithJobs, tmp_path: Path) -> None:
    folder = written(tmp_path / "in", **{f"f{number}": f"Flat {number}." for number in range(30)})
    job = house.jobs.start(house.catalogue.make("me", "Papers"), from_paths([folder])).id
    house.until(lambda: house.jobs.progress("me", job), lambda now: now.filed > 1)
    house.jobs.pause("me", job)
    assert house.ended(job).state == "paused"
    house.jobs.resume("me", job)
    assert house.ended(job) == JobProgress("done", 30, 30, 0, 0)
    other = house.jobs.start(house.catalogue.make("me", "Others"), from_paths([folder])).id
    house.jobs.cancel("me", other)
    house.jobs.resume("me", other)
    assert house.ended(other).state == "cancelled"
    assert len(house.names("Papers")) == 30


def test_a_job_waits_while_a_turn_is_being_answered(house: LibraryWithJobs, tmp_path: Path) -> None:
    house.busy.set()
    job = house.jobs.start(house.catalogue.make("me", "Papers"), from_paths([written(tmp_path / "in", a="Lions.")])).id
    time.sleep(0.3)
    assert house.jobs.progress("me", job).done == 0
    house.busy.clear()
    assert house.ended(job).filed == 1


def test_progress_tells_file_and_page(tmp_path: Path) -> None:
    seen: list[str] = []

    def look() -> bool:
        """Asked between any two steps of the work."""
        (job,) = house.journal.jobs("me")  # type: ignore[attr-defined]
        seen.append(house.jobs.progress("me", job.id).doing)  # type: ignore[attr-defined]
        return False

    house = LibraryWithJobs(tmp_path / "data", look)
    long = "\n".join(f"Flat {number} has windows." for number in range(300))
    try:
        house.file("Papers", written(tmp_path / "in", long=long))
    finally:
        house.close()
    assert "Reading long.txt" in seen
    assert "long.txt, page 128 of 300" in seen


def test_what_one_owner_has_does_not_exist_for_another(house: LibraryWithJobs, tmp_path: Path) -> None:
    mine = house.catalogue.make("me", "Secret plans")
    job = house.jobs.start(mine, from_paths([written(tmp_path / "in", a="The vault opens at noon.", b="broken")])).id
    house.ended(job)
    (file,) = house.catalogue.files("me", mine.id)
    doors: list[Callable[[], object]] = [
        lambda: house.catalogue.find("you", "Secret plans"),
        lambda: house.catalogue.get("you", mine.id),
        lambda: house.catalogue.files("you", mine.id),
        lambda: house.catalogue.rename("you", mine.id, "Yours"),
        lambda: house.jobs.remove_file("you", mine.id, file.source_id),
        lambda: house.jobs.remove("you", mine.id),
        lambda: house.jobs.progress("you", job),
        lambda: house.jobs.failures("you", job),
        lambda: house.jobs.pause("you", job),
        lambda: house.jobs.resume("you", job),
        lambda: house.jobs.cancel("you", job),
        lambda: house.jobs.unlock("you", job, "sesame"),
        lambda: house.jobs.dismiss("you", job),
    ]
    for door in doors:
        with pytest.raises(BadInput) as told:
            door()
        for secret in ("vault", "a.txt", str(tmp_path), mine.id):
            assert secret not in str(told.value)
    assert house.catalogue.libraries("you") == []
    yours = house.catalogue.make("you", "Secret plans")  # the same name, and nothing else in common
    assert yours.scope != mine.scope
    assert house.found("vault noon", "Secret plans", owner="you") == []
    assert house.library.search("vault", yours.scope, within=[file.source_id]) == []
    assert house.library.beginning(yours.scope) == []
    assert house.originals.find(yours.scope, file.source_id) is None
    with pytest.raises(BadInput, match=r"There is none yet\.$"):
        house.catalogue.find("somebody", "Secret plans")
    assert house.found("vault noon", "Secret plans") == ["The vault opens at noon."]


def test_names_are_checked(house: LibraryWithJobs) -> None:
    library = house.catalogue.make("me", "  My   papers ")
    assert library.name == "My papers"
    house.catalogue.rename("me", library.id, "My papers")
    house.catalogue.rename("me", library.id, "../../etc'; DROP TABLE libraries; --")
    (renamed,) = house.catalogue.libraries("me")
    assert renamed.scope == library.scope
    for name in ("", " ", "x" * 200, "a\0b"):
        with pytest.raises(BadInput, match="1 to 100 characters"):
            house.catalogue.make("me", name)
    with pytest.raises(BadInput, match="already"):
        house.catalogue.make("me", renamed.name)


def test_another_embedding_model_is_moved_to_before_anything_is_filed(tmp_path: Path) -> None:
    with ChromaLibrary(tmp_path / "data", BagOfWords(128)) as before:
        before.add(Document("a" * 64, "old.pdf", "text", (Passage("Lions sleep.", Page(1)),)), "old")
    house = LibraryWithJobs(tmp_path / "data")
    try:
        house.file("Papers", written(tmp_path / "in", a="Zebras run."))
        assert house.library.search("lions", "old")[0].source == "old.pdf"
    finally:
        house.close()


def test_another_embedding_model_is_moved_to_at_the_start_though_nothing_is_to_be_filed(tmp_path: Path) -> None:
    with ChromaLibrary(tmp_path / "data", BagOfWords(128)) as before:
        before.add(Document("a" * 64, "old.pdf", "text", (Passage("Lions sleep.", Page(1)),)), "old")
    house = LibraryWithJobs(tmp_path / "data")
    try:
        assert not house.library.search("lions", "old")
        house.jobs.go_on()
        end = time.monotonic() + 30
        while house.library.outdated():
            assert time.monotonic() < end
            time.sleep(0.01)
        assert house.library.search("lions", "old")[0].source == "old.pdf"
    finally:
        house.close()


def test_files_are_taken_in_though_the_library_could_not_be_read_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with ChromaLibrary(tmp_path / "data", BagOfWords(128)) as before:
        before.add(Document("a" * 64, "old.pdf", "text", (Passage("Lions sleep.", Page(1)),)), "old")
    house = LibraryWithJobs(tmp_path / "data")
    embed = house.embedder.embed_passages

    def fails_once(texts: Sequence[str]) -> Vectors:
        house.embedder.embed_passages = embed  # type: ignore[method-assign]
        raise ValueError("a fault of the model")

    house.embedder.embed_passages = fails_once  # type: ignore[method-assign]
    try:
        assert house.file("Papers", written(tmp_path / "in", a="Zebras run.")).filed == 1
        assert house.library.search("lions", "old")[0].source == "old.pdf"
    finally:
        house.close()
    assert "could not be read anew" in caplog.text


@pytest.mark.parametrize("moment", range(KILLS))
def test_a_killed_job_goes_on_without_loss_or_doubles(tmp_path: Path, moment: int) -> None:
    texts = {
        f"f{number:02}": f"Flat {number} has {number} windows.\nIt is let to tenant {number}."
        for number in range(FILES)
    }
    folder = written(tmp_path / "in", **texts)
    program = (
        "import sys, time; from pathlib import Path\n"
        "from tests.retrieval.test_jobs import LibraryWithJobs, from_paths\n"
        "house = LibraryWithJobs(Path(sys.argv[1]))\n"
        "job = house.jobs.start(house.catalogue.make('me', 'Papers'), from_paths([Path(sys.argv[2])]))\n"
        "print(job.id, flush=True)\n"
        "while True:\n"
        "    print(house.jobs.progress('me', job.id).done, flush=True)\n"
        "    time.sleep(0.002)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "data"), str(folder)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    job, acknowledged = child.stdout.readline().strip(), 0
    chance = random.Random(moment)
    until = chance.randint(0, FILES - 2)
    while acknowledged < until:
        acknowledged = int(child.stdout.readline())
    time.sleep(chance.random() * 0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    house = LibraryWithJobs(tmp_path / "data")
    try:
        assert house.jobs.progress("me", job).done >= acknowledged
        house.jobs.go_on()
        ended = house.ended(job)
        assert (ended.files, ended.filed + ended.same, ended.failed) == (FILES, FILES, 0)
        assert sorted(house.names("Papers")) == sorted(f"{name}.txt" for name in texts)
        scope = house.catalogue.find("me", "Papers").scope
        assert sorted(house.library.sources(scope).values()) == sorted(f"{name}.txt" for name in texts)
        pieces = [piece.content for piece in house.library.beginning(scope, limit=1000)]
        assert sorted(pieces) == sorted(line for text in texts.values() for line in text.splitlines())
        for number in range(FILES):
            assert f"Flat {number} has {number} windows." in house.found(f"flat {number} windows", "Papers")[:3]
    finally:
        house.close()


SET_ASIDE = "{} was being read twice when Medley stopped unexpectedly, so it was set aside; remove it or add it again."
DIES = """
import os, signal, sys, time
from pathlib import Path
from tests.retrieval.test_jobs import LibraryWithJobs, from_paths, read_lines

def read(path, name, password):
    if "deadly" in path.read_text(encoding="utf-8"):
        os.kill(os.getpid(), signal.SIGKILL)
    return (yield from read_lines(path, name, password))

house = LibraryWithJobs(Path(sys.argv[1]), read=read)
if not house.journal.jobs("me"):
    house.jobs.start(house.catalogue.make("me", "Papers"), from_paths([Path(sys.argv[2])]))
house.jobs.go_on()
time.sleep(60)
"""


def died(data: Path, folder: Path) -> bool:
    command = [sys.executable, "-c", DIES, str(data), str(folder)]
    return subprocess.run(command, timeout=50, check=False).returncode == -signal.SIGKILL


def test_a_file_that_took_the_program_down_twice_is_set_aside_and_the_others_are_filed(tmp_path: Path) -> None:
    folder = written(tmp_path / "in", a="Whole.", b="deadly", c="Whole, too.")
    assert died(tmp_path / "data", folder)
    assert died(tmp_path / "data", folder)
    seen: list[str] = []

    def read(path: Path, name: str, password: str) -> Generator[Status, None, Document]:
        seen.append(name)
        return (yield from read_lines(path, name, password))

    house = LibraryWithJobs(tmp_path / "data", read=read)
    try:
        (job,) = house.journal.jobs("me")
        house.jobs.go_on()
        assert house.ended(job.id) == JobProgress("done", 3, 2, 0, 1)
        assert house.jobs.failures("me", job.id) == [Failure("b.txt", SET_ASIDE.format("b.txt"))]
        assert (seen, house.names("Papers")) == (["c.txt"], ["a.txt", "c.txt"])
        assert house.file("Papers", folder / "b.txt").filed == 1, "it is the person who tries it again"
    finally:
        house.close()


def test_a_file_that_took_the_program_down_once_is_tried_again(tmp_path: Path) -> None:
    assert died(tmp_path / "data", written(tmp_path / "in", b="deadly"))
    house = LibraryWithJobs(tmp_path / "data")
    try:
        (job,) = house.journal.jobs("me")
        house.jobs.go_on()
        assert house.ended(job.id).filed == 1
    finally:
        house.close()


def slowly(at: threading.Event) -> Read:
    """Tells when it is at a file, and is at it for as long as anybody watches."""

    def read(path: Path, name: str, password: str) -> Generator[Status, None, Document]:
        at.set()
        for _ in range(3000):
            yield Status("reading", as_message(f"Reading {name}"))
            time.sleep(0.01)
        raise AssertionError("nobody stopped it")

    return read


def begun(house: LibraryWithJobs) -> int:
    (job,) = house.journal.jobs("me")
    return house.journal.tasks(job)[0].begun


def test_closing_in_the_middle_of_a_file_is_no_attempt_however_often(tmp_path: Path) -> None:
    folder = written(tmp_path / "in", a="Lions sleep.")
    for number in range(3):
        at = threading.Event()
        house = LibraryWithJobs(tmp_path / "data", read=slowly(at))
        if number == 0:
            house.jobs.start(house.catalogue.make("me", "Papers"), from_paths([folder]))
        house.jobs.go_on()
        assert at.wait(20)
        assert begun(house) == 1
        house.jobs.close()
        assert begun(house) == 0
        house.close()
    house = LibraryWithJobs(tmp_path / "data")
    try:
        (job,) = house.journal.jobs("me")
        house.jobs.go_on()
        assert house.ended(job.id).filed == 1
    finally:
        house.close()


def test_pausing_in_the_middle_of_a_file_is_no_attempt(tmp_path: Path) -> None:
    at = threading.Event()
    house = LibraryWithJobs(tmp_path / "data", read=slowly(at))
    try:
        job = house.jobs.start(
            house.catalogue.make("me", "Papers"), from_paths([written(tmp_path / "in", a="Lions sleep.")])
        )
        assert at.wait(20)
        house.jobs.pause("me", job.id)
        assert begun(house) == 0
        house.jobs.resume("me", job.id)
        end = time.monotonic() + 20
        while begun(house) != 1:
            assert time.monotonic() < end
            time.sleep(0.01)
    finally:
        house.close()


@pytest.mark.parametrize(("patience", "counted"), [(30.0, 0), (0.2, 1)])
def test_who_ends_the_program_while_it_closes_ends_it_over_a_file_only_if_that_is_stuck(
    tmp_path: Path, patience: float, counted: int
) -> None:
    at, over = threading.Event(), threading.Event()

    def read(path: Path, name: str, password: str) -> Generator[Status, None, Document]:
        yield Status("reading", as_message(f"Reading {name}"))
        at.set()
        over.wait(30)
        return (yield from read_lines(path, name, password))

    house = LibraryWithJobs(tmp_path / "data", read=read, patience=patience)
    house.jobs.start(house.catalogue.make("me", "Papers"), from_paths([written(tmp_path / "in", a="Lions sleep.")]))
    assert at.wait(20)
    closing = threading.Thread(target=house.jobs.close)
    closing.start()
    time.sleep(1.0)
    found = begun(house)  # as a kill would leave it now
    over.set()
    closing.join()
    house.close()
    assert found == counted


def test_a_journal_of_before_is_read_and_goes_on(tmp_path: Path) -> None:
    house = LibraryWithJobs(tmp_path / "data")
    house.busy.set()
    job = house.jobs.start(house.catalogue.make("me", "Papers"), from_paths([written(tmp_path / "in", a="Lions.")]))
    house.jobs.close()
    house.sqlite.write("ALTER TABLE tasks DROP COLUMN begun")
    house.close()
    house = LibraryWithJobs(tmp_path / "data")
    try:
        house.jobs.go_on()
        assert house.ended(job.id).filed == 1
    finally:
        house.close()
