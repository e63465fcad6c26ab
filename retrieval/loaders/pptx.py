"""Presentations (.pptx): a passage per slide, what its shapes say with where they stand, its notes, its figures."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.media import digest
from assistant.text.word_count import count_words
from assistant.values.evidence import Box, Document, Passage, Slide, TextSpan
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import archive, metadata
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
            shown = pptx.Presentation(str(path))
            size = (int(shown.slide_width or 0), int(shown.slide_height or 0))
            for number, slide in enumerate(shown.slides, 1):
                passages.extend(self._slide(slide, number, size))
                titles.append(_title(slide))
        except (PythonPptxError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError, OSError, EOFError) as error:
            raise archive.damaged(name, self.kind) from error  # lxml's errors are SyntaxErrors
        except (AttributeError, IndexError, TypeError) as error:  # python-pptx takes the parts it expects for granted
            raise archive.damaged(name, self.kind) from error
        told = metadata.of_office(path, name)
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
        pieces = [(words, _box(shape, size)) for shape in _in_order(slide.shapes) if (words := _words(shape))]
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text.replace("\v", "\n").strip()
            pieces += [(f"{_NOTES}{notes}", None)] if notes else []
        if pieces:
            yield _passage(pieces, number)
        for shape in _in_order(slide.shapes):
            if (data := _picture(shape)) is not None:
                box = _box(shape, size) or WHOLE
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


def _in_order(shapes: Any) -> list[Any]:
    """Titles first, then as the eye goes: groups taken apart, top to bottom, left to right."""
    flat: list[Any] = []
    waiting = list(shapes)
    while waiting:
        shape = waiting.pop(0)
        if hasattr(shape, "shapes"):  # a group
            waiting[:0] = list(shape.shapes)
        else:
            flat.append(shape)
    title = getattr(shapes, "title", None)
    title_id = title.shape_id if title is not None else None
    return sorted(flat, key=lambda shape: (shape.shape_id != title_id, shape.top or 0, shape.left or 0))


def _title(slide: Any) -> str:
    title = slide.shapes.title
    return " ".join(title.text_frame.text.split()) if title is not None and title.has_text_frame else ""


def _cover(shown: Any, titles: list[str]) -> str:
    """The title of the first slide, where that is laid out as a cover."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    first = shown.slides[0].shapes.title if titles and titles[0] else None
    return titles[0] if first is not None and first.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE else ""


def _words(shape: Any) -> str:
    if getattr(shape, "has_table", False):
        rows = ([" ".join(cell.text.split()) for cell in row.cells] for row in shape.table.rows)
        return "\n".join(" | ".join(cells) for cells in rows if any(cells))
    if getattr(shape, "has_chart", False):
        return _chart(shape.chart)
    if shape.has_text_frame:
        text: str = shape.text_frame.text
        return text.replace("\v", "\n").strip()
    return ""


def _chart(chart: Any) -> str:
    """Its title, and a line "series: category value, …" for each series."""
    lines = [chart.chart_title.text_frame.text] if chart.has_title and chart.chart_title.has_text_frame else []
    for plot in chart.plots:
        categories = [str(category) for category in plot.categories]
        for series in plot.series:
            values = (f"{value:g}" if value is not None else "–" for value in series.values)
            named = (f"{category} {value}" for category, value in zip(categories, values, strict=False))
            lines.append(f"{series.name}: " + ", ".join(named))
    return "\n".join(lines)


def _picture(shape: Any) -> bytes | None:
    image = getattr(shape, "image", None) if type(shape).__name__ in ("Picture", "PlaceholderPicture") else None
    return image.blob if image is not None else None


def _box(shape: Any, size: tuple[int, int]) -> Box | None:
    """Where it stands on the slide; None where that is not said, or off the slide."""
    if None in (shape.left, shape.top, shape.width, shape.height) or 0 in size:
        return None
    across = [min(1.0, max(0.0, at / size[0])) for at in (shape.left, shape.left + shape.width)]
    down = [min(1.0, max(0.0, at / size[1])) for at in (shape.top, shape.top + shape.height)]
    return Box(across[0], down[0], across[1], down[1]) if across[1] > across[0] and down[1] > down[0] else None
