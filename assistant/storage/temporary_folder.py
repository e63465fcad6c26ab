"""A folder for the time being. It goes with whoever made it, and what a killed run has left goes at the next start.

A lock in it tells whether its run still lives: numbers of processes are given anew, and mean nothing across containers.
"""

import shutil
import tempfile
import time
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "medley-"
_LOCK = ".in-use"
_JUST_MADE = 60  # seconds in which a folder may not be locked yet


class TemporaryFolder:
    """`path` is there until `remove`, until nobody knows this object any more, or until the program ends."""

    def __init__(self, kind: str) -> None:
        """kind: what it is for; part of its name."""
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{kind}-"))
        lock = FileLock(self.path / _LOCK, thread_local=False)
        lock.acquire()
        self._remove = weakref.finalize(self, _remove, self.path, lock)

    def remove(self) -> None:
        """A second time does nothing."""
        self._remove()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()


def sweep() -> None:
    """Removes what runs have left here that were killed."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        try:
            if time.time() - lock.stat().st_mtime < _JUST_MADE:
                continue
            with FileLock(lock, timeout=0):
                shutil.rmtree(lock.parent, ignore_errors=True)
        except (OSError, Timeout):  # somebody else's, or in use
            continue


def _remove(folder: Path, lock: FileLock) -> None:
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)
