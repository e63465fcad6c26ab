"""What Outlook says of a message, a person or a file: properties by their numbers ([MS-OXPROPS])."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from retrieval.decoding import decode, decode_as

SUBJECT, BODY, HTML, RTF = 0x0037, 0x1000, 0x1013, 0x1009
HEADERS, SENT, RECEIVED = 0x007D, 0x0039, 0x0E06
SENDER, SENDER_ADDRESS, SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
AUTHOR, AUTHOR_ADDRESS, AUTHOR_SMTP = 0x0042, 0x0065, 0x5D02
TO, CC, BCC = 0x0E04, 0x0E03, 0x0E02
NAME, ADDRESS, SMTP, RECIPIENT_KIND = 0x3001, 0x3003, 0x39FE, 0x0C15
INTERNET_CODES, MESSAGE_CODES = 0x3FDE, 0x3FFD
DATA, METHOD, LONG_NAME, SHORT_NAME, MEDIA_TYPE, CONTENT_ID = 0x3701, 0x3705, 0x3707, 0x3704, 0x370E, 0x3712
START, END = 0x0060, 0x0061
PLACE, BEGINS, ENDS = 0x8208, 0x820D, 0x820E
"""Of an appointment; named ones, by the number of their name."""

INTEGER, BOOLEAN, OBJECT, TIME, NARROW, WIDE, BINARY = 0x0003, 0x000B, 0x000D, 0x0040, 0x001E, 0x001F, 0x0102

_BEGAN = datetime(1601, 1, 1, tzinfo=UTC)
_CODE_PAGES = {65001: "utf-8", 65000: "utf-7", 20127: "ascii", 20866: "koi8-r", 21866: "koi8-u", 936: "gb18030",
               51932: "euc_jp", 50220: "iso2022_jp", 50221: "iso2022_jp", 50222: "iso2022_jp", 51949: "euc_kr",
               54936: "gb18030", 1200: "utf-16-le", 10000: "mac_roman"}  # fmt: skip


@dataclass
class Properties:
    """Values as they are stored, each with its type."""

    values: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    encoding: str = ""
    """Of narrow letters; "" where nothing says it."""

    def text(self, *numbers: int) -> str:
        """The first of these that says something."""
        for number in numbers:
            kind, data = self.values.get(number, (0, b""))
            said = ""
            if kind == WIDE:
                said = data.decode("utf-16-le", errors="replace")
            elif kind == NARROW:
                said = decode_as(data, self.encoding)[0] if self.encoding else decode(data)[0]
            if said := said.replace("\0", "").strip():
                return said
        return ""

    def line(self, *numbers: int) -> str:
        """The same in one line of printed characters."""
        said = self.text(*numbers)[:10_000]
        return " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())

    def data(self, number: int) -> bytes:
        kind, data = self.values.get(number, (0, b""))
        return data if kind in (BINARY, OBJECT) else b""

    def number(self, number: int) -> int:
        kind, data = self.values.get(number, (0, b""))
        return int.from_bytes(data[:4], "little") if kind in (INTEGER, BOOLEAN) else 0

    def time(self, *numbers: int) -> datetime | None:
        """In UTC."""
        for number in numbers:
            kind, data = self.values.get(number, (0, b""))
            if kind == TIME and (ticks := int.from_bytes(data[:8], "little")):
                try:
                    return (_BEGAN + timedelta(microseconds=ticks // 10)).replace(microsecond=0)
                except OverflowError:
                    continue
        return None


@dataclass
class OutlookFile:
    """What hangs on a message: its bytes, or a message itself."""

    said: Properties
    data: bytes = b""
    message: "OutlookMessage | None" = None


@dataclass
class OutlookMessage:
    said: Properties
    people: list[Properties] = field(default_factory=list)
    """To whom it goes."""
    files: list[OutlookFile] = field(default_factory=list)
    left_out: int = 0
    """Files beyond what is read."""


def encoding_of(
    values: Mapping[int, tuple[int, bytes]], numbers: tuple[int, ...] = (MESSAGE_CODES, INTERNET_CODES)
) -> str:
    """What narrow letters are written in, "" where nothing says it."""
    for number in numbers:
        kind, data = values.get(number, (0, b""))
        if kind == INTEGER and (page := int.from_bytes(data[:4], "little")):
            return code_page(page)
    return ""


def code_page(page: int) -> str:
    if page in _CODE_PAGES:
        return _CODE_PAGES[page]
    if 28591 <= page <= 28606:
        return f"iso8859-{page - 28590}"
    return f"cp{page}" if page < 2_000 else ""
