"""Pictures of a turn on the page: kept in view, forgotten and remembered again, with the mouse and the keyboard."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.browser_page import Served, Tab
from ui.words import in_language
from ui.words.chat import ENGLISH, ChatWords

CHINESE = in_language("zh", ChatWords)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("window", "colours", "language"),
    [({"width": 1280, "height": 800}, "light", "en"), ({"width": 390, "height": 844}, "dark", "zh-CN")],
)
def test_a_picture_is_kept_in_view_forgotten_and_remembered_again(
    browser: Any, served: Served, axe: str, tmp_path: Path, window: dict[str, int], colours: str, language: str
) -> None:
    words = CHINESE if language.startswith("zh") else ENGLISH
    tab = Tab(browser, served.address, viewport=window, color_scheme=colours, locale=language)
    try:
        for name, colour in (("garden.png", "green"), ("wall.png", "brown")):
            Image.new("RGB", (320, 200), colour).save(tmp_path / name)
        tab.attach(tmp_path / "garden.png", tmp_path / "wall.png")
        tab.ask("rent")
        tab.reads(words.sources)
        tab.idle()
        pin = tab.page.locator("#chat .picture .pin").first
        assert pin.get_attribute("title") == f"garden.png: {words.pin_picture}"
        pin.click()
        tab.page.wait_for_selector("#chat .picture.pinned .pin.given")
        drop = tab.page.locator("#chat .picture .drop").nth(1)
        drop.focus()
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_selector("#chat .picture.dropped .drop.given")
        tab.page.evaluate(axe)
        found = tab.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
        tab.page.reload()
        tab.page.wait_for_selector("#chat .picture.pinned")
        tab.page.locator("#chat .picture .drop").nth(1).click()
        tab.page.wait_for_function("!document.querySelector('#chat .picture.dropped')")
        assert tab.page.locator("#chat .picture.pinned").count() == 1
    finally:
        tab.close()
    assert tab.complaints == []
