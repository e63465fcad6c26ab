"""A stranger's picture is decoded elsewhere, within limits: whatever it does, it ends as one sentence."""

import ast
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest
from PIL import Image

from assistant.media import decoding, identify, open_frames, open_picture, picture_size, shot
from assistant.media.decoding import Decoders, Undecodable
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from tests.media.test_media import a_file
from tests.support.media_made import slow_photo

ROOT = Path(__file__).parents[2]
SENTENCE = re.compile(r"^[^\n]{20,200}\.$")
OPENS_NOTHING_OF_A_STRANGER = {
    "assistant/media/picture_worker.py": "runs in a process of its own",
    "retrieval/parse_context.py": "runs in the process that parses",
    "retrieval/pictures.py": "figures that we wrote ourselves",
    "assistant/intake/films.py": "frames that we wrote ourselves",
}


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    made = Decoders(at_once=2, slow_at_once=1)
    yield made
    made.close()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    Image.new("RGB", (40, 20), "red").save(tmp_path / "small.png")
    return tmp_path / "small.png"


def processes() -> set[int]:
    """Those of ours that decode."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line, told = (folder / "cmdline").read_bytes(), (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if b"picture_worker" in line and told[1] == str(os.getpid()) and told[0] != "Z":
                found.add(int(folder.name))
    return found


def test_pillow_opens_nothing_of_a_stranger_in_this_process() -> None:
    opens = set()
    for folder in ("assistant", "retrieval", "ui", "cli"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "open"
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id.lower() in ("image", "pillow")
                ):
                    opens.add(str(path.relative_to(ROOT)))
    assert opens == set(OPENS_NOTHING_OF_A_STRANGER)


def test_a_photo_of_thousands_of_scans_is_ended_in_a_sentence(tmp_path: Path) -> None:
    """350 kB that libjpeg goes through for a minute."""
    path = a_file(tmp_path / "x", slow_photo(8000, 1500))
    limits = Limits(picture_seconds=1)
    for opens in (open_picture, open_frames, picture_size):
        with pytest.raises(
            BadInput, match=r"^long\.jpg takes longer to open than I allow a picture \(1 s\)"
        ) as refused:
            opens(path, limits, "long.jpg")
        assert SENTENCE.match(str(refused.value))
    assert open_picture(a_file(tmp_path / "y", slow_photo(800, 3))).size == (800, 800)


def test_a_picture_that_takes_too_much_memory_is_refused_in_a_sentence(tmp_path: Path, small: Path) -> None:
    Image.new("L", (9000, 9000)).save(tmp_path / "wide.png")
    limits = Limits(parse_bytes=50_000_000)
    with pytest.raises(BadInput, match=r"^wide\.png needs more memory to open than I allow a picture \(50 MB\)"):
        open_picture(tmp_path / "wide.png", limits)
    assert open_picture(small, limits).size == (40, 20)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16", "I", "F", "CMYK"])
def test_a_picture_brought_to_rgb_in_pieces_is_the_picture(tmp_path: Path, mode: str) -> None:
    """2 million pixels are two pieces; half the size, which is one, shows the same."""
    ramp = Image.linear_gradient("L").resize((1024, 2048))
    picture = ramp.convert("RGB").convert(mode) if mode in ("RGBA", "LA", "P", "CMYK", "1") else ramp.convert(mode)
    if mode == "RGBA":
        picture.putalpha(ramp)
    if mode == "I;16":
        picture = Image.fromarray(numpy.asarray(ramp, numpy.uint16) * 257)
    picture.save(tmp_path / "whole.tiff")
    picture.crop((0, 0, 1024, 500)).save(tmp_path / "top.tiff")
    whole, top = open_picture(tmp_path / "whole.tiff"), open_picture(tmp_path / "top.tiff")
    assert whole.size == (1024, 2048)
    if mode not in ("I", "F"):  # which are stretched to what there is
        assert whole.crop((0, 0, 1024, 500)).tobytes() == top.tobytes()
    assert len({whole.getpixel((x, 1500)) for x in range(9)} | {whole.getpixel((5, 0))}) > 1


def test_slow_pictures_make_room_and_are_decoded_all_the_same(decoders: Decoders, tmp_path: Path, small: Path) -> None:
    slow = a_file(tmp_path / "slow.jpg", slow_photo(6000, 60))
    sizes: list[tuple[int, int]] = []

    def one_slow() -> None:
        sizes.append(decoders.decode(slow, ("JPEG",), "size", Limits(picture_seconds=60)).size)

    others = [threading.Thread(target=one_slow) for _ in range(4)]
    for other in others:
        other.start()
    time.sleep(0.3)  # both places are theirs
    for _ in range(5):
        assert decoders.decode(small, ("PNG",), "pixels", Limits()).size == (40, 20)
    assert len(sizes) < 4, "not all of them were before it"
    for other in others:
        other.join()
    assert sizes == [(6000, 6000)] * 4


def test_who_waits_behind_slow_pictures_for_too_long_is_told(tmp_path: Path) -> None:
    decoders = Decoders(at_once=1, slow_at_once=0)
    slow, limits = a_file(tmp_path / "slow.jpg", slow_photo(8000, 400)), Limits(picture_seconds=2)
    told: list[str] = []

    def one_slow() -> None:
        with pytest.raises(Undecodable) as refused:
            decoders.decode(slow, ("JPEG",), "size", limits)
        told.append(refused.value.why)

    others = [threading.Thread(target=one_slow) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    decoders.close()
    assert sorted(told) == ["busy", "time"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks the system for its processes")
def test_one_process_serves_many_and_one_that_died_is_replaced(small: Path) -> None:
    before = processes()
    decoders = Decoders()
    try:
        for _ in range(3):
            decoders.decode(small, ("PNG",), "pixels", Limits())
        (first,) = processes() - before
        os.kill(first, signal.SIGKILL)
        assert decoders.decode(small, ("PNG",), "pixels", Limits()).size == (40, 20)
        (second,) = processes() - before
        assert second != first
        for _ in range(decoding._MOST_SERVED):
            decoders.decode(small, ("PNG",), "words", Limits())
        (third,) = processes() - before
        assert third != second
    finally:
        decoders.close()
    assert processes() - before == set()


def test_a_gif_of_empty_pieces_is_not_gone_through(tmp_path: Path) -> None:
    """A byte in each: hundreds of millions of steps in a file that is small enough to be taken."""
    header = b"GIF89a" + bytes((4, 0, 4, 0, 0, 0, 0))
    picture = b"," + bytes((0, 0, 0, 0, 4, 0, 4, 0, 0, 2))
    for swollen in (
        header + picture + b"\1a" * 20_000_000,
        header + b"a" * 40_000_000,
        header + b"!\xf9\0" * 9_000_000,
    ):
        path = a_file(tmp_path / "x.gif", header + swollen)
        began = time.process_time()
        with pytest.raises(BadInput, match="is damaged and cannot be shown"):
            identify(path)
        assert time.process_time() - began < 4


def test_a_picture_that_cannot_be_opened_says_nothing_of_itself(tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.jpg", b"\xff\xd8\xff\xe0" + b"x" * 100)
    assert (shot(path).taken, shot(path).camera) == ("", "")
