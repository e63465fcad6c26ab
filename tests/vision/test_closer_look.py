"""Text that is small in a large picture, or hardly differs from its ground, is read and placed where it stands."""

from collections.abc import Callable

import numpy
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from assistant.models.profiles import profile_named
from assistant.ports.vision import Description, TextLine
from assistant.values.evidence import Box, Region
from assistant.values.parts import Image
from assistant.vision.closer import BLOCK, empty, faint, joined, outside, spread, tiles, worth_it
from assistant.vision.layout import TextBox, in_reading_order
from assistant.vision.ocr import OcrReader

LINES = ("The spare key hangs behind the boiler", "Invoice 4471 is due on 14 March", "Call 0171 555 0143 at night")
Read = Callable[..., Description]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    profile = profile_named("reader")
    assert profile is not None
    reader, folder = OcrReader.load(profile), tmp_path_factory.mktemp("closer")

    def reading(picture: Pillow.Image, name: str = "a.png", frame: int = 0, **how: object) -> Description:
        picture.save(folder / name, **how)
        return reader.describe(Image(folder / name, name, 0, 0, frame=frame), "")

    return reading


def font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(height)


def screen(ground: int, letters: int, height: int = 24) -> Pillow.Image:
    """A bar and three lines below it."""
    picture = Pillow.new("RGB", (1280, 400), (ground,) * 3)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 1280, 50), fill=(abs(ground - 20),) * 3)
    for number, line in enumerate(LINES):
        pen.text((50, 100 + 90 * number), line, font=font(height), fill=(letters,) * 3)
    return picture


def photo(size: tuple[int, int], at: tuple[int, int], height: int) -> Pillow.Image:
    """Blurred ground with the noise of a camera, and a note that lies on it."""
    spread_ = numpy.random.default_rng(1)
    soft = (spread_.random((20, 30, 3)) * 255).astype(numpy.uint8)
    ground = numpy.asarray(Pillow.fromarray(soft).resize(size, Pillow.Resampling.BICUBIC)).astype(numpy.int16) // 2 + 60
    ground += spread_.integers(-10, 10, (size[1], size[0], 1), dtype=numpy.int16)
    picture = Pillow.fromarray(ground.clip(0, 255).astype(numpy.uint8))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((at[0] - 40, at[1] - 40, at[0] + 40 * height, at[1] + 12 * height), fill=(240, 238, 230))
    for number, line in enumerate(LINES):
        pen.text((at[0], at[1] + 3 * number * height), line, font=font(height), fill=(30, 30, 30))
    return picture


def chat(size: tuple[int, int], height: int) -> tuple[Pillow.Image, list[tuple[str, int]]]:
    """Bubbles that take turns left and right; what each says, and where its middle lies in pixels."""
    picture, said = Pillow.new("RGB", size, (236, 229, 221)), []
    pen = ImageDraw.Draw(picture)
    for number, top in enumerate(range(30, size[1] - 60, 90)):
        words = f"{number + 1}. {LINES[number % 3]}"
        left = 40 if number % 2 == 0 else size[0] - 40 - round(pen.textlength(words, font=font(height)))
        pen.text((left, top), words, font=font(height), fill=(20, 20, 20))
        said.append((words, top + height // 2))
    return picture, said


def texts(description: Description) -> list[str]:
    return [line.text for line in description.lines]


def middle(line: TextLine) -> float:
    box = line.region.boxes[0]
    return (box.top + box.bottom) / 2


@pytest.mark.parametrize(("ground", "letters"), [(38, 48), (28, 44), (245, 232), (128, 140)])
def test_letters_that_hardly_differ_from_their_ground_are_read(read: Read, ground: int, letters: int) -> None:
    told = ["".join(text.split()) for text in texts(read(screen(ground, letters)))]
    assert told == ["".join(line.split()) for line in LINES]


@pytest.mark.parametrize("height", [12, 16])
def test_small_print_on_a_note_in_a_large_photo_is_read_where_it_lies(read: Read, height: int) -> None:
    picture = photo((5200, 3900), (3000, 2000), height)
    description = read(picture, "a.jpg", quality=92)
    assert texts(description) == list(LINES)
    for number, line in enumerate(description.lines):
        box = line.region.boxes[0]
        assert abs(box.left * 5200 - 3000) < height
        assert abs(middle(line) * 3900 - (2000 + (3 * number + 0.6) * height)) < height


def test_a_very_tall_screenshot_is_read_in_the_order_of_its_bubbles_and_each_where_it_stands(read: Read) -> None:
    picture, said = chat((720, 6400), 17)
    lines = read(picture).lines
    assert [line.text for line in lines] == [words for words, _ in said]
    for line, (_, at) in zip(lines, said, strict=True):
        assert abs(middle(line) * 6400 - at) < 12


def test_a_very_wide_screenshot_is_read(read: Read) -> None:
    picture = Pillow.new("RGB", (9000, 700), "white")
    pen = ImageDraw.Draw(picture)
    for number in range(10):
        for row, line in enumerate(LINES):
            pen.text((60 + 890 * number, 60 + 200 * row), f"{number}{row} {line}", font=font(16), fill="black")
    told = " ".join(texts(read(picture)))
    assert all(f"{number}{row} {line}" in told for number in range(10) for row, line in enumerate(LINES))


@pytest.mark.parametrize("turn", [Pillow.Transpose.ROTATE_90, Pillow.Transpose.ROTATE_270])
def test_small_print_in_a_large_photo_that_lies_on_its_side_is_read(read: Read, turn: Pillow.Transpose) -> None:
    picture = photo((3000, 2200), (1200, 900), 14).transpose(turn)
    assert texts(read(picture, "a.jpg", quality=92)) == list(LINES)


def test_the_page_that_is_meant_is_read(read: Read) -> None:
    pages = [screen(255, 0), Pillow.new("RGB", (600, 200), "white")]
    ImageDraw.Draw(pages[1]).text((30, 60), "Signed by Rezai", font=font(30), fill="black")
    description = read(pages[0], "a.tiff", 1, save_all=True, append_images=pages[1:])
    assert texts(description) == ["Signed by Rezai"]
    assert description.text.startswith("A picture of 600×200 pixels")


# Where to look closer


@pytest.mark.parametrize("size", [(720, 14_000), (14_000, 720), (7300, 5500), (100, 90_000), (3000, 3000)])
def test_tiles_cover_the_picture_and_overlap(size: tuple[int, int]) -> None:
    covered = numpy.zeros((size[1] // 10, size[0] // 10), dtype=int)
    for tile in tiles(*size):
        assert (tile.right - tile.left) * (tile.bottom - tile.top) <= 1_500_000
        covered[tile.top // 10 : -(-tile.bottom // 10), tile.left // 10 : -(-tile.right // 10)] += 1
    assert covered.min() >= 1
    assert covered.max() >= 2


def test_nothing_is_looked_at_twice_where_all_was_read_and_edges_of_boxes_are_no_marks() -> None:
    grey = numpy.full((2400, 2400), 230, numpy.uint8)
    grey[100:110, 100:2300] = 20  # a bar
    grey[1000:1040, 300:900:7] = 40  # letters
    grey[1000:1040:5, 300:900] = 230
    letters = numpy.array([(290, 990), (910, 990), (910, 1050), (290, 1050)])
    assert len(worth_it(grey, [], 1.0)) >= 1
    assert worth_it(grey, [letters], 1.0) == []
    assert spread(grey)[104 // BLOCK, 50] == 0


def test_the_noise_of_a_photo_is_nothing_faint() -> None:
    noise = numpy.random.default_rng(2).integers(100, 130, (400, 400)).astype(numpy.uint8)
    assert not faint(noise, [])
    assert not faint(numpy.full((400, 400), 30, numpy.uint8), [])


def test_a_line_cut_by_a_tile_is_one_and_another_line_stays_another() -> None:
    def box(left: float, top: float, right: float, bottom: float) -> numpy.ndarray:  # type: ignore[type-arg]
        return numpy.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=numpy.float32)

    found = joined([box(0, 10, 500, 30), box(450, 11, 900, 30), box(0, 40, 500, 60), box(2, 11, 490, 29)])
    assert sorted(tuple(one.min(axis=0)) + tuple(one.max(axis=0)) for one in found) == [
        (0, 10, 900, 30),
        (0, 40, 500, 60),
    ]
    assert empty([box(0, 0, 20, 20), box(30, 0, 40, 10)], [box(0, 0, 10, 10)]) == [False, True]
    assert outside([box(0, 0, 10, 10)], []) == [True]
    assert outside([box(0, 0, 10, 10), box(100, 100, 110, 110)], [box(0, 0, 20, 20)]) == [False, True]


def test_bubbles_left_and_right_take_turns_and_columns_do_not() -> None:
    def pieces(right_by: float) -> list[TextBox]:
        return [
            TextBox(f"what {side} says as number {number}", Box(left, top, left + 0.35, top + 0.03), 0.9)
            for number in range(6)
            for side, left, top in (
                ("one", 0.05, 0.1 + number * 0.1),
                ("other", 0.6, 0.1 + number * 0.1 + right_by),
            )
        ]

    assert [line.text.split()[1] for line in in_reading_order(pieces(0.05))] == ["one", "other"] * 6
    assert [line.text.split()[1] for line in in_reading_order(pieces(0.002))] == ["one"] * 6 + ["other"] * 6


def test_a_region_of_a_frame_is_no_region_of_another() -> None:
    assert Region((), 2) != Region((), 1)
