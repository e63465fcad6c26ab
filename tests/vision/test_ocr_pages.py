"""The reader on pages, receipts, signs, tables and codes drawn for it: what it reads, in which order, and where."""

from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image as Pillow

from assistant.models.profiles import profile_named
from assistant.ports.vision import Description
from assistant.values.evidence import Box, Region
from assistant.values.parts import Image
from assistant.vision.layout import TextBox
from assistant.vision.ocr import OcrReader
from assistant.vision.tables import read_in_order
from tests.support import pages_made as made
from tests.support.pages_made import Drawn

Read = Callable[[Pillow.Image], Description]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    profile = profile_named("reader")
    assert profile is not None
    reader, path = OcrReader.load(profile), tmp_path_factory.mktemp("pages") / "page.png"

    def reading(picture: Pillow.Image) -> Description:
        picture.save(path)
        return reader.describe(Image(path, path.name, 0, 0), "")

    return reading


def share_wrong(description: Description, drawn: Drawn) -> float:
    return made.errors(made.as_drawn(description), drawn.text) / len("".join(drawn.text.split()))


def dark_in(picture: Pillow.Image, box: Box) -> float:
    """Share of dark pixels in a box."""
    sides = (box.left * picture.width, box.top * picture.height, box.right * picture.width, box.bottom * picture.height)
    grey = picture.crop(tuple(map(round, sides))).convert("L")  # type: ignore[arg-type]
    return sum(grey.histogram()[:110]) / max(grey.width * grey.height, 1)


def worn(picture: Pillow.Image) -> Pillow.Image:
    return made.squeezed(made.noisy(made.blurred(picture, 0.6)), 55)


KINDS: dict[str, tuple[Drawn, ...]] = {
    "page": (made.page(16), made.page(24, "Sans")),
    "receipt": (made.receipt(16), made.receipt(26, "Serif")),
    "sign": tuple(made.sign(size, lines, dark) for lines in made.SIGNS[:3] for size, dark in ((30, True), (54, False))),
}


@pytest.mark.parametrize("kind", KINDS)
def test_under_three_letters_in_a_hundred_are_misread(read: Read, kind: str) -> None:
    for drawn in KINDS[kind]:
        assert share_wrong(read(worn(drawn.picture)), drawn) < 0.03


@pytest.mark.parametrize("degrees", [90, 180, 270, -4, 3])
def test_a_picture_is_read_however_it_lies_and_placed_as_it_lies(read: Read, degrees: int) -> None:
    for drawn in (made.receipt(24), made.table(24, ruled=True), made.sign(50, made.SIGNS[1])):
        upright = abs(degrees) >= 90
        lying = drawn.picture.rotate(degrees, expand=True) if upright else made.askew(drawn.picture, degrees)
        description = read(lying)
        assert share_wrong(description, drawn) < 0.03
        if drawn.lines[0] == made.SIGNS[1][0]:
            continue  # light on dark
        for box in (box for line in description.lines for box in line.region.boxes):
            assert dark_in(lying, box) > 0.04, "the box holds no ink"


@pytest.mark.parametrize("ruled", [True, False])
def test_the_rows_of_a_table_keep_their_cells_apart_and_say_what_heads_them(read: Read, ruled: bool) -> None:
    drawn = made.table(26, ruled)
    title, heads, seal, *_, belt = read(drawn.picture).lines
    assert title.text == "Stock on 3 May"
    assert heads.text == "Part | Quantity | Price | Shelf"
    assert seal.text == "Part: Seal | Quantity: 2 | Price: 43.10 | Shelf: B-17"
    price = next(cell for cell in belt.cells if "27.50" in belt.text[cell.start : cell.end])
    assert belt.text[price.start : price.end] == "Price: 27.50"
    assert isinstance(price.location, Region)
    (box,) = price.location.boxes
    assert 0.5 < box.left < box.right < 0.76
    assert 0.74 < box.top < box.bottom < 0.97
    assert dark_in(drawn.picture, box) > 0.05


def test_an_empty_cell_moves_nothing(read: Read) -> None:
    rows = (("Name", "Room", "Phone"), ("Ortiz", "", "4410"), ("Hale", "204", ""), ("Wong", "118", "4467"))
    for ruled in (True, False):
        lines = [line.text for line in read(made.table(28, ruled, rows, "Staff").picture).lines]
        assert lines[2:] == [
            "Name: Ortiz | Phone: 4410",
            "Name: Hale | Room: 204",
            "Name: Wong | Room: 118 | Phone: 4467",
        ]


def test_a_chinese_table_is_one_too(read: Read) -> None:
    rows = (("名称", "数量", "价格"), ("密封圈", "2", "43.10"), ("螺栓", "8", "6.40"), ("皮带", "3", "27.50"))
    lines = read(made.table(30, True, rows, "库存").picture).lines
    assert [line.text for line in lines][2] == "名称: 密封圈 | 数量: 2 | 价格: 43.10"


def test_running_text_in_three_columns_is_no_table() -> None:
    words = "Keep the valve closed while it runs"
    pieces = [
        TextBox(f"{words} {column}{n}", Box(0.33 * column, 0.1 + 0.05 * n, 0.33 * column + 0.3, 0.13 + 0.05 * n), 0.9)
        for n in range(6)
        for column in range(3)
    ]
    assert all(not line.cells for line in read_in_order(pieces))


def code(text: str, kind: str, scale: int) -> Pillow.Image:
    made_code = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind))
    return Pillow.fromarray(zxingcpp.write_barcode_to_image(made_code, scale=scale)).convert("RGB")


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("https://example.org/税?a=1", "QRCode", "QR code: https://example.org/税?a=1"),
        ("4006381333931", "EAN13", "bar code: 4006381333931"),
        ("PUMP-7 SN 0042", "Code128", "bar code: PUMP-7 SN 0042"),
        ("Pump 7", "DataMatrix", "Data Matrix code: Pump 7"),
        ("Ticket 12\n\x07row 4", "Aztec", "Aztec code: Ticket 12 row 4"),
    ],
)
@pytest.mark.parametrize("degrees", [0, 90, 12])
def test_a_code_says_what_is_in_it_and_where_it_stands(
    read: Read, text: str, kind: str, said: str, degrees: int
) -> None:
    page = Pillow.new("RGB", (900, 700), "white")
    page.paste(code(text, kind, 2 if kind[-1].isdigit() else 4), (420, 300))
    lines = read(made.squeezed(page.rotate(degrees, fillcolor="white"), 70)).lines
    found = next(line for line in lines if "code: " in line.text)
    assert found.text == said
    (box,) = found.region.boxes
    assert 0.0 < box.left < box.right < 1.0
    if not degrees:
        assert box.left == pytest.approx(420 / 900, abs=0.06)
        assert box.top == pytest.approx(300 / 700, abs=0.06)


def test_codes_stand_beside_the_words_of_a_page_and_are_not_seen_where_there_are_none(read: Read) -> None:
    drawn = made.receipt(24)
    drawn.picture.paste(code("https://pay.example/593", "QRCode", 3), (330, 60))
    lines = [line.text for line in read(drawn.picture).lines]
    assert lines[-1] == "QR code: https://pay.example/593"
    assert "TOTAL  593.10" in lines
    assert not any("code: " in line.text for line in read(made.noisy(made.page(18).picture, 40)).lines)
