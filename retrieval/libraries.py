"""Libraries: the named libraries of a data folder as one thing: what there is, and the jobs that fill them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import BadInput
from assistant.ledger import Ledger
from assistant.originals import Originals
from retrieval.catalogue import Catalogue, LibraryInfo
from retrieval.jobs import Ingestion, Read
from retrieval.journal import Incoming, Job, Journal
from retrieval.library import ChromaLibrary


class Libraries:
    """catalogue can be asked while another process owns the folder; jobs need the library open here."""

    def __init__(
        self, folder: Path, library: Callable[[], ChromaLibrary], read: Read, busy: Callable[[], bool] = lambda: False
    ) -> None:
        """folder: the library's own. Nothing is loaded, and no job begins."""
        self._library = library
        self._ledger = Ledger(folder)
        self.catalogue = Catalogue(self._ledger)
        self.journal = Journal(self._ledger)
        self.originals = Originals(folder / "originals")
        self.jobs = Ingestion(library, self.catalogue, self.journal, read, self.originals, busy)

    def scopes(self, owner: str, names: Sequence[str]) -> tuple[str, ...]:
        """Raises BadInput where this owner has no library of one of these names."""
        return tuple(self.catalogue.find(owner, name).scope for name in names)

    def open(self, scopes: Sequence[str]) -> None:
        """What an earlier run left running goes on, and these are made ready to be searched."""
        self.jobs.go_on()
        self._library().warm(scopes)

    def begin(self, owner: str, name: str, files: Sequence[Incoming]) -> tuple[LibraryInfo, Job]:
        """A job that takes these in, into a library that is made if need be."""
        library = self.catalogue.find_or_make(owner, name)
        return library, self.jobs.start(library, files)

    def go_on(self, owner: str, name: str) -> tuple[LibraryInfo, Job]:
        """The newest job of this library that was paused or killed goes on. Raises BadInput where there is none."""
        library = self.catalogue.find(owner, name)
        left = [
            job for job in self.journal.jobs(owner) if job.library == library.id and job.state in ("paused", "running")
        ]
        if not left:
            raise BadInput(f"Everything given to {library.name} is in. Name files or folders to add more.")
        for job in left:
            self.jobs.resume(owner, job.id)
        return library, left[-1]

    def close(self) -> None:
        """Stops the jobs where they are. To be called before the library is closed."""
        self.jobs.close()
        self._ledger.close()
