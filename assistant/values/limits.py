"""How much is accepted, as one value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is accepted, so that one file cannot take the machine down."""

    file_bytes: int = 500_000_000
    recording_bytes: int = 4_000_000_000
    """Of one recording or film."""
    audio_seconds: float = 28_800
    """The longest recording."""
    film_seconds: float = 14_400
    """The longest film."""
    film_frames: int = 240
    """How many frames of one film are looked at."""
    at_once_seconds: float = 90
    """How much of a recording is taken in before the first answer. The rest follows in the background."""
    picture_pixels: int = 100_000_000
    document_pages: int = 2000
    document_characters: int = 10_000_000
    document_figures: int = 20
    """How many figures of one document are read by OCR, at a second or two each."""
    scanned_pages: int = 200
    """How many pages of one document are read by OCR, at a second or two each."""
    parse_seconds: float = 180
    """How long parsing one document may take, without OCR."""
    parse_bytes: int = 1_500_000_000
    """How much memory parsing one document may take, beside what the parser itself needs."""
    question_characters: int = 20_000

    def bytes_of(self, media_type: str) -> int:
        """How large a file of this kind may be."""
        return self.recording_bytes if media_type.startswith(("audio/", "video/")) else self.file_bytes
