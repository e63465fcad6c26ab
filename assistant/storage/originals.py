"""Originals: a copy of every file handed over, for as long as its conversation lives, so that evidence can be opened.

The page's own uploads are gone after a day. A scope is a conversation's id; a source_id is a file's digest.
"""

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from assistant.storage.trouble import not_kept
from assistant.values.errors import BadInput, LibraryError
from assistant.values.messages import say

_ID = re.compile(r"[0-9a-f]{1,128}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


class Originals:
    """Keeps files at folder/<scope>/<source_id><suffix>. Any thread may call it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def keep(self, path: Path, scope: str, source_id: str, name: str) -> Path:
        """Where the file is kept from now on; the same file again is kept once.

        A copy. Raises LibraryError where it cannot be kept.
        """
        kept = self._of(scope) / (_checked(source_id) + _suffix(name))
        if (known := self.find(scope, source_id)) is not None:
            return known
        self._used.add(scope)
        try:
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copy(path, kept)
        except OSError as error:
            raise not_kept(error, name, self._folder) from error
        return kept

    def pour(self, pieces: Iterable[bytes], scope: str, source_id: str, name: str) -> Path:
        """The same for a file that comes in pieces. Raises BadInput where its digest is another one than source_id."""
        kept = self._of(scope) / (_checked(source_id) + _suffix(name))
        self._used.add(scope)
        making = kept.with_name(f".{secrets.token_hex(8)}.part")
        digest = hashlib.sha256()
        try:
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with making.open("xb") as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != source_id:
                raise BadInput(say("{name} is damaged: its bytes are not those that were kept.", name=name))
            os.replace(making, kept)
        except OSError as error:
            raise not_kept(error, name, self._folder) from error
        finally:
            with suppress(OSError):
                making.unlink(missing_ok=True)
        return kept

    def find(self, scope: str, source_id: str) -> Path | None:
        """The file as it was handed over in this scope, or None."""
        folder = self._of(scope)
        _checked(source_id)
        if not folder.is_dir():
            return None
        return next((file for file in sorted(folder.iterdir()) if file.name.split(".")[0] == source_id), None)

    def beside(self, scope: str, source_id: str) -> Path:
        """A folder for what is made of this file. It goes with the scope, and need not be there."""
        return self._of(scope) / f"frames-{_checked(source_id)}"

    def all(self, scope: str) -> dict[str, Path]:
        """source_id → file, of everything kept in this scope."""
        folder = self._of(scope)
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        return {source_id: file for file in files if _ID.fullmatch(source_id := file.name.split(".")[0])}

    def forget(self, scope: str) -> None:
        """Removes everything of this scope. An unknown scope is fine."""
        folder = self._of(scope)
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise LibraryError(say("I cannot remove what you handed over: {trouble}.", trouble=error)) from error
        self._used.discard(scope)

    def left_behind(self) -> list[str]:
        """Scopes that an earlier run did not come to forget."""
        if not self._folder.is_dir():
            return []
        found = (entry.name for entry in self._folder.iterdir() if entry.is_dir())
        return sorted(name for name in found if _ID.fullmatch(name) and name not in self._used)

    def _of(self, scope: str) -> Path:
        return self._folder / _checked(scope)


def _suffix(name: str) -> str:
    suffix = Path(name).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def _checked(name: str) -> str:
    """An id as it may stand in a path. Ours are hexadecimal; anything else is a fault of the program."""
    if not _ID.fullmatch(name):
        raise ValueError(f"{name!r} is no id of an original")
    return name


def _copy(path: Path, kept: Path) -> None:
    """All of the file or nothing: it is made beside its place and moved there whole. Never a hard link: whoever
    edits his own file in place would change what is kept."""
    making = kept.with_name(f".{secrets.token_hex(8)}.part")
    try:
        shutil.copyfile(path, making)
        if making.stat().st_size != path.stat().st_size:
            raise OSError(errno.EIO, "the copy is shorter than the file")
        os.replace(making, kept)
    finally:
        making.unlink(missing_ok=True)
