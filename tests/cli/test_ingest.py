"""Filling a library: what is gathered from folders, what a person sees of it, and what a turn finds there."""

import io
import subprocess
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image

from assistant.ports.named_libraries import Failure, JobProgress
from assistant.storage.originals import Originals
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.events import Done, Status
from assistant.values.evidence import Document
from assistant.values.parts import Text, Turn
from retrieval.gathering import from_page, from_paths, from_text, is_address
from retrieval.libraries import Libraries
from retrieval.library import ChromaLibrary
from retrieval.web_page import WebPage
from tests.support.fakes import HashedWords, broken, make_assistant, saying
from tests.test_hostile_files import a_pdf
from ui import ingest

ROOT = Path(__file__).parents[2]
PASSWORD = "kestrel-under-the-mat"


@dataclass
class ScriptedJob:
    """Goes through these states, one a look; then Ctrl-C where it says so."""

    steps: list[JobProgress]
    broken: list[Failure] = field(default_factory=list)
    interrupt_at: int = -1
    looked: int = 0
    paused: bool = False

    def progress(self, owner: str, job: str) -> JobProgress:
        self.looked += 1
        if self.looked == self.interrupt_at:
            raise KeyboardInterrupt
        if self.paused:
            return JobProgress("paused", 3, 1, 0, 0)
        return self.steps[min(self.looked, len(self.steps)) - 1]

    def failures(self, owner: str, job: str) -> list[Failure]:
        return self.broken

    def pause(self, owner: str, job: str) -> None:
        self.paused = True

    def watch(self, tty: bool = False) -> tuple[int, str]:
        out = FakeTerminal() if tty else io.StringIO()
        status = ingest.watch(self, "me", "job", "app.py ingest --library Papers", out)
        return status, out.getvalue()


class FakeTerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


RUNNING = JobProgress("running", 3, 1, 0, 0, "lease.pdf, page 3 of 6", 0.5)


def test_lines_tell_each_step_once_and_how_it_ended() -> None:
    assert ScriptedJob([RUNNING, RUNNING, JobProgress("done", 3, 2, 1, 0)]).watch() == (
        0, "1/3 lease.pdf, page 3 of 6\n2 of 3 files added, 1 was in already.\n",
    )  # fmt: skip


def test_a_terminal_gets_a_bar_that_goes_when_it_is_done() -> None:
    _, shown = ScriptedJob([RUNNING, JobProgress("done", 3, 3, 0, 0)]).watch(tty=True)
    assert "████████████░░░░░░░░░░░░ 1/3 lease.pdf" in shown
    assert shown.endswith("\r\033[K3 of 3 files added.\n")


def test_files_that_could_not_be_read_are_named_and_the_status_tells() -> None:
    job = ScriptedJob([JobProgress("done", 3, 2, 0, 1)], [Failure("a.pdf", "a.pdf is damaged.")])
    assert job.watch() == (1, "a.pdf is damaged.\n2 of 3 files added, 1 could not be read.\n")


def test_locked_files_are_named_with_the_command_that_opens_them() -> None:
    job = ScriptedJob([JobProgress("done", 1, 0, 0, 0, locked=1)], [Failure("a.pdf", "a.pdf is locked.", True)])
    status, shown = job.watch()
    assert status == 1
    assert shown.splitlines() == [
        "a.pdf is locked.",
        "0 of 1 file added, 1 locked.",
        "To open what is locked: app.py ingest --library Papers --password PASSWORD",
    ]


def test_ctrl_c_pauses_and_says_how_to_go_on() -> None:
    job = ScriptedJob([RUNNING] * 9, interrupt_at=2)
    status, shown = job.watch()
    assert (status, job.paused) == (130, True)
    assert "Paused with 2 of 3 files to go. To go on: app.py ingest --library Papers\n" in shown


def test_a_job_that_paused_by_itself_says_why() -> None:
    status, shown = ScriptedJob([JobProgress("paused", 3, 1, 0, 0, trouble="The disk is full.")]).watch()
    assert (status, shown) == (1, "The disk is full. To go on: app.py ingest --library Papers\n")


def test_a_folder_gives_its_files_in_order_without_hidden_ones_and_links(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/.hidden", ".git/config", "Ä.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (tmp_path / "in" / "link.txt").symlink_to("/etc/hostname")
    found = from_paths([tmp_path / "in", tmp_path / "in" / "b.txt"])
    assert [file.name for file in found] == ["b.txt", "Ä.txt", "a/z.txt"]
    assert [file.origin for file in found] == [str(file.path) for file in found]
    with pytest.raises(BadInput, match="There is no file or folder"):
        from_paths([tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no files there"):
        from_paths([tmp_path / "empty"])


def test_a_web_page_waits_under_its_address(tmp_path: Path) -> None:
    page = WebPage("https://example.org/moat", "example.org/moat", "text/html", b"<p>The moat is deep.</p>")
    found = from_page(page, "https://example.org/moat", tmp_path)
    assert (found.name, found.origin, found.passing) == ("example.org/moat", "https://example.org/moat", True)
    assert (found.path.suffix, found.path.read_bytes()) == (".html", page.data)
    assert is_address("HTTPS://example.org")
    assert not is_address("report.pdf")


def test_a_title_becomes_a_name_and_never_a_path(tmp_path: Path) -> None:
    found = from_text("Lions sleep.", "../../etc/pass\nwd", tmp_path / "in")
    assert found.name == "../../etc/pass wd.txt"
    assert found.path.parent == tmp_path / "in"
    with pytest.raises(BadInput, match="no text"):
        from_text(" \n", "", tmp_path)


def test_a_turn_finds_what_is_in_a_chosen_library_and_in_no_other(tmp_path: Path) -> None:
    (tmp_path / "pump.txt").write_text("The pump was serviced by Dana Ortiz.", encoding="utf-8")
    assistant = make_assistant(saying({"Dana": "Dana Ortiz.", "pump": "I do not know."}))
    libraries = Libraries(tmp_path / "data", assistant.library.get, assistant.files.read)
    try:
        _, job = libraries.begin("me", "Plant", from_paths([tmp_path / "pump.txt"]))
        while libraries.progress("me", job.id).state == "running":
            pass
        assert libraries.failures("me", job.id) == []
        libraries.open(libraries.scopes("me", ["Plant"]))
        with pytest.raises(BadInput, match="Everything given to Plant is in"):
            libraries.go_on("me", "Plant")
        turn = Turn((Text("Who serviced the pump?"),))
        with_it = Conversation(libraries=libraries.scopes("me", ["Plant"]))
        *_, done = assistant.answer(turn, with_it)
        assert isinstance(done, Done)
        assert [citation.source for citation in done.answer.citations] == ["pump.txt"]
        *_, without = assistant.answer(turn, Conversation())
        assert isinstance(without, Done)
        assert without.answer.citations == ()
        assert assistant.library.get().sources(with_it.id) == {}
        with pytest.raises(BadInput, match="no library called Plant"):
            libraries.scopes("you", ["Plant"])
    finally:
        libraries.close()
        assistant.close()


def test_evidence_of_a_library_opens_for_those_who_search_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    library_originals = Originals(tmp_path / "shelved")
    kept = library_originals.keep(tmp_path / "a.txt", "ab" * 32, "cd" * 32, "a.txt")
    assistant = replace(make_assistant(saying({})), library_originals=library_originals)
    assert assistant.files.original(Conversation(libraries=("ab" * 32,)), "cd" * 32) == kept
    assert assistant.files.original(Conversation(), "cd" * 32) is None


def test_a_picture_is_read_for_a_library_without_waiting_for_the_language_model(tmp_path: Path) -> None:
    picture = tmp_path / "receipt.png"
    Image.new("RGB", (200, 100), "white").save(picture)
    for sees in (True, False):
        assistant = make_assistant(broken("Language model", "It was asked for."), lines=("Total 593.10",))
        *_, document = [
            *_ending(replace(assistant, sees_images=lambda sees=sees: sees).files.read(picture, "receipt.png"))
        ]
        *_, text = [passage.text for passage in document.passages]  # its size stands before
        assert text == "Total 593.10"


def _ending(steps: Generator[Status, None, Document]) -> Iterator[Document]:
    yield (yield from steps)


def run(*arguments: str, data: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py", "ingest", *arguments, "--data", str(data)], cwd=ROOT, capture_output=True, text=True,
        timeout=60, env={"PATH": "", "HOME": "/nonexistent"}, input=typed,
    )  # fmt: skip


def test_what_is_wrong_is_said_before_any_model_is_loaded(tmp_path: Path) -> None:
    for arguments, sentence in (
        (("nowhere.pdf", "--library", "Papers"), "There is no file or folder nowhere.pdf"),
        (("README.md",), "Name the library"),
        (("https://example.org/", "--library", "Papers"), "--web-pages"),
        (("--text", "Notes", "--library", "Papers"), "no text on standard input"),
        (("--library", "Papers"), "There is no library called Papers"),
        (("--rename", "Papers", "Letters"), "There is no library called Papers"),
        (("--remove", "Papers"), "There is no library called Papers"),
        (("--list", "README.md"), "take no files"),
        (("--remove", "Papers", "a.txt", "b.txt"), "at most one file"),
    ):
        done = run(*arguments, data=tmp_path)
        assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
        assert "Loading" not in done.stderr
    listed = run("--list", data=tmp_path)
    assert listed.returncode == 0
    assert "There is no library yet" in listed.stdout


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    """A data folder with one library of two files, closed."""
    for name in ("pump", "moat"):
        (tmp_path / f"{name}.txt").write_text(f"The {name} is deep.", encoding="utf-8")
    data, opened = tmp_path / "data", ChromaLibrary(tmp_path / "data" / "library", HashedWords())
    libraries = Libraries(data / "library", lambda: opened, make_assistant(saying({})).files.read)
    _, job = libraries.begin("me", "Plant", from_paths([tmp_path / "pump.txt", tmp_path / "moat.txt"]))
    while libraries.progress("me", job.id).state == "running":
        pass
    libraries.close()
    opened.close()
    return data


def test_a_library_gets_another_name(plant: Path) -> None:
    done = run("--rename", "Plant", "  Old   plant ", data=plant)
    assert (done.returncode, done.stderr) == (0, "Plant is called Old plant now.\n")
    assert run("--list", data=plant).stdout.splitlines()[0] == "Old plant: 2 files"


def test_a_file_and_then_the_library_are_removed_without_a_model(plant: Path) -> None:
    unknown = run("--remove", "Plant", "nothing.txt", data=plant)
    assert (unknown.returncode, "There is no file nothing.txt in Plant" in unknown.stderr) == (2, True)
    done = run("--remove", "Plant", "pump.txt", data=plant)
    assert (done.returncode, done.stderr) == (0, "Removed pump.txt from Plant.\n")
    with ChromaLibrary(plant / "library", HashedWords()) as opened:
        libraries = Libraries(plant / "library", lambda: opened, make_assistant(saying({})).files.read)
        (scope,) = libraries.scopes("me", ["Plant"])
        libraries.close()
        assert [hit.source for hit in opened.search("the pump is deep", scope)] == ["moat.txt"]
        (kept,) = (plant / "library" / "originals" / scope).iterdir()
        assert kept.read_text(encoding="utf-8") == "The moat is deep."
    assert run("--remove", "Plant", data=plant).stderr == "Removed Plant with 1 file.\n"
    with ChromaLibrary(plant / "library", HashedWords()) as opened:
        assert opened.beginning(scope) == []
    assert not (plant / "library" / "originals" / scope).exists()
    assert "There is no library yet" in run("--list", data=plant).stdout


def test_a_name_that_two_files_have_is_asked_about(plant: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "pump.txt").write_text("Another pump.", encoding="utf-8")
    with ChromaLibrary(plant / "library", HashedWords()) as opened:
        libraries = Libraries(plant / "library", lambda: opened, make_assistant(saying({})).files.read)
        _, job = libraries.begin("me", "Plant", from_paths([tmp_path / "other" / "pump.txt"]))
        while libraries.progress("me", job.id).state == "running":
            pass
        libraries.close()
    done = run("--remove", "Plant", "pump.txt", data=plant)
    assert (done.returncode, "2 files of Plant are meant by pump.txt" in done.stderr) == (2, True)
    done = run("--remove", "Plant", str(tmp_path / "other" / "pump.txt"), data=plant)
    assert done.returncode == 0
    assert "  pump.txt" in run("--list", data=plant).stdout


def test_while_the_page_has_the_folder_ingest_says_so_and_lists_and_renames_all_the_same(plant: Path) -> None:
    with ChromaLibrary(plant / "library", HashedWords()):
        for arguments in (("--remove", "Plant"), ("README.md", "--library", "Plant")):
            done = run(*arguments, data=plant)
            assert (done.returncode, "If its page is open" in done.stderr) == (1, True), done.stderr
            assert "Loading" not in done.stderr
        assert run("--rename", "Plant", "Works", data=plant).returncode == 0
        assert run("--list", data=plant).stdout.startswith("Works: 2 files\n")


@pytest.mark.weights
def test_ingest_fills_a_library_that_can_be_listed(weights_folder, tmp_path: Path) -> None:
    weights_folder("minilm")
    (tmp_path / "lease.txt").write_text("The rent is due in May.", encoding="utf-8")
    command = [sys.executable, "app.py", "ingest", "--profile", "cpu-offline", "--data", str(tmp_path / "data")]
    for expected in ("1 of 1 file added.", "0 of 1 file added, 1 was in already."):
        done = subprocess.run(
            [*command, str(tmp_path / "lease.txt"), "--library", "My papers"],
            cwd=ROOT, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert (done.returncode, done.stderr.splitlines()[-1]) == (0, expected)
    done = subprocess.run(
        [*command, "--text", "On rent", "--library", "My papers"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, input="It is 900 euros.",
    )  # fmt: skip
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "1 of 1 file added.")
    listed = subprocess.run([*command, "--list"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert listed.stdout == "My papers: 2 files\n  lease.txt (0.0 kB)\n  On rent.txt (0.0 kB)\n"


@pytest.mark.weights
def test_a_locked_file_waits_in_a_library_until_its_password_comes(weights_folder, tmp_path: Path) -> None:
    weights_folder("minilm")
    a_pdf(tmp_path / "lease.pdf", password=PASSWORD)
    command = [sys.executable, "app.py", "ingest", "--profile", "cpu-offline", "--data", str(tmp_path / "data")]
    for more, status, last in (
        ([str(tmp_path / "lease.pdf"), "--library", "Papers"], 1, "--password PASSWORD"),
        (["--library", "Papers", "--password", "wrong"], 1, "--password PASSWORD"),
        (["--library", "Papers", "--password", PASSWORD], 0, "1 of 1 file added."),
    ):
        done = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert (done.returncode, done.stderr.splitlines()[-1].endswith(last)) == (status, True), done.stderr
        assert PASSWORD not in done.stderr
    for file in (tmp_path / "data").rglob("*"):
        assert PASSWORD.encode() not in (file.read_bytes() if file.is_file() else b""), file
