"""Ingestion: files into named libraries, in the background, one after the other; killed at any moment it goes on.

The order of writing makes that safe: pieces, then the library's SQLite store, then the catalogue, then the journal.
Each step done twice is as if done once. A file is written down as begun before anything looks at it, so that one
that takes the program down with it is known by name, and not begun with at every start. Knows nothing of formats: how
a file is read is handed in.
"""

import logging
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from assistant import media
from assistant.ports.library import MOST_ATTEMPTS
from assistant.ports.named_libraries import Failure, Job, JobProgress, LibraryInfo
from assistant.storage.originals import Originals
from assistant.values.errors import AssistantError, BadInput, LibraryError, Locked
from assistant.values.events import Status
from assistant.values.evidence import Document
from assistant.values.messages import NOTHING, Message, as_message, joined, say
from retrieval.catalogue import Catalogue
from retrieval.clearing import Clearing
from retrieval.journal import Incoming, Journal, Task
from retrieval.library import ChromaLibrary
from retrieval.pace import Interrupted, JobPacing

log = logging.getLogger(__name__)

# A path, its name and the password that may open it; see `ports.Modality`.
Read = Callable[[Path, str, str], Generator[Status, None, Document]]

_UNEXPECTED = say("Something unexpected went wrong; the log has it whole.")
PATIENCE = 20.0


class Ingestion:
    """One worker thread for all jobs. Every verb takes the owner; another's jobs do not exist for it."""

    def __init__(
        self,
        library: Callable[[], ChromaLibrary],
        catalogue: Catalogue,
        journal: Journal,
        read: Read,
        originals: Originals,
        is_answering: Callable[[], bool] = lambda: False,
        patience: float = PATIENCE,
    ) -> None:
        """library: waits until it is open. is_answering: whether a turn is being answered, which goes first.

        patience: seconds after which a step that should have ended is stuck.
        """
        self._library, self._catalogue, self._journal = library, catalogue, journal
        self._read, self._originals = read, originals
        self._pace, self._patience = JobPacing(journal, is_answering), patience
        self._wake = threading.Event()
        self._trouble: dict[str, Message] = {}
        self._passwords: dict[str, str] = {}  # job → what opens its files; here alone, and until it has ended
        self._clearing = Clearing(library, catalogue, originals)
        self._unlocking = threading.Lock()  # a job neither ends nor loses its password while that is given
        self._worker: threading.Thread | None = None
        self._at: tuple[Job, Task] | None = None  # what the worker has begun with
        self._starting, self._counting = threading.Lock(), threading.Lock()

    def start(self, library: LibraryInfo, files: Sequence[Incoming], password: str = "") -> Job:
        """Writes the job down and returns at once."""
        job = self._journal.begin(self._catalogue.get(library.owner, library.id), files)
        if password:
            self._passwords[job.id] = password
        self.go_on()
        return job

    def go_on(self) -> None:
        """Goes on with everything that an earlier run left running."""
        with self._starting:
            if self._worker is None and not self._pace.closed.is_set():
                self._worker = threading.Thread(target=self._work, name="file documents", daemon=True)
                self._worker.start()
        self._wake.set()

    def pause(self, owner: str, job_id: str) -> None:
        """Ends at the next batch; the file it is at begins anew later."""
        self._journal.turn(self._journal.get(owner, job_id), "paused")
        self._count_attempt(False, job_id)

    def resume(self, owner: str, job_id: str, password: str = "") -> None:
        """password: opens what is encrypted of the files still to come."""
        self._journal.turn(self._journal.get(owner, job_id), "running")
        self._count_attempt(True, job_id)  # where the worker has not noticed the pause
        self._trouble.pop(job_id, None)
        if password:
            self._passwords[job_id] = password
        self.go_on()

    def unlock(self, owner: str, job_id: str, password: str) -> None:
        """The locked files of the job are tried once more. Raises BadInput where none waits for a password."""
        job = self._journal.get(owner, job_id)
        with self._unlocking:
            if not self._journal.unlock(job):
                raise BadInput(say("No file of this job waits for a password."))
            self._passwords[job.id] = password
            self._trouble.pop(job.id, None)
            self._journal.turn(job, "running", ("paused", "done"))
        self.go_on()

    def cancel(self, owner: str, job_id: str) -> None:
        """For good. What was filed stays."""
        job = self._journal.get(owner, job_id)
        self._journal.turn(job, "cancelled")
        self._passwords.pop(job_id, None)
        self._drop_passing(job)

    def dismiss(self, owner: str, job_id: str) -> None:
        """Forgets a job that has ended. Raises BadInput while it goes on."""
        job = self._journal.get(owner, job_id)
        if job.state in ("running", "paused"):
            raise BadInput(say("These files are still being added. Cancel that first."))
        self._drop_passing(job)
        self._journal.forget(job)

    def progress(self, owner: str, job_id: str) -> JobProgress:
        job = self._journal.get(owner, job_id)
        counts = self._journal.counts(job)
        now = self._pace.now(job)
        return JobProgress(
            job.state,
            sum(counts.values()),
            counts.get("filed", 0),
            counts.get("same", 0),
            counts.get("failed", 0),
            now.doing,
            now.share,
            self._trouble.get(job.id, NOTHING),
            counts.get("locked", 0),
            now.step,
            now.file,
            now.page,
            now.pages,
        )

    def failures(self, owner: str, job_id: str) -> list[Failure]:
        """Each file that could not be taken in."""
        return self._journal.failures(self._journal.get(owner, job_id))

    def remove(self, owner: str, library_id: str) -> None:
        """A whole library: its jobs, names, vectors and originals."""
        self._catalogue.get(owner, library_id)
        for job in self._journal.jobs(owner, library_id):
            self.cancel(owner, job.id)
            self.dismiss(owner, job.id)
        self._catalogue.remove(owner, library_id)
        self.clear()

    def remove_file(self, owner: str, library_id: str, source_id: str) -> None:
        self._catalogue.remove_file(owner, library_id, source_id)
        self.clear()

    def clear(self) -> None:
        """Takes what is listed no more out of the store; see `Clearing`."""
        self._clearing.clear()

    def close(self) -> None:
        """Stops at the next batch; a later run goes on from there.

        Who is impatient and ends the program meanwhile does not end it over a file. Only one at which the worker is
        stuck counts as begun again.
        """
        self._pace.closed.set()
        self._wake.set()
        if self._worker is not None:
            self._count_attempt(False)
            self._worker.join(self._patience)
            if self._worker.is_alive():
                self._count_attempt(True)
                self._worker.join()
        self._passwords.clear()

    def _count_attempt(self, counts: bool, job_id: str = "") -> None:
        """Whether the end of the program would now be put down to the file that the worker is at (of this job)."""
        with suppress(LibraryError), self._counting:
            if self._at is not None and job_id in ("", self._at[0].id):
                (self._journal.begin_task if counts else self._journal.leave_task)(*self._at)

    def _drop_passing(self, job: Job) -> None:
        """What was made for this job alone and will not come in."""
        for task in self._journal.tasks(job):
            if task.incoming.passing and task.outcome in ("waiting", "locked"):
                task.incoming.path.unlink(missing_ok=True)

    def _work(self) -> None:
        self._renew()
        while not self._pace.closed.is_set():
            self._wake.clear()
            job = self._journal.running()
            if job is None:
                self._wake.wait()
                continue
            try:
                self._do(job)
            except Interrupted:
                self._clear_after(job)
            except AssistantError as error:  # of the library: the next file would fare no better
                self._stop(job, error.message)
            except Exception:
                log.exception("A job of filing ended unexpectedly")
                self._stop(job, _UNEXPECTED)
            finally:
                self._pace.forget(job)

    def _renew(self) -> None:
        """What was filed with other models is brought into the spaces of the present ones; until then it is not found.

        A job does the same before its first file, so what is not done here is done there.
        """
        try:
            library = self._library()
            if library.outdated():
                library.reembed(self._pace.in_quiet)
            if library.unseen():
                library.see_again(self._originals.find, self._pace.in_quiet)
        except Interrupted:
            pass
        except Exception:  # whatever it is, files can still be taken in
            log.exception("The library could not be read anew for the present models")

    def _clear_after(self, job: Job) -> None:
        """Its library may have been removed while a file was being filed into it."""
        try:
            self.clear()
        except AssistantError as error:
            self._trouble[job.id] = error.message

    def _stop(self, job: Job, trouble: Message) -> None:
        self._trouble[job.id] = trouble
        self._journal.turn(job, "paused")

    def _do(self, job: Job) -> None:
        library = self._library()
        self.clear()
        if library.outdated():
            library.reembed(self._pace.between(job, say("Reading the library anew for another embedding model")))
        if library.unseen():
            on_progress = self._pace.between(job, say("Looking at the pictures in the library with another model"))
            library.see_again(self._originals.find, on_progress)
        try:
            info = self._catalogue.get(job.owner, job.library)
        except BadInput:  # it was removed
            self._journal.turn(job, "cancelled")
            return
        while (task := self._next_task(job)) is not None:
            self._pace.between(job, as_message(task.incoming.name), task.incoming.name)(0, 1)
            locked = self._attempt(job, info, task)
            if task.incoming.passing and not locked:
                task.incoming.path.unlink(missing_ok=True)
            self.clear()

    def _next_task(self, job: Job) -> Task | None:
        """None: it is done. Raises Interrupted where it was stopped."""
        while (task := self._journal.next_task(job)) is None:
            with self._unlocking:
                if self._journal.finish(job):
                    self._passwords.pop(job.id, None)
                    return None
            if not self._journal.is_running(job):
                raise Interrupted
        return task

    def _attempt(self, job: Job, info: LibraryInfo, task: Task) -> bool:
        """`_take`, written down before it begins; left in order, whyever, it was no attempt."""
        if task.begun >= MOST_ATTEMPTS:
            name = task.incoming.name
            log.error("%s was being read at %s unexpected ends of the program; it is set aside.", name, task.begun)
            self._journal.end_task(job, task, "failed", _set_aside(name))
            return False
        with self._counting:
            self._journal.begin_task(job, task)
            self._at = job, task
        try:
            return self._take(job, info, task)
        except BaseException:
            with suppress(LibraryError), self._counting:  # what broke off is told, not what followed from it
                self._at = None
                self._journal.leave_task(job, task)
            raise
        finally:
            with self._counting:
                self._at = None

    def _take(self, job: Job, info: LibraryInfo, task: Task) -> bool:
        """One file; what is wrong with it is noted, and the next one follows. Whether it waits for a password."""
        file = task.incoming
        try:
            if not file.path.is_file():
                raise BadInput(say("There is no file {name} any more.", name=file.name))
            source_id, size = media.digest(file.path), file.path.stat().st_size
            if self._catalogue.holds(info, source_id, file.origin):
                self._journal.end_task(job, task, "same")
                return False
            document = replace(self._reading(job, file), source_id=source_id)
            wordless = not any(passage.text.strip() for passage in document.passages)
            if wordless and not (document.figures and self._library().sees):
                raise BadInput(joined(*document.notes) or say("I found nothing to read in {name}.", name=file.name))
            self._file(job, info, file, document, size)
            self._journal.end_task(job, task, "filed", joined(*document.notes))
        except LibraryError:
            raise
        except Locked as error:
            self._journal.end_task(job, task, "locked", error.message)
            return True
        except (AssistantError, OSError) as error:
            if not self._journal.is_running(job):  # its file went because it was cancelled
                raise Interrupted from error
            self._journal.end_task(job, task, "failed", _sentence(error, file.name))
        return False

    def _file(self, job: Job, info: LibraryInfo, file: Incoming, document: Document, size: int) -> None:
        whose = (info.scope, document.source_id)
        with self._clearing.filing:
            self._clearing.clear_but("", "")  # also what these bytes left when they were removed a moment ago
            on_progress = self._pace.between(
                job, as_message(file.name), file.name, document, lambda: self._clearing.clear_but(*whose)
            )
            try:
                self._library().add(document, info.scope, on_progress)
            except Interrupted:
                if not self._pace.closed.is_set() and not self._journal.goes_on(job):
                    self._library().remove(*whose)  # nobody will come back for these pieces
                raise
            self._originals.keep(file.path, info.scope, document.source_id, file.name)
            self._catalogue.add_file(info, document, file.origin, size)

    def _reading(self, job: Job, file: Incoming) -> Document:
        steps = self._read(file.path, file.name, self._passwords.get(job.id, ""))
        try:
            while True:
                status = next(steps)
                self._pace.between(job, status.text, file.name, step=status.step)(0, 1)
        except StopIteration as end:
            document: Document = end.value
            return document
        except (AssistantError, OSError, Interrupted):
            raise
        except Exception as error:  # of this file: the next one may do better
            log.exception("A file could not be read")
            raise BadInput(_UNEXPECTED) from error
        finally:
            steps.close()


def _set_aside(name: str) -> Message:
    return say(
        "{name} was being read twice when Medley stopped unexpectedly, so it was set aside; remove it or add it again.",
        name=name,
    )


def _sentence(error: AssistantError | OSError, name: str) -> Message:
    if isinstance(error, OSError):
        return say("I cannot read {name}: {trouble}.", name=name, trouble=error)
    return error.message
