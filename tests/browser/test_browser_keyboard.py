"""The page by the keyboard alone: its keys, the list as one stop, what waits for an answer, what survives a reload."""

import pytest

from tests.browser.conftest import Open
from tests.browser.test_browser import until
from tests.support.browser_page import Served, Tab
from ui.words.keys import ENGLISH

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 800}
BOX = "#box textarea"


def asked(tab: Tab, text: str) -> None:
    tab.ask(text)
    tab.reads(f"You said '{text}'")
    tab.idle()


def focused(tab: Tab) -> str:
    return str(tab.page.evaluate("document.activeElement.value ?? document.activeElement.id"))


def test_the_list_of_keys_comes_on_a_question_mark_and_goes_again(open_tab: Open) -> None:
    tab = open_tab(viewport=WIDE)
    tab.page.wait_for_selector("#keys dialog", state="attached")
    tab.page.focus("#new")
    tab.page.keyboard.press("?")
    tab.page.wait_for_selector(f"#keys dialog[open] :text('{ENGLISH.title}')")
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#keys dialog:not([open])", state="attached")
    tab.page.focus("#new")
    tab.page.keyboard.press("/")
    assert tab.page.evaluate("document.activeElement === document.querySelector('#box textarea')")
    tab.page.keyboard.type("a? b/")
    assert tab.page.input_value(BOX) == "a? b/"


def test_the_list_is_one_stop_and_the_arrows_lead_through_it(open_tab: Open) -> None:
    tab = open_tab(viewport=WIDE)
    for question in ("first", "second", "third"):
        asked(tab, question)
        tab.page.click("#new")
        tab.page.wait_for_selector("#chat [data-testid=bot]", state="detached")
    assert tab.page.locator("#conversations [tabindex='0']").count() == 2  # a name, and its menu
    tab.page.focus("#conversations .title >> nth=0")
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("ArrowDown")
    assert "first" in tab.page.evaluate("document.activeElement.innerText")
    tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#conversations .unfolded .tools")
    until(lambda: focused(tab).startswith("rename "))
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#conversations .tools", state="detached")


def test_a_long_list_scrolls_within_its_column(open_tab: Open) -> None:
    tab = open_tab(viewport={"width": 1280, "height": 420})
    for number in range(6):
        asked(tab, f"matter {number}")
        tab.page.click("#new")
        tab.page.wait_for_selector("#chat [data-testid=bot]", state="detached")
    column = (
        "(() => { const e = document.querySelector('#conversations'); return [e.scrollHeight, e.clientHeight]; })()"
    )
    whole, seen = tab.page.evaluate(column)
    assert whole > seen
    tab.page.focus("#conversations .title >> nth=0")
    tab.page.keyboard.press("End")
    assert tab.page.evaluate("document.querySelector('#conversations').scrollTop") > 0
    assert tab.page.evaluate("[document.documentElement.scrollTop, document.documentElement.scrollHeight]") == [0, 420]
    list_, doors = (tab.page.locator(one).bounding_box() for one in ("#conversations", "#doors"))
    assert list_["y"] + list_["height"] <= doors["y"]


def test_the_next_question_waits_is_taken_back_and_is_asked(open_tab: Open, served: Served) -> None:
    tab = open_tab(viewport=WIDE)
    tab.ask("slow")
    tab.reads("word word")
    for text in ("not this one", "and then"):
        tab.page.fill(BOX, text)
        tab.page.press(BOX, "Enter")
    tab.page.wait_for_selector("#next li >> nth=1")
    assert tab.page.input_value(BOX) == ""
    tab.page.click("#next li:has-text('not this one') .cross")
    tab.page.wait_for_function("document.querySelectorAll('#next li').length === 1")
    tab.page.click("#box [aria-label=Stop]")  # who stops wants nothing more: it goes back into the box
    tab.page.wait_for_selector("#next", state="detached")
    assert tab.page.input_value(BOX) == "and then"
    tab.idle()
    tab.page.fill(BOX, "")
    tab.ask("stuck")
    tab.page.wait_for_selector("#box .stop-button:visible")
    tab.page.fill(BOX, "afterwards")
    tab.page.press(BOX, "Enter")
    tab.page.wait_for_selector("#next li")
    served.go_on()
    tab.reads("You said 'afterwards'")
    assert "not this one" not in [turn["text"] for turn in served.entries("text")]


def test_enter_sends_nothing_while_a_word_is_composed(open_tab: Open, served: Served) -> None:
    tab = open_tab(viewport=WIDE)
    tab.page.fill(BOX, "ni hao")
    composed = "isComposing: true, keyCode: 229, bubbles: true, cancelable: true, key: 'Enter'"
    tab.page.evaluate(f"document.querySelector('{BOX}').dispatchEvent(new KeyboardEvent('keydown', {{ {composed} }}))")
    tab.page.wait_for_timeout(700)
    assert tab.page.input_value(BOX) == "ni hao"
    assert "ni hao" not in [turn["text"] for turn in served.entries("text")]
    tab.page.press(BOX, "Enter")
    tab.reads("You said 'ni hao'")


def test_what_is_typed_survives_a_reload_until_it_is_sent(open_tab: Open) -> None:
    tab = open_tab(viewport=WIDE)
    tab.page.fill(BOX, "half a thought")
    tab.page.reload()
    tab.page.wait_for_function(f"document.querySelector('{BOX}')?.value === 'half a thought'")
    tab.page.press(BOX, "Enter")
    tab.reads("You said 'half a thought'")
    tab.idle()
    tab.page.click("#new")
    tab.page.wait_for_selector("#chat [data-testid=bot]", state="detached")
    tab.page.reload()
    tab.page.wait_for_selector("#welcome button")
    tab.page.wait_for_timeout(1000)
    assert tab.page.input_value(BOX) == ""
