"""How much is accepted, as one value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is accepted, so that one file cannot take the machine down.

    document_figures, scanned_pages: how many of one document are read by OCR, at a second or two each.
    parse_seconds, parse_bytes: what reading one document may take, OCR and what the parser itself needs not counted.
    """

    file_bytes: int = 500_000_000
    audio_seconds: float = 7200
    picture_pixels: int = 100_000_000
    document_pages: int = 2000
    document_characters: int = 10_000_000
    document_figures: int = 20
    scanned_pages: int = 200
    parse_seconds: float = 180
    parse_bytes: int = 1_500_000_000
    question_characters: int = 20_000
