"""A language model as the core asks it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.models.profiles import ModelProfile
from assistant.values.parts import ChatMessage

Likelihoods = tuple[tuple[float, ...], ...]  # text by text, token by token
ASIDE = "aside: "  # begins the name of what is asked beside the conversations


@dataclass(frozen=True)
class Generation:
    """How to generate. temperature 0 is greedy, and repeatable."""

    max_tokens: int = 512
    temperature: float = 0.0
    top_p: float = 1.0


@dataclass(frozen=True)
class Sent:
    """A picture as a model gets it: so many tiles of width × height pixels, which take so many tokens of the prompt."""

    width: int
    height: int
    tokens: int
    tiles: int = 1


class Engine(Protocol):
    """A language model. `profile` says what it can take; nobody asks for its name."""

    @property
    def profile(self) -> ModelProfile: ...

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """Tokens of the whole prompt as the engine would render it, pictures included."""
        ...

    def sent(self, messages: Sequence[ChatMessage]) -> tuple[Sent, ...]:
        """What each picture of these messages becomes, in order. Each fits its `Image.tokens`, or where that is 0
        the profile's image_tokens, unless the model cannot look at one so briefly.
        """
        ...

    def generate(
        self, messages: Sequence[ChatMessage], options: Generation, stop: threading.Event, conversation: str = ""
    ) -> Iterator[str]:
        """Pieces of the answer as they are made; their concatenation is the answer.

        Ends within two tokens of `stop` being set, and when the iterator is closed. `conversation`
        names the conversation whose cached prefix may be used again ("": none).
        Raises EngineError; BadInput where the messages hold what the profile cannot take.
        """
        ...

    def likelihood(
        self, messages: Sequence[ChatMessage], beginnings: Sequence[str], stop: threading.Event, conversation: str = ""
    ) -> Likelihoods | None:
        """How likely the answer begins with each of these texts: the natural logarithms of the chances of its
        tokens, each after those before it; their sum is the whole text's.

        The prompt is computed once for all of them. A `conversation` that begins with ASIDE is none: where an engine
        can, what it keeps for it pushes no conversation out. None where the engine cannot say, as remote ones, and
        where `stop` is set meanwhile. Raises what `generate` raises.
        """
        ...
