"""A model hub: what a repository holds, where each file is served, and what was fetched from it before.

Speaks the Hugging Face hub's HTTP API and reads its cache folder. The library huggingface_hub is asked for
its settings, its token and its cache, and never for the network: beside what is asked it fetches lists of
its own. Every download here goes through download.py.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from assistant.values.address import Address
from assistant.values.checkpoint import Checkpoint
from assistant.values.errors import Gone, Refused, Unreachable
from assistant.values.messages import say
from assistant.weights.download import (
    Meter,
    RetryPolicy,
    TransientError,
    check_status,
    download,
    foreign_errors,
    host_of,
    persist,
)
from assistant.weights.pip_config import IndexConfig
from assistant.weights.verified import Digest, FileSpec, inside

if TYPE_CHECKING:
    import requests
    from requests.auth import AuthBase

# for a repository that is only known by its id: weights that are no code, and what belongs to them
LOADABLE = ("*.safetensors", "*.json", "*.txt", "*.jinja", "*.model")
_NOTICE_SECONDS = 3.0


@dataclass(frozen=True)
class HubConfig:
    """How the hub is reached."""

    endpoint: str = "https://huggingface.co"
    cache: Path = field(default_factory=lambda: Path.home() / ".cache/huggingface/hub")
    """The folder in which every program that uses the hub keeps its files."""
    token: str = ""
    """A secret; "" for none."""
    offline: bool = False

    @classmethod
    def from_environment(cls) -> "HubConfig":
        """HF_ENDPOINT, HF_HUB_OFFLINE, HF_HOME, HF_HUB_CACHE, HF_TOKEN and their kin, and the stored token."""
        from huggingface_hub import constants, get_token

        offline = bool(constants.HF_HUB_OFFLINE)
        return cls(constants.ENDPOINT, Path(constants.HF_HUB_CACHE), "" if offline else get_token() or "", offline)


class Hub:
    """One hub. Asked once whether it answers; after a silence it is not asked again."""

    def __init__(self, config: HubConfig, network: IndexConfig, retries: RetryPolicy) -> None:
        self._config = replace(config, endpoint=config.endpoint.rstrip("/"))
        self._network, self._retries = network, retries
        self._answers: bool | None = None
        self._asking = threading.Lock()

    @property
    def host(self) -> str:
        return host_of(self._config.endpoint)

    def answers(self) -> bool:
        """Within three seconds, also where names are not resolved or packets are swallowed."""
        with self._asking:
            if self._answers is None:
                self._answers = not self._config.offline and self._probe()
            return self._answers

    def listing(self, checkpoint: Checkpoint) -> tuple[str, tuple[FileSpec, ...]]:
        """The commit and the files that match the checkpoint's patterns, with the hub's digests.

        Raises Gone, Refused, Unreachable.
        """
        url = (
            f"{self._config.endpoint}/api/models/{checkpoint.hub}/revision/{quote(checkpoint.revision, safe='')}"
            "?blobs=true"
        )
        answers: list[dict[str, Any]] = []
        with self._session() as session:
            persist(lambda: answers.append(self._ask(session, url, checkpoint)), self._retries, lambda: 0, self.host)
        files = _matching(checkpoint, [_file_spec(sibling) for sibling in answers[0].get("siblings", ())])
        if not files:
            raise Gone(
                say(
                    "{model} on {host} has no files of the kind that Medley loads", model=checkpoint.hub, host=self.host
                )
            )
        if not all(re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", file.digest.hex) for file in files):
            raise Unreachable(
                say(
                    "{host} gives no digests of the files in {model}, so they cannot be trusted",
                    host=self.host,
                    model=checkpoint.hub,
                )
            )
        return str(answers[0].get("sha", checkpoint.revision)), files

    def fetch(
        self, checkpoint: Checkpoint, revision: str, files: list[FileSpec], workshop: Path, meter: Meter
    ) -> Iterator[tuple[FileSpec, Path]]:
        """Yields each of these files, verified, where it was downloaded to in `workshop`."""
        with self._session() as session:
            for file in files:
                target = inside(workshop, f"hub/{file.digest.hex}")
                at = f"{checkpoint.hub}/resolve/{quote(revision, safe='')}/{quote(file.hub_path)}"
                try:
                    download(
                        session, f"{self._config.endpoint}/{at}", target, size=file.bytes, digest=file.digest,
                        auth=self._auth(), timeout_seconds=self._network.timeout_seconds,
                        retries=self._retries, arrived=meter.flying,
                    )  # fmt: skip
                except Refused as error:
                    raise self._refused(checkpoint, "") from error
                except Unreachable:
                    self._answers = False
                    raise
                meter.settle(file.bytes)
                yield file, target

    def cached(self, checkpoint: Checkpoint, revision: str, file: FileSpec) -> Iterator[Path]:
        """Where this machine's hub cache may hold the file; its digest is for the caller to check."""
        from huggingface_hub import try_to_load_from_cache

        blob = self._repository(checkpoint) / "blobs" / file.digest.hex
        if blob.is_file():
            yield blob.resolve()
        found = try_to_load_from_cache(checkpoint.hub, file.hub_path, cache_dir=self._config.cache, revision=revision)
        if isinstance(found, str) and (path := Path(found).resolve()) != blob.resolve():
            yield path

    def cached_listing(self, checkpoint: Checkpoint) -> tuple[str, tuple[FileSpec, ...]]:
        """As `listing`, from this machine's hub cache alone; ("", ()) where it does not hold the files."""
        repository = self._repository(checkpoint)
        reference = repository / "refs" / checkpoint.revision
        commit = reference.read_text(encoding="utf-8").strip() if reference.is_file() else checkpoint.revision
        snapshot = repository / "snapshots" / commit
        if not commit or not snapshot.is_dir():
            return "", ()
        files = _matching(checkpoint, _lying_in(snapshot))
        listed = _matching(checkpoint, _listed(checkpoint.hub, commit, self._config.cache))
        whole = {file.name for file in listed} <= {file.name for file in files}
        return (commit, files) if files and whole else ("", ())

    def _repository(self, checkpoint: Checkpoint) -> Path:
        return self._config.cache / f"models--{checkpoint.hub.replace('/', '--')}"

    def _session(self) -> "requests.Session":
        return self._network.session(beyond=True)

    def _auth(self) -> "AuthBase | None":
        """The token, for the hub's own host only: requests drops it where a file lies elsewhere."""
        from requests import PreparedRequest
        from requests.auth import AuthBase

        token = self._config.token

        class Bearer(AuthBase):
            def __call__(self, request: PreparedRequest) -> PreparedRequest:
                request.headers["Authorization"] = f"Bearer {token}"
                return request

        return Bearer() if token else None

    def _ask(self, session: "requests.Session", url: str, checkpoint: Checkpoint) -> dict[str, Any]:
        with foreign_errors(url):
            response = session.get(url, auth=self._auth(), timeout=(_NOTICE_SECONDS, self._network.timeout_seconds))
            if response.status_code in (401, 403):
                raise self._refused(checkpoint, response.headers.get("X-Error-Code", ""))
            check_status(response, say("{model} at “{revision}”", model=checkpoint.hub, revision=checkpoint.revision))
            try:
                answer = response.json()
            except ValueError as error:
                raise TransientError(
                    lambda host: say("{host} answers with something that is no model hub", host=host)
                ) from error
        return answer if isinstance(answer, dict) else {}

    def _refused(self, checkpoint: Checkpoint, code: str) -> Refused:
        page = Address(f"{self._config.endpoint}/{checkpoint.hub}")
        if code == "RepoNotFound":
            return Refused(
                say(
                    "{host} has no model “{model}”, or it is private and HF_TOKEN must be set",
                    host=self.host,
                    model=checkpoint.hub,
                )
            )
        has = (
            say("the token in HF_TOKEN is not one of somebody who did")
            if self._config.token
            else say("then set HF_TOKEN")
        )
        return Refused(say("its licence must be accepted first, on {page}; {left}", page=page, left=has))

    def _probe(self) -> bool:
        answered: list[bool] = []
        # on a thread of its own, because no timeout covers the resolving of a name
        asking = threading.Thread(target=lambda: answered.append(self._greet()), name="ask the hub", daemon=True)
        asking.start()
        asking.join(_NOTICE_SECONDS)
        return answered == [True]

    def _greet(self) -> bool:
        """Whether a hub, and not a block page, is there."""
        url = f"{self._config.endpoint}/api/models?limit=1"
        try:
            with foreign_errors(url), self._session() as session:
                response = session.get(url, auth=self._auth(), timeout=_NOTICE_SECONDS)
                kind = response.headers.get("Content-Type", "")
                return response.status_code in (200, 401, 404, 429) and "html" not in kind
        except (TransientError, Unreachable):
            return False


def _file_spec(sibling: dict[str, Any]) -> FileSpec:
    """A file as the hub describes it: large ones by SHA-256, small ones by their git blob."""
    path, lfs = str(sibling["rfilename"]), sibling.get("lfs")
    if lfs:
        return FileSpec(path, int(lfs["size"]), Digest("sha256", str(lfs["sha256"])), path)
    return FileSpec(path, int(sibling.get("size") or 0), Digest("git", str(sibling.get("blobId", ""))), path)


def _matching(checkpoint: Checkpoint, files: list[FileSpec]) -> tuple[FileSpec, ...]:
    from huggingface_hub.utils import filter_repo_objects  # type: ignore[attr-defined]

    patterns = list(checkpoint.patterns or LOADABLE)
    matching = filter_repo_objects(files, allow_patterns=patterns, key=lambda file: file.name)
    return tuple(file for file in matching if not any(part.startswith(".") for part in file.name.split("/")))


def _listed(repository: str, commit: str, cache: Path) -> list[FileSpec]:
    """What the repository holds at this commit, where the hub's library noted it; its digests it keeps back."""
    from huggingface_hub import get_cached_repo_tree
    from huggingface_hub.errors import CachedRepoTreeNotFoundError

    try:
        files = get_cached_repo_tree(repository, revision=commit, cache_dir=cache)
    except CachedRepoTreeNotFoundError:  # older versions note nothing
        return []
    return [FileSpec(one.path, one.size, Digest("git", one.blob_id), one.path) for one in files]


def _lying_in(snapshot: Path) -> list[FileSpec]:
    """The files of a snapshot: each is a link to a blob that is named by its digest."""
    files = []
    for path in sorted(snapshot.rglob("*")):
        if path.is_file() and path.is_symlink():
            name, blob = path.relative_to(snapshot).as_posix(), path.readlink().name
            kind = "sha256" if len(blob) == 64 else "git"
            files.append(FileSpec(name, path.stat().st_size, Digest(kind, blob), name))
    return files
