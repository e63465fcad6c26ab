"""What became of each file of a conversation in the library, and the conversation as the core needs it."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.conversation import Conversation, Exchange
from assistant.history_rows import clean
from assistant.kept import Entry, Filed, Given
from assistant.ledger import Ledger
from assistant.media import FILM_TYPES
from assistant.originals import Originals
from assistant.parts import Image
from assistant.watching import frames_in


class Files:
    """Of every conversation in the ledger. Whose they are was asked before."""

    def __init__(self, ledger: Ledger, originals: Originals) -> None:
        self._ledger, self._originals = ledger, originals

    def of(self, conversation: str) -> Mapping[str, Filed]:
        """source_id → what became of it."""
        rows = self._ledger.rows("SELECT source_id, filed FROM files WHERE conversation = ?", clean(conversation))
        return {row["source_id"]: row["filed"] for row in rows}

    def note(self, conversation: str, source_ids: Iterable[str], filed: Filed) -> None:
        """What became of these. Where the conversation is gone nothing is noted."""
        with self._ledger.together():
            for source_id in source_ids:
                self._ledger.write(
                    "INSERT OR REPLACE INTO files SELECT id, ?, ? FROM conversations WHERE id = ?",
                    source_id, filed, conversation,
                )  # fmt: skip

    def want(self, conversation: str, given: Sequence[Given]) -> None:
        """These are to be filed, unless it is known what became of them."""
        known = self.of(conversation)
        wanted = [file.source_id for file in given if not file.spoken and file.source_id not in known]
        self.note(conversation, wanted, "wanted")

    def wanted(self, conversation: str, path: Sequence[Entry]) -> Sequence[Given]:
        """What was given in these turns and is still to be filed."""
        filed = self.of(conversation)
        given = {file.source_id: file for turn in path for file in turn.given}
        return [file for source_id, file in given.items() if filed.get(source_id) == "wanted"]

    def rebuilt(self, conversation: str, path: Sequence[Entry]) -> Conversation:
        """As the core left it after these turns."""
        filed, kept = self.of(conversation), self._originals.all(conversation)
        made = Conversation(conversation)
        for turn in path:
            if turn.said and turn.state not in ("failed", "answering"):
                made.exchanges.append(Exchange(turn.question or turn.asked, turn.said))
            for file in turn.given:
                if filed.get(file.source_id) == "filed" and not file.spoken:
                    made.sources[file.source_id] = file.name
                if file.width and file.source_id in kept:
                    made.show(Image(kept[file.source_id], file.name, file.width, file.height))
                elif file.media_type in FILM_TYPES and file.source_id in kept:
                    folder = self._originals.beside(conversation, file.source_id)
                    for frame in frames_in(folder, file.name, file.source_id):
                        made.show(frame)
        return made
