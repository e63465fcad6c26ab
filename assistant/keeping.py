"""Keeping: a file handed over becomes an original, and what is known of it before anything has read it."""

from dataclasses import replace
from pathlib import Path

from assistant import media
from assistant.errors import BadInput
from assistant.kept import Given
from assistant.limits import Limits
from assistant.originals import Originals
from assistant.parts import Attachment, Text, Turn


def keep(turn: Turn, originals: Originals, scope: str, limits: Limits) -> tuple[Turn, tuple[Given, ...]]:
    """The turn with its files where they are kept, recordings of the question too; each file once in what was given.

    What the assistant will refuse for its size, or because it is not there, is left as it is.
    """
    parts: list[Text | Attachment] = []
    given: dict[str, Given] = {}
    for part in turn.parts:
        if isinstance(part, Attachment) and part.path.is_file() and part.path.stat().st_size <= limits.file_bytes:
            source_id = media.digest(part.path)
            part = replace(part, path=originals.keep(part.path, scope, source_id, part.name))
            given.setdefault(source_id, known(part.path, source_id, part.name, part.spoken, limits))
        parts.append(part)
    return Turn(tuple(parts)), tuple(given.values())


def known(path: Path, source_id: str, name: str, spoken: bool, limits: Limits) -> Given:
    """What its bytes tell at once. How bad a bad file is, reading it will say."""
    try:
        media_type = media.identify(path, name)
        size = media.open_picture(path, limits, name).size if media_type in media.PICTURE_TYPES else (0, 0)
    except BadInput:
        return Given(source_id, name, spoken=spoken)
    return Given(source_id, name, media_type, spoken, *size)
