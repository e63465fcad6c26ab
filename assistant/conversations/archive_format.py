"""What an archive of a conversation holds, and whether one that may come from a stranger is one. Knows no history.

Reading one takes as much memory and time as whoever made it likes: only `archive_worker` does it.
"""

import json
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from pathlib import Path

from assistant.conversations.records import LONGEST_NAME, AttachedFile, TurnState, Verdict
from assistant.values.answer_json import from_json
from assistant.values.errors import BadInput
from assistant.values.events import Answer
from assistant.values.messages import NOTHING, Message, say

FORMAT = "medley conversation"
VERSION = 2  # 1 kept sentences in English alone; it is read, too
INDEX = "conversation.json"
INDEX_BYTES = 100_000_000
MOST_TURNS = 10_000
MOST_VALUES = 3_000_000  # of all turns together, and ...
TURN_VALUES = 100_000  # ... of one, which is taken over in one go
TURN_BYTES = 8_000_000
MOST_DEPTH = 50
MOST_FILES = 5_000
ALL_BYTES = 10_000_000_000
SWELLING = 20  # times its own size that an archive may unpack to, once that is more than ...
SMALL_BYTES = 100_000_000
_FILE = re.compile(r"files/([0-9a-f]{64})(?:\.[a-z0-9]{1,8})?")
_SOURCE = re.compile(r"[0-9a-f]{1,128}")
_NAME = re.compile(rf"[^/\\\x00-\x1f]{{1,{LONGEST_NAME}}}")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
TOO_LARGE = say("The conversation in this archive is too large.")


@dataclass(frozen=True)
class ArchivedTurn:
    """A turn in an archive."""

    number: int
    """From 1, in the order in which they were asked."""
    parent: int
    """The number of the turn before it; 0 for none."""
    asked: str
    given: tuple[AttachedFile, ...]
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
class ArchivedConversation:
    """A conversation in an archive."""

    format: str
    version: int
    title: str
    open: int
    """The number of the last turn on the open path; 0 where there are no turns."""
    turns: tuple[ArchivedTurn, ...]
    nothing: tuple[str, ...] = ()
    """source_ids of files in which nothing can be found."""
    missing: tuple[str, ...] = ()
    """source_ids of files that were not stored any more."""
    pinned: tuple[str, ...] = ()
    """source_ids of pictures that are kept in view."""
    dropped: tuple[str, ...] = ()
    """source_ids of pictures that later turns do not see."""


def read_archive(path: Path, most_file_bytes: int) -> tuple[ArchivedConversation, dict[str, str]]:
    """What it says of its conversation, checked, and source_id → its file's name in the archive. Raises BadInput."""
    with whole(), zipfile.ZipFile(path) as archive:
        members = _members(archive, path, most_file_bytes)
        archived = _read_index(archive)
        _check(archived, members)
        return archived, {source_id: member.filename for source_id, member in members.items()}


@contextmanager
def whole() -> Iterator[None]:
    """What zipfile raises of torn archives, in words."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError) as error:
        raise BadInput(say("This is no archive of a conversation, or it is damaged.")) from error


def _members(archive: zipfile.ZipFile, path: Path, most_file_bytes: int) -> dict[str, zipfile.ZipInfo]:
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
                raise BadInput(TOO_LARGE)
            continue
        match = _FILE.fullmatch(member.filename)
        if match is None or match[1] in found:
            raise BadInput(say("This archive holds what no conversation's archive holds, so I do not open it."))
        if member.file_size > most_file_bytes:
            raise BadInput(
                say("A file in this archive is too large: I take {most} MB.", most=f"{most_file_bytes / 1e6:,.0f}")
            )
        found[match[1]] = member
    total = sum(member.file_size for member in everything)
    if total > ALL_BYTES or total > max(SMALL_BYTES, SWELLING * path.stat().st_size):
        raise BadInput(say("This archive unpacks to far more than it should, so I do not open it."))
    return found


def _read_index(archive: zipfile.ZipFile) -> ArchivedConversation:
    """Raises BadInput for what is not of this format, or of a newer version of it."""
    try:
        index = archive.read(INDEX)
        if not _is_modest(index):
            raise BadInput(TOO_LARGE)
        told = json.loads(
            index, parse_float=_finite, parse_int=_countable, parse_constant=_finite
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
        archived = from_json(ArchivedConversation, told)
    except (ValueError, RecursionError) as error:
        raise BadInput(say("What this archive says of its conversation is damaged.")) from error
    said = [_characters(turn) for turn in archived.turns]
    if max(said, default=0) > TURN_BYTES or sum(said) > INDEX_BYTES:
        raise BadInput(TOO_LARGE)
    return archived


def _characters(value: object) -> int:
    """Of all sentences in it, with those that they were made of: a template says a value as often as it likes."""
    match value:
        case Message(parts=parts, values=values):
            return len(value) + sum(map(_characters, parts)) + sum(map(_characters, values.values()))
        case tuple():
            return sum(map(_characters, value))
        case _ if is_dataclass(value):
            return sum(map(_characters, vars(value).values()))
        case _:
            return 0


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


def _is_modest(index: bytes) -> bool:
    """Whether what it would become has a size like that of its text: empty lists take fifty times as much."""
    bare = _STRING.sub(b"", index)
    if sum(map(bare.count, (b",", b"[", b"{"))) > MOST_VALUES:
        return False
    depth = 0
    for mark in re.finditer(rb"[\[{]|[\]}]", bare):
        depth += 1 if mark[0] in b"[{" else -1
        if depth > MOST_DEPTH:
            return False
    return True


def _check(archived: ArchivedConversation, members: dict[str, zipfile.ZipInfo]) -> None:
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
    expected = set(named(archived))
    if not set(members) <= expected:
        raise BadInput(say("This archive holds what no conversation's archive holds, so I do not open it."))
    if expected - set(members) - set(archived.missing):
        raise BadInput(say("Files are missing in this archive. Export the conversation again."))


def _opens(archived: ArchivedConversation) -> bool:
    return 1 <= archived.open <= len(archived.turns) if archived.turns else archived.open == 0


def named(archived: ArchivedConversation) -> dict[str, str]:
    return {file.source_id: file.name for turn in archived.turns for file in turn.given}
