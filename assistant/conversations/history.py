"""Conversations that last: what was asked, given and answered, per owner, in SQLite beside the files.

The turns of a conversation are a tree: asking again after the same turn makes a branch, and the leaf that was
looked at last is the one that opens. Knows no engine; `conversations.conversations` asks and writes down here.
"""

import json
import math
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.citing.citations import drop_made_up_numbers
from assistant.conversations import history_tree
from assistant.conversations.history_files import HistoryFiles
from assistant.conversations.history_rows import (
    INSERT,
    as_json,
    as_title,
    clean,
    names_of,
    row_of,
    titled,
    to_attached_files,
    to_info,
    to_stored_turn,
)
from assistant.conversations.history_schema import bring_up
from assistant.conversations.history_search import find
from assistant.conversations.records import (
    AttachedFile,
    ConversationInfo,
    FilingState,
    PictureMemory,
    StoredTurn,
    TurnState,
    Verdict,
)
from assistant.storage.originals import Originals
from assistant.storage.sqlite_store import SqliteStore, Value
from assistant.storage.trouble import not_kept
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.events import Answer
from assistant.values.messages import NOTHING, Message, as_message, say

__all__ = [
    "AttachedFile",
    "ConversationInfo",
    "FilingState",
    "History",
    "PictureMemory",
    "StoredTurn",
    "TurnState",
    "Verdict",
]

NAME = "conversations.sqlite3"
UNKNOWN = say("There is no such conversation. It may have been deleted.")
UNKNOWN_TURN = say("There is no such turn. Its conversation may have been deleted.")

StoredTurns = list[StoredTurn]
Infos = list[ConversationInfo]
_INFO = "SELECT c.*, coalesce(e.depth, 0) AS turns FROM conversations c LEFT JOIN entries e ON e.id = c.leaf"


class History:
    """Any thread may call it. Every verb that names a conversation or a turn raises BadInput, with one and the same
    sentence, where it does not exist, was deleted, or is somebody else's. Raises LibraryError where the disk fails.

    One process at a time owns the folder; another one may look, and takes no running answer for an interrupted one.
    """

    def __init__(self, folder: Path, originals: Originals) -> None:
        """Opens it, or makes it. Whatever an earlier run left "answering" is "interrupted" from now on."""
        self.originals = originals
        self.opened = time.time()
        self._held = _hold(folder)
        self._sqlite = SqliteStore(folder, NAME, say("history of your conversations"))
        try:
            self._sqlite.write("PRAGMA secure_delete = ON")
            bring_up(self._sqlite)
            self.files = HistoryFiles(self._sqlite, originals)
            for turn_id in history_tree.interrupt(self._sqlite) if self._held is not None else ():
                self._want(turn_id)
        except BaseException:
            self.close()
            raise

    @property
    def sqlite(self) -> SqliteStore:
        """For what is kept beside the conversations and goes with them."""
        return self._sqlite

    def close(self) -> None:
        self._sqlite.close()
        if self._held is not None:
            self._held.release()

    # Conversations

    def make(self, owner: str) -> ConversationInfo:
        """An empty one."""
        if not owner:
            raise ValueError("a conversation belongs to somebody")
        made = secrets.token_hex(16)
        self._write("INSERT INTO conversations (id, owner, changed) VALUES (?, ?, ?)", made, owner, time.time())
        return self.get(owner, made)

    def list(self, owner: str, search: str = "") -> Infos:
        """Pinned first, then the one changed last. search: only those that hold every word of it."""
        found = find(self._sqlite, owner, search) if search.strip() else None
        rows = self._rows(f"{_INFO} WHERE owner = ? AND deleted_at = 0 ORDER BY pinned DESC, changed DESC", owner)
        return [to_info(row, (found or {}).get(row["id"], "")) for row in rows if found is None or row["id"] in found]

    def get(self, owner: str, conversation: str) -> ConversationInfo:
        return to_info(self._row(owner, conversation))

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Raises BadInput for a title without a letter."""
        self._row(owner, conversation)
        if not (words := as_title(title)):
            raise BadInput(say("Give the conversation a title of at least one letter."))
        self._set(conversation, "title", words)

    def pin(self, owner: str, conversation: str, pinned: bool) -> None:
        self._row(owner, conversation)
        self._set(conversation, "pinned", int(pinned))

    def use_libraries(self, owner: str, conversation: str, ids: Sequence[str]) -> None:
        """ids: of the named libraries that it may search from now on."""
        self._row(owner, conversation)
        self._set(conversation, "libraries", json.dumps(list(ids)))

    def delete(self, owner: str, conversation: str) -> None:
        """Hidden at once, with all its branches; for good only by `purge`."""
        self._row(owner, conversation)
        self._set(conversation, "deleted_at", time.time())

    def undelete(self, owner: str, conversation: str) -> ConversationInfo:
        self._row(owner, conversation, deleted=True)
        self._set(conversation, "deleted_at", 0)
        return self.get(owner, conversation)

    def deleted(self, owner: str) -> Sequence[str]:
        """The ids of those that can still come back."""
        return [
            row["id"] for row in self._rows(f"{_INFO} WHERE owner = ? AND deleted_at != 0 ORDER BY deleted_at", owner)
        ]

    # Turns

    def turns(self, owner: str, conversation: str) -> StoredTurns:
        """The open path, from the first turn to the leaf that was looked at last."""
        with self._sqlite.together():
            return self._numbered(conversation, self._path(self._row(owner, conversation)["leaf"]))

    def turn(self, owner: str, turn_id: str) -> StoredTurn:
        with self._sqlite.together():
            row = self._turn(owner, turn_id)
            return self._numbered(row["conversation"], [to_stored_turn(row)])[0]

    def siblings(self, owner: str, turn_id: str) -> Sequence[str]:
        """The ids of the turns with the same parent, this one included, in the order in which they were asked."""
        with self._sqlite.together():
            row = self._turn(owner, turn_id)
            return history_tree.children(self._sqlite, row["conversation"]).get(row["parent"], [])

    def show_branch(self, owner: str, turn_id: str) -> StoredTurns:
        """This turn and its newest descendants become the open path, which is returned."""
        with self._sqlite.together():
            conversation = self._turn(owner, turn_id)["conversation"]
            children, leaf = history_tree.children(self._sqlite, conversation), turn_id
            while leaf in children:
                leaf = children[leaf][-1]
            self._set(conversation, "leaf", leaf)
            return self.turns(owner, conversation)

    def begin(
        self, owner: str, conversation: str, parent: str, asked: str, given: Sequence[AttachedFile]
    ) -> StoredTurn:
        """A turn that is being answered, and the open leaf from now on. parent: "" for a first one."""
        turn_id, now, names = secrets.token_hex(16), time.time(), names_of(given)
        turn = StoredTurn(turn_id, conversation, parent, asked, tuple(given), now, "answering")
        with self._sqlite.together():
            row = self._row(owner, conversation)
            before = self._turn(owner, parent) if parent else None
            if before is not None and before["conversation"] != conversation:
                raise BadInput(UNKNOWN_TURN)
            self._write(INSERT, *row_of(turn, before["depth"] + 1 if before is not None else 1))
            title = row["title"] or titled(asked) or titled(names.replace("\n", ", "))
            self._write(
                "UPDATE conversations SET leaf = ?, changed = ?, title = ? WHERE id = ?",
                turn_id, now, title, conversation,
            )  # fmt: skip
            return self.turn(owner, turn_id)

    def write(self, turn_id: str, partial: str) -> None:
        """The words so far."""
        if not self._write("UPDATE entries SET partial = ? WHERE id = ?", partial, turn_id):
            raise BadInput(UNKNOWN_TURN)

    def end(self, turn_id: str, answer: Answer, question: str, said: str = "") -> None:
        """The answer is whole, or was stopped by the person. question: as understood.

        said: the answer as later turns are to see it; by default its text without citation numbers.
        """
        state: TurnState = "stopped" if answer.stopped else "done"
        self._end(turn_id, state, as_json(answer), question, said or drop_made_up_numbers(answer.text))

    def fail(self, turn_id: str, sentence: Message, partial: str) -> None:
        """No answer came. sentence: what the person is told."""
        self._end(turn_id, "failed", "", "", partial, partial, as_message(sentence))

    def leave(self, turn_id: str, partial: str, stopped: bool) -> None:
        """Nobody waits for the rest of the answer. stopped: because the person said so.

        The files given with it that are not in the library yet will be before the next question.
        """
        with self._sqlite.together():
            self._end(turn_id, "stopped" if stopped else "interrupted", "", "", partial, partial)
            self._want(turn_id)

    def judge(self, owner: str, turn_id: str, verdict: Verdict, feedback: str) -> None:
        self._turn(owner, turn_id)
        self._write("UPDATE entries SET verdict = ?, feedback = ? WHERE id = ?", verdict, feedback, turn_id)

    def judged(self, owner: str) -> StoredTurns:
        """Every turn that was liked or disliked, oldest first."""
        rows = self._rows(
            "SELECT e.* FROM entries e JOIN conversations c ON c.id = e.conversation "
            "WHERE e.verdict != '' AND c.owner = ? AND c.deleted_at = 0 ORDER BY e.number", owner,
        )  # fmt: skip
        return [to_stored_turn(row) for row in rows]

    def remember(self, owner: str, turn_id: str, number: int, how: PictureMemory) -> str:
        """How a file given with this turn is remembered by those that follow; the same again takes it back. Any can be
        dropped, and pictures be pinned.

        number: which of the turn's files, from 1. Returns the conversation. Raises BadInput where there is none such.
        """
        with self._sqlite.together():
            stored = self.turn(owner, turn_id)
            file = stored.given[number - 1] if 1 <= number <= len(stored.given) else None
            if file is None or (how == "pinned" and not file.width):
                raise BadInput(say("There is no such picture in this turn."))
            self.files.remember(stored.conversation, [file.source_id], "" if file.remembered == how else how)
            return stored.conversation

    def branches(self, owner: str, conversation: str) -> StoredTurns:
        """Every turn of every branch, oldest first; `branch` says nothing here."""
        with self._sqlite.together():
            self._row(owner, conversation)
            rows = self._rows("SELECT * FROM entries WHERE conversation = ? ORDER BY number", conversation)
        return list(map(to_stored_turn, rows))

    def adopt(
        self, owner: str, conversation: str, title: str, turns: Sequence[StoredTurn], leaf: str
    ) -> ConversationInfo:
        """A new conversation under this id with these turns, parents before children; all get ids of their own.

        Of files it is noted nothing. leaf: which of the turns is the last one of the open path.
        """
        ids: dict[str, str] = {"": ""}
        depths: dict[str, int] = {"": 0}
        with self._sqlite.together():
            self._write(
                "INSERT INTO conversations (id, owner, title, changed) VALUES (?, ?, ?, ?)",
                conversation, owner, title, time.time(),
            )  # fmt: skip
            for turn in turns:
                ids[turn.id], depths[turn.id] = secrets.token_hex(16), depths[turn.parent] + 1
                named = replace(turn, id=ids[turn.id], conversation=conversation, parent=ids[turn.parent])
                self._write(INSERT, *row_of(named, depths[turn.id]))
            self._set(conversation, "leaf", ids[leaf])
            return self.get(owner, conversation)

    # What the core needs of it

    def conversation(self, owner: str, conversation: str, upto_turn: str = "") -> Conversation:
        """As the core left it after this turn, by default the open leaf. Libraries are for the caller to set."""
        with self._sqlite.together():
            leaf = self._row(owner, conversation)["leaf"]
            if upto_turn and self._turn(owner, upto_turn)["conversation"] != conversation:
                raise BadInput(UNKNOWN_TURN)
            return self.files.rebuilt(conversation, self._path(upto_turn or leaf))

    def before(self, stored: StoredTurn) -> Conversation:
        """The conversation as it was when this turn was asked."""
        with self._sqlite.together():
            return self.files.rebuilt(stored.conversation, self._path(stored.parent))

    def wanted(self, stored: StoredTurn) -> Sequence[AttachedFile]:
        """What was given before this turn and is still to be filed in the library."""
        with self._sqlite.together():
            return self.files.wanted(stored.conversation, self._path(stored.parent))

    def holds(self, conversation: str) -> bool:
        """Whether there is one of this id, whoever's it is, deleted ones included as long as they can come back."""
        return bool(self._rows("SELECT 1 FROM conversations WHERE id = ?", conversation))

    # For good

    def purge(self, owner: str = "", ids: Iterable[str] = (), before: float = math.inf) -> Sequence[str]:
        """What was deleted is gone for good: rows and originals; returns the ids.

        owner "": everybody's. ids: only these. before: only what was deleted before then, in seconds since 1970.
        """
        return self._remove(history_tree.doomed(self._sqlite, owner, ids, before))

    def delete_everything(self, owner: str) -> Sequence[str]:
        """Every conversation of this owner is gone for good, and cannot be brought back; the ids."""
        rows = self._rows("SELECT id FROM conversations WHERE owner = ?", owner)
        return self._remove([row["id"] for row in rows])

    def removals(self) -> Sequence[str]:
        """Conversations that are gone, and whose files the library may still hold."""
        return [row["scope"] for row in self._rows("SELECT scope FROM removals")]

    def removed(self, conversation: str) -> None:
        """The library holds nothing of it any more."""
        self._write("DELETE FROM removals WHERE scope = ?", conversation)

    def _remove(self, ids: Sequence[str]) -> Sequence[str]:
        history_tree.remove(self._sqlite, ids)
        for conversation in ids:
            self.originals.forget(conversation)
        return ids

    def _row(self, owner: str, conversation: str, deleted: bool = False) -> Any:
        """The only place where whose conversation it is, is asked."""
        rows = self._rows(
            f"{_INFO} WHERE c.id = ? AND c.owner = ? AND (c.deleted_at != 0) = ?", conversation, owner, deleted
        )
        if not rows:
            raise BadInput(UNKNOWN)
        return rows[0]

    def _turn(self, owner: str, turn_id: str) -> Any:
        rows = self._rows("SELECT * FROM entries WHERE id = ?", turn_id)
        if not rows:
            raise BadInput(UNKNOWN_TURN)
        try:
            self._row(owner, rows[0]["conversation"])
        except BadInput as error:
            raise BadInput(UNKNOWN_TURN) from error
        return rows[0]

    def _path(self, leaf: str) -> StoredTurns:
        return list(map(to_stored_turn, history_tree.path(self._sqlite, leaf)))

    def _numbered(self, conversation: str, turns: StoredTurns) -> StoredTurns:
        """With the place of each among its siblings."""
        children = history_tree.children(self._sqlite, conversation)
        remembered = self.files.remembered(conversation)
        return [
            replace(
                self.files.marked(each, remembered),
                branch=children[each.parent].index(each.id) + 1,
                branches=len(children[each.parent]),
            )
            for each in turns
        ]

    def _rows(self, query: str, *values: Value) -> Sequence[Any]:
        return self._sqlite.rows(query, *map(clean, values))

    def _write(self, statement: str, *values: Value) -> int:
        return self._sqlite.write(statement, *map(clean, values))

    def _set(self, conversation: str, column: str, value: str | float) -> None:
        self._write(f"UPDATE conversations SET {column} = ? WHERE id = ?", value, conversation)

    def _end(
        self,
        turn_id: str,
        state: TurnState,
        answer: str,
        question: str,
        said: str,
        partial: str = "",
        failure: Message = NOTHING,
    ) -> None:
        with self._sqlite.together():
            known = self._write(
                "UPDATE entries SET state = ?, answer = ?, question = ?, said = ?, partial = ?, failure = ? "
                "WHERE id = ?",
                state, answer, question, said, partial, failure.to_text(), turn_id,
            )  # fmt: skip
            if not known:
                raise BadInput(UNKNOWN_TURN)
            self._write(
                "UPDATE conversations SET changed = ?, title = CASE title WHEN '' THEN ? ELSE title END "
                "WHERE id = (SELECT conversation FROM entries WHERE id = ?)", time.time(), titled(question), turn_id,
            )  # fmt: skip

    def _want(self, turn_id: str) -> None:
        """What was given with this turn is to be filed, unless that is known to be done."""
        for row in self._rows("SELECT conversation, given FROM entries WHERE id = ?", turn_id):
            self.files.want(row["conversation"], to_attached_files(row["given"]))


def _hold(folder: Path) -> Any:
    """The lock on the folder, or None while another process has it."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = FileLock(folder / "in-use.lock", thread_local=False)
        held.acquire(timeout=0)
    except Timeout:
        return None
    except OSError as error:
        raise not_kept(error, say("the conversations"), folder) from error
    return held
