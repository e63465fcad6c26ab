"""The turns so far: what was asked, what was answered, which files and pictures came up.

The id names the conversation's own scope in the library, so what was shown earlier stays findable.
"""

import secrets
from dataclasses import dataclass, field

from assistant.values.events import Citation
from assistant.values.parts import ChatMessage, Image, Text
from assistant.values.speakers import SpeakerName


@dataclass(frozen=True)
class Exchange:
    """One turn that ended."""

    question: str
    """As it was understood."""
    answer: str
    """As it was shown, without citation numbers."""
    citations: tuple[Citation, ...] = ()
    """Those of the answer."""
    files: tuple[str, ...] = ()
    """source_ids of what the question meant."""
    speakers: tuple[SpeakerName, ...] = ()
    """Names that were given in it to who speaks."""


@dataclass
class Conversation:
    """Used by one turn at a time. Whoever knows the id can search what was given here: it is a secret."""

    id: str = field(default_factory=lambda: secrets.token_hex(16))
    exchanges: list[Exchange] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    """source_id → name of every file given so far."""
    images: list[Image] = field(default_factory=list)
    """The pictures, newest last."""
    libraries: tuple[str, ...] = ()
    """Scopes of named libraries that are searched beside its own."""
    pinned: tuple[str, ...] = ()
    """source_ids of pictures that stay in view before all others."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """Everything that may be searched for its answers."""
        return (self.id, *self.libraries)

    def show(self, image: Image) -> None:
        """Remembers a picture, newest last; the same file again moves to the end."""
        self.images = [known for known in self.images if known.path != image.path] + [image]

    def last_question(self) -> str:
        return self.exchanges[-1].question if self.exchanges else ""

    def hints(self) -> list[str]:
        """Names and words that are likely to be spoken next: the files, newest first, and the last turn."""
        last = self.exchanges[-1:]
        said = [text for exchange in last for text in (exchange.question, exchange.answer)]
        return [*reversed(self.sources.values()), *said]

    def messages(self, turns: int) -> list[ChatMessage]:
        """The last `turns` exchanges as messages, oldest first."""
        recent = self.exchanges[-turns:] if turns > 0 else []
        return [
            message
            for exchange in recent
            for message in (
                ChatMessage("user", (Text(exchange.question),)),
                ChatMessage("assistant", (Text(exchange.answer),)),
            )
        ]
