"""Answers that nothing is kept of: a program brings the whole conversation with each request, and its files.

What is handed over lies in a folder for as long as the answer takes, and in the library under a scope of its own. What
a killed process left of either is swept by the next one.
"""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar, cast

from assistant import media
from assistant.answering.assistant import Assistant
from assistant.conversations.fair_queue import FairQueue
from assistant.media import digest
from assistant.settings.settings import Settings
from assistant.values.conversation import Conversation, Exchange
from assistant.values.errors import AssistantError, BadInput, Locked
from assistant.values.events import Done, Event, Failed, Status
from assistant.values.messages import Message
from assistant.values.parts import Attachment, ChatMessage, Image, Text, Turn
from prompts import render

Made = TypeVar("Made")


class Unfinished(Protocol):
    """Remembers which scopes of the library are to be emptied, over the end of the process too."""

    def begun(self, scope: str) -> None: ...

    def ended(self, scope: str) -> None: ...

    def unfinished(self) -> Sequence[str]: ...


@dataclass
class InstructedConversation(Conversation):
    """A conversation before which a program said how it wants its answers. The model reads that first, whatever of the
    turns is shown to it; our own instructions stand above it."""

    instructions: str = ""

    def messages(self, turns: int) -> list[ChatMessage]:
        if not self.instructions:
            return super().messages(turns)
        asked = render("caller_instructions.md.j2", instructions=self.instructions)
        return [
            ChatMessage("user", (Text(asked),)),
            ChatMessage("assistant", (Text(render("caller_instructions_taken.md.j2")),)),
            *super().messages(turns),
        ]


@dataclass(frozen=True)
class PassingTurn:
    """Everything that one answer needs."""

    turn: Turn
    exchanges: Sequence[Exchange] = ()
    """The turns before it."""
    earlier: Sequence[Attachment] = ()
    """What was given with them."""
    instructions: str = ""
    libraries: Sequence[str] = ()
    """Scopes of named libraries to be searched."""
    settings: Callable[[Settings], Settings] = lambda now: now
    """What is to be otherwise for this answer."""

    @property
    def has_files(self) -> bool:
        return bool(self.turn.attachments or self.earlier)


class Passing:
    """Any thread may call it. folder: where what is handed over lies for as long as it is needed.

    observe: told of every event. active_turns: held while something is answered.
    """

    def __init__(
        self,
        assistant: Assistant,
        queue: FairQueue,
        folder: Path,
        unfinished: Unfinished,
        active_turns: AbstractContextManager[object] | None = None,
        observe: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self._assistant, self._queue, self._unfinished = assistant, queue, unfinished
        self._active_turns = active_turns if active_turns is not None else nullcontext()
        self._observe = observe
        self._left = tuple(unfinished.unfinished())
        _sweep(folder)
        self._folder = folder / str(os.getpid())

    def answer(self, owner: str, asked: PassingTurn, stop: threading.Event, address: str = "") -> Generator[Event]:
        """As `Assistant.answer`, once it is the owner's turn. Raises Crowded where too much is asked for already."""
        with closing(self.in_turn(owner, stop, lambda: self._answer(asked, stop), address)) as events:
            for event in events:
                self._observe(event)
                yield event

    def in_turn(
        self, owner: str, stop: threading.Event, work: Callable[[], Iterator[Event]], address: str = ""
    ) -> Generator[Event]:
        """What the work yields, once it is the owner's turn; nothing, where it is stopped before. Raises Crowded."""
        with self._queue.place(owner, address, checked=False) as place:
            yield from self._queue.wait(place, stop)
            if place.begun:
                with self._active_turns:
                    yield from work()

    @contextmanager
    def lent_folder(self) -> Iterator[Path]:
        """A folder that nobody else reads, gone at the end."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def sweep(self) -> None:
        """What earlier runs left in the library. To be called once that is open: then no other run has it."""
        for scope in self._left:
            self._assistant.files.forget(scope)
            self._unfinished.ended(scope)

    def _answer(self, asked: PassingTurn, stop: threading.Event) -> Generator[Event]:
        settings = self._assistant.live if self._assistant.live is not None else lambda: self._assistant.settings
        now = asked.settings(settings())
        assistant = replace(self._assistant, originals=None, background=None, live=None, settings=now)
        conversation = InstructedConversation(
            exchanges=list(asked.exchanges), libraries=tuple(asked.libraries), instructions=asked.instructions
        )
        if asked.has_files:
            self._unfinished.begun(conversation.id)
        try:
            try:
                notes = yield from _file_earlier(assistant, asked.earlier, conversation)
            except AssistantError as error:
                yield Failed(error.message, bad_input=isinstance(error, BadInput), locked=isinstance(error, Locked))
                return
            with closing(cast(Generator[Event], assistant.answer(asked.turn, conversation, stop))) as events:
                for event in events:
                    yield _noted(event, notes)
        finally:
            if asked.has_files:
                assistant.files.forget(conversation.id)
                self._unfinished.ended(conversation.id)


def _sweep(folder: Path) -> None:
    """What runs left that were killed: each has a folder by its number."""
    import psutil

    for left in folder.glob("*"):
        if not (left.name.isdigit() and psutil.pid_exists(int(left.name))):
            shutil.rmtree(left, ignore_errors=True)


def _file_earlier(
    assistant: Assistant, files: Sequence[Attachment], conversation: Conversation
) -> Generator[Status, None, list[Message]]:
    """What was given with earlier turns, as if it were remembered from them. Returns what could not be read."""
    notes: list[Message] = []
    for file in files:
        try:
            if media.identify(file.path, file.name) in media.PICTURE_TYPES:
                size = media.picture_size(file.path, assistant.settings.limits, file.name)
                conversation.show(Image(file.path, file.name, *size, digest(file.path)))
            notes += yield from assistant.files.file_again(file.path, file.name, conversation)
        except BadInput as error:
            notes.append(error.message)
    return notes


def _noted(event: Event, notes: Sequence[Message]) -> Event:
    if not notes or not isinstance(event, Done):
        return event
    received = replace(event.answer.received, notes=(*notes, *event.answer.received.notes))
    return Done(replace(event.answer, received=received))
