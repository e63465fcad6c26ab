"""Draws one page of a PDF in a process of its own, so that a hostile page cannot take the program along.

`python pdf_page_worker.py FILE PAGE WIDTH PIXELS BYTES SECONDS`, the password on standard input. Writes a PPM
picture, or for page 0 how many pages there are; the exit status says what went wrong.
"""

import os
import sys
from pathlib import Path

NO_SUCH_PAGE, LOCKED, TOO_THIN, NO_MEMORY = 3, 4, 5, 6
_PASSWORD = 4  # PDFium's number for a missing or wrong one


def main() -> None:
    path, *numbers = sys.argv[1:]
    page, width, pixels, most_bytes, seconds = map(int, numbers)
    _limit(most_bytes, seconds)
    try:
        sys.exit(_draw(path, page, width, pixels, sys.stdin.read()))
    except MemoryError:
        sys.exit(NO_MEMORY)


def _draw(path: str, number: int, width: int, pixels: int, password: str) -> int:
    """Drawn no larger than is looked at, whatever size the page claims."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path, password=password or None)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            return LOCKED
        raise
    if number == 0:
        sys.stdout.write(str(len(pdf)))
        return 0
    pdf.init_forms()  # or what was filled in would be missing
    if not 1 <= number <= len(pdf):
        return NO_SUCH_PAGE
    page = pdf[number - 1]
    across, down = page.get_size()
    scale = min(width / across, (pixels / (across * down)) ** 0.5)
    if across * scale < 1 or down * scale < 1:
        return TOO_THIN
    page.render(scale=scale).to_pil().convert("RGB").save(sys.stdout.buffer, "PPM")
    sys.stdout.flush()
    return 0


def _limit(most_bytes: int, seconds: int) -> None:
    """Counted from what the process has taken up before the file."""
    try:
        import resource
    except ImportError:  # not on Windows, where whoever started us limits the time
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    statm = Path("/proc/self/statm")
    if statm.exists():
        taken = int(statm.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (taken + most_bytes, taken + most_bytes))


if __name__ == "__main__":
    main()
