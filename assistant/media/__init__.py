"""The only place that opens audio, video and pictures, within limits of size and time. Trusts no file."""

from assistant.media.kinds import INSTEAD, PICTURE_TYPES, SOUND_TYPES, digest, identify
from assistant.media.pictures import open_picture
from assistant.media.sound import SAMPLE_RATE, Samples, read_samples, seconds_of

__all__ = [
    "INSTEAD",
    "PICTURE_TYPES",
    "SAMPLE_RATE",
    "SOUND_TYPES",
    "Samples",
    "digest",
    "identify",
    "open_picture",
    "read_samples",
    "seconds_of",
]
