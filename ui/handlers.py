"""Between browser and core: what was sent becomes a Turn, what streams back becomes what the page shows.

`ask` owns the state of the page while it runs: it makes the box busy, and whatever happens it hands it
back. It never raises: Gradio would leave the box dead.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any, NamedTuple

from assistant.conversation import Conversation
from assistant.errors import AssistantError
from assistant.events import Answer, Delta, Done, Event, Failed, Status
from assistant.parts import Attachment, Text, Turn
from ui import rendering
from ui.rendering import Message
from ui.session import Feed, Session
from ui.untrusted import as_text
from ui.words import words_now
from ui.words.chat import Words

log = logging.getLogger(__name__)

TICK = 0.1  # seconds between two looks at the page: ten updates a second are plenty
GRACE = 1.5  # seconds that a stopped answer has to come to its own end
Update = Any  # a value, or what gr.update() and gr.skip() return
UNCHANGED: Update = {"__type__": "update"}  # what gr.skip() returns, without Gradio

Answerer = Callable[[Turn, Conversation, Signal], Iterator[Event]]


class View(NamedTuple):
    """What an event changes, in the order of the page's outputs."""

    chat: Update
    box: Update
    voice: Update
    session: Update
    password: Update = UNCHANGED


def to_turn(box: dict[str, Any] | None, recorded: Sequence[str], voice: str | None = None) -> Turn:
    """What the browser sent, as a Turn.

    recorded: paths of the files in the box that were made with its microphone (the page's script
    tells them from uploads, see `ui.theme`); those and `voice` are the person speaking. Gradio keeps a
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

    words: Words
    began: float = field(default_factory=time.monotonic)
    status: str = ""
    steps: list[tuple[str, float]] = field(default_factory=list)
    step: str = ""
    step_began: float = 0.0
    text: str = ""
    answer: Answer | None = None
    failed: str = ""
    locked: bool = False

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def take(self, event: Event) -> None:
        match event:
            case Status(step, text):
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


class Handlers:
    """answer, forget and status come from the core; see `ui.page.build`. words: those of whom is being answered.

    left: told of a session that is over.
    """

    def __init__(
        self,
        answer: Answerer,
        forget: Callable[[str], None],
        status: Callable[[], tuple[str, ...]],
        words: Callable[[], Words] = lambda: words_now(Words),
        left: Callable[[Session], None] | None = None,
    ) -> None:
        self._answer, self._forget, self._status, self._words = answer, forget, status, words
        self._left = left

    def ask(self, box: dict[str, Any] | None, recorded: str | None, session: Session | None) -> Iterator[View]:
        """The box was sent. recorded: the paths of recordings in it, one a line."""
        yield from self._ask(to_turn(box, (recorded or "").splitlines()), session or Session())

    def ask_aloud(
        self, voice: str | None, box: dict[str, Any] | None, recorded: str | None, session: Session | None
    ) -> Iterator[View]:
        """A recording ended: it is the question, together with whatever waits in the box."""
        if voice:
            yield from self._ask(to_turn(box, (recorded or "").splitlines(), voice), session or Session())

    def unlock(self, password: str | None, session: Session | None) -> Iterator[View]:
        """The question that a locked file was in the way of, asked once more with the password."""
        if session is None or session.locked is None or not password:
            return
        parts = session.locked.parts
        opened = (replace(part, password=password) if isinstance(part, Attachment) else part for part in parts)
        yield from self._ask(Turn(tuple(opened)), session, again=True)

    def stop(self, session: Session | None) -> None:
        if session is not None:
            session.stop.set()

    def new(self, session: Session | None) -> View:
        """An empty conversation; the old one and what was given in it are forgotten."""
        self.leave(session)
        return View([], _idle(value=None), _voice(), None, _password(False))

    def leave(self, session: Session | None) -> None:
        """The tab is gone, or the person wants to start anew."""
        if session is None or session.closed:
            return
        session.leave(GRACE + 5 * TICK)
        if self._left is not None:
            self._left(session)
        Thread(target=self._forget_when_done, args=(session,), name="forget", daemon=True).start()

    def _forget_when_done(self, session: Session) -> None:
        """An answer that was given up may still be filing something: it ends first."""
        if session.feed is not None:
            session.feed.wait()
        try:
            self._forget(session.conversation.id)
        except Exception:
            log.exception("A conversation could not be forgotten")

    def loading(self) -> tuple[Update, Update]:
        """The line that says what is loading, and whether to go on asking."""
        import gradio as gr

        lines = self._status()
        text = " · ".join(as_text(line) for line in lines)
        return gr.update(value=text, visible=bool(lines)), gr.update(active=bool(lines))

    def _ask(self, turn: Turn, session: Session, again: bool = False) -> Iterator[View]:
        import gradio as gr

        skip = gr.skip()
        if not turn.parts:
            yield View(skip, _idle(), _voice(), skip)
            return
        if not session.begin():
            gr.Info(self._words().still_answering)
            yield View(skip, skip, _voice(), skip)
            return
        try:
            yield from self._answer_in(session, turn, again)
        finally:
            session.stop.set()
            if session.feed is not None:
                session.feed.abandon()
            session.end()

    def _answer_in(self, session: Session, turn: Turn, again: bool) -> Iterator[View]:
        """The answer as it grows, then how it ended. Whatever happens, the box is handed back.

        again: the question stands in the chat already.
        """
        import gradio as gr

        skip = gr.skip()
        work = _Work(self._words())
        try:
            session.locked = None
            if not again:
                session.messages.append(rendering.question(turn))
            yield View(session.messages, _busy(), _voice(interactive=False), session, _password(False))
            shown: list[Message] = []
            for now in self._events(work, turn, session):
                if now != shown and not session.closed:
                    shown = now
                    yield View([*session.messages, *now], skip, skip, skip)
            ending = self._ending(work, session)
        except Exception as error:  # noqa: BLE001 - shown and logged; raised, it would leave the box dead
            ending = self._failure(work, error)
        if session.closed:
            yield View(skip, skip, skip, skip)
            return
        session.messages += ending
        session.locked = turn if work.locked else None
        yield View(session.messages, _idle(), _voice(), skip, _password(work.locked))
        if work.failed:
            gr.Warning(as_text(work.failed))

    def _events(self, work: _Work, turn: Turn, session: Session) -> Iterator[list[Message]]:
        """What to show, about every TICK, until the end or until it was given up. Raises what the answer raised."""
        stopped_at = 0.0
        while session.feed is not None and session.feed.running:  # given up earlier, still at a long step
            if session.stop.wait(TICK):
                return
            work.status = work.words.waiting
            yield work.messages()
        stop, conversation = session.stop, session.conversation
        feed = session.feed = Feed(lambda: self._answer(turn, conversation, stop))
        while True:
            tick = time.monotonic() + TICK
            events = feed.take(TICK)
            for event in events:
                if event is None:
                    return
                work.take(event)
            yield work.messages()
            if stop.is_set():
                stopped_at = stopped_at or time.monotonic()
                if time.monotonic() - stopped_at > GRACE:
                    return
            time.sleep(max(0.0, tick - time.monotonic()))

    def _ending(self, work: _Work, session: Session) -> list[Message]:
        if work.answer is not None:
            key = secrets.token_hex(4)
            session.citations[key] = work.answer.citations
            return rendering.finished(work.answer, key, work.seconds, work.words)
        if work.failed:
            return [*rendering.partial(work.text), *rendering.failure(work.failed)]
        return rendering.stopped(work.text, work.words)

    def _failure(self, work: _Work, error: Exception) -> list[Message]:
        """A sentence for the person; what nobody foresaw goes to the log whole, under a number."""
        if isinstance(error, AssistantError):
            work.failed = str(error)
        else:
            number = secrets.token_hex(3)
            log.error("No answer (%s)", number, exc_info=error)
            work.failed = work.words.unexpected.format(number=number)
        return [*rendering.partial(work.text), *rendering.failure(work.failed)]


def _busy() -> Update:
    import gradio as gr

    return gr.update(value=None, interactive=False, submit_btn=False, stop_btn=True)


def _idle(**more: Any) -> Update:
    import gradio as gr

    return gr.update(interactive=True, submit_btn=True, stop_btn=False, **more)


def _password(asked: bool) -> Update:
    import gradio as gr

    return gr.update(value="", visible=asked)


def _voice(interactive: bool = True) -> Update:
    """Empty, so that the next tap records anew."""
    import gradio as gr

    return gr.update(value=None, interactive=interactive)
