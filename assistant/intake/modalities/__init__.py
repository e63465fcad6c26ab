"""Kinds of things that can be handed over: one file each in this folder, found by itself."""

import importlib
import inspect
import pkgutil
from functools import cache
from typing import cast

from assistant.ports.modality import Modality
from assistant.values.errors import BadInput
from assistant.values.messages import say

_NAMED = 8  # extensions of each, in a sentence


@cache
def all_modalities() -> tuple[Modality, ...]:
    """One of each modality in this folder, by file name. A file is one class with `takes` and `take`."""
    found: list[Modality] = []
    for file in sorted(pkgutil.iter_modules(__path__), key=lambda file: file.name):
        module = importlib.import_module(f"{__name__}.{file.name}")
        found += [
            cast(Modality, made())
            for _, made in inspect.getmembers(module, inspect.isclass)
            if made.__module__ == module.__name__ and hasattr(made, "takes") and hasattr(made, "take")
        ]
    return tuple(found)


def modality_for(media_type: str) -> Modality:
    """Raises BadInput where no modality takes this kind of file."""
    for modality in all_modalities():
        if modality.takes(media_type):
            return modality
    taken = ", ".join(extension for modality in all_modalities() for extension in modality.extensions[:_NAMED])
    raise BadInput(say("I cannot read {type} files yet. I take {taken} and more.", type=media_type, taken=taken))
