"""Reading and describing pictures: lines in reading order with where they stand, and nothing that is not there."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy
import pytest
from PIL import Image as Pillow

from assistant.models.profiles import ModelProfile, profile_named
from assistant.ports.engine import Generation
from assistant.ports.vision import Description
from assistant.values.errors import BadInput, EngineError
from assistant.values.evidence import Box
from assistant.values.parts import ChatMessage, Image
from assistant.vision.captioner import VisionCaptioner
from assistant.vision.inference import with_onnxruntime, with_openvino
from assistant.vision.layout import TextBox, in_reading_order
from assistant.vision.ocr import OcrReader
from assistant.vision.recognition import TextRecognizer
from tests.support import media_made as made

LONG = ("The pump was serviced by Maria", "and needs a new seal in June", "or after 500 hours of work")
OTHER = ("Keep the valve closed while", "the motor is running and do", "not open it under pressure")


class SeeingEngine:
    """Says what it is told to, and remembers what it was asked."""

    profile = ModelProfile("eyes", "vision", "scripted", "Apache-2.0", "English", 0, sees_images=True)

    def __init__(self, says: Sequence[str] = ("A red ", "pump.")) -> None:
        self.says = says
        self.asked: list[ChatMessage] = []

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        return 1

    def generate(
        self, messages: Sequence[ChatMessage], options: Generation, stop: threading.Event, conversation: str = ""
    ) -> Iterator[str]:
        self.asked += messages
        yield from self.says


@pytest.fixture(scope="module")
def reader() -> OcrReader:
    profile = profile_named("reader")
    assert profile is not None
    return OcrReader.load(profile)


def read(reader: OcrReader, path: Path, shown: Pillow.Image | None = None) -> Description:
    if shown is not None:
        shown.save(path)
    return reader.describe(Image(path, path.name, 0, 0), "")


def texts(description: Description) -> list[str]:
    return [line.text for line in description.lines]


def test_a_receipt_is_read_row_by_row_with_its_places(reader: OcrReader, tmp_path: Path) -> None:
    description = read(reader, made.receipt(tmp_path / "receipt.png"))
    assert texts(description) == [
        "ACME HARDWARE",
        "Pump seal  43.10",
        "Labour 5 h  550.00",
        "Total 593.10  2018-03-23",
    ]
    total, date = description.lines[-1].region.boxes
    assert total.left == pytest.approx(20 / 640, abs=0.02)
    assert date.left == pytest.approx(420 / 640, abs=0.02)
    assert total.top == pytest.approx(180 / 240, abs=0.04)
    assert all(line.confidence > 0.8 for line in description.lines)
    assert description.text.startswith("A picture of 640×240 pixels with this text:\nACME HARDWARE\n")


def test_a_chinese_sign_is_read(reader: OcrReader) -> None:
    assert texts(read(reader, made.SIGN_ZH)) == ["小心地滑", "请勿靠近水泵"]


def test_columns_are_read_one_after_the_other(reader: OcrReader, tmp_path: Path) -> None:
    rows = [(20, 70 + 40 * i, text) for i, text in enumerate(LONG)]
    rows += [(460, 70 + 40 * i, text) for i, text in enumerate(OTHER)]
    page = made.picture([(20, 10, "Service record and rules for whoever works on the pump"), *rows], (860, 220))
    assert texts(read(reader, tmp_path / "page.png", page))[1:] == [*LONG, *OTHER]


def test_a_dense_page_of_small_letters_is_read_line_by_line(reader: OcrReader, tmp_path: Path) -> None:
    """Sixty lines of eight points on A4, at 150 dots an inch."""
    said = [
        f"{n}. Valve {7 * n % 100} of pump {n % 9} was found tight on day {n} and needs no new seal" for n in range(60)
    ]
    page = made.picture([(90, 80 + 26 * n, line) for n, line in enumerate(said)], (1240, 1754), 17)
    lines = texts(read(reader, tmp_path / "page.png", page))
    assert len(lines) == 60
    assert sum(line != got for line, got in zip(said, lines, strict=True)) <= 3


def test_an_empty_picture_says_that_it_has_no_text(reader: OcrReader, tmp_path: Path) -> None:
    description = read(reader, tmp_path / "a.png", Pillow.new("RGB", (300, 200), "white"))
    assert description == Description("A picture of 300×200 pixels. I can read no text in it.")


@pytest.mark.parametrize("size", [(1, 1), (2000, 2), (2, 2000), (30, 30)])
def test_a_picture_of_an_odd_shape_is_taken(reader: OcrReader, tmp_path: Path, size: tuple[int, int]) -> None:
    assert read(reader, tmp_path / "a.png", Pillow.new("RGB", size, "white")).lines == ()


def test_noise_is_not_read_as_text(reader: OcrReader, tmp_path: Path) -> None:
    grains = numpy.random.default_rng(5).integers(0, 255, (200, 200, 3), dtype=numpy.uint8)
    assert read(reader, tmp_path / "a.png", Pillow.fromarray(grains)).lines == ()


def test_small_letters_are_read(reader: OcrReader, tmp_path: Path) -> None:
    small = made.picture([(6, 4, "Serial 48-XJ 2210")], (150, 22), 11)
    (line,) = read(reader, tmp_path / "a.png", small).lines
    assert line.text.replace(" ", "") == "Serial48-XJ2210"


def test_a_long_screenshot_is_not_shrunk_until_it_blurs(reader: OcrReader, tmp_path: Path) -> None:
    said = [f"Message number {i} was sent" for i in range(5)]
    shown = made.picture([(20, 50 + 1200 * i, text) for i, text in enumerate(said)], (1080, 6000), 30)
    assert texts(read(reader, tmp_path / "a.png", shown)) == said


def test_a_picture_on_its_head_is_read_and_placed_where_it_was_given(reader: OcrReader, tmp_path: Path) -> None:
    upright = made.picture([(20, 20 + 40 * i, text) for i, text in enumerate(LONG)], (640, 160))
    description = read(reader, tmp_path / "a.png", upright.rotate(180))
    assert texts(description) == list(LONG)
    assert description.lines[0].region.boxes[0].top > 0.6


def test_a_broken_picture_is_refused(reader: OcrReader, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    with pytest.raises(BadInput, match=r"a.png"):
        read(reader, tmp_path / "a.png")


def found(text: str, left: float, top: float, width: float = 0.3, height: float = 0.04) -> TextBox:
    return TextBox(text, Box(left, top, left + width, top + height), 0.9)


def test_short_labels_and_prices_are_rows_not_columns() -> None:
    names = [found(name, 0.1, 0.1 * i) for i, name in enumerate(("Seal", "Labour", "Travel", "Sum"))]
    prices = [found(price, 0.7, 0.1 * i + 0.005, 0.1) for i, price in enumerate(("43.10", "550.00", "12.00", "605.10"))]
    assert [line.text for line in in_reading_order([*prices, *names])] == [
        "Seal  43.10",
        "Labour  550.00",
        "Travel  12.00",
        "Sum  605.10",
    ]


def test_a_heading_between_columns_parts_them() -> None:
    def block(top: float) -> list[TextBox]:
        return [found(text, 0.05, top + 0.05 * i) for i, text in enumerate(LONG)] + [
            found(text, 0.6, top + 0.05 * i) for i, text in enumerate(OTHER)
        ]

    pieces = [found("First", 0.05, 0.05, 0.9), *block(0.1), found("Second", 0.05, 0.4, 0.9), *block(0.5)]
    lines = [line.text for line in in_reading_order(pieces[::-1])]
    assert lines == ["First", *LONG, *OTHER, "Second", *LONG, *OTHER]


def test_no_pieces_are_no_lines() -> None:
    assert in_reading_order([]) == ()


def test_a_vision_model_is_asked_with_the_persons_own_question() -> None:
    engine = SeeingEngine()
    image = Image(Path("pump.jpg"), "pump.jpg", 8, 8)
    assert VisionCaptioner(engine).describe(image, "Is the pump red?") == Description("A red pump.")
    (message,) = engine.asked
    assert message.images == (image,)
    assert "Is the pump red?" in message.text
    VisionCaptioner(engine).describe(image, "")
    assert "They ask" not in engine.asked[-1].text


def test_a_vision_model_that_says_nothing_is_an_error() -> None:
    with pytest.raises(EngineError, match=r"said nothing about pump.jpg"):
        VisionCaptioner(SeeingEngine(says=(" ",))).describe(Image(Path("pump.jpg"), "pump.jpg", 8, 8), "What?")


def test_the_reader_tells_nobody_that_it_runs(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from assistant.models.profiles import profile_named\n"
        "from assistant.vision.ocr import OcrReader\n"
        "OcrReader.load(profile_named('reader'))\n"
        "import openvino\n"
        "print([name for name, module in sys.modules.items() if module and 'openvino_telemetry' in name])"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": os.getcwd()}
    environment.pop("CI", None)  # where it would be silent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("opened", [with_openvino, with_onnxruntime])
def test_either_way_of_running_the_models_reads_the_same(opened, tmp_path: Path) -> None:
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    (file,) = models.glob("*_rec_*.onnx")
    model = opened(file, 2)
    lines = [made.picture([(6, 4, text)], (12 * len(text), 34), 22) for text in (*LONG, "Valve")]
    read = TextRecognizer(model, model.about("character").splitlines(), 2).read([numpy.asarray(line) for line in lines])
    assert [text for text, _ in read] == [*LONG, "Valve"]
    assert all(0.8 < sure <= 1 for _, sure in read)
