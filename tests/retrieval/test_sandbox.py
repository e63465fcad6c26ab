"""A parser that runs away, eats memory or crashes ends as one sentence, and the next file is read."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from assistant.ports.vision import Description, TextLine
from assistant.values.errors import BadInput, EngineError
from assistant.values.evidence import Box, Document, Page, Passage, Region
from assistant.values.limits import Limits
from assistant.values.parts import Image
from retrieval.sandbox import ReadPicture, Sandbox, drained

LIMITS = Limits(parse_seconds=20, parse_bytes=300_000_000)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox("tests.support.runaway_parsers:parse")
    yield made
    made.close()


def read(
    sandbox: Sandbox, folder: Path, does: str, limits: Limits = LIMITS, read_picture: ReadPicture | None = None
) -> Document:
    path = folder / f"{does.split()[0]}.txt"
    path.write_text(does)
    return drained(sandbox.read(path, path.name, "text/plain", limits, "", read_picture))


def process_of(document: Document) -> int:
    return int(document.passages[0].text)


def test_a_document_comes_back_as_it_was_made(sandbox: Sandbox, tmp_path: Path) -> None:
    document = read(sandbox, tmp_path, "well")
    assert document == Document("id", "well.txt", "text", document.passages, 1, ("well",))
    assert document.passages == (Passage(document.passages[0].text, Page(1)),)


def test_one_process_reads_one_file_after_the_other(sandbox: Sandbox, tmp_path: Path) -> None:
    first = process_of(read(sandbox, tmp_path, "well"))
    assert process_of(read(sandbox, tmp_path, "well")) == first != os.getpid()


@pytest.mark.parametrize(
    ("does", "sentence"),
    [
        ("spin", r"^spin\.txt takes longer to read than I allow \(1 s\)\. .+\.$"),
        ("sleep", r"^sleep\.txt takes longer to read than I allow \(1 s\)\. .+\.$"),
        ("eat", r"^eat\.txt needs more memory to read than I allow \(300 MB\)\. .+\.$"),
        ("crash", r"^crash\.txt is damaged: .+\.$"),
        ("raise", r"^raise\.txt is damaged: .+\.$"),
        ("exit", r"^exit\.txt is damaged: .+\.$"),
    ],
)
def test_what_misbehaves_is_ended_and_the_next_file_is_read(
    sandbox: Sandbox, tmp_path: Path, does: str, sentence: str
) -> None:
    limits = replace(LIMITS, parse_seconds=1) if does in ("spin", "sleep") else LIMITS
    with pytest.raises(BadInput, match=sentence):
        read(sandbox, tmp_path, does, limits)
    assert read(sandbox, tmp_path, "well").notes == ("well",)


def test_what_a_library_prints_does_no_harm(sandbox: Sandbox, tmp_path: Path) -> None:
    assert read(sandbox, tmp_path, "print").notes == ("well",)


def test_no_secret_reaches_the_process_that_parses(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDLEY_API_KEY", "secret")
    fresh = Sandbox("tests.support.runaway_parsers:parse")
    assert "MEDLEY_API_KEY" not in read(fresh, tmp_path, "environment").passages[0].text.split()
    fresh.close()


def test_pictures_are_read_by_whoever_started_it(sandbox: Sandbox, tmp_path: Path) -> None:
    seen: list[Image] = []

    def read_picture(image: Image) -> Description:
        seen.append(image)
        assert image.path.stat().st_size > 80 * 50
        return Description("", (TextLine("Total 593.10", Region((Box(0, 0, 1, 1),)), 0.9),))

    document = read(sandbox, tmp_path, "look 80", read_picture=read_picture)
    assert document.passages[0].text == "Total 593.10"
    assert [(image.name, image.width, image.height) for image in seen] == [("page 7 of 9 of look.txt", 80, 50)]
    assert not seen[0].path.exists()


def test_a_reader_that_fails_costs_the_pictures_and_not_the_document(sandbox: Sandbox, tmp_path: Path) -> None:
    def read_picture(image: Image) -> Description:
        raise EngineError("The reader is broken.")

    assert read(sandbox, tmp_path, "look 80", read_picture=read_picture).passages[0].text == ""


def test_giving_up_ends_the_parsing(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "sleep.txt").write_text("sleep")
    steps = sandbox.read(tmp_path / "sleep.txt", "sleep.txt", "text/plain", LIMITS)
    assert next(steps).text == "Reading sleep.txt"  # a sign of life, a second later
    parsing = {process.pid for process in psutil.Process().children(recursive=True)}
    steps.close()
    assert parsing - {process.pid for process in psutil.Process().children(recursive=True)}
    assert read(sandbox, tmp_path, "well").notes == ("well",)


def test_several_files_are_read_at_once(sandbox: Sandbox, tmp_path: Path) -> None:
    processes: list[int] = []

    def work(folder: Path) -> None:
        folder.mkdir()
        processes.append(process_of(read(sandbox, folder, "well")))

    threads = [threading.Thread(target=work, args=(tmp_path / name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(processes) == 6


def test_parsing_loads_no_model_and_no_page() -> None:
    code = (
        "import sys, retrieval.sandbox_worker, retrieval.loaders; retrieval.loaders.extensions(); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "gradio", "transformers", "chromadb", "langchain"} & set(done.stdout.split())
