"""Makes the components and hands them to one another; and what they say to the terminal."""

import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.settings.settings import Settings

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.models.lazy import Lazy
    from assistant.models.memory_budget import MemoryBudget
    from assistant.ports.vision import Description
    from assistant.setup.models import Models
    from assistant.setup.settings_service import Folder
    from assistant.storage.originals import Originals
    from assistant.values.events import Status
    from assistant.values.evidence import Document
    from assistant.values.parts import Attachment, Image
    from retrieval.libraries import Libraries
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


def memory_budget(settings: Settings, models: "Models", unused_seconds: float = 120.0) -> "MemoryBudget":
    """Over what one turn needs and the next may not. What every turn needs stays."""
    from assistant.models.memory_budget import MemoryBudget

    parts = (models.transcriber, models.reader, models.image_classifier, models.speaker, models.captioner)
    return MemoryBudget(parts, round(settings.memory_gb * 1e9), unused_seconds=unused_seconds)


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
