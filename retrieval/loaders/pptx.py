"""Presentations (.pptx): a passage per slide, what its shapes say with where they stand, its notes, its figures."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.media import digest
from assistant.text.hidden_marks import HIDDEN_SLIDE
from assistant.text.word_count import count_words
from assistant.values.evidence import Box, Document, Passage, Slide, TextSpan
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import archive, metadata
from retrieval.office.slide_text import comments_of, shapes_of
from retrieval.office.strict import as_usual
from retrieval.parse_context import WHOLE, ParseContext

_NOTES = "Notes: "


class PptxLoader:
    kind = say("a presentation")
    extensions = (".pptx", ".pptm")
    media_types = ("application/vnd.openxmlformats-officedocument.presentationml.presentation",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        import pptx
        from pptx.exc import PythonPptxError

        archive.check(path, name, self._context.limits, self.kind)
        passages: list[Passage] = []
        titles: list[str] = []
        try:
            usual = as_usual(path, self._context.folder)
            shown = pptx.Presentation(str(usual))
            size = (int(shown.slide_width or 0), int(shown.slide_height or 0))
            for number, slide in enumerate(shown.slides, 1):
                passages.extend(self._slide(slide, number, size))
                titles.append(_title(slide))
        except (PythonPptxError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
            raise archive.damaged(name, self.kind) from error  # lxml's errors are SyntaxErrors
        except (AttributeError, IndexError, TypeError) as error:  # python-pptx takes the parts it expects for granted
            raise archive.damaged(name, self.kind) from error
        told = metadata.of_office(usual, name)
        words = sum(count_words(passage.text.replace(_NOTES, "")) for passage in passages)
        facts = FileFacts(
            "",
            name,
            slides=len(titles),
            outline=tuple(filter(None, titles)),
            words=words,
            title=told.title or _cover(shown, titles),
            author=told.author,
            written=told.written,
        )
        return Document(digest(path), name, "text", tuple(passages), units=len(titles), facts=facts)

    def _slide(self, slide: Any, number: int, size: tuple[int, int]) -> Iterator[Passage]:
        shapes = shapes_of(slide)
        pieces = [(words, shape.box(size)) for shape in shapes if (words := shape.words())]
        if pieces and slide._element.get("show") in ("0", "false"):
            pieces.insert(0, (HIDDEN_SLIDE, None))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text.replace("\v", "\n").strip()
            pieces += [(f"{_NOTES}{notes}", None)] if notes else []
        pieces += [(comment, None) for comment in comments_of(slide)]
        if pieces:
            yield _passage(pieces, number)
        for shape in shapes:
            if (data := shape.picture()) is not None:
                box = shape.box(size) or WHOLE
                read = self._context.figure(
                    data, say("a figure on slide {number}", number=number), lambda at: Slide(number, at), box
                )
                if read is not None:
                    yield read


def _passage(pieces: list[tuple[str, Box | None]], number: int) -> Passage:
    places, start = [], 0
    for words, box in pieces:
        places.append(TextSpan(start, start + len(words), Slide(number, (box,) if box else ())))
        start += len(words) + 2
    return Passage("\n\n".join(words for words, _ in pieces), Slide(number), tuple(places))


def _title(slide: Any) -> str:
    title = slide.shapes.title
    return " ".join(title.text_frame.text.split()) if title is not None and title.has_text_frame else ""


def _cover(shown: Any, titles: list[str]) -> str:
    """The title of the first slide, where that is laid out as a cover."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    first = shown.slides[0].shapes.title if titles and titles[0] else None
    return titles[0] if first is not None and first.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE else ""
