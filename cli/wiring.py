"""Makes the components and hands them to one another; and what they say to the terminal."""

import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.settings.settings import Settings

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.conversations.conversations import Conversations
    from assistant.conversations.fair_queue import FairQueue
    from assistant.models.active_turns import ActiveTurns
    from assistant.models.lazy import Lazy
    from assistant.models.memory_budget import MemoryBudget
    from assistant.ports.vision import Description
    from assistant.setup.models import Models
    from assistant.setup.settings_service import Folder
    from assistant.storage.api_keys import ApiKeys
    from assistant.storage.originals import Originals
    from assistant.values.events import Status
    from assistant.values.evidence import Document
    from assistant.values.parts import Attachment, Image
    from retrieval.libraries import Libraries
    from ui.api.api import Api
    from ui.api.beside import Beside
    from ui.api.front import Mounted
    from ui.api.metrics import Metrics
    from ui.api.parts import ApiParts
    from ui.calls import CallSetup

OWNER = "me"  # of the named libraries: whoever runs this program


def wire(
    settings: Settings, library_folder: Path | None, originals: "Originals | None" = None
) -> "tuple[Models, Assistant]":
    """The components, handed to one another; nothing is loaded yet.

    library_folder None: a passing one. originals None: no copy of what is handed over is kept.
    """
    from assistant.answering.assistant import Assistant
    from assistant.answering.commands import Presets
    from assistant.models.lazy import Lazy
    from assistant.ports.library import Library
    from assistant.setup.models import Models
    from assistant.storage.originals import Originals
    from assistant.values.messages import say

    models = Models(settings)
    models.notices.hear(tell)

    def open_library(_: object) -> Library:
        from retrieval.library import ChromaLibrary

        reranker = models.reranker.get()
        opened = ChromaLibrary(library_folder, models.embedder.get(), models.picture_embedder, settings.limits)
        if reranker is None:
            return opened
        from retrieval.reranked import RerankedLibrary

        return RerankedLibrary(opened, reranker)

    def load_document(file: "Attachment") -> "Generator[Status, None, Document]":
        from retrieval.loaders import read_document

        def read_picture(image: "Image") -> "Description":
            return models.reader.get().describe(image, "")

        return read_document(file.path, file.name, settings.limits, file.password, read_picture)

    library_originals = Originals(library_folder / "originals") if library_folder is not None else None
    library: Lazy[Library] = Lazy(say("Library"), open_library)
    assistant = Assistant(
        engine=models.engine,
        transcriber=models.transcriber,
        captioner=models.captioner,
        reader=models.reader,
        image_classifier=models.image_classifier,
        voice_encoder=models.voice_encoder,
        library=library,
        load_document=load_document,
        settings=settings,
        models=models.names,
        sees_images=models.sees_images,
        originals=originals,
        library_originals=library_originals,
        embedder=models.embedder,
        classifier=models.classifier,
        presets=Presets(settings.data / "presets"),
    )
    return models, assistant


def open_libraries(
    settings: Settings, assistant: "Assistant", is_answering: Callable[[], bool] = lambda: False
) -> "Libraries":
    """The named libraries beside this assistant. Its library is opened by the first job."""
    from retrieval.libraries import Libraries
    from retrieval.library import ChromaLibrary
    from retrieval.reranked import RerankedLibrary

    def library() -> ChromaLibrary:
        opened = assistant.library.get()
        opened = opened.inner if isinstance(opened, RerankedLibrary) else opened
        assert isinstance(opened, ChromaLibrary)
        return opened

    return Libraries(settings.data / "library", library, assistant.files.read, is_answering, settings.web_pages)


def call_setup(models: "Models", now: Callable[[], Settings]) -> "CallSetup":
    """What calls hear and speak with. now: the settings as they are."""
    from assistant.speech.recognition.live import LiveTranscript
    from assistant.speech.synthesis.configured_speaker import ConfiguredSpeaker
    from assistant.speech.synthesis.sentences import Sentences
    from ui.calls import CallSetup

    def speaker() -> ConfiguredSpeaker:
        models.speaker.retry()  # what failed may have been the network
        return ConfiguredSpeaker(models.speaker.get(), now)

    def live(language: str, hints: Sequence[str]) -> LiveTranscript:
        return LiveTranscript(models.transcriber.get(), language, hints=hints)

    return CallSetup(models.transcriber.get, speaker, Sentences, live)


@dataclass(frozen=True)
class Interfaces:
    """What programs, and whoever watches the server, are answered with."""

    metrics: "Metrics"
    api: "Api | None"
    parts: "ApiParts | None"
    keys: "ApiKeys | None"

    def library_opened(self) -> None:
        """What calls of earlier runs left in it goes."""
        if self.parts is not None:
            self.parts.passing.sweep()

    def close(self) -> None:
        if self.parts is not None:
            self.parts.pool.shutdown(wait=False, cancel_futures=True)
        if self.keys is not None:
            self.keys.close()


def interfaces(
    models: "Models",
    assistant: "Assistant",
    conversations: "Conversations",
    libraries: "Libraries",
    queue: "FairQueue",
    metrics: "Metrics",
    active_turns: "ActiveTurns",
    now: Callable[[], Settings],
    alone: bool,
) -> Interfaces:
    """now: the settings as they are. alone: the server listens on this machine alone."""
    from assistant.models.lazy import Lazy

    if not now().api:
        return Interfaces(metrics, None, None, None)
    from assistant.conversations.passing import Passing
    from assistant.speech.synthesis.configured_speaker import ConfiguredSpeaker
    from assistant.storage.api_keys import ApiKeys
    from ui.api.access import Access
    from ui.api.api import Api
    from ui.api.parts import ApiParts

    def speaker(_: object) -> ConfiguredSpeaker:
        models.speaker.retry()  # what failed may have been the network
        return ConfiguredSpeaker(models.speaker.get(), now)

    folder = now().data / "api"
    keys = ApiKeys(folder)
    parts = ApiParts(
        Access(keys, alone),
        conversations,
        Passing(assistant, queue, folder / "passing", keys, active_turns, metrics.event),
        models.transcriber,
        Lazy(models.speaker.name, speaker),
        models.embedder,
        libraries,
        now,
        metrics.error,
    )
    return Interfaces(metrics, Api(parts), parts, keys)


def prompt_cache(models: "Models") -> tuple[int, int]:
    """Tokens of prompts that the language model had in its cache, and those it computed; of a remote one nothing."""
    engine = models.engine.get() if models.engine.state == "ready" else None
    counts: tuple[int, int] = getattr(engine, "prompt_cache", (0, 0))
    return counts


def beside_page(made: Interfaces, models: "Models", assistant: "Assistant", settings: Settings) -> "Beside":
    """What is served beside the page: health and metrics always, the API where it is asked for."""
    from ui.api.beside import Beside, health_operations
    from ui.api.outside import Outside
    from ui.api.refusals import refusal_of

    needed = (models.engine, models.classifier, models.embedder, assistant.library)
    outside = Outside(made.metrics, lambda: {str(one.name): one.state for one in needed}, settings.metrics_token)
    operations = (*health_operations(outside), *(() if made.api is None else made.api.operations()))
    told = refusal_of if made.parts is None else made.parts.told
    return Beside(operations, made.metrics, told, settings.log_requests, _for_agents(made, models, assistant))


def _for_agents(made: Interfaces, models: "Models", assistant: "Assistant") -> "Mounted | None":
    """None: there is no API, or the package for it is not installed."""
    from assistant.values.errors import SetupError
    from ui.api.mcp_server import McpParts, mounted

    if made.parts is None:
        return None
    parts = made.parts
    try:
        return mounted(
            McpParts(
                parts.passing,
                parts.libraries,
                assistant.library,
                models.transcriber,
                parts.settings,
                parts.access.owner,
            )
        )
    except SetupError:
        return None


def kept_in(settings: Settings) -> "tuple[tuple[Folder, Path], ...]":
    """Where what is kept lies, for the settings panel."""
    return (
        ("conversations", settings.data / "conversations"),
        ("files", settings.data / "originals"),
        ("libraries", settings.data / "library"),
        ("presets", settings.data / "presets"),
        ("choices", settings.data / "settings.json"),
        ("weights", settings.cache),
    )


def status(models: "Models", assistant: "Assistant") -> tuple[str, ...]:
    """What is not ready yet, a line each; empty once everything is. What was let go of loads when it is needed."""
    parts = lazy_models(models, assistant)
    missing = [part for part in parts if part.state != "ready" and not (part.resting and part.state == "waiting")]
    return tuple(part.describe() for part in missing)


def lazy_models(models: "Models", assistant: "Assistant") -> "list[Lazy[Any]]":
    """What loads at the start, in the order that lets a person ask soonest."""
    first: list[Lazy[Any]] = [models.selection, models.engine, models.classifier, models.embedder, assistant.library]
    return [*first, models.transcriber, models.reader, models.captioner, models.picture_embedder]


def memory_budget(settings: Settings, models: "Models") -> "MemoryBudget":
    """Over what one turn needs and the next may not. What every turn needs stays."""
    from assistant.models.memory_budget import MemoryBudget

    parts = (models.transcriber, models.reader, models.image_classifier, models.speaker, models.captioner)
    return MemoryBudget(parts, round(settings.memory_gb * 1e9))


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
