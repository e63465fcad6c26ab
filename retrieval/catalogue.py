"""Catalogue: the named libraries and the files in them, each for its owner alone. Knows nothing of vectors.

Every verb takes the owner and puts it into its query; what is somebody else's is as if it did not exist.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.ports.named_libraries import FileInfo, LibraryInfo
from assistant.storage.sqlite_store import SqliteStore
from assistant.values.errors import BadInput
from assistant.values.evidence import Document, PagesRead
from assistant.values.messages import Message, say

NAME_LENGTH = 100
SAME_NAME = "name:"  # an origin that begins so: what has this name in the library is what came from there before

_TABLES = """
CREATE TABLE IF NOT EXISTS libraries (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (owner, name)
);
CREATE TABLE IF NOT EXISTS files (
    library TEXT NOT NULL REFERENCES libraries (id) ON DELETE CASCADE, source_id TEXT NOT NULL,
    name TEXT NOT NULL, bytes INTEGER NOT NULL, medium TEXT NOT NULL, units REAL NOT NULL,
    notes TEXT NOT NULL, pages TEXT NOT NULL DEFAULT '[]', PRIMARY KEY (library, source_id)
);
CREATE TABLE IF NOT EXISTS origins (
    library TEXT NOT NULL, origin TEXT NOT NULL, source_id TEXT NOT NULL, PRIMARY KEY (library, origin),
    FOREIGN KEY (library, source_id) REFERENCES files (library, source_id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS origins_by_source ON origins (library, source_id);
CREATE TABLE IF NOT EXISTS removals (scope TEXT NOT NULL, source_id TEXT NOT NULL, UNIQUE (scope, source_id));
"""


class Catalogue:
    def __init__(self, sqlite: SqliteStore) -> None:
        self._sqlite = sqlite
        sqlite.make(_TABLES)
        with sqlite.together():  # older stores know no pages
            if "pages" not in {row["name"] for row in sqlite.rows("PRAGMA table_info(files)")}:
                sqlite.write("ALTER TABLE files ADD COLUMN pages TEXT NOT NULL DEFAULT '[]'")

    def make(self, owner: str, name: str) -> LibraryInfo:
        """Raises BadInput where the owner has one of this name, or the name is none."""
        name = _checked(name)
        with self._sqlite.together():
            if self._named(owner, name) is not None:
                raise BadInput(say("There is a library called {name} already. Choose another name.", name=name))
            library = LibraryInfo(secrets.token_hex(16), owner, name)
            self._sqlite.write("INSERT INTO libraries VALUES (?, ?, ?)", library.id, owner, name)
        return library

    def find(self, owner: str, name: str) -> LibraryInfo:
        """The owner's library of this name. Raises BadInput with the names that there are."""
        if (library := self._named(owner, _checked(name))) is not None:
            return library
        names = ", ".join(library.name for library in self.libraries(owner))
        raise BadInput(
            say(
                "There is no library called {name}. {reason}",
                name=name,
                reason=say("There are: {names}.", names=names) if names else say("There is none yet."),
            )
        )

    def find_or_make(self, owner: str, name: str) -> LibraryInfo:
        with self._sqlite.together():
            return self._named(owner, _checked(name)) or self.make(owner, name)

    def get(self, owner: str, library_id: str) -> LibraryInfo:
        """Raises BadInput where this owner has no such library."""
        for library in self.libraries(owner):
            if library.id == library_id:
                return library
        raise BadInput(say("That library does not exist any more."))

    def libraries(self, owner: str) -> list[LibraryInfo]:
        """By name."""
        rows = self._sqlite.rows(
            "SELECT libraries.*, (SELECT count(*) FROM files WHERE library = id) AS files FROM libraries"
            " WHERE owner = ? ORDER BY name",
            owner,
        )
        return [LibraryInfo(row["id"], row["owner"], row["name"], row["files"]) for row in rows]

    def rename(self, owner: str, library_id: str, name: str) -> None:
        name = _checked(name)
        with self._sqlite.together():
            same = self._named(owner, name)
            if same is not None and same.id != library_id:
                raise BadInput(say("There is a library called {name} already. Choose another name.", name=name))
            library = self.get(owner, library_id)
            self._sqlite.write("UPDATE libraries SET name = ? WHERE id = ?", name, library.id)

    def remove(self, owner: str, library_id: str) -> LibraryInfo:
        """It is found no more from now on; its pieces are listed in `removals` until they are gone."""
        with self._sqlite.together():
            library = self.get(owner, library_id)
            self._sqlite.write("INSERT OR IGNORE INTO removals VALUES (?, '')", library.scope)
            self._sqlite.write("DELETE FROM libraries WHERE id = ?", library.id)
        return library

    def files(self, owner: str, library_id: str) -> list[FileInfo]:
        """In the order in which they were added."""
        library = self.get(owner, library_id)
        rows = self._sqlite.rows("SELECT * FROM files WHERE library = ? ORDER BY rowid", library.id)
        origins: dict[str, list[str]] = {}
        for row in self._sqlite.rows("SELECT * FROM origins WHERE library = ? ORDER BY origin", library.id):
            origins.setdefault(row["source_id"], []).append(row["origin"])
        return [_file(row, origins.get(row["source_id"], [])) for row in rows]

    def add_file(self, library: LibraryInfo, document: Document, origin: str, size: int) -> None:
        """Lists a file whose pieces are in. What came from the same place before goes in the same moment."""
        with self._sqlite.together():
            self.get(library.owner, library.id)  # it may have been removed while the file was read
            self._sqlite.write(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                library.id, document.source_id, document.name, size, document.medium, document.units,
                _as_json([note.to_json() for note in document.notes]),
                _as_json([asdict(each) for each in document.pages]),
            )  # fmt: skip
            self._sqlite.write(
                "DELETE FROM removals WHERE scope = ? AND source_id = ?", library.scope, document.source_id
            )
            self._comes_from(library, document.source_id, origin)

    def holds(self, library: LibraryInfo, source_id: str, origin: str) -> bool:
        """Whether the file is in; if so, that it also comes from here is written down."""
        with self._sqlite.together():
            self.get(library.owner, library.id)
            found = self._sqlite.rows("SELECT 1 FROM files WHERE library = ? AND source_id = ?", library.id, source_id)
            if found:
                self._comes_from(library, source_id, origin)
        return bool(found)

    def _comes_from(self, library: LibraryInfo, source_id: str, origin: str) -> None:
        """What came from there before is taken off, unless it also came from somewhere else."""
        if origin.startswith(SAME_NAME):
            self._take_off_others(library, source_id, origin.removeprefix(SAME_NAME))
            return
        if not origin:
            return
        older = self._sqlite.rows(
            "SELECT source_id FROM origins WHERE library = ? AND origin = ? AND source_id != ?",
            library.id, origin, source_id,
        )  # fmt: skip
        self._sqlite.write("INSERT OR REPLACE INTO origins VALUES (?, ?, ?)", library.id, origin, source_id)
        for row in older:
            if not self._sqlite.rows(
                "SELECT 1 FROM origins WHERE library = ? AND source_id = ?", library.id, row["source_id"]
            ):
                self._take_off(library, row["source_id"])

    def _take_off_others(self, library: LibraryInfo, source_id: str, name: str) -> None:
        for row in self._sqlite.rows(
            "SELECT source_id FROM files WHERE library = ? AND name = ? AND source_id != ?", library.id, name, source_id
        ):
            self._take_off(library, row["source_id"])

    def remove_file(self, owner: str, library_id: str, source_id: str) -> None:
        with self._sqlite.together():
            self._take_off(self.get(owner, library_id), source_id)

    def removals(self) -> list[tuple[str, str]]:
        """scope and source_id ("": the whole scope) of what is listed no more and may still be in the store."""
        return [(row["scope"], row["source_id"]) for row in self._sqlite.rows("SELECT * FROM removals")]

    def removed(self, scope: str, source_id: str) -> None:
        self._sqlite.write("DELETE FROM removals WHERE scope = ? AND source_id = ?", scope, source_id)

    def _take_off(self, library: LibraryInfo, source_id: str) -> None:
        if self._sqlite.write("DELETE FROM files WHERE library = ? AND source_id = ?", library.id, source_id):
            self._sqlite.write("INSERT OR IGNORE INTO removals VALUES (?, ?)", library.scope, source_id)

    def _named(self, owner: str, name: str) -> LibraryInfo | None:
        return next((library for library in self.libraries(owner) if library.name == name), None)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise BadInput(say("A library needs a name of 1 to {most} characters.", most=NAME_LENGTH))
    return name


def _file(row: Any, origins: Sequence[str]) -> FileInfo:
    notes = map(Message.from_json, json.loads(row["notes"]))
    pages = tuple(PagesRead(**each) for each in json.loads(row["pages"]))
    return FileInfo(
        row["source_id"], row["name"], tuple(origins), row["bytes"], row["medium"], row["units"], tuple(notes), pages
    )


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
