"""Files within a file: what hangs on a message, what lies in a folder that is one file. Each is read by its own loader,
within limits of number, size and depth, and its name becomes part of the place of what stands in it.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from assistant.media import PICTURE_TYPES, SOUND_TYPES, identify
from assistant.media.kinds import FILM_TYPES
from assistant.values.errors import BadInput
from assistant.values.evidence import Document, Lines, Location, Passage, Section, Sheet, describe
from assistant.values.messages import say
from retrieval.parse_context import ParseContext

_HEIC = ("image/heic", "image/avif")  # which are opened with more than figures are


class FilesInside:
    """Reads the files within one file, and notes once what it did not read."""

    def __init__(self, context: ParseContext, outer: str) -> None:
        self._context, self._outer = context, outer
        self._unread: list[str] = []

    @property
    def has_room(self) -> bool:
        """Whether another one is read."""
        context = self._context
        fits = context.files_inside < context.limits.files_inside and context.depth < context.limits.inside_depth
        return fits and context.bytes_inside < context.limits.file_bytes

    def read(self, data: bytes, name: str, label: str = "") -> tuple[Passage, ...]:
        """What stands in one of them. label: what its places are called, where that is not its name."""
        context = self._context
        context.files_inside += 1
        context.bytes_inside += len(data)
        limits = context.limits
        too_many = context.files_inside > limits.files_inside or context.bytes_inside > limits.file_bytes
        if too_many or context.depth >= limits.inside_depth or not data:
            if data:
                self.leave(name)
            return ()
        path = context.folder / f"inside-{context.files_inside}"
        path.write_bytes(data)
        context.depth += 1
        try:
            return tuple(self._read(path, name, label or name, data))
        except MemoryError:
            raise
        except BadInput as error:
            context.notes.append(error.message)
        except Exception:  # noqa: BLE001 - a parser's own, over one of many files: the others are to be read
            context.notes.append(
                say("{name} in {outer} is damaged: I could not read it.", name=name, outer=self._outer)
            )
        finally:
            context.depth -= 1
            path.unlink(missing_ok=True)
        return ()

    def leave(self, name: str) -> None:
        """Notes that this one is not read."""
        self._unread.append(name)

    def done(self) -> None:
        """Says what was not read."""
        if self._unread:
            self._context.notes.append(
                say(
                    "I did not read everything that {name} holds. Give me by itself what matters: {files}",
                    name=self._outer,
                    files=", ".join(self._unread[:10]) + (" …" if len(self._unread) > 10 else ""),
                )
            )

    def _read(self, path: Path, name: str, label: str, data: bytes) -> Iterator[Passage]:
        from retrieval.loaders import loader_for, media_types

        kind = identify(path, name)
        if kind in PICTURE_TYPES and kind not in _HEIC:
            what = say("the picture {name}", name=name)
            read = self._context.figure(data, what, lambda _: Section(label))
            yield from (read,) if read else ()
        elif kind in SOUND_TYPES + FILM_TYPES + _HEIC or kind not in media_types():
            self.leave(name)
        else:
            self._context.report(say("Reading {what} of {name}", what=name, name=self._outer))
            document: Document = loader_for(kind, name, self._context).load(path, name)
            self._context.notes.extend(document.notes)
            for passage in document.passages:
                yield _within(label, name, passage)


def plain_name(name: str, otherwise: str) -> str:
    """The last part of a path in printable characters, as a file is called."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return " ".join("".join(letter if letter.isprintable() else " " for letter in last).split())[:200] or otherwise


def _within(label: str, name: str, passage: Passage) -> Passage:
    """The same passage, its places told by the file that they are in."""
    places = tuple(replace(place, location=_placed(label, name, place.location)) for place in passage.places)
    if isinstance(passage.location, Sheet):
        return Passage(passage.text, _placed(label, name, passage.location), places)
    text = passage.text.rstrip()
    kept = tuple(replace(place, end=min(place.end, len(text))) for place in places if place.start < len(text))
    same = all(place.location == kept[0].location and not place.row for place in kept)
    return Passage(text, _placed(label, name, passage.location), () if same else kept)


def _placed(label: str, name: str, location: Location) -> Location:
    """Rows stay rows of a sheet, by which they are counted; anything else is a section, called like its place."""
    match location:
        case Sheet(sheet, first, last):
            return Sheet(f"{name}, {sheet}" if sheet else name, first, last)
        case Section(heading):
            return Section(f"{label}: {heading}" if heading else label)
        case Lines():
            return Section(label)
        case _:
            return Section(f"{label}, {describe(location)}")
