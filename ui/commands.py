"""What the buttons in the chat and in the list of conversations do: "open ID", "rename ID", "like ID" and their kin.

A command names a conversation or a turn; whose it is, the history asks. Those that have something answered are in
`ui.handlers`.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from assistant.conversations.conversations import Conversations
from assistant.conversations.history import PictureMemory, Verdict
from assistant.ports.named_libraries import NamedLibraries
from assistant.values.errors import AssistantError, BadInput
from assistant.values.messages import as_message
from ui import notice_line
from ui.chat_controller import ChatController, page_state
from ui.rendering import tell
from ui.session import Session
from ui.untrusted import as_html, as_text
from ui.words import words_now
from ui.words.conversations import ConversationWords
from ui.words.files import FileWords

log = logging.getLogger(__name__)

UNDO_SECONDS = 30.0  # how long a deleted conversation can be had back
Update = Any


class CommandUpdates(NamedTuple):
    """What a command changes, in the order of the event's outputs."""

    chat: Update
    box: Update
    editing: Update
    password: Update
    conversations: Update
    libraries: Update
    session: Update


class Commands:
    def __init__(
        self,
        controller: ChatController,
        conversations: Conversations,
        undo_seconds: float = UNDO_SECONDS,
        named_libraries: NamedLibraries | None = None,
    ) -> None:
        """named_libraries: where a file of a conversation can be kept, if anywhere."""
        self._named_libraries = named_libraries
        self._controller, self._conversations, self._undo_seconds = controller, conversations, undo_seconds

    def arrive(self, said: str | None) -> CommandUpdates:
        """The page was loaded: with the conversation that its address names, if it is there and the visitor's."""
        try:
            return self._shown(self._controller.open(page_state(said).conversation))
        except BadInput:
            return self._shown(self._controller.open(""))

    def do(self, said: str | None, session: Session | None) -> CommandUpdates:
        """One command. What is in its way is said, and changes nothing."""
        import gradio as gr

        along = page_state(said)
        line, _, typed = along.command.partition("\n")
        verb, _, about = line.partition(" ")
        try:
            known = self._controller.session(session, along.conversation)
            return self._verb(known, verb, about, typed)
        except AssistantError as error:
            gr.Warning(as_text(tell(error.message, self._controller.words())))
            return _nothing()

    def _verb(self, session: Session, verb: str, about: str, typed: str) -> CommandUpdates:
        match verb:
            case "open" | "new":
                return self._open(session, about if verb == "open" else "")
            case "rename" | "pin" | "unpin" | "delete" | "undelete":
                return self._kept(session, verb, about, typed)
            case "menu":
                session.menu = "" if session.menu == about else about
                return _nothing(conversations=self._controller.list(session), session=session)
            case "branch-previous" | "branch-next":
                return self._branch(session, about, 1 if verb == "branch-next" else -1)
            case "leave":
                self._conversations.leave(session.owner, session.conversation, about)
                return _nothing()
            case notice_line.VERB:
                session.noticed = int(about) if about.isdecimal() else session.noticed
                return _nothing()
            case "libraries":  # there may be others by now
                return _nothing(libraries=self._controller.libraries(session))
            case "earlier":
                session.hidden = 0
                return _nothing(chat=self._controller.messages(session, session.busy))
            case "edit" | "undo" | "cancel":
                return self._edit(session, verb, about)
            case "share" | "unshare":
                if verb == "share":
                    self._controller.shares.make(session.owner, about, with_files=typed == "files")
                    session.menu = about  # where the link is seen
                else:
                    self._controller.shares.revoke(session.owner, about)
                return _nothing(conversations=self._controller.list(session))
            case "pin-picture" | "drop-picture":
                return self._remember(session, "pinned" if verb == "pin-picture" else "dropped", about)
            case "drop-file":
                return self._remember(session, "dropped", about)
            case "keep-file":
                return self._keep(session, about)
            case "like" | "dislike" | "feedback":
                return self._judge(session, verb, about, typed)
            case _:
                return _nothing()

    def new(self, session: Session | None) -> CommandUpdates:
        """An empty conversation; the one before stays in the list."""
        return self._open(session if session is not None else Session(), "")

    def no_camera(self) -> None:
        import gradio as gr

        gr.Warning(as_text(self._controller.words().no_camera))

    def search(self, words: str | None, session: Session | None) -> tuple[Update, Session]:
        """The list, with those alone that hold every word."""
        known = self._controller.session(session, "")
        known.searched = (words or "").strip()
        return self._controller.list(known), known

    def use(self, ids: Sequence[str] | None, session: Session | None) -> Session:
        """The libraries that the conversation may search from now on."""
        known = self._controller.session(session, "")
        own = {one.id for one in self._controller.choices(known.owner)}
        known.libraries = tuple(one for one in ids or () if one in own)
        if known.conversation:
            self._controller.history.use_libraries(known.owner, known.conversation, known.libraries)
        return known

    def take_in(self, file: str | None, session: Session | None) -> CommandUpdates:
        """An archive, as a new conversation, which is opened."""
        import gradio as gr

        try:
            known = self._controller.session(session, "")
            if not file:
                return _nothing()
            info = self._conversations.import_(known.owner, Path(file))
            self._controller.uploads.let_go(known.owner, [Path(file)])
            gr.Info(as_text(words_now(ConversationWords).imported.format(title=info.title)))
            return self._open(known, info.id)
        except AssistantError as error:
            gr.Warning(as_text(tell(error.message, self._controller.words())))
            return _nothing()

    def _open(self, session: Session, conversation: str) -> CommandUpdates:
        opened = self._controller.open(conversation)
        opened.searched, opened.deleted, opened.noticed = session.searched, session.deleted, session.noticed
        self._controller.leave(session)
        return self._shown(opened)

    def _kept(self, session: Session, verb: str, conversation: str, typed: str) -> CommandUpdates:
        """Something is done to a conversation of the list."""
        history, owner = self._controller.history, session.owner
        match verb:
            case "rename":
                history.rename(owner, conversation, typed)
                if conversation == session.conversation:
                    session.title = history.get(owner, conversation).title
                session.menu = ""
            case "pin" | "unpin":
                history.pin(owner, conversation, verb == "pin")
                session.menu = ""
            case "delete":
                session.deleted = history.get(owner, conversation)
                history.delete(owner, conversation)
                session.menu = ""
                self._later(lambda: self._conversations.forget(owner, [conversation]))
                if conversation == session.conversation:
                    return self._open(session, "")
            case "undelete":
                history.undelete(owner, conversation)
                session.deleted = None
                return self._open(session, conversation)
        return _nothing(conversations=self._controller.list(session))

    def _later(self, forget: Callable[[], object]) -> None:
        """Once it cannot be had back any more."""

        def run() -> None:
            try:
                forget()
            except Exception:
                log.exception("A deleted conversation could not be forgotten; the next start will try again")

        timer = threading.Timer(self._undo_seconds, run)
        timer.daemon = True
        timer.start()

    def _branch(self, session: Session, turn_id: str, by: int) -> CommandUpdates:
        siblings = list(self._controller.history.siblings(session.owner, turn_id))
        at = min(max(siblings.index(turn_id) + by, 0), len(siblings) - 1)
        if session.busy:
            raise BadInput(as_message(self._controller.words().still_answering))
        self._controller.show(session, list(self._controller.history.show_branch(session.owner, siblings[at])))
        session.editing = None
        return _nothing(chat=self._controller.messages(session), editing=_hidden())

    def _edit(self, session: Session, verb: str, turn_id: str) -> CommandUpdates:
        """The question goes back into the box; undo: and out of the chat."""
        import gradio as gr

        if session.busy:
            raise BadInput(as_message(self._controller.words().still_answering))
        if verb == "cancel":
            session.editing = None
            if session.conversation:
                self._controller.reload(session)
            return _nothing(self._controller.messages(session), gr.update(value=None), _hidden(), session=session)
        known = self._controller.history.turn(session.owner, turn_id)
        if known.conversation != session.conversation:
            raise BadInput(as_message(words_now(ConversationWords).gone))
        session.editing = known
        chat = gr.skip()
        if verb == "undo":
            session.turns = [one for one in session.turns if one.id != turn_id]
            chat = self._controller.messages(session)
        box = gr.update(value={"text": known.asked, "files": []})
        return _nothing(chat, box, gr.update(value=self._editing(), visible=True), session=session)

    def _editing(self) -> str:
        words = self._controller.words()
        cancel = f'<button type="button" class="do" value="cancel">{as_html(words.cancel)}</button>'
        return f'<p role="status">{as_html(words.editing)} {cancel}</p>'

    def _judge(self, session: Session, verb: str, turn_id: str, typed: str) -> CommandUpdates:
        import gradio as gr

        history = self._controller.history
        known = history.turn(session.owner, turn_id)
        verdict: Verdict = known.verdict
        if verb == "feedback":
            history.judge(session.owner, turn_id, verdict, typed.strip()[:500])
            gr.Info(as_text(self._controller.words().thanks))
        else:
            meant: Verdict = "like" if verb == "like" else "dislike"
            verdict = "" if verdict == meant else meant
            history.judge(session.owner, turn_id, verdict, known.feedback if verdict else "")
        judged = history.turn(session.owner, turn_id)
        session.turns = [judged if one.id == turn_id else one for one in session.turns]
        chat = gr.skip() if session.busy else self._controller.messages(session)
        return _nothing(chat=chat, conversations=self._controller.list(session))

    def _remember(self, session: Session, how: PictureMemory, about: str) -> CommandUpdates:
        """How a file of a turn is remembered; about: the turn and the number of the file in it."""
        import gradio as gr

        turn_id, _, number = about.partition(" ")
        history = self._controller.history
        if history.turn(session.owner, turn_id).conversation != session.conversation:
            raise BadInput(as_message(words_now(ConversationWords).gone))
        history.remember(session.owner, turn_id, int(number) if number.isdecimal() else 0, how)
        marked = {one.id: one for one in history.turns(session.owner, session.conversation)}
        session.turns = [marked.get(one.id, one) for one in session.turns]
        return _nothing(chat=gr.skip() if session.busy else self._controller.messages(session))

    def _keep(self, session: Session, about: str) -> CommandUpdates:
        """A file of the conversation is added to a library. about: the file's id and the library's."""
        import gradio as gr

        source_id, _, library = about.partition(" ")
        name = next((one.name for turn in session.turns for one in turn.given if one.source_id == source_id), "")
        path = self._controller.history.originals.find(session.conversation, source_id) if name else None
        into = next((one for one in self._controller.choices(session.owner) if one.id == library), None)
        if path is None or into is None or self._named_libraries is None:
            raise BadInput(as_message(self._controller.words().file_gone))
        self._named_libraries.add_files(session.owner, into.id, [(path, name)])
        gr.Info(as_text(words_now(FileWords).kept.format(name=name, library=into.name)))
        return _nothing()

    def _shown(self, session: Session) -> CommandUpdates:
        """All of the page, for a conversation that was opened."""
        import gradio as gr

        return CommandUpdates(
            self._controller.messages(session),
            gr.update(interactive=True, submit_btn=True, stop_btn=False),
            _hidden(),
            gr.update(value="", visible=False),
            self._controller.list(session),
            self._controller.libraries(session),
            session,
        )


def _hidden() -> Update:
    import gradio as gr

    return gr.update(visible=False)


def _nothing(
    chat: Update = None,
    box: Update = None,
    editing: Update = None,
    conversations: Update = None,
    libraries: Update = None,
    session: Update = None,
) -> CommandUpdates:
    """Nothing but what is given."""
    import gradio as gr

    given: Iterable[Update] = (chat, box, editing, None, conversations, libraries, session)
    return CommandUpdates(*(gr.skip() if one is None else one for one in given))
