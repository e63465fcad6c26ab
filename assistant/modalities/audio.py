"""Recordings: a spoken question becomes the person's words, an uploaded one evidence with its seconds."""

from collections.abc import Generator

from assistant import media
from assistant.errors import BadInput
from assistant.events import ReceivedFile, Status
from assistant.evidence import Document, Passage, Seconds
from assistant.parts import Attachment
from assistant.ports import Intake, Senses, Transcript


class Audio:
    name = "audio"
    extensions = (".wav", ".mp3", ".m4a", ".ogg", ".opus", ".webm", ".flac", ".aac", ".aiff")

    def takes(self, media_type: str) -> bool:
        return media_type in media.SOUND_TYPES

    def take(
        self,
        attachment: Attachment,
        senses: Senses,
        question: str,  # noqa: ARG002 - every word is written down, whatever is asked
    ) -> Generator[Status, None, Intake]:
        name = attachment.name
        yield Status("listening", f"Listening to {name}")
        heard = senses.transcribe(attachment.path, name)
        if attachment.spoken:
            if not heard.segments:
                raise BadInput(f"I heard no speech in {name}. Say it again closer to the microphone, or type it.")
            return Intake(ReceivedFile(name, "audio", "transcribed", seconds=heard.seconds), spoken=heard.text)
        if not heard.segments:
            nothing = ReceivedFile(name, "audio", "no speech found", seconds=heard.seconds)
            return Intake(nothing, notes=(f"I heard no speech in {name}.",))
        return Intake(
            ReceivedFile(name, "audio", "transcribed", seconds=heard.seconds),
            document=_document(attachment, heard),
        )


def _document(attachment: Attachment, heard: Transcript) -> Document:
    passages = tuple(Passage(segment.text, Seconds(segment.start, segment.end)) for segment in heard.segments)
    return Document(media.digest(attachment.path), attachment.name, "audio", passages, units=heard.seconds)
