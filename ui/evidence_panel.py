"""The panel beside the chat: opens a citation of this session's answers, goes to the next one, closes.

A browser sends an answer's key and a number; what they mean is looked up in the session's own answers, so
nobody opens what was not cited to him.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from assistant import media
from assistant.conversation import Conversation
from assistant.errors import AssistantError
from assistant.events import Citation
from assistant.limits import Limits
from ui.evidence_view import Shown, view
from ui.lending import Lending, Loan
from ui.session import Session
from ui.words import words_now
from ui.words.chat import Words

Update = Any
Original = Callable[[Conversation, str], Path | None]


def kept_nowhere(_: Conversation, __: str) -> None:
    """The `Original` of a page without originals."""


class PanelView(NamedTuple):
    """What an event changes, in the order of the page's outputs."""

    panel: Update
    body: Update
    previous: Update
    next: Update


class EvidencePanel:
    """original: the file that a piece of a conversation's evidence comes from, if it was kept.

    words: those of whom is being answered.
    """

    def __init__(
        self, original: Original, limits: Limits, words: Callable[[], Words] = lambda: words_now(Words)
    ) -> None:
        self._original, self._limits, self._words = original, limits, words
        self.lending = Lending()

    def open(self, asked: str | None, session: Session | None) -> PanelView:
        """asked: "<answer>-<number>" as it stands in the link that was followed."""
        import gradio as gr

        key, _, number = (asked or "").partition("-")
        citations = () if session is None or session.closed else session.citations.get(key, ())
        at = next((at for at, one in enumerate(citations) if str(one.number) == number), None)
        if session is None or at is None:
            gr.Info(self._words().evidence_gone)
            return PanelView(*[gr.skip()] * 4)
        return self._show(session, key, at)

    def previous(self, session: Session | None) -> PanelView:
        return self._step(session, -1)

    def next(self, session: Session | None) -> PanelView:
        return self._step(session, 1)

    def close(self) -> PanelView:
        import gradio as gr

        return PanelView(gr.update(visible=False), gr.update(value=""), gr.skip(), gr.skip())

    def leave(self, session: Session) -> None:
        """The session is over: nothing that was lent to it can be fetched any more."""
        self.lending.take_back([*session.lent.values()])

    def _step(self, session: Session | None, by: int) -> PanelView:
        import gradio as gr

        if session is None or session.closed or session.open is None:
            return PanelView(*[gr.skip()] * 4)
        key, at = session.open
        return self._show(session, key, min(max(at + by, 0), len(session.citations[key]) - 1))

    def _show(self, session: Session, key: str, at: int) -> PanelView:
        import gradio as gr

        citations = session.citations[key]
        citation = citations[at]
        session.open = (key, at)
        original = self._original(session.conversation, citation.source_id)
        address = self._lent(session, citation, original) if original is not None else ""
        shown = Shown(citation, f"{key}-{citation.number}", at + 1, len(citations), original, address)
        return PanelView(
            gr.update(visible=True),
            gr.update(value=view(shown, self._limits, self._words())),
            gr.update(interactive=at > 0),
            gr.update(interactive=at + 1 < len(citations)),
        )

    def _lent(self, session: Session, citation: Citation, original: Path) -> str:
        """The address of the original for this session, the same one each time."""
        if citation.source_id not in session.lent:
            try:
                kind = media.identify(original, citation.source)
            except AssistantError:
                kind = ""  # it can still be saved
            session.lent[citation.source_id] = self.lending.lend(Loan(original, citation.source, kind))
            if session.closed:  # left meanwhile
                self.leave(session)
        return self.lending.address(session.lent[citation.source_id])
