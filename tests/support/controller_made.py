"""The page's handlers without a page: a real history in a folder, and a script in the assistant's place."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assistant.conversations.conversations import Conversations
from assistant.conversations.history import History
from assistant.ports.named_libraries import LibraryInfo
from assistant.settings.settings import Settings
from assistant.storage.originals import Originals
from assistant.values.conversation import Conversation, Exchange
from assistant.values.events import Answer, Done, Event
from assistant.values.parts import Turn
from ui.chat_controller import ChatController
from ui.commands import Commands
from ui.handlers import Handlers, TurnUpdates
from ui.owner import OwnerOf
from ui.session import Session

Script = Callable[[Turn, Conversation, threading.Event], Iterator[Event]]


def echo(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
    yield Done(Answer(f"You said {turn.text}."))


class Scripted:
    """Answers as the script says, and remembers which conversations it was told to forget."""

    library = SimpleNamespace(state="ready")

    def __init__(self, script: Script) -> None:
        self.script, self.settings, self.forgotten = script, Settings(), []
        self.files = SimpleNamespace(forget=self.forgotten.append)

    def answer(self, turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        for event in self.script(turn, conversation, stop):
            if isinstance(event, Done):
                conversation.exchanges.append(Exchange(turn.text, event.answer.text))
            yield event


class MadeController:
    """One tab of one person, and what stands behind it."""

    def __init__(self, folder: Path, script: Script = echo, undo_seconds: float = 60, owner: str = "") -> None:
        originals = Originals(folder / "originals")
        self.history = History(folder, originals)
        self.assistant = Scripted(script)
        self.conversations = Conversations(self.history, self.assistant, originals)  # type: ignore[arg-type]
        self.owner = owner or "me"
        self.libraries: list[LibraryInfo] = []
        self.controller = ChatController(self.history, lambda _: self.owner, lambda owner: self.libraries)
        self.handlers = Handlers(self.controller, self.conversations, tuple)
        self.commands = Commands(self.controller, self.conversations, undo_seconds)
        self.session: Session | None = None
        self.seen: list[Any] = []

    def begin(self, text: str, *files: Path) -> TurnUpdates:
        view = self.handlers.ask({"text": text, "files": [str(file) for file in files]}, "", self.session)
        self.session = view.session if isinstance(view.session, Session) else self.session
        return view

    def ask(self, text: str, *files: Path) -> list[Any]:
        """Every state of the chat from the question to the end, each a list of messages."""
        chats = [self.begin(text, *files).chat, *self.handlers.stream(self.session)]
        self.seen = [chat for chat in chats if isinstance(chat, list)]
        return self.seen

    def do(self, command: str) -> Any:
        import json

        done = self.commands.do(json.dumps({"command": command, "conversation": self.open}), self.session)
        self.session = done.session if isinstance(done.session, Session) else self.session
        return done

    @property
    def open(self) -> str:
        return self.session.conversation if self.session is not None else ""

    def close(self) -> None:
        self.history.close()


def texts(chat: list[Any]) -> list[str]:
    """What the messages of a chat say."""
    return [message.content[0].text for message in chat]


def is_usable(box: dict[str, Any]) -> bool:
    return bool(box["interactive"] and box["submit_btn"] and not box["stop_btn"])


ALONE = OwnerOf(alone=True)
