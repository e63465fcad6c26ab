"""Ledger: the SQLite file beside the vectors, in which is written down what was filed. Knows no tables.

Whatever is committed survives a kill. A power cut may take the last moments along, in their order. Readers in
other processes are never kept waiting (WAL).
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retrieval.trouble import translated

NAME = "ledger.sqlite3"
Value = str | int | float | bytes | None


class Ledger:
    """One connection for all threads of the process."""

    def __init__(self, folder: Path) -> None:
        """Raises LibraryError where the folder cannot be written or holds something else under that name."""
        self._folder = folder
        self._alone = threading.RLock()
        with translated(folder, "opened"):
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(folder / NAME, check_same_thread=False, isolation_level=None, timeout=30)
            self._connection.row_factory = sqlite3.Row
            try:
                for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
                    self._connection.execute(f"PRAGMA {pragma}")
            except BaseException:
                self._connection.close()
                raise

    def make(self, tables: str) -> None:
        """CREATE … IF NOT EXISTS statements."""
        with self._alone, translated(self._folder, "opened"):
            self._connection.executescript(tables)

    def rows(self, query: str, *values: Value) -> Sequence[Any]:
        """Every row, each by the names of its columns."""
        with self._alone, translated(self._folder, "read"):
            return self._connection.execute(query, values).fetchall()

    def write(self, statement: str, *values: Value) -> int:
        """One statement; how many rows it touched."""
        with self._alone, translated(self._folder, "written"):
            return self._connection.execute(statement, values).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is written inside counts, or nothing of it. Inside another one it is a part of that."""
        with self._alone:
            if self._connection.in_transaction:
                yield
                return
            with translated(self._folder, "written"):
                self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            with translated(self._folder, "written"):
                self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._alone:
            self._connection.close()
