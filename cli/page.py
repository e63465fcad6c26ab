"""`python app.py`: the page. Its models load in the background while it is already up."""

import argparse
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.settings.saved_choices import ChosenFile
from assistant.settings.settings import Settings
from assistant.values.errors import AssistantError
from cli.wiring import (
    OWNER,
    beside_page,
    call_setup,
    interfaces,
    kept_in,
    lazy_models,
    memory_budget,
    open_libraries,
    prompt_cache,
    status,
    tell,
    wire,
)

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.models.lazy import Lazy
    from assistant.setup.models import Models


def page(options: argparse.Namespace, settings: Settings, fixed: frozenset[str]) -> int:
    """The page, until Ctrl-C.

    fixed: names of the settings that were given by hand, and so are not to be changed on the page.
    """
    from assistant.models.device import import_spaces, is_zerogpu

    if is_zerogpu():
        import_spaces()  # before torch
    from assistant.answering.commands import Presets
    from assistant.conversations.conversations import Conversations
    from assistant.conversations.fair_queue import FairQueue
    from assistant.conversations.history import History
    from assistant.intake.background import Background
    from assistant.models.active_turns import ActiveTurns
    from assistant.setup.settings_service import SettingsService
    from assistant.storage.originals import Originals
    from ui import page as pages
    from ui.aloud import ReadAloudService
    from ui.api.metrics import Metrics
    from ui.owner import address_of_page, owner_of_page

    began = time.monotonic()
    active_turns = ActiveTurns()
    originals = Originals(settings.data / "originals")
    models, assistant = wire(settings, settings.data / "library", originals)
    libraries = open_libraries(settings, assistant, active_turns)
    shared = libraries.scopes(OWNER, options.library)
    history = History(settings.data / "conversations", originals)

    def scopes(owner: str, ids: Sequence[str]) -> tuple[str, ...]:
        return (*libraries.scopes_of(owner, ids), *shared)

    service = SettingsService(
        models,
        ChosenFile(settings.data),
        Presets(settings.data / "presets"),
        fixed=fixed,
        folders=kept_in(settings),
        conversations=lambda owner: len(history.list(owner)),
        delete_conversations=lambda owner: conversations.forget_everything(owner),
        named_libraries=libraries,
    )
    background = Background(assistant.library, assistant.files.go_on, active_turns)
    assistant = replace(assistant, live=service.settings, background=background)
    queue = FairQueue()
    metrics = Metrics(queue.lengths, lambda: prompt_cache(models))
    conversations = Conversations(history, assistant, originals, scopes, active_turns, queue, metrics.event)
    owner_of = owner_of_page(settings.host, os.environ)
    programs = interfaces(
        models, assistant, conversations, libraries, queue, metrics, active_turns, service.settings, owner_of.alone
    )
    built = pages.build(
        conversations,
        lambda: status(models, assistant),
        owner_of,
        original=assistant.files.original,
        limits=settings.limits,
        panels=pages.Panels(
            libraries,
            scopes,
            service,
            service.presets,
            call_setup(models, service.settings),
            ReadAloudService(models.speaker, service.settings),
            models.notices,
        ),
        address_of=address_of_page(settings, os.environ),
    )

    def library_opened() -> None:
        libraries.open(shared)
        conversations.settle()
        programs.library_opened()
        background.wake()

    budget = memory_budget(settings, models)

    def load() -> threading.Thread:
        return _load(models, assistant, began, library_opened)

    try:
        if is_zerogpu():  # a GPU is lent to the models that are there when the page is launched
            load().join()
        address = pages.launch(built, settings, False, beside_page(programs, models, assistant, settings))
        tell(f"Medley is at {address} after {time.monotonic() - began:.1f} s. Ctrl-C ends it.")
        if not is_zerogpu():
            load()
        budget.watch()
        built.block_thread()
    finally:
        budget.close()
        programs.close()
        background.close()
        libraries.close()
        history.close()
        assistant.close()
    return 0


def _load(
    models: "Models", assistant: "Assistant", began: float, library_opened: Callable[[], None]
) -> threading.Thread:
    """Loads everything in the background, and says in the terminal what is ready, after how long."""
    from assistant.models.lazy import load_in_background

    waiting = lazy_models(models, assistant)

    def loaded(part: "Lazy[Any]") -> None:
        if part is models.selection:
            tell(models.selection.get().why)
        elif part is assistant.library:
            if models.engine.state == "ready":
                tell(f"Can answer after {time.monotonic() - began:.1f} s.")
            try:
                library_opened()
            except AssistantError as error:
                tell(str(error))
        elif part is waiting[-1]:
            tell("Ready: " + ", ".join(f"{one.name} {one.seconds:.1f} s" for one in waiting))

    return load_in_background(waiting, loaded, lambda part, error: tell(f"{part.name}: {error}"))
