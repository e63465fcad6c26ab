"""What a call tells the page, as values."""

from dataclasses import dataclass

from assistant.call.turn_taking import CallState
from assistant.ports.speech import SpeechAudio
from assistant.values.messages import Message


@dataclass(frozen=True)
class StateChanged:
    state: CallState
    muted: bool


@dataclass(frozen=True)
class HeardText:
    """The person's words so far."""

    stable: str
    """Words that will not change any more."""
    tentative: str = ""
    """Words that may still change."""
    final: bool = False
    """Whether they are the turn. Final and empty: nothing was said."""


@dataclass(frozen=True)
class TurnStarted:
    """A turn of the conversation with this id was written down."""

    conversation: str
    turn_id: str


@dataclass(frozen=True)
class TextDelta:
    """The next words of the answer."""

    text: str


@dataclass(frozen=True)
class AudioChunk:
    """A piece of the answer's voice, to be played after those before it."""

    piece: int
    spoken: SpeechAudio


@dataclass(frozen=True)
class PausePlayback:
    """The voice stops at once, for now (on: True), or goes on where it stopped."""

    on: bool


@dataclass(frozen=True)
class DiscardAudio:
    """What was sent of the voice and not played yet is not to be played."""


@dataclass(frozen=True)
class TurnEnded:
    """The answer is written; text: as it stands in the conversation, "" where it was cut off or there is none."""

    text: str = ""


@dataclass(frozen=True)
class CallError:
    """Something is in the way, in a sentence for the person; the call goes on."""

    sentence: Message


@dataclass(frozen=True)
class CallEnded:
    """The call has ended by itself."""

    sentence: Message


CallMessage = (
    StateChanged
    | HeardText
    | TurnStarted
    | TextDelta
    | AudioChunk
    | PausePlayback
    | DiscardAudio
    | TurnEnded
    | CallError
    | CallEnded
)
