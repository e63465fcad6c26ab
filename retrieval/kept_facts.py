"""Kept facts: what is known of each source beside its pieces, in the library's SQLite store."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.storage.sqlite_store import SqliteStore
from assistant.values.evidence import Medium
from assistant.values.files import FileFacts
from retrieval.store import Key

MediumOf = Callable[[Sequence[Key]], Mapping[Key, Medium]]

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (
    scope TEXT NOT NULL, source_id TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (scope, source_id)
);
"""


class KeptFacts:
    """The caller holds the library's lock for writing around whatever changes them."""

    def __init__(self, sqlite: SqliteStore) -> None:
        self._sqlite = sqlite
        sqlite.make(_TABLES)

    def keep(self, key: Key, facts: FileFacts | None) -> None:
        """In place of what was known; None: nothing changes."""
        if facts is not None:
            facts = replace(facts, source_id=key.source_id)  # as which it is filed
            written = json.dumps(facts.to_json(), ensure_ascii=False, separators=(",", ":"))
            self._sqlite.write("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", key.scope, key.source_id, written)

    def of(self, key: Key) -> FileFacts | None:
        rows = self._sqlite.rows("SELECT facts FROM facts WHERE scope = ? AND source_id = ?", key.scope, key.source_id)
        return _read(rows[0]["facts"]) if rows else None

    def grow(self, key: Key, more: FileFacts | None) -> None:
        """Of a recording of which more came in; what was not known is not known any better."""
        if more is not None and (known := self.of(key)) is not None:
            self.keep(key, known.grown(more))

    def remove(self, key: Key) -> None:
        """Of this source, or of the whole scope where source_id is ""."""
        self._sqlite.write("DELETE FROM facts WHERE scope = ? AND ? IN (source_id, '')", key.scope, key.source_id)

    def in_order(self, scopes: Sequence[str], medium_of: MediumOf) -> dict[Key, FileFacts]:
        """Of every source of these scopes as it was filed, the first scope first.

        medium_of: asked for those that were filed before facts were kept, of which else only the name is known.
        """
        rows = [
            row
            for scope in scopes
            for row in self._sqlite.rows(
                "SELECT scope, source_id, source, facts FROM filed LEFT JOIN facts USING (scope, source_id)"
                " WHERE scope = ? ORDER BY filed.rowid",
                scope,
            )
        ]
        found = {Key(row["scope"], row["source_id"]): _read(row["facts"]) for row in rows}
        media = medium_of([key for key, known in found.items() if known is None])
        names = [row["source"] for row in rows]
        return {
            key: known or FileFacts(key.source_id, name, media.get(key, "text"))
            for (key, known), name in zip(found.items(), names, strict=True)
        }


def _read(text: str | None) -> FileFacts | None:
    """None where there is nothing, or another version, or nobody, wrote it."""
    try:
        told = json.loads(text or "")
    except ValueError:
        return None
    known = FileFacts.from_json(told) if isinstance(told, dict) else None
    return known if known is not None and known.source_id else None
