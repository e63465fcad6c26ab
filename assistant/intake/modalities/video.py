"""Films: what is said and what is seen, on one line of time. The sound comes first, then frames worth looking at."""

from collections.abc import Generator, Iterator
from dataclasses import replace

from assistant import media
from assistant.intake.facts import heard_in, of_file
from assistant.intake.films import watch
from assistant.intake.recordings import broken_off, hear
from assistant.ports.modality import Intake, Senses
from assistant.values.errors import BadInput
from assistant.values.events import ReceivedFile, Status
from assistant.values.evidence import Document
from assistant.values.growing import Growth, Mark, gathered
from assistant.values.messages import Message, say
from assistant.values.parts import Attachment


class Video:
    name = "video"
    extensions = (".mp4", ".m4v", ".mov", ".mkv", ".avi", ".ogv", ".3gp")

    def takes(self, media_type: str) -> bool:
        return media_type in media.FILM_TYPES

    def take(self, attachment: Attachment, senses: Senses, question: str) -> Generator[Status, None, Intake]:
        name = attachment.name
        yield Status("looking", say("Watching {name}", name=name))
        film = media.look(attachment.path, senses.limits, name)
        seconds = film.seconds
        at_once = senses.at_once_seconds if not 0 < seconds <= senses.at_once_seconds else float("inf")
        so_far = yield from gathered(self.grow(attachment, senses, Mark(seconds, film=True), question), at_once)
        mark = so_far.mark
        file = of_file(attachment, "video")
        file = replace(file, width=film.width, height=film.height, speech=False if film.has_sound else None)
        document = Document(
            file.source_id,
            name,
            "video",
            so_far.passages,
            units=mark.seconds,
            figures=so_far.figures,
            rest=mark.to_json(),
            facts=file.grown(heard_in(so_far, file.source_id, name, "video")),
        )
        notes = so_far.notes
        if not senses.engine_sees_images and senses.describe is None and mark.seen:
            notes += (
                say(
                    "No model here sees pictures: of {name} I have what is said, and the text that can "
                    "be read on screen.",
                    name=name,
                ),
            )
        how = "watched" if mark.whole else "being watched"
        received = ReceivedFile(name, "video", how, seconds=mark.seconds if mark.whole else mark.heard)
        return Intake(received, document=document, images=so_far.images, notes=notes)

    def grow(self, attachment: Attachment, senses: Senses, mark: Mark, question: str = "") -> Iterator[Status | Growth]:
        """What is left of it from `mark` on. Raises BadInput naming the file."""
        film = media.look(attachment.path, senses.limits, attachment.name)
        spoke = bool(mark.heard)
        notes: list[Message] = []
        if film.has_sound and not mark.seen:
            try:
                for step in hear(attachment, senses, mark):
                    if isinstance(step, Growth):
                        mark = step.mark
                        spoke = spoke or bool(step.passages)
                    yield step
            except BadInput:  # the pictures may be whole
                notes.append(say("I could not hear all of {name}: its sound is damaged.", name=attachment.name))
        if not notes and not spoke and not mark.seen:
            silence = say("{name} has no sound track; I looked at it only.", name=attachment.name)
            notes.append(say("I heard no speech in {name}.", name=attachment.name) if film.has_sound else silence)
        try:
            for step in watch(attachment, senses, mark, film, question):
                if isinstance(step, Growth):
                    mark = step.mark
                    if mark.whole:
                        step = replace(step, notes=(*notes, *step.notes, *self._end(attachment.name, mark)))
                yield step
        except BadInput:
            if not spoke:
                raise
            notes.append(say("I could not look at all of {name}: its pictures are damaged.", name=attachment.name))
            yield Growth(replace(mark, whole=True), notes=tuple(notes))

    def _end(self, name: str, mark: Mark) -> tuple[Message, ...]:
        return broken_off(name, max(mark.seen, mark.heard), mark.seconds)
