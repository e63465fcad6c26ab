"""Which files a checkpoint needs, how each is recognised, and a record of those already verified.

A file is trusted for its digest, never for where it came from. Hashing gigabytes takes seconds, so what
was hashed once is remembered with its size and time of change.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.values.checkpoint import Checkpoint, Member
from assistant.values.errors import WeightsError
from assistant.values.messages import say

RECORD_NAME = ".verified.json"


@dataclass(frozen=True)
class Digest:
    """The digest of a file."""

    kind: str
    """A name that hashlib knows, or "git" for the SHA-1 of a git blob."""
    hex: str
    """In lower case."""

    def matches(self, path: Path) -> bool:
        size = path.stat().st_size
        hasher = hashlib.sha1(usedforsecurity=False) if self.kind == "git" else hashlib.new(self.kind)
        if self.kind == "git":
            hasher.update(b"blob %d\0" % size)
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                hasher.update(chunk)
        return hasher.hexdigest() == self.hex


@dataclass(frozen=True)
class FileSpec:
    """One file to have, and where it may be had: path in the hub repository, address, package members."""

    name: str
    bytes: int
    digest: Digest
    hub_path: str = ""
    url: str = ""
    members: tuple[Member, ...] = ()


def file_specs_of(checkpoint: Checkpoint) -> tuple[FileSpec, ...]:
    """The files that the checkpoint itself names; none where only the hub knows them."""
    return tuple(
        FileSpec(
            file.name,
            file.bytes,
            Digest("sha256", file.sha256),
            hub_path=(file.hub_name or file.name) if checkpoint.hub else "",
            url=file.url,
            members=file.members,
        )
        for file in checkpoint.files
    )


def inside(folder: Path, name: str) -> Path:
    """folder/name; raises WeightsError where the name would lead out of the folder."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
        raise WeightsError(
            say("the file name “{name}” leads out of the model's folder, so it is not trusted", name=name)
        )
    return folder.joinpath(*parts)


class VerifiedFiles:
    """What was verified in one checkpoint's folder; kept in the folder itself, so it is copied along."""

    def __init__(self, folder: Path, checkpoint: Checkpoint) -> None:
        self._folder = folder
        self._asks = _identity(checkpoint)
        self.commit = ""
        self.specs: tuple[FileSpec, ...] = file_specs_of(checkpoint)
        self._seen: dict[str, tuple[int, int]] = {}
        kept = _read(folder / RECORD_NAME)
        if kept.get("asks") == self._asks:  # else the checkpoint has changed since, and all is looked at again
            self._load(kept)

    @property
    def complete(self) -> bool:
        return bool(self.specs) and all(self.trusts(file) for file in self.specs)

    def trusts(self, file: FileSpec) -> bool:
        """Whether the file was verified and not touched since."""
        seen = self._seen.get(file.name)
        return seen is not None and seen == _stamp(inside(self._folder, file.name))

    def missing(self) -> list[FileSpec]:
        return [file for file in self.specs if not self.trusts(file)]

    def add(self, file: FileSpec) -> None:
        """The file was just verified where it lies."""
        if stamp := _stamp(inside(self._folder, file.name)):
            self._seen[file.name] = stamp
            self.save()

    def drop(self, file: FileSpec) -> None:
        self._seen.pop(file.name, None)
        self.save()

    def save(self) -> None:
        files = [
            {
                "name": file.name,
                "bytes": file.bytes,
                "digest": [file.digest.kind, file.digest.hex],
                "hub_path": file.hub_path,
                "seen": self._seen.get(file.name),
            }
            for file in self.specs
        ]
        write_json(self._folder / RECORD_NAME, {"asks": self._asks, "commit": self.commit, "files": files})

    def _load(self, kept: dict[str, Any]) -> None:
        try:
            files = kept["files"]
            self._seen = {file["name"]: (file["seen"][0], file["seen"][1]) for file in files if file["seen"]}
            self.commit = kept["commit"]
            if not self.specs:
                self.specs = tuple(
                    FileSpec(file["name"], file["bytes"], Digest(*file["digest"]), file["hub_path"]) for file in files
                )
        except (KeyError, TypeError, IndexError):  # a damaged record only costs hashing everything again
            self._seen = {}


def write_json(path: Path, value: object) -> None:
    """Whole or not at all, also when the process is killed meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(value, indent=1), encoding="utf-8")
    os.replace(beside, path)


def _identity(checkpoint: Checkpoint) -> list[str]:
    if checkpoint.files:
        return sorted(f"{file.name} {file.sha256}" for file in checkpoint.files)
    return [checkpoint.hub, checkpoint.revision, *sorted(checkpoint.patterns)]


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return state.st_size, state.st_mtime_ns
