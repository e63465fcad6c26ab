"""In the browser an answer is read, stopped, read again and saved; one to a spoken question begins by itself."""

import wave

import pytest

from tests.support.browser_page import Tab

pytestmark = pytest.mark.browser
PLAYED = """
(() => {
    window.played = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () { window.played.push(performance.now()); return play.call(this); };
})();
"""


@pytest.fixture
def tab(browser, served):
    opened = Tab(browser, served.address)
    opened.page.evaluate(PLAYED)
    yield opened
    complaints = opened.complaints
    opened.close()
    assert complaints == []


def silent(tab):
    tab.page.wait_for_function("!document.documentElement.classList.contains('aloud-on')")


def said(served):
    return [entry["said"] for entry in served.entries("said")]


def test_an_answer_is_read_and_the_button_says_so(tab, served):
    tab.ask("rent")
    tab.idle()
    tab.reads("950 euros")
    button = tab.page.locator("#chat button.aloud")
    assert button.inner_text().strip().startswith("Read aloud")
    button.click()
    tab.page.wait_for_selector("#chat button.aloud.playing")
    assert button.get_attribute("title") == "Stop reading"
    assert tab.page.locator("#aloud-stop").is_visible()
    silent(tab)
    assert tab.page.evaluate("played.length") >= 3
    told = said(served)
    assert "The rent is nine hundred fifty euros a month." in told
    assert not any("*" in one or "[1]" in one for one in told)
    assert button.get_attribute("title") == "Read aloud"


def test_it_is_stopped_by_its_button_and_by_escape_and_read_again_without_being_made_again(tab, served):
    tab.ask("rent")
    tab.idle()
    button = tab.page.locator("#chat button.aloud")
    before = len(said(served))
    for stopping in ("button", "escape", "bar"):
        button.focus()
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_selector("#chat button.aloud.playing")
        if stopping == "button":
            tab.page.keyboard.press("Enter")
        elif stopping == "escape":
            tab.page.keyboard.press("Escape")
        else:
            tab.page.click("#aloud-stop")
        silent(tab)
        assert tab.page.locator("#chat button.aloud.playing").count() == 0
    assert len(said(served)) == before  # its sentences were kept from the test before


def test_another_answer_stops_the_first(tab):
    for question in ("rent", "hello"):
        tab.ask(question)
        tab.idle()
    buttons = tab.page.locator("#chat button.aloud")
    buttons.nth(0).click()
    tab.page.wait_for_selector("#chat button.aloud.playing")
    buttons.nth(1).click()
    tab.page.wait_for_function("document.querySelectorAll('#chat button.aloud')[1].classList.contains('playing')")
    assert tab.page.locator("#chat button.aloud.playing").count() == 1
    silent(tab)


def test_it_is_saved_as_a_file(tab, tmp_path):
    tab.ask("rent")
    tab.idle()
    with tab.page.expect_download() as download:
        tab.page.locator("#chat a.sound").click()
    download.value.save_as(tmp_path / "answer.wav")
    with wave.open(str(tmp_path / "answer.wav")) as sound:
        assert sound.getnframes() > 24_000


def test_an_answer_to_a_spoken_question_begins_before_it_is_whole(tab, served):
    tab.page.click("#voice .record-button")
    tab.page.wait_for_selector("#voice .stop-button:visible")
    tab.page.wait_for_timeout(600)
    tab.page.click("#voice .stop-button")
    tab.page.wait_for_selector("#chat button.aloud")
    tab.idle()
    silent(tab)
    assert tab.page.evaluate("played.length") >= 1


def test_what_is_in_the_way_is_told(tab):
    tab.ask("a hoarse question")
    tab.idle()
    tab.page.locator("#chat button.aloud").click()
    tab.page.wait_for_function("document.getElementById('aloud-told')?.textContent.includes('could not say this')")
    silent(tab)
    tab.complaints = [one for one in tab.complaints if "503" not in one]
