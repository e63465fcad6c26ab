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
    picture_seconds: float = 20
    """How long decoding one picture may take; it may use parse_bytes too."""
    document_pages: int = 2000
    document_characters: int = 10_000_000
    document_figures: int = 20
    """How many figures of one document are read by OCR, at a second or two each."""
    scanned_pages: int = 200
    """How many pages of one document are read by OCR, at a second or two each."""
    files_inside: int = 500
    """How many files within one file, such as those attached to a message, are read."""
    inside_depth: int = 3
    """How deep such files may lie within one another."""
    parse_seconds: float = 180
    """How long parsing one document may take, without OCR."""
    parse_bytes: int = 1_500_000_000
    """How much memory parsing one document may take, beside what the parser itself needs."""
    question_characters: int = 20_000
    api_bytes: int = 100_000_000
    """How large a request of a program may be, with the files in it."""

    def bytes_of(self, media_type: str) -> int:
        """How large a file of this kind may be."""
        return self.recording_bytes if media_type.startswith(("audio/", "video/")) else self.file_bytes


@dataclass(frozen=True)
class VisitorShares:
    """How much of what many share one of them may have. An owner is as cheap as a cookie, so a network address is
    counted as well: one IPv4 address, or one network of IPv6 as a household has it (/64).

    at_once, address, each: answers in the making, altogether, of one address and of one owner. asked, asked_address,
    asked_each: those that wait, too. lines, lines_address, lines_each: calls and dictations at once.
    """

    at_once: int = 16
    address: int = 8
    each: int = 3
    asked: int = 100
    asked_address: int = 50
    asked_each: int = 8
    lines: int = 16
    lines_address: int = 8
    lines_each: int = 3
