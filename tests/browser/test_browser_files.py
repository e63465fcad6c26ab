"""The line of a conversation's files as a person uses it: opened, asked about, removed, had back, kept in a library."""

from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.test_browser import picture
from tests.support.browser_page import Served, Tab
from tests.support.media_made import melody, write_wav
from ui.words.files import ENGLISH

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def tools(tab: Tab, name: str, label: str) -> None:
    tab.page.click(f"#files li:has-text('{name}') .more")
    tab.page.click(f"#files .tools:popover-open button:has-text('{label}')")


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_file_is_opened_asked_about_removed_and_had_back(
    open_tab: Open, served: Served, tmp_path: Path, window: dict[str, int]
) -> None:
    tab = open_tab(viewport=window)
    tab.attach(write_wav(tmp_path / "call.wav", melody(3)), picture(tmp_path / "garden.png"))
    tab.page.wait_for_selector("#given li >> nth=1")
    tab.page.click("#given li:has-text('garden.png') .cross")
    tab.page.wait_for_function("document.querySelectorAll('#given li').length === 1")
    tab.ask("listen to this")
    tab.reads("gave call.wav")
    tab.idle()
    tab.page.wait_for_selector("#files li.audio:has-text('call.wav')")
    assert "kB" in tab.page.inner_text("#files small")
    tab.page.click("#files a")
    tab.page.wait_for_selector("#evidence article audio")
    tab.page.click("#evidence-close")
    tab.page.wait_for_selector("#evidence article", state="detached")
    tools(tab, "call.wav", ENGLISH.does["transcript"])
    tab.reads(f"You said '{ENGLISH.asks['transcript'].format(name='call.wav')}'")
    tab.idle()
    tools(tab, "call.wav", ENGLISH.remove)
    tab.page.wait_for_selector("#files li.dropped")
    tools(tab, "call.wav", ENGLISH.take_back)
    tab.page.wait_for_selector("#files li:not(.dropped)")
    tab.page.reload()
    tab.page.wait_for_selector("#files li.audio:has-text('call.wav')")


def test_a_file_is_kept_in_a_library(open_tab: Open, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Buy milk.")
    tab = open_tab(viewport=WIDE)
    tab.page.click("#go-library")
    tab.page.fill("#library-new :is(input, textarea)", "Plant")
    tab.page.click("#library-new button")
    tab.page.wait_for_function("document.querySelector('#library-head h2')?.innerText === 'Plant'")
    tab.page.click("#go-chat")
    tab.attach(notes)
    tab.ask("read this")
    tab.reads("gave notes.txt")
    tab.idle()
    tools(tab, "notes.txt", ENGLISH.keep.format(library="Plant"))
    tab.page.wait_for_selector(f".toast-wrap:has-text('{ENGLISH.kept.format(name='notes.txt', library='Plant')}')")
