"""The tables of the history, version by version. What an older Medley wrote is brought up; what a newer one wrote
is left alone."""

from collections.abc import Sequence

from assistant.storage.sqlite_store import SqliteStore
from assistant.values.errors import LibraryError
from assistant.values.messages import say

_TURNS = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    pinned INTEGER NOT NULL DEFAULT 0,
    changed REAL NOT NULL,
    libraries TEXT NOT NULL DEFAULT '[]',
    leaf TEXT NOT NULL DEFAULT '',
    deleted_at REAL NOT NULL DEFAULT 0
);
CREATE INDEX conversations_of_owner ON conversations (owner, deleted_at, pinned, changed);
CREATE TABLE entries (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations (id),
    parent TEXT NOT NULL,
    depth INTEGER NOT NULL,
    asked_at REAL NOT NULL,
    state TEXT NOT NULL,
    verdict TEXT NOT NULL DEFAULT '',
    feedback TEXT NOT NULL DEFAULT '',
    asked TEXT NOT NULL,
    names TEXT NOT NULL,
    question TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '',
    given TEXT NOT NULL,
    partial TEXT NOT NULL DEFAULT '',
    failure TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX entries_of_conversation ON entries (conversation, parent);
CREATE INDEX entries_judged ON entries (verdict) WHERE verdict != '';
CREATE TABLE files (
    conversation TEXT NOT NULL REFERENCES conversations (id),
    source_id TEXT NOT NULL,
    filed TEXT NOT NULL,
    PRIMARY KEY (conversation, source_id)
) WITHOUT ROWID;
CREATE TABLE removals (scope TEXT PRIMARY KEY) WITHOUT ROWID;
"""

# Trigrams find parts of words, and Chinese; the texts stay in `entries`, where they are anyway.
_SEARCH = """
CREATE VIRTUAL TABLE words USING fts5 (
    asked, names, question, said, content = 'entries', content_rowid = 'number', tokenize = 'trigram'
);
CREATE TRIGGER words_in AFTER INSERT ON entries BEGIN
    INSERT INTO words (rowid, asked, names, question, said)
        VALUES (new.number, new.asked, new.names, new.question, new.said);
END;
CREATE TRIGGER words_out AFTER DELETE ON entries BEGIN
    INSERT INTO words (words, rowid, asked, names, question, said)
        VALUES ('delete', old.number, old.asked, old.names, old.question, old.said);
END;
CREATE TRIGGER words_changed AFTER UPDATE OF asked, names, question, said ON entries BEGIN
    INSERT INTO words (words, rowid, asked, names, question, said)
        VALUES ('delete', old.number, old.asked, old.names, old.question, old.said);
    INSERT INTO words (rowid, asked, names, question, said)
        VALUES (new.number, new.asked, new.names, new.question, new.said);
END;
INSERT INTO words (words) VALUES ('rebuild');
"""

_SHARES = """
CREATE TABLE shares (
    digest TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    made REAL NOT NULL,
    with_files INTEGER NOT NULL,
    copy TEXT NOT NULL
);
CREATE INDEX shares_of_conversation ON shares (conversation);
"""

_PICTURES = """
CREATE TABLE pictures (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    source_id TEXT NOT NULL,
    remembered TEXT NOT NULL,
    PRIMARY KEY (conversation, source_id)
) WITHOUT ROWID;
"""

# The tables stay. In notes and failures stand templates with values from here on, which older versions cannot read.
_MESSAGES = ""

VERSIONS: Sequence[str] = (
    _TURNS,
    _SEARCH,
    _SHARES,
    _PICTURES,
    _MESSAGES,
)  # each makes the next of the one before; never edit, only add


def bring_up(sqlite: SqliteStore, versions: Sequence[str] = VERSIONS) -> None:
    """The tables as these versions make them. Each step counts whole or not at all.

    Raises LibraryError, having changed nothing, where a newer version wrote them.
    """
    (row,) = sqlite.rows("PRAGMA user_version")
    found = int(row["user_version"])
    if found > len(versions):
        raise LibraryError(
            say(
                "Your conversations were kept by a newer Medley (version {number} of their file; "
                "this one knows {most}). Start the newer one, or give this one its own folder with "
                "--data.",
                number=found,
                most=len(versions),
            )
        )
    for number in range(found, len(versions)):
        sqlite.make(f"BEGIN IMMEDIATE; {versions[number]} PRAGMA user_version = {number + 1}; COMMIT;")
