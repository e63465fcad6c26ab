"""What a tab has on its desk: which conversation is open in it, how its turns are shown, what of it was lent.

Whose a request is, is asked here for everything that comes from the chat; a session of somebody else's is as if
there were none.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.conversations.history import Entry, Given, History
from assistant.conversations.markdown_export import export_markdown, feedback_lines
from assistant.conversations.sharing import Shares
from assistant.conversations.zip_archive import export_archive
from assistant.media import PICTURE_TYPES
from assistant.ports.named_libraries import LibraryInfo
from assistant.speech.synthesis.reading import Reading
from assistant.values.errors import AssistantError, BadInput
from assistant.values.events import MadeFile
from assistant.values.limits import Limits
from ui import conversation_list, sharing_view, turn_view
from ui.aloud import Aloud
from ui.conversation_list import Shelf
from ui.lending import Lending, Loan, Made
from ui.owner import DIRECT, AddressOf, counted, from_here
from ui.rendering import Message
from ui.session import Session
from ui.uploads import Uploads
from ui.words import words_now
from ui.words.chat import Words
from ui.words.conversations import ConversationWords
from ui.words.sharing import SharingWords

AT_FIRST = 40  # turns: as many as are looked at; a browser takes a second to draw a hundred
Update = Any  # a value, or what gr.update() and gr.skip() return
Choices = Callable[[str], Sequence[LibraryInfo]]  # an owner's named libraries


@dataclass(frozen=True)
class Told:
    """What the page tells along with an event. conversation: the one it shows. recorded: paths of recordings in the
    box. command: a verb and what it is about, and on the lines below what was typed. dictated: the question was spoken.
    """

    conversation: str = ""
    recorded: tuple[str, ...] = ()
    command: str = ""
    dictated: bool = False


def told(text: str | None) -> Told:
    """Reads what the page's script wrote. Anybody can write anything there, so nothing of it is believed."""
    try:
        said = json.loads(text or "{}")
    except ValueError:
        said = {}
    if not isinstance(said, dict):
        return Told()
    recorded = said.get("recorded")
    return Told(
        conversation=str(said.get("conversation") or ""),
        recorded=tuple(map(str, recorded)) if isinstance(recorded, list) else (),
        command=str(said.get("command") or ""),
        dictated=said.get("dictated") is True,
    )


class Desk:
    """owner_of: whose a request is. choices: the named libraries of an owner. aloud: reads answers, if there is one.

    address_of: where a request comes from.
    """

    def __init__(
        self,
        history: History,
        owner_of: Callable[[Any], str],
        choices: Choices = lambda _: (),
        limits: Limits | None = None,
        aloud: Aloud | None = None,
        uploads: Uploads | None = None,
        address_of: AddressOf = DIRECT,
    ) -> None:
        self.history, self.lending, self.choices = history, Lending(limits or Limits()), choices
        self.shares, self.uploads = Shares(history), uploads or Uploads()
        self.aloud, self._owner_of, self._address_of = aloud, owner_of, address_of

    def owner(self) -> str:
        """Of the request that is being answered. Raises BadInput where nothing tells."""
        from gradio.context import LocalContext

        return self._owner_of(LocalContext.request.get(None))

    def address(self) -> str:
        """Where it comes from, as far as that is counted (`FairQueue`)."""
        from gradio.context import LocalContext

        request = LocalContext.request.get(None)
        return "" if request is None else counted(self.owner(), self._address_of(request))

    def words(self) -> Words:
        return words_now(Words)

    def mine(self, session: Session | None) -> Session | None:
        """The session, where it is that of whoever asks."""
        return session if session is not None and not session.closed and session.owner == self.owner() else None

    def is_theirs(self, session: Session) -> bool:
        """Whether it is somebody else's than whose request this is."""
        try:
            return session.owner != self.owner()
        except BadInput:
            return True

    def session(self, session: Session | None, conversation: str) -> Session:
        """The tab's session; where it was lost (a restart, a long sleep), one anew on the conversation it shows."""
        known = self.mine(session)
        if known is not None and (known.conversation == conversation or not conversation or known.busy):
            return known
        try:
            return self.open(conversation)
        except BadInput:
            return known if known is not None else Session(self.owner())

    def open(self, conversation: str) -> Session:
        """A session on this conversation, "" for a new one. Raises BadInput."""
        session = Session(self.owner())
        if conversation:
            info = self.history.get(session.owner, conversation)
            session.conversation, session.title, session.libraries = info.id, info.title, info.libraries
            session.entries = self.history.entries(session.owner, info.id)
            session.hidden = max(0, len(session.entries) - AT_FIRST)
        return session

    def reload(self, session: Session) -> None:
        """The turns as they are kept, after another branch was opened."""
        self.show(session, self.history.entries(session.owner, session.conversation))

    def show(self, session: Session, entries: list[Entry]) -> None:
        """These turns, from where the ones before were shown."""
        session.entries, session.hidden = entries, min(session.hidden, max(0, len(entries) - AT_FIRST))

    def leave(self, session: Session | None) -> None:
        """The tab shows something else, or is gone: the answer being made ends, and what was lent is taken back."""
        if session is None or session.closed:
            return
        session.leave()
        self.lending.take_back([*session.lent.values()])
        if self.aloud is not None:
            self.aloud.take_back([*session.lent.values()])

    # Messages

    def messages(self, session: Session, answering: bool = False) -> list[Any]:
        """Everything that is shown, oldest first. Turns that have not changed are not made again.

        answering: of the last turn only the question, without what can be done about it.
        """
        words, known, shown = self.words(), session.messages, []
        thumbnail = self._thumbnail(session)
        session.messages = {}
        if session.hidden:
            shown.append(ready(turn_view.earlier(session.hidden, words)))
        for number, entry in enumerate(session.entries, 1):
            if number <= session.hidden:
                continue
            last = number == len(session.entries)
            if last and answering:
                question = turn_view.question(entry, thumbnail, words, acts=False)
                shown.append(ready(self._read_along(session, entry, question)))
                continue
            key = (words.chat, last, replace(entry, answer=None), entry.answer is None)
            if (made := known.get(entry.id)) is None or made[0] != key:
                aloud, files = self._sound(session, entry), self._made(session, entry)
                shown_now = turn_view.turn(entry, thumbnail, words, last, aloud, files)
                made = key, [ready(one) for one in shown_now]
            session.messages[entry.id] = made
            shown += made[1]
        return shown

    # Reading aloud

    def begin_reading(self, session: Session, entry: Entry) -> None:
        """An answer begins that may read itself while it is written."""
        session.reading, dictated, session.dictated = None, session.dictated, False
        spoken = dictated or any(given.spoken for given in entry.given)
        if self.aloud is None or not self.aloud.begins_itself(spoken):
            return
        session.reading = Reading()
        session.lent["reading", entry.id] = self.aloud.lend(session.owner, session.reading)
        self.aloud.prepare()

    def end_reading(self, session: Session, answer: str | None = None) -> None:
        """answer: as it was written in the end; None: it was stopped or failed."""
        if session.reading is not None:
            session.reading.finish(answer)

    def _read_along(self, session: Session, entry: Entry, question: Message) -> Message:
        token = session.lent.get(("reading", entry.id))
        if self.aloud is None or token is None or session.reading is None:
            return question
        return turn_view.reads(question, self.aloud.address(token))

    def _sound(self, session: Session, entry: Entry) -> str:
        """Where the answer of a turn is to be heard. What was read while it was written goes on under one address,
        unless something was said that was taken back."""
        text = entry.answer.text if entry.answer is not None else entry.partial
        if self.aloud is None or not text:
            return ""
        key = ("aloud", entry.id)
        if key not in session.lent:
            begun = session.lent.get(("reading", entry.id))
            same = begun is not None and session.reading is not None and session.reading.says(text)
            session.lent[key] = begun if begun is not None and same else self.aloud.lend(session.owner, Reading(text))
        return self.aloud.address(session.lent[key])

    def _made(self, session: Session, entry: Entry) -> list[tuple[str, str]]:
        """Name and address of each file that the answer made; they are kept with it."""
        return [
            (file.name, self.lent(session, f"made {number} {entry.id}", _written(file)))
            for number, file in enumerate(entry.answer.files if entry.answer is not None else ())
        ]

    def _thumbnail(self, session: Session) -> turn_view.Thumbnail:
        originals: dict[str, Path] = {}

        def address(given: Given) -> str:
            if given.media_type not in PICTURE_TYPES:
                return ""
            if not originals:
                originals.update(self.history.originals.all(session.conversation))
            if (path := originals.get(given.source_id)) is None:
                return ""
            return self.lent(session, given.source_id, Loan(path, given.name, given.media_type, small=True))

        return address

    def lent(self, session: Session, what: str, loan: Loan | Made) -> str:
        """The address of something for this session, the same one each time."""
        key = (what, "small" if isinstance(loan, Loan) and loan.small else "")
        if key not in session.lent:
            session.lent[key] = self.lending.lend(session.owner, loan)
            if session.closed:  # left meanwhile
                self.lending.take_back([session.lent[key]])
        return self.lending.address(session.lent[key])

    # The list

    def list(self, session: Session) -> str:
        """The conversations as HTML."""
        owner = session.owner
        found = [
            one
            for one in self.history.list(owner, session.searched)
            if one.turns or one.pinned or one.id == session.conversation
        ]
        markdown = kept = feedback = sharing = ""
        if session.conversation:
            markdown, kept = self._exports(session)
            sharing = self._sharing(session)
        if self.history.judged(owner):
            made = Made("feedback.jsonl", "application/jsonl", lambda path: _write_feedback(self.history, owner, path))
            feedback = self.lent(session, "feedback", made)
        shelf = Shelf(found, session.conversation, session.searched, session.deleted, markdown, kept, feedback, sharing)
        return conversation_list.view(shelf, words_now(ConversationWords), datetime.now())

    def _sharing(self, session: Session) -> str:
        from gradio.context import LocalContext

        if not session.entries:
            return ""
        request = LocalContext.request.get(None)
        shares = self.shares.list(session.owner, session.conversation)
        files = any(not given.spoken for entry in session.entries for given in entry.given)
        only_here = request is not None and from_here(request)
        return sharing_view.view(session.conversation, shares, files, only_here, words_now(SharingWords))

    def _exports(self, session: Session) -> tuple[str, str]:
        owner, conversation, history = session.owner, session.conversation, self.history

        def markdown(path: Path) -> None:
            path.write_text(export_markdown(history, owner, conversation), encoding="utf-8")

        def kept(path: Path) -> None:
            export_archive(history, history.originals, owner, conversation, path)

        name = _file_name(session.title)
        return (
            self.lent(session, f"{name}.md", Made(f"{name}.md", "text/markdown", markdown)),
            self.lent(session, f"{name}.zip", Made(f"{name}.zip", "application/zip", kept)),
        )

    def libraries(self, session: Session) -> Update:
        """Which named libraries may be searched; nothing to choose where there are none."""
        import gradio as gr

        try:
            known = list(self.choices(session.owner))
        except AssistantError:  # the list is an addition; the chat goes on without it
            known = []
        chosen = [one.id for one in known if one.id in session.libraries]
        return gr.update(choices=[(one.name, one.id) for one in known], value=chosen, visible=bool(known))


def ready(message: Message) -> Any:
    """As Gradio keeps it, made once: handed over as a dict it would be made and checked at every update."""
    from gradio.components.chatbot import Message as Ready
    from gradio.components.chatbot import TextMessage

    return Ready(
        role=message["role"], content=[TextMessage(text=message["content"])], metadata=message.get("metadata") or {}
    )


def _written(file: MadeFile) -> Made:
    return Made(file.name, file.media_type, lambda path: _write(path, file.text))


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))  # its lines end as they were made


def _write_feedback(history: History, owner: str, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line.rstrip()}\n" for line in feedback_lines(history, owner))


def _file_name(title: str) -> str:
    """What any disk takes."""
    return "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title).strip()[:60] or "medley"
