"""Reads an archive in a process of its own, so that a hostile one costs nobody else his answer.

A file path, how large a file in it may be, bytes and seconds on the command line. Writes JSON, a line each: what is
known of the conversation and where its files are, then turn after turn; or why the archive is refused.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from assistant.conversations.archive_format import INDEX_BYTES, TOO_LARGE, TURN_BYTES, TURN_VALUES, read_archive
from assistant.values.answer_json import to_json
from assistant.values.errors import BadInput

_POLITE = 10  # how far others' answers go before


def main() -> None:
    path, most_file_bytes, most_bytes, seconds = sys.argv[1:]
    _limit(int(most_bytes), int(seconds))
    try:
        lines = _lines(Path(path), int(most_file_bytes))
    except BadInput as error:
        lines = [json.dumps({"refused": error.message.to_json()})]
    except MemoryError:
        lines = [json.dumps({"refused": TOO_LARGE.to_json()})]
    print(*lines, sep="\n")  # noqa: T201


def _lines(path: Path, most_file_bytes: int) -> list[str]:
    archived, files = read_archive(path, most_file_bytes)
    turns = [json.dumps(to_json(turn)) for turn in archived.turns]
    if any(len(turn) > TURN_BYTES or turn.count(",") > TURN_VALUES for turn in turns):
        raise BadInput(TOO_LARGE)
    return [json.dumps({"conversation": to_json(replace(archived, turns=())), "files": files}), *turns]


def _limit(most_bytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where whoever started us limits the time
        return
    os.nice(_POLITE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (6 * INDEX_BYTES, 6 * INDEX_BYTES))  # "\\u00e9" for two bytes
    statm = Path("/proc/self/statm")
    if statm.exists():
        taken = int(statm.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (taken + most_bytes, taken + most_bytes))
