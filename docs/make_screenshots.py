"""Takes the pictures of the page in docs/: the real app, its default models for a CPU, a PDF and a receipt.

    python docs/make_screenshots.py

Needs requirements-dev.txt and a Chromium. The first run fetches weights.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

QUESTION = "Who serviced the pump, when is the next service due, and what was the total on the receipt?"
SHOTS = {  # name: window, colours, which of the sources is open
    "page-wide-light": ((1280, 880), "light", "report.pdf"),
    "page-wide-dark": ((1280, 880), "dark", "receipt.png"),
    "page-phone-light": ((390, 844), "light", "receipt.png"),
    "page-phone-dark": ((390, 844), "dark", "report.pdf"),
}
MOST_BYTES = 300_000
READY_SECONDS = 900


def main() -> None:
    from playwright.sync_api import sync_playwright

    from tests.browser_page import ARGUMENTS, chromium, free_port

    with tempfile.TemporaryDirectory(prefix="medley-shots-") as folder:
        files = hand_over(Path(folder))
        address = f"http://127.0.0.1:{free_port()}"
        app = serve(address, Path(folder))
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
                for name, (window, colours, source) in SHOTS.items():
                    path = ROOT / "docs" / f"{name}.png"
                    shoot(browser, address, files, path, window, colours, source)
                    print(f"{path.name}: {path.stat().st_size // 1000} kB")  # noqa: T201
                    assert path.stat().st_size < MOST_BYTES, path
        finally:
            app.send_signal(signal.SIGINT)
            app.wait(20)


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


def shoot(
    browser: Any, address: str, files: list[Path], path: Path, window: tuple[int, int], colours: str, source: str
) -> None:
    from tests.browser_page import Tab

    tab = Tab(browser, address, viewport={"width": window[0], "height": window[1]}, color_scheme=colours)
    tab.page.set_default_timeout(180_000)
    tab.attach(*files)
    tab.ask(QUESTION)
    tab.reads("Sources")
    tab.idle()
    tab.page.locator(f"#chat li a:has-text('{source}')").first.click()
    tab.page.wait_for_selector("#evidence article img")
    tab.page.wait_for_timeout(1000)  # until it has scrolled there
    tab.page.screenshot(path=path)
    assert tab.complaints == [], tab.complaints
    tab.close()


if __name__ == "__main__":
    main()
