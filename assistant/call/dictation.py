"""Words while they are spoken into the box: push to talk. What becomes of them, the person decides."""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from assistant.call import messages
from assistant.call.messages import CallMessage
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Transcript
from assistant.values.errors import AssistantError
from assistant.values.messages import say

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.15
FAILED = say("I could not write that down because the speech model failed. Say it again, or type it.")


class PartialWords(Protocol):
    @property
    def stable(self) -> str: ...
    @property
    def tentative(self) -> str: ...


class LiveRecogniser(Protocol):
    """`assistant.speech.recognition.live.LiveTranscript`."""

    def feed(self, samples: Vectors) -> None: ...
    def words(self) -> PartialWords: ...
    def finish(self) -> Transcript: ...
    def close(self) -> None: ...


class Dictation:
    """live: waits until the speech model is loaded. tell: called from a thread of the dictation."""

    def __init__(self, live: Callable[[], LiveRecogniser], tell: Callable[[CallMessage], None]) -> None:
        self._live, self._tell = live, tell
        self._more = threading.Condition()
        self._pieces: list[Vectors] = []
        self._done = self._given_up = False

    def frame(self, samples: Vectors) -> None:
        with self._more:
            self._pieces.append(samples)

    def finish(self) -> None:
        """All is said: the words as they are in the end follow."""
        with self._more:
            self._done = True
            self._more.notify()

    def end(self) -> None:
        """Nothing more is wanted."""
        with self._more:
            self._given_up = True
            self._more.notify()

    def run(self) -> None:
        """Until it is finished or given up."""
        try:
            self._run()
        except AssistantError as error:
            self._tell(messages.CallEnded(error.message))
        except Exception:
            log.exception("A dictation failed")
            self._tell(messages.CallEnded(FAILED))

    def _run(self) -> None:
        live = self._live()
        shown: tuple[str, str] = ("", "")
        try:
            while True:
                with self._more:
                    self._more.wait_for(lambda: self._done or self._given_up, LOOK_SECONDS)
                    pieces, self._pieces = self._pieces, []
                    done, given_up = self._done, self._given_up
                if given_up:
                    return
                for piece in pieces:
                    live.feed(piece)
                if done:
                    self._tell(messages.HeardText(live.finish().text, final=True))
                    return
                words = live.words()
                if (now := (words.stable, words.tentative)) != shown:
                    shown = now
                    self._tell(messages.HeardText(*now))
        finally:
            live.close()
