"""Named libraries as a page or a terminal needs them: plain values, and the verbs that others implement.

The owner comes first everywhere. What is somebody else's is as if it did not exist: every verb raises BadInput
with a sentence for it, as for what was never there.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from assistant.values.events import Step
from assistant.values.evidence import PagesRead
from assistant.values.messages import NOTHING, Message

JobState = Literal["running", "paused", "cancelled", "done"]


@dataclass(frozen=True)
class LibraryInfo:
    """A named library. scope: under which its pieces are filed; made of owner and id, never of what was typed."""

    id: str
    owner: str
    name: str
    files: int = 0

    @property
    def scope(self) -> str:
        return hashlib.sha256(json.dumps([self.owner, self.id]).encode()).hexdigest()


@dataclass(frozen=True)
class FileInfo:
    """A file in a library."""

    source_id: str
    """SHA-256 (hex) of its bytes."""
    name: str
    origins: tuple[str, ...]
    """The paths or addresses that it came from; none for uploads and pasted text."""
    bytes: int
    medium: str
    units: float
    """Pages, or seconds of a recording; 0 where neither fits."""
    notes: tuple[Message, ...]
    """Sentences about how it was read."""
    pages: tuple[PagesRead, ...] = ()
    """The pages that were not simply read."""


@dataclass(frozen=True)
class Job:
    """Files on their way into the library with this id."""

    id: str
    owner: str
    library: str
    state: JobState


@dataclass(frozen=True)
class JobProgress:
    """How far a job is. `doing` says it in words; `step`, `file`, `page` and `pages` for whoever has words of their
    own."""

    state: JobState
    files: int
    """How many there are altogether."""
    filed: int
    same: int
    """Files that were in the library already."""
    failed: int
    doing: Message = NOTHING
    """What happens to the next file, in words."""
    share: float = 0.0
    """How much of that file is done, 0 to 1."""
    trouble: Message = NOTHING
    """Why the job paused by itself."""
    locked: int = 0
    """Files that wait for a password."""
    step: Step | Literal["filing", ""] = ""
    file: str = ""
    """The name of the file."""
    page: int = 0
    """The page that is read; 0: not known."""
    pages: int = 0
    """How many pages the file has; 0: not known."""

    @property
    def done(self) -> int:
        return self.filed + self.same + self.failed + self.locked


@dataclass(frozen=True)
class Failure:
    """A file that could not be taken in, and why. locked: a password would open it."""

    name: str
    sentence: Message
    locked: bool = False


class NamedLibraries(Protocol):
    """The named libraries of every owner. Any thread may call any verb; none of them waits for a job.

    A password is held in memory until its job has ended, and nowhere else: after a restart the file is locked again.
    """

    @property
    def web_pages(self) -> bool:
        """Whether `add_address` is allowed."""
        ...

    def libraries(self, owner: str) -> list[LibraryInfo]:
        """By name."""
        ...

    def find(self, owner: str, name: str) -> LibraryInfo:
        """The owner's library of this name. Raises BadInput with the names that there are."""
        ...

    def files(self, owner: str, library: str) -> list[FileInfo]:
        """In the order in which they were added. library: its id, here and below."""
        ...

    def make(self, owner: str, name: str) -> LibraryInfo:
        """Raises BadInput where the owner has one of this name, or the name is none."""
        ...

    def rename(self, owner: str, library: str, name: str) -> None: ...

    def remove(self, owner: str, library: str) -> None:
        """For good, with its files, its jobs and everything that was found in them."""
        ...

    def add_files(
        self, owner: str, library: str, files: Sequence[tuple[Path, str]], password: str = "", replace: bool = False
    ) -> Job:
        """Paths with the names to show. They are copied before this returns.

        password: opens those that are encrypted. replace: a file of the same name goes once the new one is in.
        """
        ...

    def add_text(self, owner: str, library: str, name: str, text: str) -> Job: ...

    def add_address(self, owner: str, library: str, url: str) -> Job:
        """Fetches a web page, which takes up to some 20 seconds. Raises BadInput where that is not allowed."""
        ...

    def remove_file(self, owner: str, library: str, source_id: str) -> None: ...

    def jobs(self, owner: str, library: str = "") -> list[Job]:
        """Oldest first. library: only those that fill this one."""
        ...

    def progress(self, owner: str, job: str) -> JobProgress: ...

    def failures(self, owner: str, job: str) -> list[Failure]: ...

    def pause(self, owner: str, job: str) -> None: ...

    def resume(self, owner: str, job: str) -> None: ...

    def cancel(self, owner: str, job: str) -> None:
        """For good. What was filed stays."""
        ...

    def unlock(self, owner: str, job: str, password: str) -> None:
        """Tries the locked files of the job once more with this password."""
        ...

    def dismiss(self, owner: str, job: str) -> None:
        """Forgets a job that has ended, and what could not be taken in. Raises BadInput while it goes on."""
        ...
