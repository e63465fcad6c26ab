"""One file over HTTP: resumed where it broke off, verified before it gets its name. Knows no models."""

import errno
import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.ports.modality import Report
from assistant.values.errors import DiskFull, Gone, Refused, Unreachable, WeightsError, WrongDigest
from assistant.values.events import Progress
from assistant.values.messages import Message, say
from assistant.weights.verified import Digest

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    import requests
    from requests.auth import AuthBase

Arrived = Callable[[int], None]
_CHUNK = 1 << 16
_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class RetryPolicy:
    """How often a broken connection is taken up again."""

    attempts: int = 5
    """Attempts in a row that bring no byte."""
    pause_seconds: float = 0.5
    """The first pause; each further one is twice as long."""
    connect_seconds: float = 10.0
    """After this long a host counts as silent."""


DEFAULT_RETRIES = RetryPolicy()


class TransientError(Exception):
    """A connection failed in a way that may pass.

    why: makes the sentence of the name of the host, as the person knows it.
    """

    def __init__(self, why: Callable[[str], Message]) -> None:
        super().__init__(why)
        self.why = why


class Meter:
    """Progress over all the downloads of one checkpoint, reported four times a second at most."""

    def __init__(self, what: Message, total_bytes: int, report: Report) -> None:
        self._what, self._total, self._report = what, total_bytes, report
        self._settled = 0
        self._lately: deque[tuple[float, int]] = deque(maxlen=60)
        self._told = 0.0
        self._most = 0
        self._finished = False

    def settle(self, count: int) -> None:
        """These bytes are where they belong."""
        self._settled += count
        self._tell(self._settled)

    def flying(self, count: float) -> None:
        """So many bytes of what is under way have come."""
        self._tell(self._settled + int(count))

    def already(self, count: int) -> None:
        """These bytes were there before, so they do not count as speed."""
        self._settled += count
        self._lately.clear()

    def _tell(self, done: int) -> None:
        now = time.monotonic()
        done = self._most = max(self._most, min(done, self._total or done))
        if now - self._told < 0.25 and (done < self._total or self._finished):
            return
        self._told, self._finished = now, done >= self._total > 0
        self._lately.append((now, done))
        began, then = self._lately[0]
        rate = (done - then) / (now - began) if now > began else 0.0
        left = (self._total - done) / rate if rate > 0 else None
        self._report(Progress(self._what, done, self._total, left))


def download(
    session: "requests.Session",
    url: str,
    target: Path,
    *,
    size: int = 0,
    digest: Digest | None = None,
    auth: "AuthBase | None" = None,
    timeout_seconds: float = 60.0,
    retries: RetryPolicy = DEFAULT_RETRIES,
    arrived: Arrived | None = None,
) -> None:
    """Leaves the file at `target`, whole and matching; what came so far waits in target.partial.

    size: in bytes, 0 if unknown. arrived: hears how many bytes are there. Raises Gone, Refused,
    Unreachable, WrongDigest (the bad bytes are removed), DiskFull.
    """
    partial = target.with_name(target.name + ".partial")
    target.parent.mkdir(parents=True, exist_ok=True)
    resumed = partial.exists()
    one = _Transfer(session, url, partial, size, auth, (retries.connect_seconds, timeout_seconds), arrived)
    persist(one.go_on, retries, lambda: _size(partial), host_of(url))
    if digest and not digest.matches(partial):
        partial.unlink()
        if not resumed:
            raise WrongDigest(
                say("what {host} sends for {name} is not the file it should be", host=host_of(url), name=target.name)
            )
        download(
            session, url, target, size=size, digest=digest, auth=auth,
            timeout_seconds=timeout_seconds, retries=retries, arrived=arrived,
        )  # fmt: skip
        return
    os.replace(partial, target)


def persist(attempt: Callable[[], None], retries: RetryPolicy, reached: Callable[[], int], host: str) -> None:
    """Tries again while it fails as `TransientError`, with longer and longer pauses; raises Unreachable in the end."""
    failures, furthest = 0, reached()
    while True:
        try:
            attempt()
            return
        except TransientError as error:
            if (here := reached()) > furthest:
                failures, furthest = 0, here
            failures += 1
            if failures >= retries.attempts:
                raise Unreachable(error.why(host)) from error
            time.sleep(retries.pause_seconds * 2 ** (failures - 1))


@dataclass(frozen=True)
class _Transfer:
    session: "requests.Session"
    url: str
    partial: Path
    size: int
    auth: "AuthBase | None"
    timeout: tuple[float, float]
    arrived: Arrived | None

    def go_on(self) -> None:
        """Asks for what is missing and appends it. Raises Broken where another try may help."""
        have = _size(self.partial)
        if self.size and have == self.size:
            return
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with (
            foreign_errors(self.url),
            self.session.get(
                self.url, headers=headers, auth=self.auth, stream=True, timeout=self.timeout
            ) as response,
        ):  # fmt: skip
            if response.status_code == 416:
                return self._nothing_left(response, have)
            check_status(response, self.partial.name.removesuffix(".partial"))
            follows_on = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
            self._keep(response, have if response.status_code == 206 and follows_on else 0)

    def _keep(self, response: "requests.Response", have: int) -> None:
        with self.partial.open("ab" if have else "wb") as file:
            for chunk in response.raw.stream(_CHUNK, decode_content=False):
                file.write(chunk)
                have += len(chunk)
                if self.size and have > self.size:
                    break
                if self.arrived:
                    self.arrived(have)
        if self.size and have > self.size:
            self.partial.unlink()
            raise WrongDigest(say("what {host} sends is larger than the file it should be", host=host_of(self.url)))
        if self.size and have < self.size:
            raise TransientError(_broke_off)

    def _nothing_left(self, response: "requests.Response", have: int) -> None:
        if response.headers.get("Content-Range", "").rpartition("/")[2] == str(have):
            return
        self.partial.unlink()  # what we have is no beginning of what lies there now
        raise TransientError(lambda host: say("{host} has another file there now", host=host))


def check_status(response: "requests.Response", what: str) -> None:
    host = host_of(response.url)
    match response.status_code:
        case 200 | 206:
            return
        case 401 | 403:
            raise Refused(say("{host} refuses to hand out {name}", host=host, name=what))
        case 407:
            raise Unreachable(say("the proxy on the way to {host} wants a name and password", host=host))
        case code if code in _TRY_AGAIN:
            raise TransientError(in_trouble(code))
        case code:
            raise Gone(say("{host} has no {name} any more (HTTP {code})", host=host, name=what, code=code))


def in_trouble(code: int) -> Callable[[str], Message]:
    return lambda host: say("{host} is in trouble (HTTP {code})", host=host, code=code)


def _broke_off(host: str) -> Message:
    return say("{host} broke off in the middle of a file", host=host)


@contextmanager
def foreign_errors(url: str) -> Iterator[None]:
    """Translates what requests and urllib3 raise."""
    import requests.exceptions as of_requests
    import urllib3.exceptions as of_urllib3

    host = host_of(url)
    try:
        yield
    except of_requests.HTTPError:  # an answer, for the caller to judge
        raise
    except (of_requests.SSLError, of_urllib3.SSLError) as error:
        raise Unreachable(
            say(
                "{host} shows a certificate that is not trusted here (`pip config set global.cert "
                "FILE` names the authority to trust)",
                host=host,
            )
        ) from error
    except (of_requests.ConnectionError, of_requests.Timeout, of_requests.ChunkedEncodingError) as error:
        raise TransientError(lambda host: say("{host} does not answer", host=host)) from error
    except of_urllib3.HTTPError as error:
        raise TransientError(_broke_off) from error
    except of_requests.RequestException as error:
        raise Unreachable(say("{host} cannot be asked ({trouble})", host=host, trouble=type(error).__name__)) from error


@contextmanager
def disk_errors(place: Path) -> Iterator[None]:
    """Translates what the file system raises."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            log.error("The disk that holds %s is full", place)
            raise DiskFull(say("this machine's disk is full")) from error
        log.error("%s cannot be read or written: %s", place, error)
        raise WeightsError(
            say(
                "where models are kept, this machine's disk cannot be read or written ({trouble})",
                trouble=error.strerror or type(error).__name__,
            )
        ) from error


def host_of(url: str) -> str:
    """The host alone: an address may carry a password."""
    return urlsplit(url).hostname or "this machine"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
