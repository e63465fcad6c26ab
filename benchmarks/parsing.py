"""How fast documents are read: pages a second of a long PDF with text, a small file, seconds of OCR per dense page.

    python benchmarks/parsing.py [--pages 1000] [--scans 5]

The PDFs are made here. Everything passes through the process that parses, as in a turn; nothing is filed. What OCR
reads is compared with what was printed, letter by letter. "Processor" is the reader's time on all cores, by two: what
a page comes to on two cores that do nothing else, whatever the machine does meanwhile.
"""

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.models.profiles import profile_named
from assistant.ports.vision import Description
from assistant.values.limits import Limits
from assistant.values.parts import Image
from assistant.vision.ocr import OcrReader
from benchmarks.pieces import Piece, SettingUp
from retrieval import sandbox
from retrieval.loaders import load_document

WORDS = "The pump of the northern station was serviced by Maria in March and every valve was found to be tight".split()
LINES, WORDS_A_LINE, WORDS_A_DENSE_LINE = 45, 12, 18


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--scans", type=int, default=5, help="pages read by OCR; 0: none")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _small(Path(folder))
        _long(Path(folder), options.pages)
        if options.scans:
            _scanned(Path(folder), options.scans)
    return 0


def pieces() -> list[Piece]:
    bare = "pypdfium2's text, as it lies in the file"
    return [
        Piece("reading a PDF of 100 pages", partial(reading, pages=100), bare=bare),
        Piece("reading a small text file", reading_note, unit="ms", quick_rounds=5, rounds=25),
    ]


@contextmanager
def reading(folder: Path, pages: int) -> SettingUp:
    """Ours knows columns, tables and running heads; the bare one does not."""
    path = _printed(folder / "long.pdf", pages)
    yield {"ours": lambda: _timed(path)[0], "bare": lambda: _bare(path)}
    sandbox.shared("retrieval.loaders:parse").close()


@contextmanager
def reading_note(folder: Path) -> SettingUp:
    path = folder / "note.txt"
    path.write_text("The pump was serviced by Maria.", encoding="utf-8")
    yield {"ours": lambda: _timed(path)[0] * 1000}
    sandbox.shared("retrieval.loaders:parse").close()


def _bare(path: Path) -> float:
    import pypdfium2

    began = time.perf_counter()
    with pypdfium2.PdfDocument(path) as pdf:
        assert all(page.get_textpage().get_text_range() for page in pdf)
    return time.perf_counter() - began


def _small(folder: Path) -> None:
    """The first file starts the process, the others find it warm."""
    path = folder / "note.txt"
    path.write_text("The pump was serviced by Maria.")
    seconds = [_timed(path)[0] for _ in range(11)]
    print(
        f"a small text file      {1000 * seconds[0]:.0f} ms cold, {1000 * statistics.median(seconds[1:]):.1f} ms warm"
    )


def _long(folder: Path, pages: int) -> None:
    path = _printed(folder / "long.pdf", pages)
    seconds, characters = min(_timed(path) for _ in range(2))
    print(f"{pages:,} pages of text    {seconds:.1f} s, {pages / seconds:.0f} pages/s, {characters:,} characters")


def _scanned(folder: Path, pages: int) -> None:
    """The pages of a PDF drawn as pictures and printed again, so that nothing but pixels is left."""
    import pypdfium2
    from fpdf import FPDF

    path = _printed(folder / "printed.pdf", pages, 10, WORDS_A_DENSE_LINE)
    text = load_document(path, "printed.pdf", Limits())
    printed = pypdfium2.PdfDocument(path)
    scans = FPDF()
    for page in printed:
        scans.add_page()
        scans.image(page.render(scale=150 / 72).to_pil(), 0, 0, scans.w, scans.h)
    printed.close()
    scans.output(str(folder / "scans.pdf"))
    profile = profile_named("reader")
    assert profile is not None
    reader = OcrReader.load(profile)

    def read_picture(image: Image) -> Description:
        return reader.describe(image, "")

    load_document(folder / "scans.pdf", "scans.pdf", Limits(scanned_pages=1), read_picture=read_picture)
    began, worked = time.perf_counter(), time.process_time()
    document = load_document(folder / "scans.pdf", "scans.pdf", Limits(), read_picture=read_picture)
    seconds, own = time.perf_counter() - began, time.process_time() - worked
    said, read = (" ".join(" ".join(page.text for page in one.passages).split()) for one in (text, document))
    print(
        f"{pages} dense scanned pages  {seconds / pages:.2f} s a page by OCR (processor {own / 2 / pages:.2f} s),"
        f" {len(said) // pages:,} characters each, {100 * distance(said, read) / len(said):.2f} % of them wrong"
    )


def distance(said: str, read: str) -> int:
    """Letters to insert, remove or change (Levenshtein's), a row of the table at a time."""
    letters = numpy.array([ord(letter) for letter in read])
    columns = numpy.arange(len(read) + 1)
    row = columns.copy()
    for number, letter in enumerate(said, 1):
        new = numpy.empty_like(row)
        new[0] = number
        new[1:] = numpy.minimum(row[:-1] + (letters != ord(letter)), row[1:] + 1)
        row = numpy.minimum.accumulate(new - columns) + columns
    return int(row[-1])


def _timed(path: Path) -> tuple[float, int]:
    began = time.perf_counter()
    document = load_document(path, path.name, Limits())
    return time.perf_counter() - began, sum(len(passage.text) for passage in document.passages)


def _printed(path: Path, pages: int, points: int = 11, words_a_line: int = WORDS_A_LINE) -> Path:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("Helvetica", size=points)
    for number in range(pages):
        pdf.add_page()
        for line in range(LINES):
            start = number * LINES + line
            words = [WORDS[(start * 7 + word) % len(WORDS)] for word in range(words_a_line)]
            pdf.text(15, 15 + 6 * line, f"{start} " + " ".join(words))
    pdf.output(str(path))
    return path


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        sandbox.shared("retrieval.loaders:parse").close()
