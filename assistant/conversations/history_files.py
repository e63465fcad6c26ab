"""What became of each file of a conversation in the library, and the conversation as the core needs it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.conversations.history_rows import clean
from assistant.conversations.records import AttachedFile, FilingState, PictureMemory, StoredTurn
from assistant.intake.films import frames_in
from assistant.media import FILM_TYPES
from assistant.storage.originals import Originals
from assistant.storage.sqlite_store import SqliteStore
from assistant.values.conversation import Conversation, Exchange
from assistant.values.parts import Image


class HistoryFiles:
    """The files of every conversation. Who owns them was checked before."""

    def __init__(self, sqlite: SqliteStore, originals: Originals) -> None:
        self._sqlite, self._originals = sqlite, originals

    def of(self, conversation: str) -> Mapping[str, FilingState]:
        """source_id → what became of it."""
        rows = self._sqlite.rows("SELECT source_id, filed FROM files WHERE conversation = ?", clean(conversation))
        return {row["source_id"]: row["filed"] for row in rows}

    def note(self, conversation: str, source_ids: Iterable[str], filed: FilingState) -> None:
        """What became of these. Where the conversation is gone nothing is noted."""
        with self._sqlite.together():
            for source_id in source_ids:
                self._sqlite.write(
                    "INSERT OR REPLACE INTO files SELECT id, ?, ? FROM conversations WHERE id = ?",
                    source_id, filed, conversation,
                )  # fmt: skip

    def want(self, conversation: str, given: Sequence[AttachedFile]) -> None:
        """These are to be filed, unless it is known what became of them."""
        known = self.of(conversation)
        wanted = [file.source_id for file in given if not file.spoken and file.source_id not in known]
        self.note(conversation, wanted, "wanted")

    def wanted(self, conversation: str, path: Sequence[StoredTurn]) -> Sequence[AttachedFile]:
        """What was given in these turns and is still to be filed."""
        filed = self.of(conversation)
        given = {file.source_id: file for turn in path for file in turn.given}
        dropped = {source_id for source_id, how in self.remembered(conversation).items() if how == "dropped"}
        return [
            file for source_id, file in given.items() if filed.get(source_id) == "wanted" and source_id not in dropped
        ]

    def remember(self, conversation: str, source_ids: Iterable[str], how: PictureMemory) -> None:
        """How these pictures are remembered from now on. What comes back is to be filed again."""
        with self._sqlite.together():
            before = self.remembered(conversation)
            for source_id in source_ids:
                if before.get(source_id) == "dropped" and how != "dropped":
                    self.note(conversation, [source_id], "wanted")
                self._sqlite.write(
                    "DELETE FROM pictures WHERE conversation = ? AND source_id = ?", conversation, source_id
                )
                if how:
                    self._sqlite.write(
                        "INSERT INTO pictures SELECT id, ?, ? FROM conversations WHERE id = ?",
                        source_id, how, conversation,
                    )  # fmt: skip

    def remembered(self, conversation: str) -> Mapping[str, PictureMemory]:
        """source_id → how, of pictures that were pinned or dropped."""
        rows = self._sqlite.rows(
            "SELECT source_id, remembered FROM pictures WHERE conversation = ?", clean(conversation)
        )
        return {row["source_id"]: row["remembered"] for row in rows}

    def unwanted(self, conversation: str) -> Sequence[str]:
        """What was dropped and is still in the library."""
        filed = self.of(conversation)
        remembered = self.remembered(conversation).items()
        return [source_id for source_id, how in remembered if how == "dropped" and filed.get(source_id) == "filed"]

    def marked(self, turn: StoredTurn, remembered: Mapping[str, PictureMemory]) -> StoredTurn:
        """The turn with how each of its pictures is remembered."""
        given = tuple(replace(file, remembered=remembered.get(file.source_id, "")) for file in turn.given)
        return turn if given == turn.given else replace(turn, given=given)

    def rebuilt(self, conversation: str, path: Sequence[StoredTurn]) -> Conversation:
        """As the core left it after these turns."""
        filed, kept = self.of(conversation), self._originals.all(conversation)
        remembered = self.remembered(conversation)
        made = Conversation(conversation)
        made.pinned = tuple(source_id for source_id, how in remembered.items() if how == "pinned")
        for turn in path:
            if turn.said and turn.state not in ("failed", "answering"):
                made.exchanges.append(_exchange(turn))
            for file in turn.given:
                if remembered.get(file.source_id) == "dropped":
                    continue
                if filed.get(file.source_id) == "filed" and not file.spoken:
                    made.sources[file.source_id] = file.name
                if file.width and file.source_id in kept:
                    original = kept[file.source_id]
                    made.show(Image(original, file.name, file.width, file.height, file.source_id))
                elif file.media_type in FILM_TYPES and file.source_id in kept:
                    folder = self._originals.beside(conversation, file.source_id)
                    for frame in frames_in(folder, file.name, file.source_id):
                        made.show(frame)
        return made


def _exchange(turn: StoredTurn) -> Exchange:
    """With what the answer stands on and what it was about, so that a later question can ask for either."""
    question, answer = turn.question or turn.asked, turn.answer
    if answer is None:
        return Exchange(question, turn.said)
    request = answer.received.request
    files = request.files_of_all if request is not None else ()
    return Exchange(question, turn.said, answer.citations, files, answer.speakers)
