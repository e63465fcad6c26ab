"""Assistant.answer: one turn, from what was handed over to an answer with its evidence.

Takes in → understands the request → the way that fits it answers → the answer is cited, kept and told. Knows the ports,
and nobody who stands behind them.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.answering import finishing
from assistant.answering.commands import Presets
from assistant.answering.context import Context, Reply, wait
from assistant.answering.files_outside_turns import FilesOutsideTurns
from assistant.answering.taking_in import TakingIn
from assistant.answering.tuning import tuning_for
from assistant.answering.turn import TurnRecord
from assistant.answering.understanding import There, understand
from assistant.answering.ways import LOOKUP, way_for
from assistant.intake.background import Background
from assistant.models.lazy import Lazy
from assistant.ports.classifier import KindClassifier
from assistant.ports.embedding import Embedder
from assistant.ports.engine import Engine
from assistant.ports.library import Library, LoadDocument
from assistant.ports.speech import Transcriber, VoiceEncoder
from assistant.ports.vision import Captioner, ImageClassifier
from assistant.settings.settings import Settings
from assistant.storage.originals import Originals
from assistant.text import picture_references
from assistant.values.conversation import Conversation
from assistant.values.errors import AssistantError, BadInput, Locked
from assistant.values.events import Done, Event, Failed, Status
from assistant.values.parts import Turn
from assistant.values.request import Request


@dataclass(frozen=True)
class Assistant:
    """The models load in the background; a turn waits for those it needs, and says so."""

    engine: Lazy[Engine]
    transcriber: Lazy[Transcriber]
    captioner: Lazy[Captioner | None]  #: holds None where there is none
    reader: Lazy[Captioner]  #: reads the text in pictures (OCR)
    library: Lazy[Library]
    load_document: LoadDocument
    settings: Settings
    models: Callable[[], dict[str, str]] = dict  #: role → what answers for it, for the person
    originals: Originals | None = None  #: of the conversations; None: no copy of what is handed over is kept
    library_originals: Originals | None = None  #: of the named libraries
    sees_images: Callable[[], bool] | None = None  #: whether the engine does, without loading it; None: ask it
    presets: Presets | None = None  #: what commands such as /summarise stand for
    live: Callable[[], Settings] | None = None  #: the settings as they are now; a turn keeps those it began with
    background: Background | None = None  #: goes on with long recordings; None: they are taken in at once, to their end
    image_classifier: Lazy[ImageClassifier | None] | None = None  #: holds None where there is none
    embedder: Lazy[Embedder] | None = None  #: cites sentences in other words than their evidence, where it is loaded
    voice_encoder: Lazy[VoiceEncoder | None] | None = None  #: tells apart who speaks; holds None where nobody does
    classifier: Lazy[KindClassifier] | None = None  #: tells the kind of a request; None: everything is looked up

    def answer(self, turn: Turn, conversation: Conversation, stop: threading.Event | None = None) -> Iterator[Event]:
        """Statuses, words, then exactly one Done or Failed. Closing the iterator ends the generation.

        What the person did wrong arrives as Failed; only a fault of the program raises.
        """
        record = TurnRecord(turn, conversation, stop or threading.Event())
        try:
            now = self if self.live is None else replace(self, settings=self.live())
            yield from now._answer(record)
        except AssistantError as error:
            yield Failed(error.message, bad_input=isinstance(error, BadInput), locked=isinstance(error, Locked))

    def _answer(self, record: TurnRecord) -> Generator[Event]:
        """The turn on one screen."""
        record.question = record.turn.text
        yield from self.taking_in.turn(record)
        context = yield from self._context(record)
        request = yield from self._understood(record, context)
        record.request = request
        record.names = {one.source_id: one.name for one in context.files}
        record.notes += finishing.still_coming(self.background, record.conversation.id)
        replies: list[Reply] = []
        for part in request.every_part:
            if replies:
                yield from finishing.between(replies[-1])
            replies.append((yield from self._replied(part, context)))
            if record.stop.is_set():
                break
        yield Done(finishing.finish(replies, request, context, list(self.models().items())))

    def _context(self, record: TurnRecord) -> Generator[Status, None, Context]:
        """What the ways may use. A library that holds nothing of this conversation is not waited for."""
        conversation = record.conversation
        library = None
        if conversation.sources or conversation.libraries:
            library = yield from wait(self.library, record)
        facts = library.facts(conversation.scopes) if library is not None else {}
        record.meant = picture_references.meant(record.question, conversation.images, record.new_images)
        return Context(
            record,
            self.settings,
            library,
            tuple(facts.values()),
            self.engine,
            self.embedder,
            self.classifier,
            self.background,
            original=lambda source_id: self.files.original(conversation, source_id),
        )

    def _understood(self, record: TurnRecord, context: Context) -> Generator[Status, None, Request]:
        """The request, made once. Without words it is what a person wants who hands something over without a word."""
        conversation = record.conversation
        in_libraries: frozenset[str] = frozenset()
        if context.library is not None and conversation.libraries:
            in_libraries = frozenset(context.library.facts(conversation.libraries)) - conversation.sources.keys()
        given = tuple(document.source_id for document in record.documents)
        there = There(context.files, given, in_libraries, conversation)
        if self.presets is not None and (request := finishing.commanded(self.presets, record, there)):
            return request
        if not record.question:
            return finishing.unasked(record, there)
        classifier = (yield from wait(self.classifier, record)) if self.classifier is not None else None
        profile = self.engine.get().profile if self.engine.state == "ready" else None
        with record.timed("understanding"):
            return understand(record.question, there, classifier, tuning_for(profile))

    def _replied(self, request: Request, context: Context) -> Generator[Event, None, Reply]:
        """By the way of its kind; by the lookup, where that finds that it cannot."""
        reply = yield from way_for(request.kind).answer(request, context)
        if reply is None:
            reply = yield from way_for(LOOKUP).answer(replace(request, kind=LOOKUP), context)
        if reply is None:
            raise LookupError(f"No way answers {request.kind}")  # the lookup copes with anything
        return reply

    def close(self) -> None:
        """Closes the library, if it was opened."""
        if self.library.state == "ready":
            self.library.get().close()

    @cached_property
    def taking_in(self) -> TakingIn:
        return TakingIn(
            self.engine, self.transcriber, self.captioner, self.reader, self.image_classifier, self.library,
            self.load_document, self.settings, self.originals, self.sees_images, self.background, self.voice_encoder,
        )  # fmt: skip

    @cached_property
    def files(self) -> FilesOutsideTurns:
        """What is done with files outside a turn."""
        return FilesOutsideTurns(self.taking_in, self.library_originals)
