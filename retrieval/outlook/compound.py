"""Outlook messages in a compound file (.msg, [MS-OXMSG]): a storage for each person and file, a stream a property."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.outlook.properties import (
    BINARY,
    DATA,
    NARROW,
    OBJECT,
    WIDE,
    OutlookFile,
    OutlookMessage,
    Properties,
    encoding_of,
)

_FIXED = "__properties_version1.0"
_VALUE = "__substg1.0_"
_PERSON, _FILE, _NAMES = "__recip_version1.0_#", "__attach_version1.0_#", "__nameid_version1.0"
_MOST_PEOPLE, _MOST_FILES = 500, 500
_MOST_ENTRIES = 100_000  # streams of one file


class NoMessage(Exception):
    """It is a compound file, but no message; or it is damaged."""


@dataclass
class _Room:
    """How many bytes may still be read: several streams may claim the same ones."""

    left: int


def is_message(path: Path) -> bool:
    """Whether a compound file is a message."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as file:
            return bool(file.exists(_FIXED))
    except (OSError, RecursionError, ValueError, IndexError, TypeError, AttributeError, struct.error):
        return False


def message_of(path: Path, most_bytes: int, deepest: int) -> OutlookMessage:
    """Raises NoMessage. deepest: within how many messages a message is read."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as file:
            return _Compound(file, most_bytes).message((), deepest)
    except (OSError, RecursionError, ValueError, IndexError, TypeError, AttributeError, struct.error) as error:
        raise NoMessage from error  # what olefile raises of a damaged file


class _Compound:
    def __init__(self, file: Any, most_bytes: int) -> None:
        self._file, self._room = file, _Room(most_bytes)
        self._held: dict[tuple[str, ...], list[str]] = {}
        for entry in file.listdir(streams=True, storages=True)[:_MOST_ENTRIES]:
            self._held.setdefault(tuple(entry[:-1]), []).append(entry[-1])
        if not file.exists(_FIXED):
            raise NoMessage
        self._names = self._named()

    def message(self, at: tuple[str, ...], deepest: int) -> OutlookMessage:
        said = self._properties(at, 24 if at else 32)
        people = [one for one in self._held.get(at, ()) if one.startswith(_PERSON)]
        files = [one for one in self._held.get(at, ()) if one.startswith(_FILE)]
        found = OutlookMessage(said, left_out=max(0, len(files) - _MOST_FILES))
        found.people = [self._properties((*at, one), 8, said.encoding) for one in people[:_MOST_PEOPLE]]
        for one in files[:_MOST_FILES]:
            here = (*at, one)
            of_it = self._properties(here, 8, said.encoding)
            inner = f"{_VALUE}{DATA:04X}{OBJECT:04X}"
            if (*here, inner) not in self._held:
                found.files.append(OutlookFile(of_it, of_it.data(DATA)))
            elif _FIXED not in self._held[(*here, inner)]:  # an object of another program: its picture is no file
                continue
            elif deepest > 0:
                found.files.append(OutlookFile(of_it, message=self.message((*here, inner), deepest - 1)))
            else:
                found.left_out += 1
        return found

    def _properties(self, at: tuple[str, ...], header: int, encoding: str = "") -> Properties:
        held = self._held.get(at, [])
        values: dict[int, tuple[int, bytes]] = {}
        fixed = self._stream((*at, _FIXED)) if _FIXED in held else b""
        for start in range(header, len(fixed) - 15, 16):
            kind, number = struct.unpack_from("<HH", fixed, start)
            values[self._names.get(number, number)] = kind, fixed[start + 8 : start + 16]
        for name in held:
            if not name.startswith(_VALUE) or len(name) != len(_VALUE) + 8:
                continue
            try:
                number, kind = int(name[-8:-4], 16), int(name[-4:], 16)
            except ValueError:
                continue
            if kind in (NARROW, WIDE, BINARY):
                values[self._names.get(number, number)] = kind, self._stream((*at, name))
        return Properties(values, encoding_of(values) or encoding)

    def _stream(self, at: tuple[str, ...]) -> bytes:
        size = self._file.get_size(list(at))
        self._room.left -= size
        if self._room.left < 0:
            raise NoMessage
        with self._file.openstream(list(at)) as stream:
            data: bytes = stream.read()
        return data

    def _named(self) -> dict[int, int]:
        """Numbers that this file alone gives to named properties, and the number of each name."""
        entries = f"{_VALUE}00030102"
        if entries not in self._held.get((_NAMES,), ()):
            return {}
        data, names = self._stream((_NAMES, entries)), {}
        for start in range(0, len(data) - 7, 8):
            name, kind, index = struct.unpack_from("<IHH", data, start)
            if not kind & 1 and 0x8000 <= name < 0x10000:
                names[0x8000 + index] = name
        return names
