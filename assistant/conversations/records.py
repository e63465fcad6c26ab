"""What is kept of conversations, as values: their files, their turns, their lines in the list."""

from dataclasses import dataclass
from typing import Literal

from assistant.values.events import Answer
from assistant.values.messages import NOTHING, Message

LONGEST_NAME = 255  # of a file
TurnState = Literal["answering", "done", "stopped", "failed", "interrupted"]
Verdict = Literal["", "like", "dislike"]
Remembered = Literal["", "pinned", "dropped"]  # how a picture is: while there is room, before others, not at all
Filed = Literal["filed", "wanted", "nothing"]  # in the library; to be filed; there is nothing in it to file


@dataclass(frozen=True)
class Given:
    """A file handed over with a turn; its bytes lie with the originals, under the conversation's id.

    source_id: SHA-256 (hex) of its bytes. spoken: recorded as the question itself.
    width, height: of a picture that can be opened, in pixels; else 0. remembered: by the turns that follow.
    """

    source_id: str
    name: str
    media_type: str = ""
    spoken: bool = False
    width: int = 0
    height: int = 0
    remembered: Remembered = ""


@dataclass(frozen=True)
class Entry:
    """One turn as it is kept.

    parent: the id of the turn before it, "" for a first one. asked: what was typed. partial: the words so far
    while it is being answered, and for good where the answer never came to its end. answer: once it is done, or
    was stopped while somebody listened. failure: the sentence the person got instead. asked_at: seconds since 1970.
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
    failure: Message = NOTHING
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
