"""Settings from flags, environment and Space."""

from pathlib import Path

import pytest

from assistant.settings.settings import from_environment
from assistant.values.errors import SetupError


def test_flags_win_over_the_environment_and_that_over_defaults():
    environment = {"MEDLEY_LLM": "smollm2-135m", "MEDLEY_PORT": "9000"}
    settings = from_environment(environment, llm="qwen3.5-2b", port=None)
    assert settings.llm == "qwen3.5-2b"
    assert settings.port == 9000
    assert settings.speech == "auto"


@pytest.mark.parametrize("variable", ["PORT", "GRADIO_SERVER_PORT"])
def test_the_usual_variables_for_a_port_are_heeded(variable):
    assert from_environment({variable: "8123"}).port == 8123


def test_a_wrong_value_names_its_variable():
    with pytest.raises(SetupError, match="MEDLEY_PORT must be a whole number, not “many”"):
        from_environment({"MEDLEY_PORT": "many"})
    with pytest.raises(SetupError, match="MEDLEY_OFFLINE must be yes or no"):
        from_environment({"MEDLEY_OFFLINE": "perhaps"})
    with pytest.raises(SetupError, match="Port 0"):
        from_environment({}, port=0)
    with pytest.raises(SetupError, match="way of fusing"):
        from_environment({"MEDLEY_FUSION": "magic"})


def test_limits_can_be_set():
    assert from_environment({"MEDLEY_LIMIT_AUDIO_SECONDS": "60"}).limits.audio_seconds == 60


def test_paths_are_absolute():
    assert from_environment({"MEDLEY_DATA": "here"}).data == Path("here").absolute()


def test_the_page_is_for_this_machine_alone_except_on_a_space():
    assert from_environment({}).host == "127.0.0.1"
    assert from_environment({"SPACE_ID": "me/medley"}).host == "0.0.0.0"


def test_on_a_space_everything_kept_lies_on_its_disk_if_it_has_one(tmp_path):
    on_space = {"SPACE_ID": "me/medley"}
    assert from_environment(on_space, kept=tmp_path).data == tmp_path / "medley"
    assert from_environment(on_space, kept=tmp_path / "none").data == from_environment({}).data
    assert from_environment({}, kept=tmp_path).data != tmp_path / "medley"
    assert from_environment({**on_space, "MEDLEY_DATA": "/elsewhere"}, kept=tmp_path).data == Path("/elsewhere")
