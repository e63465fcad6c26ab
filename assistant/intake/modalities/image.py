"""Pictures: pixels for an engine that sees, words for one that does not; the text in them is evidence either way.

Where nobody sees, what can be guessed is evidence too, worded as the guess that it is.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace

from assistant import media
from assistant.intake.facts import of_file
from assistant.ports.modality import ModalityContext, ModalityResult
from assistant.ports.vision import ImageGuess, TextLine
from assistant.text.languages import language_of
from assistant.text.word_count import count_words
from assistant.values.errors import BadInput
from assistant.values.events import ReceivedFile, Seen, Status
from assistant.values.evidence import Document, Location, Page, Passage, Region, TextSpan
from assistant.values.files import FileFacts
from assistant.values.messages import Message, say
from assistant.values.parts import Attachment, Image
from prompts import render

BLIND = say(
    "I can read text here and guess at the subject, but not see the picture; a model that sees would (--vision)."
)
MOST_STILLS = 24  # frames of a moving picture that are read, at a second or two each
MOST_NOTES = 3
ONLY_READ = say("I can read text here, but not see the picture; a model that sees would (--vision).")


class Picture:
    name = "image"
    extensions = (".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tiff", ".tif", ".avif")

    def takes(self, media_type: str) -> bool:
        return media_type in (*media.PICTURE_TYPES, media.DRAWING)  # which `open_picture` refuses in words

    def take(
        self, attachment: Attachment, context: ModalityContext, question: str
    ) -> Generator[Status, None, ModalityResult]:
        name = attachment.name
        yield Status("looking", say("Looking at {name}", name=name))
        opened = media.open_frames(attachment.path, context.limits, name)
        file = of_file(attachment, "image")
        image = Image(attachment.path, name, *opened.picture.size, file.source_id)
        language = "zh" if language_of(question) == "zh" else ""
        read, notes = yield from _read(opened, image, context)
        text = [passage for part in read for passage in _passages([], _text(part))]
        told = media.shot(attachment.path, context.limits, name) if context.picture_facts else media.Shot()
        shot = _taken(told, language)
        file = replace(
            file,
            width=image.width,
            height=image.height,
            pages=opened.frames if opened.pages and opened.frames > 1 else 0,
            words=sum(count_words(line.text) for part in read for line in part.lines),
            taken=told.taken,
            camera=told.camera,
        )
        if context.engine_sees_images:
            passages = (*_passages(shot, []), *text)
            return ModalityResult(
                _received(name, "sent as pixels"), "", _document(attachment, passages, file), (image,), notes=notes
            )
        if context.describe is not None:
            described = context.describe(image, question)
            passages = (Passage(described.text, Region()), *_passages(shot, []), *text)
            return ModalityResult(_received(name, "described"), "", _document(attachment, passages, file), notes=notes)
        image_guess = context.guess(image, language == "zh") if context.guess is not None else None
        facts = [*_guessed(image_guess, image, language), *shot]
        blind = BLIND if image_guess is not None else ONLY_READ
        return ModalityResult(
            _received(name, "read"),
            "",
            _document(attachment, (*_passages(facts, []), *text), file),
            notes=(blind, *notes),
        )


Sentence = tuple[str, Location]
WHOLE = Region()


def _received(name: str, how: Seen) -> ReceivedFile:
    return ReceivedFile(name, "image", how)


def _document(attachment: Attachment, passages: tuple[Passage, ...], facts: FileFacts) -> Document:
    """Without passages where a model that sees looks at it and there is no text: that it was given is known."""
    return Document(facts.source_id, facts.name, "image", passages, picture=attachment.path, facts=facts)


@dataclass(frozen=True)
class _Part:
    """What is read on one page or frame."""

    lines: tuple[TextLine, ...]
    page: int = 0
    """Counted from 1; 0: the file has no pages."""
    frame: int = 0
    """Counted from 1; 0: it does not move."""

    def at(self, region: Location) -> Location:
        boxes = region.boxes if isinstance(region, Region) else ()
        return Page(self.page, boxes) if self.page else Region(boxes, self.frame)


def _read(
    opened: media.Opened, image: Image, context: ModalityContext
) -> Generator[Status, None, tuple[list[_Part], tuple[Message, ...]]]:
    """The text of a picture; of a scan of several pages that of each, of one that moves that of the frames that differ
    and say something new. What is left out is said in notes."""
    if opened.frames < 2:
        return [_Part(context.read_picture(image).lines)], ()
    if opened.pages:
        return (yield from _pages(opened.frames, image, context))
    return (yield from _stills(opened.frames, image, context))


def _pages(
    count: int, image: Image, context: ModalityContext
) -> Generator[Status, None, tuple[list[_Part], tuple[Message, ...]]]:
    parts, notes, name = [], [], image.name
    most = min(count, context.limits.scanned_pages)
    for number in range(1, most + 1):
        yield Status("reading", say("Reading page {page} of {pages} of {name}", page=number, pages=count, name=name))
        try:
            parts.append(_Part(context.read_picture(replace(image, frame=number - 1)).lines, page=number))
        except BadInput:
            if number == 1:
                raise
            notes.append(say("Page {number} of {name} is damaged: I left it out.", number=number, name=name))
    if most < count:
        told = say("{name} has {count} pages, of which I read the first {most}.", name=name, count=count, most=most)
        notes.append(told)
    return parts, tuple(notes[-MOST_NOTES:])


def _stills(
    count: int, image: Image, context: ModalityContext
) -> Generator[Status, None, tuple[list[_Part], tuple[Message, ...]]]:
    name = image.name
    stills = media.still_frames(image.path, MOST_STILLS, context.limits, name)
    parts: list[_Part] = []
    known: set[str] = set()
    for still in stills.frames:
        yield Status("looking", say("Looking at {name}", name=name))
        try:
            lines = context.read_picture(replace(image, frame=still.number)).lines
        except BadInput:
            if not parts:
                raise
            continue
        said = {"".join(filter(str.isalnum, line.text.casefold())) for line in lines}
        if not parts or said - known - {""}:
            parts.append(_Part(lines, frame=still.number + 1))
            known |= said
    looked = len(stills.frames)
    return parts, (
        say("{name} moves: of its {count} frames I looked at {looked}.", name=name, count=count, looked=looked),
    )


def _guessed(image_guess: ImageGuess | None, image: Image, language: str) -> list[Sentence]:
    """Its size, and what may be on it. Nothing is said of what is not likely."""

    def sentence(says: str, at: Region = WHOLE, **values: object) -> Sentence:
        return render("glance.md.j2", says=says, language=language, **values), at

    said = [sentence("size", width=image.width, height=image.height)]
    if image_guess is None:
        return said
    if image_guess.thing or image_guess.kind:
        percent = min(99, round(100 * image_guess.share))
        said.append(sentence("subject", thing=image_guess.thing, kind=image_guess.kind, percent=percent))
    if image_guess.faces:
        said.append(sentence("faces", Region(image_guess.faces), count=len(image_guess.faces)))
    if image_guess.colours:
        said.append(sentence("colours", listed=image_guess.colours))
    return said


def _taken(shot: media.Shot, language: str) -> list[Sentence]:
    known = {"taken": shot.taken, "camera": shot.camera}
    return [(render("glance.md.j2", says=says, at=at, language=language), WHOLE) for says, at in known.items() if at]


def _text(read: _Part) -> list[Sentence]:
    """A line each, or where it is the row of a table its cells with what stands between them."""
    said: list[Sentence] = []
    for line in read.lines:
        at = 0
        for cell in line.cells:
            said.append((line.text[at : cell.end], read.at(cell.location)))
            at = cell.end
        if at < len(line.text) or not line.cells:
            said.append((line.text[at:], read.at(line.region)))
        said.append(("\n", read.at(line.region)))
    return said[:-1]


def _passages(facts: list[Sentence], text: list[Sentence]) -> tuple[Passage, ...]:
    """What is known of the picture, and what stands in it, each as one passage with places."""
    broken = [piece for sentence in facts for piece in (sentence, ("\n", sentence[1]))][:-1]
    return tuple(_passage(pieces) for pieces in (broken, text) if pieces)


def _passage(pieces: list[Sentence]) -> Passage:
    places: list[TextSpan] = []
    start = 0
    for piece, at in pieces:
        if piece != "\n":
            places.append(TextSpan(start, start + len(piece), at))
        start += len(piece)
    match pieces[0][1]:
        case Page(number, _):
            where: Location = Page(number)
        case Region(_, frame):
            where = Region((), frame)
        case other:
            where = other
    return Passage("".join(piece for piece, _ in pieces), where, tuple(places))
