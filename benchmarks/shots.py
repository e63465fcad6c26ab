"""How surely and how fast the cuts of made films are found, within three frames.

    python benchmarks/shots.py [--json]

Scenes are textured grounds under a moving camera with a moving disc; hard cuts, dissolves of 8 to 24 frames, flashes
of one to three frames, zooms, slides that differ in their words, a fade through black. Frames a second are those of
320 × 180 pixels already decoded and made small.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.media.shots import HEIGHT, WIDTH, find_cuts
from tests.support.films_made import FPS, Pixels, Scene, cuts, dissolved, drawn

NEAR = 3  # frames


@dataclass(frozen=True)
class ShotCase:
    kind: str
    frames: list[Pixels]
    cuts: list[int]


def cases(seed: int = 5) -> list[ShotCase]:
    chance = numpy.random.default_rng(seed)
    made: list[ShotCase] = []
    for _ in range(6):
        scenes = [
            Scene(
                int(chance.integers(1, 10_000)),
                int(chance.integers(20, 90)),
                pan=float(chance.uniform(-4, 4)),
                speed=float(chance.uniform(0, 12)),
                words=f"SLIDE {number}" if number % 3 == 0 else "",
            )
            for number in range(10)
        ]
        made.append(ShotCase("cuts", list(drawn(scenes)), cuts(scenes)))
    for number in range(4):
        for length in (8, 16, 24):
            faded = dissolved(Scene(200 + number, 70, pan=1), Scene(300 + number, 70, pan=-1), length)
            made.append(ShotCase("dissolves", list(faded), [70 - length // 2]))
    for number in range(3):
        flashing = Scene(400 + number, 120, pan=1, flash=(30, 60, 61, 90, 91, 92))
        made.append(ShotCase("flashes", list(flashing.drawn()), []))
    panned = [Scene(500 + number, 150, pan=pan, speed=15) for number, pan in enumerate((5, 10, 20, 30))]
    made += [ShotCase("camera", list(scene.drawn()), []) for scene in panned]
    made += [ShotCase("camera", _zoomed(600 + number, 100), []) for number in range(2)]
    slides = [Scene(41, 60, speed=0, words=words) for words in ("FIRST POINT", "SECOND AND LAST", "THANK YOU")]
    made.append(ShotCase("slides", list(drawn(slides)), cuts(slides)))
    made.append(ShotCase("fade through black", _through_black(Scene(700, 60), Scene(701, 60), 10), [60]))
    return made


def _zoomed(seed: int, count: int) -> list[Pixels]:
    whole = Image.fromarray(next(Scene(seed, 1).drawn((960, 540))))
    frames = []
    for number in range(count):
        share = 1 - 0.006 * number
        width, height = 960 * share, 540 * share
        box = ((960 - width) / 2, (540 - height) / 2, (960 + width) / 2, (540 + height) / 2)
        frames.append(numpy.asarray(whole.resize((320, 180), box=box)))
    return frames


def _through_black(first: Scene, second: Scene, length: int) -> list[Pixels]:
    before, after = list(first.drawn()), list(second.drawn())
    down = [(frame * (1 - n / length)).astype(numpy.uint8) for n, frame in enumerate(before[-length:])]
    up = [(frame * (n / length)).astype(numpy.uint8) for n, frame in enumerate(after[:length])]
    return [*before[:-length], *down, *up, *after[length:]]


def judge(found: Sequence[int], true: Sequence[int]) -> tuple[int, int, int]:
    """Found, missed, and found where there is none."""
    left = list(true)
    for one in found:
        if near := [cut for cut in left if abs(cut - one) <= NEAR]:
            left.remove(near[0])
    hits = len(true) - len(left)
    return hits, len(left), len(found) - hits


def measure(made: Sequence[ShotCase]) -> dict[str, object]:
    totals: dict[str, list[int]] = {}
    seconds, frames = 0.0, 0
    for case in made:
        small = [
            (number / FPS, numpy.asarray(Image.fromarray(frame).resize((WIDTH, HEIGHT), Image.Resampling.BOX)))
            for number, frame in enumerate(case.frames)
        ]
        began = time.perf_counter()
        found = [cut.frame for cut in find_cuts(small)]
        seconds, frames = seconds + time.perf_counter() - began, frames + len(small)
        row = totals.setdefault(case.kind, [0, 0, 0])
        for at, value in enumerate(judge(found, case.cuts)):
            row[at] += value
    named = {kind: dict(zip(("found", "missed", "false"), row, strict=True)) for kind, row in totals.items()}
    return {"within 3 frames": named, "frames a second": round(frames / seconds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    told = measure(cases())
    if options.json:
        print(json.dumps(told))
        return
    rows = told["within 3 frames"]
    assert isinstance(rows, dict)
    for kind, row in rows.items():
        print(f"{kind:20}" + "".join(f"{name} {value:3}   " for name, value in row.items()))
    print(f"{told['frames a second']} frames a second")


if __name__ == "__main__":
    main()
