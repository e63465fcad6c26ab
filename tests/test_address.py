"""An address shows neither password nor token, wherever it is written."""

from pathlib import Path

import pytest

from assistant.answering.commands import Presets
from assistant.engines.openai_server import server
from assistant.models.device import Device
from assistant.models.profiles import GIB
from assistant.models.selection import select
from assistant.settings.saved_choices import ChosenFile
from assistant.settings.settings import Settings
from assistant.setup.models import Models
from assistant.setup.settings_service import SettingsService
from assistant.values.address import Address
from assistant.values.errors import SetupError
from assistant.values.events import Answer
from ui.rendering import finished
from ui.words.chat import ENGLISH
from ui.words.core import said


@pytest.mark.parametrize(
    ("whole", "shown"),
    [
        ("http://ada:s3cret@host:8000/v1#name", "http://…@host:8000/v1#name"),
        ("https://s3cret@host/v1#owner/name@main", "https://…@host/v1#owner/name@main"),
        ("http://host/v1?token=s3cret&user=s3cret#name", "http://host/v1?…#name"),
        ("http://ada:s3cret@host/v1?key=s3cret", "http://…@host/v1?…"),
        ("http://ada:s3@cret@host/v1#name", "http://…@host/v1#name"),
        ("http://ada:s3/cr?e#t@host/v1#name", "http://…@host/v1#name"),
        ("ada:s3cret@host/v1#name", "…@host/v1#name"),
        ("http://host:8000/v1#owner/name@main", "http://host:8000/v1#owner/name@main"),
        ("openai:gpt-5.2", "openai:gpt-5.2"),
        ("owner/name@main", "owner/name@main"),
        ("auto", "auto"),
        ("/home/ada/model", "/home/ada/model"),
        ("", ""),
    ],
)
def test_it_is_shown_without_what_is_secret(whole: str, shown: str) -> None:
    address = Address(whole)
    assert (str(address), f"{address}", repr(address)) == (shown, shown, f"Address({shown!r})")
    assert address.whole == whole


def test_what_is_secret_in_it_is_known() -> None:
    address = Address("http://ada:s3%40cret@host/v1?token=t0ken#name")
    assert set(address.secrets) == {"ada:s3%40cret", "ada:s3@cret", "s3%40cret", "s3@cret", "t0ken"}
    assert Address("http://host/v1#name").secrets == ()


SECRET = "http://ada:s3cret@127.0.0.1:9/v1?token=t0ken#tiny"


def told(text: object) -> None:
    assert "127.0.0.1:9" in str(text)
    assert not {word for word in ("s3cret", "t0ken") if word in str(text)}, text


def test_nothing_that_is_said_of_the_models_tells_a_secret(tmp_path: Path) -> None:
    settings = Settings(llm=SECRET, speech=SECRET, voice=SECRET, data=tmp_path, cache=tmp_path, offline=True)
    models = Models(settings)
    told(models.selection.get().why)  # the terminal says it
    service = SettingsService(models, ChosenFile(tmp_path), Presets())
    told([line for line in service.roles() if line.role in ("chat", "speech", "voice")])
    assert "s3cret" not in repr(settings)
    told(models.engine.get().profile)
    models.transcriber.get()
    told([*models.names().values()])
    answered = Answer("Yes.", models=(("answers", SECRET),))  # as answers were kept before
    told([finished(answered, "key", ENGLISH).received])


def test_a_model_that_there_is_not_is_named_without_its_secret(tmp_path: Path) -> None:
    for wrong in ("ftp://ada:s3cret@127.0.0.1:9/v1", "httpx://ada:s3cret@127.0.0.1:9/v1#m"):
        with pytest.raises(SetupError) as refused:
            select(Settings(llm=wrong), Device("cpu", "CPU", 16 * GIB, 12 * GIB, "bfloat16"), False)
        assert "s3cret" not in str(refused.value)
        assert "s3cret" not in refused.value.message.to_text() + said(refused.value.message, "zh")
    with pytest.raises(SetupError) as refused:
        server("http://ada:s3cret@127.0.0.1:9/v1")
    told(refused.value)
    told(refused.value.message.to_text())  # as it is kept with its values, to be said in other languages
    told(said(refused.value.message, "zh"))
