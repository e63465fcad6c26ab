"""Libraries: the named libraries of a data folder as one thing: what there is, and the jobs that fill them.

Implements `ports.named_libraries.NamedLibraries`. The catalogue can be asked while another process owns the folder;
whatever fills or empties a library needs it open here.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy

from assistant.ports.embedding import Vectors
from assistant.ports.named_libraries import Failure, FileInfo, Job, JobProgress, LibraryInfo
from assistant.storage.originals import Originals
from assistant.storage.sqlite_store import SqliteStore
from assistant.values.errors import BadInput
from assistant.values.messages import say
from retrieval import gathering, store, web_page
from retrieval.catalogue import SAME_NAME, Catalogue
from retrieval.jobs import Ingestion, Read
from retrieval.journal import Incoming, Journal
from retrieval.library import ChromaLibrary
from retrieval.web_page import WebPage


class Libraries:
    """Implements NamedLibraries. A library is named by its id, but for `find`, `scopes`, `begin` and `go_on`."""

    def __init__(
        self,
        folder: Path,
        library: Callable[[], ChromaLibrary],
        read: Read,
        is_answering: Callable[[], bool] = lambda: False,
        web_pages: bool = False,
        fetch: Callable[[str], WebPage] = web_page.fetch,
    ) -> None:
        """folder: the library's own. Nothing is loaded, and no job begins."""
        self._library, self._fetch, self._web_pages = library, fetch, web_pages
        self._sqlite = SqliteStore(folder)
        self._adding = threading.RLock()  # from copying a file until its job is written down
        self.incoming = folder / "incoming"
        self.catalogue = Catalogue(self._sqlite)
        self.journal = Journal(self._sqlite)
        self.originals = Originals(folder / "originals")
        self._ingestion = Ingestion(library, self.catalogue, self.journal, read, self.originals, is_answering)

    @property
    def web_pages(self) -> bool:
        return self._web_pages

    def open(self, scopes: Sequence[str] = ()) -> None:
        """What an earlier run left running goes on, and these are made ready to be searched."""
        self._library().warm(scopes)
        self._sweep()
        self._ingestion.go_on()

    def scopes(self, owner: str, names: Sequence[str]) -> tuple[str, ...]:
        """Raises BadInput where this owner has no library of one of these names."""
        return tuple(self.catalogue.find(owner, name).scope for name in names)

    def scopes_of(self, owner: str, ids: Sequence[str]) -> tuple[str, ...]:
        """Of the libraries with these ids that this owner has; what was removed since, or is another's, is left out."""
        wanted = set(ids)
        return tuple(library.scope for library in self.catalogue.libraries(owner) if library.id in wanted)

    def libraries(self, owner: str) -> list[LibraryInfo]:
        return self.catalogue.libraries(owner)

    def find(self, owner: str, name: str) -> LibraryInfo:
        return self.catalogue.find(owner, name)

    def files(self, owner: str, library: str) -> list[FileInfo]:
        return self.catalogue.files(owner, library)

    def make(self, owner: str, name: str) -> LibraryInfo:
        return self.catalogue.make(owner, name)

    def rename(self, owner: str, library: str, name: str) -> None:
        self.catalogue.rename(owner, library, name)

    def remove(self, owner: str, library: str) -> None:
        self._ingestion.remove(owner, library)

    def remove_file(self, owner: str, library: str, source_id: str) -> None:
        self._ingestion.remove_file(owner, library, source_id)

    def begin(self, owner: str, name: str, files: Sequence[Incoming], password: str = "") -> tuple[LibraryInfo, Job]:
        """A job that takes these in, into a library that is made if need be."""
        library = self.catalogue.find_or_make(owner, name)
        return library, self._ingestion.start(library, files, password)

    def add_files(
        self, owner: str, library: str, files: Sequence[tuple[Path, str]], password: str = "", replace: bool = False
    ) -> Job:
        into = self.catalogue.get(owner, library)
        taken: list[Incoming] = []
        with self._adding:
            try:
                for path, name in files:
                    origin = SAME_NAME + name if replace else ""
                    taken.append(gathering.from_upload(path, name, origin, self.incoming))
                if not taken:
                    raise BadInput(say("There are no files to add."))
                return self._ingestion.start(into, taken, password)
            except BaseException:
                for one in taken:
                    one.path.unlink(missing_ok=True)
                raise

    def add_text(self, owner: str, library: str, name: str, text: str) -> Job:
        into = self.catalogue.get(owner, library)
        with self._adding:
            return self._ingestion.start(into, [gathering.from_text(text, name, self.incoming)])

    def add_address(self, owner: str, library: str, url: str) -> Job:
        into = self.catalogue.get(owner, library)
        if not self._web_pages:
            raise BadInput(
                say("I fetch web pages only when that is allowed, with --web-pages or MEDLEY_WEB_PAGES=yes.")
            )
        page = self._fetch(url.strip())
        with self._adding:
            return self._ingestion.start(into, [gathering.from_page(page, url.strip(), self.incoming)])

    def go_on(self, owner: str, name: str, password: str = "") -> tuple[LibraryInfo, Job]:
        """What was paused or killed of this library goes on, and with a password what was locked.

        The newest such job is given back. Raises BadInput where there is none.
        """
        library = self.catalogue.find(owner, name)
        left = [job for job in self.journal.jobs(owner, library.id) if self._is_left(job, bool(password))]
        if not left:
            raise BadInput(
                say("Everything given to {library} is in. Name files or folders to add more.", library=library.name)
            )
        for job in left:
            if password:
                with suppress(BadInput):  # nothing of this one is locked
                    self._ingestion.unlock(owner, job.id, password)
            self._ingestion.resume(owner, job.id, password)
        return library, left[-1]

    def jobs(self, owner: str, library: str = "") -> list[Job]:
        return self.journal.jobs(owner, library)

    def progress(self, owner: str, job: str) -> JobProgress:
        return self._ingestion.progress(owner, job)

    def failures(self, owner: str, job: str) -> list[Failure]:
        return self._ingestion.failures(owner, job)

    def pause(self, owner: str, job: str) -> None:
        self._ingestion.pause(owner, job)

    def resume(self, owner: str, job: str) -> None:
        self._ingestion.resume(owner, job)

    def cancel(self, owner: str, job: str) -> None:
        self._ingestion.cancel(owner, job)

    def unlock(self, owner: str, job: str, password: str) -> None:
        self._ingestion.unlock(owner, job, password)

    def dismiss(self, owner: str, job: str) -> None:
        self._ingestion.dismiss(owner, job)

    def close(self) -> None:
        """Stops the jobs where they are. To be called before the library is closed."""
        self._ingestion.close()
        self._sqlite.close()

    def _is_left(self, job: Job, with_locked: bool) -> bool:
        if job.state in ("paused", "running"):
            return True
        return with_locked and job.state == "done" and any(one.locked for one in self.journal.failures(job))

    def _sweep(self) -> None:
        """Copies that a killed run made and no job knows, and jobs that have nothing more to tell."""
        with self._adding:
            self.journal.tidy()
            awaited = self.journal.awaited()
            for path in self.incoming.iterdir() if self.incoming.is_dir() else ():
                if str(path) not in awaited:
                    path.unlink(missing_ok=True)


def check_free(folder: Path) -> None:
    """Raises LibraryError where another process fills or searches this library, before anything is loaded for it."""
    store.hold(folder).release()


class _Unread:
    """Stands where an embedder would, for whoever only takes things out."""

    dimensions = 1

    def __init__(self, space: str) -> None:
        self.space = space

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return numpy.zeros((len(texts), self.dimensions), numpy.float32)

    def embed_question(self, text: str) -> Vectors:  # noqa: ARG002 - the library asks with it
        return numpy.zeros(self.dimensions, numpy.float32)


def without_models(folder: Path) -> ChromaLibrary:
    """The library, opened to take things out of it: what is there can be removed where no model is to be had."""
    sqlite = SqliteStore(folder)
    try:
        filed = "SELECT name FROM sqlite_master WHERE name = 'filed'"
        rows = sqlite.rows("SELECT DISTINCT collection FROM filed") if sqlite.rows(filed) else []
    finally:
        sqlite.close()
    collections = [str(row["collection"]) for row in rows]
    return ChromaLibrary(folder, _Unread(collections[0].removeprefix(store.PREFIX) if collections else "empty"))
