"""The page as a person uses it: every test opens it, does something, and looks.

A request to another machine or an error in the console fails whatever test it happens in.
"""

import struct
import time
import wave
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Open
from tests.support.browser_page import ARGUMENTS, Served, chromium
from tests.ui.test_ui_rendering import HARMFUL
from ui.words.chat import ENGLISH

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the fake microphone hears, over and over: a tone."""
    path = tmp_path_factory.mktemp("sound") / "audio.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(48000)
        sound.writeframes(b"".join(struct.pack("<h", 8000 * (1 if i // 60 % 2 else -1)) for i in range(48000)))
    return path


@pytest.fixture(scope="module")
def browser(driver: Any, speech: Path) -> Iterator[Any]:
    heard = f"--use-file-for-fake-audio-capture={speech}"
    browser = driver.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, heard])
    yield browser
    browser.close()


def until(true: Callable[[], object], seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "this did not come true in time"
        time.sleep(0.05)


def picture(path: Path) -> Path:
    """A PNG of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def test_an_answer_streams_and_ends_with_its_sources_and_what_the_model_received(open_tab: Open) -> None:
    tab = open_tab()
    tab.ask("rent please")
    tab.reads("Answering")
    tab.reads("The rent is 950 euros")
    assert ENGLISH.sources not in tab.text
    tab.reads(ENGLISH.sources)
    tab.idle()
    tab.unfold("sources")
    assert "lease.pdf, page 3 — “The monthly rent amounts to 950 EUR.”" in tab.text
    assert "call <b>1</b>.wav, 0:12–0:19" in tab.text
    assert "You can probably bargain. †" in tab.text
    until(lambda: "Prompt: 412 tokens" not in tab.text)  # folded
    tab.unfold("received")
    tab.reads("Prompt: 412 tokens · answer: 37 tokens")
    tab.reads("call <b>1</b>.wav: sound, transcribed, 32 s of sound")
    tab.reads("███████░░░ 0.71 lease.pdf, page 3")
    tab.reads("██████░░░░ 0.60 text")


def test_two_files_arrive_under_their_names_and_are_shown(open_tab: Open, served: Served, tmp_path: Path) -> None:
    notes = tmp_path / "notes (final) <b> ünï.txt"
    notes.write_text("Buy milk.")
    tab = open_tab()
    tab.attach(notes, picture(tmp_path / "garden.png"))
    tab.ask("both of these")
    tab.reads("You said 'both of these'")
    tab.idle()
    (turn,) = (turn for turn in served.entries("text") if turn["text"] == "both of these")
    assert [(name, spoken) for name, spoken, _ in turn["files"]] == [
        ("notes (final) b ünï.txt", False),
        ("garden.png", False),
    ]
    tab.page.wait_for_selector("#chat [data-testid=user] img")
    assert tab.page.locator("#chat [data-testid=user] img").count() == 1
    until(lambda: tab.page.evaluate("document.querySelector('#chat [data-testid=user] img').naturalWidth") == 1)
    assert tab.page.locator("#box .thumbnail-item").count() == 0
    assert tab.page.locator("#chat [aria-label=Share]:visible").count() == 0  # it would publish them


@pytest.mark.parametrize(("question", "said"), [("fail", "I cannot read model/gltf files <yet>."), ("crash", "number")])
def test_after_an_error_the_next_question_works(open_tab: Open, question: str, said: str) -> None:
    tab = open_tab()
    tab.ask(question)
    tab.reads(said)
    tab.page.wait_for_selector(".toast-wrap")
    tab.idle()
    assert "secret" not in tab.page.content()
    tab.ask("hello again")
    tab.reads("You said 'hello again'")


def test_a_locked_file_is_opened_by_its_password(open_tab: Open, tmp_path: Path) -> None:
    tab = open_tab()
    assert tab.page.locator("#password:visible").count() == 0
    tab.attach(picture(tmp_path / "secret.png"))
    tab.ask("locked it is")
    for password, said in (("wrong", "It is locked."), ("open sesame", "I read secret.png.")):
        tab.page.wait_for_selector("#password input[type=password]")
        tab.page.fill("#password input", password)
        tab.page.press("#password input", "Enter")
        tab.reads(said)
        tab.idle()
    tab.page.wait_for_selector("#password", state="hidden")
    assert tab.page.locator("#chat [data-testid=user]:has-text('locked it is')").count() == 1
    assert "sesame" not in tab.page.content()


@pytest.mark.parametrize("question", ["slow", "stuck"])
def test_stop_ends_the_answer_and_frees_the_box(open_tab: Open, served: Served, question: str) -> None:
    tab = open_tab()
    tab.ask(question)
    tab.reads("Answering")
    tab.page.click("#box [aria-label=Stop]")
    tab.reads(ENGLISH.stopped)
    tab.idle()
    served.go_on()  # until then what is stuck stays so
    tab.ask("and now")
    tab.reads("You said 'and now'")


def test_an_answer_goes_on_through_a_reload_and_can_be_stopped(open_tab: Open, served: Served) -> None:
    before = len(served.entries("ended"))
    tab = open_tab()
    tab.ask("slow and loaded anew")
    tab.reads("word word")
    tab.page.reload()
    tab.reads("word word word")
    shown = len(tab.text)
    until(lambda: len(tab.text) > shown, 20)  # it grows on
    tab.page.click("#box [aria-label=Stop]")
    tab.reads(ENGLISH.stopped)
    tab.idle()
    until(lambda: len(served.entries("ended")) > before)


def test_what_a_model_writes_loads_nothing_and_runs_nothing(open_tab: Open) -> None:
    tab = open_tab()
    tab.page.on("dialog", lambda dialog: tab.complaints.append(f"ran: {dialog.message}") or dialog.dismiss())
    tab.ask("remote")
    tab.reads("The end.")
    tab.idle()
    tab.ask("\n\n".join(HARMFUL.values()))  # comes back as it is, in the question
    tab.reads("You said")
    tab.idle()
    forbidden = "img, iframe, script, object, embed, video, audio, table[background], svg:not(button svg), .mermaid"
    assert tab.page.locator("#chat .message-content").locator(forbidden).count() == 0
    written = tab.page.locator("#chat .message-content a:not(.acts a)")
    links = written.evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert [link for link in links if not link.startswith(("http://203.0.113.7", "#"))] == []
    assert "if a < b: print('![x](http://203.0.113.7/code.png)')" in tab.text


def test_a_new_conversation_is_empty_and_knows_nothing_of_the_old_one(open_tab: Open, served: Served) -> None:
    tab = open_tab()
    tab.ask("remember me")
    tab.reads("You said 'remember me'")
    tab.idle()
    old = served.entries("text")[-1]["conversation"]
    tab.page.click("#new")
    tab.page.wait_for_selector("#chat [data-testid=bot]", state="detached")
    tab.ask("who am I")
    tab.reads("You said 'who am I'")
    assert "remember me" not in tab.text
    assert served.entries("text")[-1]["conversation"] != old
    assert served.entries("text")[-1]["before"] == []


def test_a_new_conversation_does_not_wait_for_the_answer_of_the_old_one(open_tab: Open) -> None:
    tab = open_tab()
    tab.ask("slow")
    tab.reads("word word")
    tab.page.click("#new")
    tab.idle()
    tab.ask("fresh start")
    tab.reads("You said 'fresh start'")
    assert "word word" not in tab.text


def test_two_people_do_not_see_each_other(open_tab: Open, served: Served) -> None:
    one, other = open_tab(), open_tab()
    one.ask("mine alone")
    one.reads("You said 'mine alone'")
    other.ask("something else")
    other.reads("You said 'something else'")
    assert "mine alone" not in other.text
    assert "something else" not in one.text
    first, second = served.entries("text")[-2:]
    assert first["conversation"] != second["conversation"]


def test_one_tap_records_and_the_next_one_asks(open_tab: Open, served: Served, tmp_path: Path) -> None:
    tab = open_tab()
    tab.attach(picture(tmp_path / "garden.png"))
    tab.page.click("#voice .record-button")
    tab.page.wait_for_selector("#voice .stop-button:visible")
    tab.page.wait_for_timeout(1000)
    tab.page.click("#voice .stop-button")
    tab.reads("gave garden.png, audio.wav")
    tab.idle()
    picture_sent, (name, spoken, size) = served.entries("text")[-1]["files"]
    assert picture_sent[:2] == ["garden.png", False]
    assert (name, spoken) == ("audio.wav", True)
    assert size > 10_000
    tab.page.wait_for_selector("#voice .record-button:visible:enabled")


def test_the_box_tells_a_recording_from_an_upload_of_the_same_name(
    open_tab: Open, served: Served, speech: Path
) -> None:
    tab = open_tab()
    tab.attach(speech)
    tab.page.click("#box [data-testid=microphone-button]")
    tab.page.click("#box [aria-label='Start recording']")
    tab.page.wait_for_timeout(700)
    tab.page.click("#box [aria-label='Stop recording']")
    tab.page.click("#box [aria-label='Attach audio']")
    tab.ask("what do they say")
    tab.reads("You said 'what do they say'")
    assert [(name, spoken) for name, spoken, _ in served.entries("text")[-1]["files"]] == [
        ("audio.wav", False),
        ("audio.wav", True),
    ]


def test_the_page_says_what_is_loading_until_it_is_there(open_tab: Open, served: Served) -> None:
    served.loading("Loading <speech>: 40 %")
    try:
        tab = open_tab()
        tab.page.wait_for_selector("#status:has-text('Loading <speech>: 40 %')")
        tab.ask("while it loads")
        tab.reads("You said 'while it loads'")
    finally:
        served.loading()
    tab.page.wait_for_selector("#status", state="hidden")


def test_one_click_on_an_empty_page_asks_about_files_that_are_there(open_tab: Open, served: Served) -> None:
    tab = open_tab()
    tab.page.wait_for_selector("#welcome button")
    assert tab.page.locator("#welcome button").count() == 6
    middle = tab.page.locator("#ask").bounding_box()
    assert middle["y"] < 400  # in the middle of the page, and what one can do is below it
    assert tab.page.locator("#welcome").bounding_box()["y"] > middle["y"]
    tab.page.click("#welcome .sum")
    tab.reads("gave receipt.jpg, bakery.jpg")
    tab.idle()
    assert [file[:2] for file in served.entries("text")[-1]["files"]] == [["receipt.jpg", False], ["bakery.jpg", False]]
    tab.page.wait_for_selector("#welcome", state="hidden")
    assert tab.page.locator("#ask").bounding_box()["y"] > 500


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740), (3840, 2160)])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everything_fits_the_window(open_tab: Open, width: int, height: int, colours: str) -> None:
    tab = open_tab(viewport={"width": width, "height": height}, color_scheme=colours)
    tab.ask("rent")
    tab.reads(ENGLISH.sources)
    tab.idle()
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert tab.page.evaluate(size) == [width, height]
    for control in ("#new", "#menu", "#box [data-testid=submit-button]", "#photo", "#voice .record-button"):
        box = tab.page.locator(control).bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= width, control
        assert box["y"] + box["height"] <= height, control


def test_every_control_has_a_name(open_tab: Open) -> None:
    tab = open_tab()
    nameless = """[...document.querySelectorAll(
            '#top button, #aside button, #aside input, #aside textarea, #ask button, #ask textarea, #ask select')]
        .filter(e => e.checkVisibility({visibilityProperty: true}))
        .filter(e => !(e.innerText || e.textContent || e.getAttribute('aria-label') || e.labels?.length
            || e.placeholder)).map(e => e.outerHTML)"""
    assert tab.page.evaluate(nameless) == []
