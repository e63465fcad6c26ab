"""What an event of the page says is checked against what its handler takes, whoever sent it.

Gradio takes a value that no page of ours sends for a mistake of its programmer: it answers with status 500 and writes a
page into the log. Here it is one line there, and one sentence to whoever sent it.
"""

import logging
from contextvars import ContextVar
from typing import Any

import gradio as gr

from ui.bounds import REFUSED
from ui.words import words_for
from ui.words.door import DoorWords

log = logging.getLogger(__name__)

_ASKING: ContextVar[gr.Request | None] = ContextVar("_ASKING", default=None)


class CheckedBlocks(gr.Blocks):
    async def process_api(self, *known: Any, **more: Any) -> Any:
        _ASKING.set(more.get("request"))
        return await super().process_api(*known, **more)

    async def preprocess_data(self, block_fn: Any, *known: Any, **more: Any) -> Any:
        """Raises an error that says one sentence, whatever the values did to a component. No text is an empty one."""
        try:
            taken = await super().preprocess_data(block_fn, *known, **more)
            return [_checked(block, value) for block, value in zip(block_fn.inputs, taken, strict=True)]
        except Exception as error:  # whatever a component trips over, the visitor has sent
            log.warning("A value that no page of ours sends was refused (%s)", type(error).__name__)
            sentence = words_for(_ASKING.get(), DoorWords).odd_value
            if (refused := REFUSED.get()) is not None:
                refused.append(sentence)
            raise gr.Error(sentence, print_exception=False) from error


def _checked(block: Any, value: Any) -> Any:
    """Of what a component lets through whatever it is. Raises TypeError."""
    match block:
        case gr.Textbox() if value is None:
            return ""
        case gr.CheckboxGroup() | gr.Dropdown(multiselect=True):
            fits = isinstance(value, list | None)
        case gr.Dropdown() | gr.Radio():
            fits = not isinstance(value, list | dict)
        case gr.Checkbox():
            fits = isinstance(value, bool | None)
        case gr.Slider() | gr.Number():
            fits = isinstance(value, int | float | None)
        case _:
            fits = True
    if not fits:
        raise TypeError(f"{type(value).__name__} for a {type(block).__name__}")
    return value
