"""Ingestion: files into named libraries, in the background, one after the other; killed at any moment it goes on.

The order of writing makes that safe: pieces, then the library's ledger, then the catalogue, then the journal.
Each step done twice is as if done once. Knows nothing of formats: how a file is read is handed in.
"""

import logging
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import media
from assistant.errors import AssistantError, BadInput, LibraryError
from assistant.events import Status
from assistant.evidence import Document
from assistant.originals import Originals
from retrieval.catalogue import Catalogue, LibraryInfo
from retrieval.journal import Incoming, Job, JobState, Journal, Task
from retrieval.library import ChromaLibrary

log = logging.getLogger(__name__)

Read = Callable[[Path, str], Generator[Status, None, Document]]  # a path and its name; see `ports.Modality`

_TICK = 0.05  # seconds between two looks whether somebody else still needs the processor


@dataclass(frozen=True)
class JobProgress:
    """filed, same (in already) and failed of `files` are done; `doing` says what happens to the next one.

    share: of that one, 0 to 1. trouble: why a job paused by itself.
    """

    state: JobState
    files: int
    filed: int
    same: int
    failed: int
    doing: str = ""
    share: float = 0.0
    trouble: str = ""

    @property
    def done(self) -> int:
        return self.filed + self.same + self.failed


class _Interrupted(Exception):
    """The job was paused or cancelled, or the program ends."""


class Ingestion:
    """One worker thread for all jobs. Every verb takes the owner; another's jobs do not exist for it."""

    def __init__(
        self,
        library: Callable[[], ChromaLibrary],
        catalogue: Catalogue,
        journal: Journal,
        read: Read,
        originals: Originals,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """library: waits until it is open. busy: whether a turn is being answered, which goes first."""
        self._library, self._catalogue, self._journal = library, catalogue, journal
        self._read, self._originals, self._busy = read, originals, busy
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._doing: dict[str, tuple[str, float]] = {}
        self._trouble: dict[str, str] = {}
        self._worker: threading.Thread | None = None
        self._starting = threading.Lock()

    def start(self, library: LibraryInfo, files: Sequence[Incoming]) -> Job:
        """Writes the job down and returns at once."""
        job = self._journal.begin(self._catalogue.get(library.owner, library.id), files)
        self.go_on()
        return job

    def go_on(self) -> None:
        """Goes on with everything that an earlier run left running."""
        with self._starting:
            if self._worker is None and not self._closed.is_set():
                self._worker = threading.Thread(target=self._work, name="file documents", daemon=True)
                self._worker.start()
        self._wake.set()

    def pause(self, owner: str, job_id: str) -> None:
        """Ends at the next batch; the file it is at begins anew later."""
        self._journal.turn(self._journal.get(owner, job_id), "paused")

    def resume(self, owner: str, job_id: str) -> None:
        self._trouble.pop(job_id, None)
        self._journal.turn(self._journal.get(owner, job_id), "running")
        self.go_on()

    def cancel(self, owner: str, job_id: str) -> None:
        """For good. What was filed stays."""
        self._journal.turn(self._journal.get(owner, job_id), "cancelled")

    def progress(self, owner: str, job_id: str) -> JobProgress:
        job = self._journal.get(owner, job_id)
        counts = self._journal.counts(job)
        doing, share = self._doing.get(job.id, ("", 0.0))
        return JobProgress(
            job.state,
            sum(counts.values()),
            counts.get("filed", 0),
            counts.get("same", 0),
            counts.get("failed", 0),
            doing,
            share,
            self._trouble.get(job.id, ""),
        )

    def failures(self, owner: str, job_id: str) -> list[tuple[str, str]]:
        """Name and sentence of each file that could not be taken in."""
        return self._journal.failures(self._journal.get(owner, job_id))

    def remove(self, owner: str, library_id: str) -> None:
        """A whole library: its jobs, names, vectors and originals."""
        for job in self._journal.jobs(owner):
            if job.library == library_id:
                self._journal.turn(job, "cancelled")
        self._catalogue.remove(owner, library_id)
        self.clear()

    def remove_file(self, owner: str, library_id: str, source_id: str) -> None:
        self._catalogue.remove_file(owner, library_id, source_id)
        self.clear()

    def clear(self) -> None:
        """Takes what is listed no more out of the store, also what a killed run left there."""
        for scope, source_id in self._catalogue.removals():
            if source_id:
                self._library().remove(scope, source_id)
                if (kept := self._originals.find(scope, source_id)) is not None:
                    kept.unlink(missing_ok=True)
            else:
                self._library().forget(scope)
                self._originals.forget(scope)
            self._catalogue.removed(scope, source_id)

    def close(self) -> None:
        """Stops at the next batch; a later run goes on from there."""
        self._closed.set()
        self._wake.set()
        if self._worker is not None:
            self._worker.join()

    def _work(self) -> None:
        while not self._closed.is_set():
            self._wake.clear()
            job = self._journal.running()
            if job is None:
                self._wake.wait()
                continue
            try:
                self._do(job)
            except _Interrupted:
                pass
            except AssistantError as error:  # of the library: the next file would fare no better
                self._stop(job, str(error))
            except Exception:
                log.exception("A job of filing ended unexpectedly")
                self._stop(job, "Something unexpected went wrong; the log has it whole.")
            finally:
                self._doing.pop(job.id, None)

    def _stop(self, job: Job, trouble: str) -> None:
        self._trouble[job.id] = trouble
        self._journal.turn(job, "paused")

    def _do(self, job: Job) -> None:
        library = self._library()
        self.clear()
        if library.outdated():
            library.reembed(self._between(job, "Reading the library anew for another embedding model"))
        try:
            shelf = self._catalogue.get(job.owner, job.library)
        except BadInput:  # it was removed
            self._journal.turn(job, "cancelled")
            return
        while (task := self._journal.next_task(job)) is not None:
            self._between(job, task.incoming.name)(0, 1)
            self._take(job, shelf, task)
            if task.incoming.passing:
                task.incoming.path.unlink(missing_ok=True)
        self._journal.turn(job, "done")

    def _take(self, job: Job, shelf: LibraryInfo, task: Task) -> None:
        """One file; what is wrong with it is noted, and the next one follows."""
        file = task.incoming
        try:
            if not file.path.is_file():
                raise BadInput(f"There is no file {file.name} any more.")
            source_id, size = media.digest(file.path), file.path.stat().st_size
            if self._catalogue.holds(shelf, source_id, file.origin):
                self._journal.end_task(job, task, "same")
                return
            document = replace(self._reading(job, file), source_id=source_id)
            if not any(passage.text.strip() for passage in document.passages):
                raise BadInput(" ".join(document.notes) or f"I found nothing to read in {file.name}.")
            self._library().add(document, shelf.scope, self._between(job, file.name, document))
            self._originals.keep(file.path, shelf.scope, source_id, file.name)
            self._catalogue.add_file(shelf, document, file.origin, size)
            self._journal.end_task(job, task, "filed", " ".join(document.notes))
            self.clear()
        except LibraryError:
            raise
        except AssistantError as error:
            self._journal.end_task(job, task, "failed", str(error))
        except OSError as error:
            self._journal.end_task(job, task, "failed", f"I cannot read {file.name}: {error.strerror or error}.")

    def _reading(self, job: Job, file: Incoming) -> Document:
        steps = self._read(file.path, file.name)
        try:
            while True:
                self._between(job, next(steps).text)(0, 1)
        except StopIteration as end:
            document: Document = end.value
            return document
        finally:
            steps.close()

    def _between(self, job: Job, doing: str, document: Document | None = None) -> Callable[[int, int], None]:
        """Notes how far it is, waits while a turn is being answered, and ends the work where it is to end."""
        pages = int(document.units) if document is not None and document.medium == "text" else 0

        def told(done: int, total: int) -> None:
            share = done / max(total, 1)
            at = f", page {max(1, round(share * pages))} of {pages}" if pages > 1 else ""
            self._doing[job.id] = (doing + at, share)
            while True:
                if self._closed.is_set() or self._journal.get(job.owner, job.id).state != "running":
                    raise _Interrupted
                if not self._busy():
                    return
                self._closed.wait(_TICK)

        return told
