"""What the settings panel shows and sends, without a browser."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.commands import Presets
from assistant.models.profiles import PROFILES
from assistant.settings.saved_choices import ChosenFile
from assistant.settings.settings import Settings
from assistant.setup.downloads import Download
from assistant.setup.models import Models
from assistant.setup.settings_service import (
    ALL_ROLES,
    ModelLine,
    OwnedCounts,
    RoleLine,
    SelectionBasis,
    SettingsService,
)
from assistant.values.events import Progress
from assistant.values.messages import as_message
from ui import settings_view as view
from ui.chosen_language import ChosenLanguage
from ui.settings_panel import UNCHANGED, SettingsDigests, SettingsHandlers
from ui.words import in_language
from ui.words.settings import ENGLISH, SettingsWords

CHINESE = in_language("zh", SettingsWords)

HARM = '<img src=x onerror=alert(1)>"{{'
LINE = RoleLine("chat", "auto", "tiny", "ready", Progress(as_message("")), "", "", False, True, ())


@dataclass(frozen=True)
class RequestOfOwner:
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


def handlers(folder: Path, owner: str = "me", request: RequestOfOwner | None = None) -> SettingsHandlers:
    models = Models(Settings(vision="reader", data=folder, cache=folder, offline=True))
    service = SettingsService(models, ChosenFile(folder), Presets(folder / "presets"))
    return SettingsHandlers(service, lambda _: owner, lambda: request or RequestOfOwner())


def test_names_of_people_and_files_mean_nothing_to_the_browser() -> None:
    line = replace(LINE, using=HARM, trouble=HARM, next_start=HARM, models=(ModelLine(PROFILES[0], 0, False, False),))
    shown = view.models(None, [line], True, ENGLISH, "en")
    shown += view.downloads([Download(HARM, "failed", Progress(as_message("")), sentence=HARM)], [], ENGLISH, "en")
    assert "<img" not in shown
    assert "{{" not in shown
    assert "onerror" in shown, "the name itself is shown"


def test_every_role_and_every_model_has_words() -> None:
    for words in (ENGLISH, CHINESE):
        assert set(words.roles) == set(words.what_for) == set(ALL_ROLES)
        assert {profile.languages for profile in PROFILES} <= set(words.languages)


def test_a_role_says_what_answers_and_why() -> None:
    assert "tiny · ready · chosen for this machine" in view.models(None, [LINE], True, ENGLISH, "en")
    by_hand = replace(LINE, asked="tiny", by_hand=True)
    shown = view.models(None, [by_hand], True, ENGLISH, "en")
    assert "tiny · ready · chosen by name" in shown
    assert ENGLISH.fixed in shown
    assert "data-do" not in shown
    waiting = view.models(None, [replace(LINE, role="embedding", next_start="two")], True, ENGLISH, "en")
    assert "From the next start on: two" in waiting


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_the_models_were_chosen_for_is_told(by_hand: bool) -> None:
    chosen = SelectionBasis("cpu-offline", by_hand, "CPU", 12_000_000_000)
    assert "a CPU without a model hub" in view.models(chosen, [], True, ENGLISH, "en")
    assert "12 GB" in view.models(chosen, [], True, ENGLISH, "en")
    assert "没有模型库的处理器" in view.models(chosen, [], True, CHINESE, "zh")


def test_a_download_shows_how_far_it_is() -> None:
    running = Download(
        "kokoro", "running", Progress(as_message("fetching kokoro"), 50_000_000, 100_000_000, 9.0), takes_over=True
    )
    shown = view.downloads([running], [], ENGLISH, "en")
    assert 'value="50"' in shown
    assert "50 % of 100 MB, 9 s left" in shown
    assert ENGLISH.takes_over in shown
    assert 'data-do="cancel"' in shown
    assert view.downloads([], [LINE], ENGLISH, "en") == ""


def test_who_shares_the_machine_sees_no_folder(tmp_path: Path) -> None:
    shown = view.privacy([], OwnedCounts(1, 2, 3), ENGLISH)
    assert ENGLISH.privacy_shared in shown
    panel = handlers(tmp_path, "browser:00").seen()
    assert str(tmp_path) not in str(panel)
    assert ENGLISH.shared in panel.models


def test_sizes_are_short() -> None:
    assert [view.size(n) for n in (0, 12_000, 491_400_064, 1_117_320_768, 62_000_000_000)] == [
        "0 kB",
        "12 kB",
        "491 MB",
        "1.1 GB",
        "62 GB",
    ]


def test_a_tick_sends_only_what_has_changed(tmp_path: Path) -> None:
    panel = handlers(tmp_path)
    first = panel.seen()
    assert isinstance(first.digests, SettingsDigests)
    assert all(value == UNCHANGED for value in panel.tick(first.digests))
    changed = panel.tick(replace(first.digests, downloads="something else"))
    assert changed.models == UNCHANGED
    assert changed.downloads == ""


def test_the_room_speaks_the_language_of_who_looks(tmp_path: Path) -> None:
    seen = handlers(tmp_path, request=RequestOfOwner({"accept-language": "zh-CN"})).seen()
    assert CHINESE.roles["chat"] in seen.models
    assert "/总结" in seen.presets
    assert seen.language["value"] == "auto"
    chosen = handlers(tmp_path, request=RequestOfOwner({"accept-language": "zh-CN"}, {"medley-language": "en"})).seen()
    assert ENGLISH.roles["chat"] in chosen.models
    assert chosen.language["value"] == "en"


def test_a_broken_preset_of_ones_own_is_told_in_the_room(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "bad.md.j2").write_text("{{ nobody }}", encoding="utf-8")
    assert "bad.md.j2" in handlers(tmp_path).seen().presets
    assert "bad.md.j2" not in handlers(tmp_path, "browser:00").seen().presets


def served(cookie: str, kind: bytes = b"text/html; charset=utf-8") -> tuple[bytes, int]:
    """The body that reaches a browser with this cookie, and the length that it is told."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": b"<html><head><title>", "more_body": True})
        await send({"type": "http.response.body", "body": b"x</title></head></html>", "more_body": False})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", cookie.encode())]}
    asyncio.run(ChosenLanguage(app)(scope, None, send))  # type: ignore[arg-type]
    body = b"".join(message.get("body", b"") for message in sent)
    return body, int(dict(sent[0]["headers"]).get(b"content-length", b"0"))


def test_the_chosen_language_is_told_before_anything_else_runs() -> None:
    body, length = served("a=b; medley-language=zh")
    assert body.startswith(b"<html><head><script>")
    assert b"'zh-CN'" in body
    assert body.endswith(b"<title>x</title></head></html>")
    assert length == len(body)


@pytest.mark.parametrize(
    ("cookie", "kind"),
    [("", b"text/html"), ("medley-language=<b>", b"text/html"), ("medley-language=zh", b"application/json")],
)
def test_whoever_has_not_chosen_gets_the_page_as_it_is(cookie: str, kind: bytes) -> None:
    assert served(cookie, kind)[0] == b"<html><head><title>x</title></head></html>"
