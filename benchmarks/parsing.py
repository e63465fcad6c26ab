"""How fast documents are read: pages a second of a long PDF with text, a small file, seconds of OCR per page.

    python benchmarks/parsing.py [--pages 1000] [--scans 5]

The PDF is made here. Everything passes through the process that parses, as in a turn; nothing is filed.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from assistant.limits import Limits
from assistant.parts import Image
from assistant.ports import Description
from assistant.profiles import profile_named
from assistant.vision.reader import Reader
from retrieval import sandbox
from retrieval.loaders import load_document

WORDS = "The pump of the northern station was serviced by Maria in March and every valve was found to be tight".split()
LINES, WORDS_A_LINE = 45, 12


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

    printed = pypdfium2.PdfDocument(_printed(folder / "printed.pdf", pages))
    scans = FPDF()
    for page in printed:
        scans.add_page()
        scans.image(page.render(scale=150 / 72).to_pil(), 0, 0, scans.w, scans.h)
    printed.close()
    scans.output(str(folder / "scans.pdf"))
    profile = profile_named("reader")
    assert profile is not None
    reader = Reader.load(profile)

    def read_picture(image: Image) -> Description:
        return reader.describe(image, "")

    load_document(_printed(folder / "one.pdf", 1), "one.pdf", Limits(), read_picture=read_picture)
    began = time.perf_counter()
    document = load_document(folder / "scans.pdf", "scans.pdf", Limits(), read_picture=read_picture)
    seconds = time.perf_counter() - began
    found = sum(len(passage.text) for passage in document.passages)
    print(f"{pages} scanned pages        {seconds / pages:.2f} s a page by OCR, {found:,} characters")


def _timed(path: Path) -> tuple[float, int]:
    began = time.perf_counter()
    document = load_document(path, path.name, Limits())
    return time.perf_counter() - began, sum(len(passage.text) for passage in document.passages)


def _printed(path: Path, pages: int) -> Path:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    for number in range(pages):
        pdf.add_page()
        for line in range(LINES):
            start = number * LINES + line
            words = [WORDS[(start * 7 + word) % len(WORDS)] for word in range(WORDS_A_LINE)]
            pdf.text(15, 15 + 6 * line, f"{start} " + " ".join(words))
    pdf.output(str(path))
    return path


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        sandbox.shared("retrieval.loaders:parse").close()
