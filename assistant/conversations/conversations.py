"""Asking in a conversation that lasts: what is handed over is kept, what is answered is written down as it comes.

Whatever happens to an answer - its end, Stop, a failure, a closed page, a killed process - its turn says so.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import cast

from assistant.answering.assistant import Assistant
from assistant.conversations.attachments import store_attachments
from assistant.conversations.fair_queue import FairQueue
from assistant.conversations.history import History
from assistant.conversations.records import ConversationInfo, StoredTurn
from assistant.conversations.zip_archive import import_archive
from assistant.intake.background import RecordingProgress
from assistant.storage.originals import Originals
from assistant.values.conversation import Conversation
from assistant.values.errors import AssistantError, BadInput
from assistant.values.events import Answer, Delta, Done, Event, Failed, Status
from assistant.values.messages import NOTHING, Message, say
from assistant.values.parts import Attachment, Text, Turn

log = logging.getLogger(__name__)

WRITE_SECONDS = 1.0  # at most between two writings of the words so far, while words come
WRITE_CHARACTERS = 2000
HINTING = 3  # of the last turns, what was said and cited tells what may be spoken of next
PATIENCE = 10.0  # seconds that an answer gets to end before its conversation is forgotten
BROKEN = say(
    "Something went wrong inside the program while it answered, and the rest of the answer is lost. Ask again."
)
Scopes = Callable[[str, Sequence[str]], tuple[str, ...]]


def _no_libraries(owner: str, ids: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG001
    return ()


class Conversations:
    """Any thread may call it, and several conversations are answered at once.

    scopes: owner and ids of named libraries → what may be searched of them; those that are gone are left out.
    active_turns: held while a turn is answered. queue: who is answered next, where many ask. observe: told of every
    event.
    """

    def __init__(
        self,
        history: History,
        assistant: Assistant,
        originals: Originals,
        scopes: Scopes = _no_libraries,
        active_turns: AbstractContextManager[object] | None = None,
        queue: FairQueue | None = None,
        observe: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self.history, self._assistant, self._originals = history, assistant, originals
        self._scopes, self._active_turns = scopes, active_turns if active_turns is not None else nullcontext()
        self._queue, self._observe = queue or FairQueue(), observe
        self._running: dict[str, list[threading.Event]] = {}
        self._changed = threading.Condition()

    def ask(
        self, owner: str, conversation_id: str, turn: Turn, after: str, stop: threading.Event, address: str = ""
    ) -> tuple[StoredTurn, Iterator[Event]]:
        """A new turn after the one with the id `after` ("": a first one), and its events.

        Every file is kept first, recordings of the question too; passwords are not. Events are as those of
        `Assistant.answer`; closing the iterator, or dropping it, ends the answer. address: see `FairQueue`. Raises
        BadInput for a conversation or a turn that is not there.
        """
        self.history.get(owner, conversation_id)
        self._queue.check(owner, address)
        before = self.history.turns(owner, conversation_id) if turn.attachments else ()
        known = {file.source_id: file.name for one in before for file in one.given if not file.spoken}
        kept = store_attachments(turn, self._originals, conversation_id, self._assistant.settings.limits, known)
        stored = self.history.begin(owner, conversation_id, after, turn.text, kept.given)
        remembered = self.history.files.remembered(conversation_id)
        again = [file.source_id for file in kept.given if remembered.get(file.source_id) == "dropped"]
        self.history.files.remember(conversation_id, again, "")  # who hands it over again means it
        return stored, self._begun(owner, stored, kept.turn, stop, address, kept.trouble)

    def again(
        self,
        owner: str,
        turn_id: str,
        stop: threading.Event,
        text: str | None = None,
        password: str = "",
        address: str = "",
    ) -> tuple[StoredTurn, Iterator[Event]]:
        """The same turn once more, as another branch: with the same files, and these words where some are given.

        password: opens those of its files that are locked. Raises BadInput where a file of it is not kept.
        """
        old = self.history.turn(owner, turn_id)
        self._queue.check(owner, address)
        asked = old.asked if text is None else text.strip()
        kept = self._originals.all(old.conversation)
        if lost := [file.name for file in old.given if file.source_id not in kept]:
            raise BadInput(
                say("{name} is not kept any more. Hand it over again with your question.", name=", ".join(lost))
            )
        files = (
            Attachment(kept[file.source_id], file.name, spoken=file.spoken, password=password)
            for file in old.given
            if file.remembered != "dropped"
        )
        turn = Turn((*([Text(asked)] if asked else []), *files))
        stored = self.history.begin(owner, old.conversation, old.parent, asked, old.given)
        return stored, self._begun(owner, stored, turn, stop, address)

    def hints(self, owner: str, conversation_id: str) -> list[str]:
        """What may be spoken of next in this conversation, as it is shown; nothing where it is not theirs."""
        try:
            shown = self.history.turns(owner, conversation_id) if conversation_id else ()
        except BadInput:
            return []
        if not shown:
            return []
        last = shown[-HINTING:][::-1]
        said = [text for stored in last for text in (stored.question or stored.asked, stored.said)]
        cited = [one.context or one.quote for stored in last if stored.answer for one in stored.answer.citations]
        return [*said, *(file.name for stored in reversed(shown) for file in stored.given), *cited]

    def doing(self, owner: str, conversation_id: str) -> tuple[RecordingProgress, ...]:
        """What was given in this conversation and is still being taken in. Raises BadInput where it is not theirs."""
        background = self._assistant.background
        if background is None:
            return ()
        return background.doing(self.history.get(owner, conversation_id).id)

    def leave(self, owner: str, conversation_id: str, source_id: str) -> None:
        """The rest of that is not taken in any more. Raises BadInput where the conversation is not theirs."""
        conversation = self.history.get(owner, conversation_id).id
        if self._assistant.background is not None:
            self._assistant.background.leave(conversation, source_id)

    def stop(self, owner: str, conversation_id: str) -> None:
        """Ends the answers being made there, without waiting for that. Raises BadInput where it is not theirs."""
        conversation = self.history.get(owner, conversation_id).id
        with self._changed:
            for stop in self._running.get(conversation, ()):
                stop.set()

    def import_(self, owner: str, path: Path) -> ConversationInfo:
        """A new conversation from an archive. Its files go into the library before its next question is answered."""
        return import_archive(self.history, self._originals, owner, path, self._assistant.settings.limits)

    def forget(self, owner: str, ids: Iterable[str]) -> Sequence[str]:
        """Those of these that were deleted are gone for good: rows, originals, pieces in the library; their ids.

        An answer that is still being made there is stopped first.
        """
        wanted = set(ids)
        deleted = [each for each in self.history.deleted(owner) if each in wanted]
        if not deleted:
            return ()
        self._stop(deleted)
        gone = self.history.purge(owner, deleted)
        self._clear()
        return gone

    def forget_everything(self, owner: str) -> Sequence[str]:
        """Every conversation of this owner is gone for good; their ids."""
        self._stop([*(info.id for info in self.history.list(owner)), *self.history.deleted(owner)])
        gone = self.history.delete_everything(owner)
        self._clear()
        return gone

    def settle(self) -> None:
        """What was deleted in earlier runs goes for good, and what nobody's conversation is about.

        To be called once the library is open: then no other run has them.
        """
        self.history.purge(before=self.history.opened)
        self._clear()
        self._assistant.files.forget_left_behind(self.history.holds)

    def _begun(
        self,
        owner: str,
        stored: StoredTurn,
        turn: Turn,
        stop: threading.Event,
        address: str,
        trouble: AssistantError | None = None,
    ) -> Iterator[Event]:
        """The events of this turn, begun already: so that its end is written down though nobody asks for the first."""
        events = self._events(owner, stored, turn, stop, address, trouble)
        next(events)
        return events

    def _events(
        self,
        owner: str,
        stored: StoredTurn,
        turn: Turn,
        stop: threading.Event,
        address: str,
        trouble: AssistantError | None,
    ) -> Generator[Event]:
        words = _AnswerText(self.history, stored.id)
        with self._run(stored.conversation, stop):
            try:
                yield Status("answering", NOTHING)
                if trouble is not None:
                    raise trouble
                with self._queue.place(owner, address) as place:
                    yield from self._queue.wait(place, stop)
                    if not place.begun:
                        return  # it was stopped before
                    with self._active_turns:
                        yield from self._answer(owner, stored, turn, stop, words)
            except AssistantError as error:
                words.fail(error.message)
                yield Failed(error.message, bad_input=isinstance(error, BadInput))
            except Exception:
                words.fail(BROKEN)
                raise
            finally:
                words.leave(stop.is_set())

    def _answer(
        self, owner: str, stored: StoredTurn, turn: Turn, stop: threading.Event, words: "_AnswerText"
    ) -> Generator[Event]:
        conversation = self.history.before(stored)
        conversation.libraries = self._scopes(owner, self.history.get(owner, stored.conversation).libraries)
        notes = yield from self._file_again(stored, conversation)
        known = len(conversation.sources)
        with closing(cast(Generator[Event], self._assistant.answer(turn, conversation, stop))) as events:
            for event in events:
                if len(conversation.sources) > known:
                    known = len(conversation.sources)
                    self.history.files.note(stored.conversation, conversation.sources, "filed")
                match event:
                    case Delta(text):
                        words.add(text)
                    case Done(answer):
                        received = replace(answer.received, notes=(*notes, *answer.received.notes))
                        event = Done(replace(answer, received=received))
                        words.end(event.answer, conversation)
                    case Failed(message):
                        words.fail(message)
                self._observe(event)
                yield event

    def _file_again(self, stored: StoredTurn, conversation: Conversation) -> Generator[Status, None, list[Message]]:
        """What an archive brought, or an interrupted turn, into the library, and what was dropped out of it; what could
        not be read, in sentences."""
        notes: list[Message] = []
        for source_id in self.history.files.unwanted(stored.conversation):
            yield from self._assistant.files.unfile(conversation, source_id)
            self.history.files.note(stored.conversation, [source_id], "nothing")
        for file in self.history.wanted(stored):
            path = self._originals.find(stored.conversation, file.source_id)
            try:
                if path is None:
                    raise BadInput(say("{name}, which you gave earlier, is not kept any more.", name=file.name))
                notes += yield from self._assistant.files.file_again(path, file.name, conversation)
            except BadInput as error:
                notes.append(error.message)
                self.history.files.note(stored.conversation, [file.source_id], "nothing")
            else:
                self.history.files.note(stored.conversation, [file.source_id], "filed")
        return notes

    @contextmanager
    def _run(self, conversation: str, stop: threading.Event) -> Iterator[None]:
        with self._changed:
            self._running.setdefault(conversation, []).append(stop)
        try:
            yield
        finally:
            with self._changed:
                self._running[conversation].remove(stop)
                if not self._running[conversation]:
                    del self._running[conversation]
                self._changed.notify_all()

    def _stop(self, ids: Sequence[str]) -> None:
        """Ends the answers being made in these, waiting a while for that."""
        with self._changed:
            for stop in [stop for conversation in ids for stop in self._running.get(conversation, ())]:
                stop.set()
            self._changed.wait_for(lambda: not any(each in self._running for each in ids), PATIENCE)

    def _clear(self) -> None:
        """What the library still holds of conversations that are gone; later, where it is not open yet."""
        if self._assistant.library.state == "ready":
            for conversation in self.history.removals():
                self._assistant.files.forget(conversation)
                self.history.removed(conversation)


class _AnswerText:
    """The words of one answer so far, written down now and then, and its end, once."""

    def __init__(self, history: History, turn_id: str) -> None:
        self._history, self._turn_id = history, turn_id
        self._text, self._written, self._at, self._over = "", 0, 0.0, False

    def add(self, text: str) -> None:
        self._text += text
        if time.monotonic() - self._at >= WRITE_SECONDS or len(self._text) - self._written >= WRITE_CHARACTERS:
            self._history.write(self._turn_id, self._text)
            self._at, self._written = time.monotonic(), len(self._text)

    def end(self, answer: Answer, conversation: Conversation) -> None:
        said = conversation.exchanges[-1].answer if answer.text and conversation.exchanges else ""
        self._history.end(self._turn_id, answer, answer.received.question, said)
        self._over = True

    def fail(self, sentence: Message) -> None:
        self._last(lambda: self._history.fail(self._turn_id, sentence, self._text))

    def leave(self, stopped: bool) -> None:
        """Nobody asks for more."""
        self._last(lambda: self._history.leave(self._turn_id, self._text, stopped))

    def _last(self, write: Callable[[], None]) -> None:
        """The end, where there was none yet. If it cannot be written the log is told; the next start does the rest."""
        if not self._over:
            self._over = True
            try:
                write()
            except AssistantError:
                log.exception("How an answer ended could not be written down")
