"""What we use of Gradio and of the hub's library that they promise nobody is still there, and stands in one place."""

import ast
import asyncio
import inspect
from pathlib import Path

import gradio
import pytest

from ui.gradio_inside import asking, events, forget_tab, kept_message

ROOT = Path(__file__).parents[2]
ADAPTERS = {"ui/gradio_inside.py"}
DOCUMENTED = {"gradio", "gradio.themes", "huggingface_hub", "huggingface_hub.utils", "huggingface_hub.errors"}


def modules(path: Path) -> list[str]:
    """Modules of the two that a file imports from, wherever in it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
            found += [f"{node.module}.{alias.name}" for alias in node.names if alias.name.startswith("_")]
    return [name for name in found if name.split(".")[0] in ("gradio", "huggingface_hub")]


def test_what_is_promised_to_nobody_is_imported_in_one_place() -> None:
    files = [path for room in ("ui", "cli", "assistant", "retrieval") for path in sorted((ROOT / room).rglob("*.py"))]
    strayed = {
        f"{name} in {path.relative_to(ROOT)}"
        for path in files
        if str(path.relative_to(ROOT)) not in ADAPTERS
        for name in modules(path)
        if name not in DOCUMENTED
    }
    assert not strayed


def test_outside_of_an_event_nobody_asks_and_inside_it_is_whoever_sent_it() -> None:
    from gradio.context import LocalContext

    assert asking() is None
    request = gradio.Request()
    token = LocalContext.request.set(request)
    try:
        assert asking() is request
    finally:
        LocalContext.request.reset(token)


def test_a_message_is_kept_as_the_chat_makes_it() -> None:
    chat = gradio.Chatbot()
    made = kept_message("assistant", "**hello**", {"title": "At work"})
    told = chat.postprocess([made]).model_dump()
    assert (
        told
        == chat.postprocess(
            [{"role": "assistant", "content": "**hello**", "metadata": {"title": "At work"}}]
        ).model_dump()
    )


def test_a_tab_is_let_go_of_with_its_states_and_the_events_are_known() -> None:
    async def built() -> tuple[gradio.Blocks, gradio.State]:  # it makes a loop of its own where none is running
        with gradio.Blocks() as page:
            state, box = gradio.State("mine"), gradio.Textbox()
            assert not events(page)
            box.submit(lambda text: text, box, box)
        return page, state

    page, state = asyncio.run(built())
    assert len(events(page)) == 1
    assert 1_000 not in events(page)
    held = page.state_holder["tab"]
    held[state._id] = "theirs"
    assert forget_tab(page, "tab") == ["theirs"]
    assert forget_tab(page, "tab") == []


@pytest.mark.parametrize("name", ["process_api", "preprocess_data"])
def test_the_methods_that_are_overridden_are_there(name: str) -> None:
    from ui.odd_values import CheckedBlocks

    theirs, ours = getattr(gradio.Blocks, name), getattr(CheckedBlocks, name)
    assert inspect.iscoroutinefunction(theirs)
    assert theirs is not ours
    assert {"request"} <= set(inspect.signature(gradio.Blocks.process_api).parameters)
    assert next(iter(list(inspect.signature(gradio.Blocks.preprocess_data).parameters)[1:])) == "block_fn"
