"""winmail.dat ([MS-OXTNEF]): a message that Outlook packed for Outlook, which others are sent as a file."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.outlook.compound import NoMessage
from retrieval.outlook.properties import (
    BODY,
    DATA,
    INTEGER,
    LONG_NAME,
    NARROW,
    OBJECT,
    SENT,
    SHORT_NAME,
    SUBJECT,
    TIME,
    OutlookFile,
    OutlookMessage,
    Properties,
    code_page,
    encoding_of,
)

MARK = b"\x78\x9f\x3e\x22"
_MESSAGE, _FILE = 1, 2
_SUBJECT, _BODY, _SENT, _CODES = 0x8004, 0x800C, 0x8005, 0x9007
_MESSAGE_PROPERTIES, _PEOPLE = 0x9003, 0x9004
_BEGINS_FILE, _FILE_PROPERTIES, _FILE_DATA, _FILE_TITLE = 0x9002, 0x9005, 0x800F, 0x8010
_MOST_PEOPLE, _MOST_FILES, _MOST_PROPERTIES = 500, 500, 10_000
_WIDTHS = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 2, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8,
           0x0040: 8, 0x0048: 16}  # fmt: skip
_LONG = (0x001E, 0x001F, 0x0102, 0x000D)
_SEVERAL = 0x1000
_TICKS = 10_000_000


def message_of(data: bytes, deepest: int) -> OutlookMessage:
    """What was whole before a damage stays. Raises NoMessage where nothing was."""
    if not data.startswith(MARK):
        raise NoMessage
    found = OutlookMessage(Properties())
    encoding = ""
    for level, number, value in _attributes(data):
        if level == _FILE and number == _BEGINS_FILE:
            if len(found.files) < _MOST_FILES:
                found.files.append(OutlookFile(Properties(encoding=encoding)))
            else:
                found.left_out += 1
            continue
        try:
            if level == _FILE and found.files and not found.left_out:
                _of_file(found.files[-1], number, value, deepest)
            elif level == _MESSAGE and number == _CODES:
                encoding = found.said.encoding = code_page(int.from_bytes(value[:4], "little"))
            elif level == _MESSAGE:
                _of_message(found, number, value)
        except (struct.error, ValueError):
            continue
    if not found.said.values and not found.files:
        raise NoMessage
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, int, memoryview]]:
    """Level, number and value of each, until the first that is not whole."""
    view, at = memoryview(data), 6
    while at + 9 <= len(data):
        level, number, _, length = struct.unpack_from("<BHHI", data, at)
        at += 9
        if at + length > len(data):
            return
        yield level, number, view[at : at + length]
        at += length + 2


def _of_message(found: OutlookMessage, number: int, value: memoryview) -> None:
    values = found.said.values
    if number == _SUBJECT:
        values.setdefault(SUBJECT, (NARROW, bytes(value)))
    elif number == _BODY:
        values.setdefault(BODY, (NARROW, bytes(value)))
    elif number == _SENT and (ticks := _ticks(value)):
        values.setdefault(SENT, (TIME, ticks.to_bytes(8, "little")))
    elif number == _MESSAGE_PROPERTIES:
        values.update(_Reader(value).properties())
        found.said.encoding = encoding_of(values) or found.said.encoding
    elif number == _PEOPLE:
        reader = _Reader(value)
        for _ in range(min(reader.number(), _MOST_PEOPLE)):
            found.people.append(Properties(reader.properties(), found.said.encoding))


def _of_file(file: OutlookFile, number: int, value: memoryview, deepest: int) -> None:
    if number == _FILE_TITLE:
        file.said.values.setdefault(SHORT_NAME, (NARROW, bytes(value)))
    elif number == _FILE_DATA:
        file.data = bytes(value)
    elif number == _FILE_PROPERTIES:
        title = file.said.values.get(SHORT_NAME)
        file.said.values.update(_Reader(value).properties())
        if title and LONG_NAME not in file.said.values:
            file.said.values[SHORT_NAME] = title
        kind, inner = file.said.values.pop(DATA, (0, b""))
        if kind == OBJECT and inner[16:20] == MARK and deepest > 0:  # behind the name of its interface
            try:
                file.message = message_of(inner[16:], deepest - 1)
            except NoMessage:
                return
        elif kind and kind != OBJECT and not file.data:
            file.data = inner


def _ticks(value: memoryview) -> int:
    """As properties store a time, which nothing says the zone of here: taken as UTC."""
    from datetime import UTC, datetime

    year, month, day, hour, minute, second = struct.unpack_from("<6H", value)
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    return int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * _TICKS


@dataclass
class _Reader:
    """Goes forward only. Raises struct.error at the end of what there is."""

    data: memoryview
    at: int = 0

    def number(self, size: int = 4) -> int:
        if self.at + size > len(self.data):
            raise struct.error("cut off")
        value = int.from_bytes(self.data[self.at : self.at + size], "little")
        self.at += size
        return value

    def run(self, length: int) -> bytes:
        """With what fills them up to four."""
        if self.at + length > len(self.data):
            raise struct.error("cut off")
        value = bytes(self.data[self.at : self.at + length])
        self.at += length + -length % 4
        return value

    def properties(self) -> dict[int, tuple[int, bytes]]:
        """Those before a damage."""
        found: dict[int, tuple[int, bytes]] = {}
        for _ in range(min(self.number(), _MOST_PROPERTIES)):
            kind, number = self.number(2), self.number(2)
            if number >= 0x8000:
                number = self._name(number)
            several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
            count = self.number() if several or kind in _LONG else 1
            value = b""
            for index in range(count):
                one = self.run(self.number() if kind in _LONG else _WIDTHS[kind]) if self._knows(kind) else b""
                value = value if index else one
            found.setdefault(number, (INTEGER if kind == 0x0002 else kind, value))
        return found

    def _knows(self, kind: int) -> bool:
        if kind not in _LONG and kind not in _WIDTHS:
            raise struct.error("of no kind known")
        return True

    def _name(self, number: int) -> int:
        self.run(16)  # the set that it is of
        if self.number() == 0:
            return self.number()
        self.run(self.number())
        return number
