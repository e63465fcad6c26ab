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


@dataclass(frozen=True)
class Shares:
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
