"""Files outside a turn: read for a library, filed again, gone on with, found again and let go."""

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.context import wait
from assistant.answering.taking_in import TakingIn
from assistant.answering.turn import TurnRecord
from assistant.intake.background import Breathe
from assistant.ports.library import PartialSource
from assistant.storage.originals import Originals
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.events import Status
from assistant.values.evidence import Document, Medium
from assistant.values.incremental_ingestion import IngestBatch
from assistant.values.messages import Message, joined, say
from assistant.values.parts import Turn


@dataclass(frozen=True)
class FilesOutsideTurns:
    """What the assistant does with files where nobody waits for an answer."""

    taking_in: TakingIn
    library_originals: Originals | None
    """The originals of the named libraries; those of the conversations are known to `taking_in`."""

    def read(self, path: Path, name: str, password: str = "", whose: str = "") -> Generator[Status, None, Document]:
        """A file as a document. To its end, unless it is that of a conversation (`whose`), where the rest of a long
        recording may follow. Raises BadInput where there is nothing in it to be read."""
        document, notes = yield from self.taking_in.read(path, name, password, whose)
        if document is None or document.is_wordless:
            raise BadInput(joined(*notes) or say("I found nothing to read in {name}.", name=name))
        return document

    def file_again(
        self, path: Path, name: str, conversation: Conversation
    ) -> Generator[Status, None, tuple[Message, ...]]:
        return (yield from self.taking_in.file_again(path, name, conversation))

    def unfile(self, conversation: Conversation, source_id: str) -> Generator[Status]:
        """Takes a file of this conversation out of the library again."""
        library = yield from wait(self.taking_in.library, TurnRecord(Turn(()), conversation, threading.Event()))
        library.remove(conversation.id, source_id)

    def go_on(
        self, partial: PartialSource, breathe: Breathe = lambda: None
    ) -> tuple[Medium, Iterator[Status | IngestBatch]]:
        return self.taking_in.go_on(partial, breathe)

    def original(self, conversation: Conversation, source_id: str) -> Path | None:
        """The file that a piece of evidence in this conversation comes from, if it was kept."""
        originals = self.taking_in.originals
        if originals is not None and (path := originals.find(conversation.id, source_id)) is not None:
            return path
        if self.library_originals is None:
            return None
        found = (self.library_originals.find(scope, source_id) for scope in conversation.libraries)
        return next((path for path in found if path is not None), None)

    def forget(self, conversation_id: str) -> None:
        """Removes what was given in a conversation. Waits for nothing: an unloaded library holds nothing."""
        if self.taking_in.library.state == "ready":
            self.taking_in.library.get().forget(conversation_id)
        self.taking_in.forget(conversation_id)

    def forget_left_behind(self, is_kept: Callable[[str], bool] = lambda _: False) -> None:
        """Removes what earlier runs were given in conversations that are not kept.

        To be called once the library is open: then no other run has them.
        """
        originals = self.taking_in.originals
        for conversation_id in originals.left_behind() if originals is not None else ():
            if not is_kept(conversation_id):
                self.forget(conversation_id)
