"""The process that parses: takes one file after the other from its standard input, within limits of time and memory.

It gets no secret: its environment is bare, and pictures are read by whoever started it.
"""

import importlib
import os
import sys
import traceback
from dataclasses import asdict, fields
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from assistant.ports.vision import TextLine
from assistant.values.errors import BadInput, Locked
from assistant.values.evidence import Location, location_to_json
from assistant.values.limits import Limits
from assistant.values.messages import Message
from retrieval import wire
from retrieval.parse_context import CannotReadPicture, ParseContext

if TYPE_CHECKING:
    from PIL.Image import Image

_NOT_PLAIN = ("passages", "picture", "figures")
_MOST_WRITTEN = 1_000_000_000  # bytes of one file: an office document without its encryption, a page as a picture


def main(parser: str) -> None:
    """parser: "package.module:function", which takes (path, name, media type, Reading) and returns a Document."""
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between our frames
    module, _, function = parser.partition(":")
    parse = getattr(importlib.import_module(module), function)
    _limit_once()
    while (job := wire.receive(incoming)) is not None:
        _limit_for(job)
        wire.send(outgoing, _answer(parse, job, incoming, outgoing))


def _answer(parse: Any, job: wire.Frame, incoming: IO[bytes], outgoing: IO[bytes]) -> wire.Frame:
    """The last frame about a file; its passages are sent before it."""
    folder = Path(job["folder"])
    context = ParseContext(
        Limits(**job["limits"]),
        job["password"],
        _Looking(folder, incoming, outgoing) if job["looks"] else None,
        folder,
        lambda text: wire.send(outgoing, {"report": text.to_json()}),
    )
    try:
        document = parse(Path(job["path"]), job["name"], job["media_type"], context)
        for passage in document.passages:
            wire.send(outgoing, {"passage": wire.passage_to_json(passage)})
        plain = {one.name: getattr(document, one.name) for one in fields(document) if one.name not in _NOT_PLAIN}
        plain["pages"] = [asdict(stretch) for stretch in document.pages]
        plain["notes"] = [note.to_json() for note in document.notes]
        plain["facts"] = document.facts.to_json() if document.facts is not None else None
        return {"document": plain, "resident": _resident()}
    except BadInput as error:
        return {"refused": error.message.to_json(), "locked": isinstance(error, Locked)}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # noqa: BLE001 - a parser's own; whoever started us logs it and says so
        return {"memory": True} if _is_memory(error) else {"fault": traceback.format_exc()}


class _Looking:
    """A Look that hands a picture out as a file and waits for the lines in it."""

    def __init__(self, folder: Path, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._folder, self._incoming, self._outgoing = folder, incoming, outgoing

    def __call__(
        self, picture: "Image", what: Message, at: Location | None = None, wordless: bool = False
    ) -> tuple[TextLine, ...]:
        file = self._folder / "picture.bmp"  # nothing is quicker to write and to read
        picture.convert("RGB").save(file)
        where = location_to_json(at) if at is not None else None
        size = list(picture.size)
        wire.send(
            self._outgoing, {"look": file.name, "what": what.to_json(), "size": size, "at": where, "wordless": wordless}
        )
        answer = wire.receive(self._incoming)
        if answer is None:
            sys.exit(0)  # nobody is there any more
        if "failed" in answer:
            raise CannotReadPicture(Message.from_json(answer["failed"]))
        return wire.lines_from_json(answer["lines"])


def _is_memory(error: Exception) -> bool:
    """Libraries wrap it: lxml and PDFium say it in their own words."""
    chain: BaseException | None = error
    while chain is not None:
        if isinstance(chain, MemoryError) or "memory" in str(chain).lower():
            return True
        chain = chain.__cause__ or chain.__context__
    return False


def _limit_once() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where only the time is limited, by whoever started us
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_WRITTEN, _MOST_WRITTEN))


def _limit_for(job: wire.Frame) -> None:
    """The limits count from what this process has taken up before the file."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + job["limits"]["parse_seconds"]) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    if taken := _pages("statm", 0):
        resource.setrlimit(resource.RLIMIT_AS, (taken + job["limits"]["parse_bytes"], resource.RLIM_INFINITY))


def _resident() -> int:
    return _pages("statm", 1)


def _pages(file: str, column: int) -> int:
    """Bytes from /proc/self/statm; 0 where there is none."""
    try:
        return int(Path(f"/proc/self/{file}").read_text().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
