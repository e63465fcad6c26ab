"""Named libraries in the terminal: a bar or lines while a job runs, a table of what is there, names and removals."""

import sys
import time
from collections.abc import Sequence
from typing import TextIO

from assistant.ports.named_libraries import FileInfo, JobProgress, NamedLibraries
from assistant.values.errors import BadInput
from assistant.values.messages import as_message

DONE, FAILED, STOPPED = 0, 1, 130
_WIDTH = 24
_TICK = 0.1
_SHORTEST_ID = 4


def watch(named_libraries: NamedLibraries, owner: str, job: str, go_on: str, err: TextIO = sys.stderr) -> int:
    """Until the job ends; Ctrl-C pauses it. go_on: the command that goes on with it. Returns the exit status.

    0: everything is in. 1: some files, or all, are not; each is named with its reason. 130: paused by Ctrl-C.
    """
    bar = _Bar(err)
    interrupted = False
    while True:
        try:
            while (now := named_libraries.progress(owner, job)).state == "running":
                bar.show(now)
                time.sleep(_TICK)
            break
        except KeyboardInterrupt:
            interrupted = True
            named_libraries.pause(owner, job)
    bar.end()
    failures = named_libraries.failures(owner, job)
    for one in failures:
        print(one.sentence if one.name in one.sentence else f"{one.name}: {one.sentence}", file=err)
    if interrupted and now.state == "paused":
        left = now.files - now.done
        print(f"Paused with {left} of {now.files} files to go. To go on: {go_on}", file=err)
        return STOPPED
    if now.state != "done":
        print(f"{now.trouble or 'The job was stopped.'} To go on: {go_on}", file=err)
        return FAILED
    print(_summary(now), file=err)
    if now.locked:
        print(f"To open what is locked: {go_on} --password PASSWORD", file=err)
    return FAILED if failures else DONE


def show(named_libraries: NamedLibraries, owner: str, out: TextIO = sys.stdout) -> int:
    """Every library with its files: size, and pages or seconds, and what was not simply read."""
    libraries = named_libraries.libraries(owner)
    if not libraries:
        print("There is no library yet. Make one: python app.py ingest PATH… --library NAME", file=out)
    for library in libraries:
        files = named_libraries.files(owner, library.id)
        print(f"{library.name}: {_files(len(files))}", file=out)
        for file in files:
            print(f"  {file.name} ({file.bytes / 1000:,.1f} kB{_length(file)})", file=out)
            for note in file.notes:
                print(f"    {note}", file=out)
    return DONE


def rename(named_libraries: NamedLibraries, owner: str, old: str, new: str, err: TextIO = sys.stderr) -> int:
    library = named_libraries.find(owner, old)
    named_libraries.rename(owner, library.id, new)
    print(f"{library.name} is called {' '.join(new.split())} now.", file=err)
    return DONE


def remove(named_libraries: NamedLibraries, owner: str, name: str, file: str = "", err: TextIO = sys.stderr) -> int:
    """A whole library, or the one file that has this name, came from this path, or whose id begins so."""
    library = named_libraries.find(owner, name)
    if not file:
        named_libraries.remove(owner, library.id)
        print(f"Removed {library.name} with {_files(library.files)}.", file=err)
        return DONE
    found = [one for one in named_libraries.files(owner, library.id) if _is_meant(one, file)]
    if not found:
        raise BadInput(
            as_message(f"There is no file {file} in {library.name}. To see what there is: python app.py ingest --list")
        )
    if len(found) > 1:
        which = "; ".join(f"{one.source_id[:12]} ({', '.join(one.origins) or one.name})" for one in found)
        raise BadInput(
            as_message(f"{len(found)} files of {library.name} are meant by {file}. Name one of these instead: {which}")
        )
    named_libraries.remove_file(owner, library.id, found[0].source_id)
    print(f"Removed {found[0].name} from {library.name}.", file=err)
    return DONE


def _is_meant(one: FileInfo, given: str) -> bool:
    by_id = len(given) >= _SHORTEST_ID and one.source_id.startswith(given)
    return one.name == given or given in one.origins or by_id


def _files(count: int) -> str:
    return f"{count} {'file' if count == 1 else 'files'}"


def _length(file: FileInfo) -> str:
    unit = "seconds" if file.medium in ("audio", "video") else "pages" if file.units != 1 else "page"
    return f", {file.units:.0f} {unit}" if file.units else ""


def _summary(now: JobProgress) -> str:
    words: Sequence[str] = [
        f"{now.filed} of {_files(now.files)} added",
        *([f"{now.same} {'was' if now.same == 1 else 'were'} in already"] if now.same else []),
        *([f"{now.failed} could not be read"] if now.failed else []),
        *([f"{now.locked} locked"] if now.locked else []),
    ]
    return ", ".join(words) + "."


class _Bar:
    def __init__(self, out: TextIO) -> None:
        self._out, self._tty = out, out.isatty()
        self._shown = ""

    def show(self, now: JobProgress) -> None:
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
