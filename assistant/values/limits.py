"""How much is accepted, as one value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is accepted, so that one file cannot take the machine down.

    document_figures, scanned_pages: how many of one document are read by OCR, at a second or two each.
    recording_bytes: of one recording or film. audio_seconds, film_seconds: how long they may be. film_frames: how many
    of one film are looked at. at_once_seconds: of a recording that are taken in before the first answer; what is
    longer follows in the background. parse_seconds, parse_bytes: what reading one document may take, OCR and what the
    parser itself needs not counted. picture_seconds: what decoding one picture may take, and parse_bytes too.
    """

    file_bytes: int = 500_000_000
    recording_bytes: int = 4_000_000_000
    audio_seconds: float = 28_800
    film_seconds: float = 14_400
    film_frames: int = 240
    at_once_seconds: float = 90
    picture_pixels: int = 100_000_000
    picture_seconds: float = 20
    document_pages: int = 2000
    document_characters: int = 10_000_000
    document_figures: int = 20
    scanned_pages: int = 200
    parse_seconds: float = 180
    parse_bytes: int = 1_500_000_000
    question_characters: int = 20_000

    def bytes_of(self, media_type: str) -> int:
        """How large a file of this kind may be."""
        return self.recording_bytes if media_type.startswith(("audio/", "video/")) else self.file_bytes
