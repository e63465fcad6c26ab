"""Shares: read-only copies of conversations, for whoever has the link, and only where the owner asked for one.

A copy is frozen as the open path was when it was made. It lies in the file of the history, so it goes when its
conversation goes; while that is deleted and could come back, the copy cannot be had either.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.conversations.history import History
from assistant.conversations.records import StoredTurn, TurnState
from assistant.values.answer_json import from_json, to_json
from assistant.values.errors import BadInput
from assistant.values.events import Citation
from assistant.values.evidence import Location
from assistant.values.messages import say
from assistant.values.standing import Standing, standing

NOTHING = say("There is nothing in this conversation yet that could be shared.")
UNKNOWN = say("There is no such shared copy. It may have been withdrawn.")
BYTES = 24  # of chance in a token


@dataclass(frozen=True)
class Share:
    """What its owner sees of a shared copy."""

    token: str
    made: float
    """Seconds since 1970."""
    with_files: bool
    """Whether the files can be had with it."""


@dataclass(frozen=True)
class SharedFile:
    """A file in a shared copy."""

    name: str
    source_id: str = ""
    """The digest of its bytes; "" where the file itself was not shared."""
    spoken: bool = False
    """Whether it was recorded as the question itself."""


@dataclass(frozen=True)
class SharedCitation:
    number: int
    source: str
    location: Location
    quote: str


@dataclass(frozen=True)
class SharedTurn:
    """A turn in a shared copy."""

    question: str
    """As it was typed, else as it was understood."""
    files: tuple[SharedFile, ...]
    answer: str
    """As far as it came; `state` says how it ended."""
    state: TurnState
    grounded: bool
    unsupported: tuple[str, ...]
    citations: tuple[SharedCitation, ...]
    standing: Standing | None = None
    """None in a copy that was made before this was recorded."""


@dataclass(frozen=True)
class Copy:
    """What the holder of a link sees: nothing of the models, the times, the verdicts, or whose it is."""

    title: str
    made: float
    turns: tuple[SharedTurn, ...]


class Shares:
    """Any thread may call it. What takes an owner raises BadInput, with the same sentence, for an unknown
    conversation or share and for somebody else's."""

    def __init__(self, history: History) -> None:
        self._history, self._sqlite = history, history.sqlite

    def make(self, owner: str, conversation: str, with_files: bool = False) -> str:
        """The token of a copy of the open path as it is now. with_files: all but recordings of the person's voice."""
        with self._sqlite.together():
            info, turns = self._history.get(owner, conversation), self._history.turns(owner, conversation)
            if not turns:
                raise BadInput(NOTHING)
            made, token = time.time(), secrets.token_urlsafe(BYTES)
            copy = Copy(info.title, made, tuple(_turn(stored, with_files) for stored in turns))
            self._sqlite.write(
                "INSERT INTO shares (digest, token, conversation, made, with_files, copy) VALUES (?, ?, ?, ?, ?, ?)",
                _digest(token), token, conversation, made, int(with_files), _as_json(copy),
            )  # fmt: skip
        return token

    def list(self, owner: str, conversation: str) -> Sequence[Share]:
        """Those of this conversation, oldest first."""
        self._history.get(owner, conversation)
        rows = self._sqlite.rows("SELECT * FROM shares WHERE conversation = ? ORDER BY made", conversation)
        return [Share(row["token"], row["made"], bool(row["with_files"])) for row in rows]

    def revoke(self, owner: str, token: str) -> None:
        """The copy is gone for good, its words included."""
        gone = self._sqlite.write(
            "DELETE FROM shares WHERE digest = ? AND conversation IN "
            "(SELECT id FROM conversations WHERE owner = ? AND deleted_at = 0)", _digest(token), owner,
        )  # fmt: skip
        if not gone:
            raise BadInput(UNKNOWN)
        self._sqlite.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy(self, token: str) -> Copy | None:
        """For anybody who has the token. None for one that never was, was withdrawn, or went with its conversation."""
        row = self._row(token)
        return None if row is None else from_json(Copy, json.loads(row["copy"]))

    def file(self, token: str, source_id: str) -> tuple[SharedFile, Path] | None:
        """One of the files that were shared with the copy, for anybody who has the token."""
        row = self._row(token)
        if row is None or not row["with_files"] or not source_id:
            return None
        for turn in from_json(Copy, json.loads(row["copy"])).turns:
            for file in turn.files:
                if file.source_id == source_id:
                    path = self._history.originals.find(row["conversation"], source_id)
                    return None if path is None else (file, path)
        return None

    def _row(self, token: str) -> Any:
        rows = self._sqlite.rows(
            "SELECT s.* FROM shares s JOIN conversations c ON c.id = s.conversation "
            "WHERE s.digest = ? AND c.deleted_at = 0", _digest(token),
        )  # fmt: skip
        return rows[0] if rows else None


def _turn(stored: StoredTurn, with_files: bool) -> SharedTurn:
    answer = stored.answer
    return SharedTurn(
        question=stored.asked or stored.question,
        files=tuple(
            SharedFile(file.name, file.source_id if with_files and not file.spoken else "", file.spoken)
            for file in stored.given
        ),
        answer=answer.text if answer is not None else stored.partial,
        state=stored.state,
        grounded=answer is not None and answer.grounded,
        unsupported=answer.unsupported if answer is not None else (),
        citations=tuple(map(_citation, answer.citations)) if answer is not None else (),
        standing=standing(answer) if answer is not None else "",
    )


def _citation(citation: Citation) -> SharedCitation:
    return SharedCitation(citation.number, citation.source, citation.location, citation.quote)


def _as_json(copy: Copy) -> str:
    text = json.dumps(to_json(copy), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode()  # a broken paste leaves halves of characters


def _digest(token: str) -> str:
    """What a token is looked up by: how long that takes says nothing of how much of a guess was right."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
