"""What the chat shows for turns, events and answers, and that nothing in it can do harm."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.values.events import Answer, Citation, Received, ReceivedEvidence, ReceivedFile, ReceivedPicture
from assistant.values.evidence import Page, Seconds
from assistant.values.messages import say
from assistant.values.parts import Attachment, Text
from assistant.values.request import Request
from ui import rendering
from ui.handlers import to_turn
from ui.untrusted import FORMULAS, as_html, as_markdown, as_text
from ui.words import in_language
from ui.words.chat import ENGLISH, ChatWords

CHINESE = in_language("zh", ChatWords)

LEASE = Citation(1, "a", "my_lease *v2*.pdf", "text", Page(3), "Rent: 950 EUR\nper month <b>")
CALL = Citation(2, "b", "call.wav", "audio", Seconds(12, 19), "It may go up.")


def shown(answer: Answer) -> str:
    """Its words and, below, its sources; numbers without the brackets that are heard and copied."""
    made = rendering.finished(answer, "k", ENGLISH)
    return "\n\n".join(part for part in (_plain(made.text), made.sources) if part)


def _plain(text: str) -> str:
    return re.sub(r'<span class="bracket">(.*?)</span>', r"\1", text)


def received(answer: Answer) -> str:
    return rendering.finished(answer, "k", ENGLISH).received


# Answers


def test_a_number_in_the_answer_leads_to_its_source() -> None:
    text = shown(Answer("It is 950.[1][2]", (LEASE, CALL), grounded=True))
    assert r"950.[\[1\]](#evidence-k-1)[\[2\]](#evidence-k-2)" in text
    assert r"- [\[2\] call.wav, 0:12–0:19](#evidence-k-2) — “It may go up.”" in text


def test_a_long_quote_is_shortened_in_the_list_of_sources() -> None:
    paragraph = Citation(1, "b", "call.wav", "audio", Seconds(12, 19), "It may go up, or it may not. " * 20)
    text = shown(Answer("It may.[1]", (paragraph,), grounded=True))
    assert text.endswith(" …”")
    assert len(text) < rendering.QUOTED + 120


def test_a_cry_before_a_number_stays_and_makes_no_picture() -> None:
    text = shown(Answer("Feed the cat. Bye!![1][2] See!", (LEASE, CALL), grounded=True))
    assert text.startswith(r"Feed the cat. Bye&#33;&#33;[\[1\]](#evidence-k-1)[\[2\]](#evidence-k-2) See")
    assert "![" not in shown(Answer("Bye![1](http://203.0.113.7/p.png) ![7][r]", (LEASE,), grounded=True))


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


KNOWN = Received(prompt_tokens=60, request=Request("capital of France?", "knowledge"))
ABOUT = Request("Who serviced it?", "fact", files=("a",), meant="given now")


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (Answer("Paris.", received=KNOWN), "not_grounded"),
        (Answer("Paris.", received=replace(KNOWN, request=Request("capital?", "fact"))), "not_grounded"),
        (Answer("It is 9.", received=replace(KNOWN, request=Request("9 take 0", "calculate"))), "not_grounded"),
        (Answer("Jane.", unsupported=("Jane.",), received=replace(KNOWN, request=ABOUT)), "not_grounded"),
        (
            Answer("It is red.", unsupported=("It is red.",), received=replace(KNOWN, request=ABOUT, pictures_sent=1)),
            "seen_or_itself",
        ),
        (
            Answer("她保养的。", unsupported=("她保养的。",), foreign=True, received=replace(KNOWN, request=ABOUT)),
            "another_script",
        ),
        (Answer("Hello!", received=replace(KNOWN, request=Request("hi", "small_talk"))), ""),
        (Answer("I am Medley.", received=replace(KNOWN, request=Request("who are you", "about_medley"))), ""),
        (Answer("Shorter.", received=replace(KNOWN, request=Request("shorter", "rework", meant="answer"))), ""),
        (Answer("Guten Tag.", received=replace(KNOWN, request=Request("translate", "translate", files=("a",)))), ""),
        (Answer("Dear Dana,", received=replace(KNOWN, request=Request("write to Dana", "write"))), ""),
        (Answer("a.pdf does not say that.", received=replace(KNOWN, request=ABOUT)), ""),
        (Answer("a.pdf does not say that. Nearest: “x”[1]", (LEASE,), received=replace(KNOWN, request=ABOUT)), ""),
        (Answer("Not in it.", received=replace(KNOWN, request=Request("x", "fact", meant="libraries"))), ""),
        (Answer("15.", received=Received(request=Request("7+8", "calculate"))), ""),
        (Answer("a.pdf has 3 pages.", received=Received(request=Request("pages?", "file_facts", files=("a",)))), ""),
        (Answer("I heard no speech in a.wav.", received=Received(request=Request("transcribe", "transcript"))), ""),
    ],
    ids=lambda value: value.text if isinstance(value, Answer) else value or "nothing",
)
def test_what_is_said_of_an_answer_without_support(answer: Answer, note: str, words: ChatWords) -> None:
    text = rendering.finished(answer, "k", words).text
    notes = [words.not_grounded, words.seen_or_itself, words.another_script, words.unsupported]
    assert [one for one in notes if one in text] == ([getattr(words, note)] if note else [])


def test_of_two_requests_in_one_the_part_that_was_known_counts() -> None:
    parts = (Request("hi", "small_talk"), Request("capital?", "knowledge"))
    answer = Answer("Hello!\n\nParis.", received=replace(KNOWN, request=Request("hi, capital?", parts=parts)))
    assert ENGLISH.not_grounded in shown(answer)


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
                pictures=(
                    ReceivedPicture(2, "a<b>.jpg", 4000, 3000, 640, 480, tokens=300),
                    ReceivedPicture(1, "clip.mp4", 1920, 1080, 512, 512, 5, 330, seconds=42.5),
                ),
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
        "    - Picture 2: a&#60;b&#62;.jpg, 640×480 of 4000×3000 pixels, 300 tokens",
        "    - clip.mp4 at 0:42, 5 pieces of 512×512 of 1920×1080 pixels, 330 tokens",
        "Prompt: 412 tokens · answer: 37 tokens",
        "Page 4 has no text.",
        "answers: tiny",
        "Listening: 0.2 s",
    ):
        assert words in told


def test_a_second_language_is_a_second_set_of_words() -> None:
    german = ChatWords(prompt="{prompt} Zeichen, {answer} Zeichen", not_grounded="Das stammt vom Modell selbst.")
    answer = rendering.finished(Answer("Paris.", received=KNOWN), "k", german)
    assert "60 Zeichen, 0 Zeichen" in answer.received
    assert "Das stammt vom Modell selbst." in answer.text


def test_what_the_core_says_is_said_in_the_language_of_the_page() -> None:
    answer = rendering.finished(Answer("950.[1]", (LEASE,), grounded=True), "k", CHINESE)
    assert "第 3 页" in answer.sources
    (line,) = rendering.failure(say("There is no such conversation. It may have been deleted."), CHINESE)
    assert "conversation" not in line["content"]


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
    "a drawing by tilde": '~~~ Mermaid x\ngraph TD\nclick A href "http://203.0.113.7"\n~~~',
    "a drawing with a setting": "```mermaid\n%%{init: {'themeCSS': '*{background:url(x)}'}}%%\ngraph TD\n```",
    "a drawing with references": "```mermaid\ngraph TD; A[#lt;img src=x#gt;] --> B[&lt;img&gt;]\n```",
    "a drawing with a picture": '```mermaid\nflowchart TD\nA@{ img: "/p.png" }\n```',
    "a drawing of no known kind": "```mermaid\nnothing here\n```",
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


FORMULA = re.compile(
    f"{FORMULAS[0]['left']}(.+?){FORMULAS[0]['right']}|{FORMULAS[1]['left']}(.+?){FORMULAS[1]['right']}", re.DOTALL
)


def formulas(text: str) -> list[str]:
    return [one or other for one, other in FORMULA.findall(as_markdown(text))]


def test_formulas_are_found_and_prices_are_not() -> None:
    text = r"The area is $\pi r^2$ or \(a < b\), it costs $5 or $10, a $x$ and:" + "\n\n$$\nx^2\n= 4\n$$\n\n\\[ y \\]"
    assert formulas(text) == [r"\pi r^2", "a < b", "x", "\nx^2\n= 4\n", " y "]
    assert formulas("It costs $5 and $10, or US$3 to $4, $HOME/$USER too.") == []


@pytest.mark.parametrize(
    "text",
    [
        "```\n$$\n```\n<img src=http://203.0.113.7/p>\n```\n$$\n```",
        "A $$ \n\n```\n$$ <img src=http://203.0.113.7/p>\n```",
        f"A {FORMULAS[0]['left']}\n\n```\n{FORMULAS[0]['right']} <img src=http://203.0.113.7/p>\n```",
        "`$` <img src=http://203.0.113.7/p> `$`",
    ],
)
def test_what_the_page_cuts_out_as_a_formula_takes_no_fence_along(text: str) -> None:
    """The page cuts formulas out first, and only then reads the Markdown."""
    safe = as_markdown(text)
    assert "<" not in re.sub(r"</?code>", "", without_code(FORMULA.sub("FORMULA", safe)))
    assert "```" not in "".join(one or other for one, other in FORMULA.findall(safe))


def test_nobody_else_can_write_the_marks_of_a_formula() -> None:
    marks = "".join(mark for one in FORMULAS for mark in (one["left"], one["right"]))
    for made in (as_text, as_html, as_markdown):
        assert made(f"a{marks}b") == "ab"
    assert marks[0] not in as_markdown(f"```\n{marks}\n```")


def test_a_drawing_is_drawn_once_it_is_whole() -> None:
    drawing = "```mermaid\ngraph TD\n  A[Question] --> B{Yes?}\n  B <--> C\n```"
    assert as_markdown(drawing) == drawing
    assert "mermaid" not in as_markdown(drawing, drawn=False)


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
