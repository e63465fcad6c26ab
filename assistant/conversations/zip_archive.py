"""A conversation as one archive, and back: conversation.json with every turn of every branch, and its files.

An archive may come from a stranger: nothing in it is believed that can be checked, and what is odd is refused.
"""

import json
import logging
import math
import os
import secrets
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from assistant.conversations.archive_format import (
    FORMAT,
    INDEX,
    TOO_LARGE,
    TURN_BYTES,
    VERSION,
    ArchivedConversation,
    ArchivedTurn,
    named,
    whole,
)
from assistant.conversations.attachments import describe_file
from assistant.conversations.history import History
from assistant.conversations.history_rows import as_title
from assistant.conversations.records import AttachedFile, ConversationInfo, StoredTurn
from assistant.storage.originals import Originals
from assistant.values.answer_json import from_json, to_json
from assistant.values.errors import BadInput, LibraryError
from assistant.values.limits import Limits
from assistant.values.messages import Message, say

log = logging.getLogger(__name__)

_MOMENT = zipfile.ZipInfo().date_time  # of every member: the same conversation makes the same archive
_PIECE = 1 << 20
_SECONDS = 30.0  # that reading one may take
_ROOT = Path(__file__).parents[2]
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")


def export_archive(history: History, originals: Originals, owner: str, conversation: str, path: Path) -> None:
    """Writes the archive to `path`, whole or not at all. Raises BadInput, and LibraryError where the disk fails."""
    info, kept = history.get(owner, conversation), originals.all(conversation)
    turns = history.branches(owner, conversation)
    numbers = {"": 0, **{turn.id: number for number, turn in enumerate(turns, 1)}}
    given = list(dict.fromkeys(file.source_id for turn in turns for file in turn.given))
    files, remembered = history.files.of(conversation), history.files.remembered(conversation)
    archived = ArchivedConversation(
        FORMAT,
        VERSION,
        info.title,
        numbers[path_[-1].id] if (path_ := history.turns(owner, conversation)) else 0,
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
        raise LibraryError(say("The archive could not be written: {trouble}.", trouble=error)) from error
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
        archived, files = _read(path, limits)
        with whole(), zipfile.ZipFile(path) as archive:
            for source_id, name in named(archived).items():
                if source_id in files:
                    originals.pour(_pieces(archive, files[source_id]), conversation, source_id, name)
        return _adopt(history, originals, owner, conversation, archived, limits)
    except BaseException:
        originals.forget(conversation)
        raise


def _archived(turn: StoredTurn, numbers: dict[str, int]) -> ArchivedTurn:
    return ArchivedTurn(
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


def _read(path: Path, limits: Limits) -> tuple[ArchivedConversation, dict[str, str]]:
    """What a process of its own has to say of it: the conversation, and source_id → its file's name in the archive."""
    seconds = math.ceil(min(_SECONDS, limits.parse_seconds))
    code = "from assistant.conversations.archive_worker import main; main()"
    numbers = (limits.file_bytes, limits.parse_bytes, seconds)
    inherited = {key: os.environ[key] for key in _INHERITED if key in os.environ}
    with tempfile.TemporaryFile() as told:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-c", code, str(path.absolute()), *map(str, numbers)],
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.PIPE,
                timeout=2 * seconds,
                check=False,
                env={**inherited, "PYTHONPATH": str(_ROOT)},
            )
        except subprocess.TimeoutExpired as error:
            raise BadInput(TOO_LARGE) from error
        if done.returncode:
            log.error("The process that read an archive ended with status %s.\n%s", done.returncode, _end(done.stderr))
            raise BadInput(TOO_LARGE)  # it was struck down for its time or its memory, unless the log says otherwise
        told.seek(0)
        return _understood(told)


def _understood(told: IO[bytes]) -> tuple[ArchivedConversation, dict[str, str]]:
    """Line by line, so that others' threads come in between."""
    first = json.loads(told.readline())
    if "refused" in first:
        raise BadInput(Message.from_json(first["refused"]))
    turns = (from_json(ArchivedTurn, json.loads(line)) for line in iter(lambda: told.readline(TURN_BYTES + 1), b""))
    return replace(from_json(ArchivedConversation, first["conversation"]), turns=tuple(turns)), first["files"]


def _end(told: bytes) -> str:
    return told[-2000:].decode("utf-8", "replace")


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    with whole(), archive.open(member) as file:
        while piece := file.read(_PIECE):
            yield piece


def _adopt(
    history: History,
    originals: Originals,
    owner: str,
    conversation: str,
    archived: ArchivedConversation,
    limits: Limits,
) -> ConversationInfo:
    kept = originals.all(conversation)

    def seen(file: AttachedFile) -> AttachedFile:
        """What its bytes say, whatever the archive says."""
        path = kept.get(file.source_id)
        return describe_file(path, file.source_id, file.name, file.spoken, limits) if path is not None else file

    turns = [_stored_turn(turn, conversation, tuple(map(seen, turn.given))) for turn in archived.turns]
    leaf = str(archived.open) if archived.open else ""
    info = history.adopt(owner, conversation, as_title(archived.title), turns, leaf)
    nothing = {each for each in archived.nothing if each in kept}
    wanted = {file.source_id for turn in turns for file in turn.given if not file.spoken}
    history.files.note(conversation, nothing, "nothing")
    history.files.note(conversation, (wanted & set(kept)) - nothing, "wanted")
    history.files.remember(conversation, [each for each in archived.pinned if each in kept], "pinned")
    history.files.remember(conversation, [each for each in archived.dropped if each in kept], "dropped")
    return info


def _stored_turn(turn: ArchivedTurn, conversation: str, given: tuple[AttachedFile, ...]) -> StoredTurn:
    return StoredTurn(
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
