"""The border to Chroma: what goes wrong in it, in words for the person."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import LibraryError

_FULL = ("no space left", "disk is full", "disk full", "database or disk is full")


@contextmanager
def translated(folder: Path, done: str) -> Iterator[None]:
    """Chroma's errors inside become a LibraryError. done: what could not be: "read", "written"."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, sqlite3.Error, OSError, ValueError, RuntimeError) as error:
        full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        if full or any(words in str(error).lower() for words in _FULL):
            raise LibraryError(f"The disk that holds {folder} is full. Free some space and try again.") from error
        raise LibraryError(
            f"The library in {folder} could not be {done}. If this goes on, move that folder away and start again:"
            " an empty one is made."
        ) from error
