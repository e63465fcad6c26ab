"""What the answers to programs are made with, handed over by whoever starts the server."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, cast

from assistant.conversations.conversations import Conversations
from assistant.conversations.passing import Passing
from assistant.models.lazy import Lazy
from assistant.ports.embedding import Embedder
from assistant.ports.named_libraries import NamedLibraries
from assistant.ports.speech import Speaker, Transcriber
from assistant.settings.settings import Settings
from assistant.values.errors import AssistantError, BadInput
from assistant.values.events import Event
from assistant.values.limits import VisitorShares
from assistant.values.parts import Turn
from ui.api.access import Access
from ui.api.refusals import BROKEN, Refusal, refusal_of
from ui.api.shapes import MODEL
from ui.api.streams import ClientGone

log = logging.getLogger(__name__)

HEARING, SPEAKING = "whisper-1", "tts-1"  # what many programs ask for and let nobody change
_THREADS = VisitorShares.asked + 28  # beside those that wait there are some that are refused


@dataclass(frozen=True)
class ApiParts:
    """settings: as they are now."""

    access: Access
    conversations: Conversations
    passing: Passing
    transcriber: Lazy[Transcriber]
    speaker: Lazy[Speaker]
    """As it speaks by the settings."""
    embedder: Lazy[Embedder]
    libraries: NamedLibraries
    settings: Callable[[], Settings]
    observe_error: Callable[[str], None] = lambda _: None
    """Told the code of everything that is refused."""
    pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_THREADS, thread_name_prefix="api"), repr=False
    )

    @property
    def most_bytes(self) -> int:
        return self.settings().limits.api_bytes

    def check_model(self, name: str, *others: str) -> None:
        """Raises Refusal: another model than the one that is asked for would be another answer."""
        if name not in (MODEL, *others):
            known = ", ".join((MODEL, *others))
            raise Refusal(404, f"There is no model “{name}” here. There is: {known}.", "model_not_found", "model")

    def scopes_by_name(self, owner: str, names: Sequence[str]) -> tuple[str, ...]:
        """Raises BadInput for a library that this owner does not have."""
        return tuple(self.libraries.find(owner, name).scope for name in names)

    def kept(
        self, owner: str, conversation: str, turn: Turn, libraries: Sequence[str], stop: threading.Event
    ) -> Iterator[Event]:
        """One turn of a conversation that is kept. Raises Refusal where it is not this owner's."""
        history = self.conversations.history
        found = self.conversation(owner, conversation)
        if libraries:
            ids = tuple(self.libraries.find(owner, name).id for name in libraries)
            history.use_libraries(owner, found, ids)
        turns = history.turns(owner, found)
        _, events = self.conversations.ask(owner, found, turn, turns[-1].id if turns else "", stop)
        with closing(cast(Any, events)):
            yield from events

    def conversation(self, owner: str, conversation: str) -> str:
        """Its id. What is somebody else's is as if it did not exist."""
        try:
            return self.conversations.history.get(owner, conversation).id
        except BadInput as error:
            raise Refusal(404, str(error.message), "conversation_not_found", "medley.conversation") from error

    def told(self, error: BaseException) -> Refusal:
        """As whoever asked is told it; what is a fault of ours is logged whole."""
        refusal = refusal_of(error)
        if refusal is BROKEN and not isinstance(error, ClientGone):
            log.error("A request of a program failed", exc_info=error)
        elif isinstance(error, AssistantError) and not isinstance(error, BadInput):
            log.warning("A request of a program could not be answered: %s", error)
        self.observe_error(refusal.code or refusal.type)
        return refusal
