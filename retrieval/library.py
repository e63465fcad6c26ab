"""ChromaLibrary: keeps what was given in a folder, and finds it again by meaning and by words.

Chroma keeps vectors and texts, one collection per embedding space; the SQLite store beside it says what is whole
and whose it is. A search reads the indexes of its scopes and nothing else: whose files these are is decided
in one place (`_index`).
"""

import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy

from assistant.models.lazy import Lazy
from assistant.ports.embedding import Embedder, PictureEmbedder, Vectors
from assistant.ports.library import MOST_ATTEMPTS, PartialSource
from assistant.storage.sqlite_store import SqliteStore
from assistant.storage.temporary_folder import TemporaryFolder
from assistant.values.evidence import Document, Evidence, Medium, Seconds
from assistant.values.files import FileFacts
from assistant.values.limits import Limits
from assistant.values.messages import NOTHING
from retrieval.calibration import Scale, calibrate
from retrieval.chunking import Chunk, chunk
from retrieval.kept_facts import KeptFacts
from retrieval.keyword import is_unspaced
from retrieval.pictures import Pictures, Seen, Spotted
from retrieval.postings import SourceWords, bm25
from retrieval.ranking import first_of_each, fuse, ranked
from retrieval.scope_index import ScopeIndex, best
from retrieval.seeing_again import figures_to_json
from retrieval.store import BATCH, Key, Store

_EMBEDDED_AT_ONCE = 64  # where somebody wants to be told, or to step in between
_CANDIDATES = 100  # from each side
_PIECES_AT_HAND = 400_000  # in all indexes in memory; the scopes asked last stay

_LIMITS = Limits()
log = logging.getLogger(__name__)

OnProgress = Callable[[int, int], None]
Original = Callable[[str, str], Path | None]

_TABLES = """
CREATE TABLE IF NOT EXISTS filed (
    scope TEXT NOT NULL, source_id TEXT NOT NULL, source TEXT NOT NULL, pieces INTEGER NOT NULL,
    collection TEXT NOT NULL, words BLOB NOT NULL, PRIMARY KEY (scope, source_id)
);
CREATE TABLE IF NOT EXISTS growing (
    scope TEXT NOT NULL, source_id TEXT NOT NULL, rest TEXT NOT NULL, begun INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, source_id)
);
"""


class ChromaLibrary:
    """Implements Library; any thread may call it. Only one process may have a folder open.

    folder None: a private temporary one, removed by `close`. What was filed with another embedder is not
    seen until `reembed` has been through: vectors of two spaces never meet.
    """

    def __init__(
        self,
        folder: Path | None,
        embedder: Embedder,
        picture_embedder: Lazy[PictureEmbedder | None] | None = None,
        limits: Limits = _LIMITS,
    ) -> None:
        """picture_embedder: pictures, within these limits, are then found by what they show and not by text alone.

        Raises LibraryError where the folder is in use, cannot be written, or holds something else.
        """
        self._embedder = embedder
        self._private = None
        if folder is None:
            self._private = TemporaryFolder("library")
            folder = self._private.path
        self._alone = threading.RLock()  # for the indexes, and what is forgotten
        self._writing = threading.RLock()  # held before _alone, never after it
        self._indexes: OrderedDict[str, ScopeIndex] = OrderedDict()
        self._scales: dict[bool, Scale] = {}
        self._forgotten: Counter[Key] = Counter()
        self._open = True
        self._store = Store(folder, embedder.space)
        picture_embedder = picture_embedder or Lazy(NOTHING, lambda _: None)
        try:
            self._sqlite = SqliteStore(folder)
            self._sqlite.make(_TABLES)
            self._sqlite.add_column("growing", "begun", "INTEGER NOT NULL DEFAULT 0")  # stores of before do not count
            self._facts = KeptFacts(self._sqlite)
            self._pictures = Pictures(self._store, self._sqlite, picture_embedder, limits)
        except BaseException:
            self._store.close()
            raise

    def add(self, document: Document, scope: str, on_progress: OnProgress | None = None) -> None:
        """Embeds and writes in batches; at the end the SQLite store says that it is whole. Until then it is not found.

        on_progress: called between batches with the pieces done and their number. It may wait, to leave the
        processor to somebody else, and raise, to give up.
        """
        key = Key(scope, document.source_id)
        began = self._forgetting(key)
        if (held := self._held(key)) is not None and (held or document.is_wordless or self.growing_of(key)):
            self._learn(key, document.facts, began)
            return
        pictured = document.picture is not None and not document.is_wordless  # else nothing could be shown for it
        seen = self._pictures.see(document) if pictured or document.figures else None
        chunks = chunk(document.passages) or [Chunk(shown.content, shown.at) for shown, _ in seen or () if shown.at]
        if not chunks and not document.resume_state and document.facts is None:
            return
        if pictured or document.figures:
            self._show(key, seen, figures_to_json(document.figures), began)
        self._take(
            key, document.name, document.medium, chunks, on_progress, began, document.resume_state, document.facts
        )

    def extend(self, document: Document, scope: str, on_progress: OnProgress | None = None) -> bool:
        """More pieces of a source that is growing. Their numbers follow those that the SQLite store knows of, so that
        what a kill left half written is written over; the SQLite store takes the pieces and how far they reach in one
        step."""
        key = Key(scope, document.source_id)
        began = self._forgetting(key)
        if not self.growing_of(key):
            return False
        seen = self._pictures.see(document)
        chunks = chunk(document.passages)
        vectors = self._embed(chunks, 0, len(chunks), on_progress) if chunks else None
        with self._writing:
            if self._forgetting(key) != began:
                return False
            held = self._sqlite.rows(
                "SELECT pieces, words FROM filed WHERE scope = ? AND source_id = ? AND collection = ?",
                key.scope, key.source_id, self._store.collection,
            )  # fmt: skip
            if not held:
                return False  # filed with another embedder; it grows again once it was brought over
            if document.figures:
                self._pictures.more(key, seen, figures_to_json(document.figures))
            if vectors is not None:
                self._store.write(key, document.name, document.medium, held[0]["pieces"], chunks, vectors)
            self._lengthen(key, document, held[0]["words"], chunks, vectors)
        return True

    def partial_sources(self, scope: str | Sequence[str] | None = None) -> list[PartialSource]:
        rows = self._sqlite.rows(
            "SELECT scope, source_id, source, rest, begun FROM growing JOIN filed USING (scope, source_id)"
            " ORDER BY filed.rowid"
        )
        wanted = None if scope is None else _several(scope)
        return [
            PartialSource(row["scope"], row["source_id"], row["source"], row["rest"], row["begun"])
            for row in rows
            if wanted is None or row["scope"] in wanted
        ]

    def growing_of(self, key: Key) -> bool:
        return bool(
            self._sqlite.rows("SELECT 1 FROM growing WHERE scope = ? AND source_id = ?", key.scope, key.source_id)
        )

    def note_attempts(self, scope: str, source_id: str, begun: int) -> None:
        self._sqlite.write("UPDATE growing SET begun = ? WHERE scope = ? AND source_id = ?", begun, scope, source_id)

    def during(
        self, scope: str | Sequence[str], start: float, end: float, within: Sequence[str] = ()
    ) -> list[Evidence]:
        scopes = _several(scope)
        order = {
            (one, row["source_id"]): (number, int(row["pieces"]))
            for one in scopes
            for number, row in enumerate(self._rows(one))
            if not within or row["source_id"] in within
        }
        found = []
        for one, number, piece in self._store.timed(scopes) if order else ():
            place, pieces = order.get((one, piece.source_id), (0, 0))
            at = piece.location
            if number < pieces and isinstance(at, Seconds) and at.start < end and at.end > start:
                found.append(((scopes.index(one), place, at.start, number), piece))
        return [piece for _, piece in sorted(found, key=lambda one: one[0])]

    def search(
        self, question: str, scope: str | Sequence[str], limit: int = 12, within: Sequence[str] = ()
    ) -> list[Evidence]:
        """Hits by meaning or by words in any of these scopes, best first; what scores 0 is left out.

        A best score near 1 says that the question's words or its meaning stand there; off-topic questions
        rarely get beyond 0.6. One text is given once, however often it was filed.
        """
        scopes = _several(scope)
        if not question.strip() or limit < 1 or not scopes:
            return []
        asked = self._embedder.embed_question(question)
        scale = self._scale(is_unspaced(question))
        with self._alone:
            indexes = {scope: self._index(scope) for scope in scopes}
            dense, keyword = _candidates(indexes, question, asked, within)
        scores = fuse(dense, keyword, scale)
        figures = []
        for spotted, source in self._spotted(question, scopes, within):
            if (figure := spotted.evidence(source)) is not None:
                figures.append(figure)
            else:
                piece = spotted.key.piece(0)
                scores[piece] = max(spotted.score, scores.get(piece, 0.0))
        hits = self._store.evidence(ranked(scores)[: 3 * limit])
        hits = sorted([*hits, *figures], key=lambda hit: -hit.score)
        return [hits[position] for position in first_of_each(hit.content for hit in hits)][:limit]

    def beginning(self, scope: str | Sequence[str], within: Sequence[str] = (), limit: int = 6) -> list[Evidence]:
        """The first piece of every source, then the second of every source, and so on."""
        wanted = set(within)
        found: list[tuple[int, str]] = []
        for one in _several(scope):
            for row in self._rows(one):
                if not wanted or row["source_id"] in wanted:
                    count = min(int(row["pieces"]), limit)
                    found += enumerate(Key(one, row["source_id"]).pieces(0, count))
        found.sort(key=lambda piece: piece[0])
        return self._store.evidence([(piece, 0.0) for _, piece in found[: max(limit, 0)]])

    def sources(self, scope: str) -> dict[str, str]:
        """In the order in which they were filed."""
        return {row["source_id"]: row["source"] for row in self._rows(scope)}

    def facts(self, scope: str | Sequence[str]) -> dict[str, FileFacts]:
        """Also of what was filed with another embedder. In two of these scopes: as the first one has it."""
        found: dict[str, FileFacts] = {}
        for key, facts in self._facts.in_order(_several(scope), self._store.media_of).items():
            found.setdefault(key.source_id, facts)
        return found

    def warm(self, scopes: Sequence[str]) -> None:
        """Reads these scopes into memory, which their first search would do: 9 s for 100,000 pieces."""
        for scope in scopes:
            with self._alone:
                self._index(scope)

    def remove(self, scope: str, source_id: str) -> None:
        with self._writing:
            with self._alone:
                self._forgotten[Key(scope, source_id)] += 1
                self._sqlite.write("DELETE FROM filed WHERE scope = ? AND source_id = ?", scope, source_id)
                self._note_rest(Key(scope, source_id), "")
                self._facts.remove(Key(scope, source_id))
                if index := self._indexes.get(scope):
                    index.remove(source_id)
                    if index.dead > index.pieces // 2:
                        del self._indexes[scope]
            self._store.delete(Key(scope, source_id))
            self._pictures.remove(Key(scope, source_id))

    def forget(self, scope: str) -> None:
        with self._writing:
            with self._alone:
                self._forgotten[Key(scope, "")] += 1
                self._sqlite.write("DELETE FROM filed WHERE scope = ?", scope)
                self._sqlite.write("DELETE FROM growing WHERE scope = ?", scope)
                self._facts.remove(Key(scope, ""))
                self._indexes.pop(scope, None)
            self._store.delete(Key(scope, ""))
            self._pictures.remove(Key(scope, ""))

    def outdated(self) -> int:
        """Sources that were filed with another embedder, and wait for `reembed`."""
        found = self._sqlite.rows("SELECT count(*) AS n FROM filed WHERE collection != ?", self._store.collection)
        return int(found[0]["n"])

    def reembed(self, on_progress: OnProgress | None = None) -> None:
        """Brings everything filed with other embedders into this one's space, from the texts kept with it.

        Source by source: what is done is found, and stays done if this is stopped. Collections that hold
        nothing any more go. on_progress: as in `add`, with sources done and their number.
        """
        rows = self._sqlite.rows(
            "SELECT scope, source_id, source, pieces, collection FROM filed WHERE collection != ? ORDER BY rowid",
            self._store.collection,
        )
        for done, row in enumerate(rows):
            if on_progress is not None:
                on_progress(done, len(rows))
            key = Key(row["scope"], row["source_id"])
            chunks, medium = self._store.chunks_of(row["collection"], key, row["pieces"])
            self._take(key, row["source"], medium, chunks, None, self._forgetting(key))
        with self._writing:
            used = [row["collection"] for row in self._sqlite.rows("SELECT DISTINCT collection FROM filed")]
            self._store.drop_others(used)
        if on_progress is not None:
            on_progress(len(rows), len(rows))

    @property
    def sees(self) -> bool:
        """Whether pictures are found by what they show, now."""
        return bool(self._pictures.space())

    def unseen(self) -> int:
        """Sources with pictures that were filed without the present model for them, and wait for `see_again`."""
        return len(self._pictures.unseen())

    def see_again(self, original: Original, on_progress: OnProgress | None = None) -> int:
        """Looks with the present model at the pictures that were filed without it; how many sources it cannot open.

        original: scope and source_id → the file as it was handed over, or None where it is not kept. Those stay as
        they are, and so does what is locked or was changed, and what the program died over twice: their text is found,
        their pictures are not. Source by source: what is done stays done if this is stopped. on_progress: as in
        `reembed`.
        """
        rows, left = self._pictures.unseen(), 0
        for done, row in enumerate(rows):
            if on_progress is not None:
                on_progress(done, len(rows))
            key = Key(row["scope"], row["source_id"])
            began = self._forgetting(key)
            seen = None
            if row["begun"] >= MOST_ATTEMPTS:
                log.error("%s was being looked at again at unexpected ends of the program; it is left.", row["source"])
            else:
                with self._pictures.attempt(key, row["begun"]):
                    seen = self._pictures.see_again(original(key.scope, key.source_id), row["source"], row["figures"])
            left += seen is None
            if seen is not None:
                self._show(key, seen, row["figures"], began)
        with self._writing:
            self._pictures.drop_others()
        if on_progress is not None:
            on_progress(len(rows), len(rows))
        return left

    def close(self) -> None:
        """Gives the folder back; a second time does nothing. A private folder is removed."""
        with self._writing, self._alone:
            if not self._open:
                return
            self._open = False
            self._indexes.clear()
            self._sqlite.close()
            self._store.close()
            if self._private is not None:
                self._private.remove()

    def __enter__(self) -> "ChromaLibrary":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _held(self, key: Key) -> int | None:
        """How many pieces of it there are in the present space; None: it was not filed there."""
        found = self._sqlite.rows(
            "SELECT pieces FROM filed WHERE scope = ? AND source_id = ? AND collection = ?",
            key.scope, key.source_id, self._store.collection,
        )  # fmt: skip
        return int(found[0]["pieces"]) if found else None

    def _learn(self, key: Key, facts: FileFacts | None, began: tuple[int, int]) -> None:
        """What is known of a source that was filed before facts were kept; else the first ones stay."""
        with self._writing:
            if self._forgetting(key) == began and self._facts.of(key) is None:
                self._facts.keep(key, facts)

    def _rows(self, scope: str) -> Sequence[Any]:
        """What is whole in this scope, in the present space, in the order in which it was filed."""
        return self._sqlite.rows(
            "SELECT source_id, source, pieces FROM filed WHERE scope = ? AND collection = ? ORDER BY rowid",
            scope, self._store.collection,
        )  # fmt: skip

    def _spotted(self, question: str, scopes: Sequence[str], within: Sequence[str]) -> Iterator[tuple[Spotted, str]]:
        """Pictures near to the question, and the names of their sources; of what is whole alone."""
        found = self._pictures.search(question, scopes, within)
        names = {scope: self.sources(scope) for scope in {spotted.key.scope for spotted in found}}
        for spotted in found:
            if (name := names[spotted.key.scope].get(spotted.key.source_id)) is not None:
                yield spotted, name

    def _show(self, key: Key, seen: Seen | None, figures: str, began: tuple[int, int]) -> None:
        """Files a source's pictures, unless it was forgotten since `began`."""
        with self._writing:
            if self._forgetting(key) == began:
                self._pictures.file(key, seen, figures)

    def _take(
        self,
        key: Key,
        name: str,
        medium: Medium,
        chunks: Sequence[Chunk],
        on_progress: OnProgress | None,
        began: tuple[int, int],
        resume_state: str | None = None,
        facts: FileFacts | None = None,
    ) -> None:
        """began: what `_forgetting` said when the source was taken up. resume_state, facts: see `Document`; None: as it
        is."""
        batches: list[Vectors] = []
        with ThreadPoolExecutor(1, "words") as beside:  # words are counted while Chroma writes
            words = beside.submit(SourceWords.of, [piece.indexed for piece in chunks])
            for start in range(0, len(chunks), BATCH):
                batch = chunks[start : start + BATCH]
                batches.append(self._embed(batch, start, len(chunks), on_progress))
                with self._writing:
                    if self._forgetting(key) != began:
                        return  # forgotten while it was embedded: the rest must not come back
                    self._store.write(key, name, medium, start, batch, batches[-1])
        with self._writing:
            if self._forgetting(key) == began:
                vectors = numpy.concatenate(batches) if batches else numpy.zeros((0, self._embedder.dimensions))
                self._file(key, name, vectors.astype(numpy.float32, copy=False), words.result(), resume_state, facts)
        if on_progress is not None:
            on_progress(len(chunks), len(chunks))

    def _forgetting(self, key: Key) -> tuple[int, int]:
        """Changes when this source, or all of its scope, is forgotten."""
        return self._forgotten[Key(key.scope, "")], self._forgotten[key]

    def _scale(self, unspaced: bool) -> Scale:
        if unspaced not in self._scales:
            self._scales[unspaced] = calibrate(self._embedder, unspaced)
        return self._scales[unspaced]

    def _embed(self, chunks: Sequence[Chunk], before: int, total: int, on_progress: OnProgress | None) -> Vectors:
        texts = [piece.indexed for piece in chunks]
        if on_progress is None:
            return self._embedder.embed_passages(texts)
        parts = []
        for start in range(0, len(texts), _EMBEDDED_AT_ONCE):
            on_progress(before + start, total)
            parts.append(self._embedder.embed_passages(texts[start : start + _EMBEDDED_AT_ONCE]))
        return numpy.concatenate(parts)

    def _file(
        self,
        key: Key,
        name: str,
        vectors: Vectors,
        words: SourceWords,
        resume_state: str | None,
        facts: FileFacts | None,
    ) -> None:
        """The source is whole, or as far as it is known: from here on it is found, and survives a kill."""
        with self._alone:
            with self._sqlite.together():
                self._sqlite.write(
                    "INSERT INTO filed VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (scope, source_id) DO UPDATE SET "
                    "pieces = excluded.pieces, collection = excluded.collection, words = excluded.words",
                    key.scope, key.source_id, name, len(words.lengths), self._store.collection, words.to_bytes(),
                )  # fmt: skip
                self._note_rest(key, resume_state)
                self._facts.keep(key, facts)
            if index := self._indexes.get(key.scope):
                index.add(key.source_id, vectors, words)

    def _lengthen(
        self, key: Key, document: Document, known: bytes, chunks: Sequence[Chunk], vectors: Vectors | None
    ) -> None:
        """The SQLite store and the index know of these pieces as well, and of how far they reach."""
        new = SourceWords.of([piece.indexed for piece in chunks])
        with self._alone:
            with self._sqlite.together():
                if vectors is not None:
                    words = SourceWords.joined(SourceWords.from_bytes(known), new)
                    self._sqlite.write(
                        "UPDATE filed SET pieces = ?, words = ? WHERE scope = ? AND source_id = ?",
                        len(words.lengths), words.to_bytes(), key.scope, key.source_id,
                    )  # fmt: skip
                self._note_rest(key, document.resume_state)
                self._facts.grow(key, document.facts)
            if vectors is not None and (index := self._indexes.get(key.scope)):
                index.add(key.source_id, vectors, new)

    def _note_rest(self, key: Key, resume_state: str | None) -> None:
        """resume_state: "" where it is whole, None where nothing is to be changed."""
        if resume_state:
            self._sqlite.write(
                "INSERT INTO growing (scope, source_id, rest) VALUES (?, ?, ?)"
                " ON CONFLICT (scope, source_id) DO UPDATE SET rest = excluded.rest",
                key.scope, key.source_id, resume_state,
            )  # fmt: skip
        elif resume_state is not None:
            self._sqlite.write("DELETE FROM growing WHERE scope = ? AND source_id = ?", key.scope, key.source_id)

    def _index(self, scope: str) -> ScopeIndex:
        """The only place where whose files these are enters a search. Read by the first one; kept up afterwards."""
        index = self._indexes.get(scope)
        if index is None:
            index = ScopeIndex(self._embedder.dimensions)
            rows = self._sqlite.rows(
                "SELECT source_id, pieces, words FROM filed WHERE scope = ? AND collection = ? ORDER BY rowid",
                scope, self._store.collection,
            )  # fmt: skip
            for start in range(0, len(rows), BATCH):
                self._put(index, scope, rows[start : start + BATCH])
            if rows:
                self._indexes[scope] = index
        if scope in self._indexes:
            self._indexes.move_to_end(scope)
        while len(self._indexes) > 1 and sum(each.pieces for each in self._indexes.values()) > _PIECES_AT_HAND:
            self._indexes.popitem(last=False)
        return index

    def _put(self, index: ScopeIndex, scope: str, rows: Sequence[Any]) -> None:
        """Reads some sources' vectors and words into the index."""
        ids = [piece for row in rows for piece in Key(scope, row["source_id"]).pieces(0, row["pieces"])]
        vectors = self._store.vectors(ids, self._embedder.dimensions)
        start = 0
        for row in rows:
            index.add(row["source_id"], vectors[start : start + row["pieces"]], SourceWords.from_bytes(row["words"]))
            start += row["pieces"]


def _several(scope: str | Sequence[str]) -> tuple[str, ...]:
    return (scope,) if isinstance(scope, str) else tuple(dict.fromkeys(scope))


def _candidates(
    indexes: dict[str, ScopeIndex], question: str, asked: Vectors, within: Sequence[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """The best pieces by meaning and by words: id → cosine of all of them, and id → score of those with words."""
    dense: dict[str, float] = {}
    keyword: dict[str, float] = {}
    words = bm25(question, [index.postings for index in indexes.values()])
    for (scope, index), said in zip(indexes.items(), words, strict=True):
        meant = index.vectors @ asked
        allowed = index.allowed(within)
        nearest = meant + 1.0  # above 0, so that 0 can say "not this one"
        if allowed is not None:
            nearest, said = nearest * allowed, said * allowed
        by_words = best(said, _CANDIDATES)
        for position in {*by_words, *best(nearest, _CANDIDATES)}:
            source_id, number = index.place(position)
            piece = Key(scope, source_id).piece(number)
            dense[piece] = float(meant[position])
            if said[position] > 0:
                keyword[piece] = float(said[position])
    return dense, keyword
