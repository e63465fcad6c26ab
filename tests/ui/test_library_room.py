"""The libraries' room without a browser: what each verb changes, what is said when it cannot, and to whom."""

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.ports.named_libraries import Failure, FileInfo, Job, JobProgress, LibraryInfo
from assistant.values.errors import BadInput
from assistant.values.evidence import PagesRead
from tests.retrieval.test_libraries import LibrariesFolder
from tests.ui.test_ui_rendering import HARMFUL
from ui import library_view as view
from ui.library_desk import UNCHANGED, LibraryDesk, Looking, Printed, Room, choices
from ui.library_view import Filling, Spoken
from ui.words import in_language
from ui.words.library import ENGLISH, LibraryWords

CHINESE = in_language("zh", LibraryWords)

LIBRARY = LibraryInfo("1f", "me", "Plant", 2)
SPOKEN = Spoken(ENGLISH, "en")


class Tab:
    """One visitor in the room."""

    def __init__(self, house: LibrariesFolder, owner: str = "me", language: str = "en") -> None:
        asking = SimpleNamespace(headers={"accept-language": language}, cookies={}, owner=owner)
        self.desk = LibraryDesk(house.named_libraries, lambda request: request.owner, lambda: asking)
        self.looking = Looking()

    def did(self, room: Room) -> Room:
        self.looking = room.looking if room.looking is not UNCHANGED else self.looking
        return room

    def made(self, name: str) -> Room:
        return self.did(self.desk.make(self.looking, True, name))

    def act(self, verb: str, what: str = "") -> Room:
        return self.did(self.desk.act(self.looking, True, verb, what))

    def settled(self) -> Room:
        """The room once no job is running."""
        end = time.monotonic() + 20
        while (room := self.desk.seen(self.looking)).timer["active"]:
            assert time.monotonic() < end
            time.sleep(0.01)
        return room


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LibrariesFolder]:
    made = LibrariesFolder(tmp_path / "data")
    yield made
    made.close()


def upload(folder: Path, **texts: str) -> list[str]:
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return paths


def test_a_library_is_made_filled_renamed_and_removed(house: LibrariesFolder, tmp_path: Path) -> None:
    tab = Tab(house)
    assert ENGLISH.none_yet in tab.desk.seen(tab.looking).shelf
    room = tab.made("Plant")
    assert ("Plant" in room.shelf, "Plant" in room.heading, room.opened["visible"], room.name) == (True, True, True, "")
    assert ENGLISH.empty in room.files
    room = tab.desk.add_files(tab.looking, True, upload(tmp_path, pump="The pump is deep."), "[]", False)
    assert (room.drop, room.timer["active"]) == (None, True)
    room = tab.settled()
    assert "pump.txt" in room.files
    assert "1 file" in room.shelf
    room = tab.act("rename", tab.looking.chosen)
    assert (room.new_name["visible"], room.new_name["value"]) == (True, "Plant")
    room = tab.did(tab.desk.rename(tab.looking, True, "Works"))
    assert ("Works" in room.heading, room.new_name["visible"]) == (True, False)
    (file,) = house.named_libraries.files("me", tab.looking.chosen)
    assert ENGLISH.empty in tab.act("remove-file", file.source_id).files
    room = tab.act("remove", tab.looking.chosen)
    assert (room.opened["visible"], room.files, tab.looking) == (False, "", Looking())


def test_what_cannot_be_done_is_said_and_the_room_stays_and_what_was_typed_too(house: LibrariesFolder) -> None:
    tab = Tab(house)
    tab.made("Plant")
    with pytest.warns(UserWarning, match="There is a library called Plant already"):
        room = tab.made("Plant")
    assert (room.name, "Plant" in room.heading) == (UNCHANGED, True)
    with pytest.warns(UserWarning, match="There is no text to add"):
        room = tab.desk.add_text(tab.looking, True, "A name", "")
    assert (room.text_name, room.text) == (UNCHANGED, UNCHANGED)
    with pytest.warns(UserWarning, match="There is no such button"):
        tab.act("format-disk", "c")
    with pytest.warns(UserWarning, match="There is no such job"):
        tab.act("pause", "none")
    with pytest.warns(UserWarning, match="no files to add"):
        assert tab.desk.add_files(tab.looking, True, None, "", False).drop is None


def test_a_fault_is_logged_and_the_room_is_drawn_all_the_same(
    house: LibrariesFolder, caplog: pytest.LogCaptureFixture
) -> None:
    tab = Tab(house)
    tab.made("Plant")
    named_libraries = house.libraries

    def broken(*_: object) -> None:
        raise ValueError("the secret of the machine")

    tab.desk._named_libraries = SimpleNamespace(
        remove=broken,
        libraries=named_libraries.libraries,
        jobs=named_libraries.jobs,
        progress=named_libraries.progress,
        files=named_libraries.files,
    )
    with pytest.warns(UserWarning, match="Something went wrong") as told:
        room = tab.act("remove", tab.looking.chosen)
    assert "secret" not in str(told[0].message)
    assert "the secret of the machine" in caplog.text
    assert ("Plant" in room.shelf, room.opened["visible"]) == (True, True)
    tab.desk._named_libraries = SimpleNamespace(remove=broken, libraries=broken)
    with pytest.warns(UserWarning, match="Something went wrong"):
        assert tab.act("remove", tab.looking.chosen) == Room()


def test_a_visitor_who_cannot_be_told_from_another_is_shown_nothing(house: LibrariesFolder) -> None:
    Tab(house).made("Plant")

    def unknown(_: object) -> str:
        raise BadInput("I cannot tell whose this is. Load the page anew.")

    desk = LibraryDesk(house.named_libraries, unknown, lambda: None)
    with pytest.warns(UserWarning, match="I cannot tell whose this is"):
        assert desk.seen(Looking()) == Room()


def test_a_second_visitor_sees_and_changes_nothing_of_the_first_on_any_button(
    house: LibrariesFolder, tmp_path: Path
) -> None:
    mine, theirs = Tab(house), Tab(house, "you")
    mine.made("Secret plans")
    mine.desk.add_files(mine.looking, True, upload(tmp_path, vault="The vault opens at noon."), "[]", False)
    mine.desk.add_files(mine.looking, True, upload(tmp_path, safe="locked safe"), "[]", False)
    mine.settled()
    library = mine.looking.chosen
    (file,) = house.named_libraries.files("me", library)
    assert "Secret" not in str(theirs.desk.seen(Looking(library)))
    room = theirs.act("choose", library)
    assert ("Secret" in str(room), room.opened["visible"]) == (False, False)
    jobs = [job.id for job in house.named_libraries.jobs("me")]
    verbs = [("remove", library), ("remove-file", file.source_id)]
    verbs += [(verb, job) for verb in ("pause", "resume", "cancel", "dismiss") for job in jobs]
    theirs.looking = Looking(library)
    for verb, what in verbs:
        with pytest.warns(UserWarning, match=r"does not exist any more|There is no such job"):
            room = theirs.desk.act(Looking(library), True, verb, what)
        assert not {"vault", "Secret"} & set(str(room).replace(".", " ").split())
    for done in (
        lambda: theirs.desk.rename(Looking(library), True, "Mine"),
        lambda: theirs.desk.add_files(Looking(library), True, upload(tmp_path, more="More."), "[]", True),
        lambda: theirs.desk.add_text(Looking(library), True, "More", "More."),
        lambda: theirs.desk.add_address(Looking(library), True, "https://example.org/moat"),
    ):
        with pytest.warns(UserWarning, match="does not exist any more"):
            assert "Secret" not in str(done())
    assert "vault" not in str(theirs.desk.unlock(Looking(library), True, "sesame"))
    assert "vault" not in str(theirs.desk.find(Looking(library), True, "vault"))
    assert (choices(house.named_libraries, "you"), choices(house.named_libraries, "me")) == (
        [],
        [("Secret plans", library)],
    )
    assert house.names(library) == ["vault.txt"]
    assert [house.named_libraries.progress("me", job).locked for job in jobs] == [0, 1]


def test_a_locked_file_asks_for_its_password_and_the_box_is_emptied_whatever_it_was(
    house: LibrariesFolder, tmp_path: Path
) -> None:
    tab = Tab(house)
    tab.made("Plant")
    tab.desk.add_files(tab.looking, True, upload(tmp_path, safe="locked safe"), "[]", False)
    room = tab.settled()
    assert (room.password["visible"], "safe.txt is locked." in room.jobs) == (True, True)
    assert "value" not in room.password  # somebody may be typing while other files come in
    for password in ("wrong", "sesame"):
        room = tab.desk.unlock(tab.looking, True, password)
        assert room.password["value"] == ""
        assert password not in str(room)
        room = tab.settled()
    assert (room.password["visible"], room.jobs, "safe.txt" in room.files) == (False, "", True)


def test_a_tick_sends_only_what_has_changed_and_stops_where_nobody_looks(
    house: LibrariesFolder, tmp_path: Path
) -> None:
    tab = Tab(house)
    tab.made("Plant")
    tab.desk.add_files(tab.looking, True, upload(tmp_path, pump="The pump."), "[]", False)
    room = tab.settled()
    again = tab.desk.tick(tab.looking, room.printed, True)
    assert (again.shelf, again.files, again.jobs, again.looking) == (UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED)
    changed = tab.desk.tick(tab.looking, Printed(), True)
    assert "pump.txt" in changed.files
    for watched in (True, False):
        job = house.named_libraries.add_text(
            "me", tab.looking.chosen, "slow", "\n".join(str(n) for n in range(999 + watched))
        )
        active = tab.desk.tick(tab.looking, Printed(), watched).timer["active"]
        assert active == (watched and house.named_libraries.progress("me", job.id).state == "running")
        house.named_libraries.cancel("me", job.id)


def test_where_a_file_lay_is_its_name_and_hidden_ones_stay_out(house: LibrariesFolder, tmp_path: Path) -> None:
    tab = Tab(house)
    tab.made("Plant")
    files = upload(tmp_path, pump="The pump.", moat="The moat.", hidden="Hidden.")
    tab.desk.add_files(tab.looking, True, files, '["in/pump.txt", "", "in/.DS_Store"]', False)
    tab.settled()
    assert house.names(tab.looking.chosen) == ["in/pump.txt", "moat.txt"]
    for paths in ("no json", '{"a": 1}', '["one"]', "[1, 2, 3]", ""):
        tab.desk.add_files(tab.looking, True, upload(tmp_path, a="A", b="B", c=paths), paths, False)
        tab.settled()
    assert {"a.txt", "b.txt", "c.txt"} <= set(house.names(tab.looking.chosen))


def test_it_speaks_the_visitors_language(house: LibrariesFolder, tmp_path: Path) -> None:
    tab = Tab(house, language="zh-CN,zh;q=0.9")
    assert CHINESE.none_yet in tab.desk.seen(tab.looking).shelf
    room = tab.made("Plant")
    assert CHINESE.remove in room.heading
    with pytest.warns(UserWarning, match="Plant"):
        tab.made("Plant")


def file(name: str = "scan.pdf", **more: Any) -> FileInfo:
    return FileInfo(**{
        "source_id": "ab", "name": name, "origins": (), "bytes": 1_234_567, "medium": "text", "units": 12, "notes": (),
        **more,
    })  # fmt: skip


def test_a_file_tells_its_length_its_size_and_how_its_pages_were_read() -> None:
    pages = (PagesRead(2, 4, "ocr"), PagesRead(5, 5, "unread"), PagesRead(6, 9, "left out"))
    scan = file(notes=("Pages 2 to 4 are scans; I read them by OCR.",), pages=pages)
    shown = view.files(LIBRARY, [scan, file("call.wav", medium="audio", units=75.5)], "", SPOKEN)
    assert "Text · 12 pages · 1.2 MB" in shown
    assert "3 pages by OCR · 5 pages not read" in shown
    assert "<li>Pages 2 to 4 are scans; I read them by OCR.</li>" in shown
    assert "Sound · 1:15 · 1.2 MB</small><small>read</small>" in shown
    found = view.files(LIBRARY, [scan, file("call.wav")], "CALL", SPOKEN)
    assert ("call.wav" in found, "scan.pdf" in found) == (True, False)
    assert ENGLISH.found_none in view.files(LIBRARY, [scan], "nothing", SPOKEN)
    many = [file(f"{number}.txt") for number in range(view.MOST_SHOWN + 2)]
    assert "2 more" in view.files(LIBRARY, many, "", SPOKEN)


def test_a_job_tells_the_file_and_page_it_is_at_and_what_it_could_not_take_in() -> None:
    now = JobProgress("running", 4, 1, 1, 1, "x", 0.5, step="reading", file="lease.pdf", page=3, pages=12)
    told = view.jobs([Filling(Job("j", "me", "1f", "running"), now, (Failure("a.pdf", "It is damaged."),))], SPOKEN)
    for part in (
        "Adding 4 files", "1 of 4 added · 1 in already · 1 not readable", 'value="88"',
        "Reading: lease.pdf, page 3 of 12", "<bdi>a.pdf</bdi>: It is damaged.", 'data-do="pause"', 'data-do="cancel"',
    ):  # fmt: skip
        assert part in told
    paused = JobProgress("paused", 4, 1, 0, 0, trouble="The disk is full.")
    told = view.jobs([Filling(Job("j", "me", "1f", "paused"), paused)], SPOKEN)
    assert ("The disk is full." in told, 'data-do="resume"' in told, 'data-do="pause"' in told) == (True, True, False)


@pytest.mark.parametrize("harmful", HARMFUL.values(), ids=HARMFUL)
def test_names_and_sentences_mean_nothing_to_the_browser(harmful: str) -> None:
    name = f'{harmful}" onclick="alert(1)'
    library = LibraryInfo('"><script>', "me", name, 2)
    now = JobProgress("running", 1, 0, 0, 0, harmful, trouble=harmful, file=name)
    filling = Filling(Job('"><script>', "me", "1f", "running"), now, (Failure(name, harmful),))
    shown = view.shelf([library], "", {library.id: now}, ENGLISH) + view.heading(library, ENGLISH)
    shown += view.jobs([filling], SPOKEN) + view.files(library, [file(name, notes=(harmful,))], "", SPOKEN)
    ours = {
        "ul",
        "li",
        "button",
        "bdi",
        "small",
        "div",
        "h2",
        "h3",
        "article",
        "p",
        "strong",
        "progress",
        "details",
        "summary",
    }
    tags = Tags(shown)
    assert {tag for tag, _ in tags.found} <= ours
    assert {key for _, keys in tags.found for key in keys} <= {
        "aria-label", "aria-current", "type", "class", "max", "value", "data-do", "data-id", "data-ask", "data-keep",
    }  # fmt: skip


class Tags:
    """Every element of some HTML with the names of its attributes."""

    def __init__(self, html: str) -> None:
        from html.parser import HTMLParser

        found: list[tuple[str, list[str]]] = []

        class Parser(HTMLParser):
            def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
                found.append((tag, [key for key, _ in attrs]))

        Parser().feed(html)
        self.found = found
