"""The page in the languages of four browsers, as it is read and as a screen reader tells it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser_page import Served, Tab
from ui.words import in_language
from ui.words.chat import ENGLISH, ChatWords

CHINESE = in_language("zh", ChatWords)

pytestmark = pytest.mark.browser

ENGLISH_ALONE = re.compile(r"[A-Za-z]{2}")
CHINESE_LETTER = re.compile("[\u4e00-\u9fff]")
NAMES = {"Medley", "English"}  # the same in every language
TOLD = """() => {
    const told = [];
    for (const one of document.querySelectorAll("body *")) {
        if (!one.checkVisibility() || ["SCRIPT", "STYLE", "CODE", "OPTION"].includes(one.tagName)) continue;
        for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description"])
            if (one.getAttribute(name)) told.push(one.getAttribute(name));
        for (const node of one.childNodes)
            if (node.nodeType === Node.TEXT_NODE && node.textContent.trim()) told.push(node.textContent.trim());
    }
    return told;
}"""


@pytest.fixture
def opened(browser: Any, served: Served) -> Iterator[Any]:
    """Opens a tab in a browser of some language; none of them may have complained in the end."""
    tabs: list[Tab] = []

    def opened_in(locale: str) -> Tab:
        tabs.append(Tab(browser, served.address, locale=locale))
        return tabs[-1]

    yield opened_in
    complaints = [each for tab in tabs for each in tab.complaints]
    for tab in tabs:
        tab.close()
    assert not complaints


def reads(tab: Tab, words: str) -> None:
    tab.page.wait_for_function("words => document.body.innerText.includes(words)", arg=words)


@pytest.mark.parametrize(
    ("locale", "words", "language"),
    [("en-US", ENGLISH, "en"), ("zh-CN", CHINESE, "zh-CN"), ("zh-TW", CHINESE, "zh-TW"), ("fr-FR", ENGLISH, "fr")],
)
def test_the_page_speaks_the_browsers_language_else_english(
    opened: Any, locale: str, words: ChatWords, language: str
) -> None:
    tab = opened(locale)
    reads(tab, words.welcome.splitlines()[1])
    assert tab.page.get_attribute("#box textarea", "placeholder") == words.placeholder
    assert tab.page.get_attribute("html", "lang") == language
    tab.ask("rent please")
    tab.reads(words.received)
    tab.reads(words.sources)


def test_a_chinese_visitor_reads_and_hears_no_english_but_that_of_the_files(opened: Any) -> None:
    tab = opened("zh-CN")
    tab.page.wait_for_timeout(1000)
    left = {told for told in tab.page.evaluate(TOLD) if english(told)}
    assert left <= NAMES


def test_a_status_and_a_place_are_said_in_chinese(opened: Any) -> None:
    tab = opened("zh-CN")
    tab.ask("rent please")
    tab.page.wait_for_selector("#chat button.fold.sources")
    tab.unfold("sources")
    tab.reads("第 3 页")


def test_an_error_of_the_core_is_said_in_chinese(opened: Any) -> None:
    tab = opened("zh-CN")
    tab.ask("crash")
    tab.reads("意料之外")
    reads(tab, "注意")


def english(told: str) -> bool:
    return bool(ENGLISH_ALONE.search(told)) and not CHINESE_LETTER.search(told)
