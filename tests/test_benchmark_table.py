"""The table of benchmarks: who takes turns with whom, what a ratio is, and that every piece can be named."""

from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import run
from benchmarks.pieces import Piece, Row, SettingUp, alternate
from benchmarks.ratio_picture import draw

ROW = Row("a search", "ms", {"ours": (2.0, 4.0, 9.0), "bare": (1.0, 4.0, 3.0)}, bare="Chroma <alone>")


def test_the_ways_take_turns_at_going_first_and_the_first_round_does_not_count() -> None:
    went: list[str] = []

    def way(name: str, value: float):  # type: ignore[no-untyped-def]
        def work() -> float:
            went.append(name)
            return value

        return work

    values = alternate({"ours": way("ours", 1.0), "bare": way("bare", 2.0)}, 2)
    assert went == ["bare", "ours", "ours", "bare", "bare", "ours"]
    assert values == {"ours": (1.0, 1.0), "bare": (2.0, 2.0)}


def test_a_ratio_is_that_of_each_round_and_not_of_two_medians() -> None:
    assert ROW.ratio("bare") == (2.0, 1.0, 3.0)
    assert ROW.ratio("peer") is None


def test_a_line_says_who_is_beside_whom() -> None:
    assert run.line(ROW) == "| a search | 4 ms | 3 ms (Chroma <alone>) | **2.00** (1.00–3.00) | – | – |"


def test_what_went_wrong_stands_in_the_table() -> None:
    assert "not done after 5 s" in run.line(Row("a search", "ms", trouble="not done after 5 s"))


def test_every_piece_of_the_scripts_has_a_name_of_its_own_and_something_for_a_quick_run() -> None:
    found = list(run.every_piece())
    names = [piece.name for _, piece in found]
    assert len(names) == len(set(names)) >= 10
    assert {script for script, _ in found} == set(run.SCRIPTS)
    assert all(piece.rounds >= 3 for _, piece in found)


def test_the_picture_is_an_svg_with_a_bar_for_each_ratio() -> None:
    drawn = ElementTree.fromstring(draw([ROW, Row("another", "s", trouble="broke off")]))
    bars = [one for one in drawn.iter("{http://www.w3.org/2000/svg}rect") if one.get("fill") != "#fff"]
    assert len(bars) == 1
    assert "beside Chroma <alone>" in [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]


def test_a_piece_that_fails_is_one_line_that_says_so() -> None:
    row = run.measured("start", Piece("no such piece", nothing), 1)
    assert row.trouble.startswith("StopIteration")


@contextmanager
def nothing(_: Path) -> SettingUp:
    yield {"ours": lambda: pytest.fail("never run")}
