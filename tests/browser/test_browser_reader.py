"""Pictures that are read, as a person sees them: pasted into the box, and with what was read outlined."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image as Pillow

from assistant.models.profiles import profile_named
from assistant.values.parts import Image
from assistant.vision.ocr import OcrReader
from tests.browser.conftest import Open
from tests.browser.test_browser_evidence import OPEN, PHONE, WIDE, open_number
from tests.support import pages_made as made
from tests.support.browser_page import Served
from ui.words.chat import ENGLISH

pytestmark = pytest.mark.browser

PASTE = """data => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)), held = new DataTransfer();
    held.items.add(new File([bytes], "image.png", { type: "image/png" }));
    document.querySelector("#box textarea").dispatchEvent(
        new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: held }));
}"""


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_pasted_screenshot_is_a_picture_of_the_turn(open_tab: Open, served: Served, window: dict[str, int]) -> None:
    screenshot = io.BytesIO()
    made.receipt(24).picture.save(screenshot, "PNG")
    tab = open_tab(viewport=window)
    tab.page.evaluate(PASTE, base64.b64encode(screenshot.getvalue()).decode())
    tab.page.wait_for_selector("#given :text('image.png')")
    tab.ask("rent")
    tab.reads(ENGLISH.sources)
    tab.idle()
    assert served.entries("files")[-1]["files"] == [["image.png", False, len(screenshot.getvalue())]]
    tab.page.wait_for_function("document.querySelector('#chat [data-testid=user] img')?.naturalWidth > 0")
    assert tab.page.locator("#chat .picture .pin").get_attribute("title") == f"image.png: {ENGLISH.pin_picture}"


def test_what_was_read_is_outlined_where_it_stands(open_tab: Open, tmp_path: Path) -> None:
    receipt = made.receipt(30).picture
    for name, picture in {
        "receipt.jpg": made.noisy(receipt),
        "stock.jpg": made.askew(made.table(28, ruled=True).picture, 3),
        "lying.jpg": receipt.rotate(90, expand=True),
    }.items():
        picture.save(tmp_path / name, quality=80)
    tab = open_tab(viewport=WIDE)
    tab.attach(*(tmp_path / name for name in ("receipt.jpg", "stock.jpg", "lying.jpg")))
    tab.ask("cite 593.10 19.95")
    tab.page.wait_for_selector(f"#chat >> text={ENGLISH.sources}", timeout=90_000)  # three pictures are read
    tab.idle()
    for number, outlined in ((1, "TOTAL593.10"), (2, "19.95"), (3, "TOTAL593.10")):
        open_number(tab, number)
        tab.page.wait_for_function(f"document.querySelector('{OPEN} img')?.naturalWidth > 0")
        source = str(tab.page.get_attribute(f"{OPEN} img", "src"))
        shown = Pillow.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))).convert("RGB")
        assert words_in(outlines(shown), tmp_path) == outlined


def outlines(shown: Pillow.Image) -> Pillow.Image:
    """What stands within the red outlines, on white."""
    red, green, blue = (band.load() for band in shown.split())
    ink = [
        (x, y)
        for x in range(shown.width)
        for y in range(shown.height)
        if red[x, y] > 170 and green[x, y] < 100 and blue[x, y] < 100  # type: ignore[index, operator]
    ]
    assert ink, "nothing is outlined"
    xs, ys = zip(*ink, strict=True)
    assert (max(xs) - min(xs)) * (max(ys) - min(ys)) < 0.2 * shown.width * shown.height
    edge = 6  # the outline itself
    within = shown.crop((min(xs) + edge, min(ys) + edge, max(xs) - edge, max(ys) - edge))
    alone = Pillow.new("RGB", (within.width + 80, within.height + 80), "white")
    alone.paste(within, (40, 40))
    return alone


def words_in(picture: Pillow.Image, folder: Path) -> str:
    profile = profile_named("reader")
    assert profile is not None
    picture.save(folder / "outlined.png")
    read = OcrReader.load(profile).describe(Image(folder / "outlined.png", "outlined.png", *picture.size), "")
    said = "".join(line.text for line in read.lines)
    return "".join(letter for letter in said if letter not in " |")  # edges of outlines, of fields
