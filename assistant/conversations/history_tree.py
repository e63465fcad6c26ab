"""The turns of a conversation as a tree, and how they go for good. Rows only: knows nothing of what is in them."""

from collections.abc import Iterable, Sequence
from typing import Any

from assistant.storage.sqlite_store import SqliteStore

MERGED = 200  # pages of the index of words in one step

_PATH = """
WITH RECURSIVE path (id, parent) AS (
    SELECT id, parent FROM entries WHERE id = ?
    UNION ALL SELECT up.id, up.parent FROM entries up JOIN path ON up.id = path.parent
)
SELECT entries.* FROM path JOIN entries USING (id) ORDER BY depth
"""


def path(sqlite: SqliteStore, leaf: str) -> Sequence[Any]:
    """The turns from the first one to this one; none for ""."""
    return sqlite.rows(_PATH, leaf) if leaf else []


def children(sqlite: SqliteStore, conversation: str) -> dict[str, list[str]]:
    """parent → the ids of the turns asked after it, oldest first; "" is the parent of first ones."""
    found: dict[str, list[str]] = {}
    for row in sqlite.rows("SELECT id, parent FROM entries WHERE conversation = ? ORDER BY number", conversation):
        found.setdefault(row["parent"], []).append(row["id"])
    return found


def doomed(sqlite: SqliteStore, owner: str, ids: Iterable[str], before: float) -> list[str]:
    """What was deleted: of this owner ("": of all), of these ids (none: all), and before this moment."""
    wanted = set(ids)
    rows = sqlite.rows(
        "SELECT id FROM conversations WHERE deleted_at BETWEEN 1 AND ? AND (? = '' OR owner = ?) ORDER BY rowid",
        before, owner, owner,
    )  # fmt: skip
    return [row["id"] for row in rows if not wanted or row["id"] in wanted]


def remove(sqlite: SqliteStore, ids: Sequence[str]) -> None:
    """Their rows, for good. That the library may still hold their files is noted in the same moment."""
    with sqlite.together():
        for conversation in ids:
            for table in ("files", "entries"):
                sqlite.write(f"DELETE FROM {table} WHERE conversation = ?", conversation)
            sqlite.write("DELETE FROM conversations WHERE id = ?", conversation)
            sqlite.write("INSERT OR IGNORE INTO removals VALUES (?)", conversation)
    if ids:
        _wipe(sqlite)


def _wipe(sqlite: SqliteStore) -> None:
    """Not a word of what was removed stays behind: in the index of words, or in the log that is written ahead.

    In small steps, between which others may write: 225 MB take three seconds.
    """
    pages, changes = -MERGED, 2  # negative: everything into one, which leaves out what was removed
    while changes >= 2:
        with sqlite.together():
            before = _changes(sqlite)
            sqlite.write("INSERT INTO words (words, rank) VALUES ('merge', ?)", pages)
            pages, changes = MERGED, _changes(sqlite) - before
    sqlite.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def _changes(sqlite: SqliteStore) -> int:
    return int(sqlite.rows("SELECT total_changes() AS n")[0]["n"])


def interrupt(sqlite: SqliteStore) -> list[str]:
    """Whatever is being answered is so no more; the ids."""
    with sqlite.together():
        ids = [row["id"] for row in sqlite.rows("SELECT id FROM entries WHERE state = 'answering'")]
        sqlite.write("UPDATE entries SET state = 'interrupted', said = partial WHERE state = 'answering'")
        return ids
