"""A job of filing in the terminal: a bar where there is a person, lines where there is a file. Knows no library."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Protocol, TextIO

DONE, FAILED, STOPPED = 0, 1, 130
_WIDTH = 24
_TICK = 0.1


class Watched(Protocol):
    """How far a job is; see `retrieval.jobs.JobProgress`."""

    @property
    def state(self) -> str: ...
    @property
    def files(self) -> int: ...
    @property
    def done(self) -> int: ...
    @property
    def filed(self) -> int: ...
    @property
    def same(self) -> int: ...
    @property
    def failed(self) -> int: ...
    @property
    def doing(self) -> str: ...
    @property
    def share(self) -> float: ...
    @property
    def trouble(self) -> str: ...


def watch(
    progress: Callable[[], Watched],
    failures: Callable[[], Sequence[tuple[str, str]]],
    pause: Callable[[], None],
    go_on: str,
    err: TextIO = sys.stderr,
) -> int:
    """Until the job ends; Ctrl-C pauses it. go_on: how to go on with it, for the person. Returns the exit status.

    0: everything is in. 1: some files, or all, are not; each is named with its reason. 130: paused by Ctrl-C.
    """
    bar = _Bar(err)
    interrupted = False
    while True:
        try:
            while (now := progress()).state == "running":
                bar.show(now)
                time.sleep(_TICK)
            break
        except KeyboardInterrupt:
            interrupted = True
            pause()
    bar.end()
    if interrupted:
        left = now.files - now.done
        print(f"Paused with {left} of {now.files} files to go. To go on: {go_on}", file=err)
        return STOPPED
    for name, sentence in failures():
        print(sentence if name in sentence else f"{name}: {sentence}", file=err)
    if now.state != "done":
        print(f"{now.trouble or 'The job was stopped.'} To go on: {go_on}", file=err)
        return FAILED
    print(_summary(now), file=err)
    return FAILED if now.failed else DONE


def _summary(now: Watched) -> str:
    words = [f"{now.filed} of {now.files} files added"]
    if now.same:
        words.append(f"{now.same} were in already")
    if now.failed:
        words.append(f"{now.failed} could not be read")
    return ", ".join(words) + "."


class _Bar:
    def __init__(self, out: TextIO) -> None:
        self._out, self._tty = out, out.isatty()
        self._shown = ""

    def show(self, now: Watched) -> None:
        if self._tty:
            part = (now.done + now.share) / max(now.files, 1)
            filled = round(_WIDTH * min(1.0, part))
            line = f"{'█' * filled}{'░' * (_WIDTH - filled)} {now.done}/{now.files} {now.doing}"
        else:
            line = f"{now.done}/{now.files} {now.doing}".rstrip() if now.doing else ""
        if line and line != self._shown:
            self._shown = line
            print(
                f"\r\033[K{line[:100]}" if self._tty else line,
                end="" if self._tty else "\n",
                file=self._out,
                flush=True,
            )

    def end(self) -> None:
        if self._tty and self._shown:
            print("\r\033[K", end="", file=self._out, flush=True)


def table(libraries: Sequence[tuple[str, Sequence[tuple[str, str, int, float]]]], out: TextIO = sys.stdout) -> None:
    """Names of libraries, each with its files: name, medium, bytes, and pages or seconds (0: neither fits)."""
    if not libraries:
        print("There is no library yet. Make one: python app.py ingest PATH… --library NAME", file=out)
    for name, files in libraries:
        print(f"{name}: {len(files)} {'file' if len(files) == 1 else 'files'}", file=out)
        for file, medium, size, units in files:
            unit = "seconds" if medium in ("audio", "video") else "pages" if units != 1 else "page"
            length = f", {units:.0f} {unit}" if units else ""
            print(f"  {file} ({size / 1000:,.1f} kB{length})", file=out)
