"""Filling a library: what is gathered from folders, what a person sees of it, and what a turn finds there."""

import io
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from assistant.conversation import Conversation
from assistant.errors import BadInput
from assistant.events import Done
from assistant.originals import Originals
from assistant.parts import Text, Turn
from retrieval.gathering import from_address, from_paths, from_text, is_address
from retrieval.jobs import JobProgress
from retrieval.libraries import Libraries
from retrieval.web_page import WebPage
from tests.fakes import make_assistant, saying
from ui import ingest

ROOT = Path(__file__).parent.parent


@dataclass
class Job:
    """Goes through these states, one a look; then Ctrl-C where it says so."""

    steps: list[JobProgress]
    broken: list[tuple[str, str]] = field(default_factory=list)
    interrupt_at: int = -1
    looked: int = 0
    paused: bool = False

    def progress(self) -> JobProgress:
        self.looked += 1
        if self.looked == self.interrupt_at:
            raise KeyboardInterrupt
        if self.paused:
            return JobProgress("paused", 3, 1, 0, 0)
        return self.steps[min(self.looked, len(self.steps)) - 1]

    def pause(self) -> None:
        self.paused = True

    def watch(self, tty: bool = False) -> tuple[int, str]:
        out = Terminal() if tty else io.StringIO()
        status = ingest.watch(self.progress, lambda: self.broken, self.pause, "app.py ingest --library Papers", out)
        return status, out.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


RUNNING = JobProgress("running", 3, 1, 0, 0, "lease.pdf, page 3 of 6", 0.5)


def test_lines_tell_each_step_once_and_how_it_ended() -> None:
    assert Job([RUNNING, RUNNING, JobProgress("done", 3, 2, 1, 0)]).watch() == (
        0, "1/3 lease.pdf, page 3 of 6\n2 of 3 files added, 1 were in already.\n",
    )  # fmt: skip


def test_a_terminal_gets_a_bar_that_goes_when_it_is_done() -> None:
    _, shown = Job([RUNNING, JobProgress("done", 3, 3, 0, 0)]).watch(tty=True)
    assert "████████████░░░░░░░░░░░░ 1/3 lease.pdf" in shown
    assert shown.endswith("\r\033[K3 of 3 files added.\n")


def test_files_that_could_not_be_read_are_named_and_the_status_tells() -> None:
    job = Job([JobProgress("done", 3, 2, 0, 1)], [("a.pdf", "a.pdf is encrypted.")])
    assert job.watch() == (1, "a.pdf is encrypted.\n2 of 3 files added, 1 could not be read.\n")


def test_ctrl_c_pauses_and_says_how_to_go_on() -> None:
    job = Job([RUNNING] * 9, interrupt_at=2)
    status, shown = job.watch()
    assert (status, job.paused) == (130, True)
    assert "Paused with 2 of 3 files to go. To go on: app.py ingest --library Papers\n" in shown


def test_a_job_that_paused_by_itself_says_why() -> None:
    status, shown = Job([JobProgress("paused", 3, 1, 0, 0, trouble="The disk is full.")]).watch()
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
    found = from_address("https://example.org/moat", tmp_path, lambda url: page)
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
    libraries = Libraries(tmp_path / "data", assistant.library.get, assistant.read)
    try:
        _, job = libraries.begin("me", "Plant", from_paths([tmp_path / "pump.txt"]))
        while libraries.jobs.progress("me", job.id).state == "running":
            pass
        assert libraries.jobs.failures("me", job.id) == []
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
    shelved = Originals(tmp_path / "shelved")
    kept = shelved.keep(tmp_path / "a.txt", "ab" * 32, "cd" * 32, "a.txt")
    assistant = replace(make_assistant(saying({})), shelved=shelved)
    assert assistant.original(Conversation(libraries=("ab" * 32,)), "cd" * 32) == kept
    assert assistant.original(Conversation(), "cd" * 32) is None


def run(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py", "ingest", *arguments, "--data", str(data)], cwd=ROOT, capture_output=True, text=True,
        timeout=60, env={"PATH": "", "HOME": "/nonexistent"},
    )  # fmt: skip


def test_what_is_wrong_is_said_before_any_model_is_loaded(tmp_path: Path) -> None:
    for arguments, sentence in (
        (("nowhere.pdf", "--library", "Papers"), "There is no file or folder nowhere.pdf"),
        (("README.md",), "Name the library"),
        (("https://example.org/", "--library", "Papers"), "--web-pages"),
    ):
        done = run(*arguments, data=tmp_path)
        assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    listed = run("--list", data=tmp_path)
    assert listed.returncode == 0
    assert "There is no library yet" in listed.stdout


@pytest.mark.weights
def test_ingest_fills_a_library_that_can_be_listed(weights_folder, tmp_path: Path) -> None:
    weights_folder("minilm")
    (tmp_path / "lease.txt").write_text("The rent is due in May.", encoding="utf-8")
    command = [sys.executable, "app.py", "ingest", "--profile", "cpu-offline", "--data", str(tmp_path / "data")]
    for expected in ("1 of 1 files added.", "0 of 1 files added, 1 were in already."):
        done = subprocess.run(
            [*command, str(tmp_path / "lease.txt"), "--library", "My papers"],
            cwd=ROOT, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert (done.returncode, done.stderr.splitlines()[-1]) == (0, expected)
    listed = subprocess.run([*command, "--list"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert listed.stdout == "My papers: 1 file\n  lease.txt (0.0 kB)\n"
