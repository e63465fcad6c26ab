"""What is guessed of a picture without a model that sees: colours, the subject of a photo, faces; else silence."""

from collections.abc import Callable
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageDraw

from assistant.values.errors import BadInput, SetupError
from assistant.values.limits import Limits
from assistant.values.parts import Image as Shown
from assistant.vision.colours import main_colours
from assistant.vision.image_classifier import LocalImageClassifier
from assistant.vision.subject import is_drawn
from assistant.vision.things import OF_PAPER, THINGS
from tests.support import media_made as made
from tests.support import pages_made


@pytest.mark.parametrize(
    ("colour", "english", "chinese"),
    [
        ("#000000", "black", "黑色"),
        ("#808080", "grey", "灰色"),
        ("#ffffff", "white", "白色"),
        ("#d02020", "red", "红色"),
        ("#ff8c1a", "orange", "橙色"),
        ("#f2d024", "yellow", "黄色"),
        ("#2e8b3c", "green", "绿色"),
        ("#20b8b0", "turquoise", "青色"),
        ("#2060d0", "blue", "蓝色"),
        ("#6a2fb5", "purple", "紫色"),
        ("#ff5fb0", "pink", "粉色"),
        ("#7a4a20", "brown", "棕色"),
    ],
)
def test_a_colour_has_its_name(colour: str, english: str, chinese: str) -> None:
    picture = Image.new("RGB", (200, 100), colour)
    assert main_colours(picture) == (english,)
    assert main_colours(picture, chinese=True) == (chinese,)


def test_the_largest_colours_come_first_and_small_ones_are_left_out() -> None:
    picture = Image.new("RGB", (200, 100), "#2060d0")
    picture.paste("#d02020", (0, 0, 60, 100))
    picture.paste("#2e8b3c", (60, 0, 70, 100))
    assert main_colours(picture) == ("blue", "red")


def test_no_class_belongs_to_two_things() -> None:
    counted = [at for thing in THINGS for at in thing.classes]
    assert len(counted) == len(set(counted))
    assert all(0 <= at < 1000 for at in (*counted, *OF_PAPER))


def drawings() -> list[Image.Image]:
    chart = Image.new("RGB", (500, 400), "white")
    pen = ImageDraw.Draw(chart)
    for n, height in enumerate((120, 260, 180, 330)):
        pen.rectangle((60 + 100 * n, 380 - height, 130 + 100 * n, 380), fill=("red", "blue", "green", "orange")[n])
    face = Image.new("RGB", (300, 300), "skyblue")
    pen = ImageDraw.Draw(face)
    pen.ellipse((50, 50, 250, 250), fill="yellow", outline="black", width=6)
    for left in (105, 170):
        pen.ellipse((left, 110, left + 25, 140), fill="black")
    pen.arc((95, 110, 205, 210), 20, 160, fill="black", width=8)
    noise = Image.fromarray(numpy.random.default_rng(3).integers(0, 255, (240, 320, 3), dtype=numpy.uint8))
    ramp = Image.fromarray(numpy.dstack([numpy.tile(numpy.arange(256, dtype=numpy.uint8), (256, 1))] * 3))
    return [chart, face, noise, ramp, *(page.picture for page in pages())]


def pages() -> list[pages_made.Drawn]:
    return [
        pages_made.page(20), pages_made.receipt(24), pages_made.sign(60), pages_made.table(24, True),
        pages_made.sign(60, dark=False),
    ]  # fmt: skip


def test_drawings_and_documents_are_told_from_photos() -> None:
    assert all(is_drawn(page.picture) for page in pages())
    assert is_drawn(Image.new("RGB", (300, 200), "white"))
    assert is_drawn(Image.new("RGB", (1, 1)))
    grains = pages_made.noisy(Image.new("RGB", (300, 200), "grey"))
    assert not is_drawn(grains)


@pytest.fixture(scope="module")
def image_classifier(weights_folder: Callable[[str], Path]) -> LocalImageClassifier:
    return LocalImageClassifier.load(weights_folder("recogniser"), Limits())


def photo(name: str) -> Shown:
    import gradio

    return Shown(Path(gradio.__file__).parent / "media_assets/images" / name, name, 0, 0)


@pytest.mark.weights
def test_the_subject_of_a_photo_is_named_with_its_probability(image_classifier: LocalImageClassifier) -> None:
    lion, cheetah = image_classifier.look(photo("lion.jpg")), image_classifier.look(photo("cheetah.jpg"), chinese=True)
    assert (lion.thing, lion.kind) == ("a big cat", "lion")
    assert 0.6 < lion.share <= 1
    assert (cheetah.thing, cheetah.kind) == ("大型猫科动物", "cheetah")
    assert image_classifier.look(photo("tower.jpg")).share == 0.0  # not sure enough, so nothing is said


@pytest.mark.weights
def test_drawings_documents_and_noise_are_not_called_something(
    image_classifier: LocalImageClassifier, tmp_path: Path
) -> None:
    for n, drawn in enumerate(drawings()):
        for name, worn in ((f"{n}.png", drawn), (f"{n}.jpg", pages_made.squeezed(pages_made.noisy(drawn, 5)))):
            worn.save(tmp_path / name)
            glance = image_classifier.look(Shown(tmp_path / name, name, 0, 0))
            assert (glance.thing, glance.kind, glance.faces) == ("", "", ()), name


@pytest.mark.weights
def test_a_picture_of_an_odd_shape_is_looked_at_and_a_broken_one_refused(
    image_classifier: LocalImageClassifier, tmp_path: Path
) -> None:
    for size in ((1, 1), (3000, 3), (3, 3000)):
        Image.new("RGB", size, "red").save(tmp_path / "a.png")
        assert image_classifier.look(Shown(tmp_path / "a.png", "a.png", 0, 0)).colours == ("red",)
    made.cut(tmp_path / "a.png", 0.5, tmp_path / "cut.png")
    with pytest.raises(BadInput, match=r"cut.png is damaged"):
        image_classifier.look(Shown(tmp_path / "cut.png", "cut.png", 0, 0))


def test_files_that_are_no_recogniser_are_said(tmp_path: Path) -> None:
    (tmp_path / "efficientnet-lite2.pth").write_bytes(b"no weights")
    with pytest.raises(SetupError, match=r"could not be started"):
        LocalImageClassifier.load(tmp_path, Limits())
