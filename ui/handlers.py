"""Between browser and core: what was sent becomes a Turn, what streams back becomes what the page shows.

An answer takes three events, one after the other, so that while it grows nothing is sent but the chat: `ask` makes
the box busy and begins the turn, `stream` shows it, `settle` hands the box back. None of them raises: Gradio would
leave the box dead.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from assistant.conversations.conversations import Conversations
from assistant.conversations.history import StoredTurn
from assistant.values.errors import AssistantError
from assistant.values.events import Answer, Delta, Done, Event, Failed, Status
from assistant.values.messages import NOTHING
from assistant.values.messages import Message as Sentence
from assistant.values.parts import Attachment, Text, Turn
from ui import rendering
from ui.chat_controller import ChatController, PageState, page_state, ready
from ui.file_strip import asked
from ui.rendering import Message
from ui.session import Feed, Session
from ui.untrusted import as_text
from ui.welcome_view import example
from ui.words import words_now
from ui.words.chat import ChatWords
from ui.words.files import FileWords

log = logging.getLogger(__name__)

TICK = 0.1  # seconds between two looks at the page: ten updates a second are plenty
GRACE = 1.5  # seconds that a stopped answer has to come to its own end
Update = Any  # a value, or what gr.update() and gr.skip() return
Begun = tuple[StoredTurn, Iterator[Event]]
Begin = Callable[[], Begun]


class TurnUpdates(NamedTuple):
    """What the beginning of an answer changes, in the order of the event's outputs."""

    chat: Update
    box: Update
    voice: Update
    password: Update
    editing: Update
    conversations: Update
    session: Update


class FinalUpdates(NamedTuple):
    """What the end of an answer changes, in the order of the event's outputs."""

    chat: Update
    box: Update
    voice: Update
    password: Update
    conversations: Update


def to_turn(box: dict[str, Any] | None, recorded: Sequence[str], voice: str | None = None) -> Turn:
    """What the browser sent, as a Turn.

    recorded: paths of the files in the box that were made with its microphone (the page's script
    tells them from uploads); those and `voice` are the person speaking. Gradio keeps a
    file under the name that the person gave it, less the few characters that no disk takes.
    """
    box = box or {}
    files = [
        Attachment(path := Path(file), path.name, spoken=file in recorded) for file in box.get("files") or () if file
    ]
    if voice:
        files.append(Attachment(Path(voice), Path(voice).name, spoken=True))
    text = (box.get("text") or "").strip()
    return Turn((*([Text(text)] if text else []), *files))


@dataclass
class _Work:
    """An answer in the making: the steps done, the one it is at, the words so far, how it ended."""

    words: ChatWords
    began: float = field(default_factory=time.monotonic)
    status: str = ""
    steps: list[tuple[str, float]] = field(default_factory=list)
    step: str = ""
    step_began: float = 0.0
    text: str = ""
    answer: Answer | None = None
    failed: Sentence = NOTHING
    locked: bool = False

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def take(self, event: Event) -> None:
        match event:
            case Status(step, text):
                if text:  # else only a sign that it has begun
                    self._enter(step)
                    self.status = text
            case Delta(text):
                self.text += text
            case Done(answer):
                self.answer = answer
            case Failed(message, _, locked):
                self.failed, self.locked = message, locked

    def _enter(self, step: str) -> None:
        now = time.monotonic()
        if self.step and step != self.step:
            self.steps.append((self.step, now - self.step_began))
        if step != self.step:
            self.step, self.step_began = step, now

    def messages(self) -> list[Message]:
        line = rendering.working(self.status, self.steps, self.seconds, self.words)
        return [line, *rendering.partial(self.text)]

    def ended(self, stored: StoredTurn) -> StoredTurn:
        """The turn as it is to be shown, where the store does not know its end yet."""
        if self.failed:
            return replace(stored, state="failed", failure=self.failed, partial=self.text)
        if stored.state == "answering":
            return replace(stored, state="stopped", partial=self.text)
        return stored


class Handlers:
    """status: what is loading, one line each; none: everything is ready."""

    def __init__(
        self, controller: ChatController, conversations: Conversations, status: Callable[[], tuple[str, ...]]
    ) -> None:
        self._controller, self._conversations, self._status = controller, conversations, status

    # The beginning of an answer

    def ask(self, box: dict[str, Any] | None, said: str | None, session: Session | None) -> TurnUpdates:
        """The box was sent. said: what the page tells along (`chat_controller.page_state`)."""
        along = page_state(said)
        return self._begin(to_turn(box, along.recorded), along, session)

    def ask_aloud(
        self, voice: str | None, box: dict[str, Any] | None, said: str | None, session: Session | None
    ) -> TurnUpdates:
        """A recording ended: it is the question, together with whatever waits in the box."""
        along = page_state(said)
        return self._begin(to_turn(box, along.recorded, voice) if voice else Turn(()), along, session)

    def unlock(self, password: str | None, session: Session | None) -> TurnUpdates:
        """The question that a locked file was in the way of, asked once more with the password."""
        known = self._controller.mine(session)
        if known is None or not known.locked or not password:
            return _nothing()
        locked = known.locked
        return self._take(known, lambda: self._again(known, locked, password=password))

    def command(self, said: str | None, session: Session | None) -> TurnUpdates:
        """A button that has something answered: once more, or on from where it stopped."""
        along = page_state(said)
        verb, _, stored = along.command.partition(" ")
        try:
            known = self._controller.session(session, along.conversation)
        except AssistantError as error:
            return _refused(error.message)
        if verb == "retry":
            return self._take(known, lambda: self._again(known, stored))
        turn = None
        if verb == "example":
            turn = example(stored)
        elif verb == "file" and (question := asked(known, stored, words_now(FileWords))):
            turn = Turn((Text(question),))
        elif verb == "continue" and stored == known.leaf:
            turn = Turn((Text(self._controller.words().go_on_asked),))
        return _nothing() if turn is None else self._take(known, partial(self._asked, known, turn))

    def _begin(self, turn: Turn, along: PageState, session: Session | None) -> TurnUpdates:
        try:
            known = self._controller.session(session, along.conversation)
        except AssistantError as error:
            return _refused(error.message)
        if not turn.parts and known.editing is None:
            return _nothing()
        known.dictated = along.dictated and not known.busy
        return self._take(known, lambda: self._asked(known, turn))

    def _asked(self, session: Session, turn: Turn) -> Begun:
        owner, edited = session.owner, session.editing
        if not session.conversation:
            session.conversation = self._controller.history.make(owner).id
            if session.libraries:
                self._controller.history.use_libraries(owner, session.conversation, session.libraries)
        if edited is None:
            return self._kept(owner, turn, self._ask(session, turn, session.leaf))
        if not turn.attachments:
            return self._again(session, edited.id, text=turn.text or edited.asked)
        kept = self._controller.history.originals.all(session.conversation)
        files = [
            Attachment(kept[given.source_id], given.name, spoken=given.spoken)
            for given in edited.given
            if given.source_id in kept
        ]
        more = Turn((*turn.parts, *files))
        return self._kept(owner, turn, self._ask(session, more, edited.parent))

    def _ask(self, session: Session, turn: Turn, after: str) -> Begun:
        return self._conversations.ask(
            session.owner, session.conversation, turn, after, session.stop, self._controller.address()
        )

    def _again(self, session: Session, stored: str, text: str | None = None, password: str = "") -> Begun:
        return self._conversations.again(
            session.owner, stored, session.stop, text, password=password, address=self._controller.address()
        )

    def _kept(self, owner: str, turn: Turn, begun: Begun) -> Begun:
        """The turn has its own copies of what was handed over, so the page's go: they would outlive its deletion."""
        kept = self._controller.history.originals.all(begun[0].conversation)
        if all(given.source_id in kept for given in begun[0].given):
            self._controller.uploads.let_go(owner, [file.path for file in turn.attachments])
        return begun

    def _take(self, session: Session, begin: Begin) -> TurnUpdates:
        """Makes the box busy and begins the turn. Whatever is in the way is said, and the box is as it was."""
        import gradio as gr

        if not session.begin():
            gr.Info(self._controller.words().still_answering)
            return _nothing(voice=_voice())
        try:
            stored, events = begin()
            before = session.leaf
            session.answering, session.editing, session.locked = (stored, events), None, ""
            if stored.parent == before:
                session.turns.append(stored)
            else:
                self._controller.reload(session)
            session.title = session.title or self._controller.history.get(session.owner, session.conversation).title
            self._controller.begin_reading(session, stored)
            work = _Work(self._controller.words())
            chat = [*self._controller.messages(session, answering=True), *map(ready, work.messages())]
            listed = self._controller.list(session)
        except Exception as error:  # noqa: BLE001 - shown and logged; raised, it would leave the box dead
            session.answering = None
            session.end()
            return _refused(self._sentence(error), session)
        return TurnUpdates(chat, _busy(), _voice(interactive=False), _password(False), _hidden(), listed, session)

    # Its words

    def stream(self, session: Session | None) -> Iterator[Update]:
        """The chat as the answer grows, then how it ended."""
        import gradio as gr

        if session is None or session.answering is None or self._controller.is_theirs(session):
            yield gr.skip()
            return
        try:
            yield from self._answer_in(session)
        finally:
            self._controller.end_reading(session)
            if session.stop.is_set() and session.feed is not None:
                session.feed.abandon()  # else it goes on, for whoever opens the conversation
            session.answering = None
            session.end()

    def _answer_in(self, session: Session) -> Iterator[Update]:
        import gradio as gr

        assert session.answering is not None
        stored, events = session.answering
        work = _Work(self._controller.words())
        try:
            settled = self._controller.messages(session, answering=True)
            shown: list[Message] = []
            for now in self._events(work, events, session):
                if now != shown and not session.closed:
                    shown = now
                    yield [*settled, *map(ready, now)]
        except Exception as error:  # noqa: BLE001 - shown and logged; raised, it would leave the box dead
            work.failed = self._sentence(error)
        finally:
            begun = session.feed is not None and session.feed.answer is events
            if not begun and not session.stop.is_set():  # it was left before it was its turn, and goes on all the same
                session.feed = Feed(events)
            elif not begun or (session.feed is not None and not session.feed.running):
                _close(events)
        if session.closed:
            yield gr.skip()
            return
        try:
            session.turns[-1] = work.ended(self._controller.history.turn(session.owner, stored.id))
            session.locked = stored.id if work.locked else ""
            yield self._controller.messages(session)
        except Exception as error:  # noqa: BLE001 - as above
            work.failed = work.failed or self._sentence(error)
            yield [*settled, *map(ready, [*rendering.partial(work.text), *rendering.failure(work.failed, work.words)])]
        if work.failed:
            gr.Warning(as_text(rendering.tell(work.failed, work.words)))

    def _events(self, work: _Work, events: Iterator[Event], session: Session) -> Iterator[list[Message]]:
        """What to show, about every TICK, until the end or until it was given up. Raises what the answer raised."""
        stopped_at = 0.0
        while session.feed is not None and session.feed.running:  # given up earlier, still at a long step
            if session.stop.wait(TICK):
                return
            work.status = work.words.waiting
            yield work.messages()
        stop = session.stop
        feed = session.feed = Feed(events)
        while True:
            tick = time.monotonic() + TICK
            for event in feed.take(TICK):
                if event is None:
                    return
                work.take(event)
                if session.reading is not None and isinstance(event, Delta):
                    session.reading.feed(event.text)
                elif isinstance(event, Done):
                    self._controller.end_reading(session, None if event.answer.stopped else event.answer.text)
            if session.closed:
                return
            yield work.messages()
            if stop.is_set():
                stopped_at = stopped_at or time.monotonic()
                if time.monotonic() - stopped_at > GRACE:
                    return
            time.sleep(max(0.0, tick - time.monotonic()))

    # Its end

    def settle(self, session: Session | None) -> FinalUpdates:
        """The box is handed back, unless another answer has begun meanwhile."""
        import gradio as gr

        skip = gr.skip()
        if session is not None and session.busy:
            return FinalUpdates(skip, skip, skip, skip, skip)
        listed = skip
        try:
            known = self._controller.mine(session)
            listed = skip if known is None else self._controller.list(known)
        except Exception as error:  # noqa: BLE001 - the box must come back
            self._sentence(error)
        return FinalUpdates(skip, _idle(), _voice(), _password(bool(session is not None and session.locked)), listed)

    def stop(self, session: Session | None) -> None:
        """Also one that another tab began."""
        if session is None or self._controller.is_theirs(session):
            return
        session.stop.set()
        if session.followed:
            self._conversations.stop(session.owner, session.conversation)

    def loading(self) -> tuple[Update, Update]:
        """The line that says what is loading, and whether to go on asking."""
        import gradio as gr

        lines = self._status()
        text = " · ".join(as_text(rendering.tell(line, self._controller.words())) for line in lines)
        return gr.update(value=text, visible=bool(lines)), gr.update(active=bool(lines))

    def _sentence(self, error: Exception) -> Sentence:
        """For the person; what nobody foresaw goes to the log whole, under a number."""
        if isinstance(error, AssistantError):
            return error.message
        number = secrets.token_hex(3)
        log.error("No answer (%s)", number, exc_info=error)
        return Sentence(self._controller.words().unexpected.format(number=number))


def _close(events: Iterator[Event]) -> None:
    if (close := getattr(events, "close", None)) is not None:
        close()


def _nothing(voice: Update = None) -> TurnUpdates:
    """Nothing was begun."""
    import gradio as gr

    skip = gr.skip()
    return TurnUpdates(skip, skip, skip if voice is None else voice, skip, skip, skip, skip)


def _refused(sentence: str, session: Session | None = None) -> TurnUpdates:
    import gradio as gr

    gr.Warning(as_text(rendering.tell(sentence, words_now(ChatWords))))
    skip = gr.skip()
    return TurnUpdates(skip, _idle(), _voice(), skip, skip, skip, skip if session is None else session)


def _busy() -> Update:
    import gradio as gr

    return gr.update(value=None, submit_btn=False, stop_btn=True)  # the next question can be written meanwhile


def _idle(**more: Any) -> Update:
    import gradio as gr

    return gr.update(interactive=True, submit_btn=True, stop_btn=False, **more)


def _hidden() -> Update:
    import gradio as gr

    return gr.update(visible=False)


def _password(asked: bool) -> Update:
    import gradio as gr

    return gr.update(value="", visible=asked)


def _voice(interactive: bool = True) -> Update:
    """Empty, so that the next tap records anew."""
    import gradio as gr

    return gr.update(value=None, interactive=interactive)
