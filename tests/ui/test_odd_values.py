"""A value that no page of ours sends becomes one sentence, whatever component it is for."""

import asyncio
import logging
from typing import Any

import gradio
import pytest

from ui.bounds import REFUSED
from ui.odd_values import CheckedBlocks
from ui.words.door import ENGLISH


def taken(component: Any, *values: Any) -> Any:
    async def given() -> Any:  # Gradio makes a loop of its own where none is running, and leaves it open
        with CheckedBlocks() as page:
            box = component()
            box.change(lambda value: value, box, None)
        (event,) = page.fns.values()
        return await page.preprocess_data(event, list(values), None)

    return asyncio.run(given())


def test_no_text_is_an_empty_one_and_what_fits_is_taken() -> None:
    assert taken(gradio.Textbox, None) == [""]
    assert taken(gradio.Textbox, "hello") == ["hello"]
    assert taken(lambda: gradio.Dropdown(["a"]), "a") == ["a"]
    assert taken(lambda: gradio.CheckboxGroup(["a", "b"]), ["b"]) == [["b"]]
    assert taken(gradio.Checkbox, True) == [True]


@pytest.mark.parametrize(
    ("component", "value"),
    [
        (lambda: gradio.Dropdown(["a"]), []),
        (lambda: gradio.Dropdown(["a"]), "b"),
        (lambda: gradio.CheckboxGroup(["a"]), {"a": 1}),
        (gradio.Checkbox, "yes"),
        (gradio.Slider, "high"),
        (gradio.MultimodalTextbox, 5),
        (gradio.Audio, "/etc/passwd"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(
    component: Any, value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    noted: list[str] = []
    REFUSED.set(noted)
    with caplog.at_level(logging.WARNING), pytest.raises(gradio.Error) as refused:
        taken(component, value)
    REFUSED.set(None)
    assert refused.value.message == ENGLISH.odd_value
    assert not refused.value.print_exception
    assert noted == [ENGLISH.odd_value]
    assert [record.exc_info for record in caplog.records if record.name == "ui.odd_values"] == [None]


def test_too_few_values_are_refused_the_same_way() -> None:
    with pytest.raises(gradio.Error, match="nothing that a page of ours sends"):
        taken(gradio.Textbox)
