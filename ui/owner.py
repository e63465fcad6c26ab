"""Whom a request belongs to. Conversations, libraries and settings are kept for an owner, a plain string.

"me" on one person's own machine, "user:NAME" where people sign in, else "browser:BITS" by a cookie that a script of
the page sets, else "tab:HASH". Knows what a request says and nothing of what is kept.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol

from assistant.values.errors import BadInput
from assistant.values.messages import say
from ui.sign_in import can_sign_in, signed_in

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

COOKIE = "medley-owner"
_BITS = re.compile(r"[0-9a-f]{32}")  # 128 random bits, as the script below writes them
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


def place_of(connection: "HTTPConnection") -> str:
    """The address that it comes from; through proxies of one's own network, what the first of them saw."""
    peer = connection.client.host if connection.client is not None else ""
    passed_on = [one.strip() for one in connection.headers.get("x-forwarded-for", "").split(",")]
    return next((one for one in (peer, *reversed(passed_on)) if _is_global(one)), peer)


def _is_global(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def is_theirs(owner: str, owner_of: Callable[["Visitor"], str], request: "HTTPConnection") -> bool:
    """Whether who asks is this owner. A tab without a cookie says nothing of itself here: what is lent to one is for
    whoever knows the address, which nobody can guess."""
    if owner.startswith("tab:"):
        return True
    try:
        return owner_of(Visitor(request)) == owner
    except BadInput:
        return False
