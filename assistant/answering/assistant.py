"""Assistant.answer: one turn, from what was handed over to an answer with its evidence.

Takes in → understands the request → the way that fits it answers → the answer is cited, kept and told. Knows the ports,
and nobody who stands behind them.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from assistant.answering import finishing
from assistant.answering.commands import Presets
from assistant.answering.context import Context, Reply, wait
from assistant.answering.taking_in import TakingIn
from assistant.answering.tuning import tuning_for
from assistant.answering.turn import TurnRecord
from assistant.answering.understanding import There, understand
from assistant.answering.ways import LOOKUP, way_for
from assistant.intake.background import Background, Breathe
from assistant.models.lazy import Lazy
from assistant.ports.classifier import KindClassifier
from assistant.ports.embedding import Embedder
from assistant.ports.engine import Engine
from assistant.ports.library import Library, LoadDocument, PartialSource
from assistant.ports.speech import Transcriber
from assistant.ports.vision import Captioner, ImageClassifier
from assistant.settings.settings import Settings
from assistant.storage.originals import Originals
from assistant.text import picture_references
from assistant.values.conversation import Conversation
from assistant.values.errors import AssistantError, BadInput, Locked
from assistant.values.events import Done, Event, Failed, Status
from assistant.values.evidence import Document, Medium
from assistant.values.incremental_ingestion import IngestBatch
from assistant.values.messages import Message, joined, say
from assistant.values.parts import Turn
from assistant.values.request import Request


@dataclass(frozen=True)
class Assistant:
    """The parts load in the background; a turn waits for those it needs, and says so.

    describer, guesser: hold None where there is none. models: role → what answers for it, for the person. originals:
    None keeps no copy of what is handed over. shelved: the originals of the named libraries. sees_images: whether the
    language model sees, told without loading it; None: it is asked itself. presets: what commands such as /summarise
    stand for. live: the settings as they are now, where they may change; a turn keeps those it began with.
    background: goes on with what takes long; None: recordings are taken in to their end before the answer.
    embedder: sentences in other words than their evidence are cited where it is loaded. classifier: tells the kind of a
    request; None: everything is looked up.
    """

    engine: Lazy[Engine]
    transcriber: Lazy[Transcriber]
    describer: Lazy[Captioner | None]
    reader: Lazy[Captioner]
    library: Lazy[Library]
    load_document: LoadDocument
    settings: Settings
    models: Callable[[], dict[str, str]] = dict
    originals: Originals | None = None
    shelved: Originals | None = None
    sees_images: Callable[[], bool] | None = None
    presets: Presets | None = None
    live: Callable[[], Settings] | None = None
    background: Background | None = None
    guesser: Lazy[ImageClassifier | None] | None = None
    embedder: Lazy[Embedder] | None = None
    classifier: Lazy[KindClassifier] | None = None

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
            original=lambda source_id: self.original(conversation, source_id),
        )

    def _understood(self, record: TurnRecord, context: Context) -> Generator[Status, None, Request]:
        """The request, made once. Without words it is what a person wants who hands something over without a word."""
        conversation = record.conversation
        shelved: frozenset[str] = frozenset()
        if context.library is not None and conversation.libraries:
            shelved = frozenset(context.library.facts(conversation.libraries)) - conversation.sources.keys()
        given = tuple(document.source_id for document in record.documents)
        there = There(context.files, given, shelved, conversation)
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

    # What is taken in outside a turn, and let go.

    def read(self, path: Path, name: str, password: str = "", whose: str = "") -> Generator[Status, None, Document]:
        """A file as a document, outside any turn. To its end, unless it is that of a conversation (`whose`), where the
        rest of a long recording may follow. Raises BadInput where there is nothing in it to be read."""
        document, notes = yield from self.taking_in.read(path, name, password, whose)
        if document is None or document.is_wordless:
            raise BadInput(joined(*notes) or say("I found nothing to read in {name}.", name=name))
        return document

    def file_again(
        self, path: Path, name: str, conversation: Conversation
    ) -> Generator[Status, None, tuple[Message, ...]]:
        return (yield from self.taking_in.file_again(path, name, conversation))

    def unfile(self, conversation: Conversation, source_id: str) -> Generator[Status]:
        """Takes a file of this conversation out of the library again."""
        library = yield from wait(self.library, TurnRecord(Turn(()), conversation, threading.Event()))
        library.remove(conversation.id, source_id)

    def go_on(
        self, partial: PartialSource, breathe: Breathe = lambda: None
    ) -> tuple[Medium, Iterator[Status | IngestBatch]]:
        return self.taking_in.go_on(partial, breathe)

    def forget(self, conversation_id: str) -> None:
        """Removes what was given in a conversation. Waits for nothing: an unloaded library holds nothing."""
        if self.library.state == "ready":
            self.library.get().forget(conversation_id)
        self.taking_in.forget(conversation_id)

    def original(self, conversation: Conversation, source_id: str) -> Path | None:
        """The file that a piece of evidence in this conversation comes from, if it was kept."""
        if self.originals is not None and (path := self.originals.find(conversation.id, source_id)) is not None:
            return path
        shelved = (self.shelved.find(scope, source_id) for scope in conversation.libraries) if self.shelved else ()
        return next((path for path in shelved if path is not None), None)

    def forget_left_behind(self, is_kept: Callable[[str], bool] = lambda _: False) -> None:
        """Removes what earlier runs were given in conversations that are not kept.

        To be called once the library is open: then no other run has them.
        """
        for conversation_id in self.originals.left_behind() if self.originals is not None else ():
            if not is_kept(conversation_id):
                self.forget(conversation_id)

    def close(self) -> None:
        """Closes the library, if it was opened."""
        if self.library.state == "ready":
            self.library.get().close()

    @cached_property
    def taking_in(self) -> TakingIn:
        return TakingIn(
            self.engine, self.transcriber, self.describer, self.reader, self.guesser, self.library, self.load_document,
            self.settings, self.originals, self.sees_images, self.background,
        )  # fmt: skip
