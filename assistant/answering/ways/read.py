"""The text of a picture, scan, page or document as it stands, in reading order. No model is asked.

Recordings have no text that stands anywhere: what they say is another way's.
"""

from collections.abc import Generator, Mapping, Sequence

from assistant.answering.context import Context, Reply, plain
from assistant.answering.numbered_citations import NumberedCitations
from assistant.answering.ways import Kind
from assistant.citing.citations import Cited
from assistant.text.answer_language import AnswerLanguage, in_language
from assistant.text.tokens import is_cjk
from assistant.values.events import Delta, Event, MadeFile
from assistant.values.evidence import Evidence, Location, Page, Region, Seconds, Section, Slide, clock
from assistant.values.evidence import Lines as LineNumbers
from assistant.values.files import FileFacts
from assistant.values.messages import say
from assistant.values.request import Request

MOST_CHARACTERS = 6_000  # shown; the rest is in the file
MOST_FILES = 3  # read where none in particular is meant
_HARD_BREAK = "  \n"  # of Markdown: a line stays a line


class Read:
    kinds: Mapping[str, Kind] = {
        "read": Kind(
            needs=("file",),
            wanted="the text of a picture or page exactly as it stands there",
            name=say("the text as it stands"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        files = [file for file in context.facts(request) or context.files if file.medium != "audio"]
        if not files or (not request.files and len(files) > MOST_FILES):
            return None
        words = in_language(request.answer_language)
        read = {file.source_id: _on_pages(_text_in(context.pieces([file.source_id])), request.pages) for file in files}
        if not any(read.values()):
            text = _nothing(files, request, words)
            yield Delta(text)
            return plain(text)
        lines, shown, told = NumberedCitations(), 0, []
        for file in files:
            pieces, part = read[file.source_id], ""
            for before, piece in zip([None, *pieces], pieces, strict=False):
                if shown and shown + len(piece.content) > MOST_CHARACTERS:
                    break
                heading = _heading(before, piece)
                part += _between(before, piece) + (f"**{heading}**\n\n" if heading else "") + _as_lines(piece)
                part += lines.at(piece, 0, len(piece.content))
                shown += len(piece.content)
            if part:
                told.append(f"**{file.name}**\n\n{part}" if len(files) > 1 else part)
        characters = sum(len(piece.content) for pieces in read.values() for piece in pieces)
        text, made = "\n\n".join(told), []
        if shown < characters:
            made = [_saved(file, read[file.source_id]) for file in files if read[file.source_id]]
            names = [file.name for file in made]
            more = words.render("read.md.j2", says="more", shown=shown, all=characters, saved=names)
            text += f"\n\n{more}"
        yield Delta(lines.without_numbers(text))
        return Reply(Cited(text, tuple(lines.citations), ()), made=tuple(made))


def _text_in(pieces: Sequence[Evidence]) -> list[Evidence]:
    """What stands in the file: not what is known of a picture or film, nor what is heard."""
    return [piece for piece in pieces if _stands_there(piece)]


def _stands_there(piece: Evidence) -> bool:
    match piece.medium, piece.location:
        case "image", _:
            places = [place.location for place in piece.places]
            return bool(places) and all(isinstance(at, Region | Page) and at.boxes for at in places)
        case "video", Seconds(_, end, sense):
            return sense == "seen" and end > 0  # what is known of all of a film is at no moment
        case "audio", _:
            return False
        case _:
            return True


def _on_pages(pieces: list[Evidence], pages: tuple[int, int] | None) -> list[Evidence]:
    """Those on the pages or slides asked for; all of them where the file has none."""
    if pages is None or not any(isinstance(piece.location, Page | Slide) for piece in pieces):
        return pieces
    return [
        piece
        for piece in pieces
        if isinstance(piece.location, Page | Slide) and pages[0] <= piece.location.number <= pages[1]
    ]


def _nothing(files: Sequence[FileFacts], request: Request, words: AnswerLanguage) -> str:
    one = files[0]
    count = one.pages or one.slides
    if len(files) == 1 and request.pages and count and request.pages[0] > count:
        return words.render("read.md.j2", says="no page", source=one.name, pages=count)
    return words.render("read.md.j2", says="nothing", names=[file.name for file in files])


def _as_lines(piece: Evidence) -> str:
    at = piece.location
    text = piece.content.strip().replace("\n\n", "\0").replace("\n", _HARD_BREAK).replace("\0", "\n\n")
    return f"{clock(at.start)}–{clock(at.end)}: {text}" if isinstance(at, Seconds) else text


def _between(before: Evidence | None, piece: Evidence) -> str:
    """What stands between two pieces: chunks are cut at white space, which is not kept."""
    if before is None:
        return ""
    last, first = _last_place(before), piece.places[0].location if piece.places else piece.location
    if isinstance(last, LineNumbers) and isinstance(first, LineNumbers) and first.first - last.last > 1:
        return "\n\n"
    if last == first and before.places and piece.places:  # within one line
        return "" if is_cjk(before.content[-20:]) else " "
    if _page(before.location) != _page(piece.location) or isinstance(piece.location, Seconds) or not piece.places:
        return "\n\n"
    return _HARD_BREAK


def _heading(before: Evidence | None, piece: Evidence) -> str:
    """That of a section which begins with this piece: it stands above the text, and is no part of it."""
    at = piece.location
    if not isinstance(at, Section) or (before is not None and before.location == at):
        return ""
    return at.heading if at.heading != piece.content.strip() else ""


def _last_place(piece: Evidence) -> Location:
    return piece.places[-1].location if piece.places else piece.location


def _page(location: Location) -> object:
    return location.number if isinstance(location, Page | Slide) else type(location)


def _saved(file: FileFacts, pieces: Sequence[Evidence]) -> MadeFile:
    text = ""
    for before, piece in zip([None, *pieces], pieces, strict=False):
        heading = _heading(before, piece)
        text += _between(before, piece).replace(_HARD_BREAK, "\n") + (f"{heading}\n\n" if heading else "")
        text += piece.content.strip()
    return MadeFile(f"{file.name.rsplit('.', 1)[0]}.txt", "text/plain", text + "\n")
