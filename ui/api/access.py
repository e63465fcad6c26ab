"""Whose a program's request is: that of its key, or of this machine's user where no key was ever made."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.storage.api_keys import ApiKeys
from ui.api.refusals import Refusal
from ui.owner import Visitor, from_here, is_loopback

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

ME = "me"


@dataclass(frozen=True)
class Access:
    """alone: the server listens on this machine alone."""

    keys: ApiKeys
    alone: bool

    def owner(self, request: "HTTPConnection") -> str:
        """Raises Refusal. A key that is shown counts, or nothing does: a wrong one is no visitor without one."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        secret = secret.strip()
        if scheme.lower() == "bearer" and (key := self.keys.find(secret)) is not None:
            return key.owner
        if self._is_at_this_machine(request):
            return ME
        if not secret:
            raise Refusal(
                401, "A key is needed: python app.py keys add NAME makes one. Send it as Authorization: Bearer KEY.",
                "missing_api_key",
            )  # fmt: skip
        raise Refusal(401, "There is no such key, or it was revoked.", "invalid_api_key")

    def _is_at_this_machine(self, request: "HTTPConnection") -> bool:
        return self.alone and is_local(request) and not self.keys.any()


def is_local(request: "HTTPConnection") -> bool:
    """Whether it was sent on this machine, to this machine by name, and by no proxy."""
    peer = request.client.host if request.client is not None else ""
    return is_loopback(peer) and from_here(Visitor(request))
