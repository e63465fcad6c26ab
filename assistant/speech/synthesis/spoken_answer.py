"""SpokenAnswer: an answer read aloud sentence by sentence, also while it is still being written. It knows no voice and
no page."""

import threading
import time

from assistant.speech.synthesis.sentences import Sentences


class SpokenAnswer:
    """Its pieces, ready for a Speaker. One thread writes, any number read.

    What was said of an answer that is then replaced as a whole (what no evidence supports is taken back) stays said;
    the answer as it is then follows.
    """

    def __init__(self, text: str | None = None) -> None:
        """text: an answer that has ended; None: one that is about to be written."""
        self._pieces: list[str] = [] if text is None else _all(text)
        self._ended = text is not None
        self._sentences = Sentences()
        self._news = threading.Condition()

    @property
    def pieces(self) -> tuple[str, ...]:
        """Those so far."""
        with self._news:
            return tuple(self._pieces)

    def says(self, text: str) -> bool:
        """Whether what is read is this answer and nothing else."""
        return list(self.pieces) == _all(text)

    def feed(self, piece: str) -> None:
        """More of the answer."""
        if not self._ended:
            self._add(self._sentences.feed(piece))

    def finish(self, text: str | None = None) -> None:
        """text: the answer as it was written in the end; None: it was stopped, and what is left is not said."""
        if self._ended:
            return
        more: list[str] = []
        if text is not None:
            whole, said = _all(text), self._pieces
            alike = next((at for at, one in enumerate(whole) if at >= len(said) or said[at] != one), len(whole))
            more = whole[alike:]
        self._add(more, ended=True)

    def piece(self, number: int, seconds: float = 0.0) -> str | None:
        """The piece with this number from 0, waited for up to `seconds`; "" where the answer ended before it, None
        where it is still to come."""
        until = time.monotonic() + seconds
        with self._news:
            while number >= len(self._pieces) and not self._ended:
                left = until - time.monotonic()
                if left <= 0:
                    return None
                self._news.wait(left)
            return self._pieces[number] if number < len(self._pieces) else ""

    def _add(self, pieces: list[str], ended: bool = False) -> None:
        with self._news:
            self._pieces += pieces
            self._ended = self._ended or ended
            self._news.notify_all()


def _all(text: str) -> list[str]:
    sentences = Sentences()
    return sentences.feed(text) + sentences.end()
