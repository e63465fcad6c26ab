"""The settings panel as a person uses it, in headless Chromium, on a page of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import tiny_checkpoints
from tests.support.browser_page import free_port
from ui.words import in_language
from ui.words.settings import ENGLISH, SettingsWords

CHINESE = in_language("zh", SettingsWords)

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class SettingsSite:
    address: str
    data: Path

    def chosen(self) -> dict[str, Any]:
        path = self.data / "settings.json"
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def serve(data: Path, *more: str) -> Iterator[SettingsSite]:
    for name in ("one", "two"):
        if not (data / "models" / name).exists():
            tiny_checkpoints.save(tiny_checkpoints.text, data / "models" / name)
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(data / "uploads")}
    command = [sys.executable, "-m", "tests.support.settings_page", str(free_port()), str(data), *more]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip().rstrip("/")
            assert address.startswith("http"), "the page could not be served; see the output above"
            yield SettingsSite(address, data)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SettingsSite]:
    yield from serve(tmp_path_factory.mktemp("settings"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SettingsSite]:
    yield from serve(tmp_path_factory.mktemp("shared"), "shared")


@pytest.fixture
def open_room(browser: Any) -> Iterator[Callable[..., Any]]:
    contexts: list[Any] = []
    complaints: list[str] = []

    def new(room: SettingsSite, **options: Any) -> Any:
        contexts.append(browser.new_context(**{"locale": "en-US", **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((room.address, "data:", "blob:"))
                else complaints.append(f"asked another machine: {request.url}")
            ),
        )
        page.goto(room.address, wait_until="domcontentloaded")
        page.wait_for_selector("#settings-models article")
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []


def reads(page: Any, where: str, text: str) -> None:
    page.wait_for_function(
        "([where, text]) => document.querySelector(where)?.innerText.includes(text)", arg=[where, text]
    )


def test_another_model_is_used_without_a_restart(room: SettingsSite, open_room: Callable[..., Any]) -> None:
    page = open_room(room)
    reads(page, "[data-role=chat] h4", f"one · {ENGLISH.states['ready']} · {ENGLISH.by_name}")
    page.click("[data-role=chat] summary")
    page.fill("#settings-other-model textarea, #settings-other-model input", str(room.data / "models" / "two"))
    page.click("#settings-other-model button")
    reads(page, "[data-role=chat] h4", f"two · {ENGLISH.states['ready']}")
    assert page.is_visible("[data-role=chat] details ul"), "a list that was opened stays open"
    page.click("[data-role=chat] summary")
    assert not page.is_visible("[data-role=chat] details ul")
    assert room.chosen()["llm"] == str(room.data / "models" / "two")


def test_what_is_wrong_is_said_and_changes_nothing(room: SettingsSite, open_room: Callable[..., Any]) -> None:
    page = open_room(room)
    before = page.inner_text("[data-role=chat] h4")
    page.fill("#settings-other-model textarea, #settings-other-model input", "no-such-model")
    page.click("#settings-other-model button")
    reads(page, ".toast-body", "I know no model “no-such-model” for chat")
    assert page.inner_text("[data-role=chat] h4") == before


def test_a_list_stays_open_while_a_download_fails_in_a_sentence(
    room: SettingsSite, open_room: Callable[..., Any]
) -> None:
    page = open_room(room)
    page.click("[data-role=chat] summary")
    page.click(f"button[aria-label='{ENGLISH.fetch_name.format(name='smollm2-135m')}']")
    reads(page, "#settings-downloads", "“smollm2-135m-instruct-q4” cannot be fetched: ")
    assert page.is_visible(f"button[aria-label='{ENGLISH.fetch_name.format(name='smollm2-135m')}']")
    page.click(f"button[aria-label='{ENGLISH.clear_name.format(name='smollm2-135m')}']")
    page.wait_for_selector("#settings-downloads li", state="detached")


def test_choices_are_kept_and_those_that_are_fixed_say_so(room: SettingsSite, open_room: Callable[..., Any]) -> None:
    page = open_room(room)
    page.click(f"#settings-fusion label:has-text('{ENGLISH.fusion_ways['attention'][:6]}')")
    reads(page, ".toast-body", ENGLISH.saved)
    assert room.chosen()["fusion"] == "attention"
    page.click(f"#settings-chinese-script label:has-text('{ENGLISH.scripts['traditional']}')")
    page.check("#settings-speech-translate input")
    page.fill("#settings-speech-language :is(input, textarea)", "zh")
    page.click("#settings-speech-language button")
    wanted = {"chinese_script": "traditional", "speech_translate": True, "speech_language": "zh"}
    end = time.monotonic() + 15
    while not wanted.items() <= room.chosen().items() and time.monotonic() < end:
        page.wait_for_timeout(50)
    assert wanted.items() <= room.chosen().items()
    assert page.is_disabled("#settings-temperature input[type=range]")
    reads(page, "#settings-temperature", ENGLISH.fixed)
    again = open_room(room)
    again.wait_for_selector("#settings-fusion label.selected")
    assert ENGLISH.fusion_ways["attention"] in again.inner_text("#settings-fusion label.selected")
    assert ENGLISH.scripts["traditional"] in again.inner_text("#settings-chinese-script label.selected")
    assert again.is_checked("#settings-speech-translate input")
    assert again.input_value("#settings-speech-language :is(input, textarea)") == "zh"


def test_the_language_is_chosen_over_the_browsers(room: SettingsSite, open_room: Callable[..., Any]) -> None:
    page = open_room(room)
    reads(page, "#settings-title", ENGLISH.title)
    page.click("#settings-language label:has-text('中文')")
    reads(page, "#settings-title", CHINESE.title)
    reads(page, "#settings-models", CHINESE.roles["chat"])
    page.wait_for_selector("#settings-language label.selected:has-text('中文')")
    page.click(f"#settings-language label:has-text('{CHINESE.language_auto}')")
    reads(page, "#settings-title", ENGLISH.title)


def test_a_command_of_ones_own_is_kept_told_and_removed(room: SettingsSite, open_room: Callable[..., Any]) -> None:
    page = open_room(room)
    page.fill("#settings-preset-name textarea, #settings-preset-name input", "/minutes")
    page.fill("#settings-preset-text textarea", "Write minutes of {{ nobody }}.")
    page.click("#settings-preset-keep")
    reads(page, ".toast-body", "The preset minutes.md.j2 cannot be filled in")
    page.fill("#settings-preset-text textarea", "Write minutes of {{ files | join(' and ') }}.")
    page.click("#settings-preset-keep")
    reads(page, "#settings-presets", "/minutes")
    assert (room.data / "presets" / "minutes.md.j2").exists()
    page.click(f"button[aria-label='{ENGLISH.remove_name.format(name='/minutes')}']")
    page.click("#settings-ask button.remove")
    page.wait_for_function("() => !document.querySelector('#settings-presets').innerText.includes('/minutes')")
    assert not (room.data / "presets" / "minutes.md.j2").exists()


def test_everything_is_deleted_only_after_it_was_asked_once_more(
    room: SettingsSite, open_room: Callable[..., Any]
) -> None:
    page = open_room(room)
    page.click("#settings-privacy button.remove")
    page.keyboard.press("Escape")
    assert not (room.data / "deleted").exists()
    page.click("#settings-privacy button.remove")
    reads(page, "#settings-ask", ENGLISH.delete_ask)
    page.click("#settings-ask button.remove")
    reads(page, "#settings-privacy", ENGLISH.mine.format(conversations=0, libraries=0, files=0))
    assert (room.data / "deleted").read_text() == "me"


def test_on_a_shared_page_the_machine_is_only_shown(shared: SettingsSite, open_room: Callable[..., Any]) -> None:
    page = open_room(shared)
    reads(page, "#settings-models", ENGLISH.shared)
    page.click("[data-role=chat] summary")
    assert page.locator("#settings-models button").count() == 0
    assert not page.is_visible("#settings-other-model")
    assert not page.is_visible("#settings-preset-name")
    assert page.is_disabled("#settings-fusion input >> nth=0")
    reads(page, "#settings-privacy", ENGLISH.privacy_shared)
    assert str(shared.data) not in page.inner_text("#room-settings")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_window(room: SettingsSite, open_room: Callable[..., Any], width: int) -> None:
    page = open_room(room, viewport={"width": width, "height": 800})
    page.click("[data-role=chat] summary")
    wide = (
        "[...document.querySelectorAll('#room-settings *')].filter((one) => one.getBoundingClientRect().right > WIDE)"
    )
    assert page.evaluate(f"{wide.replace('WIDE', str(width + 1))}.length") == 0
