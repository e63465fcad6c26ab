"""ZIP files from strangers: what they would unpack to is checked before anything is unpacked."""

import zipfile
from pathlib import Path

from assistant.values.errors import BadInput
from assistant.values.limits import Limits
from assistant.values.messages import say

_MARKED_UP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx")
_MOST_MEMBERS = 100_000


def check(path: Path, name: str, limits: Limits, kind: str) -> None:
    """Refuses what is no whole ZIP file, and what holds more than memory does. kind: "a Word document"."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise damaged(name, kind) from error
    if any(member.flag_bits & 1 for member in members):
        raise BadInput(
            say("{name} is encrypted in a way that I cannot open. Save it without a password and try again.", name=name)
        )
    whole = sum(member.file_size for member in members)
    marked_up = sum(member.file_size for member in members if member.filename.lower().endswith(_MARKED_UP))
    if marked_up > 10 * limits.document_characters or whole > 2 * limits.file_bytes or len(members) > _MOST_MEMBERS:
        raise BadInput(
            say(
                "{name} unpacks to {size} MB, more than I accept. Split it into parts.",
                name=name,
                size=f"{whole / 1e6:.0f}",
            )
        )


def damaged(name: str, kind: str) -> BadInput:
    return BadInput(
        say(
            "{name} is damaged, or not {kind}. Open it in the program it comes from and save it again.",
            name=name,
            kind=kind,
        )
    )
