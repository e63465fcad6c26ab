"""Conversations that last: what was asked, given and answered, per owner, in SQLite beside the files.

The turns of a conversation are a tree: asking again after the same turn makes a branch, and the leaf that was
looked at last is the one that opens. Knows no engine; `assistant.conversations` asks and writes down here.
"""

import json
import math
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from assistant import history_tree
from assistant.answer_json import from_json, to_json
from assistant.citations import drop_made_up_numbers
from assistant.conversation import Conversation, Exchange
from assistant.errors import BadInput, LibraryError
from assistant.events import Answer
from assistant.history_search import find
from assistant.history_tables import bring_up
from assistant.ledger import Ledger
from assistant.originals import Originals
from assistant.parts import Image

NAME = "conversations.sqlite3"
TITLE_LENGTH = 80  # characters of a first question
UNKNOWN = "There is no such conversation. It may have been deleted."
UNKNOWN_TURN = "There is no such turn. Its conversation may have been deleted."
TurnState = Literal["answering", "done", "stopped", "failed", "interrupted"]
Verdict = Literal["", "like", "dislike"]
Filed = Literal["filed", "wanted", "nothing"]  # in the library; to be filed; there is nothing in it to file


@dataclass(frozen=True)
class Given:
    """A file handed over with a turn; its bytes lie with the originals, under the conversation's id.

    source_id: SHA-256 (hex) of its bytes. spoken: recorded as the question itself.
    width, height: of a picture that can be opened, in pixels; else 0.
    """

    source_id: str
    name: str
    media_type: str = ""
    spoken: bool = False
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Entry:
    """One turn as it is kept.

    parent: the id of the turn before it, "" for a first one. asked: what was typed. partial: the words so far
    while it is being answered, and for good where the answer never came to its end. answer: once it is done or
    was stopped. failure: the sentence the person got instead. asked_at: seconds since 1970.
    question: as understood, what was spoken included. said: the answer without citation numbers, as later turns see it.
    branch, branches: which one of the turns with this parent it is, from 1, and how many there are.
    """

    id: str
    conversation: str
    parent: str
    asked: str
    given: tuple[Given, ...]
    asked_at: float
    state: TurnState
    partial: str = ""
    answer: Answer | None = None
    failure: str = ""
    verdict: Verdict = ""
    feedback: str = ""
    branch: int = 1
    branches: int = 1
    question: str = ""
    said: str = ""


@dataclass(frozen=True)
class ConversationInfo:
    """A line of the list. title: the first question, cut, until the person gives one. changed: seconds since 1970.

    libraries: ids of the named libraries that it may search. found: the words around what was searched for, "" if
    nothing was.
    """

    id: str
    owner: str
    title: str
    pinned: bool
    changed: float
    turns: int
    libraries: tuple[str, ...] = ()
    found: str = ""


Entries = list[Entry]
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
        self._ledger = Ledger(folder, NAME, "history of your conversations")
        try:
            self._ledger.write("PRAGMA secure_delete = ON")
            bring_up(self._ledger)
            for entry_id in history_tree.interrupt(self._ledger) if self._held is not None else ():
                self._want(entry_id)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._ledger.close()
        if self._held is not None:
            self._held.release()

    # Conversations

    def make(self, owner: str) -> ConversationInfo:
        """An empty one."""
        made = secrets.token_hex(16)
        self._ledger.write(
            "INSERT INTO conversations (id, owner, changed) VALUES (?, ?, ?)", made, _clean(owner), time.time()
        )
        return self.get(owner, made)

    def list(self, owner: str, search: str = "") -> Infos:
        """Pinned first, then the one changed last. search: only those that hold every word of it."""
        found = find(self._ledger, owner, _clean(search)) if search.strip() else None
        rows = self._ledger.rows(
            f"{_INFO} WHERE owner = ? AND deleted_at = 0 ORDER BY pinned DESC, changed DESC", owner
        )
        return [_info(row, (found or {}).get(row["id"], "")) for row in rows if found is None or row["id"] in found]

    def get(self, owner: str, conversation: str) -> ConversationInfo:
        return _info(self._row(owner, conversation))

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Raises BadInput for a title without a letter."""
        self._row(owner, conversation)
        if not (words := " ".join(_clean(title).split())):
            raise BadInput("Give the conversation a title of at least one letter.")
        self._set(conversation, "title", words[: 2 * TITLE_LENGTH])

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

    # Turns

    def entries(self, owner: str, conversation: str) -> Entries:
        """The open path, from the first turn to the leaf that was looked at last."""
        with self._ledger.together():
            return self._numbered(conversation, self._path(self._row(owner, conversation)["leaf"]))

    def entry(self, owner: str, entry_id: str) -> Entry:
        with self._ledger.together():
            row = self._turn(owner, entry_id)
            return self._numbered(row["conversation"], [_entry(row)])[0]

    def siblings(self, owner: str, entry_id: str) -> Sequence[str]:
        """The ids of the turns with the same parent, this one included, in the order in which they were asked."""
        with self._ledger.together():
            row = self._turn(owner, entry_id)
            return history_tree.children(self._ledger, row["conversation"]).get(row["parent"], [])

    def show_branch(self, owner: str, entry_id: str) -> Entries:
        """This turn and its newest descendants become the open path, which is returned."""
        with self._ledger.together():
            conversation = self._turn(owner, entry_id)["conversation"]
            children, leaf = history_tree.children(self._ledger, conversation), entry_id
            while leaf in children:
                leaf = children[leaf][-1]
            self._set(conversation, "leaf", leaf)
            return self.entries(owner, conversation)

    def begin(self, owner: str, conversation: str, parent: str, asked: str, given: Sequence[Given]) -> Entry:
        """A turn that is being answered, and the open leaf from now on. parent: "" for a first one."""
        entry_id, now, asked = secrets.token_hex(16), time.time(), _clean(asked)
        names = [_clean(file.name) for file in given if not file.spoken]
        with self._ledger.together():
            row = self._row(owner, conversation)
            before = self._turn(owner, parent) if parent else None
            if before is not None and before["conversation"] != conversation:
                raise BadInput(UNKNOWN_TURN)
            self._ledger.write(
                "INSERT INTO entries (id, conversation, parent, depth, asked_at, state, asked, names, given) "
                "VALUES (?, ?, ?, ?, ?, 'answering', ?, ?, ?)",
                entry_id, conversation, parent, before["depth"] + 1 if before is not None else 1, now,
                asked, "\n".join(names), _json(tuple(given)),
            )  # fmt: skip
            title = row["title"] or titled(asked) or titled(", ".join(names))
            self._ledger.write(
                "UPDATE conversations SET leaf = ?, changed = ?, title = ? WHERE id = ?",
                entry_id, now, title, conversation,
            )  # fmt: skip
            return self.entry(owner, entry_id)

    def write(self, entry_id: str, partial: str) -> None:
        """The words so far."""
        if not self._ledger.write("UPDATE entries SET partial = ? WHERE id = ?", _clean(partial), entry_id):
            raise BadInput(UNKNOWN_TURN)

    def end(self, entry_id: str, answer: Answer, question: str, said: str = "") -> None:
        """The answer is whole, or was stopped by the person. question: as understood.

        said: the answer as later turns are to see it; by default its text without citation numbers.
        """
        state: TurnState = "stopped" if answer.stopped else "done"
        self._end(entry_id, state, _json(answer), question, said or drop_made_up_numbers(answer.text))

    def fail(self, entry_id: str, sentence: str, partial: str) -> None:
        """No answer came. sentence: what the person is told."""
        self._end(entry_id, "failed", "", "", partial, partial, sentence)

    def leave(self, entry_id: str, partial: str, stopped: bool) -> None:
        """Nobody waits for the rest of the answer. stopped: because the person said so.

        The files given with it that are not in the library yet will be before the next question.
        """
        with self._ledger.together():
            self._end(entry_id, "stopped" if stopped else "interrupted", "", "", partial, partial)
            self._want(entry_id)

    def judge(self, owner: str, entry_id: str, verdict: Verdict, feedback: str) -> None:
        self._turn(owner, entry_id)
        self._ledger.write(
            "UPDATE entries SET verdict = ?, feedback = ? WHERE id = ?", verdict, _clean(feedback), entry_id
        )

    def judged(self, owner: str) -> Entries:
        """Every turn that was liked or disliked, oldest first."""
        rows = self._ledger.rows(
            "SELECT e.* FROM entries e JOIN conversations c ON c.id = e.conversation "
            "WHERE e.verdict != '' AND c.owner = ? AND c.deleted_at = 0 ORDER BY e.number", owner,
        )  # fmt: skip
        return [_entry(row) for row in rows]

    # What the core needs of it

    def conversation(self, owner: str, conversation: str, upto_entry: str = "") -> Conversation:
        """As the core left it after this turn, by default the open leaf. Libraries are for the caller to set."""
        with self._ledger.together():
            leaf = self._turn(owner, upto_entry)["id"] if upto_entry else self._row(owner, conversation)["leaf"]
            if upto_entry and self._turn(owner, upto_entry)["conversation"] != conversation:
                raise BadInput(UNKNOWN_TURN)
            return self._rebuilt(conversation, self._path(leaf))

    def before(self, entry: Entry) -> Conversation:
        """The conversation as it was when this turn was asked."""
        with self._ledger.together():
            return self._rebuilt(entry.conversation, self._path(entry.parent))

    def wanted(self, entry: Entry) -> Sequence[Given]:
        """What was given before this turn and is still to be filed in the library."""
        with self._ledger.together():
            files = self.files(entry.conversation)
            given = {file.source_id: file for before in self._path(entry.parent) for file in before.given}
        return [file for source_id, file in given.items() if files.get(source_id) == "wanted"]

    def files(self, conversation: str) -> Mapping[str, Filed]:
        """source_id → what became of it in the library."""
        rows = self._ledger.rows("SELECT source_id, filed FROM files WHERE conversation = ?", conversation)
        return {row["source_id"]: row["filed"] for row in rows}

    def note(self, conversation: str, source_ids: Iterable[str], filed: Filed) -> None:
        """What became of these files in the library."""
        with self._ledger.together():
            for source_id in source_ids:
                self._ledger.write(
                    "INSERT OR REPLACE INTO files SELECT id, ?, ? FROM conversations WHERE id = ?",
                    source_id, filed, conversation,
                )  # fmt: skip

    def holds(self, conversation: str) -> bool:
        """Whether there is one of this id, whoever's it is, deleted ones included as long as they can come back."""
        return bool(self._ledger.rows("SELECT 1 FROM conversations WHERE id = ?", conversation))

    # For good

    def purge(self, owner: str = "", ids: Iterable[str] = (), before: float = math.inf) -> Sequence[str]:
        """What was deleted is gone for good: rows and originals; returns the ids.

        owner "": everybody's. ids: only these. before: only what was deleted before then, in seconds since 1970.
        """
        return self._remove(history_tree.doomed(self._ledger, owner, ids, before))

    def delete_everything(self, owner: str) -> Sequence[str]:
        """Every conversation of this owner is gone for good, and cannot be brought back; the ids."""
        rows = self._ledger.rows("SELECT id FROM conversations WHERE owner = ?", owner)
        return self._remove([row["id"] for row in rows])

    def removals(self) -> Sequence[str]:
        """Conversations that are gone, and whose files the library may still hold."""
        return [row["scope"] for row in self._ledger.rows("SELECT scope FROM removals")]

    def removed(self, conversation: str) -> None:
        """The library holds nothing of it any more."""
        self._ledger.write("DELETE FROM removals WHERE scope = ?", conversation)

    def _remove(self, ids: Sequence[str]) -> Sequence[str]:
        history_tree.remove(self._ledger, ids)
        for conversation in ids:
            self.originals.forget(conversation)
        return ids

    def _row(self, owner: str, conversation: str, deleted: bool = False) -> Any:
        """The only place where whose conversation it is, is asked."""
        rows = self._ledger.rows(
            f"{_INFO} WHERE c.id = ? AND c.owner = ? AND (c.deleted_at != 0) = ?", conversation, owner, deleted
        )
        if not rows:
            raise BadInput(UNKNOWN)
        return rows[0]

    def _turn(self, owner: str, entry_id: str) -> Any:
        rows = self._ledger.rows("SELECT * FROM entries WHERE id = ?", entry_id)
        if not rows:
            raise BadInput(UNKNOWN_TURN)
        try:
            self._row(owner, rows[0]["conversation"])
        except BadInput as error:
            raise BadInput(UNKNOWN_TURN) from error
        return rows[0]

    def _path(self, leaf: str) -> Entries:
        return list(map(_entry, history_tree.path(self._ledger, leaf)))

    def _numbered(self, conversation: str, entries: Entries) -> Entries:
        """With the place of each among its siblings."""
        children = history_tree.children(self._ledger, conversation)
        return [
            replace(each, branch=children[each.parent].index(each.id) + 1, branches=len(children[each.parent]))
            for each in entries
        ]

    def _set(self, conversation: str, column: str, value: str | float) -> None:
        self._ledger.write(f"UPDATE conversations SET {column} = ? WHERE id = ?", value, conversation)

    def _end(
        self,
        entry_id: str,
        state: TurnState,
        answer: str,
        question: str,
        said: str,
        partial: str = "",
        failure: str = "",
    ) -> None:
        question = _clean(question)
        with self._ledger.together():
            known = self._ledger.write(
                "UPDATE entries SET state = ?, answer = ?, question = ?, said = ?, partial = ?, failure = ? "
                "WHERE id = ?",
                state, answer, question, _clean(said), _clean(partial), _clean(failure), entry_id,
            )  # fmt: skip
            if not known:
                raise BadInput(UNKNOWN_TURN)
            self._ledger.write(
                "UPDATE conversations SET changed = ?, title = CASE title WHEN '' THEN ? ELSE title END "
                "WHERE id = (SELECT conversation FROM entries WHERE id = ?)", time.time(), titled(question), entry_id,
            )  # fmt: skip

    def _want(self, entry_id: str) -> None:
        """What was given with this turn is to be filed, unless that is known to be done."""
        for row in self._ledger.rows("SELECT conversation, given FROM entries WHERE id = ?", entry_id):
            given = [file.source_id for file in _given(row["given"]) if not file.spoken]
            known = self.files(row["conversation"])
            self.note(row["conversation"], (each for each in given if each not in known), "wanted")

    def _rebuilt(self, conversation: str, path: Entries) -> Conversation:
        filed, kept = self.files(conversation), self.originals.all(conversation)
        made = Conversation(conversation)
        for entry in path:
            if entry.said and entry.state not in ("failed", "answering"):
                made.exchanges.append(Exchange(entry.question or entry.asked, entry.said))
            for file in entry.given:
                if filed.get(file.source_id) == "filed" and not file.spoken:
                    made.sources[file.source_id] = file.name
                if file.width and file.source_id in kept:
                    made.show(Image(kept[file.source_id], file.name, file.width, file.height))
        return made


def titled(text: str) -> str:
    """The first words, as a title."""
    words = " ".join(text.split())
    if len(words) <= TITLE_LENGTH:
        return words
    cut = words[: TITLE_LENGTH - 1]
    at_word, _, rest = cut.rpartition(" ")
    return (at_word if at_word and len(rest) < 20 else cut) + "…"


def _entry(row: Any) -> Entry:
    return Entry(
        id=row["id"],
        conversation=row["conversation"],
        parent=row["parent"],
        asked=row["asked"],
        given=_given(row["given"]),
        asked_at=row["asked_at"],
        state=row["state"],
        partial=row["partial"],
        answer=from_json(Answer, json.loads(row["answer"])) if row["answer"] else None,
        failure=row["failure"],
        verdict=row["verdict"],
        feedback=row["feedback"],
        question=row["question"],
        said=row["said"],
    )


def _info(row: Any, found: str = "") -> ConversationInfo:
    return ConversationInfo(
        row["id"],
        row["owner"],
        row["title"],
        bool(row["pinned"]),
        row["changed"],
        row["turns"],
        tuple(json.loads(row["libraries"])),
        found,
    )


def _given(text: str) -> tuple[Given, ...]:
    return tuple(from_json(Given, each) for each in json.loads(text))


def _json(value: object) -> str:
    return _clean(json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":")))


def _clean(text: str) -> str:
    """What SQLite takes: without the halves of characters that a broken paste leaves, and without zeros."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


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
        raise LibraryError(f"I cannot write to {folder}. Choose another folder with --data.") from error
    return held
