"""The words of the list of keys, and of the questions that wait for an answer's end."""

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
    next: str = "Asked next"
    edit_next: str = "Change this question"
    drop_next: str = "Do not ask this"


ENGLISH = KeyWords()
