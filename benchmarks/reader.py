"""What the reader misreads, by kind of picture and size of letters, and the seconds that a picture takes.

    python benchmarks/reader.py [--kinds page receipt sign table] [--sizes 12 16 24 40] [--tiny] [--photos FOLDER]

Pages, receipts, Chinese signs and ruled tables are drawn with text that is known (Noto Sans CJK, white space does not
count), as they are and as cameras and scanners spoil them. Misread: letters to change, add or take away, in a hundred.
--tiny: one size and drawing, for trying the benchmark itself. --photos: lists instead what the recogniser would say of
each picture in a folder, the surest first, to be judged by eye; its weights are fetched once. Prints a Markdown table.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image as Pillow

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant import media
from assistant.models.profiles import ModelProfile, profile_named
from assistant.settings.settings import from_environment
from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from assistant.values.parts import Image
from assistant.vision.ocr import OcrReader
from assistant.vision.subject import SURE, SubjectClassifier, is_drawn
from assistant.weights import Weights
from tests.support import pages_made as made
from tests.support.pages_made import Drawn

KINDS: dict[str, Callable[[int], list[Drawn]]] = {
    "page": lambda size: [made.page(size), made.page(size, "Sans")],
    "receipt": lambda size: [made.receipt(size), made.receipt(size, "Serif")],
    "sign": lambda size: [made.sign(size, lines, dark) for lines in made.SIGNS for dark in (True, False)],
    "table": lambda size: [made.table(size, ruled=True), made.table(size, ruled=False)],
}
SPOILT: dict[str, Callable[[Pillow.Image], Pillow.Image]] = {
    "as it is": lambda picture: picture,
    "blurred, noisy, JPEG": lambda picture: made.squeezed(made.noisy(made.blurred(picture, 0.6)), 55),
    "askew by 3°": lambda picture: made.askew(picture, 3),
    "on its side": lambda picture: picture.rotate(90, expand=True),
    "on its head": lambda picture: picture.rotate(180),
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--sizes", nargs="+", type=int, default=[12, 16, 24, 40], help="of letters, in pixels")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--photos", type=Path, help="a folder")
    parser.add_argument("--sure", type=float, default=SURE, help="least share of a guess that is listed, 0 to 1")
    options = parser.parse_args(arguments)
    if options.photos is not None:
        tell(guesses(options.photos, options.sure))
    else:
        tell(measure(options.kinds, [24] if options.tiny else options.sizes, 1 if options.tiny else None))
    return 0


def tell(rows: Sequence[dict[str, str]]) -> None:
    if not rows:
        print("nothing")
        return
    print("\n".join([f"| {' | '.join(rows[0])} |", "|---" * len(rows[0]) + "|"]))
    for row in rows:
        print(f"| {' | '.join(row.values())} |", flush=True)


def measure(kinds: Sequence[str], sizes: Sequence[int], drawings: int | None) -> list[dict[str, str]]:
    """A row for each kind and size: the share misread in each state, and the median seconds upright and turned.

    drawings: of each kind and size; None: all there are.
    """
    reader = OcrReader.load(_profile("reader"))
    rows = []
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "picture.png"
        read(reader, path, made.sign(40).picture)  # warms up
        for kind in kinds:
            for size in sizes:
                row = {"kind": kind, "letters, pixels": str(size)}
                upright, turned = [], []
                for state, spoil in SPOILT.items():
                    wrong = letters = 0
                    for drawn in KINDS[kind](size)[:drawings]:
                        text, seconds = read(reader, path, spoil(drawn.picture))
                        (turned if "on its" in state else upright).append(seconds)
                        wrong += made.errors(text, drawn.text)
                        letters += len("".join(drawn.text.split()))
                    row[f"misread {state}, %"] = f"{100 * wrong / letters:.1f}"
                row["seconds upright"] = f"{statistics.median(upright):.2f}"
                row["seconds turned"] = f"{statistics.median(turned):.2f}"
                rows.append(row)
    return rows


def read(reader: OcrReader, path: Path, picture: Pillow.Image) -> tuple[str, float]:
    """Its text, and the seconds from the file to the text."""
    picture.save(path)
    began = time.perf_counter()
    description = reader.describe(Image(path, path.name, *picture.size), "")
    return made.as_drawn(description), time.perf_counter() - began


def guesses(folder: Path, sure: float) -> list[dict[str, str]]:
    """What would be said of each photo in the folder, surest first. Drawings and what does not open are passed over."""
    profile = _profile("recogniser")
    assert profile.checkpoint is not None
    recogniser = SubjectClassifier.load(Weights(from_environment(os.environ).cache).fetch(profile.checkpoint))
    found = []
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        try:
            picture = media.open_picture(path, Limits(), path.name)
        except BadInput:
            continue
        subject = None if is_drawn(picture) else recogniser.likeliest(picture)
        if subject is not None and subject.share >= sure:
            found.append((subject.share, str(path.relative_to(folder)), subject))
    return [
        {
            "photo": name,
            "said": subject.thing.english if subject.thing else subject.kind,
            "kind": subject.kind if subject.thing else "",
            "share": f"{share:.2f}",
        }
        for share, name, subject in sorted(found, key=lambda one: -one[0])
    ]


def _profile(name: str) -> ModelProfile:
    profile = profile_named(name)
    assert profile is not None
    return profile


if __name__ == "__main__":
    raise SystemExit(main())
