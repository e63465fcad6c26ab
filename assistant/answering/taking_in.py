"""Taking in: what a turn brings, each attachment through its modality, and filed where later turns find it.

Also what is taken in outside a turn: into a named library, again after a restart, or to the end in the background.
"""

import shutil
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import media
from assistant.answering.context import wait
from assistant.answering.turn import TurnRecord
from assistant.intake.background import Background, Breathe
from assistant.intake.modalities import modality_for
from assistant.models.lazy import Lazy
from assistant.ports.embedding import Vectors
from assistant.ports.engine import Engine
from assistant.ports.library import Library, LoadDocument, PartialSource
from assistant.ports.modality import IncrementalModality, ModalityContext, ModalityResult
from assistant.ports.speech import Transcriber, Transcript, VoiceEncoder
from assistant.ports.vision import Captioner, ImageClassifier
from assistant.settings.settings import Settings
from assistant.storage.originals import Originals
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.events import Event, Status, Step
from assistant.values.evidence import Document, Medium
from assistant.values.file_names import told_apart
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.messages import Message, joined, say
from assistant.values.parts import Attachment, Image, Turn

STEPS: dict[str, Step] = {"audio": "listening", "video": "looking", "image": "looking", "document": "reading"}
HEARD, SEEN = ("audio", "video"), ("image", "video")  # modalities
ASKED_SECONDS = 7200  # of a spoken question, which is held in memory whole


@dataclass(frozen=True)
class TakingIn:
    """The models that taking in needs; each is waited for when it is needed, with a word."""

    engine: Lazy[Engine]
    transcriber: Lazy[Transcriber]
    captioner: Lazy[Captioner | None]
    """Holds None where no vision-language model stands beside the engine."""
    reader: Lazy[Captioner]
    image_classifier: Lazy[ImageClassifier | None] | None
    library: Lazy[Library]
    load_document: LoadDocument
    settings: Settings
    originals: Originals | None
    """None: no copy of what is handed over is kept."""
    sees_images: Callable[[], bool] | None
    """Whether the language model sees, without loading it. None: it is asked itself."""
    background: Background | None
    voice_encoder: Lazy[VoiceEncoder | None] | None = None
    """By what those who speak are told apart; holds None where they are not."""

    def turn(self, record: TurnRecord) -> Generator[Event]:
        """Every attachment of the turn, what was spoken first, since it is the question. Then all of it is filed."""
        self._check(record.turn)
        attachments = told_apart(record.turn.attachments, record.conversation.sources, media.digest)
        for attachment in sorted(attachments, key=lambda each: not each.spoken):
            media_type = attachment.media_type or media.identify(attachment.path, attachment.name)
            modality = modality_for(media_type)
            context = yield from self._context(modality.name, record, whose=record.conversation.id)
            known = replace(attachment, media_type=media_type)
            with record.timed(STEPS.get(modality.name, "reading")):
                result = yield from modality.take(known, context, record.question)
                result = self._keep(result, known, record.conversation.id)
            record.results.append(result)
            if result.spoken:
                record.heard = " ".join(filter(None, (record.heard, result.spoken)))
                record.question = " ".join(filter(None, (record.question, result.spoken)))
            for image in result.images:
                record.conversation.show(image)
        yield from self._file(record)

    def read(
        self, path: Path, name: str, password: str = "", whose: str = ""
    ) -> Generator[Status, None, tuple[Document | None, tuple[Message, ...]]]:
        """A file as a document, with notes, as if it were handed over; the language model is not waited for."""
        record = TurnRecord(Turn(()), Conversation(), threading.Event())
        attachment = Attachment(path, name, media.identify(path, name), password=password)
        modality = modality_for(attachment.media_type)
        context = yield from self._context(modality.name, record, self.sees_images, whose)
        result = yield from modality.take(attachment, context, "")
        return result.document, result.notes

    def file_again(
        self, path: Path, name: str, conversation: Conversation
    ) -> Generator[Status, None, tuple[Message, ...]]:
        """A file that was given earlier in this conversation, into the library; where it is already, nothing changes.

        Returns why there is nothing in it to be read, where that is so. Raises BadInput where nothing is known of it.
        """
        document, notes = yield from self.read(path, name, whose=conversation.id)
        if document is None:
            raise BadInput(joined(*notes) or say("I found nothing to read in {name}.", name=name))
        library = yield from wait(self.library, TurnRecord(Turn(()), conversation, threading.Event()))
        library.add(document, conversation.id)
        if document.resume_state and self.background is not None:
            self.background.wake()
        conversation.sources[document.source_id] = name
        return notes if document.is_wordless else ()

    def go_on(self, partial: PartialSource, breathe: Breathe) -> tuple[Medium, Iterator[Status | IngestBatch]]:
        """What is still to come of a recording that was begun, and its medium; for `Background`.

        Raises BadInput where its original is not kept any more.
        """
        path = self.originals.find(partial.scope, partial.source_id) if self.originals is not None else None
        if path is None:
            raise BadInput(say("{name}, which you gave earlier, is not kept any more.", name=partial.name))
        attachment = Attachment(path, partial.name, media.identify(path, partial.name))
        modality = modality_for(attachment.media_type)
        record = TurnRecord(Turn(()), Conversation(), threading.Event())
        steps = self._context(modality.name, record, self.sees_images, partial.scope)
        try:
            while True:
                next(steps)  # a model is being loaded
        except StopIteration as end:
            context: ModalityContext = end.value
        context = replace(context, breathe=breathe)
        if not isinstance(modality, IncrementalModality):
            raise BadInput(say("{name} is not taken in piece by piece.", name=partial.name))
        medium: Medium = "video" if modality.name == "video" else "audio"
        return medium, modality.grow(attachment, context, Cursor.from_json(partial.resume_state))

    def forget(self, conversation_id: str) -> None:
        """What lay beside it in passing, and the copies of what was handed over."""
        shutil.rmtree(_passing(conversation_id), ignore_errors=True)
        if self.originals is not None:  # last: its folder says what is still to be removed
            self.originals.forget(conversation_id)

    def _check(self, turn: Turn) -> None:
        limits = self.settings.limits
        if len(turn.text) > limits.question_characters:
            raise BadInput(
                say(
                    "Your question has {count} characters, and I take {most}. Put the long part into a "
                    "text file and attach that: then I can search it.",
                    count=f"{len(turn.text):,}",
                    most=f"{limits.question_characters:,}",
                )
            )
        if not turn.text and not turn.attachments:
            raise BadInput(say("Ask something: type a question, record one, or hand me a file."))
        for attachment in turn.attachments:
            if not attachment.path.is_file():
                raise BadInput(say("There is no file {name}. Check the name and try again.", name=attachment.name))
            size = attachment.path.stat().st_size
            if size > (most := media.most_bytes(attachment.path, attachment.name, limits)):
                raise BadInput(
                    say(
                        "{name} has {size} MB; I take {most} MB.",
                        name=attachment.name,
                        size=f"{size / 1e6:,.0f}",
                        most=f"{most / 1e6:,.0f}",
                    )
                )

    def _file(self, record: TurnRecord) -> Generator[Event]:
        documents = record.documents
        if not documents:
            return
        library = yield from wait(self.library, record)
        with record.timed("filing"):
            for document in documents:
                yield Status("reading", say("Filing {name}", name=document.name))
                library.add(document, record.conversation.id)
                record.conversation.sources[document.source_id] = document.name
        if self.background is not None and any(document.resume_state for document in documents):
            self.background.wake()

    def _keep(self, result: ModalityResult, attachment: Attachment, scope: str) -> ModalityResult:
        """Keeps the file where it can be opened later, unless it was only the question.

        A picture is remembered as one whoever looked at it, so that it can be spoken of by its number.
        """
        document = result.document
        if not result.images and document is not None and document.medium == "image" and document.picture is not None:
            width, height = media.picture_size(attachment.path, self.settings.limits, attachment.name)
            image = Image(attachment.path, attachment.name, width, height, document.source_id)
            result = replace(result, images=(image,))
        if self.originals is None or (result.document is None and not result.images):
            return result
        source_id = result.document.source_id if result.document else media.digest(attachment.path)
        kept = self.originals.keep(attachment.path, scope, source_id, attachment.name)
        whole = attachment.path  # a picture is the file itself; a frame of a video has a file of its own
        images = (replace(image, path=kept) if image.path == whole else image for image in result.images)
        return replace(result, images=tuple(images))

    def _context(
        self, modality: str, record: TurnRecord, known_to_see: Callable[[], bool] | None = None, whose: str = ""
    ) -> Generator[Status, None, ModalityContext]:
        """What the modality may use. The models it will need are waited for here, with a word. whose: the conversation
        that keeps what is made of the file; "" where nothing is kept."""
        sees, captioner = False, None
        encoder: VoiceEncoder | None = None
        if modality in HEARD:
            yield from wait(self.transcriber, record)
            encoder = (yield from wait(self.voice_encoder, record)) if self.voice_encoder is not None else None
        if modality in SEEN:
            yield from wait(self.reader, record)
            if known_to_see is not None:
                sees = known_to_see()
            else:
                sees = (yield from wait(self.engine, record)).profile.sees_images
            captioner = None if sees else (yield from wait(self.captioner, record))
        image_classifier = None
        if modality == "image" and self.image_classifier is not None and not sees and captioner is None:
            image_classifier = yield from wait(self.image_classifier, record)
        return ModalityContext(
            transcribe=lambda path, name: self._transcribe(path, name, record),
            describe=captioner.describe if captioner else None,
            read_picture=lambda image: self.reader.get().describe(image, ""),
            load_document=self.load_document,
            engine_sees_images=sees,
            limits=self.settings.limits,
            guess=image_classifier.look if image_classifier else None,
            picture_facts=self.settings.picture_facts,
            hear=lambda samples, language: self._hear(samples, language, record),
            at_once_seconds=self.settings.limits.at_once_seconds if whose and self.background else float("inf"),
            beside=self._beside(whose) if whose else None,
            voices=encoder,
        )

    def _transcribe(self, path: Path, name: str, record: TurnRecord) -> Transcript:
        limits = self.settings.limits
        limits = replace(limits, audio_seconds=min(ASKED_SECONDS, limits.audio_seconds))
        samples = media.read_samples(path, limits, name)
        return self.transcriber.get().transcribe(samples, hints=_hints(record))

    def _hear(self, samples: Vectors, language: str, record: TurnRecord) -> Transcript:
        return self.transcriber.get().transcribe(samples, language, hints=_hints(record))

    def _beside(self, conversation_id: str) -> Callable[[str], Path]:
        """Where what is made of a file lies; where no originals are kept, until the conversation is forgotten."""
        if self.originals is not None:
            originals = self.originals
            return lambda source_id: originals.beside(conversation_id, source_id)
        return lambda source_id: _passing(conversation_id) / f"frames-{source_id}"


def _hints(record: TurnRecord) -> list[str]:
    """What the speech model may spell alike: names of files, what was typed, what was talked about."""
    return [*(each.name for each in record.shown), record.question, *record.conversation.hints()]


def _passing(conversation_id: str) -> Path:
    return Path(tempfile.gettempdir()) / f"medley-{conversation_id}"
