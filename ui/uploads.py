"""Which visitor handed over which of the files that Gradio keeps for the time being. Knows no Gradio.

Gradio keeps a file under its digest, so two visitors may have handed over one and the same.
"""

import threading
from collections.abc import Collection


class Uploads:
    """The owner of who has no cookie is "": it takes an address that nobody can guess to have what he handed over."""

    def __init__(self) -> None:
        self._owners: dict[str, set[str]] = {}
        self._alone = threading.Lock()

    def note(self, owner: str, paths: Collection[str]) -> None:
        with self._alone:
            for path in paths:
                self._owners.setdefault(path, set()).add(owner)

    def has(self, owner: str, path: str) -> bool:
        with self._alone:
            return owner in self._owners.get(path, ())
