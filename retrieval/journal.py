"""Journal: the jobs of filing and what has become of each of their files, written down as it happens."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.errors import BadInput
from assistant.ledger import Ledger
from retrieval.catalogue import LibraryInfo

JobState = Literal["running", "paused", "cancelled", "done"]
Outcome = Literal["waiting", "filed", "same", "failed"]

_TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, library TEXT NOT NULL, state TEXT NOT NULL, began REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS tasks (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, number INTEGER NOT NULL, path TEXT NOT NULL,
    name TEXT NOT NULL, origin TEXT NOT NULL, passing INTEGER NOT NULL, outcome TEXT NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (job, number)
);
"""


@dataclass(frozen=True)
class Incoming:
    """A file to take in. origin: where it comes from, so that its next version replaces it ("": nowhere).

    passing: the file was made for this, and goes once it is in.
    """

    path: Path
    name: str
    origin: str = ""
    passing: bool = False


@dataclass(frozen=True)
class Task:
    number: int
    incoming: Incoming
    outcome: Outcome
    note: str


@dataclass(frozen=True)
class Job:
    id: str
    owner: str
    library: str
    state: JobState


class Journal:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        ledger.make(_TABLES)

    def begin(self, library: LibraryInfo, files: Sequence[Incoming]) -> Job:
        job = Job(secrets.token_hex(16), library.owner, library.id, "running")
        with self._ledger.together():
            self._ledger.write(
                "INSERT INTO jobs VALUES (?, ?, ?, ?, ?)", job.id, job.owner, job.library, job.state, time.time()
            )
            for number, file in enumerate(files):
                self._ledger.write(
                    "INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, 'waiting', '')",
                    job.id, number, str(file.path), file.name, file.origin, file.passing,
                )  # fmt: skip
        return job

    def get(self, owner: str, job_id: str) -> Job:
        """Raises BadInput where this owner has no such job."""
        rows = self._ledger.rows("SELECT * FROM jobs WHERE id = ? AND owner = ?", job_id, owner)
        if not rows:
            raise BadInput("There is no such job.")
        return _job(rows[0])

    def jobs(self, owner: str) -> list[Job]:
        """Oldest first."""
        return [_job(row) for row in self._ledger.rows("SELECT * FROM jobs WHERE owner = ? ORDER BY began", owner)]

    def running(self) -> Job | None:
        """The oldest one that is to go on, of any owner: for the one who does the work."""
        rows = self._ledger.rows("SELECT * FROM jobs WHERE state = 'running' ORDER BY began LIMIT 1")
        return _job(rows[0]) if rows else None

    def turn(self, job: Job, state: JobState, only_from: Sequence[JobState] = ("running", "paused")) -> None:
        """From one state to another; a job that has ended stays ended."""
        marks = ", ".join("?" for _ in only_from)
        self._ledger.write(f"UPDATE jobs SET state = ? WHERE id = ? AND state IN ({marks})", state, job.id, *only_from)

    def next_task(self, job: Job) -> Task | None:
        rows = self._ledger.rows(
            "SELECT * FROM tasks WHERE job = ? AND outcome = 'waiting' ORDER BY number LIMIT 1", job.id
        )
        return _task(rows[0]) if rows else None

    def end_task(self, job: Job, task: Task, outcome: Outcome, note: str = "") -> None:
        self._ledger.write(
            "UPDATE tasks SET outcome = ?, note = ? WHERE job = ? AND number = ?", outcome, note, job.id, task.number
        )

    def tasks(self, job: Job) -> list[Task]:
        return [_task(row) for row in self._ledger.rows("SELECT * FROM tasks WHERE job = ? ORDER BY number", job.id)]

    def counts(self, job: Job) -> dict[str, int]:
        """Outcome → how many files of the job."""
        rows = self._ledger.rows("SELECT outcome, count(*) AS n FROM tasks WHERE job = ? GROUP BY outcome", job.id)
        return {row["outcome"]: row["n"] for row in rows}

    def failures(self, job: Job) -> list[tuple[str, str]]:
        """Name and sentence of each file that could not be taken in."""
        rows = self._ledger.rows(
            "SELECT name, note FROM tasks WHERE job = ? AND outcome = 'failed' ORDER BY number", job.id
        )
        return [(row["name"], row["note"]) for row in rows]


def _job(row: Any) -> Job:
    return Job(row["id"], row["owner"], row["library"], row["state"])


def _task(row: Any) -> Task:
    incoming = Incoming(Path(row["path"]), row["name"], row["origin"], bool(row["passing"]))
    return Task(row["number"], incoming, row["outcome"], row["note"])
