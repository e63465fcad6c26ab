"""What is said of a file before it is sent: how long it is, and why it would fail."""

from pathlib import Path

import pytest

from assistant.intake.picture_preview import first_look
from assistant.values.limits import Limits
from tests.media.test_showing import write_pdf
from tests.support.films_made import Scene, write_film
from tests.support.media_made import melody, write_wav

LIMITS = Limits(file_bytes=2_000_000, audio_seconds=60)


def test_a_document_says_how_many_pages_it_has(tmp_path: Path) -> None:
    look = first_look(write_pdf(tmp_path / "a.pdf"), "lease.pdf", LIMITS)
    assert (look.media_type, look.pages > 0, look.trouble) == ("application/pdf", True, "")
    assert look.bytes == (tmp_path / "a.pdf").stat().st_size


def test_a_recording_says_how_long_it_is_without_being_decoded(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", melody(6))
    assert first_look(tmp_path / "a.wav", "a.wav", LIMITS).seconds == pytest.approx(6, abs=0.1)
    assert "too long" in first_look(tmp_path / "a.wav", "a.wav", Limits(audio_seconds=3)).trouble


def test_a_film_says_how_long_it_is(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", [Scene(1, 50)])
    look = first_look(path, "clip.mp4", LIMITS)
    assert (look.media_type, look.seconds, look.trouble) == ("video/mp4", pytest.approx(2.0, abs=0.1), "")
    assert "films of up to 0.0005 hours" in first_look(path, "clip.mp4", Limits(film_seconds=1.8)).trouble


def test_a_locked_document_says_so_and_is_no_trouble(tmp_path: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption("owner", "open sesame")
    pdf.output(str(tmp_path / "a.pdf"))
    look = first_look(tmp_path / "a.pdf", "a.pdf", LIMITS)
    assert (look.locked, look.trouble) == (True, "")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n damaged", "a.png is damaged"),
        ("a.exe", b"MZ" + bytes(200), "is a program"),
        ("a.txt", b"", "a.txt is empty"),
        ("a.wav", b"RIFF\x24\0\0\0WAVEfmt ", "a.wav is damaged"),
        ("a.txt", b"words " * 400_000, "too large"),
        ("a.pdf", b"%PDF-1.7 and nothing more", "a.pdf is damaged"),
        ("a.glb", b"glTF\2\0\0\0" + bytes(range(256)), "I cannot read model/gltf"),
    ],
)
def test_what_would_fail_says_why(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert why in first_look(tmp_path / name, name, LIMITS).trouble


def test_a_file_that_is_gone_is_said_too(tmp_path: Path) -> None:
    assert "cannot find" in first_look(tmp_path / "gone.txt", "gone.txt", LIMITS).trouble
