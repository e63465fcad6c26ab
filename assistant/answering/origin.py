"""Where something shown comes from: the text read in a picture, looked for in the other files.

No model is asked: a page either holds most of the words of the picture, or it is not its page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citing.citations import Cited, coverage
from assistant.ports.library import Library
from assistant.text.answer_language import in_language
from assistant.values.events import Citation
from assistant.values.evidence import Document, Evidence, Page, Section, Sheet, Slide, describe

SAME = 0.5  # share of the picture's words that its page must hold; a recognised page holds nearly all of them
CHARACTERS = 2000  # of the picture's text that are looked for
CANDIDATES = 24  # pieces


@dataclass(frozen=True)
class Origin:
    """The piece that says most of what the picture says. share: of the picture's words found on its page, 0 to 1."""

    piece: Evidence
    share: float


def find(pictures: Sequence[Document], library: Library, scopes: Sequence[str]) -> Origin | None:
    """The page, slide, section, sheet or other piece in these scopes that the pictures show; None: there is none."""
    text = "\n".join(passage.text for picture in pictures for passage in picture.passages)[:CHARACTERS]
    shown = {picture.source_id for picture in pictures}
    others = [source_id for scope in scopes for source_id in library.sources(scope) if source_id not in shown]
    if not text.strip() or not others:
        return None
    found = library.search(text, scopes, CANDIDATES, within=others)
    pages: dict[tuple[str, str], list[Evidence]] = {}
    for piece in found:
        pages.setdefault((piece.source_id, _page(piece)), []).append(piece)
    said = {page: coverage(text, "\n".join(piece.content for piece in pieces)) for page, pieces in pages.items()}
    best = max(said, key=lambda page: said[page], default=None)  # of equal ones the first, which was found first
    if best is None or said[best] < SAME:
        return None
    return Origin(max(pages[best], key=lambda piece: coverage(text, piece.content)), said[best])


def rendered_answer(origin: Origin, language: str) -> Cited:
    """The answer in this language, citing the piece."""
    piece = origin.piece
    location = piece.locate(0, len(piece.content))
    words = in_language(language)
    place = words.said(describe(location)) if isinstance(location, Page | Slide | Sheet | Section) else ""
    text = words.render("origin.md.j2", source=piece.source, place=place)
    cited = Citation(1, piece.source_id, piece.source, piece.medium, location, piece.content, piece.content)
    return Cited(f"{text}[1]", (cited,), ())


def _page(piece: Evidence) -> str:
    """What counts as one page: pieces of one page, slide, sheet or section together; else each piece alone."""
    match piece.location:
        case Page(number, _) | Slide(number, _):
            return str(number)
        case Sheet(name, _, _):
            return name
        case Section(heading):
            return heading
        case _:
            return piece.content
