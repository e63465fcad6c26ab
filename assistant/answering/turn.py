"""TurnRecord: what one turn has taken in and how long each step took, and the Answer made of it."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.answering.prompt import Prompt
from assistant.ports.modality import ModalityResult
from assistant.text.picture_references import numbered
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Received, ReceivedEvidence
from assistant.values.evidence import Document, Evidence, Medium
from assistant.values.messages import Message
from assistant.values.parts import Attachment, Turn
from assistant.values.request import Request

if TYPE_CHECKING:
    from assistant.answering.context import Reply


@dataclass
class TurnRecord:
    """What is known of one turn while it is answered."""

    turn: Turn
    conversation: Conversation
    stop: threading.Event
    question: str = ""
    """What was typed and spoken, together."""
    heard: str = ""
    """The spoken part of the question."""
    request: Request | None = None
    """As it was understood, once it was."""
    names: Mapping[str, str] = field(default_factory=dict)
    """source_id → name of each file that the request may mean."""
    meant: tuple[str, ...] = ()
    """source_ids of the pictures that the question speaks of."""
    nearness: float = 1.0
    """The best score of what was found, 0 to 1, where something was searched."""
    results: list[ModalityResult] = field(default_factory=list)
    media_weights: tuple[tuple[Medium, float], ...] = ()
    notes: list[Message] = field(default_factory=list)
    _seconds: dict[str, float] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    @property
    def shown(self) -> list[Attachment]:
        """What was handed over to ask about, rather than spoken as the question."""
        return [attachment for attachment in self.turn.attachments if not attachment.spoken]

    @property
    def documents(self) -> list[Document]:
        """Also what is only known to have been given, as a recording without speech."""
        return [result.document for result in self.results if result.document is not None]

    @property
    def new_images(self) -> frozenset[str]:
        """source_ids of the pictures that came with this turn."""
        return frozenset(image.source_id for result in self.results for image in result.images)

    @property
    def numbers(self) -> Mapping[str, int]:
        """source_id → by which number this turn may speak of a picture."""
        return numbered(self.conversation.images, self.new_images)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Adds the seconds spent inside to this step."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._seconds[step] = self._seconds.get(step, 0.0) + time.monotonic() - began

    def mark_first_word(self) -> None:
        """Notes, once, how long it was from the turn's start to the model's first words."""
        self._seconds.setdefault("first word", time.monotonic() - self._began)

    def received(self, prompt: Prompt, answer_tokens: int) -> Received:
        """What the model was given, with everything that had to be left out."""
        notes = dict.fromkeys(note for result in self.results for note in result.notes)
        return Received(
            question=self.question,
            heard=self.heard,
            files=tuple(result.received for result in self.results),
            evidence=tuple(_weighed(piece) for piece in prompt.evidence),
            pictures_sent=len(prompt.images),
            pictures=prompt.showing.received(),
            history_turns=prompt.history_turns,
            prompt_tokens=prompt.prompt_tokens,
            answer_tokens=answer_tokens,
            media_weights=self.media_weights,
            notes=tuple(dict.fromkeys((*notes, *self.notes, *prompt.notes))),
            request=self.request,
            names=tuple((each, self.names[each]) for each in self._files_meant() if each in self.names),
        )

    def answer(self, reply: "Reply", answer_tokens: int, models: Sequence[tuple[str, str]]) -> Answer:
        cited = reply.cited
        grounded = reply.found and any(not citation.seen for citation in cited.citations)
        nearness = self.nearness if grounded else 0.0
        seconds = {**self._seconds, "whole turn": time.monotonic() - self._began}
        return Answer(
            text=cited.text,
            citations=cited.citations,
            grounded=grounded,
            confidence=round(nearness if reply.confidence is None else reply.confidence, 3),
            unsupported=cited.unsupported,
            received=self.received(reply.prompt, answer_tokens),
            timings=tuple((step, round(spent, 3)) for step, spent in seconds.items()),
            models=tuple(models),
            stopped=self.stop.is_set(),
            files=reply.made,
            declined=reply.declined,
            foreign=cited.foreign,
            speakers=reply.speakers,
        )

    def _files_meant(self) -> tuple[str, ...]:
        return self.request.files_of_all if self.request is not None else ()


def _weighed(piece: Evidence) -> ReceivedEvidence:
    return ReceivedEvidence(piece.source, piece.medium, piece.location, round(piece.score, 3))
