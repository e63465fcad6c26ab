"""Passages into chunks of about 600 characters: small enough to be exact, large enough to make sense alone.

Every chunk keeps its positions: what stood at a place of the passage stands there in the chunk.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.values.evidence import Location, Passage, Section, TextSpan, join

CHARACTERS = 600  # measured: the best of the sizes tried; overlap bought nothing

# From the coarsest to the finest. A sentence's end comes before a line's end: in a PDF a line ends anywhere.
_SEPARATORS = [
    r"\n\n+",
    r"(?:[.!?][\"'”’)\]]*(?=\s)|[。！？；…][」』”’）]*)\s*",
    r"\n",
    r"[,;:，、：](?=\s)\s*|[，、：]",
    r"\s+",
    "",
]


@dataclass(frozen=True)
class Chunk:
    """A piece that is found and shown as one. heading: of its section; it helps to find it, and is no part of it."""

    text: str
    location: Location
    places: tuple[TextSpan, ...] = ()

    @property
    def heading(self) -> str:
        return self.location.heading if isinstance(self.location, Section) else ""

    @property
    def indexed(self) -> str:
        """What it is found by."""
        return f"{self.heading}\n{self.text}" if self.heading and self.heading != self.text else self.text


def chunk(passages: Iterable[Passage]) -> list[Chunk]:
    """In the order of the passages. Blank ones give none."""
    chunks: list[Chunk] = []
    for sense, group in groupby(passages, lambda passage: getattr(passage.location, "sense", "")):
        for passage in _joined(group) if sense == "heard" else group:
            chunks.extend(_split(passage))
    return chunks


def _joined(segments: Iterable[Passage]) -> Iterator[Passage]:
    """Neighbouring segments of speech as passages of up to 600 characters, one segment a line."""
    waiting: list[Passage] = []
    length = 0
    for segment in segments:
        if waiting and length + 1 + len(segment.text) > CHARACTERS:
            yield _as_one(waiting)
            waiting, length = [], 0
        length += len(segment.text) + (1 if waiting else 0)
        waiting.append(segment)
    if waiting:
        yield _as_one(waiting)


def _as_one(passages: list[Passage]) -> Passage:
    places: list[TextSpan] = []
    start = 0
    for passage in passages:
        inner = passage.places or (TextSpan(0, len(passage.text), passage.location),)
        places.extend(replace(place, start=place.start + start, end=place.end + start) for place in inner)
        start += len(passage.text) + 1
    text = "\n".join(passage.text for passage in passages)
    return Passage(text, join([passage.location for passage in passages]), tuple(places))


def _split(passage: Passage) -> Iterator[Chunk]:
    for start, end in _spans(passage.text):
        places = tuple(_cut(passage.places, start, end))
        location = join([place.location for place in places]) if places else passage.location
        yield Chunk(passage.text[start:end], location, places)


def _spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each chunk of `text`; only white space lies between them."""
    stripped = text.strip()
    if len(stripped) <= CHARACTERS:
        start = text.find(stripped)
        return [(start, start + len(stripped))] if stripped else []
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=CHARACTERS,
        chunk_overlap=0,
        add_start_index=True,
    )
    return [
        (found.metadata["start_index"], found.metadata["start_index"] + len(found.page_content))
        for found in splitter.create_documents([text])
    ]


def _cut(places: tuple[TextSpan, ...], start: int, end: int) -> Iterator[TextSpan]:
    """The parts of the places inside start to end, counted from start."""
    for place in places:
        if place.start < end and place.end > start:
            yield replace(place, start=max(place.start, start) - start, end=min(place.end, end) - start)
