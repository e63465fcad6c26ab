"""Between the values that are kept of conversations and the rows that they lie in."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from assistant.conversations.records import AttachedFile, ConversationInfo, StoredTurn
from assistant.storage.sqlite_store import Value
from assistant.values.answer_json import from_json, to_json
from assistant.values.events import Answer
from assistant.values.messages import Message, as_message, say

FIRST_QUESTION = 80  # characters of it as a title
LONGEST_TITLE = 160
UNREADABLE = say(
    "These words were kept, and what they stood on cannot be read any more: the file of your history is damaged."
)

_COLUMNS = (
    "id, conversation, parent, depth, asked_at, state, verdict, feedback, asked, names, question, said, given, "
    "partial, failure, answer"
)
INSERT = f"INSERT INTO entries ({_COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS.split(',')))})"


def row_of(turn: StoredTurn, depth: int) -> tuple[str | float, ...]:
    """Its values, as INSERT takes them. depth: which turn of its path it is, from 1."""
    return (
        turn.id,
        turn.conversation,
        turn.parent,
        depth,
        turn.asked_at,
        turn.state,
        turn.verdict,
        turn.feedback,
        turn.asked,
        names_of(turn.given),
        turn.question,
        turn.said,
        as_json(turn.given),
        turn.partial,
        as_message(turn.failure).to_text(),
        as_json(turn.answer) if turn.answer is not None else "",
    )


def as_title(text: str) -> str:
    """What a person typed as a title, on one line."""
    return " ".join(text.split())[:LONGEST_TITLE].rstrip()


def titled(text: str) -> str:
    """The first words of a question, as a title."""
    words = " ".join(text.split())
    if len(words) <= FIRST_QUESTION:
        return words
    cut = words[: FIRST_QUESTION - 1]
    at_word, _, rest = cut.rpartition(" ")
    return (at_word if at_word and len(rest) < 20 else cut) + "…"


def to_stored_turn(row: Any) -> StoredTurn:
    """The turn. Where its answer cannot be read any more its words stay, and its failure says so."""
    stored = StoredTurn(
        id=row["id"],
        conversation=row["conversation"],
        parent=row["parent"],
        asked=row["asked"],
        given=to_attached_files(row["given"]),
        asked_at=row["asked_at"],
        state=row["state"],
        partial=row["partial"],
        failure=Message.from_text(row["failure"]),
        verdict=row["verdict"],
        feedback=row["feedback"],
        question=row["question"],
        said=row["said"],
    )
    if not row["answer"]:
        return stored
    try:
        return replace(stored, answer=from_json(Answer, json.loads(row["answer"])))
    except ValueError:
        return replace(stored, state="failed", partial=stored.said, failure=UNREADABLE)


def to_info(row: Any, found: str = "") -> ConversationInfo:
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


def names_of(given: Iterable[AttachedFile]) -> str:
    return "\n".join(file.name for file in given if not file.spoken)


def to_attached_files(text: str) -> tuple[AttachedFile, ...]:
    return tuple(from_json(AttachedFile, each) for each in json.loads(text))


def as_json(value: object) -> str:
    return json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":"))


def clean(value: Value) -> Value:
    """What SQLite takes: without the halves of characters that a broken paste leaves, and without zeros."""
    return value.encode("utf-8", "replace").decode().replace("\0", "") if isinstance(value, str) else value
