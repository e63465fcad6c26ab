"""The only place that opens audio, video and pictures, within limits of size and time. Trusts no file."""

from assistant.media.film import Film, Glimpse, glimpses, look, plays, stills
from assistant.media.frames import ChosenFrame, FrameChoice, watch
from assistant.media.kinds import (
    DRAWING,
    FILM_TYPES,
    INSTEAD,
    PICTURE_TYPES,
    SOUND_TYPES,
    check_size,
    digest,
    identify,
    most_bytes,
)
from assistant.media.pictures import Opened, Shot, open_frames, open_picture, picture_size, shot
from assistant.media.shots import Cut, find_cuts
from assistant.media.sound import (
    SAMPLE_RATE,
    Samples,
    SoundPiece,
    is_heard,
    read_pieces,
    read_samples,
    seconds_of,
    write_sound,
)

__all__ = [
    "DRAWING",
    "FILM_TYPES",
    "INSTEAD",
    "PICTURE_TYPES",
    "SAMPLE_RATE",
    "SOUND_TYPES",
    "ChosenFrame",
    "Cut",
    "Film",
    "FrameChoice",
    "Glimpse",
    "Opened",
    "Samples",
    "Shot",
    "SoundPiece",
    "check_size",
    "digest",
    "find_cuts",
    "glimpses",
    "identify",
    "is_heard",
    "look",
    "most_bytes",
    "open_frames",
    "open_picture",
    "picture_size",
    "plays",
    "read_pieces",
    "read_samples",
    "seconds_of",
    "shot",
    "stills",
    "watch",
    "write_sound",
]
