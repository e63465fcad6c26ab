"""How many pictures a GIF holds, by its blocks. Decodes nothing.

GIF89a, 17 to 26: after the header and a table of colours come extensions (0x21), pictures (0x2C) and the end (0x3B);
what they hold comes in sub-blocks, each with its length in a byte before it, an empty one last.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

MOST_BLOCKS = 2_000_000  # gone through; the largest file that is taken has fewer where they are filled
_EXTENSION, _PICTURE, _COMMENT, _CONTROL = b"\x21", b"\x2c", b"\xfe", b"\xf9"


@dataclass(frozen=True)
class Blocks:
    """What the blocks of a GIF say before anything is decoded."""

    width: int
    """Of the canvas, in pixels."""
    height: int
    """Of the canvas, in pixels."""
    pictures: int
    """How many begin. They are counted no further than was asked."""
    comments: int
    """Bytes of comments up to there. Whoever decodes a GIF piles them up, at a cost that grows with their square."""
    seconds: float = 0.0
    """For how long these stay, by what stands before each."""
    swollen: bool = False
    """Whether it has more blocks than are gone through."""


def count_pictures(path: Path, most: int) -> Blocks:
    """Goes once through the file, to its `most`th picture or to where it breaks off. Raises OSError."""
    with path.open("rb") as file:
        header = file.read(13).ljust(13, b"\0")
        _skip_colours(file, header[10])
        pictures = comments = blocks = hundredths = 0
        while pictures < most and blocks < MOST_BLOCKS:
            blocks += 1
            mark = file.read(1)
            if mark == _EXTENSION:
                label = file.read(1)
                skipped = _skip_blocks(file, MOST_BLOCKS - blocks)
                blocks += skipped.count
                if label == _CONTROL:  # its flags, the delay in hundredths of a second, a colour
                    hundredths += int.from_bytes(skipped.first[1:3], "little")
                comments += skipped.passed if label == _COMMENT else 0
            elif mark == _PICTURE:
                described = file.read(9)
                if len(described) < 9:
                    break
                pictures += 1
                _skip_colours(file, described[8])
                file.read(1)  # of how many bits the codes are
                blocks += _skip_blocks(file, MOST_BLOCKS - blocks).count
            elif mark in (b"", b"\x3b"):
                break
        width, height = (int.from_bytes(header[at : at + 2], "little") for at in (6, 8))
        return Blocks(width, height, pictures, comments, hundredths / 100, blocks >= MOST_BLOCKS)


def _skip_colours(file: IO[bytes], flags: int) -> None:
    if flags & 128:
        file.read(3 << ((flags & 7) + 1))


@dataclass(frozen=True)
class _Skipped:
    count: int
    passed: int
    """How many bytes they hold."""
    first: bytes
    """What the first of them holds."""


def _skip_blocks(file: IO[bytes], most: int) -> _Skipped:
    """At least one of them, at most so many."""
    count = passed = 0
    first = b""
    while count < most and (length := file.read(1)) not in (b"", b"\0"):
        block = file.read(length[0])
        first = block if not count else first
        passed += len(block)
        count += 1
    return _Skipped(count + 1, passed, first)
