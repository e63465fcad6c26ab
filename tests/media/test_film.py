"""Films: where their shots begin, which frames are looked at, and what becomes of every odd kind of file."""

from itertools import pairwise
from pathlib import Path

import numpy
import pytest
from PIL import Image

from assistant.media import find_cuts, glimpses, identify, look, plays, read_pieces, read_samples, stills, watch
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from tests.support import media_made as made
from tests.support.films_made import FPS, Scene, cuts, dissolved, drawn, placed, write_film

SCENES = [
    Scene(11, 40, pan=1.5, speed=3),
    Scene(12, 25, pan=-2, speed=8),
    Scene(13, 55, words="PRICE 593.10"),
    Scene(14, 30, pan=4, speed=12),
    Scene(15, 60, speed=1),
]


def shots(path: Path) -> list[int]:
    return [cut.frame for cut in find_cuts((glimpse.seconds, glimpse.small) for glimpse in glimpses(path))]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("film") / "film.mp4", SCENES, sound=placed(8.4, (1.0, made.tone(2.0))))


# Shots


def test_every_cut_is_found_within_three_frames_and_no_other(film: Path) -> None:
    found = shots(film)
    assert len(found) == len(cuts(SCENES))
    assert all(abs(one - true) <= 3 for one, true in zip(found, cuts(SCENES), strict=True))


def test_a_flash_and_a_moving_camera_are_no_cuts(tmp_path: Path) -> None:
    moving = Scene(21, 90, pan=6, speed=15, flash=(30, 31, 60))
    assert shots(write_film(tmp_path / "a.mp4", [moving])) == []


def test_a_dissolve_is_one_cut_near_its_middle(tmp_path: Path) -> None:
    found = shots(write_film(tmp_path / "a.mp4", dissolved(Scene(31, 60), Scene(33, 60, pan=1), 16)))
    assert len(found) == 1
    assert abs(found[0] - 52) <= 8


def test_slides_that_differ_in_their_words_alone_are_told_apart(tmp_path: Path) -> None:
    slides = [Scene(41, 30, speed=0, words=words) for words in ("FIRST POINT", "SECOND AND LAST")]
    assert [abs(one - 30) <= 3 for one in shots(write_film(tmp_path / "a.mp4", slides))] == [True]


# Frames


def test_frames_are_chosen_from_every_shot_within_the_budget(film: Path) -> None:
    every = watch(glimpses(film), 40)
    edges = [0.0, *(at / FPS for at in cuts(SCENES)), 8.4]
    for begin, end in pairwise(edges):
        assert any(begin <= chosen.seconds < end for chosen in every.chosen)
    assert all(one.end <= other.begin + 0.01 for one, other in pairwise(every.chosen))
    few = watch(glimpses(film), 3)
    assert len(few.chosen) == 3  # of the longest shots
    assert {round(each.begin * FPS) for each in few.chosen} == {0, 65, 150}


def test_a_frame_is_the_one_on_screen_at_its_second(film: Path) -> None:
    scenes = list(drawn(SCENES))
    times = [0.0, 1.0, 2.9, 8.0, 99.0]
    for seconds, still in zip(times, stills(film, times), strict=True):
        true = scenes[min(round(seconds * FPS), len(scenes) - 1)]
        assert numpy.abs(numpy.asarray(still).astype(int) - true).mean() < 12


# Files of every kind


@pytest.mark.parametrize(
    ("name", "media_type", "in_browser"),
    [
        ("a.mp4", "video/mp4", True),
        ("a.mov", "video/quicktime", True),
        ("a.mkv", "video/x-matroska", False),
        ("a.webm", "video/webm", True),
        ("a.avi", "video/x-msvideo", False),
        ("a.gif", "video/gif", False),
    ],
)
def test_films_of_every_kind_are_watched_and_heard(
    tmp_path: Path, name: str, media_type: str, in_browser: bool
) -> None:
    scenes = [Scene(51, 25), Scene(52, 25)]
    silent = name.endswith(".gif")
    path = write_film(tmp_path / name, scenes, sound=None if silent else placed(2.0, (0.5, made.tone(1.0))))
    assert identify(path) == media_type
    film = look(path)
    assert (film.width, film.height, film.has_sound) == (320, 180, not silent)
    assert film.seconds == pytest.approx(2.0, abs=0.15)
    assert [abs(found - 25) <= 3 for found in shots(path)] == [True]
    assert plays(path) == film.plays == in_browser
    if not silent:
        (piece,) = read_pieces(path)
        assert piece.end == pytest.approx(2.0, abs=0.2)
        loud = numpy.flatnonzero(numpy.abs(piece.samples) > 0.2) / made.RATE
        assert (loud[0], loud[-1]) == pytest.approx((0.5, 1.5), abs=0.1)


def test_seconds_are_right_where_the_rate_of_frames_varies(tmp_path: Path) -> None:
    def at(number: int) -> float:
        return number / 25 if number < 50 else 2.0 + (number - 50) / 8

    path = write_film(tmp_path / "a.mp4", [Scene(61, 50), Scene(62, 24)], at=at)
    found = list(find_cuts((glimpse.seconds, glimpse.small) for glimpse in glimpses(path)))
    assert [cut.seconds for cut in found] == [pytest.approx(2.0, abs=0.13)]
    assert look(path).seconds == pytest.approx(5.0, abs=0.2)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_film_that_was_held_upright_is_seen_upright(tmp_path: Path, degrees: int) -> None:
    path = write_film(tmp_path / "a.mp4", [Scene(71, 10, speed=0)], rotation=degrees)
    straight = next(Scene(71, 1, speed=0).drawn())
    film = look(path)
    assert (film.width, film.height) == ((320, 180) if degrees == 180 else (180, 320))
    (still,) = stills(path, [0.2])
    turned = numpy.rot90(straight, degrees // 90)
    assert still.size == turned.shape[1::-1]
    assert numpy.abs(numpy.asarray(still).astype(int) - turned).mean() < 12


def test_a_film_without_a_picture_is_a_recording(tmp_path: Path) -> None:
    for name, codec, media_type in (("a.mp4", "aac", "audio/mp4"), ("a.mkv", "flac", "audio/x-matroska")):
        assert identify(made.write_sound(tmp_path / name, made.tone(1.0), codec)) == media_type


def test_many_slides_that_stay_are_a_picture_of_several_frames_and_no_film(tmp_path: Path) -> None:
    slides = [Image.new("RGB", (40, 30), (number * 10, 0, 0)) for number in range(20)]
    for name, milliseconds, kind in (("slides.gif", 1000, "image/gif"), ("film.gif", 100, "video/gif")):
        slides[0].save(tmp_path / name, save_all=True, append_images=slides[1:], duration=milliseconds)
        assert identify(tmp_path / name) == kind


def test_an_animated_picture_of_a_few_frames_stays_a_picture(tmp_path: Path) -> None:
    assert identify(write_film(tmp_path / "a.gif", [Scene(81, 6)])) == "image/gif"


@pytest.mark.parametrize("name", ["a.mkv", "a.webm", "a.avi"])
def test_of_a_film_that_breaks_off_what_is_there_is_used(tmp_path: Path, name: str) -> None:
    whole = write_film(tmp_path / name, SCENES, sound=placed(8.4, (0.2, made.noise(8.0))))
    part = made.cut(whole, 0.6, tmp_path / f"cut-{name}")
    found = shots(part)
    assert found[:2] == shots(whole)[:2]
    assert 2.0 < sum(len(piece.samples) for piece in read_pieces(part)) / made.RATE < 7.5


def test_a_film_whose_end_holds_its_index_is_refused_without_it(tmp_path: Path, film: Path) -> None:
    part = made.cut(film, 0.6, tmp_path / "cut.mp4")
    with pytest.raises(BadInput, match=r"cut.mp4 .*damaged|cut.mp4"):
        look(part)


def test_frames_of_4k_come_small(tmp_path: Path) -> None:
    size = (3840, 2160)
    path = write_film(tmp_path / "a.mp4", iter([next(Scene(91, 1).drawn(size))] * 3), size=size)
    (still,) = stills(path, [0.0])
    assert still.size == (1280, 720)
    assert [glimpse.small.shape for glimpse in glimpses(path)] == [(36, 64, 3)] * 3


def test_a_film_that_is_too_long_or_too_large_is_refused_in_one_sentence(film: Path) -> None:
    with pytest.raises(BadInput, match=r"film.mp4 is too long. I take films of up to 0.001 hours"):
        look(film, Limits(film_seconds=3.6))
    with pytest.raises(BadInput, match=r"film.mp4 has too many pixels"):
        look(film, Limits(picture_pixels=50_000))
    with pytest.raises(BadInput, match=r"film.mp4 is too large. I take files of up to 0.001 MB"):
        look(film, Limits(recording_bytes=1000))


# Sound, piece by piece


def test_a_long_recording_comes_in_pieces_cut_in_its_pauses(tmp_path: Path) -> None:
    words = [(start, made.tone(3.0)) for start in range(0, 60, 4)]
    path = made.write_wav(tmp_path / "a.wav", placed(60.0, *words))
    pieces = list(read_pieces(path, seconds=20.0))
    assert sum(len(piece.samples) for piece in pieces) == 60 * made.RATE
    for before, after in pairwise(pieces):
        assert after.start == pytest.approx(before.end)
        assert 3.0 < before.end % 4 < 4.0  # in the second of silence between two tones
    whole = read_samples(path)
    rest = numpy.concatenate([piece.samples for piece in read_pieces(path, seconds=20.0, after=pieces[1].start)])
    assert numpy.array_equal(rest, whole[round(pieces[1].start * made.RATE) :])


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [("a.amr", "libopencore_amrnb", 8000), ("a.opus", "libopus", 48_000), ("a.mka", "flac", 48_000)],
)
def test_what_phones_record_is_heard(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    path = tmp_path / name
    made.write_sound(path, made.tone(2.0), codec, rate=rate)
    (piece,) = read_pieces(path)
    assert piece.end == pytest.approx(2.0, abs=0.1)
