"""Finding conversations by words in their titles, questions, answers and file names: conversation → the words around.

Every word of the search must stand in one title or in one turn; parts of words count, and case does not.
"""

import re
from collections.abc import Sequence

from assistant.conversations.history_rows import clean
from assistant.storage.sqlite_store import SqliteStore

LONGEST = 200  # characters of a search that count
AROUND = 48  # characters shown before and after what was found
_TEXTS = ("asked", "names", "question", "said")


def find(sqlite: SqliteStore, owner: str, search: str) -> dict[str, str]:
    """The owner's conversations that hold these words, each with the words around the newest hit."""
    owner, wanted = str(clean(owner)), str(clean(search))[:LONGEST].split()
    pattern = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE)
    found = {row["id"]: around(row["title"], pattern) for row in _titled(sqlite, owner, wanted)}
    for row in _said(sqlite, owner, wanted):
        texts = (row[name] for name in _TEXTS)
        found[row["conversation"]] = next((cut for text in texts if (cut := around(text, pattern))), "") or search
    return found


def around(text: str, pattern: "re.Pattern[str]") -> str:
    """The words around the first hit, on one line, with "…" where something was cut; "" where there is none."""
    hit = pattern.search(text)
    if hit is None:
        return ""
    start, end = max(0, hit.start() - AROUND), min(len(text), hit.end() + AROUND)
    words = " ".join(text[start:end].split())
    return ("…" if start else "") + words + ("…" if end < len(text) else "")


def _titled(sqlite: SqliteStore, owner: str, wanted: Sequence[str]) -> Sequence[dict[str, str]]:
    holds = " AND ".join("title LIKE ? ESCAPE '\\'" for _ in wanted)
    like = map(_like, wanted)
    return sqlite.rows(
        f"SELECT id, title FROM conversations WHERE owner = ? AND deleted_at = 0 AND {holds}", owner, *like
    )


def _said(sqlite: SqliteStore, owner: str, wanted: Sequence[str]) -> Sequence[dict[str, str]]:
    """The newest turn of each conversation that holds all of them. Trigrams need three characters of each."""
    if all(len(word) >= 3 for word in wanted):
        holds = "number IN (SELECT rowid FROM words WHERE words MATCH ?)"
        values = [" AND ".join('"' + word.replace('"', '""') + '"' for word in wanted)]
    else:
        # what one word of a turn is cannot run into the next of its texts: none holds a line break
        one = "(asked || char(10) || names || char(10) || question || char(10) || said) LIKE ? ESCAPE '\\'"
        holds, values = " AND ".join(one for _ in wanted), list(map(_like, wanted))
    return sqlite.rows(
        f"SELECT conversation, {', '.join(_TEXTS)}, max(number) FROM entries WHERE {holds} AND conversation IN "
        "(SELECT id FROM conversations WHERE owner = ? AND deleted_at = 0) GROUP BY conversation",
        *values, owner,
    )  # fmt: skip


def _like(word: str) -> str:
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
