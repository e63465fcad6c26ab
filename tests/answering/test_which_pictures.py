"""Which pictures a question means, and what a model that reads rather than sees is given of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

from assistant.answering.assistant import Assistant
from assistant.engines.scripted import SCRIPTED, ScriptedEngine, ScriptedLine
from assistant.models.profiles import ModelProfile
from assistant.ports.vision import Description, TextLine
from assistant.text.picture_references import compares, meant, numbered
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.evidence import Box, Region
from assistant.values.parts import Attachment, Image, Text, Turn
from tests.support import media_made as made
from tests.support.fakes import SCRIPTED_SMALL, KindsByWord, make_assistant, ready

FIRST = ("HILL BAKERY", "Bread 4.20", "Total 12.80")
SECOND = ("CITY GARAGE", "Tyres 310.00", "Total 593.10")


def images(count: int) -> list[Image]:
    return [Image(Path(f"{n}.png"), f"{n}.png", 8, 8, f"id{n}") for n in range(1, count + 1)]


def new(last: int, first: int = 1) -> frozenset[str]:
    return frozenset(f"id{n}" for n in range(first, last + 1))


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("What differs between picture 1 and picture 2?", (1, 2)),
        ("what differs between pictures 1 and 3?", (1, 3)),
        ("Is photo no. 2 older?", (2,)),
        ("Which total is on the second receipt picture?", ()),
        ("What is in the second photo?", (2,)),
        ("Compare the first and the third picture", (1, 3)),
        ("And the last one?", (4,)),
        ("图片 2 里写了什么？", (2,)),
        ("图1和图3有什么区别？", (1, 3)),
        ("第二张照片是什么时候拍的？", (2,)),
        ("最后一张呢？", (4,)),
        ("Who signed 3.png?", (3,)),
        ("What is due on 2 May?", ()),
        ("Picture 9?", ()),
    ],
)
def test_pictures_are_named_by_number_place_or_file(question: str, numbers: tuple[int, ...]) -> None:
    assert meant(question, images(4), new(4)) == tuple(f"id{n}" for n in numbers)


def test_those_of_this_turn_are_counted_by_themselves() -> None:
    assert numbered(images(3), new(3, 2)) == {"id2": 1, "id3": 2}
    assert meant("What differs?", images(3), new(3, 2)) == ("id2", "id3")
    assert numbered(images(3), frozenset()) == {"id1": 1, "id2": 2, "id3": 3}


def test_frames_of_a_video_are_not_counted() -> None:
    frames = [replace(image, seconds=1.0) for image in images(2)]
    assert numbered([*frames, *images(3)[2:]], new(3)) == {"id3": 1}


@pytest.mark.parametrize("question", ["What differs?", "Compare them", "有什么不同？", "What do both say?"])
def test_a_comparison_is_known(question: str) -> None:
    assert compares(question)
    assert not compares("What is the total?")


class NamedLinesReader:
    """A Captioner that reads other lines in each picture."""

    profile = ModelProfile("reads-by-name", "vision", "scripted", "none", "any", 0)

    def __init__(self, **lines: tuple[str, ...]) -> None:
        self.lines = lines

    def describe(self, image: Image, question: str) -> Description:
        lines = self.lines[Path(image.name).stem]
        return Description("\n".join(lines), tuple(TextLine(line, Region((Box(0, 0, 1, 1),)), 0.99) for line in lines))


@pytest.fixture
def two(tmp_path: Path) -> tuple[Attachment, Attachment]:
    for name, colour in (("bakery", "red"), ("garage", "blue")):
        Pillow.new("RGB", (60, 40), colour).save(tmp_path / f"{name}.png")
    return Attachment(tmp_path / "bakery.png", "bakery.png"), Attachment(tmp_path / "garage.png", "garage.png")


def reading(engine: ScriptedEngine) -> Assistant:
    kinds = KindsByWord({"differ": "compare", "不同": "compare"})
    return make_assistant(
        engine, reader=ready("Reader", NamedLinesReader(bakery=FIRST, garage=SECOND)), classifier=kinds
    )


def answer(assistant: Assistant, conversation: Conversation, *parts: Text | Attachment) -> Answer:
    done = list(assistant.answer(Turn(parts), conversation))[-1]
    assert isinstance(done, Done), done
    return done.answer


@pytest.mark.parametrize("question", ["What differs between picture 1 and picture 2?", "What differs?", "有什么不同？"])
@pytest.mark.parametrize("evidence_tokens", [12, 400])
def test_what_differs_is_answered_from_both_texts_where_no_model_sees(
    two: tuple[Attachment, Attachment], question: str, evidence_tokens: int
) -> None:
    says = "The total is 12.80 in picture 1 and 593.10 in picture 2."
    engine = ScriptedEngine([ScriptedLine("", says)], replace(SCRIPTED_SMALL, evidence_tokens=evidence_tokens))
    told = answer(reading(engine), Conversation(), Text(question), *two)
    asked = engine.received[0].messages[-1].text
    number = "图片" if "不同" in question else "picture"
    assert f"(bakery.png, {number} 1)\nHILL BAKERY" in asked
    assert f"(garage.png, {number} 2)\nCITY GARAGE" in asked
    assert {citation.source for citation in told.citations} == {"bakery.png", "garage.png"}


def test_a_picture_named_by_number_is_what_is_asked(two: tuple[Attachment, Attachment]) -> None:
    engine = ScriptedEngine([ScriptedLine("", "The total is 593.10.")], SCRIPTED_SMALL)
    assistant, conversation = reading(engine), Conversation()
    answer(assistant, conversation, Text("Keep these."), *two)
    told = answer(assistant, conversation, Text("What total does picture 2 show?"))
    assert told.received.evidence[0].source == "garage.png"
    assert [citation.source for citation in told.citations] == ["garage.png"]


@pytest.mark.parametrize("says", ["I cannot tell.", "The bread is cheaper in picture 2, 1.10 instead of 9.99."])
def test_where_the_model_cannot_tell_what_differs_the_lines_are_compared(
    two: tuple[Attachment, Attachment], says: str
) -> None:
    engine = ScriptedEngine([ScriptedLine("", says)], SCRIPTED_SMALL)
    told = answer(reading(engine), Conversation(), Text("What differs?"), *two)
    assert "- Only in picture 1: “HILL BAKERY”, “Bread 4.20”, “Total 12.80”[1]" in told.text
    assert "- Only in picture 2: “CITY GARAGE”, “Tyres 310.00”, “Total 593.10”[2]" in told.text
    assert [citation.source for citation in told.citations] == ["bakery.png", "garage.png"]
    assert told.grounded


def test_what_is_said_of_one_picture_is_not_supported_by_another(two: tuple[Attachment, Attachment]) -> None:
    engine = ScriptedEngine(
        [ScriptedLine("", "Picture 1 has a total of 593.10. Picture 2 has a total of 593.10.")], SCRIPTED
    )
    told = answer(reading(engine), Conversation(), Text("What total do both pictures have?"), *two)
    assert told.unsupported == ("Picture 1 has a total of 593.10.",)
    assert [citation.source for citation in told.citations] == ["garage.png"]


@pytest.mark.weights
def test_the_real_small_model_says_what_differs_between_two_receipts(
    tmp_path: Path, weights_folder: Callable[[str], Path]
) -> None:
    import os

    from assistant.settings.settings import from_environment
    from cli.wiring import wire

    for profile in ("qwen2.5-coder-1.5b", "minilm", "recogniser"):
        weights_folder(profile)
    settings = replace(from_environment(os.environ), profile="cpu-offline", llm="qwen2.5-coder-1.5b")
    _, assistant = wire(settings, None)
    given = []
    for name, lines in (("bakery.png", FIRST), ("garage.png", SECOND)):
        rows = [(20, 20 + 50 * at, line) for at, line in enumerate(lines)]
        made.picture(rows, (640, 190)).save(tmp_path / name)
        given.append(Attachment(tmp_path / name, name))
    done = list(assistant.answer(Turn((Text("What differs between picture 1 and picture 2?"), *given)), Conversation()))
    last = done[-1]
    assert isinstance(last, Done), last
    assert {piece.source for piece in last.answer.received.evidence} == {"bakery.png", "garage.png"}
    assert {citation.source for citation in last.answer.citations} == {"bakery.png", "garage.png"}
