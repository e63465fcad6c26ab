"""Which visitor handed over which of the files that Gradio keeps for the time being. Knows no Gradio.

Gradio keeps a file under its digest, so two visitors may have handed over one and the same: it goes with the last.
"""

import logging
import threading
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)


class Uploads:
    """Who has no cookie is nobody here: it takes an address that no one can guess to have what he handed over."""

    def __init__(self) -> None:
        self._owners: dict[str, set[str]] = {}
        self._alone = threading.Lock()

    def note(self, owner: str, paths: Collection[str]) -> None:
        with self._alone:
            for path in paths:
                self._owners.setdefault(path, set()).add(_key(owner))

    def has(self, owner: str, path: str) -> bool:
        with self._alone:
            return _key(owner) in self._owners.get(path, ())

    def let_go(self, owner: str, paths: Collection[Path]) -> None:
        """These are kept elsewhere by now, or for good no more. What this owner did not hand over is left alone."""
        with self._alone:
            for path in map(str, paths):
                owners = self._owners.get(path, set())
                if _key(owner) in owners:
                    owners.discard(_key(owner))
                    if not owners:
                        del self._owners[path]
                        _remove(Path(path))

    def let_go_all(self, owner: str) -> None:
        with self._alone:
            mine = [Path(path) for path, owners in self._owners.items() if _key(owner) in owners]
        self.let_go(owner, mine)


def _key(owner: str) -> str:
    return "" if owner.startswith("tab:") else owner


def _remove(path: Path) -> None:
    """With the folder that Gradio makes for each."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        log.exception("An upload could not be removed; it goes with the day")
    with suppress(OSError):  # something else lies there
        path.parent.rmdir()
