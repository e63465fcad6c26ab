"""All that we use of Gradio that it promises nobody: it may go with any version, and `test_gradio_inside` notices.

The page is built and its events are wired with what Gradio documents; nothing else of ui/ reaches into its modules.
`odd_values` overrides two methods of its Blocks.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr


def asking() -> "gr.Request | None":
    """The request whose event is being handled here."""
    from gradio.context import LocalContext

    return LocalContext.request.get(None)


def kept_message(role: str, text: str, metadata: Any) -> Any:
    """A message of the chat as Gradio keeps it; handed over as a dict it would be made and checked at every update."""
    from gradio.components.chatbot import Message, TextMessage

    return Message(role=role, content=[TextMessage(text=text)], metadata=metadata)


def forget_tab(page: "gr.Blocks", tab: str) -> list[Any]:
    """Lets go of what Gradio keeps of a tab for as long as it runs, and returns the states that it held."""
    known = page.state_holder.session_data.pop(tab, None)
    return [] if known is None else [*known.state_data.values()]


def events(page: "gr.Blocks") -> Collection[int]:
    """Numbers of the events that the page has; a view that grows with them."""
    return page.fns.keys()
