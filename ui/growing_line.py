"""The line above the box that says how far recordings and films of this conversation are that are still taken in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.conversations.conversations import Conversations
from assistant.intake.background import RecordingProgress
from assistant.values.errors import AssistantError
from assistant.values.evidence import clock
from ui.chat_controller import ChatController
from ui.rendering import tell
from ui.session import Session
from ui.untrusted import as_html
from ui.words import words_now
from ui.words.chat import ChatWords

if TYPE_CHECKING:
    import gradio as gr

EVERY = 2.0  # seconds between two looks, while there is something to tell
Update = Any


class GrowingLine:
    """conversations: what is being taken in, and for whom."""

    def __init__(self, controller: ChatController, conversations: Conversations) -> None:
        self._controller, self._conversations = controller, conversations

    def look(self, session: Session | None) -> tuple[Update, Update]:
        """The line, and whether to look again."""
        import gradio as gr

        known = self._controller.mine(session)
        try:
            doing = self._conversations.doing(known.owner, known.conversation) if known and known.conversation else ()
        except AssistantError:  # the conversation was deleted; the line is an addition
            doing = ()
        going = any(not each.trouble for each in doing)
        return gr.update(value=view(doing, words_now(ChatWords)), visible=bool(doing)), gr.update(active=going)

    def mount(self, session: "gr.State", line: "gr.HTML", after: Sequence[Any], queued: dict[str, Any]) -> None:
        """Looks after each of these events, and every now and then while something is going on."""
        import gradio as gr

        timer = gr.Timer(EVERY, active=False)
        told: dict[str, Any] = {"outputs": [line, timer], "api_visibility": "private", "show_progress": "hidden"}
        for event in after:
            event.then(self.look, [session], **told, **queued)
        timer.tick(self.look, [session], queue=False, **told)


def view(doing: Sequence[RecordingProgress], words: ChatWords) -> str:
    """A line for each, with a button that leaves the rest."""
    return f'<ul aria-label="{as_html(words.growing)}">{"".join(_line(each, words) for each in doing)}</ul>'


def _line(doing: RecordingProgress, words: ChatWords) -> str:
    name, leave = f"<bdi>{as_html(doing.name)}</bdi>", f'value="leave {as_html(doing.source_id)}"'
    button = f'<button type="button" class="do" {leave}>{as_html(words.leave_rest)}</button>'
    if doing.trouble:
        return f'<li class="trouble">{name}: {as_html(tell(doing.trouble, words))} {button}</li>'
    percent = round(100 * doing.share)
    facts = [
        (words.growing_watching if doing.watching else words.growing_hearing).format(at=clock(doing.at), of=_of(doing)),
        _left(doing.seconds_left, words),
    ]
    label = as_html(words.growing_percent.format(name=doing.name, percent=percent))
    bar = f'<progress max="100" value="{percent}" aria-label="{label}">{percent} %</progress>'
    told = " · ".join(fact for fact in facts if fact)
    return f"<li>{name} {bar} <small>{as_html(told)}</small> {button}</li>"


def _of(doing: RecordingProgress) -> str:
    return clock(doing.of) if doing.of else "?"


def _left(seconds: float | None, words: ChatWords) -> str:
    if seconds is None:
        return ""
    if seconds < 90:
        return words.growing_seconds.format(count=max(1, round(seconds)))
    return words.growing_minutes.format(count=round(seconds / 60))
