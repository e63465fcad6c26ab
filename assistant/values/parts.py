"""What is said and shown, as plain values. Where they are kept and what reads them is decided elsewhere."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Attachment:
    """A file handed over with a turn."""

    path: Path
    name: str
    """What the person called it."""
    media_type: str = ""
    """What its bytes are; "" until they were looked at."""
    spoken: bool = False
    """Whether it was recorded with the microphone, so that it is the question itself and not something to ask about."""
    password: str = field(default="", repr=False)
    """What opens it, where it is encrypted. It is never stored, shown or logged."""


@dataclass(frozen=True)
class Image:
    """A picture that a model may look at."""

    path: Path
    name: str
    width: int
    """In pixels, after its orientation is applied."""
    height: int
    """In pixels, after its orientation is applied."""
    source_id: str = ""
    """SHA-256 (hex) of the file it comes from; "" where that is not known."""
    seconds: float | None = None
    """Where in a video it stands; None for a picture of its own."""
    frame: int = 0
    """Which of the pages or frames of its file, counted from 0."""
    tokens: int = 0
    """The most that it may take of a prompt; 0: as the model's profile says."""


@dataclass(frozen=True)
class Turn:
    """One thing that a person says, with everything handed over along with it, in the order given."""

    parts: tuple[Text | Attachment, ...]

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts if isinstance(part, Text)).strip()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(part for part in self.parts if isinstance(part, Attachment))


@dataclass(frozen=True)
class ChatMessage:
    """One message as an engine receives it."""

    role: Role
    parts: tuple[Text | Image, ...]

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def images(self) -> tuple[Image, ...]:
        return tuple(part for part in self.parts if isinstance(part, Image))
