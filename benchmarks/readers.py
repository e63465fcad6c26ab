"""Our readers beside docling and markitdown: what of a file arrives, in which order, in which time and memory.

    python benchmarks/readers.py [--peers PYTHON] [--reports FOLDER] [--rounds 3] [--only FAMILY] [--missing] [--json]

PEERS is the python of an environment where docling and markitdown are installed; without it, and where one of them is
not there, the table says so. Most files are made here (`reader_files.py`); FOLDER holds `files/` with those made after
reports of bugs. Nobody reads pictures, and no hub is asked: docling reads PDFs by the cells of text that docling-parse
gives, since its layout models come from a hub.

"Facts" are the words and rows (their words in one line) that the text has, of all that stand in the files; "order" the
files whose parts stand in it as they are read. Markup is taken off, so that no reader's way of writing counts. Each
reader runs in a process of its own and reads each file twice, once to warm up; the readers take turns, and the fastest
round counts. Memory is the peak of that process while it reads a family, with all that it has loaded.
"""

import argparse
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

OURS, PEERS = "medley", ("docling", "markitdown")
_MARKUP = re.compile(r"[|*`#>_\\]|<br ?/?>|</?(?:b|i|em|strong|u|s|sup|sub)>|^\s*[-+] ", re.MULTILINE)
_HEADED = re.compile(r"(?:^|(?<=\|))[^|:\n]{1,80}: (?=[^|\n]*(?:\||$))", re.MULTILINE)


@dataclass
class Result:
    """What one reader made of one family of files."""

    files: int = 0
    unread: int = 0
    """Files of a kind that it does not take, or that it fails at."""
    facts: int = 0
    of_facts: int = 0
    ordered: int = 0
    of_ordered: int = 0
    seconds: float = float("inf")
    megabytes: float = 0.0
    missing: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Why files are unread."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON", help="the python of an environment with docling and markitdown")
    parser.add_argument("--reports", type=Path, metavar="FOLDER", help="files made after reports of bugs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", metavar="FAMILY", action="append", help="such as pdf")
    parser.add_argument("--missing", action="store_true", help="also print what each reader lacks")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(options.child, json.load(sys.stdin))))
        return 0
    readers, absent = _present(options.peers)
    with tempfile.TemporaryDirectory() as folder:
        families = _families(Path(folder), options.reports, options.only)
        results = _compared(readers, families, options.rounds)
    if options.json:
        told = {family: {name: asdict(result) for name, result in row.items()} for family, row in results.items()}
        print(json.dumps({"absent": absent, "families": told}, indent=1, ensure_ascii=False))
        return 0
    _print(results, absent, options.missing)
    return 0


def _present(peers: str | None) -> tuple[dict[str, str], list[str]]:
    """Each reader's python, and the peers that are not there."""
    readers, absent = {OURS: sys.executable}, []
    for peer in PEERS:
        there = peers and not subprocess.run([peers, "-c", f"import {peer}"], capture_output=True).returncode
        if peers and there:
            readers[peer] = peers
        else:
            absent.append(peer)
    return readers, absent


def _families(folder: Path, reports: Path | None, only: Sequence[str] | None) -> "dict[str, list[tuple[Path, Any]]]":
    from benchmarks.reader_files import made, of_reports

    cases = [(folder / case.file, case) for case in made(folder) if case.file]
    cases += [(reports / "files" / case.file, case) for case in of_reports()] if reports else []
    families: dict[str, list[tuple[Path, Any]]] = {}
    for path, case in cases:
        family = path.suffix[1:]
        if not only or family in only:
            families.setdefault(family, []).append((path, case))
    return families


def _compared(
    readers: dict[str, str], families: "dict[str, list[tuple[Path, Any]]]", rounds: int
) -> dict[str, dict[str, Result]]:
    results: dict[str, dict[str, Result]] = {family: {name: Result() for name in readers} for family in families}
    paths = {family: [str(path) for path, _ in files] for family, files in families.items()}
    for number in range(rounds):
        for name in sorted(readers, reverse=bool(number % 2)):
            read = _read(readers[name], name, paths)
            for family, told in read.items():
                result = results[family][name]
                if not number:
                    _judged(result, families[family], told["texts"])
                    result.errors = told["errors"]
                result.seconds = min(result.seconds, sum(each for each in told["seconds"] if each is not None))
                result.megabytes = max(result.megabytes, told["megabytes"])
    return results


def _read(python: str, reader: str, families: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    # -P: files beside this one are called like packages of the peers
    command = [python, "-P", str(Path(__file__).resolve()), "--child", reader]
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    done = subprocess.run(command, input=json.dumps(families), capture_output=True, text=True, env=offline)
    if done.returncode:
        raise SystemExit(f"{reader} does not run: {done.stderr[-2000:]}")
    read: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return read


def _judged(result: Result, files: Iterable[tuple[Path, Any]], texts: Iterable[str | None]) -> None:
    for (path, case), said in zip(files, texts, strict=True):
        result.files += 1
        result.unread += said is None
        text = plain(said or "")
        lines = [" ".join(line.split()) for line in text.split("\n")]
        whole = " ".join(lines)
        missing = [str(fact) for fact in case.facts if not any(one in whole for one in _any_of(fact))]
        missing += [" + ".join(row) for row in case.rows if not any(_holds(line, row) for line in lines)]
        result.of_facts += len(case.facts) + len(case.rows)
        result.facts += len(case.facts) + len(case.rows) - len(missing)
        result.of_ordered += bool(case.order)
        is_ordered = _holds(whole, case.order)
        result.ordered += bool(case.order) and is_ordered
        result.missing += [f"{path.name}: {one}" for one in missing]
        result.missing += [] if is_ordered else [f"{path.name}: order"]


def _any_of(fact: str | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_in_form, (fact,) if isinstance(fact, str) else fact))


def _in_form(words: str) -> str:
    return " ".join(plain(words).split())


def _holds(text: str, parts: Sequence[str]) -> bool:
    """Whether they stand in it one after the other."""
    at = 0
    for part in map(_in_form, parts):
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def plain(text: str) -> str:
    """Without the markup of Markdown, with characters in one form."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).replace("\xad", "")
    return _MARKUP.sub(" ", re.sub(r"\]\([^)\s]{0,500}\)", "]", text).replace("[", " ").replace("]", " "))


def _print(results: dict[str, dict[str, Result]], absent: Sequence[str], missing: bool) -> None:
    if absent:
        print(f"Not compared, since not installed in the environment of --peers: {', '.join(absent)}\n")
    names = list(next(iter(results.values())))
    print("| family | files |" + "".join(f" {name} |" for name in names))
    print("|---|---|" + "---|" * len(names))
    total = {name: Result(seconds=0.0) for name in names}
    for family, row in results.items():
        print(f"| {family} | {row[names[0]].files} | " + " | ".join(map(_cell, row.values())) + " |")
        for name, result in row.items():
            _add(total[name], result)
    print(f"| all | {total[names[0]].files} | " + " | ".join(map(_cell, total.values())) + " |")
    print("\nfacts; files in order; seconds; MB at the most. “–”: takes no such files.")
    if missing:
        for row in results.values():
            for name, result in row.items():
                told = [f"{name} cannot read {one}" for one in result.errors]
                print(*told, *(f"{name} lacks {one}" for one in result.missing), sep="\n")


def _cell(result: Result) -> str:
    if result.unread == result.files:
        return "–"
    unread = f", {result.unread} unread" if result.unread else ""
    facts = f"{result.facts}/{result.of_facts}; {result.ordered}/{result.of_ordered}{unread}"
    return f"{facts}; {result.seconds:.2f} s; {result.megabytes:.0f} MB"


def _add(total: Result, result: Result) -> None:
    for name in ("files", "unread", "facts", "of_facts", "ordered", "of_ordered", "seconds"):
        setattr(total, name, getattr(total, name) + getattr(result, name))
    total.megabytes = max(total.megabytes, result.megabytes)


# In the process that reads


def child(reader: str, families: dict[str, list[str]]) -> dict[str, Any]:
    """What one reader makes of these files, family by family, and the seconds for each once everything is loaded."""
    import logging

    logging.disable(logging.CRITICAL)
    read = {OURS: _ours, "docling": _docling, "markitdown": _markitdown}[reader]()
    return {family: _family(read, [Path(file) for file in files]) for family, files in families.items()}


def _family(read: Callable[[Path], str], files: list[Path]) -> dict[str, Any]:
    texts: list[str | None] = []
    seconds: list[float | None] = []
    errors: list[str] = []
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew
    for path in files:
        try:
            read(path)
            began = time.perf_counter()
            texts.append(read(path))
            seconds.append(time.perf_counter() - began)
        except Exception as error:  # noqa: BLE001 - whatever it raises, it has not read the file
            errors.append(f"{path.name}: {type(error).__name__}: {str(error)[:300]}")
            texts.append(None)
            seconds.append(None)
    return {"texts": texts, "seconds": seconds, "errors": errors, "megabytes": _peak()}


def _peak() -> float:
    """Megabytes. Not by getrusage: that counts what this process was forked from."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else 0.0


def _ours() -> Callable[[Path], str]:
    from assistant.media import identify
    from assistant.values.evidence import describe
    from retrieval.loaders import parse
    from retrieval.parse_context import ParseContext

    def read(path: Path) -> str:
        with tempfile.TemporaryDirectory() as folder:
            document = parse(path, path.name, identify(path, path.name), ParseContext(folder=Path(folder)))
        parts, before = [document.facts.title if document.facts else ""], ""
        for passage in document.passages:
            place = describe(passage.location)  # a heading is the place of what stands under it
            parts += [place] if place != before else []
            parts.append(passage.text)
            before = place
        return "\n".join(parts)

    return read


def _docling() -> Callable[[Path], str]:
    from docling.document_converter import DocumentConverter

    converter = DocumentConverter()

    def read(path: Path) -> str:
        if path.suffix == ".pdf":
            return _docling_cells(path)
        told: str = converter.convert(path).document.export_to_markdown()
        return told

    return read


def _docling_cells(path: Path) -> str:
    from docling_core.types.doc.page import TextCellUnit
    from docling_parse.pdf_parser import DoclingPdfParser

    document = DoclingPdfParser(loglevel="fatal").load(str(path))
    lines = [
        cell.text for _, page in document.iterate_pages() for cell in page.iterate_cells(unit_type=TextCellUnit.LINE)
    ]
    return "\n".join(lines)


def _markitdown() -> Callable[[Path], str]:
    from markitdown import MarkItDown

    converter = MarkItDown(enable_plugins=False)

    def read(path: Path) -> str:
        told: str = converter.convert(path).text_content
        return told

    return read


if __name__ == "__main__":
    sys.exit(main())
