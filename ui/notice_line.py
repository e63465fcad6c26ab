"""The lines above the box that tell what has become known of the models since the page was opened."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.values.messages import Message
from ui.chat_controller import ChatController
from ui.rendering import tell
from ui.session import Session
from ui.untrusted import as_html
from ui.words import words_now
from ui.words.chat import ChatWords

if TYPE_CHECKING:
    import gradio as gr

EVERY = 10.0  # seconds between two looks: a voice is loaded when it first reads aloud, which is no event of the page
VERB = "noticed"
Update = Any


class NoticeLine:
    """notices: all there were since the start; it grows."""

    def __init__(self, controller: ChatController, notices: Sequence[Message]) -> None:
        self._controller, self._notices = controller, notices

    def look(self, session: Session | None) -> Update:
        """Those that this tab has not put away. The ones from before it was opened stand in the settings."""
        import gradio as gr

        known = self._controller.mine(session)
        if known is None:
            return gr.update(value="", visible=False)
        if known.noticed is None:
            known.noticed = len(self._notices)
        fresh = self._notices[known.noticed :]
        return gr.update(value=view(fresh, len(self._notices), words_now(ChatWords)), visible=bool(fresh))

    def mount(self, session: "gr.State", line: "gr.HTML", after: Sequence[Any], queued: dict[str, Any]) -> None:
        """Looks after each of these events, and every now and then."""
        import gradio as gr

        told: dict[str, Any] = {"outputs": [line], "api_visibility": "private", "show_progress": "hidden"}
        for event in after:
            event.then(self.look, [session], **told, **queued)
        gr.Timer(EVERY).tick(self.look, [session], queue=False, **told)


def view(notices: Sequence[Message], read: int, words: ChatWords) -> str:
    """read: how many have been read once these are put away."""
    if not notices:
        return ""
    lines = "".join(f"<li>{as_html(tell(notice, words))}</li>" for notice in notices)
    button = f'<button type="button" class="do" value="{VERB} {read}">{as_html(words.put_away)}</button>'
    return f'<div role="status"><ul aria-label="{as_html(words.notices)}">{lines}</ul>{button}</div>'
