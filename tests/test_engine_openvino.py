"""The engine by OpenVINO, on a tiny GGUF through its own conversion; and with the real model."""

import math
import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest

from assistant.engines import gguf, openvino_ir
from assistant.engines.folder_profile import profile_of_folder
from assistant.engines.local import LocalEngine
from assistant.engines.openvino import OpenVinoEngine, PrefilledTexts, chosen, log_softmax
from assistant.engines.openvino_ir import into_ir
from assistant.engines.openvino_model import Network
from assistant.models import device
from assistant.models.cpu_priority import CpuPriority
from assistant.models.profiles import profile_named
from assistant.ports.engine import ASIDE, Generation
from assistant.settings.settings import Settings, from_environment
from assistant.setup.models import Models
from assistant.values.errors import BadInput, EngineError
from assistant.values.events import Progress
from assistant.values.parts import ChatMessage, Image, Role, Text
from tests.conftest import CPU
from tests.support import tiny_checkpoints

pytest.importorskip("openvino_genai", reason="the engine by OpenVINO needs openvino-genai")


def say(text: str, role: Role = "user") -> ChatMessage:
    return ChatMessage(role, (Text(text),))


def answer(engine: OpenVinoEngine, messages: list[ChatMessage], conversation: str = "", tokens: int = 16) -> str:
    return "".join(engine.generate(messages, Generation(tokens), threading.Event(), conversation))


def answering_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "answer"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoints.save_gguf(tmp_path_factory.mktemp("openvino") / "tiny-gguf", kind="Q8_0")


@pytest.fixture(scope="module")
def engine(tiny: Path) -> OpenVinoEngine:
    return OpenVinoEngine.load(profile_of_folder(tiny), tiny, CPU)


class CountedNetwork:
    """A network whose readings note how many tokens each of their reads was given."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.reads: list[int] = []

    def begin(self) -> Any:
        reading = self._network.begin()
        read = reading.read

        def noted(tokens: Any, stopped: Any) -> Any:
            self.reads.append(len(tokens))
            return read(tokens, stopped)

        reading.read = noted  # type: ignore[method-assign]
        return reading


@pytest.fixture
def counted(engine: OpenVinoEngine, tiny: Path) -> tuple[OpenVinoEngine, CountedNetwork]:
    network = CountedNetwork(engine._prefilled_texts._network)
    return OpenVinoEngine(engine.profile, network, engine._template.tokenizer), network  # type: ignore[arg-type]


# Answering


def test_an_answer_comes_in_pieces_and_is_the_same_every_time(engine: OpenVinoEngine) -> None:
    pieces = list(engine.generate([say("Hello")], Generation(24), threading.Event()))
    assert len(pieces) > 3
    assert "".join(pieces) == answer(engine, [say("Hello")], tokens=24)


def test_it_says_what_transformers_says_of_the_same_weights(engine: OpenVinoEngine, tiny: Path, tmp_path: Path) -> None:
    theirs = LocalEngine.load(engine.profile, tiny, CPU, cache=tmp_path)
    ours = engine.likelihood([say("Hello")], ("Yes", "No", "A red square"), threading.Event())
    known = theirs.likelihood([say("Hello")], ("Yes", "No", "A red square"), threading.Event())
    assert ours is not None
    assert known is not None
    for one, other in zip(ours, known, strict=True):
        assert one == pytest.approx(other, abs=0.3)


def test_a_temperature_makes_answers_differ(engine: OpenVinoEngine) -> None:
    warm = Generation(24, temperature=3.0, top_p=0.99)
    answers = {"".join(engine.generate([say("Hello")], warm, threading.Event())) for _ in range(3)}
    assert len(answers) > 1


def test_stop_ends_the_answer_within_two_tokens(counted: tuple[OpenVinoEngine, CountedNetwork]) -> None:
    engine, network = counted
    stop = threading.Event()
    pieces = engine.generate([say("Hello")], Generation(3000), stop)
    next(pieces)
    stop.set()
    at_stop = len(network.reads)
    assert list(pieces) == []
    assert len(network.reads) - at_stop <= 2
    assert not answering_threads()


def test_closing_the_iterator_ends_the_work(counted: tuple[OpenVinoEngine, CountedNetwork]) -> None:
    engine, network = counted
    pieces = engine.generate([say("Hello")], Generation(3000), threading.Event())
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert not answering_threads()
    assert len(network.reads) < 3000
    assert answer(engine, [say("Hello")])


def test_a_long_prompt_is_given_up_and_the_conversation_goes_on(engine: OpenVinoEngine) -> None:
    stop, looks = threading.Event(), []

    def at_the_second_look() -> bool:
        looks.append(1)
        return len(looks) > 1

    reading = engine._prefilled_texts._network.begin()
    assert reading.read([5] * 1000, at_the_second_look) is None
    stop.set()
    assert list(engine.generate([say("word " * 200)], Generation(100), stop, "a")) == []
    assert answer(engine, [say("Hello")], "a") == answer(engine, [say("Hello")])
    assert not answering_threads()


def test_two_answers_are_made_at_once(engine: OpenVinoEngine) -> None:
    first = engine.generate([say("Hello")], Generation(3000), threading.Event())
    next(first)
    assert answer(engine, [say("And me?")])
    assert answering_threads(), "the second does not wait for the first"
    assert next(first)
    first.close()  # type: ignore[attr-defined]


def test_many_answers_at_once_are_what_each_would_be_alone(engine: OpenVinoEngine) -> None:
    questions = [f"What is picture {number}?" for number in range(4)]
    alone = [answer(engine, [say(question)]) for question in questions]
    together = [""] * 4

    def ask(number: int) -> None:
        together[number] = answer(engine, [say(questions[number])])

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert together == alone


def test_between_two_words_the_way_is_given_to_what_goes_first(engine: OpenVinoEngine) -> None:
    priority = CpuPriority(60)
    polite = OpenVinoEngine(engine.profile, engine._prefilled_texts._network, engine._template.tokenizer, priority)
    pieces = polite.generate([say("Hello")], Generation(40), threading.Event())
    written: list[str] = []
    reader = threading.Thread(target=lambda: written.extend(pieces))
    with priority:
        reader.start()
        reader.join(1.0)
        assert reader.is_alive()
        assert len(written) <= 1, "the second word waits"
    reader.join(60)
    assert len(written) > 3


def test_pictures_are_refused(engine: OpenVinoEngine, tmp_path: Path) -> None:
    seen = [ChatMessage("user", (Text("What is this?"), Image(tmp_path / "red.png", "red.png", 4, 4)))]
    with pytest.raises(BadInput, match="cannot look at pictures"):
        answer(engine, seen)
    with pytest.raises(BadInput, match="cannot look at pictures"):
        engine.likelihood(seen, ("Yes",), threading.Event())
    assert engine.sent(seen) == ()


def test_what_is_too_long_is_refused_and_what_nearly_is_answered_briefly(
    counted: tuple[OpenVinoEngine, CountedNetwork],
) -> None:
    engine, network = counted
    prompt = engine.count_tokens([say("Hello")])
    narrow = replace(engine.profile, context_tokens=prompt + 40)
    small = OpenVinoEngine(narrow, network, engine._template.tokenizer)  # type: ignore[arg-type]
    assert "".join(small.generate([say("Hello")], Generation(512), threading.Event()))
    assert sum(network.reads) < prompt + 40
    with pytest.raises(BadInput, match="too long"):
        answer(small, [say("Hello " * 50)], tokens=40)


def test_tokens_are_counted_as_the_template_renders_them(engine: OpenVinoEngine) -> None:
    talk = [say("Be kind.", "system"), say("What is in this picture?"), say("A square.", "assistant"), say("And?")]
    told = [{"role": message.role, "content": message.text} for message in talk]
    tokenizer = engine._template.tokenizer
    ids = tokenizer.apply_chat_template(told, add_generation_prompt=True, tokenize=True, return_dict=True)["input_ids"]
    assert engine.count_tokens(talk) == len(ids)


def test_a_foreign_error_becomes_a_sentence(engine: OpenVinoEngine) -> None:
    class BrokenNetwork:
        def begin(self) -> Any:
            raise RuntimeError("the accelerator fell off\nand rolled away")

    broken: Any = BrokenNetwork()
    with pytest.raises(EngineError, match=r"failed while answering: the accelerator fell off$"):
        answer(OpenVinoEngine(engine.profile, broken, engine._template.tokenizer), [say("Hello")])


# Used again


def test_a_later_turn_reads_only_what_is_new(counted: tuple[OpenVinoEngine, CountedNetwork]) -> None:
    engine, network = counted
    talk = [say("word " * 40)]
    said = answer(engine, talk, "a")
    network.reads.clear()
    later = [*talk, say(said, "assistant"), say("And?")]
    answer(engine, later, "a", tokens=1)
    assert network.reads[0] < engine.count_tokens(later) - engine.count_tokens(talk) + 20
    network.reads.clear()
    answer(engine, later, "a", tokens=1)
    assert network.reads == [1], "of a prompt that is known all but the last token"


def test_another_conversation_begins_with_a_copy_of_what_it_shares(
    counted: tuple[OpenVinoEngine, CountedNetwork],
) -> None:
    engine, network = counted
    rules = say("Be kind. " * 20, "system")
    answer(engine, [rules, say("Hello")], "a")
    before = engine._prefilled_texts._kept["a"].ids
    network.reads.clear()
    # a copy is made by the reading itself, so its reads are not noted; what it says is what matters
    assert answer(engine, [rules, say("And me?")], "b") == answer(engine, [rules, say("And me?")])
    assert network.reads == []
    assert engine._prefilled_texts._kept["a"].ids == before


def test_a_kept_conversation_changes_no_answer(engine: OpenVinoEngine) -> None:
    talk = [say("Hello"), say(answer(engine, [say("Hello")], "kept"), "assistant"), say("And a blue one?")]
    fresh = OpenVinoEngine(engine.profile, engine._prefilled_texts._network, engine._template.tokenizer)
    assert answer(engine, talk, "kept") == answer(fresh, talk)


def test_the_least_recently_used_conversation_goes(engine: OpenVinoEngine) -> None:
    readings = PrefilledTexts(engine._prefilled_texts._network, conversations=2, tokens=100)
    for name, length in (("a", 5), ("b", 6), ("c", 7)):
        reading = readings.take(name, range(100, 200))
        reading.ids = list(range(length))
        readings.keep(name, reading)
    assert list(readings._kept) == ["b", "c"]
    large = engine._prefilled_texts._network.begin()
    large.ids = list(range(98))
    readings.keep("d", large)
    assert list(readings._kept) == ["d"], "together they would be too much"


def test_what_is_weighed_aside_pushes_no_conversation_out(engine: OpenVinoEngine) -> None:
    engine = OpenVinoEngine(engine.profile, engine._prefilled_texts._network, engine._template.tokenizer)
    names = ["a", "b", "c", "d"]
    for name in names:
        answer(engine, [say(f"{name} " * 30)], name, tokens=1)
    for name in ("answers", "questions", "more"):
        assert engine.likelihood([say(f"{name} " * 30)], ("Yes", "No"), threading.Event(), ASIDE + name)
    assert list(engine._prefilled_texts._kept) == names
    assert list(engine._aside._kept) == [f"{ASIDE}questions", f"{ASIDE}more"]


def test_what_is_no_longer_kept_is_released(engine: OpenVinoEngine) -> None:
    readings = PrefilledTexts(engine._prefilled_texts._network, conversations=1)
    reading = readings.take("a", [5, 6, 7])
    reading.read([5, 6, 7], lambda: False)
    gone = weakref.ref(reading)
    readings.keep("a", reading)
    del reading
    assert gone() is not None
    readings.keep("b", engine._prefilled_texts._network.begin())
    assert gone() is None


def test_a_prompt_read_in_stretches_says_the_same(engine: OpenVinoEngine) -> None:
    ids = [number % 90 + 10 for number in range(600)]
    whole = engine._prefilled_texts._network.begin()
    assert whole._read(ids, lambda: False)
    in_stretches = engine._prefilled_texts._network.begin().read(ids, lambda: False)
    assert in_stretches is not None
    data = whole._request.get_output_tensor(0).data
    assert data.shape[1] == 1, "of the last token alone"
    assert log_softmax(in_stretches) == pytest.approx(log_softmax(data[0, -1]), abs=0.05)


def test_what_is_known_is_carried_between_the_two_ways_of_computing(engine: OpenVinoEngine, tiny: Path) -> None:
    folder = gguf.converted(tiny / "tiny.gguf", tiny.parent, lambda _: None, into_ir())
    both = Network.load(folder, 1, matrix_units=True)
    ids = [*range(10, 90), 7, 8]

    def read(network: Network) -> Any:
        reading = network.begin()
        reading.read(ids[:80], lambda: False)  # many
        reading.read(ids[80:81], lambda: False)  # one
        other = reading.copy(70)
        other.read(ids[70:81], lambda: False)
        other.shorten(20)
        other.read(ids[20:82], lambda: False)  # many again
        logits = reading.read(ids[81:], lambda: False)
        assert logits is not None
        assert logits.shape[0] >= 256, "of the whole vocabulary"
        assert other.ids == reading.ids == ids
        again = other.read([9], lambda: False)
        straight = reading.read([9], lambda: False)
        assert again is not None
        assert straight is not None
        assert log_softmax(again) == pytest.approx(log_softmax(straight), abs=0.5)
        return log_softmax(straight)

    assert read(both) == pytest.approx(read(engine._prefilled_texts._network), abs=0.5)


# Likelihoods


def test_likelihoods_are_those_of_one_pass_over_prompt_and_beginning(engine: OpenVinoEngine) -> None:
    beginnings = ("Yes", "What", "A red square and a blue circle.", "")
    told = engine.likelihood([say("Hello")], beginnings, threading.Event(), "weighed")
    assert told is not None
    prompt = engine._ids([say("Hello")])
    for beginning, chances in zip(beginnings, told, strict=True):
        tokens = engine._template.tokens(beginning)
        assert len(chances) == len(tokens)
        for place, token in enumerate(tokens):
            logits = engine._prefilled_texts._network.begin().read([*prompt, *tokens[:place]], lambda: False)
            assert logits is not None
            assert chances[place] == pytest.approx(float(log_softmax(logits)[token]), abs=0.05)


def test_the_answer_after_likelihoods_reads_one_token_of_the_prompt(
    counted: tuple[OpenVinoEngine, CountedNetwork],
) -> None:
    engine, network = counted
    engine.likelihood([say("Hello")], ("Yes", "A red square"), threading.Event(), "a")
    network.reads.clear()
    assert answer(engine, [say("Hello")], "a") == answer(engine, [say("Hello")])
    assert network.reads[0] == 1


def test_likelihoods_are_not_told_once_stopped(engine: OpenVinoEngine) -> None:
    stop = threading.Event()
    stop.set()
    assert engine.likelihood([say("Hello")], ("Yes", "No"), stop) is None


def test_the_nucleus_is_the_fewest_that_reach_its_share() -> None:
    logits = numpy.log(numpy.array([0.5, 0.3, 0.15, 0.05], numpy.float32))
    random = numpy.random.default_rng(0)
    drawn = {chosen(logits, Generation(1, temperature=1.0, top_p=0.7), random) for _ in range(200)}
    assert drawn == {0, 1}
    assert {chosen(logits, Generation(1, temperature=1.0), random) for _ in range(400)} == {0, 1, 2, 3}
    assert {chosen(logits, Generation(1), random) for _ in range(5)} == {0}


# The conversion


def test_a_gguf_is_converted_once(tiny: Path, tmp_path: Path) -> None:
    reports: list[Progress] = []
    folder = gguf.converted(tiny / "tiny.gguf", tmp_path, reports.append, into_ir())
    assert reports
    assert not list(folder.glob("*.gguf"))
    reports.clear()
    assert gguf.converted(tiny / "tiny.gguf", tmp_path, reports.append, into_ir()) == folder
    assert not reports
    assert sorted(path.name for path in tmp_path.iterdir()) == ["openvino"]


def test_a_conversion_that_was_cut_off_is_made_anew(tiny: Path, tmp_path: Path) -> None:
    left = tmp_path / "openvino" / "tiny-gguf.partial"
    left.mkdir(parents=True)
    (left / "openvino_model.xml").write_text("<net")
    folder = gguf.converted(tiny / "tiny.gguf", tmp_path, lambda _: None, into_ir())
    assert not left.exists()
    weights = folder / "openvino_model.bin"
    whole = weights.stat().st_size
    os.truncate(weights, whole // 2)
    engine = OpenVinoEngine.load(profile_of_folder(tiny), tiny, CPU, cache=tmp_path)
    assert weights.stat().st_size == whole
    assert answer(engine, [say("Hello")])


def test_a_gguf_that_openvino_cannot_read_is_told(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    folder.mkdir()
    data = (tiny / "tiny.gguf").read_bytes()
    (folder / "cut.gguf").write_bytes(data[: len(data) // 3])
    with pytest.raises(EngineError, match=r"OpenVINO cannot read cut\.gguf"):
        OpenVinoEngine.load(profile_of_folder(tiny), folder, CPU, cache=tmp_path)
    assert not list((tmp_path / "openvino").glob("cut*/*"))


def test_a_folder_without_a_gguf_is_told(engine: OpenVinoEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="not a GGUF"):
        OpenVinoEngine.load(engine.profile, tmp_path, CPU)


# Chosen by what runs a profile


def test_a_profile_of_openvino_is_run_by_it_on_a_processor(tiny: Path, tmp_path: Path) -> None:
    models = Models(Settings(cache=tmp_path))
    wanted = replace(profile_of_folder(tiny), runtime="openvino")
    assert isinstance(models._run(wanted, tiny, lambda _: None), OpenVinoEngine)
    assert isinstance(models._run(profile_of_folder(tiny), tiny, lambda _: None), LocalEngine)
    assert not models.notices


def test_without_openvino_transformers_runs_it_and_one_line_says_so(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_ir, "is_installed", lambda: False)
    models = Models(Settings(cache=tmp_path))
    wanted = replace(profile_of_folder(tiny), runtime="openvino")
    assert isinstance(models._run(wanted, tiny, lambda _: None), LocalEngine)
    assert len(models.notices) == 1
    assert "openvino-genai is not installed, so transformers runs tiny-gguf" in models.notices[0]


def test_what_openvino_cannot_read_transformers_runs(tmp_path: Path) -> None:
    folder = tiny_checkpoints.save_gguf(tmp_path / "five-bits", kind="Q5_0")
    models = Models(Settings(cache=tmp_path / "cache"))
    wanted = replace(profile_of_folder(folder), runtime="openvino")
    assert isinstance(models._run(wanted, folder, lambda _: None), LocalEngine)
    assert len(models.notices) == 1
    assert models.notices[0].startswith("OpenVINO cannot read tiny.gguf")


# Real weights


@pytest.fixture(scope="module")
def real(weights_folder: Callable[[str], Path]) -> OpenVinoEngine:
    profile = profile_named("qwen2.5-coder-1.5b")
    assert profile is not None
    cache = from_environment(os.environ).cache
    return OpenVinoEngine.load(profile, weights_folder(profile.name), device.look(), cache=cache)


@pytest.mark.weights
def test_the_real_model_answers_in_pieces_and_the_same_twice(real: OpenVinoEngine) -> None:
    assert "Paris" in answer(real, [say("What is the capital of France? One word.")])
    count = [say("Count from one to ten in words.")]
    pieces = list(real.generate(count, Generation(40), threading.Event()))
    assert len(pieces) > 8
    assert "three" in "".join(pieces).lower()
    assert answer(real, count, tokens=40) == "".join(pieces)


@pytest.mark.weights
def test_the_real_model_stops_and_closes(real: OpenVinoEngine) -> None:
    stop, pieces = threading.Event(), []
    for piece in real.generate([say("Write a long story.")], Generation(200), stop):
        pieces.append(piece)
        if len(pieces) == 4:
            stop.set()
    assert 4 <= len(pieces) <= 6
    story = real.generate([say("Write a long story.")], Generation(200), threading.Event())
    next(story)
    story.close()  # type: ignore[attr-defined]
    assert not answering_threads()


@pytest.mark.weights
def test_the_real_model_gives_a_long_prompt_up_at_once(real: OpenVinoEngine) -> None:
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    assert list(real.generate([say("The pump was serviced in March. " * 400)], Generation(8), stop)) == []
    assert not answering_threads()


@pytest.mark.weights
def test_a_later_turn_of_the_real_model_begins_sooner(real: OpenVinoEngine) -> None:
    talk = [say("The pump was serviced in March by Dana Ortiz. " * 40 + "Who serviced it?")]

    def first_word(messages: list[ChatMessage]) -> tuple[float, str]:
        began, first, said = time.process_time(), 0.0, ""
        for piece in real.generate(messages, Generation(12), threading.Event(), "turns"):
            first = first or time.process_time() - began
            said += piece
        return first, said

    cold, said = first_word(talk)
    assert "Dana" in said
    warm, again = first_word([*talk, say(said, "assistant"), say("In which month?")])
    assert "March" in again
    assert warm < cold / 2


@pytest.mark.weights
def test_the_real_model_answers_two_at_once(real: OpenVinoEngine) -> None:
    questions = ("What is the capital of France? One word.", "What is the capital of Italy? One word.")
    told = ["", ""]

    def ask(number: int) -> None:
        told[number] = answer(real, [say(questions[number])])

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert "Paris" in told[0]
    assert "Rome" in told[1]


@pytest.mark.weights
def test_likelihoods_of_the_real_model_rank_as_transformers_ranks_them(
    real: OpenVinoEngine, weights_folder: Callable[[str], Path]
) -> None:
    """Of the same GGUF, in sixteen bits there: the questions and how surely each is answered with "Yes"."""
    cache = from_environment(os.environ).cache
    theirs = LocalEngine.load(real.profile, weights_folder(real.profile.name), device.look(), cache=cache)
    questions = [
        "Is Paris the capital of France?",
        "Is Berlin the capital of France?",
        "Is water wet?",
        "Is the moon made of cheese?",
        "Do fish live in water?",
        "Can a stone swim?",
        "Is three larger than two?",
        "Is two larger than three?",
    ]
    talks = [[say("Answer with Yes or No.", "system"), say(question)] for question in questions]
    ours, known = ([_surely(engine, talk) for talk in talks] for engine in (real, theirs))
    assert numpy.corrcoef(ours, known)[0, 1] > 0.98
    assert [one > 0 for one in ours] == [other > 0 for other in known]
    assert numpy.abs(numpy.subtract(ours, known)).max() < 1.5
    for talk in talks:
        assert real.count_tokens(talk) == theirs.count_tokens(talk)
        told = real.likelihood(talk, ("Yes", "No"), threading.Event())
        assert told is not None
        assert sum(math.exp(sum(chances)) for chances in told) <= 1.0


def _surely(engine: OpenVinoEngine | LocalEngine, talk: list[ChatMessage]) -> float:
    told = engine.likelihood(talk, ("Yes", "No"), threading.Event())
    assert told is not None
    return sum(told[0]) - sum(told[1])
