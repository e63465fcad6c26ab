"""Recordings: a spoken question becomes the person's words, an uploaded one evidence with its seconds."""

from collections.abc import Generator, Iterator
from dataclasses import replace

from assistant import media
from assistant.intake.facts import heard_in, of_file
from assistant.intake.recordings import broken_off, hear
from assistant.ports.modality import ModalityContext, ModalityResult
from assistant.values.errors import BadInput
from assistant.values.events import ReceivedFile, Status
from assistant.values.evidence import Document
from assistant.values.incremental_ingestion import Cursor, IngestBatch, gathered
from assistant.values.messages import say
from assistant.values.parts import Attachment


class Audio:
    name = "audio"
    extensions = (".wav", ".mp3", ".m4a", ".ogg", ".opus", ".webm", ".flac", ".aac", ".aiff", ".amr", ".mka")

    def takes(self, media_type: str) -> bool:
        return media_type in media.SOUND_TYPES

    def take(
        self,
        attachment: Attachment,
        context: ModalityContext,
        question: str,
    ) -> Generator[Status, None, ModalityResult]:
        name = attachment.name
        yield Status("listening", say("Listening to {name}", name=name))
        if attachment.spoken:
            return self._question(attachment, context)
        seconds = media.seconds_of(attachment.path, context.limits, name)
        at_once = context.at_once_seconds if not 0 < seconds <= context.at_once_seconds else float("inf")
        so_far = yield from gathered(self.grow(attachment, context, Cursor(seconds), question), at_once)
        heard = round(so_far.cursor.heard, 3)
        file = of_file(attachment, "audio")
        document = Document(
            file.source_id,
            name,
            "audio",
            so_far.passages,
            units=heard if so_far.cursor.whole else seconds,
            resume_state=so_far.cursor.to_json(),
            facts=replace(file, speech=False).grown(heard_in(so_far, file.source_id, name, "audio")),
        )
        if document.is_wordless:
            nothing = ReceivedFile(name, "audio", "no speech found", seconds=heard)
            return ModalityResult(
                nothing, document=document, notes=(*so_far.notes, say("I heard no speech in {name}.", name=name))
            )
        return ModalityResult(
            ReceivedFile(name, "audio", "transcribed", seconds=heard), document=document, notes=so_far.notes
        )

    def grow(
        self,
        attachment: Attachment,
        context: ModalityContext,
        cursor: Cursor,
        question: str = "",  # noqa: ARG002 - every word is written down, whatever is asked
    ) -> Iterator[Status | IngestBatch]:
        """What is left of it from `cursor` on. Raises BadInput naming the file."""
        for step in hear(attachment, context, cursor):
            if isinstance(step, IngestBatch):
                cursor = step.cursor
            yield step
        notes = broken_off(attachment.name, cursor.heard, cursor.seconds)
        yield IngestBatch(replace(cursor, seconds=cursor.seconds or cursor.heard, whole=True), notes=notes)

    def _question(self, attachment: Attachment, context: ModalityContext) -> ModalityResult:
        name = attachment.name
        heard = context.transcribe(attachment.path, name)
        if not heard.segments:
            raise BadInput(
                say("I heard no speech in {name}. Say it again closer to the microphone, or type it.", name=name)
            )
        return ModalityResult(ReceivedFile(name, "audio", "transcribed", seconds=heard.seconds), spoken=heard.text)
