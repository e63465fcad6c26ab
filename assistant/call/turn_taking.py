"""TurnTaking: who speaks now, the person, the assistant or nobody. Frames, words and playback go in, actions come out.

listening → hearing (somebody begins) → thinking (ended, with words) → speaking (the answer sounds) → listening.
Whoever begins while the answer is made or spoken pauses it at once. Words end it and are the next turn; noise, the
assistant's own voice and a mere "mhm" let it go on where it was. Nothing here waits, sounds or knows the time.
"""

from dataclasses import dataclass, field
from typing import Literal

from assistant.call.activity import FRAME_SECONDS
from assistant.call.echo_detector import EchoDetector, pieces
from assistant.call.endpoint_detector import EndpointDetector
from assistant.ports.embedding import Vectors
from assistant.ports.speech import joined

CallState = Literal["listening", "hearing", "thinking", "speaking"]

FIRST_TRANSCRIPTION = 0.6  # seconds of an utterance after which it is heard for the first time
EVERY = 0.9  # seconds between two hearings of an utterance that goes on
WORDLESS = 2.5  # seconds of sound without a word, after which an interruption was none; twice that, and nobody spoke
BACKCHANNELS = frozenset(
    "mhm mm hmm hm uh-huh uh huh yeah yep yes ok okay right sure aha ah oh i see good "
    "嗯 哦 噢 对 好 好的 是 是的 对对 嗯嗯".split()
)
STOP_WORDS = frozenset(
    "stop|wait|quiet|be quiet|shut up|enough|hold on|停|停下|停一下|等等|等一下|别说了|安静|够了".split("|")
)
_UNFINISHED = (",", "，", "、", "…", "...", "-", "—", " and", " or", " but", " the", " of", " to")


@dataclass(frozen=True)
class UtteranceSoFar:
    """An utterance as far as it had come: which one, with how many frames of speech. final: it has ended."""

    utterance: int
    voiced: int
    final: bool = False


@dataclass(frozen=True)
class TranscribeUtterance:
    """Transcribe this, and tell `TurnTaking.heard`."""

    hearing: UtteranceSoFar
    samples: Vectors = field(repr=False)


@dataclass(frozen=True)
class AskAssistant:
    """A turn. instead: it takes the place of the turn asked last, of which nothing was answered aloud."""

    answer: int
    text: str
    instead: bool = False


@dataclass(frozen=True)
class StopSpeaking:
    """The answer ends here: nothing more is written or spoken of it."""


@dataclass(frozen=True)
class PauseVoice:
    """The voice stops for now, at once."""


@dataclass(frozen=True)
class ResumeVoice:
    """The voice goes on where it stopped."""


@dataclass(frozen=True)
class ShowState:
    state: CallState
    muted: bool


@dataclass(frozen=True)
class ShowWords:
    """The person's words so far."""

    text: str
    final: bool = False
    """Whether they are the turn. Final and empty: nothing was said after all."""


Action = TranscribeUtterance | AskAssistant | StopSpeaking | PauseVoice | ResumeVoice | ShowState | ShowWords


class TurnTaking:
    def __init__(self, detector: EndpointDetector, echo: EchoDetector) -> None:
        self.state: CallState = "listening"
        self.muted = False
        self.answer = 0  # number of the answer being made or spoken
        self._detector, self._echo = detector, echo
        self._making = False  # the answer is being written, or made into sound
        self._waiting: set[int] = set()  # pieces of its voice that were not played to their end
        self._sounded = False  # any of it
        self._asked = ""
        self._took_over = False  # from the answer, by what is being said
        self._instead = False  # what is being said goes on from that question, whose answer nobody heard
        self._utterance = 0
        self._interrupting = False
        self._over_voice = False  # the utterance began while the voice sounded
        self._ending = False  # an utterance has ended, and its words are on their way
        self._asked_hearing: UtteranceSoFar | None = None
        self._heard_at = 0.0
        self._guess: tuple[int, str] | None = None  # of how many voiced frames, what was heard
        self._late: UtteranceSoFar | None = None  # the utterance before, where the person went on before it was heard
        self._carried = ""
        self._decided: str | None = None

    # What comes in

    def frame(self, number: int, samples: Vectors, probability: float) -> list[Action]:
        """The next frame of the microphone."""
        if self.muted:
            return []
        if self._echo.is_own(samples, number) and not self._detector.speaking:
            probability = 0.0
        match self._detector.take(samples, probability):
            case "began":
                return self._began(number)
            case "paused":
                return self._listen()
            case "ended":
                return self._ended()
        if (
            self._detector.speaking
            and self._asked_hearing is None
            and self._detector.silence < self._detector.config.pause
        ):
            since = self._detector.seconds - self._heard_at
            if since >= (
                EVERY if self._heard_at else FIRST_TRANSCRIPTION + self._detector.config.before * FRAME_SECONDS
            ):
                return self._listen()
        return []

    def heard(self, hearing: UtteranceSoFar, text: str) -> list[Action]:
        """What was said there, "" where nothing believable was."""
        text = text.strip()
        if hearing == self._late:
            self._late, self._carried = None, joined((self._carried, text))
            return self._decide(self._decided) if self._decided is not None else []
        if hearing == self._asked_hearing:
            self._asked_hearing = None
        if hearing.utterance != self._utterance or not (self._detector.speaking or self._ending):
            return []
        acts: list[Action] = [ShowWords(joined((self._carried, text)))] if text and not self._repeats(text) else []
        whole = hearing.voiced == self._detector.voiced
        if whole and self._ending:
            return acts + self._decide(text)
        if whole and self._detector.silence:
            self._guess = (hearing.voiced, text)
            self._detector.end = self._patience(text)
        if self._interrupting and self._convinces(text):
            return acts + self._take_over()
        patience = WORDLESS if self._interrupting else 2 * WORDLESS
        if not text and self._detector.voiced * FRAME_SECONDS > patience:
            self._detector.forget(until_silence=True)
            return acts + self._nobody()
        return acts

    def begun(self, piece: int, answer: int) -> bool:
        """A piece of voice was made; whether it is wanted still."""
        if answer != self.answer or not self._making:
            return False
        self._waiting.add(piece)
        return True

    def playing(self, piece: int) -> list[Action]:
        """A piece of voice begins to sound where the person is."""
        if piece in self._waiting:
            self._sounded = True
        return self._settle()

    def played(self, piece: int) -> list[Action]:
        """It has come to its end."""
        self._waiting.discard(piece)
        return self._settle()

    def finished(self, answer: int) -> list[Action]:
        """All of this answer is written, and all of its voice made."""
        if answer == self.answer:
            self._making = False
        return self._settle()

    def mute(self, on: bool) -> list[Action]:
        """Muted, nobody is heard; what was being said until now counts."""
        acts: list[Action] = []
        if on and self._detector.speaking:
            acts = self._ended()
            self._detector.forget()
        elif on != self.muted:
            self._detector.forget()
        self.muted = on
        return [*acts, ShowState(self.state, on)]

    def dropped(self) -> None:
        """What was made of the voice and not played is not wanted any more; more will follow."""
        self._waiting.clear()

    def stop_speaking(self) -> list[Action]:
        """The person asks for silence by a button."""
        self._instead = False
        return [*self._silence(), *self._settle()]

    # The person's turn

    def _began(self, number: int) -> list[Action]:
        if self._ending:  # goes on before the words of the part before have come
            self._late, self._ending = self._asked_hearing, False
            if self._late is None:
                self._carried = joined((self._carried, self._guess[1] if self._guess else ""))
        self._utterance += 1
        self._asked_hearing, self._guess, self._heard_at = None, None, 0.0
        self._over_voice = self._echo.sounds(number)
        self._echo.begins()
        if self._busy and not self._interrupting:
            self._interrupting = True
            return [PauseVoice(), *self._show("hearing")]
        return self._show("hearing")

    def _listen(self, final: bool = False) -> list[Action]:
        hearing = UtteranceSoFar(self._utterance, self._detector.voiced, final)
        self._asked_hearing, self._heard_at = hearing, self._detector.seconds
        return [TranscribeUtterance(hearing, self._detector.utterance)]

    def _ended(self) -> list[Action]:
        voiced = self._detector.voiced
        if self._guess is not None and self._guess[0] == voiced:
            return self._decide(self._guess[1])
        self._ending = True
        shown = [] if self._interrupting else self._show("thinking")
        asked = self._asked_hearing
        if asked is not None and asked.voiced == voiced:
            return shown
        return shown + self._listen(final=True)

    def _decide(self, text: str) -> list[Action]:
        """The utterance has ended, and this is what was heard."""
        if self._late is not None:  # what it goes on from is still being heard
            self._decided = text
            return []
        self._decided, self._ending, self._guess = None, False, None
        if self._repeats(text):
            text = ""
        if not text:
            if self._over_voice:
                self._echo.was_own()
            if not self._carried and not self._instead:
                return self._nobody()
        text, self._carried = joined((self._carried, text)), ""
        if self._interrupting and _is(text, BACKCHANNELS):
            return self._nobody()
        acts = self._take_over() if self._busy or self._interrupting else []
        took_over, instead, self._took_over, self._instead = self._took_over, self._instead, False, False
        if took_over and _is(text, STOP_WORDS):
            return [*acts, ShowWords("", final=True), *self._settle()]
        return acts + self._ask(text, instead)

    def _ask(self, text: str, instead: bool) -> list[Action]:
        self._asked = joined((self._asked, text)) if instead else text
        self.answer += 1
        self._making, self._sounded = True, False
        return [
            ShowWords(self._asked, final=True),
            AskAssistant(self.answer, self._asked, instead),
            *self._show("thinking"),
        ]

    def _nobody(self) -> list[Action]:
        """Nobody said anything: all goes on as it was."""
        acts: list[Action] = [ResumeVoice()] if self._interrupting else []
        self._interrupting = self._ending = self._took_over = False
        self._carried = ""
        return [*acts, ShowWords("", final=True), *self._settle()]

    def _take_over(self) -> list[Action]:
        """It is the person's turn, perhaps before their sentence is over."""
        self._took_over, self._instead = True, not self._sounded
        return self._silence()

    # The assistant's turn

    @property
    def _busy(self) -> bool:
        """An answer is being made or spoken."""
        return self._making or bool(self._waiting)

    def _silence(self) -> list[Action]:
        was = self._busy or self._interrupting  # else the voice would be held for ever
        self._making, self._interrupting = False, False
        self._waiting.clear()
        return [StopSpeaking()] if was else []

    def _settle(self) -> list[Action]:
        """The state that follows from what is made and played, unless somebody is speaking."""
        if self._detector.speaking or self._ending or self._interrupting:
            return []
        if self._waiting and self._sounded:
            return self._show("speaking")
        return self._show("thinking" if self._busy else "listening")

    def _show(self, state: CallState) -> list[Action]:
        changed, self.state = state != self.state, state
        return [ShowState(state, self.muted)] if changed else []

    # What words mean

    def _convinces(self, text: str) -> bool:
        """Whether these words, though unfinished, are somebody who wants to speak."""
        if _is(text, STOP_WORDS):
            return True
        return len(pieces(text)) >= 2 and not _is(text, BACKCHANNELS) and not self._repeats(text)

    def _repeats(self, text: str) -> bool:
        """The voice's own words. It is paused as soon as it is heard, so they are few; a person may quote it longer."""
        return self._over_voice and self._detector.voiced * FRAME_SECONDS < 1.6 and self._echo.repeats(text)

    def _patience(self, text: str) -> int:
        config, text = self._detector.config, text.rstrip()
        if text.endswith(("?", "？")):
            return config.end_soon
        return config.end_late if text.casefold().endswith(_UNFINISHED) else config.end


def _is(text: str, phrases: frozenset[str]) -> bool:
    said = " ".join(pieces(text))
    return bool(said) and (
        said in phrases or said.replace(" ", "") in phrases or all(piece in phrases for piece in said.split())
    )
