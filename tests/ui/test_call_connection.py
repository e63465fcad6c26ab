"""The WebSocket of calls: who may call, what a hostile page gets, and a cut that loses and doubles nothing."""

import json
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import numpy
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.conversations.conversations import Conversations
from assistant.engines.scripted import ScriptedEngine
from assistant.speech.recognition.names import names_in
from assistant.speech.text_normalization.language_id import identify_language
from assistant.storage.originals import Originals
from tests.support.call_device import Beeps, SentencePhrases, nothing
from tests.support.call_page import ANSWER, GrowingWords, NumberedWords, clip, script
from tests.support.fakes import make_assistant
from tests.support.kept_answers import history_in
from ui.call_wire import CROWDED, HOSTILE, OVER, TAKEN, UNKNOWN
from ui.calls import Calls, CallSetup, Measure
from ui.door import Door, same_site
from ui.owner import AddressOf, OwnerOf
from ui.words import in_language
from ui.words.call import CallWords
from ui.words.catalogues import Language

ME, OTHER = "a" * 32, "b" * 32
BEHIND_A_PROXY = AddressOf((ip_network("10.0.0.0/8"),))
HERE = {"origin": "http://testserver"}
QUESTION = [clip("question-en", 0.35, 2.05), nothing(1.2)]


class PageSide:
    """The page's side: frames with numbers, messages that are remembered."""

    def __init__(self, socket: Any) -> None:
        self.socket, self.frame, self.told = socket, 0, list[dict[str, Any]]()

    def send(self, **said: Any) -> None:
        self.socket.send_text(json.dumps(said))

    def welcome(self, **first: Any) -> dict[str, Any]:
        self.send(**first)
        told: dict[str, Any] = self.socket.receive_json()
        assert told["type"] == "welcome"
        return told

    def says(self, *sounds: Any, first: int | None = None) -> None:
        samples = (numpy.concatenate(sounds) * 32767).astype("<i2")
        count = len(samples) // 512
        at = self.frame if first is None else first
        for start in range(0, count, 32):
            now = samples[512 * start : 512 * min(count, start + 32)]
            self.socket.send_bytes(struct.pack("<I", at + start) + now.tobytes())
        self.frame = at + count

    def hears(self) -> dict[str, Any]:
        """The next message; a piece of voice is reported as played at once."""
        message = self.socket.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"])
        if (data := message.get("bytes")) is not None:
            (length,) = struct.unpack_from("<I", data)
            told = {**json.loads(data[4 : 4 + length]), "samples": len(data[4 + length :]) // 2}
            self.send(type="playing", piece=told["piece"], frame=self.frame, skipped=0)
            self.send(type="played", piece=told["piece"])
        else:
            told = json.loads(message["text"])
        self.told.append(told)
        return told  # type: ignore[no-any-return]

    def until(self, kind: str, **facts: Any) -> dict[str, Any]:
        while True:
            told = self.hears()
            if told["type"] == kind and all(told[key] == value for key, value in facts.items()):
                return told


Connect = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    history, originals = history_in(tmp_path), Originals(tmp_path / "originals")
    yield Conversations(history, make_assistant(ScriptedEngine(script()), originals=originals), originals)
    history.close()


def client_of(conversations: Conversations, measure: Measure | None = None) -> TestClient:
    recogniser, voice = NumberedWords(), Beeps(0.05)
    setup = CallSetup(lambda: recogniser, lambda: voice, SentencePhrases, lambda *_: GrowingWords())
    calls = Calls(conversations, setup, OwnerOf(alone=False), measure=measure or Measure(), address_of=BEHIND_A_PROXY)
    return TestClient(Starlette(routes=[calls.route()], middleware=[Middleware(Door)]), client=("10.0.0.2", 7860))


@pytest.fixture
def client(conversations: Conversations) -> Iterator[TestClient]:
    with client_of(conversations) as client:
        yield client


def connect(client: TestClient, owner: str = ME, **headers: str) -> Any:
    cookie = {"cookie": f"medley-owner={owner}"} if owner else {}
    return client.websocket_connect("/call", headers={**HERE, **cookie, **headers})


def closed_with(socket: Any) -> int:
    """The code with which the server closes, whatever it says before."""
    while (message := socket.receive())["type"] != "websocket.close":
        pass
    return int(message["code"])


# Who may


@pytest.mark.parametrize("origin", ["http://evil.example", "http://testserver.evil.example", "null", "file://", ""])
def test_a_page_from_elsewhere_cannot_call(client: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), connect(client, origin=origin):
        pass


def test_a_page_behind_a_proxy_is_from_here() -> None:
    proxied = {"origin": "https://me.example", "host": "10.0.0.7:7860", "x-forwarded-host": "me.example"}
    assert same_site(proxied)
    assert not same_site({**proxied, "origin": "https://other.example"})


def test_whoever_has_no_cookie_cannot_call(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), connect(client, owner=""):
        pass


def test_nobody_can_take_up_the_call_of_somebody_else(client: TestClient) -> None:
    with connect(client) as mine:
        token = PageSide(mine).welcome(type="call")["token"]
        with connect(client, owner=OTHER) as theirs:
            PageSide(theirs).send(type="resume", token=token, seen=0)
            assert closed_with(theirs) == UNKNOWN


def test_a_conversation_of_somebody_else_is_not_gone_on_with(client: TestClient, conversations: Conversations) -> None:
    theirs = conversations.history.make(f"browser:{OTHER}").id
    with connect(client) as socket:
        page = PageSide(socket)
        page.welcome(type="call", conversation=theirs)
        page.says(*QUESTION)
        assert page.until("turn")["conversation"] != theirs
    assert conversations.history.turns(f"browser:{OTHER}", theirs) == []


# Hostile pages


@pytest.mark.parametrize(
    "first",
    [
        "", "hello", "[]", "{}", '{"type": 3}', '{"type": "shell"}', "[" * 4000, "x" * 5000,
        '{"type": "call", "language": "../.."}', '{"type": "call", "conversation": {}}',
        '{"type": "resume"}', '{"type": "resume", "token": "x", "seen": -1}', '{"type": "call", "libraries": 4}',
    ],
)  # fmt: skip
def test_a_first_message_that_no_page_sends_ends_the_connection(client: TestClient, first: str) -> None:
    with connect(client) as socket:
        socket.send_text(first)
        assert closed_with(socket) in (HOSTILE, UNKNOWN)


@pytest.mark.parametrize(
    "then",
    [
        "nonsense", '{"type": "shell"}', '{"type": "playing", "piece": "x", "frame": 1}',
        '{"type": "playing", "piece": 1, "frame": 1, "skipped": 1e99}', '{"type": "played", "piece": true}',
        '{"type": "seen", "n": 1e9}', '{"type": "finish"}', '{"type": "language", "language": "xx"}',
        b"", b"\0\0\0\0", b"\0" * 700, b"\0" * (4 + 1024 * 33), b"\xff\xff\xff\xff" + b"\0" * 1024,
    ],
)  # fmt: skip
def test_a_message_that_no_page_sends_ends_the_call(client: TestClient, then: str | bytes) -> None:
    with connect(client) as socket:
        PageSide(socket).welcome(type="call")
        (socket.send_text if isinstance(then, str) else socket.send_bytes)(then)
        assert closed_with(socket) == HOSTILE


def test_more_sound_than_anybody_speaks_ends_the_call(conversations: Conversations) -> None:
    with client_of(conversations, Measure(burst=2)) as client, connect(client) as socket:
        page = PageSide(socket)
        page.welcome(type="call")
        page.says(nothing(10))
        assert closed_with(socket) == HOSTILE


def test_who_says_nothing_at_first_is_let_go(conversations: Conversations) -> None:
    with client_of(conversations, Measure(first_seconds=0.1)) as client, connect(client) as socket:
        assert closed_with(socket) == HOSTILE


def test_only_so_many_calls_at_once(conversations: Conversations) -> None:
    with client_of(conversations, Measure(lines_each=1)) as client, connect(client) as first:
        PageSide(first).welcome(type="call")
        with connect(client) as second:
            PageSide(second).send(type="call")
            assert closed_with(second) == CROWDED
        with connect(client, owner=OTHER) as third:
            PageSide(third).welcome(type="call")


def test_one_address_holds_no_more_than_its_share_whatever_its_cookies(conversations: Conversations) -> None:
    with client_of(conversations, Measure(lines=3, lines_place=2)) as client, ExitStack() as held:
        for owner in ("a" * 32, "b" * 32):
            PageSide(held.enter_context(connect(client, owner=owner))).welcome(type="call")
        with connect(client, owner="c" * 32) as third:
            PageSide(third).send(type="call")
            assert closed_with(third) == CROWDED
        elsewhere = {"x-forwarded-for": "10.0.0.1, 8.8.8.8, 10.0.0.2"}
        with connect(client, owner="c" * 32, **elsewhere) as third:
            PageSide(third).welcome(type="call")


def test_a_line_on_which_nothing_is_said_makes_room(conversations: Conversations) -> None:
    measure = Measure(lines_place=1, idle_seconds=0)
    with client_of(conversations, measure) as client, connect(client) as first, connect(client, owner=OTHER) as second:
        page = PageSide(first)
        page.welcome(type="call")
        PageSide(second).welcome(type="call")
        assert "others are waiting" in page.until("over")["sentence"]
        assert closed_with(first) == OVER


def test_a_call_that_lasts_too_long_ends_with_a_word(conversations: Conversations) -> None:
    with (
        client_of(conversations, Measure(seconds=0.0)) as client,
        connect(client, **{"accept-language": "zh"}) as socket,
    ):
        page = PageSide(socket)
        page.welcome(type="call")
        page.says(nothing(0.1))
        assert "通话" in page.until("over")["sentence"]
        assert closed_with(socket) == OVER


# A call


def test_a_call_asks_and_answers(client: TestClient, conversations: Conversations) -> None:
    with connect(client) as socket:
        page = PageSide(socket)
        page.welcome(type="call")
        page.says(*QUESTION)
        conversation = page.until("turn")["conversation"]
        assert page.until("ended")["text"] == ANSWER.format(1)
        page.until("state", state="listening")
    spoken = [told for told in page.told if told["type"] == "voice"]
    assert [told["text"].strip() for told in spoken] == ["This is answer 1 to that.", "It has two sentences."]
    assert all(told["samples"] > 1000 for told in spoken)
    (entry,) = conversations.history.turns(f"browser:{ME}", conversation)
    assert (entry.asked, entry.state) == ("This is question number 1.", "done")


def test_a_cut_loses_nothing_and_doubles_nothing(client: TestClient, conversations: Conversations) -> None:
    with connect(client) as socket:
        page = PageSide(socket)
        token = page.welcome(type="call")["token"]
        page.says(*QUESTION)
        page.until("turn")
        seen = page.told[-1]["n"]
        page.says(nothing(0.3))
    with connect(client) as socket:
        again = PageSide(socket)
        welcome = again.welcome(type="resume", token=token, seen=seen)
        assert welcome["frame"] <= page.frame
        again.says(nothing(0.6), first=max(0, welcome["frame"] - 10))  # some of it came before
        again.until("ended")
        again.until("state", state="listening")
        again.says(clip("jfk", 3.05, 4.65), nothing(1.2))
        conversation = again.until("turn")["conversation"]
        again.until("ended")
    numbers = [told["n"] for told in [*page.told, *again.told] if told["n"] > 0]
    assert numbers == list(range(1, len(numbers) + 1))
    asked = [entry.asked for entry in conversations.history.turns(f"browser:{ME}", conversation)]
    assert asked == ["This is question number 1.", "This is question number 2."]


def test_the_connection_taken_up_anew_replaces_the_old_one(client: TestClient) -> None:
    with connect(client) as old:
        token = PageSide(old).welcome(type="call")["token"]
        with connect(client) as new:
            PageSide(new).welcome(type="resume", token=token, seen=0)
            assert closed_with(old) == TAKEN
            page = PageSide(new)
            page.says(*QUESTION)
            page.until("turn")


def test_a_call_whose_page_stays_away_is_hung_up(conversations: Conversations) -> None:
    with client_of(conversations, Measure(away_seconds=0.1)) as client:
        with connect(client) as socket:
            token = PageSide(socket).welcome(type="call")["token"]
        time.sleep(0.4)
        with connect(client) as socket:
            PageSide(socket).send(type="resume", token=token, seen=0)
            assert closed_with(socket) == UNKNOWN


def test_the_end_is_a_clean_one(client: TestClient) -> None:
    with connect(client) as socket:
        page = PageSide(socket)
        page.welcome(type="call")
        page.send(type="end")
        assert closed_with(socket) == OVER


# Dictation


def test_words_are_written_down_while_they_are_spoken(client: TestClient) -> None:
    with connect(client) as socket:
        page = PageSide(socket)
        page.welcome(type="dictate", language="en")
        page.says(clip("question-en", 0.35, 2.05))
        first = page.until("heard")
        assert (first["stable"] + " " + first["tentative"]).strip().startswith("Who serviced")
        page.send(type="finish")
        assert page.until("heard", final=True)["stable"] == "Who serviced the pump?"
        assert closed_with(socket) == OVER


def test_a_dictation_that_is_given_up_says_nothing(client: TestClient) -> None:
    with connect(client) as socket:
        page = PageSide(socket)
        page.welcome(type="dictate")
        page.says(nothing(0.5))
        page.send(type="end")
        assert closed_with(socket) == OVER


def test_a_dictation_without_an_end_is_written_down_after_a_while(conversations: Conversations) -> None:
    with client_of(conversations, Measure(dictated=0.2)) as client, connect(client) as socket:
        page = PageSide(socket)
        page.welcome(type="dictate")
        page.says(clip("question-en", 0.35, 2.05))
        time.sleep(0.3)
        page.says(nothing(0.1))
        assert page.until("heard", final=True)["stable"] == "Who serviced the pump?"
        assert closed_with(socket) == OVER


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_language_of_the_page_is_expected_while_nothing_was_said(language: Language) -> None:
    assert identify_language(in_language(language, CallWords).reads) == language
    assert names_in([in_language(language, CallWords).reads]) == ()
