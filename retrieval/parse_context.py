"""What a loader may use besides the file: limits, a password, a reader for pictures, a way to say how far it is.

Runs in the process that parses. Pictures found inside a document are handed out, and come back as lines of text.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.ports.vision import TextLine
from assistant.values.evidence import Box, Location, Passage, TextSpan
from assistant.values.limits import Limits
from assistant.values.messages import Message, say

if TYPE_CHECKING:
    from PIL.Image import Image

At = Callable[[tuple[Box, ...]], Location]

WHOLE = Box(0.0, 0.0, 1.0, 1.0)
SMALLEST_FIGURE = 64  # pixels, either way: below lie bullets, rules and icons
_FORMATS = ("PNG", "JPEG", "MPO", "GIF", "BMP", "TIFF", "WEBP")


class CannotReadPicture(Exception):
    """The reader is not to be had; its message says why."""


class ReadPicture(Protocol):
    def __call__(
        self, picture: "Image", what: Message, at: Location | None = None, wordless: bool = False
    ) -> tuple[TextLine, ...]:
        """The lines in a picture. what: in words ("page 3").

        at: where it stands, so that it is also found by what it shows; wordless: only if there are no lines.
        """
        ...


@dataclass
class ParseContext:
    """What a loader may use while it parses one file."""

    limits: Limits = field(default_factory=Limits)
    password: str = ""
    read_picture: ReadPicture | None = None
    """None: nobody reads pictures here."""
    folder: Path = Path()
    """Where unpacked files may lie meanwhile. Whoever made the folder removes it."""
    report: Callable[[Message], None] = lambda _: None
    notes: list[Message] = field(default_factory=list)
    depth: int = 0
    """Within how many files the file lies that is being read."""
    files_inside: int = 0
    """How many files within the one were met so far."""
    bytes_inside: int = 0
    """How many bytes they had."""
    _seen: set[bytes] = field(default_factory=set)
    _figures: int = 0
    _left_out: int = 0

    def lines_of(
        self, picture: "Image", what: Message, at: Location | None = None, wordless: bool = False
    ) -> tuple[TextLine, ...]:
        """The text in a picture, see `ReadPicture`; none where nobody can read it, which is noted once."""
        if self.read_picture is None:
            return ()
        try:
            return self.read_picture(picture, what, at, wordless)
        except CannotReadPicture as error:
            self.read_picture = None
            self.notes.append(say("I could not read the pictures in it: {error}", error=error))
            return ()

    def wants_figure(self, data: bytes) -> bool:
        """Whether a figure with these bytes is to be read: somebody can, it is new, and few have been read so far."""
        print_of_it = hashlib.sha256(data).digest()
        if self.read_picture is None or print_of_it in self._seen:
            return False
        self._seen.add(print_of_it)
        if self._figures >= self.limits.document_figures:
            self._left_out += 1
            return False
        self._figures += 1
        return True

    def figure(self, data: bytes, what: Message, at: At, box: Box = WHOLE) -> Passage | None:
        """The text of a picture file inside a document, as a passage; None where there is none or it is too small."""
        if self.read_picture is None or (picture := self._opened(data)) is None or not self.wants_figure(data):
            return None
        return passage_of(self.lines_of(picture, what, at(() if box == WHOLE else (box,))), at, box)

    def all_notes(self) -> tuple[Message, ...]:
        if not self._left_out:
            return tuple(self.notes)
        return (
            *self.notes,
            say(
                "It holds {count} figures; I read the text of the first {most}.",
                count=self._figures + self._left_out,
                most=self._figures,
            ),
        )

    def _opened(self, data: bytes) -> "Image | None":
        """The picture, or None for what is small, huge, damaged or a drawing: the document is readable without it."""
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = None  # the size is checked here
        try:
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
            if min(picture.size) < SMALLEST_FIGURE or picture.width * picture.height > self.limits.picture_pixels:
                return None
            return picture.convert("RGB")
        except Exception as error:  # decoders of hostile bytes raise almost anything
            if isinstance(error, MemoryError):
                raise
            self.notes.append(say("A picture in it is damaged; I left it out."))
            return None


def passage_of(lines: tuple[TextLine, ...], at: At, box: Box = WHOLE) -> Passage | None:
    """Lines read in a picture that fills `box`, as a passage with a place per line; None without lines."""
    if not lines:
        return None
    places, start = [], 0
    for line in lines:
        boxes = tuple(within(box, inner) for inner in line.region.boxes)
        places.append(TextSpan(start, start + len(line.text), at(boxes or (box,))))
        start += len(line.text) + 1  # the line break
    whole = at(() if box == WHOLE else (box,))
    return Passage("\n".join(line.text for line in lines), whole, tuple(places))


def within(outer: Box, inner: Box) -> Box:
    """`inner`, given as fractions of `outer`, as fractions of what `outer` lies in."""
    width, height = outer.right - outer.left, outer.bottom - outer.top
    return Box(
        outer.left + inner.left * width,
        outer.top + inner.top * height,
        outer.left + inner.right * width,
        outer.top + inner.bottom * height,
    )
