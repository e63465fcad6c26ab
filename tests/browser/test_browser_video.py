"""Films in the page: a citation opens the player at its second, and what is still taken in is seen and can be left."""

from pathlib import Path
from typing import Any

import pytest

from assistant.intake.background import RecordingProgress
from tests.browser.conftest import Open
from tests.browser.test_browser import until
from tests.browser.test_browser_evidence import OPEN, PHONE, WIDE, ask, open_number
from tests.support.browser_page import Served
from tests.support.films_made import Scene, placed, write_film
from tests.support.media_made import tone
from ui.words.chat import ENGLISH

pytestmark = pytest.mark.browser

SCENES = [Scene(1, 50), Scene(2, 60, words="TOTAL 593.10"), Scene(3, 40)]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("films")
    sound = placed(6.0, (2.5, tone(1.0)))
    return [write_film(folder / name, SCENES, sound=sound) for name in ("clip.webm", "clip.avi")]


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_citation_of_a_film_opens_the_player_at_its_second(
    open_tab: Open, films: list[Path], window: dict[str, int]
) -> None:
    tab = ask(open_tab(viewport=window), films)
    open_number(tab, 1)
    player: Any = (
        "(() => { const v = document.querySelector('#evidence video'); return [v.currentTime, v.videoWidth]; })()"
    )
    until(lambda: tab.page.evaluate(player) == [2.5, 320])
    assert tab.page.inner_text("#evidence mark") == "Total 593.10"
    assert "0:02–0:04, on screen" in tab.page.inner_text(OPEN)
    tab.page.click("#evidence-next")
    tab.page.wait_for_selector("#evidence img.frame")
    assert ENGLISH.not_played in tab.page.inner_text(OPEN)
    heard = "(async () => { const a = document.querySelector('#evidence audio'); a.load(); a.preload = 'auto'; "
    heard += "await new Promise((done) => { a.oncanplay = done; a.play().catch(() => {}); }); return a.duration; })()"
    assert tab.page.evaluate(heard) == pytest.approx(3.5, abs=0.3)  # from 2.5 to the end


def test_what_is_still_taken_in_is_shown_with_its_progress_and_can_be_left(open_tab: Open, served: Served) -> None:
    served.growing(RecordingProgress("ab12", "meeting <b>.mp3", 0.2, 720.0, 3720.0, seconds_left=400.0))
    tab = open_tab(viewport=WIDE)
    tab.ask("hello")
    tab.idle()
    tab.page.wait_for_selector("#growing progress")
    assert tab.page.inner_text("#growing li").split("\n")[0].startswith("meeting <b>.mp3")
    assert "heard 12:00 of 1:02:00 · about 7 min left" in tab.page.inner_text("#growing")
    served.growing(RecordingProgress("ab12", "meeting <b>.mp3", 0.6, 720.0, 3720.0, watching=True))
    until(lambda: "all heard, looked at 12:00 of 1:02:00" in tab.page.inner_text("#growing"))
    tab.page.click(f"#growing button:has-text('{ENGLISH.leave_rest}')")
    tab.page.wait_for_selector("#growing progress", state="detached")
    assert [entry["left"] for entry in served.entries("left")] == ["ab12"]
