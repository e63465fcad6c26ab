"""What can be said of a file before it is sent: what it is, how long, why it would fail. Reads as little as it can."""

from dataclasses import dataclass
from pathlib import Path

from assistant import media
from assistant.intake.modalities import modality_for
from assistant.media import evidence_images
from assistant.values.errors import AssistantError, Locked
from assistant.values.limits import Limits
from assistant.values.messages import NOTHING, Message

_ENCRYPTED = "application/x-ole-storage"  # old Office, which is not read, or a new one with a password


@dataclass(frozen=True)
class PicturePreview:
    """What can be told of a file before it is taken in."""

    name: str
    media_type: str = ""
    bytes: int = 0
    pages: int = 0
    """0 where that is not known, or means nothing."""
    seconds: float = 0.0
    """0 where that is not known, or means nothing."""
    locked: bool = False
    """Whether a password opens it."""
    trouble: Message = NOTHING
    """Why it would fail, in a sentence; "" where nothing speaks against it."""


def first_look(path: Path, name: str, limits: Limits) -> PicturePreview:
    """Never raises: what stands against the file is in `trouble`."""
    kind, size, pages, seconds, locked, trouble = "", 0, 0, 0.0, False, NOTHING
    try:
        kind = media.identify(path, name)
        size = path.stat().st_size
        media.check_size(size, kind, limits, name)
        modality_for(kind)
        if kind.startswith("image/"):
            media.picture_size(path, limits, name)
        elif kind in media.SOUND_TYPES:
            seconds = media.seconds_of(path, limits, name)
        elif kind in media.FILM_TYPES:
            seconds = media.look(path, limits, name).seconds
        elif kind == "application/pdf":
            pages = evidence_images.page_count(path, limits, name)
        locked = kind == _ENCRYPTED and path.suffix.lower() in (".docx", ".pptx", ".xlsx", ".xlsm", ".pptm")
    except Locked:
        locked = True
    except AssistantError as error:
        trouble = error.message
    return PicturePreview(name, kind, size, pages, seconds, locked, trouble)
