"""The libraries panel without a browser: what each verb changes, what is said when it cannot, and to whom."""

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
from ui.library_controller import UNCHANGED, LibraryController, LibraryDigests, LibraryPanel, LibrarySelection, choices
from ui.library_view import Filling, PanelLanguage
from ui.words import in_language
from ui.words.library import ENGLISH, LibraryWords

CHINESE = in_language("zh", LibraryWords)

LIBRARY = LibraryInfo("1f", "me", "Plant", 2)
SPOKEN = PanelLanguage(ENGLISH, "en")


class LibraryTab:
    """One visitor in the panel."""

    def __init__(self, house: LibrariesFolder, owner: str = "me", language: str = "en") -> None:
        asking = SimpleNamespace(headers={"accept-language": language}, cookies={}, owner=owner)
        self.controller = LibraryController(house.named_libraries, lambda request: request.owner, lambda: asking)
        self.selection = LibrarySelection()

    def did(self, panel: LibraryPanel) -> LibraryPanel:
        self.selection = panel.selection if panel.selection is not UNCHANGED else self.selection
        return panel

    def made(self, name: str) -> LibraryPanel:
        return self.did(self.controller.make(self.selection, True, name))

    def act(self, verb: str, what: str = "") -> LibraryPanel:
        return self.did(self.controller.act(self.selection, True, verb, what))

    def settled(self) -> LibraryPanel:
        """The panel once no job is running."""
        end = time.monotonic() + 20
        while (panel := self.controller.seen(self.selection)).timer["active"]:
            assert time.monotonic() < end
            time.sleep(0.01)
        return panel


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
    tab = LibraryTab(house)
    assert ENGLISH.none_yet in tab.controller.seen(tab.selection).library_list
    panel = tab.made("Plant")
    assert ("Plant" in panel.library_list, "Plant" in panel.heading, panel.opened["visible"], panel.name) == (
        True,
        True,
        True,
        "",
    )
    assert ENGLISH.empty in panel.files
    panel = tab.controller.add_files(tab.selection, True, upload(tmp_path, pump="The pump is deep."), "[]", False)
    assert (panel.drop, panel.timer["active"]) == (None, True)
    panel = tab.settled()
    assert "pump.txt" in panel.files
    assert "1 file" in panel.library_list
    panel = tab.act("rename", tab.selection.chosen)
    assert (panel.new_name["visible"], panel.new_name["value"]) == (True, "Plant")
    panel = tab.did(tab.controller.rename(tab.selection, True, "Works"))
    assert ("Works" in panel.heading, panel.new_name["visible"]) == (True, False)
    (file,) = house.named_libraries.files("me", tab.selection.chosen)
    assert ENGLISH.empty in tab.act("remove-file", file.source_id).files
    panel = tab.act("remove", tab.selection.chosen)
    assert (panel.opened["visible"], panel.files, tab.selection) == (False, "", LibrarySelection())


def test_what_cannot_be_done_is_said_and_the_room_stays_and_what_was_typed_too(house: LibrariesFolder) -> None:
    tab = LibraryTab(house)
    tab.made("Plant")
    with pytest.warns(UserWarning, match="There is a library called Plant already"):
        panel = tab.made("Plant")
    assert (panel.name, "Plant" in panel.heading) == (UNCHANGED, True)
    with pytest.warns(UserWarning, match="There is no text to add"):
        panel = tab.controller.add_text(tab.selection, True, "A name", "")
    assert (panel.text_name, panel.text) == (UNCHANGED, UNCHANGED)
    with pytest.warns(UserWarning, match="There is no such button"):
        tab.act("format-disk", "c")
    with pytest.warns(UserWarning, match="There is no such job"):
        tab.act("pause", "none")
    with pytest.warns(UserWarning, match="no files to add"):
        assert tab.controller.add_files(tab.selection, True, None, "", False).drop is None


def test_a_fault_is_logged_and_the_room_is_drawn_all_the_same(
    house: LibrariesFolder, caplog: pytest.LogCaptureFixture
) -> None:
    tab = LibraryTab(house)
    tab.made("Plant")
    named_libraries = house.libraries

    def broken(*_: object) -> None:
        raise ValueError("the secret of the machine")

    tab.controller._named_libraries = SimpleNamespace(
        remove=broken,
        libraries=named_libraries.libraries,
        jobs=named_libraries.jobs,
        progress=named_libraries.progress,
        files=named_libraries.files,
    )
    with pytest.warns(UserWarning, match="Something went wrong") as told:
        panel = tab.act("remove", tab.selection.chosen)
    assert "secret" not in str(told[0].message)
    assert "the secret of the machine" in caplog.text
    assert ("Plant" in panel.library_list, panel.opened["visible"]) == (True, True)
    tab.controller._named_libraries = SimpleNamespace(remove=broken, libraries=broken)
    with pytest.warns(UserWarning, match="Something went wrong"):
        assert tab.act("remove", tab.selection.chosen) == LibraryPanel()


def test_a_visitor_who_cannot_be_told_from_another_is_shown_nothing(house: LibrariesFolder) -> None:
    LibraryTab(house).made("Plant")

    def unknown(_: object) -> str:
        raise BadInput("I cannot tell whose this is. Load the page anew.")

    controller = LibraryController(house.named_libraries, unknown, lambda: None)
    with pytest.warns(UserWarning, match="I cannot tell whose this is"):
        assert controller.seen(LibrarySelection()) == LibraryPanel()


def test_a_second_visitor_sees_and_changes_nothing_of_the_first_on_any_button(
    house: LibrariesFolder, tmp_path: Path
) -> None:
    mine, theirs = LibraryTab(house), LibraryTab(house, "you")
    mine.made("Secret plans")
    mine.controller.add_files(mine.selection, True, upload(tmp_path, vault="The vault opens at noon."), "[]", False)
    mine.controller.add_files(mine.selection, True, upload(tmp_path, safe="locked safe"), "[]", False)
    mine.settled()
    library = mine.selection.chosen
    (file,) = house.named_libraries.files("me", library)
    assert "Secret" not in str(theirs.controller.seen(LibrarySelection(library)))
    panel = theirs.act("choose", library)
    assert ("Secret" in str(panel), panel.opened["visible"]) == (False, False)
    jobs = [job.id for job in house.named_libraries.jobs("me")]
    verbs = [("remove", library), ("remove-file", file.source_id)]
    verbs += [(verb, job) for verb in ("pause", "resume", "cancel", "dismiss") for job in jobs]
    theirs.selection = LibrarySelection(library)
    for verb, what in verbs:
        with pytest.warns(UserWarning, match=r"does not exist any more|There is no such job"):
            panel = theirs.controller.act(LibrarySelection(library), True, verb, what)
        assert not {"vault", "Secret"} & set(str(panel).replace(".", " ").split())
    for done in (
        lambda: theirs.controller.rename(LibrarySelection(library), True, "Mine"),
        lambda: theirs.controller.add_files(
            LibrarySelection(library), True, upload(tmp_path, more="More."), "[]", True
        ),
        lambda: theirs.controller.add_text(LibrarySelection(library), True, "More", "More."),
        lambda: theirs.controller.add_address(LibrarySelection(library), True, "https://example.org/moat"),
    ):
        with pytest.warns(UserWarning, match="does not exist any more"):
            assert "Secret" not in str(done())
    assert "vault" not in str(theirs.controller.unlock(LibrarySelection(library), True, "sesame"))
    assert "vault" not in str(theirs.controller.find(LibrarySelection(library), True, "vault"))
    assert (choices(house.named_libraries, "you"), choices(house.named_libraries, "me")) == (
        [],
        [("Secret plans", library)],
    )
    assert house.names(library) == ["vault.txt"]
    assert [house.named_libraries.progress("me", job).locked for job in jobs] == [0, 1]


def test_a_locked_file_asks_for_its_password_and_the_box_is_emptied_whatever_it_was(
    house: LibrariesFolder, tmp_path: Path
) -> None:
    tab = LibraryTab(house)
    tab.made("Plant")
    tab.controller.add_files(tab.selection, True, upload(tmp_path, safe="locked safe"), "[]", False)
    panel = tab.settled()
    assert (panel.password["visible"], "safe.txt is locked." in panel.jobs) == (True, True)
    assert "value" not in panel.password  # somebody may be typing while other files come in
    for password in ("wrong", "sesame"):
        panel = tab.controller.unlock(tab.selection, True, password)
        assert panel.password["value"] == ""
        assert password not in str(panel)
        panel = tab.settled()
    assert (panel.password["visible"], panel.jobs, "safe.txt" in panel.files) == (False, "", True)


def test_a_tick_sends_only_what_has_changed_and_stops_where_nobody_looks(
    house: LibrariesFolder, tmp_path: Path
) -> None:
    tab = LibraryTab(house)
    tab.made("Plant")
    tab.controller.add_files(tab.selection, True, upload(tmp_path, pump="The pump."), "[]", False)
    panel = tab.settled()
    again = tab.controller.tick(tab.selection, panel.digests, True)
    assert (again.library_list, again.files, again.jobs, again.selection) == (
        UNCHANGED,
        UNCHANGED,
        UNCHANGED,
        UNCHANGED,
    )
    changed = tab.controller.tick(tab.selection, LibraryDigests(), True)
    assert "pump.txt" in changed.files
    for watched in (True, False):
        job = house.named_libraries.add_text(
            "me", tab.selection.chosen, "slow", "\n".join(str(n) for n in range(999 + watched))
        )
        active = tab.controller.tick(tab.selection, LibraryDigests(), watched).timer["active"]
        assert active == (watched and house.named_libraries.progress("me", job.id).state == "running")
        house.named_libraries.cancel("me", job.id)


def test_where_a_file_lay_is_its_name_and_hidden_ones_stay_out(house: LibrariesFolder, tmp_path: Path) -> None:
    tab = LibraryTab(house)
    tab.made("Plant")
    files = upload(tmp_path, pump="The pump.", moat="The moat.", hidden="Hidden.")
    tab.controller.add_files(tab.selection, True, files, '["in/pump.txt", "", "in/.DS_Store"]', False)
    tab.settled()
    assert house.names(tab.selection.chosen) == ["in/pump.txt", "moat.txt"]
    for paths in ("no json", '{"a": 1}', '["one"]', "[1, 2, 3]", ""):
        tab.controller.add_files(tab.selection, True, upload(tmp_path, a="A", b="B", c=paths), paths, False)
        tab.settled()
    assert {"a.txt", "b.txt", "c.txt"} <= set(house.names(tab.selection.chosen))


def test_it_speaks_the_visitors_language(house: LibrariesFolder, tmp_path: Path) -> None:
    tab = LibraryTab(house, language="zh-CN,zh;q=0.9")
    assert CHINESE.none_yet in tab.controller.seen(tab.selection).library_list
    panel = tab.made("Plant")
    assert CHINESE.remove in panel.heading
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
    shown = view.library_list([library], "", {library.id: now}, ENGLISH) + view.heading(library, ENGLISH)
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
    tags = TagsOfView(shown)
    assert {tag for tag, _ in tags.found} <= ours
    assert {key for _, keys in tags.found for key in keys} <= {
        "aria-label", "aria-current", "type", "class", "max", "value", "data-do", "data-id", "data-ask", "data-keep",
    }  # fmt: skip


class TagsOfView:
    """Every element of some HTML with the names of its attributes."""

    def __init__(self, html: str) -> None:
        from html.parser import HTMLParser

        found: list[tuple[str, list[str]]] = []

        class Parser(HTMLParser):
            def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
                found.append((tag, [key for key, _ in attrs]))

        Parser().feed(html)
        self.found = found
