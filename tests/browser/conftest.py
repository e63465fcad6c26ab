"""What the tests in a browser share: Chromium, a served page, its tabs, and axe-core where it is installed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser_page import ARGUMENTS, Served, Tab, chromium, serve

Open = Callable[..., Tab]


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    chromium()  # skips where there is none, before a driver is started
    with playwright.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(driver: Any) -> Iterator[Any]:
    browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    yield from serve()


@pytest.fixture
def open_tab(browser: Any, served: Served) -> Iterator[Open]:
    """Opens tabs. What any of them complains about fails the test."""
    tabs: list[Tab] = []

    def new(**options: Any) -> Tab:
        tabs.append(Tab(browser, served.address, **options))
        return tabs[-1]

    yield new
    for tab in tabs:
        tab.close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    packed = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    return (Path(packed.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
