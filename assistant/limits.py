"""How much is accepted, as one value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is accepted, so that one file cannot take the machine down."""

    file_bytes: int = 500_000_000
    audio_seconds: float = 7200
    picture_pixels: int = 100_000_000
    document_pages: int = 2000
    document_characters: int = 10_000_000
    question_characters: int = 20_000
