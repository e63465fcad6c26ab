"""Takes the pictures of every panel in docs/: the real app, its default models for a CPU, a PDF and a receipt.

    python docs/make_screenshots.py

Needs requirements-dev.txt and a Chromium. The first run fetches weights.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.browser_page import Tab

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

QUESTION = "Who serviced the pump, when is the next service due, and what was the total on the receipt?"
WIDE, PHONE = (1280, 880), (390, 844)
SHOTS = {  # name: window, colours, language, which of the sources is open
    "page-wide-light": (WIDE, "light", "en", "report.pdf"),
    "page-wide-dark": (WIDE, "dark", "en", "receipt.png"),
    "page-phone-light": (PHONE, "light", "en", "receipt.png"),
    "page-phone-dark": (PHONE, "dark", "zh-CN", "report.pdf"),
}
LOOKS = {  # of the other panels
    "wide-light": (WIDE, "light", "en"),
    "wide-dark": (WIDE, "dark", "zh-CN"),
    "phone-light": (PHONE, "light", "zh-CN"),
    "phone-dark": (PHONE, "dark", "en"),
}
LIBRARY = "Plant"
MOST_BYTES = 300_000
READY_SECONDS = 900


def main() -> None:
    from playwright.sync_api import sync_playwright

    from tests.support.browser_page import ARGUMENTS, chromium, free_port

    with tempfile.TemporaryDirectory(prefix="medley-shots-") as folder:
        files = hand_over(Path(folder))
        address = f"http://127.0.0.1:{free_port()}"
        fill_library(files, Path(folder))
        app = serve(address, Path(folder))
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
                for look, (window, colours, language) in LOOKS.items():
                    rooms(browser, address, look, window=window, colours=colours, language=language)
                asked = ask(browser, address, files)
                for name, (window, colours, language, source) in SHOTS.items():
                    with open_tab(browser, asked, window, colours, language) as tab:
                        page(tab, source)
                        take(tab, name)
        finally:
            app.send_signal(signal.SIGINT)
            app.wait(20)


def fill_library(files: list[Path], folder: Path) -> None:
    command = [sys.executable, "app.py", "ingest", *map(str, files), "--library", LIBRARY, "--profile", "cpu-offline"]
    subprocess.run([*command, "--data", str(folder / "data")], cwd=ROOT, check=True)


def serve(address: str, folder: Path) -> "subprocess.Popen[str]":
    """The app on an empty data folder, once it can answer."""
    port = address.rpartition(":")[2]
    command = [sys.executable, "app.py", "--port", port, "--profile", "cpu-offline", "--data", str(folder / "data")]
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(folder / "uploads"), "CUDA_VISIBLE_DEVICES": ""}
    app = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + READY_SECONDS
    assert app.stderr is not None
    for line in app.stderr:
        print(line, end="")  # noqa: T201
        if line.startswith("Ready"):
            return app
        assert time.monotonic() < end, "the app is not ready"
    raise AssertionError("the app ended before it was ready")


def hand_over(folder: Path) -> list[Path]:
    """A report of three pages, the last one about the pump, and the photo of a receipt."""
    from fpdf import FPDF
    from PIL import Image, ImageDraw, ImageFont

    pdf = FPDF()
    for title, text in PAGES:
        pdf.add_page()
        pdf.set_font("helvetica", "B", size=20)
        pdf.cell(0, 16, title, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("helvetica", size=12)
        for paragraph in text:
            pdf.multi_cell(0, 7, paragraph, new_x="LMARGIN", new_y="NEXT")
            pdf.ln(4)
    pdf.output(str(folder / "report.pdf"))
    picture = Image.new("RGB", (640, 420), "#fdfcf7")
    draw = ImageDraw.Draw(picture)
    for row, (left, right) in enumerate(RECEIPT):
        font = ImageFont.load_default(size=40 if row == 0 else 30)
        draw.text((50, 40 + row * 64), left, fill="#222222", font=font)
        draw.text((590, 40 + row * 64), right, fill="#222222", font=font, anchor="ra")
    picture.save(folder / "receipt.png")
    return [folder / "report.pdf", folder / "receipt.png"]


PAGES = (
    ("Site handbook", ["This handbook lists the machines of the plant and the people who look after them."]),
    ("Compressors", ["The Falcon-2 compressor was inspected by Peter Hall. Its filter was changed in January 2024."]),
    (
        "Maintenance report",
        [
            "This page covers the water supply of the north wing for the first quarter of the year.",
            "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz.",
            "The seal was replaced and the impeller cleaned. All readings were within their limits.",
            "The next service of the pump is due in September 2025.",
            "Spare seals are kept in the store room next to the boiler house. Whoever takes the last one orders three.",
        ],
    ),
)
RECEIPT = (
    ("CORNER STORE", ""),
    ("Date", "2018-03-23"),
    ("Coffee machine", "580.60"),
    ("Filters", "12.50"),
    ("Total", "593.10"),
)


@contextmanager
def open_tab(browser: Any, address: str, window: tuple[int, int], colours: str, language: str) -> "Iterator[Tab]":
    from tests.support.browser_page import Tab

    size = {"width": window[0], "height": window[1]}
    tab = Tab(browser, address, viewport=size, color_scheme=colours, locale=language)
    tab.page.set_default_timeout(180_000)
    yield tab
    assert tab.complaints == [], tab.complaints
    tab.close()


def ask(browser: Any, address: str, files: list[Path]) -> str:
    """The address of the conversation in which the question was answered."""
    with open_tab(browser, address, WIDE, "light", "en") as tab:
        tab.attach(*files)
        tab.ask(QUESTION)
        tab.reads("Sources")
        tab.idle()
        return str(tab.page.url)


def page(tab: "Tab", source: str) -> None:
    """The conversation with one of its sources open."""
    tab.page.wait_for_timeout(1500)  # until the chat stands at its end
    tab.unfold("sources")
    tab.page.locator(f"#chat li a:has-text('{source}')").first.click()
    tab.page.wait_for_selector("#evidence article img")


def rooms(browser: Any, address: str, look: str, window: tuple[int, int], colours: str, language: str) -> None:
    """The empty page, the libraries and the settings; on a phone the list of conversations as well."""
    with open_tab(browser, address, window, colours, language) as tab:
        tab.page.wait_for_selector("#welcome button")
        take(tab, f"welcome-{look}")
    with open_tab(browser, f"{address}/#library", window, colours, language) as tab:
        tab.page.click(f"#library-list button:has-text('{LIBRARY}')")
        tab.page.wait_for_selector("#library-files li")
        take(tab, f"library-{look}")
    with open_tab(browser, f"{address}/#settings", window, colours, language) as tab:
        tab.page.wait_for_selector("#room-settings details")
        take(tab, f"settings-{look}")


def take(tab: "Tab", name: str) -> None:
    path = ROOT / "docs" / f"{name}.png"
    tab.page.wait_for_timeout(1200)  # until it has scrolled there
    tab.page.screenshot(path=path)
    print(f"{path.name}: {path.stat().st_size // 1000} kB")  # noqa: T201
    assert path.stat().st_size < MOST_BYTES, path


if __name__ == "__main__":
    main()
