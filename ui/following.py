"""A tab follows its conversation: an answer that another tab began, or this one before it was loaded anew, and turns
that came from elsewhere. An answer belongs to its conversation and not to the tab.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.conversations.history import StoredTurn
from assistant.values.errors import AssistantError
from ui import rendering
from ui.chat_controller import ChatController, ready
from ui.session import Session

if TYPE_CHECKING:
    import gradio as gr

OFTEN, SELDOM = 0.7, 4.0  # seconds between two looks, while something is being answered and else
Update = Any


class FollowUpdates(NamedTuple):
    """What a look changes, in the order of the event's outputs."""

    chat: Update
    box: Update
    conversations: Update
    often: Update
    """Whether to look often."""


class Following:
    def __init__(self, controller: ChatController) -> None:
        self._controller = controller

    def look(self, session: Session | None) -> FollowUpdates:
        """The chat as the history has it by now, where that is more than the tab shows."""
        import gradio as gr

        known = self._controller.mine(session)
        if known is None or not known.conversation or known.busy or known.editing is not None:
            return _nothing()
        try:
            turns = self._fresh(known)
        except AssistantError:  # it was deleted meanwhile
            return _nothing()
        if turns is None:
            return _nothing()
        answering = bool(turns) and turns[-1].state == "answering"
        before, known.followed = known.followed, answering
        self._controller.show(known, turns)
        chat = self._controller.messages(known, answering)
        if answering:
            words = self._controller.words()
            chat += map(ready, [rendering.working("", (), 0, words), *rendering.partial(turns[-1].partial)])
        box = gr.skip()
        if answering != before:
            box = gr.update(interactive=True, submit_btn=not answering, stop_btn=answering)
        return FollowUpdates(chat, box, self._controller.list(known), gr.update(active=answering))

    def _fresh(self, session: Session) -> list[StoredTurn] | None:
        """Its turns, where they are other ones than the tab shows."""
        history = self._controller.history
        changed = history.get(session.owner, session.conversation).changed
        if changed == session.seen and not session.followed:
            return None
        session.seen = changed
        turns = history.turns(session.owner, session.conversation)
        answering = bool(turns) and turns[-1].state == "answering"
        same = _signs(turns) == _signs(session.turns) and answering == session.followed
        return None if same else turns

    def mount(
        self,
        session: "gr.State",
        outputs: Sequence[Any],
        after: Sequence[Any],
        queued: dict[str, Any],
    ) -> None:
        """outputs: the chat, the box and the list. after: events after which there is something to look at."""
        import gradio as gr

        often, seldom = gr.Timer(OFTEN, active=False), gr.Timer(SELDOM)
        told: dict[str, Any] = {
            "outputs": [*outputs, often],
            "api_visibility": "private",
            "show_progress": "hidden",
            "trigger_mode": "once",
        }
        for event in after:
            event.then(self.look, [session], **told, **queued)
        often.tick(self.look, [session], queue=False, **told)
        seldom.tick(self.look, [session], queue=False, **told)


def _signs(turns: Sequence[StoredTurn]) -> list[tuple[str, str, int]]:
    return [(one.id, one.state, len(one.partial)) for one in turns]


def _nothing() -> FollowUpdates:
    import gradio as gr

    return FollowUpdates(gr.skip(), gr.skip(), gr.skip(), gr.skip())
