"""Every odd or hostile picture is shown as a person would see it, or refused in one sentence."""

import io
import zlib
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFont

from assistant.intake.modalities import modality_for
from assistant.media import Shot, identify, open_frames, open_picture, shot
from assistant.media.evidence_images import picture_with_region
from assistant.values.errors import BadInput
from assistant.values.evidence import Box, Region
from tests.media.test_media import a_file, png_header
from tests.support import media_made as made

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg"><script>fetch('http://example.org')</script><rect width="9"/></svg>"""


def pixel(path: Path, at: tuple[int, int] = (2, 2)) -> tuple[int, ...]:
    return open_picture(path).getpixel(at)  # type: ignore[return-value]


def near(colour: tuple[int, ...], meant: tuple[int, int, int], by: int = 45) -> bool:
    return all(abs(one - other) <= by for one, other in zip(colour, meant, strict=True))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", SVG),
        ("photo.png", SVG),
        (
            "photo",
            b'<?xml version="1.0"?>\n<!-- drawn by hand -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">' + SVG,
        ),
    ],
)
def test_an_svg_with_scripts_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    path = a_file(tmp_path / "x", content)
    modality = modality_for(identify(path, name))
    assert modality.name == "image"
    with pytest.raises(BadInput, match=rf"{name} is a drawing in SVG.*Save it as PNG"):
        open_picture(path, name=name)


def test_a_web_page_with_a_drawing_in_it_stays_a_web_page(tmp_path: Path) -> None:
    page = (
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>Words</p>" + SVG + b"</body></html>"
    )
    assert identify(a_file(tmp_path / "x", page), "a.xhtml") == "text/html"


@pytest.mark.parametrize("kind", ["a.gif", "a.webp", "a.png"])
def test_of_a_moving_picture_the_first_frame_is_shown_and_the_others_counted(tmp_path: Path, kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    frames[0].save(tmp_path / kind, save_all=True, append_images=frames[1:], duration=100)
    opened = open_frames(tmp_path / kind)
    assert (opened.frames, opened.pages) == (3, False)
    assert near(opened.picture.getpixel((2, 2)), (255, 0, 0))  # type: ignore[arg-type]


def test_of_a_scan_of_several_pages_the_first_is_shown_and_the_others_counted(tmp_path: Path) -> None:
    pages = [Image.new("L", (20, 30), level) for level in (10, 200)]
    pages[0].save(tmp_path / "fax.tiff", save_all=True, append_images=pages[1:])
    opened = open_frames(tmp_path / "fax.tiff")
    assert (opened.frames, opened.pages) == (2, True)
    assert opened.picture.getpixel((3, 3)) == (10, 10, 10)


def test_a_photo_with_a_second_view_beside_it_is_one_picture(tmp_path: Path) -> None:
    views = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    views[0].save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=views[1:])
    assert open_frames(tmp_path / "a.jpg").frames == 1
    assert near(pixel(tmp_path / "a.jpg"), (255, 0, 0))


def test_the_colours_of_print_come_out_right(tmp_path: Path) -> None:
    """As Photoshop writes them, upside down in a JPEG, and the right way up in a TIFF."""
    sheet = Image.new("CMYK", (32, 16), (0, 255, 255, 0))  # red
    sheet.paste((255, 0, 0, 0), (16, 0, 32, 16))  # cyan
    sheet.save(tmp_path / "a.jpg", quality=95, subsampling=0)
    assert b"Adobe" in (tmp_path / "a.jpg").read_bytes()
    sheet.save(tmp_path / "a.tiff")
    for name in ("a.jpg", "a.tiff"):
        assert near(pixel(tmp_path / name, (4, 4)), (255, 0, 0))
        assert near(pixel(tmp_path / name, (28, 4)), (0, 255, 255))


def test_sixteen_bits_of_each_colour_are_not_cut(tmp_path: Path) -> None:
    import struct

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + struct.pack(">3H", 0xFFFF, 0x8000, 0x1000) * 4
    header = struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0)
    content = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 4)) + chunk(b"IEND", b"")
    )
    assert near(pixel(a_file(tmp_path / "a.png", content)), (255, 128, 16), 1)


@pytest.mark.parametrize("kind", ["a.png", "a.tiff"])
def test_sixteen_bits_of_grey_keep_their_shades(tmp_path: Path, kind: str) -> None:
    ramp = numpy.linspace(0, 65535, 64, dtype=numpy.uint16).reshape(8, 8)
    Image.fromarray(ramp).save(tmp_path / kind)
    shades = numpy.asarray(open_picture(tmp_path / kind))[:, :, 0].ravel()
    assert shades[0] == 0
    assert shades[-1] == 255
    assert (numpy.diff(shades.astype(int)) > 0).all()


def test_a_measurement_in_fractions_is_stretched_to_what_there_is(tmp_path: Path) -> None:
    values = numpy.linspace(-2.5, 7.5, 16, dtype=numpy.float32).reshape(4, 4)
    values[0, 1] = numpy.nan
    Image.fromarray(values).save(tmp_path / "a.tiff")
    assert pixel(tmp_path / "a.tiff", (3, 3)) == (255, 255, 255)


def test_a_palette_with_a_transparent_colour_lies_on_white(tmp_path: Path) -> None:
    picture = Image.new("P", (8, 8), 0)
    picture.putpalette([0, 0, 0, 200, 0, 0])
    picture.paste(1, (4, 0, 8, 8))
    picture.save(tmp_path / "a.png", transparency=0)
    assert pixel(tmp_path / "a.png", (1, 1)) == (255, 255, 255)
    assert pixel(tmp_path / "a.png", (6, 6)) == (200, 0, 0)


def letters(fills: list[str | tuple[int, ...]], mode: str = "RGBA", height: int = 24) -> Image.Image:
    """A line of text of each colour on nothing."""
    picture = Image.new(mode, (400, 60 * len(fills)), (0,) * len(mode))
    pen = ImageDraw.Draw(picture)
    for number, fill in enumerate(fills):
        pen.text((10, 10 + 60 * number), "Train to Varberg 18:04", font=ImageFont.load_default(height), fill=fill)
    return picture


def contrast(picture: Image.Image, line: int) -> int:
    """How far the letters of a line are from their ground."""
    low, high = picture.crop((0, 60 * line, 400, 60 * line + 60)).convert("L").getextrema()
    return int(high) - int(low)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fills", "ground"),
    [
        (["white"], (0, 0, 0)),
        (["#ffee88", "#dddddd"], (0, 0, 0)),
        (["black", "#203040"], (255, 255, 255)),
        (["white", "black"], (128, 128, 128)),
    ],
)
def test_letters_on_nothing_lie_on_the_ground_on_which_they_show(
    tmp_path: Path, fills: list[str | tuple[int, ...]], ground: tuple[int, ...]
) -> None:
    for name in ("a.png", "a.webp", "a.tiff"):
        letters(fills).save(tmp_path / name, **({"lossless": True} if name.endswith("webp") else {}))
        shown = open_picture(tmp_path / name)
        assert shown.getpixel((399, 0)) == ground
        assert min(contrast(shown, line) for line in range(len(fills))) > 90


def test_white_letters_of_grey_and_of_a_palette_show_too(tmp_path: Path) -> None:
    letters([(255, 255)], "LA").save(tmp_path / "a.png")
    palette = letters([1], "P")
    palette.putpalette([0, 0, 0, 255, 255, 255])
    palette.save(tmp_path / "a.gif", transparency=0)
    for name in ("a.png", "a.gif"):
        assert contrast(open_picture(tmp_path / name), 0) > 200


def test_a_photo_with_clear_corners_stays_on_white(tmp_path: Path) -> None:
    spread = numpy.random.default_rng(3).integers(150, 256, (200, 200, 4), dtype=numpy.uint8)
    spread[..., 3] = 255
    for corner in (slice(0, 12), slice(-12, None)):
        spread[corner, :12, 3] = spread[corner, -12:, 3] = 0
    Image.fromarray(spread).save(tmp_path / "a.png")
    assert pixel(tmp_path / "a.png", (0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["a.jpg", "a.png", "a.webp", "a.tiff"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_the_camera_was_held_and_mirrored(
    tmp_path: Path, kind: str, orientation: int
) -> None:
    """Exif 2.32: where the row 0 and the column 0 of what is stored are seen."""
    upright = Image.new("RGB", (48, 32), "white")
    upright.paste("red", (0, 0, 24, 16))
    upright.paste("blue", (24, 0, 48, 16))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(back[orientation]) if orientation in back else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / kind, exif=exif)
    shown = open_picture(tmp_path / kind)
    assert shown.size == (48, 32)
    assert near(shown.getpixel((6, 6)), (255, 0, 0), 60)  # type: ignore[arg-type]
    assert near(shown.getpixel((40, 6)), (0, 0, 255), 60)  # type: ignore[arg-type]
    assert near(shown.getpixel((6, 26)), (255, 255, 255), 60)  # type: ignore[arg-type]


def test_a_page_of_a_scan_is_shown_with_its_part_outlined_and_a_very_tall_picture_stays_readable(
    tmp_path: Path,
) -> None:
    pages = [Image.new("RGB", size, "white") for size in ((90, 60), (120, 60))]
    pages[0].save(tmp_path / "fax.tiff", save_all=True, append_images=pages[1:])
    shown = picture_with_region(tmp_path / "fax.tiff", Region((Box(0.2, 0.2, 0.6, 0.6),), 2))
    assert shown.size == (120, 60)
    assert (220, 38, 38) in {colour for _, colour in shown.getcolors() or ()}
    Image.new("RGB", (720, 9000), "white").save(tmp_path / "chat.png")
    tall = picture_with_region(tmp_path / "chat.png", Region((Box(0.1, 0.99, 0.6, 1.0),)))
    assert tall.width > 500
    assert tall.width * tall.height <= 4_100_000


def test_the_colours_of_a_wide_screen_are_brought_to_those_of_a_page(tmp_path: Path) -> None:
    """A profile whose red and green change places stands in for any that is not sRGB."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, green = lab.index(b"rXYZ"), lab.index(b"gXYZ")
    swapped = bytearray(lab)
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    at = swapped.find("sRGB".encode("utf-16-be"))
    swapped[at : at + 8] = "wide".encode("utf-16-be")
    Image.new("RGB", (8, 8), (250, 10, 10)).save(tmp_path / "a.png", icc_profile=bytes(swapped))
    assert numpy.argmax(pixel(tmp_path / "a.png")) == 1
    Image.new("RGB", (8, 8), (250, 10, 10)).save(tmp_path / "b.png", icc_profile=b"no profile at all" * 9)
    assert pixel(tmp_path / "b.png") == (250, 10, 10)


def test_a_progressive_photo_opens_and_one_pixel_too(tmp_path: Path) -> None:
    made.picture([(10, 10, "hello")]).save(tmp_path / "a.jpg", progressive=True)
    assert open_picture(tmp_path / "a.jpg").size == (640, 240)
    for kind in ("1.png", "1.jpg", "1.webp", "1.gif", "1.avif"):
        Image.new("RGB", (1, 1), "red").save(tmp_path / kind)
        assert open_picture(tmp_path / kind).size == (1, 1)
        assert picture_with_region(tmp_path / kind, Region((Box(0, 0, 1, 1),))).size == (1, 1)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_photo_whose_exif_part_is_huge_or_damaged_is_shown_all_the_same(tmp_path: Path) -> None:
    photo = Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x010E] = "x" * 60_000
    photo.save(tmp_path / "huge.jpg", exif=exif)
    assert open_picture(tmp_path / "huge.jpg").size == (40, 20)
    photo.save(tmp_path / "broken.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f" + b"\xfe" * 200)
    assert open_picture(tmp_path / "broken.jpg").size == (40, 20)
    assert shot(tmp_path / "broken.jpg") == Shot()


def test_when_and_with_what_is_read_and_never_where(tmp_path: Path) -> None:
    assert shot(made.MEDIA / "valve.heic") == Shot("2024-05-17 18:03", "Made for a test")
    exif = Image.Exif()
    exif[0x0110] = "Cam\0era\u202e <b>" + "x" * 500
    exif.get_ifd(0x8769)[0x9003] = "not a date"
    Image.new("RGB", (4, 4)).save(tmp_path / "a.jpg", exif=exif)
    said = shot(tmp_path / "a.jpg")
    assert said.taken == ""
    assert said.camera.isprintable()
    assert len(said.camera) <= 60
    assert shot(a_file(tmp_path / "x.txt", b"words")) == Shot()


def test_a_bomb_of_text_beside_the_pixels_is_refused(tmp_path: Path) -> None:
    import struct

    packed = b"Comment\0\0" + zlib.compress(b"x" * 80_000_000, 9)
    text = struct.pack(">I", len(packed)) + b"zTXt" + packed + struct.pack(">I", zlib.crc32(b"zTXt" + packed))
    whole = io.BytesIO()
    Image.new("RGB", (4, 4)).save(whole, "PNG")
    content = whole.getvalue()
    bomb = content[:33] + text + content[33:]
    with pytest.raises(BadInput, match=r"bomb.png is damaged"):
        open_picture(a_file(tmp_path / "a.png", bomb), name="bomb.png")


def test_a_bomb_of_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.png", png_header(60_000, 60_000))
    assert path.stat().st_size < 300
    for opens in (open_picture, lambda path: picture_with_region(path, Region())):
        with pytest.raises(BadInput, match="too many pixels"):
            opens(path)
