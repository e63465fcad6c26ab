"""What a file is, and what opens it: by its bytes, within limits, in one sentence where it cannot be used."""

import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy
import pytest
from PIL import Image

from assistant.media import digest, identify, open_frames, open_picture, read_samples
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from tests.support import media_made as made

SOUNDS = {
    "a.wav": ("pcm_s16le", "audio/wav"),
    "a.mp3": ("libmp3lame", "audio/mpeg"),
    "a.webm": ("libopus", "audio/webm"),
    "a.ogg": ("libopus", "audio/ogg"),
    "a.m4a": ("aac", "audio/mp4"),
    "a.mp4": ("aac", "audio/mp4"),
    "a.flac": ("flac", "audio/flac"),
    "a.aac": ("aac", "audio/aac"),
    "a.aiff": ("pcm_s16be", "audio/aiff"),
}
PICTURES = {"a.png": "image/png", "a.jpg": "image/jpeg", "a.gif": "image/gif", "a.webp": "image/webp"} | {
    "a.bmp": "image/bmp",
    "a.tiff": "image/tiff",
    "a.avif": "image/avif",
}


def a_file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims this size and holds nothing."""
    import zlib

    ihdr = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    idat = b"IDAT" + zlib.compress(b"\0" * 100)
    chunks = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (ihdr, idat)
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("name", SOUNDS)
def test_a_recording_is_known_by_its_bytes_and_read_whatever_its_container(tmp_path: Path, name: str) -> None:
    codec, media_type = SOUNDS[name]
    path = made.write_sound(tmp_path / name, made.tone(2.0), codec)
    assert identify(path, "upload") == media_type
    samples = read_samples(path)
    assert samples.dtype == numpy.float32
    assert samples.ndim == 1
    assert len(samples) == pytest.approx(2.0 * made.RATE, abs=0.1 * made.RATE)
    assert 0.1 < abs(samples).max() <= 1.0


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_known_by_its_bytes_and_opens_as_rgb(tmp_path: Path, name: str) -> None:
    made.picture([(10, 10, "hello")]).save(tmp_path / name)
    assert identify(tmp_path / name, "photo.txt") == PICTURES[name]
    opened = open_picture(tmp_path / name)
    assert (opened.mode, opened.size) == ("RGB", (640, 240))


def test_only_the_sound_of_a_film_is_read(tmp_path: Path) -> None:
    path = made.write_sound(tmp_path / "film.mp4", made.tone(1.0), "aac", film=True)
    assert identify(path) == "video/mp4"
    assert len(read_samples(path)) == pytest.approx(made.RATE, abs=0.1 * made.RATE)


def test_stereo_at_another_rate_becomes_mono_at_sixteen_kilohertz(tmp_path: Path) -> None:
    path = made.write_wav(tmp_path / "a.wav", made.tone(1.0), rate=8000, channels=2)
    assert len(read_samples(path)) == pytest.approx(2 * made.RATE, abs=100)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.md", b"# Heading", "text/markdown"),
        ("a.HTML", b"<p>hello", "text/html"),
        ("upload", b"<!DOCTYPE html><title>x</title>", "text/html"),
        ("a.csv", b"a,b\n1,2", "text/csv"),
        ("a.txt", "谁保养了水泵".encode("gb18030"), "text/plain"),
        ("a.txt", b"\xff\xfeh\0i\0", "text/plain"),
        ("a.txt", "水".encode() * 30000, "text/plain"),
        ("prices.txt", b"BMW and RIFF and ID3 are only words here", "text/plain"),
        ("notes.log", b"no extension that we know", "text/plain"),
        ("a.pdf", b"%PDF-1.7\n\x01\x02", "application/pdf"),
        ("really.pdf", b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        ("a.gltf", b'{"asset": {"version": "2.0"}}', "model/gltf+json"),
        ("a.glb", b"glTF\2\0\0\0", "model/gltf-binary"),
    ],
)
def test_content_decides_what_a_file_is(tmp_path: Path, name: str, content: bytes, media_type: str) -> None:
    assert identify(a_file(tmp_path / "x", content), name) == media_type


@pytest.mark.parametrize(
    ("member", "ending"),
    [("word/document.xml", ".document"), ("xl/workbook.xml", ".sheet"), ("ppt/presentation.xml", ".presentation")],
)
def test_an_office_file_is_known_by_its_members(tmp_path: Path, member: str, ending: str) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("media/large.bin", os.urandom(100_000))
        archive.writestr(member, "<x/>")
    assert identify(tmp_path / "x", "a.zip").endswith(ending)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "setup.bin is empty"),
        (b"MZ\x90\0\3\0", "setup.bin is a program"),
        (b"\x7fELF\2\1\1\0", "setup.bin is a program"),
        (bytes(range(256)), "what kind of file setup.bin is"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence_that_offers_another(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        identify(a_file(tmp_path / "x", content), "setup.bin")
    assert "Give me a picture" in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # reading it would wait for ever
    for path, words in ((tmp_path / "no.png", "cannot find"), (tmp_path, "folder"), (tmp_path / "pipe", "cannot find")):
        with pytest.raises(BadInput, match=words):
            identify(path)


def test_a_digest_is_of_the_bytes(tmp_path: Path) -> None:
    assert digest(a_file(tmp_path / "x", b"abc")).startswith("ba7816bf8f01cfea")


def test_a_photo_taken_sideways_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    Image.new("RGB", (40, 20), "red").save(tmp_path / "a.jpg", exif=exif)
    assert open_picture(tmp_path / "a.jpg").size == (20, 40)


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert open_picture(tmp_path / "a.png").getpixel((0, 0)) == (255, 255, 255)


def test_sixteen_bits_of_grey_are_not_cut_to_white(tmp_path: Path) -> None:
    Image.new("I;16", (4, 4), 0x8000).save(tmp_path / "a.png")
    assert open_picture(tmp_path / "a.png").getpixel((0, 0)) == (128, 128, 128)


def test_of_a_moving_picture_the_first_frame_is_shown(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert open_picture(tmp_path / "a.gif").getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("side", [20_000, 11_000, 2_000_000])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(tmp_path: Path, side: int) -> None:
    with pytest.raises(BadInput, match="up to 100 million pixels"):
        open_picture(a_file(tmp_path / "a.png", png_header(side, side)), name="bomb.png")


def test_a_lower_limit_of_pixels_holds(tmp_path: Path) -> None:
    Image.new("RGB", (200, 200)).save(tmp_path / "a.png")
    with pytest.raises(BadInput, match=r"up to 0\.01 million pixels"):
        open_picture(tmp_path / "a.png", Limits(picture_pixels=10_000))


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.8])
def test_a_picture_cut_short_is_refused(tmp_path: Path, name: str, kept: float) -> None:
    noise = numpy.random.default_rng(1).integers(0, 255, (60, 60, 3), dtype=numpy.uint8)
    Image.fromarray(noise).save(tmp_path / name)
    with pytest.raises(BadInput, match="damaged"):
        open_picture(made.cut(tmp_path / name, kept, tmp_path / "cut"), name="cut")


def test_a_sound_that_poses_as_a_picture_is_no_picture(tmp_path: Path) -> None:
    path = made.write_wav(tmp_path / "photo.png", made.tone())
    with pytest.raises(BadInput, match=r"photo.png is not a picture .* audio/wav"):
        open_picture(path)


def test_a_heic_photo_opens(tmp_path: Path) -> None:
    opened = open_picture(made.MEDIA / "valve.heic")
    assert opened.size == (260, 48)
    red, green, blue = opened.getpixel((20, 44))  # type: ignore[misc]
    assert red > 190 > 90 > max(green, blue)
    with pytest.raises(BadInput, match=r"a.heic is not a picture, or it is damaged"):
        open_picture(a_file(tmp_path / "a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"))


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    path = made.write_wav(tmp_path / "a.wav", made.tone())
    with pytest.raises(BadInput, match=r"up to 0\.001 MB"):
        read_samples(path, Limits(recording_bytes=1000))


def test_a_recording_too_long_by_its_header_is_refused_before_it_is_read(tmp_path: Path) -> None:
    frames = 9 * 3600 * 8000
    path = tmp_path / "meeting.wav"
    made.write_wav(path, made.silence(0.1), rate=8000)
    with path.open("r+b") as file:  # nine hours of nothing, without writing them
        file.seek(40)
        file.write(struct.pack("<I", frames * 2))
        file.truncate(44 + frames * 2)
    with pytest.raises(BadInput, match=r"meeting.wav is too long. I take recordings of up to 8 hours"):
        read_samples(path)


def test_a_recording_whose_header_says_nothing_is_refused_as_it_decodes(tmp_path: Path) -> None:
    path = made.write_sound(tmp_path / "a.aac", made.tone(5.0), "aac")
    with pytest.raises(BadInput, match="up to 2 seconds"):
        read_samples(path, Limits(audio_seconds=2))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.wav", b"RIFF\0\0\0\0WAVE" + b"junk" * 100, "a.wav is damaged"),
        ("a.mp3", b"ID3" + b"\0x" * 500, "a.mp3 is damaged"),
        ("a.ogg", b"OggS" + b"\0\1" * 500, "a.ogg is damaged"),
        ("a.webm", b"\x1aE\xdf\xa3" + os.urandom(500), "a.webm is damaged"),
        ("a.txt", b"just words", "a.txt holds no sound"),
        # a playlist would make FFmpeg open other files and addresses
        ("a.m3u8", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "a.m3u8 holds no sound"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_samples(a_file(tmp_path / name, content))


def test_a_recording_without_a_second_of_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="0 seconds long"):
        read_samples(made.write_wav(tmp_path / "a.wav", made.silence(0)))


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    import av

    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 64)))))
        container.mux(stream.encode(None))
    with pytest.raises(BadInput, match="no sound track"):
        read_samples(tmp_path / "a.mp4")


@pytest.mark.parametrize("name", SOUNDS)
@pytest.mark.parametrize("kept", [0.01, 0.5])
def test_a_recording_cut_short_gives_what_is_left_or_one_sentence(tmp_path: Path, name: str, kept: float) -> None:
    whole = made.write_sound(tmp_path / name, made.noise(2.0), SOUNDS[name][0])
    part = made.cut(whole, kept, tmp_path / f"cut-{name}")
    try:
        assert 0 < len(read_samples(part)) <= 2.2 * made.RATE
    except BadInput as refused:
        assert part.name in str(refused)  # noqa: PT017 - either end is right, and both are checked


def test_hostile_bytes_end_as_a_sentence(tmp_path: Path) -> None:
    """Each kind of file with bytes turned over at random, 40 times."""
    chance = numpy.random.default_rng(3)
    sounds = [made.write_sound(tmp_path / name, made.noise(0.3), SOUNDS[name][0]) for name in SOUNDS]
    pictures = [tmp_path / name for name in PICTURES]
    for path in pictures:
        made.picture([(10, 10, "hello")], (80, 40)).save(path)
    for path in (sounds + pictures) * 40:
        content = bytearray(path.read_bytes())
        for at in chance.integers(0, len(content), 8):
            content[at] = chance.integers(0, 256)
        broken = a_file(tmp_path / f"broken{path.suffix}", bytes(content))
        for read in (read_samples, open_picture):
            try:
                read(broken)
            except BadInput as refused:
                assert "broken" in str(refused)  # noqa: PT017 - most still open, and that is right too


PUMPED = {  # what could be taken apart in many ways, or only looks like the beginning of something
    "comments": b"<!-- -->" * 40 + b"x",
    "many comments": b"<!-- -->" * 125_000 + b"x",
    "comments and blanks": b"<!-- --> \n" * 90_000 + b"<svg",
    "document types": b"<!doctype svg>" * 70_000 + b"x",
    "a comment without an end": b"<!--" * 250_000,
    "declarations": b"<?xml " * 160_000,
    "blanks": b" " * 1_000_000,
    "blanks in a document type": b"<!doctype" + b" " * 1_000_000,
    "angles": b"<" * 1_000_000,
    "marks of an encoding": b"\xef\xbb\xbf" * 300_000,
}


def test_what_a_file_is_is_told_in_time_whatever_it_begins_with(tmp_path: Path) -> None:
    """In a process of its own, which is ended if it takes forever: forty comments once did."""
    for name, content in PUMPED.items():
        (tmp_path / name).write_bytes(content)
    program = (
        "import sys; from pathlib import Path; from assistant.media import identify\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()): print(identify(path, 'a.txt'), identify(path, 'a.html'))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=20, check=True
    )
    assert told.stdout.split() == ["text/plain", "text/html"] * len(PUMPED)


@pytest.mark.parametrize(
    ("content", "is_drawing"),
    [
        (b"<svg>", True),
        (b"<SVG\twidth='1'/>", True),
        (
            b"\xef\xbb\xbf \n<?xml version='1.0'?>\n<!-- a --><!-- > -->\n<!DOCTYPE  svg PUBLIC '-//W3C'>\n<svg >",
            True,
        ),
        (b"<!-- " + b"a licence " * 1000 + b"--><svg>", True),
        (b"<!-- -->" * 23 + b"<html>", False),
        (b"<svgs>", False),
        (b"<svg", False),
        (b"<!--><svg>", False),
        (b"<!-- <svg> ", False),
        (b"<!doctypesvg><svg>", False),
        (b"<!doctype html><svg>", False),
        (b"a <svg>", False),
    ],
)
def test_a_drawing_is_told_by_its_first_element(tmp_path: Path, content: bytes, is_drawing: bool) -> None:
    assert (identify(a_file(tmp_path / "x", content), "a.txt") == "image/svg+xml") is is_drawing


def test_a_gif_full_of_comments_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    """Pillow piles them up at a cost that grows with their square: ten megabytes once took seventeen seconds."""
    header = b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0, 0, 0)
    comment = b"!\xfe" + (b"\xff" + b"a" * 255) * 400_000 + b"\0"
    picture = b"," + struct.pack("<HHHHB", 0, 0, 4, 4, 0) + b"\x02\x02\x4c\x01\0;"
    path = a_file(tmp_path / "x.gif", header + comment + picture)
    with pytest.raises(BadInput, match=r"x\.gif is damaged and cannot be shown"):
        identify(path)
    few = a_file(tmp_path / "few.gif", header + b"!\xfe\x05hello\0" + picture)
    assert identify(few) == "image/gif"


def test_the_pages_of_a_scan_are_counted_no_further_than_anybody_asks(tmp_path: Path) -> None:
    page = Image.new("L", (1, 1))
    page.save(tmp_path / "x.tiff", save_all=True, append_images=[page] * 2100)
    assert open_frames(tmp_path / "x.tiff").frames == 2000
