"""Talking in a real browser, whose microphone plays a recording: asking by voice, and ten turns with a cut."""

import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser_page import ARGUMENTS, Tab, chromium
from tests.support.call_device import Vectors, nothing  # type: ignore[attr-defined]
from tests.support.call_page import ANSWER, CLIPS, Relay, ServedCalls, clip, record, serve
from ui.words import in_language
from ui.words.call import ENGLISH, CallWords

CHINESE = in_language("zh", CallWords)

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def served() -> Iterator[ServedCalls]:
    yield from serve()


@pytest.fixture(scope="module")
def quiet(driver: Any) -> Iterator[Any]:
    """A browser whose microphone only beeps, for what needs no words."""
    browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def browse(driver: Any, quiet: Any, served: ServedCalls, tmp_path: Path) -> Open:
    """A tab whose microphone plays these sounds once, from when it is first switched on. Its complaints fail."""

    @contextmanager
    def opened(*sounds: Vectors, port: int = 0, **options: Any) -> Iterator[Tab]:
        browser = quiet
        if sounds:
            heard = f"--use-file-for-fake-audio-capture={record(tmp_path / 'heard.wav', *sounds)}%noloop"
            browser = driver.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, heard])
        tab = Tab(browser, f"http://127.0.0.1:{port or served.port}", **options)
        try:
            tab.page.wait_for_selector("#talk-words", state="attached")
            yield tab
            assert tab.complaints == []
        finally:
            tab.close()
            if sounds:
                browser.close()

    return opened


def says(tab: Tab, strip: str, sentence: str) -> None:
    """Waits until that strip tells what is in the way."""
    tab.page.wait_for_function(
        "([strip, words]) => document.querySelector(strip + ' .trouble')?.textContent === words", arg=[strip, sentence]
    )


def turns_are(served: ServedCalls, tab: Tab, before: int, count: int, seconds: float) -> None:
    """Waits until so many turns are asked since then."""
    end = time.monotonic() + seconds
    while len(served.asked()) - before < count:
        assert time.monotonic() < end, (served.asked()[before:], tab.page.inner_text("#calling"))
        tab.page.wait_for_timeout(100)


def state(tab: Tab, words: str, strip: str = "#calling") -> None:
    tab.page.wait_for_function(
        "([strip, words]) => document.querySelector(strip + ' .now')?.textContent === words", arg=[strip, words]
    )


@pytest.fixture
def relay(served: ServedCalls) -> Iterator[Relay]:
    made = Relay(served.port)
    yield made
    made.close()


MOUTH = """() => {
    const mouth = new AudioContext(), microphone = mouth.createMediaStreamDestination();
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(microphone.stream);
    window.say = async (recording) => {
        const bytes = Uint8Array.from(atob(recording), (letter) => letter.charCodeAt(0));
        const source = mouth.createBufferSource();
        source.buffer = await mouth.decodeAudioData(bytes.buffer);
        source.connect(microphone);
        source.start();
    };
}"""


def test_a_call_of_ten_turns_goes_on_though_the_connection_is_cut(
    browse: Open, served: ServedCalls, relay: Relay, tmp_path: Path
) -> None:
    """Who speaks waits for each answer, so that nothing depends on the machine's pace."""
    recordings = [record(tmp_path / f"{number}.wav", clip(*each)) for number, each in enumerate(CLIPS)]
    before = len(served.asked())
    with browse(port=relay.port) as tab:
        tab.page.evaluate(MOUTH)
        tab.page.click("#call")
        for number in range(1, 11):
            state(tab, ENGLISH.states["listening"])
            said = b64encode(recordings[number % len(recordings)].read_bytes()).decode()
            tab.page.evaluate("(said) => { window.say(said); }", said)
            state(tab, ENGLISH.states["hearing"])
            if number == 5:
                relay.cut(seconds=0.4)
                state(tab, ENGLISH.states["reconnecting"])
            turns_are(served, tab, before, number, 20)
            tab.page.wait_for_selector("#calling[data-state=speaking]")
        state(tab, ENGLISH.states["listening"])
        asked = served.asked()[before:]
        numbers = [int(words.split()[-1].strip(".")) for words, _, _ in asked]
        assert numbers == list(range(numbers[0], numbers[0] + 10))
        assert {state for _, state, _ in asked} == {"done"}
        for each in numbers:
            tab.reads(ANSWER.format(each))
            assert tab.text.count(f"This is question number {each}.") == 1
            assert tab.text.count(ANSWER.format(each)) == 1
        tab.page.click("#calling .end")
        tab.page.wait_for_selector("#calling", state="hidden")
        tab.ask("and typed")
        tab.reads("and typed")
        tab.idle()
        tab.complaints = [one for one in tab.complaints if "ERR_" not in one]  # of the cut itself
    assert len(served.asked()) - before == 11


def test_who_speaks_while_it_speaks_is_heard_and_the_voice_falls_silent(browse: Open, served: ServedCalls) -> None:
    first, second = (clip(*each) for each in CLIPS[:2])
    before = len(served.asked())
    with browse(nothing(1), first, nothing(1.1), second, nothing(20)) as tab:
        tab.page.evaluate("""() => {
            window.stopped = [];
            const stop = AudioScheduledSourceNode.prototype.stop;
            AudioScheduledSourceNode.prototype.stop = function () {
                window.stopped.push(performance.now());
                return stop.call(this);
            };
        }""")
        tab.page.click("#call")
        turns_are(served, tab, before, 2, 20)
        state(tab, ENGLISH.states["listening"])
        assert len(tab.page.evaluate("window.stopped")) >= 1
    assert len(served.asked()) - before == 2


def test_muting_is_shown_and_the_call_goes_on(browse: Open, served: ServedCalls) -> None:
    before = len(served.asked())
    with browse(nothing(2.5), clip(*CLIPS[0]), nothing(20)) as tab:
        tab.page.click("#call")
        state(tab, ENGLISH.states["listening"])
        tab.page.click("#calling .mute")
        state(tab, f"{ENGLISH.states['muted']} · {ENGLISH.states['listening']}")
        assert tab.page.get_attribute("#calling .mute", "aria-pressed") == "true"
        time.sleep(4)
        assert len(served.asked()) == before
        tab.page.click("#calling .mute")
        state(tab, ENGLISH.states["listening"])


# Asking by voice

SPOKEN = "document.querySelector('#talking .stable').textContent.startsWith('Who serviced the')"


def test_a_tap_writes_down_what_is_said_and_the_next_one_sends_it(browse: Open, served: ServedCalls) -> None:
    before = len(served.asked())
    with browse(nothing(1), clip(*CLIPS[0]), nothing(20)) as tab:
        tab.page.click("#talk")
        state(tab, ENGLISH.states["recording"], "#talking")
        tab.page.wait_for_function(SPOKEN)
        assert tab.page.get_attribute("#talk", "aria-pressed") == "true"
        tab.page.click("#talk")
        tab.reads("Dana serviced it.")
        tab.page.wait_for_selector("#talking", state="hidden")
    assert [words for words, _, _ in served.asked()[before:]] == ["Who serviced the pump?"]


def test_held_down_it_sends_when_it_is_let_go(browse: Open, served: ServedCalls) -> None:
    before = len(served.asked())
    with browse(nothing(1), clip(*CLIPS[0]), nothing(20)) as tab:
        tab.page.hover("#talk")
        tab.page.mouse.down()
        tab.page.wait_for_function(SPOKEN)
        tab.page.mouse.up()
        tab.reads("Dana serviced it.")
    assert len(served.asked()) == before + 1


def test_by_the_keyboard_it_can_be_corrected_first_or_given_up(browse: Open, served: ServedCalls) -> None:
    before = len(served.asked())
    with browse(nothing(1), clip(*CLIPS[0]), nothing(20)) as tab:
        tab.page.focus("#talk")
        tab.page.keyboard.press("Enter")
        tab.page.check("#talking .review")
        tab.page.wait_for_function(SPOKEN)
        tab.page.focus("#talk")
        tab.page.keyboard.press("Space")
        tab.page.wait_for_function("document.querySelector('#box textarea').value === 'Who serviced the pump?'")
        tab.page.click("#talk")  # silence by now
        state(tab, ENGLISH.states["recording"], "#talking")
        tab.page.keyboard.press("Escape")
        tab.page.wait_for_selector("#talking", state="hidden")
        tab.page.click("#talk")
        time.sleep(0.7)
        tab.page.click("#talk")
        says(tab, "#talking", ENGLISH.trouble["nothing"])
        tab.page.click("#talking .cancel")
        tab.page.wait_for_selector("#talking", state="hidden")
    assert len(served.asked()) == before


# What may be in the way

REFUSING = """(name) => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", name));
}"""


@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_why_there_is_no_microphone_is_said(browse: Open, locale: str, words: Any) -> None:
    with browse(locale=locale) as tab:
        for name, why in (("NotAllowedError", "refused"), ("NotFoundError", "none"), ("NotReadableError", "busy")):
            tab.page.evaluate(REFUSING, name)
            for button, strip, close in (("#talk", "#talking", ".cancel"), ("#call", "#calling", ".end")):
                tab.page.click(button)
                says(tab, strip, words.trouble[why])
                tab.page.click(f"{strip} {close}")
                tab.page.wait_for_selector(strip, state="hidden")
        tab.page.evaluate("""() => {
            Object.defineProperty(window, 'isSecureContext', { value: false });
            Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
        }""")
        tab.page.click("#talk")
        says(tab, "#talking", words.trouble["insecure"])


def test_a_phone_that_pauses_the_sound_says_so_and_goes_on(browse: Open) -> None:
    with browse() as tab:
        tab.page.evaluate("""() => {
            const Real = AudioContext;
            window.AudioContext = class extends Real { constructor(...how) { super(...how); window.sound = this; } };
        }""")
        tab.page.click("#call")
        state(tab, ENGLISH.states["listening"])
        tab.page.evaluate("window.sound.suspend()")
        says(tab, "#calling", ENGLISH.trouble["paused"])
        tab.page.click("#calling .trouble")
        tab.page.wait_for_selector("#calling .trouble", state="hidden")


def test_an_old_browser_keeps_the_recorder(browse: Open) -> None:
    with browse() as tab:
        tab.page.add_init_script("delete window.AudioWorkletNode")
        tab.page.reload()
        tab.page.wait_for_selector("#voice .record-button:visible")
        tab.complaints.clear()  # of the page that was left
        assert tab.page.locator("#talk:visible, #call:visible").count() == 0


# Looks


@pytest.mark.parametrize(
    ("width", "height", "colours", "locale"), [(1280, 800, "light", "en-US"), (360, 740, "dark", "zh-CN")]
)
def test_the_strips_fit_and_are_accessible(
    browse: Open, axe: str, width: int, height: int, colours: str, locale: str
) -> None:
    look = {"viewport": {"width": width, "height": height}, "color_scheme": colours, "locale": locale}
    with browse(nothing(0.5), clip(*CLIPS[0]), nothing(20), **look) as tab:
        for button, strip in (("#call", "#calling"), ("#talk", "#talking")):
            tab.page.click(button)
            tab.page.wait_for_selector(f"{strip}[data-state={'speaking' if strip == '#calling' else 'recording'}]")
            size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
            assert tab.page.evaluate(size) == [width, height]
            for control in (f"{strip} select", "#box [data-testid=submit-button]", "#photo", "#talk", "#call"):
                box = tab.page.locator(control).bounding_box()
                assert 0 <= box["x"] < box["x"] + box["width"] <= width, control
                assert box["y"] + box["height"] <= height, control
            tab.page.evaluate(axe)
            found = tab.page.evaluate("axe.run('#room-chat', { resultTypes: ['violations'] })")["violations"]
            assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
            tab.page.click("#calling .end" if strip == "#calling" else "#talking .cancel")
            tab.page.wait_for_selector(strip, state="hidden")
