"""The evidence panel: what it shows, to whom, and that nothing in it can do harm."""

import base64
import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.media import read_samples, write_sound
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.events import Answer, Citation, Done, Event
from assistant.values.evidence import Box, Location, Medium, Page, Region, Seconds, Section, Sheet
from assistant.values.limits import Limits
from assistant.values.parts import Turn
from tests.media.test_showing import write_pdf
from tests.support.controller_made import MadeController
from tests.support.films_made import Scene, placed, write_film
from tests.support.media_made import RATE, tone
from tests.ui.test_ui_rendering import HARMFUL
from ui.evidence_panel import EvidencePanel, PanelView
from ui.evidence_view import OpenedCitation, view
from ui.session import Session
from ui.temporary_urls import SMALL, FileLink, GeneratedFile, TemporaryUrls
from ui.words.chat import ENGLISH


def citation(
    number: int, location: Location, quote: str = "b", medium: Medium = "text", name: str = "a.txt"
) -> Citation:
    return Citation(number, f"{number:02}", name, medium, location, quote, f"a {quote} c")


def html(one: Citation, original: Path | None = None) -> str:
    return view(OpenedCitation(one, "ab-1", 1, 2, original, "evidence/token"), Limits(), ENGLISH)


# What it shows


@pytest.mark.parametrize("location", [Section("Safety"), Sheet("Costs", 2, 9), Page(3), Seconds(1, 2), Region()])
def test_without_the_file_the_words_are_shown_and_it_is_said(location: Location) -> None:
    shown = html(citation(1, location))
    assert 'a <mark class="at">b</mark> c' in shown
    assert ENGLISH.not_kept in shown
    assert "evidence/token" not in shown


def test_a_page_of_a_pdf_is_drawn_and_scrolled_to_its_words(tmp_path: Path) -> None:
    shown = html(citation(1, Page(2, (Box(0.1, 0.5, 0.6, 0.52),))), write_pdf(tmp_path / "a.pdf"))
    assert 'src="data:image/webp;base64,' in shown
    assert 'class="at" style="top:50.0%' in shown
    assert 'alt="a.txt, page 2, with the words meant marked"' in shown


@pytest.mark.parametrize(
    ("name", "location", "where"),
    [
        ("a.tiff", Page(2, (Box(0.1, 0.5, 0.6, 0.9),)), "page 2"),
        ("a.webp", Region((Box(0.1, 0.5, 0.6, 0.9),), 2), "frame 2"),
    ],
)
def test_a_page_of_a_scan_and_a_frame_of_what_moves_are_drawn(
    tmp_path: Path, name: str, location: Location, where: str
) -> None:
    pages = [Image.new("RGB", (90, 40), colour) for colour in ("white", "green")]
    pages[0].save(tmp_path / name, save_all=True, append_images=pages[1:])
    shown = html(citation(1, location, medium="image", name=name), tmp_path / name)
    assert f"{name}, {where}" in shown
    data = base64.b64decode(shown.split("data:image/webp;base64,")[1].split('"')[0])
    with Image.open(io.BytesIO(data)) as drawn:
        assert drawn.convert("RGB").getpixel((80, 5)) == pytest.approx((0, 128, 0), abs=12)


def test_a_page_of_something_else_is_shown_as_text(tmp_path: Path) -> None:
    (tmp_path / "slides.txt").write_text("a b c")
    shown = html(citation(1, Page(2)), tmp_path / "slides.txt")
    assert "<img" not in shown
    assert "<mark" in shown


def test_a_recording_is_played_from_its_second() -> None:
    shown = html(citation(1, Seconds(12, 15.5)), Path(__file__))
    assert 'src="evidence/token#t=12.0,15.5"' in shown


def test_a_film_is_played_from_its_second(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", [Scene(1, 50), Scene(2, 50)])
    shown = html(citation(1, Seconds(2.5, 3.0, "seen"), medium="video", name="a.mp4"), path)
    assert '<video controls playsinline preload="metadata" poster="data:image/webp;base64,' in shown
    assert 'src="evidence/token#t=2.5,3.0"' in shown
    assert "0:02–0:03, on screen" in shown


def test_of_a_film_that_browsers_do_not_play_the_picture_is_shown_and_that_is_said(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.avi", [Scene(1, 50)], sound=placed(2.0, (0.5, tone(1.0))))
    cited = citation(1, Seconds(0.5, 1.0), medium="video", name="a.avi")
    shown = view(OpenedCitation(cited, "ab-1", 1, 2, path, "evidence/token", sound="evidence/made"), Limits(), ENGLISH)
    assert "<video" not in shown
    assert '<img class="frame" alt="a.avi, the picture at 0:00–0:01" src="data:image/webp;base64,' in shown
    assert 'src="evidence/made"' in shown
    assert "Browsers do not play this kind of film. This is its picture at that moment, and its sound from" in shown
    write_sound(path, tmp_path / "sound.wav", 0.5, 1.5)
    heard = read_samples(tmp_path / "sound.wav")
    assert len(heard) == pytest.approx(RATE, abs=0.15 * RATE)
    assert abs(heard).mean() > 0.1


def test_what_cannot_be_drawn_is_said_and_its_words_are_shown(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n damaged")
    shown = html(citation(1, Region((Box(0, 0, 1, 1),)), name="receipt.png"), tmp_path / "a.png")
    assert "receipt.png is damaged" in shown
    assert '<mark class="at">b</mark>' in shown


@pytest.mark.parametrize("text", [*HARMFUL.values(), "${alert(1)} {{x}} {{{y}}} `z`", "</mark><b>", '" onload="x'])
def test_what_a_file_says_means_nothing_to_the_page(text: str, tmp_path: Path) -> None:
    Image.new("RGB", (20, 20)).save(tmp_path / "a.png")
    for location, original in ((Section(text), None), (Region(), tmp_path / "a.png"), (Seconds(1, 2), tmp_path)):
        shown = html(citation(1, location, text, name=text), original)
        tags = {re.match(r"</?(\w+)", tag)[1] for tag in re.findall(r"<[^>]*>", shown)}  # type: ignore[index]
        assert tags <= {
            "article",
            "h2",
            "p",
            "blockquote",
            "mark",
            "a",
            "label",
            "input",
            "div",
            "img",
            "span",
            "audio",
        }
        assert not re.search(r"[${}`]", shown)
        assert shown.count('"') == html(citation(1, location if original else Section("x")), original).count('"')


# To whom


CITED = Answer("x", (citation(1, Section("First")), citation(2, Section("Second"))), grounded=True)
OTHER = Answer("y", (citation(1, Section("Other")),), grounded=True)


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[MadeController]:
    """With two answers: one of two citations, one of one."""

    def cite(turn: Turn, conversation: Conversation, stop: threading.Event) -> Iterator[Event]:
        yield Done(CITED if turn.text == "cite" else OTHER)

    made = MadeController(tmp_path / "data", cite)
    (tmp_path / "a.txt").write_text("a b c")
    made.ask("cite", tmp_path / "a.txt")
    made.ask("other")
    yield made
    made.close()


@pytest.fixture
def panel(tab: MadeController, tmp_path: Path) -> EvidencePanel:
    return EvidencePanel(tab.controller, lambda conversation, source_id: tmp_path / "a.txt", Limits())


@pytest.fixture
def session(tab: MadeController) -> Session:
    assert tab.session is not None
    return tab.session


def ids(session: Session) -> list[str]:
    return [entry.id for entry in session.turns]


def is_unchanged(seen: PanelView) -> bool:
    return all("value" not in one and "visible" not in one for one in seen)


def test_a_number_opens_its_citation_and_the_next_one_follows(panel: EvidencePanel, session: Session) -> None:
    cited, _ = ids(session)
    seen = panel.open(f"{cited}-1", session)
    assert seen.panel["visible"]
    assert f'data-evidence="{cited}-1"' in seen.body["value"]
    assert (seen.previous["interactive"], seen.next["interactive"]) == (False, True)
    seen = panel.next(session)
    assert "section Second · 2/2" in seen.body["value"]
    assert (seen.previous["interactive"], seen.next["interactive"]) == (True, False)
    assert f'data-evidence="{cited}-2"' in panel.next(session).body["value"]
    assert f'data-evidence="{cited}-1"' in panel.previous(session).body["value"]


def test_a_file_of_a_question_opens_whole(panel: EvidencePanel, session: Session) -> None:
    seen = panel.open(f"{ids(session)[0]}-f1", session)
    assert "<h2>a.txt</h2>" in seen.body["value"]
    assert "a b c" in seen.body["value"]
    assert is_unchanged(panel.open(f"{ids(session)[0]}-f2", session))


def test_a_citation_opens_in_a_tab_that_was_loaded_anew(panel: EvidencePanel, session: Session) -> None:
    seen = panel.open(f"{ids(session)[0]}-2", None)
    assert "section Second" in seen.body["value"]
    assert seen.session.conversation == session.conversation


@pytest.mark.parametrize("asked", [None, "", "{}", "{}-", "{}-3", "{}-01", "zz-1", "../../etc/passwd", "{}-1-1"])
def test_what_was_not_cited_is_not_opened(panel: EvidencePanel, session: Session, asked: str | None) -> None:
    assert is_unchanged(panel.open(asked and asked.format(ids(session)[0]), session))
    assert session.open is None


def test_nobody_else_opens_it(panel: EvidencePanel, tab: MadeController, session: Session) -> None:
    asked = f"{ids(session)[0]}-1"
    panel.open(asked, session)
    tab.owner = "user:somebody else"
    for other in (None, Session("user:somebody else"), session):
        assert is_unchanged(panel.open(asked, other))
        assert is_unchanged(panel.next(other))


def test_closing_empties_the_panel(panel: EvidencePanel) -> None:
    seen = panel.close()
    assert (seen.panel["visible"], seen.body["value"]) == (False, "")


# Originals


@pytest.fixture
def urls() -> TemporaryUrls:
    return TemporaryUrls()


@pytest.fixture
def client(urls: TemporaryUrls) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[urls.route(lambda _: "me")])) as client:
        yield client


def test_an_original_is_fetched_under_its_name_and_never_shown_as_a_page(
    urls: TemporaryUrls, client: TestClient, tmp_path: Path
) -> None:
    path = tmp_path / "ab.html"
    path.write_text("<script>alert(1)</script>")
    token = urls.issue("me", FileLink(path, "lease ü.html", "text/html"))
    got = client.get(urls.address(token))
    assert got.text == path.read_text()
    assert got.headers["content-disposition"] == "attachment; filename*=utf-8''lease%20%C3%BC.html"
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["x-content-type-options"] == "nosniff"


def test_a_stretch_of_a_recording_is_served_without_the_rest(
    urls: TemporaryUrls, client: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "a.wav").write_bytes(bytes(1000))
    token = urls.issue("me", FileLink(tmp_path / "a.wav", "a.wav", "audio/wav"))
    got = client.get(urls.address(token), headers={"Range": "bytes=500-599"})
    assert (got.status_code, len(got.content), got.headers["content-type"]) == (206, 100, "audio/wav")


def test_nobody_guesses_an_address_and_what_was_taken_back_is_gone(
    panel: EvidencePanel, tab: MadeController, session: Session, tmp_path: Path
) -> None:
    panel.open(f"{ids(session)[0]}-1", session)
    token = session.links[("01", "")]
    urls = tab.controller.urls
    address = urls.address(token)
    with TestClient(Starlette(routes=[urls.route(lambda _: "me")])) as client:
        assert client.get(address).status_code == 200
        for wrong in ("evidence/", "evidence/x", f"evidence/{token}x", "evidence/..%2f..%2fetc%2fpasswd"):
            assert client.get(wrong).status_code == 404
        (tmp_path / "a.txt").unlink()
        assert client.get(address).status_code == 404
        (tmp_path / "a.txt").write_text("again")
        tab.controller.leave(session)
        assert client.get(address).status_code == 404


def test_one_file_has_one_address_in_a_session_and_another_in_the_next(panel: EvidencePanel, session: Session) -> None:
    cited, other = ids(session)
    panel.open(f"{cited}-1", session)
    token = session.links[("01", "")]
    panel.open(f"{other}-1", session)
    assert session.links[("01", "")] == token
    another = panel.open(f"{cited}-1", None).session
    assert another.links[("01", "")] != token


def test_a_picture_is_had_small_and_what_is_saved_is_made_when_it_is_fetched(
    urls: TemporaryUrls, client: TestClient, tmp_path: Path
) -> None:
    Image.new("RGB", (2000, 1000)).save(tmp_path / "a.png")
    got = client.get(urls.address(urls.issue("me", FileLink(tmp_path / "a.png", "a.png", "image/png", small=True))))
    with Image.open(io.BytesIO(got.content)) as small:
        assert (small.format, small.size) == ("WEBP", (SMALL, SMALL // 2))
    written: list[Path] = []

    def write(path: Path) -> None:
        written.append(path)
        path.write_text("# All of it")

    got = client.get(urls.address(urls.issue("me", GeneratedFile("all.md", "text/markdown", write))))
    assert (got.text, got.headers["content-disposition"]) == ("# All of it", 'attachment; filename="all.md"')
    assert not written[0].exists()

    def fail(path: Path) -> None:
        raise BadInput("It is gone.")

    got = client.get(urls.address(urls.issue("me", GeneratedFile("all.md", "text/markdown", fail))))
    assert (got.status_code, got.text) == (404, "It is gone.")
