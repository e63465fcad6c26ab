"""One file per family of documents, found by discovery: a file here with a class that has `media_types`.

`load_document` looks at the bytes, not at the name's ending, and hands the file to the loader for them.
"""

import importlib
import inspect
import pkgutil
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import BadInput
from assistant.evidence import Document
from assistant.limits import Limits
from assistant.media import identify
from assistant.ports import DocumentLoader


def load_document(path: Path, name: str, limits: Limits) -> Document:
    """Reads a file into text with positions. Without any text: no passages, and a note that says so.

    Raises BadInput naming the file where it is empty, too large, damaged, locked or of an unknown kind.
    """
    media_type = identify(path, name)
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise BadInput(f"{name} has {size / 1e6:.0f} MB; I accept up to {limits.file_bytes / 1e6:.0f} MB.")
    document = _loader_for(media_type, name, limits).load(path, name)
    characters = sum(len(passage.text) for passage in document.passages)
    if characters > limits.document_characters:
        raise BadInput(f"{name} holds more than {limits.document_characters:,} characters. Split it into parts.")
    if characters == 0 and not document.notes:
        return Document(document.source_id, name, document.medium, (), document.units, (f"{name} holds no text.",))
    return document


def extensions() -> tuple[str, ...]:
    """Every ending that some loader here reads, for the upload box."""
    return tuple(sorted({ending for loader in _loaders() for ending in loader.extensions}))


def _loader_for(media_type: str, name: str, limits: Limits) -> DocumentLoader:
    for loader in _loaders():
        if media_type in loader.media_types:
            made: DocumentLoader = loader(limits)
            return made
    kinds = ", ".join(ending.lstrip(".") for ending in extensions())
    raise BadInput(
        f"I cannot read {name} as a document: it is {media_type or 'of a kind unknown to me'}. I read {kinds}."
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
