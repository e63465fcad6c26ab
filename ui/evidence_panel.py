"""The panel beside the chat: opens a citation of an answer or a file of a question, goes to the next one, closes.

A browser sends a turn's id and a number; what they mean is looked up in the history of whoever asks, so nobody
opens what was not cited to him.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from assistant import media
from assistant.conversations.history import AttachedFile, StoredTurn
from assistant.values.conversation import Conversation
from assistant.values.errors import AssistantError
from assistant.values.events import Citation
from assistant.values.evidence import Location, Page, Region, Seconds, Section
from assistant.values.limits import Limits
from ui.chat_controller import ChatController
from ui.evidence_view import OpenedCitation, view
from ui.session import Session
from ui.temporary_urls import FileLink, GeneratedFile

SOUND_SECONDS = 60.0  # of a recording that is made playable
Update = Any
Original = Callable[[Conversation, str], Path | None]
Scopes = Callable[[str, Sequence[str]], tuple[str, ...]]


def kept_nowhere(_: Conversation, __: str) -> None:
    """The `Original` of a page without originals."""


def no_libraries(_: str, __: Sequence[str]) -> tuple[str, ...]:
    """The `Scopes` of a page without named libraries."""
    return ()


class PanelView(NamedTuple):
    """What an event changes, in the order of the page's outputs."""

    panel: Update
    body: Update
    previous: Update
    next: Update
    session: Update


class EvidencePanel:
    """original: the file that a piece of a conversation's evidence comes from, if it was kept.

    scopes: of the named libraries with these ids, where originals may come from as well.
    """

    def __init__(
        self, controller: ChatController, original: Original, limits: Limits, scopes: Scopes = no_libraries
    ) -> None:
        self._controller, self._original, self._limits, self._scopes = controller, original, limits, scopes

    def open(self, asked: str | None, session: Session | None) -> PanelView:
        """asked: "<turn>-<number>" as it stands in the link that was followed; "<turn>-f<number>" for its files."""
        import gradio as gr

        key, _, number = (asked or "").partition("-")
        try:
            stored = self._controller.history.turn(self._controller.owner(), key)
            known = self._controller.session(session, stored.conversation)
            shown = _sources(stored, files=number.startswith("f"))
            at = next((at for at, one in enumerate(shown) if str(one.number) == number.removeprefix("f")), None)
        except AssistantError:
            at = None
        if at is None:
            gr.Info(self._controller.words().evidence_gone)
            return _unchanged()
        return self._show(known, stored, number.startswith("f"), at)

    def previous(self, session: Session | None) -> PanelView:
        return self._step(session, -1)

    def next(self, session: Session | None) -> PanelView:
        return self._step(session, 1)

    def close(self) -> PanelView:
        import gradio as gr

        return PanelView(gr.update(visible=False), gr.update(value=""), gr.skip(), gr.skip(), gr.skip())

    def _step(self, session: Session | None, by: int) -> PanelView:
        import gradio as gr

        known = self._controller.mine(session)
        if known is None or known.open is None:
            return _unchanged()
        key, files, at = known.open
        try:
            stored = self._controller.history.turn(known.owner, key)
        except AssistantError:
            gr.Info(self._controller.words().evidence_gone)
            return _unchanged()
        return self._show(known, stored, files, min(max(at + by, 0), len(_sources(stored, files)) - 1))

    def _show(self, session: Session, stored: StoredTurn, files: bool, at: int) -> PanelView:
        import gradio as gr

        sources = _sources(stored, files)
        citation = sources[at]
        session.open = (stored.id, files, at)
        original = self._found(session, stored, citation.source_id)
        address = self._lent(session, citation, original) if original is not None else ""
        key = f"{stored.id}-{'f' if files else ''}{citation.number}"
        sound = self._sound(session, citation, original) if original is not None else ""
        shown = OpenedCitation(citation, key, at + 1, len(sources), original, address, files, sound)
        return PanelView(
            gr.update(visible=True),
            gr.update(value=view(shown, self._limits, self._controller.words())),
            gr.update(interactive=at > 0),
            gr.update(interactive=at + 1 < len(sources)),
            session,
        )

    def _found(self, session: Session, stored: StoredTurn, source_id: str) -> Path | None:
        info = self._controller.history.get(session.owner, stored.conversation)
        conversation = Conversation(info.id, libraries=self._scopes(session.owner, info.libraries))
        return self._original(conversation, source_id)

    def _sound(self, session: Session, citation: Citation, original: Path) -> str:
        """The address of what is heard from the cited second on, where no browser plays the recording itself."""
        at, name = citation.location, citation.source
        if not isinstance(at, Seconds) or media.plays(original) or not media.is_heard(original):
            return ""
        seconds = max(SOUND_SECONDS, at.end - at.start + 5)

        def make(path: Path) -> None:
            media.write_sound(original, path, at.start, at.start + seconds, name)

        made = GeneratedFile(f"{name}.wav", "audio/wav", make)
        return self._controller.link(session, f"{citation.source_id} from {at.start}", made)

    def _lent(self, session: Session, citation: Citation, original: Path) -> str:
        """The address of the original for this session, the same one each time."""
        try:
            kind = media.identify(original, citation.source)
        except AssistantError:
            kind = ""  # it can still be saved
        return self._controller.link(session, citation.source_id, FileLink(original, citation.source, kind))


def _sources(stored: StoredTurn, files: bool) -> tuple[Citation, ...]:
    """What can be opened of this turn: the citations of its answer, or its files, as if they were cited whole."""
    if files:
        return tuple(_whole(number, given) for number, given in enumerate(stored.given, 1))
    return stored.answer.citations if stored.answer is not None else ()


def _whole(number: int, given: AttachedFile) -> Citation:
    kind = given.media_type.partition("/")[0]
    location: Location = Section("")
    if given.media_type == "application/pdf":
        location = Page(1)
    elif kind == "image":
        location = Region(())
    elif kind in ("audio", "video"):
        location = Seconds(0, 0)
    return Citation(number, given.source_id, given.name, "text", location, "")


def _unchanged() -> PanelView:
    import gradio as gr

    return PanelView(*[gr.skip()] * 5)
