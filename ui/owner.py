"""Whom a request belongs to. Conversations, libraries and settings are kept for an owner, a plain string.

"me" on one person's own machine, "user:NAME" where people sign in, else "browser:BITS" by a cookie that a script of
the page sets, else "tab:HASH". Knows what a request says and nothing of what is kept.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from assistant.settings.settings import Settings
from assistant.values.errors import BadInput
from assistant.values.messages import say
from ui.sign_in import can_sign_in, signed_in

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

Network: TypeAlias = IPv4Network | IPv6Network

COOKIE = "medley-owner"
_BITS = re.compile(r"[0-9a-f]{32}")  # 128 random bits, as the script below writes them
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")

# Renewed at each visit, or a browser would forget it a year after the first. A Space is shown inside another site's
# page: there only a partitioned cookie is kept, and only over https.
COOKIE_SCRIPT = """
(() => {
    const known = /(?:^|; *)medley-owner=([0-9a-f]{32})(?:;|$)/.exec(document.cookie);
    const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)),
        (byte) => byte.toString(16).padStart(2, "0")).join("");
    const rules = location.protocol === "https:" ? "SameSite=None; Secure; Partitioned" : "SameSite=Strict";
    document.cookie = `medley-owner=${known ? known[1] : fresh()}; Path=/; Max-Age=31536000; ${rules}`;
})();
"""


class Visit(Protocol):
    """What is read of a request; `gr.Request` has it."""

    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def cookies(self) -> Mapping[str, str]: ...
    @property
    def username(self) -> str | None: ...
    @property
    def session_hash(self) -> str | None: ...


@dataclass(frozen=True)
class OwnerOf:
    """`owner_of(request) -> str`."""

    alone: bool
    """Whether the page listens on this machine alone, and is no Space."""
    hub: bool = False
    """Whether people sign in here with the hub, so that what the session says of them is believed."""

    def __call__(self, request: Visit | None) -> str:
        """Raises BadInput where nothing tells one visitor from another: better no answer than another's papers."""
        if self.alone and (request is None or from_here(request)):
            return "me"
        if request is None:
            raise BadInput(say("I cannot tell whose this is. Load the page anew."))
        if name := request.username or (signed_in(request, time.time()) if self.hub else ""):
            return f"user:{name}"
        bits = request.cookies.get(COOKIE, "")
        if _BITS.fullmatch(bits):
            return f"browser:{bits}"
        if request.session_hash:
            return f"tab:{request.session_hash}"
        raise BadInput(say("I cannot tell whose this is. Load the page anew."))


def owner_of_page(host: str, environment: Mapping[str, str]) -> OwnerOf:
    """For a page that listens on `host`. environment: a Space is known by SPACE_ID, wherever it listens."""
    return OwnerOf(is_loopback(host) and "SPACE_ID" not in environment, can_sign_in(environment))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address or name."""
    name = host.strip().strip("[]").lower()
    if name in ("localhost", "localhost.localdomain") or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def from_here(request: Visit) -> bool:
    """Whether the page was asked for by an address of this machine alone.

    A proxy in front of the page lets in whoever it likes, so what came through one is not from here.

    The address asked for is looked at as well: another site's name may be made to point to this machine.
    """
    return not any(request.headers.get(name) for name in _FORWARDED) and asked_for_here(request.headers)


def asked_for_here(headers: Mapping[str, str]) -> bool:
    """Whether the name asked for is one of this machine alone."""
    asked = headers.get("host", "")
    name = asked if asked.endswith("]") else re.sub(r":\d*$", "", asked)
    return not asked or is_loopback(name)


@dataclass(frozen=True)
class Visitor:
    """As much of a request or connection as tells whose it is, outside of Gradio's events."""

    request: "HTTPConnection"
    session_hash: str | None = None
    username: None = None

    @property
    def headers(self) -> Mapping[str, str]:
        return self.request.headers

    @property
    def cookies(self) -> Mapping[str, str]:
        return self.request.cookies


@dataclass(frozen=True)
class AddressOf:
    """`address_of(request) -> str`: the network that it comes from, as one visitor has it; "" where nothing tells.

    proxies: those in front of the page, beside this machine's own. What they say of whom they pass on is believed, and
    nobody else's word: it would be a new address whenever somebody likes.
    """

    proxies: tuple[Network, ...] = ()

    def __call__(self, request: Any) -> str:
        client = getattr(request, "client", None)
        peer = str(client.host) if client is not None else ""
        hops = [*(one.strip() for one in request.headers.get("x-forwarded-for", "").split(",")), peer]
        passed_on = (one for one in reversed(hops) if not self._is_proxy(one))
        return _network(next(passed_on, peer) or peer)

    def _is_proxy(self, hop: str) -> bool:
        address = _address(hop)
        return address is not None and (address.is_loopback or any(address in network for network in self.proxies))


DIRECT = AddressOf()


def address_of_page(settings: Settings, environment: Mapping[str, str]) -> AddressOf:
    """environment: a Space, known by SPACE_ID, is reached through proxies of its own network alone."""
    named = [ip_network(one.strip()) for one in settings.proxies.split(",") if one.strip()]
    return AddressOf((*named, *(map(ip_network, _PRIVATE) if "SPACE_ID" in environment else ())))


def counted(owner: str, address: str) -> str:
    """The address, where owners are as cheap as a cookie; "" for one who signed in, has a key, or is at his own
    machine."""
    return "" if owner == "me" or owner.startswith(("user:", "key:")) else address


def _network(hop: str) -> str:
    """Of IPv6 the /64, which is one household's."""
    address = _address(hop)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return hop if address is None else str(address)


def _address(hop: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(hop.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_theirs(owner: str, owner_of: Callable[["Visitor"], str], request: "HTTPConnection") -> bool:
    """Whether who asks is this owner. A tab without a cookie says nothing of itself here: what is lent to one is for
    whoever knows the address, which nobody can guess."""
    if owner.startswith("tab:"):
        return True
    try:
        return owner_of(Visitor(request)) == owner
    except BadInput:
        return False
