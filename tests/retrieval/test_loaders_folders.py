"""ZIP folders are read file by file, by their paths and within limits; subtitles with their times."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from assistant.media import identify
from assistant.values.errors import BadInput
from assistant.values.evidence import Document, Lines, Location, Section, Sheet
from assistant.values.limits import Limits
from retrieval.loaders import parse
from retrieval.parse_context import ParseContext


def a_folder(path: Path, files: dict[str, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def read(path: Path, limits: Limits | None = None) -> Document:
    return parse(path, path.name, identify(path, path.name), ParseContext(limits or Limits(), folder=path.parent))


def told(document: Document) -> list[tuple[str, Location]]:
    return [(passage.text, passage.location) for passage in document.passages]


def word(text: str) -> bytes:
    made = io.BytesIO()
    paper = docx.Document()
    paper.add_paragraph(text)
    paper.save(made)
    return made.getvalue()


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_each_file_of_a_folder_is_read_by_its_path(tmp_path: Path, how: int) -> None:
    files: dict[str, str | bytes] = {
        "2024/invoice.txt": "Total: 2,273",
        "2025/invoice.txt": "Total: 2,547",
        "__MACOSX/2024/._invoice.txt": "x",
        "2024/.DS_Store": b"\0",
        "costs.csv": "Item;Price\nOil;12\n",
        "lease.docx": word("The rent is 1,480."),
    }
    document = read(a_folder(tmp_path / "papers.zip", files, how))
    assert told(document) == [
        ("Files: 4\n2024/invoice.txt\n2025/invoice.txt\ncosts.csv\nlease.docx", Section("")),
        ("Total: 2,273", Section("2024/invoice.txt")),
        ("Total: 2,547", Section("2025/invoice.txt")),
        ("Item | Price\nItem: Oil | Price: 12", Sheet("costs.csv", 1, 2)),
        ("The rent is 1,480.", Section("lease.docx")),
    ]
    assert document.notes == ()
    assert document.facts is not None
    assert document.facts.outline == ("2024/invoice.txt", "2025/invoice.txt", "costs.csv", "lease.docx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["papers.zip"]


@pytest.mark.parametrize(
    ("name", "encoding"), [("Größe.txt", "cp850"), ("Größe.txt", "cp1252"), ("我们的价格表和合同.txt", "gbk")]
)
def test_names_in_an_old_encoding_are_read(tmp_path: Path, name: str, encoding: str) -> None:
    stored = b"_" * len(name.encode(encoding)[:-4]) + b".txt"
    path = a_folder(tmp_path / "old.zip", {stored.decode(): "x"})
    path.write_bytes(path.read_bytes().replace(stored, name.encode(encoding)))
    assert told(read(path))[1] == ("x", Section(name))


def test_a_folder_is_read_within_limits(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{number}.txt": f"{number}" * 1_000 for number in range(5)}
    path = a_folder(tmp_path / "many.zip", files)
    document = read(path, Limits(files_inside=2))
    assert len(document.passages) == 3
    assert "2.txt, 3.txt, 4.txt" in document.notes[0]
    with pytest.raises(BadInput, match="unpacks to"):
        read(path, Limits(file_bytes=2_000))


def test_a_folder_within_a_folder_is_read_only_so_deep(tmp_path: Path) -> None:
    data: bytes = b"the bottom"
    name = "a.txt"
    for depth in range(6):
        data = a_folder(tmp_path / "inner.zip", {name: data}).read_bytes()
        name = f"{depth}.zip"
    (tmp_path / "outer.zip").write_bytes(data)
    document = read(tmp_path / "outer.zip")
    assert "the bottom" not in "".join(text for text, _ in told(document))
    assert document.notes


def test_one_damaged_file_does_not_hide_the_others(tmp_path: Path) -> None:
    document = read(a_folder(tmp_path / "some.zip", {"a.pdf": b"%PDF-1.4 broken", "b.txt": "whole"}))
    assert told(document)[1:] == [("whole", Section("b.txt"))]
    assert any("a.pdf" in note for note in document.notes)


def test_what_is_no_whole_folder_is_refused(tmp_path: Path) -> None:
    path = a_folder(tmp_path / "torn.zip", {"a.txt": "x" * 1000})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(BadInput, match=r"torn\.zip is damaged"):
        read(path)


SRT = (
    "1\r\n00:00:01,000 --> 00:00:03,500\r\n<i>The next hut</i>\r\n{\\an8}is closed.\r\n\r\n"
    "2\r\n01:02:03,000 --> 01:02:05,000 X1:40\r\nUntil 20 June.\r\n"
    "3\r\n01:02:06,000 --> 01:02:07,000\r\nBye &amp; thanks.\r\n"
)
VTT = (
    "WEBVTT - a talk\n\nSTYLE\n::cue { color: red }\n\nNOTE 0:01 --> here is none\n\n"
    "intro\n00:01.000 --> 00:03.500 line:0\n"
    "<v Ana>The <c.red>next</c> hut\n\n00:04.000 --> 00:05.000\nThe next hut\nis closed.\n"
)


def test_subtitles_are_read_with_their_times(tmp_path: Path) -> None:
    (tmp_path / "talk.srt").write_bytes(SRT.encode("cp1252"))
    (passage,) = read(tmp_path / "talk.srt").passages
    assert [(passage.text[place.start : place.end], place.location) for place in passage.places] == [
        ("0:01–0:03: The next hut is closed.", Lines(2, 4)),
        ("1:02:03–1:02:05: Until 20 June.", Lines(7, 9)),
        ("1:02:06–1:02:07: Bye & thanks.", Lines(10, 11)),
    ]


def test_web_subtitles_are_read_without_their_marks(tmp_path: Path) -> None:
    (tmp_path / "talk.vtt").write_text(VTT.replace("<v Ana>", ""))
    assert read(tmp_path / "talk.vtt").passages[0].text == "0:01–0:03: The next hut\n0:04–0:05: is closed."
    (tmp_path / "talk.vtt").write_text(VTT)
    assert read(tmp_path / "talk.vtt").passages[0].text.startswith("0:01–0:03: Ana: The next hut\n")


def test_text_of_many_names_may_be_in_an_old_encoding(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_bytes("Größe erreicht\n".encode("cp1252"))
    assert read(tmp_path / "server.log").passages[0].text == "Größe erreicht\n"
