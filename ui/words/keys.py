"""The words of the list of keys."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KeyWords:
    skip: str = "To the question"
    title: str = "Keys"
    keys: str = "Show or hide this list"
    composer: str = "Go to the question"
    send: str = "Send the question"
    line: str = "Begin a new line"
    previous: str = "Edit the last question, from an empty box"
    stop: str = "Stop the answer"
    search: str = "Search conversations"
    new: str = "New conversation"
    list: str = "In the list of conversations: move, and open a menu"
    close: str = "Close"


ENGLISH = KeyWords()
