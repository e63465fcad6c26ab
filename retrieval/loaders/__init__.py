"""One file per family of documents, found by discovery: a file here with a class that has `media_types`.

What counts are the bytes, not the name's ending. Files are parsed in a process of their own, see `sandbox`.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Generator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from assistant.intake.modalities import all_modalities
from assistant.media import identify
from assistant.ports.library import DocumentLoader
from assistant.text.word_count import count_words
from assistant.values.errors import BadInput
from assistant.values.events import Status
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from assistant.values.limits import Limits
from assistant.values.messages import Message, say
from retrieval import sandbox
from retrieval.metadata import LONGEST
from retrieval.parse_context import ParseContext

_PARSER = "retrieval.loaders:parse"
_MOST_HEADINGS = 1_000  # that are kept beside a document


def read_document(
    path: Path,
    name: str,
    limits: Limits,
    password: str = "",
    read_picture: sandbox.ReadPicture | None = None,
) -> Generator[Status, None, Document]:
    """Reads a file into text with positions. Without any text: no passages, and a note that says so.

    Yields how far it is. password: opens what is encrypted. read_picture: reads scanned pages and figures.
    Raises BadInput naming the file where it is empty, too large, damaged or of an unknown kind; Locked where
    the password is missing or wrong.
    """
    media_type = identify(path, name)
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise BadInput(
            say(
                "{name} has {size} MB; I accept up to {most} MB.",
                name=name,
                size=f"{size / 1e6:.0f}",
                most=f"{limits.file_bytes / 1e6:.0f}",
            )
        )
    _class_for(media_type, name)
    yield Status("reading", say("Reading {name}", name=name))
    document = yield from sandbox.shared(_PARSER).read(path, name, media_type, limits, password, read_picture)
    return replace(document, facts=replace(document.facts, bytes=size) if document.facts is not None else None)


def load_document(
    path: Path,
    name: str,
    limits: Limits,
    password: str = "",
    read_picture: sandbox.ReadPicture | None = None,
    report: Callable[[Status], None] | None = None,
) -> Document:
    """`read_document`, for whoever waits until it is done."""
    return sandbox.drained(read_document(path, name, limits, password, read_picture), report)


def parse(path: Path, name: str, media_type: str, context: ParseContext) -> Document:
    """What the process that parses does with one file; nothing is limited but the number of characters."""
    made = _class_for(media_type, name)
    document = loader_for(media_type, name, context).load(path, name)
    characters, limit = sum(len(passage.text) for passage in document.passages), context.limits.document_characters
    if characters > limit:
        raise BadInput(
            say("{name} holds more than {most} characters. Split it into parts.", name=name, most=f"{limit:,}")
        )
    notes = (*_misnamed(name, made), *document.notes, *context.all_notes())
    notes = tuple(dict.fromkeys(notes))  # what was locked has been through here twice
    notes = notes if characters or notes else (say("{name} holds no text.", name=name),)
    return replace(document, notes=notes, facts=_facts(document, media_type))


def _facts(document: Document, media_type: str) -> FileFacts:
    """What the loader knows, and what is known of every document."""
    known = document.facts or FileFacts("", document.name)
    return replace(
        known,
        source_id=document.source_id,
        medium=document.medium,
        media_type=known.media_type or media_type,  # of what was locked, what it is inside
        outline=tuple(heading[:LONGEST] for heading in known.outline[:_MOST_HEADINGS]),
        words=known.words or sum(count_words(passage.text) for passage in document.passages),
    )


def loader_for(media_type: str, name: str, context: ParseContext) -> DocumentLoader:
    """What reads a file of this kind. Raises BadInput where nothing does."""
    loader: DocumentLoader = _class_for(media_type, name)(context)
    return loader


def extensions() -> tuple[str, ...]:
    """Every ending that some loader here reads."""
    return tuple(sorted({ending for loader in _loaders() for ending in loader.extensions}))


def media_types() -> tuple[str, ...]:
    """Every media type that some loader here reads."""
    return tuple(sorted({kind for loader in _loaders() for kind in loader.media_types}))


def _class_for(media_type: str, name: str) -> Any:
    for loader in _loaders():
        if media_type in loader.media_types:
            return loader
    kinds = [loader.kind for loader in _loaders() if loader.kind]
    raise BadInput(
        say(
            "I cannot read {name} as a document: it is {kind}. Give me {kinds}.",
            name=name,
            kind=media_type or say("of a kind unknown to me"),
            kinds=kinds,
        )
    )


def _misnamed(name: str, loader: Any) -> tuple[Message, ...]:
    """A note where the name promises another kind of file."""
    ending = Path(name).suffix.lower()
    known = {one for modality in all_modalities() for one in modality.extensions}
    if not loader.kind or ending in loader.extensions or ending not in known:
        return ()
    return (
        say(
            "{name} is named {ending}, but its content is {kind}; I read it as that.",
            name=name,
            ending=ending,
            kind=loader.kind,
        ),
    )


@cache
def _loaders() -> tuple[Any, ...]:
    """The loader classes of this folder, in the order of their files' names."""
    found = []
    for file in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{file.name}")
        for _, one in inspect.getmembers(module, inspect.isclass):
            if one.__module__ == module.__name__ and hasattr(one, "media_types"):
                found.append(one)
    return tuple(found)
