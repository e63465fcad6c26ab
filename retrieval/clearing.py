"""Clearing: what the catalogue lists no more goes from the store and from the originals."""

import threading
from collections.abc import Callable

from assistant.storage.originals import Originals
from retrieval.catalogue import Catalogue
from retrieval.library import ChromaLibrary


class Clearing:
    """filing: held by whoever files something, from its first piece until it is listed.

    The same bytes may come in again at the very moment in which they are removed: then whoever files them
    clears, before and between two batches, and nobody else.
    """

    def __init__(self, library: Callable[[], ChromaLibrary], catalogue: Catalogue, originals: Originals) -> None:
        self._library, self._catalogue, self._originals = library, catalogue, originals
        self.filing = threading.RLock()

    def clear(self) -> None:
        """Also what a killed run left. Leaves it to whoever is filing."""
        if self.filing.acquire(blocking=False):
            try:
                self.clear_but("", "")
            finally:
                self.filing.release()

    def clear_but(self, scope: str, source_id: str) -> None:
        """For whoever is filing this."""
        for removed in self._catalogue.removals():
            if removed != (scope, source_id):
                self._take_out(*removed)

    def _take_out(self, scope: str, source_id: str) -> None:
        if source_id:  # the file first: it can go even where the library cannot be opened
            if (kept := self._originals.find(scope, source_id)) is not None:
                kept.unlink(missing_ok=True)
            self._library().remove(scope, source_id)
        else:
            self._originals.forget(scope)
            self._library().forget(scope)
        self._catalogue.removed(scope, source_id)
