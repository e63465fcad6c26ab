"""Facts of a picture, a recording or a film: what its file says, and what was heard in it so far."""

from assistant import media
from assistant.text.word_count import count_words
from assistant.values.evidence import Medium, Seconds
from assistant.values.files import FileFacts
from assistant.values.incremental_ingestion import IngestBatch
from assistant.values.parts import Attachment


def of_file(attachment: Attachment, medium: Medium) -> FileFacts:
    """What any file says."""
    path, name = attachment.path, attachment.name
    media_type = attachment.media_type or media.identify(path, name)
    return FileFacts(media.digest(path), name, medium, media_type, path.stat().st_size)


def heard_in(batch: IngestBatch, source_id: str, name: str, medium: Medium) -> FileFacts:
    """What is known by this growth; its words are those that are spoken in it. That nobody spoke in it is no news."""
    cursor = batch.cursor
    spoken = [part for part in batch.passages if isinstance(part.location, Seconds) and part.location.sense == "heard"]
    return FileFacts(
        source_id,
        name,
        medium,
        seconds=cursor.heard
        if cursor.whole and medium == "audio"
        else cursor.seconds,  # it may break off before its end
        words=sum(count_words(part.text) for part in spoken),
        language=cursor.language or batch.language,
        speech=True if spoken else None,
        speakers=cursor.speakers,
    )
