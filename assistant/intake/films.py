"""Watching: the frames of a film that are worth it, read, described or handed on as pixels, a few minutes at a time."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import media
from assistant.media import ChosenFrame, Film, Glimpse
from assistant.media.subtitle_tracks import chapters
from assistant.ports.modality import ModalityContext
from assistant.storage.temporary_folder import TemporaryFolder
from assistant.values.events import Status
from assistant.values.evidence import Figure, Passage, Seconds, TextSpan, clock
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.messages import say
from assistant.values.parts import Attachment, Image

if TYPE_CHECKING:
    from PIL import Image as pillow

STRETCH = 300.0  # seconds that are watched and filed at a time
BREATH = 10  # frames between two looks whether the processor is needed
FEWEST = 6  # frames of a film, however short
A_FRAME_EVERY = 8.0  # seconds, on the average
DESCRIBED = 3  # frames of a stretch that a vision-language model beside the engine describes; each takes seconds
SAME = 0.75  # share of lines that two frames have in common, above which they show the same text
MOST_SCENES = 40  # whose beginnings are listed
THUMBNAIL = 320  # pixels of what is embedded


@dataclass(frozen=True)
class OnScreenText:
    """Lines of text that stand in the picture from `begin` to `end`."""

    lines: tuple[str, ...]
    begin: float
    end: float


def watch(
    attachment: Attachment, context: ModalityContext, cursor: Cursor, film: Film, question: str
) -> Iterator[Status | IngestBatch]:
    """From `cursor` on, a batch for each stretch; the last one says that nothing is left."""
    name, begin = attachment.name, cursor.seen
    scenes: list[float] | None = [0.0] if not begin else None  # of a film that is gone on with nobody knows them
    source_id = media.digest(attachment.path)
    with _folder(source_id, context) as folder:
        while True:
            if begin and cursor.seconds:
                yield Status(
                    "looking",
                    say("Watching {name}, {at} of {of}", name=name, at=clock(begin), of=clock(cursor.seconds)),
                )
            stretch = _paced(media.glimpses(attachment.path, name, begin, begin + STRETCH), context)
            watched = media.watch(stretch, _budget(context, film.seconds))
            reached = max(watched.end, begin)
            last = not watched.chosen or reached < begin + STRETCH - 2 or 0 < film.seconds <= reached + 0.5
            last = last or begin + STRETCH >= context.limits.film_seconds  # of one that does not say how long it is
            batch = _seen(attachment, source_id, context, watched.chosen, folder, question)
            end = max(reached, cursor.heard) if last else begin + STRETCH
            cursor = replace(cursor, seen=end, seconds=cursor.seconds or (end if last else 0.0), whole=last)
            if scenes is not None:
                scenes += [cut.seconds for cut in watched.cuts]
            facts = (_facts(name, film, cursor, scenes), *_chapters(attachment, context)) if last else ()
            yield replace(batch, cursor=cursor, passages=batch.passages + facts)
            if last:
                return
            begin += STRETCH


@contextmanager
def _folder(source_id: str, context: ModalityContext) -> Iterator[Path]:
    """Where the frames lie: with the original, or nowhere for long."""
    if context.beside is not None:
        yield context.beside(source_id)
        return
    with TemporaryFolder("frames") as folder:
        yield folder


def _paced(film: Iterator[Glimpse], context: ModalityContext) -> Iterator[Glimpse]:
    for number, glimpse in enumerate(film):
        if number % BREATH == 0:
            context.breathe()
        yield glimpse


def _budget(context: ModalityContext, seconds: float) -> int:
    """Frames of one stretch, so that those of the whole film stay within the limit."""
    whole = min(context.limits.film_frames, FEWEST + seconds / A_FRAME_EVERY) if seconds else FEWEST + STRETCH / 8
    return max(FEWEST, round(whole * min(1.0, STRETCH / max(seconds, 1.0))))


def _seen(
    attachment: Attachment,
    source_id: str,
    context: ModalityContext,
    chosen: Sequence[ChosenFrame],
    folder: Path,
    question: str,
) -> IngestBatch:
    """What the chosen frames show. Their text is read for every engine: it can be cited."""
    images: list[Image] = []
    figures: list[Figure] = []
    texts: list[OnScreenText] = []
    pictures = media.stills(attachment.path, [each.seconds for each in chosen], attachment.name)
    for each, picture in zip(chosen, pictures, strict=True):
        context.breathe()
        image = _frame(picture, folder, attachment.name, source_id, each.seconds)
        images.append(image)
        lines = tuple(line.text for line in context.read_picture(image).lines)
        texts.append(OnScreenText(lines, each.begin, each.end))
        at = Seconds(round(each.begin, 2), round(each.end, 2), "seen")
        content = "\n".join(lines) or f"{attachment.name}, frame at {clock(each.seconds)}"
        figures.append(Figure(at, content, _png(picture)))
    passages = [passage for shown in joined(texts) if (passage := _passage(shown)) is not None]
    if context.describe is not None and images:
        step = max(1, len(images) // DESCRIBED)
        for image, each in list(zip(images, chosen, strict=True))[step // 2 :: step][:DESCRIBED]:
            text = context.describe(image, question).text
            passages.append(Passage(text, Seconds(round(each.begin, 2), round(each.end, 2), "seen")))
    kept = tuple(images) if context.engine_sees_images and context.beside is not None else ()
    return IngestBatch(Cursor(), tuple(passages), kept, tuple(figures))


def _frame(picture: "pillow.Image", folder: Path, name: str, source_id: str, seconds: float) -> Image:
    """The frame as a file in this folder, under its millisecond."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{round(seconds * 1000):09}.jpg"
    picture.save(path, "JPEG", quality=88)
    return Image(path, name, picture.width, picture.height, source_id, seconds)


def frames_in(folder: Path, name: str, source_id: str) -> list[Image]:
    """The frames that were put there, in order."""
    from PIL import Image as pillow

    found = []
    for path in sorted(folder.glob("*.jpg")) if folder.is_dir() else []:
        seconds = int(path.stem) / 1000
        with pillow.open(path, formats=["JPEG"]) as picture:
            found.append(Image(path, name, *picture.size, source_id, seconds))
    return found


def joined(texts: Sequence[OnScreenText]) -> list[OnScreenText]:
    """Neighbours that show the same lines as one, with the fuller reading of the two."""
    merged: list[OnScreenText] = []
    for shown in texts:
        before = merged[-1] if merged else None
        if before is not None and _same(before.lines, shown.lines):
            fuller = max(before.lines, shown.lines, key=lambda lines: sum(map(len, lines)))
            merged[-1] = OnScreenText(fuller, before.begin, shown.end)
        else:
            merged.append(shown)
    return merged


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether most lines of the two are the same but for a letter here and there."""
    if not one or not other:
        return not one and not other
    near = sum(any(SequenceMatcher(None, line, same).ratio() > 0.8 for same in other) for line in one)
    return near / max(len(one), len(other)) >= SAME


def _passage(shown: OnScreenText) -> Passage | None:
    at = Seconds(round(shown.begin, 2), round(shown.end, 2), "seen")
    return Passage("\n".join(shown.lines), at) if any(line.strip() for line in shown.lines) else None


def _facts(name: str, film: Film, cursor: Cursor, scenes: Sequence[float] | None) -> Passage:
    """What every film can be asked about."""
    text = f"{name} is a film of {clock(cursor.seconds)} with pictures of {film.width}×{film.height} pixels."
    if scenes is not None:
        times = ", ".join(clock(seconds) for seconds in scenes[:MOST_SCENES])
        more = ", …" if len(scenes) > MOST_SCENES else ""
        several = f" It has {len(scenes)} scenes, which begin at {times}{more}."
        text += " It has 1 scene." if len(scenes) == 1 else several
    return Passage(text, Seconds(0.0, 0.0, "seen"))  # of no moment: what stands at one is asked for without it


def _chapters(attachment: Attachment, context: ModalityContext) -> tuple[Passage, ...]:
    """What the file says of its parts: in one passage, so that they can be listed, each with its second."""
    titled = [each for each in chapters(attachment.path, context.limits, attachment.name) if each.text]
    text, places = "Chapters:", []
    for number, chapter in enumerate(titled, 1):
        line = f"\n{number}. {chapter.text} ({clock(chapter.start)}–{clock(chapter.end)})"
        at = Seconds(round(chapter.start, 2), round(chapter.end, 2), "seen")
        places.append(TextSpan(len(text) + 1, len(text) + len(line), at))
        text += line
    return (Passage(text, Seconds(0.0, 0.0, "seen"), tuple(places)),) if titled else ()


def _png(picture: "pillow.Image") -> bytes:
    small = picture.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    made = io.BytesIO()
    small.save(made, "PNG")
    return made.getvalue()
