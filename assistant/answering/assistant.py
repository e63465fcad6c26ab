"""Assistant.answer: one turn, from what was handed over to an answer with its evidence.

Takes in → files in the library → searches → weighs → asks the engine → ties sentences to evidence.
Knows the ports, and nobody who stands behind them.
"""

import shutil
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from assistant import media
from assistant.answering import fusion, picture_answers, search_query
from assistant.answering.commands import Presets, split
from assistant.answering.fusion import Prompt
from assistant.answering.generation import Asking, abstains
from assistant.answering.picture_budget import MOST_FRAMES
from assistant.answering.turn import TurnRecord
from assistant.answering.ways import at_moment, compare_pictures, find_source
from assistant.citing import citations
from assistant.citing.citations import Cited
from assistant.intake.background import Background, Breathe
from assistant.intake.modalities import modality_for
from assistant.models.lazy import Part, in_words
from assistant.ports.embedding import Embedder, Vectors
from assistant.ports.engine import Engine
from assistant.ports.library import Growing, Library, LoadDocument
from assistant.ports.modality import Intake, Lasting, Senses
from assistant.ports.speech import Transcriber, Transcript
from assistant.ports.vision import Describer, Guesser
from assistant.settings.settings import Settings
from assistant.storage.originals import Originals
from assistant.text import picture_references
from assistant.text.tokens import asks_for_origin, is_about_whole, is_cjk, is_question
from assistant.values.conversation import Conversation, Exchange
from assistant.values.errors import AssistantError, BadInput, Locked
from assistant.values.events import Answer, Delta, Done, Event, Failed, Status, Step
from assistant.values.evidence import Document, Evidence, Medium, clock
from assistant.values.growing import Growth, Mark
from assistant.values.parts import Attachment, Image, Message, Text, Turn
from prompts import render

Made = TypeVar("Made")

SEARCHED = 24  # pieces asked of the library, of which fusion keeps the best
NEAR = 0.12  # best score below which nothing found speaks of the question, and no model is asked
NEAR_OF_MANY = 0.33  # the same where many pieces were searched: the best of many is nearer by chance
WHOLE = 3  # times the evidence, for what is about all of it
MOST_NAMES = 6  # of files, in a sentence
STEPS: dict[str, Step] = {"audio": "listening", "video": "looking", "image": "looking", "document": "reading"}
HEARD, SEEN = ("audio", "video"), ("image", "video")  # modalities
ASKED_SECONDS = 7200  # of a spoken question, which is held in memory whole
FEW = 12  # pieces that stand for the whole of a long recording


@dataclass(frozen=True)
class Assistant:
    """The parts load in the background; a turn waits for those it needs, and says so.

    describer: holds None where no vision-language model stands beside the engine.
    models: role → what answers for it, for the person. originals: None keeps no copy of what is handed over.
    shelved: the originals of the named libraries. sees_images: whether the language model sees, told without
    loading it; None: it is asked itself. presets: what commands such as /summarise stand for. live: the settings as
    they are now, where they may change; a turn keeps those it began with. background: goes on with what takes long.
    """

    engine: Part[Engine]
    transcriber: Part[Transcriber]
    describer: Part[Describer | None]
    reader: Part[Describer]
    library: Part[Library]
    load_document: LoadDocument
    settings: Settings
    models: Callable[[], dict[str, str]] = dict
    originals: Originals | None = None
    shelved: Originals | None = None
    sees_images: Callable[[], bool] | None = None
    presets: Presets | None = None
    live: Callable[[], Settings] | None = None
    background: Background | None = None  # None: recordings are taken in to their end before the answer
    guesser: Part[Guesser | None] | None = None  # asked where no model sees pictures
    embedder: Part[Embedder] | None = None  # sentences in other words than their evidence are cited where it is loaded

    def answer(self, turn: Turn, conversation: Conversation, stop: threading.Event | None = None) -> Iterator[Event]:
        """Statuses, words, then exactly one Done or Failed. Closing the iterator ends the generation.

        What the person did wrong arrives as Failed; only a fault of the program raises.
        """
        record = TurnRecord(turn, conversation, stop or threading.Event())
        try:
            now = self if self.live is None else replace(self, settings=self.live())
            yield from now._answer(record)
        except AssistantError as error:
            yield Failed(str(error), bad_input=isinstance(error, BadInput), locked=isinstance(error, Locked))

    def read(self, path: Path, name: str, password: str = "", whose: str = "") -> Generator[Status, None, Document]:
        """A file as a document, outside any turn: through its modality, as if it were handed over. To its end, unless
        it is that of a conversation (`whose`), where the rest of a long recording may follow.

        The language model is not waited for: nothing is asked of it here. Raises BadInput where there is nothing in it
        to be read.
        """
        document, notes = yield from self._read(path, name, password, whose)
        if document is None or document.is_wordless:
            raise BadInput(" ".join(notes) or f"I found nothing to read in {name}.")
        return document

    def _read(
        self, path: Path, name: str, password: str = "", whose: str = ""
    ) -> Generator[Status, None, tuple[Document | None, tuple[str, ...]]]:
        """As `read`, with the notes; a document without words is one, too."""
        record = TurnRecord(Turn(()), Conversation(), threading.Event())
        attachment = Attachment(path, name, media.identify(path, name), password=password)
        modality = modality_for(attachment.media_type)
        senses = yield from self._senses(modality.name, record, self.sees_images, whose)
        intake = yield from modality.take(attachment, senses, "")
        return intake.document, intake.notes

    def file_again(self, path: Path, name: str, conversation: Conversation) -> Generator[Status, None, tuple[str, ...]]:
        """A file that was given earlier in this conversation, into the library; where it is already, nothing changes.

        Returns why there is nothing in it to be read, where that is so. Raises BadInput where nothing is known of it.
        """
        document, notes = yield from self._read(path, name, whose=conversation.id)
        if document is None:
            raise BadInput(" ".join(notes) or f"I found nothing to read in {name}.")
        library = yield from self._wait(self.library, TurnRecord(Turn(()), conversation, threading.Event()))
        library.add(document, conversation.id)
        if document.rest and self.background is not None:
            self.background.wake()
        conversation.sources[document.source_id] = name
        return notes if document.is_wordless else ()

    def unfile(self, conversation: Conversation, source_id: str) -> Generator[Status]:
        """Takes a file of this conversation out of the library again."""
        library = yield from self._wait(self.library, TurnRecord(Turn(()), conversation, threading.Event()))
        library.remove(conversation.id, source_id)

    def go_on(self, growing: Growing, breathe: Breathe = lambda: None) -> tuple[Medium, Iterator[Status | Growth]]:
        """What is still to come of a recording that was begun, and its medium; for `Background`.

        Raises BadInput where its original is not kept any more.
        """
        path = self.originals.find(growing.scope, growing.source_id) if self.originals is not None else None
        if path is None:
            raise BadInput(f"{growing.name}, which you gave earlier, is not kept any more.")
        attachment = Attachment(path, growing.name, media.identify(path, growing.name))
        modality = modality_for(attachment.media_type)
        record = TurnRecord(Turn(()), Conversation(), threading.Event())
        steps = self._senses(modality.name, record, self.sees_images, growing.scope)
        try:
            while True:
                next(steps)  # a model is being loaded
        except StopIteration as end:
            senses: Senses = end.value
        senses = replace(senses, breathe=breathe)
        assert isinstance(modality, Lasting), "only what lasts is begun and gone on with"
        medium: Medium = "video" if modality.name == "video" else "audio"
        return medium, modality.grow(attachment, senses, Mark.from_json(growing.rest))

    def forget(self, conversation_id: str) -> None:
        """Removes what was given in a conversation. Waits for nothing: an unloaded library holds nothing."""
        if self.library.state == "ready":
            self.library.get().forget(conversation_id)
        shutil.rmtree(_passing(conversation_id), ignore_errors=True)
        if self.originals is not None:  # last: its folder says what is still to be removed
            self.originals.forget(conversation_id)

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

    def _answer(self, record: TurnRecord) -> Generator[Event]:
        self._check(record.turn)
        yield from self._take_in(record)
        yield from self._file(record)
        if (known := (yield from self._origin(record))) is not None:
            yield from self._tell_origin(record, known)
            return
        found = yield from self._search(record)
        self._say_what_is_missing(record)
        if when := self._when(record, found):
            yield from self._tell_when(record, when)
            return
        engine = yield from self._wait(self.engine, record)
        given_now = [document.source_id for document in record.documents]
        record.nearness = max((piece.score for piece in found), default=0.0)
        way = "concatenation" if record.reads == "whole" else self.settings.fusion  # "report.pdf" names no medium
        fused = fusion.weigh(found, record.question, way, given_now)
        record.media_weights = fused.media_weights
        budget = engine.profile.evidence_tokens * (WHOLE if record.about_whole else 1)
        kept = fusion.choose(
            fused.evidence, budget, lambda text: _count(engine, text), record.question, meant=record.meant
        )
        at_moment.point_out(record.conversation, kept, MOST_FRAMES[engine.profile.small])
        asking = Asking(engine, self.settings, record)
        if record.asked_of_files and not kept and not asking.pictures:
            said, prompt = "", fusion.NOTHING  # no model is asked to answer from nothing
        else:
            yield Status("answering", "Answering")
            said, prompt = yield from asking.ask(kept)
        yield Done(self._finish(record, engine, said, prompt))

    def _check(self, turn: Turn) -> None:
        limits = self.settings.limits
        if len(turn.text) > limits.question_characters:
            raise BadInput(
                f"Your question has {len(turn.text):,} characters, and I take {limits.question_characters:,}. "
                "Put the long part into a text file and attach that: then I can search it."
            )
        if not turn.text and not turn.attachments:
            raise BadInput("Ask something: type a question, record one, or hand me a file.")
        for attachment in turn.attachments:
            if not attachment.path.is_file():
                raise BadInput(f"There is no file {attachment.name}. Check the name and try again.")
            size = attachment.path.stat().st_size
            if size > (most := media.most_bytes(attachment.path, attachment.name, limits)):
                raise BadInput(f"{attachment.name} has {size / 1e6:,.0f} MB; I take {most / 1e6:,.0f} MB.")

    def _take_in(self, record: TurnRecord) -> Generator[Event]:
        """Every attachment through its modality; what was spoken comes first, since it is the question."""
        yield from self._read_command(record)
        for attachment in sorted(record.turn.attachments, key=lambda each: not each.spoken):
            media_type = attachment.media_type or media.identify(attachment.path, attachment.name)
            modality = modality_for(media_type)
            senses = yield from self._senses(modality.name, record, whose=record.conversation.id)
            known = replace(attachment, media_type=media_type)
            with record.timed(STEPS.get(modality.name, "reading")):
                intake = yield from modality.take(known, senses, record.question)
                intake = self._keep(intake, known, record.conversation.id)
            record.intakes.append(intake)
            if intake.spoken:
                record.heard = " ".join(filter(None, (record.heard, intake.spoken)))
                record.question = " ".join(filter(None, (record.question, intake.spoken)))
            for image in intake.images:
                record.conversation.show(image)
        images, new = record.conversation.images, record.new_images
        record.meant = picture_references.meant(record.question, images, new)
        if not record.question:
            record.question = "What does this say?"
            record.notes.append("You asked nothing in words, so I was asked: “What does this say?”")

    def _read_command(self, record: TurnRecord) -> Generator[Event]:
        """The question as it was typed, or the one that a command stands for."""
        record.question = record.turn.text
        if self.presets is None or split(record.question) is None:
            return
        library = (yield from self._wait(self.library, record)) if record.conversation.libraries else None
        names = [*(each.name for each in record.shown), *_known(record, library).values()]
        expanded = self.presets.expand(record.question, names)
        if expanded is None:
            return
        there = len(set(expanded.files or names))
        if there < expanded.needs_files and not (record.conversation.exchanges and not there):
            raise BadInput(_needs(expanded.needs_files, there))
        record.question, record.reads, record.named = expanded.question, expanded.reads, expanded.files

    def _keep(self, intake: Intake, attachment: Attachment, scope: str) -> Intake:
        """Keeps the file where it can be opened later, unless it was only the question.

        A picture is remembered as one whoever looked at it, so that it can be spoken of by its number.
        """
        document = intake.document
        if not intake.images and document is not None and document.medium == "image" and document.picture is not None:
            width, height = media.open_picture(attachment.path, self.settings.limits, attachment.name).size
            image = Image(attachment.path, attachment.name, width, height, document.source_id)
            intake = replace(intake, images=(image,))
        if self.originals is None or (intake.document is None and not intake.images):
            return intake
        source_id = intake.document.source_id if intake.document else media.digest(attachment.path)
        kept = self.originals.keep(attachment.path, scope, source_id, attachment.name)
        whole = attachment.path  # a picture is the file itself; a frame of a video has a file of its own
        images = (replace(image, path=kept) if image.path == whole else image for image in intake.images)
        return replace(intake, images=tuple(images))

    def _senses(
        self, modality: str, record: TurnRecord, known_to_see: Callable[[], bool] | None = None, whose: str = ""
    ) -> Generator[Status, None, Senses]:
        """What the modality may use. The models it will need are waited for here, with a word. whose: the conversation
        that keeps what is made of the file; "" where nothing is kept."""
        sees, describer = False, None
        if modality in HEARD:
            yield from self._wait(self.transcriber, record)
        if modality in SEEN:
            yield from self._wait(self.reader, record)
            if known_to_see is not None:
                sees = known_to_see()
            else:
                sees = (yield from self._wait(self.engine, record)).profile.sees_images
            describer = None if sees else (yield from self._wait(self.describer, record))
        guesser = None
        if modality == "image" and self.guesser is not None and not sees and describer is None:
            guesser = yield from self._wait(self.guesser, record)
        return Senses(
            transcribe=lambda path, name: self._transcribe(path, name, record),
            describe=describer.describe if describer else None,
            read_picture=lambda image: self.reader.get().describe(image, ""),
            load_document=self.load_document,
            engine_sees_images=sees,
            limits=self.settings.limits,
            guess=guesser.look if guesser else None,
            picture_facts=self.settings.picture_facts,
            hear=lambda samples, language: self._hear(samples, language, record),
            at_once_seconds=self.settings.limits.at_once_seconds if whose and self.background else float("inf"),
            beside=self._beside(whose) if whose else None,
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

    def _file(self, record: TurnRecord) -> Generator[Event]:
        documents = record.documents
        if not documents:
            return
        library = yield from self._wait(self.library, record)
        with record.timed("filing"):
            for document in documents:
                yield Status("reading", f"Filing {document.name}")
                library.add(document, record.conversation.id)
                record.conversation.sources[document.source_id] = document.name
        if self.background is not None and any(document.rest for document in documents):
            self.background.wake()

    def _origin(self, record: TurnRecord) -> Generator[Event, None, find_source.Origin | None]:
        """For a picture shown with "which document is this?": the page that holds its words."""
        pictures = [document for document in record.documents if document.medium == "image"]
        if not pictures or not asks_for_origin(record.question):
            return None
        library = yield from self._wait(self.library, record)
        yield Status("searching", "Looking for where this comes from")
        with record.timed("searching"):
            return find_source.find(pictures, library, record.conversation.scopes)

    def _tell_origin(self, record: TurnRecord, known: find_source.Origin) -> Generator[Event]:
        cited = find_source.told(known, record.question)
        record.nearness = known.share
        words = citations.drop_made_up_numbers(cited.text)
        record.conversation.exchanges.append(Exchange(record.question, words))
        yield Delta(words)
        prompt = replace(fusion.NOTHING, evidence=(known.piece,))
        yield Done(record.answer(cited.text, cited, prompt, 0, list(self.models().items())))

    def _say_what_is_missing(self, record: TurnRecord) -> None:
        """Of recordings that are still being taken in, or were taken in meanwhile."""
        record.notes += self.background.notes(record.conversation.id) if self.background is not None else ()
        for doing in self.background.doing(record.conversation.id) if self.background is not None else ():
            at, of = clock(doing.at), clock(doing.of)
            if doing.watching:
                record.notes.append(f"I have heard all of {doing.name} and looked at {at} of {of} so far.")
            elif doing.of:
                record.notes.append(f"I have heard the first {at} of {of} of {doing.name} so far; the rest follows.")
            else:
                record.notes.append(f"I have heard the first {at} of {doing.name} so far; the rest follows.")

    def _when(self, record: TurnRecord, found: Sequence[Evidence]) -> list[at_moment.Moment]:
        """For "when does she mention the price": where that is in the recordings; empty for any other question."""
        if record.reads or not at_moment.asks_when(record.question) or at_moment.asked(record.question) is not None:
            return []
        if found and found[0].medium not in HEARD and not fusion.named(record.question) & set(HEARD):
            return []  # "when does the letter say …" asks for a date
        with record.timed("searching"):
            return at_moment.find(record.question, found, self._loaded_embedder())

    def _tell_when(self, record: TurnRecord, when: Sequence[at_moment.Moment]) -> Generator[Event]:
        """No model is asked: the recording's own words are the answer, and their second is known."""
        cited = at_moment.told(when, record.question)
        record.nearness = max(moment.nearness for moment in when)
        words = citations.drop_made_up_numbers(cited.text)
        record.conversation.exchanges.append(Exchange(record.question, words))
        yield Delta(words)
        prompt = replace(fusion.NOTHING, evidence=tuple(dict.fromkeys(moment.piece for moment in when)))
        yield Done(record.answer(cited.text, cited, prompt, 0, list(self.models().items())))

    def _loaded_embedder(self) -> Embedder | None:
        return self.embedder.get() if self.embedder is not None and self.embedder.state == "ready" else None

    def _search(self, record: TurnRecord) -> Generator[Event, None, list[Evidence]]:
        """The library, asked with the question as it stands in the conversation."""
        given = record.conversation.sources or record.conversation.libraries
        library = (yield from self._wait(self.library, record)) if given else None
        nothing = library is None or not _searchable(library, record.conversation)
        if library is None or nothing or record.reads == "nothing":
            record.asked_of_files = nothing and bool(record.shown)
            return []
        yield Status("searching", "Searching what you gave me")
        scopes = record.conversation.scopes
        if (there := self._at_moment(record, library)) is not None:
            return there
        asked_for = yield from self._standing_alone(record)
        with record.timed("searching"):
            found = library.search(asked_for, scopes, limit=SEARCHED)
        if record.reads == "whole" or (not record.reads and is_about_whole(record.question)):
            return self._beginnings(record, library, found)
        if record.meant and not record.reads:
            return self._of_pictures(record, library, asked_for, found)
        if not found and search_query.is_foreign(record.question, library.beginning(scopes, limit=3)):
            found = yield from self._search_translated(record, library)
        record.about_whole = searches = record.reads == "search"
        worded = any(not document.is_wordless for document in record.documents)
        asked = worded or is_question(record.question) or _touches(record.question, found) or searches
        record.asked_of_files = asked
        record.among_many = len(found) >= SEARCHED
        near = NEAR_OF_MANY if record.among_many else NEAR
        if max((piece.score for piece in found), default=0.0) < near:
            return []
        return found if asked else []  # a greeting or a poem is not asked of the files

    def _at_moment(self, record: TurnRecord, library: Library) -> list[Evidence] | None:
        """What stands in the recordings at the seconds that the question names; None where it names none of theirs."""
        span = None if record.reads else at_moment.asked(record.question)
        if span is None:
            return None
        scopes = record.conversation.scopes
        now = [document.source_id for document in record.documents if document.medium in HEARD]
        every = library.during(scopes, 0.0, float("inf"), now) if span.from_end else []
        span = at_moment.placed(span, every)
        there = at_moment.meant(
            at_moment.during(library.during(scopes, span.start, span.end, now), span), record.question
        )
        if not there:
            return None
        record.asked_of_files = record.about_whole = True
        record.nearness = 1.0
        return [replace(piece, score=1.0 - 0.001 * number) for number, piece in enumerate(there)]

    def _of_pictures(
        self, record: TurnRecord, library: Library, asked_for: str, found: list[Evidence]
    ) -> list[Evidence]:
        """For a question about certain pictures: what they say comes first, of each the nearest, or its beginning."""
        record.asked_of_files, scopes = True, record.conversation.scopes
        if len(record.meant) > 1 and picture_references.compares(record.question):
            record.about_whole = True
            first = library.beginning(scopes, record.meant, SEARCHED)
            words = [piece for piece in first if compare_pictures.is_read(piece)]
            if {piece.source_id for piece in words} >= set(record.meant):
                first = words  # what else is known of them, as their size, is not what is asked
            found = [piece for piece in found if piece.source_id not in record.meant]
            return [*(replace(piece, score=1.0 - 0.01 * at) for at, piece in enumerate(first)), *found]
        near = library.search(asked_for, scopes, limit=SEARCHED, within=record.meant)
        there = {piece.source_id for piece in near}
        rest = [each for each in record.meant if each not in there]
        near += library.beginning(scopes, rest, SEARCHED) if rest else []
        return [*near, *(piece for piece in found if piece.source_id not in record.meant)]

    def _standing_alone(self, record: TurnRecord) -> Generator[Event, None, str]:
        if record.documents or record.reads or not search_query.points_back(record.question, record.conversation):
            return record.question
        engine = yield from self._wait(self.engine, record)
        with record.timed("searching"):
            alone = search_query.standing_alone(record.question, record.conversation, engine, record.stop)
        record.notes.append(f"I searched for “{alone}”.")
        return alone

    def _search_translated(self, record: TurnRecord, library: Library) -> Generator[Event, None, list[Evidence]]:
        """For a question in another script than the files, where words cannot meet: the engine translates it."""
        engine = yield from self._wait(self.engine, record)
        with record.timed("searching"):
            words = search_query.translated(record.question, engine, record.stop)
            record.notes.append(f"I searched for “{words}”, since what you gave me is in another language.")
            return library.search(words, record.conversation.scopes, limit=SEARCHED)

    def _beginnings(self, record: TurnRecord, library: Library, found: Sequence[Evidence]) -> list[Evidence]:
        """For what no words can be searched for ("summarise this"): the files from their beginning on."""
        named = [source_id for source_id, name in _known(record, library).items() if name in record.named]
        given_now = named or [document.source_id for document in record.documents]
        record.asked_of_files = record.about_whole = True
        heard = library.during(record.conversation.scopes, 0.0, float("inf"), given_now)
        if len(heard) > FEW and {piece.source_id for piece in heard} >= set(given_now or _known(record, library)):
            first = at_moment.spread(heard, FEW)
            record.notes.append("This is about the whole, so I took parts from all of its length.")
        else:
            first = library.beginning(record.conversation.scopes, given_now, SEARCHED)
            record.notes.append("This is about the whole, so I read from the beginning, as far as the model takes it.")
        known = {piece.content for piece in first}
        in_order = [replace(piece, score=1.0 - 0.01 * number) for number, piece in enumerate(first)]
        return in_order + [replace(piece, score=0.5 * piece.score) for piece in found if piece.content not in known]

    def _finish(self, record: TurnRecord, engine: Engine, said: str, prompt: Prompt) -> Answer:
        """Ties sentences to evidence; says plainly when nothing given supports an answer."""
        written = said
        grounded = picture_answers.read(said, prompt.showing, engine.profile)
        said = grounded.text
        with record.timed("checking"):
            cited = citations.cite(said, prompt.evidence, record.question, self._loaded_embedder(), record.numbers)
            if record.about_whole:
                cited = at_moment.with_times(cited)
        if (by_lines := self._compared(record, engine, cited, prompt)) is not None:
            said = text = by_lines.text
            cited = by_lines
        elif self._holds_nothing(record, said, cited, prompt):
            text = _not_found(record)
            cited = Cited(text, (), ())
        else:
            if not prompt.evidence:
                cited = Cited(cited.text, (), ())  # nothing was asked of the files, so nothing is missing
            cited = picture_answers.cite(cited, grounded, prompt.showing)
            text, said = cited.text, picture_answers.plain(said)
        words = citations.drop_made_up_numbers(said) if cited.citations or not prompt.evidence else text
        if text:
            record.conversation.exchanges.append(Exchange(record.question, words))
        return record.answer(text, cited, prompt, _count(engine, written), list(self.models().items()))

    def _compared(self, record: TurnRecord, engine: Engine, cited: Cited, prompt: Prompt) -> Cited | None:
        """For pictures that nobody saw: their texts line by line, where the model's words on them are in none, or a
        small model spoke of one alone."""
        wanted = picture_references.compares(record.question) and len(record.meant) > 1 and not prompt.images
        spoken_of = {citation.source_id for citation in cited.citations}
        enough = 2 if engine.profile.small else 1
        if not wanted or len(spoken_of) >= enough or record.stop.is_set():
            return None
        return compare_pictures.told(prompt.evidence, record.numbers, record.question)

    def _holds_nothing(self, record: TurnRecord, said: str, cited: Cited, prompt: Prompt) -> bool:
        """Whether what was asked of the files is in none of them."""
        if record.stop.is_set() or not record.asked_of_files:
            return False
        if not said or abstains(said):
            return True
        unsupported = not cited.citations and bool(cited.unsupported) and not cited.foreign
        return is_question(record.question) and unsupported and not prompt.images

    def _wait(self, part: Part[Made], record: TurnRecord) -> Generator[Status, None, Made]:
        """The part, loaded; says what is loading while it is not. Raises what loading it raised."""
        if part.state == "failed":
            part.retry()  # the network, or the disk, may be back
        with record.timed("waiting for models"):
            while not part.wait(0.0 if part.state == "ready" else 1.0):
                if record.stop.is_set():
                    raise BadInput("Stopped before the models were loaded. Ask again in a moment.")
                yield Status("loading", f"{part.name}: {in_words(part.progress)}")
        return part.get()


def _hints(record: TurnRecord) -> list[str]:
    """What the speech model may spell alike: names of files, what was typed, what was talked about."""
    return [*(each.name for each in record.shown), record.question, *record.conversation.hints()]


def _passing(conversation_id: str) -> Path:
    return Path(tempfile.gettempdir()) / f"medley-{conversation_id}"


def _known(record: TurnRecord, library: Library | None) -> dict[str, str]:
    """source_id → name of every file that may be meant."""
    shelved = [library.sources(scope) for scope in record.conversation.libraries] if library is not None else []
    everything = (*shelved, record.conversation.sources)
    return {source_id: name for sources in everything for source_id, name in sources.items()}


def _searchable(library: Library, conversation: Conversation) -> bool:
    """Whether files were given that can be asked: a recording without speech and a picture without text say nothing."""
    own = conversation.id
    if conversation.libraries or library.beginning(own, limit=1) or library.growing(own):
        return True
    known = library.facts(own)
    return any(source not in known or known[source].medium == "text" for source in conversation.sources)


def _needs(files: int, there: int) -> str:
    needed = "something to read" if files == 1 else f"{files} files"
    return f"That needs {needed}, and there is {there or 'nothing'} here. Hand it to me along with the command."


def _touches(question: str, found: Sequence[Evidence]) -> bool:
    return bool(found) and citations.coverage(question, "\n".join(piece.content for piece in found[:3])) >= 0.5


def _not_found(record: TurnRecord) -> str:
    names = list(dict.fromkeys([*record.conversation.sources.values(), *(each.name for each in record.shown)]))
    language = "zh" if is_cjk(record.question) else ""
    return render("not_found.md.j2", names=names[-MOST_NAMES:], more=len(names) > MOST_NAMES, language=language)


def _count(engine: Engine, text: str) -> int:
    return engine.count_tokens([Message("assistant", (Text(text),))]) if text else 0
