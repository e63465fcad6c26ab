"""A turn as the page's handlers lead it: begun, streamed, stopped, failed, judged, asked again; and whose it is."""

import html
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.ports.named_libraries import LibraryInfo
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput, LibraryError
from assistant.values.events import Answer, Delta, Done, Event, Failed, MadeFile, Status
from assistant.values.messages import as_message
from assistant.values.parts import Turn
from tests.support.controller_made import MadeController, Script, echo, is_usable, texts
from ui.chat_controller import AT_FIRST
from ui.following import Following
from ui.words.chat import ENGLISH
from ui.words.conversations import ENGLISH as LIST

Make = Callable[..., MadeController]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[MadeController] = []

    def one(script: Script = echo, **options: Any) -> MadeController:
        made.append(MadeController(tmp_path / "data", script, **options))
        return made[-1]

    yield one
    for controller in made:
        controller.close()


def until(true: Callable[[], object], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "this did not come true in time"
        time.sleep(0.02)


def test_a_turn_makes_the_box_busy_and_hands_it_back(make: Make) -> None:
    tab = make()
    begun = tab.begin("hello")
    assert not is_usable(begun.box)
    *_, last = tab.handlers.stream(tab.session)
    assert "You said hello." in texts(last)[-1]
    assert is_usable(tab.handlers.settle(tab.session).box)


def test_words_that_come_fast_are_shown_together(make: Make) -> None:
    def fast(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Status("answering", as_message("Answering"))
        for _ in range(500):
            time.sleep(0.001)
            yield Delta("a ")
        yield Done(Answer("a " * 500))

    assert len(make(fast).ask("hello")) < 250


def test_what_the_person_did_wrong_is_said(make: Make) -> None:
    def failing(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Delta("half an answer")
        yield Failed("I cannot read that <file>.", bad_input=True)

    tab = make(failing)
    with pytest.warns(UserWarning, match="I cannot read that"):  # the toast, where there is no browser
        seen = tab.ask("hello")
    half, failure = texts(seen[-1])[-2:]
    assert half == "half an answer"
    assert failure.startswith("⚠️ I cannot read that &#60;file&#62;.")
    assert is_usable(tab.handlers.settle(tab.session).box)


def test_what_nobody_foresaw_is_logged_under_the_number_that_is_shown(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    def crashing(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Status("answering", as_message("Answering"))
        raise ZeroDivisionError("secret")

    tab = make(crashing)
    with pytest.warns(UserWarning, match="did not expect"):
        seen = tab.ask("hello")
    assert "secret" not in str(seen)
    (record,) = (record for record in caplog.records if record.name == "ui.handlers")
    assert record.exc_info
    number = re.search(r"\((\w{6})\)", record.getMessage())
    assert number
    assert number[1] in texts(seen[-1])[-1]


def slowly(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
    for _ in range(30):
        if stop.wait(0.05):
            return
        yield Delta("a ")
    yield Done(Answer("a whole answer"))


@pytest.mark.parametrize("begun", [True, False])
def test_an_answer_goes_on_though_its_tab_is_gone_and_another_one_shows_it(make: Make, begun: bool) -> None:
    tab = make(slowly)
    tab.begin("hi")
    chats = tab.handlers.stream(tab.session)
    if begun:
        next(chats)
    tab.controller.leave(tab.session)
    list(chats)
    other = tab.controller.open(tab.open)  # as after a reload
    following = Following(tab.controller)
    look = following.look(other)
    assert look.often["active"]
    assert look.box["stop_btn"]
    until(lambda: tab.history.turns("me", tab.open)[0].state == "done")
    look = following.look(other)
    assert "a whole answer" in texts(look.chat)[-1]
    assert is_usable(look.box)
    assert following.look(other).chat == {"__type__": "update"}  # nothing new


def test_an_answer_is_stopped_from_another_tab(make: Make) -> None:
    tab = make(slowly)
    tab.begin("hi")
    chats = tab.handlers.stream(tab.session)
    next(chats)
    other = tab.controller.open(tab.open)
    Following(tab.controller).look(other)
    tab.handlers.stop(other)
    list(chats)
    until(lambda: tab.history.turns("me", tab.open)[0].state == "stopped")


def test_what_another_tab_asked_appears(make: Make) -> None:
    tab = make()
    tab.ask("one")
    other = tab.controller.open(tab.open)
    Following(tab.controller).look(other)
    tab.ask("two")
    assert "You said two." in texts(Following(tab.controller).look(other).chat)[-1]


def test_stop_frees_the_box_though_the_core_cannot_be_interrupted(make: Make) -> None:
    goes_on = threading.Event()

    def stuck(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Delta("It is")
        goes_on.wait(30)
        yield Done(Answer("too late"))

    tab = make(stuck)
    tab.begin("hi")
    chats = tab.handlers.stream(tab.session)
    next(chats)
    tab.handlers.stop(tab.session)
    *_, last = chats
    assert tab.session is not None
    assert tab.session.feed is not None
    assert tab.session.feed.running
    goes_on.set()
    assert "It is" in texts(last)[-1]
    assert ENGLISH.stopped in texts(last)[-1]
    tab.session.feed.wait()


def test_nothing_sent_changes_nothing(make: Make) -> None:
    tab = make()
    view = tab.begin("  ")
    assert view.chat == {"__type__": "update"}
    assert list(tab.handlers.stream(tab.session)) == [{"__type__": "update"}]
    assert tab.history.list("me") == []


def test_a_session_answers_one_question_at_a_time(make: Make) -> None:
    tab = make()
    tab.begin("one")
    assert tab.begin("two").chat == {"__type__": "update"}
    list(tab.handlers.stream(tab.session))
    assert [stored.asked for stored in tab.history.turns("me", tab.open)] == ["one"]


def test_the_page_stops_asking_once_everything_is_loaded(make: Make) -> None:
    lines: tuple[str, ...] = ("Loading <speech>",)
    tab = make()
    tab.handlers._status = lambda: lines
    line, timer = tab.handlers.loading()
    assert (line["value"], line["visible"], timer["active"]) == ("Loading &#60;speech&#62;", True, True)
    lines = ()
    line, timer = tab.handlers.loading()
    assert (line["visible"], timer["active"]) == (False, False)


# Conversations


def test_the_next_question_follows_the_last_one_and_a_new_tab_finds_both(make: Make) -> None:
    tab = make()
    tab.ask("one")
    tab.ask("two")
    found = tab.controller.open(tab.open)
    assert [stored.asked for stored in found.turns] == ["one", "two"]
    assert texts(tab.controller.messages(found)) == texts(tab.seen[-1])


def test_a_session_that_was_lost_goes_on_where_the_page_is(make: Make) -> None:
    tab = make()
    tab.ask("one")
    conversation = tab.open
    tab.session = None  # as after a restart
    view = tab.handlers.ask({"text": "two", "files": []}, f'{{"conversation": "{conversation}"}}', None)
    list(tab.handlers.stream(view.session))
    assert [stored.asked for stored in tab.history.turns("me", conversation)] == ["one", "two"]


def test_an_edited_question_is_another_branch_with_the_same_files(make: Make, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Buy milk.")
    tab = make()
    tab.ask("one", tmp_path / "notes.txt")
    (first,) = tab.history.turns("me", tab.open)
    assert tab.do(f"edit {first.id}").box["value"]["text"] == "one"
    tab.ask("other")
    (second,) = tab.history.turns("me", tab.open)
    assert (second.asked, second.branch, second.branches) == ("other", 2, 2)
    assert second.given == first.given
    assert f"branch-previous {second.id}" in texts(tab.seen[-1])[0]
    tab.do(f"branch-previous {second.id}")
    assert [stored.asked for stored in tab.history.turns("me", tab.open)] == ["one"]


def test_a_question_taken_back_is_asked_anew_in_its_place(make: Make) -> None:
    tab = make()
    tab.ask("one")
    tab.ask("two")
    last = tab.history.turns("me", tab.open)[-1]
    done = tab.do(f"undo {last.id}")
    assert done.box["value"]["text"] == "two"
    assert "two" not in " ".join(texts(done.chat))
    tab.ask("three")
    assert [stored.asked for stored in tab.history.turns("me", tab.open)] == ["one", "three"]


def test_an_answer_is_given_once_more_and_goes_on_where_it_stopped(make: Make) -> None:
    def half(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Done(Answer(f"Half of {turn.text}", stopped=True))

    tab = make(half)
    tab.ask("one")
    (first,) = tab.history.turns("me", tab.open)
    for command in (f"retry {first.id}", "continue"):
        stored = tab.history.turns("me", tab.open)[-1]
        said = (
            f'{{"command": "{command if " " in command else f"continue {stored.id}"}", "conversation": "{tab.open}"}}'
        )
        tab.handlers.command(said, tab.session)
        list(tab.handlers.stream(tab.session))
    again, more = tab.history.turns("me", tab.open)
    assert (again.branch, again.branches, again.asked) == (2, 2, "one")
    assert more.asked == ENGLISH.go_on_asked


def test_a_verdict_is_kept_with_a_word_and_taken_back(make: Make) -> None:
    tab = make()
    tab.ask("one")
    (stored,) = tab.history.turns("me", tab.open)
    assert f'name="{stored.id}"' in texts(tab.do(f"dislike {stored.id}").chat)[-1]
    tab.do(f"feedback {stored.id}\nToo <short>.")
    (judged,) = tab.history.judged("me")
    assert (judged.verdict, judged.feedback) == ("dislike", "Too <short>.")
    assert "Too &#60;short&#62;." in texts(tab.do(f"like {stored.id}").chat)[-1]
    tab.do(f"like {stored.id}")
    assert tab.history.judged("me") == []


def test_a_deleted_conversation_comes_back_until_it_is_gone_for_good(make: Make) -> None:
    tab = make(undo_seconds=0.3)
    tab.ask("one")
    conversation = tab.open
    gone = tab.do(f"delete {conversation}")
    assert gone.chat == []
    assert LIST.deleted.format(title="one") in gone.conversations
    assert texts(tab.do(f"undelete {conversation}").chat)
    time.sleep(0.5)
    assert tab.history.get("me", conversation).title == "one"  # had back in time
    tab.do(f"delete {conversation}")
    until(lambda: tab.assistant.forgotten == [conversation])
    with pytest.warns(UserWarning, match="no such conversation"):
        tab.do(f"undelete {conversation}")


def test_nobody_reaches_what_is_anothers_by_any_command(make: Make, tmp_path: Path) -> None:
    mine = make(owner="user:a")
    mine.ask("the secret")
    conversation = mine.open
    (stored,) = mine.history.turns("user:a", conversation)
    before = mine.history.turn("user:a", stored.id)
    theirs, stolen = mine, mine.session
    theirs.owner, theirs.session = "user:b", None
    verbs = [f"{verb} {conversation}" for verb in ("open", "pin", "unpin", "delete", "undelete", "rename")]
    verbs += [
        f"{verb} {stored.id}"
        for verb in ("edit", "undo", "like", "dislike", "feedback", "branch-previous", "branch-next")
    ]
    for verb in verbs:
        for session in (None, stolen):
            theirs.session = session
            with pytest.warns(UserWarning, match="There is no such"):
                done = theirs.do(verb + "\nx")
            assert "the secret" not in str(done)
    for said in (f"retry {stored.id}", f"continue {stored.id}"):
        view = theirs.handlers.command(f'{{"command": "{said}"}}', stolen) if "continue" in said else None
        assert view is None or view.chat == {"__type__": "update"}
    with pytest.warns(UserWarning, match="There is no such"):
        theirs.handlers.command(f'{{"command": "retry {stored.id}"}}', stolen)
    mine.owner = "user:a"
    assert mine.history.turn("user:a", stored.id) == before
    assert mine.history.get("user:a", conversation).title == "the secret"
    running = mine.handlers.command(f'{{"command": "retry {stored.id}"}}', stolen).session
    theirs.owner = "user:b"
    assert list(theirs.handlers.stream(running)) == [{"__type__": "update"}]
    theirs.handlers.stop(running)
    assert not running.stop.is_set()
    mine.owner = "user:a"
    list(mine.handlers.stream(running))


def test_a_conversation_searches_the_libraries_that_were_chosen_for_it_and_no_others(make: Make) -> None:
    tab = make()
    tab.libraries = [LibraryInfo("aa", "me", "Plant"), LibraryInfo("bb", "me", "Papers")]
    assert tab.commands.arrive("").libraries["choices"] == [("Plant", "aa"), ("Papers", "bb")]
    tab.session = tab.commands.use(["bb", "another's"], None)
    tab.ask("one")
    assert tab.history.get("me", tab.open).libraries == ("bb",)
    assert tab.do(f"open {tab.open}").libraries["value"] == ["bb"]
    tab.session = tab.commands.use([], tab.session)
    assert tab.history.get("me", tab.open).libraries == ()


def test_of_a_long_conversation_the_last_turns_are_shown_first(make: Make) -> None:
    tab = make()
    conversation, parent = tab.history.make("me").id, ""
    for number in range(AT_FIRST + 5):
        stored = tab.history.begin("me", conversation, parent, f"question {number}.", ())
        tab.history.end(stored.id, Answer("yes"), "")
        parent = stored.id
    first = texts(tab.do(f"open {conversation}").chat)
    assert ENGLISH.earlier.format(count=5) in first[0]
    assert "question 4." not in " ".join(first)
    assert "question 0." in " ".join(texts(tab.do("earlier").chat))


def test_what_the_page_tells_along_is_never_believed(make: Make) -> None:
    tab = make()
    for said in (
        "",
        "null",
        "[1]",
        "{",
        '{"conversation": 7, "command": ["x"], "recorded": "no"}',
        '{"command": "open"}',
    ):
        tab.commands.do(said, None)
    assert tab.history.list("me") == []


# Faults


class Breaking:
    """Stands before a thing and raises at one of its verbs."""

    def __init__(self, thing: Any, verb: str, error: Exception) -> None:
        self._thing, self._verb, self._error = thing, verb, error

    def __getattr__(self, name: str) -> Any:
        if name == self._verb:
            return self._broken
        return getattr(self._thing, name)

    def _broken(self, *_: Any, **__: Any) -> Any:
        raise self._error


STEPS = ["history.make", "history.get", "history.turn", "history.list", "history.judged", "conversations.ask", "link"]


@pytest.mark.parametrize("error", [LibraryError("The disk is full."), KeyError("secret")], ids=["ours", "unforeseen"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_fault_at_any_step_of_a_turn_leaves_a_usable_page(make: Make, step: str, error: Exception) -> None:
    tab = make()
    tab.ask("before")
    tab.do("new")
    thing, _, verb = step.rpartition(".")
    whole = (tab.controller.history, tab.handlers._conversations, tab.controller.link)
    if thing == "history":
        tab.controller.history = Breaking(whole[0], verb, error)  # type: ignore[assignment]
    elif thing == "conversations":
        tab.handlers._conversations = Breaking(whole[1], verb, error)  # type: ignore[assignment]
    else:
        tab.controller.link = Breaking(tab.controller, "link", error).link  # type: ignore[method-assign]
    begun = tab.begin("during")
    list(tab.handlers.stream(tab.session))
    settled = tab.handlers.settle(tab.session)
    assert is_usable(begun.box) or is_usable(settled.box)
    assert "secret" not in f"{begun}{settled}"
    tab.controller.history, tab.handlers._conversations = whole[:2]
    tab.controller.link = whole[2]  # type: ignore[method-assign]
    assert "You said after." in texts(tab.ask("after")[-1])[-1]


@pytest.mark.parametrize("at", range(5))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_fault_at_any_event_of_an_answer_leaves_a_usable_page(make: Make, at: int) -> None:
    events = [
        Status("reading", as_message("Reading")),
        Status("answering", as_message("Answering")),
        Delta("a"),
        Delta("b"),
        Done(Answer("ab")),
    ]
    broken = True

    def faulty(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        for number, event in enumerate(events):
            if number == at and broken:
                raise BadInput("No.") if at % 2 else RuntimeError("secret")
            yield event

    tab = make(faulty)
    seen = tab.ask("one")
    assert "secret" not in str(seen)
    assert is_usable(tab.handlers.settle(tab.session).box)
    assert [stored.state for stored in tab.history.turns("me", tab.open)] == ["failed"]
    broken = False
    assert "ab" in texts(tab.ask("two")[-1])[-1]


def test_files_that_an_answer_made_are_offered_below_it_after_a_reload_too_and_until_the_tab_is_left(
    make: Make,
) -> None:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    subtitles = "1\r\n00:00:00,000 --> 00:00:02,000\r\n水泵 <new>\r\n\r\n"

    def saving(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Done(Answer("Here.", files=(MadeFile('t"a<lk.srt', "application/x-subrip", subtitles),)))

    def address(chat: list[Any]) -> str:
        link = re.search(r'<div class="made"><a href="([^"]+)" download="t&#34;a&#60;lk.srt"', texts(chat)[-1])
        assert link is not None, texts(chat)[-1]
        return "/" + html.unescape(link[1])

    tab = make(saving)
    client = TestClient(Starlette(routes=[tab.controller.urls.route(lambda _: "me")]))
    first = address(tab.ask("Subtitles please")[-1])
    had = client.get(first)
    assert (had.status_code, had.text) == (200, subtitles)
    assert had.headers["content-disposition"].startswith("attachment")
    session = tab.controller.open(tab.open)  # as a reload does
    again = address(tab.controller.messages(session))
    assert again != first
    assert client.get(again).text == subtitles
    tab.controller.leave(session)
    assert client.get(again).status_code == 404
    assert client.get(first).status_code == 200


def test_an_answer_without_files_offers_none(make: Make) -> None:
    assert 'class="made"' not in texts(make().ask("hello")[-1])[-1]
