"""What is said where the disk fails: to whoever asked, what it means for him; to the log, where it lies.

A visitor of a shared page can do nothing with a folder of the server, and is told none.
"""

import errno
import logging
from pathlib import Path
from typing import Literal

from assistant.values.errors import LibraryError
from assistant.values.messages import Message, say

log = logging.getLogger(__name__)

Verb = Literal["opened", "read", "written", "closed"]
_DONE: dict[Verb, Message] = {
    "opened": say("opened"),
    "read": say("read"),
    "written": say("written"),
    "closed": say("closed"),
}
_FULL = ("no space left", "disk is full", "disk full", "database or disk is full")


def is_full(error: BaseException) -> bool:
    number = error.errno if isinstance(error, OSError) else None
    return number in (errno.ENOSPC, errno.EDQUOT) or any(words in str(error).lower() for words in _FULL)


def not_kept(error: Exception, what: str, folder: Path) -> LibraryError:
    """what: was to be kept in this folder, as the person calls it."""
    log.error("%s could not be kept in %s: %s", what, folder, error)
    if is_full(error):
        return LibraryError(
            say(
                "There is no room left on this machine's disk for {name}. Whoever runs this Medley must make some: its "
                "log says where. Then try again.",
                name=what,
            )
        )
    return LibraryError(
        say("I cannot keep {name} on this machine. Whoever runs this Medley finds in its log why.", name=what)
    )


def unusable(error: Exception, holds: Message, folder: Path, done: Verb) -> LibraryError:
    """holds: what lies in that folder, as the person calls it. done: what could not be."""
    if is_full(error):
        return not_kept(error, say("the {holds}", holds=holds), folder)
    log.error("The %s in %s could not be %s: %s", holds, folder, done, error)
    return LibraryError(
        say(
            "The {holds} could not be {done}. If this goes on, whoever runs this Medley finds in its log which folder "
            "to move away before the next start: an empty one is made.",
            holds=holds,
            done=_DONE[done],
        )
    )
