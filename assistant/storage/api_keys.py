"""Keys of programs: each is an owner of its own in the stores. A key is shown once, when it is made, and kept as its
SHA-256: it has 256 random bits, so that nothing slower is needed. Knows nothing of requests.
"""

import hashlib
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.storage.sqlite_store import SqliteStore
from assistant.values.errors import BadInput
from assistant.values.messages import say

PREFIX = "medley-"
_NAME = re.compile(r"[\w][\w .@-]{0,63}")
_TABLES = """
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL UNIQUE, made REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS unfinished (scope TEXT PRIMARY KEY);
"""


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret."""

    id: str
    """Never given twice, so that a later key of the same name does not find what an earlier one kept."""
    name: str
    made: float
    """Seconds since 1970."""

    @property
    def owner(self) -> str:
        return f"key:{self.id}"


class ApiKeys:
    """Any thread may call it, and another process may add and revoke keys meanwhile: both count at once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._store = SqliteStore(folder, "keys.sqlite3", say("keys of programs"))
        self._store.make(_TABLES)

    def add(self, name: str) -> tuple[ApiKey, str]:
        """A new key, and its secret, which nobody can be told again. Raises BadInput for a name that is taken."""
        if not _NAME.fullmatch(name):
            raise BadInput(say("“{name}” is no name for a key. Write letters, digits, blanks, . _ @ or -.", name=name))
        secret = PREFIX + secrets.token_urlsafe(32)
        made = ApiKey(secrets.token_hex(8), name, time.time())
        added = self._store.write(
            "INSERT OR IGNORE INTO keys VALUES (?, ?, ?, ?)", made.id, made.name, _digest(secret), made.made
        )
        if not added:
            raise BadInput(
                say("There is a key called “{name}” already. Revoke it first, or choose another name.", name=name)
            )
        return made, secret

    def all(self) -> list[ApiKey]:
        """The oldest first."""
        return [
            ApiKey(row["id"], row["name"], row["made"]) for row in self._store.rows("SELECT * FROM keys ORDER BY made")
        ]

    def revoke(self, name: str) -> ApiKey:
        """From now on nobody comes in with it. Raises BadInput where there is none of this name."""
        found = [one for one in self.all() if one.name == name]
        if not found:
            raise BadInput(say("There is no key called “{name}”.", name=name))
        self._store.write("DELETE FROM keys WHERE id = ?", found[0].id)
        return found[0]

    def find(self, secret: str) -> ApiKey | None:
        """Whose it is. What tells two digests apart in time tells nothing of the secrets."""
        rows = self._store.rows("SELECT * FROM keys WHERE digest = ?", _digest(secret))
        return ApiKey(rows[0]["id"], rows[0]["name"], rows[0]["made"]) if rows else None

    def any(self) -> bool:
        return bool(self._store.rows("SELECT 1 FROM keys LIMIT 1"))

    # What is in the library for a call that has not ended

    def begun(self, scope: str) -> None:
        self._store.write("INSERT OR IGNORE INTO unfinished VALUES (?)", scope)

    def ended(self, scope: str) -> None:
        self._store.write("DELETE FROM unfinished WHERE scope = ?", scope)

    def unfinished(self) -> list[str]:
        return [row["scope"] for row in self._store.rows("SELECT scope FROM unfinished")]

    def close(self) -> None:
        self._store.close()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
