"""Places that models point at: read from every way in which they are written, cited, and never shown as markup."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

from assistant.engines.scripted import SCRIPTED, ScriptedEngine, ScriptedLine
from assistant.values.answer_json import printed
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Delta, Done, Event
from assistant.values.evidence import Box, Region
from assistant.values.parts import Attachment, Text, Turn
from assistant.vision.grounding import MARK, hidden_from, read
from tests.support.fakes import make_assistant
from ui import rendering
from ui.words.chat import ENGLISH

CAT = Box(0.1, 0.2, 0.5, 0.6)
WAYS = {
    "Qwen's JSON": '```json\n[{"bbox_2d": [100, 200, 500, 600], "label": "cat"}]\n```',
    "JSON alone": '{"bbox_2d": [100, 200, 500, 600], "label": "cat"}',
    "Gemma's JSON": '[{"box_2d": [200, 100, 600, 500], "label": "cat"}]',
    "tags": "<ref>cat</ref><box>(100,200),(500,600)</box>",
    "InternVL's tags": "<ref>cat</ref><box>[[100, 200, 500, 600]]</box>",
    "special tokens": "<|object_ref_start|>cat<|object_ref_end|><|box_start|>(100,200),(500,600)<|box_end|>",
}


@pytest.mark.parametrize("said", WAYS.values(), ids=WAYS)
def test_a_box_is_read_however_it_is_written(said: str) -> None:
    grounded = read(f"Here: {said}")
    (place,) = grounded.places
    assert (place.label, place.box) == ("cat", CAT)
    assert grounded.text == f"Here: cat{MARK}"


def test_a_point_has_a_little_around_it() -> None:
    (place,) = read('<point x="50.0" y="25.0" alt="cat">cat</point>').places
    assert [place.box.left, place.box.top, place.box.right] == pytest.approx([0.485, 0.235, 0.515])
    (other,) = read('{"point_2d": [500, 250], "label": "cat"}').places
    assert other.box.left == pytest.approx(0.485)
    assert other.box.bottom == pytest.approx(0.265)


def test_paligemma_counts_from_the_top_in_1024_steps() -> None:
    grounded = read("<loc0256><loc0512><loc0768><loc1023> cat")
    assert grounded.places[0].box == Box(0.5, 0.25, 1023 / 1024, 0.75)
    assert grounded.text == f"cat{MARK}"


def test_pixels_are_those_of_the_picture_as_it_was_sent() -> None:
    said = '{"bbox_2d": [64, 48, 320, 240], "label": "cat"}'
    assert read(said, "pixels", 640, 480).places[0].box == Box(0.1, 0.1, 0.5, 0.5)
    large = '{"bbox_2d": [0, 0, 2000, 1500], "label": "all"}'
    assert read(large, "thousandths", 2000, 1500).places[0].box == Box(0, 0, 1, 1)


def test_several_are_a_list() -> None:
    said = '[{"bbox_2d": [0, 0, 10, 10], "label": "cat"}, {"bbox_2d": [20, 20, 30, 30], "label": "dog"}]'
    grounded = read(said)
    assert grounded.text == f"- cat{MARK}\n- dog{MARK}"
    assert [place.label for place in grounded.places] == ["cat", "dog"]


@pytest.mark.parametrize(
    "said",
    [
        "The total is (12, 15) and nothing else.",
        '{"name": "Dana", "total": 593.1}',
        '{"bbox_2d": [1, 2, 3]}',
        '{"bbox_2d": ["a", 2, 3, 4], "label": "x"}',
        '{"bbox_2d": [500, 500, 100, 100], "label": "inside out"}',
        '{"bbox_2d": [1e400, 0, 1, 1], "label": "far"}',
        "[" * 5000,
        "```json\nnot json\n```",
        "<box>nothing</box>",
        "",
    ],
)
def test_what_is_no_place_is_left_as_it_is(said: str) -> None:
    assert read(said).text == said
    assert not read(said).places


@pytest.mark.parametrize("said", WAYS.values(), ids=WAYS)
def test_nothing_of_the_markup_is_shown_while_it_is_written(said: str) -> None:
    text = f"Here it is, on the left: {said}"
    shown = max((text[: hidden_from(text[:end])] for end in range(len(text) + 1)), key=len)
    assert "Here it is, on the left:".startswith(shown.strip())
    assert hidden_from("A plain answer.") == len("A plain answer.")


# Through the front door


@pytest.fixture
def two(tmp_path: Path) -> tuple[Attachment, Attachment]:
    for name, colour in (("cat", "red"), ("dog", "blue")):
        Pillow.new("RGB", (400, 300), colour).save(tmp_path / f"{name}.png")
    return Attachment(tmp_path / "cat.png", "cat.png"), Attachment(tmp_path / "dog.png", "dog.png")


def ask(says: str, *parts: Text | Attachment) -> tuple[Answer, list[Event], ScriptedEngine]:
    engine = ScriptedEngine(
        [ScriptedLine("", says)], replace(SCRIPTED, sees_images=True, boxes="thousandths", image_tokens=64)
    )
    events = list(make_assistant(engine, lines=[]).answer(Turn(parts), Conversation()))
    assert isinstance(events[-1], Done), events[-1]
    return events[-1].answer, events, engine


def test_a_place_in_a_picture_is_cited_by_its_region_and_the_markup_is_not_shown(
    two: tuple[Attachment, Attachment],
) -> None:
    told, events, engine = ask(f"The cat lies on the left. {WAYS['JSON alone']}", Text("Where is the cat?"), two[0])
    assert told.text == "The cat lies on the left. cat[1]"
    (citation,) = told.citations
    assert (citation.source, citation.location, citation.quote) == ("cat.png", Region((CAT,)), "cat")
    assert citation.seen
    streamed = "".join(event.text for event in events if isinstance(event, Delta))
    assert "bbox" not in streamed + told.text
    assert "bbox_2d" in engine.received[0].messages[-1].text  # it is asked for places in the way that it knows


def test_a_sentence_that_names_a_picture_opens_it_and_is_not_called_grounded(
    two: tuple[Attachment, Attachment],
) -> None:
    told, _, _ = ask("Picture 1 shows a cat. Picture 2 shows a dog. Both are animals.", Text("What differs?"), *two)
    assert told.text == "Picture 1 shows a cat.[1] Picture 2 shows a dog.[2] Both are animals."
    assert [(c.source, c.location, c.quote, c.seen) for c in told.citations] == [
        ("cat.png", Region(), "", True),
        ("dog.png", Region(), "", True),
    ]
    assert not told.grounded
    assert printed(told)["citations"][0]["seen"]  # type: ignore[index]
    shown = rendering.finished(told, "ab", ENGLISH).text
    assert ENGLISH.seen in shown
    assert ENGLISH.not_grounded not in shown


def test_of_several_pictures_a_place_belongs_to_the_one_named_before_it(two: tuple[Attachment, Attachment]) -> None:
    told, _, _ = ask(f"Picture 2 has it here: {WAYS['tags']}", Text("Where is it?"), *two)
    assert [citation.source for citation in told.citations] == ["dog.png"]
    unclear, _, _ = ask(f"It is here: {WAYS['tags']}", Text("Where is it?"), *two)
    assert not unclear.citations
    assert unclear.text == "It is here: cat"


def test_what_a_model_that_saw_nothing_says_in_boxes_is_left_alone() -> None:
    told, _, _ = ask(WAYS["JSON alone"], Text("Write me a bounding box as JSON."))
    assert '"label": "cat"' in told.text
    assert not told.citations
