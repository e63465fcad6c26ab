"""What the chat shows for turns, events and answers, and that nothing in it can do harm."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.conversation import Conversation
from assistant.errors import BadInput
from assistant.events import (
    Answer,
    Citation,
    Delta,
    Done,
    Event,
    Failed,
    Received,
    ReceivedEvidence,
    ReceivedFile,
    Status,
)
from assistant.evidence import Page, Seconds
from assistant.parts import Attachment, Text, Turn
from ui import rendering
from ui.handlers import Handlers, View, to_turn
from ui.session import Session
from ui.words.chat import ENGLISH, Words
from ui.untrusted import as_markdown, as_text

LEASE = Citation(1, "a", "my_lease *v2*.pdf", "text", Page(3), "Rent: 950 EUR\nper month <b>")
CALL = Citation(2, "b", "call.wav", "audio", Seconds(12, 19), "It may go up.")


def shown(answer: Answer) -> str:
    return str(rendering.finished(answer, "k", 1.0, ENGLISH)[-1]["content"])


def received(answer: Answer) -> str:
    return str(rendering.finished(answer, "k", 1.0, ENGLISH)[0]["content"])


# Answers


def test_a_number_in_the_answer_leads_to_its_source() -> None:
    text = shown(Answer("It is 950.[1][2]", (LEASE, CALL), grounded=True))
    assert r"950.[\[1\]](#evidence-k-1)[\[2\]](#evidence-k-2)" in text
    assert r"- [\[2\] call.wav, 0:12–0:19](#evidence-k-2) — “It may go up.”" in text


def test_a_number_that_is_no_citation_is_left_alone() -> None:
    assert "[7]" in shown(Answer("See [7].[1]", (LEASE,), grounded=True))


def test_numbers_in_code_are_no_citations() -> None:
    text = shown(Answer("```python\nx = y[1]\n```\nand `z[1]`", (LEASE,), grounded=True))
    assert "y[1]" in text
    assert "z&#91;1&#93;" in text


def test_names_and_quotes_of_files_mean_nothing_to_the_page() -> None:
    text = shown(Answer("It is 950.[1]", (LEASE,), grounded=True))
    assert "my&#95;lease &#42;v2&#42;.pdf, page 3" in text
    assert "“Rent: 950 EUR per month &#60;b&#62;”" in text


def test_an_unsupported_sentence_is_marked_and_explained() -> None:
    text = shown(Answer("It is 950.[1] Bargain hard.", (LEASE,), grounded=True, unsupported=("Bargain hard.",)))
    assert "Bargain hard. †" in text
    assert ENGLISH.unsupported in text


def test_an_answer_that_nothing_supports_says_so_once() -> None:
    text = shown(Answer("Paris.", unsupported=("Paris.",)))
    assert text == f"Paris.\n\n*{ENGLISH.not_grounded}*"


def test_a_stopped_answer_says_so() -> None:
    assert ENGLISH.stopped in shown(Answer("It is", stopped=True))


def test_what_the_model_received_is_told_in_full() -> None:
    told = received(
        Answer(
            "x",
            received=Received(
                heard="what is the rent",
                files=(
                    ReceivedFile("a<b>.pdf", "text", "read", pages=1),
                    ReceivedFile("c.wav", "audio", "transcribed", seconds=31.4),
                ),
                evidence=(ReceivedEvidence("a<b>.pdf", "text", Page(3), 0.71),),
                media_weights=(("text", 1.0), ("audio", 0.04)),
                pictures_sent=2,
                prompt_tokens=412,
                answer_tokens=37,
                notes=("Page 4 has no text.",),
            ),
            timings=(("listening", 0.25), ("answering", 1.0)),
            models=(("answers", "tiny"),),
        )
    )
    for words in (
        "Heard: “what is the rent”",
        "a&#60;b&#62;.pdf: text, read, 1 page",
        "c.wav: sound, transcribed, 31 s of sound",
        "<code>███████░░░</code> 0.71 a&#60;b&#62;.pdf, page 3",
        "<code>██████████</code> 1.00 text",
        "<code>░░░░░░░░░░</code> 0.04 sound",
        "Pictures sent as pixels: 2",
        "Prompt: 412 tokens · answer: 37 tokens",
        "Page 4 has no text.",
        "answers: tiny",
        "Listening: 0.2 s",
    ):
        assert words in told


def test_a_second_language_is_a_second_set_of_words() -> None:
    german = Words(received="Was das Modell bekam", not_grounded="Das stammt vom Modell selbst.")
    line, answer = rendering.finished(Answer("Paris."), "k", 1.0, german)
    assert line["metadata"]["title"] == "Was das Modell bekam"
    assert "Das stammt vom Modell selbst." in answer["content"]


# What others wrote

HARMFUL = {
    "a picture": "![x](http://203.0.113.7/p.png)",
    "a picture twice marked": "!![x](http://203.0.113.7/p.png)",
    "a picture by reference": "![x][r]\n\n[r]: http://203.0.113.7/p.png",
    "a reference with a long title": '[r]: /x "\n\n```\n"\n<img src=http://203.0.113.7/p>\n```\n![r]',
    "HTML": '<img src="http://203.0.113.7/p.png"><IFRAME src=x></IFRAME><table background="http://203.0.113.7">',
    "half a tag": "<img src='http://203.0.113.7/p.png'\nonerror=alert(1)",
    "HTML around a picture": "<b>![x](http://203.0.113.7/p.png)</b>",
    "a script link": "[x](javascript:alert(1)) [x]( JaVaScript:alert(1)) [x](<javascript:alert(1)>)",
    "a link to data": "[x](data:text/html,<script>alert(1)</script>)",
    "a script link in references": "[x](javascript&#58;alert(1)) [x](&#106;avascript:alert(1))",
    "a drawing": '```mermaid\ngraph TD; A["<img src=http://203.0.113.7/d.png>"]\n```',
    "a drawing by tilde": "~~~ Mermaid x\ngraph TD\n~~~",
    "a fence that a list ends": "- ```\n  x\n  ```\n  <img src=http://203.0.113.7/l.png>",
    "a fence that is left open": "1. a\n   ```\n<img src=http://203.0.113.7/l.png>\n   ```\n<img src=http://203.0.113.7/m.png>",
    "a fence inside a longer one": "````\n```\n<b>\n````\n<img src=http://203.0.113.7/n.png>\n```",
    "a fence with a strange label": "```a`b\n<img src=http://203.0.113.7/o.png>\n```\n<i>",
    "code that never ends": "`` ` <img src=http://203.0.113.7/p.png> ``` ![x](http://203.0.113.7/q.png)",
    "a mark before code": "!`x`[y](http://203.0.113.7/r.png) !",
}


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL.keys())
def test_nothing_a_model_writes_can_load_or_run_anything(text: str) -> None:
    prose = without_code(as_markdown(text))
    assert "<" not in re.sub(r"</?code>", "", prose)
    assert "![" not in prose
    assert "]:" not in prose
    assert not re.search(r"\]\((?!https?:)", prose)
    assert "mermaid" not in re.findall(r"^```+(.*)$", as_markdown(text).lower(), re.MULTILINE)


def without_code(markdown: str) -> str:
    """What is outside of fenced blocks, by the rule of CommonMark for fences at the left margin."""
    out, marks = [], ""
    for line in markdown.split("\n"):
        run = re.match(r"`{3,}", line)
        if not marks and run:
            marks = run[0]
        elif marks and run and len(run[0]) >= len(marks) and line.strip("` ") == "":
            marks = ""
        elif not marks:
            out.append(line)
    return "\n".join(out)


def test_harmless_markdown_stays_as_it_is() -> None:
    text = "# Title\n\n- **one** *two*\n- [a page](https://example.org/a?b=c)\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert as_markdown(text) == text


def test_code_stays_code() -> None:
    text = "Run:\n\n```python\nif a < b and x[0] != '![':\n    print(`c`)\n```\n\nDone."
    assert as_markdown(text) == text


def test_a_block_of_code_that_still_streams_is_closed() -> None:
    assert as_markdown("```python\na <") == "```python\na <\n```"


def test_code_inside_a_list_is_shown_as_code() -> None:
    assert "```sh\nls <x>\n```" in as_markdown("1. Do\n   ```sh\nls <x>\n   ```\n2. Done")


def test_a_name_reads_as_it_is() -> None:
    assert as_text("a\nb  <i>_x_</i>") == "a b &#60;i&#62;&#95;x&#95;&#60;/i&#62;"


# Turns and events


def test_what_the_browser_sent_becomes_a_turn() -> None:
    box = {"text": " What is this? ", "files": ["/up/1/a b.pdf", "/up/2/audio.wav", "/up/3/audio.wav"]}
    assert to_turn(box, ["/up/3/audio.wav"]).parts == (
        Text("What is this?"),
        Attachment(Path("/up/1/a b.pdf"), "a b.pdf"),
        Attachment(Path("/up/2/audio.wav"), "audio.wav"),
        Attachment(Path("/up/3/audio.wav"), "audio.wav", spoken=True),
    )
    assert to_turn(None, [], "/up/4/audio.wav").attachments[0].spoken
    assert to_turn({"text": "  ", "files": []}, []).parts == ()


Script = Callable[[Turn, Conversation, threading.Event], Iterator[Event]]


def ask(script: Script, text: str = "hello", session: Session | None = None) -> list[View]:
    handlers = Handlers(script, lambda conversation: None, tuple)
    return list(handlers.ask({"text": text, "files": []}, "", session))


def is_usable(view: View) -> bool:
    return bool(view.box["interactive"] and view.box["submit_btn"] and not view.box["stop_btn"])


def last(views: list[View]) -> Any:
    return views[-1].chat[-1]["content"]


def test_words_that_come_fast_are_shown_together() -> None:
    def fast(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Status("answering", "Answering")
        for _ in range(500):
            time.sleep(0.001)
            yield Delta("a ")
        yield Done(Answer("a " * 500))

    began = time.monotonic()
    views = ask(fast)
    assert len(views) - 2 <= (time.monotonic() - began) * 20
    assert is_usable(views[-1])
    assert not is_usable(views[0])


def test_what_the_person_did_wrong_is_said_and_the_box_is_usable() -> None:
    def failing(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Delta("half an answer")
        yield Failed("I cannot read that <file>.", bad_input=True)

    with pytest.warns(UserWarning, match="I cannot read that"):  # the toast, where there is no browser
        views = ask(failing)
    assert last(views) == "⚠️ I cannot read that &#60;file&#62;."
    assert views[-1].chat[-2]["content"] == "half an answer"
    assert is_usable(views[-1])


def test_an_error_of_ours_is_said_in_its_own_words() -> None:
    def raising(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        raise BadInput("No such page.")

    with pytest.warns(UserWarning, match="No such page"):
        assert "No such page." in last(ask(raising))


def test_what_nobody_foresaw_is_logged_under_the_number_that_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    def crashing(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Status("answering", "Answering")
        raise ZeroDivisionError("secret")

    with pytest.warns(UserWarning, match="did not expect"):
        views = ask(crashing)
    assert "secret" not in str(views)
    assert is_usable(views[-1])
    (record,) = caplog.records
    assert record.exc_info
    number = re.search(r"\((\w{6})\)", record.getMessage())
    assert number
    assert number[1] in last(views)


def test_a_closed_tab_ends_the_generation() -> None:
    ended = threading.Event()

    def endless(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        try:
            while not stop.wait(0.01):
                yield Delta("a ")
        finally:
            ended.set()

    views = Handlers(endless, lambda conversation: None, tuple).ask({"text": "hi", "files": []}, "", None)
    next(views)
    next(views)
    views.close()
    assert ended.wait(2)


def test_stop_frees_the_box_though_the_core_cannot_be_interrupted() -> None:
    session = Session()

    def stuck(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Delta("It is")
        time.sleep(3)
        yield Done(Answer("too late"))

    handlers = Handlers(stuck, lambda conversation: None, tuple)
    views = handlers.ask({"text": "hi", "files": []}, "", session)
    next(views)
    next(views)
    handlers.stop(session)
    began = time.monotonic()
    rest = list(views)
    assert time.monotonic() - began < 2.5
    assert is_usable(rest[-1])
    assert "It is" in last(rest)
    assert ENGLISH.stopped in last(rest)


def test_nothing_sent_changes_nothing() -> None:
    def never(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        raise AssertionError("nobody asked")

    (view,) = ask(never, "  ")
    assert is_usable(view)
    assert view.chat == {"__type__": "update"}


def test_a_session_answers_one_question_at_a_time() -> None:
    session = Session()
    assert session.begin()
    (view,) = ask(lambda turn, conversation, stop: iter([Done(Answer("x"))]), session=session)
    assert view.chat == {"__type__": "update"}
    session.end()
    assert "x" in last(ask(lambda turn, conversation, stop: iter([Done(Answer("x"))]), session=session))


def test_a_conversation_is_forgotten_when_it_is_left() -> None:
    forgotten: list[str] = []
    done = threading.Event()

    def forget(conversation: str) -> None:
        forgotten.append(conversation)
        done.set()

    session = Session()
    handlers = Handlers(lambda *_: iter(()), forget, tuple)
    view = handlers.new(session)
    assert done.wait(2)
    handlers.leave(session)
    assert forgotten == [session.conversation.id]
    assert view.chat == []
    assert view.session is None


def test_the_page_stops_asking_once_everything_is_loaded() -> None:
    lines: tuple[str, ...] = ("Loading <speech>",)
    handlers = Handlers(lambda *_: iter(()), lambda conversation: None, lambda: lines)
    line, timer = handlers.loading()
    assert (line["value"], line["visible"], timer["active"]) == ("Loading &#60;speech&#62;", True, True)
    lines = ()
    line, timer = handlers.loading()
    assert (line["visible"], timer["active"]) == (False, False)
