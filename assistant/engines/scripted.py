"""An engine that says what it was told to say, for tests and demonstrations. No profile leads to it."""

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.models.profiles import ModelProfile
from assistant.ports.engine import Generation, Likelihoods, Sent
from assistant.values.errors import BadInput
from assistant.values.messages import say
from assistant.values.parts import ChatMessage

Predicate = Callable[[Sequence[ChatMessage]], bool]

SCRIPTED = ModelProfile(
    "scripted",
    "chat",
    "scripted",
    licence="Apache-2.0",
    languages="any",
    memory_bytes=0,
    context_tokens=8192,
    evidence_tokens=2000,
)


@dataclass(frozen=True)
class ScriptedLine:
    """One answer of the script, and when it is given."""

    when: str | Predicate
    """A part of the text of the last message, or a test of all messages; "" fits everything."""
    says: str | Exception
    """The answer, or the error that is raised instead."""
    delay_seconds: float = 0.0
    """Before each piece of the answer."""
    likely: Callable[[str], float] | None = None
    """A text → the natural logarithm of the chance of each of its words, where the answer begins with it. None: it
    cannot say."""

    def fits(self, messages: Sequence[ChatMessage]) -> bool:
        if isinstance(self.when, str):
            return not self.when or (bool(messages) and self.when in messages[-1].text)
        return self.when(messages)


@dataclass(frozen=True)
class ScriptedCall:
    """One call, as it came."""

    messages: tuple[ChatMessage, ...]
    options: Generation
    conversation: str


class ScriptedEngine:
    """Implements Engine. The first line that fits is said, word by word; `received` remembers the calls.

    Where no line fits it fails loudly: a test that asks something else than it thinks should know.
    """

    def __init__(self, script: Sequence[ScriptedLine], profile: ModelProfile = SCRIPTED) -> None:
        self._script = tuple(script)
        self._profile = profile
        self.received: list[ScriptedCall] = []

    @property
    def profile(self) -> ModelProfile:
        return self._profile

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """A token for each word, and the profile's number for each picture."""
        words = sum(len(message.text.split()) + 1 for message in messages)
        return words + sum(picture.tokens for picture in self.sent(messages))

    def sent(self, messages: Sequence[ChatMessage]) -> tuple[Sent, ...]:
        """As large as they are, for the tokens that they may take at most."""
        return tuple(
            Sent(image.width, image.height, image.tokens or self._profile.image_tokens)
            for message in messages
            for image in message.images
        )

    def generate(
        self, messages: Sequence[ChatMessage], options: Generation, stop: threading.Event, conversation: str = ""
    ) -> Iterator[str]:
        self.received.append(ScriptedCall(tuple(messages), options, conversation))
        if any(message.images for message in messages) and not self._profile.sees_images:
            raise BadInput(say("{model} cannot look at pictures.", model=self._profile.name))
        return _say(self._line(messages), options, stop)

    def likelihood(
        self, messages: Sequence[ChatMessage], beginnings: Sequence[str], stop: threading.Event, conversation: str = ""
    ) -> Likelihoods | None:
        """As the line that fits says, a token for each word; None where no line knows anything of it."""
        del conversation
        if stop.is_set() or all(line.likely is None for line in self._script):
            return None
        if (likely := self._line(messages).likely) is None:
            return None
        return tuple((likely(text),) * len(text.split()) for text in beginnings)

    def _line(self, messages: Sequence[ChatMessage]) -> ScriptedLine:
        line = next((line for line in self._script if line.fits(messages)), None)
        if line is None:
            raise LookupError(f"No line of the script fits: {messages[-1].text if messages else 'no messages'!r}")
        return line


def _say(line: ScriptedLine, options: Generation, stop: threading.Event) -> Iterator[str]:
    if isinstance(line.says, Exception):
        raise line.says
    for word in re.findall(r"(?:\A\s*)?\S+\s*", line.says)[: options.max_tokens]:
        if line.delay_seconds:
            time.sleep(line.delay_seconds)
        if stop.is_set():
            return
        yield word
