"""Keeping: a file handed over becomes an original, and what is known of it before anything has read it."""

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import media
from assistant.conversations.records import LONGEST_NAME, Given
from assistant.storage.originals import Originals
from assistant.values.errors import AssistantError, BadInput
from assistant.values.limits import Limits
from assistant.values.parts import Attachment, Text, Turn

NO_BYTES = hashlib.sha256().hexdigest()
_ODD = re.compile(r"[/\\\x00-\x1f]")  # what no name of a file is


@dataclass(frozen=True)
class Kept:
    """turn: with its files where they are kept. given: all of them, also those that could not be kept.

    trouble: why one could not.
    """

    turn: Turn
    given: tuple[Given, ...]
    trouble: AssistantError | None


def keep(turn: Turn, originals: Originals, scope: str, limits: Limits) -> Kept:
    """Keeps its files, recordings of the question too. What the assistant will refuse, for its size or because it is
    not there, is left where it is, and the same file is given once."""
    parts: list[Text | Attachment] = []
    given: dict[str, Given] = {}
    trouble: AssistantError | None = None
    for part in turn.parts:
        if isinstance(part, Attachment):
            name = _ODD.sub("_", part.name)[:LONGEST_NAME] or "file"
            there = part.path.is_file()
            source_id = media.digest(part.path) if there else NO_BYTES
            given.setdefault(source_id, Given(source_id, name, spoken=part.spoken))
            if there and part.path.stat().st_size <= media.most_bytes(part.path, name, limits):
                try:
                    part = replace(part, path=originals.keep(part.path, scope, source_id, name), name=name)
                    given[source_id] = known(part.path, source_id, name, part.spoken, limits)
                except AssistantError as error:
                    trouble = trouble or error
        parts.append(part)
    return Kept(Turn(tuple(parts)), tuple(given.values()), trouble)


def known(path: Path, source_id: str, name: str, spoken: bool, limits: Limits) -> Given:
    """What its bytes tell at once. How bad a bad file is, reading it will say."""
    try:
        media_type = media.identify(path, name)
        size = media.picture_size(path, limits, name) if media_type in media.PICTURE_TYPES else (0, 0)
    except BadInput:
        return Given(source_id, name, spoken=spoken)
    return Given(source_id, name, media_type, spoken, *size)
