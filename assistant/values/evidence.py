"""Evidence: a piece of what the person gave, and the exact place it stands in."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.values.messages import Message, as_message, say

if TYPE_CHECKING:
    from assistant.values.files import FileFacts

Medium = Literal["text", "image", "audio", "video"]
Sense = Literal["heard", "seen"]


@dataclass(frozen=True)
class Box:
    """A rectangle, origin top left, as fractions (0 to 1) of the page's or picture's width and height."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """A page of a document, counted from 1, and the boxes of the words meant (none: the whole page)."""

    number: int
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Slide:
    """A slide of a presentation, counted from 1, and the boxes of what is meant (none: the whole slide)."""

    number: int
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Seconds:
    """A stretch of a recording, in seconds from its start. sense: whether it is heard, or seen in the picture."""

    start: float
    end: float
    sense: Sense = "heard"
    track: str = ""
    """Which of several sounds that lie side by side: "left" or "right", "track 2" or "track 2 de", "speaker 1" of
    voices told apart, "subtitles" or "subtitles de" where the file has the words itself, or the name that a person gave
    to whoever is heard; "" where there is but one."""


@dataclass(frozen=True)
class Region:
    """Parts of a picture (none: the whole picture)."""

    boxes: tuple[Box, ...] = ()
    frame: int = 0
    """Which frame of a moving picture, counted from 1; 0: it does not move, or the first one."""


@dataclass(frozen=True)
class Sheet:
    """Rows of a table, counted from 1, first and last included."""

    name: str
    first_row: int
    last_row: int


@dataclass(frozen=True)
class Section:
    """A part of a document without pages, by its nearest heading ("" before the first one)."""

    heading: str


@dataclass(frozen=True)
class Lines:
    """Lines of a text, counted from 1, first and last included."""

    first: int
    last: int


Location = Page | Slide | Seconds | Region | Sheet | Section | Lines


@dataclass(frozen=True)
class TextSpan:
    """Characters start to end (end excluded) of a text stand at this location."""

    start: int
    end: int
    location: Location
    row: int = 0
    """Where it is a row of a table of a document, which number it has: 1 for its headings, from 2 on for what stands
    below them, also where there are none, and on over pages. 0: it is none."""


@dataclass(frozen=True)
class Passage:
    """A stretch of a document's text as a loader reads it: a page, a section, a segment of speech.

    places: finer positions inside `text`, sorted and not overlapping, one per line or segment;
    `location` holds for whatever no place covers.
    """

    text: str
    location: Location
    places: tuple[TextSpan, ...] = ()


@dataclass(frozen=True)
class PagesRead:
    """Pages first to last of a document that were not read from text in them.

    ocr: their picture was read. unread: no text was found. left out: they are scans beyond the limit of one document.
    """

    first: int
    last: int
    how: Literal["ocr", "unread", "left out"]


@dataclass(frozen=True)
class Figure:
    """A picture inside a document, to be found by what it shows."""

    location: Location
    content: str
    """Its text, or words for what it is."""
    png: bytes = field(repr=False)
    """The picture, no larger than a model looks at."""


@dataclass(frozen=True)
class Document:
    """A file turned into text with positions, whatever its medium."""

    source_id: str
    """SHA-256 (hex) of the bytes of the file."""
    name: str
    medium: Medium
    passages: tuple[Passage, ...]
    units: float = 0
    """Pages, or seconds of a recording; 0 where neither fits."""
    notes: tuple[Message, ...] = ()
    """What the person should know about how it was read, such as "page 3 has no text"."""
    picture: Path | None = None
    """The file, where it is a picture and can be looked at while the document is filed."""
    figures: tuple[Figure, ...] = ()
    """The pictures inside it. Their text stands in the passages too."""
    pages: tuple[PagesRead, ...] = ()
    """The pages that were not simply read."""
    resume_state: str = ""
    """How far a recording is taken in (`Cursor.to_json`); "" once it is whole."""
    facts: "FileFacts | None" = None
    """What is known of the file beside its text. Of more passages of a recording: what is known of these."""

    @property
    def is_wordless(self) -> bool:
        """Whether there is nothing in it to be read, heard or found, and nothing to come."""
        return not (self.figures or self.resume_state) and not any(passage.text.strip() for passage in self.passages)


@dataclass(frozen=True)
class Evidence:
    """A piece of a document found for a question.

    score: 0 to 1, comparable between the pieces of one search only.
    """

    source_id: str
    source: str
    medium: Medium
    content: str
    location: Location
    places: tuple[TextSpan, ...] = ()
    score: float = 0.0

    def locate(self, start: int, end: int) -> Location:
        """The location of the characters start to end of `content`: the places touched, joined."""
        touched = [place.location for place in self.places if place.start < end and place.end > start]
        return join(touched) if touched else self.location


def join(locations: list[Location]) -> Location:
    """One location that covers all of these; they lie in one document and are of one kind.

    Where they span pages, sections or sheets, the first one is kept: a reader opens it there.
    """
    first = locations[0]
    match first:
        case Page(number, _):
            same = [at for at in locations if isinstance(at, Page) and at.number == number]
            return Page(number, tuple(box for at in same for box in at.boxes))
        case Slide(number, _):
            shown = [at for at in locations if isinstance(at, Slide) and at.number == number]
            return Slide(number, tuple(box for at in shown for box in at.boxes))
        case Seconds():
            spans = [at for at in locations if isinstance(at, Seconds)]
            track = first.track if len({at.track for at in spans}) == 1 else ""
            return Seconds(min(at.start for at in spans), max(at.end for at in spans), first.sense, track)
        case Region():
            parts = [at for at in locations if isinstance(at, Region) and at.frame == first.frame]
            return Region(tuple(box for at in parts for box in at.boxes), first.frame)
        case Sheet(name, _, _):
            rows = [at for at in locations if isinstance(at, Sheet) and at.name == name]
            return Sheet(name, min(at.first_row for at in rows), max(at.last_row for at in rows))
        case Section():
            return first
        case Lines():
            lines = [at for at in locations if isinstance(at, Lines)]
            return Lines(min(at.first for at in lines), max(at.last for at in lines))


def describe(location: Location) -> Message:
    """A location in words: "page 3", "slide 4", "0:12–0:19", "0:12–0:19, on screen", "0:12–0:19, left",
    "picture", "sheet Costs, rows 2–9", "section Safety", "lines 10–24"."""
    match location:
        case Page(number, _):
            return say("page {number}", number=number)
        case Slide(number, _):
            return say("slide {number}", number=number)
        case Seconds(start, end, "seen"):
            return say("{start}–{end}, on screen", start=clock(start), end=clock(end))
        case Seconds(start, end, _, track) if track:
            return say("{start}–{end}, {track}", start=clock(start), end=clock(end), track=track_name(track))
        case Seconds(start, end, _):
            return say("{start}–{end}", start=clock(start), end=clock(end))
        case Region(_, frame):
            return say("frame {number}", number=frame) if frame else say("picture")
        case Sheet(name, first, last):
            rows = (
                say("row {first}", first=first) if first == last else say("rows {first}–{last}", first=first, last=last)
            )
            return say("sheet {name}, {rows}", name=name, rows=rows) if name else rows
        case Section(heading):
            return say("section {heading}", heading=heading) if heading else say("beginning")
        case Lines(first, last):
            return (
                say("line {first}", first=first)
                if first == last
                else say("lines {first}–{last}", first=first, last=last)
            )


def track_name(track: str) -> Message:
    """Which of several sounds is heard, in words: "left", "right", "track 2 (de)", "speaker 1", "subtitles (en)". A
    name that a person gave stands as it is."""
    match track.split():
        case ["left"]:
            return say("left")
        case ["right"]:
            return say("right")
        case ["track", number]:
            return say("track {number}", number=number)
        case ["track", number, language]:
            return say("track {number} ({language})", number=number, language=language)
        case ["speaker", number] if number.isdecimal():
            return say("speaker {number}", number=number)
        case ["subtitles"]:
            return say("subtitles")
        case ["subtitles", language]:
            return say("subtitles ({language})", language=language)
        case _:
            return as_message(track)


def clock(seconds: float) -> str:
    """Seconds as m:ss, or h:mm:ss from an hour on; fractions are cut."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


_KINDS: dict[str, type[Location]] = {
    kind.__name__.lower(): kind for kind in (Page, Slide, Seconds, Region, Sheet, Section, Lines)
}


_compact = json.JSONEncoder(separators=(",", ":")).encode  # `dumps` makes an encoder every time


def location_to_json(location: Location) -> dict[str, object]:
    """{"kind": "page", "number": 3, "boxes": [[left, top, right, bottom], …]} and the like."""
    fields: dict[str, object] = {"kind": type(location).__name__.lower(), **vars(location)}
    if isinstance(location, Page | Slide | Region):
        fields["boxes"] = [
            [round(box.left, 4), round(box.top, 4), round(box.right, 4), round(box.bottom, 4)] for box in location.boxes
        ]
    if fields.get("sense") == "heard":
        del fields["sense"]
    for name in ("frame", "track"):
        if name in fields and not fields[name]:
            del fields[name]
    return fields


def location_from_json(fields: dict[str, object]) -> Location:
    """The inverse of `location_to_json`; raises KeyError on an unknown kind."""
    rest = dict(fields)
    kind = _KINDS[str(rest.pop("kind"))]
    if isinstance(boxes := rest.get("boxes"), list):
        rest["boxes"] = tuple(Box(*box) for box in boxes)
    return kind(**rest)  # type: ignore[arg-type]


def places_to_json(places: tuple[TextSpan, ...]) -> str:
    return _compact([place_to_json(place) for place in places])


def places_from_json(text: str) -> tuple[TextSpan, ...]:
    return tuple(place_from_json(place) for place in json.loads(text or "[]"))


def place_to_json(place: TextSpan) -> list[object]:
    """[start, end, location], with the row where it has one."""
    fields: list[object] = [place.start, place.end, location_to_json(place.location)]
    return [*fields, place.row] if place.row else fields


def place_from_json(fields: list[Any]) -> TextSpan:
    start, end, at, *row = fields
    return TextSpan(start, end, location_from_json(at), *row)
