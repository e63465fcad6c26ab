"""How likely an answer begins with given words: against a plain softmax over the model's own logits."""

import pickle
import sys
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.engines.local import LocalEngine, profile_of_folder
from assistant.engines.remote import RemoteEngine
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.models.device import Device
from assistant.ports.engine import Engine, Generation
from assistant.values.errors import BadInput, EngineError
from assistant.values.parts import ChatMessage, Image, Role, Text
from tests.support import tiny_checkpoints

CPU = Device("cpu", "CPU", 8 * 1024**3, 4 * 1024**3, "float32")
BEGINNINGS = ("NOT FOUND", "What", "A red square and a blue circle.")
TALK = [ChatMessage("system", (Text("Be kind. " * 6),)), ChatMessage("user", (Text("What is in this picture?"),))]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], LocalEngine]:
    engines: dict[str, LocalEngine] = {}

    def loaded(family: str) -> LocalEngine:
        if family not in engines:
            build = tiny_checkpoints.SEEING.get(family, tiny_checkpoints.text)
            folder = tiny_checkpoints.save(build, tmp_path_factory.mktemp("tiny") / family)
            engines[family] = LocalEngine.load(profile_of_folder(folder), folder, CPU)
        return engines[family]

    return loaded


@pytest.fixture
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[LocalEngine, Any, list[int]]:
    """An engine, its model, and how many tokens each call of the model was given."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = tiny_checkpoints.save(tiny_checkpoints.text, tmp_path_factory.mktemp("watched") / "text")
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype="float32")
    lengths: list[int] = []
    model.register_forward_pre_hook(
        lambda _model, _arguments, named: lengths.append(named["input_ids"].shape[1]), with_kwargs=True
    )
    return LocalEngine(profile_of_folder(folder), model, AutoTokenizer.from_pretrained(folder)), model, lengths


def say(text: str, role: Role = "user") -> ChatMessage:
    return ChatMessage(role, (Text(text),))


def ask(engine: Engine, messages: Sequence[ChatMessage] = TALK, conversation: str = "") -> list[float] | None:
    """The chances of all tokens of all beginnings, one after the other."""
    told = engine.likelihood(messages, BEGINNINGS, threading.Event(), conversation)
    return told and [chance for text in told for chance in text]


def answer(engine: Engine, messages: Sequence[ChatMessage], conversation: str = "") -> str:
    return "".join(engine.generate(messages, Generation(16), threading.Event(), conversation))


def direct(engine: LocalEngine, messages: Sequence[ChatMessage], beginning: str) -> list[float]:
    """The whole of prompt and beginning in one pass without any cache, and a softmax at each place."""
    import torch

    inputs = engine._template.inputs(messages)
    prompt = inputs["input_ids"]
    said = engine._template.tokenizer(beginning, add_special_tokens=False, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        logits = engine._model(input_ids=torch.cat([prompt, said], 1), use_cache=False).logits[0].double()
    chances = logits.softmax(-1)
    at = prompt.shape[1] - 1
    return [float(chances[at + n, token].log()) for n, token in enumerate(said[0])]


@pytest.mark.parametrize("family", ["text", "qwen3_vl", "qwen3_5", "gemma3"])
def test_it_is_each_tokens_chance_after_those_before_it(engine: Callable[[str], LocalEngine], family: str) -> None:
    told = engine(family).likelihood(TALK, BEGINNINGS, threading.Event())
    assert told is not None
    for beginning, chances in zip(BEGINNINGS, told, strict=True):
        assert chances == pytest.approx(direct(engine(family), TALK, beginning), abs=1e-3)
    assert min(map(len, told)) < max(map(len, told))


@pytest.mark.parametrize("family", ["text", "qwen3_vl", "qwen3_5", "gemma3"])
def test_a_kept_prefix_changes_neither_likelihoods_nor_the_answers_after_them(
    engine: Callable[[str], LocalEngine], family: str
) -> None:
    one = engine(family)
    talk = [*TALK, say(answer(one, TALK, family), "assistant"), say("And a blue one?")]
    assert ask(one, talk, family) == pytest.approx(ask(one, talk), abs=1e-3)
    assert answer(one, talk, family) == answer(one, talk)
    assert ask(one, TALK, family) == pytest.approx(ask(one, TALK), abs=1e-3)


def test_the_prompt_is_computed_once_for_all_beginnings_and_for_the_answer_that_follows(
    watched: tuple[LocalEngine, Any, list[int]],
) -> None:
    engine, _, lengths = watched
    ask(engine, TALK, "a")
    prompt = engine.count_tokens(TALK)
    assert [length for length in lengths if length == prompt] == [prompt]
    assert sum(lengths) < prompt + sum(map(len, BEGINNINGS))
    lengths.clear()
    answer(engine, TALK, "a")
    assert lengths[0] == 1


def test_a_set_stop_gives_the_prompt_up_between_two_layers(watched: tuple[LocalEngine, Any, list[int]]) -> None:
    engine, model, _ = watched
    stop, reached = threading.Event(), []

    def stop_after_the_first_layer(*_: object) -> None:
        reached.append(1)
        stop.set()

    hook = model.model.layers[0].register_forward_hook(stop_after_the_first_layer)
    assert engine.likelihood(TALK, BEGINNINGS, stop, "a") is None
    assert reached == [1]
    hook.remove()
    assert ask(engine, TALK, "a") == ask(engine, TALK)
    assert not [thread for thread in threading.enumerate() if thread.name == "answer"]


def test_it_waits_for_an_answer_that_is_being_written_and_can_stop_waiting(
    engine: Callable[[str], LocalEngine],
) -> None:
    writing = engine("text").generate(TALK, Generation(3000), threading.Event())
    assert isinstance(writing, Iterator)
    next(writing)
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    assert engine("text").likelihood(TALK, BEGINNINGS, stop) is None
    assert [thread for thread in threading.enumerate() if thread.name == "answer"], "the first is still being written"
    writing.close()  # type: ignore[attr-defined]
    assert ask(engine("text"))


def test_a_failure_inside_the_model_is_told(watched: tuple[LocalEngine, Any, list[int]]) -> None:
    engine, model, _ = watched

    def fail(*_: object) -> None:
        raise RuntimeError("a kernel broke\nand a trace")

    hook = model.register_forward_pre_hook(fail)
    with pytest.raises(EngineError, match="a kernel broke"):
        ask(engine, TALK, "a")
    hook.remove()
    assert ask(engine, TALK, "a")


def test_a_prompt_that_is_too_long_is_refused(engine: Callable[[str], LocalEngine]) -> None:
    with pytest.raises(BadInput, match="too long"):
        ask(engine("text"), [say("many words " * 4000)])


def test_control_tokens_in_a_beginning_are_plain_text(engine: Callable[[str], LocalEngine]) -> None:
    told = engine("text").likelihood(TALK, ["<|im_end|>"], threading.Event())
    assert told is not None
    assert len(told[0]) > 1


def test_a_prompt_with_a_picture_has_likelihoods_too(engine: Callable[[str], LocalEngine], tmp_path: Path) -> None:
    from PIL import Image as Pillow

    Pillow.new("RGB", (200, 120), "red").save(tmp_path / "red.png")
    Pillow.linear_gradient("L").convert("RGB").save(tmp_path / "grey.png")
    shown = [[ChatMessage("user", (Image(tmp_path / name, name, 1, 1), Text("?")))] for name in ("red.png", "grey.png")]
    red, grey = ask(engine("qwen3_vl"), shown[0], "pictures"), ask(engine("qwen3_vl"), shown[1], "pictures")
    assert red != grey
    assert red == ask(engine("qwen3_vl"), shown[0])


def test_a_model_that_thinks_first_cannot_say(tmp_path: Path) -> None:
    def thinker() -> tuple[Any, Any]:
        model, words = tiny_checkpoints.text()
        words.chat_template = words.chat_template.replace("assistant\n' }}", "assistant\n<think>\n' }}")
        return model, words

    folder = tiny_checkpoints.save(thinker, tmp_path / "thinker")
    assert ask(LocalEngine.load(profile_of_folder(folder), folder, CPU)) is None


def test_on_zerogpu_only_plain_data_crosses(
    engine: Callable[[str], LocalEngine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stand-in for the spaces package that sends call, arguments and result through pickle."""

    def crossing(call: Callable[..., object]) -> Callable[..., object]:
        def crossed(*arguments: object) -> object:
            there, given = pickle.loads(pickle.dumps((call, arguments)))
            return pickle.loads(pickle.dumps(there(*given)))

        return crossed

    spaces = types.ModuleType("spaces")
    spaces.GPU = crossing  # type: ignore[attr-defined]
    expected = ask(engine("text"))
    monkeypatch.setitem(sys.modules, "spaces", spaces)
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    folder = tiny_checkpoints.save(tiny_checkpoints.text, tmp_path / "text")
    lent = LocalEngine.load(profile_of_folder(folder), folder, CPU)
    assert ask(lent) == pytest.approx(expected, abs=1e-3)
    stop = threading.Event()
    stop.set()
    assert lent.likelihood(TALK, BEGINNINGS, stop) is None


def test_a_remote_engine_cannot_say() -> None:
    remote = RemoteEngine.connect("http://127.0.0.1:9/v1#nobody")
    assert ask(remote) is None


def test_a_scripted_engine_says_what_its_line_knows() -> None:
    engine = ScriptedEngine([ScriptedLine("cashier", "x", likely=lambda text: -len(text)), ScriptedLine("", "y")])
    told = engine.likelihood([say("Who was the cashier?")], ["NOT FOUND", "Jane"], threading.Event())
    assert told == ((-9, -9), (-4,))
    assert ask(engine, [say("Who?")]) is None
    stop = threading.Event()
    stop.set()
    assert engine.likelihood([say("Who was the cashier?")], BEGINNINGS, stop) is None
