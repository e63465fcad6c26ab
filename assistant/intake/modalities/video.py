"""Films: what is said and what is seen, on one line of time. The sound comes first, then frames worth looking at."""

from collections.abc import Generator, Iterator
from dataclasses import replace

from assistant import media
from assistant.intake.facts import heard_in, of_file
from assistant.intake.films import watch
from assistant.intake.recordings import broken_off, cues_as_passages, hear, passages_end, subtitles_of
from assistant.media.subtitle_tracks import has_pictured_subtitles, is_moving_part
from assistant.ports.modality import ModalityContext, ModalityResult
from assistant.values.errors import BadInput
from assistant.values.events import ReceivedFile, Status
from assistant.values.evidence import Document
from assistant.values.incremental_ingestion import Cursor, IngestBatch, gathered
from assistant.values.messages import Message, say
from assistant.values.parts import Attachment


class Video:
    name = "video"
    extensions = (".mp4", ".m4v", ".mov", ".mkv", ".avi", ".ogv", ".3gp")

    def takes(self, media_type: str) -> bool:
        return media_type in media.FILM_TYPES

    def take(
        self, attachment: Attachment, context: ModalityContext, question: str
    ) -> Generator[Status, None, ModalityResult]:
        name = attachment.name
        yield Status("looking", say("Watching {name}", name=name))
        film = media.look(attachment.path, context.limits, name)
        seconds = film.seconds
        at_once = context.at_once_seconds if not 0 < seconds <= context.at_once_seconds else float("inf")
        so_far = yield from gathered(self.grow(attachment, context, Cursor(seconds, film=True), question), at_once)
        cursor = so_far.cursor
        file = of_file(attachment, "video")
        file = replace(file, width=film.width, height=film.height, speech=False if film.has_sound else None)
        document = Document(
            file.source_id,
            name,
            "video",
            so_far.passages,
            units=cursor.seconds,
            figures=so_far.figures,
            resume_state=cursor.to_json(),
            facts=file.grown(heard_in(so_far, file.source_id, name, "video")),
        )
        notes = so_far.notes
        if not context.engine_sees_images and context.describe is None and cursor.seen:
            notes += (
                say(
                    "No model here sees pictures: of {name} I have what is said, and the text that can "
                    "be read on screen.",
                    name=name,
                ),
            )
        how = "watched" if cursor.whole else "being watched"
        received = ReceivedFile(name, "video", how, seconds=cursor.seconds if cursor.whole else cursor.heard)
        return ModalityResult(received, document=document, images=so_far.images, notes=notes)

    def grow(
        self, attachment: Attachment, context: ModalityContext, cursor: Cursor, question: str = ""
    ) -> Iterator[Status | IngestBatch]:
        """What is left of it from `cursor` on. Raises BadInput naming the file."""
        film = media.look(attachment.path, context.limits, attachment.name)
        spoke = bool(cursor.heard)
        notes: list[Message] = []
        if film.has_sound and not cursor.seen:
            try:
                for step in hear(attachment, context, cursor):
                    if isinstance(step, IngestBatch):
                        cursor = step.cursor
                        spoke = spoke or bool(step.passages)
                    yield step
            except BadInput:  # the pictures may be whole
                notes.append(say("I could not hear all of {name}: its sound is damaged.", name=attachment.name))
        if not film.has_sound and not cursor.seen and not cursor.heard:
            written = subtitles_of(attachment.path, context.limits, attachment.name)
            if passages := cues_as_passages(written, 0.0, float("inf")):
                spoke = True
                cursor = replace(cursor, heard=film.seconds or passages_end(passages))
                yield IngestBatch(cursor, tuple(passages), language=written[0].language)
        if not notes and not spoke and not cursor.seen:
            silence = say("{name} has no sound track; I looked at it only.", name=attachment.name)
            notes.append(say("I heard no speech in {name}.", name=attachment.name) if film.has_sound else silence)
        try:
            for step in watch(attachment, context, cursor, film, question):
                if isinstance(step, IngestBatch):
                    cursor = step.cursor
                    if cursor.whole:
                        known = (*_besides(attachment), *self._end(attachment.name, cursor))
                        step = replace(step, notes=(*notes, *step.notes, *known))
                yield step
        except BadInput:
            if not spoke:
                raise
            notes.append(say("I could not look at all of {name}: its pictures are damaged.", name=attachment.name))
            yield IngestBatch(replace(cursor, whole=True), notes=tuple(notes))

    def _end(self, name: str, cursor: Cursor) -> tuple[Message, ...]:
        return broken_off(name, max(cursor.seen, cursor.heard), cursor.seconds)


def _besides(attachment: Attachment) -> tuple[Message, ...]:
    """What a film holds or is besides what is heard and seen of it."""
    notes = []
    if has_pictured_subtitles(attachment.path):
        notes.append(
            say("{name} has subtitles that are pictures, as on discs; I do not read those.", name=attachment.name)
        )
    if is_moving_part(attachment.path):
        notes.append(say("{name} is the moving part of a live photo.", name=attachment.name))
    return tuple(notes)
