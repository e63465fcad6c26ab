"""Attachments: files handed over with a turn are stored as originals, and described before anything has read them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import media
from assistant.conversations.records import LONGEST_NAME, AttachedFile
from assistant.storage.originals import Originals
from assistant.values.errors import AssistantError, BadInput
from assistant.values.file_names import told_apart
from assistant.values.limits import Limits
from assistant.values.parts import Attachment, Text, Turn

NO_BYTES = hashlib.sha256().hexdigest()
_ODD = re.compile(r"[/\\\x00-\x1f]")  # what no name of a file is


@dataclass(frozen=True)
class StoredAttachments:
    """A turn whose files were stored."""

    turn: Turn
    """With its files where they are stored now."""
    given: tuple[AttachedFile, ...]
    """All of its files, also those that could not be stored."""
    trouble: AssistantError | None
    """Why a file could not be stored; None: all were."""


def store_attachments(
    turn: Turn, originals: Originals, scope: str, limits: Limits, known: Mapping[str, str] | None = None
) -> StoredAttachments:
    """Stores its files, recordings of the question too. A file that the assistant will refuse, for its size or because
    it is not there, is left where it is. The same file counts once, and two of one name are told apart.

    known: source_id → name of the files of the conversation so far."""
    parts: list[Text | Attachment] = []
    given: dict[str, AttachedFile] = {}
    trouble: AssistantError | None = None
    told = iter(told_apart(turn.attachments, known or {}, media.digest))
    for part in turn.parts:
        if isinstance(part, Attachment):
            part = next(told)
        if isinstance(part, Attachment):
            name = _ODD.sub("_", part.name)[:LONGEST_NAME] or "file"
            there = part.path.is_file()
            source_id = media.digest(part.path) if there else NO_BYTES
            given.setdefault(source_id, AttachedFile(source_id, name, spoken=part.spoken))
            if there and part.path.stat().st_size <= media.most_bytes(part.path, name, limits):
                try:
                    part = replace(part, path=originals.keep(part.path, scope, source_id, name), name=name)
                    given[source_id] = describe_file(part.path, source_id, name, part.spoken, limits)
                except AssistantError as error:
                    trouble = trouble or error
        parts.append(part)
    return StoredAttachments(Turn(tuple(parts)), tuple(given.values()), trouble)


def describe_file(path: Path, source_id: str, name: str, spoken: bool, limits: Limits) -> AttachedFile:
    """What its bytes tell at once. How bad a bad file is, reading it will say."""
    try:
        media_type = media.identify(path, name)
        size = media.picture_size(path, limits, name) if media_type in media.PICTURE_TYPES else (0, 0)
    except BadInput:
        return AttachedFile(source_id, name, spoken=spoken)
    return AttachedFile(source_id, name, media_type, spoken, *size)
