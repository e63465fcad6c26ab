"""1,000 PDF pages into a named library, as `app.py ingest` does it: pages a second, where the time goes, and memory.

    python benchmarks/ingestion.py [--pages 1000] [--files 20] [--json]
    python benchmarks/run.py --only files characters    # 300 files, and one long text, beside a plain pipeline

The pages are made here, with some 2,900 letters each that say something else on every page. They come in twice: as
several files, and as one file with all of them. Parsing happens in its process, embeddings are made by the model
that the settings choose, and Chroma and the SQLite store are on disk. Memory is what is resident in this process and in
those that parse, after a tenth, a half and all of the pieces. Wants a machine that does nothing else; "processor"
is this process's own time on all cores, which other work disturbs less.

The plain pipeline of the pieces is what LangChain's tutorials build: a loader for each file (pypdfium2 for PDF, else
its text), RecursiveCharacterTextSplitter with 1,000 characters and 200 of overlap, the same weights by transformers in
float32 with batches of 32, as sentence-transformers runs them, and a Chroma collection on disk, file after file.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count as count_up
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

import numpy
import psutil

from assistant.ports.embedding import Embedder, Vectors
from assistant.settings.settings import from_environment
from assistant.values.events import Status
from assistant.values.evidence import Document
from benchmarks.library_cost import RandomVectors, bare_chroma
from benchmarks.pieces import Piece, SettingUp
from cli.main import QUIET
from cli.wiring import OWNER, wire
from retrieval import sandbox
from retrieval.gathering import from_paths
from retrieval.libraries import Libraries
from retrieval.library import ChromaLibrary
from retrieval.loaders import read_document

LINES = 36
FILES = 300
SPLIT, OVERLAP, BATCH = 1000, 200, 32  # of the plain pipeline
MARKS = (0.1, 0.5, 1.0)  # of the pieces, after which memory is looked at

WHO = "the tenant, the landlord, Maria, Dr Hall, the night crew, our supplier, an inspector, the board, Bram, "
WHO += "the northern station, a visitor from Ghent, the archive, the city council, the engineer on call"
DID = "inspected, replaced, measured, paid for, complained about, photographed, insured, repainted, delivered, "
DID += "forgot, described at length, sold, returned, catalogued, dismantled, ordered, refused to sign for"
WHAT = "the circulation pump, two crates of copper fittings, the lease of the cellar, a broken window on the stairs, "
WHAT += (
    "the annual report, the gearbox, a painting of the harbour, the emergency exit, forty bicycles, the old boiler, "
)
WHAT += "a letter from the ministry, the roof tiles, the accounts of the spring fair, the compressor, the water meter"
WHEN = "on a Monday in March, before the frost came, at half past nine, during the summer closure, after the audit, "
WHEN += "without telling anybody, in the presence of two witnesses, while the road was flooded, for the third time"
WHY = "because the warranty had run out, since nobody else was there, although the price had doubled, as agreed, "
WHY += "in spite of the rules, so that the work could go on, and it took longer than planned, to everybody's relief"
PARTS = tuple(tuple(one.strip() for one in part.split(", ")) for part in (WHO, DID, WHAT, WHEN, WHY))


class TimedEmbedder:
    """An Embedder that counts the seconds another one takes, and tells how many pieces it has had."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.space, self.dimensions = inner.space, inner.dimensions
        self.seconds, self.pieces = 0.0, 0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        began = time.perf_counter()
        vectors = self._inner.embed_passages(texts)
        self.seconds += time.perf_counter() - began
        self.pieces += len(texts)
        return vectors

    def embed_question(self, text: str) -> Vectors:
        return self._inner.embed_question(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for files in (options.files, 1):
            papers = Path(folder) / f"{files} files"
            papers.mkdir()
            each = options.pages // files
            for number in range(files):
                printed(papers / f"{number}.pdf", each, number * each)
            results.append({"files": files, "pages": each * files, **measured(papers, Path(folder) / f"of {files}")})
            if not options.json:
                tell(results[-1])
    if options.json:
        print(json.dumps(results, indent=2))
    return 0


def measured(papers: Path, data: Path) -> dict[str, Any]:
    """One job over this folder, in a fresh library."""
    settings = replace(from_environment(os.environ), data=data)
    models, assistant = wire(settings, None)
    embedder = TimedEmbedder(models.embedder.get())
    embedder.embed_passages(["The first one prepares the model."] * 64)
    reading = [0.0]

    def read(path: Path, name: str, password: str = "") -> Generator[Status, None, Document]:
        steps = assistant.files.read(path, name, password)
        while True:
            began = time.perf_counter()
            try:
                step = next(steps)
            except StopIteration as end:
                document: Document = end.value
                return document
            finally:
                reading[0] += time.perf_counter() - began
            yield step

    library = ChromaLibrary(data / "library", embedder, models.picture_embedder, settings.limits)
    libraries = Libraries(data / "library", lambda: library, read)
    files = from_paths([papers])
    embedder.seconds, embedder.pieces = 0.0, 0
    before, worked, began = resident(), time.process_time(), time.perf_counter()
    _, job = libraries.begin(OWNER, "Papers", files)
    remembered: list[tuple[float, int, int]] = []  # seconds, pieces embedded, bytes
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            remembered.append((time.perf_counter() - began, embedder.pieces, resident()))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    while libraries.progress(OWNER, job.id).state == "running":
        time.sleep(0.02)
    seconds, own = time.perf_counter() - began, time.process_time() - worked
    remembered.append((seconds, embedder.pieces, resident()))
    done.set()
    watcher.join()
    progress = libraries.progress(OWNER, job.id)
    if progress.filed != len(files):
        raise SystemExit(f"{len(files) - progress.filed} files did not come in: {libraries.failures(OWNER, job.id)}")
    pages = sum(file.units for file in libraries.files(OWNER, libraries.find(OWNER, "Papers").id))
    pieces = embedder.pieces
    libraries.close()
    library.close()
    assistant.close()
    marks = [next(size for _, so_far, size in remembered if so_far >= share * pieces) for share in MARKS]
    return {
        "pieces": pieces,
        "pages a second": round(pages / seconds, 1),
        "seconds": {
            "all": round(seconds, 1),
            "parsing": round(reading[0], 1),
            "embedding": round(embedder.seconds, 1),
            "the rest": round(seconds - reading[0] - embedder.seconds, 1),
            "processor": round(own, 1),
        },
        "MB": {
            "before": round(before / 1e6),
            **{f"after {share:.0%}": round(size / 1e6) for share, size in zip(MARKS, marks, strict=True)},
            "at the most": round(max(size for _, _, size in remembered) / 1e6),
        },
    }


def tell(result: dict[str, Any]) -> None:
    spent = ", ".join(f"{name} {seconds}" for name, seconds in result["seconds"].items())
    memory = ", ".join(f"{name} {size}" for name, size in result["MB"].items())
    print(f"{result['pages']:,} pages in {result['files']} files: {result['pages a second']} pages a second")
    print(f"  {result['pieces']:,} pieces; seconds: {spent}; MB: {memory}", flush=True)


def resident() -> int:
    """Bytes of this process and those that parse for it."""
    own = psutil.Process()
    total = int(own.memory_info().rss)
    for child in own.children(recursive=True):
        try:
            total += int(child.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return total


def pieces() -> list[Piece]:
    plain = "LangChain loader, splitter, Chroma"
    free = f"{plain}, embeddings that cost nothing"
    return [
        Piece(f"{FILES} text files into a library", many_files, peer=plain, quick_rounds=0, rounds=3),
        Piece("30 text files into a library", partial(many_files, count=30), peer=plain, rounds=5),
        Piece("100,000 characters into a library", partial(one_text, length=100_000), peer=free),
        Piece("1,000,000 characters into a library", partial(one_text, length=1_000_000), peer=free, quick_rounds=0),
    ]


@contextmanager
def many_files(folder: Path, count: int = FILES) -> SettingUp:
    """Texts of 2,000 characters. Ours is a job of the app, from the folder to the last file found."""
    papers = folder / "papers"
    papers.mkdir()
    for number in range(count):
        (papers / f"{number}.txt").write_text(written(number, 2000), encoding="utf-8")
    settings = replace(from_environment(os.environ), data=folder / "data", offline=True)
    models, assistant = wire(settings, None)
    embedder, plainly, runs = models.embedder.get(), plain_embedder(), count_up()

    def ours() -> float:
        place = folder / f"ours {next(runs)}"
        library = ChromaLibrary(place, embedder, models.picture_embedder, settings.limits)
        libraries = Libraries(place, lambda: library, assistant.files.read)
        began = time.perf_counter()
        _, job = libraries.begin(OWNER, "Papers", from_paths([papers]))
        while libraries.progress(OWNER, job.id).state == "running":
            time.sleep(0.01)
        seconds = time.perf_counter() - began
        filed = libraries.progress(OWNER, job.id).filed
        libraries.close()
        library.close()
        assert filed == count, f"{filed} of {count} files came in"
        return seconds

    def peer() -> float:
        collection = bare_chroma(folder / f"plain {next(runs)}")
        began = time.perf_counter()
        for path in sorted(papers.iterdir()):
            file_plainly(collection, path, plainly)
        return time.perf_counter() - began

    yield {"ours": ours, "peer": peer}
    assistant.close()
    sandbox.shared("retrieval.loaders:parse").close()


@contextmanager
def one_text(folder: Path, length: int) -> SettingUp:
    """With vectors by chance: what is left is reading, cutting and filing."""
    path = folder / "long.txt"
    path.write_text(written(7, length), encoding="utf-8")
    embedder, limits, runs = RandomVectors(), from_environment({}).limits, count_up()

    def ours() -> float:
        with ChromaLibrary(folder / f"ours {next(runs)}", embedder) as library:
            began = time.perf_counter()
            steps = read_document(path, path.name, limits)
            while True:
                try:
                    next(steps)
                except StopIteration as end:
                    library.add(end.value, "me")
                    return time.perf_counter() - began

    def peer() -> float:
        collection = bare_chroma(folder / f"plain {next(runs)}")
        began = time.perf_counter()
        file_plainly(collection, path, embedder.embed_passages)
        return time.perf_counter() - began

    yield {"ours": ours, "peer": peer}
    sandbox.shared("retrieval.loaders:parse").close()


def file_plainly(collection: Any, path: Path, embed: Callable[[Sequence[str]], Vectors]) -> None:
    from langchain_core.documents import Document as LangChainDocument
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    if path.suffix == ".pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(path) as pdf:
            pages = [page.get_textpage().get_text_range() for page in pdf]
    else:
        pages = [path.read_text(encoding="utf-8")]
    loaded = [LangChainDocument(text, metadata={"source": str(path), "page": page}) for page, text in enumerate(pages)]
    parts = RecursiveCharacterTextSplitter(chunk_size=SPLIT, chunk_overlap=OVERLAP).split_documents(loaded)
    most = 5000  # that Chroma takes at once
    for start in range(0, len(parts), most):
        some = parts[start : start + most]
        texts = [part.page_content for part in some]
        collection.add(
            ids=[f"{path} {start + number}" for number in range(len(some))],
            embeddings=embed(texts),
            documents=texts,
            metadatas=[part.metadata for part in some],
        )


def plain_embedder() -> Callable[[Sequence[str]], Vectors]:
    """The weights of the settings, in float32, mean of the tokens."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    from assistant.models.profiles import profile_named
    from assistant.weights import Weights

    profile = profile_named("all-minilm-l6-v2")
    assert profile is not None
    assert profile.checkpoint is not None
    folder = Weights(from_environment(os.environ).cache).fetch(profile.checkpoint)
    model = AutoModel.from_pretrained(folder, dtype="float32", local_files_only=True).eval()
    tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)

    def embed(texts: Sequence[str]) -> Vectors:
        made = []
        with torch.inference_mode():
            for start in range(0, len(texts), BATCH):
                some = list(texts[start : start + BATCH])
                inputs = tokenizer(some, padding=True, truncation=True, max_length=256, return_tensors="pt")
                states = model(**inputs).last_hidden_state
                mask = inputs["attention_mask"].unsqueeze(-1).float()
                pooled = (states * mask).sum(1) / mask.sum(1)
                made.append(torch.nn.functional.normalize(pooled, dim=-1).numpy())
        return numpy.concatenate(made)

    return embed


def written(seed: int, length: int) -> str:
    """Paragraphs of three sentences."""
    chance = random.Random(seed)
    paragraphs: list[str] = []
    made = 0
    while made < length:
        sentences = (" ".join(chance.choice(part) for part in PARTS) for _ in range(3))
        paragraphs.append(" ".join(f"{one[0].upper()}{one[1:]}, item {chance.randrange(10_000)}." for one in sentences))
        made += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs)[:length]


def printed(path: Path, pages: int, first: int) -> None:
    """A PDF whose every page says something else."""
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("Helvetica", size=10)
    for number in range(first, first + pages):
        chance = random.Random(number)
        pdf.add_page()
        words, lines = "", list[str]()
        while len(lines) < LINES:
            sentence = " ".join(chance.choice(part) for part in PARTS)
            words += f"{sentence[0].upper()}{sentence[1:]}, item {chance.randrange(10_000)}. "
            while len(words) > 84 and len(lines) < LINES:
                cut = words.rfind(" ", 0, 84)
                lines.append(words[:cut])
                words = words[cut + 1 :]
        for row, line in enumerate(lines):
            pdf.text(15, 15 + 7 * row, line)
    pdf.output(str(path))


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        sandbox.shared("retrieval.loaders:parse").close()
