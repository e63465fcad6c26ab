"""What becomes known of the models long after the start reaches the terminal, the page and the settings."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.models.notices import Notices
from assistant.settings.settings import Settings
from assistant.setup.models import Models
from assistant.values.messages import Message, say
from tests.support.controller_made import MadeController
from ui import settings_view
from ui.notice_line import NoticeLine, view
from ui.words import in_language
from ui.words.chat import ENGLISH, ChatWords
from ui.words.settings import SettingsWords

CHINESE = in_language("zh", ChatWords)
ONE, TWO = say("{error} So {doing}.", error="One.", doing="it is so"), say("{name} holds no text.", name="two.pdf")


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[MadeController]:
    made = MadeController(tmp_path / "data")
    made.ask("hello")
    yield made
    made.close()


@pytest.fixture
def line(tab: MadeController) -> tuple[Notices, Callable[[], dict[str, Any]]]:
    notices = Notices()
    made = NoticeLine(tab.controller, notices)
    return notices, lambda: made.look(tab.session)


def test_a_notice_is_heard_when_it_arises_and_is_not_lost() -> None:
    notices, heard = Notices(), list[Message]()
    notices.hear(heard.append)
    notices.tell(ONE)
    notices.tell(ONE)
    notices.tell(TWO)
    assert heard == list(notices) == [ONE, TWO]
    assert notices[1:] == [TWO]


def test_a_recogniser_that_cannot_be_had_is_told_when_a_picture_asks_for_it(tmp_path: Path) -> None:
    models = Models(Settings(cache=tmp_path, profile="cpu-offline", offline=True))
    heard: list[Message] = []
    models.notices.hear(heard.append)
    assert not heard
    assert models.image_classifier.get() is None
    (notice,) = heard
    assert notice.endswith("Until then pictures are read, and nothing is guessed of what they show.")
    assert "在此之前只读图片中的文字，不猜测图片内容。" in view(models.notices, 1, CHINESE)
    assert "Medley 被设定为离线" in view(models.notices, 1, CHINESE)


def test_a_tab_shows_what_arose_since_it_was_opened(line: Any) -> None:
    notices, look = line
    notices.tell(ONE)
    assert not look()["visible"]
    notices.tell(TWO)
    shown = look()
    assert shown["visible"]
    assert "two.pdf holds no text." in shown["value"]
    assert "One." not in shown["value"]
    assert "two.pdf holds no text." in look()["value"]  # until it is put away


def test_what_was_put_away_does_not_come_back_and_the_next_one_does(tab: MadeController, line: Any) -> None:
    notices, look = line
    look()
    notices.tell(ONE)
    assert 'value="noticed 1"' in look()["value"]
    tab.do("noticed 1")
    assert not look()["visible"]
    tab.do("new")
    assert not look()["visible"]
    notices.tell(TWO)
    assert "two.pdf" in look()["value"]
    tab.do("noticed x")
    assert "two.pdf" in look()["value"]


def test_nobody_elses_tab_is_told_anything(tab: MadeController, line: Any) -> None:
    notices, look = line
    look()
    notices.tell(ONE)
    tab.owner = "somebody else"
    assert not look()["visible"]


def test_what_a_notice_names_is_harmless() -> None:
    told = view([say("{name} holds no text.", name="<img src=x>")], 1, ENGLISH)
    assert "<img" not in told
    assert view([], 0, ENGLISH) == ""


def test_the_settings_keep_every_notice() -> None:
    words = in_language("zh", SettingsWords)
    assert "two.pdf 中没有文字。" in settings_view.models(None, [], True, words, "zh", [ONE, TWO])
