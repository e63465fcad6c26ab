"""The libraries panel as a person uses it, in headless Chromium over real libraries.

A request to another machine or an error in the console fails whatever test it happens in.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.retrieval.test_loaders_scans import LONG, WHOLE_PAGE
from tests.retrieval.test_loaders_scans import a_pdf as a_scan
from tests.support.library_page import serve
from tests.test_hostile_files import a_pdf
from ui.words import in_language
from ui.words.library import ENGLISH, LibraryWords

CHINESE = in_language("zh", LibraryWords)

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}
NAMED = "document.querySelector('#library-head h2')?.innerText"
OUT_OF_THE_WAY = "document.getElementById('room-library').style.display"


class LibraryBrowserTab:
    """One visitor's tab, with a record of what went wrong in it."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("request", lambda request: self._request(request.url))
        self.page.on("console", lambda said: self._console(said))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.goto(f"{address}/#library", wait_until="domcontentloaded")
        self.page.wait_for_selector("#library-list :is(p, ul)")

    def _request(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:")):
            self.complaints.append(f"asked another machine: {url}")
        if "/queue/join" in url:
            self.asked.append(url)

    def _console(self, said: Any) -> None:
        if said.type == "error":
            self.complaints.append(f"console: {said.text}")

    def write(self, box: str, text: str) -> None:
        self.page.fill(f"#library-{box} :is(input, textarea)", text)

    def make(self, name: str) -> None:
        self.write("new", name)
        self.page.click("#library-new button")
        self.page.wait_for_function(f"name => {NAMED} === name", arg=name)

    def drop(self, *files: Path) -> None:
        self.page.set_input_files("#library-drop input[type=file]", [str(file) for file in files])

    def reads(self, where: str, text: str) -> None:
        self.page.wait_for_function(
            "([where, text]) => document.querySelector('#library-' + where)?.innerText.includes(text)",
            arg=[where, text],
        )

    def lacks(self, where: str, text: str) -> None:
        self.page.wait_for_function(
            "([where, text]) => !(document.querySelector('#library-' + where)?.innerText || '').includes(text)",
            arg=[where, text],
        )

    def page_read(self) -> int:
        """The page of 12 that the job is at."""
        said = re.search(r"page (\d+) of 12", self.page.inner_text("#library-jobs"))
        assert said is not None
        return int(said[1])

    def warned(self, text: str) -> None:
        self.page.wait_for_selector(f".toast-wrap :text('{text}')")


@pytest.fixture(scope="module")
def served(browser: Any) -> Iterator[str]:
    yield from serve()


@pytest.fixture
def enter(browser: Any, served: str) -> Iterator[Callable[..., LibraryBrowserTab]]:
    rooms: list[LibraryBrowserTab] = []

    def new(**options: Any) -> LibraryBrowserTab:
        rooms.append(LibraryBrowserTab(browser, served, **options))
        return rooms[-1]

    yield new
    for room in rooms:
        room.context.close()
    assert [complaint for room in rooms for complaint in room.complaints] == []


def texts(folder: Path, **written: str) -> list[Path]:
    for name, text in written.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return [folder / f"{name}.txt" for name in written]


def test_a_library_is_made_filled_and_emptied_again(enter: Callable[..., LibraryBrowserTab], tmp_path: Path) -> None:
    room = enter()
    room.reads("list", ENGLISH.none_yet)
    room.make("Plant")
    room.reads("files", ENGLISH.empty)
    room.drop(*texts(tmp_path, pump="The pump was serviced.", moat="The moat is deep."))
    room.reads("files", "pump.txt")
    room.reads("files", "moat.txt")
    room.reads("list", "2 files")
    room.page.wait_for_selector("#library-drop [data-testid=upload-text]")  # the box takes files again
    room.page.click("#library-files li:has-text('pump.txt') button")
    assert "pump.txt" in room.page.inner_text("dialog")
    room.page.click(f"dialog button:text('{ENGLISH.keep}')")
    room.page.wait_for_selector("dialog", state="detached")
    room.page.click("#library-files li:has-text('pump.txt') button")
    room.page.click(f"dialog button:text('{ENGLISH.remove}')")
    room.lacks("files", "pump.txt")
    room.reads("list", "1 file")
    room.page.click(f"#library-head button:text('{ENGLISH.remove}')")
    assert "Plant" in room.page.inner_text("dialog")
    room.page.click(f"dialog button:text('{ENGLISH.remove}')")
    room.reads("list", ENGLISH.none_yet)
    room.page.wait_for_selector("#library-drop", state="hidden")


def test_each_file_tells_how_it_was_read(enter: Callable[..., LibraryBrowserTab], tmp_path: Path) -> None:
    room = enter()
    room.make("Scans")
    room.drop(a_scan(tmp_path / "scan.pdf", (LONG, None), ("", WHOLE_PAGE), ("", WHOLE_PAGE)))
    room.reads("files", "2 pages by OCR")
    assert "Pages 2 to 3 are scans" not in room.page.inner_text("#library-files")
    room.page.click("#library-files summary")
    room.reads("files", "Pages 2 to 3 are scans")


def test_what_is_wrong_with_a_file_stays_until_it_is_cleared(
    enter: Callable[..., LibraryBrowserTab], tmp_path: Path
) -> None:
    room = enter()
    room.make("Broken")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    room.drop(tmp_path / "bad.pdf", *texts(tmp_path, good="A good file."))
    room.reads("jobs", "bad.pdf is damaged")
    room.reads("files", "good.txt")
    room.page.reload()
    room.page.click("#library-list button")
    room.reads("jobs", "bad.pdf is damaged")
    room.page.click(f"#library-jobs button:text('{ENGLISH.dismiss}')")
    room.lacks("jobs", "bad.pdf")


def test_a_locked_file_is_opened_by_its_password(enter: Callable[..., LibraryBrowserTab], tmp_path: Path) -> None:
    room = enter()
    room.make("Locked")
    room.drop(a_pdf(tmp_path / "lease.pdf", password="open sesame"))
    room.reads("jobs", "lease.pdf is locked with a password")
    room.reads("password", ENGLISH.password_note)
    for password in ("wrong", "open sesame"):
        room.write("password", password)
        room.page.click("#library-password button")
        room.page.wait_for_function("document.querySelector('#library-password input')?.value !== 'wrong'")
    room.reads("files", "lease.pdf")
    room.page.wait_for_selector("#library-password", state="hidden")
    assert "open sesame" not in room.page.content()


def test_a_job_is_watched_paused_resumed_and_cancelled(enter: Callable[..., LibraryBrowserTab], tmp_path: Path) -> None:
    room = enter()
    room.make("Slow")
    room.drop(*texts(tmp_path, slow="Slow words."))
    room.reads("jobs", "Reading: slow.txt, page ")
    first = room.page_read()
    room.page.wait_for_timeout(1500)
    assert room.page_read() > first
    room.reads("list", "adding 0 of 1")
    room.page.click(f"#library-jobs button:text('{ENGLISH.pause}')")
    room.reads("jobs", ENGLISH.paused)
    room.page.click(f"#library-jobs button:text('{ENGLISH.resume}')")
    room.reads("jobs", "Reading: slow.txt, page ")
    room.page.click(f"#library-jobs button:text('{ENGLISH.cancel}')")
    room.lacks("jobs", "slow.txt")
    room.reads("files", ENGLISH.empty)


def test_the_server_is_asked_only_while_a_job_runs_and_somebody_looks(
    enter: Callable[..., LibraryBrowserTab], tmp_path: Path
) -> None:
    room = enter()
    room.make("Quiet")
    room.page.wait_for_timeout(500)
    before = len(room.asked)
    room.page.wait_for_timeout(2500)
    assert len(room.asked) == before
    room.drop(*texts(tmp_path, slow="Slow words."))
    room.reads("jobs", "Reading: slow.txt, page ")
    room.page.evaluate(f"{OUT_OF_THE_WAY} = 'none'")
    room.page.wait_for_timeout(1500)
    before = len(room.asked)
    room.page.wait_for_timeout(2500)
    assert len(room.asked) == before
    room.page.evaluate(f"{OUT_OF_THE_WAY} = ''")
    room.reads("files", "slow.txt")


def test_text_and_a_web_page_are_added(enter: Callable[..., LibraryBrowserTab]) -> None:
    room = enter()
    room.make("Words")
    room.page.click(f"#library-paste button:has-text('{ENGLISH.paste}')")
    room.write("text-name", "On lions")
    room.write("text", "Lions sleep.")
    room.page.click("#library-add-text")
    room.reads("files", "On lions.txt")
    assert room.page.input_value("#library-text textarea") == ""
    room.page.click("#library-add-text")
    room.warned("There is no text to add")
    room.page.click(f"#library-web button:has-text('{ENGLISH.address}')")
    room.write("address", "https://example.org/moat")
    room.page.click("#library-address button")
    room.reads("files", "example.org/moat")


def test_a_folder_comes_with_its_names_without_what_is_hidden(
    enter: Callable[..., LibraryBrowserTab], tmp_path: Path
) -> None:
    room = enter()
    room.make("Folder")
    (tmp_path / "in" / "deep").mkdir(parents=True)
    texts(tmp_path / "in", a="Lions.")
    texts(tmp_path / "in" / "deep", a="Zebras.")
    (tmp_path / "in" / ".hidden").write_text("Hidden.", encoding="utf-8")
    room.page.set_input_files("#library-more input[type=file]", str(tmp_path / "in"))
    room.reads("files", "in/a.txt")
    room.reads("files", "in/deep/a.txt")
    assert "hidden" not in room.page.inner_text("#library-files")


DROPPED = """() => {
    const file = (name, text) => ({ name, isFile: true, isDirectory: false,
        file: (give) => give(new File([text], name)) });
    const folder = (name, ...inside) => ({ name, isFile: false, isDirectory: true,
        createReader: () => ({ readEntries: (give) => give(inside.splice(0, 1)) }) });
    const entry = folder('papers', file('a.txt', 'Lions.'), file('.DS_Store', 'x'),
        folder('old', file('b.txt', 'Yaks.')));
    const given = { items: [{ webkitGetAsEntry: () => entry }], files: [] };
    const event = new Event('drop', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'dataTransfer', { value: given });
    document.querySelector('#library-drop button').dispatchEvent(event);
}"""


def test_a_folder_can_be_dropped(enter: Callable[..., LibraryBrowserTab]) -> None:
    room = enter()
    room.make("Dropped")
    room.page.evaluate(DROPPED)
    room.reads("files", "papers/a.txt")
    room.reads("files", "papers/old/b.txt")


def test_names_are_shown_as_they_are_and_mean_nothing(enter: Callable[..., LibraryBrowserTab], tmp_path: Path) -> None:
    name = "<img src=http://203.0.113.7/x.png onerror=alert(1)> {{#if}} ${alert(2)}"
    room = enter()
    room.make(name)
    room.drop(*texts(tmp_path, **{"a <b>bold</b> {{x}} ${y} `z`".replace("/", "∕"): "Lions."}))
    room.reads("files", "a <b>bold<∕b> {{x}} ${y} `z`.txt")
    room.reads("list", name)
    room.page.click(f"#library-head button:text('{ENGLISH.remove}')")
    assert name in room.page.inner_text("dialog")
    assert room.page.query_selector("#room-library img") is None


def test_errors_are_said_and_the_room_can_be_used_afterwards(
    enter: Callable[..., LibraryBrowserTab], tmp_path: Path
) -> None:
    room = enter()
    room.make("Plant")
    room.write("new", "Plant")
    room.page.click("#library-new button")
    room.warned("There is a library called Plant already")
    assert room.page.input_value("#library-new input") == "Plant"
    room.drop(*texts(tmp_path, crash="It ends the reader.", good="Good."))
    room.reads("jobs", "crash.txt: Something unexpected went wrong")
    assert "secret" not in room.page.content()
    room.reads("files", "good.txt")


def test_a_library_is_renamed_with_the_keyboard_alone(enter: Callable[..., LibraryBrowserTab]) -> None:
    room = enter()
    keys = room.page.keyboard
    room.page.focus("#library-new input")
    keys.type("Plant")
    keys.press("Enter")
    room.page.wait_for_function(f"{NAMED} === 'Plant'")
    room.page.focus("#library-list button")
    keys.press("Enter")
    room.page.focus("#library-head button")
    keys.press("Enter")
    room.page.wait_for_selector("#library-rename input")
    room.page.focus("#library-rename input")
    keys.press("Control+A")
    keys.type("Works")
    keys.press("Enter")
    room.page.wait_for_function(f"{NAMED} === 'Works'")
    room.page.focus("#library-head button.remove")
    keys.press("Enter")
    room.page.wait_for_selector("dialog[open]")
    keys.press("Escape")
    room.page.wait_for_selector("dialog", state="detached")
    assert room.page.evaluate("document.activeElement.dataset.do") == "remove"
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Enter")
    room.reads("list", ENGLISH.none_yet)


def test_two_visitors_see_nothing_of_each_other(enter: Callable[..., LibraryBrowserTab], tmp_path: Path) -> None:
    first, second = enter(), enter()
    first.make("Secret plans")
    first.drop(*texts(tmp_path, vault="The vault opens at noon."))
    first.reads("files", "vault.txt")
    second.page.reload()
    second.reads("list", ENGLISH.none_yet)
    second.make("Secret plans")
    second.reads("files", ENGLISH.empty)
    assert "vault" not in second.page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_in_chinese_nothing_is_wider_than_the_screen(
    enter: Callable[..., LibraryBrowserTab], tmp_path: Path, scheme: str
) -> None:
    room = enter(**PHONE, locale="zh-CN", color_scheme=scheme)
    room.reads("list", CHINESE.none_yet)
    room.make("一个名称很长的资料库" + "x" * 60)
    room.drop(*texts(tmp_path, **{"long" * 20: "Lions."}), a_pdf(tmp_path / "lease.pdf", password="sesame"))
    room.reads("files", "longlong")
    room.reads("password", CHINESE.password)
    for words in (CHINESE.folder, CHINESE.replace, CHINESE.paste, CHINESE.unlock, CHINESE.make, "lease.pdf"):
        assert words in room.page.inner_text("#room-library")
    assert "__i18n__" not in room.page.inner_text("#room-library")
    assert room.page.evaluate("document.documentElement.scrollWidth") <= 360
    wide = (
        "[...document.querySelectorAll('#room-library *')].filter((e) => e.getBoundingClientRect().right > 361).length"
    )
    assert room.page.evaluate(wide) == 0


def test_every_control_has_a_name(enter: Callable[..., LibraryBrowserTab], tmp_path: Path) -> None:
    room = enter()
    room.make("Plant")
    room.drop(*texts(tmp_path, pump="The pump."), a_pdf(tmp_path / "lease.pdf", password="sesame"))
    room.reads("files", "pump.txt")
    room.page.wait_for_selector("#library-password input")
    room.page.click(f"#library-paste button:has-text('{ENGLISH.paste}')")
    nameless = """[...document.querySelectorAll('#room-library :is(button, input, textarea, summary, progress)')]
        .filter((control) => control.checkVisibility() && !(control.getAttribute('aria-label') || control.innerText
            || control.labels?.[0]?.innerText || '').trim()).map((control) => control.outerHTML)"""
    assert room.page.evaluate(nameless) == []
    assert room.page.get_by_role("button", name="Remove pump.txt").count() == 1
    assert room.page.get_by_role("list", name=ENGLISH.contents).count() == 1
    assert room.page.get_by_role("button", name=ENGLISH.drop).count() == 1
