"""Rich text as Outlook packs it ([MS-OXRTFCP])."""

import struct

_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_PACKED, _PLAIN = b"LZFu", b"MELA"
_ROUND = 4096
_HEADER = 16


def unpacked(data: bytes, most_bytes: int) -> bytes:
    """What was whole before a damage, and no more than `most_bytes`; b"" for what is nothing of the kind."""
    if len(data) < _HEADER:
        return b""
    size, kind = struct.unpack_from("<I", data, 4)[0], data[8:12]
    if kind == _PLAIN:
        return data[_HEADER : _HEADER + min(size, most_bytes)]
    return _unpacked(data, min(size, most_bytes)) if kind == _PACKED else b""


def _unpacked(data: bytes, most: int) -> bytes:
    window = bytearray(_BEGINNING.ljust(_ROUND, b"\0"))
    write, out, at = len(_BEGINNING), bytearray(), _HEADER
    while at < len(data) and len(out) < most:
        control = data[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                if at >= len(data):
                    return bytes(out[:most])
                run = data[at : at + 1]
                at += 1
            else:
                if at + 2 > len(data):
                    return bytes(out[:most])
                pair = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = pair >> 4, (pair & 15) + 2
                if offset == write:
                    return bytes(out[:most])
                run = _copied(window, offset, write, length)
            for letter in run:
                window[write] = letter
                write = (write + 1) % _ROUND
            out += run
    return bytes(out[:most])


def _copied(window: bytearray, offset: int, write: int, length: int) -> bytes:
    """A run may go on into what it writes itself."""
    room = (write - offset) % _ROUND
    run = bytes(window[(offset + step) % _ROUND] for step in range(min(length, room or length)))
    return (run * (length // len(run) + 1))[:length]
