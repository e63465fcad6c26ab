"""The files of the conversation in one quiet line: kind, size, how far each is taken in, and what can be done with it.

A file is named by its id; which ones belong to the conversation, its turns say. What a button has answered is a
question like any other, with the file's name in it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.conversations.conversations import Conversations
from assistant.conversations.history import AttachedFile
from assistant.intake.background import RecordingProgress
from assistant.ports.named_libraries import LibraryInfo
from assistant.values.errors import AssistantError
from assistant.values.evidence import clock
from ui.chat_controller import ChatController
from ui.handed_over import size_of
from ui.session import Session
from ui.untrusted import as_html
from ui.words import words_now
from ui.words.files import FileWords

if TYPE_CHECKING:
    import gradio as gr

MOST_LIBRARIES = 8  # that a file's menu offers; the panel has them all
EVERY = 3.0  # seconds between two looks while something is taken in
_TABLES = ("spreadsheet", "csv", "excel", "tab-separated")
Update = Any


@dataclass(frozen=True)
class StripFile:
    """One file of the conversation."""

    turn: str
    number: int
    """Which of the turn's files it is, from 1."""
    given: AttachedFile
    bytes: int = 0
    """0 where it is not kept."""
    doing: RecordingProgress | None = None


class FileStrip:
    """conversations: what is being taken in, and for whom."""

    def __init__(self, controller: ChatController, conversations: Conversations) -> None:
        self._controller, self._conversations = controller, conversations

    def look(self, session: Session | None) -> tuple[Update, Update]:
        """The line, and whether to look again."""
        import gradio as gr

        known = self._controller.mine(session)
        files = self.files(known) if known is not None and known.conversation else []
        libraries: Sequence[LibraryInfo] = ()
        with suppress(AssistantError):  # the list is an addition
            libraries = self._controller.choices(known.owner) if known is not None and files else ()
        going = any(one.doing is not None and not one.doing.trouble for one in files)
        shown = view(files, libraries, words_now(FileWords))
        return gr.update(value=shown, visible=bool(files)), gr.update(active=going)

    def files(self, session: Session) -> list[StripFile]:
        """Each once, as it was handed over first. What was spoken as the question is no file."""
        try:
            going = {one.source_id: one for one in self._conversations.doing(session.owner, session.conversation)}
        except AssistantError:  # the conversation was deleted
            return []
        kept = self._controller.history.originals.all(session.conversation)
        found: dict[str, StripFile] = {}
        for stored in session.turns:
            for number, given in enumerate(stored.given, 1):
                if given.spoken or given.source_id in found:
                    continue
                path = kept.get(given.source_id)
                size = path.stat().st_size if path is not None and path.is_file() else 0
                found[given.source_id] = StripFile(stored.id, number, given, size, going.get(given.source_id))
        return [*found.values()]

    def mount(self, session: "gr.State", line: "gr.HTML", after: Sequence[Any], queued: dict[str, Any]) -> None:
        """Looks after each of these events, and every now and then while something is going on."""
        import gradio as gr

        timer = gr.Timer(EVERY, active=False)
        told: dict[str, Any] = {"outputs": [line, timer], "api_visibility": "private", "show_progress": "hidden"}
        for event in after:
            event.then(self.look, [session], **told, **queued)
        timer.tick(self.look, [session], queue=False, **told)


def asked(session: Session, about: str, words: FileWords) -> str:
    """The question that a button stands for. about: what is to be done and the file's id; "" where there is no such
    file."""
    verb, _, source_id = about.partition(" ")
    given = next((one for stored in session.turns for one in stored.given if one.source_id == source_id), None)
    return words.asks[verb].format(name=given.name) if given is not None and verb in words.asks else ""


def view(files: Sequence[StripFile], libraries: Sequence[LibraryInfo], words: FileWords) -> str:
    chips = "".join(_chip(one, libraries, words) for one in files)
    return f'<ul aria-label="{as_html(words.files)}">{chips}</ul>' if chips else ""


def _chip(one: StripFile, libraries: Sequence[LibraryInfo], words: FileWords) -> str:
    given = one.given
    name, key = as_html(given.name), f"file-{one.turn}-{one.number}"
    gone = given.remembered == "dropped"
    facts = [size_of(one.bytes, words) if one.bytes else "", words.dropped if gone else _state(one.doing, words)]
    told = as_html(" · ".join(fact for fact in facts if fact))
    more = as_html(words.more.format(name=given.name))
    return (
        f'<li class="{_sort(given)}{" dropped" if gone else ""}">'
        f'<a class="file" href="#evidence-{one.turn}-f{one.number}" title="{name}"><bdi>{name}</bdi></a>'
        f"<small>{told}</small>"
        f'<button type="button" class="more" popovertarget="{key}" title="{more}"><span class="unseen">{more}</span>'
        f'</button><div class="tools" id="{key}" popover>{_tools(one, libraries, words)}</div></li>'
    )


def _tools(one: StripFile, libraries: Sequence[LibraryInfo], words: FileWords) -> str:
    given = one.given
    gone = given.remembered == "dropped"
    verbs = () if gone else _VERBS[_sort(given)]
    acts = [("do asks", f"file {verb} {given.source_id}", words.does[verb]) for verb in verbs]
    acts += [
        ("do", f"keep-file {given.source_id} {library.id}", words.keep.format(library=library.name))
        for library in libraries[:MOST_LIBRARIES]
        if one.bytes
    ]
    acts.append(("do remove", f"drop-file {one.turn} {one.number}", words.take_back if gone else words.remove))
    return "".join(
        f'<button type="button" class="{kind}" value="{value}">{as_html(label)}</button>' for kind, value, label in acts
    )


_VERBS = {
    "audio": ("transcript", "summary"),
    "video": ("transcript", "summary"),
    "image": ("text", "describe"),
    "table": ("table", "summary"),
    "text": ("summary", "text", "table"),
}


def _sort(given: AttachedFile) -> str:
    kind = given.media_type.partition("/")[0]
    if kind in ("audio", "video", "image"):
        return kind
    known = f"{given.media_type} {given.name}".lower()
    return "table" if any(word in known for word in _TABLES) or known.endswith((".xlsx", ".ods")) else "text"


def _state(doing: RecordingProgress | None, words: FileWords) -> str:
    if doing is None:
        return ""
    if doing.trouble:
        return words.stuck
    told = words.watching if doing.watching else words.hearing
    return told.format(at=clock(doing.at), of=clock(doing.of) if doing.of else "?")
