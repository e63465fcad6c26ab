"""A call: frames of a microphone in, turns of a conversation and a voice out.

One thread of its own takes everything in order, asks `TurnTaking` what follows, and does it; whatever takes long is
done by workers, which put what they made into the same queue. A turn of a call is an ordinary turn of its conversation.
"""

import logging
import queue
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from assistant.call import messages
from assistant.call.activity import Activity
from assistant.call.echo_detector import EchoDetector
from assistant.call.endpoint_detector import EndpointConfig, EndpointDetector
from assistant.call.messages import CallMessage
from assistant.call.phrases import Phrases
from assistant.call.turn_taking import (
    Action,
    AskAssistant,
    PauseVoice,
    ResumeVoice,
    ShowState,
    ShowWords,
    StopSpeaking,
    TranscribeUtterance,
    TurnTaking,
    UtteranceSoFar,
)
from assistant.call.workers import Workers
from assistant.conversations.conversations import Conversations
from assistant.conversations.history import StoredTurn
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Speaker, SpeechAudio, Transcriber
from assistant.values.errors import AssistantError
from assistant.values.events import Delta, Done, Event, Failed
from assistant.values.messages import NOTHING, Message, say
from assistant.values.parts import Text, Turn

log = logging.getLogger(__name__)

NO_VOICE = say("There is no voice on this machine, so answers are only written.")
NOT_HEARD = say("I could not hear that because the speech model failed. Say it again.")
BROKEN = say("Something went wrong inside the program, and there is no answer to that. Say it again.")


@dataclass(frozen=True)
class CallModels:
    """The models with which a call hears and speaks."""

    activity: Activity
    transcriber: Callable[[], Transcriber]
    """Waits until the speech model is loaded."""
    speaker: Callable[[], Speaker | None]
    """Waits until the voice is loaded. None: there is no voice, so answers are only written."""
    phrases: Callable[[], Phrases]
    """Makes a new one for each answer."""
    language: str = ""
    """The language of the person, ISO 639-1; "" to find it at each turn."""
    hints: tuple[str, ...] = ()
    """Hints as `Transcriber` takes them, used until something was said in the conversation."""
    endpoint_config: EndpointConfig = field(default_factory=EndpointConfig)


@dataclass(frozen=True)
class CallTarget:
    """The conversation that a call belongs to."""

    owner: str
    conversation: str = ""
    """Its id; "" for a conversation that begins with the first turn."""
    libraries: tuple[str, ...] = ()
    """Ids of the libraries that a new conversation may search."""
    address: str = ""
    """Of the network that the call comes from; see `FairQueue`."""


# What workers put into the queue


@dataclass(frozen=True)
class _Transcribed:
    hearing: UtteranceSoFar
    text: str
    trouble: Message = NOTHING


@dataclass(frozen=True)
class _AnswerStarted:
    answer: int
    stored: StoredTurn


@dataclass(frozen=True)
class _AnswerEvent:
    answer: int
    event: Event


@dataclass(frozen=True)
class _AnswerEnded:
    """The answer has come to its end, whatever that was. failed: what the person is told."""

    answer: int
    failed: Message = NOTHING


@dataclass(frozen=True)
class _VoicePiece:
    """A piece of voice; None: there is no more of this answer. version: which one of its texts it speaks."""

    answer: int
    version: int
    spoken: SpeechAudio | None
    trouble: Message = NOTHING


class Call:
    """tell: takes what the page is told; called from the thread of the call alone.

    in_their_words: a sentence of ours in the person's language, for speaking it.
    """

    def __init__(
        self,
        target: CallTarget,
        conversations: Conversations,
        models: CallModels,
        workers: Workers,
        tell: Callable[[CallMessage], None],
        in_their_words: Callable[[str], str] = str,
    ) -> None:
        self.target = target
        self._conversations, self._models, self._workers = conversations, models, workers
        self._tell, self._in_their_words = tell, in_their_words
        self._inbox: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._echo = EchoDetector()
        self._turn_taking = TurnTaking(EndpointDetector(models.endpoint_config), self._echo)
        self._number = 0  # of the next frame
        self._latest: UtteranceSoFar | None = None
        self._stop = threading.Event()  # ends the answer being made
        self._turn_id = ""  # the turn asked last
        self._hints: Sequence[str] | None = None
        self._phrases: Phrases | None = None
        self._said = ""  # of the answer, as it was written
        self._version = 0  # of its text
        self._piece = 0
        self._pieces: dict[int, SpeechAudio] = {}
        self._silent = False  # it was said that there is no voice
        self._over = False

    # For any thread

    def frame(self, samples: Vectors) -> None:
        """The next 32 ms of the microphone."""
        self._inbox.put(samples)

    def do(self, what: Callable[["Call"], None]) -> None:
        """One of the verbs below, in its turn."""
        self._inbox.put(what)

    def end(self) -> None:
        """Hangs up. The turns stay in their conversation; an answer in the making ends as stopped."""
        self._stop.set()
        self._inbox.put(None)

    # The person's verbs, for the thread of the call

    def mute(self, on: bool) -> None:
        self._act(self._turn_taking.mute(on))

    def stop_speaking(self) -> None:
        """No more of this answer, please."""
        self._act(self._turn_taking.stop_speaking())

    def speaks(self, language: str) -> None:
        """The person speaks this language from now on, ISO 639-1; "" to find it at each turn."""
        self._models = replace(self._models, language=language)

    def playing(self, piece: int, frame: int, skipped: float = 0.0) -> None:
        """This piece sounds since that frame of the microphone, from `skipped` seconds on."""
        if (spoken := self._pieces.get(piece)) is not None:
            self._echo.plays(spoken.samples[round(skipped * spoken.rate) :], spoken.rate, min(frame, self._number + 32))
        self._act(self._turn_taking.playing(piece))

    def paused(self, frame: int) -> None:
        """Since that frame nothing sounds."""
        self._echo.stops(frame)

    def played(self, piece: int) -> None:
        self._pieces.pop(piece, None)
        self._act(self._turn_taking.played(piece))

    # The thread

    def run(self) -> None:
        """Until it is over. Whatever goes wrong in it is logged, and the call goes on."""
        self._tell(messages.StateChanged("listening", False))
        for load, model in (
            (self._workers.hear, self._models.transcriber),
            (self._workers.speak, self._models.speaker),
        ):
            load(partial(_warm, model))
        while not self._over:
            self.step(self._inbox.get())
        self._workers.close()

    def step(self, item: object) -> None:
        """One thing from the queue."""
        try:
            self._take(item)
        except AssistantError as error:
            self._tell(messages.CallError(error.message))
        except Exception:
            log.exception("A call stumbled and goes on")
            self._tell(messages.CallError(BROKEN))

    def drain(self) -> None:
        """All that is in the queue; for a test that has no thread."""
        while not self._inbox.empty():
            self.step(self._inbox.get())

    def _take(self, item: object) -> None:
        match item:
            case None:
                self._over = True
                self._stop.set()
            case _Transcribed(hearing, text, trouble):
                if trouble:
                    self._tell(messages.CallError(trouble))
                self._act(self._turn_taking.heard(hearing, text))
            case _AnswerStarted(answer, stored):
                self._begun(answer, stored)
            case _AnswerEvent(answer, event):
                if answer == self._turn_taking.answer and not self._stop.is_set():
                    self._write(answer, event)
            case _AnswerEnded(answer, failed):
                self._written(answer, failed)
            case _VoicePiece():
                self._spoke(item)
            case _ if callable(item):
                item(self)
            case _:
                self._hear_frame(item)  # type: ignore[arg-type]

    def _hear_frame(self, samples: Vectors) -> None:
        probability = 0.0 if self._turn_taking.muted else self._models.activity.probability(samples)
        acts = self._turn_taking.frame(self._number, samples, probability)
        self._number += 1
        self._act(acts)

    # What follows

    def _act(self, acts: list[Action]) -> None:
        for act in acts:
            match act:
                case TranscribeUtterance(hearing, samples):
                    self._hear(hearing, samples)
                case AskAssistant(answer, text, instead):
                    self._ask(answer, text, instead)
                case StopSpeaking():
                    self._stop.set()
                    self._pieces.clear()
                    self._echo.stops(self._number)
                    self._tell(messages.DiscardAudio())
                case PauseVoice() | ResumeVoice():
                    self._tell(messages.PausePlayback(isinstance(act, PauseVoice)))
                case ShowState(state, muted):
                    self._tell(messages.StateChanged(state, muted))
                case ShowWords(text, final):
                    self._tell(messages.HeardText(text if final else "", "" if final else text, final))

    def _hear(self, hearing: UtteranceSoFar, samples: Vectors) -> None:
        self._latest, models = hearing, self._models

        def job() -> None:
            if not hearing.final and hearing != self._latest:
                return  # a later one is waiting
            try:
                text = models.transcriber().transcribe(samples, models.language, hints=self._hinted()).text
                self._inbox.put(_Transcribed(hearing, text))
            except AssistantError as error:
                self._inbox.put(_Transcribed(hearing, "", error.message))
            except Exception:
                log.exception("An utterance was not heard")
                self._inbox.put(_Transcribed(hearing, "", NOT_HEARD))

        self._workers.hear(job)

    def _hinted(self) -> Sequence[str]:
        """As Transcriber has hints; read anew after each answer, and not with each hearing."""
        if self._hints is None:
            found = self._conversations.hints(self.target.owner, self.target.conversation)
            self._hints = found or self._models.hints
        return self._hints

    def _ask(self, answer: int, text: str, instead: bool) -> None:
        stop = self._stop = threading.Event()
        self._said, self._phrases = "", self._models.phrases()
        before = self._turn_id if instead else ""

        def job() -> None:
            failed = NOTHING
            try:
                stored, events = self._begin(text, before, stop)
                self._inbox.put(_AnswerStarted(answer, stored))
                for event in events:
                    self._inbox.put(_AnswerEvent(answer, event))
            except AssistantError as error:
                failed = error.message
            except Exception:
                log.exception("A call got no answer")
                failed = BROKEN
            self._inbox.put(_AnswerEnded(answer, failed))

        self._workers.answer(job)

    def _begin(self, text: str, instead_of: str, stop: threading.Event) -> tuple[StoredTurn, Iterator[Event]]:
        """The turn, after the last one that the conversation shows; or in the place of the one given."""
        history, target = self._conversations.history, self.target
        if instead_of:
            return self._conversations.again(target.owner, instead_of, stop, text=text, address=target.address)
        if not target.conversation:
            made = history.make(target.owner).id
            if target.libraries:
                history.use_libraries(target.owner, made, target.libraries)
            self.target = target = replace(target, conversation=made)
        turns = history.turns(target.owner, target.conversation)
        after = turns[-1].id if turns else ""
        return self._conversations.ask(
            target.owner, target.conversation, Turn((Text(text),)), after, stop, target.address
        )

    # The answer

    def _begun(self, answer: int, stored: StoredTurn) -> None:
        if answer == self._turn_taking.answer:
            self._turn_id = stored.id
        self._tell(messages.TurnStarted(stored.conversation, stored.id))

    def _write(self, answer: int, event: Event) -> None:
        match event:
            case Delta(text):
                self._say_more(answer, text)
            case Done(result):
                if not _same(self._said, result.text) and not result.stopped:
                    self._correct(answer, result.text)
                self._tell(messages.TurnEnded(result.text))
            case Failed(sentence):
                self._tell(messages.CallError(sentence))
                self._correct(answer, self._in_their_words(sentence))
                self._tell(messages.TurnEnded())

    def _say_more(self, answer: int, text: str) -> None:
        assert self._phrases is not None
        self._said += text
        self._tell(messages.TextDelta(text))
        for phrase in self._phrases.feed(text):
            self._speak(answer, phrase)

    def _correct(self, answer: int, text: str) -> None:
        """The answer became another one than was written first: that one is spoken instead of what has not sounded."""
        if self._said.strip():
            self._version += 1
            self._pieces.clear()
            self._echo.stops(self._number)
            self._turn_taking.dropped()
            self._tell(messages.DiscardAudio())
        self._phrases = self._models.phrases()
        self._say_more(answer, text)

    def _written(self, answer: int, failed: Message) -> None:
        self._hints = None
        if answer != self._turn_taking.answer:
            return
        if failed:
            self._tell(messages.CallError(failed))
            self._tell(messages.TurnEnded())
        if self._stop.is_set():
            self._tell(messages.TurnEnded())
            self._act(self._turn_taking.finished(answer))
            return
        if failed:
            self._correct(answer, self._in_their_words(failed))
        for phrase in self._phrases.end() if self._phrases is not None else ():
            self._speak(answer, phrase)
        version = self._version
        self._workers.speak(lambda: self._inbox.put(_VoicePiece(answer, version, None)))

    def _speak(self, answer: int, phrase: str) -> None:
        stop, models, version = self._stop, self._models, self._version
        self._echo.says(phrase)

        def job() -> None:
            if stop.is_set() or version != self._version:
                return
            spoken, trouble = None, NOTHING
            try:
                speaker = models.speaker()
                if speaker is None:
                    trouble = NO_VOICE
                else:
                    spoken = speaker.say(phrase)
            except AssistantError as error:
                trouble = error.message
            except Exception:
                log.exception("A sentence was not spoken")
                trouble = NO_VOICE
            self._inbox.put(_VoicePiece(answer, version, spoken, trouble))

        self._workers.speak(job)

    def _spoke(self, piece: _VoicePiece) -> None:
        if piece.trouble:
            if not self._silent:
                self._tell(messages.CallError(piece.trouble))
            self._silent = True
        elif piece.version != self._version:
            return
        elif piece.spoken is None:
            self._act(self._turn_taking.finished(piece.answer))
        elif not self._stop.is_set() and self._turn_taking.begun(self._piece + 1, piece.answer):
            self._piece += 1
            self._pieces[self._piece] = piece.spoken
            self._tell(messages.AudioChunk(self._piece, piece.spoken))


def _warm(model: Callable[[], object]) -> None:
    """Loaded before it is needed. What is in the way is said when it is."""
    with suppress(Exception):
        model()


def _same(said: str, text: str) -> bool:
    """Whether the finished answer says what was written while it was made, numbers of citations aside."""
    return _letters(text).startswith(_letters(said)[:200]) if said.strip() else not text.strip()


def _letters(text: str) -> str:
    return "".join(letter for letter in re.sub(r"\[\d+\]|†", "", text).casefold() if letter.isalnum())
