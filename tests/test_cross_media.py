"""One question finds the page, slide, rows, region or second that answers it, among files of every kind."""

import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from assistant.answering import origin
from assistant.answering.assistant import Assistant
from assistant.media import read_samples
from assistant.media.evidence_images import page_picture
from assistant.settings.settings import from_environment
from assistant.values.evidence import Document, Evidence, Location, Page, Region, Seconds, Section, Sheet, Slide
from cli.wiring import wire
from tests.support import media_made as made
from tests.support import mixed_folder as mixed

pytestmark = pytest.mark.weights

SCOPE = "everything"
needs_chinese = pytest.mark.skipif(
    not mixed.CJK.is_file(), reason="no font with Chinese characters here (fonts-noto-cjk)"
)


@pytest.fixture(scope="module")
def assistant(weights_folder: Callable[[str], Path]) -> Iterator[Assistant]:
    for profile in ("whisper-base", "minilm"):
        weights_folder(profile)
    _, assistant = wire(replace(from_environment(os.environ), profile="cpu-offline"), None)
    settings = replace(from_environment(os.environ), profile="cpu-offline", llm="qwen2.5-coder-0.5b")
    _, assistant = wire(settings, None)
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def folder(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of file, filed into one scope through its own modality."""
    folder = tmp_path_factory.mktemp("mixed")
    for path in mixed.fill(folder):
        assistant.library.get().add(read(assistant, path), SCOPE)
    return folder


def read(assistant: Assistant, path: Path) -> Document:
    return whole(assistant.files.read(path, path.name))


def whole(reading: Generator[Any, None, Document]) -> Document:
    try:
        while True:
            next(reading)
    except StopIteration as end:
        document = end.value
        assert isinstance(document, Document)
        return document


def first(assistant: Assistant, question: str) -> Evidence:
    return assistant.library.get().search(question, SCOPE)[0]


def place_of(piece: Evidence, words: str) -> Location:
    """Where these words of the piece stand."""
    at = piece.content.find(words)
    assert at >= 0, piece.content
    return piece.locate(at, at + len(words))


@pytest.mark.parametrize(
    ("question", "file", "words", "place"),
    [
        ("Who serviced the Kestrel-9 pump?", "report.pdf", "Dana Ortiz", Page(3)),
        ("Who checked the compressor?", "report.pdf", "Peter Hall", Page(2)),
        ("How large is the security deposit for the flat?", "lease.docx", "two months", Section("Deposit")),
        ("When does the Lisbon office open?", "plans.pptx", "May", Slide(2)),
        ("What did the gearbox oil cost?", "costs.xlsx", "76.4", Sheet("Workshop", 3, 3)),
        ("Who travelled to Ghent?", "costs.xlsx", "Bram", Sheet("Journeys", 3, 3)),
        ("Who lit the lamp of the lighthouse?", "tales.epub", "Marta", Section("The Lighthouse")),
        ("Until when is lunch served in the canteen?", "scan.pdf", "2:45", Page(2)),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_question_finds_its_file_first_and_the_place(
    assistant: Assistant, question: str, file: str, words: str, place: Location
) -> None:
    found = first(assistant, question)
    assert found.source == file
    at = place_of(found, words)
    match at:
        case Page(number, boxes):
            assert boxes
            assert Page(number) == place
        case Slide(number, _):
            assert Slide(number) == place
        case _:
            assert at == place


@pytest.mark.usefixtures("folder")
def test_words_find_a_photo_by_what_stands_in_it_and_the_line(assistant: Assistant) -> None:
    found = first(assistant, "What did the espresso machine and the filters cost in total?")
    assert (found.source, found.medium) == ("receipt.png", "image")
    total, machine = place_of(found, "593.10"), place_of(found, "580.60")
    assert isinstance(total, Region)
    assert isinstance(machine, Region)
    assert total.boxes[0].top > machine.boxes[0].bottom - 0.02
    assert 0.4 < total.boxes[0].top < 0.75


@needs_chinese
@pytest.mark.usefixtures("folder")
def test_a_chinese_question_finds_a_chinese_poster_and_the_line(assistant: Assistant) -> None:
    found = first(assistant, "音乐会晚上几点开始？")
    assert (found.source, found.medium) == ("海报.png", "image")
    place = place_of(found, "七点半")
    assert isinstance(place, Region)
    assert 0.25 < place.boxes[0].top < 0.45


@pytest.mark.usefixtures("folder")
def test_words_find_the_second_of_a_recording(assistant: Assistant) -> None:
    found = first(assistant, "What should my fellow Americans do for their country?")
    assert (found.source, found.medium) == ("speech.wav", "audio")
    place = place_of(found, "fellow")
    assert isinstance(place, Seconds)
    assert place.start == pytest.approx(mixed.SPEECH_BEGINS, abs=2)


@pytest.mark.usefixtures("folder")
def test_a_spoken_question_finds_the_page_of_a_document(assistant: Assistant) -> None:
    heard = assistant.transcriber.get().transcribe(read_samples(made.QUESTION_EN)).text
    found = first(assistant, heard)
    assert found.source == "report.pdf"
    assert isinstance(found.location, Page)
    assert found.location.number == 3


@pytest.mark.parametrize(("file", "page"), [("report.pdf", 2), ("report.pdf", 3), ("scan.pdf", 2)])
def test_a_photo_of_a_page_finds_its_document(
    assistant: Assistant, folder: Path, tmp_path: Path, file: str, page: int
) -> None:
    drawn = page_picture(folder / file, Page(page))
    drawn.crop((0, 0, drawn.width, drawn.height // 2)).rotate(
        1.5, fillcolor="grey", resample=Image.Resampling.BICUBIC
    ).save(tmp_path / "photo.jpg", quality=70)
    photo = read(assistant, tmp_path / "photo.jpg")
    found = origin.find([photo], assistant.library.get(), [SCOPE])
    assert found is not None
    assert found.piece.source == file
    assert isinstance(found.piece.location, Page)
    assert found.piece.location.number == page
