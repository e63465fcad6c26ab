"""Every odd or hostile picture is shown as a person would see it, or refused in one sentence."""

import io
import zlib
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageCms

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
