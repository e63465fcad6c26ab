"""SqliteStore: an SQLite file for what must not be lost. It knows no tables.

What is committed survives a kill. A power cut may lose the last moments, in their order. Readers in other processes
never wait (WAL).
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.storage.trouble import Verb, unusable
from assistant.values.messages import Message, say

NAME = "ledger.sqlite3"
LIBRARY = say("library")
Value = str | int | float | bytes | None


class SqliteStore:
    """One connection for all threads of the process."""

    def __init__(self, folder: Path, name: str = NAME, holds: Message = LIBRARY) -> None:
        """holds: what lies in that folder, in the words of the person.

        Raises LibraryError where the folder cannot be written or holds something else under that name.
        """
        self._folder, self._holds = folder, holds
        self._alone = threading.RLock()
        with self._translated("opened"):
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(folder / name, check_same_thread=False, isolation_level=None, timeout=30)
            self._connection.row_factory = sqlite3.Row
            try:
                for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
                    self._connection.execute(f"PRAGMA {pragma}")
            except BaseException:
                self._connection.close()
                raise

    def make(self, tables: str) -> None:
        """CREATE … IF NOT EXISTS statements, or any others between BEGIN and COMMIT."""
        with self._alone, self._translated("opened"):
            try:
                self._connection.executescript(tables)
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def add_column(self, table: str, name: str, kind: str) -> None:
        """Unless it is there. kind: its type and what else stands behind its name."""
        with self.together():
            if name not in {row["name"] for row in self.rows(f"PRAGMA table_info({table})")}:
                self.write(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")

    def rows(self, query: str, *values: Value) -> Sequence[Any]:
        """Every row, each by the names of its columns."""
        with self._alone, self._translated("read"):
            return self._connection.execute(query, values).fetchall()

    def write(self, statement: str, *values: Value) -> int:
        """One statement; how many rows it touched."""
        with self._alone, self._translated("written"):
            return self._connection.execute(statement, values).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is written inside counts, or nothing of it. Inside another one it is a part of that."""
        with self._alone:
            if self._connection.in_transaction:
                yield
                return
            with self._translated("written"):
                self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            with self._translated("written"):
                self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._alone:
            self._connection.close()

    @contextmanager
    def _translated(self, done: Verb) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            raise unusable(error, self._holds, self._folder, done) from error
