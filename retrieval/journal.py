"""Journal: the jobs of filing and what has become of each of their files, written down as it happens."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.ports.named_libraries import Failure, Job, JobState, LibraryInfo
from assistant.storage.sqlite_store import SqliteStore
from assistant.values.errors import BadInput
from assistant.values.messages import NOTHING, Message, say

Outcome = Literal["waiting", "filed", "same", "failed", "locked"]

_TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, library TEXT NOT NULL, state TEXT NOT NULL, began REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS tasks (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, number INTEGER NOT NULL, path TEXT NOT NULL,
    name TEXT NOT NULL, origin TEXT NOT NULL, passing INTEGER NOT NULL, outcome TEXT NOT NULL, note TEXT NOT NULL,
    begun INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (job, number)
);
"""


@dataclass(frozen=True)
class Incoming:
    """A file that is to be taken in."""

    path: Path
    name: str
    origin: str = ""
    """Where it comes from, so that its next version replaces it; "": nowhere."""
    passing: bool = False
    """Whether the file was made for this, and goes once it is in, or will never be."""


@dataclass(frozen=True)
class Task:
    """begun: how often the file was begun with while nothing tells how that ended: the program died over it."""

    number: int
    incoming: Incoming
    outcome: Outcome
    note: Message
    begun: int = 0


class Journal:
    def __init__(self, sqlite: SqliteStore) -> None:
        self._sqlite = sqlite
        sqlite.make(_TABLES)
        sqlite.add_column("tasks", "begun", "INTEGER NOT NULL DEFAULT 0")  # older stores do not count

    def begin(self, library: LibraryInfo, files: Sequence[Incoming]) -> Job:
        job = Job(secrets.token_hex(16), library.owner, library.id, "running")
        with self._sqlite.together():
            self._sqlite.write(
                "INSERT INTO jobs VALUES (?, ?, ?, ?, ?)", job.id, job.owner, job.library, job.state, time.time()
            )
            for number, file in enumerate(files):
                self._sqlite.write(
                    "INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, 'waiting', '', 0)",
                    job.id, number, str(file.path), file.name, file.origin, file.passing,
                )  # fmt: skip
        return job

    def get(self, owner: str, job_id: str) -> Job:
        """Raises BadInput where this owner has no such job."""
        rows = self._sqlite.rows("SELECT * FROM jobs WHERE id = ? AND owner = ?", job_id, owner)
        if not rows:
            raise BadInput(say("There is no such job."))
        return _job(rows[0])

    def jobs(self, owner: str, library_id: str = "") -> list[Job]:
        """Oldest first. library_id: only those that fill this one."""
        rows = self._sqlite.rows("SELECT * FROM jobs WHERE owner = ? ORDER BY began", owner)
        return [_job(row) for row in rows if library_id in ("", row["library"])]

    def running(self) -> Job | None:
        """The oldest one that is to go on, of any owner: for the one who does the work."""
        rows = self._sqlite.rows("SELECT * FROM jobs WHERE state = 'running' ORDER BY began LIMIT 1")
        return _job(rows[0]) if rows else None

    def is_running(self, job: Job) -> bool:
        return bool(self._sqlite.rows("SELECT 1 FROM jobs WHERE id = ? AND state = 'running'", job.id))

    def goes_on(self, job: Job) -> bool:
        """Whether it is running, or paused."""
        return bool(self._sqlite.rows("SELECT 1 FROM jobs WHERE id = ? AND state IN ('running', 'paused')", job.id))

    def turn(self, job: Job, state: JobState, only_from: Sequence[JobState] = ("running", "paused")) -> None:
        """From one state to another; a job that has ended stays ended."""
        marks = ", ".join("?" for _ in only_from)
        self._sqlite.write(f"UPDATE jobs SET state = ? WHERE id = ? AND state IN ({marks})", state, job.id, *only_from)

    def finish(self, job: Job) -> bool:
        """It is done, unless it was stopped or a file of it waits (again)."""
        return bool(
            self._sqlite.write(
                "UPDATE jobs SET state = 'done' WHERE id = ? AND state = 'running'"
                " AND NOT EXISTS (SELECT 1 FROM tasks WHERE job = jobs.id AND outcome = 'waiting')",
                job.id,
            )
        )

    def next_task(self, job: Job) -> Task | None:
        rows = self._sqlite.rows(
            "SELECT * FROM tasks WHERE job = ? AND outcome = 'waiting' ORDER BY number LIMIT 1", job.id
        )
        return _task(rows[0]) if rows else None

    def begin_task(self, job: Job, task: Task) -> None:
        """To be written before anything looks at the file."""
        self._count(job, task, task.begun + 1)

    def leave_task(self, job: Job, task: Task) -> None:
        """It was begun with, and left as it was: it will be begun with anew, and that was no fault of the file."""
        self._count(job, task, task.begun)

    def _count(self, job: Job, task: Task, begun: int) -> None:
        self._sqlite.write("UPDATE tasks SET begun = ? WHERE job = ? AND number = ?", begun, job.id, task.number)

    def end_task(self, job: Job, task: Task, outcome: Outcome, note: Message = NOTHING) -> None:
        self._sqlite.write(
            "UPDATE tasks SET outcome = ?, note = ?, begun = 0 WHERE job = ? AND number = ?",
            outcome, note.to_text(), job.id, task.number,
        )  # fmt: skip

    def tasks(self, job: Job) -> list[Task]:
        return [_task(row) for row in self._sqlite.rows("SELECT * FROM tasks WHERE job = ? ORDER BY number", job.id)]

    def counts(self, job: Job) -> dict[str, int]:
        """Outcome → how many files of the job."""
        rows = self._sqlite.rows("SELECT outcome, count(*) AS n FROM tasks WHERE job = ? GROUP BY outcome", job.id)
        return {row["outcome"]: row["n"] for row in rows}

    def failures(self, job: Job) -> list[Failure]:
        """Each file that could not be taken in."""
        rows = self._sqlite.rows(
            "SELECT * FROM tasks WHERE job = ? AND outcome IN ('failed', 'locked') ORDER BY number", job.id
        )
        return [Failure(row["name"], Message.from_text(row["note"]), row["outcome"] == "locked") for row in rows]

    def unlock(self, job: Job) -> int:
        """The locked files of the job wait again; how many these are."""
        return self._sqlite.write(
            "UPDATE tasks SET outcome = 'waiting', note = '' WHERE job = ? AND outcome = 'locked'", job.id
        )

    def forget(self, job: Job) -> None:
        self._sqlite.write("DELETE FROM jobs WHERE id = ?", job.id)

    def tidy(self) -> None:
        """Jobs that ended with nothing to tell are forgotten."""
        self._sqlite.write(
            "DELETE FROM jobs WHERE state IN ('done', 'cancelled') AND NOT EXISTS"
            " (SELECT 1 FROM tasks WHERE job = jobs.id AND outcome IN ('failed', 'locked'))"
        )

    def awaited(self) -> set[str]:
        """Paths of passing files that some job still needs."""
        rows = self._sqlite.rows(
            "SELECT path FROM tasks JOIN jobs ON jobs.id = job WHERE passing AND outcome IN ('waiting', 'locked')"
            " AND state != 'cancelled'"
        )
        return {row["path"] for row in rows}


def _job(row: Any) -> Job:
    return Job(row["id"], row["owner"], row["library"], row["state"])


def _task(row: Any) -> Task:
    incoming = Incoming(Path(row["path"]), row["name"], row["origin"], bool(row["passing"]))
    return Task(row["number"], incoming, row["outcome"], Message.from_text(row["note"]), row["begun"])
