"""Citations as a person opens them: a page, a picture, a recording and a text, with real files.

As in test_browser, a request to another machine or an error in the console fails whatever test it happens in.
"""

from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.test_browser import until
from tests.support.browser_page import PUMP, Served, Tab
from tests.support.media_made import melody, write_wav
from ui.words.chat import ENGLISH

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
OPEN = "#evidence article"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    from fpdf import FPDF
    from PIL import Image

    folder = tmp_path_factory.mktemp("handed over")
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for text in ("Site handbook.", "Maintenance. " * 400 + PUMP):
        pdf.add_page()
        pdf.multi_cell(0, 8, text)
    pdf.output(str(folder / "report.pdf"))
    Image.new("RGB", (700, 420), "white").save(folder / "receipt.png")
    write_wav(folder / "call.wav", melody(6))
    (folder / "notes.txt").write_text(f"Rules. {{{{x}}}} <b>.\n\n{PUMP}\n\nEnd.")
    return [folder / name for name in ("report.pdf", "receipt.png", "call.wav", "notes.txt")]


def ask(tab: Tab, files: list[Path]) -> Tab:
    tab.attach(*files)
    tab.ask("cite these")
    tab.reads(ENGLISH.sources)
    tab.idle()
    return tab


def open_number(tab: Tab, number: int) -> None:
    tab.page.locator(f"#chat p a:has-text('[{number}]')").click()
    showing(tab, number)


def showing(tab: Tab, number: int) -> None:
    tab.page.wait_for_selector(f"{OPEN}[data-evidence$='-{number}']")


def address(tab: Tab) -> str:
    return str(tab.page.evaluate("location.hash"))


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_each_kind_of_evidence_opens_where_it_stands(open_tab: Open, files: list[Path], window: dict[str, int]) -> None:
    tab = ask(open_tab(viewport=window), files)
    open_number(tab, 1)
    at = "[...document.querySelectorAll('#evidence .at')].map(e => e.getBoundingClientRect().top)[0]"
    page = "[...document.querySelectorAll('#evidence img')].map(e => [e.naturalWidth, e.complete])[0]"
    until(lambda: tab.page.evaluate(page) == [1200, True])
    until(lambda: window["height"] * 0.28 < tab.page.evaluate(at) < window["height"])  # scrolled to the words
    assert PUMP in tab.page.inner_text(OPEN)
    tab.page.click("#evidence-next")
    showing(tab, 2)
    until(lambda: tab.page.evaluate(page) == [700, True])
    tab.page.click("#evidence-next")
    showing(tab, 3)
    until(lambda: tab.page.evaluate("document.querySelector('#evidence audio').currentTime") == 2.5)
    assert tab.page.inner_text("#evidence mark") == "It may go up each March."
    tab.page.click("#evidence-next")
    showing(tab, 4)
    assert tab.page.inner_text("#evidence mark") == PUMP
    assert "Rules. {{x}} <b>." in tab.page.inner_text(OPEN)
    assert tab.page.is_disabled("#evidence-next")
    tab.page.click("#evidence-previous")
    showing(tab, 3)
    with tab.page.expect_download() as download:
        tab.page.click(f"text={ENGLISH.download}")
    assert download.value.suggested_filename == "call.wav"
    assert Path(download.value.path()).read_bytes() == files[2].read_bytes()


def test_the_keyboard_opens_walks_and_closes(open_tab: Open, files: list[Path]) -> None:
    tab = ask(open_tab(viewport=WIDE), files)
    tab.unfold("sources")
    link = tab.page.locator("#chat li a:has-text('receipt.png')")
    link.focus()
    tab.page.keyboard.press("Enter")
    showing(tab, 2)
    focus = "document.activeElement.id || document.activeElement.innerText"
    until(lambda: tab.page.evaluate(focus) == "evidence-close")
    tab.page.keyboard.press("Shift+Tab")
    tab.page.keyboard.press("Enter")
    showing(tab, 3)
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector(OPEN, state="detached")
    until(lambda: "receipt.png" in tab.page.evaluate(focus))
    assert address(tab) == ""


def test_an_address_leads_to_its_evidence_and_back_closes_it(open_tab: Open, files: list[Path]) -> None:
    tab = ask(open_tab(viewport=PHONE), files)
    open_number(tab, 1)
    first = address(tab)
    assert first.startswith("#evidence-")
    tab.page.go_back()
    tab.page.wait_for_selector(OPEN, state="detached")
    tab.page.evaluate("hash => { location.hash = hash }", first.removesuffix("1") + "3")
    showing(tab, 3)
    tab.page.evaluate("hash => { location.hash = hash }", "")
    tab.page.wait_for_selector(OPEN, state="detached")


def test_another_person_cannot_open_it(open_tab: Open, served: Served, files: list[Path]) -> None:
    mine = ask(open_tab(), files[3:])
    open_number(mine, 1)
    stolen = mine.page.get_attribute(f"{OPEN} a", "href")
    theirs = ask(open_tab(), files[3:])
    theirs.page.evaluate("hash => { location.hash = hash }", address(mine))
    theirs.page.wait_for_selector(f".toast-wrap:has-text('{ENGLISH.evidence_gone}')")
    assert theirs.page.locator(OPEN).count() == 0
    get = f"fetch('{served.address}/{stolen}').then(answer => answer.status)"
    assert mine.page.evaluate(get) == 200
    mine.page.click("#new")
    mine.page.wait_for_selector(OPEN, state="detached")
    theirs.page.evaluate("hash => { location.hash = hash }", "")
    until(lambda: mine.page.request.get(f"{served.address}/{stolen}").status == 404)


def test_evidence_opens_in_a_page_that_was_loaded_anew(open_tab: Open, files: list[Path]) -> None:
    tab = ask(open_tab(viewport=WIDE), files)
    open_number(tab, 1)
    tab.page.reload()
    showing(tab, 1)
    tab.reads(ENGLISH.sources)
    assert tab.page.evaluate("location.search").startswith("?c=")
    tab.page.click("#evidence-next")
    showing(tab, 2)
    tab.unfold("received")
    tab.reads(ENGLISH.question.format(words="cite these"))


def test_a_picture_in_the_chat_opens_large(open_tab: Open, files: list[Path]) -> None:
    tab = ask(open_tab(viewport=WIDE), files)
    tab.page.click("#chat [data-testid=user] img")
    tab.page.wait_for_selector(f"{OPEN}[data-evidence$='-f2'] img")
    width = "document.querySelector('#evidence img').naturalWidth"
    until(lambda: tab.page.evaluate(width) == 700)
    tab.page.click("#evidence-next")
    tab.page.wait_for_selector(f"{OPEN}[data-evidence$='-f3'] audio")


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_panel_fits_the_window_and_leaves_the_top_free(
    open_tab: Open, files: list[Path], window: dict[str, int], colours: str
) -> None:
    tab = open_tab(viewport=window, color_scheme=colours)
    assert tab.page.locator("#evidence:visible").count() == 0
    ask(tab, files[:1])
    open_number(tab, 1)
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert tab.page.evaluate(size) == [*window.values()]
    panel = tab.page.locator("#evidence").bounding_box()
    for control in ("#evidence-close", "#evidence-previous", "#evidence-next"):
        box = tab.page.locator(control).bounding_box()
        assert panel["x"] <= box["x"] < box["x"] + box["width"] <= panel["x"] + panel["width"], control
        assert box["height"] >= 32, control
    if window == PHONE:
        assert panel["y"] > window["height"] * 0.2
        assert panel["y"] + panel["height"] == pytest.approx(window["height"], abs=2)
        claim = "document.querySelector('#chat a[aria-current]').getBoundingClientRect().bottom"
        until(lambda: 0 < tab.page.evaluate(claim) < panel["y"])  # stays in sight
    else:
        chat = tab.page.locator("#chat").bounding_box()
        assert chat["x"] + chat["width"] <= panel["x"]
        assert min(chat["width"], panel["width"]) > window["width"] * 0.35  # beside the list of conversations
    new = tab.page.locator("#new").bounding_box()
    assert new["y"] + new["height"] < panel["y"]
