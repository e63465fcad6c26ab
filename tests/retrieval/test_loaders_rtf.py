"""Rich text is read as Word shows it, whatever its letters are encoded in."""

import time
from pathlib import Path

import pytest

from assistant.media import identify
from assistant.values.evidence import Document, Location, Section
from assistant.values.limits import Limits
from retrieval.loaders import parse
from retrieval.parse_context import ParseContext

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Calibri;}{\f1\fcharset204 Arial;}{\f2\fcharset128 MS;}}"
    r"{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\sbasedon0 heading 1;}{\s15 Title;}}"
    r"{\*\generator Word;}{\info{\title Lease of the shed}{\author Ana}{\creatim\yr2026\mo5\dy1\hr9}}"
)


def read(folder: Path, body: str, head: str = HEAD) -> Document:
    path = folder / "lease.rtf"
    path.write_bytes(f"{head}{body}}}".encode("latin-1"))
    return parse(path, path.name, identify(path, path.name), ParseContext(Limits()))


def sections(document: Document) -> list[tuple[str, Location]]:
    return [(passage.text, passage.location) for passage in document.passages]


def text(folder: Path, body: str) -> str:
    return "\n\n".join(passage.text for passage in read(folder, body).passages)


def test_headings_paragraphs_and_what_is_known_of_the_file(tmp_path: Path) -> None:
    body = (
        r"\pard\s1 Rent\par\pard\s0 It is {\b 1,480}\line a month.\par"
        "\r\n"
        r"\pard\outlinelevel1 Deposit\par\pard Two\par"
    )
    document = read(tmp_path, body)
    assert sections(document) == [("It is 1,480\na month.", Section("Rent")), ("Two", Section("Deposit"))]
    assert document.facts is not None
    assert (document.facts.title, document.facts.author, document.facts.written) == (
        "Lease of the shed", "Ana", "2026-05-01"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (r"Gr\'f6\'dfe \endash  10 \'80", "Größe – 10 €"),
        (r"\u1057?\u1095?\u1105?\u1090?", "Счёт"),
        (r"\uc0\u8364 5", "€5"),
        (r"\uc2\u8364\'80\'80 5", "€ 5"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"{\f1 \'c8\'ec\'ff} and", "Имя and"),
        (r"{\f2 \'89\'ef\'8bc\'83A}", "会議ア"),
        (r"a\~b\_c\-d \{x\} \\", "a b-cd {x} \\"),
        ("Größe", "Größe"),
        (r"{\upr{a?c}{\*\ud{a\u8364 ?c}}}", "a€c"),
    ],
)
def test_letters_are_read_in_whatever_they_are_written(tmp_path: Path, body: str, shown: str) -> None:
    assert text(tmp_path, body + r"\par") == shown


def test_tables_are_rows(tmp_path: Path) -> None:
    row = r"\trowd\cellx100\cellx200\pard\intbl {}\cell {}\cell\row "
    body = r"Costs\par " + row.format("Item", "Price") + row.format(r"Oil\par fine", "12") + r"\pard After\par"
    assert text(tmp_path, body) == "Costs\n\nItem | Price\nOil fine | 12\n\nAfter"


def test_notes_comments_boxes_and_fields_are_read_and_what_nobody_sees_is_not(tmp_path: Path) -> None:
    body = (
        r"Lit at dusk{\super\chftn{\footnote\pard {\super\chftn} It burned oil.}}, rent {\deleted 1,250}"
        r"{\revised 1,480}."
        r"{\*\atnid A}{\*\atnauthor Ana}\chatn{\*\annotation{\*\atnref 1}\pard Check it.}\par "
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt the guide}} {\v secret}{\*\unknown gone} here\par "
        r"{\shp{\*\shpinst\shpleft0{\sp{\sn shapeType}{\sv 202}}"
        r"{\shptxt \pard Call 0171\par}}{\shprslt Call twice\par}}\par "
        r"{\listtext 3.\tab}third\par {\header Draft 7\par}"
    )
    assert sections(read(tmp_path, body)) == [
        (
            "Lit at dusk [1], rent 1,480.\n\n[1] It burned oil.\n\nComment by Ana: Check it.\n\nthe guide here\n\n"
            "Call 0171\n\n3. third",
            Section(""),
        ),
        ("Draft 7", Section("page header and footer")),
    ]


@pytest.mark.parametrize(
    "body", ["{" * 300_000, r"\'e9" * 200_000, r"{\footnote " * 50_000, r"\bin99999999 x", "}" * 99, "\\"]
)
def test_a_hostile_file_takes_no_longer_than_an_honest_one(tmp_path: Path, body: str) -> None:
    began = time.process_time()
    read(tmp_path, body)
    assert time.process_time() - began < 10
