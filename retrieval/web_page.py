"""A web page by its address: only http(s), only hosts of the public internet, within limits of size and time.

Every step of a redirect is looked at anew, and the connection goes to the very address that was looked at, so
that a name cannot mean one host when it is checked and another when it is used.
"""

import ipaddress
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from assistant.values.errors import BadInput
from assistant.values.messages import say

REDIRECTS = 5

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class WebLimits:
    """seconds: for everything together."""

    bytes: int = 10_000_000
    seconds: float = 20.0


@dataclass(frozen=True)
class WebPage:
    """address: where it was found in the end."""

    address: str
    name: str
    media_type: str
    data: bytes


def resolve(host: str, port: int) -> list[str]:
    """Every address that the name stands for."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadInput(say("There is no host called {host}. Check the address.", host=host)) from error
    return [str(one[4][0]) for one in found]


def is_public(address: str) -> bool:
    """Whether this IP address belongs to the public internet, however it is written."""
    try:
        parsed = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is None and parsed in ipaddress.ip_network("64:ff9b::/96"):  # NAT64
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


def fetch(
    url: str,
    limits: WebLimits = WebLimits(),
    resolve: Resolve = resolve,
    allowed: Callable[[str], bool] = is_public,
) -> WebPage:
    """Raises BadInput where the address is refused, does not answer, or gives too much."""
    end = time.monotonic() + limits.seconds
    for _ in range(REDIRECTS + 1):
        status, headers, data = _get(url, _checked(url, resolve, allowed), limits, end)
        if status in (301, 302, 303, 307, 308) and "location" in headers:
            url = urljoin(url, headers["location"])
            continue
        if status != 200:
            raise BadInput(
                say("{host} answered with {status}. Check the address in a browser.", host=_host(url), status=status)
            )
        media_type = headers.get("content-type", "").split(";")[0].strip().lower()
        return WebPage(url, _name(url), media_type, data)
    raise BadInput(say("{host} keeps sending me somewhere else. Check the address in a browser.", host=_host(url)))


def _checked(url: str, resolve: Resolve, allowed: Callable[[str], bool]) -> str:
    """The IP address to connect to. All that a name stands for must be public: one bad one is a trap."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise BadInput(say("That is no web address. It should look like https://example.org/page.")) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise BadInput(say("That is no web address that I fetch. It should look like https://example.org/page."))
    addresses = resolve(parts.hostname, port)
    if not addresses or not all(allowed(address) for address in addresses):
        raise BadInput(say("{host} is not on the public internet, so I do not fetch from it.", host=parts.hostname))
    return addresses[0]


def _get(url: str, address: str, limits: WebLimits, end: float) -> tuple[int, dict[str, str], bytes]:
    """One request to this IP address; certificates are checked against the name in the url."""
    import httpx

    parts = urlsplit(url)
    host = f"[{address}]" if ":" in address else address
    target = httpx.URL(url).copy_with(host=host.strip("[]"))
    headers = {"Host": parts.netloc, "User-Agent": "Medley", "Accept": "text/html,text/plain,application/pdf;q=0.9"}
    received = bytearray()
    try:
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=max(0.1, end - time.monotonic())) as client,
            client.stream("GET", target, headers=headers, extensions={"sni_hostname": parts.hostname}) as response,
        ):
            for piece in response.iter_bytes():
                received += piece
                if len(received) > limits.bytes:
                    raise BadInput(
                        say(
                            "The page is larger than {most} MB. Save a part of it as a file.",
                            most=f"{limits.bytes / 1e6:.0f}",
                        )
                    )
                if time.monotonic() > end:
                    raise BadInput(
                        say(
                            "{host} takes longer than {most} s. Try again later.",
                            host=parts.hostname,
                            most=f"{limits.seconds:.0f}",
                        )
                    )
            return (
                response.status_code,
                {name.lower(): value for name, value in response.headers.items()},
                bytes(received),
            )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise BadInput(
            say("{host} does not answer. Check the address, or try again later.", host=parts.hostname)
        ) from error


def _host(url: str) -> str:
    return urlsplit(url).hostname or "That host"


def _name(url: str) -> str:
    parts = urlsplit(url)
    return ((parts.hostname or "") + parts.path.rstrip("/"))[:120]
