"""Whom a request belongs to, on one's own machine, in a network, behind a proxy and on a Space."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from assistant.settings.settings import Settings, from_environment
from assistant.values.errors import BadInput, SetupError
from ui.owner import OwnerOf, address_of_page, counted, is_loopback, owner_of_page
from ui.sign_in import can_sign_in, sign_in_button

BITS = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Scope:
    scope: dict[str, object]


@dataclass(frozen=True)
class RequestOfTab:
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    username: str | None = None
    session_hash: str | None = "tab1"
    request: Scope = Scope({})


def cookie(bits: str = BITS) -> dict[str, str]:
    return {"medley-owner": bits}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]", "medley.localhost"])
def test_on_ones_own_machine_everything_is_mine(host: str) -> None:
    owner_of = owner_of_page(host, {})
    assert owner_of(RequestOfTab({"host": f"{host}:7860"}, cookie())) == "me"
    assert owner_of(None) == "me"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "medley.example.org", "", "127.0.0.1.example.org"])
def test_an_address_that_others_reach_is_not_ones_own_machine(host: str) -> None:
    assert not is_loopback(host)
    assert owner_of_page(host, {})(RequestOfTab({"host": "127.0.0.1:7860"}, cookie())) == f"browser:{BITS}"


def test_a_space_is_nobodys_own_machine_wherever_it_listens() -> None:
    owner_of = owner_of_page("127.0.0.1", {"SPACE_ID": "me/medley"})
    assert owner_of(RequestOfTab(cookies=cookie())) == f"browser:{BITS}"


@pytest.mark.parametrize("header", ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"])
def test_what_came_through_a_proxy_is_not_mine(header: str) -> None:
    owner_of = owner_of_page("127.0.0.1", {})
    assert owner_of(RequestOfTab({"host": "127.0.0.1:7860", header: "203.0.113.7"}, cookie())) == f"browser:{BITS}"


@pytest.mark.parametrize("host", ["evil.example:7860", "127.0.0.1.example.org", "localhost.example.org:80"])
def test_a_name_that_was_made_to_point_here_does_not_open_what_is_mine(host: str) -> None:
    assert owner_of_page("127.0.0.1", {})(RequestOfTab({"host": host})) == "tab:tab1"


def test_the_host_header_of_an_ipv6_address_is_understood_with_and_without_a_port() -> None:
    owner_of = owner_of_page("::1", {})
    assert owner_of(RequestOfTab({"host": "[::1]:7860"})) == owner_of(RequestOfTab({"host": "[::1]"})) == "me"


def test_who_signed_in_is_known_by_name_before_any_cookie() -> None:
    assert OwnerOf(alone=False)(RequestOfTab(cookies=cookie(), username="ada")) == "user:ada"


@pytest.mark.parametrize("bits", ["", "x", "me", BITS.upper(), BITS + "0", BITS + "\n", "../" + BITS])
def test_a_cookie_that_the_page_did_not_write_is_none(bits: str) -> None:
    assert OwnerOf(alone=False)(RequestOfTab(cookies=cookie(bits))) == "tab:tab1"


def test_two_browsers_are_two_owners_and_no_browser_can_pass_for_a_user_or_for_me() -> None:
    owner_of = OwnerOf(alone=False)
    one, other = owner_of(RequestOfTab(cookies=cookie())), owner_of(RequestOfTab(cookies=cookie(BITS[::-1])))
    named = owner_of(RequestOfTab(username=f"browser:{BITS}"))
    tab = owner_of(RequestOfTab(session_hash="me"))
    assert len({one, other, named, tab, "me"}) == 5


def test_where_nothing_tells_visitors_apart_there_is_no_owner() -> None:
    for request in (None, RequestOfTab(session_hash=None)):
        with pytest.raises(BadInput, match="whose this is"):
            OwnerOf(alone=False)(request)


def signed_in(expires_at: float, name: str = "ada") -> RequestOfTab:
    told = {"expires_at": expires_at, "userinfo": {"preferred_username": name}}
    return RequestOfTab(cookies=cookie(), request=Scope({"session": {"oauth_info": told}}))


def test_who_signed_in_with_the_hub_is_known_until_that_ends() -> None:
    owner_of = OwnerOf(alone=False, hub=True)
    assert owner_of(signed_in(time.time() + 60)) == "user:ada"
    assert owner_of(signed_in(time.time() - 60)) == f"browser:{BITS}"
    assert (
        owner_of(RequestOfTab(cookies=cookie(), request=Scope({"session": {"oauth_info": "x"}}))) == f"browser:{BITS}"
    )


def test_a_session_is_not_believed_where_nobody_can_sign_in() -> None:
    for environment in ({}, {"SPACE_ID": "me/medley", "SYSTEM": "spaces"}):
        assert owner_of_page("0.0.0.0", environment)(signed_in(time.time() + 60)) == f"browser:{BITS}"


def test_there_is_no_button_for_signing_in_where_the_hub_does_not_offer_it() -> None:
    assert not can_sign_in({"SPACE_ID": "me/medley", "SYSTEM": "spaces", "SPACE_HOST": "me-medley.hf.space"})
    assert sign_in_button({}) is None


class Hop:
    """As much of a request as tells where it comes from."""

    def __init__(self, peer: str, passed_on: str = "") -> None:
        self.client = SimpleNamespace(host=peer, port=7) if peer else None
        self.headers = {"x-forwarded-for": passed_on} if passed_on else {}


@pytest.mark.parametrize(
    ("peer", "passed_on", "proxies", "address"),
    [
        ("203.0.113.7", "", "", "203.0.113.7"),
        ("203.0.113.7", "8.8.8.8", "", "203.0.113.7"),  # his own word for it
        ("192.168.1.5", "8.8.8.8, 9.9.9.9", "", "192.168.1.5"),  # in the same network, too
        ("127.0.0.1", "8.8.8.8, 203.0.113.7", "", "203.0.113.7"),  # a proxy on this machine
        ("::1", "8.8.8.8, 192.168.1.5", "", "192.168.1.5"),
        ("127.0.0.1", "", "", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1, ::1", "", "127.0.0.1"),
        ("10.0.0.2", "8.8.8.8, 203.0.113.7, 10.0.0.1", "10.0.0.0/8", "203.0.113.7"),
        ("10.0.0.2", "8.8.8.8, 203.0.113.7, 10.0.0.1", "10.0.0.2", "10.0.0.1"),
        ("10.0.0.2", "8.8.8.8", "10.0.0.1, 172.16.0.0/12", "10.0.0.2"),
        ("2001:db8:1:2:3:4:5:6", "", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1%eth0", "", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", "", "203.0.113.7"),
        ("", "", "", ""),
        ("testclient", "8.8.8.8", "", "testclient"),
    ],
)
def test_an_address_is_that_of_the_connection_or_what_a_known_proxy_saw(
    peer: str, passed_on: str, proxies: str, address: str
) -> None:
    assert address_of_page(Settings(proxies=proxies), {})(Hop(peer, passed_on)) == address


def test_a_space_is_reached_through_proxies_of_its_own_network() -> None:
    address_of = address_of_page(Settings(), {"SPACE_ID": "me/medley"})
    assert address_of(Hop("10.16.3.4", "8.8.8.8, 203.0.113.7")) == "203.0.113.7"
    assert address_of(Hop("10.16.3.4", "8.8.8.8, 203.0.113.7, 10.0.0.9")) == "203.0.113.7"


def test_one_network_is_counted_where_owners_are_as_cheap_as_a_cookie() -> None:
    assert counted("browser:" + "0" * 32, "203.0.113.7") == "203.0.113.7"
    assert counted("tab:x", "203.0.113.7") == "203.0.113.7"
    assert counted("me", "127.0.0.1") == counted("user:maria", "203.0.113.7") == ""


@pytest.mark.parametrize("proxies", ["nginx", "10.0.0.1/8", "10.0.0.0/8 172.16.0.1"])
def test_what_is_no_address_of_a_proxy_is_refused_at_the_start(proxies: str) -> None:
    with pytest.raises(SetupError, match="is no address of a proxy"):
        from_environment({"MEDLEY_PROXIES": proxies})
