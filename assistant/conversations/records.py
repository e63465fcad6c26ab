"""Records of conversations, as values: attached files, stored turns, lines of the list."""

from dataclasses import dataclass
from typing import Literal

from assistant.values.events import Answer
from assistant.values.messages import NOTHING, Message

LONGEST_NAME = 255  # of a file
TurnState = Literal["answering", "done", "stopped", "failed", "interrupted"]
Verdict = Literal["", "like", "dislike"]
PictureMemory = Literal["", "pinned", "dropped"]  # how a picture is: while there is room, before others, not at all
FilingState = Literal["filed", "wanted", "nothing"]  # in the library; to be filed; there is nothing in it to file


@dataclass(frozen=True)
class AttachedFile:
    """A file handed over with a turn; its bytes lie with the originals, under the conversation's id."""

    source_id: str
    """SHA-256 (hex) of its bytes."""
    name: str
    media_type: str = ""
    spoken: bool = False
    """Whether it was recorded as the question itself."""
    width: int = 0
    """In pixels, of a picture that can be opened; else 0."""
    height: int = 0
    """In pixels, of a picture that can be opened; else 0."""
    remembered: PictureMemory = ""
    """How the turns that follow remember it, where it is a picture."""


@dataclass(frozen=True)
class StoredTurn:
    """One turn as it is stored."""

    id: str
    conversation: str
    """The id of its conversation."""
    parent: str
    """The id of the turn before it; "" for a first one."""
    asked: str
    """What was typed."""
    given: tuple[AttachedFile, ...]
    asked_at: float
    """Seconds since 1970."""
    state: TurnState
    partial: str = ""
    """The words so far while it is being answered; they stay where the answer never came to its end."""
    answer: Answer | None = None
    """Set once the turn is done, or was stopped while somebody listened."""
    failure: Message = NOTHING
    """The sentence that the person got instead of an answer."""
    verdict: Verdict = ""
    feedback: str = ""
    branch: int = 1
    """Which one of the turns with the same parent it is, from 1."""
    branches: int = 1
    """How many turns have the same parent."""
    question: str = ""
    """The question as it was understood, with what was spoken."""
    said: str = ""
    """The answer without citation numbers, as later turns see it."""


@dataclass(frozen=True)
class ConversationInfo:
    """A line of the list of conversations."""

    id: str
    owner: str
    title: str
    """The first question, cut, until the person gives a title."""
    pinned: bool
    changed: float
    """Seconds since 1970."""
    turns: int
    """How many there are on the open branch."""
    libraries: tuple[str, ...] = ()
    """Ids of the named libraries that it may search."""
    found: str = ""
    """The words around what was searched for; "" if nothing was."""
