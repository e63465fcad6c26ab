"""Where a model is, as a person wrote it: an address, which may hold a password or a token, or just a name.

Written into anything - a page, a log, a message, another's repr - it shows neither; who connects asks for `whole`.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

_PARTS = re.compile(
    r"(?P<scheme>\w+://)?(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<model>.*)", re.DOTALL
)
HIDDEN = "…"


@dataclass(frozen=True, repr=False)
class Address:
    whole: str

    def __str__(self) -> str:
        user, host = self._user_and_rest()
        before = self._part("scheme") + (f"{HIDDEN}@" if user else "")
        query = f"?{HIDDEN}" if self._part("query") else ""
        return f"{before}{host}{self._part('path')}{query}{self._part('model')}"

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"

    def __bool__(self) -> bool:
        return bool(self.whole)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What a message from there must not repeat."""
        user = self._user_and_rest()[0]
        query = [value for _, value in parse_qsl(self._part("query").removeprefix("?"))]
        found = {user, user.partition(":")[2], *query}
        return tuple(sorted({*found, *map(unquote, found)} - {""}, key=len, reverse=True))

    def _user_and_rest(self) -> tuple[str, str]:
        """Of "user:password@host" the first two, and the host. Whatever stands before the last @ there is secret."""
        user, _, host = self._part("authority").rpartition("@")
        return user, host

    def _part(self, name: str) -> str:
        found = _PARTS.match(self._read)
        return (found and found[name]) or ""

    @property
    def _read(self) -> str:
        """With / ? and # in a password written as an address must have them, so that it ends where it ends."""
        scheme, mark, rest = self.whole.rpartition("://")
        before, at, after = rest.rpartition("@")
        odd = bool(at) and re.search(r"[/?#]", before) and re.match(r"[^/?#@]*:(?!\d+[/?#])", before)
        if odd:
            before = re.sub(r"[/?#]", lambda sign: f"%{ord(sign[0]):02X}", before)
        return f"{scheme}{mark}{before}{at}{after}"


NOWHERE = Address("")
