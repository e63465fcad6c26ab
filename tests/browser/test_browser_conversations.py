"""Conversations that last, as a person keeps them: found again, gone back to, edited, judged, taken along, killed.

A request to another machine or an error in the console fails whatever test it happens in.
"""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Open
from tests.browser.test_browser import picture, until
from tests.support.browser_page import Served, Tab, serve
from tests.support.media_made import melody, write_wav
from ui.words import in_language
from ui.words.chat import ENGLISH, ChatWords
from ui.words.conversations import ENGLISH as LIST
from ui.words.conversations import ConversationWords

CHINESE = in_language("zh", ChatWords)
CHINESE_LIST = in_language("zh", ConversationWords)

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
STILL = "() => !document.getAnimations().some((one) => one instanceof CSSTransition && one.playState === 'running')"
SEARCH = "#search :is(input, textarea)"


def say(tab: Tab, *questions: str) -> Tab:
    for question in questions:
        tab.ask(question)
        tab.reads(f"You said '{question}'")
        tab.idle()
    return tab


def start_anew(tab: Tab) -> None:
    tab.page.click("#new")
    tab.page.wait_for_selector("#chat [data-testid=bot]", state="detached")


def listed(tab: Tab, count: int) -> list[str]:
    tab.page.wait_for_function("count => document.querySelectorAll('#conversations li').length === count", arg=count)
    return [str(name) for name in tab.page.locator("#conversations .name").all_inner_texts()]


def go(tab: Tab, title: str) -> None:
    tab.page.click(f"#conversations .title:has-text('{title}')")


def test_a_conversation_is_found_again_after_loading_the_page_anew(open_tab: Open, served: Served) -> None:
    tab = say(open_tab(viewport=WIDE), "first words", "second words")
    address = tab.page.url
    assert "?c=" in address
    tab.page.reload()
    tab.reads("You said 'second words'")
    say(tab, "third words")
    assert served.entries("before")[-1]["before"] == ["first words", "second words"]
    start_anew(tab)
    say(tab, "another matter")
    assert listed(tab, 2) == ["another matter", "first words"]
    go(tab, "first words")
    tab.reads("You said 'third words'")
    assert tab.page.url == address
    tab.page.go_back()
    tab.reads("You said 'another matter'")
    assert "first words" not in tab.text
    tab.page.go_forward()
    tab.reads("You said 'third words'")


def test_titles_and_contents_are_searched_and_the_open_one_is_renamed_and_pinned(open_tab: Open) -> None:
    tab = say(open_tab(viewport=WIDE), "about pumps")
    start_anew(tab)
    say(tab, "about valves")
    tab.menu()
    tab.page.click("#conversations .renames")
    tab.page.fill("#conversations input.rename", "Notes <b>on</b> valves")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#conversations .name:has-text('Notes <b>on</b> valves')")
    until(lambda: tab.page.title() == "Notes <b>on</b> valves · Medley")
    go(tab, "about pumps")
    tab.page.wait_for_selector("#conversations li.open .name:has-text('about pumps')")
    tab.menu()
    tab.page.click("#conversations [value^='pin ']")
    tab.page.wait_for_selector(f"#conversations h2:has-text('{LIST.pinned}')")
    assert listed(tab, 2)[0] == "about pumps"
    tab.page.fill(SEARCH, "You said valves")
    assert listed(tab, 1) == ["Notes <b>on</b> valves"]
    assert "valves" in tab.page.inner_text("#conversations .found")
    tab.page.fill(SEARCH, "zebra")
    tab.page.wait_for_selector(f"#conversations :text('{LIST.none_found}')")
    tab.page.fill(SEARCH, "")
    listed(tab, 2)


def test_a_deleted_conversation_can_be_had_back(open_tab: Open) -> None:
    tab = say(open_tab(viewport=WIDE), "keep me")
    tab.menu()
    tab.page.click("#conversations [value^='delete ']")
    tab.page.wait_for_selector("#conversations .deleted")
    tab.page.wait_for_selector("#chat [data-testid=bot]", state="detached")
    assert "?c=" not in tab.page.url
    tab.page.click("#conversations .deleted button")
    tab.reads("You said 'keep me'")
    assert listed(tab, 1) == ["keep me"]


def test_a_conversation_is_saved_and_comes_back_with_its_files(open_tab: Open, tmp_path: Path) -> None:
    tab = open_tab(viewport=WIDE)
    tab.attach(picture(tmp_path / "garden.png"))
    say(tab, "look at this")
    tab.menu()
    with tab.page.expect_download() as saved:
        tab.page.click(f"#conversations a:has-text('{LIST.export_markdown}')")
    assert saved.value.suggested_filename == "look at this.md"
    assert "You said 'look at this'" in Path(saved.value.path()).read_text(encoding="utf-8")
    with tab.page.expect_download() as saved:
        tab.page.click(f"#conversations a:has-text('{LIST.export_archive}')")
    saved.value.save_as(tmp_path / "saved.zip")
    other = open_tab(viewport=WIDE)
    other.page.set_input_files("#aside input[type=file]", str(tmp_path / "saved.zip"))
    other.reads("You said 'look at this'")
    until(lambda: other.page.evaluate("document.querySelector('#chat [data-testid=user] img')?.naturalWidth") == 1)
    other.page.set_input_files("#aside input[type=file]", str(picture(tmp_path / "no.zip")))
    other.page.wait_for_selector(".toast-wrap")
    assert listed(other, 1) == ["look at this"]


def test_a_killed_program_keeps_the_words_so_far_and_says_so(browser: Any) -> None:
    for served in serve():
        tab = Tab(browser, served.address, viewport=WIDE)
        tab.ask("slow")
        tab.reads("word word word")
        time.sleep(1.3)  # written down about once a second
        served.end(kill=True)
        served.start()
        address = tab.page.url
        tab.page.goto("about:blank")  # away from a page that is trying to reach the server again by itself
        tab.page.goto(address)
        tab.reads(ENGLISH.interrupted)
        assert "word word" in tab.text
        tab.page.click("#chat .continue")
        tab.reads(f"You said '{ENGLISH.go_on_asked}'")
        tab.idle()
        tab.close()  # what the browser complained of while nobody answered is no fault


def test_a_question_is_edited_and_both_versions_stay(open_tab: Open) -> None:
    tab = say(open_tab(viewport=WIDE), "one", "two")
    tab.page.click("#chat [value^='edit '] >> nth=0")
    tab.page.wait_for_function("document.querySelector('#box textarea').value === 'one'")
    tab.page.wait_for_selector("#editing button")
    say(tab, "one better")
    tab.page.wait_for_selector("#editing", state="hidden")
    assert "You said 'two'" not in tab.text
    tab.page.click("#chat [value^='branch-previous ']")
    tab.reads("You said 'two'")
    tab.page.focus("#chat [value^='branch-next ']")
    tab.page.keyboard.press("Enter")
    tab.reads("You said 'one better'")


def test_a_question_is_taken_back_and_an_answer_is_given_again(open_tab: Open, served: Served) -> None:
    tab = say(open_tab(viewport=WIDE), "one", "two")
    tab.page.click("#chat [value^='retry '] >> nth=1")
    tab.page.wait_for_selector("#chat .which:has-text('2/2')")
    tab.idle()
    tab.page.click("#chat [value^='undo ']")
    tab.page.wait_for_function("document.querySelector('#box textarea').value === 'two'")
    until(lambda: "You said 'two'" not in tab.text)
    tab.page.click("#editing button")
    tab.reads("You said 'two'")


def test_an_answer_is_copied_and_judged_with_a_word(open_tab: Open, served: Served) -> None:
    tab = open_tab(viewport=WIDE)
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
    tab.ask("rent")
    tab.reads(ENGLISH.sources)
    tab.idle()
    tab.page.click("#chat .copy")
    tab.page.wait_for_selector("#chat .copied")
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert "The rent is 950 euros a month." in copied
    assert ENGLISH.received not in copied
    assert ENGLISH.retry not in copied
    tab.page.click("#chat .dislike")
    tab.page.fill("#chat .why input", "Which month?")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".toast-wrap")
    with tab.page.expect_download() as saved:
        tab.page.click(f"#conversations a:has-text('{LIST.feedback}')")
    assert "Which month?" in Path(saved.value.path()).read_text(encoding="utf-8")


def test_files_are_looked_at_before_they_are_sent(open_tab: Open, tmp_path: Path) -> None:
    from tests.media.test_showing import write_pdf

    write_wav(tmp_path / "call.wav", melody(6))
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n damaged")
    (tmp_path / "tool.exe").write_bytes(b"MZ" + bytes(200))
    tab = open_tab(viewport=WIDE)
    names = ("call.wav", "broken.png", "tool.exe")
    tab.attach(write_pdf(tmp_path / "report.pdf"), *(tmp_path / name for name in names))
    tab.page.wait_for_function("document.querySelectorAll('#given li').length === 4")
    lines = tab.page.locator("#given li").all_inner_texts()
    assert "pages" in lines[0]
    assert "0:06" in lines[1]
    assert "broken.png is damaged" in lines[2]
    assert "is a program" in lines[3]
    assert tab.page.locator("#given .trouble").count() == 2


def test_a_file_is_dropped_anywhere_and_a_photo_is_taken(open_tab: Open, served: Served) -> None:
    tab = open_tab(viewport=WIDE)
    tab.page.evaluate(
        "() => { const held = new DataTransfer(); held.items.add(new File(['Buy milk.'], 'notes.txt'));"
        " document.querySelector('#chat').dispatchEvent(new DragEvent('drop',"
        " { bubbles: true, cancelable: true, dataTransfer: held })); }"
    )
    tab.page.wait_for_selector("#given :text('notes.txt')")
    tab.context.grant_permissions(["camera"], origin=served.address)
    tab.page.click("#photo")
    tab.page.wait_for_selector("#camera-take:visible")
    tab.page.wait_for_function("document.querySelector('#camera video').videoWidth > 0")
    tab.page.click("#camera-take")
    tab.page.wait_for_selector("#given :text('photo.jpg')")
    tab.page.wait_for_selector("#camera", state="hidden")
    say(tab, "these two")
    assert [name for name, _, size in served.entries("files")[-1]["files"]] == ["notes.txt", "photo.jpg"]


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_jumps_while_an_answer_grows(open_tab: Open, window: dict[str, int]) -> None:
    tab = say(open_tab(viewport=window), "first")
    tab.page.evaluate(
        "() => { window.jumps = []; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " jumps.push(one.value); }).observe({ type: 'layout-shift' }); }"
    )
    tab.ask("slow")
    tab.reads("word word")
    tab.page.evaluate("() => { jumps.length = 0; }")  # the question came in and the box grew empty
    tab.page.wait_for_timeout(2500)  # a few lines, and their scrolling
    assert sum(tab.page.evaluate("jumps")) < 0.1
    tab.page.click("#box [aria-label=Stop]")
    tab.reads(ENGLISH.stopped)
    tab.idle()


def test_a_slash_offers_commands(open_tab: Open, served: Served) -> None:
    tab = open_tab(viewport=WIDE)
    tab.page.wait_for_selector("#commands button", state="attached")
    tab.page.click("#box textarea")
    tab.page.keyboard.type("/s")
    tab.page.wait_for_selector("#commands button:visible")
    offered = tab.page.locator("#commands button:visible")
    assert [offered.nth(at).get_attribute("value")[:2] for at in range(offered.count())] == ["/s"] * offered.count()
    tab.page.keyboard.press("ArrowUp")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_function("document.querySelector('#box textarea').value.startsWith('/s')")
    assert tab.page.locator("#commands button:visible").count() == 0
    tab.page.keyboard.type("the lease")
    tab.page.keyboard.press("Enter")
    tab.reads("the lease")
    tab.idle()


def test_formulas_and_drawings_are_drawn(open_tab: Open) -> None:
    tab = open_tab(viewport=WIDE)
    tab.ask("rich")
    tab.reads("The end.")
    tab.idle()
    tab.page.wait_for_selector("#chat .mermaid svg")
    assert tab.page.locator("#chat .katex-display").count() == 1
    assert tab.page.locator("#chat .katex").count() == 2
    assert "costs $5 or $10" in tab.text
    assert "print('$$ not a formula $$')" in tab.text


def test_on_a_phone_the_list_is_called_and_goes_again(open_tab: Open) -> None:
    tab = say(open_tab(viewport=PHONE), "on the go")
    assert not tab.page.is_visible("#aside")
    tab.page.click("#menu")
    tab.page.wait_for_selector("#conversations .title:visible")
    assert tab.page.get_attribute("#menu", "aria-expanded") == "true"
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#aside", state="hidden")
    tab.page.click("#menu")
    go(tab, "on the go")
    tab.page.wait_for_selector("#aside", state="hidden")


def test_the_page_speaks_chinese_to_a_chinese_browser(open_tab: Open) -> None:
    tab = open_tab(viewport=WIDE, locale="zh-CN")
    tab.ask("rent")
    tab.reads(CHINESE.sources)
    tab.idle()
    assert tab.page.get_attribute(SEARCH, "placeholder") == CHINESE_LIST.search
    tab.menu()
    assert CHINESE_LIST.rename in tab.page.inner_text("#conversations")
    tab.unfold("sources")
    assert "第 3 页" in tab.text


def test_the_doors_lead_to_every_room_and_a_new_library_can_be_chosen(open_tab: Open, served: Served) -> None:
    tab = say(open_tab(viewport=WIDE), "before")
    address = tab.page.url
    tab.page.click("#go-library")
    tab.page.wait_for_selector("#room-library:visible")
    assert not tab.page.is_visible("#room-chat")
    assert tab.page.url == f"{address}#library"
    tab.page.fill("#library-new :is(input, textarea)", "Plant")
    tab.page.click("#library-new button")
    tab.page.wait_for_function("document.querySelector('#library-head h2')?.innerText === 'Plant'")
    tab.page.click("#go-settings")
    tab.page.wait_for_selector("#room-settings details")
    tab.page.click("#go-chat")
    tab.page.wait_for_selector("#libraries :text('Plant')")
    tab.page.click("#libraries label")
    tab.page.wait_for_selector("#libraries label.selected")
    tab.page.wait_for_timeout(500)
    tab.page.reload()
    tab.page.wait_for_selector("#libraries label.selected")
    tab.page.go_back()
    tab.page.wait_for_selector("#room-settings:visible")
    tab.page.click("#new")
    tab.page.wait_for_selector("#chat [data-testid=bot]", state="detached")
    tab.page.wait_for_selector("#room-chat:visible")


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_is_in_the_way_of_anybody(
    open_tab: Open, axe: str, window: dict[str, int], colours: str, tmp_path: Path
) -> None:
    """Names, roles and contrasts by axe-core: nothing serious in any state of the chat."""
    tab = open_tab(viewport=window, color_scheme=colours)
    tab.page.evaluate(axe)

    def violations() -> list[str]:
        tab.page.wait_for_function(STILL)  # half a fade has half a contrast
        found = tab.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    assert violations() == []
    tab.attach(picture(tmp_path / "garden.png"))
    tab.page.wait_for_selector("#given li")
    tab.ask("rent")
    tab.reads(ENGLISH.sources)
    tab.idle()
    tab.page.click("#chat .like")
    tab.page.wait_for_selector("#chat .why input")
    tab.page.click("#chat .edit >> nth=0")
    tab.page.wait_for_selector("#editing button")
    assert violations() == []
    if window == PHONE:
        tab.page.click("#menu")
        tab.page.wait_for_selector("#conversations .title:visible")
        assert violations() == []
        tab.page.keyboard.press("Escape")
    tab.unfold("received")
    assert violations() == []
    tab.unfold("sources")
    tab.page.click("#chat li a >> nth=0")
    tab.page.wait_for_selector("#evidence article")
    assert violations() == []
    for room, there in (("library", "#library-list p"), ("settings", "#room-settings details")):
        tab.page.evaluate("room => { location.hash = room }", room)
        tab.page.wait_for_selector(f"{there}:visible")
        tab.page.wait_for_timeout(300)
        assert violations() == [], room
