"""A copy shared in the browser and opened by somebody without a cookie, on wide and narrow screens, light and dark.

A request to another machine or an error in the console fails whatever test it happens in.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.browser_page import RENT, Served, Tab
from ui.words.sharing import ENGLISH

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
LINK = "#conversations .share a"


@pytest.fixture
def tab(browser: Any, served: Served) -> Iterator[Tab]:
    one = Tab(browser, served.address, viewport=WIDE)
    yield one
    one.close()
    assert one.complaints == []


class Stranger:
    """Somebody who was sent the link: a browser of their own without a cookie."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, link: str) -> int:
        return int(self.page.goto(link).status)


def share(tab: Tab, with_files: bool = False) -> str:
    tab.menu()
    tab.page.click("#conversations .sharing summary")
    if with_files:
        tab.page.check("#conversations .sharing input")
    tab.page.click("#conversations .sharing [value^='share ']")
    return str(tab.page.wait_for_selector(LINK).evaluate("link => link.href"))


def answered(tab: Tab, question: str) -> None:
    ended = "#chat button.retry"  # stands below every answer that came to its end
    before = tab.page.locator(ended).count()
    tab.ask(question)
    tab.page.wait_for_function(f"n => document.querySelectorAll('{ended}').length > n", arg=before)
    tab.idle()


def test_whoever_has_the_link_reads_the_copy_until_it_is_withdrawn(browser: Any, tab: Tab, served: Served) -> None:
    answered(tab, "rent please")
    tab.menu()
    tab.page.wait_for_selector("#conversations .sharing")
    link = share(tab)
    assert ENGLISH.only_here in tab.page.inner_text("#conversations .sharing")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.click("#conversations [value^='copy-link ']")
    tab.page.wait_for_selector("#conversations .copied")
    assert tab.page.evaluate("navigator.clipboard.readText()") == link
    answered(tab, "what came later")
    stranger = Stranger(browser, viewport=WIDE)
    assert stranger.open(link) == 200
    text = stranger.page.inner_text("main")
    assert "rent please" in text
    assert "950 euros" in text
    assert "The monthly rent amounts to 950 EUR." in text
    assert "what came later" not in text
    assert stranger.page.locator("script").count() == 0
    assert stranger.context.cookies() == []
    assert [url for url in stranger.asked if "/shared/" not in url and not url.endswith("/favicon.ico")] == []
    tab.page.click("#conversations [value^='unshare ']")
    tab.page.wait_for_selector(LINK, state="detached")
    assert not [one for one in stranger.complaints if one]
    assert stranger.open(link) == 404
    assert ENGLISH.gone in stranger.page.inner_text("main")
    stranger.context.close()


def test_what_a_model_writes_asks_nobody_in_the_copy(browser: Any, tab: Tab) -> None:
    answered(tab, "remote pictures")
    stranger = Stranger(browser, viewport=WIDE)
    stranger.open(share(tab))
    stranger.page.wait_for_timeout(500)
    assert not [url for url in stranger.asked if "203.0.113.7" in url]
    assert stranger.complaints == []
    stranger.context.close()


def test_a_shared_file_can_be_fetched(browser: Any, tab: Tab, tmp_path: Path) -> None:
    file = tmp_path / "lease.txt"
    file.write_text(RENT, encoding="utf-8")
    tab.attach(file)
    answered(tab, "look at this")
    stranger = Stranger(browser, viewport=WIDE)
    stranger.open(share(tab, with_files=True))
    with stranger.page.expect_download() as download:
        stranger.page.click(".files a")
    assert Path(download.value.path()).read_text(encoding="utf-8") == RENT
    assert download.value.suggested_filename == "lease.txt"
    stranger.context.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_nobody_is_kept_out_of_the_copy(
    browser: Any, tab: Tab, axe: str, window: dict[str, int], colours: str, tmp_path: Path
) -> None:
    answered(tab, "rent please")
    answered(tab, "rich answer")
    link = share(tab)
    stranger = Stranger(browser, viewport=window, color_scheme=colours)
    stranger.open(link)
    assert stranger.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    stranger.context.close()
    looked = browser.new_context(viewport=window, color_scheme=colours, bypass_csp=True)
    page = looked.new_page()
    page.set_content(httpx.get(link, trust_env=False).text)  # where axe may run: the page itself lets nothing
    page.add_script_tag(content=axe)
    found = page.evaluate(
        "axe.run().then((done) => done.violations.map((one) => [one.id, one.impact, one.nodes[0].html]))"
    )
    assert [one for one in found if one[1] in ("serious", "critical")] == []
    looked.close()
