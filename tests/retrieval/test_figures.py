"""Pictures inside documents are found by what they show, at their page, slide or section."""

import io
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import docx
import pptx
import pytest
from fpdf import FPDF
from PIL import Image
from pptx.util import Inches

from assistant.embeddings.pictures import SeenEmbedder
from assistant.models.device import Device
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import PictureEmbedder
from assistant.ports.vision import Description
from assistant.values.events import Status
from assistant.values.evidence import Box, Document, Evidence, Page, Section, Slide
from assistant.values.limits import Limits
from retrieval.gathering import from_paths
from retrieval.libraries import Libraries
from retrieval.library import ChromaLibrary
from retrieval.loaders import load_document, read_document
from tests.retrieval.test_pictures import COLOURS, ColourSense, opened
from tests.support import tiny_checkpoints as tiny
from tests.support.fakes import ReadLines

WORDS = "The pump was serviced by Maria on 14 March 2024, and every part was found to be well. " * 3
Look = Callable[..., Description]


class OtherColourSense(ColourSense):
    space = "another-sense-7"


def reads(*lines: str) -> Look:
    return lambda image: ReadLines(*lines).describe(image, "")


def nothing(image: object) -> Description:
    return Description("")


def read(path: Path, look: Look = nothing, limits: Limits | None = None) -> Document:
    return load_document(path, path.name, limits or Limits(), read_picture=look)


def a_figure(colour: str, size: tuple[int, int] = (300, 200)) -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", size, COLOURS[colour]).save(data, "PNG")
    return data


def a_report(path: Path, *colours: str, words: str = WORDS) -> Path:
    """A page of words, then a page for each colour with a figure in its middle."""
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_font("Helvetica", size=12)
    for number, colour in enumerate(("", *colours)):
        pdf.add_page()
        pdf.multi_cell(300, 14, f"{words} Part {number}." if words else "")
        if colour:
            pdf.image(a_figure(colour), 100, 300, 200, 120)
    pdf.output(str(path))
    return path


def first(library: ChromaLibrary, question: str, scope: str = "me") -> Evidence | None:
    return next(iter(library.search(question, scope)), None)


def test_a_figure_without_words_is_found_at_its_page_and_place(tmp_path: Path) -> None:
    with opened(None, ColourSense()) as library:
        library.add(read(a_report(tmp_path / "report.pdf", "red", "blue")), "me")
        hit = first(library, "where is something blue")
        assert hit is not None
        assert (hit.source, hit.medium) == ("report.pdf", "image")
        assert hit.content == "A figure on page 3 of report.pdf, without words that I can read."
        assert isinstance(hit.location, Page)
        assert hit.location.number == 3
        (box,) = hit.location.boxes
        assert (box.left, box.top, box.right, box.bottom) == pytest.approx((0.25, 0.5, 0.75, 0.7), abs=0.005)
        assert 0 < hit.score <= 0.5


def test_a_figure_with_words_is_given_once_and_found_by_either(tmp_path: Path) -> None:
    with opened(None, ColourSense()) as library:
        library.add(read(a_report(tmp_path / "report.pdf", "blue"), reads("Flow of the turbine")), "me")
        by_looks = first(library, "blue square")
        by_words = first(library, "flow of the turbine")
        assert by_looks is not None
        assert by_words is not None
        assert by_looks.content == by_words.content == "Flow of the turbine"
        assert [hit.content for hit in library.search("blue turbine", "me")].count("Flow of the turbine") == 1


def test_a_page_that_is_a_photo_is_found_and_one_that_is_a_scan_is_not_looked_at(tmp_path: Path) -> None:
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.add_page()
    pdf.image(a_figure("yellow", (400, 600)), 20, 20, 360, 560)
    pdf.output(str(tmp_path / "photo.pdf"))
    assert [figure.location for figure in read(tmp_path / "photo.pdf", reads("Rent")).figures] == []
    with opened(None, ColourSense()) as library:
        library.add(read(tmp_path / "photo.pdf"), "me")
        hit = first(library, "a yellow one")
        assert hit is not None
        assert isinstance(hit.location, Page)
        assert hit.location.number == 1
        assert hit.location.boxes[0].left == pytest.approx(0.05, abs=0.01)


def test_a_document_of_pictures_alone_is_filed_where_somebody_sees(tmp_path: Path) -> None:
    shown = pptx.Presentation()
    shown.slides.add_slide(shown.slide_layouts[6]).shapes.add_picture(a_figure("red"), 0, 0, Inches(3), Inches(2))
    shown.save(str(tmp_path / "album.pptx"))
    document = read(tmp_path / "album.pptx")
    with opened(None, ColourSense()) as library, opened(None, None) as blind:
        library.add(document, "me")
        blind.add(document, "me")
        assert (library.sees, blind.sees) == (True, False)
        assert list(library.sources("me").values()) == ["album.pptx"]
        assert list(blind.facts("me").values()) == [document.facts]
        assert blind.search("red", "me") == []
        assert [hit.location for hit in library.search("the red one", "me")][:1] == [
            Slide(1, (Box(0, 0, 0.3, 0.2667),))
        ]


def test_figures_of_slides_and_word_documents_are_found_where_they_are_shown(tmp_path: Path) -> None:
    shown = pptx.Presentation()
    shown.slide_width, shown.slide_height = Inches(10), Inches(5)
    shown.slides.add_slide(shown.slide_layouts[5]).shapes.title.text = "Plans"
    shown.slides.add_slide(shown.slide_layouts[6]).shapes.add_picture(
        a_figure("green"), Inches(5), Inches(2.5), Inches(5), Inches(2.5)
    )
    shown.save(str(tmp_path / "plan.pptx"))
    written = docx.Document()
    written.add_heading("Costs", 1)
    written.add_paragraph("See the two figures.")
    written.add_picture(a_figure("red"))
    written.add_picture(a_figure("blue"))
    written.save(str(tmp_path / "report.docx"))
    with opened(None, ColourSense()) as library:
        library.add(read(tmp_path / "plan.pptx"), "me")
        library.add(read(tmp_path / "report.docx"), "me")
        hits = {colour: first(library, f"a {colour} square") for colour in ("green", "red", "blue")}
        assert [hit and (hit.source, hit.location) for hit in hits.values()] == [
            ("plan.pptx", Slide(2, (Box(0.5, 0.5, 1, 1),))),
            ("report.docx", Section("Costs")),
            ("report.docx", Section("Costs")),
        ]


def test_only_so_many_figures_come_out_and_small_ones(tmp_path: Path) -> None:
    few = Limits(document_figures=2)
    assert len(read(a_report(tmp_path / "report.pdf", "red", "green", "blue"), limits=few).figures) == 2
    shown = pptx.Presentation()
    photo = a_figure("red", (1800, 900))
    shown.slides.add_slide(shown.slide_layouts[6]).shapes.add_picture(photo, 0, 0, Inches(3), Inches(2))
    shown.save(str(tmp_path / "album.pptx"))
    (figure,) = read(tmp_path / "album.pptx").figures
    with Image.open(io.BytesIO(figure.png)) as picture:
        assert (picture.format, picture.size) == ("PNG", (448, 224))


def test_nobody_finds_the_figures_of_another_or_of_what_was_removed(tmp_path: Path) -> None:
    document = read(a_report(tmp_path / "report.pdf", "blue"))
    with opened(None, ColourSense()) as library:
        library.add(document, "me")
        library.add(read(a_report(tmp_path / "other.pdf", words="Nothing else.")), "you")
        assert first(library, "blue", "you") is None
        library.remove("me", document.source_id)
        assert first(library, "blue") is None


def filed_before(folder: Path, sense: PictureEmbedder | None, kept: dict[str, Path]) -> None:
    """A report with a figure, a picture, and a report whose original is not kept, seen by `sense`."""
    report = a_report(folder / "report.pdf", "red", "blue")
    picture = folder / "sign.png"
    Image.new("RGB", (90, 60), COLOURS["yellow"]).save(picture)
    with opened(folder / "library", sense) as library:
        for path in (report, a_report(folder / "lost.pdf", "green", words="Elsewhere.")):
            document = read(path, reads("Total 593.10"))
            library.add(document, "me")
            kept[document.source_id] = path
        size = read(folder / "report.pdf").passages[:1]
        library.add(Document("a" * 64, "sign.png", "image", size, picture=picture), "me")
        kept["a" * 64] = picture
    del kept[next(key for key, path in kept.items() if path.name == "lost.pdf")]


@pytest.mark.parametrize("before", [None, OtherColourSense()])
def test_another_model_looks_at_the_originals_again(before: PictureEmbedder | None, tmp_path: Path) -> None:
    kept: dict[str, Path] = {}
    filed_before(tmp_path, before, kept)
    with opened(tmp_path / "library", ColourSense()) as library:
        assert library.unseen() == 3
        assert "sign.png" not in [hit.source for hit in library.search("yellow", "me")]
        steps: list[tuple[int, int]] = []
        left = library.see_again(lambda scope, source: kept.get(source), lambda *step: steps.append(step))
        assert (left, library.unseen(), steps[-1]) == (1, 1, (3, 3))
        found = first(library, "a yellow square")
        assert found is not None
        assert found.source == "sign.png"
        hit = first(library, "something blue")
        assert hit is not None
        assert (hit.source, hit.content) == ("report.pdf", "Total 593.10")
        assert isinstance(hit.location, Page)
        assert hit.location.number == 3
    with opened(tmp_path / "library", ColourSense()) as again:
        assert again.unseen() == 1
        assert first(again, "a yellow square") is not None


def test_a_real_model_that_cannot_tell_pictures_apart_leaves_a_document_with_figures_as_it_is(tmp_path: Path) -> None:
    profile = ModelProfile("tiny-seen", "picture-embedding", "picture-text", "none", "none", 0)
    cpu = Device("cpu", "CPU", 0, 0, "bfloat16")
    embedder = SeenEmbedder.load(profile, tiny.save_pair(tiny.siglip, tmp_path / "model"), cpu)
    with opened(None, embedder) as library:
        library.add(read(a_report(tmp_path / "report.pdf", "blue")), "me")
        hit = first(library, "Who serviced the pump?")
        assert hit is not None
        assert (hit.source, hit.medium) == ("report.pdf", "text")


def filed(folder: Path, sense: PictureEmbedder | None, *paths: Path) -> list[Evidence]:
    """Files these by a job, and says what a question about something red then finds."""

    def reading(path: Path, name: str, password: str) -> Generator[Status, None, Document]:
        return read_document(path, name, Limits(), password, nothing)

    with opened(folder, sense) as library:
        libraries = Libraries(folder, lambda: library, reading)
        made, job = libraries.begin("me", "Papers", from_paths(paths))
        while libraries.progress("me", job.id).state == "running":
            time.sleep(0.01)
        assert libraries.failures("me", job.id) == []
        found = library.search("the red square", made.scope)
        libraries.close()
    return found


def test_a_job_first_looks_again_at_what_was_filed_without_the_present_model(tmp_path: Path) -> None:
    report = a_report(tmp_path / "report.pdf", "red", words="All is well.")
    album = a_report(tmp_path / "album.pdf", "blue", words="")
    assert filed(tmp_path / "library", None, report) == []
    found = filed(tmp_path / "library", ColourSense(), album)
    assert [(hit.source, hit.medium) for hit in found][:1] == [("report.pdf", "image")]


DIES = """
import os, signal, sys
from pathlib import Path
from tests.retrieval.test_figures import ColourSense, opened

with opened(Path(sys.argv[1]) / "library", ColourSense()) as library:
    library.see_again(lambda scope, source: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_file_that_took_the_program_down_twice_is_not_looked_at_again(tmp_path: Path) -> None:
    kept: dict[str, Path] = {}
    filed_before(tmp_path, None, kept)
    for _ in range(2):
        died = subprocess.run([sys.executable, "-c", DIES, str(tmp_path)], timeout=50, check=False)
        assert died.returncode == -signal.SIGKILL
    asked: list[str] = []

    def original(scope: str, source: str) -> Path | None:
        asked.append(source)
        return kept.get(source)

    with opened(tmp_path / "library", ColourSense()) as library:
        assert library.see_again(original) == 2  # that one, and the one that is not kept
        assert "a" * 64 in asked
        assert len(asked) == 2
        assert first(library, "a yellow square") is not None
        library.see_again(original)
        assert len(asked) == 3, "a file that is not kept does not count as one that took the program down"
