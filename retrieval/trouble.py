"""The border to Chroma: what goes wrong in it, in words for the person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.storage.sqlite_store import LIBRARY
from assistant.storage.trouble import Verb, unusable


@contextmanager
def translated(folder: Path, done: Verb) -> Iterator[None]:
    """Chroma's errors inside become a LibraryError. done: what could not be: "read", "written"."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, sqlite3.Error, OSError, ValueError, RuntimeError) as error:
        raise unusable(error, LIBRARY, folder, done) from error
