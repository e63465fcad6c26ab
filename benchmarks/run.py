"""One table of how fast it is: each line a piece of work, ours beside the bare engine and beside a peer.

    python benchmarks/run.py [--quick] [--only WORDS…] [--list] [--json FILE] [--picture FILE.svg]

Each piece is set up in a process of its own, and its ways take turns there, so that other work on the machine meets
all of them: the ratio means something even where the seconds do not. It is the median of the ratios of the rounds, with
their middle half. --quick takes three rounds of what is soon done, some three minutes on a machine that does nothing
else. --only takes what has one of these words in its name. What a piece measures, and how, is in benchmarks/README.md.
"""

import argparse
import ast
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from benchmarks.pieces import Piece, Row, Way, alternate
from cli.main import QUIET

SCRIPTS = ("start", "library_cost", "parsing", "ingestion", "kinds", "voice", "engines")  # those with pieces()
MOST_SECONDS = 1800.0  # for one piece; then it is left out, and the table says so


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORDS")
    parser.add_argument("--list", action="store_true", help="name the pieces and measure nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every value of every round")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg", help="the ratios as a picture")
    options = parser.parse_args()
    os.environ.update(QUIET)
    chosen = [
        (script, piece)
        for script, piece in every_piece()
        if (not options.only or any(word in piece.name for word in options.only))
        and (piece.quick_rounds or not options.quick)
    ]
    if options.list:
        for script, piece in chosen:
            print(f"{piece.name} (benchmarks/{script}.py): {piece.bare or '–'} · {piece.peer or '–'}")
        print("\nMeasured by themselves:")
        for path in alone():
            print(f"benchmarks/{path.name}: {(ast.get_docstring(ast.parse(path.read_text())) or '').splitlines()[0]}")
        return 0
    rows: list[Row] = []
    print("| piece of work | Medley | bare | ratio | peer | ratio |\n|---|---|---|---|---|---|", flush=True)
    for script, piece in chosen:
        rows.append(measured(script, piece, piece.quick_rounds if options.quick else piece.rounds))
        print(line(rows[-1]), flush=True)
    if options.json:
        told = {"cores": os.cpu_count(), "busy": busy(), "rows": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(told, indent=2), encoding="utf-8")
    if options.picture:
        from benchmarks.ratio_picture import draw

        options.picture.write_text(draw(rows), encoding="utf-8")
    return int(any(row.trouble for row in rows))


def alone() -> list[Path]:
    """Scripts that tell how right something is, or need a browser or files of yours: no seconds to put side by side."""
    here = Path(__file__).parent
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(here.glob("*.py")) if path.stem != "run"}
    return [path for path, text in texts.items() if "\ndef main(" in text and path.stem not in SCRIPTS]


def every_piece() -> Iterator[tuple[str, Piece]]:
    for script in SCRIPTS:
        for piece in importlib.import_module(f"benchmarks.{script}").pieces():
            yield script, piece


def measured(script: str, piece: Piece, rounds: int) -> Row:
    """In a process of its own: what one piece loads must not weigh on the next."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(script, piece.name, rounds, theirs), daemon=False)
    process.start()
    theirs.close()
    values: dict[Way, tuple[float, ...]] = {}
    trouble = ""
    try:
        if ours.poll(MOST_SECONDS):
            values, trouble = ours.recv()
        else:
            trouble = f"not done after {MOST_SECONDS:.0f} s"
    except EOFError:
        trouble = "its process broke off"
    if trouble:
        process.terminate()
    process.join()
    return Row(piece.name, piece.unit, values, piece.bare, piece.peer, trouble)


def _work(script: str, name: str, rounds: int, line_out: Connection) -> None:
    """Sends the values of every round, or what went wrong."""
    try:
        piece = next(one for one in importlib.import_module(f"benchmarks.{script}").pieces() if one.name == name)
        with tempfile.TemporaryDirectory(prefix="medley-benchmark-") as folder, piece.set_up(Path(folder)) as ways:
            values = alternate(ways, rounds)
        line_out.send((values, ""))
    except Exception as error:  # noqa: BLE001 - one piece that fails is one line that says so
        line_out.send(({}, f"{type(error).__name__}: {str(error).splitlines()[0][:120] if str(error) else ''}"))


def line(row: Row) -> str:
    """Of a table in Markdown."""
    if row.trouble:
        return f"| {row.name} | {row.trouble} | | | | |"
    cells = [row.name, amount(row.middle("ours"), row.unit)]
    for way, what in (("bare", row.bare), ("peer", row.peer)):
        cells += [f"{amount(row.middle(way), row.unit)} ({what})" if way in row.values else "–", ratio(row, way)]
    return f"| {' | '.join(cells)} |"


def amount(value: float | None, unit: str) -> str:
    """Three figures that count."""
    return "–" if value is None else f"{float(f'{value:.3g}'):g} {unit}"


def ratio(row: Row, to: Way) -> str:
    found = row.ratio(to)
    return "–" if found is None else f"**{found[0]:.2f}** ({found[1]:.2f}–{found[2]:.2f})"


def busy() -> float:
    """How much of this machine's processors others asked for in the last minute, in processors."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0


if __name__ == "__main__":
    sys.exit(main())
