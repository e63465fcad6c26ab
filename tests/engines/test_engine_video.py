"""Frames of a video as every family takes them: as one video with its times, or as pictures; never dropped."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from PIL import Image as Pillow

from assistant.engines.local import LocalEngine, profile_of_folder
from assistant.ports.engine import Generation
from assistant.values.errors import EngineError
from assistant.values.parts import ChatMessage, Image, Text
from tests.conftest import CPU
from tests.engines.test_engine_pictures import as_read, inputs
from tests.support import tiny_checkpoints, tiny_families

Engines = Callable[[str], LocalEngine]
NATIVE = ["qwen3_vl", "qwen3_5", "llava_onevision"]
AS_PICTURES = ["smolvlm", "idefics3", "gemma3", "gemma4", "internvl"]  # see assistant/engines/video.py


@pytest.fixture
def film(tmp_path: Path) -> tuple[Image, ...]:
    """Six frames, each of another colour, ten seconds apart."""
    colours = ["red", "green", "blue", "white", "black", "yellow"]
    for number, colour in enumerate(colours):
        Pillow.new("RGB", (160, 120), colour).save(tmp_path / f"{number}.png")
    return tuple(
        Image(tmp_path / f"{number}.png", "clip.mp4", 160, 120, "film", 10.0 * number) for number in range(len(colours))
    )


def asked(*parts: Text | Image) -> list[ChatMessage]:
    return [ChatMessage("user", (Text("Video 1: clip.mp4"), *parts, Text("What happens?")))]


def test_every_family_is_known_to_take_video_or_not(engine: Engines) -> None:
    assert sorted([*NATIVE, *AS_PICTURES]) == sorted([*tiny_checkpoints.SEEING, *tiny_families.MORE])
    assert [family for family in NATIVE + AS_PICTURES if engine(family).profile.sees_video] == NATIVE


@pytest.mark.parametrize("family", NATIVE)
def test_frames_that_follow_one_another_are_one_video(engine: Engines, film: tuple[Image, ...], family: str) -> None:
    made = inputs(engine(family), asked(*film))
    assert "pixel_values" not in made
    assert "".join(engine(family).generate(asked(*film), Generation(6), threading.Event()))
    given = made["input_ids"].shape[1]
    assert given <= engine(family).count_tokens(asked(*film)) <= given + 10 * len(film)


@pytest.mark.parametrize("family", ["qwen3_vl", "qwen3_5"])
def test_each_stretch_of_a_video_stands_behind_its_time(engine: Engines, film: tuple[Image, ...], family: str) -> None:
    template = engine(family)._template
    read = template.tokenizer.decode(inputs(engine(family), asked(*film))["input_ids"][0])
    # two frames are seen together, and their middle is their time
    assert [read.count(f"<{time} seconds>") for time in ("5.0", "25.0", "45.0")] == [1, 1, 1]
    made = inputs(engine(family), asked(*film))
    assert made["video_grid_thw"].tolist()[0][0] == 3
    assert made["mm_token_type_ids"].max() == 2


@pytest.mark.parametrize("family", ["qwen3_vl", "qwen3_5"])
def test_a_video_in_which_nothing_moves_has_the_patches_of_its_picture(
    engine: Engines, film: tuple[Image, ...], tmp_path: Path, family: str
) -> None:
    """So the layout is that of the family's pictures, which repeat themselves in time."""
    rng = numpy.random.default_rng(1)
    Pillow.fromarray(rng.integers(0, 255, (128, 160, 3), dtype=numpy.uint8)).save(tmp_path / "still.png")
    still = Image(tmp_path / "still.png", "clip.mp4", 160, 128, "film", 0.0)
    video = inputs(engine(family), asked(still, replace(still, seconds=1.0)))
    picture = inputs(engine(family), asked(replace(still, seconds=None)))
    assert video["video_grid_thw"].tolist() == picture["image_grid_thw"].tolist()
    assert video["pixel_values_videos"].equal(picture["pixel_values"])
    two = inputs(engine(family), asked(film[0], film[0], film[2], film[2]))["pixel_values_videos"]
    half = len(two) // 2
    assert two[:half].equal(inputs(engine(family), asked(film[0], film[0]))["pixel_values_videos"])
    assert two[half:].equal(inputs(engine(family), asked(film[2], film[2]))["pixel_values_videos"])


def test_a_patch_of_two_frames_holds_the_first_and_then_the_second(engine: Engines, film: tuple[Image, ...]) -> None:
    patch = inputs(engine("qwen3_vl"), asked(film[0], film[2]))["pixel_values_videos"][0].reshape(3, 2, -1).mean(-1)
    red_then_blue = patch.argmax(0).tolist()
    assert red_then_blue == [0, 2]


def test_llava_gets_every_frame_whole(engine: Engines, film: tuple[Image, ...]) -> None:
    frames = inputs(engine("llava_onevision"), asked(*film))["pixel_values_videos"]
    assert tuple(frames.shape) == (1, 6, 3, 64, 64)
    assert frames[0, 0].mean((1, 2)).argmax() == 0
    assert frames[0, 2].mean((1, 2)).argmax() == 2
    sent = engine("llava_onevision").sent(asked(*film))
    assert [(one.width, one.height) for one in sent] == [(64, 64)] * 6


@pytest.mark.parametrize("family", AS_PICTURES)
def test_elsewhere_frames_are_pictures_each_behind_its_time(
    engine: Engines, film: tuple[Image, ...], family: str
) -> None:
    named = [part for number, frame in enumerate(film) for part in (Text(f"clip.mp4 at 0:{10 * number:02}:"), frame)]
    messages = [ChatMessage("user", (*named, Text("What happens?")))]
    read = as_read(engine(family), messages)
    places = [read.index(f"at 0:{10 * number:02}") for number in range(6)]
    assert all("▣" in read[start:end] for start, end in zip(places, [*places[1:], len(read)], strict=True))
    assert "".join(engine(family).generate(messages, Generation(4), threading.Event()))


@pytest.mark.parametrize("family", NATIVE)
def test_a_video_beside_pictures_keeps_its_place(engine: Engines, film: tuple[Image, ...], family: str) -> None:
    picture = replace(film[3], seconds=None, name="white.png", source_id="white")
    messages = asked(*film, Text("Picture 1: white.png"), picture)
    made = inputs(engine(family), messages)
    assert {"pixel_values", "pixel_values_videos"} <= set(made)
    assert len(engine(family).sent(messages)) == 7
    assert "".join(engine(family).generate(messages, Generation(4), threading.Event()))


@pytest.mark.parametrize("family", ["qwen3_vl", "qwen3_5"])
def test_frames_take_no_more_than_their_tokens(engine: Engines, film: tuple[Image, ...], family: str) -> None:
    brief = [replace(frame, tokens=12) for frame in film]
    assert all(one.tokens <= 12 for one in engine(family).sent(asked(*brief)))
    assert (
        inputs(engine(family), asked(*brief))["input_ids"].shape[1]
        < inputs(engine(family), asked(*film))["input_ids"].shape[1]
    )


def test_frames_of_two_videos_are_two_videos(engine: Engines, film: tuple[Image, ...]) -> None:
    other = [replace(frame, source_id="other", name="other.mp4") for frame in film[:4]]
    made = inputs(engine("qwen3_vl"), asked(*film, *other))
    assert made["video_grid_thw"][:, 0].tolist() == [3, 2]


def test_a_template_without_a_place_for_video_gets_pictures(tmp_path: Path, film: tuple[Image, ...]) -> None:
    folder = tiny_checkpoints.save(tiny_checkpoints.qwen3_vl, tmp_path / "still")
    (folder / "chat_template.jinja").write_text(
        tiny_checkpoints.template("<|vision_start|><|image_pad|><|vision_end|>")
    )
    engine = LocalEngine.load(profile_of_folder(folder), folder, CPU)
    assert not engine.profile.sees_video
    assert inputs(engine, asked(*film))["image_grid_thw"].shape[0] == 6


def test_frames_that_cannot_be_opened_are_told(engine: Engines, film: tuple[Image, ...], tmp_path: Path) -> None:
    (tmp_path / "3.png").write_bytes(b"nothing")
    from assistant.values.errors import BadInput

    with pytest.raises((BadInput, EngineError), match=r"clip.mp4"):
        inputs(engine("qwen3_vl"), asked(*film))
