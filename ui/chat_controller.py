"""ChatController: which conversation is open in a tab, how its turns are shown, which addresses it was given.

Whose a request is, is asked here for everything that comes from the chat; a session of somebody else's is as if
there were none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.conversations.history import AttachedFile, ConversationInfo, History, StoredTurn
from assistant.conversations.markdown_export import export_markdown, feedback_lines
from assistant.conversations.sharing import Shares
from assistant.conversations.zip_archive import export_archive
from assistant.media import PICTURE_TYPES
from assistant.ports.named_libraries import LibraryInfo
from assistant.speech.synthesis.spoken_answer import SpokenAnswer
from assistant.values.errors import AssistantError, BadInput
from assistant.values.events import MadeFile
from assistant.values.limits import Limits
from ui import conversation_list, sharing_view, turn_view
from ui.aloud import ReadAloudService
from ui.conversation_list import ConversationList
from ui.gradio_inside import asking, kept_message
from ui.owner import DIRECT, AddressOf, counted, from_here
from ui.rendering import Message
from ui.session import Session
from ui.strangers_json import from_json
from ui.temporary_urls import FileLink, GeneratedFile, TemporaryUrls
from ui.uploads import Uploads
from ui.words import words_now
from ui.words.chat import ChatWords
from ui.words.conversations import ConversationWords
from ui.words.sharing import SharingWords

AT_FIRST = 40  # turns: as many as are looked at; a browser takes a second to draw a hundred
Update = Any  # a value, or what gr.update() and gr.skip() return
Choices = Callable[[str], Sequence[LibraryInfo]]  # an owner's named libraries


@dataclass(frozen=True)
class PageState:
    """What the page's script tells along with an event."""

    conversation: str = ""
    """The id of the conversation that the page shows."""
    recorded: tuple[str, ...] = ()
    """Paths of recordings in the box."""
    command: str = ""
    """A verb and what it is about; on the lines below, what was typed."""
    dictated: bool = False
    """Whether the question was spoken."""


def page_state(text: str | None) -> PageState:
    """Reads what the page's script wrote. Anybody can write anything there, so nothing of it is believed."""
    said = from_json(text or "{}")
    if not isinstance(said, dict):
        return PageState()
    recorded = said.get("recorded")
    return PageState(
        conversation=_text(said.get("conversation")),
        recorded=tuple(map(_text, recorded)) if isinstance(recorded, list) else (),
        command=_text(said.get("command")),
        dictated=said.get("dictated") is True,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


class ChatController:
    """owner_of: whose a request is. choices: the named libraries of an owner. aloud: reads answers, if there is one.

    address_of: where a request comes from.
    """

    def __init__(
        self,
        history: History,
        owner_of: Callable[[Any], str],
        choices: Choices = lambda _: (),
        limits: Limits | None = None,
        aloud: ReadAloudService | None = None,
        uploads: Uploads | None = None,
        address_of: AddressOf = DIRECT,
    ) -> None:
        self.history, self.urls, self.choices = history, TemporaryUrls(limits or Limits()), choices
        self.shares, self.uploads = Shares(history), uploads or Uploads()
        self.aloud, self._owner_of, self._address_of = aloud, owner_of, address_of

    def owner(self) -> str:
        """Of the request that is being answered. Raises BadInput where nothing tells."""
        return self._owner_of(asking())

    def address(self) -> str:
        """Where it comes from, as far as that is counted (`FairQueue`)."""
        request = asking()
        return "" if request is None else counted(self.owner(), self._address_of(request))

    def words(self) -> ChatWords:
        return words_now(ChatWords)

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
            session.turns = self.history.turns(session.owner, info.id)
            session.hidden = max(0, len(session.turns) - AT_FIRST)
        return session

    def reload(self, session: Session) -> None:
        """The turns as they are kept, after another branch was opened."""
        self.show(session, self.history.turns(session.owner, session.conversation))

    def show(self, session: Session, turns: list[StoredTurn]) -> None:
        """These turns, from where the ones before were shown."""
        session.turns, session.hidden = turns, min(session.hidden, max(0, len(turns) - AT_FIRST))

    def leave(self, session: Session | None) -> None:
        """The tab shows something else, or is gone: what was lent is taken back. An answer being made goes on."""
        if session is None or session.closed:
            return
        session.leave()
        self.urls.revoke([*session.links.values()])
        if self.aloud is not None:
            self.aloud.revoke([*session.links.values()])

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
        for number, stored in enumerate(session.turns, 1):
            if number <= session.hidden:
                continue
            last = number == len(session.turns)
            if last and answering:
                question = turn_view.question(stored, thumbnail, words, acts=False)
                shown.append(ready(self._read_along(session, stored, question)))
                continue
            key = (words.chat, last, replace(stored, answer=None), stored.answer is None)
            if (made := known.get(stored.id)) is None or made[0] != key:
                aloud, files = self._sound(session, stored), self._made(session, stored)
                shown_now = turn_view.turn(stored, thumbnail, words, last, aloud, files)
                made = key, [ready(one) for one in shown_now]
            session.messages[stored.id] = made
            shown += made[1]
        return shown

    # Reading aloud

    def begin_reading(self, session: Session, stored: StoredTurn) -> None:
        """An answer begins that may read itself while it is written."""
        session.reading, dictated, session.dictated = None, session.dictated, False
        spoken = dictated or any(given.spoken for given in stored.given)
        if self.aloud is None or not self.aloud.begins_itself(spoken):
            return
        session.reading = SpokenAnswer()
        session.links["reading", stored.id] = self.aloud.issue(session.owner, session.reading)
        self.aloud.prepare()

    def end_reading(self, session: Session, answer: str | None = None) -> None:
        """answer: as it was written in the end; None: it was stopped or failed."""
        if session.reading is not None:
            session.reading.finish(answer)

    def _read_along(self, session: Session, stored: StoredTurn, question: Message) -> Message:
        token = session.links.get(("reading", stored.id))
        if self.aloud is None or token is None or session.reading is None:
            return question
        return turn_view.reads(question, self.aloud.address(token))

    def _sound(self, session: Session, stored: StoredTurn) -> str:
        """Where the answer of a turn is to be heard. What was read while it was written goes on under one address,
        unless something was said that was taken back."""
        text = stored.answer.text if stored.answer is not None else stored.partial
        if self.aloud is None or not text:
            return ""
        key = ("aloud", stored.id)
        if key not in session.links:
            begun = session.links.get(("reading", stored.id))
            same = begun is not None and session.reading is not None and session.reading.says(text)
            session.links[key] = (
                begun if begun is not None and same else self.aloud.issue(session.owner, SpokenAnswer(text))
            )
        return self.aloud.address(session.links[key])

    def _made(self, session: Session, stored: StoredTurn) -> list[tuple[str, str]]:
        """Name and address of each file that the answer made; they are kept with it."""
        return [
            (file.name, self.link(session, f"made {number} {stored.id}", _written(file)))
            for number, file in enumerate(stored.answer.files if stored.answer is not None else ())
        ]

    def _thumbnail(self, session: Session) -> turn_view.Thumbnail:
        originals: dict[str, Path] = {}

        def address(given: AttachedFile) -> str:
            if given.media_type not in PICTURE_TYPES:
                return ""
            if not originals:
                originals.update(self.history.originals.all(session.conversation))
            if (path := originals.get(given.source_id)) is None:
                return ""
            return self.link(session, given.source_id, FileLink(path, given.name, given.media_type, small=True))

        return address

    def link(self, session: Session, what: str, file: FileLink | GeneratedFile) -> str:
        """The address of something for this session, the same one each time."""
        key = (what, "small" if isinstance(file, FileLink) and file.small else "")
        if key not in session.links:
            session.links[key] = self.urls.issue(session.owner, file)
            if session.closed:  # left meanwhile
                self.urls.revoke([session.links[key]])
        return self.urls.address(session.links[key])

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
        menu = next((one for one in found if one.id == session.menu), None)
        if menu is not None:
            markdown, kept = self._exports(session, menu)
            sharing = self._sharing(session, menu.id)
        if self.history.judged(owner):
            made = GeneratedFile(
                "feedback.jsonl", "application/jsonl", lambda path: _write_feedback(self.history, owner, path)
            )
            feedback = self.link(session, "feedback", made)
        listed = ConversationList(
            found,
            session.conversation,
            session.menu,
            session.searched,
            session.deleted,
            markdown,
            kept,
            feedback,
            sharing,
        )
        return conversation_list.view(listed, words_now(ConversationWords), datetime.now())

    def _sharing(self, session: Session, conversation: str) -> str:
        turns = self.history.turns(session.owner, conversation)
        if not turns:
            return ""
        request = asking()
        shares = self.shares.list(session.owner, conversation)
        files = any(not given.spoken for stored in turns for given in stored.given)
        only_here = request is not None and from_here(request)
        return sharing_view.view(conversation, shares, files, only_here, words_now(SharingWords))

    def _exports(self, session: Session, info: ConversationInfo) -> tuple[str, str]:
        owner, conversation, history = session.owner, info.id, self.history

        def markdown(path: Path) -> None:
            path.write_text(export_markdown(history, owner, conversation), encoding="utf-8")

        def kept(path: Path) -> None:
            export_archive(history, history.originals, owner, conversation, path)

        name = _file_name(info.title)
        made = (
            GeneratedFile(f"{name}.md", "text/markdown", markdown),
            GeneratedFile(f"{name}.zip", "application/zip", kept),
        )
        as_text, whole = (self.link(session, f"{conversation} as {one.name}", one) for one in made)
        return as_text, whole

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
    return kept_message(message["role"], message["content"], message.get("metadata") or {})


def _written(file: MadeFile) -> GeneratedFile:
    return GeneratedFile(file.name, file.media_type, lambda path: _write(path, file.text))


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))  # its lines end as they were made


def _write_feedback(history: History, owner: str, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line.rstrip()}\n" for line in feedback_lines(history, owner))


def _file_name(title: str) -> str:
    """What any disk takes."""
    return "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title).strip()[:60] or "medley"
