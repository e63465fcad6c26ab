"""A conversation as one archive, and back: conversation.json with every turn of every branch, and its files.

An archive may come from a stranger: nothing in it is believed that can be checked, and what is odd is refused.
"""

import json
import math
import os
import re
import secrets
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.conversations.attachments import LONGEST_NAME, known
from assistant.conversations.history import History
from assistant.conversations.history_rows import as_title
from assistant.conversations.records import ConversationInfo, Entry, Given, TurnState, Verdict
from assistant.storage.originals import Originals
from assistant.values.answer_json import from_json, to_json
from assistant.values.errors import BadInput, LibraryError
from assistant.values.events import Answer
from assistant.values.limits import Limits
from assistant.values.messages import NOTHING, Message, say

FORMAT = "medley conversation"
VERSION = 2  # 1 kept sentences in English alone; it is read, too
INDEX = "conversation.json"
INDEX_BYTES = 100_000_000
MOST_TURNS = 10_000
MOST_FILES = 5_000
ALL_BYTES = 10_000_000_000
SWELLING = 20  # times its own size that an archive may unpack to, once that is more than ...
SMALL_BYTES = 100_000_000
_FILE = re.compile(r"files/([0-9a-f]{64})(?:\.[a-z0-9]{1,8})?")
_SOURCE = re.compile(r"[0-9a-f]{1,128}")
_NAME = re.compile(rf"[^/\\\x00-\x1f]{{1,{LONGEST_NAME}}}")
_MOMENT = zipfile.ZipInfo().date_time  # of every member: the same conversation makes the same archive
_PIECE = 1 << 20


@dataclass(frozen=True)
class _Turn:
    """number: from 1, in the order in which they were asked. parent: the number of the turn before it, 0 for none."""

    number: int
    parent: int
    asked: str
    given: tuple[Given, ...]
    asked_at: float
    state: TurnState
    question: str = ""
    said: str = ""
    partial: str = ""
    answer: Answer | None = None
    failure: Message = NOTHING
    verdict: Verdict = ""
    feedback: str = ""


@dataclass(frozen=True)
class _Archived:
    """open: the number of the last turn on the open path. nothing: source_ids of files in which there is nothing to
    be found. missing: those that were not kept any more. pinned, dropped: pictures that are remembered so."""

    format: str
    version: int
    title: str
    open: int
    turns: tuple[_Turn, ...]
    nothing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def export_archive(history: History, originals: Originals, owner: str, conversation: str, path: Path) -> None:
    """Writes the archive to `path`, whole or not at all. Raises BadInput, and LibraryError where the disk fails."""
    info, kept = history.get(owner, conversation), originals.all(conversation)
    turns = history.branches(owner, conversation)
    numbers = {"": 0, **{turn.id: number for number, turn in enumerate(turns, 1)}}
    given = list(dict.fromkeys(file.source_id for turn in turns for file in turn.given))
    files, remembered = history.files.of(conversation), history.files.remembered(conversation)
    archived = _Archived(
        FORMAT,
        VERSION,
        info.title,
        numbers[path_[-1].id] if (path_ := history.entries(owner, conversation)) else 0,
        tuple(_archived(turn, numbers) for turn in turns),
        tuple(each for each in given if files.get(each) == "nothing"),
        tuple(each for each in given if each not in kept),
        tuple(each for each in given if remembered.get(each) == "pinned"),
        tuple(each for each in given if remembered.get(each) == "dropped"),
    )
    making = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with zipfile.ZipFile(making, "x") as archive:
            member = zipfile.ZipInfo(INDEX, _MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, json.dumps(to_json(archived), ensure_ascii=False, indent=1))
            for source_id in given:
                if source_id in kept:
                    _write(archive, kept[source_id])
        os.replace(making, path)
    except OSError as error:
        raise LibraryError(
            say("The archive could not be written: {trouble}.", trouble=error.strerror or error)
        ) from error
    finally:
        making.unlink(missing_ok=True)


def import_archive(
    history: History, originals: Originals, owner: str, path: Path, limits: Limits | None = None
) -> ConversationInfo:
    """A new conversation of this owner; its files are wanted in the library. Raises BadInput for what is no archive
    of ours, damaged, too large or made to harm, and LibraryError where the disk fails; then nothing of it stays."""
    limits = limits or Limits()
    conversation = secrets.token_hex(16)
    try:
        with _whole(), zipfile.ZipFile(path) as archive:
            members = _members(archive, path, limits)
            archived = _read_index(archive)
            _check(archived, members)
            for source_id, name in _named(archived).items():
                if source_id in members:
                    originals.pour(_pieces(archive, members[source_id]), conversation, source_id, name)
        return _adopt(history, originals, owner, conversation, archived, limits)
    except BaseException:
        originals.forget(conversation)
        raise


@contextmanager
def _whole() -> Iterator[None]:
    """What zipfile raises of torn archives, in words."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError) as error:
        raise BadInput(say("This is no archive of a conversation, or it is damaged.")) from error


def _archived(turn: Entry, numbers: dict[str, int]) -> _Turn:
    return _Turn(
        numbers[turn.id],
        numbers[turn.parent],
        turn.asked,
        turn.given,
        turn.asked_at,
        "interrupted" if turn.state == "answering" else turn.state,
        turn.question,
        turn.partial if turn.state == "answering" else turn.said,
        turn.partial,
        turn.answer,
        turn.failure,
        turn.verdict,
        turn.feedback,
    )


def _write(archive: zipfile.ZipFile, file: Path) -> None:
    """Stored as it is: most of what people hand over is compressed already."""
    member = zipfile.ZipInfo(f"files/{file.name}", _MOMENT)
    member.file_size = file.stat().st_size  # so that it is known whether the large form of an entry is needed
    with file.open("rb") as source, archive.open(member, "w") as target:
        while piece := source.read(_PIECE):
            target.write(piece)


def _members(archive: zipfile.ZipFile, path: Path, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """source_id → its member. What they say of their size bounds what is read of them."""
    found: dict[str, zipfile.ZipInfo] = {}
    everything = archive.infolist()
    if len(everything) > MOST_FILES or [member.filename for member in everything].count(INDEX) != 1:
        raise BadInput(say("This is no archive of a conversation."))
    for member in everything:
        if member.flag_bits & 1:
            raise BadInput(say("This archive is locked with a password. Unpack it and pack it again without one."))
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadInput(say("This archive is packed in a way that I do not open. Pack it again as a plain .zip."))
        if member.filename == INDEX:
            if member.file_size > INDEX_BYTES:
                raise BadInput(say("The conversation in this archive is too large."))
            continue
        match = _FILE.fullmatch(member.filename)
        if match is None or match[1] in found:
            raise BadInput(say("This archive holds what no conversation's archive holds, so I do not open it."))
        if member.file_size > limits.file_bytes:
            raise BadInput(
                say(
                    "A file in this archive is too large: I take {most} MB.",
                    most=f"{limits.file_bytes / 1e6:,.0f}",
                )
            )
        found[match[1]] = member
    total = sum(member.file_size for member in everything)
    if total > ALL_BYTES or total > max(SMALL_BYTES, SWELLING * path.stat().st_size):
        raise BadInput(say("This archive unpacks to far more than it should, so I do not open it."))
    return found


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with _whole(), archive.open(member) as file:
        while piece := file.read(_PIECE):
            yield piece


def _read_index(archive: zipfile.ZipFile) -> _Archived:
    """Raises BadInput for what is not of this format, or of a newer version of it."""
    try:
        told = json.loads(
            archive.read(INDEX), parse_float=_finite, parse_int=_countable, parse_constant=_finite
        )  # what is not a number for us would be one for the page
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise BadInput(say("This is no archive of a conversation."))
        if told.get("version") not in range(1, VERSION + 1):
            raise BadInput(
                say(
                    "This archive is of version {version}, and I know version {number}: a newer Medley "
                    "made it. Import it there.",
                    version=f"{told.get('version')!r:.10}",
                    number=VERSION,
                )
            )
        return from_json(_Archived, told)
    except (ValueError, RecursionError) as error:
        raise BadInput(say("What this archive says of its conversation is damaged.")) from error


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text:.20} is no number")
    return number


def _countable(text: str) -> int:
    number = int(text)
    if abs(number) > 2**53:
        raise ValueError(f"{text:.20} is too large")
    return number


def _check(archived: _Archived, members: dict[str, zipfile.ZipInfo]) -> None:
    """That its turns make a tree, and that what they name is there, and nothing else."""
    damaged = BadInput(say("What this archive says of its conversation is damaged."))
    numbers = [turn.number for turn in archived.turns]
    if len(numbers) > MOST_TURNS or numbers != list(range(1, len(numbers) + 1)) or not _opens(archived):
        raise damaged
    for turn in archived.turns:
        in_time = 0 <= turn.asked_at <= 4e9
        ended = turn.state != "answering" and (turn.answer is not None or turn.state != "done")
        if not (0 <= turn.parent < turn.number and in_time and ended):
            raise damaged
        cited = turn.answer.citations if turn.answer is not None else ()
        sources = [*(each.source_id for each in cited), *(file.source_id for file in turn.given)]
        if not all(map(_SOURCE.fullmatch, sources)):
            raise damaged
        if not all(_NAME.fullmatch(file.name) for file in turn.given):
            raise damaged
    named = set(_named(archived))
    if not set(members) <= named:
        raise BadInput(say("This archive holds what no conversation's archive holds, so I do not open it."))
    if named - set(members) - set(archived.missing):
        raise BadInput(say("Files are missing in this archive. Export the conversation again."))


def _opens(archived: _Archived) -> bool:
    return 1 <= archived.open <= len(archived.turns) if archived.turns else archived.open == 0


def _named(archived: _Archived) -> dict[str, str]:
    return {file.source_id: file.name for turn in archived.turns for file in turn.given}


def _adopt(
    history: History, originals: Originals, owner: str, conversation: str, archived: _Archived, limits: Limits
) -> ConversationInfo:
    kept = originals.all(conversation)

    def seen(file: Given) -> Given:
        """What its bytes say, whatever the archive says."""
        path = kept.get(file.source_id)
        return known(path, file.source_id, file.name, file.spoken, limits) if path is not None else file

    turns = [_entry(turn, conversation, tuple(map(seen, turn.given))) for turn in archived.turns]
    leaf = str(archived.open) if archived.open else ""
    info = history.adopt(owner, conversation, as_title(archived.title), turns, leaf)
    nothing = {each for each in archived.nothing if each in kept}
    wanted = {file.source_id for turn in turns for file in turn.given if not file.spoken}
    history.files.note(conversation, nothing, "nothing")
    history.files.note(conversation, (wanted & set(kept)) - nothing, "wanted")
    history.files.remember(conversation, [each for each in archived.pinned if each in kept], "pinned")
    history.files.remember(conversation, [each for each in archived.dropped if each in kept], "dropped")
    return info


def _entry(turn: _Turn, conversation: str, given: tuple[Given, ...]) -> Entry:
    return Entry(
        str(turn.number),
        conversation,
        str(turn.parent or ""),
        turn.asked,
        given,
        turn.asked_at,
        turn.state,
        turn.partial,
        turn.answer,
        turn.failure,
        turn.verdict,
        turn.feedback,
        question=turn.question,
        said=turn.said,
    )
