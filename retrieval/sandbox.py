"""Parses files in processes of their own, so that a hostile one ends as a sentence and not as the end of the app.

A process that is done is kept warm for the next file; one that overruns, grows or dies is replaced. Knows no format.
"""

import atexit
import io
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from assistant.media import open_picture
from assistant.ports.vision import Description
from assistant.storage.temporary_folder import TemporaryFolder
from assistant.values.errors import AssistantError, BadInput, Locked
from assistant.values.events import Status
from assistant.values.evidence import Document, Figure, PagesRead, Passage, location_from_json
from assistant.values.files import FileFacts
from assistant.values.limits import Limits
from assistant.values.messages import Message, say
from assistant.values.parts import Image
from retrieval import wire

ReadPicture = Callable[[Image], Description]

_ROOT = Path(__file__).parent.parent
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")
_WARM = 2  # processes kept for the next file
_LARGE = 400_000_000  # bytes in memory above which a process is not kept
_FIGURE_SIDE = 448  # pixels
_BEAT = 1.0  # seconds after which a sign of life is given
_log = logging.getLogger(__name__)


class Sandbox:
    """parser: "package.module:function", which takes (path, name, media type, Reading) and returns a Document."""

    def __init__(self, parser: str) -> None:
        self._parser = parser
        self._warm: list[_Process] = []
        self._lock = threading.Lock()
        self._room = threading.Semaphore(max(2, os.cpu_count() or 2))

    def read(
        self,
        path: Path,
        name: str,
        media_type: str,
        limits: Limits,
        password: str = "",
        read_picture: ReadPicture | None = None,
    ) -> Generator[Status, None, Document]:
        """Yields how far it is, at least once a second; returns the document. Closing it ends the parsing.

        Raises BadInput naming the file; Locked where it is encrypted and the password does not open it.
        """
        while not self._room.acquire(timeout=_BEAT):
            yield Status("reading", say("{name} waits until other files are read", name=name))
        process, done = None, False
        try:
            process = self._process()
            with TemporaryFolder("reading") as folder:
                job = _Job(process, path, name, media_type, limits, password, read_picture, folder)
                document = yield from job.run()
                done = job.resident < _LARGE
            return document
        except _ParserRefused as error:
            done = True
            raise error.error from None
        finally:
            self._give_back(process, done)
            self._room.release()

    def close(self) -> None:
        with self._lock:
            processes, self._warm = self._warm, []
        for process in processes:
            process.end()

    def _process(self) -> "_Process":
        with self._lock:
            while self._warm:
                process = self._warm.pop()
                if process.alive():
                    return process
                process.end()
        return _Process(self._parser)

    def _give_back(self, process: "_Process | None", usable: bool) -> None:
        if process is None:
            return
        with self._lock:
            if usable and process.alive() and len(self._warm) < _WARM:
                self._warm.append(process)
                return
        process.end()


@cache
def shared(parser: str) -> Sandbox:
    """The one sandbox of this program for a parser; its processes end with the program."""
    made = Sandbox(parser)
    atexit.register(made.close)
    return made


class _ParserRefused(Exception):
    """The parser said no and is well."""

    def __init__(self, error: BadInput) -> None:
        super().__init__(error.message)
        self.error = error


class _Process:
    """A process that parses, and what it says, collected by a thread so that waiting for it can be limited."""

    def __init__(self, parser: str) -> None:
        code = "import sys; from retrieval.sandbox_worker import main; main(sys.argv[1])"
        inherited = {key: os.environ[key] for key in _INHERITED if key in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", code, parser],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # threads of a numeric library would each reserve memory that the limit counts
            env={**inherited, "PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,  # Ctrl-C is for us alone
        )
        self.said: queue.Queue[wire.Frame | None] = queue.Queue(maxsize=256)
        self._thread = threading.Thread(target=self._collect, daemon=True, name="parser")
        self._thread.start()

    def _collect(self) -> None:
        assert self._process.stdout is not None
        frame: wire.Frame | None = {}
        while frame is not None:
            try:
                frame = wire.receive(self._process.stdout)
            except ValueError:  # no JSON: it was struck down in the middle of a word, or worse
                frame = None
            self.said.put(frame)

    def tell(self, frame: wire.Frame) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it is gone, which its silence will tell
            wire.send(self._process.stdin, frame)

    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> int:
        """Ends it, however it stands; its exit status, negative for a signal."""
        if self._process.poll() is None:
            self._process.kill()
        status = self._process.wait()
        while self._thread.is_alive():  # it may be waiting for room in the queue
            with suppress(queue.Empty):
                self.said.get(timeout=0.05)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        return status

    def status(self) -> int:
        """The exit status of one that has gone silent."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=5)
        return 0


class _Job:
    """One file in one process."""

    def __init__(
        self,
        process: _Process,
        path: Path,
        name: str,
        media_type: str,
        limits: Limits,
        password: str,
        read_picture: ReadPicture | None,
        folder: Path,
    ) -> None:
        self._process, self._name, self._limits, self._folder = process, name, limits, folder
        self._read_picture = read_picture
        self._said = say("Reading {name}", name=name)
        self._figures: list[Figure] = []
        self.resident = 0
        process.tell(
            {
                "path": str(path.absolute()),
                "name": name,
                "media_type": media_type,
                "password": password,
                "limits": asdict(limits),
                "folder": str(folder),
                "looks": read_picture is not None,
            }
        )

    def run(self) -> Generator[Status, None, Document]:
        passages: list[Passage] = []
        left = self._limits.parse_seconds  # of the parser's own time; reading pictures is ours
        while True:
            began = time.monotonic()
            try:
                frame = self._process.said.get(timeout=max(0.0, min(_BEAT, left)))
            except queue.Empty:
                left -= time.monotonic() - began
                if left <= 0:
                    raise BadInput(self._too_long()) from None
                yield Status("reading", self._said)
                continue
            left -= time.monotonic() - began
            match frame:
                case {"passage": fields}:
                    passages.append(wire.passage_from_json(fields))
                case {"report": text}:
                    self._said = Message.from_json(text)
                    yield Status("reading", self._said)
                case {"look": file, "what": what, "size": size, "at": at, "wordless": wordless}:
                    shown = Message.from_json(what)
                    yield Status("reading", say("Reading {what} of {name}", what=shown, name=self._name))
                    self._look(str(file), shown, size, at, bool(wordless))
                case {"document": plain, "resident": resident}:
                    self.resident = int(resident)
                    notes = tuple(map(Message.from_json, plain.pop("notes")))
                    pages = tuple(PagesRead(**stretch) for stretch in plain.pop("pages"))
                    facts = FileFacts.from_json(told) if (told := plain.pop("facts")) else None
                    return Document(
                        **plain,
                        passages=tuple(passages),
                        notes=notes,
                        pages=pages,
                        figures=tuple(self._figures),
                        facts=facts,
                    )
                case _:
                    self._fail(frame)

    def _look(self, file: str, what: Message, size: list[int], at: wire.Frame | None, wordless: bool) -> None:
        assert self._read_picture is not None
        picture = self._folder / Path(file).name
        try:
            seen = self._read_picture(Image(picture, f"{what} of {self._name}", size[0], size[1]))
            if at is not None and not (wordless and seen.lines) and len(self._figures) < self._most_figures():
                words = "\n".join(line.text for line in seen.lines)
                said = words or f"{what[:1].upper()}{what[1:]} of {self._name}, without words that I can read."
                self._figures.append(Figure(location_from_json(at), said, self._small(picture)))
        except AssistantError as error:
            self._process.tell({"failed": error.message.to_json()})
            return
        self._process.tell({"lines": wire.lines_to_json(seen.lines)})

    def _most_figures(self) -> int:
        return self._limits.document_figures + self._limits.scanned_pages

    def _small(self, path: Path) -> bytes:
        """A picture as a PNG that is no larger than a model looks at. Raises BadInput."""
        picture = open_picture(path, self._limits, self._name)
        picture.thumbnail((_FIGURE_SIDE, _FIGURE_SIDE))
        made = io.BytesIO()
        picture.save(made, "PNG", compress_level=1)
        return made.getvalue()

    def _fail(self, frame: wire.Frame | None) -> None:
        """Raises what a last frame, or none, means for the person."""
        name, limits = self._name, self._limits
        too_much = say(
            "{name} needs more memory to read than I allow ({most} MB). Split it into parts and try those.",
            name=name,
            most=f"{limits.parse_bytes / 1e6:,.0f}",
        )
        match frame:
            case {"refused": sentence, "locked": locked}:
                told = Message.from_json(sentence)
                raise _ParserRefused(Locked(told) if locked else BadInput(told))
            case {"memory": True}:
                raise BadInput(too_much)
            case {"fault": trace}:
                _log.error("The parser of %s failed:\n%s", name, trace)
                raise _ParserRefused(BadInput(_broken(name)))
            case _:
                status = self._process.status()
                if sys.platform != "win32" and status == -signal.SIGXCPU:
                    raise BadInput(self._too_long())
                _log.error("The process that parsed %s ended with status %s.", name, status)
                raise BadInput(_broken(name))

    def _too_long(self) -> Message:
        return say(
            "{name} takes longer to read than I allow ({most} s). Split it into parts, or save it again, and try that.",
            name=self._name,
            most=f"{self._limits.parse_seconds:g}",
        )


def _broken(name: str) -> Message:
    return say(
        "{name} is damaged: the program that reads such files failed on it. Save or print it anew and try that.",
        name=name,
    )


def drained(steps: Generator[Any, None, Document], report: Callable[[Status], None] | None = None) -> Document:
    """The document at the end, each step reported."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            document: Document = end.value
            return document
        if report is not None:
            report(step)
