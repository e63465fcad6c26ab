"""What pip is configured for: the indexes, certificates and proxies that already work on this machine.

Read through `pip config list`, so that every file and variable that pip honours counts here too.
"""

import ast
import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.values.errors import Unreachable
from assistant.values.messages import say

if TYPE_CHECKING:
    import requests

log = logging.getLogger(__name__)

PYPI = "https://pypi.org/simple"
# Later ones win. pip itself reads the section of the command it runs; people configure `install`.
_SECTIONS = ("global", "install", "download", ":env:")


@dataclass(frozen=True)
class IndexConfig:
    """How a package index is reached, as pip is configured."""

    index_urls: tuple[str, ...] = (PYPI,)
    """Addresses of simple indexes, http(s) or file."""
    find_links: tuple[str, ...] = ()
    """Folders, pages or files."""
    cert: str = ""
    """A bundle of authorities; none: the system's."""
    client_cert: str = ""
    trusted_hosts: tuple[str, ...] = ()
    """Hosts that are reached without checking a certificate."""
    proxy: str = ""
    timeout_seconds: float = 15.0

    @classmethod
    def from_pip(cls) -> "IndexConfig":
        """Asks pip; where there is none, its PIP_* variables."""
        # PIP_QUIET would silence the answer too
        environment = {name: value for name, value in os.environ.items() if name not in ("PIP_QUIET", "PIP_LOG")}
        try:
            listing = subprocess.run(
                [sys.executable, "-m", "pip", "config", "list"],
                capture_output=True, text=True, encoding="utf-8", timeout=60, env=environment, check=True,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return from_variables(os.environ)
        return from_listing(listing.stdout.splitlines())

    def session(self, beyond: bool = False) -> "requests.Session":
        """A session that goes out as pip would; close it after use. Raises Unreachable.

        beyond: for other hosts than the indexes, where pip's authorities count beside the usual ones.
        """
        import requests

        for path in filter(None, (self.cert, self.client_cert)):
            if not os.path.exists(path):
                log.error("pip is told to use the certificates in %s", path)
                raise Unreachable(say("pip is told to use certificates in a file that is not there"))
        session = requests.Session()
        session.headers["User-Agent"] = "medley"
        session.mount("https://", _adapter(None, adding=self.cert) if beyond else _adapter(self.cert or None))
        for host in self.trusted_hosts:
            session.mount(f"https://{host}/", _adapter(False))
            if ":" not in host:
                session.mount(f"https://{host}:", _adapter(False))
        if self.proxy:
            session.proxies = {"http": self.proxy, "https": self.proxy}
            session.trust_env = False  # otherwise HTTPS_PROXY would win over what pip is told
        if self.client_cert:
            session.cert = self.client_cert
        return session


def from_listing(lines: Iterable[str]) -> IndexConfig:
    """From the lines of `pip config list`, such as global.index-url='https://…' or :env:.cert='…'."""
    sections: dict[str, dict[str, str]] = {}
    for line in lines:
        key, equals, value = line.partition("=")
        section, dot, name = key.strip().rpartition(".")
        if equals and dot:
            sections.setdefault(section, {})[name.lower()] = _unquote(value.strip())
    merged: dict[str, str] = {}
    for section in _SECTIONS:
        merged.update(sections.get(section, {}))
    return _from_options(merged)


def from_variables(environment: Mapping[str, str]) -> IndexConfig:
    """From PIP_INDEX_URL and its kin."""
    return _from_options(
        {
            name[4:].lower().replace("_", "-"): value
            for name, value in environment.items()
            if name.startswith("PIP_") and value
        }
    )


def _from_options(options: Mapping[str, str]) -> IndexConfig:
    indexes = [options.get("index-url") or options.get("pypi-url") or PYPI, *options.get("extra-index-url", "").split()]
    if options.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        indexes = []
    try:
        timeout = float(options.get("timeout") or options.get("default-timeout") or 15)
    except ValueError:
        timeout = 15.0
    return IndexConfig(
        index_urls=tuple(indexes),
        find_links=tuple(options.get("find-links", "").split()),
        cert=os.path.expanduser(options.get("cert", "")),
        client_cert=os.path.expanduser(options.get("client-cert", "")),
        trusted_hosts=tuple(options.get("trusted-host", "").lower().split()),
        proxy=options.get("proxy", ""),
        timeout_seconds=timeout,
    )


def _unquote(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return value if isinstance(value, str) else text


def _adapter(verify: bool | str | None, adding: str = "") -> Any:
    """A transport that trusts a bundle (str), nobody's word (False), or the usual authorities (None), `adding` some.

    A session's own `verify` would lose against REQUESTS_CA_BUNDLE; what pip is told must win.
    """
    import ssl
    import warnings

    import requests.adapters
    import urllib3.exceptions

    class Transport(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            if verify is None:  # the system's authorities beside those that requests brings
                kwargs["ssl_context"] = context = ssl.create_default_context()
                if adding:
                    context.load_verify_locations(*((None, adding) if os.path.isdir(adding) else (adding,)))
            super().init_poolmanager(*args, **kwargs)

        def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
            if verify is not None:
                kwargs["verify"] = verify
            with warnings.catch_warnings():
                if verify is False:  # asked for by name, so no need to warn at every request
                    warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
                return super().send(request, *args, **kwargs)

    return Transport()
